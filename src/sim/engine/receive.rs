//! A frame comes in at an interface: is it taken, and by whom?
//! Source: Linux `eth_type_trans` (net/ethernet/eth.c), `__netif_receive_skb_core` (net/core/dev.c).

use super::Engine;
use super::skb::Skb;
use crate::sim::host::interface::{Interface, InterfaceKind};
use crate::sim::ids::{HostId, IfIndex, InterfaceId};
use crate::sim::packet::{Body, Frame};
use crate::sim::record::decision::{Accept, Decision, DropReason};

impl Engine {
    pub(super) fn frame_arrives(&mut self, at: InterfaceId, frame: Frame) {
        let Some(interface) = self.host(at.host).and_then(|h| h.interface(at.index)) else {
            return self.drop_frame(at.host, at.index, &frame, DropReason::NoCarrier);
        };
        if !interface.up {
            return self.drop_frame(at.host, at.index, &frame, DropReason::InterfaceDown);
        }
        let Some(accept) = accept(interface, &frame) else {
            return self.drop_frame(at.host, at.index, &frame, DropReason::NotForMe);
        };
        self.note_frame(at.host, at.index, &frame, || Decision::Receive(accept));
        match accept {
            Accept::BridgePort { bridge } => self.bridge_input(at.host, bridge, at.index, frame),
            Accept::Unicast | Accept::Broadcast | Accept::Loopback => self.network_input(at.host, at.index, &frame),
        }
    }

    /// Hands an accepted frame to ARP or IP.
    pub(super) fn network_input(&mut self, host: HostId, dev: IfIndex, frame: &Frame) {
        match &frame.body {
            Body::Arp(arp) => self.arp_input(host, dev, frame, arp),
            Body::Ip(packet) => self.ip_input(Skb::arriving(host, dev, frame, packet.clone())),
        }
    }
}

fn accept(interface: &Interface, frame: &Frame) -> Option<Accept> {
    if let Some(bridge) = interface.master {
        Some(Accept::BridgePort { bridge })
    } else if interface.kind == InterfaceKind::Loopback {
        Some(Accept::Loopback)
    } else if frame.dst == interface.mac {
        Some(Accept::Unicast)
    } else {
        frame.dst.is_group().then_some(Accept::Broadcast)
    }
}
