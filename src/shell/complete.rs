//! What Tab makes of a line.

use super::Terminal;
use crate::session::Session;

/// What the last word of a line may become.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Where the word begins, in bytes of the line.
    pub from: usize,
    /// All that it may become, sorted.
    pub words: Vec<String>,
}

impl Completion {
    /// The line with as much more as all words have in common; a blank behind the only one.
    pub fn grown(&self, line: &str) -> String {
        let Some(first) = self.words.first() else { return line.to_owned() };
        let same = |word: &String| first.bytes().zip(word.bytes()).take_while(|(a, b)| a == b).count();
        let length = self.words.iter().map(same).min().unwrap_or(0);
        let common = &first[..first.floor_char_boundary(length)];
        let end = if self.words.len() == 1 && !common.ends_with(['/', '=']) { " " } else { "" };
        format!("{}{common}{end}", &line[..self.from])
    }
}

/// Completes the end of a line.
pub fn complete(_terminal: &Terminal, _session: &Session, line: &str) -> Completion {
    Completion { from: line.len(), words: Vec::new() }
}
