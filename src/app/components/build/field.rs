//! One field of a form: its label, its control, and what is wrong with it.

use super::combo::Combo;
use super::form::{field_id, way_out};
use super::words;
use crate::app::dom::{classes, html};
use crate::app::hooks::use_text;
use crate::app::state::Store;
use crate::text::{Args, Text};
use crate::view::form::{
    Check, Choice, Fault, FieldId, FieldSpec, FormKind, Input, Offer, Source, Values, choices, offers,
};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

#[derive(Properties)]
pub(super) struct Props {
    /// Prefix of ids.
    pub(super) form: &'static str,
    pub(super) spec: &'static FieldSpec,
    pub(super) store: Store,
    pub(super) judged: Rc<(Values, Check)>,
    pub(super) typed: Values,
    pub(super) change: Callback<Values>,
    pub(super) kind: FormKind,
    pub(super) take: Option<Callback<Offer>>,
}

impl PartialEq for Props {
    /// A new judgement comes with every new world and every new value.
    fn eq(&self, other: &Self) -> bool {
        self.form == other.form && self.spec == other.spec && Rc::ptr_eq(&self.judged, &other.judged)
    }
}

/// The field.
#[component]
pub(super) fn FieldView(props: &Props) -> Html {
    let text = use_text();
    let spec = props.spec;
    let id = field_id(props.form, spec.id);
    let faults: Vec<&Fault> = props.judged.1.of(spec.id).collect();
    let set = setter(props);
    let note = spec.id.has_note().then(|| format!("{id}-note"));
    // A fault of several fields is told at the first of them; the others point there.
    let (told, elsewhere): (Vec<&Fault>, Vec<&Fault>) =
        faults.iter().partition(|fault| fault.fields.first() == Some(&spec.id));
    let others =
        elsewhere.iter().filter_map(|fault| Some(format!("{}-error", field_id(props.form, *fault.fields.first()?))));
    let described =
        [Some(format!("{id}-error")), note.clone()].into_iter().flatten().chain(others).collect::<Vec<_>>().join(" ");
    let class = classes!("field", (!faults.is_empty()).then_some("bad"), is_short(spec).then_some("short"));
    html! {
        <div {class}>
            <label for={id.clone()}>
                { words::label(&text, spec.id) }
                if spec.optional { <span class="optional">{ text.get("build-optional") }</span> }
                if spec.id.is_disputed() { <span class="badge">{ text.get("build-disputed") }</span> }
            </label>
            { control(props, &text, &id, &described, !faults.is_empty(), &set) }
            if let Some(note) = note {
                <p class="note" id={note}>
                    { text.get(&format!("build-note-{}", spec.id.code())) }
                    { for spec.id.source().map(|(name, url)| html! {
                        <>{ " " }<a href={url} rel="noreferrer" target="_blank">{ name }</a></>
                    }) }
                </p>
            }
            <div class="errors" id={format!("{id}-error")} aria-live="polite">
                { for told.iter().map(|fault| html! {
                    <p class="error">
                        { words::problem(&text, &fault.problem, props.store.session.world()) }
                        { fix(&text, fault.fix.as_ref(), spec.id, &set) }
                        { ways_out(props, &text, fault) }
                    </p>
                }) }
            </div>
        </div>
    }
}

fn is_short(spec: &FieldSpec) -> bool {
    matches!(spec.input, Input::Number { .. } | Input::Choice(Source::Words(_))) && !spec.id.has_note()
}

/// Puts a text into the field.
fn setter(props: &Props) -> Callback<String> {
    let (typed, change, id) = (props.typed.clone(), props.change.clone(), props.spec.id);
    Callback::from(move |value: String| change.emit(typed.clone().with(id, value)))
}

fn fix(text: &Text, fix: Option<&(FieldId, String)>, field: FieldId, set: &Callback<String>) -> Html {
    let Some((_, value)) = fix.filter(|(id, _)| *id == field) else { return Html::default() };
    let (set, put) = (set.clone(), value.clone());
    html! {
        <button type="button" class="chip fix" onclick={move |_| set.emit(put.clone())}>
            { text.format("build-use", &Args::new().code("value", value)) }
        </button>
    }
}

/// What would help beside another value, one press each.
fn ways_out(props: &Props, text: &Text, fault: &Fault) -> Html {
    let Some(take) = &props.take else { return Html::default() };
    let form = Some((props.kind, &props.judged.0));
    let all = offers(props.store.session.world(), form, &fault.problem);
    html! { <>{ for all.into_iter().map(|offer| way_out(text, offer, take)) }</> }
}

fn control(props: &Props, text: &Text, id: &str, described: &str, bad: bool, set: &Callback<String>) -> Html {
    let value = props.judged.0.get(props.spec.id).to_owned();
    let invalid = bad.then_some("true");
    match props.spec.input {
        Input::Choice(source) => {
            let all = choices(source, props.store.session.world(), &props.judged.0);
            select(text, id, described, invalid, &value, &all, set)
        }
        input @ (Input::Endpoint | Input::RuleAddresses) => html! {
            { yew::html! { <Combo id={id.to_owned()} described={described.to_owned()} {bad} {value} {input} store={props.store.clone()}
                set={set.clone()} /> } }
        },
        input => {
            let oninput = set.reform(|event: InputEvent| {
                event
                    .target()
                    .and_then(|t| t.dyn_into::<HtmlInputElement>().ok())
                    .map_or_else(String::new, |i| i.value())
            });
            let inputmode = if matches!(input, Input::Number { .. }) { "numeric" } else { "text" };
            let mono = !matches!(props.spec.id, FieldId::Name | FieldId::Image);
            html! {
                <input id={id.to_owned()} class={classes!(mono.then_some("mono"))} {inputmode} {value} {oninput}
                    autocomplete="off"
                    spellcheck="false" autocapitalize="off" aria-invalid={invalid}
                    aria-describedby={described.to_owned()} />
            }
        }
    }
}

fn select(
    text: &Text,
    id: &str,
    described: &str,
    invalid: Option<&'static str>,
    value: &str,
    all: &[Choice],
    set: &Callback<String>,
) -> Html {
    let onchange = set.reform(|event: Event| {
        event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok()).map_or_else(String::new, |s| s.value())
    });
    // What was chosen may be gone from the world; it stays to be seen. Nothing chosen is seen as nothing.
    let missing = all.iter().all(|c| c.value != value);
    html! {
        <select id={id.to_owned()} {onchange} aria-invalid={invalid} aria-describedby={described.to_owned()}>
            if missing {
                <option value={value.to_owned()} selected={true}>{ value }</option>
            }
            { for all.iter().map(|c| html! {
                <option key={c.value.clone()} value={c.value.clone()}
                    selected={c.value == value}>{ words::choice(text, c) }</option>
            }) }
        </select>
    }
}
