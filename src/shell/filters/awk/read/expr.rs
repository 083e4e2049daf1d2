//! Expressions of awk, from the loosest sign to the tightest. Source: POSIX.1-2017, awk, "Expressions in awk".

use super::super::super::pattern_of;
use super::super::number_len;
use super::{Expr, Reader, is_letter, unescaped};
use std::rc::Rc;

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

impl Reader<'_> {
    pub(super) fn expr(&mut self) -> Option<Expr> {
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
        let len = number_len(self.rest);
        let number = self.rest[..len].parse().ok()?;
        self.rest = &self.rest[len..];
        Some(Expr::Number(number))
    }

    pub(super) fn name(&mut self) -> Option<Expr> {
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
