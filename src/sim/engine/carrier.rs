//! Links that lose and regain their carrier. Source: Linux `drivers/net/veth.c`, `net/bridge/br_if.c`
//! (`br_port_carrier_check`), `net/bridge/br_stp_if.c` (`br_stp_disable_port`), net/core/neighbour.c
//! (`neigh_carrier_down`).

use super::Engine;
use super::queue::Event;
use crate::sim::host::interface::InterfaceKind;
use crate::sim::ids::{HostId, IfIndex, InterfaceId};
use crate::sim::time::Span;

/// From a carrier that came back to the kernel's look at it, which is work put off. Somebody who takes a link down leaves
/// it so for longer than the second within which the kernel notices that. Source: Linux `net/core/link_watch.c`.
const LINK_WATCH: Span = Span::millis(1);

impl Engine {
    /// `ip link set DEV up|down`, with what follows for the other end and for a bridge above either.
    pub(crate) fn set_link(&mut self, host: HostId, dev: IfIndex, up: bool) {
        let at = InterfaceId { host, index: dev };
        let touched = self.touched_by(at);
        let was_up = self.host(host).and_then(|h| h.interface(dev)).is_some_and(|i| i.up);
        let before: Vec<bool> = touched.iter().map(|i| self.has_carrier(*i)).collect();
        if let Some(host) = self.host_mut(host) {
            host.set_link(dev, up);
        }
        self.tell_peer(at);
        for (at, had) in touched.into_iter().zip(before) {
            match (had, self.has_carrier(at)) {
                (true, false) => self.lose_carrier(at),
                (false, true) => self.regain_carrier(at),
                _ => {}
            }
        }
        if up && !was_up {
            self.came_up(at);
        }
    }

    fn has_carrier(&self, at: InterfaceId) -> bool {
        self.host(at.host).is_some_and(|h| h.has_carrier(at.index))
    }

    /// A pair has a carrier while both its ends are up. Source: Linux `veth_open`, `veth_close`.
    fn tell_peer(&mut self, at: InterfaceId) {
        let up = |at: InterfaceId| self.host(at.host).and_then(|h| h.interface(at.index)).is_some_and(|i| i.up);
        let Some(peer) = self.peer_of(at) else { return };
        let carrier = up(at) && up(peer);
        for end in [at, peer] {
            if let Some(interface) = self.host_mut(end.host).and_then(|h| h.interface_mut(end.index)) {
                interface.carrier = carrier;
            }
        }
    }

    fn peer_of(&self, at: InterfaceId) -> Option<InterfaceId> {
        match self.host(at.host)?.interface(at.index)?.kind {
            InterfaceKind::Veth { peer } => Some(peer),
            InterfaceKind::Loopback | InterfaceKind::Bridge | InterfaceKind::Nic(_) => None,
        }
    }

    /// The interface, the other end of its pair, and the bridges of which these are ports.
    fn touched_by(&self, at: InterfaceId) -> Vec<InterfaceId> {
        let mut all: Vec<InterfaceId> = [at].into_iter().chain(self.peer_of(at)).collect();
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
        if let Some(port) = host.interface_mut(at.index).filter(|_| master.is_some()) {
            port.port_enabled = false;
        }
        if let Some(bridge) = master.and_then(|bridge| host.bridges.get_mut(&bridge)) {
            bridge.flush_port(at.index);
        }
    }

    fn regain_carrier(&mut self, at: InterfaceId) {
        if self.host(at.host).and_then(|h| h.interface(at.index)).is_some_and(|i| i.master.is_some()) {
            self.after(LINK_WATCH, Event::LinkWatch { at });
        }
    }

    /// A port whose carrier came back takes frames again.
    pub(super) fn look_at_carrier(&mut self, at: InterfaceId) {
        if self.has_carrier(at)
            && let Some(port) = self.host_mut(at.host).and_then(|h| h.interface_mut(at.index))
        {
            port.port_enabled = true;
        }
    }

    /// It tells its address, though not if only the other end of its pair came up. Source: Linux `net/ipv4/devinet.c`
    /// (`inetdev_event`).
    fn came_up(&mut self, at: InterfaceId) {
        let notifies = self.host(at.host).and_then(|h| h.interface(at.index)).is_some_and(|i| i.arp_notify);
        if notifies && self.has_carrier(at) {
            self.announce(at.host, at.index);
        }
    }
}
