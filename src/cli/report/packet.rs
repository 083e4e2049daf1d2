//! Packets with their hops and steps.

use super::codes;
use super::evidence::{Evidence, evidence};
use crate::session::Turn;
use crate::shell::frame_line;
use crate::sim::host::Role;
use crate::sim::ids::{FrameId, LineageId};
use crate::sim::packet::Frame;
use crate::sim::record;
use crate::sim::record::decision::Decision;
use crate::sim::record::trace;
use crate::text::{self, Text, plain};
use crate::view::header;
use crate::view::line::{Detail, line};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One packet from its sender to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Packet {
    /// Its number among all packets of the sending, from 1.
    pub id: usize,
    /// `sent`, `answer-to`, `error-about`, `resolving-for` or `timer`.
    pub cause: &'static str,
    /// The packet that caused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<usize>,
    /// As it was sent, in the words of tcpdump.
    pub summary: String,
    pub disposition: Disposition,
    pub hops: Vec<Hop>,
}

/// How a packet ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Disposition {
    /// `delivered`, `dropped` or `unfinished`.
    pub kind: &'static str,
    /// To what it was delivered, or why it was dropped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
}

/// Consecutive steps at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hop {
    pub at: Place,
    pub steps: Vec<Step>,
}

/// Where a step happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// `pod`, `node`, `vm`, `azure-port` or `control`.
    pub kind: &'static str,
    /// Of the host or of the NIC; empty for control loops.
    pub name: String,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Its position among all steps of the sending, from 1: what `podhop render --step` takes with every step.
    pub number: usize,
    /// Virtual time in nanoseconds since the world began.
    pub time_ns: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Stable name of the kind of decision.
    pub code: &'static str,
    /// Stable name of the reason of a drop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// Whether it chooses something, as against only carrying it out.
    pub decides: bool,
    pub title: String,
    pub sentence: String,
    /// Fields of the frame after the step.
    pub header: BTreeMap<&'static str, String>,
    /// Fields that are others than after the packet's step before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

/// A field that has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub field: &'static str,
    pub before: String,
    pub after: String,
}

/// Writes the packets of one turn.
pub(super) struct Writer<'a> {
    text: &'a Text,
    turn: &'a Turn,
    every: bool,
    decisions: BTreeSet<usize>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(text: &'a Text, turn: &'a Turn, every: bool) -> Self {
        Self { text, turn, every, decisions: line(turn, Detail::Decisions).into_iter().collect() }
    }

    /// In the order in which they began.
    pub(super) fn packets(&self) -> Vec<Packet> {
        self.lineages().into_iter().filter_map(|id| self.packet(id)).collect()
    }

    fn lineages(&self) -> Vec<LineageId> {
        let record = &self.turn.record;
        if self.every {
            return record.lineages.iter().map(|l| l.id).collect();
        }
        let steps = record.probes().flat_map(|probe| record.round_trip(probe));
        let all: BTreeSet<LineageId> = steps.filter_map(|i| self.lineage_of(i)).collect();
        all.into_iter().collect()
    }

    fn lineage_of(&self, step: usize) -> Option<LineageId> {
        let frame = self.turn.record.steps.get(step)?.frame?;
        self.turn.record.frame(frame).map(|f| f.lineage)
    }

    fn packet(&self, id: LineageId) -> Option<Packet> {
        let record = &self.turn.record;
        let (cause, of) = codes::cause(record.lineage(id)?.cause);
        let steps = if self.every {
            (0..record.steps.len()).filter(|&i| self.lineage_of(i) == Some(id)).collect()
        } else {
            record.path(id)
        };
        let mut last = LastSeen::default();
        let first = steps.first().and_then(|&i| record.steps.get(i)?.after.as_ref());
        let summary = first.map_or_else(String::new, frame_line);
        let hops = record.hops(&steps);
        let hops = hops.iter().map(|hop| self.hop(hop, &mut last)).collect();
        let disposition = disposition(record.trace(id).disposition);
        let of = of.map(|of| codes::number(record, of));
        Some(Packet { id: codes::number(record, id), cause, of, summary, disposition, hops })
    }

    fn hop(&self, hop: &trace::Hop, last: &mut LastSeen<'a>) -> Hop {
        let turn: &'a Turn = self.turn;
        let steps = hop.steps.iter().filter_map(|&i| Some((i, turn.record.steps.get(i)?)));
        Hop { at: place(self.turn, hop.at), steps: steps.map(|(i, step)| self.step(i, step, last)).collect() }
    }

    fn step(&self, position: usize, step: &'a record::Step, last: &mut LastSeen<'a>) -> Step {
        let words = text::explain(self.text, step, &self.turn.world);
        let frame = step.after.as_ref().or(step.before.as_ref());
        let fields = header::of_step(frame.and_then(|now| last.before(self.turn, now)), step);
        let changes = fields
            .iter()
            .filter_map(|f| Some(Change { field: name(f.label), before: f.before.clone()?, after: f.after.clone() }));
        let made = Step {
            number: position + 1,
            time_ns: step.time.0,
            device: device(self.turn, step),
            code: step.decision.code(),
            reason: match step.decision {
                Decision::Drop(reason) => Some(reason.code()),
                _ => None,
            },
            decides: self.decisions.contains(&position),
            title: words.title,
            sentence: plain(&words.sentence),
            changes: changes.collect(),
            header: fields.iter().map(|f| (name(f.label), f.after.clone())).collect(),
            evidence: evidence(self.text, step, step.world.as_deref().unwrap_or(&self.turn.world)),
        };
        last.note(frame);
        made
    }
}

/// Field names do not say on which screen their words are.
fn name(label: &'static str) -> &'static str {
    label.strip_prefix("lab-").unwrap_or(label)
}

/// Each copy of a packet as its last step left it.
#[derive(Default)]
struct LastSeen<'a>(BTreeMap<FrameId, &'a Frame>);

impl<'a> LastSeen<'a> {
    /// What the frame was before: itself, or that of which it is a copy.
    fn before(&self, turn: &Turn, now: &Frame) -> Option<&'a Frame> {
        let mut id = Some(now.id);
        while let Some(frame) = id {
            if let Some(seen) = self.0.get(&frame) {
                return Some(seen);
            }
            id = turn.record.frame(frame).and_then(|f| f.parent);
        }
        None
    }

    fn note(&mut self, frame: Option<&'a Frame>) {
        self.0.extend(frame.map(|f| (f.id, f)));
    }
}

const fn disposition(disposition: trace::Disposition) -> Disposition {
    match disposition {
        trace::Disposition::Delivered(to) => Disposition { kind: "delivered", code: Some(codes::delivery(to)) },
        trace::Disposition::Dropped(reason) => Disposition { kind: "dropped", code: Some(reason.code()) },
        trace::Disposition::Unfinished => Disposition { kind: "unfinished", code: None },
    }
}

/// A place by its name at the end of the turn.
pub(in crate::cli) fn place(turn: &Turn, at: record::Place) -> Place {
    let world = &turn.world;
    let (kind, name) = match at {
        record::Place::Host(id) => {
            let host = world.hosts.get(id);
            let kind = match host.map(|h| h.role) {
                Some(Role::Pod(_)) => "pod",
                Some(Role::Node(_)) => "node",
                Some(Role::Vm) | None => "vm",
            };
            (kind, host.map(|h| h.name.to_string()))
        }
        record::Place::Port(id) => ("azure-port", world.nics.get(id).map(|n| n.name.to_string())),
        record::Place::Control => ("control", None),
    };
    Place { kind, name: name.unwrap_or_default() }
}

fn device(turn: &Turn, step: &record::Step) -> Option<String> {
    let record::Place::Host(host) = step.at else { return None };
    let world = step.world.as_deref().unwrap_or(&turn.world);
    Some(world.hosts.get(host)?.interface(step.dev?)?.name.to_string())
}
