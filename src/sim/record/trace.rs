//! The record as people ask for it: the way of one packet, hop by hop, and how it ended.
//! The shape is Batfish's (`batfish/batfish`, `datamodel/flow/Trace.java`): a disposition and hops of steps.

use super::decision::{Decision, Delivery, DropReason};
use super::{Cause, Place, Record};
use crate::sim::ids::{FrameId, LineageId};
use crate::sim::packet::{Icmp, Packet, Payload, TcpFlags, Unreachable};
use std::net::Ipv4Addr;

/// The way of one packet: of the copy that got there, or that came furthest.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Trace {
    pub lineage: LineageId,
    pub disposition: Disposition,
    pub hops: Vec<Hop>,
}

/// Consecutive steps at one place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hop {
    pub at: Place,
    /// Positions in [`Record::steps`].
    pub steps: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Disposition {
    Delivered(Delivery),
    Dropped(DropReason),
    /// Neither yet: it waits or is on its way.
    Unfinished,
}

/// How a probe ended, as the program that sent it sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    Answered {
        reply: LineageId,
    },
    /// TCP: nobody listens.
    Refused {
        reply: LineageId,
    },
    Error {
        error: LineageId,
        from: Ipv4Addr,
        kind: ErrorKind,
    },
    /// Nothing came back: this packet was lost at this step.
    Lost {
        lineage: LineageId,
        step: usize,
        reason: DropReason,
    },
    /// It left for what is not simulated.
    Left {
        step: usize,
    },
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    TimeExceeded,
    Unreachable(Unreachable),
}

impl Outcome {
    /// Whether the program got what it asked for.
    pub const fn is_success(&self) -> bool {
        matches!(self, Outcome::Answered { .. })
    }
}

impl Record {
    /// Packets that the action itself sent, in order.
    pub fn probes(&self) -> impl Iterator<Item = LineageId> {
        self.lineages.iter().filter(|l| l.cause == Cause::Action).map(|l| l.id)
    }

    /// The way of a packet.
    pub fn trace(&self, lineage: LineageId) -> Trace {
        let steps = self.path(lineage);
        let disposition = steps.last().map_or(Disposition::Unfinished, |&last| self.disposition(last));
        Trace { lineage, disposition, hops: self.hops(&steps) }
    }

    fn disposition(&self, step: usize) -> Disposition {
        match self.steps[step].decision {
            Decision::Deliver(delivery) => Disposition::Delivered(delivery),
            Decision::Drop(reason) => Disposition::Dropped(reason),
            _ => Disposition::Unfinished,
        }
    }

    /// Groups steps by place.
    pub fn hops(&self, steps: &[usize]) -> Vec<Hop> {
        let mut hops: Vec<Hop> = Vec::new();
        for &step in steps {
            let at = self.steps[step].at;
            match hops.last_mut() {
                Some(hop) if hop.at == at => hop.steps.push(step),
                _ => hops.push(Hop { at, steps: vec![step] }),
            }
        }
        hops
    }

    /// Steps of the copy of a packet that was delivered, else of the one that came furthest.
    pub fn path(&self, lineage: LineageId) -> Vec<usize> {
        let Some(end) = self.end_of(lineage) else { return Vec::new() };
        let mut chain = Vec::new();
        let mut frame = self.steps[end].frame;
        while let Some(id) = frame {
            chain.push(id);
            frame = self.frame(id).and_then(|f| f.parent);
        }
        let on_path = |frame: Option<FrameId>| frame.is_some_and(|f| chain.contains(&f));
        self.steps.iter().enumerate().take(end + 1).filter(|(_, s)| on_path(s.frame)).map(|(i, _)| i).collect()
    }

    /// The step at which a packet ended: its delivery, else its last loss that was not only a copy's, else its last
    /// step of all.
    fn end_of(&self, lineage: LineageId) -> Option<usize> {
        let of_packet =
            |i: usize| self.steps[i].frame.and_then(|f| self.frame(f)).is_some_and(|f| f.lineage == lineage);
        let all: Vec<usize> = (0..self.steps.len()).filter(|&i| of_packet(i)).collect();
        let last =
            |wanted: &dyn Fn(&Decision) -> bool| all.iter().rev().copied().find(|&i| wanted(&self.steps[i].decision));
        last(&|d| matches!(d, Decision::Deliver(_)))
            .or_else(|| last(&|d| matches!(d, Decision::Drop(reason) if !reason.is_of_a_copy())))
            .or_else(|| last(&|_| true))
    }

    /// The packet that one caused, as it was sent.
    fn caused(&self, cause: Cause) -> Option<LineageId> {
        self.lineages.iter().find(|l| l.cause == cause).map(|l| l.id)
    }

    fn first_packet(&self, lineage: LineageId) -> Option<&Packet> {
        let of_packet = |f: FrameId| self.frame(f).is_some_and(|f| f.lineage == lineage);
        self.steps.iter().find(|s| s.frame.is_some_and(of_packet))?.after.as_ref()?.body.packet()
    }

    /// How a probe ended.
    pub fn outcome(&self, probe: LineageId) -> Outcome {
        let answer = self.caused(Cause::AnswerTo(probe));
        let delivered = |id: LineageId| matches!(self.trace(id).disposition, Disposition::Delivered(_));
        if let Some(reply) = answer.filter(|id| delivered(*id)) {
            return if self.is_reset(reply) { Outcome::Refused { reply } } else { Outcome::Answered { reply } };
        }
        let error = self.caused(Cause::ErrorAbout(probe)).filter(|id| delivered(*id));
        if let Some(outcome) = error.and_then(|id| self.error_outcome(id)) {
            return outcome;
        }
        self.loss(answer.unwrap_or(probe))
    }

    fn is_reset(&self, reply: LineageId) -> bool {
        let packet = self.first_packet(reply);
        matches!(packet.map(|p| &p.payload), Some(Payload::Tcp { flags: TcpFlags::Rst | TcpFlags::RstAck, .. }))
    }

    fn error_outcome(&self, error: LineageId) -> Option<Outcome> {
        let packet = self.first_packet(error)?;
        let kind = match &packet.payload {
            Payload::Icmp(Icmp::TimeExceeded { .. }) => ErrorKind::TimeExceeded,
            Payload::Icmp(Icmp::Unreachable { code, .. }) => ErrorKind::Unreachable(*code),
            _ => return None,
        };
        Some(Outcome::Error { error, from: packet.src, kind })
    }

    fn loss(&self, lineage: LineageId) -> Outcome {
        let Some(&step) = self.path(lineage).last() else { return Outcome::Nothing };
        match self.steps[step].decision {
            Decision::Drop(DropReason::OutsideSimulation) => Outcome::Left { step },
            Decision::Drop(reason) => Outcome::Lost { lineage, step, reason },
            _ => Outcome::Nothing,
        }
    }

    /// The steps that a person follows: the probe's way, and the way of what came back.
    pub fn round_trip(&self, probe: LineageId) -> Vec<usize> {
        let back = match self.outcome(probe) {
            Outcome::Answered { reply } | Outcome::Refused { reply } => Some(reply),
            Outcome::Error { error, .. } => Some(error),
            Outcome::Lost { lineage, .. } if lineage != probe => Some(lineage),
            _ => None,
        };
        let mut steps = self.path(probe);
        steps.extend(back.into_iter().flat_map(|id| self.path(id)));
        steps
    }
}

impl DropReason {
    /// Whether it only says that one of several copies was for somebody else.
    pub const fn is_of_a_copy(self) -> bool {
        matches!(self, DropReason::NotForMe | DropReason::ArpNotMine)
    }
}
