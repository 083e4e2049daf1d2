//! One row of the inventory: open or close, pick, and what can be done to it once it is picked.

use super::things::{Press, more_words};
use super::words;
use crate::app::components::lab::fragments::fragments;
use crate::app::dom::{classes, html};
use crate::app::hooks::use_text;
use crate::app::state::Store;
use crate::sim::action::Action;
use crate::sim::record::trace::Outcome;
use crate::text::{Args, Text, outcome};
use crate::view::inventory::{Deed, Fact, Row};
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) row: Row,
    /// Whether it is the one that was picked.
    pub(super) here: bool,
    pub(super) press: Callback<Press>,
    /// A form that was opened for it.
    #[prop_or_default]
    pub(super) children: Html,
}

/// The row.
#[component]
pub(super) fn RowView(props: &Props) -> Html {
    let text = use_text();
    let row = &props.row;
    let key = row.key;
    let class =
        classes!("thing", format!("depth-{}", row.depth).as_str(), key.kind.code(), props.here.then_some("here"));
    if let Some(more) = more_words(&text, row) {
        let onclick = props.press.reform(move |_: MouseEvent| Press::More(key));
        return html! { <li {class}><button type="button" class="chip more" {onclick}>{ more }</button></li> };
    }
    let target = row.target;
    let onclick = props.press.reform(move |_: MouseEvent| Press::Pick(key, target));
    html! {
        <li {class}>
            <div class="line">
                { twist(props, &text) }
                <button type="button" class="pick" aria-expanded={props.here.to_string()} {onclick}
                    title={row.name.clone()}>
                    <span class="kind">{ text.get(&format!("build-row-{}", key.kind.code())) }</span>{ " " }
                    <span class="name">{ &row.name }</span>{ " " }
                    <span class="facts">{ for row.facts.iter().map(|fact| fact_view(&text, fact)) }</span>
                </button>
            </div>
            if props.here {
                <div class="deeds" role="group"
                    aria-label={text.format("build-deeds", &Args::new().text("name", &row.name))}>
                    { for row.deeds.iter().enumerate().map(|(n, deed)| button(props, &text, n, deed)) }
                </div>
            }
            { props.children.clone() }
        </li>
    }
}

/// Opens and closes what is below a row.
fn twist(props: &Props, text: &Text) -> Html {
    let Some(open) = props.row.open else { return html! { <span class="twist none" aria-hidden="true" /> } };
    let key = props.row.key;
    let onclick = props.press.reform(move |_: MouseEvent| Press::Turn(key));
    let label = text.format("build-below", &Args::new().text("name", &props.row.name));
    html! {
        <button type="button" class="twist" aria-expanded={open.to_string()} aria-label={label} {onclick}>
            { if open { "▾" } else { "▸" } }
        </button>
    }
}

fn fact_view(text: &Text, fact: &Fact) -> Html {
    let class = match fact {
        Fact::Verbatim(_) => "fact mono",
        Fact::Count(..) | Fact::Ratio(..) => "fact",
        Fact::State(_) => "fact state",
    };
    html! { <><span {class}>{ words::fact(text, fact) }</span>{ " " }</> }
}

fn button(props: &Props, text: &Text, n: usize, deed: &Deed) -> Html {
    let (key, done) = (props.row.key, deed.clone());
    let danger = matches!(deed, Deed::Now(code, _) if code.contains("delete") || code.contains("detach"));
    let onclick = props.press.reform(move |_: MouseEvent| Press::Deed(key, done.clone()));
    html! {
        <button key={n} type="button" class={classes!("chip", danger.then_some("danger"))}
            {onclick}>{ words::deed(text, deed) }</button>
    }
}

/// How the packet that was sent last came out.
pub(super) fn last_outcome(store: &Store, text: &Text) -> Html {
    let turns = store.session.turns();
    let Some(at) = turns.iter().rposition(|t| matches!(t.action, Action::Send { .. })) else { return Html::default() };
    let Some(turn) = turns.get(at) else { return Html::default() };
    let record = &turn.record;
    let Some(result) = record.probes().last().map(|probe| record.outcome(probe)) else { return Html::default() };
    let (class, sign, words) = sign(&result);
    let told = html! {
        <>
            <b>{ sign }{ " " }{ text.get(words) }</b>
            <p>{ fragments(store, &outcome(text, &result, record, &turn.world)) }</p>
        </>
    };
    // Who is about to follow the packet may want to say first how it will end.
    if store.session.cursor().turn == at && !store.at_end() {
        return html! { <details class="outcome left"><summary>{ text.get("build-how-it-ends") }</summary>{ told }</details> };
    }
    html! {
        <div class={classes!("outcome", class)} role="status">
            if at + 1 < turns.len() { <span class="note">{ text.get("build-last-time") }{ " " }</span> }
            { told }
        </div>
    }
}

/// How a packet came out: a class, a sign, and the id of the words.
pub(super) const fn sign(result: &Outcome) -> (&'static str, &'static str, &'static str) {
    match result {
        Outcome::Answered { .. } => ("good", "✓", "build-arrived"),
        Outcome::Left { .. } => ("left", "?", "build-unknown"),
        Outcome::Refused { .. } => ("lost", "✕", "build-refused"),
        Outcome::Error { .. } => ("lost", "✕", "build-error-came"),
        Outcome::Lost { .. } | Outcome::Nothing => ("lost", "✕", "build-did-not"),
    }
}
