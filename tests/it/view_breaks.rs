//! Faults of one press: each can be caused, shows, and can be repaired.

use crate::azure::{bridge, part_b, transparent};
use crate::fixture::*;
use podhop::session::Session;
use podhop::sim::action::{Action, SysctlName};
use podhop::sim::ids::NodeId;
use podhop::sim::mode::azure::PluginVersion;
use podhop::sim::record::decision::Decision;
use podhop::text::{Args, Text};
use podhop::view::breaks::{Break, BreakKind, breaks, last_packet, likely_node};

fn one(session: &Session, node: NodeId, kind: BreakKind) -> Break {
    breaks(session, node).into_iter().find(|b| b.kind == kind).unwrap_or_else(|| panic!("no {kind:?}"))
}

fn press(session: &mut Session, one: &Break) {
    for action in &one.actions {
        session.act(action.clone()).unwrap_or_else(|e| panic!("{action:?}: {e:?}"));
    }
}

/// The article's cluster after a ping from node to node.
fn pinged() -> (Session, NodeId) {
    let mut session = article();
    let world = session.world();
    let pods: Vec<_> = world.pods.values().filter(|p| p.name.starts_with("nginx")).collect();
    let far = pods.iter().find(|p| p.node != pods[0].node).unwrap();
    let ping = ping(&format!("pod/{}", pods[0].name), &format!("pod/{}", far.name));
    let node = far.node.unwrap();
    session.act(ping).unwrap();
    (session, node)
}

#[test]
fn the_fault_is_sought_where_the_last_packet_went() {
    let (session, node) = pinged();
    assert_eq!(likely_node(&session), Some(node));
    assert!(matches!(last_packet(&session), Some(Action::Send { .. })));
    assert_eq!(likely_node(&Session::new(1)), None);
}

#[test]
fn every_fault_can_be_caused_and_repaired() {
    let (session, node) = pinged();
    let all = breaks(&session, node);
    assert_eq!(all.len(), 9, "{all:?}");
    for fault in all.iter().filter(|b| b.kind != BreakKind::LoseNode) {
        let mut session = session.clone();
        assert!(!fault.is_broken, "{fault:?}");
        press(&mut session, fault);
        let broken = one(&session, node, fault.kind);
        assert!(broken.is_broken, "{broken:?}");
        press(&mut session, &broken);
        assert!(!one(&session, node, fault.kind).is_broken, "{:?} is repaired", fault.kind);
        let again = last_packet(&session).unwrap().clone();
        session.act(again).unwrap();
        assert!(outcome(&session).is_success(), "{:?}: {:?}", fault.kind, outcome(&session));
    }
}

#[test]
fn what_the_hints_promise_comes_true() {
    let lost = [
        BreakKind::DetachTable,
        BreakKind::DeleteRoute,
        BreakKind::NicForwarding,
        BreakKind::NodeForwarding,
        BreakKind::Eth0Down,
    ];
    for kind in lost {
        let (mut session, node) = pinged();
        let fault = one(&session, node, kind);
        press(&mut session, &fault);
        session.act(last_packet(&session).unwrap().clone()).unwrap();
        assert!(!outcome(&session).is_success(), "{kind:?}: {:?}", outcome(&session));
    }
}

#[test]
fn a_lost_node_is_replaced_once() {
    let (mut session, node) = pinged();
    let fault = one(&session, node, BreakKind::LoseNode);
    assert!(!fault.is_broken);
    press(&mut session, &fault);
    assert!(breaks(&session, node).is_empty());
    let left = likely_node(&session).unwrap();
    let lost = one(&session, left, BreakKind::LoseNode);
    assert!(lost.is_broken && lost.subject == fault.subject, "the other node is not in danger: {lost:?}");
    assert!(matches!(lost.actions[0], Action::ScalePool { count: 2, .. }), "{lost:?}");
    press(&mut session, &lost);
    assert!(!one(&session, left, BreakKind::LoseNode).is_broken);
}

/// A fault is put where the last packet goes, else where it comes from, whatever came last to the node.
#[test]
fn a_fault_takes_the_packets_own_pod() {
    for (kind, network) in [
        (BreakKind::VethDown, None),
        (BreakKind::VethDown, Some(transparent(PluginVersion::Since2022))),
        (BreakKind::PodRoute, Some(transparent(PluginVersion::Since2022))),
        (BreakKind::BridgeRule, Some(bridge())),
    ] {
        let session = network.map_or_else(article, part_b);
        let nginx: Vec<_> = session.world().pods.values().filter(|p| p.name.starts_with("nginx")).collect();
        for (from, to) in nginx.iter().flat_map(|a| nginx.iter().map(move |b| (a, b))).filter(|(a, b)| a.node != b.node)
        {
            let mut session = session.clone();
            session.act(ping(&format!("pod/{}", from.name), &format!("pod/{}", to.name))).unwrap();
            let named = |node| one(&session, node, kind).subject;
            assert!(named(to.node.unwrap()).contains(&*to.name), "{kind:?}: {}", named(to.node.unwrap()));
            assert!(named(from.node.unwrap()).contains(&*from.name), "{kind:?}: {}", named(from.node.unwrap()));
        }
    }
}

/// Every fault of the pod to which the packet goes is felt by that packet.
#[test]
fn the_packets_own_faults_lose_it() {
    let cases = [
        (BreakKind::VethDown, transparent(PluginVersion::Since2022)),
        (BreakKind::PodRoute, transparent(PluginVersion::Since2022)),
        (BreakKind::NodeForwarding, transparent(PluginVersion::Since2022)),
    ];
    for (kind, network) in cases {
        let mut session = part_b(network);
        let nginx: Vec<_> = session.world().pods.values().filter(|p| p.name.starts_with("nginx")).cloned().collect();
        let far = nginx.iter().find(|p| p.node != nginx[0].node).unwrap();
        session.act(ping(&format!("pod/{}", nginx[0].name), &format!("pod/{}", far.name))).unwrap();
        assert!(outcome(&session).is_success(), "{kind:?}");
        let fault = one(&session, far.node.unwrap(), kind);
        press(&mut session, &fault);
        session.act(last_packet(&session).unwrap().clone()).unwrap();
        assert!(!outcome(&session).is_success(), "{kind:?}: {fault:?}");
    }
}

/// Without its rule a frame for a pod comes to the address of the bridge itself: the node routes it on and takes one
/// from the TTL; where it may not forward, the packet is lost. Source: Linux `br_handle_frame_finish`, `ip_forward`.
#[test]
fn the_hint_of_the_bridge_rule_comes_true() {
    for (forwards, case) in [(true, ""), (false, ".lost")] {
        let mut session = part_b(bridge());
        let nginx: Vec<_> = session.world().pods.values().filter(|p| p.name.starts_with("nginx")).cloned().collect();
        let far = nginx.iter().find(|p| p.node != nginx[0].node).unwrap();
        let node = far.node.unwrap();
        let host = format!("node/{}", session.world().nodes.get(node).unwrap().name);
        session.act(Action::SetSysctl { host, name: SysctlName::IpForward, on: forwards }).unwrap();
        session.act(ping(&format!("pod/{}", nginx[0].name), &format!("pod/{}", far.name))).unwrap();
        let fault = one(&session, node, BreakKind::BridgeRule);
        press(&mut session, &fault);
        session.act(last_packet(&session).unwrap().clone()).unwrap();
        assert_eq!((fault.hint.case, outcome(&session).is_success()), (case, forwards));
        let steps = &session.turns().last().unwrap().record.steps;
        let routed = |s: &podhop::sim::record::Step| matches!(s.decision, Decision::Forward { ttl: 63 });
        assert_eq!(steps.iter().any(routed), forwards);
    }
}

/// A hint speaks of a bridge only where the pods are ports of one.
#[test]
fn hints_follow_from_the_devices() {
    let text = Text::english();
    let hints = |session: &Session| -> String {
        let node = session.world().nodes.iter().next().unwrap().0;
        let all = breaks(session, node).into_iter();
        let words = all.map(|b| {
            let values = b.hint.values.iter().fold(Args::new(), |args, (name, value)| args.code(name, value));
            format!("{}: {}", b.kind.code(), text.format(&b.hint.id(b.kind), &values))
        });
        words.collect::<Vec<_>>().join("\n")
    };
    let routed = hints(&part_b(transparent(PluginVersion::Since2022)));
    assert!(!routed.contains("on the bridge") && !routed.contains("same bridge"), "{routed}");
    assert!(hints(&part_b(bridge())).contains("eth0 is a port"), "eth0 of a bridge has no default route");
    let kubenet = hints(&article());
    assert!(kubenet.contains("neighbour on the bridge") && !kubenet.contains("{$"), "{kubenet}");
}

/// Without the exemption a packet leaves with the address of the interface by which it leaves: on the destination's
/// node the bridge's, on the source's node that of eth0. Source: iptables-extensions(8), MASQUERADE.
#[test]
fn the_masquerade_hint_names_the_source_that_arrives() {
    let (session, to) = pinged();
    let from = session.world().nodes.iter().map(|(id, _)| id).find(|id| *id != to).unwrap();
    for (node, inside) in [(to, true), (from, false)] {
        let mut session = session.clone();
        let fault = one(&session, node, BreakKind::Masquerade);
        let named = |name: &str| fault.hint.values.iter().find(|(n, _)| *n == name).unwrap().1.clone();
        let expected = named(if inside { "inside" } else { "outside" });
        press(&mut session, &fault);
        session.act(last_packet(&session).unwrap().clone()).unwrap();
        let record = &session.turns().last().unwrap().record;
        let probe = record.probes().next().unwrap();
        let end = record.path(probe).last().map(|&i| &record.steps[i]).unwrap();
        let arrived = end.before.as_ref().unwrap().body.packet().unwrap().src.to_string();
        assert_eq!(arrived, expected);
    }
}
