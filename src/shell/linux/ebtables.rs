//! `ebtables`. Source: ebtables 2.0.11.

use super::{dev_name, here, name_here};
use crate::shell::line::Line;
use crate::shell::{Output, Shell};
use crate::sim::action::Action;
use crate::sim::host::Host;
use crate::sim::host::ebtables::{EbChain, EbMatch, EbRule, EbTarget};
use crate::sim::packet::ArpOp;

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
