//! What is told of a step below the drawing: what the packet carries, and one sentence.

use super::fields::Fields;
use super::fragments::fragments;
use crate::app::components::build::words;
use crate::app::dom::html;
use crate::app::hooks::use_text;
use crate::app::state::{State, Store};
use crate::sim::action::Action;
use crate::sim::packet::Frame;
use crate::sim::record::Step;
use crate::sim::record::decision::Decision;
use crate::text::{Args, Fragment, Text, explain, outcome, step_spoken};
use crate::view::header::{self, Field};
use crate::view::history::said;
use crate::view::line::probe_of;
use std::rc::Rc;
use yew::prelude::{Html, Properties, component};

#[derive(Debug, PartialEq, Properties)]
pub struct Props {
    pub store: Store,
}

/// The frame as the step before left it, if it was the same packet.
fn frame_before<'a>(state: &'a State, step: &'a Step) -> Option<&'a Frame> {
    let record = &state.session.turn()?.record;
    let lineage = |s: &Step| s.frame.and_then(|f| record.frame(f)).map(|f| f.lineage);
    let position = state.line_position();
    let earlier = state.line.get(..position.saturating_sub(1))?;
    let last = earlier.iter().rev().filter_map(|&i| record.steps.get(i)).find(|s| lineage(s) == lineage(step));
    last.and_then(|s| s.after.as_ref()).or(step.before.as_ref())
}

/// What the packet carries that the first step is about.
fn leaving(state: &State) -> Option<Vec<Field>> {
    let step = state.session.turn()?.record.steps.get(*state.line.first()?)?;
    step.after.as_ref().map(|frame| header::fields(None, frame))
}

/// What an action did that set nothing off, or that the one after it was taken back.
fn did(text: &Text, state: &State) -> Option<String> {
    let session = &state.session;
    if !state.line.is_empty() {
        return None;
    }
    let taken_back = session.undone().next().filter(|_| session.is_at_last_turn());
    let (id, turn) = match taken_back {
        Some(turn) => ("lab-undone", turn),
        None => ("lab-did", session.turn()?.as_ref()),
    };
    Some(text.format(id, &Args::new().text("did", words::said(text, &said(&turn.action)))))
}

/// What is said before the first step.
pub fn ready(text: &Text, state: &State) -> String {
    match state.session.turn().map(|turn| &turn.action) {
        Some(Action::Send { from, to, .. }) => text.format("lab-ready", &Args::new().text("from", from).text("to", to)),
        _ => text.get(if state.line.is_empty() { "lab-nothing" } else { "lab-ready-control" }),
    }
}

/// At the end of the line, how the packet's way ended as a whole; a loss has said so itself, unless only that of a copy
/// for somebody else.
fn ending(text: &Text, state: &State) -> Option<Vec<Fragment>> {
    state.step().filter(|s| !matches!(s.decision, Decision::Drop(reason) if !reason.is_of_a_copy()))?;
    let turn = state.session.turn().filter(|_| state.line_position() == state.line.len())?;
    let probe = probe_of(&turn.record, *state.line.last()?)?;
    Some(outcome(text, &turn.record.outcome(probe), &turn.record, &turn.world))
}

/// That the record ends before the action did.
fn cut(text: &Text, state: &State) -> Option<String> {
    let record = &state.session.turn()?.record;
    let last = state.line_position() == state.line.len();
    (last && record.is_cut()).then(|| {
        let args = Args::new().count("kept", record.steps.len()).number("all", record.count());
        text.format("lab-cut", &args)
    })
}

/// The strip of header fields and the sentence.
#[component]
pub fn Telling(props: &Props) -> Html {
    let text = use_text();
    let store = &props.store;
    let step = store.step();
    let fields = step.map_or_else(|| leaving(store), |s| Some(header::of_step(frame_before(store, s), s)));
    let world = store.session.world_at_cursor();
    let (sentence, spoken) = step.map_or_else(
        || {
            let words = did(&text, store).unwrap_or_else(|| ready(&text, store));
            (html! { { words.clone() } }, words)
        },
        |s| (fragments(store, &explain(&text, s, world).sentence), step_spoken(&text, s, world)),
    );
    let end = ending(&text, store).map(|end| html! { <span class="ending">{ " " }{ fragments(store, &end) }</span> });
    // Of the past it does not: there time has gone on.
    let is_last = store.session.is_at_last_turn();
    let action = store.session.turn().map(|turn| &turn.action);
    let sent = matches!(action, Some(Action::Send { .. }));
    let waits = is_last && !sent && store.at_end() && world.queue.has_control();
    let waited = matches!(action, Some(Action::Wait { .. } | Action::Settle));
    let alone =
        store.line.is_empty() && !waits && !waited && !store.session.can_redo() && world.hosts.iter().next().is_some();
    // Where the packet was flooded in vain, its end says so once more; that a copy was for somebody else is beside the
    // point.
    let repeats = step.is_some_and(|s| match &s.decision {
        Decision::Drop(reason) => reason.is_of_a_copy(),
        decision => matches!(decision, Decision::BridgeForward { .. }),
    });
    let sentence = if repeats && end.is_some() { Html::default() } else { sentence };
    let fields = Rc::new(fields.unwrap_or_default());
    html! {
        { yew::html! { <Fields {fields} /> } }
        <p class="sentence">
            { sentence }{ for end }
            if alone { <span class="ending">{ " " }{ text.get("lab-did-alone") }</span> }
            if waits { <span class="ending">{ " " }{ text.get("lab-waits") }</span> }
        </p>
        { for cut(&text, store).map(|words| html! { <p class="note" role="note">{ words }</p> }) }
        <p class="spoken" role="status">{ spoken }</p>
    }
}
