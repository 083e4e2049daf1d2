//! A packet while one host handles it, with what the kernel keeps beside it.

use crate::sim::addr::Mac;
use crate::sim::host::conntrack::Tracked;
use crate::sim::ids::{FrameId, HostId, IfIndex, LineageId};
use crate::sim::packet::{Body, Frame, Packet};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skb {
    pub host: HostId,
    /// The interface at which it is: where it came in, later where it goes out.
    pub dev: Option<IfIndex>,
    /// The interface at which it came in; `None` for a packet of this host.
    pub arrived: Option<IfIndex>,
    pub frame: FrameId,
    pub lineage: LineageId,
    pub src: Mac,
    pub dst: Mac,
    pub packet: Packet,
    pub tracked: Option<Tracked>,
    /// Whether PREROUTING was already passed, in the bridge.
    pub prerouted: bool,
}

impl Skb {
    /// A packet that came in by an interface.
    pub const fn arriving(host: HostId, dev: IfIndex, frame: &Frame, packet: Packet) -> Self {
        Self {
            host,
            dev: Some(dev),
            arrived: Some(dev),
            frame: frame.id,
            lineage: frame.lineage,
            src: frame.src,
            dst: frame.dst,
            packet,
            tracked: None,
            prerouted: false,
        }
    }

    /// A packet of this host.
    pub const fn local(host: HostId, frame: FrameId, lineage: LineageId, packet: Packet) -> Self {
        Self {
            host,
            dev: None,
            arrived: None,
            frame,
            lineage,
            src: Mac::ZERO,
            dst: Mac::ZERO,
            packet,
            tracked: None,
            prerouted: false,
        }
    }

    /// The frame as it is now.
    pub fn frame(&self) -> Frame {
        Frame {
            id: self.frame,
            lineage: self.lineage,
            src: self.src,
            dst: self.dst,
            body: Body::Ip(self.packet.clone()),
        }
    }
}
