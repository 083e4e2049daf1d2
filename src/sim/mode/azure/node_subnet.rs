//! Pods with addresses of the nodes' own subnet: a node takes them all when it is created, and azure-vnet-ipam hands
//! them out. Source: MicrosoftDocs/azure-aks-docs, articles/aks/concepts-network-ip-address-planning.md;
//! Azure/azure-container-networking `ipam/pool.go`.

use super::super::{Demand, PoolPlan, container_id};
use super::enable_forwarding;
use crate::sim::action::error::SubnetTarget;
use crate::sim::cluster::Ipam;
use crate::sim::engine::Engine;
use crate::sim::fabric::attach::{add_addresses, set_lease};
use crate::sim::fabric::nic::AddressOwner;
use crate::sim::ids::{ClusterId, NodeId, PodId, SubnetId};
use crate::sim::ipam::address_order::AddressOrder;
use crate::sim::ipam::azure_vnet_ipam::{AzureVnetIpam, VnetGrant};
use crate::sim::ipam::subnet_pool::{LeaseState, PoolError};
use crate::sim::record::decision::CniError;
use crate::sim::world::World;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use std::rc::Rc;

/// Pods that a node may run where nobody says.
pub const MAX_PODS: u16 = 30;

/// Settings that a cluster of this addressing has, however its pods are attached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NodeSubnet {
    pub order: AddressOrder,
    pub preflight: Preflight,
}

/// How many addresses Azure counts for a node before it builds. Public sources disagree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preflight {
    /// The node and as many as it may have pods.
    /// Source: MicrosoftDocs/azure-aks-docs, articles/aks/concepts-network-ip-address-planning.md.
    #[default]
    Documented,
    /// One less than it may have pods, as error messages have shown since about 2020.
    /// Source: Azure/AKS issues 1795 and 3653.
    Observed,
}

impl Preflight {
    /// Addresses counted for one node.
    pub fn per_node(self, max_pods: u16) -> u64 {
        match self {
            Preflight::Documented => u64::from(max_pods) + 1,
            Preflight::Observed => u64::from(max_pods).saturating_sub(1),
        }
    }
}

pub(in super::super) fn demand(settings: NodeSubnet, pool: &PoolPlan) -> Vec<Demand> {
    let addresses = u64::from(pool.nodes) * settings.preflight.per_node(pool.max_pods);
    vec![Demand { subnet: pool.subnet, addresses, target: SubnetTarget::Nodes }]
}

/// The masquerade agent leaves the virtual network's own space alone.
/// Source: MicrosoftDocs/azure-aks-docs, articles/aks/concepts-network-legacy-cni.md; Azure/AKS issue 1207.
pub(in super::super) fn prepare_cluster(engine: &mut Engine, id: ClusterId) {
    let world = &mut engine.world;
    let Some(cluster) = world.clusters.get_mut(id) else { return };
    let vnet = cluster.pools.first().and_then(|pool| world.subnets.get(pool.subnet)).map(|subnet| subnet.vnet);
    let space = vnet.and_then(|vnet| world.vnets.get(vnet)).map(|vnet| vnet.prefixes.to_vec());
    cluster.non_masquerade = space.map(Rc::new);
}

/// As many secondary addresses as the node may have pods, and the pool that hands them out.
pub(in super::super) fn prepare_node(engine: &mut Engine, id: NodeId) -> Result<(), PoolError<AddressOwner>> {
    let world = &mut engine.world;
    let Some((nic, max_pods)) = world.nodes.get(id).map(|n| (n.nic, n.max_pods)) else { return Ok(()) };
    let Some(subnet) = world.nics.get(nic).map(|n| n.subnet) else { return Ok(()) };
    let addresses = add_addresses(world, nic, subnet, max_pods.into(), LeaseState::HeldForPods)?;
    let prefix = world.subnets.get(subnet).map(|s| s.pool.prefix());
    if let (Some(prefix), Some(node)) = (prefix, world.nodes.get_mut(id)) {
        node.ipam = Ipam::AzureVnet(AzureVnetIpam::new(prefix, addresses));
    }
    enable_forwarding(world, id);
    Ok(())
}

/// The subnet that the node's pods have addresses of.
fn subnet_of(world: &World, node: NodeId) -> Option<SubnetId> {
    let node = world.nodes.get(node)?;
    world.nics.get(node.nic).map(|nic| nic.subnet)
}

pub(in super::super) fn allocate(
    engine: &mut Engine,
    order: AddressOrder,
    id: NodeId,
    pod: PodId,
) -> Result<VnetGrant, CniError> {
    let world = &mut engine.world;
    let node = world.nodes.get_mut(id).ok_or(CniError::NodeGone)?;
    let Ipam::AzureVnet(pool) = &mut node.ipam else { return Err(CniError::NodeGone) };
    let grant = pool.request(&container_id(pod), None, order, &mut world.rng).map_err(CniError::VnetIpam)?;
    mark(world, id, grant.address.addr(), LeaseState::Assigned);
    Ok(grant)
}

pub(in super::super) fn release(engine: &mut Engine, id: NodeId, pod: PodId) -> Option<Ipv4Addr> {
    let world = &mut engine.world;
    let Ipam::AzureVnet(pool) = &mut world.nodes.get_mut(id)?.ipam else { return None };
    let address = pool.release(&container_id(pod))?;
    mark(world, id, address, LeaseState::HeldForPods);
    Some(address)
}

fn mark(world: &mut World, node: NodeId, address: Ipv4Addr, state: LeaseState) {
    if let Some(subnet) = subnet_of(world, node) {
        set_lease(world, subnet, address, state);
    }
}
