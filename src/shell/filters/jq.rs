//! `jq` as far as people use it on the output of these tools: paths, pipes, `select`, `map`, `length`, `keys`,
//! lists and objects of parts. Source: jq 1.6 manual.

mod parse;

use crate::shell::Output;
use crate::shell::json::pretty;
use crate::shell::line::Line;
use serde_json::{Map, Value};
use std::cmp::Ordering;

/// Most values that a filter may give.
const MAX_VALUES: usize = 10_000;

/// A filter.
#[derive(Clone, Debug, PartialEq)]
enum Filter {
    Identity,
    Field(String),
    Index(i64),
    Each,
    Constant(Value),
    Select(Box<Filter>),
    Map(Box<Filter>),
    List(Option<Box<Filter>>),
    Object(Vec<(String, Filter)>),
    Two(Box<Filter>, Sign, Box<Filter>),
    /// `"\(.a): \(.b)"`
    Text(Vec<Filter>),
    Slice(Option<i64>, Option<i64>),
    Call(Function),
    With(FunctionOf, Box<Filter>),
    Pipe(Box<Filter>, Box<Filter>),
    Both(Box<Filter>, Box<Filter>),
}

/// What stands between two filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Is,
    IsNot,
    Less,
    LessOrIs,
    More,
    MoreOrIs,
    And,
    Or,
    Else,
    Plus,
    Minus,
}

/// Functions of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    Length,
    Keys,
    Not,
    Add,
    Kind,
    First,
    Last,
    Reverse,
    Sort,
    Unique,
    ToText,
    Tabs,
}

/// Functions of one value and what a filter makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FunctionOf {
    Has,
    Join,
    SortBy,
    Starts,
    Ends,
}

pub(super) fn run(line: &Line, text: &str) -> Output {
    let program = line.word(0).unwrap_or(".");
    let Some(filter) = parse::parse(program) else {
        return Output::fail(
            3,
            format!(
                "jq: error: syntax error, or a function that is not simulated\njq: 1 compile error\npodhop: {program}; nearest: jq '.items[] | select(.a == \"b\") | .c'"
            ),
        );
    };
    // Nothing is written where there is nothing to read.
    if text.trim().is_empty() {
        return Output::default();
    }
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => return Output::fail(2, format!("parse error: {error}")),
    };
    let mut found = Vec::new();
    let wrong = filter.apply(&value, &mut found).err();
    let shown = |value: &Value| match value {
        Value::String(text) if line.has("--raw-output") => format!("{text}\n"),
        value if line.has("--compact-output") => format!("{value}\n"),
        value => pretty(value) + "\n",
    };
    let out = found.iter().map(shown).collect::<String>();
    if let Some(why) = wrong {
        let lines = text.matches('\n').count();
        return Output { out, err: format!("jq: error (at <stdin>:{lines}): {why}\n"), status: 5 };
    }
    let status = match found.last() {
        _ if !line.has("--exit-status") => 0,
        None => 4,
        Some(last) => u8::from(!truthy(last)),
    };
    Output { out, err: String::new(), status }
}

/// What jq calls a type.
const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// A value with its type, as errors name it.
fn named(value: &Value) -> String {
    format!("{} ({value})", kind(value))
}

/// Types in their order, then by value. Source: jq 1.6 manual, "sort".
fn order(a: &Value, b: &Value) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Null => 0,
        Value::Bool(false) => 1,
        Value::Bool(true) => 2,
        Value::Number(_) => 3,
        Value::String(_) => 4,
        Value::Array(_) => 5,
        Value::Object(_) => 6,
    };
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64().unwrap_or(0.0).total_cmp(&b.as_f64().unwrap_or(0.0)),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Array(a), Value::Array(b)) => {
            let first = a.iter().zip(b).map(|(a, b)| order(a, b)).find(|o| o.is_ne());
            first.unwrap_or_else(|| a.len().cmp(&b.len()))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.keys().cmp(b.keys()).then_with(|| a.values().map(Value::to_string).cmp(b.values().map(Value::to_string)))
        }
        _ => rank(a).cmp(&rank(b)),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn added(a: &Value, b: &Value) -> Result<Value, String> {
    Ok(match (a, b) {
        (Value::Null, other) | (other, Value::Null) => other.clone(),
        (Value::Number(x), Value::Number(y)) => match (x.as_i64(), y.as_i64()) {
            (Some(x), Some(y)) => x.saturating_add(y).into(),
            _ => (x.as_f64().unwrap_or(0.0) + y.as_f64().unwrap_or(0.0)).into(),
        },
        (Value::String(x), Value::String(y)) => format!("{x}{y}").into(),
        (Value::Array(x), Value::Array(y)) => x.iter().chain(y).cloned().collect(),
        (Value::Object(x), Value::Object(y)) => {
            Value::Object(x.iter().chain(y).map(|(k, v)| (k.clone(), v.clone())).collect())
        }
        _ => return Err(format!("{} and {} cannot be added", named(a), named(b))),
    })
}

impl Sign {
    fn of(self, a: &Value, b: &Value) -> Result<Value, String> {
        Ok(match self {
            Self::Plus => added(a, b)?,
            Self::Minus => match (a.as_i64(), b.as_i64()) {
                (Some(x), Some(y)) => x.saturating_sub(y).into(),
                _ => return Err(format!("{} and {} cannot be subtracted", named(a), named(b))),
            },
            Self::And => (truthy(a) && truthy(b)).into(),
            Self::Or => (truthy(a) || truthy(b)).into(),
            Self::Is => order(a, b).is_eq().into(),
            Self::IsNot => order(a, b).is_ne().into(),
            Self::Less => order(a, b).is_lt().into(),
            Self::LessOrIs => order(a, b).is_le().into(),
            Self::More => order(a, b).is_gt().into(),
            Self::MoreOrIs => order(a, b).is_ge().into(),
            Self::Else => (if truthy(a) { a } else { b }).clone(),
        })
    }
}

impl Filter {
    fn all(&self, value: &Value) -> Result<Vec<Value>, String> {
        let mut found = Vec::new();
        self.apply(value, &mut found)?;
        Ok(found)
    }

    fn apply(&self, value: &Value, out: &mut Vec<Value>) -> Result<(), String> {
        if out.len() > MAX_VALUES {
            return Err("too many values".to_owned());
        }
        match self {
            Self::Identity => out.push(value.clone()),
            Self::Constant(constant) => out.push(constant.clone()),
            Self::Field(_) | Self::Index(_) | Self::Slice(..) => out.push(self.part(value)?),
            Self::Call(function) => out.push(function.of(value)?),
            Self::With(function, filter) => out.push(function.of(value, filter)?),
            Self::Each => match value {
                Value::Array(items) => out.extend(items.iter().cloned()),
                Value::Object(fields) => out.extend(fields.values().cloned()),
                other => return Err(format!("Cannot iterate over {}", named(other))),
            },
            Self::Select(filter) => {
                let holds = filter.all(value)?;
                out.extend(holds.iter().filter(|h| truthy(h)).map(|_| value.clone()));
            }
            Self::Map(filter) => {
                let mut mapped = Vec::new();
                for item in Self::Each.all(value)? {
                    filter.apply(&item, &mut mapped)?;
                }
                out.push(Value::Array(mapped));
            }
            Self::List(inside) => {
                let items = inside.as_ref().map_or_else(|| Ok(Vec::new()), |f| f.all(value))?;
                out.push(Value::Array(items));
            }
            Self::Object(fields) => {
                let mut object = Map::new();
                for (name, filter) in fields {
                    object.insert(name.clone(), filter.all(value)?.into_iter().next().unwrap_or(Value::Null));
                }
                out.push(Value::Object(object));
            }
            Self::Text(parts) => {
                let mut text = String::new();
                for part in parts {
                    text.extend(part.all(value)?.first().map(plain));
                }
                out.push(Value::String(text));
            }
            Self::Two(left, sign, right) => self::two(value, (left, *sign, right), out)?,
            Self::Pipe(first, second) => {
                for item in first.all(value)? {
                    second.apply(&item, out)?;
                }
            }
            Self::Both(first, second) => {
                first.apply(value, out)?;
                second.apply(value, out)?;
            }
        }
        Ok(())
    }

    /// One value out of one.
    fn part(&self, value: &Value) -> Result<Value, String> {
        Ok(match (self, value) {
            (_, Value::Null) => Value::Null,
            (Self::Field(name), Value::Object(fields)) => fields.get(name).cloned().unwrap_or(Value::Null),
            (Self::Field(name), other) => return Err(format!("Cannot index {} with \"{name}\"", kind(other))),
            (Self::Index(index), Value::Array(items)) => {
                let at = if *index < 0 {
                    items.len().checked_add_signed(isize::try_from(*index).unwrap_or(isize::MIN))
                } else {
                    usize::try_from(*index).ok()
                };
                at.and_then(|at| items.get(at)).cloned().unwrap_or(Value::Null)
            }
            (Self::Slice(from, to), Value::Array(items)) => {
                let place = |end: Option<i64>, otherwise: usize| match end {
                    None => otherwise,
                    Some(n) if n < 0 => {
                        items.len().saturating_sub(usize::try_from(n.unsigned_abs()).unwrap_or(usize::MAX))
                    }
                    Some(n) => usize::try_from(n).unwrap_or(usize::MAX).min(items.len()),
                };
                items.get(place(*from, 0)..place(*to, items.len())).unwrap_or_default().iter().cloned().collect()
            }
            (_, other) => return Err(format!("Cannot index {} with number", kind(other))),
        })
    }
}

/// Every value of one side with every value of the other.
fn two(value: &Value, (left, sign, right): (&Filter, Sign, &Filter), out: &mut Vec<Value>) -> Result<(), String> {
    if sign == Sign::Else {
        // Errors on its left are as nothing.
        let kept: Vec<Value> = left.all(value).unwrap_or_default().into_iter().filter(truthy).collect();
        if kept.is_empty() {
            return right.apply(value, out);
        }
        out.extend(kept);
        return Ok(());
    }
    for b in right.all(value)? {
        for a in left.all(value)? {
            if out.len() > MAX_VALUES {
                return Err("too many values".to_owned());
            }
            out.push(sign.of(&a, &b)?);
        }
    }
    Ok(())
}

impl Function {
    fn of(self, value: &Value) -> Result<Value, String> {
        Ok(match (self, value) {
            (Self::Not, value) => (!truthy(value)).into(),
            (Self::Kind, value) => kind(value).into(),
            (Self::ToText, value) => plain(value).into(),
            (Self::Length, Value::Array(items)) => items.len().into(),
            (Self::Length, Value::Object(fields)) => fields.len().into(),
            (Self::Length, Value::String(text)) => text.chars().count().into(),
            (Self::Length, Value::Null) => 0.into(),
            (Self::Length, Value::Number(n)) => n.as_i64().map_or_else(|| value.clone(), |n| n.abs().into()),
            (Self::Length, other) => return Err(format!("{} has no length", named(other))),
            (Self::Keys, Value::Object(fields)) => fields.keys().cloned().map(Value::String).collect(),
            (Self::Keys, Value::Array(items)) => (0..items.len()).map(Value::from).collect(),
            (Self::Keys, other) => return Err(format!("{} has no keys", named(other))),
            (Self::Add, Value::Array(items)) => {
                let mut sum = Value::Null;
                for item in items {
                    sum = added(&sum, item)?;
                }
                sum
            }
            (Self::First, Value::Array(items)) => items.first().cloned().unwrap_or(Value::Null),
            (Self::Last, Value::Array(items)) => items.last().cloned().unwrap_or(Value::Null),
            (Self::Reverse, Value::Array(items)) => items.iter().rev().cloned().collect(),
            (Self::Sort | Self::Unique, Value::Array(items)) => {
                let mut items = items.clone();
                items.sort_by(order);
                if self == Self::Unique {
                    items.dedup();
                }
                items.into()
            }
            (Self::Tabs, Value::Array(items)) => {
                let cells: Vec<String> =
                    items.iter().map(|i| if i.is_null() { String::new() } else { plain(i) }).collect();
                cells.join("\t").into()
            }
            (Self::First | Self::Last, other) => return Err(format!("Cannot index {} with number", kind(other))),
            (Self::Sort | Self::Unique, other) => {
                return Err(format!("{} cannot be sorted, as it is not an array", named(other)));
            }
            (Self::Tabs, other) => {
                return Err(format!("{} cannot be tsv-formatted, only an array can be", named(other)));
            }
            (Self::Add | Self::Reverse, other) => return Err(format!("Cannot iterate over {}", named(other))),
        })
    }
}

impl FunctionOf {
    fn of(self, value: &Value, filter: &Filter) -> Result<Value, String> {
        if self == Self::SortBy {
            let Value::Array(items) = value else {
                return Err(format!("{} cannot be sorted, as it is not an array", named(value)));
            };
            let mut keyed = Vec::new();
            for item in items {
                keyed.push((Value::Array(filter.all(item)?), item.clone()));
            }
            keyed.sort_by(|(a, _), (b, _)| order(a, b));
            return Ok(keyed.into_iter().map(|(_, item)| item).collect());
        }
        let with = filter.all(value)?.into_iter().next().unwrap_or(Value::Null);
        Ok(match (self, value, &with) {
            (Self::Has, Value::Object(fields), Value::String(name)) => fields.contains_key(name).into(),
            (Self::Has, Value::Array(items), Value::Number(n)) => {
                n.as_u64().is_some_and(|n| n < items.len() as u64).into()
            }
            (Self::Join, Value::Array(items), Value::String(by)) => {
                let parts: Vec<String> =
                    items.iter().map(|i| if i.is_null() { String::new() } else { plain(i) }).collect();
                parts.join(by).into()
            }
            (Self::Starts, Value::String(text), Value::String(with)) => text.starts_with(with.as_str()).into(),
            (Self::Ends, Value::String(text), Value::String(with)) => text.ends_with(with.as_str()).into(),
            (Self::Has, ..) => {
                return Err(format!("Cannot check whether {} has a {} key", kind(value), kind(&with)));
            }
            (Self::Starts, ..) => return Err("startswith() requires string inputs".to_owned()),
            (Self::Ends, ..) => return Err("endswith() requires string inputs".to_owned()),
            _ => return Err(format!("Cannot iterate over {}", named(value))),
        })
    }
}

const fn truthy(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}
