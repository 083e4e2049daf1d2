//! Why a file is no scenario, for those who wrote it: where, in which action and field, and what stands there. The reader
//! of JSON says what it met in the fixed forms of serde; their parts are taken out here, and the words are ours.

use super::scenario_error;
use crate::sim::json::{self, Kind, Value};
use crate::sim::scenario::ScenarioError;
use crate::text::args::Args;
use crate::text::bundle::Text;

/// Most names that are listed where none is near.
const LISTED: usize = 6;

/// Why the text of a file is no scenario.
pub fn file_error(text: &Text, error: &ScenarioError, source: &str) -> String {
    let ScenarioError::Malformed { line, column, detail } = error else { return scenario_error(text, error) };
    let detail = detail.rsplit_once(" at line ").map_or(detail.as_str(), |(detail, _)| detail);
    let at = offset(source, *line, *column);
    let ended = source.get(at..).is_none_or(|rest| rest.trim().is_empty());
    let what = if ended && json::parse(source).is_err() { text.get("file-syntax.end") } else { what(text, detail) };
    let args = Args::new().count("line", *line).count("column", *column).text("what", what);
    match place(source, at) {
        Some(Place { action, code, field: Some(field) }) => {
            let args = args.count("n", action).code("code", code).code("field", field);
            text.format("file-malformed.field", &args)
        }
        Some(Place { action, code, field: None }) => {
            text.format("file-malformed.action", &args.count("n", action).code("code", code))
        }
        None => text.format("file-malformed", &args),
    }
}

/// The names between backquotes, in order.
fn quoted(detail: &str) -> Vec<&str> {
    detail.split('`').skip(1).step_by(2).collect()
}

fn what(text: &Text, detail: &str) -> String {
    let names = quoted(detail);
    let found = names.first().copied().unwrap_or_default();
    let of_found = |id: &str| text.format(id, &Args::new().code("found", found));
    match detail {
        d if d.starts_with("unknown variant") => unknown(text, "file-unknown-variant", &names),
        d if d.starts_with("unknown field") => unknown(text, "file-unknown-field", &names),
        d if d.starts_with("missing field") => of_found("file-missing-field"),
        d if d.starts_with("duplicate field") => of_found("file-duplicate-field"),
        "trailing characters" => text.get("file-syntax.after"),
        "trailing comma" => text.get("file-syntax.comma"),
        "key must be a string" => text.get("file-syntax.key"),
        "expected value" | "expected ident" => text.get("file-syntax.value"),
        d if d.starts_with("expected `") => {
            text.format("file-syntax.sign", &Args::new().text("signs", names.join(" ")))
        }
        d if d.starts_with("invalid type: ") || d.starts_with("invalid value: ") => wrong(text, d),
        other => text.format("file-syntax", &Args::new().text("detail", other)),
    }
}

/// A name that nothing has; the first is what was found, the others are those that can stand there.
fn unknown(text: &Text, id: &str, names: &[&str]) -> String {
    let (found, known) = names.split_first().map_or(("", names), |(found, known)| (*found, known));
    let args = Args::new().code("found", found);
    let near = known.iter().map(|name| (distance(found, name), *name)).min();
    match near.filter(|(far, _)| *far <= found.chars().count().div_ceil(3)) {
        Some((_, near)) => text.format(&format!("{id}.near"), &args.code("near", near)),
        None if (1..=LISTED).contains(&known.len()) => {
            text.format(&format!("{id}.known"), &args.text("known", known.join(", ")))
        }
        None => text.format(id, &args),
    }
}

/// "invalid type: FOUND, expected WANTED".
fn wrong(text: &Text, detail: &str) -> String {
    let (_, rest) = detail.split_once(": ").unwrap_or(("", detail));
    let (found, wanted) = rest.rsplit_once(", expected ").unwrap_or((rest, ""));
    let found_kind = match found {
        "null" => "nothing",
        "sequence" => "list",
        "map" => "object",
        f if f.starts_with("boolean") => "switch",
        f if f.starts_with("integer") || f.starts_with("number") => "number",
        _ => "text",
    };
    let wanted_kind = match wanted {
        "u8" | "u16" | "u32" | "u64" | "usize" => "number",
        "a boolean" => "switch",
        "a sequence" | "an array" => "list",
        "a string" | "string" | "str" | "a borrowed string" => "text",
        w if w.starts_with("struct") || w.starts_with("a map") || w == "map" => "object",
        "one variant" | "unit variant" => "name",
        _ => "other",
    };
    let value = found.split(['`', '"']).nth(1).unwrap_or_default();
    let args = Args::new().text("found", found_kind).text("wanted", wanted_kind).text("exactly", wanted);
    text.format("file-wrong-type", &args.code("value", value).text("has", if value.is_empty() { "no" } else { "yes" }))
}

/// Bytes before a place.
fn offset(source: &str, line: usize, column: usize) -> usize {
    let before: usize = source.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    before + column
}

/// Where in a scenario: the action by its number, and the field of it.
struct Place {
    action: usize,
    code: String,
    field: Option<String>,
}

/// The action at a place, where the text is JSON and the place is within one.
fn place(source: &str, at: usize) -> Option<Place> {
    let whole = json::parse(source).ok()?;
    let Kind::List(actions) = &entry(&whole, "actions")?.kind else { return None };
    let (number, action) = actions.iter().enumerate().find(|(_, action)| at <= action.end)?;
    let (number, first) = (number + 1, number.checked_sub(1).map_or(0, |before| actions[before].end));
    let Kind::Map(entries) = &action.kind else { return None };
    let (key, content) = entries.first().filter(|_| at >= first)?;
    let code = name(key)?.to_owned();
    let field = match &content.kind {
        Kind::Map(fields) if at < content.end => {
            fields.iter().find(|(_, value)| at <= value.end).and_then(|(key, _)| name(key)).map(str::to_owned)
        }
        _ => None,
    };
    Some(Place { action: number, code, field })
}

fn entry<'a>(value: &'a Value, wanted: &str) -> Option<&'a Value> {
    let Kind::Map(entries) = &value.kind else { return None };
    entries.iter().find(|(key, _)| name(key) == Some(wanted)).map(|(_, value)| value)
}

fn name(key: &Value) -> Option<&str> {
    if let Kind::Text(name) = &key.kind { Some(name) } else { None }
}

/// Letters to change, add or leave out to make one name of the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (n, from) in a.chars().enumerate() {
        let mut corner = n;
        row[0] = n + 1;
        for (m, to) in b.chars().enumerate() {
            let change = corner + usize::from(from != to);
            corner = row[m + 1];
            row[m + 1] = change.min(row[m] + 1).min(corner + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}
