//! Reads programs of jq. Source: jq 1.6 manual.

use super::{Filter, Function, FunctionOf, Sign};
use serde_json::Value;

/// Deepest nesting of a filter.
const MAX_DEPTH: usize = 32;
/// Longest filter in letters: its parts nest as deep as it is long.
const MAX_LETTERS: usize = 512;

/// Reads a program; nothing where it is none, or has what is not simulated.
pub(super) fn parse(program: &str) -> Option<Filter> {
    let mut parser = Parser { chars: program.chars().collect(), at: 0, depth: 0 };
    let filter = if parser.chars.len() <= MAX_LETTERS { parser.pipe() } else { None };
    filter.filter(|_| parser.is_done())
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

    /// `//` is no division.
    fn eat_sign(&mut self, sign: &str) -> bool {
        self.blanks();
        let longer = sign == "/" && self.chars.get(self.at + 1) == Some(&'/');
        !longer && self.eat(sign)
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
        let mut left = self.two(0)?;
        while self.eat(",") {
            left = Filter::Both(Box::new(left), Box::new(self.two(0)?));
        }
        Some(left)
    }

    /// What binds weakest is read first.
    fn two(&mut self, level: usize) -> Option<Filter> {
        const LEVELS: [&[(&str, Sign)]; 6] = [
            &[("//", Sign::Else)],
            &[("or ", Sign::Or)],
            &[("and ", Sign::And)],
            &[
                ("==", Sign::Is),
                ("!=", Sign::IsNot),
                ("<=", Sign::LessOrIs),
                (">=", Sign::MoreOrIs),
                ("<", Sign::Less),
                (">", Sign::More),
            ],
            &[("+", Sign::Plus), ("-", Sign::Minus)],
            &[("*", Sign::Times), ("/", Sign::Over), ("%", Sign::Rest)],
        ];
        let Some(signs) = LEVELS.get(level) else { return self.term() };
        let mut left = self.two(level + 1)?;
        while let Some((_, sign)) = signs.iter().find(|(text, _)| self.eat_sign(text)) {
            left = Filter::Two(Box::new(left), *sign, Box::new(self.two(level + 1)?));
        }
        Some(left)
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
        match self.text()? {
            Filter::Constant(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// A text, also with filters in it.
    fn text(&mut self) -> Option<Filter> {
        self.at += 1;
        let (mut parts, mut text) = (Vec::new(), String::new());
        loop {
            let c = *self.chars.get(self.at)?;
            self.at += 1;
            match c {
                '"' => break,
                '\\' => {
                    let next = *self.chars.get(self.at)?;
                    self.at += 1;
                    match next {
                        'n' => text.push('\n'),
                        't' => text.push('\t'),
                        '(' => {
                            parts.push(Filter::Constant(std::mem::take(&mut text).into()));
                            parts.push(self.pipe()?);
                            if !self.eat(")") {
                                return None;
                            }
                        }
                        c => text.push(c),
                    }
                }
                c => text.push(c),
            }
        }
        let last = Filter::Constant(text.into());
        if parts.is_empty() {
            return Some(last);
        }
        parts.push(last);
        Some(Filter::Text(parts))
    }

    fn bracket(&mut self) -> Option<Filter> {
        if self.eat("]") {
            return Some(Filter::Each);
        }
        self.blanks();
        let filter = if self.chars.get(self.at) == Some(&'"') {
            Filter::Field(self.string()?)
        } else {
            let from = self.number();
            if self.eat(":") { Filter::Slice(from, self.number()) } else { Filter::Index(from?) }
        };
        self.eat("]").then_some(filter)
    }

    fn number(&mut self) -> Option<i64> {
        let minus = self.eat("-");
        let number: i64 = self.word().parse().ok()?;
        Some(if minus { -number } else { number })
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
            '"' => self.text(),
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
        let at = self.eat("@");
        let name = self.word();
        if at {
            return (name == "tsv").then_some(Filter::Call(Function::Tabs));
        }
        Some(match name.as_str() {
            "null" => Filter::Constant(Value::Null),
            "true" => Filter::Constant(Value::Bool(true)),
            "false" => Filter::Constant(Value::Bool(false)),
            _ if self.eat("(") => return self.call(&name),
            _ => match Function::of_name(&name) {
                Some(function) => Filter::Call(function),
                None => Filter::Constant(Value::from(name.parse::<i64>().ok()?)),
            },
        })
    }

    /// What stands in brackets behind a name.
    fn call(&mut self, name: &str) -> Option<Filter> {
        let inside = Box::new(self.pipe()?);
        if !self.eat(")") {
            return None;
        }
        Some(match name {
            "select" => Filter::Select(inside),
            "map" => Filter::Map(inside),
            _ => Filter::With(FunctionOf::of_name(name)?, inside),
        })
    }
}
