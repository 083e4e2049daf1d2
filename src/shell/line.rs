//! Reads the options of a command by the flags that its row of the catalogue has: one reader for every command, in the
//! four ways in which the real tools read. Source: Python `argparse` (az), spf13/pflag (kubectl), urfave/cli (crictl), getopt(3).

use super::Output;
use super::catalog::{Flag, Takes};
use std::str::FromStr;

/// How a tool reads its options, and how it complains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Values up to the next option; a long name may be cut short.
    Argparse,
    /// `--name value`, `--name=value`, `-nvalue`, switches together as in `-it`; `--` ends the options.
    Pflag,
    /// As pflag, but the first word ends the options: `crictl exec ID ls -l`.
    Urfave,
    /// `-c2`, `-nve`, `--name=value`; a number may be an option by itself.
    Getopt,
}

/// A command line once read: what is no option, the options under their long names, and what stands behind `--`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    pub words: Vec<String>,
    /// All as it was typed.
    pub args: Vec<String>,
    options: Vec<(&'static str, Vec<String>)>,
    pub command: Vec<String>,
}

/// What is wrong with a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    Unknown {
        typed: String,
    },
    UnknownShort {
        letter: char,
        typed: String,
    },
    /// The option needs a value. Its names, as the tool writes them.
    NoValue {
        flag: String,
        long: &'static str,
    },
    Missing {
        flags: Vec<String>,
    },
}

struct Reader<'a> {
    flags: &'a [&'static [Flag]],
    style: Style,
    line: Line,
}

impl Line {
    /// Reads words by the flags of a command. What is required is asked for at the end.
    pub(crate) fn read(args: &[String], flags: &[&'static [Flag]], style: Style) -> Result<Self, Problem> {
        let mut reader = Reader { flags, style, line: Self { args: args.to_vec(), ..Self::default() } };
        let mut rest = args;
        while let Some((arg, after)) = rest.split_first() {
            rest = after;
            if arg == "--" && style != Style::Argparse {
                reader.line.command = rest.to_vec();
                break;
            }
            if let Some(long) = arg.strip_prefix("--").filter(|l| !l.is_empty()) {
                rest = reader.long(arg, long, rest)?;
            } else if arg.len() > 1 && arg.starts_with('-') {
                rest = reader.short(arg, rest)?;
            } else if style == Style::Urfave {
                reader.line.words.push(arg.clone());
                reader.line.words.extend(rest.iter().cloned());
                break;
            } else {
                reader.line.words.push(arg.clone());
            }
        }
        let missing: Vec<String> = flags
            .iter()
            .flat_map(|group| group.iter())
            .filter(|flag| flag.required && !reader.line.has(flag.long))
            .map(Flag::names)
            .collect();
        if missing.is_empty() { Ok(reader.line) } else { Err(Problem::Missing { flags: missing }) }
    }

    /// The value of an option; the last one where it is given twice.
    pub(crate) fn option(&self, name: &str) -> Option<&str> {
        self.values(name).first().map(String::as_str)
    }

    pub(crate) fn values(&self, name: &str) -> &[String] {
        self.options.iter().rev().find(|(n, _)| *n == name).map_or(&[], |(_, values)| values.as_slice())
    }

    /// The values of an option, of each time that it is given.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let given = self.options.iter().filter(|(n, _)| *n == name);
        given.flat_map(|(_, values)| values.iter().map(String::as_str)).collect()
    }

    /// Whether an option is given and not switched off.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.options.iter().any(|(n, _)| *n == name) && self.option(name) != Some("false")
    }

    pub(crate) fn word(&self, at: usize) -> Option<&str> {
        self.words.get(at).map(String::as_str)
    }

    pub(crate) fn words(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).collect()
    }

    /// A value in its type, or `default`; the text itself where it is none of the type.
    pub(crate) fn value<T: FromStr>(&self, name: &str, default: T) -> Result<T, String> {
        match self.option(name) {
            None => Ok(default),
            Some(text) => text.parse().map_err(|_| text.to_owned()),
        }
    }
}

impl<'a> Reader<'a> {
    fn all(&self) -> impl Iterator<Item = &'static Flag> + use<'a> {
        self.flags.iter().flat_map(|group| group.iter())
    }

    /// The flag of a long name, which Python takes also cut short.
    fn named(&self, name: &str) -> Option<&'static Flag> {
        let exact = self.all().find(|f| f.long.strip_prefix("--") == Some(name) || f.also.contains(&name));
        if exact.is_some() || matches!(self.style, Style::Pflag | Style::Urfave) {
            return exact;
        }
        let mut starting = self.all().filter(|f| f.long.strip_prefix("--").is_some_and(|l| l.starts_with(name)));
        let found = starting.next();
        if starting.next().is_none() { found } else { None }
    }

    fn lettered(&self, letter: char) -> Option<&'static Flag> {
        self.all().find(|f| f.letter() == Some(letter))
    }

    fn long<'r>(&mut self, arg: &str, long: &str, rest: &'r [String]) -> Result<&'r [String], Problem> {
        let (name, joined) = long.split_once('=').map_or((long, None), |(n, v)| (n, Some(v.to_owned())));
        let Some(flag) = self.named(name) else { return Err(Problem::Unknown { typed: arg.to_owned() }) };
        self.take(flag, joined, rest)
    }

    fn short<'r>(&mut self, arg: &str, rest: &'r [String]) -> Result<&'r [String], Problem> {
        // Names of one dash that are longer than a letter, as `-nosuch` of older tools.
        if let Some(flag) = self.all().find(|f| f.short == arg || f.long == arg) {
            return self.take(flag, None, rest);
        }
        let letters = &arg[1..];
        if self.style == Style::Getopt && letters.chars().all(|c| c.is_ascii_digit()) && self.lettered('1').is_none() {
            self.line.options.push(("-NUMBER", vec![letters.to_owned()]));
            return Ok(rest);
        }
        for (at, letter) in letters.char_indices() {
            let Some(flag) = self.lettered(letter) else {
                return Err(Problem::UnknownShort { letter, typed: arg.to_owned() });
            };
            let after = &letters[at + letter.len_utf8()..];
            if flag.takes == Takes::Nothing {
                self.line.options.push((flag.long, Vec::new()));
                continue;
            }
            let after = if self.style == Style::Getopt { after } else { after.strip_prefix('=').unwrap_or(after) };
            return self.take(flag, (!after.is_empty()).then(|| after.to_owned()), rest);
        }
        Ok(rest)
    }

    /// Stores an option with its values and gives what is left to read.
    fn take<'r>(
        &mut self,
        flag: &'static Flag,
        joined: Option<String>,
        rest: &'r [String],
    ) -> Result<&'r [String], Problem> {
        if flag.takes == Takes::Nothing {
            self.line.options.push((flag.long, joined.into_iter().collect()));
            return Ok(rest);
        }
        let (mut values, mut rest): (Vec<String>, &[String]) = (joined.into_iter().collect(), rest);
        let most = if flag.takes == Takes::One { 1 } else { usize::MAX };
        while values.len() < most
            && let Some((next, after)) = rest.split_first()
            && !(self.style == Style::Argparse && is_option(next))
        {
            values.push(next.clone());
            rest = after;
        }
        if values.is_empty() && flag.takes == Takes::One {
            return Err(Problem::NoValue { flag: flag.names(), long: flag.long });
        }
        self.line.options.push((flag.long, values));
        Ok(rest)
    }
}

/// A word that begins as an option does; a number does not.
fn is_option(word: &str) -> bool {
    word.len() > 1 && word.starts_with('-') && word.parse::<f64>().is_err()
}

impl Problem {
    /// The end of a command in the words of its tool; `command` is its path.
    pub(crate) fn output(&self, style: Style, command: &str) -> Output {
        match style {
            Style::Argparse => Output::fail(2, format!("ERROR: {}", self.argparse())),
            Style::Urfave => Output::fail(1, format!("FATA[0000] {}", self.pflag())),
            Style::Pflag => Output::fail(1, self.pflag_help(command)),
            Style::Getopt => {
                let tool = command.split(' ').next().unwrap_or(command);
                if let Some(said) = self.not_simulated(tool) {
                    return Output::fail(if tool == "grep" { 2 } else { 1 }, said);
                }
                Output::fail(if tool == "ping" || tool == "grep" { 2 } else { 1 }, self.getopt(tool))
            }
        }
    }

    /// What is said of an option that the real tool has.
    fn not_simulated(&self, tool: &str) -> Option<String> {
        let (option, real) = match self {
            Self::Unknown { typed } => {
                let name = typed.split('=').next().unwrap_or(typed);
                (name.to_owned(), super::catalog::has_real_option(tool, name.trim_start_matches('-')))
            }
            Self::UnknownShort { letter, .. } => {
                (format!("-{letter}"), super::catalog::has_real_option(tool, letter.encode_utf8(&mut [0; 4])))
            }
            _ => return None,
        };
        real.then(|| format!("podhop: {tool} {option} is not simulated; nearest: {tool} --help"))
    }

    fn argparse(&self) -> String {
        match self {
            Self::Unknown { typed } | Self::UnknownShort { typed, .. } => format!("unrecognized arguments: {typed}"),
            Self::NoValue { flag, .. } => format!("argument {flag}: expected one argument"),
            Self::Missing { flags } => format!("the following arguments are required: {}", flags.join(", ")),
        }
    }

    fn pflag(&self) -> String {
        match self {
            Self::Unknown { typed } => {
                let name = typed.split('=').next().unwrap_or(typed);
                format!("unknown flag: {name}")
            }
            Self::UnknownShort { letter, typed } => format!("unknown shorthand flag: '{letter}' in {typed}"),
            Self::NoValue { long, .. } => format!("flag needs an argument: {long}"),
            Self::Missing { flags } => {
                let names: Vec<String> = flags
                    .iter()
                    .map(|names| format!("\"{}\"", names.split('/').next().unwrap_or("").trim_start_matches('-')))
                    .collect();
                format!("required flag(s) {} not set", names.join(", "))
            }
        }
    }

    fn pflag_help(&self, command: &str) -> String {
        match self {
            Self::Missing { .. } => format!("error: {}", self.pflag()),
            _ => format!("error: {}\nSee '{command} --help' for usage.", self.pflag()),
        }
    }

    fn getopt(&self, tool: &str) -> String {
        match self {
            Self::Unknown { typed } => format!("{tool}: unrecognized option '{typed}'"),
            Self::UnknownShort { letter, .. } => format!("{tool}: invalid option -- '{letter}'"),
            Self::NoValue { long, .. } if long.len() == 2 => {
                format!("{tool}: option requires an argument -- '{}'", &long[1..])
            }
            Self::NoValue { long, .. } => format!("{tool}: option '{long}' requires an argument"),
            Self::Missing { flags } => format!("{tool}: missing {}", flags.join(", ")),
        }
    }
}
