//! Reads the specification of a rule, as `iptables -A CHAIN` takes it and as scenario files hold it.
//! Source: iptables 1.8.9, by what it prints where it refuses.

use super::known::{OPTIONS, OPTIONS_NOT_SIMULATED};
use super::values::{
    destination, dst_type, icmp_type, interface, module, network, port, protocol, reject, states, target_name,
};
use super::words::{protocol_of, rank};
use super::{Match, Rule, Target};
use crate::sim::packet::{Protocol, Unreachable};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt::{Display, Formatter};
use std::net::Ipv4Addr;
use std::str::FromStr;

/// Why a specification is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpecError {
    /// In the words of iptables.
    Refused(String),
    /// A word that belongs to nothing.
    Argument(String),
    /// The real tool takes it.
    NotSimulated(String),
}

impl Display for SpecError {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(text) => f.write_str(text.trim_end()),
            Self::Argument(word) => write!(f, "Bad argument `{word}'"),
            Self::NotSimulated(what) => write!(f, "unknown option \"{what}\""),
        }
    }
}

impl std::error::Error for SpecError {}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl FromStr for Rule {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        Self::read(&split(text))
    }
}

/// Words apart; a quoted one may hold spaces, and a backslash in it takes the next character as it is.
fn split(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted): (Vec<String>, Option<String>, bool) = (Vec::new(), None, false);
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        match c {
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            '\\' if quoted => word.get_or_insert_default().extend(letters.next()),
            c if c.is_whitespace() && !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Conditions of one rule: more is nobody's rule.
const MAX_MATCHES: usize = 16;

pub(super) fn refused<T>(text: impl Into<String>) -> Result<T, SpecError> {
    Err(SpecError::Refused(text.into()))
}

pub(super) fn not_simulated<T>(what: impl Into<String>) -> Result<T, SpecError> {
    Err(SpecError::NotSimulated(what.into()))
}

/// What is read of a rule so far.
#[derive(Default)]
struct Draft {
    matches: Vec<Match>,
    seen: Vec<&'static str>,
    modules: Vec<&'static str>,
    target: Option<String>,
    reject: Option<Unreachable>,
    to: Option<(Ipv4Addr, Option<u16>)>,
    random_fully: bool,
}

impl Rule {
    /// Reads the words of a specification.
    pub fn read(words: &[String]) -> Result<Self, SpecError> {
        let (mut draft, mut negated, mut rest) = (Draft::default(), false, words);
        while let Some((word, after)) = rest.split_first() {
            rest = after;
            if word == "!" {
                if negated {
                    return refused("multiple consecutive ! not allowed");
                }
                negated = true;
                continue;
            }
            if word == "-4" || word == "--ipv4" {
                continue;
            }
            if word == "--random-fully" && draft.target.as_deref() == Some("MASQUERADE") {
                draft.random_fully = true;
                continue;
            }
            let (name, value, after) = option(word, rest)?;
            rest = after;
            draft.take(name, &value, std::mem::take(&mut negated))?;
        }
        draft.rule()
    }
}

/// An option with its value, and the words behind it.
fn option<'a>(word: &str, rest: &'a [String]) -> Result<(&'static str, String, &'a [String]), SpecError> {
    let (typed, joined) = match word.split_once('=') {
        Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
        _ => (word, None),
    };
    if let Some(name) = OPTIONS.iter().find(|names| names.contains(&typed)).map(|names| names[0]) {
        if let Some(value) = joined {
            return Ok((name, value, rest));
        }
        return match rest.split_first() {
            Some((value, after)) => Ok((name, value.clone(), after)),
            None => refused(format!("option \"{typed}\" requires an argument")),
        };
    }
    if OPTIONS_NOT_SIMULATED.contains(&typed) {
        return not_simulated(typed);
    }
    if word.starts_with('-') && word.len() > 1 {
        return refused(format!("unknown option \"{word}\""));
    }
    Err(SpecError::Argument(word.to_owned()))
}

impl Draft {
    fn take(&mut self, name: &'static str, value: &str, negated: bool) -> Result<(), SpecError> {
        let may_negate = matches!(name, "-s" | "-d" | "-i" | "-o" | "--dst-type");
        if negated && matches!(name, "-j" | "-m") {
            return refused(format!("cannot have ! before {name}"));
        }
        if negated && !may_negate {
            return not_simulated(format!("! {name}"));
        }
        self.once(name)?;
        self.needs_module(name)?;
        if self.matches.len() >= MAX_MATCHES {
            return not_simulated(name);
        }
        match name {
            "-s" => self.matches.extend(network(value, negated)?.map(|net| Match::Src { net, negated })),
            "-d" => self.matches.extend(network(value, negated)?.map(|net| Match::Dst { net, negated })),
            "-i" => self.matches.push(Match::InInterface { dev: interface(value)?, negated }),
            "-o" => self.matches.push(Match::OutInterface { dev: interface(value)?, negated }),
            "-p" => self.matches.extend(protocol(value)?.map(Match::Protocol)),
            "-j" => self.target = Some(target_name(value)?),
            "-m" => self.modules.push(module(value)?),
            "--sport" => self.matches.push(Match::SrcPort(port(value)?)),
            "--dport" => self.matches.push(Match::DstPort(port(value)?)),
            "--icmp-type" => self.matches.push(Match::IcmpType(icmp_type(value)?)),
            "--dst-type" => self.matches.push(dst_type(value, negated)?),
            "--ctstate" => self.matches.push(Match::State(states(value, false)?)),
            "--state" => self.matches.push(Match::State(states(value, true)?)),
            "--comment" if value.len() > 255 => return not_simulated("--comment"),
            "--comment" => self.matches.push(Match::Comment(value.into())),
            "--reject-with" => self.reject = Some(reject(value)?),
            _ => self.to = Some(destination(value)?),
        }
        Ok(())
    }

    /// What can be given once only.
    fn once(&mut self, name: &'static str) -> Result<(), SpecError> {
        if self.seen.contains(&name) {
            match name {
                "-s" | "-d" | "-i" | "-o" | "-p" | "-j" => {
                    return refused(format!("multiple {name} flags not allowed"));
                }
                "--sport" => return refused("Only one `--source-port' allowed"),
                "--dport" => return refused("Only one `--destination-port' allowed"),
                _ => {}
            }
        } else {
            self.seen.push(name);
        }
        Ok(())
    }

    /// An option of a module is known only behind the module; the protocol loads its own.
    fn needs_module(&self, name: &str) -> Result<(), SpecError> {
        let protocol = self.matches.iter().find_map(|m| if let Match::Protocol(p) = m { Some(*p) } else { None });
        let transport = protocol.map(Protocol::name);
        let has = |module: &str| self.modules.contains(&module);
        let known = match name {
            "--sport" | "--dport" => matches!(transport, Some("tcp" | "udp")),
            "--icmp-type" => transport == Some("icmp"),
            "--dst-type" => has("addrtype"),
            "--ctstate" => has("conntrack"),
            "--state" => has("state"),
            "--comment" => has("comment"),
            "--reject-with" => self.target.as_deref() == Some("REJECT"),
            "--to-source" => self.target.as_deref() == Some("SNAT"),
            "--to-destination" => self.target.as_deref() == Some("DNAT"),
            _ => true,
        };
        if known { Ok(()) } else { refused(format!("unknown option \"{name}\"")) }
    }

    fn rule(mut self) -> Result<Rule, SpecError> {
        self.check_modules()?;
        let target = self.target()?;
        self.matches.sort_by_key(rank);
        join_transport(&mut self.matches);
        Ok(Rule { matches: self.matches, target })
    }

    /// A module without its option.
    fn check_modules(&self) -> Result<(), SpecError> {
        let without = |module: &str, option: &str| self.modules.contains(&module) && !self.seen.contains(&option);
        if without("comment", "--comment") {
            return refused("comment: option \"--comment\" must be specified\n");
        }
        if without("addrtype", "--dst-type") {
            return refused("addrtype: you must specify --src-type or --dst-type");
        }
        if without("conntrack", "--ctstate") {
            return refused("conntrack: At least one option is required");
        }
        if without("state", "--state") {
            return refused("state: option \"--state\" must be specified\n");
        }
        Ok(())
    }

    fn target(&self) -> Result<Target, SpecError> {
        let must = |option: &str| refused(format!("{option} must be specified\n"));
        let Some(name) = self.target.as_deref() else { return Ok(Target::Nothing) };
        Ok(match name {
            "ACCEPT" => Target::Accept,
            "DROP" => Target::Drop,
            "RETURN" => Target::Return,
            "REJECT" => Target::Reject(self.reject.unwrap_or(Unreachable::Port)),
            "MASQUERADE" => Target::Masquerade { random_fully: self.random_fully },
            "SNAT" => match self.to {
                Some((to, None)) => Target::Snat(to),
                Some((_, Some(_))) => return self.with_port("--to-source").and_then(|()| not_simulated("--to-source")),
                None => return must("SNAT: option \"--to-source\""),
            },
            "DNAT" => match self.to {
                Some((to, port)) => {
                    if port.is_some() {
                        self.with_port("--to-destination")?;
                    }
                    Target::Dnat { to, port }
                }
                None => return must("DNAT: option \"--to-destination\""),
            },
            chain => Target::Jump(chain.into()),
        })
    }

    fn with_port(&self, option: &str) -> Result<(), SpecError> {
        match protocol_of(&self.matches) {
            Some(Protocol::Tcp | Protocol::Udp) => Ok(()),
            Some(Protocol::Icmp) => not_simulated(format!("-p icmp {option}")),
            None => refused("Need TCP, UDP, SCTP or DCCP with port specification"),
        }
    }
}

/// The options of the protocol's module stand together where the first of them is, the source before the destination.
fn join_transport(matches: &mut Vec<Match>) {
    let of_transport = |m: &Match| matches!(m, Match::SrcPort(_) | Match::DstPort(_) | Match::IcmpType(_));
    let Some(first) = matches.iter().position(of_transport) else { return };
    let (mut own, mut others): (Vec<Match>, Vec<Match>) = matches.drain(first..).partition(of_transport);
    own.sort_by_key(|m| matches!(m, Match::DstPort(_)));
    matches.append(&mut own);
    matches.append(&mut others);
}
