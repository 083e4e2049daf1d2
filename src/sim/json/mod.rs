//! JSON as scenario files use it. The reader is our own: the reader of `serde_json` compiles every type of an action
//! for three shapes of JSON where one is written, which costs ten times as much over the wire. Text is written by
//! `serde_json`.

mod fields;
mod read;
mod value;

pub use fields::Fields;
pub use value::{Kind, Value};

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Display;

/// Why a text is not JSON, or not of the shape that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Bytes before the place where it was noticed.
    pub at: Option<usize>,
    pub detail: String,
}

impl Error {
    fn new(at: usize, detail: &str) -> Self {
        Self { at: Some(at), detail: detail.to_owned() }
    }

    /// The same error with its place, unless a part of this value has said a closer one.
    fn or_at(mut self, at: usize) -> Self {
        self.at = self.at.or(Some(at));
        self
    }

    /// Line and column of the place, both as `serde_json` counts them.
    pub fn place(&self, text: &str) -> (usize, usize) {
        let before = text.as_bytes().get(..self.at.unwrap_or(0)).unwrap_or(text.as_bytes());
        let mut place = (1, 0);
        for byte in before {
            place = if *byte == b'\n' { (place.0 + 1, 0) } else { (place.0, place.1 + 1) };
        }
        place
    }

    /// What is wrong and where.
    pub fn words(&self, text: &str) -> String {
        let (line, column) = self.place(text);
        format!("{} at line {line} column {column}", self.detail)
    }
}

/// Reads a text as JSON, whatever its shape.
pub fn parse(text: &str) -> Result<Value, Error> {
    read::Reader::new(text).document()
}

/// Reads a value of a type out of what was parsed.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, Error> {
    T::deserialize(value).map_err(|error| error.or_at(value.end))
}

/// Indented text of a value.
pub fn to_text(value: &impl Serialize) -> String {
    // Maps with keys that are not strings are the one thing that serde_json refuses; there are none.
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// The text in as few bytes as JSON takes: a second writer would cost as much over the wire as the first.
pub fn to_compact(value: &impl Serialize) -> String {
    let mut compact = to_text(value);
    let (mut quoted, mut escaped) = (false, false);
    compact.retain(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && quoted && !escaped;
        quoted ^= ends;
        quoted || !c.is_ascii_whitespace()
    });
    compact
}

impl Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::{Error, parse, to_compact, to_text};
    use serde_json::json;

    /// Shape and place of errors against `serde_json`, on texts cut off and texts bent at every byte.
    #[test]
    fn reads_what_serde_json_reads() {
        let text = r#"{ "a": [1, 20, 0, true, false, null, {}, []], "b\"\\\/\b\f\n\r\tä\u00e4\ud83d\ude00": "x" ,
            "c": {"d": -1.5e+3, "e": 0.25, "f": 18446744073709551615} } "#;
        let places = (0..text.len()).filter(|at| text.is_char_boundary(*at));
        for at in places {
            check(&text[..at]);
            for bad in ["\"", "{", "}", "[", "]", ",", ":", "0", "-", "\\", "n", "\u{1}"] {
                check(&format!("{}{bad}{}", &text[..at], &text[at..]));
            }
        }
        check(text);
        check(&"[".repeat(100_000));
    }

    fn check(text: &str) {
        let theirs = serde_json::from_str::<serde_json::Value>(text);
        let ours = parse(text);
        assert_eq!(ours.is_ok(), theirs.is_ok(), "{text}: {ours:?}, {theirs:?}");
        if let (Err(ours), Err(theirs)) = (ours, theirs) {
            assert_eq!(ours.place(text).0, theirs.line(), "{text}: {ours:?}, {theirs:?}");
        }
    }

    #[test]
    fn errors_are_placed_where_the_text_goes_wrong() {
        let place = |text: &str| parse(text).map_err(|error: Error| error.place(text));
        assert_eq!(place(""), Err((1, 0)));
        assert_eq!(place("{\n  \"seed\": ,\n}"), Err((2, 11)));
    }

    #[test]
    fn compact_text_says_the_same() {
        let value = json!({ "a b": ["\" \\\" \\\\", "c  \n d", 1, null], "e": { "f": [] } });
        assert_eq!(to_compact(&value), serde_json::to_string(&value).unwrap());
        assert_eq!(to_text(&value), serde_json::to_string_pretty(&value).unwrap());
    }
}
