//! Keys of the whole page. They never act while a form field has the focus, and leave to a control the keys that are
//! its own.

use crate::app::platform::storage;
use crate::app::state::{Msg, Store};
use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

/// Controls that take every key.
pub(super) const FIELDS: &str =
    "input:not([type=range]):not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
/// Controls that Space presses.
const PRESSED: &str = "button, a, summary, input, [role=button], [role=tab]";
/// Parts that move within themselves by arrows, Home and End.
const MOVERS: &str = "[data-own-keys], input[type=range], input[type=radio], [role=tablist]";

/// Where it is kept that letter keys are off.
const LETTERS: &str = "podhop.letters";
const OFF: &str = "off";

/// Whether letter keys are on. Storage that is closed to the page keeps nothing: on.
pub fn letters() -> bool {
    storage::read(LETTERS).is_none_or(|kept| kept != OFF)
}

/// Keeps whether letter keys are on.
pub fn keep_letters(on: bool) {
    // Where nothing can be kept, it holds until the page goes.
    storage::write(LETTERS, if on { "on" } else { OFF });
}

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Next,
    Back,
    First,
    Last,
    Undo,
    Redo,
    /// What was picked is let go.
    Unpick,
    Zoom,
    Theme,
    Help,
    Terminal,
}

/// The command of a key. Letters count only while they are on.
fn command(event: &KeyboardEvent, letters: bool) -> Option<Command> {
    // As in the editors that people know, and from every field.
    if event.ctrl_key() && event.code() == "Backquote" {
        return Some(Command::Terminal);
    }
    let key = event.key();
    let focused = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    let within =
        |selector: &str| focused.as_ref().is_some_and(|e| e.closest(selector).is_ok_and(|found| found.is_some()));
    if within(FIELDS) || within("dialog") || event.alt_key() {
        return None;
    }
    if event.ctrl_key() || event.meta_key() {
        return match (key.as_str(), event.shift_key()) {
            ("z", false) => Some(Command::Undo),
            ("Z", true) | ("y", false) => Some(Command::Redo),
            _ => None,
        };
    }
    Some(match key.as_str() {
        " " if !within(PRESSED) => {
            if event.shift_key() {
                Command::Back
            } else {
                Command::Next
            }
        }
        "ArrowRight" if !within(MOVERS) => Command::Next,
        "ArrowLeft" if !within(MOVERS) => Command::Back,
        "Home" if !within(MOVERS) => Command::First,
        "End" if !within(MOVERS) => Command::Last,
        "PageDown" => Command::Next,
        "PageUp" => Command::Back,
        "Escape" => Command::Unpick,
        "n" | "N" if letters => Command::Next,
        "p" | "P" if letters => Command::Back,
        "z" | "Z" if letters => Command::Zoom,
        "d" | "D" if letters => Command::Theme,
        "?" if letters => Command::Help,
        "t" | "T" if letters => Command::Terminal,
        _ => return None,
    })
}

/// Listens on the page; steps go to the store, the rest to `other`.
#[hook]
pub fn use_keys(store: &Store, letters: bool, other: &Callback<Command>) {
    let dispatch = store.dispatcher();
    let other = other.clone();
    use_effect_with(letters, move |&letters| {
        let options = EventListenerOptions::enable_prevent_default();
        let listener = EventListener::new_with_options(&gloo::utils::window(), "keydown", options, move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            let Some(command) = command(event, letters) else { return };
            event.prevent_default();
            match command {
                Command::Next => dispatch.dispatch(Msg::Next),
                Command::Back => dispatch.dispatch(Msg::Back),
                Command::First => dispatch.dispatch(Msg::First),
                Command::Last => dispatch.dispatch(Msg::Last),
                Command::Undo => dispatch.dispatch(Msg::Undo),
                Command::Redo => dispatch.dispatch(Msg::Redo),
                Command::Unpick => dispatch.dispatch(Msg::Select(None)),
                Command::Zoom => dispatch.dispatch(Msg::Zoom),
                Command::Theme | Command::Help | Command::Terminal => other.emit(command),
            }
        });
        move || drop(listener)
    });
}
