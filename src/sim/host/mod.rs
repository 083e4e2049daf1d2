//! One Linux network namespace: a node's root namespace, a pod, a VM.

pub mod bridge;
pub mod conntrack;
pub mod ebtables;
pub mod fib;
pub mod interface;
pub mod neighbor;
pub mod netfilter;
pub mod socket;

use super::addr::Mac;
use super::ids::{IfIndex, NodeId, PodId};
use super::sorted::Sorted;
use bridge::Bridge;
use conntrack::Conntrack;
use ebtables::Ebtables;
use fib::{Fib, Route};
use interface::{Interface, InterfaceAddress, InterfaceKind};
use ipnet::Ipv4Net;
use neighbor::Neighbors;
use netfilter::Netfilter;
use socket::Sockets;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// A network namespace with the tables that forwarding reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    pub name: Rc<str>,
    pub role: Role,
    pub interfaces: Sorted<IfIndex, Interface>,
    /// The addresses of this host (routing table `local`), each with its interface.
    pub local: Sorted<Ipv4Addr, IfIndex>,
    /// Routing table `main`.
    pub fib: Fib,
    pub neighbors: Neighbors,
    pub bridges: Sorted<IfIndex, Bridge>,
    pub netfilter: Netfilter,
    pub ebtables: Ebtables,
    pub conntrack: Conntrack,
    pub sysctl: Sysctl,
    pub sockets: Sockets,
    /// Identification of the next IPv4 packet.
    pub next_ident: u16,
    next_index: u32,
}

/// Whose namespace it is. Forwarding never looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    Node(NodeId),
    Pod(PodId),
    Vm,
}

/// The kernel settings that forwarding reads. Source: Linux Documentation/networking/ip-sysctl.rst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sysctl {
    /// `net.ipv4.ip_forward`
    pub ip_forward: bool,
    /// `net.bridge.bridge-nf-call-iptables`
    pub bridge_nf_call_iptables: bool,
}

impl Default for Sysctl {
    fn default() -> Self {
        Self { ip_forward: false, bridge_nf_call_iptables: true }
    }
}

impl Host {
    /// A host with only `lo`.
    pub fn new(name: &str, role: Role) -> Self {
        let mut host = Self {
            name: name.into(),
            role,
            interfaces: Sorted::default(),
            local: Sorted::default(),
            fib: Fib::default(),
            neighbors: Neighbors::default(),
            bridges: Sorted::default(),
            netfilter: Netfilter::default(),
            ebtables: Ebtables::default(),
            conntrack: Conntrack::default(),
            sysctl: Sysctl::default(),
            sockets: Sockets::default(),
            next_ident: 1,
            next_index: 2,
        };
        host.interfaces.insert(IfIndex(1), Interface::loopback());
        host.local.insert(Ipv4Addr::LOCALHOST, IfIndex(1));
        host
    }

    /// The index that the next interface gets.
    pub const fn next_index(&self) -> IfIndex {
        IfIndex(self.next_index)
    }

    /// Adds an interface; a bridge gets an empty forwarding database with its own address.
    pub fn add_interface(&mut self, name: &str, mac: Mac, kind: InterfaceKind) -> IfIndex {
        let index = self.next_index();
        self.next_index += 1;
        if kind == InterfaceKind::Bridge {
            let mut bridge = Bridge::default();
            bridge.add_local(mac, index);
            self.bridges.insert(index, bridge);
        }
        self.interfaces.insert(index, Interface::new(index, name, mac, kind));
        index
    }

    /// Takes an interface away with its addresses, routes, neighbours and FDB entries.
    pub fn remove_interface(&mut self, index: IfIndex) -> Option<Interface> {
        let gone = self.interfaces.remove(&index)?;
        self.local.retain(|_, dev| *dev != index);
        self.forget_dev(index);
        self.bridges.remove(&index);
        if let Some(bridge) = gone.master.and_then(|m| self.bridges.get_mut(&m)) {
            bridge.remove_port(index);
        }
        Some(gone)
    }

    pub fn interface(&self, index: IfIndex) -> Option<&Interface> {
        self.interfaces.get(&index)
    }

    pub fn interface_mut(&mut self, index: IfIndex) -> Option<&mut Interface> {
        self.interfaces.get_mut(&index)
    }

    pub fn interface_named(&self, name: &str) -> Option<&Interface> {
        self.interfaces.values().find(|i| i.name.as_ref() == name)
    }

    /// Makes an interface a port of a bridge.
    pub fn enslave(&mut self, port: IfIndex, bridge: IfIndex) {
        let Some(interface) = self.interfaces.get_mut(&port) else { return };
        interface.master = Some(bridge);
        let mac = interface.mac;
        if let Some(bridge) = self.bridges.get_mut(&bridge) {
            bridge.add_local(mac, port);
        }
    }

    /// Ports of a bridge in order of index.
    pub fn ports(&self, bridge: IfIndex) -> impl Iterator<Item = &Interface> {
        self.interfaces.values().filter(move |i| i.master == Some(bridge))
    }

    /// Whether a frame that an interface sends gets onto its link: both ends of a pair must be up, and a bridge needs one
    /// port that is.
    pub fn has_carrier(&self, index: IfIndex) -> bool {
        self.interface(index).is_some_and(|interface| self.carries(interface))
    }

    /// [`Host::has_carrier`] of an interface of this host.
    pub fn carries(&self, interface: &Interface) -> bool {
        match interface.kind {
            InterfaceKind::Bridge => interface.up && self.ports(interface.index).any(Interface::is_running),
            InterfaceKind::Loopback | InterfaceKind::Nic(_) | InterfaceKind::Veth { .. } => interface.is_running(),
        }
    }

    /// Gives an interface an address, with the connected route that the kernel adds.
    pub fn add_address(&mut self, index: IfIndex, net: Ipv4Net) {
        if let Some(interface) = self.interfaces.get_mut(&index) {
            interface.addresses.push(InterfaceAddress { net, broadcast: false });
            self.local.insert(net.addr(), index);
            // A second address of the same prefix finds its route there already.
            let _ = self.fib.add(Route::connected(net, index));
        }
    }

    /// `ip address add`: the connected route comes only while the link is up. `false` where the host has it already.
    /// Source: Linux `inet_insert_ifa`, `net/ipv4/devinet.c`; `fib_add_ifaddr`, `net/ipv4/fib_frontend.c`.
    pub fn assign(&mut self, index: IfIndex, net: Ipv4Net) -> bool {
        let Some(interface) = self.interfaces.get_mut(&index) else { return false };
        if self.local.contains_key(&net.addr()) {
            return false;
        }
        interface.addresses.push(InterfaceAddress { net, broadcast: false });
        let up = interface.up;
        self.local.insert(net.addr(), index);
        if up {
            // A second address of the same prefix finds its route there already.
            let _ = self.fib.add(Route::connected(net, index));
        }
        true
    }

    /// `ip address del`, with the connected route that came with it. `false` where it is not there.
    /// Source: Linux `fib_del_ifaddr`, `net/ipv4/fib_frontend.c`.
    pub fn withdraw(&mut self, index: IfIndex, net: Ipv4Net) -> bool {
        let Some(interface) = self.interfaces.get_mut(&index) else { return false };
        let before = interface.addresses.len();
        interface.addresses.retain(|a| a.net != net);
        if interface.addresses.len() == before {
            return false;
        }
        self.local.remove(&net.addr());
        self.conntrack.forget_masqueraded(index, Some(net.addr()));
        if self.fib.routes().contains(&Route::connected(net, index)) {
            self.fib.remove(net.trunc(), None);
        }
        true
    }

    /// Takes the addresses of an interface away, with their routes and the others out of it, as a bridge plugin does
    /// before the interface becomes a port. Returns what it took.
    pub fn take_addresses(&mut self, index: IfIndex) -> Vec<Ipv4Net> {
        let Some(interface) = self.interfaces.get_mut(&index) else { return Vec::new() };
        let addresses: Vec<Ipv4Net> = std::mem::take(&mut interface.addresses).iter().map(|a| a.net).collect();
        self.local.retain(|_, dev| *dev != index);
        self.fib.remove_dev(index);
        self.neighbors.remove_dev(index);
        addresses
    }

    /// `ip link set DEV up|down`. Going down takes the routes and neighbours of the interface away, the flows that were
    /// masqueraded by it, and of a bridge what it learned; coming up brings back only the connected routes.
    /// Source: Linux `fib_disable_ip`, `net/ipv4/fib_frontend.c`; `br_stp_disable_bridge`, `net/bridge/br_stp_if.c`.
    pub fn set_link(&mut self, index: IfIndex, up: bool) {
        let Some(interface) = self.interfaces.get_mut(&index).filter(|i| i.up != up) else { return };
        interface.up = up;
        if !up {
            self.forget_dev(index);
            if let Some(bridge) = self.bridges.get_mut(&index) {
                bridge.flush();
            }
            return;
        }
        for address in interface.addresses.clone() {
            // Two addresses of one prefix share the route.
            let _ = self.fib.add(Route::connected(address.net, index));
        }
    }

    /// What a host forgets when a device goes down or away.
    fn forget_dev(&mut self, index: IfIndex) {
        self.fib.remove_dev(index);
        self.neighbors.remove_dev(index);
        self.conntrack.forget_masqueraded(index, None);
    }

    /// Whether the address is one of this host's own.
    pub fn is_local(&self, address: Ipv4Addr) -> bool {
        address.is_loopback() || self.local.contains_key(&address)
    }

    /// The source address for a packet that leaves by `dev`: the route's preferred source, else an address of the
    /// interface, else the first of another interface. Source: Linux `inet_select_addr`, net/ipv4/devinet.c.
    pub fn source_address(&self, route: &Route, dev: IfIndex, next_hop: Ipv4Addr) -> Option<Ipv4Addr> {
        route
            .src
            .or_else(|| self.interface(dev).and_then(|i| i.address_toward(next_hop)))
            .or_else(|| self.first_address())
    }

    /// The first address that is not on the loopback interface.
    pub fn first_address(&self) -> Option<Ipv4Addr> {
        self.interfaces.values().skip(1).flat_map(|i| &i.addresses).map(|a| a.net.addr()).next()
    }

    /// Identification for one more packet.
    pub fn take_ident(&mut self) -> u16 {
        let ident = self.next_ident;
        self.next_ident = self.next_ident.wrapping_add(1);
        ident
    }

    /// Whether flows are tracked: the hooks of conntrack exist only in a namespace with rules that need them, which here
    /// are those that translate. Source: Linux `nf_ct_netns_get`, `net/netfilter/nf_conntrack_proto.c`.
    pub fn tracks_flows(&self) -> bool {
        self.netfilter.nat.needs_flows() || self.netfilter.filter.needs_flows()
    }

    /// Whether packets pass the hooks of netfilter.
    pub fn has_hooks(&self) -> bool {
        self.tracks_flows() || !self.netfilter.filter.is_empty()
    }
}
