//! One packet: from where, to where, of what kind.

use super::Draft;
use podhop::sim::action::Action;
use podhop::sim::engine::probe::{PING_BYTES, Probe, ProbeProtocol};
use podhop::sim::fabric::nsg::{HOST_ADDRESS, METADATA_ADDRESS};
use podhop::sim::host::Role;
use podhop::sim::time::Span;
use std::net::Ipv4Addr;

/// Ports from which packets come that others of the same flow may follow; no host gives them out by itself.
const FIRST_PORT: u16 = 60_500;

/// How long after a packet another of its flow may follow. Time passes otherwise in the simulator than here: a stream of
/// datagrams counts as one after two seconds, and an echo's flow is over after thirty.
const SOON: Span = Span::secs(1);

pub(super) fn add(draft: &mut Draft) {
    if draft.chance(6) {
        let soon = draft.flows.iter().filter(|(sent, _)| draft.world.now - *sent < SOON);
        let soon: Vec<Action> = soon.map(|(_, action)| action.clone()).collect();
        if let Some(action) = draft.pick(&soon) {
            draft.try_do(action);
            return;
        }
    }
    let sources: Vec<Ipv4Addr> = addresses(draft, |_| true);
    let Some(from) = draft.pick(&sources) else { return };
    let to = target(draft, from);
    let mut probe = probe(draft);
    if [HOST_ADDRESS, METADATA_ADDRESS].contains(&to) && draft.chance(2) {
        // What a node may translate for its pods: questions to the name server and to the metadata service.
        let dns = [ProbeProtocol::Udp { port: 53 }, ProbeProtocol::Tcp { port: 53 }];
        let one = if to == HOST_ADDRESS { draft.pick(&dns) } else { Some(ProbeProtocol::Tcp { port: 80 }) };
        probe.protocol = one.unwrap_or(probe.protocol);
    }
    // A program that connects once more from the port of a connection that was has to wait for it to be over.
    let begins = !matches!(probe.protocol, ProbeProtocol::Tcp { .. }) && draft.chance(2);
    if begins {
        probe.from_port = Some(FIRST_PORT + u16::try_from(draft.flows.len()).unwrap());
    }
    let send = Action::Send { from: from.to_string(), to: to.to_string(), probe, count: 1 };
    if draft.try_do(send.clone()) && begins {
        draft.flows.push((draft.world.now, send));
    }
}

/// Addresses of hosts with such a role, on any interface but `lo`.
fn addresses(draft: &Draft, wanted: impl Fn(Role) -> bool) -> Vec<Ipv4Addr> {
    let hosts = draft.world.hosts.values().filter(|h| wanted(h.role));
    hosts.flat_map(|h| h.local.keys().copied().filter(|a| !a.is_loopback())).collect()
}

fn target(draft: &mut Draft, from: Ipv4Addr) -> Ipv4Addr {
    let pods = addresses(draft, |r| matches!(r, Role::Pod(_)));
    let others = addresses(draft, |r| !matches!(r, Role::Pod(_)));
    let near = Ipv4Addr::from((u32::from(from) & 0xffff_ff00) + 99);
    let dead = ["10.0.0.1", "10.0.4.1", "10.0.4.77", "10.0.77.7", "8.8.8.8", "172.31.0.9", "172.16.1.10"];
    let dead: Vec<Ipv4Addr> = dead.iter().map(|a| a.parse().unwrap()).collect();
    // What Azure's own services listen on.
    let services: Vec<Ipv4Addr> = [HOST_ADDRESS, METADATA_ADDRESS].into();
    let blocks: Vec<Ipv4Addr> = draft.world.nodes.values().filter_map(|n| Some(n.pod_cidr?.network())).collect();
    // Addresses that a node holds for pods that are not there.
    let held: Vec<Ipv4Addr> = draft.world.nics.values().flat_map(|n| n.configs.iter().map(|c| c.address)).collect();
    let choice = match draft.rng.below(20) {
        0..=10 => draft.pick(&pods),
        13 | 18 if blocks.is_empty() => draft.pick(&services),
        11..=15 => draft.pick(&others),
        16 => draft.pick(&dead),
        17 if blocks.is_empty() => draft.pick(&held),
        17 => draft.pick(&blocks).map(|b| Ipv4Addr::from(u32::from(b) + 88)),
        18 => draft.pick(&blocks).map(|b| Ipv4Addr::from(u32::from(b) + 0x0700 + 5)),
        _ => Some(near),
    };
    choice.unwrap_or(near)
}

fn probe(draft: &mut Draft) -> Probe {
    let protocol = match draft.rng.below(10) {
        0..=4 => ProbeProtocol::Icmp,
        5 | 6 => ProbeProtocol::Udp { port: draft.pick(&[53, 33434, 9]).unwrap() },
        _ => ProbeProtocol::Tcp { port: draft.pick(&[80, 22, 81, 10250, 53]).unwrap() },
    };
    let ttl = match draft.rng.below(6) {
        0 | 1 => u8::try_from(draft.rng.between(1, 5)).unwrap(),
        _ => 64,
    };
    let len = match (protocol, draft.rng.below(12)) {
        (ProbeProtocol::Icmp | ProbeProtocol::Udp { .. }, 0) => draft.pick(&[1472, 1473, 2000, 1400]).unwrap(),
        (_, 1) => u16::try_from(draft.rng.below(1400)).unwrap(),
        _ => PING_BYTES,
    };
    Probe { protocol, ttl, len, ..Probe::ping() }
}
