//! The route controller: one user-defined route for each node that has a block.
//! Source: kubernetes-sigs/cloud-provider-azure `pkg/provider/azure_routes.go`.

use super::{later, note};
use crate::sim::engine::Engine;
use crate::sim::engine::queue::Control;
use crate::sim::fabric::next_hop::UserNextHop;
use crate::sim::fabric::route_table::UserRoute;
use crate::sim::ids::{ClusterId, NodeId, RouteTableId};
use crate::sim::order::sort_by_key;
use crate::sim::ordered::Ordered;
use crate::sim::record::decision::ControlStep;
use crate::sim::time::Span;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// Changes are gathered for this long and written in one request (`routeUpdateInterval`).
pub const UPDATE_INTERVAL: Span = Span::secs(30);

/// Has the table written after the interval, unless a write is due already.
pub(super) fn due(engine: &mut Engine, id: ClusterId) {
    let Some(cluster) = engine.world.clusters.get_mut(id) else { return };
    if cluster.route_table.is_some() && !cluster.routes_due {
        cluster.routes_due = true;
        later(engine, UPDATE_INTERVAL, Control::WriteRoutes(id));
    }
}

/// Somebody changed a table: a controller that misses a route of its own there writes it again.
/// Simplified: it notices at once; the real one looks every ten seconds, at a copy that may be two minutes old.
/// Source: kubernetes/cloud-provider `controllers/route/route_controller.go`; kubernetes-sigs/cloud-provider-azure
/// `pkg/provider/azure_routes.go` (`routeTableCacheTTLDefaultInSeconds`).
pub fn table_changed(engine: &mut Engine, name: &str) {
    let Some(table) = engine.world.route_table_named(name) else { return };
    let keeps = engine.world.clusters.iter().filter(|(_, c)| c.route_table == Some(table));
    let keepers: Vec<ClusterId> = keeps.map(|(id, _)| id).collect();
    for id in keepers {
        let misses = wanted(engine, id).iter().any(|(_, name, prefix, _)| !has(engine, table, name, *prefix));
        if misses {
            due(engine, id);
        }
    }
}

/// Whether the table has a node's route. Names and prefixes are compared, so another next hop stays.
fn has(engine: &Engine, table: RouteTableId, name: &str, prefix: Ipv4Net) -> bool {
    let table = engine.world.route_tables.get(table);
    table.and_then(|t| t.get(name)).is_some_and(|route| route.prefix == prefix)
}

/// Makes the table say what the nodes need.
pub(crate) fn write(engine: &mut Engine, id: ClusterId) {
    let Some(cluster) = engine.world.clusters.get_mut(id) else { return };
    cluster.routes_due = false;
    let Some(table) = cluster.route_table else { return };
    engine.world.policy_changed();
    remove_stale(engine, table);
    for (node, name, prefix, next_hop) in wanted(engine, id) {
        put(engine, table, node, &name, prefix, next_hop);
    }
}

type Wanted = (NodeId, Rc<str>, Ipv4Net, Ipv4Addr);

/// Nodes in order of registration: the order in which their routes are created.
fn wanted(engine: &Engine, cluster: ClusterId) -> Vec<Wanted> {
    let world = &engine.world;
    let mut nodes: Vec<_> = world.nodes.iter().filter(|(_, n)| n.cluster == cluster).collect();
    sort_by_key(&mut nodes, |(id, n)| (n.registered, *id));
    nodes
        .into_iter()
        .filter_map(|(id, n)| Some((id, Rc::clone(&n.name), n.pod_cidr?, world.nics.get(n.nic)?.primary()?)))
        .collect()
}

fn remove_stale(engine: &mut Engine, id: RouteTableId) {
    let world = &engine.world;
    let names: Ordered<Rc<str>, ()> = world.nodes.values().map(|n| (Rc::clone(&n.name), ())).collect();
    let Some(table) = world.route_tables.get(id) else { return };
    // Routes that a person added have other names and other next hops; the controller owns those with a node's name.
    let stale: Vec<Rc<str>> = table
        .routes()
        .filter(|r| is_node_name(&r.name) && !names.contains_key(&r.name))
        .map(|r| Rc::clone(&r.name))
        .collect();
    for name in stale {
        if let Some(table) = engine.world.route_tables.get_mut(id) {
            table.remove(&name);
        }
        note(engine, || ControlStep::RouteRemoved { table: id, name });
    }
}

/// As the nodes of a scale set are called: `aks-POOL-NUMBER-vmssINSTANCE`.
fn is_node_name(name: &str) -> bool {
    name.starts_with("aks-") && name.split('-').any(|part| part.starts_with("vmss"))
}

fn put(engine: &mut Engine, id: RouteTableId, node: NodeId, name: &Rc<str>, prefix: Ipv4Net, next_hop: Ipv4Addr) {
    if has(engine, id, name, prefix) {
        return;
    }
    let route = UserRoute { name: Rc::clone(name), prefix, next_hop: UserNextHop::VirtualAppliance(next_hop) };
    let Some(table) = engine.world.route_tables.get_mut(id) else { return };
    match table.put(route) {
        Ok(_) => note(engine, || ControlStep::RouteWritten { table: id, node, prefix, next_hop }),
        Err(_) => note(engine, || ControlStep::RouteLimit { table: id, node }),
    }
}
