//! Azure CNI with addresses of the node subnet, bridge mode: the node's `eth0` and its pods are ports of one bridge,
//! and rules of `ebtables` make Azure's network, which knows one hardware address a NIC, deliver to each.
//! Source: Azure/azure-container-networking `network/bridge_networkclient_linux.go`,
//! `network/bridge_endpointclient_linux.go`, `ebtables/ebtables.go` at v1.1.8.

mod network;
mod rules;

use super::azure::conflist::Conflist;
use super::azure::node_subnet::{self, NodeSubnet};
use super::azure::veth_of;
use super::veth::{NewPair, Pair, plug, unplug};
use super::{CniFile, Demand, PodNetwork, PoolPlan, Recipe};
use crate::sim::addr::{Mac, nth_address};
use crate::sim::cluster::{Cluster, Node};
use crate::sim::engine::Engine;
use crate::sim::fabric::nic::AddressOwner;
use crate::sim::host::fib::Route;
use crate::sim::ids::{ClusterId, HostId, IfIndex, NodeId, PodId};
use crate::sim::ipam::Grant;
use crate::sim::ipam::subnet_pool::PoolError;
use crate::sim::record::decision::CniError;
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

pub use network::BRIDGE;

/// Settings of a cluster in this mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AzureBridge {
    pub addresses: NodeSubnet,
}

impl Recipe for AzureBridge {
    fn max_pods(&self) -> u16 {
        node_subnet::MAX_PODS
    }

    fn demand(&self, pool: &PoolPlan) -> Vec<Demand> {
        node_subnet::demand(self.addresses, pool)
    }

    fn prepare_cluster(&self, engine: &mut Engine, cluster: ClusterId) {
        node_subnet::prepare_cluster(engine, cluster);
    }

    fn prepare_node(&self, engine: &mut Engine, node: NodeId) -> Result<(), PoolError<AddressOwner>> {
        node_subnet::prepare_node(engine, node)
    }

    fn cni_file(&self, _cluster: &Cluster, _node: &Node) -> Option<CniFile> {
        Some(CniFile::Azure(Conflist::new("bridge", Some(BRIDGE), "azure-vnet-ipam")))
    }

    fn add_pod(&self, engine: &mut Engine, node: NodeId, pod: PodId) -> Result<PodNetwork, CniError> {
        let grant = node_subnet::allocate(engine, self.addresses.order, node, pod)?;
        let bridge = network::ensure(engine, node).ok_or(CniError::NodeGone)?;
        let host = attach(engine, bridge, pod, grant.address).ok_or(CniError::NodeGone)?;
        Ok(PodNetwork { host, grant: Grant::AzureVnet(grant), announced: false })
    }

    fn remove_pod(&self, engine: &mut Engine, node: NodeId, pod: PodId) {
        detach(engine, node, pod);
        node_subnet::release(engine, node, pod);
    }
}

/// A pair whose near end is a port of the bridge, and the rules by which frames find it.
fn attach(engine: &mut Engine, bridge: (HostId, IfIndex), pod: PodId, address: Ipv4Net) -> Option<HostId> {
    let (node, bridge) = bridge;
    let name = veth_of(&engine.world, pod)?;
    let (near, far) = (Mac::random(engine.world.rng.bits()), Mac::random(engine.world.rng.bits()));
    let pair = plug(engine, NewPair { node, pod, name: &name, near, far, address })?;
    let now = engine.world.now;
    let host = engine.world.hosts.get_mut(node)?;
    host.enslave(pair.port, bridge);
    host.interface_mut(pair.port)?.hairpin = true;
    host.neighbors.set_permanent(bridge, address.addr(), far, now);
    // A pod's first frames, those of IPv6, teach the bridge its address. Simplified: they are not simulated.
    host.bridges.get_mut(&bridge)?.learn(far, pair.port, now);
    let eth0 = host.interface_named("eth0")?.index;
    for (chain, rule) in rules::of_pod(eth0, address.addr(), far) {
        host.ebtables.append(chain, rule);
    }
    default_route(engine, pair, address)
}

/// The pod's gateway is the subnet's, which Azure's network answers for.
fn default_route(engine: &mut Engine, pair: Pair, address: Ipv4Net) -> Option<HostId> {
    let gateway = nth_address(address.trunc(), 1)?;
    // The pod has only its connected route so far.
    let _ = engine.world.hosts.get_mut(pair.pod)?.fib.add(Route::default_via(gateway, pair.eth0));
    Some(pair.pod)
}

fn detach(engine: &mut Engine, node: NodeId, pod: PodId) -> Option<()> {
    let world = &mut engine.world;
    let eth0 = world.hosts.get(world.pods.get(pod)?.host?)?.interface_named("eth0")?;
    let (address, mac) = (eth0.addresses.first()?.net.addr(), eth0.mac);
    let host = world.hosts.get_mut(world.nodes.get(node)?.host)?;
    let bridge = host.interface_named(BRIDGE)?.index;
    let uplink = host.interface_named("eth0")?.index;
    host.neighbors.remove(bridge, address);
    for (chain, rule) in rules::of_pod(uplink, address, mac) {
        host.ebtables.delete(chain, &rule);
    }
    unplug(engine, pod)
}
