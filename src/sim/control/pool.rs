//! The addresses that a node gets in batches for its pods: the node's pool monitor asks, Azure's side answers, and the
//! host is programmed to deliver to what is new.
//! Source: Azure/azure-container-networking `cns/ipampool/monitor.go`, `docs/feature/ipammath/0-background.md`. Azure's
//! side is closed; its times here are simplified, as is what [`controller`] decides.

use super::{later, note};
use crate::sim::cluster::{Ipam, NodePhase};
use crate::sim::engine::Engine;
use crate::sim::engine::queue::{Control, PoolTurn};
use crate::sim::fabric::attach::{add_addresses, remove_address, set_lease};
use crate::sim::ids::{NodeId, SubnetId};
use crate::sim::ipam::cns::controller::{self, Change};
use crate::sim::ipam::cns::{
    ApiServer, Cns, MonitorVersion, NcStatus, NetworkContainer, NncSpec, PassAction, Publish, Scaler, Signals,
};
use crate::sim::ipam::subnet_pool::LeaseState;
use crate::sim::record::decision::ControlStep;
use crate::sim::time::Span;
use std::net::Ipv4Addr;

/// How often the monitor looks. Simplified: only while there is something to see.
/// Source: Azure/azure-container-networking `cns/ipampool/monitor.go` (default of one second).
const POLL: Span = Span::secs(1);
/// From a new spec until Azure's side has acted on it. Simplified: fixed.
const ANSWER: Span = Span::secs(2);
/// From there until the host is programmed. Simplified: fixed.
const PROGRAM: Span = Span::secs(1);
/// From a refusal until Azure's side tries again. Simplified: fixed.
const RETRY: Span = Span::secs(20);
/// From the first programmed address until the kubelet reports a node that waited for it as ready. Simplified: fixed.
const READY_AFTER_PROGRAM: Span = Span::secs(1);

/// Handles the turn of one of the loops.
pub(crate) fn run(engine: &mut Engine, id: NodeId, turn: PoolTurn) {
    match turn {
        PoolTurn::Monitor => monitor(engine, id),
        PoolTurn::Request | PoolTurn::Retry => answer(engine, id),
        PoolTurn::Programmed => programmed(engine, id),
    }
}

/// A node that has joined asks for its first batch.
pub(crate) fn start(engine: &mut Engine, id: NodeId, monitor: MonitorVersion) {
    let Some(node) = engine.world.nodes.get_mut(id) else { return };
    let scaler = Scaler { max_ip_count: node.max_pods.into(), ..Scaler::default() }.clamped();
    let first = NncSpec { requested: scaler.batch_size, not_in_use: Vec::new() };
    node.ipam = Ipam::Cns(Box::new(Cns::new(scaler, monitor, first)));
    later(engine, ANSWER, Control::Pool(id, PoolTurn::Request));
}

/// Has the monitor of a node look soon, unless it will anyway.
pub(crate) fn look(engine: &mut Engine, id: NodeId) {
    let Some(node) = engine.world.nodes.get_mut(id).filter(|n| !n.monitor_due) else { return };
    node.monitor_due = true;
    later(engine, POLL, Control::Pool(id, PoolTurn::Monitor));
}

/// One pass of the monitor.
fn monitor(engine: &mut Engine, id: NodeId) {
    let (now, demand) = (engine.world.now, demand(engine, id));
    let world = &mut engine.world;
    let Some(node) = world.nodes.get_mut(id) else { return };
    node.monitor_due = false;
    let Some(subnet) = node.pod_subnet else { return };
    let exhausted = world.subnets.get(subnet).is_some_and(|s| s.exhausted);
    let Some(cns) = node.cns_mut() else { return };
    let pass = cns.pass(Signals { exhausted, demand, api_server: ApiServer::Answers }, now);
    if let PassAction::Shrink { marked, .. } = &pass.action {
        for address in marked {
            set_lease(world, subnet, *address, LeaseState::PendingRelease);
        }
    }
    let published = pass.publish == Publish::Done;
    if pass.action != PassAction::Nothing {
        note(engine, || ControlStep::PoolMonitored { node: id, pass });
    }
    if published {
        later(engine, ANSWER, Control::Pool(id, PoolTurn::Request));
        look(engine, id);
    }
}

/// Whether addresses are on their way to a node's pool, or may be after the next look.
pub(super) fn grows(engine: &Engine, id: NodeId) -> bool {
    let Some(node) = engine.world.nodes.get(id) else { return false };
    let Some(cns) = node.cns() else { return false };
    let refused = cns.network_container().is_some_and(|nc| nc.status == NcStatus::SubnetFull);
    let held = u32::try_from(cns.ips().count()).unwrap_or(u32::MAX);
    !refused && (node.monitor_due || cns.spec().requested > held || cns.counts().pending_programming > 0)
}

/// Pods on a node that want an address of its pool.
fn demand(engine: &Engine, id: NodeId) -> u32 {
    let pods = engine.world.pods.values().filter(|p| p.node == Some(id) && !p.host_network && !p.has_ended());
    u32::try_from(pods.count()).unwrap_or(u32::MAX)
}

/// Azure's side does what a node's spec asks.
fn answer(engine: &mut Engine, id: NodeId) {
    let world = &engine.world;
    let Some(node) = world.nodes.get(id) else { return };
    let (Some(cns), Some(subnet), nic) = (node.cns(), node.pod_subnet, node.nic) else { return };
    let Some(free) = world.subnets.get(subnet).map(|s| s.pool.counts().free) else { return };
    let held: Vec<Ipv4Addr> = cns.ips().map(|(address, _)| address).collect();
    let change = controller::reconcile(cns.spec(), &held, free);
    let version = cns.network_container().map_or(0, |nc| nc.version + 1);
    let refused = change.status == NcStatus::SubnetFull;
    let wanted = cns.spec().requested;
    let container = NetworkContainer { id: container_name(&node.name), version, status: change.status };
    // First the new ones: an address given back must not come back at once under the name of a new one.
    let world = &mut engine.world;
    let added = add_addresses(world, nic, subnet, change.add, LeaseState::HeldInBatch).unwrap_or_default();
    for address in &change.remove {
        remove_address(world, nic, *address);
    }
    tell(engine, id, container, held, &added, &change);
    if refused {
        note(engine, || ControlStep::PoolRefused { node: id, subnet, wanted, free });
        later(engine, RETRY, Control::Pool(id, PoolTurn::Retry));
    }
    changed(engine, id, subnet, added, change);
    look_at_subnet(engine, subnet, refused);
}

/// Name of a node's network container. The real one is a random id.
fn container_name(node: &str) -> std::rc::Rc<str> {
    format!("nc-{node}").into()
}

/// The node takes over what the controller wrote.
fn tell(
    engine: &mut Engine,
    id: NodeId,
    container: NetworkContainer,
    mut held: Vec<Ipv4Addr>,
    added: &[Ipv4Addr],
    change: &Change,
) {
    let now = engine.world.now;
    held.retain(|address| !change.remove.contains(address));
    held.extend(added);
    if let Some(cns) = engine.world.nodes.get_mut(id).and_then(|n| n.cns_mut()) {
        // Only addresses that the node offered were taken, and no pod has one of those.
        let _ = cns.apply(container, &held, now);
    }
}

fn changed(engine: &mut Engine, id: NodeId, subnet: SubnetId, added: Vec<Ipv4Addr>, change: Change) {
    let removed = change.remove;
    if !added.is_empty() {
        later(engine, PROGRAM, Control::Pool(id, PoolTurn::Programmed));
    } else if !removed.is_empty() {
        look(engine, id);
    }
    if !added.is_empty() || !removed.is_empty() {
        note(engine, || ControlStep::PoolChanged { node: id, subnet, added, removed });
    }
}

/// The host delivers to all that the node was given.
fn programmed(engine: &mut Engine, id: NodeId) {
    let now = engine.world.now;
    let Some(node) = engine.world.nodes.get_mut(id) else { return };
    let waits = node.phase == NodePhase::NotReady;
    let Some(cns) = node.cns_mut() else { return };
    let Some(version) = cns.network_container().map(|nc| nc.version) else { return };
    let ready = u32::try_from(cns.sync_host_version(version, now).len()).unwrap_or(u32::MAX);
    note(engine, || ControlStep::PoolProgrammed { node: id, addresses: ready });
    if waits {
        later(engine, READY_AFTER_PROGRAM, Control::NodeReady(id));
    }
    look(engine, id);
}

/// Whether hardly an address is left in a pod subnet, and whether its nodes have to be told.
pub(super) fn look_at_subnet(engine: &mut Engine, id: SubnetId, unmet: bool) {
    let world = &engine.world;
    let Some(subnet) = world.subnets.get(id) else { return };
    let pools = world.nodes.values().filter(|n| n.pod_subnet == Some(id)).filter_map(|n| n.cns());
    let shortfall = pools.map(shortfall).sum();
    let (free, batch) = (subnet.pool.counts().free, Scaler::default().batch_size);
    let exhausted = controller::exhausted(subnet.exhausted, &controller::Subnet { free, shortfall, batch, unmet });
    if exhausted == subnet.exhausted {
        return;
    }
    let nodes: Vec<NodeId> =
        world.nodes.iter().filter(|(_, n)| n.pod_subnet == Some(id)).map(|(node, _)| node).collect();
    if let Some(subnet) = engine.world.subnets.get_mut(id) {
        subnet.exhausted = exhausted;
    }
    note(engine, || ControlStep::SubnetExhausted { subnet: id, exhausted });
    for node in nodes {
        look(engine, node);
    }
}

/// Addresses that a node would still take if there were enough.
fn shortfall(cns: &Cns) -> u64 {
    let counts = cns.counts();
    let target = cns.scaler().target(counts.assigned, false);
    u64::from(target.size.saturating_sub(counts.held()))
}
