//! Light and dark: as the system has it until a person picks one, which is kept.

use crate::app::hooks::kept::use_callback;
use crate::app::platform::storage;
use yew::prelude::*;

const KEY: &str = "podhop.theme";
const ATTRIBUTE: &str = "data-theme";

fn set(theme: &str) {
    if let Some(root) = gloo::utils::document().document_element() {
        // Nothing to be done where the document refuses an attribute.
        let _ = root.set_attribute(ATTRIBUTE, theme);
    }
}

fn system_is_dark() -> bool {
    let query = gloo::utils::window().match_media("(prefers-color-scheme: dark)");
    query.ok().flatten().is_some_and(|q| q.matches())
}

/// Puts the kept theme in force. Storage that is closed to the page keeps none.
pub fn restore() {
    if let Some(kept) = storage::read(KEY).filter(|kept| matches!(kept.as_str(), "light" | "dark")) {
        set(&kept);
    }
}

/// The other theme than the one that is on.
pub fn toggle() {
    let on = gloo::utils::document().document_element().and_then(|root| root.get_attribute(ATTRIBUTE));
    let dark = on.map_or_else(system_is_dark, |theme| theme == "dark");
    let theme = if dark { "light" } else { "dark" };
    set(theme);
    storage::write(KEY, theme);
}

/// A callback that turns the theme over.
#[hook]
pub fn use_toggle_theme() -> Callback<()> {
    use_callback((), |(), ()| toggle())
}
