//! The cells of one page: one stop of the Tab key, arrows from cell to cell, a press picks the owner.

use super::state_words;
use crate::app::dom::{classes, html};
use crate::app::hooks::use_text;
use crate::app::state::{Msg, Store};
use crate::text::{Args, Text};
use crate::view::address_map::{AddressMap, Cell};
use std::net::Ipv4Addr;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// Cells in one row.
const COLUMNS: usize = 32;

#[derive(Properties)]
pub(super) struct Props {
    pub(super) map: AddressMap,
    pub(super) looked_at: Option<Ipv4Addr>,
    pub(super) look: Callback<Option<Ipv4Addr>>,
    pub(super) store: Store,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        self.looked_at == other.looked_at && self.map == other.map
    }
}

/// The grid.
#[component]
pub(super) fn Grid(props: &Props) -> Html {
    let text = use_text();
    let cells = &props.map.cells;
    let at = props.looked_at.and_then(|a| cells.iter().position(|c| c.address == a)).unwrap_or(0);
    let look = |event_target: Option<web_sys::EventTarget>, map: &AddressMap, look: &Callback<Option<Ipv4Addr>>| {
        if let Some(cell) = number_of(event_target).and_then(|n| map.cells.get(n)) {
            look.emit(Some(cell.address));
        }
    };
    let onmouseover = {
        let (map, emit) = (props.map.clone(), props.look.clone());
        move |e: MouseEvent| look(e.target(), &map, &emit)
    };
    let onfocusin = {
        let (map, emit) = (props.map.clone(), props.look.clone());
        move |e: FocusEvent| look(e.target(), &map, &emit)
    };
    let onclick = {
        let (map, dispatch) = (props.map.clone(), props.store.dispatcher());
        move |event: MouseEvent| select(&map, number_of(event.target()), &dispatch)
    };
    let onkeydown = {
        let (map, dispatch) = (props.map.clone(), props.store.dispatcher());
        move |event: KeyboardEvent| {
            if matches!(event.key().as_str(), "Enter" | " ") {
                event.prevent_default();
                select(&map, number_of(event.target()), &dispatch);
            } else if let Some(next) = moved(number_of(event.target()).unwrap_or(at), map.cells.len(), &event.key()) {
                event.prevent_default();
                focus(next);
            }
        }
    };
    let label = text.format("addr-grid", &Args::new().code("prefix", props.map.prefix));
    html! {
        <div class="cells" role="grid" aria-label={label} data-own-keys="" {onmouseover} {onfocusin} {onclick}
            {onkeydown}>
            { for cells.chunks(COLUMNS).enumerate().map(|(row, chunk)| html! {
                <div key={row} class="cell-row" role="row">
                    { for chunk.iter().enumerate().map(|(n, cell)| {
                        let n = row * COLUMNS + n;
                        let holder = props.map.holders.of(cell.address);
                        view(&text, cell, n, n == at, [props.looked_at == Some(cell.address), holder.is_some_and(|h| h % 2 == 1), holder.is_some()])
                    }) }
                </div>
            }) }
        </div>
    }
}

/// `marks`: whether it is looked at, whether its node is one of every other, and whether a node has it for pods.
fn view(text: &Text, cell: &Cell, n: usize, stop: bool, [looked_at, other, held]: [bool; 3]) -> Html {
    let by_node = held.then_some(if other { "by-other" } else { "by-one" });
    html! {
        <div key={n} id={format!("cell-{n}")} role="gridcell" data-n={n.to_string()}
            class={classes!("cell", cell.state.code(), by_node, looked_at.then_some("looked-at"))}
            tabindex={if stop { "0" } else { "-1" }} aria-label={words(text, cell)} />
    }
}

/// What an address is, in one line.
fn words(text: &Text, cell: &Cell) -> String {
    let state = state_words(text, cell);
    let owner = cell.owner.as_ref().map_or("", |o| o.name.as_str());
    let args = Args::new().code("address", cell.address).text("state", state).text("owner", owner);
    text.format(if owner.is_empty() { "addr-cell" } else { "addr-cell-owned" }, &args)
}

fn number_of(target: Option<web_sys::EventTarget>) -> Option<usize> {
    target?.dyn_into::<Element>().ok()?.get_attribute("data-n")?.parse().ok()
}

fn select(map: &AddressMap, n: Option<usize>, dispatch: &UseReducerDispatcher<crate::app::state::State>) {
    if let Some(owner) = n.and_then(|n| map.cells.get(n)).and_then(|c| c.owner.as_ref()) {
        dispatch.dispatch(Msg::Select(Some(owner.target)));
    }
}

/// The cell that a key leads to; it never wraps at the ends.
fn moved(at: usize, count: usize, key: &str) -> Option<usize> {
    let row = at - at % COLUMNS;
    let next = match key {
        "ArrowRight" => at + 1,
        "ArrowLeft" => at.checked_sub(1)?,
        "ArrowDown" => at + COLUMNS,
        "ArrowUp" => at.checked_sub(COLUMNS)?,
        "Home" => row,
        "End" => (row + COLUMNS - 1).min(count.checked_sub(1)?),
        _ => return None,
    };
    (next < count).then_some(next)
}

fn focus(n: usize) {
    let cell =
        gloo::utils::document().get_element_by_id(&format!("cell-{n}")).and_then(|e| e.dyn_into::<HtmlElement>().ok());
    if let Some(cell) = cell {
        // It fails only for an element that has just gone.
        let _ = cell.focus();
    }
}
