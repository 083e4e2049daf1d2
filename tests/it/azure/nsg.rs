//! Security rules in the modes of Azure CNI: T45 to T50, T59, T60, T63, steps 34 and 35, and the flow table of a port.

use super::*;
use crate::kubenet::{after, lost, record, ttl_seen};
use podhop::sim::action::NsgTarget;
use podhop::sim::engine::probe::{Probe, ProbeProtocol};
use podhop::sim::fabric::nsg::{Access, AddressMatch, Direction, PortMatch, RuleProtocol, SecurityRule};
use podhop::sim::record::decision::{Decision, DropReason, NsgOutcome};
use podhop::sim::record::trace::Outcome;

fn rule(name: &str, priority: u16, access: Access, protocol: RuleProtocol, source: &str, to: &str) -> SecurityRule {
    let net = |text: &str| AddressMatch::Prefixes([text.parse().unwrap()].into());
    SecurityRule {
        name: name.into(),
        priority,
        direction: Direction::Inbound,
        access,
        protocol,
        source: net(source),
        source_ports: PortMatch::Any,
        destination: net(to),
        destination_ports: PortMatch::Any,
    }
}

fn icmp_deny(priority: u16) -> SecurityRule {
    rule("icmp_deny", priority, Access::Deny, RuleProtocol::Icmp, "10.1.8.0/22", "10.1.4.0/24")
}

/// Steps 27 to 34.
fn experiment() -> Session {
    let mut session = part_c();
    let nsg = || "aksnsg".to_owned();
    let permit = rule("icmp_permit", 200, Access::Allow, RuleProtocol::Icmp, "10.1.0.0/22", "10.1.4.0/24");
    let mut actions = second_pool();
    actions.extend([
        Action::CreateNsg { name: nsg(), resource_group: None },
        Action::PutNsgRule { nsg: nsg(), rule: permit },
        Action::PutNsgRule { nsg: nsg(), rule: icmp_deny(300) },
        Action::AttachNsg { to: on("nodevlan"), nsg: Some(nsg()) },
    ]);
    for action in actions {
        session.act(action).unwrap();
    }
    session
}

fn on(subnet: &str) -> NsgTarget {
    NsgTarget::Subnet { vnet: "whkubenet".into(), subnet: subnet.into() }
}

/// The rule that denied the last probe.
fn denied_by(session: &Session) -> Option<String> {
    record(session).steps.iter().find_map(|s| match &s.decision {
        Decision::Nsg(step) => match &step.outcome {
            NsgOutcome::Evaluated { verdict, .. } if !verdict.allows() => verdict.rule().map(|r| r.name.to_string()),
            _ => None,
        },
        _ => None,
    })
}

/// Step 35 with T45, T46, T48, T49: the first pool may ping the nodes of other machines, the second may not; its own
/// node it may, since that never reaches Azure.
#[test]
fn two_pools() {
    for priority in [300, 100] {
        let mut session = experiment();
        if priority != 300 {
            session.act(Action::PutNsgRule { nsg: "aksnsg".into(), rule: icmp_deny(priority) }).unwrap();
        }
        let (first, second) = (pods_on(&session, "nodepool1-"), pods_on(&session, "newnodepool-"));
        let node = |name: &str| node_address(&session, name);
        let (own, other) = own_and_other(&session, &second[0]);
        let far =
            session.world().nodes.values().filter(|n| n.pool.as_ref() == "nodepool1").last().unwrap().name.to_string();
        let near = session.world().nodes.values().find(|n| n.pool.as_ref() == "nodepool1").unwrap().name.to_string();
        let from_first = pods_on(&session, &near)[0].clone();
        assert!(first.contains(&from_first));
        assert_eq!(ttl_seen(&after(&session, ping(&from_first, &node(&far)))), Some(63), "pool 1, {priority}");
        for target in [other.as_str(), &node(&far)] {
            let denied = after(&session, ping(&second[0], target));
            assert_eq!(lost(&denied), (DropReason::NsgDenied, false), "pool 2, {priority}");
            assert_eq!(denied_by(&denied).as_deref(), Some("icmp_deny"));
        }
        assert_eq!(ttl_seen(&after(&session, ping(&second[0], &own))), Some(64), "its own node");
        assert_eq!(ttl_seen(&after(&session, ping(&node(&far), &second[0]))), Some(63), "T48: the other way round");
    }
}

/// Address of the node of a pod, and of the other node of its pool.
fn own_and_other(session: &Session, pod: &str) -> (String, String) {
    let world = session.world();
    let pod = world.pods.values().find(|p| p.address.is_some_and(|a| a.to_string() == pod)).unwrap();
    let address = |id| world.nics.get(world.nodes.get(id).unwrap().nic).unwrap().primary().unwrap().to_string();
    let pool = &world.nodes.get(pod.node.unwrap()).unwrap().pool;
    let other = world.nodes.iter().find(|(id, n)| n.pool == *pool && Some(*id) != pod.node).unwrap().0;
    (address(pod.node.unwrap()), address(other))
}

/// T47: TCP from the second pool is not what the rule denies.
#[test]
fn tcp_passes() {
    let session = experiment();
    let second = pods_on(&session, "newnodepool-");
    let node = node_address(&session, "nodepool1");
    let probe = Probe { protocol: ProbeProtocol::Tcp { port: 22 }, ..Probe::ping() };
    let done = after(&session, Action::Send { from: second[0].clone(), to: node, probe, count: 1 });
    assert!(matches!(crate::fixture::outcome(&done), Outcome::Answered { .. }));
}

/// T50: one priority and direction, one rule; the other direction is free.
#[test]
fn conflicts() {
    let session = experiment();
    let twice = SecurityRule { name: "again".into(), ..icmp_deny(200) };
    let out = SecurityRule { direction: Direction::Outbound, ..twice.clone() };
    let put = |rule| Action::PutNsgRule { nsg: "aksnsg".into(), rule };
    assert!(session.clone().act(put(twice)).is_err());
    assert!(session.clone().act(put(out)).is_ok());
}

/// T59, T60: pods of one node are not told apart by any rule, pods of two nodes are; and neither are pod and own node.
#[test]
fn rules_do_not_reach_inside_a_node() {
    for (network, expected) in [(transparent(podhop::sim::mode::azure::PluginVersion::Since2022), 63), (bridge(), 64)] {
        let mut session = part_b(network);
        let deny = rule("no-icmp", 100, Access::Deny, RuleProtocol::Icmp, "10.0.0.0/20", "10.0.0.0/20");
        let to = NsgTarget::Subnet { vnet: "cni-vnet".into(), subnet: "vlan01".into() };
        for action in [
            Action::CreateNsg { name: "n".into(), resource_group: None },
            Action::PutNsgRule { nsg: "n".into(), rule: deny },
            Action::AttachNsg { to, nsg: Some("n".into()) },
        ] {
            session.act(action).unwrap();
        }
        let (near, far) = (pods_on(&session, "vmss000000"), pods_on(&session, "vmss000001"));
        assert_eq!(ttl_seen(&after(&session, ping(&near[0], &near[1]))), Some(expected), "T59");
        assert_eq!(lost(&after(&session, ping(&near[0], &far[0]))).0, DropReason::NsgDenied, "T60");
        let own = node_address(&session, "vmss000000");
        assert_eq!(ttl_seen(&after(&session, ping(&near[0], &own))), Some(64), "own node");
    }
}

/// Two network containers on one NIC: what is said of the pod subnet counts for pods, what is said of the node subnet
/// for nodes.
#[test]
fn two_containers_of_one_machine() {
    let mut session = part_c();
    let deny = rule("no-icmp", 100, Access::Deny, RuleProtocol::Icmp, "10.1.0.0/16", "10.1.0.0/16");
    for action in [
        Action::CreateNsg { name: "pods".into(), resource_group: None },
        Action::PutNsgRule { nsg: "pods".into(), rule: deny },
        Action::AttachNsg { to: on("podvlan"), nsg: Some("pods".into()) },
    ] {
        session.act(action).unwrap();
    }
    let (near, far) = (pods_on(&session, "vmss000000"), pods_on(&session, "vmss000001"));
    let (own, other) = (node_address(&session, "vmss000000"), node_address(&session, "vmss000001"));
    assert_eq!(lost(&after(&session, ping(&near[0], &far[0]))).0, DropReason::NsgDenied);
    assert_eq!(lost(&after(&session, ping(&own, &far[0]))).0, DropReason::NsgDenied);
    assert_eq!(ttl_seen(&after(&session, ping(&own, &other))), Some(64), "nodes are not in that subnet");
    assert_eq!(ttl_seen(&after(&session, ping(&near[0], &other))), Some(63), "nor is the node that the pod asks");
}

fn unified(session: &Session) -> Vec<(bool, bool)> {
    let steps = &record(session).steps;
    steps
        .iter()
        .filter_map(|s| match s.decision {
            Decision::UnifiedFlow { outbound, usable, .. } => Some((outbound, usable)),
            _ => None,
        })
        .collect()
}

/// azure.md 3.17: the first packet walks the layers, the second is known by its flow; an edited rule makes every entry
/// old, and the next packet walks again. T63: what was let through before goes on, what is new is denied.
#[test]
fn flows() {
    let mut session = experiment();
    let (from, to) = (pods_on(&session, "nodepool1-")[0].clone(), pods_on(&session, "newnodepool-")[0].clone());
    let twice = Action::Send { from: from.clone(), to: to.clone(), probe: Probe::ping(), count: 2 };
    session.act(twice).unwrap();
    assert_eq!(unified(&session), [(true, true), (false, true), (true, true), (false, true)], "the second one only");
    let tcp = |from_port| Probe { protocol: ProbeProtocol::Tcp { port: 80 }, from_port, ..Probe::ping() };
    let connect = |port| Action::Send { from: from.clone(), to: to.clone(), probe: tcp(port), count: 1 };
    session.act(connect(Some(40_000))).unwrap();
    session.act(connect(Some(40_000))).unwrap();
    assert!(unified(&session).iter().all(|(_, usable)| *usable) && !unified(&session).is_empty());
    let deny = rule("no-tcp", 110, Access::Deny, RuleProtocol::Tcp, "10.1.0.0/16", "10.1.0.0/16");
    session.act(Action::CreateNsg { name: "late".into(), resource_group: None }).unwrap();
    session.act(Action::PutNsgRule { nsg: "late".into(), rule: deny }).unwrap();
    session.act(Action::AttachNsg { to: on("podvlan2"), nsg: Some("late".into()) }).unwrap();
    assert_eq!(lost(&after(&session, connect(None))).0, DropReason::NsgDenied, "T63: a new connection");
    let open = after(&session, connect(Some(40_000)));
    assert!(matches!(crate::fixture::outcome(&open), Outcome::Answered { .. }), "T63: the open one");
    assert!(unified(&open).iter().any(|(_, usable)| !usable), "its entries are of the policy before");
    let again = after(&open, connect(Some(40_000)));
    assert!(unified(&again).iter().all(|(_, usable)| *usable), "and were made anew");
}
