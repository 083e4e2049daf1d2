//! The world: every entity by typed id, the clock, the queue of what is to come, and the source of chance.
//! A world is a value. A copy costs a few reference counts and shares all that does not change.

use super::arena::Arena;
use super::cluster::{Cluster, Node, Pod, Workload};
use super::engine::queue::Queue;
use super::fabric::effective_routes::EffectiveRoutes;
use super::fabric::network::{Subnet, Vnet};
use super::fabric::next_hop::NextHop;
use super::fabric::nic::Nic;
use super::fabric::nsg::Nsg;
use super::fabric::resource_group::ResourceGroups;
use super::fabric::route_table::RouteTable;
use super::hosts::Hosts;
use super::ids::{
    ClusterId, FrameId, HostId, LineageId, NicId, NodeId, NsgId, PodId, RouteTableId, SubnetId, VnetId, WorkloadId,
};
use super::rng::Rng;
use super::time::Time;
use std::net::Ipv4Addr;

#[derive(Clone, Debug)]
pub struct World {
    pub now: Time,
    pub rng: Rng,
    pub queue: Queue,
    pub hosts: Hosts,
    pub nics: Arena<NicId, Nic>,
    pub vnets: Arena<VnetId, Vnet>,
    pub subnets: Arena<SubnetId, Subnet>,
    pub nsgs: Arena<NsgId, Nsg>,
    pub route_tables: Arena<RouteTableId, RouteTable>,
    pub clusters: Arena<ClusterId, Cluster>,
    pub nodes: Arena<NodeId, Node>,
    pub pods: Arena<PodId, Pod>,
    pub workloads: Arena<WorkloadId, Workload>,
    pub groups: ResourceGroups,
    pub next_lineage: LineageId,
    pub next_frame: FrameId,
    /// Counts changes of what the virtual switches decide by. Simplified: one count for all of Azure's network.
    /// Source: USENIX NSDI 2017, "VFP: A Virtual Switch Platform for Host SDN in the Public Cloud" (generation).
    pub policy_generation: u32,
}

impl World {
    /// An empty world whose chances follow from `seed`.
    pub fn new(seed: u64) -> Self {
        Self {
            now: Time::default(),
            rng: Rng::new(seed),
            queue: Queue::default(),
            hosts: Hosts::default(),
            nics: Arena::default(),
            vnets: Arena::default(),
            subnets: Arena::default(),
            nsgs: Arena::default(),
            route_tables: Arena::default(),
            clusters: Arena::default(),
            nodes: Arena::default(),
            pods: Arena::default(),
            workloads: Arena::default(),
            groups: ResourceGroups::default(),
            next_lineage: LineageId(0),
            next_frame: FrameId(0),
            policy_generation: 0,
        }
    }

    /// Rules, routes or what they are attached to changed: what flow tables hold from before is no longer used.
    pub const fn policy_changed(&mut self) {
        self.policy_generation = self.policy_generation.wrapping_add(1);
    }

    /// The effective routes of a subnet's NICs.
    pub fn effective_routes(&self, subnet: SubnetId) -> Option<EffectiveRoutes> {
        let subnet = self.subnets.get(subnet)?;
        let vnet = self.vnets.get(subnet.vnet)?;
        let table = subnet.route_table.and_then(|id| self.route_tables.get(id));
        Some(EffectiveRoutes { system: vnet.routes.clone(), table: table.cloned() })
    }

    /// The NIC to which a packet out of a subnet is routed to be passed on, whether or not it does that.
    pub fn appliance(&self, subnet: SubnetId, dst: Ipv4Addr) -> Option<NicId> {
        match self.effective_routes(subnet)?.select(dst).won?.next_hop {
            NextHop::VirtualAppliance(address) => self.nic_at(self.subnets.get(subnet)?.vnet, address),
            _ => None,
        }
    }

    /// The NIC that holds an address of a virtual network.
    pub fn nic_at(&self, vnet: VnetId, address: Ipv4Addr) -> Option<NicId> {
        self.vnets.get(vnet)?.mappings.get(&address).copied()
    }

    pub fn vnet_named(&self, name: &str) -> Option<VnetId> {
        self.vnets.iter().find(|(_, v)| v.name.as_ref() == name).map(|(id, _)| id)
    }

    pub fn subnet_named(&self, vnet: VnetId, name: &str) -> Option<SubnetId> {
        self.subnets.iter().find(|(_, s)| s.vnet == vnet && s.name.as_ref() == name).map(|(id, _)| id)
    }

    pub fn cluster_named(&self, name: &str) -> Option<ClusterId> {
        self.clusters.iter().find(|(_, c)| c.name.as_ref() == name).map(|(id, _)| id)
    }

    pub fn host_named(&self, name: &str) -> Option<HostId> {
        self.hosts.iter().find(|(_, h)| h.name.as_ref() == name).map(|(id, _)| id)
    }

    pub fn node_named(&self, name: &str) -> Option<NodeId> {
        self.nodes.iter().find(|(_, n)| n.name.as_ref() == name).map(|(id, _)| id)
    }

    /// The pod with this name; `NAMESPACE/NAME` tells apart pods of the same name.
    pub fn pod_named(&self, name: &str) -> Option<PodId> {
        let (namespace, name) = match name.split_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, name),
        };
        self.pods
            .iter()
            .find(|(_, p)| p.name.as_ref() == name && namespace.is_none_or(|n| p.namespace.as_ref() == n))
            .map(|(id, _)| id)
    }

    pub fn nsg_named(&self, name: &str) -> Option<NsgId> {
        self.nsgs.iter().find(|(_, n)| n.name.as_ref() == name).map(|(id, _)| id)
    }

    pub fn route_table_named(&self, name: &str) -> Option<RouteTableId> {
        self.route_tables.iter().find(|(_, t)| t.name.as_ref() == name).map(|(id, _)| id)
    }

    pub fn nic_named(&self, name: &str) -> Option<NicId> {
        self.nics.iter().find(|(_, n)| n.name.as_ref() == name).map(|(id, _)| id)
    }

    /// The network namespace that holds an address, if any.
    pub fn host_at(&self, address: Ipv4Addr) -> Option<HostId> {
        self.hosts.at(address)
    }
}
