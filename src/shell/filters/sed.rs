//! `sed` with the commands that people type behind a pipe: `s`, `p`, `d`, `q`, `=`, by line, by pattern or by range.
//! Source: POSIX.1-2017, sed; GNU sed 4.9 (error texts).

use super::grep::pattern_of;
use crate::shell::Output;
use crate::shell::line::Line;
use regex_lite::{Captures, Regex};

/// Which lines a command is for.
enum Address {
    Line(usize),
    Last,
    Matches(Regex),
}

enum Action {
    Substitute { pattern: Regex, with: Vec<Part>, nth: usize, all: bool, print: bool },
    Print,
    Delete,
    Quit,
    Number,
}

/// A piece of what comes in the place of a match.
enum Part {
    Text(String),
    Group(usize),
}

struct Command {
    from: Option<Address>,
    to: Option<Address>,
    not: bool,
    action: Action,
    /// Whether a range has begun and not ended.
    within: bool,
}

/// Letters of one script, with the place of the next for what is said of an error.
struct Script<'a> {
    text: &'a str,
    at: usize,
    extended: bool,
}

pub(super) fn run(line: &Line, text: &str) -> Output {
    let extended = line.has("--regexp-extended") || line.has("-r");
    let given = line.all("--expression");
    let scripts: Vec<&str> = if given.is_empty() { line.word(0).into_iter().collect() } else { given };
    if scripts.is_empty() {
        return Output::fail(1, "Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...");
    }
    let mut commands = Vec::new();
    for (text, number) in scripts.into_iter().zip(1..) {
        let mut script = Script { text, at: 0, extended };
        if let Err(why) = script.read(&mut commands) {
            return Output::fail(1, format!("sed: -e expression #{number}, char {}: {why}", script.at));
        }
    }
    Output::ok(edited(text, &mut commands, line.has("--quiet")))
}

fn edited(text: &str, commands: &mut [Command], quiet: bool) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        let mut space = (*line).to_owned();
        let (mut deleted, mut ends) = (false, false);
        for command in commands.iter_mut() {
            if !command.is_for(at + 1, at + 1 == lines.len(), &space) {
                continue;
            }
            match &command.action {
                Action::Print => out += &format!("{space}\n"),
                Action::Number => out += &format!("{}\n", at + 1),
                Action::Delete => deleted = true,
                Action::Quit => ends = true,
                Action::Substitute { pattern, with, nth, all, print } => {
                    let (found, changed) = substituted(&space, pattern, with, *nth, *all);
                    space = changed;
                    if found && *print {
                        out += &format!("{space}\n");
                    }
                }
            }
            if deleted || ends {
                break;
            }
        }
        if !deleted && !quiet {
            out += &format!("{space}\n");
        }
        if ends {
            break;
        }
    }
    out
}

/// Whether something was found, and the line after it.
fn substituted(text: &str, pattern: &Regex, with: &[Part], nth: usize, all: bool) -> (bool, String) {
    let (mut out, mut end, mut found) = (String::new(), 0, false);
    for (captures, number) in pattern.captures_iter(text).zip(1..) {
        let Some(whole) = captures.get(0) else { continue };
        if number < nth || (number > nth && !all) {
            continue;
        }
        found = true;
        out += &text[end..whole.start()];
        out.extend(with.iter().map(|part| written(part, &captures)));
        end = whole.end();
    }
    out += &text[end..];
    (found, out)
}

fn written(part: &Part, captures: &Captures<'_>) -> String {
    match part {
        Part::Text(text) => text.clone(),
        Part::Group(n) => captures.get(*n).map_or_else(String::new, |m| m.as_str().to_owned()),
    }
}

impl Address {
    fn holds(&self, number: usize, last: bool, text: &str) -> bool {
        match self {
            Self::Line(n) => *n == number,
            Self::Last => last,
            Self::Matches(pattern) => pattern.is_match(text),
        }
    }
}

impl Command {
    fn is_for(&mut self, number: usize, last: bool, text: &str) -> bool {
        let Some(from) = &self.from else { return !self.not };
        let Some(to) = &self.to else { return from.holds(number, last, text) != self.not };
        let inside = self.within || from.holds(number, last, text);
        let ends = match to {
            Address::Line(n) => number >= *n,
            // The line that begins a range is not asked whether it ends it.
            Address::Matches(_) if !self.within => false,
            other => other.holds(number, last, text),
        };
        self.within = inside && !ends;
        inside != self.not
    }
}

impl Script<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.text[self.at..].chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn skip(&mut self, of: &[char]) {
        while self.peek().is_some_and(|c| of.contains(&c)) {
            self.next();
        }
    }

    fn read(&mut self, commands: &mut Vec<Command>) -> Result<(), String> {
        loop {
            self.skip(&[' ', ';', '\n', '\t']);
            if self.peek().is_none() {
                return Ok(());
            }
            let from = self.address()?;
            let mut to = None;
            if from.is_some() && self.peek() == Some(',') {
                self.next();
                to = Some(self.address()?.ok_or("unexpected `,'")?);
            }
            self.skip(&[' ']);
            let not = self.peek() == Some('!');
            self.skip(&['!', ' ']);
            let action = self.action()?;
            commands.push(Command { from, to, not, action, within: false });
        }
    }

    fn address(&mut self) -> Result<Option<Address>, String> {
        match self.peek() {
            Some('$') => {
                self.next();
                Ok(Some(Address::Last))
            }
            Some('/') => {
                self.next();
                let pattern = self.until('/').ok_or("unterminated address regex")?;
                Ok(Some(Address::Matches(self.pattern(&pattern, false)?)))
            }
            Some(c) if c.is_ascii_digit() => {
                let digits: String = self.text[self.at..].chars().take_while(char::is_ascii_digit).collect();
                self.at += digits.len();
                Ok(Some(Address::Line(digits.parse().map_err(|_| "invalid usage of line address")?)))
            }
            _ => Ok(None),
        }
    }

    /// Everything up to a sign, behind which one stands; a backslash takes its meaning from it.
    fn until(&mut self, end: char) -> Option<String> {
        let mut text = String::new();
        loop {
            match self.next()? {
                c if c == end => return Some(text),
                '\\' => match self.next()? {
                    c if c == end => text.push(c),
                    c => text.extend(['\\', c]),
                },
                c => text.push(c),
            }
        }
    }

    fn pattern(&self, text: &str, ignore: bool) -> Result<Regex, String> {
        pattern_of(text, self.extended, ignore).map_err(str::to_owned)
    }

    fn action(&mut self) -> Result<Action, String> {
        match self.next().ok_or("missing command")? {
            'p' => Ok(Action::Print),
            'd' => Ok(Action::Delete),
            'q' => Ok(Action::Quit),
            '=' => Ok(Action::Number),
            's' => self.substitution(),
            c @ ('a' | 'b' | 'c' | 'D' | 'e' | 'F' | 'g' | 'G' | 'h' | 'H' | 'i' | 'l' | 'n' | 'N' | 'P' | 'Q'
            | 'r' | 't' | 'T' | 'v' | 'w' | 'W' | 'x' | 'y' | 'z' | '{' | '}' | ':') => {
                Err(format!("podhop: `{c}' is not simulated; nearest: s///"))
            }
            c => Err(format!("unknown command: `{c}'")),
        }
    }

    fn substitution(&mut self) -> Result<Action, String> {
        const UNTERMINATED: &str = "unterminated `s' command";
        let by = self.next().ok_or(UNTERMINATED)?;
        let pattern = self.until(by).ok_or(UNTERMINATED)?;
        let with = self.until(by).ok_or(UNTERMINATED)?;
        let (mut all, mut print, mut ignore, mut nth) = (false, false, false, 1);
        while let Some(c) = self.peek().filter(|c| !matches!(c, ';' | ' ' | '\n')) {
            self.next();
            match c {
                'g' => all = true,
                'p' => print = true,
                'i' | 'I' => ignore = true,
                c => nth = c.to_digit(10).filter(|n| *n > 0).ok_or("unknown option to `s'")? as usize,
            }
        }
        let pattern = self.pattern(&pattern, ignore)?;
        Ok(Action::Substitute { pattern, with: parts(&with), nth, all, print })
    }
}

fn parts(with: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut chars = with.chars();
    while let Some(c) = chars.next() {
        let group = match c {
            '&' => Some(0),
            '\\' => match chars.next() {
                Some('n') => {
                    text.push('\n');
                    None
                }
                Some(next) => {
                    let group = next.to_digit(10).map(|n| n as usize);
                    text.extend(group.is_none().then_some(next));
                    group
                }
                None => None,
            },
            c => {
                text.push(c);
                None
            }
        };
        if let Some(n) = group {
            parts.push(Part::Text(std::mem::take(&mut text)));
            parts.push(Part::Group(n));
        }
    }
    parts.push(Part::Text(text));
    parts
}
