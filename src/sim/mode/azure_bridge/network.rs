//! The bridge of a node, made when its first pod comes.
//! Source: Azure/azure-container-networking `network/network_linux.go` (`connectExternalInterface`).

use super::rules;
use crate::sim::engine::Engine;
use crate::sim::host::Host;
use crate::sim::host::fib::{Route, RouteKind};
use crate::sim::host::interface::InterfaceKind;
use crate::sim::ids::{HostId, IfIndex, NodeId};
use crate::sim::record::decision::{ControlStep, Decision};
use std::net::Ipv4Addr;
use std::rc::Rc;

/// Name of the bridge. Source: Azure/azure-container-networking `cni/azure-linux.conflist` at v1.1.8.
pub const BRIDGE: &str = "azure0";

/// The node's host and its bridge, which is made if it is not there.
pub(super) fn ensure(engine: &mut Engine, node: NodeId) -> Option<(HostId, IfIndex)> {
    let id = engine.world.nodes.get(node)?.host;
    let host = engine.world.hosts.get_mut(id)?;
    if let Some(bridge) = host.interface_named(BRIDGE) {
        return Some((id, bridge.index));
    }
    let dev = build(host)?;
    let address = host.interface(dev)?.addresses.first()?.net;
    let step = ControlStep::BridgeCreated { node, host: id, dev, address };
    engine.note_control(|| Decision::Control(Rc::new(step)));
    Some((id, dev))
}

/// `eth0` becomes a port, and the bridge takes its hardware address, its addresses and its routes.
fn build(host: &mut Host) -> Option<IfIndex> {
    let eth0 = host.interface_named("eth0")?;
    let (uplink, mac) = (eth0.index, eth0.mac);
    let gateway = gateway(host);
    let addresses = host.take_addresses(uplink);
    // A bridge has the lowest address among its ports; that of a NIC is lower than those made up for pairs.
    let bridge = host.add_interface(BRIDGE, mac, InterfaceKind::Bridge);
    host.enslave(uplink, bridge);
    host.interface_mut(uplink)?.hairpin = true;
    for address in &addresses {
        host.add_address(bridge, *address);
    }
    if let Some(gateway) = gateway {
        // Its routes went with the addresses.
        let _ = host.fib.add(Route::default_via(gateway, bridge));
    }
    for (chain, rule) in rules::of_bridge(uplink, mac, addresses.first()?.addr()) {
        host.ebtables.append(chain, rule);
    }
    Some(bridge)
}

fn gateway(host: &Host) -> Option<Ipv4Addr> {
    host.fib.routes().iter().find(|r| r.dst.prefix_len() == 0).and_then(|r| match r.kind {
        RouteKind::Unicast { via, .. } => via,
        RouteKind::Unreachable | RouteKind::Blackhole => None,
    })
}
