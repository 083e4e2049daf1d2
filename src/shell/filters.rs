//! The small tools that stand behind a pipe.

use super::{Output, Shell, files};
use regex_lite::Regex;
use std::cmp::Ordering;

type Filter = fn(&[String], &str) -> Output;

/// Runs a filter; `None` where the name is none of them.
pub(super) fn run(shell: &Shell, name: &str, args: &[String], stdin: &str, piped: bool) -> Option<Output> {
    let (filter, options): (Filter, &[&str]) = match name {
        "cat" | "more" | "less" => (cat, &[]),
        "grep" | "egrep" => (grep, &["-e", "-A", "-B", "-C", "-m"]),
        "head" => (head, &["-n", "-c"]),
        "tail" => (tail, &["-n", "-c"]),
        "wc" => (wc, &[]),
        "sort" => (sort, &["-k", "-t"]),
        "uniq" => (uniq, &[]),
        "cut" => (cut, &["-d", "-f", "-c"]),
        "tr" => (tr, &[]),
        "awk" => (awk, &["-F"]),
        _ => return None,
    };
    // The first word that is no option is the pattern of some; files come behind it.
    let pattern = usize::from(matches!(name, "grep" | "egrep" | "awk") && !args.iter().any(|a| a == "-e"));
    let pattern = if name == "tr" { 2 } else { pattern };
    let files = operands(args, options, pattern);
    if files.is_empty() || name == "tr" {
        return Some(if piped || !stdin.is_empty() {
            filter(args, stdin)
        } else {
            Output::fail(1, format!("{name}: no input"))
        });
    }
    let mut text = String::new();
    let mut err = String::new();
    for file in &files {
        match files::read(shell, file) {
            Ok(found) => text += &found,
            Err(why) => err += &format!("{name}: {file}: {why}\n"),
        }
    }
    let mut output = filter(args, &text);
    output.status = if err.is_empty() { output.status } else { 1 };
    output.err += &err;
    Some(output)
}

/// Words that are neither options nor their values, without the first few.
fn operands(args: &[String], with_value: &[&str], skip: usize) -> Vec<String> {
    let mut found = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if with_value.contains(&arg.as_str()) {
            args.next();
        } else if !arg.starts_with('-') || arg == "-" {
            found.push(arg.clone());
        }
    }
    found.split_off(skip.min(found.len()))
}

fn has(args: &[String], flag: char) -> bool {
    args.iter().any(|a| a.starts_with('-') && !a.starts_with("--") && a[1..].contains(flag))
}

/// The value of an option, behind it or in the next word.
fn value<'a>(args: &'a [String], option: &str) -> Option<&'a str> {
    let at = args.iter().position(|a| a.starts_with(option))?;
    let joined = &args[at][option.len()..];
    if joined.is_empty() { args.get(at + 1).map(String::as_str) } else { Some(joined) }
}

fn lines_out(lines: impl Iterator<Item = String>) -> Output {
    Output::ok(lines.map(|line| line + "\n").collect::<String>())
}

fn cat(_: &[String], text: &str) -> Output {
    Output::ok(text)
}

fn grep(args: &[String], text: &str) -> Output {
    let pattern = value(args, "-e")
        .map(str::to_owned)
        .or_else(|| operands(args, &["-A", "-B", "-C", "-m"], 0).into_iter().next());
    let Some(pattern) = pattern else { return Output::fail(2, "Usage: grep [OPTION]... PATTERNS [FILE]...") };
    let extended = has(args, 'E');
    let Some(regex) = pattern_of(&pattern, extended, has(args, 'i')) else {
        return Output::fail(2, "grep: Invalid regular expression");
    };
    let invert = has(args, 'v');
    let matching: Vec<&str> = text.lines().filter(|line| regex.is_match(line) != invert).collect();
    let status = u8::from(matching.is_empty());
    let out = if has(args, 'c') {
        format!("{}\n", matching.len())
    } else if has(args, 'o') {
        let parts = matching.iter().flat_map(|line| regex.find_iter(line).map(|found| found.as_str()));
        parts.map(|part| format!("{part}\n")).collect()
    } else if has(args, 'q') {
        String::new()
    } else {
        matching.iter().map(|line| format!("{line}\n")).collect()
    };
    Output { out, err: String::new(), status }
}

/// A pattern as the engine reads it: without `-E`, some signs are plain and have their meaning behind a backslash.
/// Source: grep(1), "Basic vs Extended Regular Expressions".
fn pattern_of(text: &str, extended: bool, ignore: bool) -> Option<Regex> {
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

fn count(args: &[String]) -> usize {
    let short = args.iter().find_map(|a| a.strip_prefix('-').and_then(|n| n.parse().ok()));
    value(args, "-n").and_then(|n| n.trim_start_matches('+').parse().ok()).or(short).unwrap_or(10)
}

fn head(args: &[String], text: &str) -> Output {
    lines_out(text.lines().take(count(args)).map(str::to_owned))
}

fn tail(args: &[String], text: &str) -> Output {
    let all: Vec<&str> = text.lines().collect();
    let from_start = value(args, "-n").is_some_and(|n| n.starts_with('+'));
    let skip = if from_start { count(args).saturating_sub(1) } else { all.len().saturating_sub(count(args)) };
    lines_out(all.into_iter().skip(skip).map(str::to_owned))
}

fn wc(args: &[String], text: &str) -> Output {
    let (lines, words, bytes) = (text.matches('\n').count(), text.split_whitespace().count(), text.len());
    let any = ['l', 'w', 'c'].into_iter().any(|f| has(args, f));
    let all = [('l', lines), ('w', words), ('c', bytes)];
    let shown: Vec<String> =
        all.into_iter().filter(|(f, _)| !any || has(args, *f)).map(|(_, n)| n.to_string()).collect();
    let out = if shown.len() == 1 { shown.join("") } else { shown.iter().map(|n| format!("{n:>8}")).collect() };
    Output::ok(out + "\n")
}

fn sort(args: &[String], text: &str) -> Output {
    let key = value(args, "-k").and_then(|k| k.split(',').next()?.parse::<usize>().ok());
    let field = |line: &str| match key {
        Some(n) => line.split_whitespace().nth(n.saturating_sub(1)).unwrap_or("").to_owned(),
        None => line.to_owned(),
    };
    let number = |text: &str| {
        let digits: String = text.trim_start().chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u64>().unwrap_or(0)
    };
    let numeric = has(args, 'n');
    let before = |a: &&str, b: &&str| -> Ordering {
        let (x, y) = (field(a), field(b));
        if numeric { number(&x).cmp(&number(&y)).then_with(|| a.cmp(b)) } else { x.cmp(&y).then_with(|| a.cmp(b)) }
    };
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_by(before);
    if has(args, 'r') {
        lines.reverse();
    }
    if has(args, 'u') {
        lines.dedup();
    }
    lines_out(lines.into_iter().map(str::to_owned))
}

fn uniq(args: &[String], text: &str) -> Output {
    let mut groups: Vec<(usize, &str)> = Vec::new();
    for line in text.lines() {
        match groups.last_mut().filter(|(_, last)| *last == line) {
            Some((n, _)) => *n += 1,
            None => groups.push((1, line)),
        }
    }
    let counted = has(args, 'c');
    lines_out(groups.into_iter().map(|(n, line)| if counted { format!("{n:>7} {line}") } else { line.to_owned() }))
}

/// `1,3-5` as positions from 1.
fn positions(list: &str) -> Vec<(usize, usize)> {
    let range = |part: &str| match part.split_once('-') {
        Some((from, to)) => (from.parse().unwrap_or(1), to.parse().unwrap_or(usize::MAX)),
        None => part.parse().map_or((0, 0), |n| (n, n)),
    };
    list.split(',').map(range).collect()
}

fn cut(args: &[String], text: &str) -> Output {
    let within = |ranges: &[(usize, usize)], n: usize| ranges.iter().any(|(a, b)| (*a..=*b).contains(&n));
    if let Some(list) = value(args, "-c") {
        let ranges = positions(list);
        let pick = |line: &str| -> String {
            line.chars().zip(1..).filter(|(_, n)| within(&ranges, *n)).map(|(c, _)| c).collect()
        };
        return lines_out(text.lines().map(pick));
    }
    let delimiter = value(args, "-d").unwrap_or("\t");
    let Some(list) = value(args, "-f") else {
        return Output::fail(1, "cut: you must specify a list of bytes, characters, or fields");
    };
    let ranges = positions(list);
    let pick = |line: &str| {
        if !line.contains(delimiter) {
            return line.to_owned();
        }
        let fields = line.split(delimiter).zip(1..).filter(|(_, n)| within(&ranges, *n)).map(|(f, _)| f);
        fields.collect::<Vec<_>>().join(delimiter)
    };
    lines_out(text.lines().map(pick))
}

fn tr(args: &[String], text: &str) -> Output {
    let sets: Vec<Vec<char>> = operands(args, &[], 0).iter().map(|s| char_set(s)).collect();
    let Some(from) = sets.first() else { return Output::fail(1, "tr: missing operand") };
    if has(args, 'd') {
        return Output::ok(text.chars().filter(|c| !from.contains(c)).collect::<String>());
    }
    let to = sets.get(1).cloned().unwrap_or_default();
    let swap = |c: char| match from.iter().position(|f| *f == c) {
        Some(at) => to.get(at).or(to.last()).copied().unwrap_or(c),
        None => c,
    };
    let mut out: String = text.chars().map(swap).collect();
    if has(args, 's') {
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

fn char_set(text: &str) -> Vec<char> {
    let chars: Vec<char> = text.replace("\\n", "\n").replace("\\t", "\t").chars().collect();
    match chars.as_slice() {
        [a, '-', b] if a <= b => (*a..=*b).collect(),
        other => other.to_vec(),
    }
}

/// `awk '{print $1, $3}'`, with a pattern before the braces, and `-F`.
fn awk(args: &[String], text: &str) -> Output {
    let Some(program) = operands(args, &["-F"], 0).into_iter().next() else {
        return Output::fail(2, "usage: awk [-F fs] 'prog' [file ...]");
    };
    let (condition, rest) = program.split_once('{').unwrap_or((program.as_str(), "print}"));
    let Some(body) = rest.trim_end().strip_suffix('}').and_then(|b| b.trim().strip_prefix("print")) else {
        return Output::fail(2, "podhop: of awk, only printing fields is simulated: awk '/PATTERN/ {print $1, $2}'");
    };
    let condition = condition.trim().trim_matches('/').to_owned();
    let skip_first = condition == "NR>1";
    let pattern = (!condition.is_empty() && !skip_first).then(|| pattern_of(&condition, true, false)).flatten();
    let separator = value(args, "-F");
    let print = |line: &str| {
        let fields: Vec<&str> = match separator {
            Some(by) => line.split(by).collect(),
            None => line.split_whitespace().collect(),
        };
        let item = |text: &str| match text.trim() {
            "" | "$0" => line.to_owned(),
            "$NF" => fields.last().map_or_else(String::new, |f| (*f).to_owned()),
            field if field.starts_with('$') => {
                let at = field[1..].parse::<usize>().unwrap_or(usize::MAX);
                fields.get(at.wrapping_sub(1)).map_or_else(String::new, |f| (*f).to_owned())
            }
            quoted => quoted.trim_matches('"').to_owned(),
        };
        body.split(',').map(item).collect::<Vec<_>>().join(" ")
    };
    let wanted =
        |(at, line): &(usize, &str)| !(skip_first && *at == 0) && pattern.as_ref().is_none_or(|p| p.is_match(line));
    lines_out(text.lines().enumerate().filter(wanted).map(|(_, line)| print(line)))
}
