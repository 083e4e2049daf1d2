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
    let given = line.all("--regexp");
    let patterns: Vec<&str> = if given.is_empty() { line.word(0).into_iter().collect() } else { given };
    if patterns.is_empty() {
        return Output::fail(2, "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.");
    }
    let mut regexes = Vec::new();
    for pattern in patterns.iter().flat_map(|p| p.split('\n')) {
        match regex(line, pattern, extended) {
            Ok(regex) => regexes.push(regex),
            Err(why) => return Output::fail(2, format!("grep: {why}")),
        }
    }
    let Ok(most) = line.value("--max-count", usize::MAX) else { return Output::fail(2, "grep: invalid max count") };
    let invert = line.has("--invert-match");
    let all: Vec<&str> = text.lines().collect();
    let holds = |l: &str| regexes.iter().any(|regex| regex.is_match(l)) != invert;
    let found: Vec<usize> = all.iter().enumerate().filter(|(_, l)| holds(l)).map(|(at, _)| at).take(most).collect();
    let status = u8::from(found.is_empty());
    let number =
        |at: usize, sign: char| if line.has("--line-number") { format!("{}{sign}", at + 1) } else { String::new() };
    let out = if line.has("--quiet") {
        String::new()
    } else if line.has("--count") {
        format!("{}\n", found.len())
    } else if line.has("--only-matching") {
        let part = |at: usize, text: &str| format!("{}{text}\n", number(at, ':'));
        let parts = |at: &usize| parts(&regexes, all[*at]).iter().map(|text| part(*at, text)).collect::<String>();
        found.iter().filter(|_| !invert).map(parts).collect()
    } else {
        match around(line) {
            Ok((0, 0)) => found.iter().map(|at| format!("{}{}\n", number(*at, ':'), all[*at])).collect(),
            Ok(context) => with_context(&all, &found, context, number),
            Err(text) => return Output::fail(2, format!("grep: {text}: invalid context length argument")),
        }
    };
    Output { out, err: String::new(), status }
}

/// What matches in a line, from left to right, the longest first where patterns begin alike.
fn parts<'a>(regexes: &[Regex], text: &'a str) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) =
        regexes.iter().filter_map(|r| r.find_at(text, at)).min_by_key(|m| (m.start(), std::cmp::Reverse(m.end())))
    {
        if next.is_empty() {
            let Some(c) = text[next.end()..].chars().next() else { break };
            at = next.end() + c.len_utf8();
            continue;
        }
        found.push(&text[next.range()]);
        at = next.end();
    }
    found
}

/// A text as a pattern that stands for just itself.
pub(in crate::shell) fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| (!c.is_alphanumeric()).then_some('\\').into_iter().chain([c])).collect()
}

fn regex(line: &Line, pattern: &str, extended: bool) -> Result<Regex, &'static str> {
    let fixed = line.has("--fixed-strings");
    let extended = extended || fixed;
    let written = if fixed { escaped(pattern) } else { pattern.to_owned() };
    let group = |inner: &str| if extended { format!("({inner})") } else { format!("\\({inner}\\)") };
    let written = if line.has("--line-regexp") {
        format!("^{}$", group(&written))
    } else if line.has("--word-regexp") {
        format!("\\b{}\\b", group(&written))
    } else {
        written
    };
    pattern_of(&written, extended, line.has("--ignore-case"))
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

/// A pattern as the engine reads it: without `-E`, some signs are plain and have their meaning behind a backslash; between
/// square brackets all are plain. Source: grep(1), "Basic vs Extended Regular Expressions"; GNU regcomp's error texts.
pub(in crate::shell) fn pattern_of(text: &str, extended: bool, ignore: bool) -> Result<Regex, &'static str> {
    const SWAPPED: &[char] = &['+', '?', '|', '(', ')', '{', '}'];
    let mut pattern = String::from(if ignore { "(?i)" } else { "" });
    let (mut chars, mut open, mut first) = (text.chars().peekable(), 0, true);
    while let Some(c) = chars.next() {
        let (sign, special) = match c {
            '\\' => match chars.next() {
                Some(next) if SWAPPED.contains(&next) => (next, !extended),
                Some(next) => {
                    pattern.extend(['\\', next]);
                    first = false;
                    continue;
                }
                None => return Err("Trailing backslash"),
            },
            '[' => {
                set(&mut chars, &mut pattern)?;
                first = false;
                continue;
            }
            // Nothing stands before it that could be repeated.
            '*' if first => ('*', false),
            c if SWAPPED.contains(&c) => (c, extended),
            c => (c, true),
        };
        if special {
            open += i32::from(sign == '(') - i32::from(sign == ')');
            if open < 0 && !extended {
                return Err("Unmatched ) or \\)");
            }
        } else {
            pattern.push('\\');
        }
        pattern.push(sign);
        first = special && matches!(sign, '^' | '(' | '|');
    }
    if open > 0 {
        return Err("Unmatched ( or \\(");
    }
    let unmatched = !extended && text.matches("\\{").count() > text.matches("\\}").count();
    Regex::new(&pattern).map_err(|_| if unmatched { "Unmatched \\{" } else { "Invalid regular expression" })
}

/// A set of letters, in which a backslash is a letter too.
fn set(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, pattern: &mut String) -> Result<(), &'static str> {
    const OPEN: &str = "Unmatched [, [^, [:, [., or [=";
    if chars.peek().is_none() {
        return Err("Invalid regular expression");
    }
    pattern.push('[');
    if chars.next_if_eq(&'^').is_some() {
        pattern.push('^');
    }
    if chars.next_if_eq(&']').is_some() {
        pattern.push_str("\\]");
    }
    loop {
        match chars.next().ok_or(OPEN)? {
            ']' => break,
            '[' if chars.next_if_eq(&':').is_some() => {
                pattern.push_str("[:");
                loop {
                    let c = chars.next().ok_or(OPEN)?;
                    pattern.push(c);
                    if c == ':' && chars.next_if_eq(&']').is_some() {
                        pattern.push(']');
                        break;
                    }
                }
            }
            c @ ('\\' | '[' | '&' | '~') => pattern.extend(['\\', c]),
            c => pattern.push(c),
        }
    }
    pattern.push(']');
    Ok(())
}
