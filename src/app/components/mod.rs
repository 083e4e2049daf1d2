//! Components, one a file.

pub mod addresses;
pub mod build;
pub mod lab;
pub mod terminal;
