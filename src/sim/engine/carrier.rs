//! Links that lose and regain their carrier. Source: Linux `drivers/net/veth.c`, `net/bridge/br_if.c`
//! (`br_port_carrier_check`), `net/bridge/br_stp_if.c` (`br_stp_disable_port`), net/core/neighbour.c
//! (`neigh_carrier_down`).

use super::Engine;
use crate::sim::host::interface::InterfaceKind;
use crate::sim::ids::{HostId, IfIndex, InterfaceId};
use crate::sim::world::World;

impl World {
    /// Whether a frame that an interface sends gets onto its link: both ends of a pair must be up, and a bridge needs
    /// one port that is. Azure's side of a NIC always is.
    pub fn has_carrier(&self, at: InterfaceId) -> bool {
        let Some((host, interface)) = self.hosts.get(at.host).and_then(|h| Some((h, h.interface(at.index)?))) else {
            return false;
        };
        match interface.kind {
            _ if !interface.up => false,
            InterfaceKind::Loopback | InterfaceKind::Nic(_) => true,
            InterfaceKind::Veth { peer } => {
                self.hosts.get(peer.host).and_then(|h| h.interface(peer.index)).is_some_and(|i| i.up)
            }
            InterfaceKind::Bridge => {
                host.ports(at.index).any(|port| self.has_carrier(InterfaceId { index: port.index, ..at }))
            }
        }
    }
}

impl Engine {
    /// `ip link set DEV up|down`, with what follows for the other end and for a bridge above either.
    pub(crate) fn set_link(&mut self, host: HostId, dev: IfIndex, up: bool) {
        let at = InterfaceId { host, index: dev };
        let touched = self.touched_by(at);
        let before: Vec<bool> = touched.iter().map(|i| self.world.has_carrier(*i)).collect();
        if let Some(host) = self.host_mut(host) {
            host.set_link(dev, up);
        }
        for (at, had) in touched.into_iter().zip(before) {
            match (had, self.world.has_carrier(at)) {
                (true, false) => self.lose_carrier(at),
                (false, true) => self.regain_carrier(at),
                _ => {}
            }
        }
    }

    /// The interface, the other end of its pair, and the bridges of which these are ports.
    fn touched_by(&self, at: InterfaceId) -> Vec<InterfaceId> {
        let mut all = vec![at];
        if let Some(InterfaceKind::Veth { peer }) =
            self.host(at.host).and_then(|h| h.interface(at.index)).map(|i| i.kind.clone())
        {
            all.push(peer);
        }
        let bridge = |i: &InterfaceId| {
            let index = self.host(i.host)?.interface(i.index)?.master?;
            Some(InterfaceId { index, ..*i })
        };
        let bridges: Vec<InterfaceId> = all.iter().filter_map(bridge).collect();
        all.extend(bridges);
        all
    }

    /// What was learned through the link is forgotten.
    fn lose_carrier(&mut self, at: InterfaceId) {
        let Some(host) = self.host_mut(at.host) else { return };
        host.neighbors.flush_dev(at.index);
        let master = host.interface(at.index).and_then(|i| i.master);
        if let Some(bridge) = master.and_then(|bridge| host.bridges.get_mut(&bridge)) {
            bridge.flush_port(at.index);
        }
    }

    fn regain_carrier(&mut self, at: InterfaceId) {
        if self.host(at.host).and_then(|h| h.interface(at.index)).is_some_and(|i| i.arp_notify) {
            self.announce(at.host, at.index);
        }
    }
}
