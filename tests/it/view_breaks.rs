//! Faults of one press: each can be caused, shows, and can be repaired.

use crate::fixture::*;
use podhop::session::Session;
use podhop::sim::action::Action;
use podhop::sim::ids::NodeId;
use podhop::view::breaks::{Break, BreakKind, breaks, last_packet, likely_node, replacement};

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
    assert_eq!(replacement(&session), None);
    let fault = one(&session, node, BreakKind::LoseNode);
    press(&mut session, &fault);
    assert!(breaks(&session, node).is_empty());
    let action = replacement(&session).unwrap();
    assert!(matches!(action, Action::ScalePool { count: 2, .. }), "{action:?}");
    session.act(action).unwrap();
    assert_eq!(replacement(&session), None);
}
