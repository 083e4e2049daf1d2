//! Who gets which address: the pod CIDRs of nodes, the addresses of an Azure subnet, the addresses of pods.

pub mod address_order;
pub mod azure_vnet_ipam;
pub mod cns;
pub mod host_local;
pub mod node_cidr;
pub mod subnet_pool;

use address_order::AddressOrder;
use azure_vnet_ipam::VnetGrant;
use host_local::Allocation;
use ipnet::{IpNet, Ipv4Net};

/// The address that a plugin gave a pod, with how it came to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Grant {
    HostLocal(Allocation),
    AzureVnet(VnetGrant),
    Cns(CnsGrant),
}

/// An address out of the batches of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CnsGrant {
    /// With the length of the pod subnet's prefix.
    pub address: Ipv4Net,
    /// Addresses that it was chosen from.
    pub available: u32,
    pub order: AddressOrder,
}

impl Grant {
    /// The address with the length of its prefix.
    pub const fn address(&self) -> IpNet {
        match self {
            Grant::HostLocal(given) => given.address,
            Grant::AzureVnet(given) => IpNet::V4(given.address),
            Grant::Cns(given) => IpNet::V4(given.address),
        }
    }
}
