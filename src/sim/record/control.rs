//! What control loops do: every kind of step, and why a pod gets no network or no node.

use super::decision::literal_codes;
use crate::sim::ids::{HostId, IfIndex, NodeId, PodId, RouteTableId, SubnetId};
use crate::sim::ipam::Grant;
use crate::sim::ipam::azure_vnet_ipam::VnetIpamError;
use crate::sim::ipam::cns::{Pass, RequestError};
use crate::sim::ipam::host_local::GetError;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// What a control loop did.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ControlStep {
    VmCreated {
        node: NodeId,
        address: Ipv4Addr,
    },
    NodeRegistered {
        node: NodeId,
    },
    /// A block for the node's pods; `passed` blocks before it were taken.
    NodeCidr {
        node: NodeId,
        block: Ipv4Net,
        index: u32,
        passed: u32,
    },
    NodeCidrExhausted {
        node: NodeId,
    },
    NodeReady {
        node: NodeId,
    },
    RouteWritten {
        table: RouteTableId,
        node: NodeId,
        prefix: Ipv4Net,
        next_hop: Ipv4Addr,
    },
    RouteRemoved {
        table: RouteTableId,
        name: Rc<str>,
    },
    RouteLimit {
        table: RouteTableId,
        node: NodeId,
    },
    PodScheduled {
        pod: PodId,
        node: NodeId,
        scores: Vec<NodeScore>,
    },
    PodPending {
        pod: PodId,
        scores: Vec<NodeScore>,
    },
    /// The CNI plugin gave the pod its address and interface.
    PodNetwork {
        pod: PodId,
        node: NodeId,
        host: HostId,
        grant: Grant,
    },
    PodHostNetwork {
        pod: PodId,
        node: NodeId,
    },
    PodNetworkFailed {
        pod: PodId,
        node: NodeId,
        error: CniError,
    },
    BridgeCreated {
        node: NodeId,
        host: HostId,
        dev: IfIndex,
        address: Ipv4Net,
    },
    /// The pool monitor of a node compared what it has with what its pods use, and asked for more or for less.
    PoolMonitored {
        node: NodeId,
        pass: Pass,
    },
    /// Azure's side gave a node addresses for its pods, or took some back.
    PoolChanged {
        node: NodeId,
        subnet: SubnetId,
        added: Vec<Ipv4Addr>,
        removed: Vec<Ipv4Addr>,
    },
    /// The subnet has fewer free addresses than a node asks for.
    PoolRefused {
        node: NodeId,
        subnet: SubnetId,
        wanted: u32,
        free: u64,
    },
    /// The host delivers to the new addresses from now on.
    PoolProgrammed {
        node: NodeId,
        addresses: u32,
    },
    /// Nodes are told that hardly an address is left in the subnet, or that it is so no more.
    SubnetExhausted {
        subnet: SubnetId,
        exhausted: bool,
    },
    MasqueradeRules {
        node: NodeId,
        kept: Vec<Ipv4Net>,
    },
    PodRunning {
        pod: PodId,
    },
    /// The container of a pod has ended.
    PodEnded {
        pod: PodId,
        status: u8,
    },
    PodDeleted {
        name: Rc<str>,
        address: Option<Ipv4Addr>,
    },
    NodeDeleted {
        name: Rc<str>,
        block: Option<Ipv4Net>,
        address: Ipv4Addr,
    },
}

/// Why a CNI plugin refuses a pod.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CniError {
    Ipam(GetError),
    VnetIpam(VnetIpamError),
    Cns(RequestError),
    /// The node has no block of addresses yet.
    NoPodCidr,
    NodeGone,
}

/// How a node stood when a pod was placed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NodeScore {
    pub node: NodeId,
    /// Pods of the same workload there already.
    pub same: u32,
    /// All pods there.
    pub pods: u32,
    pub fit: Fit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fit {
    Fits,
    NotReady,
    TooManyPods {
        max: u16,
    },
    /// One of the workload's pods is there and it wants at most one.
    AlreadyOne,
    Cordoned,
}

literal_codes!(
    ControlStep {
        ControlStep::VmCreated { .. } => "vm-created",
        ControlStep::NodeRegistered { .. } => "node-registered",
        ControlStep::NodeCidr { .. } => "node-cidr",
        ControlStep::NodeCidrExhausted { .. } => "node-cidr-exhausted",
        ControlStep::NodeReady { .. } => "node-ready",
        ControlStep::RouteWritten { .. } => "route-written",
        ControlStep::RouteRemoved { .. } => "route-removed",
        ControlStep::RouteLimit { .. } => "route-limit",
        ControlStep::PodScheduled { .. } => "pod-scheduled",
        ControlStep::PodPending { .. } => "pod-pending",
        ControlStep::PodNetwork { .. } => "pod-network",
        ControlStep::PodHostNetwork { .. } => "pod-host-network",
        ControlStep::PodNetworkFailed { .. } => "pod-network-failed",
        ControlStep::BridgeCreated { .. } => "bridge-created",
        ControlStep::PoolMonitored { .. } => "pool-monitored",
        ControlStep::PoolChanged { .. } => "pool-changed",
        ControlStep::PoolRefused { .. } => "pool-refused",
        ControlStep::PoolProgrammed { .. } => "pool-programmed",
        ControlStep::SubnetExhausted { .. } => "subnet-exhausted",
        ControlStep::MasqueradeRules { .. } => "masquerade-rules",
        ControlStep::PodRunning { .. } => "pod-running",
        ControlStep::PodEnded { .. } => "pod-ended",
        ControlStep::PodDeleted { .. } => "pod-deleted",
        ControlStep::NodeDeleted { .. } => "node-deleted",
    }
);
