//! Why a command cannot be done, as data and in words.

use crate::session::ReplayError;
use crate::sim::action::error::ActionError;
use crate::sim::scenario::ScenarioError;
use crate::sim::world::World;
use crate::text::{self, Args, Text};
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

/// Why a command cannot be done.
#[derive(Debug)]
pub(super) enum Failure {
    Usage(Usage),
    /// A file that cannot be read.
    Read {
        file: PathBuf,
        error: io::Error,
    },
    /// A file or standard output that cannot be written.
    Write {
        file: Option<PathBuf>,
        error: io::Error,
    },
    /// What reads the output has gone.
    PipeClosed,
    /// A file that is no scenario.
    Scenario {
        file: PathBuf,
        error: ScenarioError,
    },
    /// A scenario with an action that cannot be done.
    Replay {
        file: PathBuf,
        error: ReplayError,
    },
    /// The packet cannot be sent.
    Send {
        error: ActionError,
        world: Box<World>,
    },
    /// No interface of that name at a host.
    NoSuchDevice {
        host: String,
        dev: String,
        there: Vec<String>,
    },
    /// A capture point that nothing but an address names, or a host that is not there.
    NoSuchPoint {
        error: ActionError,
        world: Box<World>,
    },
    NoSuchStep {
        step: usize,
        last: usize,
    },
}

/// What is wrong with the command line itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Usage {
    NoCommand,
    UnknownCommand(String),
    UnknownOption(String),
    UnexpectedArgument(String),
    MissingValue {
        option: String,
    },
    UnexpectedValue {
        option: String,
        value: String,
    },
    NotUnicode {
        value: OsString,
    },
    NotANumber {
        option: &'static str,
        value: String,
        min: u64,
        max: u64,
    },
    NotAChoice {
        option: &'static str,
        value: String,
        choices: Vec<&'static str>,
    },
    NotAStep {
        option: &'static str,
        value: String,
    },
    Missing {
        option: &'static str,
    },
    /// An option that needs another to have a certain value.
    OnlyWith {
        option: &'static str,
        with: &'static str,
    },
    BadPoint {
        value: String,
    },
}

impl From<Usage> for Failure {
    fn from(usage: Usage) -> Self {
        Self::Usage(usage)
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self::Usage(error.into())
    }
}

impl From<lexopt::Error> for Usage {
    fn from(error: lexopt::Error) -> Self {
        match error {
            lexopt::Error::MissingValue { option } => Self::MissingValue { option: option.unwrap_or_default() },
            lexopt::Error::UnexpectedOption(option) => Self::UnknownOption(option),
            lexopt::Error::UnexpectedValue { option, value } => {
                Self::UnexpectedValue { option, value: value.to_string_lossy().into_owned() }
            }
            lexopt::Error::NonUnicodeValue(value) => Self::NotUnicode { value },
            lexopt::Error::UnexpectedArgument(value) => Self::UnexpectedArgument(value.to_string_lossy().into_owned()),
            // The parser is never asked to parse values or to make errors of its own.
            other => Self::UnexpectedArgument(other.to_string()),
        }
    }
}

impl Failure {
    /// The failure as it is told on standard error.
    pub(super) fn words(&self, text: &Text) -> String {
        match self {
            Self::Usage(usage) => text.format("cli-see-help", &Args::new().text("why", usage.words(text))),
            Self::Read { file, error } => {
                text.format("cli-read", &Args::new().code("file", file.display()).text("why", error))
            }
            Self::Write { file: Some(file), error } => {
                text.format("cli-write", &Args::new().code("file", file.display()).text("why", error))
            }
            Self::Write { file: None, error } => text.format("cli-write.stdout", &Args::new().text("why", error)),
            Self::PipeClosed => text.get("cli-pipe"),
            Self::Scenario { file, error } => in_file(text, &place(file, error), &text::scenario_error(text, error)),
            Self::Replay { file, error } => {
                in_file(text, &file.display().to_string(), &text::replay_error(text, error))
            }
            Self::Send { error, world } => {
                text.format("cli-send", &Args::new().text("why", text::error(text, error, world)))
            }
            Self::NoSuchDevice { host, dev, there } => {
                let args = Args::new().code("host", host).code("dev", dev).text("there", there.join(", "));
                text.format("cli-no-device", &args)
            }
            Self::NoSuchPoint { error, world } => {
                text.format("cli-point", &Args::new().text("why", text::error(text, error, world)))
            }
            Self::NoSuchStep { step, last } => {
                text.format("cli-no-step", &Args::new().count("step", *step).count("last", *last))
            }
        }
    }
}

fn in_file(text: &Text, place: &str, why: &str) -> String {
    text.format("cli-in-file", &Args::new().code("place", place).text("why", why))
}

/// `FILE:LINE:COLUMN` as compilers write it, where there is a line.
fn place(file: &std::path::Path, error: &ScenarioError) -> String {
    match error {
        ScenarioError::Malformed { line, column, .. } => format!("{}:{line}:{column}", file.display()),
        ScenarioError::UnknownSchema { .. } | ScenarioError::TooLong { .. } => file.display().to_string(),
    }
}

impl Usage {
    fn words(&self, text: &Text) -> String {
        let (id, args) = match self {
            Self::NoCommand => ("cli-no-command", Args::new()),
            Self::UnknownCommand(name) => ("cli-unknown-command", Args::new().code("name", name)),
            Self::UnknownOption(option) => ("cli-unknown-option", Args::new().code("option", option)),
            Self::UnexpectedArgument(value) => ("cli-unexpected-argument", Args::new().code("value", value)),
            Self::MissingValue { option } => ("cli-missing-value", Args::new().code("option", option)),
            Self::UnexpectedValue { option, value } => {
                ("cli-unexpected-value", Args::new().code("option", option).code("value", value))
            }
            Self::NotUnicode { value } => ("cli-not-unicode", Args::new().code("value", value.to_string_lossy())),
            Self::NotANumber { option, value, min, max } => {
                let args = Args::new().code("option", option).code("value", value);
                ("cli-not-a-number", args.text("min", min).text("max", max))
            }
            Self::NotAChoice { option, value, choices } => {
                let args = Args::new().code("option", option).code("value", value);
                ("cli-not-a-choice", args.text("choices", choices.join(", ")))
            }
            Self::NotAStep { option, value } => {
                ("cli-not-a-step", Args::new().code("option", option).code("value", value))
            }
            Self::Missing { option } => ("cli-missing", Args::new().code("option", option)),
            Self::OnlyWith { option, with } => ("cli-only-with", Args::new().code("option", option).code("with", with)),
            Self::BadPoint { value } => ("cli-bad-point", Args::new().code("value", value)),
        };
        text.format(id, &args)
    }
}
