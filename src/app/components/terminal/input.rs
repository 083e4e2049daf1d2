//! The line that is typed, and its keys.

use super::Shared;
use super::desk::{Desk, Mark};
use crate::app::dom::html;
use crate::app::hooks::kept::use_memo;
use crate::app::hooks::use_text;
use gloo::events::{EventListener, EventListenerOptions};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, Element, HtmlInputElement};
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) desk: Shared,
    pub(super) mark: Mark,
}

/// What is remembered between two keys.
#[derive(Debug, Default)]
struct Memory {
    /// How far back in the history the line is; 0 for what is typed anew.
    back: Cell<usize>,
    /// What was typed before the history was looked at.
    draft: RefCell<String>,
    /// Set by Escape: the next Tab leaves.
    leaving: Cell<bool>,
    /// What Ctrl-R has searched for last.
    sought: RefCell<Option<String>>,
}

/// The line that is typed.
#[component]
pub(super) fn Line(props: &Props) -> Html {
    let text = use_text();
    let Shared(desk) = props.desk.clone();
    let memory = use_memo((), |()| Memory::default());
    {
        let desk = Rc::clone(&desk);
        use_effect_with(props.mark.current, move |_| listen(&desk));
    }
    let onkeydown = {
        let (desk, memory) = (Rc::clone(&desk), Rc::clone(&memory));
        Callback::from(move |event: KeyboardEvent| {
            if key(&desk, &memory, &event) {
                event.prevent_default();
                event.stop_propagation();
            }
        })
    };
    let Mark { prompt, stepped, busy, looks_on, .. } = &props.mark;
    let waits = (*stepped || *busy).then(|| text.get(if *stepped { "term-stepped" } else { "term-busy" }));
    let follows = (*looks_on && !*stepped).then(|| text.get("term-follows"));
    html! {
        if let Some(words) = waits {
            <p class="waits">{ words }</p>
        }
        if let Some(words) = follows {
            <p class="follows">{ words }</p>
        }
        <div class="line">
            <span class="prompt" id="term-prompt">{ prompt }</span>
            <input ref={desk.input.clone()} class="mono" aria-label={text.get("term-line")} aria-describedby="term-prompt term-help" autocomplete="off"
                autocapitalize="off" autocorrect="off" spellcheck="false" enterkeyhint="send" {onkeydown} />
            <span class="hidden" id="term-help">{ text.get("term-line-help") }</span>
        </div>
    }
}

/// Pasted lines run one after the other; one line is the browser's to insert.
fn listen(desk: &Rc<Desk>) -> impl FnOnce() + use<> {
    let listener = desk.input.cast::<Element>().map(|element| {
        let desk = Rc::clone(desk);
        EventListener::new_with_options(
            &element,
            "paste",
            EventListenerOptions::enable_prevent_default(),
            move |event| {
                let data = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
                let Some(pasted) = data.and_then(|data| data.get_data("text").ok()) else { return };
                let (Some(input), Some((whole, rest))) = (field(&desk), pasted.rsplit_once('\n')) else { return };
                event.prevent_default();
                let (before, after) = around(&input);
                input.set_value(&format!("{rest}{after}"));
                desk.enter(&format!("{before}{whole}"));
            },
        )
    });
    move || drop(listener)
}

fn field(desk: &Desk) -> Option<HtmlInputElement> {
    desk.input.cast()
}

/// What stands before the mark, and what behind it.
fn around(input: &HtmlInputElement) -> (String, String) {
    let value: Vec<u16> = input.value().encode_utf16().collect();
    let at = |place: Result<Option<u32>, _>| place.ok().flatten().map_or(value.len(), |n| n as usize).min(value.len());
    let (start, end) = (at(input.selection_start()), at(input.selection_end()));
    (String::from_utf16_lossy(&value[..start]), String::from_utf16_lossy(&value[end..]))
}

/// Brings what was printed last into view, with the line below it.
pub(super) fn scroll_down(desk: &Desk) {
    if let Some(screen) = field(desk).and_then(|input| input.closest(".screen").ok().flatten()) {
        screen.set_scroll_top(screen.scroll_height());
    }
}

fn put(input: &HtmlInputElement, before: &str, after: &str) {
    input.set_value(&format!("{before}{after}"));
    let at = u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX);
    // It fails only for fields that have no marks.
    let _ = input.set_selection_range(at, at);
}

/// Does what a key asks for; whether it was one of the terminal's.
fn key(desk: &Rc<Desk>, memory: &Memory, event: &KeyboardEvent) -> bool {
    let Some(input) = field(desk) else { return false };
    let name = event.key();
    if event.is_composing() || event.alt_key() || event.meta_key() || matches!(name.as_str(), "Shift" | "Control") {
        return false;
    }
    let leaving = memory.leaving.replace(name == "Escape");
    let searched = memory.sought.take();
    if event.ctrl_key() {
        return control(desk, memory, &input, &name, searched);
    }
    match name.as_str() {
        "Enter" => {
            memory.back.set(0);
            let line = input.value();
            input.set_value("");
            desk.enter(&line);
        }
        "ArrowUp" => recall(desk, memory, &input, memory.back.get() + 1),
        "ArrowDown" => recall(desk, memory, &input, memory.back.get().saturating_sub(1)),
        "Tab" if !event.shift_key() && !leaving => return tab(desk, &input),
        "PageUp" | "PageDown" => scroll(&input, name == "PageUp"),
        _ => return false,
    }
    true
}

fn scroll(input: &HtmlInputElement, up: bool) {
    if let Some(screen) = input.closest(".screen").ok().flatten() {
        let page = screen.client_height() * 9 / 10;
        screen.set_scroll_top(screen.scroll_top() + if up { -page } else { page });
    }
}

fn control(desk: &Rc<Desk>, memory: &Memory, input: &HtmlInputElement, name: &str, searched: Option<String>) -> bool {
    let (before, after) = around(input);
    match name {
        "c" => {
            let marked = gloo::utils::window().get_selection().ok().flatten().is_some_and(|s| !s.is_collapsed());
            let in_line = input.selection_start().ok() != input.selection_end().ok();
            if marked || in_line {
                // What is marked is copied.
                return false;
            }
            memory.back.set(0);
            desk.interrupt(input.value());
            input.set_value("");
        }
        "l" => desk.clear(),
        "u" => put(input, "", &after),
        "k" => put(input, &before, ""),
        "a" => put(input, "", &input.value()),
        "e" => put(input, &input.value(), ""),
        "r" => {
            let from = if searched.is_some() { memory.back.get() + 1 } else { 1 };
            let sought = searched.unwrap_or_else(|| input.value());
            if let Some((back, line)) = desk.find(&sought, from) {
                memory.back.set(back);
                put(input, &line, "");
            }
            *memory.sought.borrow_mut() = Some(sought);
        }
        _ => return false,
    }
    true
}

/// Shows another line of the history; 0 is what was being typed.
fn recall(desk: &Desk, memory: &Memory, input: &HtmlInputElement, back: usize) {
    if memory.back.get() == 0 {
        *memory.draft.borrow_mut() = input.value();
    }
    let line = if back == 0 { Some(memory.draft.borrow().clone()) } else { desk.history(back) };
    if let Some(line) = line {
        memory.back.set(back);
        put(input, &line, "");
    }
}

/// Completes what stands before the mark. Where there is nothing to complete, Tab is the browser's.
fn tab(desk: &Desk, input: &HtmlInputElement) -> bool {
    let (before, after) = around(input);
    if before.trim().is_empty() {
        return false;
    }
    let Some(completion) = desk.complete(&before).filter(|found| !found.words.is_empty()) else { return false };
    let grown = completion.grown(&before);
    if grown == before {
        if completion.words.len() == 1 {
            return false;
        }
        desk.list(&format!("{before}{after}"), &completion.words);
    } else {
        put(input, &grown, &after);
    }
    true
}
