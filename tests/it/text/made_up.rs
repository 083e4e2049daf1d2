//! One step for every kind of decision and every case of it.

mod control;
mod fabric;
mod host;

use super::samples::{POD_B, Spots, arp, echo, frames, lab, mac, packet, step};
use ipnet::Ipv4Net;
use podhop::sim::addr::Mac;
use podhop::sim::host::bridge::FdbLookup;
use podhop::sim::host::ebtables::{EbChain, EbHit, EbMatch, EbRule, EbTarget};
use podhop::sim::packet::{ArpOp, Body, Payload};
use podhop::sim::record::decision::{ArpAnswer, ArpSilence, Decision, DropReason, Origin};
use podhop::sim::record::{Place, Step};
use std::net::Ipv4Addr;
use std::rc::Rc;

fn net(text: &str) -> Ipv4Net {
    text.parse().unwrap()
}

pub(super) fn steps(spots: Spots) -> Vec<Step> {
    let mut all = Vec::new();
    all.extend(host::host_decisions(spots).into_iter().map(|d| spots.at_host(d)));
    all.extend(fabric::fabric_decisions(spots).into_iter().map(|d| spots.at_port(d)));
    all.extend(port_drops().map(|reason| spots.at_port(Decision::Drop(reason))));
    all.extend(host_drops().map(|reason| spots.at_host(Decision::Drop(reason))));
    all.extend(own_drops().map(|reason| step(Place::Host(spots.host), None, Decision::Drop(reason), Some(echo()))));
    all.extend(
        control::control_steps(spots)
            .into_iter()
            .map(|c| step(Place::Control, None, Decision::Control(Rc::new(c)), None)),
    );
    all.extend(arp_decisions(spots));
    all.extend(bridge_rules(spots));
    all.extend(
        frames()
            .into_iter()
            .map(|f| step(Place::Host(spots.host), None, Decision::Originate(Origin::Program), Some(f))),
    );
    let mut unsent = packet(Payload::Udp { src_port: 1, dst_port: 2, len: 3 });
    if let Body::Ip(packet) = &mut unsent.body {
        packet.src = Ipv4Addr::UNSPECIFIED;
    }
    all.push(step(Place::Host(spots.host), None, Decision::Originate(Origin::Program), Some(unsent)));
    let mut back = echo();
    let own = lab().world().nics.get(spots.nic).and_then(podhop::sim::fabric::nic::Nic::primary);
    if let (Body::Ip(packet), Some(own)) = (&mut back.body, own) {
        packet.dst = own;
    }
    all.push(step(Place::Port(spots.nic), None, Decision::Drop(DropReason::SourceNotOwned), Some(back)));
    all
}

fn arp_decisions(spots: Spots) -> Vec<Step> {
    let (dev, mac) = (spots.port, mac(7));
    let silences = [ArpSilence::NotMine, ArpSilence::Announcement].map(ArpAnswer::Silent);
    let both = [Decision::Originate(Origin::ArpReply { dev })].into_iter().chain(silences.map(Decision::ArpAnswer));
    let origins = [
        Origin::ArpRequest { dev, target: POD_B, probe: false },
        Origin::ArpRequest { dev, target: POD_B, probe: true },
        Origin::ArpAnnounce { dev },
    ];
    let answers = [ArpAnswer::Own { mac }, ArpAnswer::Proxy { mac, out: spots.eth0 }];
    let hosts =
        origins.map(Decision::Originate).into_iter().chain(answers.map(Decision::ArpAnswer)).chain(both.clone());
    let answers = [ArpAnswer::Fabric { mac: Mac::AZURE }, ArpAnswer::Silent(ArpSilence::AskersOwn)];
    let ports = both.chain(answers.map(Decision::ArpAnswer));
    let at_hosts = hosts.map(|d| step(Place::Host(spots.host), Some(dev), d, Some(arp())));
    at_hosts.chain(ports.map(|d| step(Place::Port(spots.nic), None, d, Some(arp())))).collect()
}

/// Every target of a rule of a bridge, behind more rules than are told, for an ARP message and for a packet.
fn bridge_rules(spots: Spots) -> Vec<Step> {
    let (dev, to) = (spots.port, mac(7));
    let targets = [
        EbTarget::Snat { mac: to, arp: true },
        EbTarget::Snat { mac: echo().src, arp: true },
        EbTarget::Dnat(to),
        EbTarget::Dnat(Mac::BROADCAST),
        EbTarget::ArpReply(to),
        EbTarget::Redirect,
    ];
    let missed = || [EbMatch::UnicastSource, EbMatch::Out(dev), EbMatch::IpTo(POD_B)].repeat(3);
    let matches = [vec![EbMatch::IpTo(POD_B)], vec![EbMatch::Arp { op: ArpOp::Request, target: Some(POD_B) }], vec![]];
    let mut all = Vec::new();
    for (target, matches) in targets.into_iter().flat_map(|t| matches.clone().map(|m| (t, m))) {
        let hit = EbHit { rule: EbRule { matches, target }, number: 10, missed: missed() };
        let decision = Decision::BridgeRule { chain: EbChain::Prerouting, hit: Rc::new(hit) };
        all.extend([arp(), echo()].map(|f| step(Place::Host(spots.host), Some(dev), decision.clone(), Some(f))));
    }
    let mut reply = arp();
    if let Body::Arp(message) = &mut reply.body {
        message.op = ArpOp::Reply;
    }
    let (lookup, bridge) = (FdbLookup::Group, spots.bridge);
    let flood = Decision::BridgeForward { bridge, dst: Mac::BROADCAST, lookup, to: vec![dev], up: true };
    all.push(step(Place::Host(spots.host), Some(dev), flood, Some(reply)));
    all
}

fn port_drops() -> impl Iterator<Item = DropReason> {
    let all = [
        DropReason::SourceNotOwned,
        DropReason::SourceMacNotOwned,
        DropReason::NsgDenied,
        DropReason::RouteNone,
        DropReason::NoEffectiveRoute,
        DropReason::NoSuchAddress,
        DropReason::ApplianceNotForwarding,
        DropReason::NoGateway,
        DropReason::GatewayIsNoHost,
        DropReason::IcmpNotTranslated,
        DropReason::NoBroadcast,
        DropReason::OutsideSimulation,
    ];
    all.into_iter()
}

fn host_drops() -> impl Iterator<Item = DropReason> {
    let all = [
        DropReason::NotForMe,
        DropReason::ArpNotMine,
        DropReason::InterfaceDown,
        DropReason::NoCarrier,
        DropReason::PortDisabled,
        DropReason::SamePort,
        DropReason::MartianSource,
        DropReason::ForwardingOff,
        DropReason::TtlExpired,
        DropReason::NeighborFailed,
        DropReason::PolicyDrop,
        DropReason::FilterReject,
        DropReason::MasqueradedElsewhere,
        DropReason::NobodyWaits,
        DropReason::StepLimit,
    ];
    all.into_iter().chain(own_drops())
}

/// What can happen to a packet before it is at an interface.
fn own_drops() -> impl Iterator<Item = DropReason> {
    let all = [
        DropReason::NoRoute,
        DropReason::RouteUnreachable,
        DropReason::RouteBlackhole,
        DropReason::TooBig { mtu: 1400 },
        DropReason::FilterDrop,
        DropReason::NoSource,
    ];
    all.into_iter()
}
