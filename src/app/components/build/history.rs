//! The tab with what was done: every action leads to its moment; back, again, save and open.

use super::open_file::OpenFile;
use super::row::sign;
use super::words;
use crate::app::dom::{classes, html};
use crate::app::hooks::kept::use_state_eq;
use crate::app::hooks::screen::{bring_into_view, page_scrolls};
use crate::app::hooks::{sends, use_text};
use crate::app::platform::file;
use crate::app::state::{Msg, Store};
use crate::session::{Cursor, Turn};
use crate::text::{Args, Text};
use crate::view::history::{clock, said};
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) store: Store,
}

/// Turns that are shown at first; the newest.
const SHOWN: usize = 100;

/// The history.
#[component]
pub(super) fn History(props: &Props) -> Html {
    let text = use_text();
    let store = &props.store;
    let all = use_state_eq(|| false);
    let turns = store.session.turns();
    use_effect_with(store.session.cursor().turn, |_| show_here());
    let skipped = if *all { 0 } else { turns.len().saturating_sub(SHOWN) };
    let save = {
        let store = store.clone();
        move |_| {
            // A page that may not offer files says so itself, in the browser's own way.
            let _ = file::download("podhop.json", &store.session.scenario().to_text());
        }
    };
    html! {
        <>
            <div class="buttons">
                <button type="button" class="chip" aria-disabled={(!store.session.can_undo()).then_some("true")}
                    onclick={sends(store, Msg::Undo)}>
                    { "↶ " }{ text.get("undo") }
                </button>
                <button type="button" class="chip" aria-disabled={(!store.session.can_redo()).then_some("true")}
                    onclick={sends(store, Msg::Redo)}>
                    { "↷ " }{ text.get("redo") }
                </button>
                <button type="button" class="chip" onclick={save}>{ text.get("build-save") }</button>
                { yew::html! { <OpenFile store={store.clone()} /> } }
            </div>
            if skipped > 0 {
                <button type="button" class="chip" onclick={move |_| all.set(true)}>
                    { text.format("build-earlier", &Args::new().count("n", skipped)) }
                </button>
            }
            <ol class="turns" start={(skipped + 1).to_string()} aria-label={text.get("build-tab-history")}>
                { for turns.iter().enumerate().skip(skipped).map(|(n, turn)| line(store, &text, n, turn)) }
                { for store.session.undone().take(SHOWN).map(|turn| html! {
                    <li class="turn undone" title={text.get("build-undone")}><s>{ words::said(&text, &said(&turn.action)) }</s></li>
                }) }
            </ol>
            if turns.is_empty() && !store.session.can_redo() {
                <p class="empty">{ text.get("build-no-history") }</p>
            }
        </>
    }
}

/// Brings the turn that is looked at into view, where that moves the list alone and not the page.
fn show_here() {
    let here = gloo::utils::document().query_selector(".turn.here").ok().flatten();
    if let Some(here) = here.filter(|_| !page_scrolls()) {
        bring_into_view(&here);
    }
}

fn line(store: &Store, text: &Text, number: usize, turn: &Turn) -> Html {
    let here = store.session.cursor().turn == number;
    let result = turn.record.probes().last().map(|probe| sign(&turn.record.outcome(probe)));
    // A packet is followed from its start; of all else one wants to see what came of it.
    let step = if result.is_some() { 0 } else { usize::MAX };
    let go = sends(store, Msg::Seek(Cursor { turn: number, step }));
    html! {
        <li key={number} class={classes!("turn", here.then_some("here"))}>
            <button type="button" onclick={go} aria-current={here.then_some("step")}>
                <span class="n" aria-hidden="true">{ (number + 1).to_string() }</span>
                <span class="said">{ words::said(text, &said(&turn.action)) }</span>{ " " }
                if let Some((class, sign, words)) = result {
                    <span class={classes!("result", class)} title={text.get(words)}>{ sign }</span>
                }
                <time>{ clock(turn.world.now) }</time>
            </button>
        </li>
    }
}
