//! The addresses of a subnet or of a node's pod range: a map of cells, and how it came to be so.

mod chart;
mod detail;
mod grid;
mod overview;
mod panel;
mod plot;
mod space;

pub use panel::AddressPanel;

use crate::text::{Args, Text};
use crate::view::address_map::{Cell, role_code};

/// What an address is used for.
fn state_words(text: &Text, cell: &Cell) -> String {
    match cell.role {
        Some(role) => text.get(&format!("addr-role-{}", role_code(role))),
        None => text.get(&format!("addr-state-{}", cell.state.code())),
    }
}

/// A state and how many addresses are in it.
fn count_words(text: &Text, code: &str, n: u64) -> String {
    let state = text.get(&format!("addr-state-{code}"));
    text.format("addr-legend-entry", &Args::new().text("state", state).number("n", n))
}
