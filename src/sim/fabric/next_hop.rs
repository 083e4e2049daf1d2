//! Where a route of an Azure subnet leads and who made it.
//! Source: MicrosoftDocs/azure-docs, articles/virtual-network/virtual-networks-udr-overview.md.

use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// Who made a route. Source: learn.microsoft.com azure-mgmt-network, class `EffectiveRoute`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteSource {
    /// Azure itself: a system route.
    Default,
    /// A VPN or ExpressRoute gateway, from BGP or its configuration.
    VirtualNetworkGateway,
    /// A route of the subnet's route table (user-defined route).
    User,
}

/// Where a route leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NextHop {
    /// Straight to the NIC that has the destination address.
    VnetLocal,
    VnetPeering,
    Internet,
    /// To the NIC that has this address, whatever the destination.
    VirtualAppliance(Ipv4Addr),
    VirtualNetworkGateway(Option<Ipv4Addr>),
    /// The packet is dropped.
    None,
}

/// Where a person may let a route lead: peering is Azure's alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum UserNextHop {
    VnetLocal,
    Internet,
    VirtualAppliance(Ipv4Addr),
    VirtualNetworkGateway,
    None,
}

impl From<UserNextHop> for NextHop {
    fn from(hop: UserNextHop) -> Self {
        match hop {
            UserNextHop::VnetLocal => Self::VnetLocal,
            UserNextHop::Internet => Self::Internet,
            UserNextHop::VirtualAppliance(address) => Self::VirtualAppliance(address),
            UserNextHop::VirtualNetworkGateway => Self::VirtualNetworkGateway(None),
            UserNextHop::None => Self::None,
        }
    }
}

impl RouteSource {
    /// As `az network nic show-effective-route-table` prints it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Default => "Default",
            Self::VirtualNetworkGateway => "VirtualNetworkGateway",
            Self::User => "User",
        }
    }

    /// Place in the choice between routes of one prefix, the best first: User, BGP, system.
    pub(super) const fn rank(self) -> u8 {
        match self {
            Self::User => 0,
            Self::VirtualNetworkGateway => 1,
            Self::Default => 2,
        }
    }
}

impl NextHop {
    /// Next hop type as `az network nic show-effective-route-table` prints it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::VnetLocal => "VnetLocal",
            Self::VnetPeering => "VNetPeering",
            Self::Internet => "Internet",
            Self::VirtualAppliance(_) => "VirtualAppliance",
            Self::VirtualNetworkGateway(_) => "VirtualNetworkGateway",
            Self::None => "None",
        }
    }

    /// Next hop type as Network Watcher names it.
    /// Source: learn.microsoft.com/azure/network-watcher/next-hop-overview.
    pub const fn watcher_code(self) -> &'static str {
        match self {
            Self::VnetLocal => "VirtualNetwork",
            Self::VnetPeering => "VirtualNetworkPeering",
            other => other.code(),
        }
    }

    /// Address of the next hop, where the route has one.
    pub const fn ip(self) -> Option<Ipv4Addr> {
        match self {
            Self::VirtualAppliance(address) => Some(address),
            Self::VirtualNetworkGateway(address) => address,
            _ => None,
        }
    }
}
