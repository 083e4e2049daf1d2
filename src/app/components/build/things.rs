//! The inventory: what there is, as a tree of rows, and the form that was opened for one of them.

use super::doing;
use super::examples::Examples;
use super::form::{FormView, way_out};
use super::head::Head;
use super::row::RowView;
use super::words;
use crate::app::dom::html;
use crate::app::hooks::kept::{State, use_memo, use_state_eq};
use crate::app::hooks::use_text;
use crate::app::state::{Msg, Store};
use crate::sim::world::World;
use crate::text::{Args, Text};
use crate::view::form::{FormKind, Offer, Problem, Values, offers};
use crate::view::inventory::{Deed, MORE, Row, RowKey, RowKind, Shown, inventory};
use crate::view::target::Target;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) store: Store,
    /// One end of a packet was picked.
    pub(super) send: Callback<Values>,
}

/// A form that is open: for a row, or from the bar on top.
#[derive(Clone, Debug, PartialEq)]
struct Opened {
    row: Option<RowKey>,
    kind: FormKind,
    typed: Values,
}

/// What a person can do with the tree.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Press {
    Turn(RowKey),
    Pick(RowKey, Option<Target>),
    More(RowKey),
    Deed(RowKey, Deed),
}

/// The inventory.
#[component]
pub(super) fn Things(props: &Props) -> Html {
    let text = use_text();
    let store = &props.store;
    let shown = use_state_eq(Shown::default);
    let picked = use_state_eq(|| None::<RowKey>);
    let opened = use_state_eq(|| None::<Opened>);
    let rows =
        use_memo((Head::of(&store.session), (*shown).clone()), |(_, shown)| inventory(store.session.world(), shown));
    let here = here(&rows, *picked, store.selection);
    let press = {
        let (shown, picked, opened) = (shown.clone(), picked.clone(), opened.clone());
        let (dispatch, send) = (store.dispatcher(), props.send.clone());
        Callback::from(move |press: Press| match press {
            Press::Turn(key) => shown.set(turned(&shown, key)),
            Press::More(key) => shown.set(with_more(&shown, key.parent_of_more())),
            Press::Pick(key, target) => {
                let again = here == Some(key);
                picked.set((!again).then_some(key));
                dispatch.dispatch(Msg::Select(target.filter(|_| !again)));
            }
            Press::Deed(_, Deed::Form(FormKind::Send, preset)) => send.emit(preset),
            Press::Deed(row, Deed::Form(kind, typed)) => opened.set(Some(Opened { row: Some(row), kind, typed })),
            Press::Deed(_, Deed::Now(_, actions)) => dispatch.dispatch(doing(actions)),
        })
    };
    let form_at = opened.as_ref().and_then(|o| o.row).filter(|key| rows.iter().any(|row| row.key == *key));
    let form = form(props, &opened);
    html! {
        <>
            { yew::html! { <Examples store={store.clone()} /> } }
            { bar(&text, store.session.world(), &opened) }
            if form_at.is_none() { { form.clone() } }
            { refused(store, &text, &take(store, &opened)) }
            { filter(&text, &shown) }
            <ul class="things" aria-label={text.get("build-tab-things")}>
                { for rows.iter().map(|row| {
                    let form = if form_at == Some(row.key) { form.clone() } else { Html::default() };
                    yew::html! {
                        <RowView key={key_of(row)} row={row.clone()} here={here == Some(row.key)}
                            press={press.clone()}>{ form }</RowView>
                    }
                }) }
            </ul>
            if rows.is_empty() {
                <p class="empty">
                    { text.get(if shown.filter.is_empty() { "build-empty" } else { "build-no-match" }) }
                </p>
            }
        </>
    }
}

/// The row that was picked here, unless something else was picked elsewhere since; then the row of that.
fn here(rows: &[Row], picked: Option<RowKey>, selection: Option<Target>) -> Option<RowKey> {
    let still = |row: &&Row| picked == Some(row.key) && (row.target.is_none() || row.target == selection);
    let elsewhere = || rows.iter().find(|row| row.target.is_some() && row.target == selection);
    rows.iter().find(still).or_else(elsewhere).map(|row| row.key)
}

fn key_of(row: &Row) -> String {
    format!("{}-{}-{}", row.key.kind.code(), row.key.id, row.key.sub)
}

fn turned(shown: &Shown, key: RowKey) -> Shown {
    let mut next = shown.clone();
    if !next.turned.remove(&key) {
        next.turned.insert(key);
    }
    next
}

fn with_more(shown: &Shown, key: RowKey) -> Shown {
    let mut next = shown.clone();
    *next.more.entry(key).or_default() += MORE;
    next
}

fn form(props: &Props, opened: &State<Option<Opened>>) -> Html {
    let Some(open) = (**opened).clone() else { return Html::default() };
    let change = {
        let (opened, open) = (opened.clone(), open.clone());
        Callback::from(move |typed| opened.set(Some(Opened { typed, ..open.clone() })))
    };
    let close = {
        let opened = opened.clone();
        Callback::from(move |()| opened.set(None))
    };
    let take = take(&props.store, opened);
    yew::html! {
        <FormView id="thing" kind={open.kind} store={props.store.clone()} typed={open.typed} {change} {close} {take} />
    }
}

/// Makes what a way out needs, and opens its form where the last one stood.
fn take(store: &Store, opened: &State<Option<Opened>>) -> Callback<Offer> {
    let (dispatch, opened) = (store.dispatcher(), opened.clone());
    Callback::from(move |offer: Offer| {
        dispatch.dispatch(if offer.actions.is_empty() { Msg::Dismiss } else { doing(offer.actions) });
        let row = opened.as_ref().and_then(|open| open.row);
        opened.set(Some(Opened { row, kind: offer.kind, typed: offer.values }));
    })
}

/// What can be made out of nothing, as far as there is what it needs.
fn bar(text: &Text, world: &World, opened: &State<Option<Opened>>) -> Html {
    let (subnets, clusters) = (!world.subnets.is_empty(), !world.clusters.is_empty());
    let kinds = [
        (FormKind::Vnet, true),
        (FormKind::Subnet, !world.vnets.is_empty()),
        (FormKind::Cluster, subnets),
        (FormKind::Deployment, clusters),
        (FormKind::Vm, subnets),
        (FormKind::RouteTable, true),
        (FormKind::Nsg, true),
    ];
    let on = opened.as_ref().filter(|o| o.row.is_none()).map(|o| o.kind);
    html! {
        <div class="add" role="group" aria-label={text.get("build-add")}>
            <span class="add-label" aria-hidden="true">{ text.get("build-add") }</span>
            { for kinds.iter().filter(|(_, can)| *can).map(|(kind, _)| {
                let (opened, kind) = (opened.clone(), *kind);
                let open = on == Some(kind);
                let next = (!open).then(|| Opened { row: None, kind, typed: Values::default() });
                html! {
                    <button key={kind.code()} type="button" class="chip" aria-expanded={open.to_string()}
                        aria-label={words::title(text, kind)} onclick={move |_| opened.set(next.clone())}>
                        { text.get(&format!("build-row-{}", kind.code())) }
                    </button>
                }
            }) }
        </div>
    }
}

/// An action without a form that was refused.
fn refused(store: &Store, text: &Text, take: &Callback<Offer>) -> Html {
    let Some(refused) = &store.refused else { return Html::default() };
    let ways = offers(store.session.world(), None, &Problem::Action(refused.1.clone()));
    let words = crate::text::error(text, &refused.1, store.session.world());
    let dispatch = store.dispatcher();
    html! {
        <p class="refused" role="alert">
            { words }
            { for ways.into_iter().map(|offer| way_out(text, offer, take)) }
            <button type="button" class="chip"
                onclick={move |_| dispatch.dispatch(Msg::Dismiss)}>{ text.get("dismiss") }</button>
        </p>
    }
}

fn filter(text: &Text, shown: &State<Shown>) -> Html {
    let oninput = {
        let shown = shown.clone();
        move |event: InputEvent| {
            let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
            shown.set(Shown { filter: input.map_or_else(String::new, |i| i.value()), ..(*shown).clone() });
        }
    };
    html! {
        <input class="filter" type="search" value={shown.filter.clone()} {oninput}
            placeholder={text.get("build-filter")}
            aria-label={text.get("build-filter")} autocomplete="off" spellcheck="false" />
    }
}

/// The words of a row that stands for others.
pub(super) fn more_words(text: &Text, row: &Row) -> Option<String> {
    (row.key.kind == RowKind::More).then(|| {
        let hidden = row.facts.iter().map(|f| words::fact(text, f)).collect::<String>();
        text.format("build-more", &Args::new().text("hidden", hidden))
    })
}
