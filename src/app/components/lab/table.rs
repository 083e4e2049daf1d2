//! One table of the inspector.

use crate::app::dom::{classes, html};
use crate::text::{Args, Text, bridge_miss, fit, lost_effective_route, lost_route, nsg_fate, rule_miss, skip};
use crate::view::inspector::{Row, RowState, Table, Why};
use yew::prelude::*;

/// A table with its title.
pub fn table(text: &Text, table: &Table) -> Html {
    let caption = text.format(table.title, &Args::new().text("name", &table.subject));
    if table.rows.is_empty() {
        let class = classes!("no-rows", table.decides.then_some("won"));
        return html! { <p {class}><b>{ caption }</b>{ " " }{ for table.counts.then(|| text.get("no-rows")) }</p> };
    }
    html! {
        <div class="table" tabindex="0" role="region" aria-label={caption.clone()}>
            <table class={classes!(table.decides.then_some("decides"))}>
                <caption>{ caption }</caption>
                <thead><tr>{ for table.columns.iter().map(|id| html! { <th scope="col">{ text.get(id) }</th> }) }</tr></thead>
                <tbody>{ for table.rows.iter().map(|r| row(text, r, table.columns.len())) }</tbody>
            </table>
            if table.more > 0 {
                <p class="no-rows">{ text.format("lab-more-rows", &Args::new().count("n", table.more)) }</p>
            }
        </div>
    }
}

fn row(text: &Text, row: &Row, columns: usize) -> Html {
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
        <tr {class}>{ for row.cells.iter().map(|cell| html! { <td>{ cell }</td> }) }</tr>
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
