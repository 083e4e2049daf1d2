//! `grep`. Source: GNU grep 3.8.

use crate::shell::Output;
use crate::shell::line::Line;
use regex_lite::Regex;

pub(super) fn run(line: &Line, text: &str) -> Output {
    matching(line, text, line.has("--extended-regexp"))
}

pub(super) fn extended(line: &Line, text: &str) -> Output {
    matching(line, text, true)
}

fn matching(line: &Line, text: &str, extended: bool) -> Output {
    let Some(pattern) = line.option("--regexp").or_else(|| line.word(0)) else {
        return Output::fail(2, "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.");
    };
    let fixed = || {
        pattern.chars().flat_map(|c| (!c.is_alphanumeric()).then_some('\\').into_iter().chain([c])).collect::<String>()
    };
    let written = if line.has("--fixed-strings") { fixed() } else { pattern.to_owned() };
    let written = if line.has("--word-regexp") { format!("\\b{written}\\b") } else { written };
    let extended = extended || line.has("--fixed-strings");
    let Some(regex) = pattern_of(&written, extended, line.has("--ignore-case")) else {
        return Output::fail(2, "grep: Invalid regular expression");
    };
    let most = match line.value("--max-count", usize::MAX) {
        Ok(most) => most,
        Err(text) => return Output::fail(2, format!("grep: {text}: invalid context length argument")),
    };
    let invert = line.has("--invert-match");
    let all: Vec<&str> = text.lines().collect();
    let found: Vec<usize> =
        all.iter().enumerate().filter(|(_, l)| regex.is_match(l) != invert).map(|(at, _)| at).take(most).collect();
    let status = u8::from(found.is_empty());
    let number =
        |at: usize, sign: char| if line.has("--line-number") { format!("{}{sign}", at + 1) } else { String::new() };
    let out = if line.has("--quiet") {
        String::new()
    } else if line.has("--count") {
        format!("{}\n", found.len())
    } else if line.has("--only-matching") {
        let parts = |at: &usize| {
            regex.find_iter(all[*at]).map(|m| format!("{}{}\n", number(*at, ':'), m.as_str())).collect::<String>()
        };
        found.iter().map(parts).collect()
    } else {
        match around(line) {
            Ok((0, 0)) => found.iter().map(|at| format!("{}{}\n", number(*at, ':'), all[*at])).collect(),
            Ok(context) => with_context(&all, &found, context, number),
            Err(text) => return Output::fail(2, format!("grep: {text}: invalid context length argument")),
        }
    };
    Output { out, err: String::new(), status }
}

/// Lines to show before and after each that is found.
fn around(line: &Line) -> Result<(usize, usize), String> {
    let both = line.value("--context", 0)?;
    Ok((line.value("--before-context", both)?, line.value("--after-context", both)?))
}

/// Found lines with their neighbours; a line of two dashes where some are left out.
fn with_context(
    all: &[&str],
    found: &[usize],
    (before, after): (usize, usize),
    number: impl Fn(usize, char) -> String,
) -> String {
    let mut out = String::new();
    let mut next = 0;
    for (at, line) in all.iter().enumerate() {
        let near = found.iter().any(|f| at.saturating_add(before) >= *f && at <= f.saturating_add(after));
        if !near {
            continue;
        }
        if at > next && !out.is_empty() {
            out += "--\n";
        }
        let sign = if found.contains(&at) { ':' } else { '-' };
        out += &format!("{}{line}\n", number(at, sign));
        next = at + 1;
    }
    out
}

/// A pattern as the engine reads it: without `-E`, some signs are plain and have their meaning behind a backslash.
/// Source: grep(1), "Basic vs Extended Regular Expressions".
pub(super) fn pattern_of(text: &str, extended: bool, ignore: bool) -> Option<Regex> {
    const SWAPPED: &[char] = &['+', '?', '|', '(', ')', '{', '}'];
    let mut pattern = String::from(if ignore { "(?i)" } else { "" });
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(next) if !extended && SWAPPED.contains(&next) => pattern.push(next),
                Some(next) => pattern.extend(['\\', next]),
                None => pattern.push_str("\\\\"),
            },
            c if !extended && SWAPPED.contains(&c) => pattern.extend(['\\', c]),
            c => pattern.push(c),
        }
    }
    Regex::new(&pattern).ok()
}
