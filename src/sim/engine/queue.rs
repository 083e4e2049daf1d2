//! What is to happen, in the order (time, number).

use crate::sim::ids::{ClusterId, HostId, IfIndex, InterfaceId, NicId, NodeId, PodId};
use crate::sim::packet::Frame;
use crate::sim::time::Time;
use rpds::RedBlackTreeMap;
use std::net::Ipv4Addr;

/// Pending events. Copies share all entries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Queue {
    events: RedBlackTreeMap<(Time, u64), Event>,
    next: u64,
    traffic: u32,
    control: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// A frame reaches an interface of a host.
    FrameArrives { at: InterfaceId, frame: Frame },
    /// A frame leaves a guest and enters Azure's network at the port of its NIC.
    FrameEntersFabric { nic: NicId, frame: Frame },
    /// A frame has crossed Azure's network and reaches the port of the NIC that it is for.
    FrameReachesPort { nic: NicId, frame: Frame },
    /// A timer of a neighbour entry; it does nothing when the entry has changed since.
    NeighborTimer { host: HostId, dev: IfIndex, ip: Ipv4Addr, generation: u32, resolving: bool },
    Control(Control),
}

/// A control loop has something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Control {
    /// The kubelet of a booted node registers it.
    RegisterNode(NodeId),
    /// The node is ready for pods.
    NodeReady(NodeId),
    /// The route controller writes the route table of a cluster.
    WriteRoutes(ClusterId),
    /// The workload controllers and the scheduler of a cluster.
    Schedule(ClusterId),
    /// The kubelet makes the sandbox of a pod.
    StartPod(PodId),
    PodRunning(PodId),
    /// The kubelet tries again to make a sandbox that was refused.
    RetryPod(PodId),
}

impl Event {
    /// Frames, and requests on whose answer a packet waits: what a probe has to wait for.
    const fn is_traffic(&self) -> bool {
        matches!(
            self,
            Event::FrameArrives { .. }
                | Event::FrameEntersFabric { .. }
                | Event::FrameReachesPort { .. }
                | Event::NeighborTimer { resolving: true, .. }
        )
    }

    const fn is_control(&self) -> bool {
        // What is only tried again and again must not keep a cluster from counting as settled.
        matches!(self, Event::Control(control) if !matches!(control, Control::RetryPod(_)))
    }
}

impl Queue {
    pub fn push(&mut self, at: Time, event: Event) {
        self.traffic += u32::from(event.is_traffic());
        self.control += u32::from(event.is_control());
        self.events.insert_mut((at, self.next), event);
        self.next += 1;
    }

    pub fn pop(&mut self) -> Option<(Time, Event)> {
        let (key, event) = self.events.first().map(|(k, e)| (*k, e.clone()))?;
        self.events.remove_mut(&key);
        self.traffic -= u32::from(event.is_traffic());
        self.control -= u32::from(event.is_control());
        Some((key.0, event))
    }

    /// When the next event is due.
    pub fn next_time(&self) -> Option<Time> {
        self.events.first().map(|((time, _), _)| *time)
    }

    /// Whether a frame is on its way or waits for an address.
    pub const fn has_traffic(&self) -> bool {
        self.traffic > 0
    }

    /// Whether a control loop has something to do.
    pub const fn has_control(&self) -> bool {
        self.control > 0
    }

    pub fn len(&self) -> usize {
        self.events.size()
    }

    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }
}
