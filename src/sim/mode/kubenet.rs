//! Kubenet: a block of addresses and a bridge `cbr0` on each node, and one user-defined route for each node.
//! Source: containernetworking/plugins `plugins/main/bridge/bridge.go`; MicrosoftDocs/azure-aks-docs
//! `articles/aks/configure-kubenet.md`; kubernetes-sigs/cloud-provider-azure `pkg/provider/azure_routes.go`.

pub mod conflist;

use super::veth::{NewPair, plug, unplug};
use super::{CniFile, Demand, PodNetwork, PoolPlan, Recipe, container_id};
use crate::sim::action::NewCluster;
use crate::sim::action::cluster::check_reserved;
use crate::sim::action::error::{ActionError, RangeField, SubnetTarget};
use crate::sim::addr::{Mac, overlaps};
use crate::sim::cluster::{Cluster, Ipam, Node};
use crate::sim::engine::Engine;
use crate::sim::fabric::nic::AddressOwner;
use crate::sim::fabric::route_table::RouteTable;
use crate::sim::host::fib::Route;
use crate::sim::host::interface::InterfaceKind;
use crate::sim::ids::{ClusterId, HostId, IfIndex, NodeId, PodId};
use crate::sim::ipam::Grant;
use crate::sim::ipam::host_local::{Allocation, HostLocal, RangeConfig};
use crate::sim::ipam::node_cidr::NodeCidrSet;
use crate::sim::ipam::subnet_pool::PoolError;
use crate::sim::record::decision::{CniError, ControlStep, Decision};
use crate::sim::world::World;
use conflist::Conflist;
use ipnet::{IpNet, Ipv4Net};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr};
use std::rc::Rc;

/// Length of the prefix of a node's block (`--node-cidr-mask-size`).
pub const NODE_MASK: u8 = 24;
/// Folder of a node where host-local keeps what it gave, one file an address: one folder for each network's name.
/// Source: containernetworking/plugins `plugins/ipam/host-local/backend/disk/backend.go` (`defaultDataDir`).
pub const ADDRESS_STORE: &str = "/var/lib/cni/networks/kubenet";
/// Pods that a node may run where nobody says.
pub const MAX_PODS: u16 = 110;
/// Name of the bridge.
pub const BRIDGE: &str = "cbr0";

/// Settings of a kubenet cluster.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kubenet {
    /// Range out of which each node takes a block.
    pub pod_cidr: Ipv4Net,
    #[serde(default)]
    pub masquerade: MasqueradeRange,
}

/// Which destinations keep the pod's own source address. Public sources disagree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MasqueradeRange {
    /// The pod range and the cluster's subnet. Source: Azure/AKS issue 2031.
    #[default]
    PodCidrAndSubnet,
    /// The pod range only. Source: MicrosoftDocs/azure-aks-docs `articles/aks/configure-kubenet.md`.
    PodCidr,
}

impl MasqueradeRange {
    /// Ranges for the ip-masq-agent's `nonMasqueradeCIDRs`.
    pub fn kept(self, pod_cidr: Ipv4Net, subnet: Ipv4Net) -> Vec<Ipv4Net> {
        match self {
            MasqueradeRange::PodCidrAndSubnet => vec![pod_cidr, subnet],
            MasqueradeRange::PodCidr => vec![pod_cidr],
        }
    }
}

impl Recipe for Kubenet {
    fn plugin(&self) -> &'static str {
        "kubenet"
    }

    fn max_pods(&self) -> u16 {
        MAX_PODS
    }

    fn check(&self, world: &World, new: &NewCluster, pool: &PoolPlan) -> Result<(), ActionError> {
        let subnet = pool.subnet;
        let prefix = self.pod_cidr;
        if prefix != prefix.trunc() {
            return Err(ActionError::PodCidrUnaligned { prefix, aligned: prefix.trunc() });
        }
        if prefix.prefix_len() > NODE_MASK {
            return Err(ActionError::PodCidrTooSmall { prefix, block: NODE_MASK });
        }
        check_reserved(RangeField::Pod, prefix)?;
        check_overlap(RangeField::Pod, prefix, RangeField::Service, new.service_cidr)?;
        let Some(own) = world.subnets.get(subnet) else { return Ok(()) };
        check_overlap(RangeField::Pod, prefix, RangeField::Subnet, own.pool.prefix())?;
        match world.clusters.values().find(|c| c.pools.iter().any(|p| p.subnet == subnet)) {
            Some(other) => {
                let cluster = other.name.to_string();
                Err(ActionError::SubnetHasCluster { subnet: own.name.to_string(), cluster })
            }
            None => Ok(()),
        }
    }

    fn demand(&self, pool: &PoolPlan) -> Vec<Demand> {
        vec![Demand { subnet: pool.subnet, addresses: pool.nodes.into(), target: SubnetTarget::Nodes }]
    }

    fn prepare_cluster(&self, engine: &mut Engine, id: ClusterId) {
        let world = &mut engine.world;
        let Some(cluster) = world.clusters.get_mut(id) else { return };
        // The prefix was checked before the cluster was made.
        cluster.node_cidrs = NodeCidrSet::new(self.pod_cidr, NODE_MASK).ok();
        let name = cluster.own_route_table();
        for pool in cluster.pools.iter() {
            if let Some(subnet) = world.subnets.get_mut(pool.subnet) {
                // A table that the subnet has is written to; it stays when the cluster goes.
                // Source: MicrosoftDocs/azure-aks-docs, articles/aks/configure-kubenet.md, "Bring your own subnet and route table".
                let own = || world.route_tables.add(RouteTable::new(&name));
                cluster.route_table = Some(*subnet.route_table.get_or_insert_with(own));
                let kept = self.masquerade.kept(self.pod_cidr, subnet.pool.prefix());
                cluster.non_masquerade = Some(Rc::new(kept));
            }
        }
    }

    fn prepare_node(&self, engine: &mut Engine, node: NodeId) -> Result<(), PoolError<AddressOwner>> {
        let nic = engine.world.nodes.get(node).map(|n| n.nic);
        if let Some(nic) = nic.and_then(|nic| engine.world.nics.get_mut(nic)) {
            // What is to pass here is not the NIC's own address: the pods' packets.
            nic.ip_forwarding = true;
        }
        Ok(())
    }

    fn node_can_be_ready(&self, _cluster: &Cluster, node: &Node) -> bool {
        node.pod_cidr.is_some()
    }

    fn cni_file(&self, cluster: &Cluster, node: &Node) -> Option<CniFile> {
        Some(CniFile::Kubenet(Conflist::new(node.pod_cidr?, cluster.non_masquerade.is_none())))
    }

    fn add_pod(&self, engine: &mut Engine, node: NodeId, pod: PodId) -> Result<PodNetwork, CniError> {
        let allocation = allocate(engine, node, pod)?;
        let bridge = ensure_bridge(engine, node, &allocation)?;
        let host = attach(engine, bridge, pod, &allocation).ok_or(CniError::NodeGone)?;
        Ok(PodNetwork { host, grant: Grant::HostLocal(allocation), announced: true })
    }

    fn remove_pod(&self, engine: &mut Engine, node: NodeId, pod: PodId) {
        unplug(engine, pod);
        if let Some(Ipam::HostLocal(store)) = engine.world.nodes.get_mut(node).map(|n| &mut n.ipam) {
            store.release(&container_id(pod), "eth0");
        }
    }
}

fn check_overlap(field: RangeField, prefix: Ipv4Net, other: RangeField, with: Ipv4Net) -> Result<(), ActionError> {
    if overlaps(prefix, with) { Err(ActionError::RangesOverlap { field, prefix, other, with }) } else { Ok(()) }
}

/// The host-local plugin's turn.
fn allocate(engine: &mut Engine, node: NodeId, pod: PodId) -> Result<Allocation, CniError> {
    let node = engine.world.nodes.get_mut(node).ok_or(CniError::NodeGone)?;
    let block = node.pod_cidr.ok_or(CniError::NoPodCidr)?;
    if node.ipam == Ipam::None {
        let config = RangeConfig { subnet: IpNet::V4(block), range_start: None, range_end: None, gateway: None };
        // A node's block is a /24, which no rule of the plugin refuses.
        node.ipam = HostLocal::new(&[vec![config]]).map_or(Ipam::None, Ipam::HostLocal);
    }
    let Ipam::HostLocal(store) = &mut node.ipam else { return Err(CniError::NoPodCidr) };
    store.get(0, &container_id(pod), "eth0", None).map_err(CniError::Ipam)
}

/// The node's bridge, made with the first pod. Returns its node's host and its index.
fn ensure_bridge(engine: &mut Engine, node_id: NodeId, allocation: &Allocation) -> Result<(HostId, IfIndex), CniError> {
    let host_id = engine.world.nodes.get(node_id).ok_or(CniError::NodeGone)?.host;
    let mac = Mac::random(engine.world.rng.bits());
    let host = engine.world.hosts.get_mut(host_id).ok_or(CniError::NodeGone)?;
    if let Some(bridge) = host.interface_named(BRIDGE) {
        return Ok((host_id, bridge.index));
    }
    let gateway = v4(allocation.gateway).ok_or(CniError::NoPodCidr)?;
    let address = Ipv4Net::new(gateway, allocation.address.prefix_len()).map_err(|_| CniError::NoPodCidr)?;
    let dev = host.add_interface(BRIDGE, mac, InterfaceKind::Bridge);
    if let Some(bridge) = host.interface_mut(dev) {
        bridge.promiscuous = true;
    }
    host.sysctl.ip_forward = true;
    engine.world.hosts.assign(host_id, dev, address);
    let step = ControlStep::BridgeCreated { node: node_id, host: host_id, dev, address };
    engine.note_control(|| Decision::Control(Rc::new(step)));
    Ok((host_id, dev))
}

/// A veth pair between the bridge and the pod, the pod's address and its default route.
fn attach(engine: &mut Engine, bridge: (HostId, IfIndex), pod: PodId, given: &Allocation) -> Option<HostId> {
    let (node, bridge) = bridge;
    let rng = &mut engine.world.rng;
    let (near, far) = (Mac::random(rng.bits()), Mac::random(rng.bits()));
    let name = format!("veth{:08x}", rng.bits() >> 32);
    let address = Ipv4Net::new(v4(given.address.addr())?, given.address.prefix_len()).ok()?;
    let pair = plug(engine, NewPair { node, pod, name: &name, near, far, address })?;
    engine.world.hosts.get_mut(node)?.enslave(pair.port, bridge);
    if let Some(eth0) = engine.world.hosts.get_mut(pair.pod)?.interface_mut(pair.eth0) {
        eth0.arp_notify = true;
    }
    // The table has only the connected route so far.
    let _ = engine.world.hosts.get_mut(pair.pod)?.fib.add(Route::default_via(v4(given.gateway)?, pair.eth0));
    Some(pair.pod)
}

const fn v4(address: IpAddr) -> Option<Ipv4Addr> {
    match address {
        IpAddr::V4(v4) => Some(v4),
        IpAddr::V6(_) => None,
    }
}
