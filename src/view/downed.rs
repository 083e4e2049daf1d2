//! The link that is down where a packet is lost for want of it. What the step itself says may be of a bystander: a bridge
//! that has lost the port floods, and everybody else gets a copy.

use crate::sim::host::Role;
use crate::sim::host::interface::InterfaceKind;
use crate::sim::ids::{HostId, InterfaceId};
use crate::sim::record::decision::{Decision, DropReason};
use crate::sim::record::{Place, Step};
use crate::sim::world::World;
use std::net::Ipv4Addr;

/// An end of a veth pair that is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Downed {
    pub end: InterfaceId,
    /// Who hangs on it.
    pub pod: HostId,
}

/// The downed end, on this machine, of the pair on which the one hangs that a lost packet is for.
pub fn downed(world: &World, step: &Step) -> Option<Downed> {
    let Decision::Drop(reason) = step.decision else { return None };
    if !matches!(reason, DropReason::NotForMe | DropReason::NeighborFailed | DropReason::NoCarrier) {
        return None;
    }
    let Place::Host(at) = step.at else { return None };
    if reason == DropReason::NoCarrier {
        return beyond(world, InterfaceId { host: at, index: step.dev? });
    }
    let frame = step.after.as_ref().or(step.before.as_ref())?;
    toward(world, machine_of(world, at)?, frame.body.packet()?.dst)
}

/// The other end of a pair, where it is down.
fn beyond(world: &World, near: InterfaceId) -> Option<Downed> {
    let InterfaceKind::Veth { peer } = world.hosts.get(near.host)?.interface(near.index)?.kind else { return None };
    let far = world.hosts.get(peer.host)?;
    let is_pod = matches!(far.role, Role::Pod(_));
    let down = far.interface(peer.index).is_some_and(|i| !i.up);
    down.then_some(Downed { end: peer, pod: if is_pod { peer.host } else { near.host } })
}

fn toward(world: &World, machine: HostId, dst: Ipv4Addr) -> Option<Downed> {
    let pod = world.host_at(dst)?;
    world.hosts.get(pod)?.interfaces.values().find_map(|eth| {
        let InterfaceKind::Veth { peer } = eth.kind else { return None };
        let near = world.hosts.get(peer.host).filter(|_| peer.host == machine)?.interface(peer.index)?;
        let own = InterfaceId { host: pod, index: eth.index };
        let end = if near.up { own } else { peer };
        (!near.up || !eth.up).then_some(Downed { end, pod })
    })
}

/// The machine that a host is, or that the pod is on.
fn machine_of(world: &World, host: HostId) -> Option<HostId> {
    match world.hosts.get(host)?.role {
        Role::Pod(pod) => world.nodes.get(world.pods.get(pod)?.node?).map(|n| n.host),
        Role::Node(_) | Role::Vm => Some(host),
    }
}
