//! Small tools of coreutils that make, join or turn lines. Source: GNU coreutils 9.1.

use super::printed;
use crate::shell::line::Line;
use crate::shell::{Output, Shell};

/// Most numbers that `seq` prints, and most bytes.
const MAX_NUMBERS: usize = 10_000;
const MAX_BYTES: usize = 1 << 19;

pub(super) fn tac(_: &Line, text: &str) -> Output {
    printed(text.lines().rev().map(str::to_owned))
}

pub(super) fn rev(_: &Line, text: &str) -> Output {
    printed(text.lines().map(|line| line.chars().rev().collect()))
}

/// Lines with numbers; empty ones without, unless all are asked for.
pub(super) fn nl(line: &Line, text: &str) -> Output {
    let all = match line.option("--body-numbering") {
        None | Some("t") => false,
        Some("a") => true,
        Some(other) => return Output::fail(1, format!("podhop: nl -b {other} is not simulated; nearest: nl -b a")),
    };
    let mut number = 0;
    printed(text.lines().map(|line| {
        if line.is_empty() && !all {
            return " ".repeat(7);
        }
        number += 1;
        format!("{number:>6}\t{line}")
    }))
}

/// Lines beside each other: as many as `-` are given, or all with `-s`.
pub(super) fn paste(line: &Line, text: &str) -> Output {
    let by: Vec<String> = delimiters(line.option("--delimiters").unwrap_or("\t"));
    let columns = line.words.iter().filter(|word| *word == "-").count().max(1);
    let lines: Vec<&str> = text.lines().collect();
    let columns = if line.has("--serial") { lines.len().max(1) } else { columns };
    let row = |row: &[&str]| {
        let mut out = String::new();
        for at in 0..columns {
            out += row.get(at).copied().unwrap_or_default();
            if at + 1 < columns {
                out += by.get(at % by.len().max(1)).map_or("", String::as_str);
            }
        }
        out
    };
    if lines.is_empty() && line.has("--serial") {
        return Output::ok("\n");
    }
    printed(lines.chunks(columns).map(row))
}

fn delimiters(text: &str) -> Vec<String> {
    let mut chars = text.chars();
    let mut all = Vec::new();
    while let Some(c) = chars.next() {
        all.push(match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('n')) => "\n".to_owned(),
            ('\\', Some('t')) => "\t".to_owned(),
            ('\\', Some('0')) => String::new(),
            ('\\', Some(other)) => other.to_string(),
            _ => c.to_string(),
        });
    }
    all
}

/// `seq [FIRST [STEP]] LAST`, of whole numbers.
pub(super) fn seq(_: &mut Shell, args: &[String]) -> Output {
    let (mut joint, mut wide, mut rest) = ("\n".to_owned(), false, args);
    loop {
        rest = match rest {
            [flag, by, after @ ..] if flag == "-s" => {
                joint.clone_from(by);
                after
            }
            [flag, after @ ..] if flag == "-w" => {
                wide = true;
                after
            }
            [flag, after @ ..] if flag.starts_with("-s") => {
                flag[2..].clone_into(&mut joint);
                after
            }
            _ => break,
        };
    }
    let mut numbers = Vec::new();
    for word in rest {
        match word.parse::<i64>() {
            Ok(number) => numbers.push(number),
            Err(_) if word.parse::<f64>().is_ok() || word.starts_with('-') => {
                return Output::fail(1, format!("podhop: seq {word} is not simulated; nearest: seq 1 10"));
            }
            Err(_) => {
                return Output::fail(
                    1,
                    format!("seq: invalid floating point argument: \u{2018}{word}\u{2019}\n{}", more("seq")),
                );
            }
        }
    }
    let (first, step, last) = match *numbers.as_slice() {
        [last] => (1, 1, last),
        [first, last] => (first, 1, last),
        [first, step, last] => (first, step, last),
        [] => return Output::fail(1, format!("seq: missing operand\n{}", more("seq"))),
        _ => return Output::fail(1, format!("seq: extra operand \u{2018}{}\u{2019}\n{}", rest[3], more("seq"))),
    };
    if step == 0 {
        return Output::fail(1, format!("seq: invalid Zero increment value: \u{2018}0\u{2019}\n{}", more("seq")));
    }
    let within = |n: &i64| if step > 0 { *n <= last } else { *n >= last };
    let width = if wide { first.to_string().len().max(last.to_string().len()) } else { 0 };
    let all = std::iter::successors(Some(first), |n| n.checked_add(step)).take_while(within).take(MAX_NUMBERS + 1);
    let all: Vec<String> = all.map(|n| format!("{n:0width$}")).collect();
    let bytes: usize = all.iter().map(|text| text.len() + joint.len()).sum();
    if all.len() > MAX_NUMBERS || bytes > MAX_BYTES {
        return Output::fail(1, format!("podhop: seq ends after {MAX_NUMBERS} numbers here"));
    }
    Output::ok(if all.is_empty() { String::new() } else { all.join(&joint) + "\n" })
}

fn more(tool: &str) -> String {
    format!("Try '{tool} --help' for more information.")
}

pub(super) fn basename(_: &mut Shell, line: &Line) -> Output {
    let Some(path) = line.word(0) else {
        return Output::fail(1, format!("basename: missing operand\n{}", more("basename")));
    };
    if let Some(extra) = line.word(2) {
        return Output::fail(1, format!("basename: extra operand \u{2018}{extra}\u{2019}\n{}", more("basename")));
    }
    let whole = path.trim_end_matches('/');
    let name = if whole.is_empty() && !path.is_empty() { "/" } else { whole.rsplit('/').next().unwrap_or(whole) };
    let cut = line.word(1).and_then(|end| name.strip_suffix(end)).filter(|left| !left.is_empty());
    Output::ok(cut.unwrap_or(name).to_owned() + "\n")
}

pub(super) fn dirname(_: &mut Shell, line: &Line) -> Output {
    if line.words.is_empty() {
        return Output::fail(1, format!("dirname: missing operand\n{}", more("dirname")));
    }
    let dir = |path: &String| {
        let whole = path.trim_end_matches('/');
        match whole.rsplit_once('/') {
            _ if whole.is_empty() && path.starts_with('/') => "/".to_owned(),
            None => ".".to_owned(),
            Some((dir, _)) if dir.trim_end_matches('/').is_empty() => "/".to_owned(),
            Some((dir, _)) => dir.trim_end_matches('/').to_owned(),
        }
    };
    printed(line.words.iter().map(dir))
}
