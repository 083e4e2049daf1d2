//! The inspector, the strip of header fields and the bar of hops.

use crate::fixture::{article, ping};
use podhop::session::{Cursor, Session};
use podhop::sim::record::Step;
use podhop::sim::record::decision::Decision;
use podhop::view::header::fields;
use podhop::view::hops::{leg_at, legs};
use podhop::view::inspector::{RowState, Tab, Table, subject_of_step, subject_of_target, tables};
use podhop::view::line::{Detail, line};
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
