//! What a subnet's address can be, and why one is not given.

use crate::sim::time::Time;
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// An address of a subnet in use.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lease<O> {
    pub owner: O,
    pub state: LeaseState,
    /// When it came into this state.
    pub since: Time,
}

/// What a leased address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LeaseState {
    /// Primary address of a node.
    Node,
    /// Address of a VM that is no node.
    Vm,
    /// Secondary address of a node's NIC, kept for pods from the node's first day (Azure CNI node subnet).
    HeldForPods,
    /// Given to a node in a batch, with no pod on it (pod subnet).
    HeldInBatch,
    /// Held by a pod.
    Assigned,
    /// Marked by the node to be taken back.
    PendingRelease,
}

/// The five addresses that Azure keeps in every subnet.
/// Source: MicrosoftDocs/azure-docs, articles/virtual-network/virtual-networks-faq.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reserved {
    Network,
    /// Default gateway.
    Gateway,
    /// First address that maps Azure DNS into the VNet.
    Dns1,
    Dns2,
    Broadcast,
}

impl Reserved {
    pub const ALL: [Reserved; 5] = [Self::Network, Self::Gateway, Self::Dns1, Self::Dns2, Self::Broadcast];

    /// Distance from the network address; `None` for the last address of the subnet.
    pub(super) const fn offset(self) -> Option<u32> {
        match self {
            Self::Network => Some(0),
            Self::Gateway => Some(1),
            Self::Dns1 => Some(2),
            Self::Dns2 => Some(3),
            Self::Broadcast => None,
        }
    }
}

/// What is at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot<'a, O> {
    /// Not of this subnet.
    Outside,
    Reserved(Reserved),
    Free,
    Leased(&'a Lease<O>),
}

/// Number of addresses in each state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Counts {
    pub reserved: u64,
    pub free: u64,
    leased: [u64; LeaseState::ALL.len()],
}

impl LeaseState {
    pub const ALL: [LeaseState; 6] =
        [Self::Node, Self::Vm, Self::HeldForPods, Self::HeldInBatch, Self::Assigned, Self::PendingRelease];
}

impl Counts {
    pub(super) fn new(addresses: u64, reserved: u64) -> Self {
        Self { reserved, free: addresses - reserved, leased: [0; LeaseState::ALL.len()] }
    }

    /// Number of leases in one state.
    pub const fn of(&self, state: LeaseState) -> u64 {
        self.leased[state as usize]
    }

    /// Number of leases in any state.
    pub fn leased(&self) -> u64 {
        self.leased.iter().sum()
    }

    /// Addresses that can be leased, free or not: 2^(32 - prefix length) - 5.
    pub fn usable(&self) -> u64 {
        self.free + self.leased()
    }

    /// All addresses of the subnet: 2^(32 - prefix length).
    pub fn total(&self) -> u64 {
        self.reserved + self.usable()
    }

    /// A free address becomes leased.
    pub(super) fn add(&mut self, state: LeaseState) {
        self.free -= 1;
        self.leased[state as usize] += 1;
    }

    /// A leased address becomes free.
    pub(super) fn remove(&mut self, state: LeaseState) {
        self.free += 1;
        self.leased[state as usize] -= 1;
    }
}

/// Why an address is not given.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PoolError<O> {
    /// The prefix is longer than /29. Source: MicrosoftDocs/azure-docs,
    /// articles/virtual-network/virtual-network-manage-subnet.md.
    TooSmall {
        prefix: Ipv4Net,
    },
    NotInSubnet {
        address: Ipv4Addr,
        prefix: Ipv4Net,
    },
    InReservedRange {
        address: Ipv4Addr,
        role: Reserved,
    },
    IsAllocated {
        address: Ipv4Addr,
        owner: O,
    },
    SubnetIsFull {
        prefix: Ipv4Net,
        wanted: u32,
        free: u64,
    },
}

impl<O> PoolError<O> {
    /// Azure's error code; `TooSmall` has the one that a subnet with an impossible prefix shows.
    /// Source: public ARM error reports; MicrosoftDocs/SupportArticles-docs, subnetisfull-error.md.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooSmall { .. } => "NetcfgInvalidSubnet",
            Self::NotInSubnet { .. } => "PrivateIPAddressNotInSubnet",
            Self::InReservedRange { .. } => "PrivateIPAddressInReservedRange",
            Self::IsAllocated { .. } => "PrivateIPAddressIsAllocated",
            Self::SubnetIsFull { .. } => "SubnetIsFull",
        }
    }
}
