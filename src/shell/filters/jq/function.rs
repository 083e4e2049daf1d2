//! Functions of jq by their names. Source: jq 1.6 manual, "Builtin operators and functions".

use super::{Filter, by_key, kind, named, order, plain, truthy};
use serde_json::{Map, Value, json};

/// Functions of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Length,
    Keys,
    Entries,
    Not,
    Add,
    Kind,
    First,
    Last,
    Reverse,
    Sort,
    Unique,
    Min,
    Max,
    Any,
    All,
    ToText,
    ToNumber,
    Lower,
    Upper,
    Tabs,
}

/// Functions of one value and what a filter makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FunctionOf {
    Has,
    Join,
    Split,
    Starts,
    Ends,
    Contains,
    /// Of each item: what the filter makes of it.
    By(By),
}

/// Functions of a list and what a filter makes of each item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Sort,
    Unique,
    Group,
    Min,
    Max,
    Any,
    All,
}

const FUNCTIONS: [(&str, Function); 19] = [
    ("length", Function::Length),
    ("keys", Function::Keys),
    ("to_entries", Function::Entries),
    ("not", Function::Not),
    ("add", Function::Add),
    ("type", Function::Kind),
    ("first", Function::First),
    ("last", Function::Last),
    ("reverse", Function::Reverse),
    ("sort", Function::Sort),
    ("unique", Function::Unique),
    ("min", Function::Min),
    ("max", Function::Max),
    ("any", Function::Any),
    ("all", Function::All),
    ("tostring", Function::ToText),
    ("tonumber", Function::ToNumber),
    ("ascii_downcase", Function::Lower),
    ("ascii_upcase", Function::Upper),
];

const FUNCTIONS_OF: [(&str, FunctionOf); 13] = [
    ("has", FunctionOf::Has),
    ("join", FunctionOf::Join),
    ("split", FunctionOf::Split),
    ("startswith", FunctionOf::Starts),
    ("endswith", FunctionOf::Ends),
    ("contains", FunctionOf::Contains),
    ("sort_by", FunctionOf::By(By::Sort)),
    ("unique_by", FunctionOf::By(By::Unique)),
    ("group_by", FunctionOf::By(By::Group)),
    ("min_by", FunctionOf::By(By::Min)),
    ("max_by", FunctionOf::By(By::Max)),
    ("any", FunctionOf::By(By::Any)),
    ("all", FunctionOf::By(By::All)),
];

fn of_name<T: Copy>(known: &[(&str, T)], name: &str) -> Option<T> {
    known.iter().find(|(own, _)| *own == name).map(|(_, found)| *found)
}

/// A list of the parts of a text.
pub(super) fn split(text: &str, by: &str) -> Value {
    match (text, by) {
        ("", _) => json!([]),
        (_, "") => text.chars().map(String::from).collect(),
        _ => text.split(by).collect(),
    }
}

/// Texts of the items, nothing of null.
fn texts(items: &[Value], by: &str) -> Value {
    items.iter().map(|i| if i.is_null() { String::new() } else { plain(i) }).collect::<Vec<_>>().join(by).into()
}

fn length(value: &Value) -> Result<Value, String> {
    Ok(match value {
        Value::Array(items) => items.len().into(),
        Value::Object(fields) => fields.len().into(),
        Value::String(text) => text.chars().count().into(),
        Value::Null => 0.into(),
        Value::Number(n) => n.as_i64().map_or_else(|| value.clone(), |n| n.saturating_abs().into()),
        Value::Bool(_) => return Err(format!("{} has no length", named(value))),
    })
}

/// Keys of an object in their order, or places in a list.
fn keys(value: &Value) -> Result<Value, String> {
    match value {
        Value::Object(fields) => Ok(by_key(fields).into_iter().map(|(key, _)| key.as_str()).collect()),
        Value::Array(items) => Ok((0..items.len()).map(Value::from).collect()),
        other => Err(format!("{} has no keys", named(other))),
    }
}

fn entries(fields: &Map<String, Value>) -> Value {
    fields.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect()
}

fn to_number(value: &Value) -> Result<Value, String> {
    match value {
        Value::Number(_) => Ok(value.clone()),
        Value::String(text) => match serde_json::from_str(text) {
            Ok(found @ Value::Number(_)) => Ok(found),
            _ => {
                Err(format!("Invalid numeric literal at EOF at line 1, column {} (while parsing '{text}')", text.len()))
            }
        },
        other => Err(format!("{} cannot be parsed as a number", named(other))),
    }
}

impl Function {
    pub(super) fn of_name(name: &str) -> Option<Self> {
        of_name(&FUNCTIONS, name)
    }

    pub(super) fn of(self, value: &Value) -> Result<Value, String> {
        match self {
            Self::Not => Ok((!truthy(value)).into()),
            Self::Kind => Ok(kind(value).into()),
            Self::ToText => Ok(plain(value).into()),
            Self::ToNumber => to_number(value),
            Self::Length => length(value),
            Self::Keys => keys(value),
            Self::Entries => match value {
                Value::Object(fields) => Ok(entries(fields)),
                other => Err(format!("{} has no keys", named(other))),
            },
            Self::Lower | Self::Upper => match value {
                Value::String(text) if self == Self::Lower => Ok(text.to_ascii_lowercase().into()),
                Value::String(text) => Ok(text.to_ascii_uppercase().into()),
                _ if self == Self::Lower => Err("ascii_downcase input must be a string".to_owned()),
                _ => Err("ascii_upcase input must be a string".to_owned()),
            },
            _ => match value {
                Value::Array(items) => self.of_list(items),
                other => Err(self.refusal(other)),
            },
        }
    }

    fn of_list(self, items: &[Value]) -> Result<Value, String> {
        Ok(match self {
            Self::Add => {
                let mut sum = Value::Null;
                for item in items {
                    sum = super::added(&sum, item)?;
                }
                sum
            }
            Self::First => items.first().cloned().unwrap_or(Value::Null),
            Self::Last => items.last().cloned().unwrap_or(Value::Null),
            Self::Reverse => items.iter().rev().cloned().collect(),
            Self::Any => items.iter().any(truthy).into(),
            Self::All => items.iter().all(truthy).into(),
            Self::Tabs => texts(items, "\t"),
            Self::Unique => By::Unique.of(&alone(items)),
            Self::Min => By::Min.of(&alone(items)),
            Self::Max => By::Max.of(&alone(items)),
            _ => By::Sort.of(&alone(items)),
        })
    }

    /// Of what is no list.
    fn refusal(self, value: &Value) -> String {
        match self {
            Self::First | Self::Last => format!("Cannot index {} with number", kind(value)),
            Self::Sort | Self::Unique => format!("{} cannot be sorted, as it is not an array", named(value)),
            Self::Tabs => format!("{} cannot be tsv-formatted, only an array can be", named(value)),
            _ => format!("Cannot iterate over {}", named(value)),
        }
    }
}

/// Items that are compared as they are.
fn alone(items: &[Value]) -> Vec<(Value, Value)> {
    items.iter().map(|item| (item.clone(), item.clone())).collect()
}

impl By {
    /// Items, each behind what it is compared by.
    fn of(self, keyed: &[(Value, Value)]) -> Value {
        let item = |found: Option<&(Value, Value)>| found.map_or(Value::Null, |(_, item)| item.clone());
        match self {
            // Of several the first is the smallest and the last the greatest.
            Self::Min => item(keyed.iter().min_by(|(a, _), (b, _)| order(a, b))),
            Self::Max => item(keyed.iter().max_by(|(a, _), (b, _)| order(a, b))),
            // What the filter made stands in a list.
            Self::Any => keyed.iter().any(|(by, _)| has(by)).into(),
            Self::All => keyed.iter().all(|(by, _)| has(by)).into(),
            Self::Sort | Self::Unique | Self::Group => {
                let mut sorted = keyed.to_vec();
                sorted.sort_by(|(a, _), (b, _)| order(a, b));
                let groups = sorted.chunk_by(|(a, _), (b, _)| order(a, b).is_eq());
                match self {
                    Self::Unique => groups.map(|group| item(group.first())).collect(),
                    Self::Group => groups.map(|g| g.iter().map(|(_, item)| item.clone()).collect::<Value>()).collect(),
                    _ => sorted.iter().map(|(_, item)| item.clone()).collect(),
                }
            }
        }
    }
}

/// Whether what a filter made of an item holds.
fn has(made: &Value) -> bool {
    made.as_array().is_some_and(|made| made.iter().any(truthy))
}

/// Whether all of `b` is in `a`.
fn contains(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::String(a), Value::String(b)) => a.contains(b.as_str()),
        (Value::Array(a), Value::Array(b)) => b.iter().all(|b| a.iter().any(|a| contains(a, b))),
        (Value::Object(a), Value::Object(b)) => b.iter().all(|(key, b)| a.get(key).is_some_and(|a| contains(a, b))),
        _ => a == b,
    }
}

impl FunctionOf {
    pub(super) fn of_name(name: &str) -> Option<Self> {
        of_name(&FUNCTIONS_OF, name)
    }

    pub(super) fn of(self, value: &Value, filter: &Filter) -> Result<Value, String> {
        if let Self::By(by) = self {
            let Value::Array(items) = value else {
                return Err(match by {
                    By::Sort | By::Unique => format!("{} cannot be sorted, as it is not an array", named(value)),
                    By::Group => format!("{} cannot be grouped, as it is not an array", named(value)),
                    _ => format!("Cannot iterate over {}", named(value)),
                });
            };
            let keyed = items.iter().map(|item| Ok((Value::Array(filter.all(item)?), item.clone())));
            return keyed.collect::<Result<Vec<_>, String>>().map(|keyed| by.of(&keyed));
        }
        let with = filter.all(value)?.into_iter().next().unwrap_or(Value::Null);
        Ok(match (self, value, &with) {
            (Self::Has, Value::Object(fields), Value::String(name)) => fields.contains_key(name).into(),
            (Self::Has, Value::Array(items), Value::Number(n)) => {
                n.as_u64().is_some_and(|n| n < items.len() as u64).into()
            }
            (Self::Join, Value::Array(items), Value::String(by)) => texts(items, by),
            (Self::Split, Value::String(text), Value::String(by)) => split(text, by),
            (Self::Starts, Value::String(text), Value::String(with)) => text.starts_with(with.as_str()).into(),
            (Self::Ends, Value::String(text), Value::String(with)) => text.ends_with(with.as_str()).into(),
            (Self::Contains, a, b) if kind(a) == kind(b) => contains(a, b).into(),
            (Self::Contains, a, b) => {
                return Err(format!("{} and {} cannot have their containment checked", named(a), named(b)));
            }
            (Self::Has, ..) => {
                return Err(format!("Cannot check whether {} has a {} key", kind(value), kind(&with)));
            }
            (Self::Split, ..) => return Err("split input and separator must be strings".to_owned()),
            (Self::Starts, ..) => return Err("startswith() requires string inputs".to_owned()),
            (Self::Ends, ..) => return Err("endswith() requires string inputs".to_owned()),
            (Self::Join | Self::By(_), ..) => return Err(format!("Cannot iterate over {}", named(value))),
        })
    }
}
