//! Sentences with code and links in them.

use crate::app::hooks::sends;
use crate::app::state::{Msg, Store};
use crate::text::Fragment;
use yew::prelude::*;

/// A sentence; its links pick the thing that they name.
pub fn fragments(store: &Store, sentence: &[Fragment]) -> Html {
    sentence.iter().map(|f| fragment(store, f)).collect()
}

fn fragment(store: &Store, fragment: &Fragment) -> Html {
    match fragment {
        Fragment::Text(text) => html! { { text } },
        Fragment::Code(code) => html! { <code>{ code }</code> },
        Fragment::Link { text, target } => html! {
            <button class="name" onclick={sends(store, Msg::Select(Some(*target)))}>{ text }</button>
        },
    }
}
