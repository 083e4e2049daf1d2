//! What is shown near and what far: which machines open, and which of their pods have a box.

use crate::sim::host::{Host, Role};
use crate::sim::ids::{HostId, NicId, NodeId, PodId, SubnetId};
use crate::sim::order::{sort, sort_by_key};
use crate::sim::ordered::Ordered;
use crate::sim::world::World;
use crate::view::target::Target;

/// Machines that open even when no packet and no person asks for them.
const OPEN_UNASKED: usize = 2;

/// What to draw, and how near.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Focus {
    /// Hosts that a packet of the turn comes by.
    pub on_path: Ordered<HostId, ()>,
    pub selected: Option<Target>,
    /// Machines side by side, at least 1.
    pub columns: usize,
}

/// One subnet as it will be drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SubnetPlan {
    pub(super) open: Vec<NicId>,
    pub(super) far: Vec<NodeId>,
}

/// Every pod of a node, those with a namespace of their own first asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct NodePods {
    pub(super) own: Vec<PodId>,
    pub(super) host_network: Vec<PodId>,
}

/// Pods of the nodes that open.
pub(super) fn pods_by_node(world: &World, open: &Ordered<NodeId, ()>) -> Ordered<NodeId, NodePods> {
    let mut all: Ordered<NodeId, NodePods> = Ordered::default();
    for (id, pod) in world.pods.iter() {
        let Some(node) = pod.node.filter(|n| open.contains_key(n)) else { continue };
        let pods = all.get_or_insert_with(node, Default::default);
        if pod.host_network {
            pods.host_network.push(id);
        } else {
            pods.own.push(id);
        }
    }
    all
}

/// The pods that have a box when only so many fit, in order of age: those that a person made, then the cluster's own. A
/// pod on the packet's way, or one that was picked, takes the place of the last of them, so that the others keep theirs.
pub(super) fn shown_pods(world: &World, pods: &[PodId], slots: usize, focus: &Focus) -> Vec<PodId> {
    if pods.len() <= slots {
        return pods.to_vec();
    }
    let asked = |id: &PodId| {
        let host = world.pods.get(*id).and_then(|p| p.host);
        host.is_some_and(|h| focus.on_path.contains_key(&h)) || focus.selected == Some(Target::Pod(*id))
    };
    let mut shown = pods.to_vec();
    sort_by_key(&mut shown, |id| world.pods.get(*id).is_none_or(|p| p.namespace.as_ref() == "kube-system"));
    shown.truncate(slots.saturating_sub(1));
    sort(&mut shown);
    for id in pods.iter().filter(|id| asked(id)) {
        if shown.contains(id) {
            continue;
        }
        match shown.iter_mut().rev().find(|other| !asked(other)) {
            Some(other) => *other = *id,
            None => shown.push(*id),
        }
    }
    shown
}

/// Which machines of each subnet open, and which nodes are cells.
pub(super) fn subnets(world: &World, focus: &Focus) -> Ordered<SubnetId, SubnetPlan> {
    let open = open_machines(world, focus);
    let mut plans: Ordered<SubnetId, SubnetPlan> =
        world.subnets.iter().map(|(id, _)| (id, SubnetPlan::default())).collect();
    for (id, nic) in world.nics.iter() {
        let plan = plans.get_or_insert_with(nic.subnet, Default::default);
        match world.hosts.get(nic.host).map(|h| h.role) {
            Some(Role::Node(node)) if !open.contains_key(&nic.host) => plan.far.push(node),
            Some(_) => plan.open.push(id),
            None => {}
        }
    }
    for (id, _) in world.subnets.iter() {
        let Some(plan) = plans.get_mut(&id) else { continue };
        // Pool by pool, in the order in which the pools came.
        sort_by_key(&mut plan.open, |nic| world.nics.get(*nic).map(|n| pool_rank(world, n.host)));
        sort_by_key(&mut plan.far, |node| world.nodes.get(*node).map(|n| pool_rank(world, n.host)));
    }
    plans
}

/// Order of nodes: by cluster, pool and instance; other machines come after them.
fn pool_rank(world: &World, host: HostId) -> (u32, usize, u32) {
    let rank = || {
        let Role::Node(id) = world.hosts.get(host)?.role else { return None };
        let node = world.nodes.get(id)?;
        let pools = &world.clusters.get(node.cluster)?.pools;
        let pool = pools.iter().position(|p| p.name == node.pool)?;
        Some((node.cluster.0, pool, node.instance))
    };
    rank().unwrap_or((u32::MAX, 0, 0))
}

/// Hosts of nodes that open: those on the way, the one that was picked, and the first ones while there is room.
fn open_machines(world: &World, focus: &Focus) -> Ordered<HostId, ()> {
    let picked = focus.selected.and_then(|t| machine_of(world, t));
    let mut open: Ordered<HostId, ()> = world
        .nodes
        .values()
        .map(|n| n.host)
        .filter(|h| focus.on_path.contains_key(h) || Some(*h) == picked)
        .map(|h| (h, ()))
        .collect();
    for node in world.nodes.values() {
        if open.len() >= OPEN_UNASKED {
            break;
        }
        open.insert(node.host, ());
    }
    open
}

/// The host of the node or VM to which a thing belongs.
fn machine_of(world: &World, target: Target) -> Option<HostId> {
    let of_host = |host: HostId| match world.hosts.get(host).map(|h: &Host| h.role)? {
        Role::Pod(pod) => world.pods.get(pod)?.node.and_then(|n| world.nodes.get(n)).map(|n| n.host),
        Role::Node(_) | Role::Vm => Some(host),
    };
    match target {
        Target::Node(id) | Target::Pods(id) => world.nodes.get(id).map(|n| n.host),
        Target::Pod(id) => world.pods.get(id)?.node.and_then(|n| world.nodes.get(n)).map(|n| n.host),
        Target::Nic(id) => world.nics.get(id).map(|n| n.host),
        Target::Host(id) => of_host(id),
        Target::Interface(id) => of_host(id.host),
        _ => None,
    }
}
