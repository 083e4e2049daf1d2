//! Reads an awk program. What is not simulated is no program here. Source: POSIX.1-2017, awk, "Grammar".

use super::super::pattern_of;
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

const FUNCTIONS: [&str; 11] =
    ["length", "substr", "index", "split", "sub", "gsub", "toupper", "tolower", "int", "sprintf", "match"];
/// Words that are no names of variables, and variables that mean what is not simulated.
const NO_NAMES: [&str; 28] = [
    "BEGIN", "END", "function", "func", "getline", "in", "if", "else", "while", "for", "do", "break", "continue",
    "next", "nextfile", "exit", "return", "delete", "print", "printf", "close", "system", "RS", "ENVIRON", "ARGV",
    "ARGC", "FILENAME", "SUBSEP",
];
const ASSIGNING: [&str; 8] = ["+=", "-=", "*=", "/=", "%=", "^=", "**=", "="];
/// Signs with two sides, the loosest first. A sign that another one begins with is not taken for it.
const LEVELS: [&[&str]; 2] = [&["+", "-"], &["*", "/", "%"]];
const COMPARING: [&str; 6] = ["<=", ">=", "==", "!=", "<", ">"];

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

    fn expr(&mut self) -> Option<Expr> {
        self.deeper(Self::choice)
    }

    fn choice(&mut self) -> Option<Expr> {
        let test = self.either()?;
        if self.eat("?") {
            let yes = self.expr()?;
            self.need(":")?;
            return Some(Expr::Choice(Box::new([test, yes, self.expr()?])));
        }
        if !matches!(test, Expr::Name(_) | Expr::Field(_) | Expr::Element(..)) {
            return Some(test);
        }
        self.blanks();
        let sign =
            ASSIGNING.into_iter().find(|sign| self.rest.starts_with(sign)).filter(|_| !self.rest.starts_with("=="));
        let Some(sign) = sign else { return Some(test) };
        self.rest = &self.rest[sign.len()..];
        self.lines();
        Some(Expr::Assign(Box::new(test), sign, Box::new(self.expr()?)))
    }

    fn either(&mut self) -> Option<Expr> {
        self.logical("||", |reader| reader.logical("&&", Self::contained))
    }

    fn logical(&mut self, sign: &'static str, read: impl Fn(&mut Self) -> Option<Expr>) -> Option<Expr> {
        let mut left = read(self)?;
        while self.eat(sign) {
            self.sign()?;
            self.lines();
            left = Expr::Two(Box::new(left), sign, Box::new(read(self)?));
        }
        Some(left)
    }

    fn contained(&mut self) -> Option<Expr> {
        let mut left = self.matched()?;
        while self.eat_word("in") {
            self.sign()?;
            let Expr::Name(array) = self.name()? else { return None };
            left = Expr::In(vec![left], array);
        }
        Some(left)
    }

    fn matched(&mut self) -> Option<Expr> {
        let mut left = self.compared()?;
        loop {
            let sign = if self.eat("~") {
                "~"
            } else if self.eat("!~") {
                "!~"
            } else {
                return Some(left);
            };
            self.sign()?;
            left = Expr::Two(Box::new(left), sign, Box::new(self.compared()?));
        }
    }

    fn compared(&mut self) -> Option<Expr> {
        let left = self.joined()?;
        self.blanks();
        let sign = COMPARING.into_iter().find(|sign| self.rest.starts_with(sign));
        let Some(sign) = sign.filter(|sign| !(self.prints && *sign == ">")) else { return Some(left) };
        self.rest = &self.rest[sign.len()..];
        Some(Expr::Two(Box::new(left), sign, Box::new(self.joined()?)))
    }

    /// What stands beside each other is one text.
    fn joined(&mut self) -> Option<Expr> {
        let mut left = self.level(0)?;
        loop {
            let word = self.word();
            let begins = self.rest.starts_with(|c: char| is_letter(c) || matches!(c, '$' | '"' | '(' | '.'));
            let steps = self.rest.starts_with("++") || self.rest.starts_with("--");
            if !(begins || steps) || word == "in" {
                return Some(left);
            }
            self.sign()?;
            left = Expr::Two(Box::new(left), " ", Box::new(self.level(0)?));
        }
    }

    fn level(&mut self, level: usize) -> Option<Expr> {
        let Some(signs) = LEVELS.get(level) else { return self.signed() };
        let mut left = self.level(level + 1)?;
        loop {
            self.blanks();
            let found = signs.iter().find(|sign| self.rest.starts_with(**sign));
            let other = self
                .rest
                .get(1..2)
                .is_some_and(|next| next == "=" || self.rest.starts_with("++") || self.rest.starts_with("--"));
            let Some(sign) = found.filter(|_| !other && !self.rest.starts_with("**")) else { return Some(left) };
            self.sign()?;
            self.rest = &self.rest[1..];
            left = Expr::Two(Box::new(left), sign, Box::new(self.level(level + 1)?));
        }
    }

    fn signed(&mut self) -> Option<Expr> {
        self.blanks();
        let sign = self.rest.chars().next().filter(|c| matches!(c, '!' | '-' | '+'));
        let steps = self.rest.starts_with("++") || self.rest.starts_with("--");
        if let Some(sign) = sign.filter(|_| !steps && !self.rest.starts_with("!~")) {
            self.rest = &self.rest[1..];
            return Some(Expr::One(sign, Box::new(self.deeper(Self::signed)?)));
        }
        let base = self.stepped()?;
        self.blanks();
        let long = self.rest.starts_with("**") && !self.rest.starts_with("**=");
        if !long && (!self.rest.starts_with('^') || self.rest.starts_with("^=")) {
            return Some(base);
        }
        self.rest = &self.rest[1 + usize::from(long)..];
        Some(Expr::Two(Box::new(base), "^", Box::new(self.deeper(Self::signed)?)))
    }

    fn stepped(&mut self) -> Option<Expr> {
        let place = |expr: &Expr| matches!(expr, Expr::Name(_) | Expr::Field(_) | Expr::Element(..));
        for (sign, by) in [("++", 1.0), ("--", -1.0)] {
            if self.eat(sign) {
                let of = self.primary().filter(place)?;
                return Some(Expr::Step(Box::new(of), by, true));
            }
        }
        let of = self.primary()?;
        if !place(&of) {
            return Some(of);
        }
        for (sign, by) in [("++", 1.0), ("--", -1.0)] {
            if self.eat(sign) {
                return Some(Expr::Step(Box::new(of), by, false));
            }
        }
        Some(of)
    }

    fn primary(&mut self) -> Option<Expr> {
        self.blanks();
        match self.rest.chars().next()? {
            '$' => {
                self.rest = &self.rest[1..];
                let index = self.deeper(|reader| match reader.rest.chars().next()? {
                    '-' => None,
                    '+' => reader.stepped(),
                    _ => reader.primary(),
                })?;
                Some(Expr::Field(Box::new(index)))
            }
            '(' => self.bracket(),
            '"' => self.quoted('"').map(|text| Expr::Text(unescaped(&text))),
            '/' => {
                let text = self.quoted('/')?;
                pattern_of(&text.replace("\\/", "/"), true, false).ok().map(|regex| Expr::Regex(Rc::new(regex)))
            }
            c if c.is_ascii_digit() || c == '.' => self.number(),
            _ => self.called(),
        }
    }

    fn bracket(&mut self) -> Option<Expr> {
        self.rest = &self.rest[1..];
        let prints = std::mem::take(&mut self.prints);
        let mut all = self.list(")")?;
        self.prints = prints;
        if all.len() > 1 {
            if !self.eat_word("in") {
                return None;
            }
            let Expr::Name(array) = self.name()? else { return None };
            return Some(Expr::In(all, array));
        }
        // What is in brackets is no place that is assigned to.
        all.pop().map(|inside| Expr::One('(', Box::new(inside)))
    }

    fn quoted(&mut self, quote: char) -> Option<String> {
        let mut escaped = false;
        for (at, c) in self.rest.char_indices().skip(1) {
            match c {
                '\n' => return None,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                c if c == quote => {
                    let text = self.rest[1..at].to_owned();
                    self.rest = &self.rest[at + 1..];
                    return Some(text);
                }
                _ => {}
            }
        }
        None
    }

    fn number(&mut self) -> Option<Expr> {
        let len = super::number_len(self.rest);
        let number = self.rest[..len].parse().ok()?;
        self.rest = &self.rest[len..];
        Some(Expr::Number(number))
    }

    fn name(&mut self) -> Option<Expr> {
        let word = self.word();
        let good = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if !good || NO_NAMES.contains(&word) || FUNCTIONS.contains(&word) {
            return None;
        }
        self.rest = &self.rest[word.len()..];
        Some(Expr::Name(word.to_owned()))
    }

    fn called(&mut self) -> Option<Expr> {
        let word = self.word();
        if let Some(function) = FUNCTIONS.into_iter().find(|name| *name == word) {
            self.rest = &self.rest[word.len()..];
            let prints = std::mem::take(&mut self.prints);
            let args = match self.eat("(") {
                true => self.list(")")?,
                false if function == "length" => Vec::new(),
                false => return None,
            };
            self.prints = prints;
            return fits(function, &args).then_some(Expr::Call(function, args));
        }
        let Expr::Name(name) = self.name()? else { return None };
        if self.rest.starts_with('(') {
            return None;
        }
        if self.rest.starts_with('[') {
            self.rest = &self.rest[1..];
            let index = self.list("]")?;
            return (!index.is_empty()).then_some(Expr::Element(name, index));
        }
        Some(Expr::Name(name))
    }
}

/// Whether a function takes so many values, and of this kind.
fn fits(function: &str, args: &[Expr]) -> bool {
    let place =
        |at: usize| args.get(at).is_none_or(|a| matches!(a, Expr::Name(_) | Expr::Field(_) | Expr::Element(..)));
    match function {
        "length" => args.len() < 2,
        "substr" => matches!(args.len(), 2 | 3),
        "index" | "match" => args.len() == 2,
        "split" => matches!(args.len(), 2 | 3) && matches!(args[1], Expr::Name(_)),
        "sub" | "gsub" => matches!(args.len(), 2 | 3) && place(2),
        "sprintf" => !args.is_empty(),
        _ => args.len() == 1,
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
