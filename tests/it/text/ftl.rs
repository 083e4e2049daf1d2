//! Message files as the tests look at them.

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser::parse_runtime;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// What one message needs.
#[derive(Clone, Debug, Default)]
pub(super) struct Needs {
    pub(in crate::text) variables: BTreeSet<String>,
    pub(in crate::text) messages: BTreeSet<String>,
}

pub(super) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("static/i18n")
}

pub(super) fn locales() -> Vec<String> {
    let dirs = std::fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    dirs.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Files of a language: name and text.
pub(super) fn files(locale: &str) -> Vec<(String, String)> {
    let files = std::fs::read_dir(root().join(locale)).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(path).unwrap())
    };
    files.collect::<BTreeSet<_>>().into_iter().map(read).collect()
}

pub(super) fn file(locale: &str, name: &str) -> String {
    std::fs::read_to_string(root().join(locale).join(name)).unwrap()
}

/// Every message, attribute and term of a text, in its order.
pub(super) fn messages(text: &str) -> Vec<(String, Needs)> {
    let resource = parse_runtime(text.to_owned()).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
    let mut all = Vec::new();
    for entry in resource.body {
        let (id, value, attributes) = match entry {
            Entry::Message(m) => (m.id.name, m.value, m.attributes),
            Entry::Term(t) => (format!("-{}", t.id.name), Some(t.value), t.attributes),
            _ => continue,
        };
        all.extend(value.map(|value| (id.clone(), needs(&value))));
        all.extend(attributes.iter().map(|a| (format!("{id}.{}", a.id.name), needs(&a.value))));
    }
    all
}

/// Messages of all files of a language.
pub(super) fn all(locale: &str) -> BTreeMap<String, Needs> {
    files(locale).iter().flat_map(|(_, text)| messages(text)).collect()
}

fn needs(pattern: &Pattern<String>) -> Needs {
    let mut needs = Needs::default();
    walk(pattern, &mut needs);
    needs
}

fn walk(pattern: &Pattern<String>, needs: &mut Needs) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(inline) => note(inline, needs),
            Expression::Select { selector, variants } => {
                note(selector, needs);
                for variant in variants {
                    walk(&variant.value, needs);
                }
            }
        }
    }
}

fn note(inline: &InlineExpression<String>, needs: &mut Needs) {
    let mut reference = |sign: &str, id: &str, attribute: Option<&str>| {
        let id = attribute.map_or_else(|| format!("{sign}{id}"), |a| format!("{sign}{id}.{a}"));
        needs.messages.insert(id);
    };
    match inline {
        InlineExpression::VariableReference { id } => {
            needs.variables.insert(id.name.clone());
        }
        InlineExpression::MessageReference { id, attribute } => {
            reference("", &id.name, attribute.as_ref().map(|a| a.name.as_str()));
        }
        InlineExpression::TermReference { id, attribute, .. } => {
            reference("-", &id.name, attribute.as_ref().map(|a| a.name.as_str()));
        }
        _ => {}
    }
}

/// Variables of a message and of all that it refers to.
pub(super) fn variables(all: &BTreeMap<String, Needs>, id: &str) -> BTreeSet<String> {
    let Some(needs) = all.get(id) else { return BTreeSet::new() };
    let inner = needs.messages.iter().flat_map(|m| variables(all, m));
    needs.variables.iter().cloned().chain(inner).collect()
}

/// A language in which every message says its own id in brackets, then its values.
pub(super) fn pseudo(all: &BTreeMap<String, Needs>) -> String {
    let mut out = String::new();
    let mut last = "";
    for id in all.keys() {
        let (message, attribute) = id.split_once('.').map_or((id.as_str(), None), |(m, a)| (m, Some(a)));
        let values: Vec<String> = variables(all, id).iter().map(|v| format!("{{ ${v} }}")).collect();
        let pattern = format!("<{id}> {}", values.join(" "));
        let line = match attribute {
            None => format!("{message} = {pattern}\n"),
            Some(attribute) if message == last => format!("    .{attribute} = {pattern}\n"),
            Some(attribute) => format!("{message} =\n    .{attribute} = {pattern}\n"),
        };
        out.push_str(&line);
        last = message;
    }
    out
}

/// Ids in brackets in what a pseudo-language said.
pub(super) fn said(text: &str) -> impl Iterator<Item = String> {
    text.split('<').skip(1).filter_map(|rest| rest.split_once('>').map(|(id, _)| id.to_owned()))
}
