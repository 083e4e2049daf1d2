//! Rules in the words of `iptables-save`. Source: iptables 1.8.9.

use super::{Match, Rule, States, Target};
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

pub(super) const fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Icmp => "icmp",
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
    }
}

impl Rule {
    /// The protocol that it asks for.
    pub fn protocol(&self) -> Option<Protocol> {
        self.matches.iter().find_map(|m| if let Match::Protocol(protocol) = m { Some(*protocol) } else { None })
    }
}

/// The specification of a rule, as it stands behind `-A CHAIN`.
impl Display for Rule {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let transport = protocol(self.protocol().unwrap_or(Protocol::Tcp));
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

impl Display for Match {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let not = |negated: bool| if negated { "! " } else { "" };
        match self {
            Match::Src { net, negated } => write!(f, "{}-s {net}", not(*negated)),
            Match::Dst { net, negated } => write!(f, "{}-d {net}", not(*negated)),
            Match::InInterface { dev, negated } => write!(f, "{}-i {dev}", not(*negated)),
            Match::OutInterface { dev, negated } => write!(f, "{}-o {dev}", not(*negated)),
            Match::Protocol(wanted) => write!(f, "-p {}", protocol(*wanted)),
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
