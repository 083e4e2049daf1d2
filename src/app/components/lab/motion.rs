//! Remembers which position was shown before, so that a packet can be led from there along the wires.

use crate::app::state::State;
use std::cell::Cell;

/// The turn, the position shown now, and the one before it.
#[derive(Debug, Default)]
pub struct Previous(Cell<(usize, usize, usize)>);

impl Previous {
    /// The position that was shown before the state's. Another turn has none: the position itself.
    pub fn before(&self, state: &State) -> usize {
        let (turn, now, before) = self.0.get();
        let (at, position) = (state.session.cursor().turn, state.line_position());
        if at == turn && position == now {
            return before;
        }
        let before = if at == turn { now } else { position };
        self.0.set((at, position, before));
        before
    }
}
