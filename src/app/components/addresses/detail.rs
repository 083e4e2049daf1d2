//! One address in full: what it is, whose, since when, and what it was before.

use super::state_words;
use crate::app::components::build::Head;
use crate::app::dom::{classes, html};
use crate::app::hooks::kept::use_memo;
use crate::app::hooks::{sends, use_text};
use crate::app::state::{Msg, Store};
use crate::text::{Args, Text};
use crate::view::address_map::{Change, Space, cell_at, history};
use crate::view::history::clock;
use std::net::Ipv4Addr;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) store: Store,
    pub(super) space: Space,
    pub(super) address: Option<Ipv4Addr>,
}

/// The address that is looked at.
#[component]
pub(super) fn Detail(props: &Props) -> Html {
    let text = use_text();
    let (store, space) = (&props.store, props.space);
    let session = &store.session;
    let ground = (Head::of(session), session.cursor(), space, props.address);
    let changes = use_memo(ground, |(_, cursor, space, address)| {
        address.map_or_else(Vec::new, |address| history(session, *space, address, *cursor))
    });
    let cell = props.address.and_then(|address| cell_at(session.world_at_cursor(), space, address));
    let Some(cell) = cell else { return html! { <p class="detail note">{ text.get("addr-pick") }</p> } };
    let since = changes.last().map(|change| change.time).or(cell.since);
    html! {
        <div class="detail">
            <p>
                <b class="mono">{ cell.address.to_string() }</b>{ " " }
                <span class={classes!("swatch", cell.state.code())} aria-hidden="true" />
                { " " }{ state_words(&text, &cell) }
            </p>
            if let Some(owner) = &cell.owner {
                <button type="button" class="link mono" onclick={sends(store, Msg::Select(Some(owner.target)))}>
                    { &owner.name }
                </button>
            }
            if let Some(node) = &cell.node {
                <p class="note">
                    { text.get("addr-on-node") }{ " " }
                    <button type="button" class="link mono" onclick={sends(store, Msg::Select(Some(node.target)))}>
                        { &node.name }
                    </button>
                </p>
            }
            if let Some(since) = since {
                <p class="note">{ text.format("addr-since", &Args::new().code("time", clock(since))) }</p>
            }
            if changes.len() > 1 {
                <ol class="changes" aria-label={text.get("addr-history")}>
                    { for changes.iter().rev().skip(1).map(|change| before(&text, change)) }
                </ol>
            }
        </div>
    }
}

fn before(text: &Text, change: &Change) -> Html {
    let state = text.get(&format!("addr-state-{}", change.state.code()));
    html! {
        <li>
            <time>{ clock(change.time) }</time>{ " " }{ state }
            if let Some(owner) = &change.owner { { " " }<span class="mono">{ owner }</span> }
        </li>
    }
}
