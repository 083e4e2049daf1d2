//! Where the rules of `ebtables` meet a frame: before the bridge looks at it, and as it goes out of a port.
//! Source: Linux `net/bridge/br_input.c`, `br_forward.c`, `net/bridge/netfilter/ebt_{snat,dnat,arpreply,redirect}.c`.

use super::Engine;
use crate::sim::addr::Mac;
use crate::sim::host::ebtables::{EbChain, EbHit, EbTarget};
use crate::sim::ids::{HostId, IfIndex};
use crate::sim::packet::{Body, Frame};
use crate::sim::record::decision::{Accept, Decision, Delivery};
use std::rc::Rc;

impl Engine {
    /// A frame that came in at a port, before the bridge learns from it. `None` when a rule took it away.
    pub(super) fn bridge_rules_in(&mut self, host: HostId, port: IfIndex, frame: Frame) -> Option<Frame> {
        if self.host(host).is_none_or(|h| h.ebtables.is_empty()) {
            return Some(frame);
        }
        if let Some(hit) = self.bridge_rule(host, EbChain::Brouting, port, &frame) {
            self.note_bridge_rule(host, EbChain::Brouting, port, &frame, &hit, None);
            self.note_frame(host, port, &frame, || Decision::Receive(Accept::Unicast));
            self.network_input(host, port, &frame);
            return None;
        }
        let Some(hit) = self.bridge_rule(host, EbChain::Prerouting, port, &frame) else { return Some(frame) };
        let changed = hit.rule.target.rewrite(&frame);
        self.note_bridge_rule(host, EbChain::Prerouting, port, &frame, &hit, changed.as_ref());
        if let EbTarget::ArpReply(mac) = hit.rule.target {
            self.answer_at_port(host, port, &frame, mac);
            return None;
        }
        changed.or(Some(frame))
    }

    /// A frame that goes out of a port.
    pub(super) fn bridge_rules_out(&mut self, host: HostId, port: IfIndex, frame: Frame) -> Frame {
        let Some(hit) = self.bridge_rule(host, EbChain::Postrouting, port, &frame) else { return frame };
        let changed = hit.rule.target.rewrite(&frame);
        self.note_bridge_rule(host, EbChain::Postrouting, port, &frame, &hit, changed.as_ref());
        changed.unwrap_or(frame)
    }

    fn bridge_rule(&self, host: HostId, chain: EbChain, port: IfIndex, frame: &Frame) -> Option<EbHit> {
        self.host(host)?.ebtables.find(chain, port, frame)
    }

    fn note_bridge_rule(
        &mut self,
        host: HostId,
        chain: EbChain,
        port: IfIndex,
        frame: &Frame,
        hit: &EbHit,
        to: Option<&Frame>,
    ) {
        let decision = || Decision::BridgeRule { chain, hit: Rc::new(hit.clone()) };
        self.note_frame_change(host, port, frame, to.unwrap_or(frame), decision);
    }

    /// The answer goes out of the port that the request came in by, and nobody else hears the request.
    fn answer_at_port(&mut self, host: HostId, port: IfIndex, frame: &Frame, mac: Mac) {
        self.note_frame(host, port, frame, || Decision::Deliver(Delivery::Arp));
        if let Body::Arp(arp) = &frame.body {
            self.send_reply(host, port, frame.lineage, mac, arp);
        }
    }
}
