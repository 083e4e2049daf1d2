//! Service tags: names in rules that stand for addresses.
//! Source: MicrosoftDocs/azure-docs, articles/virtual-network/service-tags-overview.md.

use crate::sim::fabric::effective_routes::EffectiveRoutes;
use crate::sim::fabric::system_routes::SystemHop;
use crate::sim::packet::{Protocol, Tuple};
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use std::rc::Rc;

/// The host's virtual address: Azure DNS, health probes, DHCP, agents.
/// Source: MicrosoftDocs/azure-docs, articles/virtual-network/network-security-groups-overview.md, "Azure platform
/// considerations".
pub const HOST_ADDRESS: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);

/// The instance metadata service. Source: as [`HOST_ADDRESS`].
pub const METADATA_ADDRESS: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);

const fn net(a: u8, b: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, 0, 0), length)
}

/// Space that the public internet does not route. Source: IANA IPv4 Special-Purpose Address Registry (RFC 6890);
/// its documentation prefixes are left out, so that examples can play the internet with them.
const NOT_PUBLIC: [Ipv4Net; 9] = [
    net(0, 0, 8),
    net(10, 0, 8),
    net(100, 64, 10),
    net(127, 0, 8),
    net(169, 254, 16),
    net(172, 16, 12),
    net(192, 168, 16),
    net(224, 0, 4),
    net(240, 0, 4),
];

/// Whether the internet routes an address.
pub fn is_public(address: Ipv4Addr) -> bool {
    address != HOST_ADDRESS && !NOT_PUBLIC.iter().any(|n| n.contains(&address))
}

/// Whether Azure's host itself answers at an address, which no route and no rule touches.
pub const fn is_platform(address: Ipv4Addr) -> bool {
    matches!(address, HOST_ADDRESS | METADATA_ADDRESS)
}

/// The tags that the simulation knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ServiceTag {
    /// Space of the VNet and its peers, what its gateway knows, the host's address, and the prefixes of user-defined
    /// routes.
    VirtualNetwork,
    /// Source of health probes, not of the traffic that a load balancer passes on.
    AzureLoadBalancer,
    /// Public space outside the VNet and its peers.
    Internet,
    AzurePlatformDns,
    AzurePlatformImds,
}

/// Why an address belongs to a tag.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TagMember {
    VnetSpace(Ipv4Net),
    PeeredSpace(Ipv4Net),
    /// Known to the gateway.
    OnPremises(Ipv4Net),
    /// Prefix of a user-defined route: so kubenet's pod CIDRs are in `VirtualNetwork`, and 0.0.0.0/0 puts all in.
    UserRoute {
        route: Rc<str>,
        prefix: Ipv4Net,
    },
    /// [`HOST_ADDRESS`] or [`METADATA_ADDRESS`].
    Platform(Ipv4Addr),
    Public,
}

/// A service of the host that outbound rules do not touch unless they name its tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlatformService {
    Dns,
    Metadata,
    /// Any other use of [`HOST_ADDRESS`]; no tag of the simulation names it.
    Host,
}

/// What the tags mean in one subnet: it follows from the subnet's routes. A view: it owns nothing.
#[derive(Clone, Copy, Debug)]
pub struct Tags<'a>(&'a EffectiveRoutes);

impl ServiceTag {
    /// As Azure spells it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::VirtualNetwork => "VirtualNetwork",
            Self::AzureLoadBalancer => "AzureLoadBalancer",
            Self::Internet => "Internet",
            Self::AzurePlatformDns => "AzurePlatformDNS",
            Self::AzurePlatformImds => "AzurePlatformIMDS",
        }
    }
}

impl PlatformService {
    /// The service that an outbound flow goes to.
    pub fn of(flow: &Tuple) -> Option<Self> {
        match (flow.dst, flow.protocol, flow.dst_port) {
            (HOST_ADDRESS, Protocol::Tcp | Protocol::Udp, 53) => Some(Self::Dns),
            (HOST_ADDRESS, ..) => Some(Self::Host),
            (METADATA_ADDRESS, ..) => Some(Self::Metadata),
            _ => None,
        }
    }

    /// The tag with which a rule can name the service.
    pub const fn tag(self) -> Option<ServiceTag> {
        match self {
            Self::Dns => Some(ServiceTag::AzurePlatformDns),
            Self::Metadata => Some(ServiceTag::AzurePlatformImds),
            Self::Host => None,
        }
    }
}

impl<'a> Tags<'a> {
    pub const fn of(routes: &'a EffectiveRoutes) -> Self {
        Self(routes)
    }

    /// Why a tag holds an address; `None` if it does not. The cost does not grow with the number of routes.
    pub fn member(self, tag: ServiceTag, address: Ipv4Addr) -> Option<TagMember> {
        let platform = |own| (address == own).then_some(TagMember::Platform(own));
        match tag {
            ServiceTag::VirtualNetwork => self.virtual_network(address),
            ServiceTag::Internet => self.internet(address),
            ServiceTag::AzureLoadBalancer | ServiceTag::AzurePlatformDns => platform(HOST_ADDRESS),
            ServiceTag::AzurePlatformImds => platform(METADATA_ADDRESS),
        }
    }

    fn virtual_network(self, address: Ipv4Addr) -> Option<TagMember> {
        if address == HOST_ADDRESS {
            return Some(TagMember::Platform(HOST_ADDRESS));
        }
        let on_premises = || Some(TagMember::OnPremises(self.0.system.gateway_candidates(address).next()?.prefix));
        let user_route = || {
            let route = self.0.table.as_ref()?.candidates(address).next()?;
            Some(TagMember::UserRoute { route: route.name.clone(), prefix: route.prefix })
        };
        self.own_space(address).or_else(on_premises).or_else(user_route)
    }

    fn internet(self, address: Ipv4Addr) -> Option<TagMember> {
        (is_public(address) && self.own_space(address).is_none()).then_some(TagMember::Public)
    }

    /// The prefix of the VNet or of a peer that holds the address.
    fn own_space(self, address: Ipv4Addr) -> Option<TagMember> {
        self.0.system.system_candidates(address).find_map(|(prefix, hop)| match hop {
            SystemHop::VnetLocal => Some(TagMember::VnetSpace(prefix)),
            SystemHop::VnetPeering => Some(TagMember::PeeredSpace(prefix)),
            SystemHop::Internet | SystemHop::None => None,
        })
    }
}
