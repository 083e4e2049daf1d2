//! The bar of hops: the steps of the line, those of one name and place next to each other taken together.

use crate::session::Turn;
use crate::sim::ids::LineageId;
use crate::sim::record::Place;
use crate::sim::record::decision::{Decision, DropReason};

/// Steps next to each other with one name at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    pub name: String,
    /// Positions in the line, from 1: the first and the last.
    pub first: usize,
    pub last: usize,
    /// Whether a packet ends here without being delivered.
    pub lost: bool,
}

/// One way of a turn: the request, the reply or something that a control loop did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    pub lineage: Option<LineageId>,
    pub hops: Vec<Hop>,
}

/// Groups a line. `name` says what a step's hop is called.
pub fn legs(turn: &Turn, line: &[usize], name: impl Fn(&crate::sim::record::Step) -> String) -> Vec<Leg> {
    let mut legs: Vec<Leg> = Vec::new();
    let mut last_at: Option<Place> = None;
    for (position, step) in (1..).zip(line.iter().filter_map(|&i| turn.record.steps.get(i))) {
        let lineage = step.frame.and_then(|f| turn.record.frame(f)).map(|f| f.lineage);
        if legs.last().is_none_or(|leg| leg.lineage != lineage) {
            legs.push(Leg { lineage, hops: Vec::new() });
            last_at = None;
        }
        let Some(leg) = legs.last_mut() else { continue };
        let lost = matches!(step.decision, Decision::Drop(reason) if reason != DropReason::OutsideSimulation);
        let name = name(step);
        match leg.hops.last_mut() {
            Some(hop) if hop.name == name && last_at == Some(step.at) => {
                hop.last = position;
                hop.lost |= lost;
            }
            _ => leg.hops.push(Hop { name, first: position, last: position, lost }),
        }
        last_at = Some(step.at);
    }
    legs
}

/// The leg that a position belongs to; before the first step the first one.
pub fn leg_at(legs: &[Leg], position: usize) -> Option<&Leg> {
    legs.iter().find(|leg| leg.hops.last().is_some_and(|hop| position <= hop.last))
}
