//! What Tab makes of a line: commands, their options and values by the catalogue, names of what is there by the world.

mod names;

use super::catalog::{Command, Flag, Takes, commands};
use super::{Context, Shell, Terminal};
use crate::session::Session;

/// What the last word of a line may become.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Where the word begins, in bytes of the line.
    pub from: usize,
    /// All that it may become, sorted.
    pub words: Vec<String>,
}

impl Completion {
    /// The line with as much more as all words have in common; a blank behind the only one, unless more of it follows.
    pub fn grown(&self, line: &str) -> String {
        let Some(first) = self.words.first() else { return line.to_owned() };
        let same = |word: &String| first.bytes().zip(word.bytes()).take_while(|(a, b)| a == b).count();
        let length = self.words.iter().map(same).min().unwrap_or(0);
        let common = &first[..first.floor_char_boundary(length)];
        let end = if self.words.len() == 1 && !common.ends_with(['/', '=']) { " " } else { "" };
        format!("{}{common}{end}", line.get(..self.from).unwrap_or(line))
    }
}

/// Completes the end of a line.
pub fn complete(terminal: &Terminal, session: &Session, line: &str) -> Completion {
    let shell = terminal.clone().on(session.clone());
    let Cut { words, from } = cut(line);
    let word = line.get(from..).unwrap_or("");
    let (from, word) = match word.split_once('=') {
        Some((name, value)) if name.starts_with("--") => (from + name.len() + 1, value),
        _ => (from, word),
    };
    let asked = Asked { shell: &shell, context: shell.context(), words: &words, word };
    let mut found = if from > 0 && line.get(..from).is_some_and(|before| before.ends_with('=')) {
        asked.value_of(line.get(..from - 1).and_then(|l| l.rsplit([' ', '\t']).next()).unwrap_or(""))
    } else {
        asked.all()
    };
    found.retain(|candidate| candidate.starts_with(word) && candidate != word || candidate == word && !word.is_empty());
    found.sort();
    found.dedup();
    Completion { from, words: found }
}

/// The words of the command at the end of a line, and where the last one begins.
#[derive(Debug, PartialEq, Eq)]
struct Cut {
    words: Vec<String>,
    from: usize,
}

/// Finds the command at the end of a line: behind the last pipe, list sign or opening of a substitution.
fn cut(line: &str) -> Cut {
    let mut words: Vec<String> = Vec::new();
    let (mut word, mut from, mut quote) = (String::new(), 0, None);
    for (at, c) in line.char_indices() {
        let next = at + c.len_utf8();
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some('\''), c) => word.push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                from = if word.is_empty() { next } else { from };
            }
            (_, '(' | '`') | (None, '|' | ';' | '&' | '\n') => {
                words.clear();
                word.clear();
                (from, quote) = (next, None);
            }
            (None, ' ' | '\t') => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                from = next;
            }
            (_, c) => word.push(c),
        }
    }
    let assigns =
        |word: &String| word.split_once('=').is_some_and(|(name, _)| !name.is_empty() && !name.starts_with('-'));
    let first = words.iter().position(|word| !assigns(word)).unwrap_or(words.len());
    Cut { words: words.split_off(first), from }
}

/// A word to complete, and what stands before it.
struct Asked<'a> {
    shell: &'a Shell,
    context: Context,
    words: &'a [String],
    word: &'a str,
}

/// The command that the words lead to.
struct Found {
    /// Rows whose path begins with the words.
    rows: Vec<&'static Command>,
    /// Words of the path that are there.
    depth: usize,
    /// Where the words behind the path begin.
    rest: usize,
}

impl Found {
    /// The command whose path is whole.
    fn row(&self) -> Option<&'static Command> {
        self.rows.iter().find(|c| c.path.split(' ').count() == self.depth).copied()
    }

    /// Its options; those of its family while the path is not whole.
    fn known(&self) -> Vec<&'static Flag> {
        match self.row() {
            Some(row) => row.all_flags().collect(),
            None => self.rows.first().map_or_else(Vec::new, |row| row.global_flags().iter().collect()),
        }
    }

    fn flag(&self, word: &str) -> Option<&'static Flag> {
        let is = |f: &&&Flag| {
            f.long == word || f.short == word || word.strip_prefix("--").is_some_and(|name| f.also.contains(&name))
        };
        self.known().iter().find(is).filter(|_| word.starts_with('-')).copied()
    }
}

impl Asked<'_> {
    fn all(&self) -> Vec<String> {
        if self.word.starts_with('$') {
            return self.shell.own.vars.iter().map(|(name, _)| format!("${name}")).collect();
        }
        let Some(name) = self.words.first() else {
            let here = commands().filter(|c| c.is_at(self.context));
            return here.map(|c| c.family().to_owned()).collect();
        };
        let found = self.find(name);
        let rest = &self.words[found.rest..];
        if let Some(end) = rest.iter().position(|word| word == "--") {
            return self.inside(rest, end);
        }
        if let Some(flag) = rest.last().and_then(|last| found.flag(last)).filter(|f| f.takes != Takes::Nothing) {
            return self.values(&found, flag);
        }
        if self.word.starts_with('-') {
            return self.flags(&found);
        }
        let operands = self.operands(&found);
        let deeper =
            found.rows.iter().filter(|_| operands.is_empty()).filter_map(|c| c.path.split(' ').nth(found.depth));
        let mut all: Vec<String> = deeper.map(str::to_owned).collect();
        let tokens = found.row().map_or("", |row| row.operands);
        all.extend(names::of_operand(self, tokens, &operands));
        all
    }

    /// A command that runs in a pod or on a node: behind `--`.
    fn inside(&self, rest: &[String], end: usize) -> Vec<String> {
        let world = self.shell.session.world();
        let target = rest[..end].iter().find_map(|word| {
            let name = word.strip_prefix("pod/").unwrap_or(word);
            let pod = world.pods.values().find(|p| p.name.as_ref() == name).and_then(|p| p.host);
            let node = word.strip_prefix("node/").and_then(|n| world.nodes.get(world.node_named(n)?));
            pod.map(Context::Pod).or(node.map(|n| Context::Node(n.host)))
        });
        let Some(context) = target else { return Vec::new() };
        Asked { context, words: &rest[end + 1..], ..*self }.all()
    }

    fn find(&self, name: &str) -> Found {
        let rows = commands().filter(|c| c.is_of(name) && c.is_at(self.context)).collect();
        let mut found = Found { rows, depth: 1, rest: 1 };
        while let Some(word) = self.words.get(found.rest) {
            let deeper = |c: &&&'static Command| c.path.split(' ').nth(found.depth) == Some(word);
            let rows: Vec<_> = found.rows.iter().filter(deeper).copied().collect();
            if !rows.is_empty() {
                found = Found { rows, depth: found.depth + 1, rest: found.rest + 1 };
            } else if let Some(flag) = found.flag(word).filter(|_| found.row().is_none()) {
                found.rest += 1 + usize::from(flag.takes != Takes::Nothing && found.rest + 1 < self.words.len());
            } else {
                break;
            }
        }
        found
    }

    fn flags(&self, found: &Found) -> Vec<String> {
        let unused = found.known().into_iter().filter(|flag| {
            let used = |word: &String| word == flag.long || word == flag.short;
            !self.words[found.rest..].iter().any(used)
        });
        unused.map(|flag| flag.long.to_owned()).collect()
    }

    /// The value of `--name=`.
    fn value_of(&self, flag: &str) -> Vec<String> {
        let Some(name) = self.words.first() else { return Vec::new() };
        let found = self.find(name);
        found.flag(flag).map_or_else(Vec::new, |flag| self.values(&found, flag))
    }

    fn values(&self, found: &Found, flag: &Flag) -> Vec<String> {
        if !flag.values.is_empty() {
            return flag.values.iter().map(|value| (*value).to_owned()).collect();
        }
        names::of_flag(self, found.row().map_or("", |row| row.path), flag)
    }

    /// The value of an option that stands on the line.
    fn given(&self, long: &str, short: &str) -> Option<&str> {
        let at = self.words.iter().position(|word| word == long || word == short)?;
        self.words.get(at + 1).map(String::as_str)
    }

    /// Words behind the path that are neither options nor their values.
    fn operands(&self, found: &Found) -> Vec<&str> {
        let mut operands = Vec::new();
        let mut rest = self.words[found.rest..].iter();
        while let Some(word) = rest.next() {
            match found.flag(word) {
                Some(flag) if flag.takes != Takes::Nothing => {
                    rest.next();
                }
                None if !word.starts_with('-') => operands.push(word.as_str()),
                _ => {}
            }
        }
        operands
    }
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn finds_the_command_at_the_end() {
        for (line, words, last) in [
            ("", &[][..], ""),
            ("kub", &[], "kub"),
            ("kubectl get po", &["kubectl", "get"], "po"),
            ("a | grep 'x y' ", &["grep", "x y"], ""),
            ("a; b && c d", &["c"], "d"),
            ("x=$(kubectl get ", &["kubectl", "get"], ""),
            ("x=1 kubectl ", &["kubectl"], ""),
            ("cat \"/var/l", &["cat"], "/var/l"),
        ] {
            let found = cut(line);
            assert_eq!(
                (found.words.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), &line[found.from..]),
                (words, last),
                "{line}"
            );
        }
    }
}
