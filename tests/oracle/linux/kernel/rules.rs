//! The simulated netfilter tables in the words of `iptables-save`, loaded by `iptables-restore`.

use super::netns::Netns;
use podhop::sim::host::netfilter::{Match, Netfilter, Rule, Table, TableName, Target};
use podhop::sim::packet::{Protocol, Unreachable};
use std::fmt::Write;

/// Loads both tables; an empty one is not made, so that its hooks do not exist.
pub(crate) fn load(netns: &Netns, netfilter: &Netfilter) {
    let tables = [TableName::Nat, TableName::Filter];
    let text: String = tables.into_iter().filter_map(|name| save(netfilter, name)).collect();
    if !text.is_empty() {
        netns.feed("iptables-restore", &["-w", "--counters"], text);
    }
}

const fn built_in(table: TableName) -> &'static [&'static str] {
    match table {
        TableName::Nat => &["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
        TableName::Filter => &["INPUT", "FORWARD", "OUTPUT"],
    }
}

/// The table as `iptables-save -t` prints it, with counters and without comments.
pub(crate) fn save(netfilter: &Netfilter, name: TableName) -> Option<String> {
    let table = netfilter.table(name);
    if table.is_empty() {
        return None;
    }
    let mut text = format!("*{}\n", if name == TableName::Nat { "nat" } else { "filter" });
    for chain in built_in(name) {
        writeln!(text, ":{chain} ACCEPT {}", counted(table, chain, 0)).unwrap();
    }
    let own = |chain: &&str| !built_in(name).contains(chain);
    for chain in table.chains().map(|(name, _)| name.as_ref()).filter(own) {
        writeln!(text, ":{chain} - [0:0]").unwrap();
    }
    append_rules(&mut text, table, name);
    text.push_str("COMMIT\n");
    Some(text)
}

fn counted(table: &Table, chain: &str, number: u16) -> String {
    let counter = table.counter(chain, number);
    format!("[{}:{}]", counter.packets, counter.bytes)
}

/// A line without its bytes: segments have no options in the simulator, so theirs differ.
pub(crate) fn without_bytes(line: &str) -> String {
    let rule = || Some((line.strip_prefix('[')?.split_once(':')?.0, line.split_once(']')?.1));
    if let Some((packets, rule)) = rule() {
        return format!("[{packets}]{rule}");
    }
    match line.rsplit_once(':') {
        Some((chain, _)) if line.starts_with(':') => format!("{chain}]"),
        _ => line.to_owned(),
    }
}

/// Rules of the built-in chains come first.
fn append_rules(text: &mut String, table: &Table, name: TableName) {
    let own = table.chains().map(|(chain, _)| chain.as_ref()).filter(|c| !built_in(name).contains(c));
    for chain in built_in(name).iter().copied().chain(own) {
        for (rule, number) in table.chain(chain).iter().zip(1..) {
            writeln!(text, "{} -A {chain}{}", counted(table, chain, number), words(rule)).unwrap();
        }
    }
}

fn words(rule: &Rule) -> String {
    let mut text = String::new();
    let protocol = rule.matches.iter().find_map(|m| if let Match::Protocol(p) = m { Some(*p) } else { None });
    for wanted in 0..4 {
        for condition in rule.matches.iter().filter(|m| rank(m) == wanted) {
            condition_words(&mut text, condition, protocol);
        }
        if let (3, Some(comment)) = (wanted, &rule.comment) {
            let quoted = comment.contains(' ') || comment.contains('"');
            let quote = if quoted { "\"" } else { "" };
            write!(text, " -m comment --comment {quote}{comment}{quote}").unwrap();
        }
    }
    for condition in rule.matches.iter().filter(|m| rank(m) == 4) {
        condition_words(&mut text, condition, protocol);
    }
    text + &target_words(&rule.target)
}

/// Addresses and interfaces come before matches of modules.
const fn rank(condition: &Match) -> u8 {
    match condition {
        Match::Src { .. } => 0,
        Match::Dst { .. } => 1,
        Match::OutInterface(_) => 2,
        Match::Protocol(_) => 3,
        Match::DstPort(_) | Match::DstLocal { .. } => 4,
    }
}

fn condition_words(text: &mut String, condition: &Match, protocol: Option<Protocol>) {
    let not = |negated: bool| if negated { " !" } else { "" };
    match condition {
        Match::Src { net, negated } => write!(text, "{} -s {net}", not(*negated)),
        Match::Dst { net, negated } => write!(text, "{} -d {net}", not(*negated)),
        Match::OutInterface(name) => write!(text, " -o {name}"),
        Match::Protocol(protocol) => write!(text, " -p {}", protocol_word(*protocol)),
        Match::DstPort(port) => {
            write!(text, " -m {} --dport {port}", protocol_word(protocol.unwrap_or(Protocol::Tcp)))
        }
        Match::DstLocal { negated } => write!(text, " -m addrtype{} --dst-type LOCAL", not(*negated)),
    }
    .unwrap();
}

const fn protocol_word(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Icmp => "icmp",
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
    }
}

fn target_words(target: &Target) -> String {
    match target {
        Target::Accept => " -j ACCEPT".to_owned(),
        Target::Drop => " -j DROP".to_owned(),
        Target::Return => " -j RETURN".to_owned(),
        Target::Jump(chain) => format!(" -j {chain}"),
        Target::Reject(code) => format!(" -j REJECT --reject-with {}", reject_word(*code)),
        Target::Masquerade { random_fully: true } => " -j MASQUERADE --random-fully".to_owned(),
        Target::Masquerade { random_fully: false } => " -j MASQUERADE".to_owned(),
        Target::Snat(to) => format!(" -j SNAT --to-source {to}"),
        Target::Dnat { to, port: None } => format!(" -j DNAT --to-destination {to}"),
        Target::Dnat { to, port: Some(port) } => format!(" -j DNAT --to-destination {to}:{port}"),
    }
}

const fn reject_word(code: Unreachable) -> &'static str {
    match code {
        Unreachable::Net => "icmp-net-unreachable",
        Unreachable::Host => "icmp-host-unreachable",
        Unreachable::Port => "icmp-port-unreachable",
        Unreachable::FragmentationNeeded { .. } | Unreachable::Prohibited => "icmp-admin-prohibited",
    }
}
