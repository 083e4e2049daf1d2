//! The tab from which packets are sent.

use super::form::FormView;
use super::row::last_outcome;
use crate::app::dom::html;
use crate::app::hooks::use_text;
use crate::app::state::Store;
use crate::view::form::{FieldId, FormKind, Values};
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) store: Store,
    pub(super) packet: Values,
    pub(super) change: Callback<Values>,
}

/// Packets from one place to another.
#[component]
pub(super) fn Send(props: &Props) -> Html {
    let text = use_text();
    let swap = {
        let (packet, change) = (props.packet.clone(), props.change.clone());
        Callback::from(move |_: MouseEvent| {
            let (from, to) = (packet.get(FieldId::From).to_owned(), packet.get(FieldId::To).to_owned());
            change.emit(packet.clone().with(FieldId::From, to).with(FieldId::To, from));
        })
    };
    // Before anything was picked there is nothing to swap: both ends follow from the world.
    let both = props.packet.has(FieldId::From) && props.packet.has(FieldId::To);
    html! {
        <>
            { yew::html! { <FormView id="send" kind={FormKind::Send} store={props.store.clone()} typed={props.packet.clone()}
                change={props.change.clone()} /> } }
            if both {
                <button type="button" class="chip swap" onclick={swap}>{ "⇄ " }{ text.get("build-swap") }</button>
            }
            { last_outcome(&props.store, &text) }
        </>
    }
}
