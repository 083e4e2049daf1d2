//! The inventory: what is shown of a world, what is folded, and what can be done to each row.

use crate::fixture::*;
use podhop::session::Session;
use podhop::sim::action::Action;
use podhop::text::Text;
use podhop::view::form::check;
use podhop::view::inventory::{Deed, FIRST, Fact, Row, RowKind, Shown, inventory};

fn line(row: &Row) -> String {
    let sign = match row.open {
        None => ' ',
        Some(true) => '-',
        Some(false) => '+',
    };
    format!("{}{sign}{}", "  ".repeat(usize::from(row.depth)), row.key.kind.code())
}

fn tree(session: &Session, shown: &Shown) -> Vec<String> {
    inventory(session.world(), shown).iter().map(line).collect()
}

#[test]
fn the_article_at_first() {
    assert_eq!(
        tree(&article(), &Shown::default()),
        [
            "-vnet",
            "   subnet",
            "-cluster",
            "  -pool",
            "    +node",
            "    +node",
            "   deployment",
            "-route-table",
            "   route",
            "   route",
        ]
    );
}

#[test]
fn rows_open_and_close() {
    let session = article();
    let rows = inventory(session.world(), &Shown::default());
    let turned = rows.iter().filter(|r| matches!(r.key.kind, RowKind::Vnet | RowKind::Node)).map(|r| r.key).collect();
    let shown = Shown { turned, ..Shown::default() };
    let lines = tree(&session, &shown);
    let pods = session.world().pods.values().filter(|p| !p.host_network).count();
    assert_eq!(lines.iter().filter(|l| l.ends_with(" pod")).count(), pods, "{lines:?}");
    assert_eq!(lines[0], "+vnet");
}

#[test]
fn many_siblings_are_counted() {
    let plan = [
        vnet("vnet01", "10.0.0.0/16"),
        subnet("vnet01", "vlan01", "10.0.0.0/22"),
        kubenet_cluster("10.244.0.0/16", 60),
    ];
    let session = session(1, plan);
    let pool = inventory(session.world(), &Shown::default()).into_iter().find(|r| r.key.kind == RowKind::Pool).unwrap();
    assert_eq!(pool.open, Some(false));
    let mut shown = Shown { turned: [pool.key].into(), ..Shown::default() };
    let rows = inventory(session.world(), &shown);
    let nodes = |rows: &[Row]| rows.iter().filter(|r| r.key.kind == RowKind::Node).count();
    assert_eq!(nodes(&rows), FIRST);
    let more = rows.iter().find(|r| r.key.kind == RowKind::More).unwrap();
    shown.more.insert(more.key.parent_of_more(), 50);
    assert_eq!(nodes(&inventory(session.world(), &shown)), 60);
}

#[test]
fn a_filter_finds_by_name_and_address() {
    let session = article();
    let count = |filter: &str| inventory(session.world(), &Shown { filter: filter.into(), ..Shown::default() }).len();
    assert_eq!((count("nginx"), count("vmss"), count("10.0.0.4"), count("nobody")), (3, 2, 1, 0));
}

#[test]
fn whatever_a_row_offers_can_be_asked() {
    let mut session = article();
    session.act(podhop::sim::action::Action::CreateNsg { name: "nsg01".into(), resource_group: None }).unwrap();
    let keys =
        inventory(session.world(), &Shown::default()).into_iter().filter(|r| r.open == Some(false)).map(|r| r.key);
    let shown = Shown { turned: keys.collect(), ..Shown::default() };
    for row in inventory(session.world(), &shown) {
        for deed in &row.deeds {
            match deed {
                Deed::Form(kind, typed) => {
                    let values = podhop::view::form::suggest(*kind, session.world(), typed);
                    assert_eq!(check(&session, *kind, &values).faults, [], "{} {deed:?}", row.name);
                }
                // What is in use says so; all else is done.
                Deed::Now(code, actions) => {
                    let result = actions.iter().try_for_each(|a| session.try_action(a));
                    assert!(result.is_ok() || *code == "delete", "{} {deed:?}: {result:?}", row.name);
                }
            }
        }
    }
}

/// A deployment whose pods find no node says why; `kubectl describe pod` tells it of each pod.
#[test]
fn a_deployment_says_why_its_pods_wait() {
    let said = |mut session: Session, actions: Vec<Action>| -> Option<&'static str> {
        for action in actions {
            session.act(action).unwrap();
        }
        let rows = inventory(session.world(), &Shown::default());
        let row = rows.into_iter().find(|r| r.key.kind == RowKind::Deployment).unwrap();
        row.facts.into_iter().find_map(|fact| if let Fact::State(code) = fact { Some(code) } else { None })
    };
    let scale = |replicas| Action::ScaleDeployment { cluster: "aks01".into(), name: "nginx".into(), replicas };
    let world = article();
    let nodes = [0, 1].map(|n| world.world().nodes.values().find(|node| node.instance == n).unwrap().name.to_string());
    let cordon = |n: usize| Action::Cordon { node: nodes[n].clone(), on: true };
    for (actions, why) in [
        (vec![scale(4)], None),
        (vec![scale(250)], Some("nodes-full")),
        (vec![cordon(0), scale(4)], None),
        (vec![cordon(0), cordon(1), scale(4)], Some("nodes-cordoned")),
        // The other node takes none: it is cordoned.
        (vec![cordon(0), scale(250)], Some("nodes-full")),
    ] {
        let settled = actions.iter().cloned().chain([Action::Settle]).collect();
        assert_eq!(said(article(), settled), why, "{actions:?}");
    }
    // The controller has made the pods, and the scheduler has not come by again.
    let uncordoned = Action::Cordon { node: nodes[0].clone(), on: false };
    let waits = vec![cordon(0), cordon(1), scale(4), Action::Settle, uncordoned];
    assert_eq!(said(article(), waits), Some("not-placed-yet"));
    let plan =
        [vnet("vnet01", "10.0.0.0/16"), subnet("vnet01", "vlan01", "10.0.0.0/22"), kubenet_cluster("10.244.0.0/16", 1)];
    let deployment =
        Action::CreateDeployment { cluster: "aks01".into(), name: "nginx".into(), image: "nginx".into(), replicas: 1 };
    let early = vec![deployment, Action::Wait { ms: 1000 }];
    assert_eq!(said(session(1, plan), early), Some("no-node-ready"));
    for why in ["nodes-full", "nodes-cordoned", "not-placed-yet", "no-node-ready"] {
        assert!(Text::english().has(&format!("build-state-{why}")), "{why}");
    }
}
