//! Nodes: a VM is created and boots, its kubelet registers it, the controller-manager gives it a block of addresses.
//! Source: kubernetes/kubernetes `pkg/controller/nodeipam/ipam/range_allocator.go`.

use super::{later, note, routes};
use crate::sim::cluster::{Ipam, Node, NodePhase, Pool};
use crate::sim::engine::Engine;
use crate::sim::engine::queue::Control;
use crate::sim::fabric::attach::{NewGuest, create_guest, delete_guest};
use crate::sim::fabric::nic::{AddressOwner, Nic};
use crate::sim::host::Role;
use crate::sim::ids::{ClusterId, NodeId, PodId};
use crate::sim::ipam::subnet_pool::{LeaseState, PoolError};
use crate::sim::packet::Protocol;
use crate::sim::record::decision::ControlStep;
use crate::sim::time::Span;
use std::rc::Rc;

/// Bounds of the time that a VM takes from creation to the registration of its node, in milliseconds. Simplified: an
/// even draw; real times vary with image and region.
const BOOT_MS: (u64, u64) = (60_000, 150_000);
/// From registration until the kubelet reports the node as ready. Simplified: fixed.
const READY_AFTER: Span = Span::secs(10);

/// Creates one more VM of a pool. Its address is leased at once; its node registers when it has booted.
pub(crate) fn create(
    engine: &mut Engine,
    cluster_id: ClusterId,
    pool: &Pool,
) -> Result<Option<NodeId>, PoolError<AddressOwner>> {
    let world = &mut engine.world;
    let Some(cluster) = world.clusters.get(cluster_id) else { return Ok(None) };
    let (recipe, suffix) = (Rc::clone(&cluster.recipe), Rc::clone(&cluster.suffix));
    let name = format!("aks-{}-{suffix}-vmss{}", pool.name, instance_suffix(pool.next_instance));
    let id = world.nodes.next_id();
    let new =
        NewGuest { name: &name, role: Role::Node(id), subnet: pool.subnet, lease: LeaseState::Node, address: None };
    let Some((host, nic)) = create_guest(world, new)? else { return Ok(None) };
    let node = Node {
        name: name.into(),
        cluster: cluster_id,
        pool: Rc::clone(&pool.name),
        instance: pool.next_instance,
        host,
        nic,
        phase: NodePhase::Booting,
        pod_cidr: None,
        created: world.now,
        registered: None,
        max_pods: pool.max_pods,
        cordoned: false,
        pod_subnet: pool.pod_subnet,
        monitor_due: false,
        ipam: Ipam::None,
        labels: Rc::clone(&pool.labels),
    };
    let address = world.nics.get(nic).and_then(Nic::primary);
    if let Some(host) = world.hosts.get_mut(host) {
        host.sockets.listen(Protocol::Tcp, 22);
        host.sockets.listen(Protocol::Tcp, 10250);
    }
    world.nodes.add(node);
    recipe.prepare_node(engine, id)?;
    let boot = Span::millis(engine.world.rng.between(BOOT_MS.0, BOOT_MS.1));
    if let Some(address) = address {
        note(engine, || ControlStep::VmCreated { node: id, address });
    }
    later(engine, boot, Control::RegisterNode(id));
    Ok(Some(id))
}

/// Instance numbers are written in base 36 with six places.
/// Source: MicrosoftDocs/azure-docs, virtual-machine-scale-sets-instance-ids.md.
fn instance_suffix(number: u32) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut rest = number as usize;
    let mut places = [b'0'; 6];
    for place in places.iter_mut().rev() {
        *place = DIGITS[rest % 36];
        rest /= 36;
    }
    places.iter().map(|b| char::from(*b)).collect()
}

/// The kubelet registers its node; the controller-manager sees it and gives it a block.
pub(super) fn register(engine: &mut Engine, id: NodeId) {
    let now = engine.world.now;
    let Some(node) = engine.world.nodes.get_mut(id) else { return };
    node.phase = NodePhase::NotReady;
    node.registered = Some(now);
    let cluster = node.cluster;
    note(engine, || ControlStep::NodeRegistered { node: id });
    allocate_block(engine, cluster, id);
    if let Some(recipe) = super::recipe_of(engine, cluster) {
        recipe.join(engine, id);
    }
    later(engine, READY_AFTER, Control::NodeReady(id));
    routes::due(engine, cluster);
}

fn allocate_block(engine: &mut Engine, cluster: ClusterId, id: NodeId) {
    let Some(set) = engine.world.clusters.get_mut(cluster).and_then(|c| c.node_cidrs.as_mut()) else { return };
    match set.allocate() {
        Ok(block) => {
            if let Some(node) = engine.world.nodes.get_mut(id) {
                node.pod_cidr = Some(block.net);
            }
            let (net, index, passed) = (block.net, block.index, block.passed);
            note(engine, || ControlStep::NodeCidr { node: id, block: net, index, passed });
        }
        Err(_) => note(engine, || ControlStep::NodeCidrExhausted { node: id }),
    }
}

pub(super) fn ready(engine: &mut Engine, id: NodeId) {
    let world = &mut engine.world;
    let Some(node) = world.nodes.get_mut(id).filter(|n| n.phase == NodePhase::NotReady) else { return };
    let Some(cluster) = world.clusters.get(node.cluster) else { return };
    if !cluster.recipe.node_can_be_ready(cluster, node) {
        return;
    }
    node.phase = NodePhase::Ready;
    let cluster = node.cluster;
    note(engine, || ControlStep::NodeReady { node: id });
    super::scheduler::due(engine, cluster);
}

/// Deletes a node with its VM and its pods; what controllers want elsewhere is scheduled anew.
pub(crate) fn delete(engine: &mut Engine, id: NodeId) {
    let pods: Vec<PodId> = engine.world.pods.iter().filter(|(_, p)| p.node == Some(id)).map(|(id, _)| id).collect();
    for pod in pods {
        super::kubelet::delete(engine, pod);
    }
    let world = &mut engine.world;
    let Some(node) = world.nodes.remove(id) else { return };
    let address = delete_guest(world, node.nic);
    if let (Some(block), Some(set)) =
        (node.pod_cidr, world.clusters.get_mut(node.cluster).and_then(|c| c.node_cidrs.as_mut()))
    {
        // The block is the set's own.
        let _ = set.release(block);
    }
    if let Some(subnet) = node.pod_subnet {
        super::pool::look_at_subnet(engine, subnet, false);
    }
    let (name, block, cluster) = (Rc::clone(&node.name), node.pod_cidr, node.cluster);
    if let Some(address) = address {
        note(engine, || ControlStep::NodeDeleted { name, block, address });
    }
    routes::due(engine, cluster);
    super::scheduler::due(engine, cluster);
}
