//! What components share: the store, the words, keys, the theme, the size of the page.

pub mod keys;
pub mod screen;
pub mod theme;

use crate::app::state::{Msg, Store};
use crate::text::Text;
use yew::prelude::*;

/// The words of the language that is on.
#[hook]
pub fn use_text() -> Text {
    use_context::<Text>().unwrap_or_else(Text::english)
}

/// A callback that sends one message to the store.
pub fn sends<E>(store: &Store, msg: Msg) -> Callback<E> {
    let dispatch = store.dispatcher();
    Callback::from(move |_: E| dispatch.dispatch(msg.clone()))
}
