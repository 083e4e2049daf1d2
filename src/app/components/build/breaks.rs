//! The tab that breaks things, one press each, and repairs them.

use super::doing;
use super::head::Head;
use super::row::last_outcome;
use super::words;
use crate::app::dom::{classes, html};
use crate::app::hooks::kept::{use_memo, use_state_eq};
use crate::app::hooks::{sends, use_text};
use crate::app::state::{Msg, Store};
use crate::sim::ids::NodeId;
use crate::text::{Args, Text};
use crate::view::breaks::{Break, breaks, last_packet, likely_node};
use crate::view::history::said;
use crate::view::scene::shape::short_name;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) store: Store,
}

/// Letters of a node's name that the list has room for.
const NAME: usize = 26;

/// Faults of one node and what it depends on.
#[component]
pub(super) fn Breaks(props: &Props) -> Html {
    let text = use_text();
    let store = &props.store;
    let world = store.session.world();
    let picked = use_state_eq(|| None::<NodeId>);
    let node = picked.filter(|id| world.nodes.get(*id).is_some()).or_else(|| likely_node(&store.session));
    let all = use_memo((Head::of(&store.session), node), |(_, node)| {
        node.map_or_else(Vec::new, |node| breaks(&store.session, node))
    });
    let Some(node) = node else { return html! { <p class="empty">{ text.get("build-break-nothing") }</p> } };
    let onchange = {
        let picked = picked.setter();
        move |event: Event| {
            let select = event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
            picked.set(select.and_then(|s| s.value().parse().ok()).map(NodeId));
        }
    };
    html! {
        <>
            { again(store, &text) }
            <div class="field">
                <label for="break-node">{ text.get("build-break-where") }</label>
                <select id="break-node" {onchange}>
                    { for world.nodes.iter().map(|(id, n)| html! {
                        <option key={id.0} value={id.0.to_string()} selected={id == node}>{ short_name(&n.name, NAME).as_ref() }</option>
                    }) }
                </select>
            </div>
            <ul class="breaks" aria-label={text.get("build-tab-break")}>
                { for all.iter().map(|one| card(store, &text, one)) }
            </ul>
        </>
    }
}

/// The last packet, to be sent once more, and how it came out.
fn again(store: &Store, text: &Text) -> Html {
    let Some(packet) = last_packet(&store.session) else {
        return html! { <p class="note">{ text.get("build-again-none") }</p> };
    };
    html! {
        <div class="again">
            <p class="packet">{ words::said(text, &said(packet)) }</p>
            <button type="button" class="primary"
                onclick={sends(store, doing(vec![packet.clone()]))}>{ text.get("build-again") }</button>
            { last_outcome(store, text) }
        </div>
    }
}

fn card(store: &Store, text: &Text, one: &Break) -> Html {
    let id = format!("build-break-{}", one.kind.code());
    let values = one.hint.values.iter().fold(Args::new(), |args, (name, value)| args.code(name, value));
    let hint = text.format(&one.hint.id(one.kind), &values);
    let does = text.get(if one.is_broken { "build-repair" } else { "build-break" });
    let title = text.get(&id);
    html! {
        <li key={one.kind.code()} class={classes!("break", one.is_broken.then_some("broken"))}>
            <div class="head">
                <b>{ &title }</b>
                if one.is_broken { <span class="badge bad">{ text.get("build-broken") }</span> }
            </div>
            <p class="subject">
                if let Some(target) = one.target {
                    <button type="button" class="link mono"
                        onclick={sends(store, Msg::Select(Some(target)))}>{ &one.subject }</button>
                } else {
                    <span class="mono">{ &one.subject }</span>
                }
            </p>
            <p class="note">{ hint }</p>
            <button type="button" class={classes!("chip", (!one.is_broken).then_some("danger"))}
                aria-label={format!("{does}: {title}")}
                onclick={sends(store, doing(one.actions.clone()))}>
                { does }
            </button>
        </li>
    }
}
