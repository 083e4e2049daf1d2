//! `awk` as people type it behind a pipe: `/PATTERN/ {print $1, $NF}`, conditions on `NR` and on fields.
//! Source: POSIX.1-2017, awk.

use super::grep::pattern_of;
use super::printed;
use crate::shell::Output;
use crate::shell::line::Line;
use regex_lite::Regex;

/// What picks a line.
enum Condition {
    All,
    Matches(Regex),
    /// Neither nothing nor zero.
    Holds(String),
    Compares(String, &'static str, String),
}

const SIGNS: [&str; 7] = ["==", "!=", ">=", "<=", "!~", "~", ">"];

/// One line with its fields.
struct Row<'a> {
    number: usize,
    line: &'a str,
    fields: Vec<&'a str>,
}

impl Row<'_> {
    /// The text of an operand: a field, a number of one, or a constant.
    fn value(&self, operand: &str) -> String {
        match operand.trim() {
            "NR" => self.number.to_string(),
            "NF" => self.fields.len().to_string(),
            "$0" => self.line.to_owned(),
            "$NF" => self.fields.last().map_or_else(String::new, |f| (*f).to_owned()),
            field if field.starts_with('$') => {
                let at = field[1..].trim_matches(['(', ')']).parse::<usize>().unwrap_or(usize::MAX);
                self.fields.get(at.wrapping_sub(1)).map_or_else(String::new, |f| (*f).to_owned())
            }
            constant => constant.trim_matches('"').replace("\\t", "\t").replace("\\n", "\n"),
        }
    }

    fn holds(&self, condition: &Condition) -> bool {
        let (left, sign, right) = match condition {
            Condition::All => return true,
            Condition::Matches(regex) => return regex.is_match(self.line),
            Condition::Holds(operand) => {
                let value = self.value(operand);
                return value.parse().map_or(!value.is_empty(), |n: f64| n != 0.0);
            }
            Condition::Compares(left, sign, right) => (self.value(left), *sign, right),
        };
        if matches!(sign, "~" | "!~") {
            let found = pattern_of(right.trim().trim_matches('/'), true, false).is_ok_and(|r| r.is_match(&left));
            return found == (sign == "~");
        }
        let right = self.value(right);
        let order = match (left.parse::<f64>(), right.parse::<f64>()) {
            (Ok(a), Ok(b)) => a.partial_cmp(&b),
            _ => Some(left.cmp(&right)),
        };
        match sign {
            "==" => order.is_some_and(std::cmp::Ordering::is_eq),
            "!=" => order.is_some_and(std::cmp::Ordering::is_ne),
            ">=" => order.is_some_and(std::cmp::Ordering::is_ge),
            "<=" => order.is_some_and(std::cmp::Ordering::is_le),
            ">" => order.is_some_and(std::cmp::Ordering::is_gt),
            _ => order.is_some_and(std::cmp::Ordering::is_lt),
        }
    }
}

fn condition(text: &str) -> Option<Condition> {
    if text.is_empty() {
        return Some(Condition::All);
    }
    if let Some(pattern) = text.strip_prefix('/').and_then(|t| t.strip_suffix('/')) {
        return pattern_of(pattern, true, false).ok().map(Condition::Matches);
    }
    if text == "NF" || text == "NR" || (text.starts_with('$') && text[1..].chars().all(char::is_alphanumeric)) {
        return Some(Condition::Holds(text.to_owned()));
    }
    let sign = SIGNS.into_iter().chain(["<"]).find(|sign| text.contains(sign))?;
    let (left, right) = text.split_once(sign)?;
    Some(Condition::Compares(left.trim().to_owned(), sign, right.trim().to_owned()))
}

pub(super) fn run(line: &Line, text: &str) -> Output {
    const LIMIT: &str =
        "podhop: of awk, conditions and printing of fields are simulated; nearest: awk '/PATTERN/ {print $1, $2}'";
    let Some(program) = line.word(0) else {
        return Output::fail(2, "usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]");
    };
    let (before, rest) = program.split_once('{').unwrap_or((program, "print}"));
    let body = rest.trim_end().strip_suffix('}').and_then(|b| b.trim().strip_prefix("print"));
    let (Some(body), Some(condition)) = (body, condition(before.trim())) else { return Output::fail(2, LIMIT) };
    if body.contains([';', '{']) {
        return Output::fail(2, LIMIT);
    }
    let separator = line.option("-F");
    let rows = text.lines().zip(1..).map(|(line, number)| {
        let fields = match separator {
            Some(by) if !by.is_empty() => line.split(by).collect(),
            _ => line.split_whitespace().collect(),
        };
        Row { number, line, fields }
    });
    let print = |row: Row<'_>| {
        if body.trim().is_empty() {
            return row.line.to_owned();
        }
        body.split(',').map(|item| row_text(&row, item)).collect::<Vec<_>>().join(" ")
    };
    printed(rows.filter(|row| row.holds(&condition)).map(print))
}

/// Operands beside each other are one text: `$1 "/" $2`.
fn row_text(row: &Row<'_>, item: &str) -> String {
    let mut text = String::new();
    let mut rest = item.trim();
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '"' => rest[1..].find('"').map_or(rest.len(), |at| at + 2),
            '$' => rest[1..].find(|c: char| !c.is_ascii_alphanumeric()).map_or(rest.len(), |at| at + 1),
            _ => rest.find(['"', '$', ' ']).filter(|at| *at > 0).unwrap_or(rest.len()),
        };
        text += &row.value(&rest[..end]);
        rest = rest[end..].trim_start();
    }
    text
}
