//! The hops of the way that is on, by name; each leads to its decision.

use crate::app::hooks::use_text;
use crate::app::state::{Msg, State, Store};
use crate::session::Cursor;
use crate::text::hop_name;
use crate::view::hops::{Hop, leg_at, legs};
use yew::prelude::*;

#[derive(Debug, PartialEq, Properties)]
pub struct Props {
    pub store: Store,
}

/// The cursor after the `n`th step of the line.
pub fn cursor_at(state: &State, n: usize) -> Cursor {
    let step = n.checked_sub(1).and_then(|i| state.line.get(i)).map_or(0, |step| step + 1);
    Cursor { turn: state.session.cursor().turn, step }
}

/// The bar of hops.
#[component]
pub fn HopBar(props: &Props) -> Html {
    let text = use_text();
    let store = &props.store;
    let legs = use_memo(
        (store.session.cursor().turn, store.revision - u64::from(store.line.is_empty()), store.line.clone()),
        |_| {
            store.session.turn().map_or_else(Vec::new, |turn| {
                legs(turn, &store.line, |step| hop_name(&text, step, step.world.as_deref().unwrap_or(&turn.world)))
            })
        },
    );
    let position = store.line_position();
    let Some(leg) = leg_at(&legs, position) else { return Html::default() };
    html! {
        <nav class="hops" aria-label={text.get("hops")}>
            <ol>{ for leg.hops.iter().map(|hop| chip(store, hop, position)) }</ol>
        </nav>
    }
}

fn chip(store: &Store, hop: &Hop, position: usize) -> Html {
    let here = (hop.first..=hop.last).contains(&position);
    let class =
        classes!("hop", here.then_some("here"), (hop.last < position).then_some("done"), hop.lost.then_some("lost"));
    let dispatch = store.dispatcher();
    let cursor = cursor_at(store, hop.first);
    html! {
        <li key={hop.first}>
            <button {class} aria-current={here.then_some("step")} onclick={move |_| dispatch.dispatch(Msg::Seek(cursor))}>
                { &hop.name }
            </button>
        </li>
    }
}
