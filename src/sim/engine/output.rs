//! A packet leaves the stack of a host: its own packets, and what both own and forwarded packets share.
//! Source: Linux `net/ipv4/ip_output.c`, net/core/neighbour.c.

use super::Engine;
use super::queue::Event;
use super::skb::Skb;
use crate::sim::addr::Mac;
use crate::sim::host::fib::RouteKind;
use crate::sim::host::interface::InterfaceKind;
use crate::sim::host::neighbor::{DELAY_FIRST_PROBE, Resolution};
use crate::sim::host::netfilter::Hook;
use crate::sim::ids::IfIndex;
use crate::sim::packet::Unreachable;
use crate::sim::record::decision::{Decision, DropReason, Origin, RouteLookup};
use std::net::Ipv4Addr;
use std::rc::Rc;

const LOOPBACK: IfIndex = IfIndex(1);

impl Engine {
    /// Sends a packet of this host. An unspecified source address is chosen by the route.
    pub(super) fn send_local(&mut self, mut skb: Skb, origin: Origin) {
        let Some(lookup) = self.look_up(skb.host, skb.packet.dst, false) else { return };
        let way = way_out(&lookup);
        if skb.packet.src.is_unspecified() {
            let Some(source) = way.and_then(|(dev, hop)| self.choose_source(&skb, &lookup, dev, hop)) else {
                self.note_origin(&skb, origin);
                let reason = if way.is_none() { no_way(&lookup) } else { DropReason::NoSource };
                return self.drop_skb(&skb, reason);
            };
            skb.packet.src = source;
        }
        self.note_origin(&skb, origin);
        self.note_skb(&skb, || Decision::Route(Rc::clone(&lookup)));
        let Some((dev, next_hop)) = way else {
            return self.drop_skb(&skb, no_way(&lookup));
        };
        // A packet that is too big for its own link does not get as far as the rules.
        if let Some(mtu) = self.too_big(&skb, dev) {
            return self.drop_skb(&skb, DropReason::TooBig { mtu });
        }
        let dst = skb.packet.dst;
        if !self.pass(&mut skb, Hook::Output, Some(dev)) {
            return;
        }
        if skb.packet.dst != dst {
            return self.send_rerouted(skb);
        }
        self.send_by(skb, dev, next_hop);
    }

    /// NAT has given a packet of this host another destination: it is routed again (`ip_route_me_harder`).
    fn send_rerouted(&mut self, skb: Skb) {
        let Some(lookup) = self.look_up(skb.host, skb.packet.dst, false) else { return };
        self.note_skb(&skb, || Decision::Route(Rc::clone(&lookup)));
        match way_out(&lookup) {
            Some((dev, next_hop)) => self.send_by(skb, dev, next_hop),
            None => self.drop_skb(&skb, no_way(&lookup)),
        }
    }

    fn send_by(&mut self, skb: Skb, dev: IfIndex, next_hop: Ipv4Addr) {
        if let Some(mtu) = self.too_big(&skb, dev) {
            return self.drop_skb(&skb, DropReason::TooBig { mtu });
        }
        self.post_route(skb, dev, next_hop);
    }

    /// The MTU of an interface that a packet is too big for, and may not be cut for.
    /// Source: Linux `net/ipv4/ip_output.c` (`__ip_append_data`, `ip_fragment`).
    pub(super) fn too_big(&self, skb: &Skb, dev: IfIndex) -> Option<u16> {
        let mtu = self.host(skb.host)?.interface(dev)?.mtu;
        (skb.packet.dont_fragment && skb.packet.total_len() > mtu).then_some(mtu)
    }

    fn choose_source(&self, skb: &Skb, lookup: &RouteLookup, dev: IfIndex, next_hop: Ipv4Addr) -> Option<Ipv4Addr> {
        if lookup.local.is_some() {
            return Some(lookup.dst);
        }
        self.host(skb.host)?.source_address(&lookup.choice.won?, dev, next_hop)
    }

    /// POSTROUTING, then the wire.
    pub(super) fn post_route(&mut self, mut skb: Skb, dev: IfIndex, next_hop: Ipv4Addr) {
        skb.dev = Some(dev);
        if self.pass(&mut skb, Hook::Postrouting, Some(dev)) {
            self.resolve(skb, dev, next_hop);
        }
    }

    /// Finds the hardware address of the next hop and sends, or lets the packet wait for it.
    pub(super) fn resolve(&mut self, mut skb: Skb, dev: IfIndex, next_hop: Ipv4Addr) {
        let now = self.world.now;
        let Some(host) = self.world.hosts.get_mut(skb.host) else { return };
        let Some(interface) = host.interface(dev) else {
            return self.drop_skb(&skb, DropReason::NoCarrier);
        };
        if interface.kind == InterfaceKind::Loopback {
            skb.dst = Mac::ZERO;
            return self.transmit(skb.host, dev, skb.frame());
        }
        skb.src = interface.mac;
        let resolution = host.neighbors.resolve(dev, next_hop, now);
        match resolution {
            Resolution::Known { mac, check_later, .. } => {
                let before = self.before(&skb);
                skb.dst = mac;
                self.note_change(before, &skb, || Decision::Resolve { dev, next_hop, resolution });
                if check_later {
                    self.set_neighbor_timer(&skb, dev, next_hop);
                }
                self.transmit(skb.host, dev, skb.frame());
            }
            Resolution::Ask | Resolution::Wait => {
                host.neighbors.enqueue(dev, next_hop, skb.frame());
                self.note_skb(&skb, || Decision::Resolve { dev, next_hop, resolution });
                if resolution == Resolution::Ask {
                    self.ask_for(skb.host, dev, next_hop, skb.packet.src, Some(skb.lineage));
                }
            }
        }
    }

    pub(super) fn set_neighbor_timer(&mut self, skb: &Skb, dev: IfIndex, ip: Ipv4Addr) {
        let generation = self.host(skb.host).map_or(0, |h| h.neighbors.generation(dev, ip));
        let timer = Event::NeighborTimer { host: skb.host, dev, ip, generation, resolving: false };
        self.after(DELAY_FIRST_PROBE, timer);
    }

    /// The packets that waited for a neighbour that never answered.
    pub(super) fn give_up(&mut self, skb: &Skb) {
        self.refuse(skb, DropReason::NeighborFailed, Some(Unreachable::Host));
    }
}

fn no_way(lookup: &RouteLookup) -> DropReason {
    match lookup.choice.won.map(|r| r.kind) {
        Some(RouteKind::Unreachable) => DropReason::RouteUnreachable,
        Some(RouteKind::Blackhole) => DropReason::RouteBlackhole,
        _ => DropReason::NoRoute,
    }
}

/// The interface and next hop of a lookup that found a way.
pub(super) fn way_out(lookup: &RouteLookup) -> Option<(IfIndex, Ipv4Addr)> {
    if lookup.local.is_some() {
        return Some((LOOPBACK, lookup.dst));
    }
    match lookup.choice.won?.kind {
        RouteKind::Unicast { dev, via } => Some((dev, via.unwrap_or(lookup.dst))),
        RouteKind::Unreachable | RouteKind::Blackhole => None,
    }
}
