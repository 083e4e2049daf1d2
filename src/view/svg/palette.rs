//! The colours of the app's style sheet; a test compares them.

/// The look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    Light,
    Dark,
}

impl Theme {
    pub const fn palette(self) -> &'static Palette {
        match self {
            Self::Light => &LIGHT,
            Self::Dark => &DARK,
        }
    }
}

macro_rules! palette {
    ($($(#[$doc:meta])* $field:ident $name:literal $light:literal $dark:literal,)*) => {
        /// Colours by their use, each `#rrggbb` or `#rrggbbaa`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Palette {
            $($(#[$doc])* pub $field: &'static str,)*
        }

        pub const LIGHT: Palette = Palette { $($field: $light,)* };
        pub const DARK: Palette = Palette { $($field: $dark,)* };

        impl Palette {
            /// Colours with the names of the style sheet's properties.
            pub fn properties(&self) -> Vec<(&'static str, &'static str)> {
                vec![$(($name, self.$field),)*]
            }
        }
    };
}

palette! {
    bg "--bg" "#f5f7fa" "#0f141b",
    surface "--surface" "#ffffff" "#171d26",
    sunken "--sunken" "#eff1f5" "#1f2630",
    line "--line" "#d7dce3" "#303946",
    edge "--edge" "#808b99" "#76828f",
    ink "--ink" "#17202b" "#e9eef4",
    quiet "--quiet" "#566272" "#a3aebb",
    azure "--azure" "#0b61b3" "#62aef0",
    azure_soft "--azure-soft" "#e2eefa" "#14324d",
    teal "--teal" "#0b7466" "#4cc7b3",
    teal_soft "--teal-soft" "#dff2ee" "#133a36",
    lane "--lane" "#dff2ee80" "#133a3680",
    amber "--amber" "#a85300" "#f2a654",
    amber_soft "--amber-soft" "#fdeedd" "#3c2812",
    violet "--violet" "#63389a" "#bc95ec",
    violet_soft "--violet-soft" "#f0e8f8" "#2f2144",
    packet "--packet" "#d3004f" "#ff5f96",
    packet_soft "--packet-soft" "#d3004f33" "#ff5f9640",
    good "--good" "#1a7a34" "#6bcf86",
    bad "--bad" "#b3261e" "#ff8a80",
}

/// Typefaces, without the quotes that an attribute would have to escape.
pub(super) const SANS: &str = "Segoe UI, Noto Sans, system-ui, -apple-system, Roboto, Helvetica Neue, sans-serif";
pub(super) const MONO: &str = "Cascadia Mono, SF Mono, Noto Sans Mono, DejaVu Sans Mono, Consolas, monospace";
