//! `iptables`, `iptables-save`, `ebtables`, `conntrack`. Source: iptables 1.8.9, ebtables 2.0.11, conntrack-tools 1.4.7.

use super::{dev_name, here};
use crate::shell::{Output, Shell};
use crate::sim::host::Host;
use crate::sim::host::conntrack::{Flow, TcpState};
use crate::sim::host::ebtables::{EbChain, EbMatch, EbRule, EbTarget};
use crate::sim::host::netfilter::{Match, Rule, Table, TableName, Target};
use crate::sim::packet::{ArpOp, Protocol, Tuple, Unreachable};
use ipnet::Ipv4Net;

fn value<'a>(args: &'a [String], option: &str) -> Option<&'a str> {
    args.iter().position(|a| a == option).and_then(|at| args.get(at + 1)).map(String::as_str)
}

const fn built_in(table: TableName) -> &'static [&'static str] {
    match table {
        TableName::Nat => &["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
        TableName::Filter => &["INPUT", "FORWARD", "OUTPUT"],
    }
}

fn table_named(name: Option<&str>) -> Option<TableName> {
    match name {
        None | Some("filter") => Some(TableName::Filter),
        Some("nat") => Some(TableName::Nat),
        Some(_) => None,
    }
}

/// Chains in the order of `iptables-save`: the built-in ones as they are passed, then the others by name.
fn chains(table: &Table, which: TableName) -> Vec<&str> {
    let own = table.chains().map(|(name, _)| name.as_ref()).filter(|name| !built_in(which).contains(name));
    built_in(which).iter().copied().chain(own).collect()
}

pub(super) fn iptables_save(shell: &Shell, args: &[String]) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    let tables: Vec<TableName> = match value(args, "-t") {
        None => vec![TableName::Filter, TableName::Nat],
        name => match table_named(name) {
            Some(table) => vec![table],
            None => return Output::fail(1, "iptables-save: The table is not simulated; nearest: -t nat"),
        },
    };
    Output::ok(tables.into_iter().map(|t| saved(host, t)).collect::<String>())
}

fn saved(host: &Host, which: TableName) -> String {
    let table = host.netfilter.table(which);
    let name = if which == TableName::Nat { "nat" } else { "filter" };
    let mut text = format!("*{name}\n");
    for chain in chains(table, which) {
        let policy = if built_in(which).contains(&chain) { "ACCEPT" } else { "-" };
        text += &format!(":{chain} {policy} [0:0]\n");
    }
    for chain in chains(table, which) {
        text += &table.chain(chain).iter().map(|rule| format!("-A {chain}{}\n", written(rule))).collect::<String>();
    }
    text + "COMMIT\n"
}

/// A prefix as iptables writes it: always with its length.
fn net(net: Ipv4Net) -> String {
    net.to_string()
}

const fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Icmp => "icmp",
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
    }
}

/// The conditions and the target of a rule in the order of `iptables-save`.
fn written(rule: &Rule) -> String {
    let not = |negated: bool| if negated { " !" } else { "" };
    let mut parts = [String::new(), String::new(), String::new(), String::new(), String::new()];
    let mut transport = "tcp";
    for condition in &rule.matches {
        match condition {
            Match::Src { net: n, negated } => parts[0] += &format!("{} -s {}", not(*negated), net(*n)),
            Match::Dst { net: n, negated } => parts[1] += &format!("{} -d {}", not(*negated), net(*n)),
            Match::OutInterface(name) => parts[2] += &format!(" -o {name}"),
            Match::Protocol(p) => {
                transport = protocol(*p);
                parts[3] += &format!(" -p {transport}");
            }
            Match::DstPort(port) => parts[4] += &format!(" -m {transport} --dport {port}"),
            Match::DstLocal { negated } => parts[4] += &format!(" -m addrtype{} --dst-type LOCAL", not(*negated)),
        }
    }
    let comment = rule.comment.as_ref().map_or_else(String::new, |c| format!(" -m comment --comment \"{c}\""));
    format!("{}{comment}{}{}", parts[..4].concat(), parts[4], target(&rule.target))
}

fn target(target: &Target) -> String {
    match target {
        Target::Accept => " -j ACCEPT".to_owned(),
        Target::Drop => " -j DROP".to_owned(),
        Target::Return => " -j RETURN".to_owned(),
        Target::Jump(chain) => format!(" -j {chain}"),
        Target::Reject(code) => format!(" -j REJECT --reject-with {}", reject(*code)),
        Target::Masquerade { random_fully: true } => " -j MASQUERADE --random-fully".to_owned(),
        Target::Masquerade { random_fully: false } => " -j MASQUERADE".to_owned(),
        Target::Snat(to) => format!(" -j SNAT --to-source {to}"),
        Target::Dnat { to, port: Some(port) } => format!(" -j DNAT --to-destination {to}:{port}"),
        Target::Dnat { to, port: None } => format!(" -j DNAT --to-destination {to}"),
    }
}

const fn reject(code: Unreachable) -> &'static str {
    match code {
        Unreachable::Net => "icmp-net-unreachable",
        Unreachable::Host => "icmp-host-unreachable",
        _ => "icmp-port-unreachable",
    }
}

/// `iptables -t TABLE -L|-S [CHAIN]`.
pub(super) fn iptables(shell: &Shell, args: &[String]) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    let Some(which) = table_named(value(args, "-t")) else {
        return Output::fail(3, "iptables: The table is not simulated; nearest: -t nat");
    };
    let table = host.netfilter.table(which);
    let list = args.iter().any(|a| a == "-L" || a == "--list" || a.starts_with("-nvL") || a == "-nL" || a == "-vnL");
    let specs = args.iter().any(|a| a == "-S");
    if !list && !specs {
        return Output::fail(2, "iptables: only -L and -S are simulated; rules are changed by the controllers");
    }
    let named = value(args, "-L").or_else(|| value(args, "-S")).filter(|name| !name.starts_with('-'));
    if let Some(name) = named
        && !chains(table, which).contains(&name)
    {
        return Output::fail(1, "iptables: No chain/target/match by that name.");
    }
    let shown = chains(table, which).into_iter().filter(|chain| named.is_none_or(|n| n == *chain));
    if specs {
        let rules =
            shown.flat_map(|chain| table.chain(chain).iter().map(move |r| format!("-A {chain}{}\n", written(r))));
        return Output::ok(rules.collect::<String>());
    }
    let blocks: Vec<String> = shown.map(|chain| listed(table, which, chain)).collect();
    Output::ok(blocks.join("\n"))
}

fn listed(table: &Table, which: TableName, chain: &str) -> String {
    let head = if built_in(which).contains(&chain) {
        format!("Chain {chain} (policy ACCEPT)\n")
    } else {
        let uses = table.chains().flat_map(|(_, rules)| rules);
        let uses = uses.filter(|r| matches!(&r.target, Target::Jump(to) if to.as_ref() == chain)).count();
        format!("Chain {chain} ({uses} references)\n")
    };
    let columns = "target     prot opt source               destination         \n";
    head + columns + &table.chain(chain).iter().map(row).collect::<String>()
}

fn row(rule: &Rule) -> String {
    let mut cells = ("all", "0.0.0.0/0".to_owned(), "0.0.0.0/0".to_owned());
    let mut rest = String::new();
    let mark = |negated: bool, n: Ipv4Net| format!("{}{n}", if negated { "!" } else { "" });
    for condition in &rule.matches {
        match condition {
            Match::Src { net, negated } => cells.1 = mark(*negated, *net),
            Match::Dst { net, negated } => cells.2 = mark(*negated, *net),
            Match::Protocol(p) => cells.0 = protocol(*p),
            Match::DstPort(port) => rest += &format!(" dpt:{port}"),
            Match::DstLocal { negated } => {
                rest += &format!(" ADDRTYPE match dst-type {}LOCAL", if *negated { "!" } else { "" });
            }
            Match::OutInterface(_) => {}
        }
    }
    if let Some(comment) = &rule.comment {
        rest = format!(" /* {comment} */{rest}");
    }
    let written = target(&rule.target);
    let name = written.split_whitespace().nth(1).unwrap_or("");
    format!("{name:<10} {:<4} --  {:<20} {:<20}{rest}\n", cells.0, cells.1, cells.2)
}

/// `ebtables -t nat -L`.
pub(super) fn ebtables(shell: &Shell, args: &[String]) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    let table = value(args, "-t").unwrap_or("filter");
    let chains: Vec<EbChain> = EbChain::ALL.into_iter().filter(|c| c.table() == table).collect();
    let block = |chain: &EbChain| {
        let rules = host.ebtables.chain(*chain);
        let lines: String = rules.iter().map(|rule| bridge_rule(host, rule)).collect();
        format!("Bridge chain: {}, entries: {}, policy: ACCEPT\n{lines}", chain.name(), rules.len())
    };
    Output::ok(format!("Bridge table: {table}\n\n") + &chains.iter().map(block).collect::<Vec<_>>().join("\n"))
}

fn bridge_rule(host: &Host, rule: &EbRule) -> String {
    let mut text = String::new();
    for condition in &rule.matches {
        text += &match condition {
            EbMatch::In(port) => format!("-i {} ", dev_name(host, *port)),
            EbMatch::Out(port) => format!("-o {} ", dev_name(host, *port)),
            EbMatch::UnicastSource => "-s Unicast ".to_owned(),
            EbMatch::Arp { op, target } => {
                let op = if *op == ArpOp::Request { "Request" } else { "Reply" };
                let to = target.map_or_else(String::new, |ip| format!("--arp-ip-dst {ip} "));
                format!("-p ARP --arp-op {op} {to}")
            }
            EbMatch::IpTo(ip) => format!("-p IPv4 --ip-dst {ip} "),
        };
    }
    text + &match rule.target {
        EbTarget::Snat { mac, arp } => {
            format!("-j snat --to-src {mac}{} --snat-target ACCEPT\n", if arp { " --snat-arp" } else { "" })
        }
        EbTarget::Dnat(mac) => format!("-j dnat --to-dst {mac} --dnat-target ACCEPT\n"),
        EbTarget::ArpReply(mac) => format!("-j arpreply --arpreply-mac {mac}\n"),
        EbTarget::Redirect => "-j redirect\n".to_owned(),
    }
}

/// `conntrack -L [-p PROTO] [-s IP] [-d IP]`.
pub(super) fn conntrack(shell: &Shell, args: &[String]) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    if !args.iter().any(|a| a == "-L") {
        return Output::fail(2, "conntrack v1.4.7 (conntrack-tools): only -L is simulated");
    }
    let now = shell.session().world().now;
    let wanted = |flow: &&Flow| {
        value(args, "-p").is_none_or(|p| protocol(flow.original.protocol) == p)
            && value(args, "-s").is_none_or(|s| flow.original.src.to_string() == s)
            && value(args, "-d").is_none_or(|d| flow.original.dst.to_string() == d)
    };
    let lines: Vec<String> = host
        .conntrack
        .flows(now)
        .filter(wanted)
        .map(|flow| tracked(flow, (flow.expires - now).as_millis() / 1000))
        .collect();
    let err = format!("conntrack v1.4.7 (conntrack-tools): {} flow entries have been shown.\n", lines.len());
    Output { out: lines.concat(), err, status: 0 }
}

fn tracked(flow: &Flow, seconds: u64) -> String {
    let number = match flow.original.protocol {
        Protocol::Icmp => 1,
        Protocol::Tcp => 6,
        Protocol::Udp => 17,
    };
    let state = match flow.tcp {
        TcpState::None => "",
        TcpState::SynSent => "SYN_SENT ",
        TcpState::SynRecv => "SYN_RECV ",
        TcpState::Established => "ESTABLISHED ",
        TcpState::Close => "CLOSE ",
    };
    let seen = if flow.seen_reply { "" } else { "[UNREPLIED] " };
    let assured = if flow.assured { "[ASSURED] " } else { "" };
    let name = protocol(flow.original.protocol);
    format!(
        "{name:<8} {number} {seconds} {state}{} {seen}{} {assured}mark=0 use=1\n",
        tuple(&flow.original, 8),
        tuple(&flow.reply, 0)
    )
}

fn tuple(tuple: &Tuple, icmp_type: u8) -> String {
    let ends = format!("src={} dst={}", tuple.src, tuple.dst);
    match tuple.protocol {
        Protocol::Icmp => format!("{ends} type={icmp_type} code=0 id={}", tuple.src_port),
        _ => format!("{ends} sport={} dport={}", tuple.src_port, tuple.dst_port),
    }
}
