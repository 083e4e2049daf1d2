//! The head of the terminals: a tab for each, and what can be done with them.

use super::Shared;
use super::desk::Mark;
use crate::app::dom::html;
use crate::app::hooks::use_text;
use crate::text::Args;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) desk: Shared,
    pub(super) mark: Mark,
    pub(super) close: Callback<()>,
    pub(super) tall: bool,
    pub(super) taller: Callback<()>,
    /// Whether the page of commands is shown.
    pub(super) listing: bool,
    pub(super) list: Callback<()>,
}

#[component]
pub(super) fn Head(props: &Props) -> Html {
    let text = use_text();
    let Mark { tabs, current, .. } = &props.mark;
    let tool = |id: &str, sign: &'static str, act: Callback<MouseEvent>| {
        let name = text.get(id);
        html! { <button type="button" class="tool" title={name.clone()} aria-label={name} onclick={act}>{ sign }</button> }
    };
    let on_desk = |act: fn(&super::Desk)| {
        let Shared(desk) = props.desk.clone();
        Callback::from(move |_| act(&desk))
    };
    let stop = {
        let Shared(desk) = props.desk.clone();
        Callback::from(move |_| desk.interrupt(String::new()))
    };
    let step = {
        let Shared(desk) = props.desk.clone();
        Callback::from(move |event: Event| {
            let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
            desk.set_step(input.is_some_and(|input| input.checked()));
        })
    };
    html! {
        <div class="head">
            <div class="tabs" role="tablist" aria-label={text.get("terminal")} onkeydown={keys(props)}>
                { for tabs.iter().map(|(number, place)| tab(props, &text, *number, place, number == current)) }
            </div>
            { tool("term-add", "+", on_desk(super::Desk::add)) }
            <span class="room"></span>
            if props.mark.busy || props.mark.stepped || props.mark.looks_on {
                <button type="button" class="tool" onclick={stop}>{ text.get("term-stop") }<kbd>{ "Ctrl+C" }</kbd></button>
            }
            <label class="check" title={text.get("term-step-why")}>
                <input type="checkbox" checked={props.mark.step} onchange={step} />
                { text.get("term-step") }
            </label>
            <button type="button" class="tool" aria-pressed={props.listing.to_string()} onclick={props.list.reform(|_| ())}>
                { text.get("term-commands") }
            </button>
            { tool("term-remove", "🗑", on_desk(super::Desk::remove)) }
            { tool(if props.tall { "term-lower" } else { "term-taller" }, if props.tall { "▾" } else { "▴" }, props.taller.reform(|_| ())) }
            { tool("close", "✕", props.close.reform(|_| ())) }
        </div>
    }
}

fn tab(props: &Props, text: &crate::text::Text, number: u32, place: &str, on: bool) -> Html {
    let Shared(desk) = props.desk.clone();
    let place = if place.is_empty() { text.get("term-workstation") } else { place.to_owned() };
    let name = text.format("term-tab", &Args::new().text("n", number).text("place", &place));
    html! {
        <button key={number.to_string()} type="button" role="tab" id={format!("term-tab-{number}")}
            aria-controls={on.then(|| format!("term-panel-{number}"))} aria-selected={on.to_string()}
            tabindex={if on { "0" } else { "-1" }} onclick={move |_| desk.pick(number)}>{ name }</button>
    }
}

/// Arrows, Home and End move between the tabs.
fn keys(props: &Props) -> Callback<KeyboardEvent> {
    let Shared(desk) = props.desk.clone();
    let numbers: Vec<u32> = props.mark.tabs.iter().map(|(number, _)| *number).collect();
    let current = props.mark.current;
    Callback::from(move |event: KeyboardEvent| {
        let at = numbers.iter().position(|n| *n == current).unwrap_or(0);
        let to = match event.key().as_str() {
            "ArrowRight" => at + 1,
            "ArrowLeft" => at.wrapping_sub(1),
            "Home" => 0,
            "End" => numbers.len().wrapping_sub(1),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        if let Some(number) = numbers.get(to) {
            desk.pick(*number);
            let tab = gloo::utils::document().get_element_by_id(&format!("term-tab-{number}"));
            if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<HtmlElement>().ok()) {
                // It fails only for an element that has just gone.
                let _ = tab.focus();
            }
        }
    })
}
