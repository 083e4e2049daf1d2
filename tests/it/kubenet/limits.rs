//! How many nodes, blocks and routes there can be, and when.

use super::after;
use crate::fixture::*;
use podhop::session::Session;
use podhop::sim::action::Action;
use podhop::sim::fabric::next_hop::UserNextHop;
use podhop::sim::fabric::route_table::UserRoute;

/// A gap that can be watched: between registration and the next write of the route table, pods of the new node cannot
/// be reached across nodes.
#[test]
fn the_route_lands_later() {
    let mut session = session(ARTICLE_SEED, article_actions().into_iter().take(3));
    let routes = |s: &Session| s.world().route_tables.values().next().unwrap().len();
    let registered = |s: &Session| s.world().nodes.values().filter(|n| n.registered.is_some()).count();
    let mut seen = Vec::new();
    for _ in 0..40 {
        session.act(Action::Wait { ms: 5_000 }).unwrap();
        seen.push((registered(&session), routes(&session)));
    }
    seen.dedup();
    assert_eq!(seen, [(0, 0), (1, 0), (1, 1), (2, 1), (2, 2)]);
}

/// The controller misses a route of its own that somebody deletes and writes it again; one that is only sent elsewhere it
/// takes for its own (components.md 3.3).
#[test]
fn a_deleted_route_comes_again() {
    let session = article();
    let (table, routes): (String, Vec<_>) = {
        let table = session.world().route_tables.values().next().unwrap();
        (table.name.to_string(), table.routes().cloned().collect())
    };
    let now = |s: &Session| s.world().route_tables.values().next().unwrap().routes().cloned().collect::<Vec<_>>();
    let wait = |s: &Session, ms| after(s, Action::Wait { ms });
    let deleted = after(&session, Action::DeleteRoute { table: table.clone(), name: routes[0].name.to_string() });
    assert_eq!(now(&wait(&deleted, 29_000)).len(), 1, "writes are gathered");
    let mut again = now(&wait(&deleted, 31_000));
    again.sort_by_key(|r| r.prefix);
    assert_eq!(again, routes);
    let elsewhere = UserRoute { next_hop: UserNextHop::None, ..routes[0].clone() };
    let changed = after(&session, Action::PutRoute { table, route: elsewhere.clone() });
    assert!(now(&wait(&changed, 90_000)).contains(&elsewhere));
}

/// T21: a released block is not given again until the cursor comes round. T22: the 257th node of a /16 gets none.
#[test]
fn blocks_of_nodes() {
    let mut session = session(
        3,
        [
            vnet("vnet01", "10.0.0.0/16"),
            subnet("vnet01", "vlan01", "10.0.0.0/20"),
            kubenet_cluster("10.244.0.0/16", 3),
            Action::Settle,
        ],
    );
    let holder = |s: &Session, block: &str| {
        let world = s.world();
        world.nodes.values().find(|n| n.pod_cidr.is_some_and(|b| b.to_string() == block)).map(|n| n.name.to_string())
    };
    let gone = holder(&session, "10.244.1.0/24").unwrap();
    session.act(Action::DeleteNode { name: gone }).unwrap();
    session.act(Action::ScalePool { cluster: "aks01".into(), pool: "nodepool1".into(), count: 3 }).unwrap();
    session.act(Action::Settle).unwrap();
    assert_eq!(holder(&session, "10.244.1.0/24"), None);
    assert!(holder(&session, "10.244.3.0/24").is_some());
    session.act(Action::ScalePool { cluster: "aks01".into(), pool: "nodepool1".into(), count: 257 }).unwrap();
    session.act(Action::Settle).unwrap();
    let without = session.world().nodes.values().filter(|n| n.pod_cidr.is_none()).count();
    assert_eq!(without, 1, "256 blocks, 257 nodes");
}

/// T22: the 401st node of a wider range gets a block but no route.
#[test]
fn route_limit() {
    let session = session(
        3,
        [
            vnet("vnet01", "10.0.0.0/16"),
            subnet("vnet01", "vlan01", "10.0.0.0/20"),
            kubenet_cluster("10.244.0.0/15", 401),
            Action::Settle,
        ],
    );
    let world = session.world();
    assert_eq!(world.nodes.values().filter(|n| n.pod_cidr.is_some()).count(), 401);
    assert_eq!(world.route_tables.values().next().unwrap().len(), 400);
}

/// T18, T19: nodes are bounded by the addresses of their subnet.
#[test]
fn nodes_fit_the_subnet() {
    for (prefix, fits) in [("10.0.0.0/27", 27), ("10.0.0.0/24", 251)] {
        let mut ok = Session::new(1);
        for action in [vnet("vnet01", "10.0.0.0/16"), subnet("vnet01", "vlan01", prefix)] {
            ok.act(action).unwrap();
        }
        assert!(ok.try_action(&kubenet_cluster("10.244.0.0/15", fits)).is_ok(), "{prefix}: {fits}");
        let error = ok.try_action(&kubenet_cluster("10.244.0.0/15", fits + 1)).unwrap_err();
        assert_eq!(error.code(), "InsufficientSubnetSize", "{prefix}: {}", fits + 1);
    }
}
