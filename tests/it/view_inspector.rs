//! The inspector, the strip of header fields and the bar of hops.

use crate::fixture::{article, ping};
use podhop::session::{Cursor, Session};
use podhop::sim::action::{Action, NsgTarget};
use podhop::sim::fabric::nsg::{Access, AddressMatch, Direction, PortMatch, RuleProtocol, SecurityRule};
use podhop::sim::host::neighbor::Resolution;
use podhop::sim::ids::InterfaceId;
use podhop::sim::record::Step;
use podhop::sim::record::decision::{Decision, NsgOutcome};
use podhop::view::header::{fields, of_step};
use podhop::view::hops::{leg_at, legs};
use podhop::view::inspector::{RowState, Tab, Table, opening, subject_of_step, subject_of_target, tables};
use podhop::view::line::{Detail, line, probe_of};
use podhop::view::outline::outline;
use podhop::view::target::Target;

fn pinged() -> Session {
    let mut session = article();
    session.act(ping("deploy/nginx/1", "deploy/nginx/2")).unwrap();
    session
}

/// The tables at the `n`th step whose decision fits.
fn at(session: &Session, wanted: impl Fn(&Step) -> bool, n: usize) -> Vec<Table> {
    let turn = session.turns().last().unwrap();
    let (index, step) = turn.record.steps.iter().enumerate().filter(|(_, s)| wanted(s)).nth(n).unwrap();
    let mut session = session.clone();
    session.seek(Cursor { turn: session.turns().len() - 1, step: index + 1 });
    tables(session.world_at_cursor(), subject_of_step(step), Some(step))
}

/// `state cells` of the deciding table, a row a line.
fn deciding(tables: &[Table]) -> Vec<String> {
    let table = tables.iter().find(|t| t.decides).expect("a table decides");
    table.rows.iter().map(|r| format!("{:?} {}", r.state, r.cells.join(" "))).collect()
}

#[test]
fn the_winning_route_comes_first() {
    let session = pinged();
    let rows = deciding(&at(&session, |s| matches!(s.decision, Decision::EffectiveRoute { .. }), 0));
    assert!(rows[0].starts_with("Won User 10.244."), "{rows:?}");
    assert_eq!(rows[1..3], ["Lost Default 0.0.0.0/0 Internet", "Lost Default 10.0.0.0/8 None"]);
    assert!(rows[3..].iter().all(|r| r.starts_with("Dim ")), "{rows:?}");
}

#[test]
fn each_kind_of_decision_shows_its_table() {
    type Wanted = fn(&Step) -> bool;
    let session = pinged();
    let cases: [(&str, Wanted, Tab); 5] = [
        ("route", |s| matches!(s.decision, Decision::Route(_)), Tab::Routes),
        ("rules", |s| matches!(s.decision, Decision::Rules { .. }), Tab::Filter),
        ("bridge", |s| matches!(s.decision, Decision::BridgeForward { .. }), Tab::Bridge),
        ("neighbor", |s| matches!(s.decision, Decision::Resolve { .. }), Tab::Arp),
        ("nsg", |s| matches!(s.decision, Decision::Nsg(_)), Tab::Nsg),
    ];
    for (name, wanted, tab) in cases {
        let tables = at(&session, wanted, 0);
        assert_eq!(tables.iter().find(|t| t.decides).map(|t| t.tab), Some(tab), "{name}");
    }
}

#[test]
fn a_walk_of_rules_says_what_was_never_reached() {
    let tables = at(&pinged(), |s| matches!(s.decision, Decision::Rules { .. }), 0);
    let table = tables.iter().find(|t| t.decides).unwrap();
    assert_eq!(table.rows.iter().filter(|r| r.state == RowState::Won).count(), 1);
    assert!(table.rows.iter().any(|r| r.state == RowState::Dim), "{:?}", table.rows);
}

#[test]
fn tables_are_those_of_the_moment() {
    let session = pinged();
    let pod = session.world().pods.iter().find(|(_, p)| p.name.starts_with("nginx")).unwrap().0;
    let neighbors = |step| {
        let mut session = session.clone();
        session.seek(Cursor { turn: session.turns().len() - 1, step });
        let world = session.world_at_cursor();
        let tables = tables(world, subject_of_target(world, Target::Pod(pod)), None);
        tables.into_iter().find(|t| t.tab == Tab::Arp).unwrap().rows.len()
    };
    let end = session.turns().last().unwrap().record.steps.len();
    assert_eq!((neighbors(0), neighbors(end)), (0, 1));
}

#[test]
fn changed_fields_show_what_they_were() {
    let session = pinged();
    let turn = session.turns().last().unwrap();
    let step = turn.record.steps.iter().find(|s| matches!(s.decision, Decision::Forward { .. })).unwrap();
    let changed: Vec<String> = fields(step.before.as_ref(), step.after.as_ref().unwrap())
        .into_iter()
        .filter_map(|f| Some(format!("{} {} {}", f.label, f.before?, f.after)))
        .collect();
    assert_eq!(changed, ["ip-ttl 64 63"]);
}

#[test]
fn hops_are_grouped_by_name_and_place() {
    let session = pinged();
    let turn = session.turns().last().unwrap();
    let line = line(turn, Detail::Decisions);
    let legs = legs(turn, &line, |s| s.decision.code().to_owned());
    assert_eq!(legs.len(), 2, "a request and a reply");
    let names: Vec<&str> = legs[0].hops.iter().map(|h| h.name.as_str()).collect();
    assert_eq!(names[..4], ["originate", "route", "neighbor", "bridge-forward"]);
    assert_eq!(leg_at(&legs, 0), Some(&legs[0]));
    assert_eq!(leg_at(&legs, line.len()), Some(&legs[1]));
}

#[test]
fn the_outline_has_every_pod() {
    let session = pinged();
    let outline = outline(session.world(), None);
    let nodes = &outline[0].inside[0].inside;
    let pods: usize = nodes.iter().map(|n| n.inside.len()).sum();
    assert_eq!((nodes.len(), pods), (2, session.world().pods.len()));
}

/// Every rule with what it looks at, on two lines, and why it did not fit.
/// Source of the columns: MicrosoftDocs/azure-docs, articles/virtual-network/network-security-groups-overview.md.
#[test]
fn a_security_rule_shows_what_it_looks_at() {
    let mut session = article();
    let mut rule = SecurityRule::new("web", 200, Direction::Inbound, Access::Allow);
    rule.protocol = RuleProtocol::Tcp;
    rule.source = AddressMatch::prefix("10.0.4.0/24".parse().unwrap());
    rule.destination_ports = PortMatch::one(80);
    let to = NsgTarget::Subnet { vnet: "vnet01".into(), subnet: "vlan01".into() };
    for action in [
        Action::CreateNsg { name: "nsg".into(), resource_group: None },
        Action::PutNsgRule { nsg: "nsg".into(), rule },
        Action::AttachNsg { to, nsg: Some("nsg".into()) },
        ping("deploy/nginx/1", "deploy/nginx/2"),
    ] {
        session.act(action).unwrap();
    }
    let inbound = |s: &Step| matches!(&s.decision, Decision::Nsg(nsg) if !nsg.outbound && matches!(nsg.outcome, NsgOutcome::Evaluated { .. }));
    let tables = at(&session, inbound, 0);
    let table = tables.iter().find(|t| t.decides).unwrap();
    let words = |ids: &[&str]| ids.iter().map(|id| podhop::text::Text::english().get(id)).collect::<Vec<_>>().join(" ");
    let (one, two) = table.columns.split_at(table.first_line);
    assert_eq!(
        (words(one).as_str(), words(two).as_str()),
        ("Priority Rule Access", "Protocol Source Destination Ports")
    );
    let rows: Vec<String> = table.rows.iter().map(|r| r.cells.join(" ")).collect();
    assert_eq!(
        rows[..2],
        [
            "200 web ✓\u{a0}Allow Tcp 10.0.4.0/24 * 80",
            "65000 AllowVnetInBound ✓\u{a0}Allow * VirtualNetwork VirtualNetwork *",
        ]
    );
    assert!(table.rows[0].why.is_some(), "{:?}", table.rows[0]);
}

#[test]
fn a_picked_bridge_opens_its_mac_table() {
    let session = pinged();
    let world = session.world();
    let node = world.nodes.values().next().unwrap();
    let host = world.hosts.get(node.host).unwrap();
    for (dev, tab) in [("cbr0", Tab::Bridge), ("eth0", Tab::Routes)] {
        let index = host.interface_named(dev).unwrap().index;
        let target = Target::Interface(InterfaceId { host: node.host, index });
        let tables = tables(world, subject_of_target(world, target), None);
        assert_eq!(opening(world, Some(target), None, &tables), tab, "{dev}");
        assert!(tables.iter().any(|t| t.tab == tab));
    }
}

/// The box of the pods that do not fit leads to all pods of the node, and each of them to itself.
#[test]
fn more_pods_are_a_list() {
    let session = pinged();
    let (id, _) = session.world().nodes.iter().next().unwrap();
    let target = Target::Pods(id);
    let tables = tables(session.world(), subject_of_target(session.world(), target), None);
    assert_eq!(opening(session.world(), Some(target), None, &tables), Tab::Pods);
    let rows = &tables[0].rows;
    assert_eq!(rows.len(), session.world().pods.values().filter(|p| p.node == Some(id)).count());
    for row in rows {
        let Some(Target::Pod(pod)) = row.target else { panic!("{row:?}") };
        assert_eq!(row.cells[0], session.world().pods.get(pod).unwrap().name.as_ref());
    }
}

/// While the next hop's hardware address is asked for, the frame has none to go to.
#[test]
fn a_frame_whose_next_hop_is_asked_for_has_no_destination_yet() {
    let session = pinged();
    let turn = session.turns().last().unwrap();
    let asks =
        |s: &&Step| matches!(&s.decision, Decision::Resolve { resolution: Resolution::Ask | Resolution::Wait, .. });
    let steps: Vec<&Step> = turn.record.steps.iter().filter(asks).collect();
    assert!(steps.len() > 1);
    for step in steps {
        let fields = of_step(step.before.as_ref(), step);
        let dst = fields.iter().find(|f| f.label == "eth-dst").unwrap();
        assert_eq!(dst.after, "—", "{:?}", step.decision);
    }
    let known = turn
        .record
        .steps
        .iter()
        .find(|s| matches!(&s.decision, Decision::Resolve { resolution: Resolution::Known { .. }, .. }));
    let fields = of_step(None, known.unwrap());
    assert_ne!(fields.iter().find(|f| f.label == "eth-dst").unwrap().after, "—");
}

/// The end of a walk of several packets belongs to the last of them.
#[test]
fn the_last_step_is_of_the_last_packet() {
    let mut session = article();
    let Action::Send { from, to, probe, .. } = ping("deploy/nginx/1", "deploy/nginx/2") else { unreachable!() };
    session.act(Action::Send { from, to, probe, count: 2 }).unwrap();
    let turn = session.turns().last().unwrap();
    let line = line(turn, Detail::Decisions);
    let probes: Vec<_> = turn.record.probes().collect();
    assert_eq!(probes.len(), 2);
    assert_eq!(probe_of(&turn.record, line[0]), Some(probes[0]));
    assert_eq!(probe_of(&turn.record, *line.last().unwrap()), Some(probes[1]));
}
