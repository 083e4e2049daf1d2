//! JSON as `az` prints it: two blanks a level, keys in order. And YAML, tables and tab-separated values of the same.
//! Source: Microsoft/knack `knack/output.py`.

use super::table::az_table;
use serde_json::{Map, Value};

/// Prints a value in one of the formats of `-o`, with some fields first in those whose columns have an order, as a query
/// names them; `None` for a format that there is not.
pub(super) fn print_in_order(value: &Value, format: &str, order: &[&str]) -> Option<String> {
    Some(match format {
        "json" | "jsonc" => pretty(value) + "\n",
        "yaml" | "yamlc" => yaml(value, 0, false),
        "tsv" => tsv(value, order),
        "table" => table(value, order),
        "none" => String::new(),
        _ => return None,
    })
}

/// The value with the keys of every object in order: `serde_json` keeps the order in which they came, as `jq` does.
pub(super) fn in_key_order(mut value: Value) -> Value {
    value.sort_all_objects();
    value
}

pub(super) fn pretty(value: &Value) -> String {
    // A value always has a JSON form.
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// A value without quotes, as a cell or a line.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Bool(on) => if *on { "True" } else { "False" }.to_owned(),
        other => other.to_string(),
    }
}

fn in_order<'a>(fields: &'a Map<String, Value>, order: &[&str]) -> Vec<(&'a String, &'a Value)> {
    let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
    fields.sort_by_key(|(name, _)| order.iter().position(|o| o == name).unwrap_or(order.len()));
    fields
}

fn tsv(value: &Value, order: &[&str]) -> String {
    let row = |item: &Value| match item {
        Value::Object(fields) => {
            in_order(fields, order).into_iter().map(|(_, v)| cell(v)).collect::<Vec<_>>().join("\t")
        }
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join("\t"),
        Value::Bool(on) => on.to_string(),
        other => cell(other),
    };
    match value {
        Value::Array(items) => items.iter().map(|item| row(item) + "\n").collect(),
        other => row(other) + "\n",
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Array(items) => items.len().to_string(),
        Value::Object(_) => String::new(),
        Value::Null => "None".to_owned(),
        other => plain(other),
    }
}

/// Fields that a table leaves out.
const SKIPPED: [&str; 3] = ["id", "type", "etag"];
/// Columns that a list becomes, at most: no screen is wider.
const MAX_COLUMNS: usize = 256;

/// One row an object, a list or a value. Where there is no column, one empty line is left.
fn table(value: &Value, order: &[&str]) -> String {
    let items = if let Value::Array(items) = value { items.as_slice() } else { std::slice::from_ref(value) };
    let rows: Vec<Vec<(String, String)>> = items.iter().map(|item| columns(item, order)).collect();
    let mut captions: Vec<String> = Vec::new();
    for (caption, _) in rows.iter().flatten() {
        if !captions.contains(caption) {
            captions.push(caption.clone());
        }
    }
    let found = |row: &[(String, String)], caption: &String| {
        row.iter().find(|(own, _)| own == caption).map_or_else(String::new, |(_, cell)| cell.clone())
    };
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| captions.iter().map(|caption| found(row, caption)).collect()).collect();
    if captions.is_empty() { "\n".to_owned() } else { az_table(&captions, &rows) }
}

/// The cells of a row with their captions: of an object those fields that are no lists and no objects, under their names
/// with a capital letter.
fn columns(item: &Value, order: &[&str]) -> Vec<(String, String)> {
    match item {
        Value::Object(fields) => {
            let shown = |(name, field): &(&String, &Value)| {
                !field.is_array() && !field.is_object() && !field.is_null() && !SKIPPED.contains(&name.as_str())
            };
            let fields = in_order(fields, order).into_iter().filter(shown);
            fields.map(|(name, field)| (capital(name), plain(field))).collect()
        }
        Value::Array(items) => {
            let items = items.iter().take(MAX_COLUMNS).enumerate();
            items.map(|(at, item)| (format!("Column{}", at + 1), plain(item))).collect()
        }
        other => vec![("Result".to_owned(), plain(other))],
    }
}

fn capital(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// As `kubectl` writes YAML: texts that would be read as something else are in double quotes.
/// Source: kubernetes-sigs/yaml, over go-yaml.
pub(super) fn kube_yaml(value: &Value) -> String {
    yaml(value, 0, true)
}

/// Whether a text without quotes would be read as a number, a date, a truth or nothing.
fn reads_otherwise(text: &str) -> bool {
    let word = matches!(
        text.to_lowercase().as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "~" | "y" | "n" | "nan" | "inf" | ""
    );
    let dashes = |(at, b): (usize, &u8)| if matches!(at, 4 | 7) { *b == b'-' } else { b.is_ascii_digit() };
    let date = text.len() >= 10 && text.as_bytes()[..10].iter().enumerate().all(dashes);
    word || date || text.parse::<f64>().is_ok()
}

/// Whether it has a sign that means something at its place.
fn has_sign(text: &str) -> bool {
    const FIRST: &[char] = &['*', '&', '!', '%', '@', '`', '[', ']', '{', '}', '#', '|', '>', '"', '\'', ',', ' ', '?'];
    text.starts_with(FIRST)
        || text.starts_with("- ")
        || text.contains(": ")
        || text.contains(" #")
        || text.ends_with([':', ' '])
}

/// A text in the quotes that it needs, from a column on; of `kubectl`'s YAML, long ones go on in the next line.
fn quoted(text: &str, kube: bool, column: usize, level: usize) -> String {
    if reads_otherwise(text) {
        return if kube { format!("\"{text}\"") } else { format!("'{text}'") };
    }
    let inner = if has_sign(text) { format!("'{}'", text.replace('\'', "''")) } else { text.to_owned() };
    if kube { folded(&inner, column, level) } else { inner }
}

/// A blank behind the eightieth column ends a line. Source: go-yaml `emitterc.go` (`best_width`).
fn folded(text: &str, column: usize, level: usize) -> String {
    const WIDTH: usize = 80;
    let (mut out, mut at) = (String::new(), column);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == ' ' && at > WIDTH && chars.peek().is_some_and(|next| *next != ' ') {
            let blanks = "  ".repeat(level + 1);
            out += &format!("\n{blanks}");
            at = blanks.len();
        } else {
            out.push(c);
            at += 1;
        }
    }
    out
}

fn yaml(value: &Value, level: usize, kube: bool) -> String {
    let pad = "  ".repeat(level);
    let scalar = |value: &Value, column: usize| match value {
        Value::Null => "null".to_owned(),
        Value::Bool(on) => on.to_string(),
        Value::String(text) => quoted(text, kube, column, level),
        Value::Array(_) => "[]".to_owned(),
        Value::Object(_) => "{}".to_owned(),
        Value::Number(number) => number.to_string(),
    };
    let nested = |value: &Value| match value {
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => false,
    };
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, field)| {
                let below = level + usize::from(!field.is_array());
                if nested(field) {
                    format!("{pad}{name}:\n{}", yaml(field, below, kube))
                } else {
                    format!("{pad}{name}: {}\n", scalar(field, pad.len() + name.len() + 2))
                }
            })
            .collect(),
        Value::Array(items) => items
            .iter()
            .map(|item| {
                if nested(item) {
                    let text = yaml(item, level + 1, kube);
                    format!("{pad}- {}", text.trim_start())
                } else {
                    format!("{pad}- {}\n", scalar(item, pad.len() + 2))
                }
            })
            .collect(),
        other => format!("{pad}{}\n", scalar(other, pad.len())),
    }
}
