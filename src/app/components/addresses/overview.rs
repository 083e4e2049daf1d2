//! A range of more than one page: its parts by how full they are, and ways from page to page.

use crate::app::dom::{classes, html};
use crate::app::hooks::kept::use_state_eq;
use crate::app::hooks::use_text;
use crate::text::Args;
use crate::view::address_map::{AddressMap, page_of};
use std::net::Ipv4Addr;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Steps of the fill of a part.
const LEVELS: u64 = 4;

#[derive(PartialEq, Properties)]
pub(super) struct OverviewProps {
    pub(super) map: AddressMap,
    pub(super) turn: Callback<u32>,
}

/// The parts as a strip. It is a picture with words; the pager leads to the same pages by keyboard.
#[component]
pub(super) fn Overview(props: &OverviewProps) -> Html {
    let text = use_text();
    let map = &props.map;
    let taken = map.parts.iter().filter(|part| part.taken > 0).count();
    let label = text.format(
        "addr-overview",
        &Args::new().code("prefix", map.prefix).count("taken", taken).count("parts", map.parts.len()),
    );
    let onclick = {
        let (turn, pages) = (props.turn.clone(), map.parts.iter().map(|part| part.page).collect::<Vec<_>>());
        move |event: MouseEvent| {
            let element = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
            let n = element.and_then(|e| e.get_attribute("data-n")).and_then(|n| n.parse::<usize>().ok());
            if let Some(page) = n.and_then(|n| pages.get(n)) {
                turn.emit(*page);
            }
        }
    };
    html! {
        <svg class="overview" viewBox="0 0 256 32" role="img" aria-label={label} preserveAspectRatio="none" {onclick}>
            { for map.parts.iter().enumerate().map(|(n, part)| {
                let level = (part.taken * LEVELS).div_ceil(part.size.max(1)).min(LEVELS);
                let here = (part.page..part.page.saturating_add(page_span(part.size))).contains(&map.page);
                let (x, y) = ((n % 64) * 4, (n / 64) * 8);
                html! {
                    <rect key={n} data-n={n.to_string()}
                        class={classes!("part", format!("level-{level}").as_str(), here.then_some("here"))}
                        x={x.to_string()} y={y.to_string()} width="3.4" height="7" />
                }
            }) }
        </svg>
    }
}

/// Pages that a part spans.
fn page_span(size: u64) -> u32 {
    u32::try_from(size / u64::from(crate::view::address_map::PAGE)).unwrap_or(u32::MAX).max(1)
}

#[derive(PartialEq, Properties)]
pub(super) struct PagerProps {
    pub(super) map: AddressMap,
    pub(super) turn: Callback<u32>,
    pub(super) look: Callback<Option<Ipv4Addr>>,
}

/// Page back and on, and straight to an address.
#[component]
pub(super) fn Pager(props: &PagerProps) -> Html {
    let text = use_text();
    let map = &props.map;
    let bad = use_state_eq(|| false);
    let (first, last) = (map.cells.first().map(|c| c.address), map.cells.last().map(|c| c.address));
    let args = Args::new()
        .code("first", first.map_or_else(String::new, |a| a.to_string()))
        .code("last", last.map_or_else(String::new, |a| a.to_string()));
    let go = |to: Option<u32>| {
        let turn = props.turn.clone();
        move |_: MouseEvent| to.iter().for_each(|n| turn.emit(*n))
    };
    let (back, on) = (map.page.checked_sub(1), Some(map.page + 1).filter(|n| *n < map.pages));
    let oninput = {
        let (prefix, turn, look, bad) = (map.prefix, props.turn.clone(), props.look.clone(), bad.setter());
        move |event: InputEvent| {
            let typed = event
                .target()
                .and_then(|t| t.dyn_into::<HtmlInputElement>().ok())
                .map_or_else(String::new, |i| i.value());
            let address = typed.trim().parse::<Ipv4Addr>().ok();
            let page = address.and_then(|a| page_of(prefix, a));
            let no_address = typed.contains(|c: char| !c.is_ascii_digit() && c != '.' && c != ' ');
            bad.set(page.is_none() && (address.is_some() || no_address));
            if let Some(page) = page {
                turn.emit(page);
                look.emit(address);
            }
        }
    };
    html! {
        <div class="pager">
            if map.pages > 1 {
                <button type="button" class="chip" aria-label={text.get("addr-page-back")}
                    aria-disabled={back.is_none().then_some("true")} onclick={go(back)}>{ "◀" }</button>
                <span class="range">{ text.format("addr-page", &args) }</span>
                <button type="button" class="chip" aria-label={text.get("addr-page-on")}
                    aria-disabled={on.is_none().then_some("true")} onclick={go(on)}>{ "▶" }</button>
            }
            <input class="mono" {oninput} placeholder={text.get("addr-go")} aria-label={text.get("addr-go")}
                aria-invalid={bad.then_some("true")} autocomplete="off" />
            if *bad {
                <p class="error" role="status">
                    { text.format("addr-outside", &Args::new().code("prefix", map.prefix)) }
                </p>
            }
        </div>
    }
}
