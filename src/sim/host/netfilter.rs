//! The netfilter tables of a host (`nat` and `filter`) and their evaluation, rule by rule.
//! Source: iptables(8), iptables-extensions(8).

use crate::sim::packet::{Packet, Protocol, Unreachable};
use crate::sim::sorted::Sorted;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;
use std::rc::Rc;

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
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
pub struct Table(Sorted<Rc<str>, Rc<Vec<Rule>>>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    pub matches: Vec<Match>,
    pub target: Target,
    pub comment: Option<Rc<str>>,
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
    DstPort(u16),
    /// `-m addrtype --dst-type LOCAL`.
    DstLocal {
        negated: bool,
    },
    OutInterface(Rc<str>),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    Accept,
    Drop,
    Return,
    Jump(Rc<str>),
    Reject(Unreachable),
    Masquerade { random_fully: bool },
    Snat(Ipv4Addr),
    Dnat { to: Ipv4Addr, port: Option<u16> },
}

/// What a table decides for a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// No rule ended the walk: the policy of the chain, which is to accept.
    Policy,
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
    pub out_interface: Option<&'a str>,
    pub dst_is_local: bool,
}

impl Table {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a rule gives flows other addresses.
    pub fn translates(&self) -> bool {
        let gives =
            |rule: &Rule| matches!(rule.target, Target::Masquerade { .. } | Target::Snat(_) | Target::Dnat { .. });
        self.0.values().any(|rules| rules.iter().any(gives))
    }

    pub fn chain(&self, name: &str) -> &[Rule] {
        self.0.get(&Rc::from(name)).map_or(&[], |rules| rules.as_slice())
    }

    /// Chains in order of name.
    pub fn chains(&self) -> impl Iterator<Item = (&Rc<str>, &[Rule])> {
        self.0.iter().map(|(name, rules)| (name, rules.as_slice()))
    }

    pub fn set_chain(&mut self, name: &str, rules: Vec<Rule>) {
        self.0.insert(name.into(), Rc::new(rules));
    }

    pub fn append(&mut self, chain: &str, rule: Rule) {
        let mut rules = self.chain(chain).to_vec();
        rules.push(rule);
        self.set_chain(chain, rules);
    }

    /// Takes the rule with this number (from 1) out of a chain.
    pub fn delete(&mut self, chain: &str, number: usize) -> Option<Rule> {
        let mut rules = self.chain(chain).to_vec();
        let rule = (1..=rules.len()).contains(&number).then(|| rules.remove(number - 1))?;
        self.set_chain(chain, rules);
        Some(rule)
    }

    /// Walks the chain of a hook for one packet. Every rule that is looked at is written to `tried`, if given.
    pub fn evaluate(&self, hook: Hook, input: RuleInput<'_>, mut tried: Option<&mut Vec<RuleTried>>) -> Verdict {
        self.walk(hook.chain(), input, &mut tried, 0).unwrap_or(Verdict::Policy)
    }

    /// `None` when the chain ends or returns without a verdict.
    fn walk(
        &self,
        name: &str,
        input: RuleInput<'_>,
        tried: &mut Option<&mut Vec<RuleTried>>,
        depth: u8,
    ) -> Option<Verdict> {
        // The kernel refuses loops of chains when rules are loaded; a bound serves the same end here.
        const MAX_DEPTH: u8 = 16;
        let (name, rules) = self.0.iter().find(|(n, _)| n.as_ref() == name)?;
        for (rule, number) in rules.iter().zip(1u16..) {
            let missed = rule.matches.iter().find(|m| !holds(m, input));
            if let Some(tried) = tried {
                tried.push(RuleTried { chain: Rc::clone(name), number, missed: missed.cloned() });
            }
            if missed.is_some() {
                continue;
            }
            match &rule.target {
                Target::Return => return None,
                Target::Jump(to) if depth < MAX_DEPTH => {
                    if let Some(verdict) = self.walk(to, input, tried, depth + 1) {
                        return Some(verdict);
                    }
                }
                Target::Jump(_) => {}
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
        Target::Return | Target::Jump(_) => return None,
    })
}

fn holds(condition: &Match, input: RuleInput<'_>) -> bool {
    match condition {
        Match::Src { net, negated } => net.contains(&input.packet.src) != *negated,
        Match::Dst { net, negated } => net.contains(&input.packet.dst) != *negated,
        Match::Protocol(protocol) => input.packet.protocol() == *protocol,
        Match::DstPort(port) => input.packet.tuple().is_some_and(|t| t.dst_port == *port),
        Match::DstLocal { negated } => input.dst_is_local != *negated,
        Match::OutInterface(name) => input.out_interface == Some(name.as_ref()),
    }
}
