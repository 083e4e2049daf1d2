//! Commands that go on printing while virtual time passes: each says of a turn what it prints and at which step of it.
//! Those that only look on are told every turn, whoever did it; the one that acts itself does its next action when what
//! it printed has been seen. In a terminal that somebody looks at they run until they end or Ctrl-C; in a script they
//! run as long as anything is under way.

use super::kubectl::Rows;
use super::linux::conntrack::Events;
use super::linux::tcpdump::Capture;
use super::linux::traceroute::Hops;
use super::linux::watch::Watch;
use super::{Mark, Output, Shell, Stopped, Terminal};
use crate::session::{Cursor, Session, Turn};
use crate::sim::action::Action;
use crate::sim::time::Time;
use crate::sim::world::World;
use std::rc::{Rc, Weak};

/// A command that goes on.
#[derive(Clone, Debug)]
pub(super) enum Follow {
    Capture(Capture),
    Events(Events),
    Watch(Watch),
    Rows(Box<Rows>),
    Hops(Hops),
}

/// A turn that has happened, as a command is told of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Happened<'a> {
    /// The terminal of the command.
    pub terminal: &'a Terminal,
    pub session: &'a Session,
    /// Number of the turn in the session.
    pub number: usize,
    pub turn: &'a Turn,
}

/// What a command prints at a step.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// Steps of the turn that have happened then.
    pub steps: usize,
    pub text: String,
    /// Whether the screen is emptied before.
    pub clears: bool,
    /// Its end, where it is stopped after this.
    pub stopped: Option<Stopped>,
}

/// What a command prints in a turn, and its exit status where it ends by itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub parts: Vec<Part>,
    pub over: Option<u8>,
}

impl Happened<'_> {
    /// Steps of its record.
    pub(super) const fn steps(&self) -> usize {
        self.turn.record.steps.len()
    }

    /// The world after so many steps of the turn.
    pub(super) fn world(&self, steps: usize) -> &World {
        let record = &self.turn.record;
        if steps >= self.steps() && !record.is_cut() {
            return &self.turn.world;
        }
        match steps.checked_sub(1).and_then(|last| record.steps.get(last)) {
            Some(step) => step.world.as_deref().unwrap_or(&self.turn.world),
            None => self.session.world_before(self.number),
        }
    }

    /// A shell of the command's terminal at this moment, where nothing has happened that comes later. The record of the
    /// turn itself is there only if it was `heard`.
    pub(super) fn as_of(&self, steps: usize, now: Time, heard: bool) -> Shell {
        let mut world = self.world(steps).clone();
        world.now = now;
        let record = self.turn.record.until(if heard { steps } else { 0 });
        self.terminal.clone().on(self.session.as_of(self.number, record, world))
    }
}

impl Follow {
    fn told(&mut self, happened: Happened<'_>) -> Told {
        match self {
            Self::Capture(capture) => capture.told(happened),
            Self::Events(events) => events.told(happened),
            Self::Watch(watch) => watch.told(happened),
            Self::Rows(rows) => rows.told(happened),
            Self::Hops(hops) => hops.told(happened),
        }
    }

    /// The end of a command that is stopped before anything was printed.
    fn stopped(&self) -> Option<Stopped> {
        match self {
            Self::Capture(capture) => Some(capture.stopped()),
            Self::Events(events) => Some(events.stopped()),
            Self::Watch(_) | Self::Rows(_) | Self::Hops(_) => None,
        }
    }

    /// Does the next action of a command that acts; `None` for one that only looks on.
    fn act(&mut self, shell: &mut Shell) -> Option<Result<(), Output>> {
        match self {
            Self::Hops(hops) => Some(hops.act(shell)),
            Self::Capture(_) | Self::Events(_) | Self::Watch(_) | Self::Rows(_) => None,
        }
    }
}

/// A command that goes on, with what it has printed.
#[derive(Clone, Debug)]
pub(super) struct Following {
    /// As it began: where turns are taken back, it is told anew what has happened instead.
    begun: Follow,
    now: Follow,
    head: String,
    /// Turns that were done when it began.
    since: usize,
    /// The turns that it was told of.
    pub turns: Vec<Weak<Turn>>,
    pub text: String,
    pub marks: Vec<Mark>,
    /// Its exit status, once it has ended.
    pub over: Option<u8>,
    /// What stands behind it in a pipe.
    through: Vec<Vec<String>>,
    raw: String,
    muted: bool,
}

impl Following {
    fn new(follow: Follow, head: String, session: &Session) -> Self {
        let mut following = Self {
            begun: follow.clone(),
            now: follow,
            head,
            since: session.turns().len(),
            turns: Vec::new(),
            text: String::new(),
            marks: Vec::new(),
            over: None,
            through: Vec::new(),
            raw: String::new(),
            muted: false,
        };
        following.text.clone_from(&following.head);
        following
    }

    /// Begins as it began.
    fn begin(&mut self, terminal: &Terminal, session: &Session) {
        self.now = self.begun.clone();
        (self.turns, self.marks, self.text, self.over) = Default::default();
        self.raw.clone_from(&self.head);
        if !self.muted {
            self.text = if self.through.is_empty() { self.head.clone() } else { self.more(terminal, session) };
        }
    }

    /// Number of the first turn that it is told of.
    pub(super) const fn since(&self) -> usize {
        self.since
    }

    /// Sends what it prints through the commands of a pipe.
    pub(super) fn pipe(&mut self, terminal: &Terminal, session: &Session, through: Vec<Vec<String>>) {
        self.through = through;
        self.begin(terminal, session);
    }

    /// Throws away what it prints.
    pub(super) fn mute(&mut self) {
        self.muted = true;
        self.text.clear();
    }

    /// Forgets what was printed: the screen was emptied.
    pub(super) fn forget(&mut self) {
        self.text.clear();
        self.marks.clear();
    }

    /// Whether it acts itself.
    pub(super) const fn acts(&self) -> bool {
        matches!(self.now, Follow::Hops(_))
    }

    /// Does its next action. What goes wrong ends it.
    pub(super) fn act(&mut self, shell: &mut Shell) -> bool {
        let since = shell.session.turns().len();
        match self.now.act(shell) {
            None => return false,
            Some(Ok(())) => {
                if self.turns.is_empty() {
                    self.since = since;
                }
            }
            Some(Err(output)) => {
                self.text += &output.out;
                self.text += &output.err;
                self.over = Some(output.status);
            }
        }
        true
    }

    /// Tells it of all turns that it was not told of; whether there were any.
    pub(super) fn look(&mut self, terminal: &Terminal, session: &Session) -> bool {
        if self.over.is_some() {
            return false;
        }
        let all = session.turns();
        let same = |(was, is): (&Weak<Turn>, &Rc<Turn>)| was.upgrade().is_some_and(|was| Rc::ptr_eq(&was, is));
        let own = all.get(self.since..).unwrap_or_default();
        let held = own.len() >= self.turns.len() && self.turns.iter().zip(own).all(same) && all.len() >= self.since;
        if !held && !self.acts() {
            self.since = self.since.min(all.len());
            self.begin(terminal, session);
        }
        let next = self.since + self.turns.len();
        for (number, turn) in all.iter().enumerate().skip(next) {
            self.turns.push(Rc::downgrade(turn));
            self.tell(Happened { terminal, session, number, turn });
            if self.over.is_some() {
                break;
            }
        }
        !held || all.len() > next
    }

    fn tell(&mut self, happened: Happened<'_>) {
        /// Above these, what is printed goes through the pipe in one go.
        const MANY: (usize, usize) = (200, 1 << 16);
        let Told { parts, over } = self.now.told(happened);
        let one_by_one = parts.len() < MANY.0 && self.raw.len() < MANY.1;
        let last = parts.len().saturating_sub(1);
        self.over = over;
        for (at, part) in parts.into_iter().enumerate() {
            let seen = Cursor { turn: happened.number, step: part.steps };
            self.marks.push(Mark { at: self.text.len(), seen, stopped: part.stopped, clears: part.clears });
            if self.through.is_empty() {
                self.text += if self.muted { "" } else { &part.text };
                continue;
            }
            self.raw += &part.text;
            if one_by_one || at == last {
                self.text += &self.more(happened.terminal, happened.session);
            }
        }
    }

    /// What comes out of the pipe anew. Commands that need the end of their input wait for it.
    fn more(&self, terminal: &Terminal, session: &Session) -> String {
        const AT_ONCE: [&str; 8] = ["grep", "egrep", "cut", "tr", "awk", "sed", "head", "cat"];
        let waits = |words: &Vec<String>| !words.first().is_some_and(|name| AT_ONCE.contains(&name.as_str()));
        if self.over.is_none() && self.through.iter().any(waits) {
            return String::new();
        }
        let mut shell = terminal.clone().on(session.clone());
        let mut text = self.raw.clone();
        for words in &self.through {
            let Some((name, rest)) = words.split_first() else { return String::new() };
            text = shell.command(name, rest, &text, true).out;
        }
        text.strip_prefix(self.text.as_str()).unwrap_or_default().to_owned()
    }

    /// Its end, where it is stopped when one looks from a position.
    pub(super) fn stopped(&self, from: Option<Cursor>) -> Option<Stopped> {
        let passed = self.marks.iter().rev().find(|mark| from.is_none_or(|from| mark.seen <= from));
        let stopped = passed.map_or_else(|| self.begun.stopped(), |mark| mark.stopped.clone());
        stopped.filter(|_| self.through.is_empty())
    }
}

impl Shell {
    /// Lets a command go on. `err` is what it says at once, `head` what it prints before anything happens.
    pub(super) fn follow(&mut self, err: String, head: String, follow: Follow) -> Output {
        let mut following = Following::new(follow, head, &self.session);
        if self.own.live {
            self.own.following = Some(following);
            return Output { err, ..Output::default() };
        }
        while following.over.is_none() && following.act(self) {
            following.look(&self.own, &self.session);
        }
        if following.over.is_none() {
            self.let_pass();
            following.look(&self.own, &self.session);
        }
        self.own.marks.clone_from(&following.marks);
        let (mut err, mut status) = (err, following.over.unwrap_or_default());
        if following.over.is_none() {
            err += &following.stopped(None).map_or_else(String::new, |stopped| stopped.text);
            status = if self.own.deadline.is_some() { TIMED_OUT } else { 0 };
        }
        Output { out: following.text, err, status }
    }

    /// Lets the time of `timeout` pass, or all that is under way happen.
    fn let_pass(&mut self) {
        let queue = &self.session.world().queue;
        let action = match self.own.deadline {
            Some(ms) => Action::Wait { ms },
            None if queue.has_traffic() || queue.has_control() => Action::Settle,
            None => return,
        };
        // What never settles has happened as far as it was recorded.
        let _ = self.act(action);
    }
}

/// Exit status of `timeout` for a command that it has ended. Source: GNU coreutils `timeout`.
pub(super) const TIMED_OUT: u8 = 124;
