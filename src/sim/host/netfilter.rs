//! The netfilter tables of a host (`nat` and `filter`) and their evaluation, rule by rule.
//! Source: iptables(8), iptables-extensions(8).

pub mod edit;
mod known;
mod spec;
mod values;
mod words;

use super::conntrack::CtState;
use crate::sim::ordered::Ordered;
use crate::sim::packet::{Icmp, Packet, Payload, Protocol, Unreachable};
use crate::sim::sorted::Sorted;
use ipnet::Ipv4Net;
pub use known::{SERVICES, is_target, takes_value};
use serde::{Deserialize, Serialize};
pub use spec::SpecError;
use std::net::Ipv4Addr;
use std::rc::Rc;
pub use words::behind;

/// Both tables of one host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Netfilter {
    pub nat: Table,
    pub filter: Table,
}

impl Netfilter {
    pub const fn table(&self, which: TableName) -> &Table {
        match which {
            TableName::Nat => &self.nat,
            TableName::Filter => &self.filter,
        }
    }

    pub const fn table_mut(&mut self, which: TableName) -> &mut Table {
        match which {
            TableName::Nat => &mut self.nat,
            TableName::Filter => &mut self.filter,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableName {
    Nat,
    Filter,
}

/// Where in the path of a packet a table is consulted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hook {
    Prerouting,
    Input,
    Forward,
    Output,
    Postrouting,
}

impl Hook {
    /// Name of the built-in chain.
    pub const fn chain(self) -> &'static str {
        match self {
            Hook::Prerouting => "PREROUTING",
            Hook::Input => "INPUT",
            Hook::Forward => "FORWARD",
            Hook::Output => "OUTPUT",
            Hook::Postrouting => "POSTROUTING",
        }
    }
}

/// Chains by name. A built-in chain that is absent accepts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Table {
    chains: Sorted<Rc<str>, Rc<Vec<Rule>>>,
    counters: Ordered<RuleAt, Counter>,
    /// The hooks whose built-in chain has the policy to drop, a bit for each.
    drops: u8,
}

/// A rule by its chain and its number, from 1; number 0 is the policy of a built-in chain.
pub type RuleAt = (Rc<str>, u16);

/// What a rule, or the policy of a chain, has decided so far (`iptables -v`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Counter {
    pub packets: u64,
    /// Bytes of the packets, from their IPv4 headers on.
    pub bytes: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    pub matches: Vec<Match>,
    pub target: Target,
}

/// One condition; a rule applies when all of its conditions hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Match {
    Src {
        net: Ipv4Net,
        negated: bool,
    },
    Dst {
        net: Ipv4Net,
        negated: bool,
    },
    Protocol(Protocol),
    SrcPort(u16),
    DstPort(u16),
    /// `-m addrtype --dst-type LOCAL`.
    DstLocal {
        negated: bool,
    },
    /// A name that ends with `+` stands for all that begin so.
    InInterface {
        dev: Rc<str>,
        negated: bool,
    },
    OutInterface {
        dev: Rc<str>,
        negated: bool,
    },
    /// `--icmp-type` without a code.
    IcmpType(u8),
    State(States),
    /// Always holds.
    Comment(Rc<str>),
}

/// States of tracking that a rule asks for, and by which module, since a list says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct States {
    /// One bit for each `CtState`.
    pub bits: u8,
    /// `-m state --state`, the older module.
    pub old: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    Accept,
    Drop,
    Return,
    Jump(Rc<str>),
    Reject(Unreachable),
    Masquerade {
        random_fully: bool,
    },
    Snat(Ipv4Addr),
    Dnat {
        to: Ipv4Addr,
        port: Option<u16>,
    },
    /// A rule without `-j` only counts.
    Nothing,
}

/// What a table decides for a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// No rule ended the walk: the policy of the chain, which is to accept.
    Policy,
    /// No rule ended the walk, and the policy of the chain is to drop.
    PolicyDrop,
    Accept,
    Drop,
    Reject(Unreachable),
    Masquerade {
        random_fully: bool,
    },
    Snat(Ipv4Addr),
    Dnat {
        to: Ipv4Addr,
        port: Option<u16>,
    },
}

/// One rule that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RuleTried {
    pub chain: Rc<str>,
    /// Position in the chain, from 1, as `iptables -L --line-numbers` counts.
    pub number: u16,
    /// The first condition that did not hold; `None` when the rule applied.
    pub missed: Option<Match>,
}

/// What the conditions look at.
#[derive(Clone, Copy, Debug)]
pub struct RuleInput<'a> {
    pub packet: &'a Packet,
    pub in_interface: Option<&'a str>,
    pub out_interface: Option<&'a str>,
    pub dst_is_local: bool,
    pub state: CtState,
}

/// What a table does with one packet.
#[derive(Clone, Debug)]
pub struct Evaluation {
    pub verdict: Verdict,
    /// The rules that applied, in their order; last the policy of the chain, where no rule ended the walk.
    pub applied: Vec<RuleAt>,
}

/// One packet on its way through the chains.
struct Walk<'a> {
    input: RuleInput<'a>,
    tried: Option<&'a mut Vec<RuleTried>>,
    applied: Vec<RuleAt>,
}

impl Table {
    pub fn is_empty(&self) -> bool {
        self.chains.is_empty()
    }

    /// What the rule with this number has counted; of number 0, the policy of the chain.
    pub fn counter(&self, chain: &str, number: u16) -> Counter {
        self.counters.get(&(Rc::from(chain), number)).copied().unwrap_or_default()
    }

    /// Counts a packet at the rules that applied to it. A table that nobody has made yet counts nothing.
    pub fn count(&mut self, applied: &[RuleAt], bytes: u16) {
        if self.is_empty() {
            return;
        }
        for rule in applied {
            let counter = self.counters.get_or_insert_with(rule.clone(), Counter::default);
            counter.packets += 1;
            counter.bytes += u64::from(bytes);
        }
    }

    /// The counters of a chain, by number.
    fn counters_of(&self, chain: &str) -> Vec<(u16, Counter)> {
        let of_it = self.counters.iter().filter(|((name, _), _)| name.as_ref() == chain);
        of_it.map(|((_, number), counter)| (*number, *counter)).collect()
    }

    /// Whether a rule gives flows other addresses, or asks for their state.
    pub fn needs_flows(&self) -> bool {
        let needs = |rule: &Rule| {
            matches!(rule.target, Target::Masquerade { .. } | Target::Snat(_) | Target::Dnat { .. })
                || rule.matches.iter().any(|m| matches!(m, Match::State(_)))
        };
        self.chains.values().any(|rules| rules.iter().any(needs))
    }

    pub const fn drops_by_policy(&self, hook: Hook) -> bool {
        self.drops & (1 << hook as u8) != 0
    }

    pub fn chain(&self, name: &str) -> &[Rule] {
        self.chains.get(&Rc::from(name)).map_or(&[], |rules| rules.as_slice())
    }

    /// Chains in order of name.
    pub fn chains(&self) -> impl Iterator<Item = (&Rc<str>, &[Rule])> {
        self.chains.iter().map(|(name, rules)| (name, rules.as_slice()))
    }

    /// Writes a chain anew, as `iptables-restore` does: its rules begin to count at 0.
    pub fn set_chain(&mut self, name: &str, rules: Vec<Rule>) {
        for (number, _) in self.counters_of(name).into_iter().filter(|(number, _)| *number > 0) {
            self.counters.remove(&(Rc::from(name), number));
        }
        self.put_chain(name, rules);
    }

    fn put_chain(&mut self, name: &str, rules: Vec<Rule>) {
        self.chains.insert(name.into(), Rc::new(rules));
    }

    pub fn append(&mut self, chain: &str, rule: Rule) {
        let mut rules = self.chain(chain).to_vec();
        rules.push(rule);
        self.put_chain(chain, rules);
    }

    /// Takes the rule with this number (from 1) out of a chain.
    pub fn delete(&mut self, chain: &str, number: usize) -> Option<Rule> {
        let mut rules = self.chain(chain).to_vec();
        let rule = (1..=rules.len()).contains(&number).then(|| rules.remove(number - 1))?;
        let counted = self.counters_of(chain);
        self.set_chain(chain, rules);
        // The rules behind it move up, and what they have counted with them.
        for (at, counter) in counted.into_iter().filter(|(at, _)| *at > 0 && usize::from(*at) != number) {
            let now_at = if usize::from(at) > number { at - 1 } else { at };
            self.counters.insert((Rc::from(chain), now_at), counter);
        }
        Some(rule)
    }

    /// Walks the chain of a hook for one packet. Every rule that is looked at is written to `tried`, if given.
    pub fn evaluate(&self, hook: Hook, input: RuleInput<'_>, tried: Option<&mut Vec<RuleTried>>) -> Evaluation {
        let mut walk = Walk { input, tried, applied: Vec::new() };
        let verdict = self.walk(hook.chain(), &mut walk, 0).unwrap_or_else(|| {
            walk.applied.push((Rc::from(hook.chain()), 0));
            if self.drops_by_policy(hook) { Verdict::PolicyDrop } else { Verdict::Policy }
        });
        Evaluation { verdict, applied: walk.applied }
    }

    /// `None` when the chain ends or returns without a verdict.
    fn walk(&self, name: &str, walk: &mut Walk<'_>, depth: u8) -> Option<Verdict> {
        // The kernel refuses loops of chains when rules are loaded; a bound serves the same end here.
        const MAX_DEPTH: u8 = 16;
        let (name, rules) = self.chains.iter().find(|(n, _)| n.as_ref() == name)?;
        for (rule, number) in rules.iter().zip(1u16..) {
            let missed = rule.matches.iter().find(|m| !holds(m, walk.input));
            if let Some(tried) = &mut walk.tried {
                tried.push(RuleTried { chain: Rc::clone(name), number, missed: missed.cloned() });
            }
            if missed.is_some() {
                continue;
            }
            walk.applied.push((Rc::clone(name), number));
            match &rule.target {
                Target::Return => return None,
                Target::Jump(to) if depth < MAX_DEPTH => {
                    if let Some(verdict) = self.walk(to, walk, depth + 1) {
                        return Some(verdict);
                    }
                }
                Target::Jump(_) | Target::Nothing => {}
                target => return verdict(target),
            }
        }
        None
    }
}

fn verdict(target: &Target) -> Option<Verdict> {
    Some(match *target {
        Target::Accept => Verdict::Accept,
        Target::Drop => Verdict::Drop,
        Target::Reject(code) => Verdict::Reject(code),
        Target::Masquerade { random_fully } => Verdict::Masquerade { random_fully },
        Target::Snat(to) => Verdict::Snat(to),
        Target::Dnat { to, port } => Verdict::Dnat { to, port },
        Target::Return | Target::Jump(_) | Target::Nothing => return None,
    })
}

fn holds(condition: &Match, input: RuleInput<'_>) -> bool {
    match condition {
        Match::Src { net, negated } => net.contains(&input.packet.src) != *negated,
        Match::Dst { net, negated } => net.contains(&input.packet.dst) != *negated,
        Match::Protocol(protocol) => input.packet.protocol() == *protocol,
        Match::SrcPort(port) => input.packet.tuple().is_some_and(|t| t.src_port == *port),
        Match::DstPort(port) => input.packet.tuple().is_some_and(|t| t.dst_port == *port),
        Match::DstLocal { negated } => input.dst_is_local != *negated,
        Match::InInterface { dev, negated } => is_interface(dev, input.in_interface) != *negated,
        Match::OutInterface { dev, negated } => is_interface(dev, input.out_interface) != *negated,
        Match::IcmpType(code) => icmp_type(input.packet) == Some(*code),
        Match::State(States { bits, .. }) => bits & (1 << input.state as u8) != 0,
        Match::Comment(_) => true,
    }
}

fn is_interface(wanted: &str, found: Option<&str>) -> bool {
    let found = found.unwrap_or_default();
    wanted.strip_suffix('+').map_or(wanted == found, |start| found.starts_with(start))
}

const fn icmp_type(packet: &Packet) -> Option<u8> {
    let Payload::Icmp(icmp) = &packet.payload else { return None };
    Some(match icmp {
        Icmp::EchoReply { .. } => 0,
        Icmp::Unreachable { .. } => 3,
        Icmp::EchoRequest { .. } => 8,
        Icmp::TimeExceeded { .. } => 11,
    })
}
