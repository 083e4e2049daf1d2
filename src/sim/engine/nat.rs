//! The netfilter hooks in the kernel's order: conntrack, nat, filter, and confirmation on the way out.
//! Source: Linux `include/uapi/linux/netfilter_ipv4.h` (priorities), `net/netfilter/nf_nat_core.c`.

use super::Engine;
use super::skb::Skb;
use crate::sim::host::Host;
use crate::sim::host::conntrack::{CtState, End, Tracked};
use crate::sim::host::netfilter::{Evaluation, Hook, RuleInput, TableName, Verdict};
use crate::sim::ids::IfIndex;
use crate::sim::packet::{Icmp, Payload, Protocol, Tuple};
use crate::sim::record::decision::{Decision, DropReason};
use std::net::Ipv4Addr;
use std::rc::Rc;

impl Engine {
    /// Takes a packet through one hook. `false` when it was dropped there.
    pub(super) fn pass(&mut self, skb: &mut Skb, hook: Hook, out: Option<IfIndex>) -> bool {
        if !self.host(skb.host).is_some_and(Host::has_hooks) {
            return true;
        }
        match hook {
            Hook::Prerouting => {
                self.track(skb);
                self.nat(skb, hook, out)
            }
            Hook::Output => {
                self.track(skb);
                self.nat(skb, hook, out) && self.filter(skb, hook, out)
            }
            Hook::Forward => self.filter(skb, hook, out),
            Hook::Input | Hook::Postrouting => {
                let passed = (hook != Hook::Input || self.filter(skb, hook, out)) && self.nat(skb, hook, out);
                if passed {
                    self.confirm(skb);
                }
                passed
            }
        }
    }

    fn track(&mut self, skb: &mut Skb) {
        let now = self.world.now;
        if !self.host(skb.host).is_some_and(Host::tracks_flows) {
            return;
        }
        let Some(host) = self.host_mut(skb.host) else { return };
        // An error of this host is of the flow that it is about already.
        skb.tracked = skb.tracked.or_else(|| host.conntrack.track(&skb.packet, now));
        if let Some(Tracked { state, direction, flow, .. }) = skb.tracked {
            self.note_skb(skb, || Decision::Track { state, direction, flow });
        }
    }

    fn confirm(&mut self, skb: &mut Skb) {
        let now = self.world.now;
        if let (Some(tracked), Some(host)) = (skb.tracked.as_mut(), self.world.hosts.get_mut(skb.host)) {
            host.conntrack.confirm(tracked, &skb.packet, now);
        }
    }

    /// The nat table: rules for the first packet of a flow, the flow's entry for all.
    fn nat(&mut self, skb: &mut Skb, hook: Hook, out: Option<IfIndex>) -> bool {
        let Some(mut tracked) = skb.tracked else { return true };
        if tracked.consults_rules() {
            let verdict = self.walk(skb, TableName::Nat, hook, out);
            if verdict == Verdict::Drop {
                self.drop_skb(skb, DropReason::FilterDrop);
                return false;
            }
            self.bind(skb, &mut tracked, verdict, out);
            skb.tracked = Some(tracked);
        } else if hook == Hook::Postrouting && self.leaves_elsewhere(skb, &tracked, out) {
            return false;
        }
        let end = match hook {
            Hook::Prerouting | Hook::Output => End::Destination,
            Hook::Input | Hook::Postrouting | Hook::Forward => End::Source,
        };
        self.translate(skb, tracked, hook, end);
        true
    }

    /// Drops a packet of a masqueraded flow, and the flow, where it would leave by another interface than the first one.
    fn leaves_elsewhere(&mut self, skb: &Skb, tracked: &Tracked, out: Option<IfIndex>) -> bool {
        let elsewhere = self.out_device(skb, out).is_some_and(|dev| tracked.leaves_elsewhere(dev));
        if elsewhere {
            if let Some(host) = self.host_mut(skb.host) {
                host.conntrack.forget(tracked);
            }
            self.drop_skb(skb, DropReason::MasqueradedElsewhere);
        }
        elsewhere
    }

    fn translate(&mut self, skb: &mut Skb, tracked: Tracked, hook: Hook, end: End) {
        let before = self.before(skb);
        let from = tuple_or_quoted(skb);
        if !tracked.translate(&mut skb.packet, end) {
            return;
        }
        if let (Some(from), Some(to)) = (from, tuple_or_quoted(skb)) {
            self.note_change(before, skb, || Decision::Translate { hook, end, from, to });
        }
    }

    /// Writes the verdict of the nat table into the flow.
    fn bind(&self, skb: &Skb, tracked: &mut Tracked, verdict: Verdict, out: Option<IfIndex>) {
        let Some(host) = self.host(skb.host) else { return };
        let port = skb.packet.tuple().map_or(0, |t| t.src_port);
        let now = self.world.now;
        match verdict {
            Verdict::Dnat { to, port } => host.conntrack.bind_destination(tracked, to, port),
            Verdict::Snat(address) => host.conntrack.bind_source(tracked, address, port, now),
            Verdict::Masquerade { .. } => {
                if let Some(dev) = self.out_device(skb, out)
                    && let Some(address) = self.masquerade_address(skb, dev)
                {
                    host.conntrack.masquerade(tracked, dev, address, port, now);
                }
            }
            Verdict::Policy | Verdict::PolicyDrop | Verdict::Accept | Verdict::Drop | Verdict::Reject(_) => {}
        }
    }

    /// The interface by which the packet leaves, as rules see it.
    fn out_device(&self, skb: &Skb, out: Option<IfIndex>) -> Option<IfIndex> {
        device(self.host(skb.host)?, out)
    }

    /// The primary address of the interface by which the packet leaves, toward its destination.
    fn masquerade_address(&self, skb: &Skb, dev: IfIndex) -> Option<Ipv4Addr> {
        let host = self.host(skb.host)?;
        let interface = host.interface(dev)?;
        interface.address_toward(skb.packet.dst).or_else(|| host.first_address())
    }

    fn filter(&mut self, skb: &mut Skb, hook: Hook, out: Option<IfIndex>) -> bool {
        if self.host(skb.host).is_none_or(|h| h.netfilter.filter.is_empty()) {
            return true;
        }
        match self.walk(skb, TableName::Filter, hook, out) {
            Verdict::Drop => {
                self.drop_skb(skb, DropReason::FilterDrop);
                false
            }
            Verdict::PolicyDrop => {
                self.drop_skb(skb, DropReason::PolicyDrop);
                false
            }
            Verdict::Reject(code) => {
                // While the kernel sends an ICMP message of its own, it can send no other.
                // Source: Linux `net/ipv4/icmp.c` (`icmp_xmit_lock`).
                let busy = skb.arrived.is_none() && matches!(skb.packet.payload, Payload::Icmp(Icmp::EchoReply { .. }));
                self.refuse(skb, DropReason::FilterReject, (!busy).then_some(code));
                false
            }
            _ => true,
        }
    }

    fn walk(&mut self, skb: &Skb, table: TableName, hook: Hook, out: Option<IfIndex>) -> Verdict {
        let Some(host) = self.host(skb.host) else { return Verdict::Policy };
        let name = |dev| host.interface(device(host, dev)?).map(|i| i.name.as_ref());
        let came_in = !matches!(hook, Hook::Output | Hook::Postrouting);
        let input = RuleInput {
            packet: &skb.packet,
            in_interface: name(skb.arrived.filter(|_| came_in)),
            out_interface: name(out),
            dst_is_local: host.is_local(skb.packet.dst),
            state: skb.tracked.map_or(CtState::Invalid, |t| t.state),
        };
        let mut tried = Vec::new();
        let evidence = self.record.keeps_steps().then_some(&mut tried);
        let Evaluation { verdict, applied } = host.netfilter.table(table).evaluate(hook, input, evidence);
        let consulted = !host.netfilter.table(table).chain(hook.chain()).is_empty() || verdict == Verdict::PolicyDrop;
        if let Some(host) = self.host_mut(skb.host) {
            host.netfilter.table_mut(table).count(&applied, skb.packet.total_len());
        }
        if consulted {
            self.note_skb(skb, || Decision::Rules { table, hook, verdict, tried: Rc::new(tried) });
        }
        verdict
    }
}

/// An interface as rules see it; for a port, its bridge.
/// Source: Linux `net/bridge/br_netfilter_hooks.c` (`bridge_parent`, `brnf_get_logical_dev`).
fn device(host: &Host, dev: Option<IfIndex>) -> Option<IfIndex> {
    host.interface(dev?)?.master.or(dev)
}

/// The flow of a packet; of an ICMP error, its outer addresses.
fn tuple_or_quoted(skb: &Skb) -> Option<Tuple> {
    skb.packet.tuple().or(Some(Tuple {
        protocol: Protocol::Icmp,
        src: skb.packet.src,
        src_port: 0,
        dst: skb.packet.dst,
        dst_port: 0,
    }))
}
