//! Components, one a file.

pub mod lab;
