//! What components share: the store, the words, keys, the theme, the size of the page.

pub mod kept;
pub mod keys;
pub mod screen;
pub mod theme;

use crate::app::state::{Msg, Store};
use crate::text::Text;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, SvgElement};
use yew::prelude::*;

/// The words of the language that is on.
#[hook]
pub fn use_text() -> Text {
    use_context::<Text>().unwrap_or_else(Text::first)
}

/// A callback that sends one message to the store.
pub fn sends<E>(store: &Store, msg: Msg) -> Callback<E> {
    let dispatch = store.dispatcher();
    Callback::from(move |_: E| dispatch.dispatch(msg.clone()))
}

/// What was pressed with a pointer gives the focus up, so that Space steps on instead of pressing it again. Whoever
/// presses by key keeps the focus, and what is typed in keeps it too.
pub fn let_go(event: &MouseEvent) {
    let by_pointer = event.detail() > 0;
    let typed_in = |e: &Element| e.tag_name() == "BODY" || e.matches(keys::FIELDS).unwrap_or(true);
    let active = gloo::utils::document().active_element();
    if let Some(active) = active.filter(|e| by_pointer && !typed_in(e)) {
        let _ = active.dyn_ref::<HtmlElement>().map_or(Ok(()), HtmlElement::blur);
        let _ = active.dyn_ref::<SvgElement>().map_or(Ok(()), SvgElement::blur);
    }
}
