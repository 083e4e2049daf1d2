//! Scenario files.

use super::failure::Failure;
use crate::session::Session;
use crate::sim::scenario::Scenario;
use std::fs;
use std::io;
use std::path::Path;

/// Stands for standard input.
const STDIN: &str = "-";

/// Reads a scenario and does its actions.
pub(super) fn load(file: &Path) -> Result<Session, Failure> {
    let read = if file.as_os_str() == STDIN { io::read_to_string(io::stdin()) } else { fs::read_to_string(file) };
    let text = read.map_err(|error| Failure::Read { file: file.to_owned(), error })?;
    let scenario = Scenario::parse(&text).map_err(|error| Failure::Scenario { file: file.to_owned(), error })?;
    Session::load(&scenario).map_err(|error| Failure::Replay { file: file.to_owned(), error })
}
