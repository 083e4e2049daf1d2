//! Rules, tables and changes of them in the words of `iptables-save`. Source: iptables 1.8.9.

use super::edit::ChainEdit;
use super::{Counter, Match, Rule, States, Table, TableName, Target};
use crate::sim::packet::{Protocol, Unreachable};
use std::fmt::{Display, Formatter, Result};

/// Addresses, interfaces and the protocol come first, whatever was typed; modules keep their order.
pub(super) const fn rank(condition: &Match) -> u8 {
    match condition {
        Match::Src { .. } => 0,
        Match::Dst { .. } => 1,
        Match::InInterface { .. } => 2,
        Match::OutInterface { .. } => 3,
        Match::Protocol(_) => 4,
        _ => LAST,
    }
}

const LAST: u8 = 5;

impl Rule {
    /// The protocol that it asks for.
    pub fn protocol(&self) -> Option<Protocol> {
        protocol_of(&self.matches)
    }
}

pub(super) fn protocol_of(matches: &[Match]) -> Option<Protocol> {
    matches.iter().find_map(|m| if let Match::Protocol(protocol) = m { Some(*protocol) } else { None })
}

/// The specification of a rule, as it stands behind `-A CHAIN`.
impl Display for Rule {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let transport = self.protocol().unwrap_or(Protocol::Tcp).name();
        let (mut space, mut in_module) = ("", false);
        let ordered = (0..=LAST).flat_map(|wanted| self.matches.iter().filter(move |m| rank(m) == wanted));
        for condition in ordered {
            let of_transport = matches!(condition, Match::SrcPort(_) | Match::DstPort(_) | Match::IcmpType(_));
            if of_transport && !in_module {
                write!(f, "{space}-m {transport}")?;
                space = " ";
            }
            in_module = of_transport;
            write!(f, "{space}{condition}")?;
            space = " ";
        }
        if self.target == Target::Nothing { Ok(()) } else { write!(f, "{space}{}", self.target) }
    }
}

/// Words of a rule as they stand behind others, if there are any.
pub fn behind(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!(" {words}") }
}

impl Table {
    /// Chains in the order of `iptables-save`: the built-in ones as they are passed, then the others by name.
    pub fn in_order(&self, which: TableName) -> Vec<&str> {
        let own = self.chains().map(|(name, _)| name.as_ref()).filter(|name| which.built_in(name).is_none());
        which.hooks().iter().map(|hook| hook.chain()).chain(own).collect()
    }

    /// What becomes of a packet for which no rule of a built-in chain decides.
    pub fn policy(&self, which: TableName, chain: &str) -> Option<&'static str> {
        which.built_in(chain).map(|hook| if self.drops_by_policy(hook) { "DROP" } else { "ACCEPT" })
    }

    /// The table as `iptables-save -t` prints it, without comments.
    pub fn saved(&self, which: TableName, counters: bool) -> String {
        let counted = |chain: &str, number| {
            let Counter { packets, bytes } = self.counter(chain, number);
            format!("[{packets}:{bytes}]")
        };
        let chains = self.in_order(which);
        let heads = chains
            .iter()
            .map(|chain| format!(":{chain} {} {}\n", self.policy(which, chain).unwrap_or("-"), counted(chain, 0)));
        let rules = chains.iter().flat_map(|chain| {
            self.chain(chain).iter().zip(1..).map(move |(rule, number)| {
                let counted = if counters { counted(chain, number) + " " } else { String::new() };
                format!("{counted}-A {chain}{}\n", behind(&rule.to_string()))
            })
        });
        format!("*{}\n{}COMMIT\n", which.name(), heads.chain(rules).collect::<String>())
    }
}

impl ChainEdit {
    /// The options by which `iptables` does it.
    pub fn options(&self, table: TableName, chain: &str) -> String {
        let what = match self {
            Self::Insert { number: None, rule } => format!("-A {chain}{}", behind(&rule.to_string())),
            Self::Insert { number: Some(number), rule } => format!("-I {chain} {number}{}", behind(&rule.to_string())),
            Self::Delete { number } => format!("-D {chain} {number}"),
            Self::Flush => format!("-F {chain}"),
            Self::Zero => format!("-Z {chain}"),
            Self::Create => format!("-N {chain}"),
            Self::Remove => format!("-X {chain}"),
            Self::Policy { accept } => format!("-P {chain} {}", if *accept { "ACCEPT" } else { "DROP" }),
        };
        format!("-t {} {what}", table.name())
    }
}

impl Display for Match {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let not = |negated: bool| if negated { "! " } else { "" };
        match self {
            Match::Src { net, negated } => write!(f, "{}-s {net}", not(*negated)),
            Match::Dst { net, negated } => write!(f, "{}-d {net}", not(*negated)),
            Match::InInterface { dev, negated } => write!(f, "{}-i {dev}", not(*negated)),
            Match::OutInterface { dev, negated } => write!(f, "{}-o {dev}", not(*negated)),
            Match::Protocol(wanted) => write!(f, "-p {}", wanted.name()),
            Match::SrcPort(port) => write!(f, "--sport {port}"),
            Match::DstPort(port) => write!(f, "--dport {port}"),
            Match::IcmpType(kind) => write!(f, "--icmp-type {kind}"),
            Match::DstLocal { negated } => write!(f, "-m addrtype {}--dst-type LOCAL", not(*negated)),
            Match::State(states) if states.old => write!(f, "-m state --state {states}"),
            Match::State(states) => write!(f, "-m conntrack --ctstate {states}"),
            Match::Comment(text) => {
                f.write_str("-m comment --comment ")?;
                quoted(f, text)
            }
        }
    }
}

/// Source: iptables 1.8.9 `libxtables/xtables.c` (`xtables_save_string`).
fn quoted(f: &mut Formatter<'_>, text: &str) -> Result {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !text.is_empty() && text.chars().all(plain) {
        return f.write_str(text);
    }
    f.write_str("\"")?;
    for c in text.chars() {
        let escape = if matches!(c, '"' | '\\' | '\'') { "\\" } else { "" };
        write!(f, "{escape}{c}")?;
    }
    f.write_str("\"")
}

impl Display for States {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let named = STATES.iter().filter(|(_, bit)| self.bits & bit != 0).map(|(name, _)| *name);
        f.write_str(&named.collect::<Vec<_>>().join(","))
    }
}

/// In the order in which they are printed, with their bits. Source: iptables 1.8.9 `extensions/libxt_conntrack.c`.
pub(super) const STATES: [(&str, u8); 4] = {
    use crate::sim::host::conntrack::CtState;
    [
        ("INVALID", 1 << CtState::Invalid as u8),
        ("NEW", 1 << CtState::New as u8),
        ("RELATED", 1 << CtState::Related as u8),
        ("ESTABLISHED", 1 << CtState::Established as u8),
    ]
};

impl Display for Target {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Target::Accept => f.write_str("-j ACCEPT"),
            Target::Drop => f.write_str("-j DROP"),
            Target::Return => f.write_str("-j RETURN"),
            Target::Jump(chain) => write!(f, "-j {chain}"),
            Target::Reject(code) => write!(f, "-j REJECT --reject-with {}", reject(*code)),
            Target::Masquerade { random_fully: true } => f.write_str("-j MASQUERADE --random-fully"),
            Target::Masquerade { random_fully: false } => f.write_str("-j MASQUERADE"),
            Target::Snat(to) => write!(f, "-j SNAT --to-source {to}"),
            Target::Dnat { to, port: Some(port) } => write!(f, "-j DNAT --to-destination {to}:{port}"),
            Target::Dnat { to, port: None } => write!(f, "-j DNAT --to-destination {to}"),
            Target::Nothing => Ok(()),
        }
    }
}

pub(super) const fn reject(code: Unreachable) -> &'static str {
    match code {
        Unreachable::Net => "icmp-net-unreachable",
        Unreachable::Host => "icmp-host-unreachable",
        Unreachable::Port => "icmp-port-unreachable",
        Unreachable::FragmentationNeeded { .. } | Unreachable::Prohibited => "icmp-admin-prohibited",
    }
}
