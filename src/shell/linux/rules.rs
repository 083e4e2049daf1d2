//! `ebtables`, `conntrack`. Source: ebtables 2.0.11, conntrack-tools 1.4.7.

use super::{dev_name, here, name_here};
use crate::shell::line::Line;
use crate::shell::{Output, Shell};
use crate::sim::action::{Action, FlushTable};
use crate::sim::host::Host;
use crate::sim::host::conntrack::{Flow, TcpState};
use crate::sim::host::ebtables::{EbChain, EbMatch, EbRule, EbTarget};
use crate::sim::packet::{ArpOp, Protocol, Tuple};
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// `ebtables -t nat -L`.
pub(super) fn ebtables(shell: &mut Shell, line: &Line) -> Output {
    let table = line.option("--table").unwrap_or("filter");
    if let Some(chain) = line.option("-D") {
        return delete_bridge(shell, table, chain, line.word(0));
    }
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    if !line.has("-L") {
        return Output::fail(
            255,
            "podhop: of ebtables, -L and -D CHAIN NUMBER are simulated; nearest: ebtables -t nat -L",
        );
    }
    let names: &[&str] = match table {
        "nat" => &["PREROUTING", "OUTPUT", "POSTROUTING"],
        "filter" => &["INPUT", "FORWARD", "OUTPUT"],
        "broute" => &["BROUTING"],
        other => return Output::fail(255, format!("podhop: the table {other} is not simulated; nearest: -t nat")),
    };
    if let Some(name) = line.word(0).filter(|name| !names.contains(name)) {
        return Output::fail(255, format!("Chain '{name}' doesn't exist."));
    }
    let numbers = line.has("--Ln");
    let block = |name: &&str| {
        // Nothing that is simulated writes a rule into the other chains.
        let chain = EbChain::ALL.into_iter().find(|c| c.table() == table && c.name() == *name);
        let rules = chain.map_or(&[][..], |chain| host.ebtables.chain(chain));
        let number = |at: usize| if numbers { format!("{at}. ") } else { String::new() };
        let lines: String = rules.iter().zip(1..).map(|(rule, at)| number(at) + &bridge_rule(host, rule)).collect();
        format!("Bridge chain: {name}, entries: {}, policy: ACCEPT\n{lines}", rules.len())
    };
    let shown = names.iter().filter(|name| line.word(0).is_none_or(|n| n == **name));
    Output::ok(format!("Bridge table: {table}\n\n") + &shown.map(block).collect::<Vec<_>>().join("\n"))
}

fn delete_bridge(shell: &mut Shell, table: &str, chain: &str, number: Option<&str>) -> Output {
    let found = EbChain::ALL.into_iter().find(|c| c.table() == table && c.name() == chain);
    let Some((chain, number)) = found.zip(number.and_then(|n| n.parse::<usize>().ok())) else {
        return Output::fail(255, "podhop: of ebtables -D, only -t TABLE -D CHAIN NUMBER is simulated");
    };
    match shell.act(Action::DeleteBridgeRule { host: name_here(shell), chain, number }) {
        Ok(()) => Output::default(),
        Err(_) => Output::fail(255, "Sorry, rule does not exist."),
    }
}

/// Protocol, addresses, interfaces, then what is asked of the protocol: the order of the real tool, whatever that of the
/// conditions. Source: iptables 1.8.9 `nft-bridge.c` (`nft_bridge_print_rule`).
fn bridge_rule(host: &Host, rule: &EbRule) -> String {
    let (mut head, mut sender, mut ports, mut rest) = (String::new(), String::new(), String::new(), String::new());
    for condition in &rule.matches {
        match condition {
            EbMatch::In(port) => ports += &format!("-i {} ", dev_name(host, *port)),
            EbMatch::Out(port) => ports += &format!("-o {} ", dev_name(host, *port)),
            EbMatch::UnicastSource => sender += "-s Unicast ",
            EbMatch::Arp { op, target } => {
                let op = if *op == ArpOp::Request { "Request" } else { "Reply" };
                head += "-p ARP ";
                rest += &format!("--arp-op {op} ");
                if let Some(ip) = target {
                    rest += &format!("--arp-ip-dst {ip} ");
                }
            }
            EbMatch::IpTo(ip) => {
                head += "-p IPv4 ";
                rest += &format!("--ip-dst {ip} ");
            }
        }
    }
    let text = head + &sender + &ports + &rest;
    text + &match rule.target {
        EbTarget::Snat { mac, arp } => {
            format!("-j snat --to-src {mac}{} --snat-target ACCEPT\n", if arp { " --snat-arp" } else { "" })
        }
        EbTarget::Dnat(mac) => format!("-j dnat --to-dst {mac} --dnat-target ACCEPT\n"),
        EbTarget::ArpReply(mac) => format!("-j arpreply --arpreply-mac {mac}\n"),
        EbTarget::Redirect => "-j redirect\n".to_owned(),
    }
}

const CONNTRACK: &str = "conntrack v1.4.7 (conntrack-tools)";

/// `conntrack -L [-p PROTO] [-s IP] [-d IP]`, `conntrack -C`, `conntrack -F`.
pub(super) fn conntrack(shell: &mut Shell, line: &Line) -> Output {
    if line.has("--count") {
        return count(shell);
    }
    match (line.has("--dump"), line.has("--flush")) {
        (true, true) => wrong("Invalid commands combination"),
        (true, false) => dump(shell, line).unwrap_or_else(|output| output),
        (false, true) => flush(shell),
        (false, false) => Output::fail(
            2,
            format!("{CONNTRACK}: You need to supply exactly one command\npodhop: nearest: conntrack -L"),
        ),
    }
}

fn count(shell: &Shell) -> Output {
    let now = shell.session().world().now;
    match here(shell) {
        Ok(host) => Output::ok(format!("{}\n", host.conntrack.flows(now).count())),
        Err(output) => output,
    }
}

fn flush(shell: &mut Shell) -> Output {
    match shell.act(Action::Flush { host: name_here(shell), table: FlushTable::Conntrack }) {
        Ok(()) => {
            Output { err: format!("{CONNTRACK}: connection tracking table has been emptied.\n"), ..Output::default() }
        }
        Err(error) => Output::fail(1, format!("{CONNTRACK}: {}", shell.words(&error))),
    }
}

/// What is wrong with the words of a command.
fn wrong(why: &str) -> Output {
    Output::fail(2, format!("{CONNTRACK}: {why}\nTry `conntrack -h' or 'conntrack --help' for more information."))
}

/// The number of a protocol, by its name or itself. Source: conntrack-tools `extensions`.
fn protocol_number(text: &str) -> Result<u8, Output> {
    const KNOWN: [(&str, u8); 8] = [
        ("icmp", 1),
        ("tcp", 6),
        ("udp", 17),
        ("dccp", 33),
        ("gre", 47),
        ("icmpv6", 58),
        ("sctp", 132),
        ("udplite", 136),
    ];
    let known = KNOWN.iter().find(|(name, number)| text.eq_ignore_ascii_case(name) || text == number.to_string());
    known.map(|(_, number)| *number).ok_or_else(|| wrong(&format!("`{text}' unsupported protocol")))
}

/// An address, or a range of them.
fn range(line: &Line, name: &str) -> Result<Option<Ipv4Net>, Output> {
    let Some(text) = line.option(name) else { return Ok(None) };
    let alone = text.parse::<Ipv4Addr>().map(Ipv4Net::from);
    let range = alone.or_else(|_| text.parse::<Ipv4Net>());
    range.map(Some).map_err(|_| wrong(&format!("Invalid IP address `{text}'")))
}

fn dump(shell: &Shell, line: &Line) -> Result<Output, Output> {
    let proto = line.option("--proto").map(protocol_number).transpose()?;
    let (src, dst) = (range(line, "--src")?, range(line, "--dst")?);
    let (empty, what) = match line.word(0) {
        None | Some("conntrack") => (false, "flow entries"),
        Some("expect") => (true, "expectations"),
        Some("dying" | "unconfirmed") => (true, "flow entries"),
        Some(other) => return Err(wrong(&format!("unknown type `{other}'"))),
    };
    let host = here(shell)?;
    let now = shell.session().world().now;
    let wanted = |flow: &&Flow| {
        !empty
            && proto.is_none_or(|p| flow.original.protocol.number() == p)
            && src.is_none_or(|range| range.contains(&flow.original.src))
            && dst.is_none_or(|range| range.contains(&flow.original.dst))
    };
    let shown = host.conntrack.flows(now).filter(wanted);
    let lines: Vec<String> = shown.map(|flow| tracked(flow, (flow.expires - now).as_millis() / 1000)).collect();
    let err = format!("{CONNTRACK}: {} {what} have been shown.\n", lines.len());
    Ok(Output { out: lines.concat(), err, status: 0 })
}

fn tracked(flow: &Flow, seconds: u64) -> String {
    let number = flow.original.protocol.number();
    let state = match flow.tcp {
        TcpState::None => "",
        TcpState::SynSent => "SYN_SENT ",
        TcpState::SynRecv => "SYN_RECV ",
        TcpState::Established => "ESTABLISHED ",
        TcpState::Close => "CLOSE ",
    };
    let seen = if flow.seen_reply { "" } else { "[UNREPLIED] " };
    let assured = if flow.assured { "[ASSURED] " } else { "" };
    let name = flow.original.protocol.name();
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
