//! JSON as `az` prints it: two blanks a level, keys in order. And YAML, tables and tab-separated values of the same.
//! Source: Microsoft/knack `knack/output.py`.

use super::table::az_table;
use serde_json::Value;

/// Prints a value in one of the formats of `-o`; `None` for a format that there is not.
pub(super) fn print(value: &Value, format: &str) -> Option<String> {
    Some(match format {
        "json" | "jsonc" => pretty(value) + "\n",
        "yaml" | "yamlc" => yaml(value, 0),
        "tsv" => tsv(value),
        "table" => table(value),
        "none" => String::new(),
        _ => return None,
    })
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

fn tsv(value: &Value) -> String {
    let row = |item: &Value| match item {
        Value::Object(fields) => fields.values().map(cell).collect::<Vec<_>>().join("\t"),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join("\t"),
        other => plain(other),
    };
    match value {
        Value::Array(items) => items.iter().map(|item| row(item) + "\n").collect(),
        Value::Null => String::new(),
        other => row(other) + "\n",
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Array(items) => items.len().to_string(),
        Value::Object(_) => String::new(),
        other => plain(other),
    }
}

/// Fields that a table leaves out.
const SKIPPED: [&str; 4] = ["id", "type", "etag", "revision"];

/// One row an object; only fields that are no lists and no objects, under their names with a capital letter.
fn table(value: &Value) -> String {
    let items: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Null => return String::new(),
        other => vec![other],
    };
    let mut captions: Vec<&str> = Vec::new();
    for fields in items.iter().filter_map(|item| item.as_object()) {
        for (name, field) in fields {
            let shown = !field.is_array() && !field.is_object() && !field.is_null();
            if shown && !SKIPPED.contains(&name.as_str()) && !captions.contains(&name.as_str()) {
                captions.push(name);
            }
        }
    }
    if captions.is_empty() {
        let rows: Vec<Vec<String>> = items.iter().map(|item| vec![plain(item)]).collect();
        return az_table(&["Result".to_owned()], &rows);
    }
    let row = |item: &&Value| captions.iter().map(|name| item.get(name).map_or_else(String::new, plain)).collect();
    let rows: Vec<Vec<String>> = items.iter().map(row).collect();
    let captions: Vec<String> = captions.iter().map(|name| capital(name)).collect();
    az_table(&captions, &rows)
}

fn capital(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn yaml(value: &Value, level: usize) -> String {
    let pad = "  ".repeat(level);
    let scalar = |value: &Value| match value {
        Value::Null => "null".to_owned(),
        Value::Bool(on) => on.to_string(),
        Value::String(text) if text.is_empty() => "''".to_owned(),
        Value::Array(_) => "[]".to_owned(),
        Value::Object(_) => "{}".to_owned(),
        other => plain(other),
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
                    format!("{pad}{name}:\n{}", yaml(field, below))
                } else {
                    format!("{pad}{name}: {}\n", scalar(field))
                }
            })
            .collect(),
        Value::Array(items) => items
            .iter()
            .map(|item| {
                if nested(item) {
                    let text = yaml(item, level + 1);
                    format!("{pad}- {}", text.trim_start())
                } else {
                    format!("{pad}- {}\n", scalar(item))
                }
            })
            .collect(),
        other => format!("{pad}{}\n", scalar(other)),
    }
}
