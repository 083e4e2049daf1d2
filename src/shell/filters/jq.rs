//! `jq` as far as people use it on the output of these tools: paths, pipes, `select`, `map`, `length`, `keys`,
//! lists and objects of parts. Source: jq 1.6 manual.

use crate::shell::Output;
use crate::shell::json::pretty;
use crate::shell::line::Line;
use serde_json::{Map, Value};

/// Deepest nesting of a filter.
const MAX_DEPTH: usize = 32;
/// Longest filter in letters: its parts nest as deep as it is long.
const MAX_LETTERS: usize = 512;
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
    Length,
    Keys,
    Not,
    Select(Box<Filter>),
    Map(Box<Filter>),
    List(Option<Box<Filter>>),
    Object(Vec<(String, Filter)>),
    Compare(Box<Filter>, bool, Box<Filter>),
    Pipe(Box<Filter>, Box<Filter>),
    Both(Box<Filter>, Box<Filter>),
}

pub(super) fn run(line: &Line, text: &str) -> Output {
    let program = line.word(0).unwrap_or(".");
    let mut parser = Parser { chars: program.chars().collect(), at: 0, depth: 0 };
    let short = parser.chars.len() <= MAX_LETTERS;
    let filter = match Some(()).filter(|()| short).and_then(|()| parser.pipe()).filter(|_| parser.is_done()) {
        Some(filter) => filter,
        None => {
            return Output::fail(
                3,
                format!(
                    "jq: error: syntax error, or a function that is not simulated\njq: 1 compile error\npodhop: {program}; nearest: jq '.items[] | select(.a == \"b\") | .c'"
                ),
            );
        }
    };
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => return Output::fail(2, format!("parse error: {error}")),
    };
    let mut found = Vec::new();
    if let Err(why) = filter.apply(&value, &mut found) {
        return Output::fail(5, format!("jq: error (at <stdin>:0): {why}"));
    }
    let shown = |value: &Value| match value {
        Value::String(text) if line.has("--raw-output") => format!("{text}\n"),
        value if line.has("--compact-output") => format!("{value}\n"),
        value => pretty(value) + "\n",
    };
    Output::ok(found.iter().map(shown).collect::<String>())
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
            Self::Field(_) | Self::Index(_) | Self::Length | Self::Keys => out.push(self.part(value)?),
            Self::Each => match value {
                Value::Array(items) => out.extend(items.iter().cloned()),
                Value::Object(fields) => out.extend(fields.values().cloned()),
                other => return Err(format!("Cannot iterate over {}", kind(other))),
            },
            Self::Not => out.push(Value::Bool(!truthy(value))),
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
            Self::Compare(left, equal, right) => {
                for a in left.all(value)? {
                    for b in right.all(value)? {
                        if out.len() > MAX_VALUES {
                            return Err("too many values".to_owned());
                        }
                        out.push(Value::Bool((a == b) == *equal));
                    }
                }
            }
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
            (Self::Field(_) | Self::Index(_), Value::Null) => Value::Null,
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
            (Self::Index(_), other) => return Err(format!("Cannot index {} with number", kind(other))),
            (Self::Length, Value::Array(items)) => items.len().into(),
            (Self::Length, Value::Object(fields)) => fields.len().into(),
            (Self::Length, Value::String(text)) => text.chars().count().into(),
            (Self::Length, Value::Null) => 0.into(),
            (Self::Length, other) => return Err(format!("{} has no length", kind(other))),
            (Self::Keys, Value::Object(fields)) => fields.keys().cloned().map(Value::String).collect(),
            (_, other) => return Err(format!("{} has no keys", kind(other))),
        })
    }
}

const fn truthy(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn blanks(&mut self) {
        while self.chars.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
    }

    fn is_done(&mut self) -> bool {
        self.blanks();
        self.at == self.chars.len()
    }

    fn eat(&mut self, sign: &str) -> bool {
        self.blanks();
        let there = sign.chars().enumerate().all(|(n, c)| self.chars.get(self.at + n) == Some(&c));
        self.at += if there { sign.chars().count() } else { 0 };
        there
    }

    fn word(&mut self) -> String {
        let start = self.at;
        while self.chars.get(self.at).is_some_and(|c| c.is_alphanumeric() || *c == '_') {
            self.at += 1;
        }
        self.chars[start..self.at].iter().collect()
    }

    fn pipe(&mut self) -> Option<Filter> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut left = self.comma()?;
        while self.eat("|") {
            left = Filter::Pipe(Box::new(left), Box::new(self.comma()?));
        }
        self.depth -= 1;
        Some(left)
    }

    fn comma(&mut self) -> Option<Filter> {
        let mut left = self.compare()?;
        while self.eat(",") {
            left = Filter::Both(Box::new(left), Box::new(self.compare()?));
        }
        Some(left)
    }

    fn compare(&mut self) -> Option<Filter> {
        let left = self.term()?;
        let equal = if self.eat("==") {
            true
        } else if self.eat("!=") {
            false
        } else {
            return Some(left);
        };
        Some(Filter::Compare(Box::new(left), equal, Box::new(self.term()?)))
    }

    fn term(&mut self) -> Option<Filter> {
        let mut filter = self.head()?;
        loop {
            let next = if self.chars.get(self.at) == Some(&'.')
                && self.chars.get(self.at + 1).is_some_and(|c| c.is_alphabetic() || *c == '"')
            {
                self.at += 1;
                self.field()?
            } else if self.chars.get(self.at) == Some(&'[') {
                self.at += 1;
                self.bracket()?
            } else if self.chars.get(self.at) == Some(&'?') {
                self.at += 1;
                continue;
            } else {
                return Some(filter);
            };
            filter = Filter::Pipe(Box::new(filter), Box::new(next));
        }
    }

    fn field(&mut self) -> Option<Filter> {
        if self.chars.get(self.at) == Some(&'"') {
            return self.string().map(Filter::Field);
        }
        let name = self.word();
        (!name.is_empty()).then_some(Filter::Field(name))
    }

    fn string(&mut self) -> Option<String> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let c = *self.chars.get(self.at)?;
            self.at += 1;
            match c {
                '"' => return Some(text),
                '\\' => {
                    text.push(*self.chars.get(self.at)?);
                    self.at += 1;
                }
                c => text.push(c),
            }
        }
    }

    fn bracket(&mut self) -> Option<Filter> {
        if self.eat("]") {
            return Some(Filter::Each);
        }
        self.blanks();
        let filter = if self.chars.get(self.at) == Some(&'"') {
            Filter::Field(self.string()?)
        } else {
            let minus = self.eat("-");
            let number: i64 = self.word().parse().ok()?;
            Filter::Index(if minus { -number } else { number })
        };
        self.eat("]").then_some(filter)
    }

    fn head(&mut self) -> Option<Filter> {
        self.blanks();
        match *self.chars.get(self.at)? {
            '.' => {
                self.at += 1;
                match self.chars.get(self.at) {
                    Some(c) if c.is_alphabetic() || matches!(c, '_' | '"') => self.field(),
                    _ => Some(Filter::Identity),
                }
            }
            '"' => self.string().map(|text| Filter::Constant(Value::String(text))),
            '(' => {
                self.at += 1;
                let inside = self.pipe()?;
                self.eat(")").then_some(inside)
            }
            '[' => {
                self.at += 1;
                if self.eat("]") {
                    return Some(Filter::List(None));
                }
                let inside = self.pipe()?;
                self.eat("]").then(|| Filter::List(Some(Box::new(inside))))
            }
            '{' => {
                self.at += 1;
                self.object()
            }
            _ => self.named(),
        }
    }

    fn object(&mut self) -> Option<Filter> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let object = self.fields();
        self.depth -= 1;
        object
    }

    fn fields(&mut self) -> Option<Filter> {
        let mut fields = Vec::new();
        loop {
            self.blanks();
            let name = if self.chars.get(self.at) == Some(&'"') { self.string()? } else { self.word() };
            if name.is_empty() {
                return (fields.is_empty() && self.eat("}")).then_some(Filter::Object(fields));
            }
            let value = if self.eat(":") { self.term()? } else { Filter::Field(name.clone()) };
            fields.push((name, value));
            if self.eat("}") {
                return Some(Filter::Object(fields));
            }
            if !self.eat(",") {
                return None;
            }
        }
    }

    fn named(&mut self) -> Option<Filter> {
        let name = self.word();
        Some(match name.as_str() {
            "length" => Filter::Length,
            "keys" => Filter::Keys,
            "not" => Filter::Not,
            "null" => Filter::Constant(Value::Null),
            "true" => Filter::Constant(Value::Bool(true)),
            "false" => Filter::Constant(Value::Bool(false)),
            "select" | "map" => {
                if !self.eat("(") {
                    return None;
                }
                let inside = Box::new(self.pipe()?);
                if !self.eat(")") {
                    return None;
                }
                if name == "map" { Filter::Map(inside) } else { Filter::Select(inside) }
            }
            number => Filter::Constant(Value::from(number.parse::<i64>().ok()?)),
        })
    }
}
