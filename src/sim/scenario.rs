//! What is saved: the seed and the actions. The world follows from them.

use super::action::{self, Action};
use super::json;
use serde::{Deserialize, Serialize};

/// Number of the format. A change of the format gets a new number, and the reader of the old one stays.
pub const SCHEMA: u32 = 1;

/// A scenario file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Scenario {
    pub schema: u32,
    /// Where all chance comes from.
    pub seed: u64,
    pub actions: Vec<Action>,
}

/// Why a text is not a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScenarioError {
    /// Not JSON, or not of this shape; `detail` is the parser's word.
    Malformed {
        line: usize,
        column: usize,
        detail: String,
    },
    UnknownSchema {
        found: u32,
    },
    TooLong {
        bytes: usize,
        limit: usize,
    },
}

/// Longest text that is read: far above any real scenario.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

#[derive(Deserialize)]
struct Head {
    schema: u32,
}

impl Scenario {
    pub const fn new(seed: u64, actions: Vec<Action>) -> Self {
        Self { schema: SCHEMA, seed, actions }
    }

    /// Reads a scenario of any format that there ever was.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        if text.len() > MAX_BYTES {
            return Err(ScenarioError::TooLong { bytes: text.len(), limit: MAX_BYTES });
        }
        let malformed = |error: json::Error| malformed(text, &error);
        let value = json::parse(text).map_err(malformed)?;
        let head: Head = json::from_value(&value).map_err(malformed)?;
        match head.schema {
            SCHEMA => Self::read(&value).map_err(malformed),
            found => Err(ScenarioError::UnknownSchema { found }),
        }
    }

    fn read(value: &json::Value) -> Result<Self, json::Error> {
        let fields = json::Fields::of(value, &["schema", "seed", "actions"])?;
        let actions = fields.list("actions")?.iter().map(action::read).collect::<Result<_, _>>()?;
        Ok(Self { schema: fields.get("schema", None)?, seed: fields.get("seed", None)?, actions })
    }

    /// The scenario as a file, indented.
    pub fn to_text(&self) -> String {
        json::to_text(self)
    }

    /// The scenario in as few bytes as JSON takes.
    pub fn to_compact(&self) -> String {
        json::to_compact(self)
    }
}

fn malformed(text: &str, error: &json::Error) -> ScenarioError {
    let (line, column) = error.place(text);
    ScenarioError::Malformed { line, column, detail: error.words(text) }
}
