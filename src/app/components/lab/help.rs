//! The keys, and how far to trust what is shown, in a dialog that keeps the focus until it is closed.

use super::trust::Trust;
use crate::app::dom::html;
use crate::app::hooks::use_text;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlInputElement};
use yew::prelude::*;

/// Keys and the message that says what they do.
const KEYS: [(&[&str], &str); 12] = [
    (&["Space", "→", "PgDn", "N"], "lab-key-next"),
    (&["Shift+Space", "←", "PgUp", "P"], "lab-key-back"),
    (&["Home"], "lab-key-first"),
    (&["End"], "lab-key-last"),
    (&["← ↑ ↓ →"], "lab-key-move"),
    (&["Enter"], "lab-key-pick"),
    (&["Esc"], "lab-key-leave"),
    (&["Ctrl+Z", "Ctrl+Y"], "lab-key-undo"),
    (&["Z"], "lab-key-zoom"),
    (&["D"], "lab-key-theme"),
    (&["T", "Ctrl+`"], "lab-key-terminal"),
    (&["?"], "lab-key-help"),
];

#[derive(Debug, PartialEq, Properties)]
pub struct Props {
    pub close: Callback<()>,
    pub letters: bool,
    pub set_letters: Callback<bool>,
}

/// The dialog with the keys.
#[component]
pub fn Help(props: &Props) -> Html {
    let text = use_text();
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                // Fails only for a dialog that is open already.
                let _ = dialog.show_modal();
            }
        });
    }
    let letters = props.set_letters.reform(|event: Event| {
        event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()).is_some_and(|input| input.checked())
    });
    html! {
        <dialog ref={node} class="help" aria-labelledby="help-title" onclose={props.close.reform(|_| ())}>
            <h2 id="help-title">{ text.get("lab-help-title") }</h2>
            <dl>
                { for KEYS.iter().map(|(keys, id)| html! {
                    <div>
                        <dt>{ for keys.iter().map(|key| html! { <kbd>{ *key }</kbd> }) }</dt>
                        <dd>{ text.get(id) }</dd>
                    </div>
                }) }
            </dl>
            <label class="check">
                <input type="checkbox" checked={props.letters} onchange={letters} />
                { text.get("lab-letters") }
            </label>
            { yew::html! { <Trust /> } }
            <form method="dialog"><button class="primary">{ text.get("close") }</button></form>
        </dialog>
    }
}
