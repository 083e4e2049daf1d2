//! Which form a language uses for a number of things. Source: Unicode CLDR, plural rules for cardinal integers.

/// The category of a whole number; `other` in languages that are not known here, as in those without plural forms.
pub(super) fn category(locale: &str, number: u64) -> &'static str {
    match locale.split(['-', '_']).next() {
        Some("en" | "de" | "es" | "it" | "nl" | "sv") if number == 1 => "one",
        Some("fr" | "pt") if number < 2 => "one",
        _ => "other",
    }
}
