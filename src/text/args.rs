//! What a message is filled with.

use super::fragment::Fragment;
use crate::view::target::Target;

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    Text(String),
    /// A number that the language counts with and groups.
    Number(u64),
    /// An address, a device, a command.
    Code(String),
    Link {
        text: String,
        target: Target,
    },
    /// The id of a message that stands for the value.
    Word(&'static str),
    /// Words that were made before.
    Rich(Vec<Fragment>),
}

/// Values by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Args(Vec<(&'static str, Arg)>);

#[expect(clippy::needless_pass_by_value, reason = "callers give what they have, a reference or not")]
#[expect(clippy::return_self_not_must_use, reason = "values that are not used for a message are of no use at all")]
impl Args {
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    pub fn with(mut self, name: &'static str, value: Arg) -> Self {
        self.0.push((name, value));
        self
    }

    pub fn text(self, name: &'static str, value: impl ToString) -> Self {
        self.with(name, Arg::Text(value.to_string()))
    }

    pub fn code(self, name: &'static str, value: impl ToString) -> Self {
        self.with(name, Arg::Code(value.to_string()))
    }

    pub fn number(self, name: &'static str, value: impl Into<u64>) -> Self {
        self.with(name, Arg::Number(value.into()))
    }

    /// A number of things.
    pub fn count(self, name: &'static str, value: usize) -> Self {
        self.number(name, value as u64)
    }

    pub fn word(self, name: &'static str, id: &'static str) -> Self {
        self.with(name, Arg::Word(id))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Arg> {
        self.0.iter().rev().find(|(n, _)| *n == name).map(|(_, value)| value)
    }
}
