//! A pod attached by routes alone: no bridge, a /32 route on the node, and in the pod a gateway that exists only as a
//! neighbour entry. Source: Azure/azure-container-networking `network/transparent_endpointclient_linux.go`.

use super::super::veth::{NewPair, Pair, plug, unplug};
use super::{PluginVersion, veth_of};
use crate::sim::addr::{Mac, nth_address};
use crate::sim::engine::Engine;
use crate::sim::engine::queue::Event;
use crate::sim::host::fib::{Route, RouteProto, RouteScope};
use crate::sim::host::neighbor::RETRANSMIT;
use crate::sim::ids::{HostId, PodId};
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// The gateway of every pod (`virtualGwIPString`).
pub const VIRTUAL_GATEWAY: Ipv4Addr = Ipv4Addr::new(169, 254, 1, 1);
/// Hardware address of the node's end of every pair since August 2022 (`defaultHostVethHwAddr`).
pub const HOST_VETH_MAC: Mac = Mac([0xaa; 6]);

/// Makes the pair, the node's route to the pod, and what the pod needs to send.
pub(in super::super) fn attach(
    engine: &mut Engine,
    node: HostId,
    pod: PodId,
    address: Ipv4Net,
    plugin: PluginVersion,
) -> Option<HostId> {
    let name = veth_of(&engine.world, pod)?;
    let (near, far) = (Mac::random(engine.world.rng.bits()), Mac::random(engine.world.rng.bits()));
    let near = if plugin == PluginVersion::Since2022 { HOST_VETH_MAC } else { near };
    let pair = plug(engine, NewPair { node, pod, name: &name, near, far, address })?;
    prepare_node(engine, pair, address);
    match plugin {
        PluginVersion::November2020 => gateway_of_subnet(engine, pair, address),
        PluginVersion::December2020 | PluginVersion::Since2022 => virtual_gateway(engine, pair, address, plugin, near),
    }
    Some(pair.pod)
}

pub(in super::super) fn detach(engine: &mut Engine, pod: PodId) {
    unplug(engine, pod);
}

fn prepare_node(engine: &mut Engine, pair: Pair, address: Ipv4Net) {
    let Some(host) = engine.world.hosts.get_mut(pair.node) else { return };
    if let Some(port) = host.interface_mut(pair.port) {
        port.proxy_arp = true;
    }
    let to_pod = fixed(Ipv4Net::from(address.addr()), pair.port, None, RouteScope::Global);
    // The address was free until now, so no route to it is left.
    let _ = host.fib.add(to_pod);
}

/// A route as the plugin writes it over netlink.
fn fixed(dst: Ipv4Net, dev: crate::sim::ids::IfIndex, via: Option<Ipv4Addr>, scope: RouteScope) -> Route {
    Route { proto: RouteProto::Static, scope, ..Route::to(dst, dev, via) }
}

/// The first release: the subnet is on-link in the pod, and the node answers for every address in it.
fn gateway_of_subnet(engine: &mut Engine, pair: Pair, address: Ipv4Net) {
    let gateway = nth_address(address.trunc(), 1);
    if let (Some(host), Some(gateway)) = (engine.world.hosts.get_mut(pair.pod), gateway) {
        let _ = host.fib.add(Route::default_via(gateway, pair.eth0));
    }
}

fn virtual_gateway(engine: &mut Engine, pair: Pair, address: Ipv4Net, plugin: PluginVersion, near: Mac) {
    let now = engine.world.now;
    let Some(host) = engine.world.hosts.get_mut(pair.pod) else { return };
    host.fib.remove(address.trunc(), None);
    // The table is empty now, so neither route is there already.
    let _ = host.fib.add(fixed(VIRTUAL_GATEWAY.into(), pair.eth0, None, RouteScope::Link));
    let _ = host.fib.add(fixed(Ipv4Net::default(), pair.eth0, Some(VIRTUAL_GATEWAY), RouteScope::Global));
    if plugin == PluginVersion::December2020 {
        return host.neighbors.set_permanent(pair.eth0, VIRTUAL_GATEWAY, near, now);
    }
    let generation = host.neighbors.set_probe(pair.eth0, VIRTUAL_GATEWAY, near, now);
    let timer =
        Event::NeighborTimer { host: pair.pod, dev: pair.eth0, ip: VIRTUAL_GATEWAY, generation, resolving: false };
    engine.after(RETRANSMIT, timer);
}
