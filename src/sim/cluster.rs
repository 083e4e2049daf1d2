//! What a managed cluster consists of: pools, nodes, workloads, pods.

use super::ids::{ClusterId, HostId, NicId, NodeId, RouteTableId, SubnetId, WorkloadId};
use super::ipam::azure_vnet_ipam::AzureVnetIpam;
use super::ipam::cns::Cns;
use super::ipam::host_local::HostLocal;
use super::ipam::node_cidr::NodeCidrSet;
use super::mode::Recipe;
use super::packet::Protocol;
use super::time::Time;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;
use std::rc::Rc;

#[derive(Clone, Debug)]
pub struct Cluster {
    pub name: Rc<str>,
    pub resource_group: Rc<str>,
    pub location: Rc<str>,
    pub version: Rc<str>,
    /// What makes its network: its mode, with the settings.
    pub recipe: Rc<dyn Recipe>,
    pub service_cidr: Ipv4Net,
    pub dns_service_ip: Ipv4Addr,
    pub pools: Rc<Vec<Pool>>,
    /// The eight digits in the names of nodes, route table and NSG.
    pub suffix: Rc<str>,
    /// Blocks for nodes, where the controller-manager allocates them (`--allocate-node-cidrs`).
    pub node_cidrs: Option<NodeCidrSet>,
    /// The table that the route controller writes (`--configure-cloud-routes`).
    pub route_table: Option<RouteTableId>,
    /// Ranges that the ip-masq-agent leaves alone; `None` where it does not run.
    pub non_masquerade: Option<Rc<Vec<Ipv4Net>>>,
    /// Whether a run of the route controller is due.
    pub routes_due: bool,
}

impl Cluster {
    /// Name of the route table that AKS makes for it, where its subnet has none.
    pub fn own_route_table(&self) -> String {
        format!("aks-agentpool-{}-routetable", self.suffix)
    }
}

/// A node pool (a virtual machine scale set).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pool {
    pub name: Rc<str>,
    pub subnet: SubnetId,
    /// Where its pods have their addresses from, if not from the nodes' subnet.
    pub pod_subnet: Option<SubnetId>,
    pub max_pods: u16,
    /// Number of the next instance.
    pub next_instance: u32,
    /// Labels that every node of it gets.
    pub labels: Labels,
}

impl Pool {
    /// Whether its nodes or its pods have addresses of the subnet.
    pub fn uses(&self, subnet: SubnetId) -> bool {
        self.subnet == subnet || self.pod_subnet == Some(subnet)
    }
}

#[derive(Clone, Debug)]
pub struct Node {
    pub name: Rc<str>,
    pub cluster: ClusterId,
    pub pool: Rc<str>,
    pub instance: u32,
    pub host: HostId,
    pub nic: NicId,
    pub phase: NodePhase,
    pub pod_cidr: Option<Ipv4Net>,
    pub created: Time,
    /// When the kubelet registered the node.
    pub registered: Option<Time>,
    pub max_pods: u16,
    /// Takes no more pods (`kubectl cordon`).
    pub cordoned: bool,
    pub pod_subnet: Option<SubnetId>,
    /// Whether a look of its pool monitor is due.
    pub monitor_due: bool,
    /// What hands out the addresses of its pods, once there is one.
    pub ipam: Ipam,
    /// Labels that somebody gave it.
    pub labels: Labels,
}

/// Labels in the order of their keys. A copy is cheap.
pub type Labels = Rc<Vec<(Rc<str>, Rc<str>)>>;

/// What a node's machine is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NodeImage {
    pub os: &'static str,
    pub kernel: &'static str,
    /// Name and version of the container runtime.
    pub runtime: (&'static str, &'static str),
}

/// The image of AKS in the weeks of the article, which every node has here.
/// Source: Azure/AKS, release notes of November 2021 (AKSUbuntu-1804).
pub const NODE_IMAGE: NodeImage =
    NodeImage { os: "Ubuntu 18.04.6 LTS", kernel: "5.4.0-1059-azure", runtime: ("containerd", "1.4.9+azure") };

/// The addresses that a node has for its pods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Ipam {
    #[default]
    None,
    /// The store of the host-local plugin.
    HostLocal(HostLocal),
    /// The pool of azure-vnet-ipam: secondary addresses of the node's NIC.
    AzureVnet(AzureVnetIpam),
    /// The state of azure-cns: addresses that the node got in batches.
    Cns(Box<Cns>),
}

impl Node {
    pub const fn host_local(&self) -> Option<&HostLocal> {
        match &self.ipam {
            Ipam::HostLocal(store) => Some(store),
            _ => None,
        }
    }

    pub fn cns(&self) -> Option<&Cns> {
        match &self.ipam {
            Ipam::Cns(cns) => Some(cns),
            _ => None,
        }
    }

    pub fn cns_mut(&mut self) -> Option<&mut Cns> {
        match &mut self.ipam {
            Ipam::Cns(cns) => Some(cns),
            _ => None,
        }
    }

    pub const fn azure_vnet(&self) -> Option<&AzureVnetIpam> {
        match &self.ipam {
            Ipam::AzureVnet(pool) => Some(pool),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodePhase {
    /// The VM is being created and booted.
    Booting,
    /// Registered, but without what pods need (no block of addresses, say).
    NotReady,
    Ready,
}

/// A deployment or a daemon set.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Workload {
    pub name: Rc<str>,
    pub namespace: Rc<str>,
    pub cluster: ClusterId,
    pub kind: WorkloadKind,
    pub image: Rc<str>,
    pub host_network: bool,
    /// At most one pod on a node.
    pub one_per_node: bool,
    pub role: WorkloadRole,
    pub listens: Rc<Vec<(Protocol, u16)>>,
    /// The template hash in the names of a deployment's pods.
    pub hash: Rc<str>,
    pub created: Time,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WorkloadKind {
    Deployment { replicas: u32 },
    DaemonSet,
}

/// What the containers of a workload do to their node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WorkloadRole {
    #[default]
    None,
    /// Writes the masquerade rules.
    MasqueradeAgent,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pod {
    pub name: Rc<str>,
    pub namespace: Rc<str>,
    pub cluster: ClusterId,
    pub workload: Option<WorkloadId>,
    pub node: Option<NodeId>,
    pub phase: PodPhase,
    pub host_network: bool,
    /// The pod's own network namespace, once the sandbox exists; the node's for a host-network pod.
    pub host: Option<HostId>,
    pub address: Option<Ipv4Addr>,
    pub created: Time,
    /// Name of its container, and the image that it runs.
    pub container: Rc<str>,
    pub image: Rc<str>,
    /// Labels that somebody gave it, beside those of its workload.
    pub labels: Labels,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PodPhase {
    /// Not bound to a node.
    Pending,
    ContainerCreating,
    Running,
    /// The CNI plugin refused; the kubelet tries again.
    SandboxFailed,
    /// Its container has ended, and is not started again.
    Ended {
        status: u8,
    },
}

impl Pod {
    /// Whether its container has ended for good.
    pub const fn has_ended(&self) -> bool {
        matches!(self.phase, PodPhase::Ended { .. })
    }

    /// `NAMESPACE/NAME`, the key of the pod.
    pub fn key(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }
}
