//! The simulated bridge rules in the words of `ebtables-save`, loaded by `ebtables-restore`.

use super::netns::Netns;
use podhop::sim::host::Host;
use podhop::sim::host::ebtables::{EbChain, EbMatch, EbRule, EbTarget};
use podhop::sim::ids::IfIndex;
use podhop::sim::packet::ArpOp;
use std::fmt::Write;

/// The chains of table `nat`. A kernel without `CONFIG_BRIDGE_NF_EBTABLES_LEGACY` and `CONFIG_NFT_BRIDGE_META` has no
/// table `broute`, so its rules are not loaded: see `known.json`.
pub(crate) const NAT: [EbChain; 2] = [EbChain::Prerouting, EbChain::Postrouting];

pub(crate) fn load(netns: &Netns, host: &Host) {
    if host.ebtables.is_empty() {
        return;
    }
    let mut text = "*nat\n:PREROUTING ACCEPT\n:OUTPUT ACCEPT\n:POSTROUTING ACCEPT\n".to_owned();
    for chain in NAT {
        for rule in host.ebtables.chain(chain) {
            // Listings leave it out, as it is what the kernel does anyway.
            let target = if matches!(rule.target, EbTarget::ArpReply(_)) { " --arpreply-target DROP" } else { "" };
            writeln!(text, "-A {} {}{target}", chain.name(), words(host, rule)).unwrap();
        }
    }
    netns.feed("ebtables-restore", &[], text);
}

/// The rules of a chain as `ebtables -L` lists them.
pub(crate) fn listed(host: &Host, chain: EbChain) -> Vec<String> {
    host.ebtables.chain(chain).iter().map(|rule| words(host, rule)).collect()
}

/// The rules of a chain in a real listing.
pub(crate) fn real(netns: &Netns, chain: EbChain) -> Vec<String> {
    let text = netns.output("ebtables", &["-t", chain.table(), "-L", chain.name()]);
    text.lines().filter(|l| l.starts_with('-')).map(|l| l.trim_end().to_owned()).collect()
}

/// Protocol, source, ports, then what the protocol's own module asks: the order of a listing.
fn words(host: &Host, rule: &EbRule) -> String {
    let name = |port: IfIndex| host.interface(port).map_or("?", |i| i.name.as_ref());
    let mut parts = [const { String::new() }; 4];
    for condition in &rule.matches {
        match condition {
            EbMatch::UnicastSource => parts[1].push_str("-s Unicast "),
            EbMatch::In(port) => write!(parts[2], "-i {} ", name(*port)).unwrap(),
            EbMatch::Out(port) => write!(parts[2], "-o {} ", name(*port)).unwrap(),
            EbMatch::Arp { op, target } => {
                parts[0].push_str("-p ARP ");
                let op = if *op == ArpOp::Request { "Request" } else { "Reply" };
                write!(parts[3], "--arp-op {op} ").unwrap();
                parts[3].push_str(&target.map_or(String::new(), |ip| format!("--arp-ip-dst {ip} ")));
            }
            EbMatch::IpTo(address) => {
                parts[0].push_str("-p IPv4 ");
                write!(parts[3], "--ip-dst {address} ").unwrap();
            }
        }
    }
    format!("{}-j {}", parts.concat(), target(rule.target))
}

fn target(target: EbTarget) -> String {
    match target {
        EbTarget::Snat { mac, arp } => {
            format!("snat --to-src {mac}{} --snat-target ACCEPT", if arp { " --snat-arp" } else { "" })
        }
        EbTarget::Dnat(mac) => format!("dnat --to-dst {mac} --dnat-target ACCEPT"),
        EbTarget::ArpReply(mac) => format!("arpreply --arpreply-mac {mac}"),
        EbTarget::Redirect => "redirect --redirect-target ACCEPT".to_owned(),
    }
}
