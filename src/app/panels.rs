//! What comes after the first screen: all that stepping a packet does not need. What only `PANELS` reaches is a wasm
//! file of its own, fetched as soon as the first screen stands; `split` is the seam.

use crate::app::components::build::{BuildPanel, Keeper, KeeperProps};
use crate::app::components::lab::help::{Help, Props as HelpProps};
use crate::app::components::lab::inspector::Inspector;
use crate::app::components::lab::telling::Telling;
use crate::app::late::Part;
use crate::app::platform::{Notice, storage, styles};
use crate::app::split::{self, NotFetched};
use crate::app::start;
use crate::app::state::{State, Store};
use crate::app::terminal::{Drawer, DrawerProps};
use crate::text::Text;
use yew::prelude::Html;

/// What comes later, as plain functions, so that a call is all that leads there.
#[derive(Debug)]
pub struct Panels {
    /// All words.
    pub text: fn() -> Text,
    /// The sitting that was kept.
    pub open: fn(&Text) -> (State, Option<Notice>),
    /// What keeps it from now on.
    pub keeper: fn(KeeperProps) -> Html,
    pub build: fn(Store) -> Html,
    pub telling: fn(Store) -> Html,
    pub inspector: fn(Store) -> Html,
    pub help: fn(HelpProps) -> Html,
    pub terminal: fn(DrawerProps) -> Html,
}

/// Named by the seam alone: a second name would bring all of it into the first file.
pub(super) static PANELS: Panels = Panels {
    text: Text::english,
    open: |text| storage::first_state(text, start::session),
    keeper: |props| yew::html! { <Keeper ..props /> },
    build: |store| yew::html! { <BuildPanel {store} /> },
    telling: |store| yew::html! { <Telling {store} /> },
    inspector: |store| yew::html! { <Inspector {store} /> },
    help: |props| yew::html! { <Help ..props /> },
    terminal: |props| yew::html! { <Drawer ..props /> },
};

impl Part for Panels {
    async fn fetch() -> Result<&'static Self, NotFetched> {
        styles::bring_late();
        split::panels().await
    }
}
