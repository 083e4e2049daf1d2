//! Rules of a bridge, written as `ebtables -L` prints them, and what a walk made of each.

use super::{Row, RowState, Tab, Table, Why};
use crate::sim::host::Host;
use crate::sim::host::ebtables::{EbChain, EbHit, EbMatch, EbRule, EbTarget};
use crate::sim::packet::ArpOp;
use crate::sim::record::decision::Decision;
use std::fmt::Write;

/// The chains that hold rules.
pub(super) fn tables(host: &Host, decision: Option<&Decision>) -> Vec<Table> {
    let walked = |chain: EbChain| match decision {
        Some(Decision::BridgeRule { chain: asked, hit }) if *asked == chain => Some(hit.as_ref()),
        _ => None,
    };
    let filled = EbChain::ALL.into_iter().filter(|chain| !host.ebtables.chain(*chain).is_empty());
    filled.map(|chain| table(host, chain, walked(chain))).collect()
}

fn table(host: &Host, chain: EbChain, hit: Option<&EbHit>) -> Table {
    let rules = host.ebtables.chain(chain).iter().zip(1usize..);
    let rows = rules.map(|(rule, number)| {
        let row = Row::new(vec![number.to_string(), text(host, rule)]);
        let Some(hit) = hit else { return row };
        if number == usize::from(hit.number) {
            return row.mark(RowState::Won, Some(Why::Rule(None)));
        }
        match hit.missed.get(number - 1) {
            Some(missed) => {
                let dev = dev_of(host, *missed);
                row.mark(RowState::Lost, Some(Why::BridgeRule { missed: *missed, dev }))
            }
            None => row.mark(RowState::Dim, Some(Why::Said("fate-never-reached"))),
        }
    });
    let columns = &["lab-col-number", "col-rule"];
    let subject = format!("{} {}", chain.table(), chain.name());
    Table::in_order(Tab::Bridge, "lab-table-ebtables", subject, columns, rows.collect()).deciding(hit.is_some())
}

/// Name of the interface of which a condition speaks.
fn dev_of(host: &Host, condition: EbMatch) -> String {
    let (EbMatch::In(index) | EbMatch::Out(index)) = condition else { return String::new() };
    host.interface(index).map_or_else(String::new, |i| i.name.to_string())
}

/// A rule in the words of ebtables.
pub fn text(host: &Host, rule: &EbRule) -> String {
    let mut out = String::new();
    for condition in &rule.matches {
        // Writing into a string cannot fail.
        let _ = match condition {
            EbMatch::In(_) => write!(out, "-i {} ", dev_of(host, *condition)),
            EbMatch::Out(_) => write!(out, "-o {} ", dev_of(host, *condition)),
            EbMatch::UnicastSource => write!(out, "-s Unicast "),
            EbMatch::Arp { op, target } => {
                let op = if *op == ArpOp::Request { "Request" } else { "Reply" };
                let target = target.map_or_else(String::new, |ip| format!("--arp-ip-dst {ip} "));
                write!(out, "-p ARP --arp-op {op} {target}")
            }
            EbMatch::IpTo(ip) => write!(out, "-p IPv4 --ip-dst {ip} "),
        };
    }
    let _ = match rule.target {
        EbTarget::Snat { mac, arp } => write!(out, "-j snat --to-src {mac}{}", if arp { " --snat-arp" } else { "" }),
        EbTarget::Dnat(mac) => write!(out, "-j dnat --to-dst {mac}"),
        EbTarget::ArpReply(mac) => write!(out, "-j arpreply --arpreply-mac {mac}"),
        EbTarget::Redirect => write!(out, "-j redirect"),
    };
    out
}
