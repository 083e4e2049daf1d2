//! Modes are recipes: each puts devices, routes, rules and address pools into the world when a cluster, a node or a
//! pod comes, and takes them out when it goes. Nothing else in the simulation asks which mode a cluster has.

pub mod azure;
pub mod azure_bridge;
pub mod azure_transparent;
pub mod kubenet;
pub mod pod_subnet;
mod veth;

use super::action::NewCluster;
use super::action::error::{ActionError, SubnetTarget};
use super::action::network::refuse_delegated;
use super::cluster::{Cluster, Node};
use super::engine::Engine;
use super::engine::queue::PoolTurn;
use super::fabric::nic::AddressOwner;
use super::ids::{ClusterId, HostId, NodeId, PodId, SubnetId};
use super::ipam::Grant;
use super::ipam::subnet_pool::PoolError;
use super::json;
use super::record::decision::CniError;
use super::world::World;
use azure_bridge::AzureBridge;
use azure_transparent::AzureTransparent;
use kubenet::Kubenet;
use pod_subnet::PodSubnet;
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// The network of a cluster: which recipe, with its settings.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Network {
    Kubenet(Kubenet),
    AzureBridge(AzureBridge),
    AzureTransparent(AzureTransparent),
    PodSubnet(PodSubnet),
}

macro_rules! recipes {
    ($($recipe:ident),*) => {
        $(impl From<$recipe> for Network {
            fn from(recipe: $recipe) -> Self {
                Self::$recipe(recipe)
            }
        })*
    };
}

recipes!(Kubenet, AzureBridge, AzureTransparent, PodSubnet);

/// A node pool that somebody wants, or has.
#[derive(Clone, Copy, Debug)]
pub struct PoolPlan {
    pub subnet: SubnetId,
    pub pod_subnet: Option<SubnetId>,
    pub nodes: u32,
    pub max_pods: u16,
}

/// Addresses that a pool needs of one subnet before it can be made.
#[derive(Clone, Copy, Debug)]
pub struct Demand {
    pub subnet: SubnetId,
    pub addresses: u64,
    pub target: SubnetTarget,
}

/// What a recipe does. Each method changes the world and notes what it did; a recipe without an answer of its own has
/// the one that is written here.
pub trait Recipe: std::fmt::Debug {
    /// The network plugin as Azure names it (`--network-plugin`).
    fn plugin(&self) -> &'static str {
        "azure"
    }

    /// Pods that a node may run where nobody says (`--max-pods`).
    /// Source: MicrosoftDocs/azure-aks-docs, articles/aks/concepts-network-ip-address-planning.md.
    fn max_pods(&self) -> u16;

    /// Conditions of this mode on a cluster that somebody wants; the first that fails is told.
    fn check(&self, _world: &World, _new: &NewCluster, _pool: &PoolPlan) -> Result<(), ActionError> {
        Ok(())
    }

    /// Conditions on every node pool, that of a new cluster among them. Here: pods have no subnet of their own, and the
    /// nodes' is not given to another cluster's pods.
    fn check_pool(&self, world: &World, pool: &PoolPlan) -> Result<(), ActionError> {
        if pool.pod_subnet.is_some() {
            return Err(ActionError::PodSubnetUnused);
        }
        refuse_delegated(world, pool.subnet)
    }

    /// What a pool takes out of its subnets when it is made.
    fn demand(&self, pool: &PoolPlan) -> Vec<Demand>;

    /// Azure resources and settings that come with the cluster itself.
    fn prepare_cluster(&self, _engine: &mut Engine, _cluster: ClusterId) {}

    /// What a new node's NIC and host get before it boots.
    fn prepare_node(&self, engine: &mut Engine, node: NodeId) -> Result<(), PoolError<AddressOwner>>;

    /// What begins when the kubelet has registered the node.
    fn join(&self, _engine: &mut Engine, _node: NodeId) {}

    /// The turn of a loop that fills and empties a node's pool of addresses, where it has one that changes.
    fn run_pool(&self, _engine: &mut Engine, _node: NodeId, _turn: PoolTurn) {}

    /// Whether a node of this cluster can run pods that have an address of their own.
    fn node_can_be_ready(&self, _cluster: &Cluster, _node: &Node) -> bool {
        true
    }

    /// The CNI configuration of a node, once it has one.
    fn cni_file(&self, cluster: &Cluster, node: &Node) -> Option<CniFile>;

    /// Gives a pod its address and interfaces (CNI `ADD`).
    fn add_pod(&self, engine: &mut Engine, node: NodeId, pod: PodId) -> Result<PodNetwork, CniError>;

    /// Takes them away (CNI `DEL`).
    fn remove_pod(&self, engine: &mut Engine, node: NodeId, pod: PodId);
}

/// A configuration file of a node's container runtime. It is data: only who reads the file makes the text of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CniFile {
    Kubenet(kubenet::conflist::Conflist),
    Azure(azure::conflist::Conflist),
}

impl CniFile {
    /// Its absolute path.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Kubenet(_) => kubenet::conflist::FILE,
            Self::Azure(_) => azure::conflist::FILE,
        }
    }

    pub fn text(&self) -> String {
        match self {
            Self::Kubenet(conflist) => json::to_text(conflist),
            Self::Azure(conflist) => json::to_text(conflist),
        }
    }
}

/// What the CNI plugin reports of a pod.
#[derive(Clone, Debug)]
pub struct PodNetwork {
    pub host: HostId,
    pub grant: Grant,
    /// Whether the plugin announces the new address with a gratuitous ARP.
    pub announced: bool,
}

impl Network {
    pub fn recipe(&self) -> Rc<dyn Recipe> {
        match self {
            Network::Kubenet(recipe) => Rc::new(recipe.clone()),
            Network::AzureBridge(recipe) => Rc::new(*recipe),
            Network::AzureTransparent(recipe) => Rc::new(*recipe),
            Network::PodSubnet(recipe) => Rc::new(*recipe),
        }
    }
}

/// Sandbox id of a pod, in the form of containerd's: hexadecimal.
pub fn container_id(pod: PodId) -> String {
    // Odd, so that different pods have different ids; spread, so that they do not look like a count.
    format!("{:016x}", u64::from(pod.0).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}
