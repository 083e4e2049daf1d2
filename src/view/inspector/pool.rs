//! Tables of the addresses that a node has for its pods: who holds which, and what its pool monitor went by.

use super::{Row, RowState, Tab, Table, Why};
use crate::sim::cluster::Node;
use crate::sim::ids::NodeId;
use crate::sim::ipam::Grant;
use crate::sim::ipam::azure_vnet_ipam::AzureVnetIpam;
use crate::sim::ipam::cns::{Basis, Cns, Pass, PassAction, Target, Thresholds};
use crate::sim::ipam::host_local::Allocation;
use crate::sim::mode::container_id;
use crate::sim::world::World;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// The addresses of a node's own store, where it has one.
pub(super) fn of_node(world: &World, id: NodeId) -> Option<Table> {
    addresses(world, id, None)
}

/// What a plugin chose an address from.
pub(super) fn given(world: &World, node: NodeId, grant: &Grant) -> Vec<Table> {
    match grant {
        Grant::HostLocal(allocation) => vec![walk(allocation)],
        Grant::AzureVnet(given) => addresses(world, node, Some(given.address.addr())).into_iter().collect(),
        Grant::Cns(given) => addresses(world, node, Some(given.address.addr())).into_iter().collect(),
    }
}

fn addresses(world: &World, id: NodeId, won: Option<Ipv4Addr>) -> Option<Table> {
    let node = world.nodes.get(id)?;
    let held = node.azure_vnet().map(|pool| held(world, id, node, pool, won));
    held.or_else(|| node.cns().map(|cns| batches(node, cns, won)))
}

/// The addresses that host-local passed, and the one that it gave.
fn walk(allocation: &Allocation) -> Table {
    let passed = allocation
        .walked
        .iter()
        .map(|(address, skip)| Row::new(vec![address.to_string()]).mark(RowState::Lost, Some(Why::Skip(*skip))));
    let given = Row::new(vec![allocation.address.to_string()]).mark(RowState::Won, None);
    let rows = passed.chain([given]).collect();
    Table::new(Tab::Control, "lab-table-host-local", "", &["col-address"], rows).deciding(true)
}

/// Records of azure-vnet-ipam: a pod's name, or nobody.
fn held(world: &World, id: NodeId, node: &Node, pool: &AzureVnetIpam, won: Option<Ipv4Addr>) -> Table {
    let own = world.pods.iter().filter(|(_, pod)| pod.node == Some(id));
    let names: BTreeMap<String, &str> = own.map(|(pod, p)| (container_id(pod), p.name.as_ref())).collect();
    let rows = pool.records().map(|(address, holder)| {
        let pod = holder.and_then(|id| names.get(id.as_ref())).copied().unwrap_or("—");
        marked(Row::new(vec![address.to_string(), pod.to_owned()]), address, won, holder.is_some())
    });
    let tab = if won.is_some() { Tab::Control } else { Tab::Addresses };
    Table::new(tab, "lab-table-vnet-ipam", &*node.name, &["col-address", "pod"], rows.collect())
}

/// Addresses of azure-cns with their states, as it spells them.
fn batches(node: &Node, cns: &Cns, won: Option<Ipv4Addr>) -> Table {
    let rows = cns.ips().map(|(address, ip)| {
        let pod = ip.state.pod().map_or("—", |key| key.rsplit('/').next().unwrap_or(key));
        let cells = vec![address.to_string(), ip.state.code().to_owned(), pod.to_owned()];
        marked(Row::new(cells), address, won, ip.state.pod().is_some())
    });
    let tab = if won.is_some() { Tab::Control } else { Tab::Addresses };
    Table::new(tab, "lab-table-cns", &*node.name, &["col-address", "col-state", "pod"], rows.collect())
}

fn marked(row: Row, address: Ipv4Addr, won: Option<Ipv4Addr>, taken: bool) -> Row {
    match won {
        None => row,
        Some(won) if won == address => row.mark(RowState::Won, None),
        Some(_) if taken => row.mark(RowState::Lost, Some(Why::Said("skip-taken"))),
        Some(_) => row.mark(RowState::Dim, Some(Why::Said("lab-also-free"))),
    }
}

/// The branches of a pass in order, with their numbers, and the addresses it counted.
pub(super) fn pass(pass: &Pass) -> Vec<Table> {
    let branches = match pass.basis {
        Basis::Thresholds(by) => by_thresholds(pass, by),
        Basis::Target(target) => by_target(pass, target),
    };
    let columns = &["lab-col-condition", "lab-col-numbers"];
    vec![Table::in_order(Tab::Control, "lab-table-pass", "", columns, branches).deciding(true), counts(pass)]
}

fn by_thresholds(pass: &Pass, by: Thresholds) -> Vec<Row> {
    let (pool, taken) = (pass.pool, &pass.action);
    let grows = matches!(taken, PassAction::Grow { .. } | PassAction::AtMax);
    let shrinks = matches!(taken, PassAction::Shrink { .. });
    let growth = format!("{} < {}{}", pool.expected(), by.min_free, outcome(taken, grows));
    let release = format!("{} ≥ {}{}", pool.counts.current(), by.max_free, outcome(taken, shrinks));
    vec![
        branch("expectedAvailableIPs < minFreeIPs", growth, grows, false),
        branch("currentAvailableIPs ≥ maxFreeIPs", release, shrinks, grows),
        branch(
            "len(ipsNotInUse) ≠ pendingReleaseIPs",
            format!("≠ {}", pool.counts.pending_release),
            *taken == PassAction::CleanUp,
            grows || shrinks,
        ),
    ]
}

fn by_target(pass: &Pass, target: Target) -> Vec<Row> {
    let (before, taken) = (pass.pool.requested, &pass.action);
    let grows = matches!(taken, PassAction::Grow { .. });
    let shrinks = matches!(taken, PassAction::Shrink { .. } | PassAction::CannotRelease { .. });
    let Target { demand, batch, buffer_percent, max, size } = target;
    let formula = format!("min({max}, {batch} × ⌈{buffer_percent} % + {demand} ÷ {batch}⌉)");
    vec![
        Row::new(vec![formula, size.to_string()]),
        branch("target > requestedIPCount", format!("{size} > {before}{}", outcome(taken, grows)), grows, false),
        branch("target < requestedIPCount", format!("{size} < {before}{}", outcome(taken, shrinks)), shrinks, grows),
    ]
}

/// The new size beside the branch that led to it.
fn outcome(action: &PassAction, here: bool) -> String {
    match action {
        PassAction::Grow { from, to } | PassAction::Shrink { from, to, .. } if here => format!(" · {from} → {to}"),
        _ => String::new(),
    }
}

/// One condition: the first that holds decides.
fn branch(condition: &str, numbers: String, holds: bool, after: bool) -> Row {
    let row = Row::new(vec![condition.to_owned(), numbers]);
    match (holds, after) {
        (true, _) => row.mark(RowState::Won, None),
        (false, true) => row.mark(RowState::Dim, Some(Why::Said("fate-never-reached"))),
        (false, false) => row.mark(RowState::Lost, Some(Why::Said("lab-does-not-apply"))),
    }
}

fn counts(pass: &Pass) -> Table {
    let counts = pass.pool.counts;
    let rows = [
        ("Assigned", counts.assigned),
        ("Available", counts.available),
        ("PendingProgramming", counts.pending_programming),
        ("PendingRelease", counts.pending_release),
        ("requestedIPCount", pass.pool.requested),
    ];
    let rows = rows.map(|(name, n)| Row::new(vec![name.to_owned(), n.to_string()])).into();
    Table::in_order(Tab::Control, "lab-table-pool", "", &["col-state", "lab-col-count"], rows)
}
