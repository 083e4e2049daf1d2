//! `podhop ledger`: every address with its state, its owner and since when.

mod csv;
mod json;
mod table;

use super::failure::{Failure, Usage};
use super::output::Output;
use super::{Status, args, help, scenario};
use crate::sim::time::Time;
use crate::text::Text;
use crate::view::address_map::{Space, role_code};
use crate::view::ledger::{Entry, ledger};
use lexopt::Parser;
use lexopt::prelude::{Long, Short};
use std::path::PathBuf;

#[derive(Clone, Copy)]
enum Format {
    Text,
    Json,
    Csv,
}

const FORMATS: &[(&str, Format)] = &[("text", Format::Text), ("json", Format::Json), ("csv", Format::Csv)];

#[derive(Default)]
struct Options {
    scenario: Option<PathBuf>,
    format: Option<Format>,
    output: Option<PathBuf>,
}

pub(super) fn run(mut parser: Parser, text: &Text, output: &mut Output<'_>) -> Result<Status, Failure> {
    let Some(options) = read(&mut parser)? else { return help("cli-help-ledger", text, output) };
    let session = scenario::load(&args::required(options.scenario, "--scenario")?)?;
    let pools = ledger(&session);
    let answer = match options.format.unwrap_or(Format::Text) {
        Format::Text => table::text(text, &pools),
        Format::Json => json::json(&pools, session.world().now),
        Format::Csv => csv::csv(&pools),
    };
    output.redirect(options.output);
    output.print(&answer)?;
    Ok(Status::Done)
}

/// Reads the options; `None` when help is asked for.
fn read(parser: &mut Parser) -> Result<Option<Options>, Usage> {
    let mut options = Options::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("scenario") => options.scenario = Some(args::path(parser)?),
            Long("format") => options.format = Some(args::choice(parser, "--format", FORMATS)?),
            Short('o') | Long("output") => options.output = Some(args::path(parser)?),
            Short('h') | Long("help") => return Ok(None),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some(options))
}

/// Stable name of a kind of range.
const fn kind(space: Space) -> &'static str {
    match space {
        Space::Subnet(_) => "subnet",
        Space::Block(_) => "pod-range",
    }
}

fn role(entry: &Entry) -> Option<&'static str> {
    entry.role.map(role_code)
}

/// Virtual time as people read it: seconds with milliseconds.
fn seconds(time: Time) -> String {
    let ms = time.0 / 1_000_000;
    format!("{}.{:03}", ms / 1_000, ms % 1_000)
}
