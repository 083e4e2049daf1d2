//! `podhop sh`: runs a script of terminal commands and prints what the terminal prints.

use super::failure::{Failure, Usage};
use super::output::Output;
use super::{Status, args, help, scenario};
use crate::session::Session;
use crate::shell::Shell;
use crate::text::Text;
use lexopt::Parser;
use lexopt::prelude::{Long, Short, Value};
use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;

#[derive(Default)]
struct Options {
    file: Option<PathBuf>,
    scenario: Option<PathBuf>,
    seed: u64,
    keep_going: bool,
}

pub(super) fn run(mut parser: Parser, text: &Text, output: &mut Output<'_>) -> Result<Status, Failure> {
    let Some(options) = read(&mut parser)? else { return help("cli-help-sh", text, output) };
    let script = source(options.file.as_ref())?;
    let session = match &options.scenario {
        Some(file) => scenario::load(file)?,
        None => Session::new(options.seed),
    };
    let mut shell = Shell::new(session);
    let (commands, error) = Shell::lines(&script);
    let mut status = Status::Done;
    for command in &commands.0 {
        let done = shell.run_item(command);
        let (first, then) = if shell.own.says_first() { (&done.err, &done.out) } else { (&done.out, &done.err) };
        output.print(first)?;
        output.print(then)?;
        if done.status != 0 {
            status = Status::No;
            if !options.keep_going {
                break;
            }
        }
    }
    if let Some(error) = error.filter(|_| options.keep_going || status == Status::Done) {
        output.print(&format!("{}\n", error.text()))?;
        status = Status::No;
    }
    Ok(status)
}

/// Reads the options; `None` when help is asked for.
fn read(parser: &mut Parser) -> Result<Option<Options>, Usage> {
    let mut options = Options::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("scenario") => options.scenario = Some(args::path(parser)?),
            Long("seed") => options.seed = args::number(parser, "--seed", 0..=u64::MAX)?,
            Long("keep-going") => options.keep_going = true,
            Short('h') | Long("help") => return Ok(None),
            Value(file) if options.file.is_none() => options.file = Some(file.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some(options))
}

/// The script: a file, or standard input without one.
fn source(file: Option<&PathBuf>) -> Result<String, Failure> {
    if let Some(file) = file.filter(|f| f.as_os_str() != "-") {
        return fs::read_to_string(file).map_err(|error| Failure::Read { file: file.clone(), error });
    }
    let mut script = String::new();
    let read = io::stdin().read_to_string(&mut script);
    read.map(|_| script).map_err(|error| Failure::Read { file: "-".into(), error })
}
