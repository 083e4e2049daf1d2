//! The left column: what there is, what can be built and broken, packets to send, and what was done so far.

mod breaks;
mod clock;
mod combo;
mod examples;
mod field;
mod form;
mod head;
mod history;
mod notice;
mod open_file;
mod panel;
mod row;
mod send;
mod tabs;
mod things;
mod words;

pub(crate) use head::Head;
pub use notice::{Keeper, Props as KeeperProps};
pub use panel::BuildPanel;
