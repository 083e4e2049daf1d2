//! The engine: takes events from the queue, moves frames through the world's own tables, and writes down every
//! decision. It knows devices and tables, never a mode.

pub mod arp;
pub mod bridge;
pub mod carrier;
pub mod deliver;
pub mod ebtables;
pub mod fabric;
pub mod forward;
pub mod icmp;
pub mod lane;
pub mod nat;
pub mod output;
pub mod port;
pub mod probe;
pub mod queue;
pub mod receive;
pub mod skb;
pub mod transmit;

use super::control;
use super::host::Host;
use super::ids::{FrameId, HostId, IfIndex, LineageId, NicId};
use super::packet::Frame;
use super::record::decision::{Decision, DropReason, Origin};
use super::record::{Cause, FrameOrigin, Keep, Lineage, Place, Record, Step};
use super::time::{Span, Time};
use super::world::World;
use queue::Event;
use skb::Skb;
use std::rc::Rc;

/// Events after which one run gives up: far above what the largest cluster needs to be built.
const EVENT_LIMIT: u32 = 2_000_000;
/// Events after which packets are given up that a program sends: far above any real exchange, so that a loop of bridges
/// ends, and programs that answer each other's answers for ever.
pub const TRAFFIC_LIMIT: u32 = 200_000;

/// A world in motion, with the record of what it does.
#[derive(Debug)]
pub struct Engine {
    pub world: World,
    pub record: Record,
}

/// Until when to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// No frame is on its way and none waits for an address.
    Quiet,
    /// No control loop has anything to do either.
    Settled,
    /// This time has come.
    Time(Time),
}

impl Engine {
    pub const fn new(world: World, keep: Keep) -> Self {
        Self { world, record: Record::new(keep) }
    }

    /// Handles events until the condition holds. `false` when it gave up.
    pub fn run(&mut self, until: Until) -> bool {
        self.run_within(EVENT_LIMIT, until)
    }

    /// Handles events until the condition holds. `false` when it gave up at the limit.
    pub fn run_within(&mut self, limit: u32, until: Until) -> bool {
        for _ in 0..limit {
            let more = match until {
                Until::Quiet => self.world.queue.has_traffic(),
                Until::Settled => self.world.queue.has_traffic() || self.world.queue.has_control(),
                Until::Time(end) => self.world.queue.next_time().is_some_and(|t| t <= end),
            };
            if !more {
                if let Until::Time(end) = until {
                    self.world.now = self.world.now.max(end);
                }
                return true;
            }
            self.advance();
        }
        false
    }

    /// Handles the next event.
    fn advance(&mut self) {
        let Some((time, event)) = self.world.queue.pop() else { return };
        self.world.now = self.world.now.max(time);
        match event {
            Event::FrameArrives { at, frame } => self.frame_arrives(at, frame),
            Event::FrameEntersFabric { nic, frame } => self.frame_enters_fabric(nic, &frame),
            Event::FrameReachesPort { nic, frame } => self.frame_reaches_port(nic, &frame),
            Event::NeighborTimer { host, dev, ip, generation, .. } => self.neighbor_timer(host, dev, ip, generation),
            Event::ProxyReply { host, dev, request, arp } => self.proxy_reply(host, dev, request, &arp),
            Event::LinkWatch { at } => self.look_at_carrier(at),
            Event::Control(event) => control::run(self, event),
        }
    }

    pub fn after(&mut self, delay: Span, event: Event) {
        self.world.queue.push(self.world.now, delay, event);
    }

    pub(crate) fn host(&self, id: HostId) -> Option<&Host> {
        self.world.hosts.get(id)
    }

    pub(crate) fn host_mut(&mut self, id: HostId) -> Option<&mut Host> {
        self.world.hosts.get_mut(id)
    }

    /// Writes a step down. The decision is only made up when steps are kept.
    fn note(&mut self, at: Place, dev: Option<IfIndex>, frame: FrameNote<'_>, decision: impl FnOnce() -> Decision) {
        if !self.record.keeps_steps() {
            self.record.count_one();
            return;
        }
        let world = self.record.keeps_worlds().then(|| Rc::new(self.world.clone()));
        let (before, after) = frame.states();
        let step = Step {
            time: self.world.now,
            at,
            dev,
            frame: before.as_ref().or(after.as_ref()).map(|f| f.id),
            decision: decision(),
            before,
            after,
            world,
        };
        self.record.push(step);
    }

    /// A step of a packet that the decision left as it was.
    pub(crate) fn note_skb(&mut self, skb: &Skb, decision: impl FnOnce() -> Decision) {
        self.note(Place::Host(skb.host), skb.dev, FrameNote::Skb(skb), decision);
    }

    /// A step at a host that changed the packet.
    pub(crate) fn note_change(&mut self, before: Option<Frame>, skb: &Skb, decision: impl FnOnce() -> Decision) {
        self.note(Place::Host(skb.host), skb.dev, FrameNote::Changed(before, skb), decision);
    }

    /// The packet as it is now, where steps are kept, for [`Engine::note_change`].
    pub(crate) fn before(&self, skb: &Skb) -> Option<Frame> {
        self.record.keeps_steps().then(|| skb.frame())
    }

    /// A step at a host's interface about a whole frame.
    pub(crate) fn note_frame(
        &mut self,
        host: HostId,
        dev: IfIndex,
        frame: &Frame,
        decision: impl FnOnce() -> Decision,
    ) {
        self.note(Place::Host(host), Some(dev), FrameNote::Same(frame), decision);
    }

    /// A step at a host's interface that changed the frame.
    pub(crate) fn note_frame_change(
        &mut self,
        host: HostId,
        dev: IfIndex,
        from: &Frame,
        to: &Frame,
        decision: impl FnOnce() -> Decision,
    ) {
        self.note(Place::Host(host), Some(dev), FrameNote::Pair(from, to), decision);
    }

    /// A step at Azure's side of a NIC.
    pub(crate) fn note_port(&mut self, nic: NicId, frame: &Frame, decision: impl FnOnce() -> Decision) {
        self.note(Place::Port(nic), None, FrameNote::Same(frame), decision);
    }

    /// A step at Azure's side of a NIC that changed the frame.
    pub(crate) fn note_port_change(
        &mut self,
        nic: NicId,
        from: &Frame,
        to: &Frame,
        decision: impl FnOnce() -> Decision,
    ) {
        self.note(Place::Port(nic), None, FrameNote::Pair(from, to), decision);
    }

    pub(crate) fn note_control(&mut self, decision: impl FnOnce() -> Decision) {
        self.note(Place::Control, None, FrameNote::None, decision);
    }

    pub(crate) fn drop_skb(&mut self, skb: &Skb, reason: DropReason) {
        self.note_skb(skb, || Decision::Drop(reason));
    }

    pub(crate) fn drop_frame(&mut self, host: HostId, dev: IfIndex, frame: &Frame, reason: DropReason) {
        self.note_frame(host, dev, frame, || Decision::Drop(reason));
    }

    /// A new packet: its lineage with its cause.
    pub(crate) fn new_lineage(&mut self, cause: Cause) -> LineageId {
        let id = self.world.next_lineage;
        self.world.next_lineage = LineageId(id.0.wrapping_add(1));
        if self.record.keeps_steps() {
            self.record.lineages.push(Lineage { id, cause });
        }
        id
    }

    /// A new frame, or a copy of one.
    pub(crate) fn new_frame(&mut self, lineage: LineageId, parent: Option<FrameId>) -> FrameId {
        let id = self.world.next_frame;
        self.world.next_frame = FrameId(id.0.wrapping_add(1));
        if self.record.keeps_steps() {
            self.record.frames.push(FrameOrigin { id, lineage, parent });
        }
        id
    }

    pub(crate) fn note_origin(&mut self, skb: &Skb, origin: Origin) {
        self.note_skb(skb, || Decision::Originate(origin));
    }
}

/// The frame of a step: only turned into a value when steps are kept.
enum FrameNote<'a> {
    None,
    Same(&'a Frame),
    Pair(&'a Frame, &'a Frame),
    Skb(&'a Skb),
    Changed(Option<Frame>, &'a Skb),
}

impl FrameNote<'_> {
    fn states(self) -> (Option<Frame>, Option<Frame>) {
        match self {
            FrameNote::None => (None, None),
            FrameNote::Same(frame) => (Some(frame.clone()), Some(frame.clone())),
            FrameNote::Pair(before, after) => (Some(before.clone()), Some(after.clone())),
            FrameNote::Skb(skb) => {
                let frame = skb.frame();
                (Some(frame.clone()), Some(frame))
            }
            FrameNote::Changed(before, skb) => (before, Some(skb.frame())),
        }
    }
}
