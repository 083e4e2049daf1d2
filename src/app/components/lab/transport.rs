//! Stepping: first, back, step, play, last; the slider; request or reply; how much to show.

use super::hop_bar::cursor_at;
use crate::app::dom::html;
use crate::app::hooks::kept::use_state;
use crate::app::hooks::{sends, use_text};
use crate::app::state::{Msg, Store};
use crate::text::Args;
use crate::view::line::Detail;
use gloo::timers::callback::Interval;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

#[derive(Debug, PartialEq, Properties)]
pub struct Props {
    pub store: Store,
}

/// Milliseconds between two steps while playing, and the message that names the speed.
const SPEEDS: [(u32, &str); 3] = [(2200, "lab-slow"), (1200, "lab-normal"), (500, "lab-fast")];

/// A step every so often while the store plays.
#[hook]
fn use_play(store: &Store, ms: u32) {
    let dispatch = store.dispatcher();
    use_effect_with((store.playing, ms), move |&(playing, ms)| {
        let timer = playing.then(|| Interval::new(ms, move || dispatch.dispatch(Msg::Tick)));
        move || drop(timer)
    });
}

/// The position of the line at which the other packet of the turn begins.
fn other_way(store: &Store) -> Option<(usize, bool)> {
    let turn = store.session.turn()?;
    let record = &turn.record;
    let lineage = |n: &usize| record.steps.get(*n)?.frame.and_then(|f| record.frame(f)).map(|f| f.lineage);
    let probe = record.probes().next()?;
    let of_probe = |n: &usize| lineage(n) == Some(probe);
    let is_arp =
        |n: &usize| record.steps.get(*n).and_then(|s| s.after.as_ref()).is_some_and(|f| f.body.packet().is_none());
    let reply = store.line.iter().position(|n| !of_probe(n) && !is_arp(n) && lineage(n).is_some())? + 1;
    let in_reply = store.line_position() >= reply;
    Some((if in_reply { 1 } else { reply }, in_reply))
}

/// The transport.
#[component]
pub fn Transport(props: &Props) -> Html {
    let text = use_text();
    let store = &props.store;
    let speed = use_state(|| 1_usize);
    let chosen = *speed;
    let ms = SPEEDS.get(chosen).map_or(1200, |(ms, _)| *ms);
    use_play(store, ms);
    let (position, all) = (store.line_position(), store.line.len());
    let (at_start, at_end) = (position == 0, position >= all);
    let button = |msg: Msg, id: &str, sign: &'static str, off: bool| {
        let name = text.get(id);
        html! {
            <button class="tool" title={name.clone()} aria-label={name} aria-disabled={off.to_string()} onclick={sends(store, msg)}>{ sign }</button>
        }
    };
    let count = text.format("lab-step-of", &Args::new().count("n", position).count("all", all));
    html! {
        <div class="transport" role="group" aria-label={text.get("transport")}>
            { button(Msg::First, "first", "⏮", at_start) }
            { button(Msg::Back, "back", "◀", at_start) }
            <button class="primary step" aria-disabled={at_end.to_string()} onclick={sends(store, Msg::Next)}>
                <span aria-hidden="true">{ "▶ " }</span>{ text.get("step") }<kbd>{ text.get("lab-space") }</kbd>
            </button>
            <button class="tool" aria-disabled={(all == 0).to_string()} onclick={sends(store, Msg::Play)}>{ text.get(if store.playing { "pause" } else { "play" }) }</button>
            { button(Msg::Last, "last", "⏭", at_end) }
            { slider(store, &text.get("lab-scrub"), position, all, &count) }
            { way_button(store, &text) }
            <label class="check">
                <input type="checkbox" checked={store.detail == Detail::Every}
                    onchange={sends(store, Msg::Detail(other_detail(store.detail)))} />
                { text.get("detail-every") }
            </label>
            <label class="speed">
                <span class="hidden">{ text.get("speed") }</span>
                <select onchange={Callback::from(move |event: Event| speed.set(picked(&event)))}>
                    { for SPEEDS.iter().enumerate().map(|(n, (_, id))| html! { <option value={n.to_string()} selected={n == chosen}>{ text.get(id) }</option> }) }
                </select>
            </label>
        </div>
    }
}

const fn other_detail(detail: Detail) -> Detail {
    match detail {
        Detail::Decisions => Detail::Every,
        Detail::Every => Detail::Decisions,
    }
}

fn picked(event: &Event) -> usize {
    let select = event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
    select.and_then(|s| s.value().parse().ok()).unwrap_or(1)
}

fn slider(store: &Store, name: &str, position: usize, all: usize, count: &str) -> Html {
    let cursors: Vec<_> = (0..=all).map(|n| cursor_at(store, n)).collect();
    let dispatch = store.dispatcher();
    let oninput = Callback::from(move |event: InputEvent| {
        let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
        let at = input.and_then(|i| i.value().parse::<usize>().ok()).and_then(|n| cursors.get(n));
        if let Some(cursor) = at {
            dispatch.dispatch(Msg::Seek(*cursor));
        }
    });
    html! {
        <input class="scrub" type="range" min="0" max={all.to_string()} value={position.to_string()} aria-label={name.to_owned()}
            aria-valuetext={count.to_owned()} {oninput} />
    }
}

fn way_button(store: &Store, text: &crate::text::Text) -> Html {
    let Some((position, in_reply)) = other_way(store) else { return Html::default() };
    let cursor = cursor_at(store, position);
    html! {
        <button class="tool wide" onclick={sends(store, Msg::Seek(cursor))}>
            <span aria-hidden="true">{ "⇄ " }</span>{ text.get(if in_reply { "request" } else { "reply" }) }
        </button>
    }
}
