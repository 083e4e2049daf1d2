//! `$((...))`, `((...))` and `let`: whole numbers as bash reckons with them. Source: bash(1), "ARITHMETIC EVALUATION".

use super::Shell;

/// Deepest nesting of brackets in arithmetic, with those in the values of variables.
const MAX_BRACKETS: usize = 64;
/// Most bytes of the values of variables that are read as numbers for one result.
const MAX_READ: usize = 1 << 16;
const TOO_DEEP: &str = "expression recursion level exceeded";

impl Shell {
    /// Whole numbers as bash reckons with them.
    pub(super) fn calculated(&mut self, text: &str) -> Result<i64, String> {
        Sum { text, rest: "", shell: self, depth: 0, skips: 0, room: MAX_READ }.whole(&mut 0)
    }
}

/// Text that is reckoned with.
struct Sum<'a> {
    text: &'a str,
    rest: &'a str,
    shell: &'a mut Shell,
    depth: usize,
    /// Whether it is only read, since the sign before has decided.
    skips: usize,
    /// Bytes of variables that may still be read.
    room: usize,
}

/// Signs with two sides, the loosest first. Those that assign, `?` and `,` are read apart.
const LEVELS: [&[&str]; 10] = [
    &["||"],
    &["&&"],
    &["|"],
    &["^"],
    &["&"],
    &["==", "!="],
    &["<=", ">=", "<", ">"],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
];
/// All signs of more than one letter, the longest first.
const LONG: [&str; 21] = [
    "<<=", ">>=", "||", "&&", "==", "!=", "<=", ">=", "<<", ">>", "**", "+=", "-=", "*=", "/=", "%=", "&=", "^=", "|=",
    "++", "--",
];
const ASSIGNING: [&str; 11] = ["=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "^=", "|="];

impl<'a> Sum<'a> {
    /// Reckons all of it; what is left of the room is told.
    fn whole(mut self, room: &mut usize) -> Result<i64, String> {
        self.rest = self.text.trim_start();
        if self.rest.is_empty() {
            return Ok(0);
        }
        let found = self.list()?;
        *room = self.room;
        if self.rest.is_empty() { Ok(found) } else { Err(self.wrong("syntax error in expression")) }
    }

    fn wrong(&self, why: &str) -> String {
        format!("{}: {why} (error token is \"{}\")", self.text.trim_start(), self.rest)
    }

    /// The sign that stands here; nothing where none does.
    fn sign(&self) -> &'a str {
        let long = LONG.iter().find(|sign| self.rest.starts_with(**sign)).map_or(1, |sign| sign.len());
        let sign = self.rest.get(..long).unwrap_or("");
        if sign.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') { "" } else { sign }
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest[bytes..].trim_start();
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = self.sign() == sign;
        if found {
            self.skip(sign.len());
        }
        found
    }

    /// Reads what is nested, as deep as there is room.
    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Result<i64, String>) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > MAX_BRACKETS {
            return Err(self.wrong(TOO_DEEP));
        }
        let found = read(self)?;
        self.depth -= 1;
        Ok(found)
    }

    /// Reads what counts only if something holds.
    fn only_if(&mut self, holds: bool, read: impl FnOnce(&mut Self) -> Result<i64, String>) -> Result<i64, String> {
        self.skips += usize::from(!holds);
        let found = read(self)?;
        self.skips -= usize::from(!holds);
        Ok(found)
    }

    fn list(&mut self) -> Result<i64, String> {
        let mut found = self.choice()?;
        while self.take(",") {
            found = self.choice()?;
        }
        Ok(found)
    }

    fn choice(&mut self) -> Result<i64, String> {
        let test = self.level(0)?;
        if !self.take("?") {
            return Ok(test);
        }
        let yes = self.only_if(test != 0, |sum| sum.deeper(Self::list))?;
        if !self.take(":") {
            return Err(self.wrong("`:' expected for conditional expression"));
        }
        let no = self.only_if(test == 0, |sum| sum.deeper(Self::choice))?;
        Ok(if test != 0 { yes } else { no })
    }

    fn level(&mut self, level: usize) -> Result<i64, String> {
        let Some(signs) = LEVELS.get(level) else { return self.power() };
        let mut left = self.level(level + 1)?;
        loop {
            // `1++2` is `1 + +2`.
            let here = self.sign();
            let sign = if matches!(here, "++" | "--") { &here[..1] } else { here };
            if !signs.contains(&sign) {
                return Ok(left);
            }
            self.skip(sign.len());
            let decides = match sign {
                "||" => left == 0,
                "&&" => left != 0,
                _ => true,
            };
            let from = self.rest;
            let right = self.only_if(decides, |sum| sum.level(level + 1))?;
            left = self.both(left, sign, right, from)?;
        }
    }

    /// `**`, which binds from the right.
    fn power(&mut self) -> Result<i64, String> {
        let base = self.deeper(Self::value)?;
        if !self.take("**") {
            return Ok(base);
        }
        let from = self.rest;
        let exponent = self.deeper(Self::power)?;
        self.both(base, "**", exponent, from)
    }

    /// What a sign makes of its two sides; `from` is where the right one begins.
    fn both(&mut self, left: i64, sign: &str, right: i64, from: &'a str) -> Result<i64, String> {
        let truth = i64::from;
        let bits = u32::try_from(right & 63).unwrap_or(0);
        Ok(match sign.trim_end_matches('=') {
            "||" => truth(left != 0 || right != 0),
            "&&" => truth(left != 0 && right != 0),
            "<" if sign == "<=" => truth(left <= right),
            ">" if sign == ">=" => truth(left >= right),
            "" if sign == "==" => truth(left == right),
            "" => right,
            "!" => truth(left != right),
            "<" => truth(left < right),
            ">" => truth(left > right),
            "|" => left | right,
            "^" => left ^ right,
            "&" => left & right,
            "<<" => left.wrapping_shl(bits),
            ">>" => left.wrapping_shr(bits),
            "+" => left.wrapping_add(right),
            "-" => left.wrapping_sub(right),
            "*" => left.wrapping_mul(right),
            "**" if right < 0 => {
                self.rest = from.trim_start_matches(['-', '+', ' ']);
                return Err(self.wrong("exponent less than 0"));
            }
            "**" => power(left, right),
            _ if right == 0 && self.skips > 0 => 0,
            _ if right == 0 => {
                self.rest = from;
                return Err(self.wrong("division by 0"));
            }
            "/" => left.wrapping_div(right),
            _ => left.wrapping_rem(right),
        })
    }

    fn value(&mut self) -> Result<i64, String> {
        let begun = self.rest;
        for (sign, by) in [("++", 1), ("--", -1)] {
            let after = begun.strip_prefix(sign).map_or("", str::trim_start);
            if after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
                self.rest = after;
                let (name, index) = self.place()?;
                let value = self.read(&name, index)?.wrapping_add(by);
                return Ok(self.store(&name, index, value));
            }
        }
        let first = begun.chars().next().unwrap_or(' ');
        if matches!(first, '-' | '+' | '!' | '~') {
            self.skip(1);
            let value = self.deeper(Self::value)?;
            return Ok(match first {
                '-' => value.wrapping_neg(),
                '!' => i64::from(value == 0),
                '~' => !value,
                _ => value,
            });
        }
        if self.take("(") {
            let inside = self.deeper(Self::list)?;
            return if self.take(")") { Ok(inside) } else { Err(self.wrong("missing `)'")) };
        }
        if first.is_ascii_digit() {
            return self.number();
        }
        if first.is_ascii_alphabetic() || first == '_' {
            return self.variable();
        }
        if self.rest.is_empty() {
            self.rest = self.text.trim_end().char_indices().last().map_or("", |(at, _)| &self.text[at..]);
        }
        Err(self.wrong("syntax error: operand expected"))
    }

    /// Letters, digits and what else the end of a word is made of.
    fn word(&mut self, also: char) -> &'a str {
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != also);
        let (word, _) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.skip(word.len());
        word
    }

    fn number(&mut self) -> Result<i64, String> {
        let begun = self.rest;
        let word = self.word('#');
        let hex = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X"));
        let number = match (hex, word.split_once('#')) {
            (Some(hex), _) => i64::from_str_radix(hex, 16).ok(),
            (_, Some((base, digits))) => {
                let base = base.parse().ok().filter(|base| (2..=36).contains(base));
                base.and_then(|base| i64::from_str_radix(digits, base).ok())
            }
            _ if word.len() > 1 && word.starts_with('0') => i64::from_str_radix(word, 8).ok(),
            _ => word.parse().ok(),
        };
        number.ok_or_else(|| {
            self.rest = begun;
            self.wrong("value too great for base")
        })
    }

    /// The name of a variable, and its place in an array.
    fn place(&mut self) -> Result<(String, usize), String> {
        let name = self.word('_').to_owned();
        if !self.take("[") {
            return Ok((name, 0));
        }
        let index = self.deeper(Self::list)?;
        if !self.take("]") {
            return Err(self.wrong("bad array subscript"));
        }
        let index = self.shell.place_in(&name, index).ok_or_else(|| format!("{name}: bad array subscript"))?;
        Ok((name, index))
    }

    fn variable(&mut self) -> Result<i64, String> {
        let (name, index) = self.place()?;
        let sign = self.sign();
        if ASSIGNING.contains(&sign) {
            self.skip(sign.len());
            let from = self.rest;
            let left = if sign == "=" { 0 } else { self.read(&name, index)? };
            let right = self.deeper(Self::choice)?;
            let value = if sign == "=" { right } else { self.both(left, &sign[..sign.len() - 1], right, from)? };
            return Ok(self.store(&name, index, value));
        }
        let value = self.read(&name, index)?;
        for (sign, by) in [("++", 1), ("--", -1)] {
            if self.take(sign) {
                self.store(&name, index, value.wrapping_add(by));
            }
        }
        Ok(value)
    }

    fn store(&mut self, name: &str, index: usize, value: i64) -> i64 {
        if self.skips == 0 {
            self.shell.set_element(name, index, value.to_string());
        }
        value
    }

    /// The value of a variable, which is reckoned itself.
    fn read(&mut self, name: &str, index: usize) -> Result<i64, String> {
        let text =
            if index == 0 { self.shell.variable(name) } else { self.shell.element(name, index).unwrap_or_default() };
        if self.skips > 0 {
            return Ok(0);
        }
        if let Some(number) = text.trim().parse().ok().filter(|_| !text.trim().starts_with('0')) {
            return Ok(number);
        }
        let room = self.room.checked_sub(text.len() + 1).filter(|_| self.depth < MAX_BRACKETS);
        let Some(room) = room else { return Err(self.wrong(TOO_DEEP)) };
        self.room = room;
        let (depth, mut left) = (self.depth + 1, room);
        let inner = Sum { text: &text, rest: "", shell: self.shell, depth, skips: 0, room };
        let found = inner.whole(&mut left);
        self.room = left;
        found
    }
}

fn power(mut base: i64, mut exponent: i64) -> i64 {
    let mut all = 1_i64;
    while exponent > 0 {
        if exponent & 1 == 1 {
            all = all.wrapping_mul(base);
        }
        base = base.wrapping_mul(base);
        exponent >>= 1;
    }
    all
}
