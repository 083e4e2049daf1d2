//! Views: the record and the world as plain data that components draw. No words, no Yew.

pub mod address_map;
pub mod breaks;
pub mod chart;
pub mod downed;
pub mod form;
pub mod header;
pub mod history;
pub mod hops;
pub mod inspector;
pub mod inventory;
pub mod ledger;
pub mod line;
pub mod mermaid;
pub mod outline;
pub mod scene;
pub mod svg;
pub mod target;
