//! The veth pair of a pod, which every plugin makes.

use crate::sim::addr::Mac;
use crate::sim::engine::Engine;
use crate::sim::host::interface::InterfaceKind;
use crate::sim::host::{Host, Role};
use crate::sim::ids::{HostId, IfIndex, InterfaceId, PodId};
use ipnet::Ipv4Net;
use std::rc::Rc;

/// The pair to make.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewPair<'a> {
    pub node: HostId,
    pub pod: PodId,
    /// Name of the node's end.
    pub name: &'a str,
    /// Hardware addresses of the node's end and of the pod's.
    pub near: Mac,
    pub far: Mac,
    pub address: Ipv4Net,
}

/// Both ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub node: HostId,
    pub port: IfIndex,
    pub pod: HostId,
    pub eth0: IfIndex,
}

/// Makes the pod's namespace with `eth0` and its address, and the other end on the node.
pub(super) fn plug(engine: &mut Engine, new: NewPair<'_>) -> Option<Pair> {
    let world = &mut engine.world;
    let name = Rc::clone(&world.pods.get(new.pod)?.name);
    let pod = world.hosts.next_id();
    let mut host = Host::new(&name, Role::Pod(new.pod));
    let node = world.hosts.get_mut(new.node)?;
    let port = node.next_index();
    let peer = InterfaceId { host: new.node, index: port };
    let eth0 = host.add_interface("eth0", new.far, InterfaceKind::Veth { peer });
    node.add_interface(new.name, new.near, InterfaceKind::Veth { peer: InterfaceId { host: pod, index: eth0 } });
    host.add_address(eth0, new.address);
    world.hosts.add(host);
    Some(Pair { node: new.node, port, pod, eth0 })
}

/// Takes the pod's namespace away, and with it both ends of the pair.
pub(super) fn unplug(engine: &mut Engine, pod: PodId) -> Option<()> {
    let world = &mut engine.world;
    let pod = world.pods.get(pod).filter(|p| !p.host_network)?;
    let host = world.hosts.remove(pod.host?)?;
    for interface in host.interfaces.values() {
        if let InterfaceKind::Veth { peer } = interface.kind {
            world.hosts.remove_interface(peer.host, peer.index);
        }
    }
    Some(())
}
