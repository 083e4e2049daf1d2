//! Runs an awk program on lines. Source: POSIX.1-2017, awk, "Expressions in awk".

mod call;
mod value;

use super::super::pattern_of;
use super::LIMIT;
use super::read::{Expr, Rule, Statement, When};
use crate::shell::Output;
use regex_lite::Regex;
use std::collections::BTreeMap;
use std::rc::Rc;
use value::Value;

/// Most steps of a program: statements, parts of expressions, and bytes of texts that are made, sixteen to a step.
const MAX_STEPS: usize = 1 << 22;
/// Longest text of a value, and most that is printed, in bytes.
const MAX_TEXT: usize = 1 << 19;
const MAX_FIELDS: usize = 1 << 12;
/// Most patterns that are kept read.
const MAX_PATTERNS: usize = 64;

/// What ends a statement before its end.
enum Stop {
    Next,
    Break,
    Continue,
    Exit,
    /// Too long, or not simulated.
    Limit,
}

type Done<T = ()> = Result<T, Stop>;

#[derive(Default)]
pub(super) struct Machine {
    vars: BTreeMap<String, Value>,
    arrays: BTreeMap<String, BTreeMap<String, Value>>,
    line: String,
    fields: Vec<String>,
    steps: usize,
    out: String,
    status: u8,
    patterns: Vec<(String, Rc<Regex>)>,
}

const fn truth(holds: bool) -> Value {
    Value::Number(if holds { 1.0 } else { 0.0 })
}

#[expect(clippy::cast_possible_truncation, reason = "what is too large ends at the largest")]
const fn whole(number: f64) -> i64 {
    number as i64
}

#[expect(clippy::cast_precision_loss, reason = "awk counts with numbers that have a point")]
const fn count(number: usize) -> f64 {
    number as f64
}

impl Machine {
    pub(super) fn set(&mut self, name: &str, text: String) {
        self.vars.insert(name.to_owned(), Value::Read(text));
    }

    pub(super) fn run(mut self, rules: &[Rule], text: &str) -> Output {
        let done = self.all(rules, text);
        if matches!(done, Err(Stop::Limit)) {
            return Output { out: self.out, err: format!("{LIMIT}\n"), status: 2 };
        }
        Output { out: self.out, err: String::new(), status: self.status }
    }

    fn all(&mut self, rules: &[Rule], text: &str) -> Done {
        let mut within = vec![false; rules.len()];
        // `exit` goes on with what is done at the end.
        for part in [Self::first, Self::lines] {
            match part(self, rules, text, &mut within) {
                Ok(()) => {}
                Err(Stop::Exit) => break,
                Err(stop) => return Err(stop),
            }
        }
        self.ends(rules, false)
    }

    fn first(&mut self, rules: &[Rule], _: &str, _: &mut [bool]) -> Done {
        self.ends(rules, true)
    }

    /// What is done before the first line, or behind the last.
    fn ends(&mut self, rules: &[Rule], begin: bool) -> Done {
        for rule in rules {
            let now = if begin { matches!(rule.when, When::Begin) } else { matches!(rule.when, When::End) };
            if let Some(body) = rule.body.as_ref().filter(|_| now) {
                self.block(body)?;
            }
        }
        Ok(())
    }

    fn lines(&mut self, rules: &[Rule], text: &str, within: &mut [bool]) -> Done {
        if rules.iter().all(|rule| matches!(rule.when, When::Begin)) {
            return Ok(());
        }
        for (line, number) in text.lines().zip(1..) {
            self.vars.insert("NR".to_owned(), Value::Number(count(number)));
            self.vars.insert("FNR".to_owned(), Value::Number(count(number)));
            self.begin(line.to_owned())?;
            match self.line(rules, within) {
                Ok(()) | Err(Stop::Next) => {}
                Err(stop) => return Err(stop),
            }
        }
        Ok(())
    }

    fn line(&mut self, rules: &[Rule], within: &mut [bool]) -> Done {
        for (rule, within) in rules.iter().zip(within) {
            let fits = match &rule.when {
                When::Begin | When::End => false,
                When::Always => true,
                When::Holds(test) => self.value(test)?.holds(),
                When::Range(from, to) => {
                    let fits = *within || self.value(from)?.holds();
                    *within = fits && !self.value(to)?.holds();
                    fits
                }
            };
            match &rule.body {
                _ if !fits => {}
                Some(body) => self.block(body)?,
                None => {
                    let line = self.line.clone() + &self.var("ORS", "\n");
                    self.print(&line)?;
                }
            }
        }
        Ok(())
    }

    fn step(&mut self, bytes: usize) -> Done {
        self.steps += 1 + bytes / 16;
        if self.steps < MAX_STEPS && bytes < MAX_TEXT { Ok(()) } else { Err(Stop::Limit) }
    }

    fn print(&mut self, text: &str) -> Done {
        self.step(text.len())?;
        if self.out.len() + text.len() > MAX_TEXT {
            return Err(Stop::Limit);
        }
        self.out += text;
        Ok(())
    }

    fn var(&self, name: &str, default: &str) -> String {
        self.vars.get(name).map_or_else(|| default.to_owned(), Value::text)
    }

    /// A line and its fields.
    fn begin(&mut self, line: String) -> Done {
        self.step(line.len())?;
        let by = self.var("FS", " ");
        self.fields = self.parts(&line, &by)?;
        self.line = line;
        Ok(())
    }

    fn parts(&mut self, line: &str, by: &str) -> Done<Vec<String>> {
        let one = by.chars().count() == 1;
        Ok(match by {
            "" => line.chars().map(String::from).collect(),
            " " => line.split_whitespace().map(str::to_owned).collect(),
            _ if line.is_empty() => Vec::new(),
            by if one && by != "\\" => line.split(by).map(str::to_owned).collect(),
            by => self.pattern(by)?.split(line).map(str::to_owned).collect(),
        })
    }

    fn pattern(&mut self, text: &str) -> Done<Rc<Regex>> {
        if let Some((_, regex)) = self.patterns.iter().find(|(pattern, _)| pattern == text) {
            return Ok(Rc::clone(regex));
        }
        self.step(text.len() * 64)?;
        let regex = Rc::new(pattern_of(text, true, false).map_err(|_| Stop::Limit)?);
        if self.patterns.len() >= MAX_PATTERNS {
            self.patterns.remove(0);
        }
        self.patterns.push((text.to_owned(), Rc::clone(&regex)));
        Ok(regex)
    }

    /// An expression as a pattern: a pattern itself, or a text that is one.
    fn as_pattern(&mut self, expr: &Expr) -> Done<Rc<Regex>> {
        if let Expr::Regex(regex) = expr {
            return Ok(Rc::clone(regex));
        }
        let text = self.value(expr)?.text();
        self.pattern(&text)
    }

    fn block(&mut self, body: &[Statement]) -> Done {
        body.iter().try_for_each(|statement| self.statement(statement))
    }

    fn statement(&mut self, statement: &Statement) -> Done {
        self.step(0)?;
        match statement {
            Statement::Print(items) => {
                let items = if items.is_empty() { vec![self.line.clone()] } else { self.texts(items)? };
                let line = items.join(&self.var("OFS", " ")) + &self.var("ORS", "\n");
                self.print(&line)
            }
            Statement::Printf(items) => {
                let text = self.formatted(items)?;
                self.print(&text)
            }
            Statement::Do(expr) => self.value(expr).map(|_| ()),
            Statement::Block(body) => self.block(body),
            Statement::If(test, then, other) => match other {
                _ if self.value(test)?.holds() => self.statement(then),
                Some(other) => self.statement(other),
                None => Ok(()),
            },
            Statement::While(test, step, body) => self.repeat(test.as_ref(), step.as_deref(), body),
            Statement::Each(name, array, body) => {
                let keys: Vec<String> =
                    self.arrays.get(array).into_iter().flatten().map(|(key, _)| key.clone()).collect();
                for key in keys {
                    self.step(key.len())?;
                    self.vars.insert(name.clone(), Value::Read(key));
                    match self.statement(body) {
                        Err(Stop::Break) => break,
                        Ok(()) | Err(Stop::Continue) => {}
                        Err(stop) => return Err(stop),
                    }
                }
                Ok(())
            }
            Statement::Delete(array, index) => {
                let key = self.texts(index)?.join("\u{1c}");
                match self.arrays.get_mut(array) {
                    Some(array) if index.is_empty() => array.clear(),
                    Some(array) => drop(array.remove(&key)),
                    None => {}
                }
                Ok(())
            }
            Statement::Next => Err(Stop::Next),
            Statement::Break => Err(Stop::Break),
            Statement::Continue => Err(Stop::Continue),
            Statement::Exit(status) => {
                if let Some(status) = status {
                    self.status = u8::try_from(whole(self.value(status)?.number()).rem_euclid(256)).unwrap_or(0);
                }
                Err(Stop::Exit)
            }
        }
    }

    fn repeat(&mut self, test: Option<&Expr>, after: Option<&Statement>, body: &Statement) -> Done {
        loop {
            self.step(0)?;
            if let Some(test) = test
                && !self.value(test)?.holds()
            {
                return Ok(());
            }
            match self.statement(body) {
                Err(Stop::Break) => return Ok(()),
                Ok(()) | Err(Stop::Continue) => {}
                Err(stop) => return Err(stop),
            }
            if let Some(after) = after {
                self.statement(after)?;
            }
        }
    }

    fn texts(&mut self, items: &[Expr]) -> Done<Vec<String>> {
        items.iter().map(|item| self.value(item).map(|value| value.text())).collect()
    }

    fn field(&self, index: usize) -> Value {
        match index {
            0 => Value::Read(self.line.clone()),
            index => self.fields.get(index - 1).map_or(Value::None, |field| Value::Read(field.clone())),
        }
    }

    fn index(&mut self, expr: &Expr) -> Done<usize> {
        let index = self.value(expr)?.number();
        usize::try_from(whole(index)).map_err(|_| Stop::Limit)
    }

    fn value(&mut self, expr: &Expr) -> Done<Value> {
        self.step(0)?;
        Ok(match expr {
            Expr::Number(number) => Value::Number(*number),
            Expr::Text(text) => Value::Text(text.clone()),
            Expr::Regex(regex) => {
                self.step(self.line.len())?;
                truth(regex.is_match(&self.line))
            }
            Expr::Field(index) => {
                let index = self.index(index)?;
                let field = self.field(index);
                self.step(if let Value::Read(text) = &field { text.len() } else { 0 })?;
                field
            }
            Expr::Name(name) if name == "NF" => Value::Number(count(self.fields.len())),
            Expr::Name(name) => {
                let value = self.vars.get(name).cloned().unwrap_or_default();
                self.step(if let Value::Text(text) | Value::Read(text) = &value { text.len() } else { 0 })?;
                value
            }
            Expr::Element(name, index) => {
                let key = self.texts(index)?.join("\u{1c}");
                self.step(key.len())?;
                self.arrays.entry(name.clone()).or_default().entry(key).or_default().clone()
            }
            Expr::Assign(place, sign, right) => {
                let mut value = self.value(right)?;
                if *sign != "=" {
                    let left = self.value(place)?.number();
                    value = Self::reckoned(left, sign.trim_end_matches('='), value.number())?;
                }
                self.assign(place, value.clone())?;
                value
            }
            Expr::Choice(all) => {
                let holds = self.value(&all[0])?.holds();
                self.value(&all[if holds { 1 } else { 2 }])?
            }
            Expr::Two(left, sign, right) => self.two(left, sign, right)?,
            Expr::In(index, array) => {
                let key = self.texts(index)?.join("\u{1c}");
                truth(self.arrays.get(array).is_some_and(|array| array.contains_key(&key)))
            }
            Expr::One(sign, of) => {
                let value = self.value(of)?;
                match sign {
                    '!' => truth(!value.holds()),
                    '-' => Value::Number(-value.number()),
                    '+' => Value::Number(value.number()),
                    _ => value,
                }
            }
            Expr::Step(place, by, first) => {
                let before = self.value(place)?.number();
                self.assign(place, Value::Number(before + by))?;
                Value::Number(if *first { before + by } else { before })
            }
            Expr::Call(name, args) => self.call(name, args)?,
        })
    }

    fn two(&mut self, left: &Expr, sign: &str, right: &Expr) -> Done<Value> {
        if matches!(sign, "~" | "!~") {
            let text = self.value(left)?.text();
            let regex = self.as_pattern(right)?;
            self.step(text.len())?;
            return Ok(truth(regex.is_match(&text) == (sign == "~")));
        }
        let left = self.value(left)?;
        if matches!(sign, "&&" | "||") {
            let decided = left.holds() == (sign == "||");
            return Ok(truth(if decided { sign == "||" } else { self.value(right)?.holds() }));
        }
        let right = self.value(right)?;
        if sign == " " {
            let text = left.text() + &right.text();
            self.step(text.len())?;
            return Ok(Value::Text(text));
        }
        let order = || left.order(&right);
        Ok(match sign {
            "==" => truth(order().is_some_and(std::cmp::Ordering::is_eq)),
            "!=" => truth(order().is_none_or(std::cmp::Ordering::is_ne)),
            "<" => truth(order().is_some_and(std::cmp::Ordering::is_lt)),
            "<=" => truth(order().is_some_and(std::cmp::Ordering::is_le)),
            ">" => truth(order().is_some_and(std::cmp::Ordering::is_gt)),
            ">=" => truth(order().is_some_and(std::cmp::Ordering::is_ge)),
            _ => Self::reckoned(left.number(), sign, right.number())?,
        })
    }

    fn reckoned(left: f64, sign: &str, right: f64) -> Done<Value> {
        Ok(Value::Number(match sign {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "/" | "%" if right == 0.0 => return Err(Stop::Limit),
            "/" => left / right,
            "%" => left % right,
            _ => left.powf(right),
        }))
    }

    fn assign(&mut self, place: &Expr, value: Value) -> Done {
        match place {
            Expr::Name(name) if name == "NF" => {
                let most = usize::try_from(whole(value.number())).ok().filter(|most| *most < MAX_FIELDS);
                self.fields.resize(most.ok_or(Stop::Limit)?, String::new());
                self.rebuild()
            }
            Expr::Name(name) => {
                self.vars.insert(name.clone(), value);
                Ok(())
            }
            Expr::Element(name, index) => {
                let key = self.texts(index)?.join("\u{1c}");
                self.arrays.entry(name.clone()).or_default().insert(key, value);
                Ok(())
            }
            Expr::Field(index) => match self.index(index)? {
                0 => self.begin(value.text()),
                index if index >= MAX_FIELDS => Err(Stop::Limit),
                index => {
                    self.fields.resize(self.fields.len().max(index), String::new());
                    self.fields[index - 1] = value.text();
                    self.rebuild()
                }
            },
            _ => Err(Stop::Limit),
        }
    }

    fn rebuild(&mut self) -> Done {
        self.line = self.fields.join(&self.var("OFS", " "));
        self.step(self.line.len())
    }
}
