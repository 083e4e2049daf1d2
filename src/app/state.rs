//! The one store of the app: the session, where one looks, and what was refused.

use crate::session::{Cursor, Session};
use crate::sim::action::Action;
use crate::sim::action::error::ActionError;
use crate::sim::record::Step;
use crate::view::line::{Detail, line};
use crate::view::target::Target;
use std::rc::Rc;
use yew::{Reducible, UseReducerHandle};

/// What every screen shows.
#[derive(Clone, Debug)]
pub struct State {
    pub session: Session,
    pub detail: Detail,
    /// The steps that Next and Back walk, positions in the record of the turn at the cursor.
    pub line: Rc<Vec<usize>>,
    /// What is outlined and open in the inspector, when a person picked something.
    pub selection: Option<Target>,
    /// How large the drawing is, as a place in `ZOOMS`.
    pub zoom: usize,
    /// Whether steps follow by themselves. Whatever else moves or changes something ends it.
    pub playing: bool,
    /// The last action that was refused, until it is dismissed or another succeeds.
    pub refused: Option<Rc<Refused>>,
    /// What another session took the place of, until something is done with that one.
    pub replaced: Option<Rc<Session>>,
    /// Counts changes of the session, so that components compare cheaply.
    pub revision: u64,
}

/// Sizes of the drawing: the first shows all of it. `lab.css` has a rule for each of the others.
pub const ZOOMS: [&str; 4] = ["1×", "1.5×", "2×", "3×"];

/// An action that was refused, and why.
pub type Refused = (Action, ActionError);

/// What is done; it tells the first action that was refused.
pub type With = dyn Fn(&mut Session) -> Result<(), Rc<Refused>>;

/// Something that is done with the session in one go, such as the actions of a form or a command of a terminal. Whoever
/// sends it brings the code along, so that the first screen needs none of it (`split`).
#[derive(Clone)]
pub struct Run {
    pub with: Rc<With>,
    pub then: Then,
}

/// Where one looks after something was done.
#[derive(Clone, Copy, Debug)]
pub enum Then {
    /// Where it left one.
    Stay,
    /// At the end of what it did.
    End,
    /// At the start of a packet's way, at the end of all else.
    Open,
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Run")
    }
}

/// What can be done to the store.
#[derive(Clone, Debug)]
pub enum Msg {
    Run(Run),
    Undo,
    Redo,
    /// One step of the line forward or back; at the ends of a turn on to the next or previous turn is not implied.
    Next,
    Back,
    First,
    Last,
    /// Begins to play, at the end from the start, or ends it.
    Play,
    /// A step while playing.
    Tick,
    Seek(Cursor),
    Detail(Detail),
    Select(Option<Target>),
    Dismiss,
    /// The next size of the drawing; after the greatest the first.
    Zoom,
    /// Another session takes the place of this one.
    Replace(Box<Session>),
}

pub type Store = UseReducerHandle<State>;

impl State {
    pub fn new(session: Session) -> Self {
        let mut state = Self {
            session,
            detail: Detail::default(),
            line: Rc::default(),
            selection: None,
            zoom: 0,
            playing: false,
            refused: None,
            replaced: None,
            revision: 0,
        };
        state.relayout();
        state
    }

    fn relayout(&mut self) {
        self.line = Rc::new(self.session.turn().map_or_else(Vec::new, |turn| line(turn, self.detail)));
        self.revision += 1;
    }

    /// Number of steps of the line at or before the cursor: 0 before the first.
    pub fn line_position(&self) -> usize {
        let at = self.session.cursor().step;
        self.line.partition_point(|&step| step < at)
    }

    /// The step that is told: the last of the line at or before the cursor, which may be at none of its steps.
    pub fn step(&self) -> Option<&Step> {
        let index = self.line_position().checked_sub(1)?;
        self.session.turn()?.record.steps.get(*self.line.get(index)?)
    }

    /// Looks at the `n`th step of the line (from 1), or before the first (0).
    fn go(&mut self, n: usize) {
        let turn = self.session.cursor().turn;
        let step = n.checked_sub(1).and_then(|i| self.line.get(i)).map_or(0, |step| step + 1);
        self.session.seek(Cursor { turn, step });
        self.revision += 1;
    }

    /// A packet is followed from its start, and its steps take the place of what was picked; of all else one wants to
    /// see what came of it.
    fn open_turn(&mut self) {
        let Some(turn) = self.session.turn() else { return };
        if turn.record.probes().next().is_some() {
            self.selection = None;
        } else {
            self.session.seek(self.session.end());
            self.revision += 1;
        }
    }

    fn run(&mut self, run: &Run) {
        let mark = |session: &Session| (session.turns().len(), session.turns().last().map(Rc::as_ptr));
        let before = mark(&self.session);
        let refused = (run.with)(&mut self.session).err();
        let changed = mark(&self.session) != before;
        if changed || refused.is_some() {
            self.refused = refused;
        }
        // What is refused leaves everything where it was.
        if !changed {
            return;
        }
        self.replaced = None;
        self.relayout();
        match run.then {
            Then::Stay => {}
            Then::End => self.go(self.line.len()),
            Then::Open => self.open_turn(),
        }
    }

    /// Whether no step of the line follows.
    pub fn at_end(&self) -> bool {
        self.line_position() >= self.line.len()
    }

    fn apply(&mut self, msg: Msg) {
        let plays_on =
            matches!(msg, Msg::Play | Msg::Tick | Msg::Detail(_) | Msg::Select(_) | Msg::Dismiss | Msg::Zoom);
        self.playing &= plays_on;
        match msg {
            Msg::Run(run) => self.run(&run),
            Msg::Undo => {
                self.session.undo();
                self.relayout();
            }
            Msg::Redo => {
                self.session.redo();
                self.relayout();
            }
            Msg::Next => self.go((self.line_position() + 1).min(self.line.len())),
            Msg::Back => self.go(self.line_position().saturating_sub(1)),
            Msg::First => self.go(0),
            Msg::Last => self.go(self.line.len()),
            Msg::Play if self.playing => {
                self.playing = false;
                self.revision += 1;
            }
            Msg::Tick if !self.playing => {}
            Msg::Play | Msg::Tick => {
                self.go(if self.at_end() { 0 } else { self.line_position() + 1 });
                self.playing = !self.at_end();
            }
            Msg::Seek(cursor) => {
                self.session.seek(cursor);
                self.relayout();
            }
            Msg::Detail(detail) => {
                self.detail = detail;
                self.relayout();
            }
            Msg::Select(target) => self.selection = target,
            Msg::Dismiss => self.refused = None,
            Msg::Zoom => self.zoom = (self.zoom + 1) % ZOOMS.len(),
            Msg::Replace(session) => {
                let revision = self.revision + 1;
                let before = std::mem::replace(self, State::new(*session));
                self.replaced = (!before.session.turns().is_empty()).then(|| Rc::new(before.session));
                (self.detail, self.zoom) = (before.detail, before.zoom);
                self.relayout();
                self.revision = revision;
            }
        }
    }
}

impl PartialEq for State {
    /// Whether both show the same: every change of the session raises the revision.
    fn eq(&self, other: &Self) -> bool {
        let same_refusal = match (&self.refused, &other.refused) {
            (None, None) => true,
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            _ => false,
        };
        let same_view = (self.selection, self.zoom) == (other.selection, other.zoom);
        self.revision == other.revision && same_view && same_refusal
    }
}

impl Reducible for State {
    type Action = Msg;

    fn reduce(self: Rc<Self>, msg: Msg) -> Rc<Self> {
        let mut next = (*self).clone();
        next.apply(msg);
        Rc::new(next)
    }
}
