//! What iptables is told: one command, what it is about, and the specification of a rule behind. Source: iptables 1.8.9.

use super::{VERSION, usage};
use crate::shell::Output;
use crate::sim::host::netfilter::{Rule, takes_value};

/// The words of a command line, sorted.
#[derive(Debug, Default)]
pub(super) struct Options {
    pub table: Option<String>,
    /// The letter of the command.
    pub command: Option<char>,
    pub chain: Option<String>,
    pub number: Option<usize>,
    pub policy: Option<String>,
    /// Letters of the switches that are given; `#` stands for `--line-numbers`.
    switches: String,
    /// The specification of a rule.
    pub spec: Vec<String>,
}

/// Commands with their long names.
const COMMANDS: &[(char, &str)] = &[
    ('A', "append"),
    ('C', "check"),
    ('D', "delete"),
    ('E', "rename-chain"),
    ('F', "flush"),
    ('I', "insert"),
    ('L', "list"),
    ('N', "new-chain"),
    ('P', "policy"),
    ('R', "replace"),
    ('S', "list-rules"),
    ('X', "delete-chain"),
    ('Z', "zero"),
];

/// A long option of the target that is cut short, as getopt(3) takes one.
fn whole(word: String, before: &[String]) -> String {
    let target = before.iter().position(|w| w == "-j" || w == "--jump").and_then(|at| before.get(at + 1));
    let long = match target.map(String::as_str) {
        Some("SNAT") => "--to-source",
        Some("DNAT") => "--to-destination",
        Some("REJECT") => "--reject-with",
        _ => return word,
    };
    if word.len() > 3 && long.starts_with(&word) { long.to_owned() } else { word }
}

/// Words that are not read yet.
struct Words<'a>(&'a [String]);

impl Words<'_> {
    fn next(&mut self) -> Option<String> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first.clone())
    }

    /// The next word, where it is no option.
    fn operand(&mut self) -> Option<String> {
        self.0.first().filter(|word| !word.starts_with(['-', '!']))?;
        self.next()
    }
}

impl Options {
    pub(super) fn read(args: &[String]) -> Result<Self, Output> {
        let (mut options, mut words) = (Self::default(), Words(args));
        while let Some(word) = words.next() {
            let took = match word.strip_prefix("--") {
                Some(long) => options.long(long, &mut words)?,
                None => options.letters(&word, &mut words)?,
            };
            if !took {
                let word = whole(word, &options.spec);
                let value = takes_value(&word).then(|| words.next()).flatten();
                options.spec.push(word);
                options.spec.extend(value);
            }
        }
        Ok(options)
    }

    /// Whether a switch is given.
    pub(super) fn has(&self, switch: char) -> bool {
        self.switches.contains(switch)
    }

    fn long(&mut self, name: &str, words: &mut Words<'_>) -> Result<bool, Output> {
        if let Some((letter, _)) = COMMANDS.iter().find(|(_, long)| *long == name) {
            return self.begin(*letter, words).map(|()| true);
        }
        match name.split_once('=').map_or((name, None), |(name, value)| (name, Some(value.to_owned()))) {
            ("table", value) => self.table = value.or_else(|| words.next()),
            ("wait", None) => drop(words.operand()),
            ("wait", _) => {}
            ("numeric", None) => self.switches.push('n'),
            ("verbose", None) => self.switches.push('v'),
            ("exact", None) => self.switches.push('x'),
            ("line-numbers", None) => self.switches.push('#'),
            ("version", None) => self.switches.push('V'),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Letters may stand together, as in `-nvL`; the rest of a word is the value of `-t` and `-w`.
    fn letters(&mut self, word: &str, words: &mut Words<'_>) -> Result<bool, Output> {
        let Some(letters) = word.strip_prefix('-').filter(|l| !l.is_empty()) else { return Ok(false) };
        let known = |c: char| "nvxVtw".contains(c) || COMMANDS.iter().any(|(letter, _)| *letter == c);
        let with_value = letters.starts_with(['t', 'w']);
        if !with_value && !letters.chars().all(known) {
            return Ok(false);
        }
        for (at, letter) in letters.char_indices() {
            let rest = &letters[at + letter.len_utf8()..];
            match letter {
                'n' | 'v' | 'x' | 'V' => self.switches.push(letter),
                't' => {
                    self.table = if rest.is_empty() { words.next() } else { Some(rest.to_owned()) };
                    break;
                }
                'w' => {
                    if rest.is_empty() {
                        words.operand();
                    }
                    break;
                }
                command => self.begin(command, words)?,
            }
        }
        Ok(true)
    }

    /// A command with the words that are its own.
    fn begin(&mut self, command: char, words: &mut Words<'_>) -> Result<(), Output> {
        if let Some(before) = self.command {
            return Err(usage(&format!("{VERSION}: Cannot use -{command} with -{before}")));
        }
        self.command = Some(command);
        let optional = matches!(command, 'F' | 'L' | 'S' | 'X' | 'Z');
        self.chain = if optional { words.operand() } else { words.next() };
        if self.chain.is_none() && !optional {
            return Err(usage(&format!("{VERSION}: option \"-{command}\" requires an argument")));
        }
        match command {
            'E' => drop(words.operand()),
            'P' => {
                self.policy = words.operand();
                if self.policy.is_none() {
                    return Err(usage(&format!("{VERSION}: -P requires a chain and a policy")));
                }
            }
            'I' | 'D' | 'R' | 'L' | 'S' | 'Z' => {
                self.number = words.operand().map(|word| number(&word)).transpose()?;
                if command == 'R' && self.number.is_none() {
                    return Err(usage(&format!("{VERSION}: -R requires a rule number")));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The rule of the specification; a command that takes none refuses one.
    pub(super) fn rule(&self) -> Result<Rule, Output> {
        let rule = Rule::read(&self.spec).map_err(|error| super::refused(&error))?;
        let takes =
            matches!(self.command, Some('A' | 'C' | 'I' | 'R')) || (self.command == Some('D') && self.number.is_none());
        match self.spec.iter().find(|word| word.starts_with('-')) {
            Some(option) if !takes => Err(usage(&format!("{VERSION}: Illegal option `{option}' with this command"))),
            _ => Ok(rule),
        }
    }
}

fn number(word: &str) -> Result<usize, Output> {
    let number = word.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| usage(&format!("{VERSION}: Invalid rule number `{word}'")))
}
