//! Interfaces of a host, as `ip link` and `ip address` show them.

use crate::sim::addr::Mac;
use crate::sim::ids::{IfIndex, InterfaceId, NicId};
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// MTU of a VM's NIC in Azure. Source: MicrosoftDocs/azure-docs virtual-network-tcpip-performance-tuning.md.
pub const AZURE_MTU: u16 = 1500;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "each is one flag of `ip link`")]
pub struct Interface {
    pub index: IfIndex,
    pub name: Rc<str>,
    pub mac: Mac,
    pub mtu: u16,
    pub up: bool,
    /// Whether the other end of a pair is up too (`__LINK_STATE_NOCARRIER` is not set). What has no other end here, such
    /// as Azure's side of a NIC, never loses it; a bridge asks its ports ([`super::Host::has_carrier`]).
    pub carrier: bool,
    pub promiscuous: bool,
    /// The bridge of which this is a port.
    pub master: Option<IfIndex>,
    /// Whether the bridge of which this is a port takes frames from it. It notices a moment later that a carrier came back.
    pub port_enabled: bool,
    /// Sends a frame back out of the port it came in by.
    pub hairpin: bool,
    /// Answers ARP for addresses that are routed out of another interface.
    pub proxy_arp: bool,
    /// Announces its address when its link comes up (`arp_notify`), as the CNI plugins set it in a pod.
    pub arp_notify: bool,
    pub addresses: Vec<InterfaceAddress>,
    pub kind: InterfaceKind,
}

/// An address on an interface with the length of its prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InterfaceAddress {
    pub net: Ipv4Net,
    /// Whether a broadcast address was set, as newer bridge plugins do and the article's did not.
    pub broadcast: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum InterfaceKind {
    Loopback,
    /// One end of a veth pair.
    Veth {
        peer: InterfaceId,
    },
    /// Its forwarding database is in [`super::Host::bridges`].
    Bridge,
    /// The guest's side of an Azure NIC.
    Nic(NicId),
}

impl Interface {
    pub fn new(index: IfIndex, name: &str, mac: Mac, kind: InterfaceKind) -> Self {
        Self {
            index,
            name: name.into(),
            mac,
            mtu: AZURE_MTU,
            up: true,
            carrier: true,
            promiscuous: false,
            master: None,
            port_enabled: true,
            hairpin: false,
            proxy_arp: false,
            arp_notify: false,
            addresses: Vec::new(),
            kind,
        }
    }

    pub fn loopback() -> Self {
        let mut lo = Self::new(IfIndex(1), "lo", Mac::ZERO, InterfaceKind::Loopback);
        lo.mtu = u16::MAX;
        let net = Ipv4Net::new_assert(Ipv4Addr::LOCALHOST, 8);
        lo.addresses.push(InterfaceAddress { net, broadcast: false });
        lo
    }

    /// Up at both ends, for what is not a bridge (`IFF_RUNNING`).
    pub const fn is_running(&self) -> bool {
        self.up && self.carrier
    }

    pub fn has_address(&self, address: Ipv4Addr) -> bool {
        self.addresses.iter().any(|a| a.net.addr() == address)
    }

    /// The primary address toward `dst`: the first whose prefix holds it, else the first.
    /// Source: Linux `inet_select_addr` in net/ipv4/devinet.c.
    pub fn address_toward(&self, dst: Ipv4Addr) -> Option<Ipv4Addr> {
        let near = self.addresses.iter().find(|a| a.net.contains(&dst));
        near.or(self.addresses.first()).map(|a| a.net.addr())
    }
}
