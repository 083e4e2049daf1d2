//! Routes that a subnet has without anybody having made them.
//! Source: MicrosoftDocs/azure-docs, articles/virtual-network/virtual-networks-udr-overview.md.

use super::next_hop::NextHop;
use super::prefix_map::PrefixMap;
use crate::sim::order::sort_by_key;
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

const fn net(a: u8, b: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, 0, 0), length)
}

/// Private and shared space. A VNet drops what goes there unless a longer or better route knows it.
/// Source: MicrosoftDocs/azure-docs, articles/virtual-network/virtual-networks-udr-overview.md, "Default".
pub const DROPPED: [Ipv4Net; 4] = [net(10, 0, 8), net(172, 16, 12), net(192, 168, 16), net(100, 64, 10)];

const EVERYWHERE: Ipv4Net = net(0, 0, 0);

/// Where a system route leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SystemHop {
    VnetLocal,
    VnetPeering,
    Internet,
    None,
}

impl SystemHop {
    /// Routes to the VNet and its peers, which no gateway's route overrides.
    /// Source: MicrosoftDocs/azure-docs, articles/virtual-network/virtual-networks-udr-overview.md, "How Azure
    /// selects a route".
    pub const fn is_preferred(self) -> bool {
        matches!(self, Self::VnetLocal | Self::VnetPeering)
    }
}

impl From<SystemHop> for NextHop {
    fn from(hop: SystemHop) -> Self {
        match hop {
            SystemHop::VnetLocal => Self::VnetLocal,
            SystemHop::VnetPeering => Self::VnetPeering,
            SystemHop::Internet => Self::Internet,
            SystemHop::None => Self::None,
        }
    }
}

/// A prefix that a gateway learned by BGP or that is configured on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewayRoute {
    pub prefix: Ipv4Net,
    /// Address of the gateway.
    pub next_hop: Option<Ipv4Addr>,
}

/// System and gateway routes of every subnet of one VNet. Copies share them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SystemRoutes {
    system: PrefixMap<SystemHop>,
    gateway: PrefixMap<Option<Ipv4Addr>>,
}

impl SystemRoutes {
    /// Routes of a VNet with this address space, peered with VNets that have these prefixes, and with what its
    /// gateway knows. A prefix of the VNet replaces an equal `None` route and removes those inside it. A peered
    /// prefix replaces an equal `None` route too, which the documentation leaves open.
    pub fn new(vnet: &[Ipv4Net], peered: &[Ipv4Net], gateway: &[GatewayRoute]) -> Self {
        let mut system = PrefixMap::default();
        system.insert(EVERYWHERE, SystemHop::Internet);
        for prefix in DROPPED.into_iter().filter(|dropped| !vnet.iter().any(|v| v.contains(dropped))) {
            system.insert(prefix, SystemHop::None);
        }
        for prefix in peered {
            system.insert(*prefix, SystemHop::VnetPeering);
        }
        for prefix in vnet {
            system.insert(*prefix, SystemHop::VnetLocal);
        }
        Self { system, gateway: gateway.iter().map(|route| (route.prefix, route.next_hop)).collect() }
    }

    /// System routes in the order of Azure's list: the VNet, its peers, the internet, then what is dropped.
    pub fn system(&self) -> Vec<(Ipv4Net, SystemHop)> {
        let mut rows: Vec<_> = self.system.iter().map(|(prefix, hop)| (prefix, *hop)).collect();
        sort_by_key(&mut rows, |(prefix, hop)| (*hop, *prefix));
        rows
    }

    /// Gateway routes by prefix.
    pub fn gateway(&self) -> impl Iterator<Item = GatewayRoute> {
        self.gateway.iter().map(|(prefix, next_hop)| GatewayRoute { prefix, next_hop: *next_hop })
    }

    /// The gateway's route of exactly this prefix.
    pub fn has_gateway_route(&self, prefix: Ipv4Net) -> bool {
        self.gateway.get(prefix).is_some()
    }

    /// System routes whose prefix holds the address, longest first.
    pub fn system_candidates(&self, address: Ipv4Addr) -> impl Iterator<Item = (Ipv4Net, SystemHop)> {
        self.system.candidates(address).map(|(prefix, hop)| (prefix, *hop))
    }

    /// Gateway routes whose prefix holds the address, longest first.
    pub fn gateway_candidates(&self, address: Ipv4Addr) -> impl Iterator<Item = GatewayRoute> {
        self.gateway.candidates(address).map(|(prefix, next_hop)| GatewayRoute { prefix, next_hop: *next_hop })
    }
}
