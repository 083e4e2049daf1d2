//! A frame goes out of an interface onto what is at its other end.

use super::Engine;
use super::queue::Event;
use crate::sim::host::interface::InterfaceKind;
use crate::sim::ids::{HostId, IfIndex, InterfaceId};
use crate::sim::packet::Frame;
use crate::sim::record::decision::{Decision, DropReason, Link};
use crate::sim::time::Span;

/// Time that one crossing of a veth pair takes, with the handling around it. Simplified: fixed, and chosen so that a
/// ping within a node shows about the 0.07 ms of the article.
pub const VETH_DELAY: Span = Span::micros(17);
/// Time from a guest to the port of its NIC, and from there into a guest. Simplified: fixed.
pub const NIC_DELAY: Span = Span::micros(20);
/// Time across Azure's network, one way. Simplified: fixed, and chosen so that a ping between nodes shows about the
/// 1 ms of the article.
pub const FABRIC_DELAY: Span = Span::micros(450);
/// Time that a packet to oneself takes.
pub const LOOPBACK_DELAY: Span = Span::micros(10);

impl Engine {
    pub(super) fn transmit(&mut self, host: HostId, dev: IfIndex, frame: Frame) {
        let Some((own, interface)) = self.host(host).and_then(|h| Some((h, h.interface(dev)?))) else {
            return self.drop_frame(host, dev, &frame, DropReason::NoCarrier);
        };
        if !interface.up {
            return self.drop_frame(host, dev, &frame, DropReason::InterfaceDown);
        }
        if !own.carries(interface) {
            return self.drop_frame(host, dev, &frame, DropReason::NoCarrier);
        }
        match interface.kind {
            InterfaceKind::Bridge => self.bridge_output(host, dev, &frame),
            InterfaceKind::Veth { peer } => {
                self.note_frame(host, dev, &frame, || Decision::Transmit { link: Link::Veth { peer } });
                self.after(VETH_DELAY, Event::FrameArrives { at: peer, frame });
            }
            InterfaceKind::Nic(nic) => {
                self.note_frame(host, dev, &frame, || Decision::Transmit { link: Link::Nic { nic } });
                self.after(NIC_DELAY, Event::FrameEntersFabric { nic, frame });
            }
            InterfaceKind::Loopback => {
                self.note_frame(host, dev, &frame, || Decision::Transmit { link: Link::Loopback });
                self.after(LOOPBACK_DELAY, Event::FrameArrives { at: InterfaceId { host, index: dev }, frame });
            }
        }
    }
}
