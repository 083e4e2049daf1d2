//! The native command line: the same engine, for scripts and documentation builds. One file a subcommand.

mod args;
mod failure;
mod ledger;
mod output;
mod render;
pub mod report;
mod scenario;
mod sh;
mod trace;

use crate::text::{Args, Text};
use failure::{Failure, Usage};
use lexopt::Parser;
use lexopt::prelude::{Long, Short, Value};
use output::Output;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// The words of the command line alone; English behind them has all others.
const WORDS: &str = include_str!("../../static/i18n/en/cli.ftl");

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It did what was asked.
    Done = 0,
    /// The answer is no: an expectation does not hold.
    No = 1,
    /// The input is bad, or the output cannot be written; the reason is on standard error.
    Bad = 2,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// Runs one command; `args` are those behind the name of the program.
pub fn run<A: Into<OsString>>(args: impl IntoIterator<Item = A>, out: &mut dyn Write, err: &mut dyn Write) -> Status {
    // The words are compiled in and checked by a test; a fault in them costs words, not the answer.
    let text = Text::new("en", &[WORDS]).unwrap_or_else(|_| Text::english());
    let mut output = Output::new(out);
    match dispatch(Parser::from_args(args.into_iter().map(Into::into)), &text, &mut output) {
        Ok(status) => status,
        // Who reads does not want more.
        Err(Failure::PipeClosed) => Status::Done,
        Err(failure) => {
            let args = Args::new().text("why", failure.words(&text));
            // Where standard error is closed too, the status must do.
            let _ = writeln!(err, "{}", text.format("cli-failure", &args));
            Status::Bad
        }
    }
}

fn dispatch(mut parser: Parser, text: &Text, output: &mut Output<'_>) -> Result<Status, Failure> {
    match parser.next()? {
        Some(Value(name)) => match name.to_str() {
            Some("trace") => trace::run(parser, text, output),
            Some("ledger") => ledger::run(parser, text, output),
            Some("render") => render::run(parser, text, output),
            Some("sh") => sh::run(parser, text, output),
            Some("help") => help("cli-help", text, output),
            _ => Err(Usage::UnknownCommand(name.to_string_lossy().into_owned()).into()),
        },
        Some(Short('h') | Long("help")) => help("cli-help", text, output),
        Some(Short('V') | Long("version")) => version(text, output),
        Some(other) => Err(other.unexpected().into()),
        None => Err(Usage::NoCommand.into()),
    }
}

/// Prints a help text.
fn help(id: &str, text: &Text, output: &mut Output<'_>) -> Result<Status, Failure> {
    output.print(&format!("{}\n", text.get(id)))?;
    Ok(Status::Done)
}

fn version(text: &Text, output: &mut Output<'_>) -> Result<Status, Failure> {
    let args = Args::new().text("version", env!("CARGO_PKG_VERSION"));
    output.print(&format!("{}\n", text.format("cli-version", &args)))?;
    Ok(Status::Done)
}
