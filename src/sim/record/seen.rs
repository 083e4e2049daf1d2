//! What a capture on an interface sees: every frame that comes in or goes out, as `tcpdump -i` would.

use super::decision::{Accept, Decision, Link};
use super::{Place, Record};
use crate::sim::ids::InterfaceId;
use crate::sim::packet::Frame;
use crate::sim::time::Time;

/// One frame at one interface.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Seen {
    /// Position in [`Record::steps`].
    pub step: usize,
    pub time: Time,
    pub outgoing: bool,
    pub frame: Frame,
}

impl Record {
    /// Frames that pass an interface, in order.
    pub fn seen_at(&self, at: InterfaceId) -> Vec<Seen> {
        let here =
            self.steps.iter().enumerate().filter(|(_, s)| s.at == Place::Host(at.host) && s.dev == Some(at.index));
        here.filter_map(|(number, step)| {
            let outgoing = match &step.decision {
                Decision::Transmit { link: Link::Veth { .. } | Link::Nic { .. } | Link::Loopback } => true,
                // A bridge device sends by choosing ports.
                Decision::BridgeForward { bridge, .. } if *bridge == at.index => true,
                Decision::Receive(
                    Accept::Unicast | Accept::Broadcast | Accept::BridgePort { .. } | Accept::Loopback,
                ) => false,
                Decision::Drop(reason) if reason.is_of_a_copy() => false,
                _ => return None,
            };
            step.before.clone().map(|frame| Seen { step: number, time: step.time, outgoing, frame })
        })
        .collect()
    }
}
