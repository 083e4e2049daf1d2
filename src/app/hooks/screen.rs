//! How wide the page is, as far as the drawing has to know, and what of it is in view.

use crate::app::hooks::kept::use_state;
use gloo::events::EventListener;
use web_sys::{Element, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

/// Below this width in CSS pixels machines stand one below the other.
const NARROW: f64 = 720.0;

fn columns() -> usize {
    let width = gloo::utils::window().inner_width().ok().and_then(|w| w.as_f64());
    if width.is_some_and(|w| w < NARROW) { 1 } else { 2 }
}

/// Machines that stand side by side.
#[hook]
pub fn use_columns() -> usize {
    let state = use_state(columns);
    let set = state.setter();
    use_effect_with((), move |()| {
        let listener = EventListener::new(&gloo::utils::window(), "resize", move |_| set.set(columns()));
        move || drop(listener)
    });
    *state
}

/// Whether the page is higher than its window, and scrolls as a whole.
pub fn page_scrolls() -> bool {
    let page = gloo::utils::document_element();
    page.scroll_height() > page.client_height()
}

/// Scrolls what is around an element no further than it must, so that it is seen.
pub fn bring_into_view(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}
