//! Filters that pick, order and cut lines.

use super::printed;
use crate::shell::Output;
use crate::shell::line::Line;
use std::cmp::Ordering;

pub(super) fn cat(line: &Line, text: &str) -> Output {
    if line.has("--number") {
        return printed(text.lines().zip(1..).map(|(line, at)| format!("{at:>6}\t{line}")));
    }
    Output::ok(text)
}

/// How many lines: `-n 3`, `-3`, ten where nobody says. The sign tells from which end.
fn count(line: &Line, name: &str) -> Result<(Option<char>, usize), Output> {
    let Some(text) = line.option("--lines").or_else(|| line.option("-NUMBER")) else { return Ok((None, 10)) };
    let sign = text.chars().next().filter(|c| matches!(c, '+' | '-'));
    match text.trim_start_matches(['+', '-']).parse() {
        Ok(number) => Ok((sign, number)),
        Err(_) => Err(Output::fail(1, format!("{name}: invalid number of lines: '{text}'"))),
    }
}

pub(super) fn head(line: &Line, text: &str) -> Output {
    if let Some(bytes) = line.option("--bytes").and_then(|b| b.parse::<usize>().ok()) {
        return Output::ok(&text[..text.floor_char_boundary(bytes)]);
    }
    match count(line, "head") {
        // All but the last few.
        Ok((Some('-'), n)) => printed(text.lines().take(text.lines().count().saturating_sub(n)).map(str::to_owned)),
        Ok((_, n)) => printed(text.lines().take(n).map(str::to_owned)),
        Err(output) => output,
    }
}

pub(super) fn tail(line: &Line, text: &str) -> Output {
    if let Some(bytes) = line.option("--bytes").and_then(|b| b.parse::<usize>().ok()) {
        return Output::ok(&text[text.floor_char_boundary(text.len().saturating_sub(bytes))..]);
    }
    match count(line, "tail") {
        Ok((Some('+'), n)) => printed(text.lines().skip(n.saturating_sub(1)).map(str::to_owned)),
        Ok((_, n)) => printed(text.lines().skip(text.lines().count().saturating_sub(n)).map(str::to_owned)),
        Err(output) => output,
    }
}

pub(super) fn wc(line: &Line, text: &str) -> Output {
    let counts = [
        ("--lines", text.matches('\n').count()),
        ("--words", text.split_whitespace().count()),
        ("--bytes", text.len()),
    ];
    let any = counts.iter().any(|(flag, _)| line.has(flag));
    let shown: Vec<usize> = counts.iter().filter(|(flag, _)| !any || line.has(flag)).map(|(_, n)| *n).collect();
    Output::ok(match shown.as_slice() {
        [one] => format!("{one}\n"),
        several => several.iter().map(|n| format!("{n:>8}")).collect::<String>() + "\n",
    })
}

/// Numbers in a text by their value, all else letter by letter. Source: GNU `filevercmp`.
fn by_version(a: &str, b: &str) -> Ordering {
    let pieces = |text: &str| -> Vec<Result<u64, char>> {
        let mut found: Vec<Result<u64, char>> = Vec::new();
        let mut digits = false;
        for c in text.chars() {
            match (c.to_digit(10), found.last_mut()) {
                (Some(d), Some(Ok(number))) if digits => {
                    *number = number.saturating_mul(10).saturating_add(u64::from(d));
                }
                (Some(d), _) => found.push(Ok(u64::from(d))),
                (None, _) => found.push(Err(c)),
            }
            digits = c.is_ascii_digit();
        }
        found
    };
    pieces(a).cmp(&pieces(b))
}

pub(super) fn sort(line: &Line, text: &str) -> Output {
    let key = line.option("--key").and_then(|k| k.split([',', '.', 'n', 'r', 'V']).next()?.parse::<usize>().ok());
    let letters = line.option("--key").unwrap_or_default();
    let field = |text: &str| -> String {
        let Some(n) = key else { return text.to_owned() };
        let at = n.saturating_sub(1);
        let found = match line.option("--field-separator") {
            Some(by) => text.split(by).nth(at),
            None => text.split_whitespace().nth(at),
        };
        found.unwrap_or("").to_owned()
    };
    let number = |text: &str| -> i64 {
        let text = text.trim_start();
        let digits: String = text.trim_start_matches('-').chars().take_while(char::is_ascii_digit).collect();
        let value: i64 = digits.parse().unwrap_or(0);
        if text.starts_with('-') { -value } else { value }
    };
    let numeric = line.has("--numeric-sort") || letters.contains('n');
    let version = line.has("--version-sort") || letters.contains('V');
    let before = |(x, a): &(String, &str), (y, b): &(String, &str)| {
        let first = if numeric {
            number(x).cmp(&number(y))
        } else if version {
            by_version(x, y)
        } else {
            x.cmp(y)
        };
        first.then_with(|| a.cmp(b))
    };
    let mut keyed: Vec<(String, &str)> = text.lines().map(|l| (field(l), l)).collect();
    keyed.sort_by(before);
    if line.has("--reverse") || letters.contains('r') {
        keyed.reverse();
    }
    if line.has("--unique") {
        keyed.dedup_by(|a, b| a.0 == b.0);
    }
    printed(keyed.into_iter().map(|(_, line)| line.to_owned()))
}

pub(super) fn uniq(line: &Line, text: &str) -> Output {
    let mut groups: Vec<(usize, &str)> = Vec::new();
    for line in text.lines() {
        match groups.last_mut().filter(|(_, last)| *last == line) {
            Some((n, _)) => *n += 1,
            None => groups.push((1, line)),
        }
    }
    if line.has("--repeated") {
        groups.retain(|(n, _)| *n > 1);
    }
    let counted = line.has("--count");
    printed(groups.into_iter().map(|(n, line)| if counted { format!("{n:>7} {line}") } else { line.to_owned() }))
}

/// `1,3-5` as positions from 1.
fn positions(list: &str) -> Vec<(usize, usize)> {
    let range = |part: &str| match part.split_once('-') {
        Some((from, to)) => (from.parse().unwrap_or(1), to.parse().unwrap_or(usize::MAX)),
        None => part.parse().map_or((0, 0), |n| (n, n)),
    };
    list.split(',').map(range).collect()
}

pub(super) fn cut(line: &Line, text: &str) -> Output {
    let within = |ranges: &[(usize, usize)], n: usize| ranges.iter().any(|(a, b)| (*a..=*b).contains(&n));
    if let Some(list) = line.option("--characters") {
        let ranges = positions(list);
        let pick = |line: &str| -> String {
            line.chars().zip(1..).filter(|(_, n)| within(&ranges, *n)).map(|(c, _)| c).collect()
        };
        return printed(text.lines().map(pick));
    }
    let delimiter = line.option("--delimiter").unwrap_or("\t");
    let Some(list) = line.option("--fields") else {
        return Output::fail(
            1,
            "cut: you must specify a list of bytes, characters, or fields\nTry 'cut --help' for more information.",
        );
    };
    if delimiter.chars().count() != 1 {
        return Output::fail(
            1,
            "cut: the delimiter must be a single character\nTry 'cut --help' for more information.",
        );
    }
    let ranges = positions(list);
    let pick = |line: &str| {
        if !line.contains(delimiter) {
            return line.to_owned();
        }
        let fields = line.split(delimiter).zip(1..).filter(|(_, n)| within(&ranges, *n)).map(|(f, _)| f);
        fields.collect::<Vec<_>>().join(delimiter)
    };
    printed(text.lines().map(pick))
}

pub(super) fn tr(line: &Line, text: &str) -> Output {
    let sets: Vec<Vec<char>> = line.words.iter().map(|s| char_set(s)).collect();
    let Some(from) = sets.first() else {
        return Output::fail(1, "tr: missing operand\nTry 'tr --help' for more information.");
    };
    let (delete, squeeze) = (line.has("--delete"), line.has("--squeeze-repeats"));
    if sets.len() == 1 && !delete && !squeeze {
        let said =
            format!("tr: missing operand after '{}'\nTwo strings must be given when translating.", line.words[0]);
        return Output::fail(1, said);
    }
    if delete {
        return Output::ok(text.chars().filter(|c| !from.contains(c)).collect::<String>());
    }
    let to = sets.get(1).cloned().unwrap_or_default();
    let swap = |c: char| match from.iter().position(|f| *f == c) {
        Some(at) => to.get(at).or(to.last()).copied().unwrap_or(c),
        None => c,
    };
    let mut out: String = text.chars().map(swap).collect();
    if squeeze {
        let squeezed = if to.is_empty() { from } else { &to };
        let mut last = None;
        out.retain(|c| {
            let again = last == Some(c) && squeezed.contains(&c);
            last = Some(c);
            !again
        });
    }
    Output::ok(out)
}

/// Letters of a set: ranges, classes and escapes.
fn char_set(text: &str) -> Vec<char> {
    let text = text.replace("[:upper:]", "A-Z").replace("[:lower:]", "a-z").replace("[:digit:]", "0-9");
    let chars: Vec<char> =
        text.replace("\\n", "\n").replace("\\t", "\t").replace("[:space:]", " \t\n").chars().collect();
    let mut set = Vec::new();
    let mut rest = chars.as_slice();
    while let Some((first, after)) = rest.split_first() {
        match after {
            ['-', last, after @ ..] if first <= last && u32::from(*last) - u32::from(*first) < 256 => {
                set.extend(*first..=*last);
                rest = after;
            }
            after => {
                set.push(*first);
                rest = after;
            }
        }
    }
    set
}
