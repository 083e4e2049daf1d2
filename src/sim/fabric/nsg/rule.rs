//! One security rule, and the six that every NSG has.
//! Source: MicrosoftDocs/azure-docs, articles/virtual-network/network-security-groups-overview.md.

use super::tags::ServiceTag;
use crate::sim::packet::Protocol;
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// A rule of an NSG. Lower priority numbers come first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecurityRule {
    /// Unique in its NSG.
    pub name: Rc<str>,
    /// 100 to 4096, unique among the rules of its direction; the default rules have 65000 and more.
    pub priority: u16,
    pub direction: Direction,
    pub access: Access,
    pub protocol: RuleProtocol,
    pub source: AddressMatch,
    pub source_ports: PortMatch,
    pub destination: AddressMatch,
    pub destination_ports: PortMatch,
}

/// Seen from the NIC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Direction {
    Inbound,
    Outbound,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Access {
    Allow,
    Deny,
}

/// Protocol of a rule. `Esp` and `Ah` exist in Azure; no packet of the simulation has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RuleProtocol {
    Any,
    Tcp,
    Udp,
    Icmp,
    Esp,
    Ah,
}

/// Addresses of one side of a rule: one tag, or any number of prefixes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AddressMatch {
    Any,
    Prefixes(Rc<[Ipv4Net]>),
    Tag(ServiceTag),
}

/// Ports of one side of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PortMatch {
    Any,
    Ranges(Rc<[PortRange]>),
}

/// Ports `first` to `last`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortRange {
    pub first: u16,
    pub last: u16,
}

impl Direction {
    /// As Azure spells it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Inbound => "Inbound",
            Self::Outbound => "Outbound",
        }
    }
}

impl Access {
    /// As Azure spells it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        }
    }
}

impl RuleProtocol {
    /// As Azure spells it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Any => "*",
            Self::Tcp => "Tcp",
            Self::Udp => "Udp",
            Self::Icmp => "Icmp",
            Self::Esp => "Esp",
            Self::Ah => "Ah",
        }
    }

    pub const fn matches(self, protocol: Protocol) -> bool {
        matches!(
            (self, protocol),
            (Self::Any, _) | (Self::Tcp, Protocol::Tcp) | (Self::Udp, Protocol::Udp) | (Self::Icmp, Protocol::Icmp)
        )
    }

    /// Whether the protocol has ports for a rule to look at; `Any` has, where the packet has.
    const fn has_ports(self) -> bool {
        matches!(self, Self::Any | Self::Tcp | Self::Udp)
    }
}

impl AddressMatch {
    pub fn prefix(net: Ipv4Net) -> Self {
        Self::Prefixes([net].into())
    }
}

impl PortRange {
    pub const ALL: PortRange = PortRange { first: 0, last: u16::MAX };
}

impl PortMatch {
    pub fn one(port: u16) -> Self {
        Self::Ranges([PortRange { first: port, last: port }].into())
    }

    /// A packet without ports is held by all ports alone, written as `*` or as 0-65535.
    fn holds(&self, port: Option<u16>) -> bool {
        let Self::Ranges(ranges) = self else { return true };
        ranges.iter().any(|range| match port {
            Some(port) => (range.first..=range.last).contains(&port),
            None => *range == PortRange::ALL,
        })
    }
}

impl SecurityRule {
    /// A rule for any protocol, address and port; set what should differ.
    pub fn new(name: &str, priority: u16, direction: Direction, access: Access) -> Self {
        Self {
            name: name.into(),
            priority,
            direction,
            access,
            protocol: RuleProtocol::Any,
            source: AddressMatch::Any,
            source_ports: PortMatch::Any,
            destination: AddressMatch::Any,
            destination_ports: PortMatch::Any,
        }
    }

    /// Whether it is one of the six rules that nobody can delete.
    pub const fn is_default(&self) -> bool {
        self.priority >= 65000
    }

    /// Whether the source port fits. Rules for ICMP do not look at ports; a packet without ports fits no rule that
    /// names some. Source: MicrosoftDocs/azure-docs issue #37413.
    pub fn source_port_fits(&self, protocol: Protocol, port: u16) -> bool {
        !self.protocol.has_ports() || self.source_ports.holds(port_of(protocol, port))
    }

    /// Whether the destination port fits, as [`SecurityRule::source_port_fits`].
    pub fn destination_port_fits(&self, protocol: Protocol, port: u16) -> bool {
        !self.protocol.has_ports() || self.destination_ports.holds(port_of(protocol, port))
    }

    /// The rules of every NSG that nobody can delete.
    /// Source: MicrosoftDocs/azure-docs, articles/virtual-network/network-security-groups-overview.md, "Default
    /// security rules".
    pub fn defaults() -> [Self; 6] {
        use {
            Access::{Allow, Deny},
            Direction::{Inbound, Outbound},
        };
        let vnet = || AddressMatch::Tag(ServiceTag::VirtualNetwork);
        let probe = AddressMatch::Tag(ServiceTag::AzureLoadBalancer);
        let internet = AddressMatch::Tag(ServiceTag::Internet);
        let within = |rule: Self| Self { source: vnet(), destination: vnet(), ..rule };
        [
            within(Self::new("AllowVnetInBound", 65000, Inbound, Allow)),
            Self { source: probe, ..Self::new("AllowAzureLoadBalancerInBound", 65001, Inbound, Allow) },
            Self::new("DenyAllInBound", 65500, Inbound, Deny),
            within(Self::new("AllowVnetOutBound", 65000, Outbound, Allow)),
            Self { destination: internet, ..Self::new("AllowInternetOutBound", 65001, Outbound, Allow) },
            Self::new("DenyAllOutBound", 65500, Outbound, Deny),
        ]
    }
}

/// The port that a rule can look at; ICMP has none.
const fn port_of(protocol: Protocol, port: u16) -> Option<u16> {
    match protocol {
        Protocol::Icmp => None,
        Protocol::Tcp | Protocol::Udp => Some(port),
    }
}
