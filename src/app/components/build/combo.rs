//! A field that finds a place or a range by typing, or takes what was typed. Source of the pattern: WAI-ARIA Authoring
//! Practices, "Combobox".

use crate::app::dom::{classes, html};
use crate::app::hooks::kept::{State, use_state_eq};
use crate::app::hooks::screen::bring_into_view;
use crate::app::hooks::use_text;
use crate::app::state::Store;
use crate::text::{Args, Text};
use crate::view::form::{Found, Input, find};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) id: String,
    pub(super) described: String,
    pub(super) bad: bool,
    pub(super) value: String,
    /// What is found.
    pub(super) input: Input,
    pub(super) store: Store,
    pub(super) set: Callback<String>,
}

/// Choices that are shown at a time.
const SHOWN: usize = 40;

/// What is open: nothing, all choices, or those that hold what was typed; and which of them is marked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Open {
    list: bool,
    filtered: bool,
    marked: Option<usize>,
}

/// The field with its list.
#[component]
pub(super) fn Combo(props: &Props) -> Html {
    let text = use_text();
    let open = use_state_eq(Open::default);
    let state = *open;
    let typed = if state.filtered { props.value.as_str() } else { "" };
    let (found, count) =
        if state.list { find(props.input, props.store.session.world(), typed, SHOWN) } else { (Vec::new(), 0) };
    let show = {
        let open = open.clone();
        Callback::from(move |()| open.set(Open { list: true, ..Open::default() }))
    };
    let oninput = {
        let (open, set) = (open.clone(), props.set.clone());
        Callback::from(move |event: InputEvent| {
            let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
            set.emit(input.map_or_else(String::new, |i| i.value()));
            open.set(Open { list: true, filtered: true, marked: None });
        })
    };
    let onkeydown = keys(props, open.clone(), found.iter().map(|c| c.value.clone()).collect());
    let pick = {
        let (open, set) = (open.clone(), props.set.clone());
        Callback::from(move |value: String| {
            set.emit(value);
            open.set(Open::default());
        })
    };
    let onclick = {
        let show = show.clone();
        move |_| show.emit(())
    };
    let onblur = move |_| open.set(Open::default());
    let active = state.marked.filter(|n| *n < found.len()).map(|n| format!("{}-option-{n}", props.id));
    html! {
        <div class="combo">
            <input id={props.id.clone()} class="mono" role="combobox" value={props.value.clone()} autocomplete="off"
                spellcheck="false"
                aria-autocomplete="list" aria-expanded={state.list.to_string()}
                aria-controls={format!("{}-list", props.id)}
                aria-activedescendant={active} aria-invalid={props.bad.then_some("true")}
                aria-describedby={props.described.clone()}
                {oninput} {onkeydown} {onclick} {onblur} />
            <ul id={format!("{}-list", props.id)} role="listbox" class="options" aria-label={text.get("build-places")}
                hidden={!state.list || found.is_empty()}>
                { for found.iter().enumerate().map(|(n, one)| option(props, n, one, state.marked == Some(n), &pick)) }
                if count > found.len() {
                    { rest(&text, found.len(), count) }
                }
            </ul>
        </div>
    }
}

fn rest(text: &Text, shown: usize, count: usize) -> Html {
    let words = text.format("build-places-rest", &Args::new().count("shown", shown).count("all", count));
    html! { <li class="rest" role="presentation">{ words }</li> }
}

fn option(props: &Props, n: usize, choice: &Found, marked: bool, pick: &Callback<String>) -> Html {
    let (value, pick) = (choice.value.clone(), pick.clone());
    // The field must not lose the focus before the press is over.
    let hold = |event: MouseEvent| event.prevent_default();
    html! {
        <li key={value.clone()} role="option" id={format!("{}-option-{n}", props.id)}
            aria-selected={(marked || value == props.value).to_string()}
            class={classes!(marked.then_some("marked"))} onmousedown={hold} onclick={move |_| pick.emit(value.clone())}>
            <span class="value">{ &choice.value }</span>{ " " }
            <span class="address">{ &choice.about }</span>
        </li>
    }
}

fn keys(props: &Props, open: State<Open>, found: Vec<String>) -> Callback<KeyboardEvent> {
    let (set, id) = (props.set.clone(), props.id.clone());
    Callback::from(move |event: KeyboardEvent| {
        let state = *open;
        let last = found.len().saturating_sub(1);
        let to = match (event.key().as_str(), state.marked) {
            ("ArrowDown", _) if !state.list => Open { list: true, ..Open::default() },
            ("ArrowDown", marked) => Open { marked: Some(marked.map_or(0, |n| (n + 1).min(last))), ..state },
            ("ArrowUp", marked) if state.list => Open { marked: marked.and_then(|n| n.checked_sub(1)), ..state },
            ("Enter", Some(n)) if state.list => {
                if let Some(value) = found.get(n) {
                    set.emit(value.clone());
                }
                Open::default()
            }
            ("Escape", _) if state.list => Open::default(),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        open.set(to);
        let option = |n| gloo::utils::document().get_element_by_id(&format!("{id}-option-{n}"));
        if let Some(element) = to.marked.and_then(option) {
            bring_into_view(&element);
        }
    })
}
