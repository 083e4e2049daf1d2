//! One table of the inspector.

use crate::app::dom::{classes, html};
use crate::app::hooks::sends;
use crate::app::state::{Msg, Store};
use crate::text::{Args, Text, bridge_miss, fit, lost_effective_route, lost_route, nsg_fate, rule_miss, skip};
use crate::view::inspector::{Row, RowState, Table, Why};
use yew::prelude::*;

/// A table with its title.
pub fn table(store: &Store, text: &Text, table: &Table) -> Html {
    let two = table.first_line < table.columns.len();
    let caption = text.format(table.title, &Args::new().text("name", &table.subject));
    if table.rows.is_empty() {
        let class = classes!("no-rows", table.decides.then_some("won"));
        return html! { <p {class}><b>{ caption }</b>{ " " }{ for table.counts.then(|| text.get("no-rows")) }</p> };
    }
    let about = format!("{}.about", table.title);
    html! {
        <div class="table" tabindex="0" role="region" aria-label={caption.clone()}>
            <table class={classes!(table.decides.then_some("decides"), two.then_some("two-lines"))}>
                <caption>
                    { caption }
                    if text.has(&about) { <p class="about">{ text.get(&about) }</p> }
                </caption>
                <thead>{ for lines(table.columns, table.first_line).map(|(n, line, span)| html! {
                    <tr key={n}>{ for line.iter().enumerate().map(|(at, id)| html! {
                        <th scope="col" colspan={wide(at, span)}>{ text.get(id) }</th>
                    }) }</tr>
                }) }</thead>
                <tbody>{ for table.rows.iter().map(|r| row(store, text, r, table)) }</tbody>
            </table>
            if table.more > 0 {
                <p class="no-rows">{ text.format("lab-more-rows", &Args::new().count("n", table.more)) }</p>
            }
        </div>
    }
}

/// Longest address, that of hardware: so much is not parted.
const SHORT: usize = 17;

/// Whether a cell is never parted: an address. Words may stand one below the other.
fn is_short(value: &str) -> bool {
    value.len() <= SHORT && !value.contains(' ')
}

/// The lines of a row: each with its number, its cells, and how many columns its second cell takes so that all lines
/// are equally wide.
fn lines<T>(cells: &[T], first: usize) -> impl Iterator<Item = (usize, &[T], usize)> {
    let (one, two) = cells.split_at(first.min(cells.len()));
    let width = one.len().max(two.len());
    [one, two]
        .into_iter()
        .enumerate()
        .filter(|(_, line)| !line.is_empty())
        .map(move |(n, line)| (n, line, width + 1 - line.len()))
}

fn wide(at: usize, span: usize) -> Option<String> {
    (at == 1 && span > 1).then(|| span.to_string())
}

fn cell(store: &Store, row: &Row, at: usize, value: &str) -> Html {
    let Some(target) = row.target.filter(|_| at == 0) else { return html! { { value } } };
    html! { <button type="button" class="name" onclick={sends(store, Msg::Select(Some(target)))}>{ value }</button> }
}

fn row(store: &Store, text: &Text, row: &Row, table: &Table) -> Html {
    let columns = table.first_line.max(table.columns.len() - table.first_line);
    let class = match row.state {
        RowState::Won => "won",
        RowState::Lost => "lost",
        RowState::Plain => "",
        RowState::Dim => "dim",
    };
    let said = match (&row.why, row.state) {
        (Some(why), _) => Some(reason(text, why)),
        (None, RowState::Won) => Some(text.get("lab-won")),
        (None, _) => None,
    };
    html! { <>
        { for lines(&row.cells, table.first_line).map(|(n, line, span)| html! {
            <tr class={classes!(class, (n > 0).then_some("more"))}>{ for line.iter().enumerate().map(|(at, value)| html! {
                <td class={classes!(is_short(value).then_some("short"))} colspan={wide(at, span)}>{ cell(store, row, at + n, value) }</td>
            }) }</tr>
        }) }
        if let Some(said) = said {
            <tr class={classes!("why", class)}><td colspan={columns.to_string()}>{ sign(row.state) }{ said }</td></tr>
        }
    </> }
}

/// A sign beside the colour.
const fn sign(state: RowState) -> &'static str {
    match state {
        RowState::Won => "✓ ",
        RowState::Lost => "✕ ",
        RowState::Plain | RowState::Dim => "· ",
    }
}

fn reason(text: &Text, why: &Why) -> String {
    match why {
        Why::Route(why) => lost_route(text, why),
        Why::Effective(why) => lost_effective_route(text, why),
        Why::Nsg(fate) => nsg_fate(text, *fate),
        Why::Rule(missed) => rule_miss(text, missed.as_ref()),
        Why::BridgeRule { missed, dev } => bridge_miss(text, Some(*missed), |_| dev),
        Why::Skip(why) => skip(text, *why),
        Why::Fit(why) => fit(text, *why),
        Why::Holds(address) => text.format("lab-does-not-hold", &Args::new().code("address", address)),
        Why::Said(id) => text.get(id),
    }
}
