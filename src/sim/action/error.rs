//! Why an action cannot be done. The words are in [`crate::text`].

use crate::sim::fabric::nic::AddressOwner;
use crate::sim::fabric::nsg_check::RuleProblem;
use crate::sim::fabric::route_table::RouteTableError;
use crate::sim::fabric::vnet_check::VnetProblem;
use crate::sim::host::netfilter::edit::ChainProblem;
use crate::sim::ipam::subnet_pool::PoolError;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// Kinds of named things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Group,
    Vnet,
    Subnet,
    Vm,
    Nsg,
    NsgRule,
    RouteTable,
    Route,
    Nic,
    Cluster,
    Pool,
    Node,
    Deployment,
    Pod,
    Host,
    Interface,
    Endpoint,
    Chain,
    Label,
    Neighbor,
    Address,
}

impl Kind {
    /// Stable name, by which texts find their word.
    pub const fn code(self) -> &'static str {
        match self {
            Kind::Group => "group",
            Kind::Vnet => "vnet",
            Kind::Subnet => "subnet",
            Kind::Vm => "vm",
            Kind::Nsg => "nsg",
            Kind::NsgRule => "nsg-rule",
            Kind::RouteTable => "route-table",
            Kind::Route => "route",
            Kind::Nic => "nic",
            Kind::Cluster => "cluster",
            Kind::Pool => "pool",
            Kind::Node => "node",
            Kind::Deployment => "deployment",
            Kind::Pod => "pod",
            Kind::Host => "host",
            Kind::Interface => "interface",
            Kind::Endpoint => "endpoint",
            Kind::Chain => "chain",
            Kind::Label => "label",
            Kind::Neighbor => "neighbor",
            Kind::Address => "address",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ActionError {
    NotFound {
        kind: Kind,
        name: String,
    },
    Exists {
        kind: Kind,
        name: String,
    },
    /// A name that Azure or Kubernetes refuses.
    BadName {
        kind: Kind,
        name: String,
    },
    /// `InUseSubnetCannotBeDeleted` and its like: what still uses it.
    InUse {
        kind: Kind,
        name: String,
        by: String,
    },
    Vnet(Vec<VnetProblem>),
    Rule(Vec<RuleProblem>),
    Route(RouteTableError),
    Address(PoolError<AddressOwner>),
    MaxPods {
        found: u16,
    },
    /// A pool must have room for 30 pods.
    PoolTooSmall {
        nodes: u32,
        max_pods: u16,
    },
    NodeCount {
        found: u32,
        limit: u32,
    },
    PodCidrUnaligned {
        prefix: Ipv4Net,
        aligned: Ipv4Net,
    },
    /// Longer than the block of one node.
    PodCidrTooSmall {
        prefix: Ipv4Net,
        block: u8,
    },
    RangeReserved {
        field: RangeField,
        prefix: Ipv4Net,
        reserved: Ipv4Net,
    },
    RangesOverlap {
        field: RangeField,
        prefix: Ipv4Net,
        other: RangeField,
        with: Ipv4Net,
    },
    /// `ServiceCidrOverlapExistingSubnetsCidr`
    ServiceCidrOverlapsSubnet {
        service: Ipv4Net,
        subnet: Ipv4Net,
    },
    ServiceCidrTooLarge {
        service: Ipv4Net,
    },
    /// `DnsServiceIpOutOfServiceCidr`
    DnsServiceIpOutside {
        address: Ipv4Addr,
        service: Ipv4Net,
    },
    /// The first address of the range is the API server's service.
    DnsServiceIpIsFirst {
        address: Ipv4Addr,
    },
    /// `InsufficientSubnetSize`
    InsufficientSubnetSize {
        wanted: u64,
        available: u64,
        subnet: String,
        prefix: Ipv4Net,
        target: SubnetTarget,
    },
    /// `SubnetIsFull`: scaling a pool found too few free addresses.
    ScaleSubnetIsFull {
        pool: String,
        cluster: String,
        subnet: String,
        prefix: Ipv4Net,
    },
    /// A subnet for pods takes no VM.
    /// Source: MicrosoftDocs/azure-aks-docs, articles/aks/concepts-network-legacy-cni.md.
    SubnetForPods {
        subnet: String,
    },
    /// `SubnetIsDelegated`: the subnet is for the pods of node pools.
    SubnetIsDelegated {
        subnet: String,
    },
    /// The mode needs a subnet for pods.
    PodSubnetMissing,
    /// A subnet for pods in a mode that has none.
    PodSubnetUnused,
    PodSubnetIsNodeSubnet {
        subnet: String,
    },
    /// A pool's subnets are of one virtual network.
    SubnetOfOtherVnet {
        subnet: String,
        vnet: String,
    },
    /// Something else has addresses of the subnet that is to be for pods.
    PodSubnetInUse {
        subnet: String,
    },
    /// A cluster keeps at least one pool.
    LastPool {
        pool: String,
    },
    /// Kubenet: a subnet belongs to one cluster.
    SubnetHasCluster {
        subnet: String,
        cluster: String,
    },
    Replicas {
        found: u32,
        limit: u32,
    },
    RouteExists {
        dst: Ipv4Net,
    },
    /// A chain of iptables that cannot be changed so.
    Chain {
        chain: String,
        problem: ChainProblem,
    },
    /// The pod does not run, or its workload starts its container again whenever it ends.
    PodCannotEnd {
        name: String,
    },
    /// The host runs, but has no address to send from yet.
    NotRunning {
        name: String,
    },
    Count {
        found: u16,
        limit: u16,
    },
    Ttl,
    ProbeLength {
        found: u16,
        limit: u16,
    },
    WaitTooLong {
        ms: u64,
        limit: u64,
    },
    NeverSettles,
}

/// Which subnet of a pool is too small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubnetTarget {
    Nodes,
    Pods,
}

impl SubnetTarget {
    /// As Azure's error names the field.
    pub const fn code(self) -> &'static str {
        match self {
            SubnetTarget::Nodes => "agentPoolProfile.vnetSubnetID",
            SubnetTarget::Pods => "agentPoolProfile.podSubnetID",
        }
    }
}

/// A range of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RangeField {
    Pod,
    Service,
    Subnet,
}

impl RangeField {
    pub const fn code(self) -> &'static str {
        match self {
            RangeField::Pod => "pod",
            RangeField::Service => "service",
            RangeField::Subnet => "subnet",
        }
    }
}

impl ActionError {
    /// Stable name of the error; Azure's own where it has one.
    pub const fn code(&self) -> &'static str {
        match self {
            ActionError::NotFound { .. } => "not-found",
            ActionError::Exists { .. } => "exists",
            ActionError::BadName { .. } => "bad-name",
            ActionError::InUse { .. } => "in-use",
            ActionError::Vnet(_) => "vnet",
            ActionError::Rule(_) => "rule",
            ActionError::Route(error) => error.code(),
            ActionError::Address(error) => error.code(),
            ActionError::MaxPods { .. } => "max-pods",
            ActionError::PoolTooSmall { .. } => "pool-too-small",
            ActionError::NodeCount { .. } => "node-count",
            ActionError::PodCidrUnaligned { .. } => "pod-cidr-unaligned",
            ActionError::PodCidrTooSmall { .. } => "pod-cidr-too-small",
            ActionError::RangeReserved { .. } => "range-reserved",
            ActionError::RangesOverlap { .. } => "ranges-overlap",
            ActionError::ServiceCidrOverlapsSubnet { .. } => "ServiceCidrOverlapExistingSubnetsCidr",
            ActionError::ServiceCidrTooLarge { .. } => "service-cidr-too-large",
            ActionError::DnsServiceIpOutside { .. } => "DnsServiceIpOutOfServiceCidr",
            ActionError::DnsServiceIpIsFirst { .. } => "dns-service-ip-first",
            ActionError::InsufficientSubnetSize { .. } => "InsufficientSubnetSize",
            ActionError::ScaleSubnetIsFull { .. } => "SubnetIsFull",
            ActionError::SubnetForPods { .. } => "subnet-for-pods",
            ActionError::SubnetIsDelegated { .. } => "SubnetIsDelegated",
            ActionError::PodSubnetMissing => "pod-subnet-missing",
            ActionError::PodSubnetUnused => "pod-subnet-unused",
            ActionError::PodSubnetIsNodeSubnet { .. } => "pod-subnet-is-node-subnet",
            ActionError::SubnetOfOtherVnet { .. } => "subnet-of-other-vnet",
            ActionError::PodSubnetInUse { .. } => "pod-subnet-in-use",
            ActionError::LastPool { .. } => "last-pool",
            ActionError::SubnetHasCluster { .. } => "subnet-has-cluster",
            ActionError::Replicas { .. } => "replicas",
            ActionError::Chain { problem, .. } => problem.code(),
            ActionError::RouteExists { .. } => "route-exists",
            ActionError::PodCannotEnd { .. } => "pod-cannot-end",
            ActionError::NotRunning { .. } => "not-running",
            ActionError::Count { .. } => "count",
            ActionError::Ttl => "ttl",
            ActionError::ProbeLength { .. } => "probe-length",
            ActionError::WaitTooLong { .. } => "wait-too-long",
            ActionError::NeverSettles => "never-settles",
        }
    }
}
