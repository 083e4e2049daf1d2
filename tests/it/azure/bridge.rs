//! Bridge mode, device by device and frame by frame (components.md 2.2).

use super::*;
use crate::kubenet::{after, error, host, lost, pod_host, record};
use podhop::sim::addr::Mac;
use podhop::sim::host::bridge::FdbEntry;
use podhop::sim::host::ebtables::{EbChain, EbMatch, EbTarget};
use podhop::sim::host::netfilter::Hook;
use podhop::sim::packet::{ArpOp, Body, Unreachable};
use podhop::sim::record::Place;
use podhop::sim::record::decision::{Decision, DropReason};
use podhop::sim::record::trace::ErrorKind;

/// The bridge comes with the first pod: `eth0` is a port, the address and the default route are the bridge's.
#[test]
fn devices() {
    let mut actions = network_of("10.0.0.0/20");
    actions.extend([cluster(bridge(), 3, 30), Action::Cordon { node: "x".into(), on: true }]);
    actions.pop();
    actions.push(Action::Settle);
    let session = session(1, actions);
    let world = session.world();
    let with_pods = |n: &podhop::sim::cluster::Node| {
        world
            .pods
            .values()
            .any(|p| p.node.and_then(|id| world.nodes.get(id)).is_some_and(|m| m.name == n.name) && !p.host_network)
    };
    for node in world.nodes.values() {
        let host = world.hosts.get(node.host).unwrap();
        let eth0 = host.interface_named("eth0").unwrap();
        let Some(azure0) = host.interface_named("azure0") else {
            assert!(!with_pods(node) && eth0.addresses.len() == 1, "no pod, no bridge");
            continue;
        };
        assert_eq!((eth0.master, eth0.hairpin, eth0.addresses.len()), (Some(azure0.index), true, 0));
        assert_eq!((azure0.mac, azure0.addresses.len()), (eth0.mac, 1));
        assert!(host.fib.routes().iter().all(|r| r.dev() == Some(azure0.index)));
        assert!(host.ports(azure0.index).filter(|p| p.index != eth0.index).all(|p| p.hairpin));
    }
}

/// The rules as `ebtables -t nat -L` would list them.
#[test]
fn rules() {
    let session = part_b(bridge());
    let node = session.world().hosts.get(host(&session, "vmss000000")).unwrap();
    let eth0 = node.interface_named("eth0").unwrap();
    let out = node.ebtables.chain(EbChain::Postrouting);
    assert_eq!(out.len(), 1);
    assert_eq!(out[0].matches, [EbMatch::UnicastSource, EbMatch::Out(eth0.index)]);
    assert_eq!(out[0].target, EbTarget::Snat { mac: eth0.mac, arp: true });
    let rules = node.ebtables.chain(EbChain::Prerouting);
    let own = node_address(&session, "vmss000000").parse().unwrap();
    assert_eq!(rules[0].matches, [EbMatch::Arp { op: ArpOp::Request, target: Some(own) }]);
    assert_eq!(rules[1].target, EbTarget::Dnat(Mac::BROADCAST));
    let pods = node.interfaces.values().filter(|i| i.name.starts_with("azv")).count();
    assert_eq!(rules.len(), 2 + 2 * pods);
}

/// The first packet to another node: the question leaves with the NIC's address, the answer goes to everybody, other
/// pods and Azure among them, and the packet arrives with its TTL untouched.
#[test]
fn the_answer_is_flooded() {
    let session = part_b(bridge());
    let (near, far) = (pods_on(&session, "vmss000000"), pods_on(&session, "vmss000001"));
    let done = after(&session, ping(&near[0], &far[0]));
    let record = record(&done);
    let node = host(&done, "vmss000000");
    let mac = done.world().hosts.get(node).unwrap().interface_named("eth0").unwrap().mac;
    let at_azure = record
        .steps
        .iter()
        .find(|s| matches!((&s.at, &s.before), (Place::Port(_), Some(f)) if matches!(f.body, Body::Arp(_))));
    let frame = at_azure.unwrap().before.as_ref().unwrap();
    let Body::Arp(arp) = &frame.body else { unreachable!() };
    assert_eq!((frame.src, arp.sender_mac, arp.sender_ip.to_string()), (mac, mac, near[0].clone()));
    let other = pod_host(&done, &near[1]);
    let seen = record.steps.iter().any(|s| {
        s.at == Place::Host(other)
            && s.before.as_ref().is_some_and(|f| matches!(&f.body, Body::Arp(a) if a.op == ArpOp::Reply))
    });
    assert!(seen, "another pod hears the answer");
    let back_out = record.steps.iter().filter(|s| {
        matches!((&s.at, &s.before), (Place::Port(_), Some(f)) if matches!(&f.body, Body::Arp(a) if a.op == ArpOp::Reply && f.dst == Mac::BROADCAST))
    });
    assert!(back_out.count() >= 1, "and so does Azure, since eth0 sends back");
}

/// Azure sees only the NIC's hardware address; `brctl showmacs` shows Azure's own behind eth0.
#[test]
fn what_azure_sees_and_what_the_bridge_learns() {
    let session = part_b(bridge());
    let (near, far) = (pods_on(&session, "vmss000000"), pods_on(&session, "vmss000001"));
    let done = after(&session, ping(&near[0], &far[0]));
    let node = done.world().hosts.get(host(&done, "vmss000000")).unwrap();
    let eth0 = node.interface_named("eth0").unwrap();
    for step in &record(&done).steps {
        let Place::Port(_) = step.at else { continue };
        let frame = step.before.as_ref().unwrap();
        let of_nic = done.world().nics.values().any(|nic| nic.mac == frame.src);
        assert!(of_nic || frame.src == Mac::AZURE, "{frame:?}");
    }
    let azure0 = node.interface_named("azure0").unwrap().index;
    let rows: Vec<_> = node.bridges.get(&azure0).unwrap().rows(done.world().now).collect();
    assert!(rows.iter().any(
        |(mac, entry)| *mac == Mac::AZURE && matches!(entry, FdbEntry::Learned { port, .. } if *port == eth0.index)
    ));
}

/// A bridged packet meets the rules of ebtables before the POSTROUTING of iptables (Linux `netfilter_bridge.h`).
#[test]
fn ebtables_before_postrouting() {
    let session = part_b(bridge());
    let (near, far) = (pods_on(&session, "vmss000000"), pods_on(&session, "vmss000001"));
    let done = after(&session, ping(&near[0], &far[0]));
    let order: Vec<&str> = record(&done)
        .steps
        .iter()
        .filter_map(|step| match &step.decision {
            Decision::BridgeRule { chain: EbChain::Postrouting, .. } => Some("ebtables"),
            Decision::Rules { hook: Hook::Postrouting, .. } => Some("iptables"),
            _ => None,
        })
        .collect();
    let at = order.iter().position(|what| *what == "iptables").unwrap();
    assert_eq!(order[at - 1], "ebtables", "{order:?}");
}

/// On one node: the rule answers for the pod, nobody else hears the question, and no packet leaves the node.
#[test]
fn pods_of_one_node() {
    let session = part_b(bridge());
    let near = pods_on(&session, "vmss000000");
    let done = after(&session, ping(&near[0], &near[1]));
    let record = record(&done);
    assert!(record.steps.iter().any(
        |s| matches!(&s.decision, Decision::BridgeRule { hit, .. } if matches!(hit.rule.target, EbTarget::ArpReply(_)))
    ));
    let third = pod_host(&done, &near[2]);
    let asked = |s: &podhop::sim::record::Step| {
        s.before.as_ref().is_some_and(|f| matches!(&f.body, Body::Arp(a) if a.op == ArpOp::Request))
    };
    assert!(!record.steps.iter().any(|s| s.at == Place::Host(third) && asked(s)), "the question goes no further");
}

/// Each rule, deleted: what breaks.
#[test]
fn without_a_rule() {
    let session = part_b(bridge());
    let (near, far) = (pods_on(&session, "vmss000000"), pods_on(&session, "vmss000001"));
    let node = node_address(&session, "vmss000000");
    let without = |chain, number| after(&session, Action::DeleteBridgeRule { host: node.clone(), chain, number });
    // Without the NIC's hardware address as their source, Azure takes no packets of pods: azure.md 5.9.
    let own_source = without(EbChain::Postrouting, 1);
    let refused = (DropReason::SourceMacNotOwned, false);
    assert_eq!(lost(&after(&own_source, ping(&near[0], &far[0]))), refused);
    // Without the broadcast, the answer to the pod's question stops at the node.
    let no_broadcast = without(EbChain::Prerouting, 2);
    let unanswered = error(&after(&no_broadcast, ping(&near[0], &far[0])));
    assert_eq!(unanswered, (ErrorKind::Unreachable(Unreachable::Host), near[0].clone()));
    // Without the translation of the destination, Azure's frames for the pod end at the node, which forwards them.
    let position = session.world().hosts.get(host(&session, "vmss000000")).unwrap().ebtables.chain(EbChain::Prerouting);
    let target: std::net::Ipv4Addr = near[0].parse().unwrap();
    let number = position.iter().position(|r| r.matches.contains(&EbMatch::IpTo(target))).unwrap() + 1;
    let routed = without(EbChain::Prerouting, number);
    assert_eq!(crate::kubenet::ttl_seen(&after(&routed, ping(&far[0], &near[0]))), Some(64));
    let path = after(&routed, ping(&far[0], &near[0]));
    let lineage = record(&path).probes().next().unwrap();
    let last = *record(&path).path(lineage).last().unwrap();
    let arrived = record(&path).steps[last].after.as_ref().unwrap().body.packet().unwrap().ttl;
    assert_eq!(arrived, 63, "routed on its way in, bridged on its way back");
}
