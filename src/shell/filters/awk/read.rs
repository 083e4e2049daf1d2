//! Reads an awk program. What is not simulated is no program here. Source: POSIX.1-2017, awk, "Grammar".

mod expr;

use regex_lite::Regex;
use std::rc::Rc;

/// Longest program in bytes.
const MAX_PROGRAM: usize = 1 << 14;
/// Deepest nesting of brackets and blocks, and most signs of all expressions: each is a step down the tree.
const MAX_DEPTH: usize = 24;
const MAX_SIGNS: usize = 256;

#[derive(Debug)]
pub(super) enum Expr {
    Number(f64),
    Text(String),
    Regex(Rc<Regex>),
    Field(Box<Self>),
    Name(String),
    Element(String, Vec<Self>),
    /// `=`, `+=` and the like.
    Assign(Box<Self>, &'static str, Box<Self>),
    Choice(Box<[Self; 3]>),
    Two(Box<Self>, &'static str, Box<Self>),
    In(Vec<Self>, String),
    One(char, Box<Self>),
    /// `++` and `--`, before or behind.
    Step(Box<Self>, f64, bool),
    Call(&'static str, Vec<Self>),
}

#[derive(Debug)]
pub(super) enum Statement {
    Print(Vec<Expr>),
    Printf(Vec<Expr>),
    Do(Expr),
    Block(Vec<Self>),
    If(Expr, Box<Self>, Option<Box<Self>>),
    /// Test, step, body.
    While(Option<Expr>, Option<Box<Self>>, Box<Self>),
    Each(String, String, Box<Self>),
    Delete(String, Vec<Expr>),
    Next,
    Break,
    Continue,
    Exit(Option<Expr>),
}

#[derive(Debug)]
pub(super) enum When {
    Begin,
    End,
    Always,
    Holds(Expr),
    /// From a line to another.
    Range(Expr, Expr),
}

/// What is done when; without statements the line is printed.
#[derive(Debug)]
pub(super) struct Rule {
    pub when: When,
    pub body: Option<Vec<Statement>>,
}

/// Reads a program; nothing where it is none that is simulated.
pub(super) fn read(text: &str) -> Option<Vec<Rule>> {
    if text.len() > MAX_PROGRAM {
        return None;
    }
    let mut reader = Reader { rest: text, depth: 0, signs: 0, prints: false };
    let mut rules = Vec::new();
    loop {
        reader.ends();
        if reader.rest.is_empty() {
            return Some(rules);
        }
        rules.push(reader.rule()?);
    }
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
    signs: usize,
    /// Whether `>` would say where to print.
    prints: bool,
}

const fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

impl<'a> Reader<'a> {
    fn blanks(&mut self) {
        loop {
            self.rest = self.rest.trim_start_matches([' ', '\t', '\r']);
            if let Some(after) = self.rest.strip_prefix("\\\n") {
                self.rest = after;
            } else if self.rest.starts_with('#') {
                self.rest = &self.rest[self.rest.find('\n').unwrap_or(self.rest.len())..];
            } else {
                return;
            }
        }
    }

    fn lines(&mut self) {
        self.blanks();
        while self.rest.starts_with('\n') {
            self.rest = &self.rest[1..];
            self.blanks();
        }
    }

    /// Ends of lines and semicolons.
    fn ends(&mut self) {
        self.lines();
        while self.rest.starts_with(';') {
            self.rest = &self.rest[1..];
            self.lines();
        }
    }

    fn eat(&mut self, sign: &str) -> bool {
        self.blanks();
        let after = self.rest.strip_prefix(sign);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn need(&mut self, sign: &str) -> Option<()> {
        self.eat(sign).then_some(())
    }

    /// The word that stands here.
    fn word(&mut self) -> &'a str {
        self.blanks();
        let end = self.rest.find(|c| !is_letter(c)).unwrap_or(self.rest.len());
        &self.rest[..end]
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.word() == word;
        self.rest = if found { &self.rest[word.len()..] } else { self.rest };
        found
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.depth += 1;
        let found = if self.depth > MAX_DEPTH { None } else { read(self) };
        self.depth -= 1;
        found
    }

    fn sign(&mut self) -> Option<()> {
        self.signs += 1;
        (self.signs <= MAX_SIGNS).then_some(())
    }

    fn rule(&mut self) -> Option<Rule> {
        let when = match self.word() {
            "BEGIN" => When::Begin,
            "END" => When::End,
            _ => {
                let when = if self.rest.starts_with('{') { When::Always } else { self.pattern()? };
                self.blanks();
                let body = if self.rest.starts_with('{') { Some(self.block()?) } else { None };
                return Some(Rule { when, body });
            }
        };
        let word = self.word();
        self.rest = &self.rest[word.len()..];
        self.blanks();
        Some(Rule { when, body: Some(self.block()?) })
    }

    fn pattern(&mut self) -> Option<When> {
        let first = self.expr()?;
        if !self.eat(",") {
            let ends = {
                self.blanks();
                self.rest.is_empty() || self.rest.starts_with(['{', ';', '\n'])
            };
            return ends.then_some(When::Holds(first));
        }
        self.lines();
        Some(When::Range(first, self.expr()?))
    }

    fn block(&mut self) -> Option<Vec<Statement>> {
        self.need("{")?;
        let mut all = Vec::new();
        loop {
            self.ends();
            if self.eat("}") {
                return Some(all);
            }
            all.push(self.deeper(Self::statement)?);
            self.blanks();
            if !self.rest.starts_with([';', '\n', '}'])
                && !matches!(
                    all.last(),
                    Some(Statement::Block(_) | Statement::If(..) | Statement::While(..) | Statement::Each(..))
                )
            {
                return None;
            }
        }
    }

    /// A statement of a loop or a condition.
    fn body(&mut self) -> Option<Box<Statement>> {
        self.lines();
        if self.eat(";") {
            return Some(Box::new(Statement::Block(Vec::new())));
        }
        self.deeper(Self::statement).map(Box::new)
    }

    fn statement(&mut self) -> Option<Statement> {
        self.blanks();
        if self.rest.starts_with('{') {
            return self.block().map(Statement::Block);
        }
        let word = self.word();
        let before = self.rest;
        self.rest = &self.rest[word.len()..];
        match word {
            "if" => self.condition(),
            "while" => {
                self.need("(")?;
                let test = self.expr()?;
                self.need(")")?;
                Some(Statement::While(Some(test), None, self.body()?))
            }
            "for" => self.counted(),
            "delete" => {
                let Expr::Name(name) = self.name()? else { return None };
                let index = if self.eat("[") { self.list("]")? } else { Vec::new() };
                Some(Statement::Delete(name, index))
            }
            "next" => Some(Statement::Next),
            "break" => Some(Statement::Break),
            "continue" => Some(Statement::Continue),
            "exit" => {
                self.blanks();
                let over = self.rest.is_empty() || self.rest.starts_with([';', '\n', '}']);
                Some(Statement::Exit(if over { None } else { Some(self.expr()?) }))
            }
            _ => {
                self.rest = before;
                self.simple()
            }
        }
    }

    fn condition(&mut self) -> Option<Statement> {
        self.need("(")?;
        let test = self.expr()?;
        self.need(")")?;
        let then = self.body()?;
        let before = self.rest;
        self.ends();
        if self.eat_word("else") {
            return Some(Statement::If(test, then, Some(self.body()?)));
        }
        self.rest = before;
        Some(Statement::If(test, then, None))
    }

    fn counted(&mut self) -> Option<Statement> {
        self.need("(")?;
        let before = self.rest;
        if let Some(Expr::Name(name)) = self.name()
            && self.eat_word("in")
            && let Some(Expr::Name(array)) = self.name()
            && self.eat(")")
        {
            return Some(Statement::Each(name, array, self.body()?));
        }
        self.rest = before;
        let begin = if self.eat(";") { None } else { Some(self.simple()?) };
        if begin.is_some() {
            self.need(";")?;
        }
        let test = if self.eat(";") { None } else { Some(self.expr()?) };
        if test.is_some() {
            self.need(";")?;
        }
        let step = if self.eat(")") { None } else { Some(Box::new(self.simple()?)) };
        if step.is_some() {
            self.need(")")?;
        }
        let all = Statement::While(test, step, self.body()?);
        Some(Statement::Block(begin.into_iter().chain([all]).collect()))
    }

    fn simple(&mut self) -> Option<Statement> {
        let word = self.word();
        if !matches!(word, "print" | "printf") {
            return self.expr().map(Statement::Do);
        }
        self.rest = &self.rest[word.len()..];
        self.prints = true;
        let items = self.printed();
        self.prints = false;
        let items = items?;
        match word {
            "print" => Some(Statement::Print(items)),
            _ => (!items.is_empty()).then_some(Statement::Printf(items)),
        }
    }

    fn printed(&mut self) -> Option<Vec<Expr>> {
        let over = |reader: &mut Self| {
            reader.blanks();
            reader.rest.is_empty() || reader.rest.starts_with([';', '\n', '}'])
        };
        let mut items = Vec::new();
        if over(self) {
            return Some(items);
        }
        // Brackets may be around all of them.
        let before = self.rest;
        if self.eat("(") {
            self.prints = false;
            if let Some(all) = self.list(")")
                && over(self)
            {
                return Some(all);
            }
            (self.rest, self.prints) = (before, true);
        }
        loop {
            items.push(self.expr()?);
            if !self.eat(",") {
                return over(self).then_some(items);
            }
            self.lines();
        }
    }

    /// Expressions up to a sign, which is taken.
    fn list(&mut self, end: &str) -> Option<Vec<Expr>> {
        let mut all = Vec::new();
        if self.eat(end) {
            return Some(all);
        }
        loop {
            self.lines();
            all.push(self.expr()?);
            if self.eat(end) {
                return Some(all);
            }
            self.need(",")?;
        }
    }
}

/// A text with its backslashes. Source: POSIX.1-2017, awk, "Lexical Conventions".
pub(super) fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('n')) => out.push('\n'),
            ('\\', Some('t')) => out.push('\t'),
            ('\\', Some('r')) => out.push('\r'),
            ('\\', Some(c @ ('"' | '\\' | '/'))) => out.push(c),
            ('\\', Some(other)) => out.extend(['\\', other]),
            _ => out.push(c),
        }
    }
    out
}
