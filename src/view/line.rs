//! The line of steps that a person walks in one turn.

use crate::session::Turn;
use crate::sim::ids::LineageId;
use crate::sim::order::sort_dedup;
use crate::sim::record::decision::Decision;
use crate::sim::record::{Place, Record};

/// How much of a turn to walk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// The decisions that make or change the way of the packet and of its answer; what control loops did.
    #[default]
    Decisions,
    /// Every step, with ARP and every copy of a flooded frame.
    Every,
}

/// Positions in the turn's record, in order.
pub fn line(turn: &Turn, detail: Detail) -> Vec<usize> {
    let record = &turn.record;
    if detail == Detail::Every {
        return (0..record.steps.len()).collect();
    }
    let mut steps: Vec<usize> = record.probes().flat_map(|probe| walked(record, probe)).collect();
    if steps.is_empty() {
        steps = (0..record.steps.len()).filter(|&i| record.steps[i].at == Place::Control).collect();
    }
    sort_dedup(&mut steps);
    steps.retain(|&i| is_decision(&record.steps[i].decision));
    steps
}

/// The way of a packet, there and back. Where all copies of a flooded packet are for somebody else, it ends where it was
/// flooded: who got a copy is beside the point.
fn walked(record: &Record, probe: LineageId) -> Vec<usize> {
    let mut way = record.round_trip(probe);
    let decision = |step: &usize| &record.steps[*step].decision;
    if matches!(way.last().map(decision), Some(Decision::Drop(reason)) if reason.is_of_a_copy()) {
        let flood = way.iter().rposition(|step| matches!(decision(step), Decision::BridgeForward { .. }));
        way.truncate(flood.map_or(way.len(), |at| at + 1));
    }
    way
}

/// The packet to whose way, there and back, a step belongs.
pub fn probe_of(record: &Record, step: usize) -> Option<LineageId> {
    record.probes().find(|probe| record.round_trip(*probe).contains(&step))
}

/// Whether a step chooses something, as against only carrying it out.
const fn is_decision(decision: &Decision) -> bool {
    !matches!(
        decision,
        Decision::Receive(_) | Decision::Learn { .. } | Decision::Transmit { .. } | Decision::Track { .. }
    )
}
