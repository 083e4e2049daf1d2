//! What words become: variables, substitutions, arithmetic, braces, tilde, names of files. Source: bash(1), "EXPANSION".

use super::parameter::is_list;
use super::parse::{Part, Script, Word};
use super::pattern::Pattern;
use super::{Shell, files};

/// How deep commands nest, counting those that functions run.
pub(super) const MAX_DEPTH: usize = 64;
/// Longest output of a substitution, in bytes.
pub(super) const MAX_SUBSTITUTED: usize = 1 << 20;
/// Most bytes of all the words of a command. Source: execve(2), "Limits on size of arguments and environment".
const MAX_ARGUMENTS: usize = 2 << 20;
/// A text of so many bytes counts as a round of a loop: to make it over and over takes as long.
const TEXT_OF_A_ROUND: usize = 1 << 16;
/// Most words that the braces of one word make.
const MAX_BRACES: usize = 1000;
/// Longest text, in bytes, in which braces are looked for.
const MAX_BRACED: usize = 4096;
/// Longest pattern for names of files, in bytes. Source: Linux `PATH_MAX`.
const MAX_PATH: usize = 4096;

impl Shell {
    /// A word without splitting.
    pub(super) fn joined(&mut self, word: &Word) -> String {
        let mut text = String::new();
        for (at, part) in word.0.iter().enumerate() {
            if text.len() < MAX_SUBSTITUTED {
                text += &self.first(part, at);
            }
        }
        text.truncate(text.floor_char_boundary(MAX_SUBSTITUTED));
        text
    }

    /// A part of a word; a tilde at the beginning of the first is the home directory.
    pub(super) fn first(&mut self, part: &Part, at: usize) -> String {
        let text = self.part(part);
        self.own.rounds += text.len() / TEXT_OF_A_ROUND;
        match (part, text.strip_prefix('~')) {
            (Part::Text { quoted: false, .. }, Some(rest)) if at == 0 && (rest.is_empty() || rest.starts_with('/')) => {
                format!("/root{rest}")
            }
            _ => text,
        }
    }

    /// What the words of a command become: what is not quoted is split at blanks.
    pub(super) fn expand_all(&mut self, words: &[Word]) -> Vec<String> {
        let mut room = MAX_ARGUMENTS;
        words.iter().flat_map(braces).flat_map(|word| self.expand(&word, &mut room)).collect()
    }

    /// Whether so many bytes more find room; a command whose words do not is not run.
    fn takes(&mut self, bytes: usize, room: &mut usize) -> bool {
        let left = room.checked_sub(bytes);
        if left.is_none() {
            self.own.complaint.get_or_insert_with(|| (126, "bash: Argument list too long\n".to_owned()));
        }
        *room = left.unwrap_or(0);
        left.is_some()
    }

    fn expand(&mut self, word: &Word, room: &mut usize) -> Vec<String> {
        // What may be a pattern is escaped where it was quoted.
        let mut words: Vec<(String, bool)> = Vec::new();
        let mut open = false;
        let mut none = false;
        for (at, part) in word.0.iter().enumerate() {
            // `"$@"` without arguments is no word, although it is quoted.
            if none && part.is_empty_text() {
                continue;
            }
            if let Some(all) = self.all_of(part) {
                none |= all.is_empty();
                if !self.takes(all.iter().map(|text| text.len() + 1).sum(), room) {
                    break;
                }
                list_into(all, &mut words, &mut open);
                continue;
            }
            let text = self.first(part, at);
            if !self.takes(text.len() + 1, room) {
                break;
            }
            let (splits, pattern) = match part {
                Part::Text { quoted, .. } => (false, !quoted && text.contains(['*', '?', '['])),
                Part::Variable { quoted, .. }
                | Part::Parameter { quoted, .. }
                | Part::Arithmetic { quoted, .. }
                | Part::Substitution { quoted, .. } => (!quoted, false),
            };
            if !splits {
                match words.last_mut().filter(|_| open) {
                    Some((last, globs)) => {
                        last.push_str(&text);
                        *globs |= pattern;
                    }
                    None => words.push((text, pattern)),
                }
                open = true;
                continue;
            }
            let begins = text.starts_with(char::is_whitespace);
            let ends = text.ends_with(char::is_whitespace);
            for (at, piece) in text.split_whitespace().enumerate() {
                match words.last_mut().filter(|_| open && at == 0 && !begins) {
                    Some((last, _)) => last.push_str(piece),
                    None => words.push((piece.to_owned(), false)),
                }
                open = true;
            }
            open = open && !ends;
        }
        words.into_iter().flat_map(|(word, globs)| if globs { self.files_like(word) } else { vec![word] }).collect()
    }

    /// What each is a word of its own: `"$@"`, `"${NAME[@]}"` and those with something done to them.
    fn all_of(&mut self, part: &Part) -> Option<Vec<String>> {
        match part {
            Part::Variable { name, quoted: true } if name == "@" => Some(self.own.arguments.clone()),
            Part::Parameter { text, quoted: true } if is_list(text) => Some(self.parameters(text)),
            _ => None,
        }
    }

    /// A word as a pattern: what was quoted in it stands for itself.
    pub(super) fn pattern(&mut self, word: &Word) -> Pattern {
        let one = |(at, part): (usize, &Part)| {
            let text = self.first(part, at);
            if part.is_quoted() { text.chars().flat_map(|c| ['\\', c]).collect() } else { text }
        };
        Pattern::read(&word.0.iter().enumerate().map(one).collect::<String>())
    }

    /// Names of the files that a pattern fits; the pattern itself where there are none.
    fn files_like(&self, pattern: String) -> Vec<String> {
        if pattern.len() > MAX_PATH {
            return vec![pattern];
        }
        let whole = files::absolute(self.dir(), &pattern);
        let wanted: Vec<Pattern> = whole.split('/').map(Pattern::read).collect();
        let mut found: Vec<String> = Vec::new();
        for (path, _) in files::all(self) {
            let parts: Vec<&str> = path.split('/').collect();
            let fits = parts.len() >= wanted.len() && wanted.iter().zip(&parts).all(|(wanted, part)| wanted.fits(part));
            let name = parts.get(..wanted.len()).unwrap_or_default().join("/");
            if fits && !found.contains(&name) {
                found.push(name);
            }
        }
        found.sort();
        if found.is_empty() {
            return vec![pattern];
        }
        let here = format!("{}/", self.dir().trim_end_matches('/'));
        let relative = |name: String| match name.strip_prefix(&here) {
            Some(rest) if !pattern.starts_with('/') => rest.to_owned(),
            _ => name,
        };
        found.into_iter().map(relative).collect()
    }

    fn part(&mut self, part: &Part) -> String {
        match part {
            Part::Text { text, .. } => text.clone(),
            Part::Variable { name, .. } => {
                let value = self.variable(name);
                if value.is_empty() {
                    self.must_be_set(name);
                }
                value
            }
            Part::Parameter { text, .. } => self.parameter(text),
            Part::Arithmetic { text, .. } => {
                let text = self.joined(text);
                match self.calculated(&text) {
                    Ok(number) => number.to_string(),
                    Err(why) => self.complain(&why),
                }
            }
            Part::Substitution { script, .. } => self.substitute(script),
        }
    }

    /// Says that a variable is not set, where `set -u` asks for it.
    pub(super) fn must_be_set(&mut self, name: &str) {
        if self.own.unset_is_wrong && !matches!(name, "@" | "*") && self.value(name).is_none() {
            self.own.complaint.get_or_insert_with(|| (127, format!("bash: {name}: unbound variable\n")));
        }
    }

    /// Keeps an error of an expansion: the command does not run then.
    pub(super) fn complain(&mut self, why: &str) -> String {
        self.own.complaint.get_or_insert_with(|| (1, format!("bash: {why}\n")));
        String::new()
    }

    fn substitute(&mut self, script: &Script) -> String {
        if self.own.depth >= MAX_DEPTH {
            return self.complain("maximum command substitution depth exceeded");
        }
        self.own.depth += 1;
        // It ends before the command begins of which it is a word.
        let live = std::mem::take(&mut self.own.live);
        let output = self.subshell(script);
        self.own.live = live;
        self.own.depth -= 1;
        let mut out = output.out;
        self.own.said += &output.err;
        out.truncate(out.floor_char_boundary(MAX_SUBSTITUTED));
        out.trim_end_matches('\n').to_owned()
    }
}

/// `"$@"`: each is a word; what stands before goes to the first, what stands behind to the last.
fn list_into(all: Vec<String>, words: &mut Vec<(String, bool)>, open: &mut bool) {
    for (at, text) in all.into_iter().enumerate() {
        match words.last_mut().filter(|_| *open && at == 0) {
            Some((last, _)) => last.push_str(&text),
            None => words.push((text, false)),
        }
        *open = true;
    }
}

pub(super) fn is_name(text: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !text.is_empty() && text.chars().all(good) && !text.starts_with(|c: char| c.is_ascii_digit())
}

/// `a{b,c}d` as `abd acd`, `{1..3}` as `1 2 3`. Braces that do not close, or have quotes inside, are text.
fn braces(word: &Word) -> Vec<Word> {
    let mut done = Vec::new();
    let mut todo = vec![word.clone()];
    while let Some(word) = todo.pop() {
        let found = word.0.iter().enumerate().find_map(|(at, part)| match part {
            Part::Text { text, quoted: false } if text.len() <= MAX_BRACED => {
                alternatives(text).map(|(from, to, all)| (at, from, to, all))
            }
            _ => None,
        });
        let Some((at, from, to, all)) = found.filter(|_| todo.len() + done.len() < MAX_BRACES) else {
            done.push(word);
            continue;
        };
        let Some(Part::Text { text, .. }) = word.0.get(at) else { continue };
        for one in all.iter().rev() {
            let mut parts = word.0.clone();
            parts[at] = Part::Text { text: format!("{}{one}{}", &text[..from], &text[to..]), quoted: false };
            todo.push(Word(parts));
        }
    }
    done
}

/// The first braces of a text that can be expanded: where they begin and end, and what stands for them.
fn alternatives(text: &str) -> Option<(usize, usize, Vec<String>)> {
    for (open, _) in text.match_indices('{') {
        let (mut depth, mut commas, mut close) = (0_usize, vec![open], None);
        for (at, c) in text[open..].char_indices().map(|(at, c)| (open + at, c)) {
            match c {
                '{' => depth += 1,
                '}' if depth == 1 => {
                    close = Some(at);
                    break;
                }
                '}' => depth -= 1,
                ',' if depth == 1 => commas.push(at),
                _ => {}
            }
        }
        let Some(close) = close else { continue };
        if commas.len() > 1 {
            commas.push(close);
            let all = commas.windows(2).map(|pair| text[pair[0] + 1..pair[1]].to_owned()).collect();
            return Some((open, close + 1, all));
        }
        if let Some(all) = sequence(&text[open + 1..close]) {
            return Some((open, close + 1, all));
        }
    }
    None
}

/// `1..3`, `3..1`, `a..e`, `0..10..5`.
fn sequence(text: &str) -> Option<Vec<String>> {
    let mut ends = text.split("..");
    let (first, last, by) = (ends.next()?, ends.next()?, ends.next());
    if ends.next().is_some() {
        return None;
    }
    let step: i64 = by.map_or(Some(1), |by| by.parse().ok())?;
    let step = usize::try_from(step.unsigned_abs().max(1)).ok()?;
    if let (Ok(first), Ok(last)) = (first.parse::<i64>(), last.parse::<i64>()) {
        let (low, high) = (first.min(last), first.max(last));
        let most = MAX_BRACES.saturating_mul(step);
        let up = (low..=high).take(most);
        let found: Vec<String> = if first <= last {
            up.step_by(step).map(|n| n.to_string()).collect()
        } else {
            (low..=high).rev().take(most).step_by(step).map(|n| n.to_string()).collect()
        };
        return Some(found);
    }
    let one = |text: &str| text.chars().next().filter(|c| text.len() == 1 && c.is_ascii_alphabetic());
    let (first, last) = (one(first)?, one(last)?);
    let (low, high) = (first.min(last), first.max(last));
    let mut all: Vec<String> = (low..=high).map(String::from).collect();
    if first > last {
        all.reverse();
    }
    Some(all.into_iter().step_by(step).collect())
}
