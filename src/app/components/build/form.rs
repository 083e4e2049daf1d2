//! One form, drawn from its fields as data. What is wrong stands at its field while one types.

use super::doing;
use super::field::FieldView;
use super::head::Head;
use super::tabs::focus;
use super::words;
use crate::app::dom::html;
use crate::app::hooks::kept::{use_memo, use_state_eq};
use crate::app::hooks::use_text;
use crate::app::state::Store;
use crate::text::{Args, Text};
use crate::view::form::{Check, FieldId, FieldSpec, FormKind, Offer, Values, check, suggest};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    /// Prefix of the ids of its fields.
    pub(super) id: &'static str,
    pub(super) kind: FormKind,
    pub(super) store: Store,
    /// What was typed or given; the other fields have suggested values.
    pub(super) typed: Values,
    pub(super) change: Callback<Values>,
    /// Called when the action was done, or given up; without it the form stays.
    #[prop_or_default]
    pub(super) close: Option<Callback<()>>,
    /// Takes a way out of a problem; without it none is shown.
    #[prop_or_default]
    pub(super) take: Option<Callback<Offer>>,
}

/// A form with its button.
#[component]
pub(super) fn FormView(props: &Props) -> Html {
    let text = use_text();
    let more = use_state_eq(|| false);
    let store = &props.store;
    let judged = use_memo((Head::of(&store.session), props.kind, props.typed.clone()), |(_, kind, typed)| {
        let values = suggest(*kind, store.session.world(), typed);
        let judgement = check(&store.session, *kind, &values);
        (values, judgement)
    });
    let (values, judgement) = (&judged.0, &judged.1);
    let shown: Vec<&'static FieldSpec> = props.kind.shown(values).collect();
    let hidden = shown.iter().filter(|spec| spec.more).count();
    let has_fault = |spec: &FieldSpec| judgement.of(spec.id).next().is_some();
    let open = *more || shown.iter().any(|spec| spec.more && has_fault(spec));
    let submit = submit(props, &judged, &shown);
    use_focus(props, shown.first().map(|spec| spec.id));
    let field = |spec: &&'static FieldSpec| {
        let (store, judged) = (store.clone(), Rc::clone(&judged));
        let (typed, change) = (props.typed.clone(), props.change.clone());
        yew::html! { <FieldView key={spec.id.code()} form={props.id} {spec} {store} {judged} {typed} {change} kind={props.kind} take={props.take.clone()} /> }
    };
    let turn = {
        let more = more.clone();
        move |_| more.set(!*more)
    };
    let close = props.close.clone();
    let escape = move |event: KeyboardEvent| {
        // A list that is open takes the key for itself.
        if let Some(close) = close.as_ref().filter(|_| event.key() == "Escape" && !event.default_prevented()) {
            event.prevent_default();
            close.emit(());
        }
    };
    html! {
        <form class="form" aria-label={words::title(&text, props.kind)} onsubmit={submit} onkeydown={escape} novalidate={true}>
            { for shown.iter().filter(|spec| !spec.more).map(field) }
            if hidden > 0 {
                <button type="button" class="disclose" aria-expanded={open.to_string()}
                    onclick={turn}>
                    { text.get("build-more-settings") }
                </button>
            }
            if open {
                { for shown.iter().filter(|spec| spec.more).map(field) }
            }
            { buttons(props, &text, judgement) }
        </form>
    }
}

/// A form that was opened has the focus at its first field; when it goes, what opened it has the focus again.
#[hook]
fn use_focus(props: &Props, first: Option<FieldId>) {
    let id = props.id;
    let first = first.filter(|_| props.close.is_some());
    use_effect_with((), move |()| {
        let opener = first.and_then(|_| gloo::utils::document().active_element());
        if let Some(field) = first {
            focus(&field_id(id, field));
        }
        move || {
            if let Some(opener) = opener.filter(|e| e.is_connected()).and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
                // It fails only for an element that has just gone.
                let _ = opener.focus();
            }
        }
    });
}

/// Does the action, or leads to the first field that stands in its way.
fn submit(props: &Props, judged: &Rc<(Values, Check)>, shown: &[&'static FieldSpec]) -> Callback<SubmitEvent> {
    let (judged, dispatch, close) = (Rc::clone(judged), props.store.dispatcher(), props.close.clone());
    let faulty = shown.iter().find(|spec| judged.1.of(spec.id).next().is_some()).map(|spec| spec.id);
    let form = props.id;
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        match (&judged.1.action, faulty) {
            (Some(action), _) => {
                dispatch.dispatch(doing(vec![action.clone()]));
                if let Some(close) = &close {
                    close.emit(());
                }
            }
            (None, Some(field)) => focus(&field_id(form, field)),
            (None, None) => {}
        }
    })
}

/// The id of a field's control.
pub(super) fn field_id(form: &str, field: FieldId) -> String {
    format!("{form}-{}", field.code())
}

fn buttons(props: &Props, text: &Text, judgement: &Check) -> Html {
    let why = format!("{}-why", props.id);
    let blocked = judgement.action.is_none();
    let world = props.store.session.world();
    html! {
        <>
            <div class="buttons">
                <button type="submit" class="primary" aria-disabled={blocked.then_some("true")}
                    aria-describedby={why.clone()}>
                    { words::title(text, props.kind) }
                </button>
                if let Some(close) = props.close.clone() {
                    <button type="button" class="chip"
                        onclick={move |_| close.emit(())}>{ text.get("build-cancel") }</button>
                }
            </div>
            <p class="why" id={why} aria-live="polite">
                { for judgement.general().map(|fault| words::problem(text, &fault.problem, world)) }
                if blocked && judgement.general().next().is_none() {
                    { first_fix(text, judgement) }
                }
            </p>
        </>
    }
}

/// One way out.
pub(super) fn way_out(text: &Text, offer: Offer, take: &Callback<Offer>) -> Html {
    let (take, words) = (take.clone(), text.get(&format!("build-offer-{}", offer.code)));
    html! {
        <button type="button" class="chip fix" onclick={move |_| take.emit(offer.clone())}>{ words }</button>
    }
}

/// Why the button does nothing: the fields to mend first.
fn first_fix(text: &Text, judgement: &Check) -> String {
    let mut fields: Vec<FieldId> = judgement.faults.iter().filter_map(|fault| fault.fields.first().copied()).collect();
    fields.dedup();
    let names: Vec<String> = fields.iter().map(|field| words::label(text, *field)).collect();
    text.format("build-blocked", &Args::new().text("fields", names.join(", ")).count("n", names.len()))
}
