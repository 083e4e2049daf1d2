//! The ledger as text for people.

use super::{kind, role, seconds};
use crate::text::{Args, Text};
use crate::view::ledger::{Entry, Pool};

/// From the margin to the addresses.
const INDENT: &str = "  ";
/// Between columns.
const GAP: &str = "  ";

pub(super) fn text(text: &Text, pools: &[Pool]) -> String {
    let mut parts: Vec<String> = pools.iter().map(|pool| part(text, pool)).collect();
    if parts.is_empty() {
        parts.push(format!("{}\n", text.get("cli-ledger-empty")));
    }
    parts.join("\n")
}

fn part(text: &Text, pool: &Pool) -> String {
    let args = Args::new().text("kind", kind(pool.space)).code("name", &pool.name).code("prefix", pool.prefix);
    let head = text.format("cli-ledger-pool", &args.number("size", pool.size));
    let count = |(state, n): &(_, u64)| {
        text.format("cli-ledger-count", &Args::new().number("n", *n).text("state", state_word(text, *state)))
    };
    let counts: Vec<String> = pool.counts.iter().map(count).collect();
    let rows: Vec<Vec<String>> = pool.entries.iter().map(|entry| cells(text, entry)).collect();
    format!("{head}\n{INDENT}{}\n{}", counts.join(" + "), aligned(&rows))
}

fn state_word(text: &Text, state: crate::view::address_map::CellState) -> String {
    text.get(&format!("cli-state-{}", state.code()))
}

fn cells(text: &Text, entry: &Entry) -> Vec<String> {
    let address =
        if entry.first == entry.last { entry.first.to_string() } else { format!("{}-{}", entry.first, entry.last) };
    let state = match role(entry) {
        Some(role) => text.get(&format!("cli-role-{role}")),
        None if entry.count() > 1 => {
            let args = Args::new().number("n", entry.count()).text("state", state_word(text, entry.state));
            text.format("cli-ledger-count", &args)
        }
        None => state_word(text, entry.state),
    };
    let since = entry.since.map(|t| text.format("cli-ledger-since", &Args::new().text("seconds", seconds(t))));
    let owner = entry.owner.iter().chain(&entry.node).map(String::as_str).collect::<Vec<_>>().join(" · ");
    vec![address, state, owner, since.unwrap_or_default()]
}

/// Rows in columns, the last one ragged.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|c| c.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        format!("{INDENT}{}\n", cells.join(GAP).trim_end())
    };
    rows.iter().map(line).collect()
}
