//! Sentences with code and links in them.

use crate::app::dom::html;
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
        // A link, since a button's name does not break like the words around it.
        Fragment::Link { text, target } => {
            let dispatch = store.dispatcher();
            let target = *target;
            let onclick = Callback::from(move |event: MouseEvent| {
                event.prevent_default();
                dispatch.dispatch(Msg::Select(Some(target)));
            });
            html! { <a class="name" href="#stage" {onclick}>{ text }</a> }
        }
    }
}
