//! What a person has done so far: actions with the record and the world of each, undo and redo, and where one looks.
//! Going back is a move of an index: every world is kept.

pub mod example;
pub mod kept;

use crate::sim::action::error::ActionError;
use crate::sim::action::{self, Action};
use crate::sim::engine::Engine;
use crate::sim::record::{Keep, Record, Step};
use crate::sim::scenario::Scenario;
use crate::sim::world::World;
use std::rc::Rc;

/// One action with what came of it.
#[derive(Clone, Debug)]
pub struct Turn {
    pub action: Action,
    pub record: Record,
    /// The world when everything that the action set off, up to its end, had happened.
    pub world: World,
    /// Whether it goes on with what the turn before began, and is taken back together with it.
    pub joined: bool,
}

/// Where one looks: after so many steps of a turn. A turn's position 0 is the world before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cursor {
    pub turn: usize,
    pub step: usize,
}

/// The history of one sitting. A copy is cheap.
#[derive(Clone, Debug)]
pub struct Session {
    seed: u64,
    start: Rc<World>,
    turns: Vec<Rc<Turn>>,
    /// What was taken back, the last one first to come again.
    undone: Vec<Rc<Turn>>,
    cursor: Cursor,
}

/// What does an action.
type Apply = fn(&mut Engine, &Action) -> Result<(), ActionError>;

/// An action of a scenario that cannot be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayError {
    /// Its number in the scenario, from 0.
    pub at: usize,
    pub error: ActionError,
}

impl Session {
    pub fn new(seed: u64) -> Self {
        let start = Rc::new(World::new(seed));
        Self { seed, start, turns: Vec::new(), undone: Vec::new(), cursor: Cursor { turn: 0, step: 0 } }
    }

    /// Does all actions of a scenario. One looks at what they built, and where the last sends packets, at its beginning:
    /// there they are stepped.
    pub fn load(scenario: &Scenario) -> Result<Self, ReplayError> {
        Self::load_by(scenario.clone(), action::apply)
    }

    fn load_by(scenario: Scenario, apply: Apply) -> Result<Self, ReplayError> {
        let mut session = Self::new(scenario.seed);
        for (at, action) in scenario.actions.into_iter().enumerate() {
            session.play(action, false, apply).map_err(|error| ReplayError { at, error })?;
        }
        if !matches!(session.turns.last().map(|turn| &turn.action), Some(Action::Send { .. })) {
            session.seek(session.end());
        }
        Ok(session)
    }

    /// What to save.
    pub fn scenario(&self) -> Scenario {
        Scenario::new(self.seed, self.turns.iter().map(|t| t.action.clone()).collect())
    }

    /// The world at the end of all turns.
    pub fn world(&self) -> &World {
        self.turns.last().map_or(&self.start, |t| &t.world)
    }

    pub fn turns(&self) -> &[Rc<Turn>] {
        &self.turns
    }

    /// Whether an action could be done now; nothing changes.
    pub fn try_action(&self, action: &Action) -> Result<(), ActionError> {
        let mut engine = Engine::new(self.world().clone(), Keep::Count);
        action::apply(&mut engine, action)
    }

    /// Does an action at the end of the history, and looks at its first step.
    pub fn act(&mut self, action: Action) -> Result<(), ActionError> {
        self.act_on(action, false)
    }

    /// Does an action; where it is `joined`, undo takes it back together with the one before.
    pub fn act_on(&mut self, action: Action, joined: bool) -> Result<(), ActionError> {
        self.play(action, joined, action::apply)
    }

    fn play(&mut self, action: Action, joined: bool, apply: Apply) -> Result<(), ActionError> {
        let mut engine = Engine::new(self.world().clone(), Keep::Worlds);
        apply(&mut engine, &action)?;
        let Engine { world, record } = engine;
        self.undone.clear();
        self.turns.push(Rc::new(Turn { action, record, world, joined }));
        self.cursor = Cursor { turn: self.turns.len() - 1, step: 0 };
        Ok(())
    }

    /// Joins turns to those before them, by their numbers.
    fn join(&mut self, numbers: &[usize]) {
        for number in numbers.iter().filter(|number| **number > 0) {
            if let Some(turn) = self.turns.get_mut(*number) {
                Rc::make_mut(turn).joined = true;
            }
        }
    }

    pub fn can_undo(&self) -> bool {
        !self.turns.is_empty()
    }

    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// What was taken back, in the order in which it was done.
    pub fn undone(&self) -> impl Iterator<Item = &Turn> {
        self.undone.iter().rev().map(Rc::as_ref)
    }

    /// Takes the last action back, with those that it was joined to. `false` when there is none.
    pub fn undo(&mut self) -> bool {
        let some = self.can_undo();
        while let Some(turn) = self.turns.pop() {
            let joined = turn.joined;
            self.undone.push(turn);
            if !joined {
                break;
            }
        }
        self.seek(self.end());
        some
    }

    /// Does again what was taken back last. `false` when there is nothing.
    pub fn redo(&mut self) -> bool {
        let some = self.can_redo();
        while let Some(turn) = self.undone.pop() {
            self.turns.push(turn);
            if !self.undone.last().is_some_and(|next| next.joined) {
                break;
            }
        }
        self.seek(self.end());
        some
    }

    /// Does another action in the place of the last one, which stays where the other is refused.
    pub fn replace_last(&mut self, action: Action) -> Result<(), ActionError> {
        let last = self.turns.pop();
        let done = self.act_on(action, last.as_ref().is_some_and(|turn| turn.joined));
        if done.is_err() {
            self.turns.extend(last);
        }
        done
    }

    /// The session as it was in the middle of a turn: nothing that came later has happened.
    #[must_use]
    pub fn as_of(&self, turn: usize, record: Record, world: World) -> Self {
        let turns = self.turns.get(..turn).unwrap_or_default();
        let now = Turn { action: Action::Wait { ms: 0 }, record, world, joined: false };
        let turns: Vec<Rc<Turn>> = turns.iter().cloned().chain([Rc::new(now)]).collect();
        let cursor = Cursor { turn, step: 0 };
        Self { seed: self.seed, start: Rc::clone(&self.start), turns, undone: Vec::new(), cursor }
    }

    pub const fn cursor(&self) -> Cursor {
        self.cursor
    }

    /// The last position of the last turn.
    pub fn end(&self) -> Cursor {
        let turn = self.turns.len().saturating_sub(1);
        Cursor { turn, step: self.turns.last().map_or(0, |t| t.record.steps.len()) }
    }

    /// Whether what is looked at is nothing of the past: the last action, or the start where there is none.
    pub fn is_at_last_turn(&self) -> bool {
        self.cursor.turn + 1 >= self.turns.len()
    }

    /// Looks at another position; one outside the history becomes the nearest within.
    pub fn seek(&mut self, to: Cursor) {
        let turn = to.turn.min(self.turns.len().saturating_sub(1));
        let steps = self.turns.get(turn).map_or(0, |t| t.record.steps.len());
        self.cursor = Cursor { turn, step: to.step.min(steps) };
    }

    pub fn turn(&self) -> Option<&Rc<Turn>> {
        self.turns.get(self.cursor.turn)
    }

    /// The step at which one looks.
    pub fn step(&self) -> Option<&Step> {
        let at = self.cursor.step.checked_sub(1)?;
        self.turn()?.record.steps.get(at)
    }

    /// The world before a turn.
    pub fn world_before(&self, turn: usize) -> &World {
        let before = turn.checked_sub(1).and_then(|before| self.turns.get(before));
        before.map_or(&self.start, |before| &before.world)
    }

    /// The world as it was at the position.
    pub fn world_at_cursor(&self) -> &World {
        let Some(turn) = self.turn() else { return &self.start };
        if self.cursor.step >= turn.record.steps.len() {
            return &turn.world;
        }
        self.step()
            .map_or_else(|| self.world_before(self.cursor.turn), |step| step.world.as_deref().unwrap_or(&turn.world))
    }
}
