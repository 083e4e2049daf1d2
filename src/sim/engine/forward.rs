//! An IP packet comes into the stack of a host: for the host, or to be forwarded?
//! Source: Linux `net/ipv4/ip_input.c`, `ip_forward.c`, route.c.

use super::Engine;
use super::skb::Skb;
use crate::sim::host::fib::{FibChoice, Route, RouteKind};
use crate::sim::host::netfilter::Hook;
use crate::sim::ids::{HostId, IfIndex};
use crate::sim::packet::Unreachable;
use crate::sim::record::decision::{Decision, DropReason, RouteLookup};
use std::net::Ipv4Addr;
use std::rc::Rc;

impl Engine {
    pub(super) fn ip_input(&mut self, mut skb: Skb) {
        if !skb.prerouted && !self.pass(&mut skb, Hook::Prerouting, None) {
            return;
        }
        let Some(lookup) = self.look_up(skb.host, skb.packet.dst, true) else { return };
        self.note_skb(&skb, || Decision::Route(Rc::clone(&lookup)));
        if self.is_martian(&skb, &lookup) {
            return self.drop_skb(&skb, DropReason::MartianSource);
        }
        if lookup.local.is_some() {
            return self.deliver_local(skb);
        }
        if !lookup.ip_forward {
            return self.drop_skb(&skb, DropReason::ForwardingOff);
        }
        match lookup.choice.won {
            None => self.refuse(&skb, DropReason::NoRoute, Some(Unreachable::Net)),
            Some(route) => self.forward_by(skb, &route),
        }
    }

    /// Whether a packet from outside pretends to be this host's own (`fib_validate_source`). One for which there is no
    /// way on never gets so far.
    fn is_martian(&self, skb: &Skb, lookup: &RouteLookup) -> bool {
        let way = lookup.local.is_some() || (lookup.ip_forward && lookup.choice.won.is_some_and(|r| r.dev().is_some()));
        let outside = skb.arrived.is_some_and(|dev| dev != IfIndex(1));
        way && outside && self.host(skb.host).is_some_and(|h| h.is_local(skb.packet.src))
    }

    /// Both routing tables for one destination: `local` first, `main` when it has no answer.
    pub(super) fn look_up(&self, host: HostId, dst: Ipv4Addr, input: bool) -> Option<Rc<RouteLookup>> {
        let host = self.host(host)?;
        let local = if dst.is_loopback() { Some(IfIndex(1)) } else { host.local.get(&dst).copied() };
        let choice = if local.is_some() { FibChoice::default() } else { host.fib.choose(dst) };
        Some(Rc::new(RouteLookup { dst, local, choice, input, ip_forward: host.sysctl.ip_forward }))
    }

    fn forward_by(&mut self, skb: Skb, route: &Route) {
        match route.kind {
            RouteKind::Unreachable => self.refuse(&skb, DropReason::RouteUnreachable, Some(Unreachable::Host)),
            RouteKind::Blackhole => self.refuse(&skb, DropReason::RouteBlackhole, None),
            RouteKind::Unicast { dev, via } => {
                let next_hop = via.unwrap_or(skb.packet.dst);
                self.forward(skb, dev, next_hop);
            }
        }
    }

    fn forward(&mut self, mut skb: Skb, out: IfIndex, next_hop: Ipv4Addr) {
        if skb.packet.ttl <= 1 {
            self.drop_skb(&skb, DropReason::TtlExpired);
            return self.send_time_exceeded(&skb);
        }
        if let Some(mtu) = self.too_big(&skb, out) {
            let code = Unreachable::FragmentationNeeded { mtu };
            return self.refuse(&skb, DropReason::TooBig { mtu }, Some(code));
        }
        let before = self.before(&skb);
        skb.packet.ttl -= 1;
        let ttl = skb.packet.ttl;
        self.note_change(before, &skb, || Decision::Forward { ttl });
        if self.pass(&mut skb, Hook::Forward, Some(out)) {
            self.post_route(skb, out, next_hop);
        }
    }

    /// Drops a packet, and tells its sender why where the host would.
    pub(super) fn refuse(&mut self, skb: &Skb, reason: DropReason, tell: Option<Unreachable>) {
        self.drop_skb(skb, reason);
        if let Some(code) = tell {
            self.send_unreachable(skb, code);
        }
    }
}
