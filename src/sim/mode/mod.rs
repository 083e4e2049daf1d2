//! Modes are recipes: each puts devices, routes, rules and address pools into the world when a cluster, a node or a
//! pod comes, and takes them out when it goes. Nothing else in the simulation asks which mode a cluster has.

pub mod kubenet;

use super::action::NewCluster;
use super::action::error::ActionError;
use super::cluster::{Cluster, Node};
use super::engine::Engine;
use super::fabric::nic::Nic;
use super::ids::{ClusterId, HostId, NodeId, PodId, SubnetId};
use super::ipam::host_local::Allocation;
use super::record::decision::CniError;
use super::world::World;
use kubenet::Kubenet;
use serde::{Deserialize, Serialize};

/// The network of a cluster: which recipe, with its settings.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Network {
    Kubenet(Kubenet),
}

impl From<Kubenet> for Network {
    fn from(kubenet: Kubenet) -> Self {
        Self::Kubenet(kubenet)
    }
}

/// What a recipe does. Each method changes the world and notes what it did.
pub trait Recipe: std::fmt::Debug {
    /// Conditions of this mode on a cluster that somebody wants; the first that fails is told.
    fn check(&self, world: &World, new: &NewCluster, subnet: SubnetId) -> Result<(), ActionError>;

    /// Azure resources and settings that come with the cluster itself.
    fn prepare_cluster(&self, engine: &mut Engine, cluster: ClusterId);

    /// Settings of a node's NIC and, before it registers, of the node.
    fn prepare_node(&self, nic: &mut Nic, node: &mut Node);

    /// The CNI configuration of a node, once it has one.
    fn cni_file(&self, cluster: &Cluster, node: &Node) -> Option<CniFile>;

    /// Gives a pod its address and interfaces (CNI `ADD`).
    fn add_pod(&self, engine: &mut Engine, node: NodeId, pod: PodId) -> Result<PodNetwork, CniError>;

    /// Takes them away (CNI `DEL`).
    fn remove_pod(&self, engine: &mut Engine, node: NodeId, pod: PodId);

    /// Whether a node of this cluster can run pods that have an address of their own.
    fn node_can_be_ready(&self, cluster: &Cluster, node: &Node) -> bool;
}

/// A configuration file of a node's container runtime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CniFile {
    pub name: &'static str,
    pub text: String,
}

/// What the CNI plugin reports of a pod.
#[derive(Clone, Debug)]
pub struct PodNetwork {
    pub host: HostId,
    pub allocation: Allocation,
}

impl Network {
    pub fn recipe(&self) -> &dyn Recipe {
        match self {
            Network::Kubenet(kubenet) => kubenet,
        }
    }
}
