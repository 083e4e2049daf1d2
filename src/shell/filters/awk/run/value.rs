//! Values of awk: each is a text and a number.

use super::super::number_len;
use crate::shell::format::Form;

#[derive(Clone, Debug, Default)]
pub(super) enum Value {
    /// Both nothing and 0.
    #[default]
    None,
    Number(f64),
    Text(String),
    /// From outside: a number where it looks like one.
    Read(String),
}

fn looks_like(text: &str) -> Option<f64> {
    let text = text.trim();
    let len = number_len(text);
    if len == text.len() { text.parse().ok() } else { None }
}

fn shown(number: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "whole and small")]
    if number.fract() == 0.0 && number.abs() < 1e15 { (number as i64).to_string() } else { Form::GENERAL.real(number) }
}
impl Value {
    pub(super) fn number(&self) -> f64 {
        match self {
            Self::None => 0.0,
            Self::Number(number) => *number,
            Self::Text(text) | Self::Read(text) => {
                let text = text.trim_start();
                text[..number_len(text)].parse().unwrap_or(0.0)
            }
        }
    }

    pub(super) fn text(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Number(number) => shown(*number),
            Self::Text(text) | Self::Read(text) => text.clone(),
        }
    }

    pub(super) fn holds(&self) -> bool {
        match self {
            Self::None => false,
            Self::Number(number) => *number != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::Read(text) => looks_like(text).map_or(!text.is_empty(), |number| number != 0.0),
        }
    }

    /// The number that it is compared as.
    pub(super) fn compared(&self) -> Option<f64> {
        match self {
            Self::None => Some(0.0),
            Self::Number(number) => Some(*number),
            Self::Text(_) => None,
            Self::Read(text) => looks_like(text),
        }
    }

    pub(super) fn order(&self, other: &Self) -> Option<std::cmp::Ordering> {
        match (self.compared(), other.compared()) {
            (Some(a), Some(b)) => a.partial_cmp(&b),
            _ => Some(self.text().cmp(&other.text())),
        }
    }
}
