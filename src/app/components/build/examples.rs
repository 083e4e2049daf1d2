//! What can be opened without a file: the source article's clusters, and an empty page.

use super::open_file::open;
use crate::app::dom::html;
use crate::app::hooks::use_text;
use crate::app::state::{Msg, Store};
use crate::session::Session;
use crate::text::Text;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) store: Store,
}

/// The message that names an example, and its file.
const EXAMPLES: [(&str, &str); 4] = [
    ("example-kubenet", include_str!("../../../../lessons/examples/article-kubenet.json")),
    ("example-bridge", include_str!("../../../../lessons/examples/article-azure-cni-bridge.json")),
    ("example-transparent", include_str!("../../../../lessons/examples/article-azure-cni.json")),
    ("example-pod-subnet", include_str!("../../../../lessons/examples/article-pod-subnet.json")),
];

/// The list, closed at first.
#[component]
pub(super) fn Examples(props: &Props) -> Html {
    let text = use_text();
    let store = &props.store;
    let empty = {
        let store = store.clone();
        move |event: MouseEvent| {
            close(&event);
            let seed = store.session.scenario().seed;
            store.dispatch(Msg::Replace(Box::new(Session::new(seed))));
        }
    };
    html! {
        <details class="examples">
            <summary>{ text.get("examples") }</summary>
            <ul>
                { for EXAMPLES.iter().map(|(id, file)| example(store, &text, id, file)) }
                <li><button type="button" onclick={empty}>
                    <b>{ text.get("example-empty") }</b>
                    <span class="note">{ text.get("example-empty.about") }</span>
                </button></li>
            </ul>
        </details>
    }
}

fn example(store: &Store, text: &Text, id: &'static str, file: &'static str) -> Html {
    let (dispatch, words) = (store.dispatcher(), text.clone());
    let onclick = move |event: MouseEvent| {
        // The files are part of the program and a test opens each.
        if let Ok(session) = open(Some(file), &words) {
            close(&event);
            dispatch.dispatch(Msg::Replace(Box::new(session)));
        }
    };
    html! {
        <li key={id}><button type="button" {onclick}>
            <b>{ text.get(id) }</b>
            <span class="note">{ text.get(&format!("{id}.about")) }</span>
        </button></li>
    }
}

/// Closes the list in which something was pressed.
fn close(event: &MouseEvent) {
    let pressed = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    if let Some(list) = pressed.and_then(|e| e.closest("details").ok().flatten()) {
        // An attribute that is not there is no error.
        let _ = list.remove_attribute("open");
    }
}

/// The way back to what another session took the place of.
pub(super) fn before(store: &Store, text: &Text) -> Html {
    let Some(before) = store.replaced.clone() else { return Html::default() };
    let dispatch = store.dispatcher();
    let back = move |_| dispatch.dispatch(Msg::Replace(Box::new((*before).clone())));
    html! {
        <p class="past" role="status">
            { text.get("build-replaced") }
            <button type="button" class="chip" onclick={back}>{ text.get("build-replaced-back") }</button>
        </p>
    }
}
