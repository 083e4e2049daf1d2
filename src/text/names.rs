//! Names of things, and links to them.

use super::args::{Arg, Args};
use super::bundle::Text;
use crate::sim::host::Role;
use crate::sim::ids::{HostId, IfIndex, InterfaceId, NicId};
use crate::sim::record::Place;
use crate::sim::world::World;
use crate::view::target::Target;
use std::net::Ipv4Addr;

/// The name of a thing; a word for things that are gone.
pub fn target_name(text: &Text, world: &World, target: Target) -> String {
    match target {
        Target::Interface(id) => {
            let args = Args::new().with("dev", link(world, target)).with("host", host_link(world, id.host));
            text.format("interface-of", &args)
        }
        _ => own_name(world, target).map_or_else(|| text.get("gone"), str::to_owned),
    }
}

/// The name of a thing with its kind before it.
pub fn target_label(text: &Text, world: &World, target: Target) -> String {
    let args = Args::new().word("kind", kind(world, target)).text("name", target_name(text, world, target));
    text.format("label", &args)
}

/// The name as the thing itself has it: of an interface without its host.
fn own_name(world: &World, target: Target) -> Option<&str> {
    Some(match target {
        Target::Vnet(id) => &world.vnets.get(id)?.name,
        Target::Subnet(id) => &world.subnets.get(id)?.name,
        Target::RouteTable(id) => &world.route_tables.get(id)?.name,
        Target::Nsg(id) => &world.nsgs.get(id)?.name,
        Target::Nic(id) => &world.nics.get(id)?.name,
        Target::Cluster(id) => &world.clusters.get(id)?.name,
        Target::Node(id) | Target::Pods(id) => &world.nodes.get(id)?.name,
        Target::Pod(id) => &world.pods.get(id)?.name,
        Target::Host(id) => &world.hosts.get(id)?.name,
        Target::Interface(id) => &world.hosts.get(id.host)?.interface(id.index)?.name,
    })
}

/// Id of the word for the kind of a thing.
fn kind(world: &World, target: Target) -> &'static str {
    match target {
        Target::Vnet(_) => "kind-vnet",
        Target::Subnet(_) => "kind-subnet",
        Target::RouteTable(_) => "kind-route-table",
        Target::Nsg(_) => "kind-nsg",
        Target::Nic(_) => "kind-nic",
        Target::Cluster(_) => "kind-cluster",
        Target::Node(_) => "kind-node",
        Target::Pod(_) => "kind-pod",
        Target::Pods(_) => "kind-pods",
        Target::Host(id) => match world.hosts.get(id).map(|h| h.role) {
            Some(Role::Vm) => "kind-vm",
            Some(Role::Pod(_)) => "kind-pod",
            Some(Role::Node(_)) => "kind-node",
            None => "kind-host",
        },
        Target::Interface(_) => "kind-interface",
    }
}

/// The name of a thing as a link to it.
pub(super) fn link(world: &World, target: Target) -> Arg {
    own_name(world, target).map_or(Arg::Word("gone"), |name| Arg::Link { text: name.to_owned(), target })
}

/// What a person calls a host: the node or the pod whose namespace it is.
pub(super) fn host_target(world: &World, id: HostId) -> Target {
    match world.hosts.get(id).map(|h| h.role) {
        Some(Role::Node(node)) => Target::Node(node),
        Some(Role::Pod(pod)) => Target::Pod(pod),
        Some(Role::Vm) | None => Target::Host(id),
    }
}

pub(super) fn host_link(world: &World, id: HostId) -> Arg {
    link(world, host_target(world, id))
}

pub(super) fn interface_link(world: &World, host: HostId, index: IfIndex) -> Arg {
    link(world, Target::Interface(InterfaceId { host, index }))
}

/// The host of a NIC, by its name.
pub(super) fn nic_host_link(world: &World, nic: NicId) -> Arg {
    world.nics.get(nic).map_or(Arg::Word("gone"), |n| host_link(world, n.host))
}

/// An address as a link to the host that has it.
pub(super) fn address_link(world: &World, address: Ipv4Addr) -> Arg {
    match world.host_at(address) {
        Some(host) => Arg::Link { text: address.to_string(), target: host_target(world, host) },
        None => Arg::Code(address.to_string()),
    }
}

/// Where a step happens, in words.
pub(super) fn place(text: &Text, world: &World, at: Place) -> Arg {
    let (id, args) = match at {
        Place::Host(host) => ("place-host", Args::new().with("host", host_link(world, host))),
        Place::Port(nic) => ("place-port", Args::new().with("nic", link(world, Target::Nic(nic)))),
        Place::Control => ("place-control", Args::new()),
    };
    Arg::Rich(text.rich(id, &args))
}
