//! Filters that pick, order and cut lines.

use super::printed;
use crate::shell::Output;
use crate::shell::line::Line;

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

/// `-c 5`
fn bytes(line: &Line, name: &str) -> Result<Option<usize>, Output> {
    let Some(text) = line.option("--bytes") else { return Ok(None) };
    text.parse().map(Some).map_err(|_| Output::fail(1, format!("{name}: invalid number of bytes: '{text}'")))
}

pub(super) fn head(line: &Line, text: &str) -> Output {
    match bytes(line, "head") {
        Ok(Some(bytes)) => return Output::ok(&text[..text.floor_char_boundary(bytes)]),
        Ok(None) => {}
        Err(output) => return output,
    }
    match count(line, "head") {
        // All but the last few.
        Ok((Some('-'), n)) => printed(text.lines().take(text.lines().count().saturating_sub(n)).map(str::to_owned)),
        Ok((_, n)) => printed(text.lines().take(n).map(str::to_owned)),
        Err(output) => output,
    }
}

pub(super) fn tail(line: &Line, text: &str) -> Output {
    match bytes(line, "tail") {
        Ok(Some(bytes)) => return Output::ok(&text[text.floor_char_boundary(text.len().saturating_sub(bytes))..]),
        Ok(None) => {}
        Err(output) => return output,
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
        several => several.iter().map(|n| format!("{n:>7}")).collect::<Vec<_>>().join(" ") + "\n",
    })
}

pub(super) fn uniq(line: &Line, text: &str) -> Output {
    let same = |a: &str, b: &str| if line.has("--ignore-case") { a.eq_ignore_ascii_case(b) } else { a == b };
    let mut groups: Vec<(usize, &str)> = Vec::new();
    for line in text.lines() {
        match groups.last_mut().filter(|(_, last)| same(last, line)) {
            Some((n, _)) => *n += 1,
            None => groups.push((1, line)),
        }
    }
    if line.has("--repeated") {
        groups.retain(|(n, _)| *n > 1);
    }
    if line.has("--unique") {
        groups.retain(|(n, _)| *n == 1);
    }
    let counted = line.has("--count");
    printed(groups.into_iter().map(|(n, line)| if counted { format!("{n:>7} {line}") } else { line.to_owned() }))
}

/// `1,3-5` as positions from 1, or what is wrong with it.
fn positions(list: &str, of: &str) -> Result<Vec<(usize, usize)>, String> {
    let value = |text: &str| match text.parse::<usize>() {
        Ok(0) => Err(if of == "field" {
            "fields are numbered from 1"
        } else {
            "byte/character positions are numbered from 1"
        }
        .to_owned()),
        Ok(n) => Ok(n),
        Err(_) => Err(format!("invalid {of} value '{text}'")),
    };
    let range = |part: &str| match part.split_once('-') {
        Some(("", "")) => Err("invalid range with no endpoint: -".to_owned()),
        Some((from, to)) => {
            let from = if from.is_empty() { 1 } else { value(from)? };
            let to = if to.is_empty() { usize::MAX } else { value(to)? };
            if to < from { Err("invalid decreasing range".to_owned()) } else { Ok((from, to)) }
        }
        None => value(part).map(|n| (n, n)),
    };
    list.split(',').map(range).collect()
}

pub(super) fn cut(line: &Line, text: &str) -> Output {
    cut_lines(line, text)
        .unwrap_or_else(|why| Output::fail(1, format!("cut: {why}\nTry 'cut --help' for more information.")))
}

fn cut_lines(line: &Line, text: &str) -> Result<Output, String> {
    let complement = line.has("--complement");
    let within = |ranges: &[(usize, usize)], n: usize| ranges.iter().any(|(a, b)| (*a..=*b).contains(&n)) != complement;
    if let Some(list) = line.option("--characters").or_else(|| line.option("--bytes")) {
        let ranges = positions(list, "byte/character position")?;
        let pick = |line: &str| -> String {
            line.chars().zip(1..).filter(|(_, n)| within(&ranges, *n)).map(|(c, _)| c).collect()
        };
        return Ok(printed(text.lines().map(pick)));
    }
    let delimiter = line.option("--delimiter").unwrap_or("\t");
    let list = line.option("--fields").ok_or("you must specify a list of bytes, characters, or fields")?;
    if delimiter.chars().count() != 1 {
        return Err("the delimiter must be a single character".to_owned());
    }
    let ranges = positions(list, "field")?;
    let joint = line.option("--output-delimiter").unwrap_or(delimiter);
    let pick = |line: &str| {
        if !line.contains(delimiter) {
            return line.to_owned();
        }
        let fields = line.split(delimiter).zip(1..).filter(|(_, n)| within(&ranges, *n)).map(|(f, _)| f);
        fields.collect::<Vec<_>>().join(joint)
    };
    let only = line.has("--only-delimited");
    Ok(printed(text.lines().filter(|l| !only || l.contains(delimiter)).map(pick)))
}

pub(super) fn tr(line: &Line, text: &str) -> Output {
    const MORE: &str = "Try 'tr --help' for more information.";
    let sets: Vec<Vec<char>> = line.words.iter().map(|s| char_set(s)).collect();
    let Some(from) = sets.first() else { return Output::fail(1, format!("tr: missing operand\n{MORE}")) };
    let (delete, squeeze) = (line.has("--delete"), line.has("--squeeze-repeats"));
    if sets.len() == 1 && !delete && !squeeze {
        let said = format!(
            "tr: missing operand after '{}'\nTwo strings must be given when translating.\n{MORE}",
            line.words[0]
        );
        return Output::fail(1, said);
    }
    let complement = line.has("--complement");
    let picks = |c: char| from.contains(&c) != complement;
    if delete {
        return Output::ok(text.chars().filter(|c| !picks(*c)).collect::<String>());
    }
    let to = sets.get(1).cloned().unwrap_or_default();
    let swap = |c: char| match from.iter().position(|f| *f == c) {
        _ if to.is_empty() || !picks(c) => c,
        Some(at) if !complement => to.get(at).or(to.last()).copied().unwrap_or(c),
        _ => to.last().copied().unwrap_or(c),
    };
    let mut out: String = text.chars().map(swap).collect();
    if squeeze {
        let squeezed = |c: char| if to.is_empty() { picks(c) } else { to.contains(&c) };
        let mut last = None;
        out.retain(|c| {
            let again = last == Some(c) && squeezed(c);
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
