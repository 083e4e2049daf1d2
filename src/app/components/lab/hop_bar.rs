//! The hops of the way that is on, by name; each leads to its decision.

use crate::app::dom::{classes, html};
use crate::app::hooks::kept::use_memo;
use crate::app::hooks::use_text;
use crate::app::state::{Msg, State, Store};
use crate::session::{Cursor, Turn};
use crate::text::{Text, hop_gloss, hop_name};
use crate::view::hops::{Hop, Leg, leg_at, legs};
use std::rc::Rc;
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

/// What the bar depends on; the cursor is not in it.
struct Way {
    turn: Option<Rc<Turn>>,
    line: Rc<Vec<usize>>,
    text: Text,
}

impl PartialEq for Way {
    fn eq(&self, other: &Self) -> bool {
        let same_turn = match (&self.turn, &other.turn) {
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        same_turn && self.line == other.line && self.text == other.text
    }
}

impl Way {
    fn legs(&self) -> Vec<Leg> {
        let Some(turn) = &self.turn else { return Vec::new() };
        legs(turn, &self.line, |step| hop_name(&self.text, step, step.world.as_deref().unwrap_or(&turn.world)))
    }
}

/// The bar of hops.
#[component]
pub fn HopBar(props: &Props) -> Html {
    let text = use_text();
    let store = &props.store;
    let label = text.get("hops");
    let way = Way { turn: store.session.turn().cloned(), line: Rc::clone(&store.line), text: text.clone() };
    let legs = use_memo(way, Way::legs);
    let position = store.line_position();
    let Some(leg) = leg_at(&legs, position) else { return Html::default() };
    html! {
        <nav class="hops" aria-label={label}>
            <ol>{ for leg.hops.iter().map(|hop| chip(store, &text, hop, position)) }</ol>
            // It stands there from the start, so that nothing moves at the first step.
            <p class="gloss" aria-hidden="true">{ gloss(store, &text, position).unwrap_or_default() }</p>
        </nav>
    }
}

/// What stands behind the label of the `n`th step of the line.
fn gloss(store: &Store, text: &Text, n: usize) -> Option<String> {
    let turn = store.session.turn()?;
    let step = turn.record.steps.get(*store.line.get(n.checked_sub(1)?)?)?;
    hop_gloss(text, step, step.world.as_deref().unwrap_or(&turn.world))
}

fn chip(store: &Store, text: &Text, hop: &Hop, position: usize) -> Html {
    let here = (hop.first..=hop.last).contains(&position);
    let class =
        classes!("hop", here.then_some("here"), (hop.last < position).then_some("done"), hop.lost.then_some("lost"));
    let dispatch = store.dispatcher();
    let cursor = cursor_at(store, hop.first);
    html! {
        <li key={hop.first}>
            <button {class} title={gloss(store, text, hop.first)} aria-current={here.then_some("step")} onclick={move |_| dispatch.dispatch(Msg::Seek(cursor))}>
                { &hop.name }
            </button>
        </li>
    }
}
