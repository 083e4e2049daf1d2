//! What is to happen, in the order (time, number).

use super::lane::Lane;
use super::transmit::{FABRIC_DELAY, LOOPBACK_DELAY, NIC_DELAY, VETH_DELAY};
use crate::sim::host::neighbor::{DELAY_FIRST_PROBE, RETRANSMIT};
use crate::sim::ids::{ClusterId, HostId, IfIndex, InterfaceId, LineageId, NicId, NodeId, PodId};
use crate::sim::order::sort_by_key;
use crate::sim::ordered::Ordered;
use crate::sim::packet::{Arp, Frame};
use crate::sim::time::{Span, Time};
use std::net::Ipv4Addr;

/// Pending events. Copies share all entries.
///
/// Most events come after one of a few fixed delays. Those of one delay come due in the order in which they were
/// pushed, so each such delay has a lane, first in, first out; all other events are in a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    lanes: [Lane<(Key, Event)>; LANES],
    others: Ordered<Key, Event>,
    /// Key of the first event of each lane, and at the end of the tree: what is asked for at every event.
    heads: [Key; LANES + 1],
    next: u64,
    traffic: u32,
    control: u32,
}

/// When an event is due, and its number.
type Key = (Time, u64);

/// The fixed delays that have a lane.
const DELAYS: [Span; LANES] = [VETH_DELAY, NIC_DELAY, FABRIC_DELAY, LOOPBACK_DELAY, RETRANSMIT, DELAY_FIRST_PROBE];
const LANES: usize = 6;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// A frame reaches an interface of a host.
    FrameArrives {
        at: InterfaceId,
        frame: Frame,
    },
    /// A frame leaves a guest and enters Azure's network at the port of its NIC.
    FrameEntersFabric {
        nic: NicId,
        frame: Frame,
    },
    /// A frame has crossed Azure's network and reaches the port of the NIC that it is for.
    FrameReachesPort {
        nic: NicId,
        frame: Frame,
    },
    /// A timer of a neighbour entry; it does nothing when the entry has changed since.
    NeighborTimer {
        host: HostId,
        dev: IfIndex,
        ip: Ipv4Addr,
        generation: u32,
        resolving: bool,
    },
    /// A host answers a request for another's address, after the delay with which it does so.
    ProxyReply {
        host: HostId,
        dev: IfIndex,
        request: LineageId,
        arp: Arp,
    },
    /// The kernel looks at the carrier of an interface, and the bridge above it with it.
    LinkWatch {
        at: InterfaceId,
    },
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
    /// The kubelet makes the sandbox of a pod; again where it failed and an address is on its way.
    StartPod(PodId),
    PodRunning(PodId),
    /// The kubelet tries again to make a sandbox that was refused, though nothing is under way that would help.
    RetryPod(PodId),
    /// The addresses that a node gets in batches for its pods.
    Pool(NodeId, PoolTurn),
}

/// What happens to the batches of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PoolTurn {
    /// The pool monitor compares what the node has with what its pods use.
    Monitor,
    /// Azure's side acts on what the node asks.
    Request,
    /// Azure's side tries again what a full subnet did not allow.
    Retry,
    /// The host has been programmed to deliver to the addresses that the node got.
    Programmed,
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
                | Event::ProxyReply { .. }
                | Event::LinkWatch { .. }
        )
    }

    const fn is_control(&self) -> bool {
        // What is only tried again and again must not keep a cluster from counting as settled.
        matches!(self, Event::Control(control) if !matches!(control, Control::RetryPod(_) | Control::Pool(_, PoolTurn::Retry)))
    }
}

/// Later than any event.
const NEVER: Key = (Time(u64::MAX), u64::MAX);

impl Default for Queue {
    fn default() -> Self {
        Self {
            lanes: Default::default(),
            others: Ordered::default(),
            heads: [NEVER; LANES + 1],
            next: 0,
            traffic: 0,
            control: 0,
        }
    }
}

impl Queue {
    /// Adds an event that is due `delay` after `now`. The clock must not have run backwards since the last push.
    pub fn push(&mut self, now: Time, delay: Span, event: Event) {
        self.traffic += u32::from(event.is_traffic());
        self.control += u32::from(event.is_control());
        let key = (now + delay, self.next);
        self.next += 1;
        let lane = DELAYS.iter().position(|d| *d == delay);
        match lane {
            Some(lane) => self.lanes[lane].push((key, event)),
            None => {
                self.others.insert(key, event);
            }
        }
        let head = &mut self.heads[lane.unwrap_or(LANES)];
        *head = key.min(*head);
    }

    /// Where the next event is: a lane, or the tree.
    fn first(&self) -> Option<usize> {
        let mut first = 0;
        for at in 1..=LANES {
            if self.heads[at] < self.heads[first] {
                first = at;
            }
        }
        (self.heads[first] != NEVER).then_some(first)
    }

    pub fn pop(&mut self) -> Option<(Time, Event)> {
        let at = self.first()?;
        let key = self.heads[at];
        let event = if at < LANES { self.pop_lane(at)? } else { self.pop_other(&key)? };
        self.traffic -= u32::from(event.is_traffic());
        self.control -= u32::from(event.is_control());
        Some((key.0, event))
    }

    fn pop_lane(&mut self, at: usize) -> Option<Event> {
        let lane = &mut self.lanes[at];
        let (_, event) = lane.pop()?;
        self.heads[at] = lane.first().map_or(NEVER, |(key, _)| *key);
        Some(event)
    }

    fn pop_other(&mut self, key: &Key) -> Option<Event> {
        let event = self.others.get(key).cloned();
        self.others.remove(key);
        self.heads[LANES] = self.others.first().map_or(NEVER, |(key, _)| *key);
        event
    }

    /// When the next event is due.
    pub fn next_time(&self) -> Option<Time> {
        self.first().map(|at| self.heads[at].0)
    }

    /// Whether a frame is on its way or waits for an address.
    pub const fn has_traffic(&self) -> bool {
        self.traffic > 0
    }

    /// Whether a control loop has something to do.
    pub const fn has_control(&self) -> bool {
        self.control > 0
    }

    /// Events in order of time.
    pub fn iter(&self) -> impl Iterator<Item = (Time, &Event)> {
        let mut all: Vec<(Key, &Event)> = self
            .lanes
            .iter()
            .flat_map(Lane::iter)
            .map(|(key, event)| (*key, event))
            .chain(self.others.iter().map(|(k, e)| (*k, e)))
            .collect();
        sort_by_key(&mut all, |(key, _)| *key);
        all.into_iter().map(|((time, _), event)| (time, event))
    }
}
