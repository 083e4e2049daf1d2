//! Azure CNI with addresses of the node subnet, transparent mode: pods are routed by the node.
//! Source: Azure/azure-container-networking `network/transparent_endpointclient_linux.go`; MicrosoftDocs/azure-aks-docs
//! articles/aks/concepts-network-legacy-cni.md.

use super::azure::conflist::Conflist;
use super::azure::node_subnet::{self, NodeSubnet};
use super::azure::{PluginVersion, routed};
use super::{CniFile, Demand, PodNetwork, PoolPlan, Recipe};
use crate::sim::cluster::{Cluster, Node};
use crate::sim::engine::Engine;
use crate::sim::fabric::nic::AddressOwner;
use crate::sim::ids::{ClusterId, NodeId, PodId};
use crate::sim::ipam::Grant;
use crate::sim::ipam::subnet_pool::PoolError;
use crate::sim::record::decision::CniError;
use serde::{Deserialize, Serialize};

/// Settings of a cluster in this mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AzureTransparent {
    pub plugin: PluginVersion,
    pub addresses: NodeSubnet,
}

impl Recipe for AzureTransparent {
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
        Some(CniFile::Azure(Conflist::new("transparent", None, "azure-vnet-ipam")))
    }

    fn add_pod(&self, engine: &mut Engine, node: NodeId, pod: PodId) -> Result<PodNetwork, CniError> {
        let grant = node_subnet::allocate(engine, self.addresses.order, node, pod)?;
        let host = engine.world.nodes.get(node).ok_or(CniError::NodeGone)?.host;
        let host = routed::attach(engine, host, pod, grant.address, self.plugin).ok_or(CniError::NodeGone)?;
        Ok(PodNetwork { host, grant: Grant::AzureVnet(grant), announced: false })
    }

    fn remove_pod(&self, engine: &mut Engine, node: NodeId, pod: PodId) {
        routed::detach(engine, pod);
        node_subnet::release(engine, node, pod);
    }
}
