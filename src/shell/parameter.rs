//! What is done to a variable in braces: `${NAME:-WORD}` and the like. Source: bash(1), "Parameter Expansion".

use super::Shell;
use super::expand::{MAX_DEPTH, MAX_SUBSTITUTED, is_name};
use super::parse;
use super::pattern::{MAX_STEPS, Pattern};

impl Shell {
    pub(super) fn parameter(&mut self, text: &str) -> String {
        let mut all = self.parameters(text).join(" ");
        all.truncate(all.floor_char_boundary(MAX_SUBSTITUTED));
        all
    }

    /// `${NAME:-WORD}` and the like. Source: bash(1), "Parameter Expansion".
    pub(super) fn parameters(&mut self, text: &str) -> Vec<String> {
        let bad = format!("${{{text}}}: bad substitution");
        if let Some(named) = text.strip_prefix('#').and_then(Named::of).filter(|named| named.rest.is_empty()) {
            let all = self.values(named);
            let count = if named.is_list() { all.len() } else { all.concat().chars().count() };
            return vec![count.to_string()];
        }
        if let Some(named) = text.strip_prefix('!').and_then(Named::of).filter(|named| named.rest.is_empty()) {
            return self.pointed(named);
        }
        let Some(named) = Named::of(text) else { return vec![self.complain(&bad)] };
        let values = self.values(named);
        if values.is_empty()
            && !named.is_list()
            && !named.rest.trim_start_matches(':').starts_with(['-', '=', '?', '+'])
        {
            self.must_be_set(text.split(['#', '%', '/', ':', '^', ',']).next().unwrap_or(text));
        }
        if named.rest.is_empty() {
            return values;
        }
        let (rest, there) = match named.rest.strip_prefix(':') {
            Some(after) if after.starts_with(['-', '=', '?', '+']) => (after, values.iter().any(|v| !v.is_empty())),
            _ => (named.rest, !values.is_empty()),
        };
        let mut rest_chars = rest.chars();
        let sign = rest_chars.next().unwrap_or(' ');
        let word = rest_chars.as_str();
        match sign {
            '-' | '=' | '?' if there => values,
            '-' => vec![self.inner(word)],
            '=' => {
                let value = self.inner(word);
                self.set_variable(named.name, value.clone());
                vec![value]
            }
            '+' if there => vec![self.inner(word)],
            '+' => Vec::new(),
            '?' => {
                let why = self.inner(word);
                let why = if why.is_empty() { "parameter null or not set".to_owned() } else { why };
                self.own.complaint.get_or_insert_with(|| (127, format!("bash: {}: {why}\n", named.name)));
                Vec::new()
            }
            ':' if named.is_list() => self.sliced(named.name, values, word),
            '#' | '%' | '/' | ':' | '^' | ',' => values.iter().map(|value| self.changed(value, sign, word)).collect(),
            _ => vec![self.complain(&bad)],
        }
    }

    fn changed(&mut self, value: &str, sign: char, word: &str) -> String {
        match sign {
            '#' | '%' => self.trimmed(value, sign, word),
            '/' => self.replaced(value, word),
            ':' => self.slice(value, word),
            _ => cased(value, sign, word).unwrap_or_else(|| self.complain(&format!("${{{word}}}: bad substitution"))),
        }
    }

    /// What a name stands for: one text, all of a list, or nothing.
    fn values(&mut self, named: Named<'_>) -> Vec<String> {
        match named.index {
            _ if matches!(named.name, "@" | "*") => self.own.arguments.clone(),
            Some("@" | "*") => self.elements(named.name).into_iter().map(|(_, text)| text).collect(),
            Some(index) => {
                let index = self.inner(index);
                let place = self.index(named.name, &index);
                place.and_then(|place| self.element(named.name, place)).into_iter().collect()
            }
            None => {
                let value = self.variable(named.name);
                let there = !value.is_empty() || self.value(named.name).is_some();
                there.then_some(value).into_iter().collect()
            }
        }
    }

    /// `${!NAME[@]}`: the places that are taken; `${!NAME}`: the variable whose name is its value.
    fn pointed(&mut self, named: Named<'_>) -> Vec<String> {
        if named.is_list() {
            return self.elements(named.name).into_iter().map(|(at, _)| at.to_string()).collect();
        }
        let name = self.values(named).concat();
        if is_name(&name) {
            return vec![self.variable(&name)];
        }
        vec![self.complain(&format!("{name}: invalid variable name"))]
    }

    /// `${NAME[@]:FROM:COUNT}`
    fn sliced(&mut self, name: &str, mut all: Vec<String>, word: &str) -> Vec<String> {
        if matches!(name, "@" | "*") {
            all.insert(0, "bash".to_owned());
        }
        let (from, len) = word.split_once(':').map_or((word, None), |(from, len)| (from, Some(len)));
        let number = |shell: &mut Self, text: &str| {
            let text = shell.inner(text);
            shell.calculated(&text).unwrap_or(0)
        };
        let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let from = number(self, from);
        let from = if from < 0 { count.saturating_add(from).max(0) } else { from };
        let len = len.map_or(usize::MAX, |len| usize::try_from(number(self, len)).unwrap_or(0));
        all.into_iter().skip(usize::try_from(from).unwrap_or(usize::MAX)).take(len).collect()
    }

    /// A word inside of braces.
    fn inner(&mut self, text: &str) -> String {
        match parse::inner(text) {
            Ok(_) if self.own.depth >= MAX_DEPTH => String::new(),
            Ok(word) => {
                self.own.depth += 1;
                let text = self.joined(&word);
                self.own.depth -= 1;
                text
            }
            Err(error) => {
                let why = error.text();
                self.complain(why.trim_start_matches("bash: "))
            }
        }
    }

    /// A word inside of braces that is a pattern.
    fn inner_pattern(&mut self, text: &str) -> Pattern {
        match parse::inner(text) {
            Ok(word) if self.own.depth < MAX_DEPTH => {
                self.own.depth += 1;
                let pattern = self.pattern(&word);
                self.own.depth -= 1;
                pattern
            }
            // What is wrong is said where the text is read as a word.
            _ => Pattern::read(&self.inner(text)),
        }
    }

    /// `${NAME#PATTERN}` and the like: without the beginning or the end that fits.
    fn trimmed(&mut self, value: &str, sign: char, word: &str) -> String {
        let longer = word.strip_prefix(sign);
        let pattern = self.inner_pattern(longer.unwrap_or(word));
        let mut room = MAX_STEPS;
        let found = match sign {
            '#' => pattern.beginnings(value.chars(), &mut room),
            _ => pattern.reversed().beginnings(value.chars().rev(), &mut room),
        };
        let cut = found.map_or(0, |(shortest, longest)| if longer.is_some() { longest } else { shortest });
        if sign == '#' { value[cut..].to_owned() } else { value[..value.len() - cut].to_owned() }
    }

    /// `${NAME/PATTERN/WITH}` and the like: the longest texts that fit are replaced.
    fn replaced(&mut self, value: &str, word: &str) -> String {
        let (all, word) = word.strip_prefix('/').map_or((false, word), |word| (true, word));
        let escaped = |at: usize| word[..at].ends_with('\\');
        let cut = word.match_indices('/').map(|(at, _)| at).find(|at| !escaped(*at));
        let (pattern, with) = cut.map_or((word, ""), |at| (&word[..at], &word[at + 1..]));
        let anchored = |sign| pattern.strip_prefix(sign).filter(|_| !all);
        let (begins, ends) = (anchored('#'), anchored('%'));
        let (pattern, with) = (self.inner_pattern(begins.or(ends).unwrap_or(pattern)), self.inner(with));
        let mut room = MAX_STEPS;
        match (begins, ends) {
            (Some(""), _) => return with + value,
            (_, Some("")) => return value.to_owned() + &with,
            _ => {}
        }
        if ends.is_some() {
            let found = pattern.reversed().beginnings(value.chars().rev(), &mut room);
            return found
                .map_or_else(|| value.to_owned(), |(_, bytes)| value[..value.len() - bytes].to_owned() + &with);
        }
        let (mut out, mut rest) = (String::new(), value);
        while let Some(c) = rest.chars().next().filter(|_| out.len() < MAX_SUBSTITUTED) {
            let found = pattern.beginnings(rest.chars(), &mut room).map_or(0, |(_, longest)| longest);
            out += if found > 0 { &with } else { &rest[..c.len_utf8()] };
            rest = &rest[found.max(c.len_utf8())..];
            if begins.is_some() || (found > 0 && !all) {
                break;
            }
        }
        out + rest
    }

    fn slice(&mut self, value: &str, word: &str) -> String {
        let (from, len) = word.split_once(':').map_or((word, None), |(from, len)| (from, Some(len)));
        let count = i64::try_from(value.chars().count()).unwrap_or(i64::MAX);
        let number = |shell: &mut Self, text: &str| {
            let text = shell.inner(text);
            shell.calculated(&text).unwrap_or(0)
        };
        let from = number(self, from);
        let from = if from < 0 { count.saturating_add(from).max(0) } else { from };
        let until = match len.map(|len| number(self, len)) {
            None => count,
            Some(len) if len < 0 => count.saturating_add(len),
            Some(len) => from.saturating_add(len),
        };
        let (skip, take) =
            (usize::try_from(from).unwrap_or(0), usize::try_from(until.saturating_sub(from)).unwrap_or(0));
        value.chars().skip(skip).take(take).collect()
    }
}

/// The name that a text in braces begins with, its place in square brackets, and what is behind them.
#[derive(Clone, Copy, Debug)]
struct Named<'a> {
    name: &'a str,
    index: Option<&'a str>,
    rest: &'a str,
}

impl<'a> Named<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let end = match text.chars().next()? {
            '@' | '*' => 1,
            _ => text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len()),
        };
        let (name, rest) = text.split_at(end);
        let is_argument = name.chars().all(|c| c.is_ascii_digit() || matches!(c, '@' | '*'));
        if name.is_empty() || !(is_name(name) || is_argument) {
            return None;
        }
        match rest.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
            Some((index, rest)) if !index.is_empty() => Some(Self { name, index: Some(index), rest }),
            _ => Some(Self { name, index: None, rest }),
        }
    }

    fn is_list(self) -> bool {
        matches!(self.name, "@" | "*") || matches!(self.index, Some("@" | "*"))
    }
}

/// Whether `"${...}"` makes a word of each element.
pub(super) fn is_list(text: &str) -> bool {
    let named = Named::of(text.strip_prefix('!').unwrap_or(text));
    named.is_some_and(|named| named.name == "@" || named.index == Some("@"))
}

/// `^`, `^^`, `,`, `,,`: in other letters, the first or all. Nothing where a pattern says which.
fn cased(value: &str, sign: char, word: &str) -> Option<String> {
    let change = |c: char| if sign == '^' { c.to_uppercase().collect::<String>() } else { c.to_lowercase().collect() };
    let mut letters = value.chars();
    match word.strip_prefix(sign) {
        Some("") => Some(letters.map(change).collect()),
        None if word.is_empty() => {
            let first = letters.next().map(change).unwrap_or_default();
            Some(first + letters.as_str())
        }
        _ => None,
    }
}
