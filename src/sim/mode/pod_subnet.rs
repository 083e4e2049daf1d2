//! Azure CNI with a subnet for pods, addresses in batches: azure-cns hands them out, and the node routes to its pods.
//! Source: MicrosoftDocs/azure-aks-docs articles/aks/configure-azure-cni-dynamic-ip-allocation.md;
//! Azure/azure-container-networking `cns/restserver/ipam.go`, `cni/network/invoker_cns.go`.

use super::azure::conflist::Conflist;
use super::azure::{PluginVersion, enable_forwarding, routed};
use super::{CniFile, Demand, PodNetwork, PoolPlan, Recipe};
use crate::sim::action::error::{ActionError, SubnetTarget};
use crate::sim::action::network::refuse_delegated;
use crate::sim::addr::nth_address;
use crate::sim::cluster::{Cluster, Node};
use crate::sim::control::pool;
use crate::sim::engine::Engine;
use crate::sim::engine::queue::PoolTurn;
use crate::sim::fabric::attach::set_lease;
use crate::sim::fabric::nic::AddressOwner;
use crate::sim::fabric::nsg::{HOST_ADDRESS, METADATA_ADDRESS};
use crate::sim::host::fib::{Route, RouteProto};
use crate::sim::host::netfilter::{Match, Rule, Target};
use crate::sim::ids::{HostId, NodeId, PodId};
use crate::sim::ipam::address_order::AddressOrder;
use crate::sim::ipam::cns::{MonitorVersion, Scaler};
use crate::sim::ipam::subnet_pool::{LeaseState, PoolError};
use crate::sim::ipam::{CnsGrant, Grant};
use crate::sim::packet::Protocol;
use crate::sim::record::decision::CniError;
use crate::sim::world::World;
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// Chain of the plugin's own translations.
pub const SWIFT_CHAIN: &str = "SWIFT";

/// Pods that a node may run where nobody says.
/// Source: MicrosoftDocs/azure-aks-docs, articles/aks/configure-azure-cni-dynamic-ip-allocation.md; another page of the
/// same documentation says 110.
pub const MAX_PODS: u16 = 250;

/// Settings of a cluster in this mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PodSubnet {
    pub plugin: PluginVersion,
    pub monitor: MonitorVersion,
    pub order: AddressOrder,
}

/// The masquerade agent does not run: pods keep their address wherever they send.
/// Source: MicrosoftDocs/azure-aks-docs, articles/aks/concepts-network-legacy-cni.md.
impl Recipe for PodSubnet {
    fn max_pods(&self) -> u16 {
        MAX_PODS
    }

    fn check_pool(&self, world: &World, pool: &PoolPlan) -> Result<(), ActionError> {
        if pool.pod_subnet.is_none() {
            return Err(ActionError::PodSubnetMissing);
        }
        refuse_delegated(world, pool.subnet)
    }

    /// One address a node, and a batch for its pods.
    fn demand(&self, pool: &PoolPlan) -> Vec<Demand> {
        let nodes = u64::from(pool.nodes);
        let batch = u64::from(Scaler::default().batch_size);
        let own = Demand { subnet: pool.subnet, addresses: nodes, target: SubnetTarget::Nodes };
        let pods =
            pool.pod_subnet.map(|subnet| Demand { subnet, addresses: nodes * batch, target: SubnetTarget::Pods });
        [own].into_iter().chain(pods).collect()
    }

    fn prepare_node(&self, engine: &mut Engine, id: NodeId) -> Result<(), PoolError<AddressOwner>> {
        enable_forwarding(&mut engine.world, id);
        Ok(())
    }

    fn join(&self, engine: &mut Engine, node: NodeId) {
        pool::start(engine, node, self.monitor);
    }

    fn run_pool(&self, engine: &mut Engine, node: NodeId, turn: PoolTurn) {
        pool::run(engine, node, turn);
    }

    fn node_can_be_ready(&self, _cluster: &Cluster, node: &Node) -> bool {
        node.cns().is_some_and(|cns| cns.ips().next().is_some())
    }

    fn cni_file(&self, _cluster: &Cluster, node: &Node) -> Option<CniFile> {
        node.cns()?.network_container()?;
        Some(CniFile::Azure(Conflist::new("transparent", None, "azure-cns")))
    }

    fn add_pod(&self, engine: &mut Engine, node: NodeId, pod: PodId) -> Result<PodNetwork, CniError> {
        let grant = self.allocate(engine, node, pod)?;
        let host = engine.world.nodes.get(node).ok_or(CniError::NodeGone)?.host;
        prepare_host(engine, node, host, grant.address.trunc());
        let host = routed::attach(engine, host, pod, grant.address, self.plugin).ok_or(CniError::NodeGone)?;
        pool::look(engine, node);
        Ok(PodNetwork { host, grant: Grant::Cns(grant), announced: false })
    }

    fn remove_pod(&self, engine: &mut Engine, id: NodeId, pod: PodId) {
        routed::detach(engine, pod);
        let world = &mut engine.world;
        let (now, key) = (world.now, world.pods.get(pod).map(crate::sim::cluster::Pod::key));
        let Some((node, key)) = world.nodes.get_mut(id).zip(key) else { return };
        let (subnet, address) = (node.pod_subnet, node.cns_mut().and_then(|cns| cns.release(&key, now)));
        if let Some((subnet, address)) = subnet.zip(address) {
            set_lease(world, subnet, address, LeaseState::HeldInBatch);
        }
        pool::look(engine, id);
    }
}

impl PodSubnet {
    fn allocate(self, engine: &mut Engine, id: NodeId, pod: PodId) -> Result<CnsGrant, CniError> {
        let world = &mut engine.world;
        let key = world.pods.get(pod).ok_or(CniError::NodeGone)?.key();
        let node = world.nodes.get_mut(id).ok_or(CniError::NodeGone)?;
        let subnet = node.pod_subnet.ok_or(CniError::NodeGone)?;
        let cns = node.cns_mut().ok_or(CniError::NodeGone)?;
        let given = cns.request(&key, &mut world.rng, self.order, world.now).map_err(CniError::Cns)?;
        set_lease(world, subnet, given.address, LeaseState::Assigned);
        let prefix = world.subnets.get(subnet).ok_or(CniError::NodeGone)?.pool.prefix();
        // The length is that of a prefix already.
        let address = Ipv4Net::new(given.address, prefix.prefix_len()).map_err(|_| CniError::NodeGone)?;
        Ok(CnsGrant { address, available: given.available_before, order: self.order })
    }
}

/// What the plugin puts on the node itself: the pod subnet is behind the node's gateway, and what asks Azure's own
/// services does so with the node's address.
/// Source: Azure/azure-container-networking `cni/network/invoker_cns.go`, `cns/restserver/internalapi_linux.go`.
/// Simplified: DNS too with the node's address, where the real chain has the primary address of the network container,
/// since sources disagree on whether that is one of the batch.
fn prepare_host(engine: &mut Engine, node: NodeId, id: HostId, pods: Ipv4Net) -> Option<()> {
    let world = &mut engine.world;
    let nic = world.nics.get(world.nodes.get(node)?.nic)?;
    let (own, dev) = (nic.primary()?, nic.dev);
    let gateway = nth_address(world.subnets.get(nic.subnet)?.pool.prefix(), 1)?;
    let host = world.hosts.get_mut(id)?;
    // Every pod writes it; it is there from the first on.
    let _ = host.fib.add(Route { proto: RouteProto::Static, ..Route::to(pods, dev, Some(gateway)) });
    let nat = &mut host.netfilter.nat;
    if nat.chain(SWIFT_CHAIN).is_empty() {
        let jump = Rule { matches: Vec::new(), target: Target::Jump(SWIFT_CHAIN.into()) };
        nat.append("POSTROUTING", jump);
        nat.set_chain(SWIFT_CHAIN, swift_rules(pods, own));
    }
    Some(())
}

fn swift_rules(pods: Ipv4Net, node: Ipv4Addr) -> Vec<Rule> {
    let rule = |to: Ipv4Addr, protocol, port| Rule {
        matches: vec![
            Match::DstLocal { negated: true },
            Match::Src { net: pods, negated: false },
            Match::Dst { net: to.into(), negated: false },
            Match::Protocol(protocol),
            Match::DstPort(port),
        ],
        target: Target::Snat(node),
    };
    vec![
        rule(HOST_ADDRESS, Protocol::Udp, 53),
        rule(HOST_ADDRESS, Protocol::Tcp, 53),
        rule(METADATA_ADDRESS, Protocol::Tcp, 80),
    ]
}
