//! Views: the record and the world as plain data that components draw. No words, no Yew.

pub mod line;
pub mod target;
