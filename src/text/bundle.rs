//! The messages of one language, with English behind it.

use super::args::Args;
use super::fragment::{Fragment, plain};
use super::resolve::resolve;
use crate::sim::order::sort_by_key;
use fluent_syntax::ast::{Attribute, Entry, Expression, Identifier, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser::{ParserError, parse_runtime};
use std::rc::Rc;

/// Words of the first screen, which are there before all others: what the drawing and the stepping say. Each stands on one
/// line and has no choices, since Fluent's parser comes later; the file is part of the first download and has no comments.
const FIRST: &str = include_str!("../../static/i18n/en/lab.ftl");
const ENGLISH: [&str; 5] = [
    FIRST,
    include_str!("../../static/i18n/en/explain.ftl"),
    include_str!("../../static/i18n/en/error.ftl"),
    include_str!("../../static/i18n/en/names.ftl"),
    include_str!("../../static/i18n/en/ui.ftl"),
];

/// Why a source of messages is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextError {
    /// Number of the source, from 0.
    pub source: usize,
    /// Position of the first fault in bytes.
    pub at: usize,
    /// The parser's word.
    pub detail: String,
}

/// The messages of a language. A copy is cheap.
#[derive(Clone, Debug)]
pub struct Text(Rc<Bundle>);

#[derive(Debug)]
pub(super) struct Bundle {
    locale: Box<str>,
    /// By `message`, `message.attribute` and `-term`.
    patterns: Patterns,
    fallback: Option<Text>,
}

impl PartialEq for Text {
    /// Whether both are copies of one.
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Text {
    /// English, which is compiled in.
    pub fn english() -> Self {
        Self::compiled_in(parse(&ENGLISH).unwrap_or_else(|(patterns, _)| patterns))
    }

    /// English as far as the first screen needs it. Who says no more than this leaves the other words to the file that
    /// comes after the first screen.
    pub fn first() -> Self {
        Self::compiled_in(plain_lines(FIRST))
    }

    fn compiled_in(patterns: Patterns) -> Self {
        Self(Rc::new(Bundle { locale: "en".into(), patterns, fallback: None }))
    }

    /// These words and more, of the same language and compiled in.
    #[must_use]
    pub fn with(&self, sources: &[&str]) -> Self {
        let patterns = parse(sources).unwrap_or_else(|(patterns, _)| patterns);
        Self(Rc::new(Bundle { locale: self.locale().into(), patterns, fallback: Some(self.clone()) }))
    }

    /// A language from its sources; what they lack is said in English.
    pub fn new(locale: &str, sources: &[&str]) -> Result<Self, TextError> {
        let patterns = parse(sources).map_err(|(_, error)| error)?;
        Ok(Self(Rc::new(Bundle { locale: locale.into(), patterns, fallback: Some(Self::english()) })))
    }

    /// Its tag, as in `lang` of HTML.
    pub fn locale(&self) -> &str {
        &self.0.locale
    }

    /// Ids of all messages of this language itself.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.patterns.iter().map(|(id, _)| id.as_ref())
    }

    /// Whether there is such a message, here or in English.
    pub fn has(&self, id: &str) -> bool {
        self.find(id).is_some()
    }

    /// A message as a string; one that is missing is its own id.
    pub fn format(&self, id: &str, args: &Args) -> String {
        plain(&self.rich(id, args))
    }

    /// A message without values.
    pub fn get(&self, id: &str) -> String {
        self.format(id, &Args::new())
    }

    /// A message in pieces; one that is missing is its own id.
    pub fn rich(&self, id: &str, args: &Args) -> Vec<Fragment> {
        resolve(self, id, args)
    }

    /// The pattern of a message, and the language that has it.
    pub(super) fn find(&self, id: &str) -> Option<(&Pattern<String>, &Text)> {
        match self.0.patterns.binary_search_by(|(own, _)| own.as_ref().cmp(id)) {
            Ok(at) => Some((&self.0.patterns.get(at)?.1, self)),
            Err(_) => self.0.fallback.as_ref()?.find(id),
        }
    }
}

/// In the order of their ids.
type Patterns = Vec<(Rc<str>, Pattern<String>)>;

fn in_order(mut patterns: Patterns) -> Patterns {
    sort_by_key(&mut patterns, |(id, _)| Rc::clone(id));
    patterns
}

/// Reads messages and attributes that stand on one line and have nothing in them but variables.
fn plain_lines(source: &str) -> Patterns {
    let mut patterns = Patterns::new();
    let mut message = "";
    for (name, value) in source.lines().filter_map(|line| line.split_once('=')) {
        let name = name.trim_end();
        let id = match name.trim_start().strip_prefix('.') {
            Some(attribute) => format!("{message}.{attribute}"),
            None => name.to_owned(),
        };
        if name.starts_with(char::is_alphabetic) {
            message = name;
        }
        patterns.push((id.into(), plain_line(value.trim_start())));
    }
    in_order(patterns)
}

fn plain_line(value: &str) -> Pattern<String> {
    let mut elements = Vec::new();
    for (at, part) in value.split('{').enumerate() {
        let (variable, text) = if at == 0 { ("", part) } else { part.split_once('}').unwrap_or((part, "")) };
        if !variable.is_empty() {
            let id = Identifier { name: variable.trim_matches([' ', '$']).to_owned() };
            let expression = Expression::Inline(InlineExpression::VariableReference { id });
            elements.push(PatternElement::Placeable { expression });
        }
        if !text.is_empty() {
            elements.push(PatternElement::TextElement { value: text.to_owned() });
        }
    }
    Pattern { elements }
}

/// What could be read, and the first fault.
fn parse(sources: &[&str]) -> Result<Patterns, (Patterns, TextError)> {
    let mut patterns = Patterns::new();
    let mut fault = None;
    for (source, text) in sources.iter().enumerate() {
        let resource = parse_runtime((*text).to_owned()).unwrap_or_else(|(resource, errors)| {
            fault = fault.take().or_else(|| errors.first().map(|e| text_error(source, e)));
            resource
        });
        for entry in resource.body {
            add(&mut patterns, entry);
        }
    }
    let patterns = in_order(patterns);
    match fault {
        Some(fault) => Err((patterns, fault)),
        None => Ok(patterns),
    }
}

fn text_error(source: usize, error: &ParserError) -> TextError {
    TextError { source, at: error.pos.start, detail: error.kind.to_string() }
}

fn add(patterns: &mut Patterns, entry: Entry<String>) {
    let (id, value, attributes) = match entry {
        Entry::Message(message) => (message.id.name, message.value, message.attributes),
        Entry::Term(term) => (format!("-{}", term.id.name), Some(term.value), term.attributes),
        _ => return,
    };
    for Attribute { id: attribute, value } in attributes {
        patterns.push((format!("{id}.{}", attribute.name).into(), value));
    }
    if let Some(value) = value {
        patterns.push((id.into(), value));
    }
}

#[cfg(test)]
mod tests {
    use super::{FIRST, parse, plain_lines};

    /// The words of the first screen are such that both readers read the same.
    #[test]
    fn the_first_words_are_plain_lines() {
        assert_eq!(plain_lines(FIRST), parse(&[FIRST]).unwrap());
    }
}
