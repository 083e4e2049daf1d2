//! `sort`. Source: POSIX.1-2017, sort; GNU coreutils 9.1 (`-V`, error texts).

use super::printed;
use crate::shell::Output;
use crate::shell::line::Line;
use std::cmp::Ordering;

/// How keys are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one option of `sort`")]
struct Manner {
    numeric: bool,
    version: bool,
    fold: bool,
    reverse: bool,
    blanks: bool,
}

/// From one field and letter to another; all from 1, the last letter 0 for the end of its field.
struct Key {
    from: (usize, usize),
    to: Option<(usize, usize)>,
    manner: Manner,
}

pub(super) fn run(line: &Line, text: &str) -> Output {
    let all = Manner {
        numeric: line.has("--numeric-sort"),
        version: line.has("--version-sort"),
        fold: line.has("--ignore-case"),
        reverse: line.has("--reverse"),
        blanks: line.has("--ignore-leading-blanks"),
    };
    let mut keys = Vec::new();
    for text in line.all("--key") {
        match key(text, all) {
            Ok(key) => keys.push(key),
            Err(why) => return Output::fail(2, format!("sort: {why}")),
        }
    }
    if keys.is_empty() {
        keys.push(Key { from: (1, 1), to: None, manner: all });
    }
    let separator = line.option("--field-separator");
    let by_keys = |a: &&str, b: &&str| {
        let one = |key: &Key| {
            let order = key.manner.compare(part(a, key, separator), part(b, key, separator));
            if key.manner.reverse { order.reverse() } else { order }
        };
        keys.iter().map(one).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    };
    let mut lines: Vec<&str> = text.lines().collect();
    if line.has("--unique") {
        lines.sort_by(by_keys);
        lines.dedup_by(|b, a| by_keys(a, b).is_eq());
    } else {
        // Where all keys are equal, the whole lines are compared.
        let last = |a: &&str, b: &&str| if all.reverse { b.cmp(a) } else { a.cmp(b) };
        lines.sort_by(|a, b| by_keys(a, b).then_with(|| last(a, b)));
    }
    printed(lines.into_iter().map(str::to_owned))
}

/// `2`, `2,2n`, `1.3,1.5`: with letters of its own, a key does not take those of the command.
fn key(text: &str, all: Manner) -> Result<Key, String> {
    let (first, second) = text.split_once(',').map_or((text, None), |(a, b)| (a, Some(b)));
    let mut own = Manner::default();
    let from = place(first, &mut own).ok_or_else(|| bad_start(text, first))?;
    if from.0 == 0 {
        return Err(format!("field number is zero: invalid field specification '{text}'"));
    }
    let to = match second {
        Some(second) => Some(
            place(second, &mut own)
                .ok_or_else(|| format!("invalid number after ',': invalid count at start of '{second}'"))?,
        ),
        None => None,
    };
    let manner = if own == Manner::default() { all } else { own };
    Ok(Key { from: (from.0, from.1.max(1)), to, manner })
}

fn bad_start(text: &str, first: &str) -> String {
    if first.starts_with(|c: char| c.is_ascii_digit()) {
        format!("stray character in field spec: invalid field specification '{text}'")
    } else {
        format!("invalid number at field start: invalid count at start of '{text}'")
    }
}

/// Field and letter, with what is said of the comparison behind them.
fn place(text: &str, manner: &mut Manner) -> Option<(usize, usize)> {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (field, mut rest) = text.split_at(digits(text));
    let mut letter = 0;
    if let Some(after) = rest.strip_prefix('.') {
        let (number, after) = after.split_at(digits(after));
        (letter, rest) = (number.parse().ok()?, after);
    }
    for c in rest.chars() {
        match c {
            'n' | 'g' => manner.numeric = true,
            'V' => manner.version = true,
            'f' => manner.fold = true,
            'r' => manner.reverse = true,
            'b' => manner.blanks = true,
            _ => return None,
        }
    }
    Some((field.parse().ok()?, letter))
}

/// Where the fields of a line begin and end: with blanks for separators, those before a field are its own.
fn fields(line: &str, separator: Option<&str>) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    if let Some(by) = separator.filter(|s| !s.is_empty()) {
        let mut at = 0;
        for field in line.split(by) {
            found.push((at, at + field.len()));
            at += field.len() + by.len();
        }
        return found;
    }
    let (mut start, mut blank) = (0, true);
    for (at, c) in line.char_indices() {
        let is_blank = matches!(c, ' ' | '\t');
        if is_blank && !blank {
            found.push((start, at));
            start = at;
        }
        blank = is_blank;
    }
    found.push((start, line.len()));
    found
}

fn part<'a>(line: &'a str, key: &Key, separator: Option<&str>) -> &'a str {
    let fields = fields(line, separator);
    let trimmed = |start: usize| {
        let rest = &line[start..];
        if key.manner.blanks { line.len() - rest.trim_start_matches([' ', '\t']).len() } else { start }
    };
    let start = fields.get(key.from.0 - 1).map_or(line.len(), |(start, _)| {
        let start = trimmed(*start);
        letters(line, start, key.from.1 - 1)
    });
    let end = match key.to {
        None => line.len(),
        Some((field, 0)) => fields.get(field.saturating_sub(1)).map_or(line.len(), |(_, end)| *end),
        Some((field, letter)) => {
            fields.get(field.saturating_sub(1)).map_or(line.len(), |(start, _)| letters(line, trimmed(*start), letter))
        }
    };
    line.get(start..end.max(start)).unwrap_or("")
}

/// So many letters behind a place.
fn letters(line: &str, start: usize, count: usize) -> usize {
    line[start..].char_indices().nth(count).map_or(line.len(), |(at, _)| start + at)
}

impl Manner {
    fn compare(self, a: &str, b: &str) -> Ordering {
        if self.numeric {
            number(a).total_cmp(&number(b))
        } else if self.version {
            by_version(a, b)
        } else if self.fold {
            a.to_uppercase().cmp(&b.to_uppercase())
        } else {
            a.cmp(b)
        }
    }
}

fn number(text: &str) -> f64 {
    let text = text.trim_start();
    let end = text.char_indices().find(|(at, c)| !(c.is_ascii_digit() || *c == '.' || (*at == 0 && *c == '-')));
    text[..end.map_or(text.len(), |(at, _)| at)].parse().unwrap_or(0.0)
}

/// Numbers in a text by their value, letters before all else. Source: GNU `filevercmp`.
fn by_version(a: &str, b: &str) -> Ordering {
    let pieces = |text: &str| -> Vec<Result<u64, (bool, char)>> {
        let mut found: Vec<Result<u64, (bool, char)>> = Vec::new();
        let mut digits = false;
        for c in text.chars() {
            match (c.to_digit(10), found.last_mut()) {
                (Some(d), Some(Ok(number))) if digits => {
                    *number = number.saturating_mul(10).saturating_add(u64::from(d));
                }
                (Some(d), _) => found.push(Ok(u64::from(d))),
                (None, _) => found.push(Err((!c.is_ascii_alphabetic(), c))),
            }
            digits = c.is_ascii_digit();
        }
        found
    };
    pieces(a).cmp(&pieces(b))
}
