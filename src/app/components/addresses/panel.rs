//! The panel: which range, how many of its addresses are used, the map, one address in full, and the chart over time.

use super::chart::ChartView;
use super::count_words;
use super::detail::Detail;
use super::grid::Grid;
use super::overview::{Overview, Pager};
use super::space::{SpacePicker, space_of};
use crate::app::components::build::Head;
use crate::app::dom::{classes, html};
use crate::app::hooks::kept::{use_callback, use_memo, use_state_eq};
use crate::app::hooks::{sends, use_text};
use crate::app::state::{Msg, Store};
use crate::text::{Args, Text};
use crate::view::address_map::{AddressMap, Run, Space, address_map, space_of_step};
use std::net::Ipv4Addr;
use yew::prelude::*;

#[derive(Debug, PartialEq, Properties)]
pub struct Props {
    pub store: Store,
}

/// Every address of a range by state and owner, at the moment at which one looks.
#[component]
pub fn AddressPanel(props: &Props) -> Html {
    let text = use_text();
    let store = &props.store;
    let world = store.session.world();
    let picked = use_state_eq(|| None::<Space>);
    let page = use_state_eq(|| 0_u32);
    let looked_at = use_state_eq(|| None::<Ipv4Addr>);
    let look = {
        let set = looked_at.setter();
        use_callback((), move |address: Option<Ipv4Addr>, ()| set.set(address))
    };
    let turn = {
        let set = page.setter();
        use_callback((), move |n: u32, ()| set.set(n))
    };
    let pick = {
        let (picked, page, looked_at) = (picked.setter(), page.setter(), looked_at.setter());
        use_callback((), move |space: Space, ()| {
            picked.set(Some(space));
            page.set(0);
            looked_at.set(None);
        })
    };
    // Of a thing that was picked elsewhere, and has addresses, those are shown; else those that the step is about.
    let about = || space_of_step(store.session.world_at_cursor(), store.step()?);
    let selected = store.selection.map_or_else(about, |target| space_of(world, target));
    {
        let pick = pick.clone();
        use_effect_with(selected, move |selected| selected.iter().for_each(|space| pick.emit(*space)));
    }
    let space = picked.or_else(|| world.subnets.iter().next().map(|(id, _)| Space::Subnet(id)));
    let ground = (space, *page, Head::of(&store.session), store.session.cursor());
    let map = use_memo(ground, |(space, page, ..)| {
        space.and_then(|s| address_map(store.session.world_at_cursor(), s, *page))
    });
    let Some(space) = space else {
        return html! { <section class="addresses"><p class="empty">{ text.get("addr-empty") }</p></section> };
    };
    html! {
        <section class="addresses" aria-label={text.get("addr-title")}>
            { yew::html! { <SpacePicker store={store.clone()} {space} {pick} /> } }
            if let Some(map) = (*map).as_ref() {
                { count_line(&text, map) }
                { for map.facts.iter().map(|code| html! {
                    <p class="note">{ text.get(&format!("addr-fact-{code}")) }</p>
                }) }
                if map.pages > 1 {
                    { yew::html! { <Overview map={map.clone()} turn={turn.clone()} /> } }
                }
                { yew::html! { <Pager map={map.clone()} {turn} look={look.clone()} /> } }
                { yew::html! { <Grid map={map.clone()} looked_at={*looked_at} {look} store={store.clone()} /> } }
                { legend(&text, map) }
                { holders(store, &text, map) }
                { yew::html! { <Detail store={store.clone()} {space} address={*looked_at} /> } }
            } else {
                <p class="empty">{ text.get("addr-not-yet") }</p>
            }
            { yew::html! { <ChartView store={store.clone()} {space} /> } }
        </section>
    }
}

fn count_line(text: &Text, map: &AddressMap) -> Html {
    let args = Args::new().number("used", map.used).number("usable", map.usable);
    html! { <p class="count" role="status">{ text.format("addr-count", &args) }</p> }
}

/// The nodes that have addresses for pods, each with its runs and what it does with them.
fn holders(store: &Store, text: &Text, map: &AddressMap) -> Html {
    if map.holders.nodes.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="holders" aria-label={text.get("addr-holders")}>
            { for map.holders.nodes.iter().enumerate().map(|(n, holder)| html! {
                <li key={n}>
                    <span class={classes!("swatch", if n % 2 == 1 { "by-other" } else { "by-one" })} aria-hidden="true" />
                    <button type="button" class="link mono"
                        onclick={sends(store, Msg::Select(Some(holder.owner.target)))}>{ &holder.owner.name }</button>
                    <span class="mono">{ holder.runs.iter().copied().map(run_words).collect::<Vec<_>>().join(", ") }</span>
                    <span class="note">
                        { holder.tally.iter().map(|(state, n)| count_words(text, state.code(), *n)).collect::<Vec<_>>().join(" · ") }
                    </span>
                </li>
            }) }
            if map.holders.more > 0 {
                <li>{ text.format("addr-holders-more", &Args::new().count("n", map.holders.more)) }</li>
            }
        </ul>
    }
}

/// The ends of a run.
fn run_words(run: Run) -> String {
    if run.first == run.last { run.first.to_string() } else { format!("{}–{}", run.first, run.last) }
}

/// A sign and a word for every state that occurs.
fn legend(text: &Text, map: &AddressMap) -> Html {
    html! {
        <ul class="legend" aria-label={text.get("addr-legend")}>
            { for map.tally.iter().map(|(state, n)| html! {
                <li key={state.code()}>
                    <span class={classes!("swatch", state.code())} aria-hidden="true" />
                    { count_words(text, state.code(), *n) }
                </li>
            }) }
        </ul>
    }
}
