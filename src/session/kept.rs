//! A sitting as a browser keeps it: the scenario, where one looks, and which turns are taken back together.

use super::{Cursor, Session};
use crate::sim::json;
use serde::{Deserialize, Serialize};

/// A sitting that is kept. The scenario is a text in this text, because it has a reader of its own, which knows all
/// formats that there ever were. A field that came later may be missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    turn: usize,
    step: usize,
    /// Whether every step is shown, and not only decisions.
    pub every_step: bool,
    pub scenario: String,
    /// Numbers of the turns that are taken back together with the one before. Until it was there, none were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    joined: Vec<usize>,
}

impl Kept {
    pub fn of(session: &Session, every_step: bool) -> Self {
        let Cursor { turn, step } = session.cursor();
        let joined = session.turns().iter().enumerate().filter(|(_, turn)| turn.joined).map(|(at, _)| at).collect();
        Self { turn, step, every_step, scenario: session.scenario().to_compact(), joined }
    }

    /// Reads what was kept.
    pub fn parse(text: &str) -> Result<Self, json::Error> {
        json::from_value(&json::parse(text)?)
    }

    pub fn to_text(&self) -> String {
        json::to_compact(self)
    }

    /// Gives the session of the scenario what else was kept of it.
    pub fn restore(&self, session: &mut Session) {
        session.join(&self.joined);
        if !session.turns().is_empty() {
            session.seek(Cursor { turn: self.turn, step: self.step });
        }
    }
}
