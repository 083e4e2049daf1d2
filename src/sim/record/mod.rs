//! What happened: every step with its decision, its packet before and after, and the world as it was then.

pub mod control;
pub mod decision;
pub mod digest;
pub mod seen;
pub mod trace;

use super::ids::{FrameId, HostId, IfIndex, LineageId, NicId};
use super::packet::Frame;
use super::time::Time;
use super::world::World;
use decision::Decision;
use std::rc::Rc;

/// How much to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Steps and the world after each, for time travel.
    Worlds,
    /// Steps only.
    Steps,
    /// Only their number.
    Count,
}

/// Most steps of one action that are kept with their worlds: more than anybody walks. An action that does more, such as
/// building hundreds of nodes, happens whole; only its record ends here.
pub const MAX_KEPT: usize = 20_000;

/// The steps of one action, in the order in which they happened.
#[derive(Clone, Debug)]
pub struct Record {
    pub steps: Vec<Step>,
    pub lineages: Vec<Lineage>,
    pub frames: Vec<FrameOrigin>,
    keep: Keep,
    count: u64,
}

/// One decision at one place.
#[derive(Clone, Debug)]
pub struct Step {
    pub time: Time,
    pub at: Place,
    pub dev: Option<IfIndex>,
    pub frame: Option<FrameId>,
    pub decision: Decision,
    /// The frame as it came to this decision.
    pub before: Option<Frame>,
    /// The frame as this decision left it.
    pub after: Option<Frame>,
    /// The world after this step.
    pub world: Option<Rc<World>>,
}

/// Where a step happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    Host(HostId),
    /// Azure's side of a NIC: its port of the virtual switch.
    Port(NicId),
    /// A control loop.
    Control,
}

/// A packet from its sender to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lineage {
    pub id: LineageId,
    pub cause: Cause,
}

/// What made a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The action itself.
    Action,
    /// The address for this packet was asked for.
    ResolvingFor(LineageId),
    /// The answer to this packet.
    AnswerTo(LineageId),
    /// An ICMP error about this packet.
    ErrorAbout(LineageId),
    /// A timer or a control loop.
    Timer,
}

/// Where a copy of a frame came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FrameOrigin {
    pub id: FrameId,
    pub lineage: LineageId,
    /// The frame of which this is a copy.
    pub parent: Option<FrameId>,
}

impl Record {
    pub const fn new(keep: Keep) -> Self {
        Self { steps: Vec::new(), lineages: Vec::new(), frames: Vec::new(), keep, count: 0 }
    }

    /// Number of steps, kept or not.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Whether the next step is kept.
    pub const fn keeps_steps(&self) -> bool {
        match self.keep {
            Keep::Worlds => self.steps.len() < MAX_KEPT,
            Keep::Steps => true,
            Keep::Count => false,
        }
    }

    pub const fn keeps_worlds(&self) -> bool {
        matches!(self.keep, Keep::Worlds)
    }

    /// The record as it was after so many steps.
    #[must_use]
    pub fn until(&self, steps: usize) -> Self {
        let steps = self.steps.get(..steps).unwrap_or(&self.steps).to_vec();
        let (lineages, frames) = (self.lineages.clone(), self.frames.clone());
        Self { count: steps.len() as u64, steps, lineages, frames, keep: self.keep }
    }

    /// Whether more happened than is kept.
    pub const fn is_cut(&self) -> bool {
        self.count > self.steps.len() as u64
    }

    pub fn push(&mut self, step: Step) {
        self.count += 1;
        if self.keeps_steps() {
            self.steps.push(step);
        }
    }

    /// Counts a step that is not kept.
    pub const fn count_one(&mut self) {
        self.count += 1;
    }

    pub fn lineage(&self, id: LineageId) -> Option<&Lineage> {
        self.lineages.binary_search_by_key(&id, |l| l.id).ok().map(|i| &self.lineages[i])
    }

    pub fn frame(&self, id: FrameId) -> Option<&FrameOrigin> {
        self.frames.binary_search_by_key(&id, |f| f.id).ok().map(|i| &self.frames[i])
    }
}
