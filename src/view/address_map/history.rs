//! What became of one address, from the first turn to where one looks.

use super::{Cell, CellState, Space, cell_at};
use crate::session::{Cursor, Session, Turn};
use crate::sim::record::Step;
use crate::sim::time::Time;
use crate::sim::world::World;
use std::net::Ipv4Addr;

/// One change of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub time: Time,
    pub state: CellState,
    pub owner: Option<String>,
}

/// The changes of an address up to a position, the first one first. A change that was undone within one turn is not
/// among them.
pub fn history(session: &Session, space: Space, address: Ipv4Addr, until: Cursor) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut before = None;
    for (number, turn) in session.turns().iter().enumerate().take(until.turn + 1) {
        let limit = if number == until.turn { until.step } else { usize::MAX };
        let whole = limit >= turn.record.steps.len();
        let world = if whole { Some(&turn.world) } else { world_after(turn, limit) };
        let Some(after) = world.and_then(|w| cell_at(w, space, address)) else { continue };
        if before.as_ref().is_none_or(|b| differs(b, &after)) {
            let time = change_time(turn, space, &after, limit).unwrap_or(turn.world.now);
            let owner = after.owner.as_ref().map(|o| o.name.clone());
            changes.push(Change { time, state: after.state, owner });
            before = Some(after);
        }
    }
    changes
}

fn differs(a: &Cell, b: &Cell) -> bool {
    a.state != b.state || a.owner.as_ref().map(|o| &o.name) != b.owner.as_ref().map(|o| &o.name)
}

/// The world after so many steps of a turn.
fn world_after(turn: &Turn, steps: usize) -> Option<&World> {
    turn.record.steps.get(steps.checked_sub(1)?).and_then(|s| s.world.as_deref())
}

/// When the address came to be what it is at the end of the turn.
fn change_time(turn: &Turn, space: Space, after: &Cell, limit: usize) -> Option<Time> {
    let is_so = |step: &&Step| {
        step.world.as_deref().and_then(|w| cell_at(w, space, after.address)).is_some_and(|c| !differs(&c, after))
    };
    turn.record.steps.iter().take(limit).find(is_so).map(|s| s.time)
}
