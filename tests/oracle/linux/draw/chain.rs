//! A change of a chain of iptables.

use super::Draft;
use super::fault::host;
use podhop::sim::action::Action;
use podhop::sim::host::Host;
use podhop::sim::host::netfilter::edit::ChainEdit;
use podhop::sim::host::netfilter::{Match, Rule, States, TableName, Target};
use podhop::sim::packet::{Protocol, Unreachable};
use std::net::Ipv4Addr;

/// A chain that is made.
const OWN: &str = "OWN";

/// One change, or a chain with a rule and a jump to it.
pub(super) fn add(draft: &mut Draft) {
    let Some(host) = host(draft, false) else { return };
    let Some(state) = draft.world.host_at(host.parse().unwrap()).and_then(|at| draft.world.hosts.get(at)).cloned()
    else {
        return;
    };
    // Translation on a host with a bridge would be the known difference `bridged-dnat`.
    let table = if state.bridges.is_empty() && draft.chance(4) { TableName::Nat } else { TableName::Filter };
    let built_in = table.hooks().iter().map(|hook| hook.chain()).collect::<Vec<_>>();
    let Some(chain) = draft.pick(&built_in) else { return };
    let act = |chain: &str, edit| Action::EditChain { host: host.clone(), table, chain: chain.to_owned(), edit };
    let insert = |rule| ChainEdit::Insert { number: Some(1), rule };
    match draft.rng.below(8) {
        0 => {
            draft.try_do(act(chain, ChainEdit::Flush));
        }
        1 => {
            draft.try_do(act(chain, ChainEdit::Delete { number: 1 }));
        }
        2 => {
            let accept = table == TableName::Nat || draft.chance(2);
            draft.try_do(act(chain, ChainEdit::Policy { accept }));
        }
        3 => {
            let inner = rule(draft, &state, table, OWN);
            let mut jump = rule(draft, &state, table, chain);
            jump.target = Target::Jump(OWN.into());
            draft.try_do(act(OWN, ChainEdit::Create));
            draft.try_do(act(OWN, ChainEdit::Insert { number: None, rule: inner }));
            draft.try_do(act(chain, insert(jump)));
        }
        _ => {
            let rule = rule(draft, &state, table, chain);
            draft.try_do(act(chain, insert(rule)));
        }
    }
}

fn rule(draft: &mut Draft, host: &Host, table: TableName, chain: &str) -> Rule {
    let mut matches = Vec::new();
    let ends: Vec<Ipv4Addr> = draft.world.hosts.values().filter_map(Host::first_address).collect();
    for at_source in [true, false] {
        if draft.chance(4)
            && let Some(end) = draft.pick(&ends)
        {
            let length = draft.pick(&[32, 24, 16]).unwrap_or(32);
            let net = ipnet::Ipv4Net::new(end, length).unwrap().trunc();
            let negated = draft.chance(4);
            matches.push(if at_source { Match::Src { net, negated } } else { Match::Dst { net, negated } });
        }
    }
    let devs: Vec<String> = host.interfaces.values().map(|i| i.name.to_string()).collect();
    if let Some(dev) = draft.pick(&devs).filter(|_| draft.chance(3)) {
        let (dev, negated) = (dev.into(), draft.chance(4));
        match chain {
            "OUTPUT" | "POSTROUTING" => matches.push(Match::OutInterface { dev, negated }),
            "FORWARD" if draft.chance(2) => matches.push(Match::OutInterface { dev, negated }),
            OWN => {}
            _ => matches.push(Match::InInterface { dev, negated }),
        }
    }
    match draft.rng.below(8) {
        0 => matches.extend([Match::Protocol(Protocol::Tcp), Match::DstPort(80)]),
        1 => matches.extend([Match::Protocol(Protocol::Udp), Match::DstPort(53)]),
        2 => matches.extend([Match::Protocol(Protocol::Icmp), Match::IcmpType(8)]),
        3 => matches.extend([Match::Protocol(Protocol::Tcp), Match::SrcPort(80)]),
        4 => matches.push(Match::Protocol(Protocol::Icmp)),
        _ => {}
    }
    if draft.chance(4) {
        let bits = u8::try_from(draft.rng.between(1, 15)).unwrap();
        matches.push(Match::State(States { bits, old: draft.chance(2) }));
    }
    if draft.chance(6) {
        matches.push(Match::DstLocal { negated: draft.chance(2) });
    }
    Rule { matches, target: target(draft, table) }
}

fn target(draft: &mut Draft, table: TableName) -> Target {
    let plain = [Target::Accept, Target::Return, Target::Nothing];
    let of_filter = [
        Target::Accept,
        Target::Drop,
        Target::Drop,
        Target::Reject(Unreachable::Port),
        Target::Reject(Unreachable::Prohibited),
        Target::Return,
    ];
    let all: &[Target] = if table == TableName::Nat { &plain } else { &of_filter };
    draft.pick(all).unwrap_or(Target::Accept)
}
