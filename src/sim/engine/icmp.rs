//! ICMP errors: who may be told, and from which address.
//! Source: RFC 792, RFC 1122 section 3.2.2; Linux net/ipv4/icmp.c (`__icmp_send`).

use super::Engine;
use super::skb::Skb;
use crate::sim::host::conntrack::Tracked;
use crate::sim::packet::{Icmp, Packet, Payload, Unreachable};
use crate::sim::record::Cause;
use crate::sim::record::decision::Origin;
use std::net::Ipv4Addr;

impl Engine {
    pub(super) fn send_time_exceeded(&mut self, about: &Skb) {
        if let Some(quote) = about.packet.quote() {
            self.send_error(about, Icmp::TimeExceeded { quote }, None);
        }
    }

    pub(super) fn send_unreachable(&mut self, about: &Skb, code: Unreachable) {
        if let Some(quote) = about.packet.quote() {
            // A packet that was for this host is answered from the address it was sent to.
            let own = self.host(about.host).is_some_and(|h| h.is_local(about.packet.dst));
            let source = own.then_some(about.packet.dst);
            self.send_error(about, Icmp::Unreachable { code, quote }, source);
        }
    }

    /// Sends an error to the sender of a packet. Without a given source it has the address that the route to that
    /// sender prefers, which need not be the interface by which the packet came.
    fn send_error(&mut self, about: &Skb, error: Icmp, source: Option<Ipv4Addr>) {
        let to = about.packet.src;
        if to.is_unspecified() || to.is_broadcast() || about.dst.is_group() {
            return;
        }
        let lineage = self.new_lineage(Cause::ErrorAbout(about.lineage));
        let frame = self.new_frame(lineage, None);
        let mut packet = Packet::new(source.unwrap_or(Ipv4Addr::UNSPECIFIED), to, Payload::Icmp(error));
        packet.ident = self.host_mut(about.host).map_or(0, crate::sim::host::Host::take_ident);
        let mut skb = Skb::local(about.host, frame, lineage, packet);
        skb.tracked = about.tracked.and_then(Tracked::of_error);
        let source_from = about.dev.unwrap_or(crate::sim::ids::IfIndex(1));
        self.send_local(skb, Origin::IcmpError { source_from });
    }
}
