//! The right column: why this step was decided so, and the tables of what was picked.

use super::fragments::fragments;
use super::outline::Outline;
use super::table::table;
use crate::app::components::addresses::AddressPanel;
use crate::app::components::build::words::said as action_words;
use crate::app::dom::{classes, html};
use crate::app::hooks::kept::{use_memo, use_state};
use crate::app::hooks::screen::bring_into_view;
use crate::app::hooks::{sends, use_text};
use crate::app::state::{Msg, State, Store};
use crate::sim::record::{Place, Step};
use crate::text::{Args, Explanation, Text, explain, target_label};
use crate::view::history::said as action_said;
use crate::view::inspector::{Tab, Table, opening, subject_of_step, subject_of_target, tables};
use web_sys::Element;
use yew::prelude::*;

#[derive(Debug, PartialEq, Properties)]
pub struct Props {
    pub store: Store,
}

const TABS: [(Tab, &str); 10] = [
    (Tab::Routes, "tab-routes"),
    (Tab::Nsg, "tab-nsg"),
    (Tab::Port, "lab-tab-port"),
    (Tab::Arp, "tab-arp"),
    (Tab::Bridge, "lab-tab-bridge"),
    (Tab::Filter, "lab-tab-filter"),
    (Tab::Control, "lab-tab-control"),
    (Tab::Pods, "lab-col-pods"),
    (Tab::Addresses, "tab-addresses"),
    (Tab::Raw, "tab-raw"),
];

fn tables_of(state: &State) -> Vec<Table> {
    let world = state.session.world_at_cursor();
    let step = state.step();
    match (state.selection, step) {
        (Some(target), _) => tables(world, subject_of_target(world, target), step),
        (None, Some(step)) => tables(world, subject_of_step(step), Some(step)),
        (None, None) => Vec::new(),
    }
}

/// The inspector.
#[component]
pub fn Inspector(props: &Props) -> Html {
    let text = use_text();
    let store = &props.store;
    let tables = use_memo((store.revision, store.selection), |_| tables_of(store));
    // A tab that a person picked stays until the next step; the addresses stay once somebody is in them, since their own
    // slider steps.
    let picked = use_state(|| None::<(u64, Tab)>);
    let tab = picked.filter(|(revision, tab)| *revision == store.revision || *tab == Tab::Addresses).map_or_else(
        || opening(store.session.world_at_cursor(), store.selection, store.step(), &tables),
        |(_, tab)| tab,
    );
    let pick = {
        let (picked, revision) = (picked.setter(), store.revision);
        Callback::from(move |tab: Tab| picked.set(Some((revision, tab))))
    };
    let entered = pick.clone();
    let enters = move |_: FocusEvent| {
        if tab == Tab::Addresses {
            entered.emit(tab);
        }
    };
    let panel = use_node_ref();
    {
        let panel = panel.clone();
        use_effect_with((store.revision, tab as u8), move |_| show_winner(&panel));
    }
    let world = store.session.world_at_cursor();
    let said = store.step().map(|step| explain(&text, step, world));
    html! {
        <aside class="column right" aria-label={text.get("inspector")}>
            { head(store, &text, said.as_ref()) }
            if said.is_some() || store.selection.is_some() {
                { tab_list(&text, &tables, tab, &pick) }
            }
            <div ref={panel} onfocusin={enters} class={classes!("tab-panel", (store.selection.is_none() && tab != Tab::Addresses).then_some("rows"))} role="tabpanel" aria-labelledby={format!("lab-tab-{}", tab as u8)}>
                if tab == Tab::Addresses {
                    { yew::html! { <AddressPanel store={store.clone()} /> } }
                }
                { for tables.iter().filter(|t| t.tab == tab).map(|t| table(store, &text, t)) }
                if tab == Tab::Raw {
                    { for store.step().map(|step| raw(&text, step)) }
                }
            </div>
            if store.selection.is_none() {
                { for said.as_ref().map(|said| why(store, &text, said)) }
            }
            { yew::html! { <Outline store={store.clone()} /> } }
        </aside>
    }
}

/// Long tables have their own room, so that why a row won stands below them in view; that row is in view as well.
fn show_winner(panel: &NodeRef) {
    let Some(panel) = panel.cast::<Element>().filter(|panel| panel.scroll_height() > panel.client_height()) else {
        return;
    };
    let marked = |state: &str| panel.query_selector(&format!(".decides .{state}")).ok().flatten();
    if let Some(row) = marked("won").or_else(|| marked("lost")) {
        bring_into_view(&row);
    }
}

fn head(store: &Store, text: &Text, said: Option<&Explanation>) -> Html {
    let world = store.session.world_at_cursor();
    if let Some(target) = store.selection {
        return html! {
            <div class="inspected">
                <p class="kicker">{ text.get("lab-picked") }</p>
                <button class="tool close" onclick={sends(store, Msg::Select(None))}>{ text.get("lab-to-step") }<kbd>{ "Esc" }</kbd></button>
                <h2>{ target_label(text, world, target) }</h2>
            </div>
        };
    }
    // What set nothing off has no steps to count: its own words stand there.
    if let Some(turn) = store.session.turn().filter(|_| store.line.is_empty()) {
        return html! { <div class="inspected"><h2>{ action_words(text, &action_said(&turn.action)) }</h2></div> };
    }
    let count = Args::new().count("n", store.line_position()).count("all", store.line.len());
    let title = said.map_or_else(|| text.get("before-first-step"), |s| s.title.clone());
    html! {
        <div class="inspected">
            <p class="kicker">{ text.format("lab-step-of", &count) }</p>
            <h2>{ title }</h2>
        </div>
    }
}

fn tab_list(text: &Text, tables: &[Table], current: Tab, pick: &Callback<Tab>) -> Html {
    let there: Vec<_> = TABS
        .iter()
        .filter(|(tab, _)| matches!(tab, Tab::Raw | Tab::Addresses) || tables.iter().any(|t| t.tab == *tab))
        .copied()
        .collect();
    let keydown = {
        let (pick, there) = (pick.clone(), there.clone());
        Callback::from(move |event: KeyboardEvent| {
            let at = there.iter().position(|(tab, _)| *tab == current).unwrap_or(0);
            let to = match event.key().as_str() {
                "ArrowRight" => at + 1,
                "ArrowLeft" => at.wrapping_sub(1),
                _ => return,
            };
            if let Some((tab, _)) = there.get(to) {
                event.prevent_default();
                pick.emit(*tab);
            }
        })
    };
    html! {
        <div class="tabs" role="tablist" aria-label={text.get("inspector")} onkeydown={keydown}>
            { for there.into_iter().map(|(tab, id)| {
                let on = tab == current;
                html! {
                    <button key={id} id={format!("lab-tab-{}", tab as u8)} role="tab" aria-selected={on.to_string()} tabindex={if on { "0" } else { "-1" }}
                        onclick={pick.reform(move |_| tab)}>{ text.get(id) }</button>
                }
            }) }
        </div>
    }
}

/// One sentence why, facts beside it, the source of the rule and the command that shows the table.
fn why(store: &Store, text: &Text, said: &Explanation) -> Html {
    let mark = text.get(&format!("mark-{}", said.mark.code()));
    let about = text.get(&format!("mark-{}.about", said.mark.code()));
    html! { <>
        <section class="why-box">
            <h3>{ text.get("lab-why") }</h3>
            <p>{ fragments(store, &said.sentence) }</p>
            { for said.detail.iter().map(|fact| html! { <p class="fact">{ fragments(store, fact) }</p> }) }
            <p class="source">
                <span class={classes!("mark", said.mark.code())} title={about}>{ mark }</span>{ " " }
                <a href={said.source.url.clone()} rel="noreferrer" target="_blank">{ &said.source.text }</a>
            </p>
        </section>
        { for said.command.as_ref().map(|line| command(text, line)) }
    </> }
}

fn command(text: &Text, line: &str) -> Html {
    let copied = line.to_owned();
    let copy = Callback::from(move |_: MouseEvent| {
        // Where the clipboard is closed to the page, the line is there to be marked by hand.
        let _ = gloo::utils::window().navigator().clipboard().write_text(&copied);
    });
    html! {
        <div class="command">
            <code>{ line }</code>
            <button class="tool" onclick={copy}>{ text.get("copy") }</button>
        </div>
    }
}

/// What the record itself holds of a step.
fn raw(text: &Text, step: &Step) -> Html {
    let place = match step.at {
        Place::Host(id) => format!("host/{}", id.0),
        Place::Port(id) => format!("nic/{}", id.0),
        Place::Control => "control".to_owned(),
    };
    let rows = [
        ("lab-raw-code", step.decision.code().to_owned()),
        ("lab-raw-time", format!("{} ns", step.time.0)),
        ("lab-raw-place", place),
        ("lab-raw-frame", step.frame.map_or_else(|| "—".to_owned(), |f| f.0.to_string())),
        ("lab-raw-device", step.dev.map_or_else(|| "—".to_owned(), |d| d.0.to_string())),
    ];
    html! {
        <div class="table"><table><tbody>
            { for rows.into_iter().map(|(id, value)| html! { <tr><th scope="row">{ text.get(id) }</th><td>{ value }</td></tr> }) }
        </tbody></table></div>
    }
}
