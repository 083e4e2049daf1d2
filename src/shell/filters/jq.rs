//! `jq` as far as people use it on the output of these tools: paths, pipes, `select`, `map`, `length`, `keys`,
//! lists and objects of parts. Source: jq 1.6 manual.

mod function;
mod parse;

use crate::shell::Output;
use crate::shell::json::pretty;
use crate::shell::line::Line;
use function::{Function, FunctionOf};
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
    Times,
    Over,
    Rest,
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
            let (a, b) = (by_key(a), by_key(b));
            let keys = a.iter().map(|(key, _)| key).cmp(b.iter().map(|(key, _)| key));
            keys.then_with(|| {
                let differs = a.iter().zip(&b).map(|((_, a), (_, b))| order(a, b)).find(|o| o.is_ne());
                differs.unwrap_or(Ordering::Equal)
            })
        }
        _ => rank(a).cmp(&rank(b)),
    }
}

/// The fields of an object by their keys.
fn by_key(object: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut fields: Vec<_> = object.iter().collect();
    fields.sort_by_key(|(key, _)| *key);
    fields
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
        (Value::String(x), Value::String(y)) => format!("{x}{y}").into(),
        (Value::Array(x), Value::Array(y)) => x.iter().chain(y).cloned().collect(),
        (Value::Object(x), Value::Object(y)) => {
            Value::Object(x.iter().chain(y).map(|(k, v)| (k.clone(), v.clone())).collect())
        }
        _ => number(a, b, |x, y| Some(x + y)).ok_or_else(|| refused(a, b, "added"))?,
    })
}

fn refused(a: &Value, b: &Value, done: &str) -> String {
    format!("{} and {} cannot be {done}", named(a), named(b))
}

/// Of two numbers; nothing where one is none.
fn number(a: &Value, b: &Value, of: impl Fn(f64, f64) -> Option<f64>) -> Option<Value> {
    of(a.as_f64()?, b.as_f64()?).map(as_number)
}

/// Of two numbers; a text so many times; two objects in one, and what both have likewise.
fn times(a: &Value, b: &Value) -> Result<Value, String> {
    match (a, b) {
        (Value::String(text), Value::Number(n)) | (Value::Number(n), Value::String(text)) => {
            let n = n.as_f64().unwrap_or(0.0);
            // As jq 1.6 has it: what is more than nothing is at least once.
            let times = if n > 0.0 { n.max(1.0) } else { return Ok(Value::Null) };
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "more than 0; a cast saturates"
            )]
            let times = times as usize;
            if text.len().saturating_mul(times) > MAX_VALUES {
                return Err("too many letters".to_owned());
            }
            Ok(text.repeat(times).into())
        }
        (Value::Object(a), Value::Object(b)) => Ok(Value::Object(merged(a, b))),
        _ => number(a, b, |x, y| Some(x * y)).ok_or_else(|| refused(a, b, "multiplied")),
    }
}

fn merged(a: &Map<String, Value>, b: &Map<String, Value>) -> Map<String, Value> {
    let mut all = a.clone();
    for (key, new) in b {
        let both = match (a.get(key), new) {
            (Some(Value::Object(old)), Value::Object(new)) => Value::Object(merged(old, new)),
            _ => new.clone(),
        };
        all.insert(key.clone(), both);
    }
    all
}

/// Without a point where nothing would follow it.
fn as_number(found: f64) -> Value {
    /// From here on not every whole number has a place of its own.
    const WHOLE: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "whole, and smaller than 2^53")]
    if found.fract() == 0.0 && found.abs() < WHOLE { Value::from(found as i64) } else { Value::from(found) }
}

impl Sign {
    fn of(self, a: &Value, b: &Value) -> Result<Value, String> {
        Ok(match self {
            Self::Plus => added(a, b)?,
            Self::Minus => match (a, b) {
                (Value::Array(all), Value::Array(without)) => {
                    all.iter().filter(|item| !without.iter().any(|w| order(item, w).is_eq())).cloned().collect()
                }
                _ => number(a, b, |x, y| Some(x - y)).ok_or_else(|| refused(a, b, "subtracted"))?,
            },
            Self::Times => times(a, b)?,
            Self::Over | Self::Rest if b.as_f64() == Some(0.0) && a.is_number() => {
                return Err(refused(a, b, "divided") + " because the divisor is zero");
            }
            Self::Over => match (a, b) {
                (Value::String(text), Value::String(by)) => function::split(text, by),
                _ => number(a, b, |x, y| Some(x / y)).ok_or_else(|| refused(a, b, "divided"))?,
            },
            // Of what is before the point.
            Self::Rest => {
                let rest = |x: f64, y: f64| (y.trunc() != 0.0).then(|| x.trunc() % y.trunc());
                number(a, b, rest).ok_or_else(|| refused(a, b, "divided"))?
            }
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

const fn truthy(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}
