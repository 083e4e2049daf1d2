//! `$((...))`: whole numbers as bash reckons with them. Source: bash(1), "ARITHMETIC EVALUATION".

use super::Shell;

/// Deepest nesting of brackets in arithmetic.
const MAX_BRACKETS: usize = 64;

impl Shell {
    /// Whole numbers as bash reckons with them.
    pub(super) fn calculated(&mut self, text: &str) -> Result<i64, String> {
        let mut sum = Sum { text, rest: text.trim_start(), shell: self, depth: 0 };
        if sum.rest.is_empty() {
            return Ok(0);
        }
        let found = sum.level(0)?;
        if sum.rest.is_empty() { Ok(found) } else { Err(sum.wrong("syntax error in expression")) }
    }
}

/// Text that is reckoned with.
struct Sum<'a> {
    text: &'a str,
    rest: &'a str,
    shell: &'a mut Shell,
    depth: usize,
}

/// Signs with two sides, the loosest first.
const LEVELS: [&[&str]; 6] = [&["||"], &["&&"], &["==", "!="], &["<=", ">=", "<", ">"], &["+", "-"], &["*", "/", "%"]];

impl Sum<'_> {
    fn wrong(&self, why: &str) -> String {
        format!("{}: {why} (error token is \"{}\")", self.text.trim_end(), self.rest.trim_end())
    }

    fn take(&mut self, sign: &str) -> bool {
        let after = self.rest.strip_prefix(sign);
        self.rest = after.map_or(self.rest, str::trim_start);
        after.is_some()
    }

    fn level(&mut self, level: usize) -> Result<i64, String> {
        let Some(signs) = LEVELS.get(level) else { return self.one() };
        let mut left = self.level(level + 1)?;
        while let Some(sign) = signs.iter().find(|sign| self.rest.starts_with(**sign)) {
            let here = self.rest;
            self.take(sign);
            let divisor = self.rest;
            let right = self.level(level + 1)?;
            let truth = i64::from;
            left = match *sign {
                "||" => truth(left != 0 || right != 0),
                "&&" => truth(left != 0 && right != 0),
                "==" => truth(left == right),
                "!=" => truth(left != right),
                "<=" => truth(left <= right),
                ">=" => truth(left >= right),
                "<" => truth(left < right),
                ">" => truth(left > right),
                "+" => left.wrapping_add(right),
                "-" => left.wrapping_sub(right),
                "*" => left.wrapping_mul(right),
                _ if right == 0 => {
                    self.rest = divisor;
                    return Err(self.wrong("division by 0"));
                }
                "/" => left.wrapping_div(right),
                _ => left.wrapping_rem(right),
            };
            debug_assert!(self.rest.len() < here.len());
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > MAX_BRACKETS {
            return Err(self.wrong("expression recursion level exceeded"));
        }
        let found = self.value();
        self.depth -= 1;
        found
    }

    fn value(&mut self) -> Result<i64, String> {
        let sign = self.rest;
        for (sign, change) in [("-", i64::wrapping_neg as fn(i64) -> i64), ("+", |n| n), ("!", |n| i64::from(n == 0))] {
            if self.take(sign) {
                return self.one().map(change);
            }
        }
        if self.take("(") {
            let inside = self.level(0)?;
            return if self.take(")") { Ok(inside) } else { Err(self.wrong("missing `)'")) };
        }
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        if word.is_empty() {
            if self.rest.is_empty() {
                self.rest = self.text.trim_end().char_indices().last().map_or("", |(at, _)| &self.text[at..]);
            }
            return Err(self.wrong("syntax error: operand expected"));
        }
        self.rest = rest.trim_start();
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            let hex = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X"));
            let number = match hex {
                Some(hex) => i64::from_str_radix(hex, 16),
                None if word.len() > 1 && word.starts_with('0') => i64::from_str_radix(word, 8),
                None => word.parse(),
            };
            return number.map_err(|_| {
                self.rest = sign;
                self.wrong("value too great for base")
            });
        }
        let value = self.shell.variable(word);
        Ok(value.trim().parse().unwrap_or(0))
    }
}
