//! What would help, and what is said of the tables by which a packet was lost: all of it follows from the tables.

use super::samples::lab;
use crate::azure::{bridge, part_b, transparent};
use crate::fixture::*;
use podhop::session::Session;
use podhop::sim::action::{Action, FlushTable, NsgTarget};
use podhop::sim::engine::probe::{Probe, ProbeProtocol};
use podhop::sim::fabric::nsg::{Access, Direction, RuleProtocol, SecurityRule};
use podhop::sim::mode::azure::PluginVersion;
use podhop::sim::record::decision::{ArpAnswer, ControlStep, Decision, DropReason};
use podhop::text::{Explanation, Mark, Text, explain, outcome, plain};
use podhop::view::breaks::{BreakKind, breaks, likely_node};

/// Steps of the whole session that fit, in words.
fn told(session: &Session, wanted: impl Fn(&Decision) -> bool) -> Vec<Explanation> {
    let text = Text::english();
    let turns = session.turns().iter();
    let steps = turns.flat_map(|turn| turn.record.steps.iter().map(move |step| (turn, step)));
    steps.filter(|(_, step)| wanted(&step.decision)).map(|(turn, step)| explain(&text, step, &turn.world)).collect()
}

/// The step that lost the packet, with the facts beside it, one a line.
fn loss(session: &Session, reason: DropReason) -> String {
    let words = told(session, |d| matches!(d, Decision::Drop(r) if *r == reason));
    let last = words.last().unwrap_or_else(|| panic!("nothing is lost by {reason:?}"));
    let facts = last.detail.iter().map(|fact| plain(fact));
    std::iter::once(plain(&last.sentence)).chain(facts).collect::<Vec<_>>().join("\n")
}

fn end(session: &Session) -> String {
    let turn = session.turns().last().unwrap();
    let end = turn.record.outcome(turn.record.probes().next().unwrap());
    plain(&outcome(&Text::english(), &end, &turn.record, &turn.world))
}

fn after(mut session: Session, actions: impl IntoIterator<Item = Action>) -> Session {
    for action in actions {
        session.act(action.clone()).unwrap_or_else(|e| panic!("{action:?}: {e:?}"));
    }
    session
}

fn rule(name: &str, priority: u16, access: Access) -> Action {
    let mut rule = SecurityRule::new(name, priority, Direction::Inbound, access);
    rule.protocol = RuleProtocol::Icmp;
    Action::PutNsgRule { nsg: "nsg".into(), rule }
}

/// The article's cluster behind an NSG with the rules given, and a ping across nodes.
fn guarded(rules: impl IntoIterator<Item = Action>) -> Session {
    let to = NsgTarget::Subnet { vnet: "vnet01".into(), subnet: "vlan01".into() };
    let create = Action::CreateNsg { name: "nsg".into(), resource_group: None };
    let attach = Action::AttachNsg { to, nsg: Some("nsg".into()) };
    after(article(), std::iter::once(create).chain(rules).chain([attach, ping("deploy/nginx/1", "deploy/nginx/2")]))
}

/// Azure takes 100 to 4096 as the numbers of rules, each once, and does not let default rules be deleted.
/// Source: MicrosoftDocs/azure-docs, articles/virtual-network/network-security-groups-overview.md.
#[test]
fn a_rule_with_a_lower_number_is_named_only_where_one_is_free() {
    let deny = |priority| rule("DenyIcmp", priority, Access::Deny);
    for (rules, lost, help) in [
        (vec![deny(100)], "Rule DenyIcmp, priority 100, of nsg denies", "No number that comes before 100 is free"),
        (vec![deny(300)], "Rule DenyIcmp, priority 300, of nsg denies", "with a lower number: 299 is free"),
        (
            vec![
                Action::PutNsgRule {
                    nsg: "nsg".into(),
                    rule: SecurityRule::new("other", 299, Direction::Outbound, Access::Allow),
                },
                deny(300),
            ],
            "DenyIcmp",
            "with a lower number: 299 is free",
        ),
        (
            vec![
                {
                    let mut udp = SecurityRule::new("udp", 100, Direction::Inbound, Access::Allow);
                    udp.protocol = RuleProtocol::Udp;
                    Action::PutNsgRule { nsg: "nsg".into(), rule: udp }
                },
                deny(101),
            ],
            "priority 101",
            "No number that comes before 101 is free",
        ),
    ] {
        let said = loss(&guarded(rules), DropReason::NsgDenied);
        assert!(said.contains(lost) && said.contains(help), "{said}");
        assert!(said.contains("changing or deleting DenyIcmp"), "{said}");
    }
}

#[test]
fn before_a_default_rule_any_number_comes() {
    let detach = Action::AttachRouteTable { vnet: "vnet01".into(), subnet: "vlan01".into(), table: None };
    // Without the routes the pods' range is no part of the tag VirtualNetwork.
    let session = after(guarded([]), [detach, ping("deploy/nginx/3", "10.0.0.5")]);
    let said = loss(&session, DropReason::NsgDenied);
    assert!(said.contains("every number from 100 to 4096 comes before DenyAllOutBound"), "{said}");
}

/// A table that is there is attached; one that is attached gets a route; else there is none yet.
#[test]
fn the_help_for_a_missing_route_follows_from_the_tables() {
    let detach = || Action::AttachRouteTable { vnet: "vnet01".into(), subnet: "vlan01".into(), table: None };
    let delete = |session: &Session| {
        let node = likely_node(session).unwrap();
        breaks(session, node).into_iter().find(|b| b.kind == BreakKind::DeleteRoute).unwrap().actions
    };
    let across = || ping("deploy/nginx/1", "deploy/nginx/2");
    let sent = after(article(), [across()]);
    let deleted = delete(&sent);
    for (name, actions, help) in [
        ("detached", vec![detach(), across()], "attaching aks-agentpool-"),
        ("deleted", [deleted.clone(), vec![across()]].concat(), "a user-defined route for 10.244.0."),
        ("nowhere", [deleted, vec![detach(), across()]].concat(), "a route table at vlan01"),
        ("nobody", vec![detach(), ping("deploy/nginx/1", "10.250.0.1")], "No pod and no machine has 10.250.0.1 now"),
        ("service", vec![ping("deploy/nginx/1", "172.16.1.10")], "services are not simulated yet"),
    ] {
        let said = loss(&after(sent.clone(), actions), DropReason::RouteNone);
        assert!(said.contains(help), "{name}: {said}");
        assert_eq!(said.contains("in aks-agentpool-"), name == "deleted", "{name}: {said}");
    }
}

/// Only pods with a range of their own are in dispute. Sources: Azure/AKS issue 2031 against the kubenet page; for
/// addresses of the virtual network Azure/AKS issue 1207.
#[test]
fn the_masquerade_dispute_is_told_where_it_is() {
    let runs = [
        ("own range", lab(), Mark::Disputed, "Azure/AKS issue 2031"),
        ("bridge", part_b(bridge()), Mark::Documented, "Azure/AKS issue 1207"),
        ("routed", part_b(transparent(PluginVersion::Since2022)), Mark::Documented, "Azure/AKS issue 1207"),
    ];
    for (name, mut session, mark, source) in runs {
        session.act(ping("deploy/nginx/1", "deploy/nginx/2")).unwrap();
        let agent = |d: &Decision| match d {
            Decision::Rules { tried, .. } => tried.iter().any(|t| t.chain.as_ref() == "IP-MASQ-AGENT"),
            Decision::Control(step) => matches!(**step, ControlStep::MasqueradeRules { .. }),
            _ => false,
        };
        let steps = told(&session, agent);
        assert!(!steps.is_empty(), "{name}");
        for words in steps {
            let disputes = words.detail.iter().any(|d| plain(d).contains("disagree"));
            assert_eq!(
                (words.mark, words.source.text.as_str(), disputes),
                (mark, source, mark == Mark::Disputed),
                "{name}"
            );
        }
    }
}

/// Sessions whose losses ask for all words of this kind.
pub(super) fn runs() -> Vec<Session> {
    let detach = || Action::AttachRouteTable { vnet: "vnet01".into(), subnet: "vlan01".into(), table: None };
    let sent = after(article(), [ping("deploy/nginx/1", "deploy/nginx/2")]);
    let node = likely_node(&sent).unwrap();
    let fault = |kind| breaks(&sent, node).into_iter().find(|b| b.kind == kind).unwrap().actions;
    let again = || vec![ping("deploy/nginx/1", "deploy/nginx/2")];
    let nobody = Action::SetNeighbor {
        host: "deploy/nginx/1".into(),
        dev: "eth0".into(),
        address: "10.244.1.77".parse().unwrap(),
        mac: Some(podhop::sim::addr::Mac([2, 0, 0, 0, 0, 77])),
    };
    let host = format!("node/{}", sent.world().nodes.get(node).unwrap().name);
    let forget = vec![Action::Flush { host, table: FlushTable::Neighbors }];
    vec![
        after(sent.clone(), [fault(BreakKind::VethDown), forget, again()].concat()),
        guarded([rule("DenyIcmp", 100, Access::Deny)]),
        guarded([rule("DenyIcmp", 300, Access::Deny)]),
        after(guarded([]), [detach(), ping("deploy/nginx/3", "10.0.0.5")]),
        after(sent.clone(), [vec![detach()], again()].concat()),
        after(sent.clone(), [fault(BreakKind::DeleteRoute), again()].concat()),
        after(sent.clone(), [detach(), ping("deploy/nginx/1", "10.250.0.1")]),
        after(sent.clone(), [fault(BreakKind::DeleteRoute), vec![detach()], again()].concat()),
        after(sent.clone(), [fault(BreakKind::VethDown), again()].concat()),
        after(sent.clone(), [ping("deploy/nginx/1", "172.16.1.10")]),
        after(sent, [nobody, ping("deploy/nginx/1", "10.244.1.77")]),
    ]
}

/// A bridge that has lost a port floods. The verdict is about the link, not about who heard a copy.
#[test]
fn a_downed_link_is_the_cause_of_the_loss() {
    let mut session = article();
    for _ in 0..2 {
        session.act(ping("deploy/nginx/1", "deploy/nginx/2")).unwrap();
    }
    let node = likely_node(&session).unwrap();
    let fault = breaks(&session, node).into_iter().find(|b| b.kind == BreakKind::VethDown).unwrap();
    let link = fault.subject.split(' ').next().unwrap().to_owned();
    let mut session = after(session, fault.actions);
    // At first the node still knows the pod's address and its bridge floods; later it has to ask and nobody answers.
    for flooded in [true, false] {
        if !flooded {
            let host = format!("node/{}", session.world().nodes.get(node).unwrap().name);
            session.act(Action::Flush { host, table: FlushTable::Neighbors }).unwrap();
        }
        session.act(ping("deploy/nginx/1", "deploy/nginx/2")).unwrap();
        let said = end(&session);
        assert!(said.contains(&format!("{link} of aks-")) && said.contains("is down"), "{said}");
        assert_eq!(said.contains("floods"), flooded, "{said}");
        assert!(!said.contains("metrics-server") && !said.contains("coredns"), "{said}");
        let reason = if flooded { DropReason::NotForMe } else { DropReason::NeighborFailed };
        let step = loss(&session, reason);
        assert!(step.contains(&format!("What would help: ip link set {link} up on aks-")), "{step}");
    }
    // Without anything down, a copy that is not for the host says nothing of links.
    let mut whole = article();
    let host = format!("node/{}", session.world().nodes.get(node).unwrap().name);
    whole.act(Action::Flush { host, table: FlushTable::Fdb }).unwrap();
    whole.act(ping("deploy/nginx/1", "deploy/nginx/2")).unwrap();
    assert!(
        !told(&whole, |d| matches!(d, Decision::Drop(_)))
            .iter()
            .any(|w| w.detail.iter().any(|d| plain(d).contains("down")))
    );
}

/// Azure's own answer to ARP and the trust table say nothing against each other.
#[test]
fn azures_arp_answer_promises_nothing_about_other_addresses() {
    let mut session = lab();
    session.act(ping("deploy/nginx/1", "deploy/nginx/2")).unwrap();
    let fabric = |d: &Decision| matches!(d, Decision::ArpAnswer(ArpAnswer::Fabric { .. }));
    for words in told(&session, fabric) {
        assert!(!plain(&words.sentence).contains("any hardware address"), "{}", plain(&words.sentence));
    }
}

/// What left the simulation is neither answered nor lost.
#[test]
fn what_leaves_is_unknown() {
    for (to, protocol) in [("168.63.129.16", ProbeProtocol::Icmp), ("8.8.8.8", ProbeProtocol::Tcp { port: 443 })] {
        let probe = Probe { protocol, ..Probe::ping() };
        let send = Action::Send { from: "deploy/nginx/1".into(), to: to.into(), probe, count: 1 };
        assert!(end(&after(article(), [send])).contains("is unknown"), "{to}");
    }
}
