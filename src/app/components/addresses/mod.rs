//! The addresses of a subnet or of a node's pod range: a map of cells, and how it came to be so.

mod chart;
mod detail;
mod grid;
mod overview;
mod panel;
mod plot;
mod space;

pub use panel::AddressPanel;
