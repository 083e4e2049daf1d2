//! What was printed, and how much of it is seen from where one looks.

use super::MAX_LINES;
use crate::session::{Cursor, Session, Turn};
use crate::shell::{Mark, Spinner};
use std::ops::Range;
use std::rc::{Rc, Weak};

/// A part of what was printed, and when, if that took virtual time.
#[derive(Clone, Debug)]
pub struct Piece {
    pub text: String,
    clocked: Option<Clocked>,
    /// Whether its command still goes on.
    pub(super) goes_on: bool,
}

/// The turns in which something was printed, which follow each other, and what was seen when.
#[derive(Clone, Debug)]
pub(super) struct Clocked {
    /// Number of the first turn.
    pub first: usize,
    pub turns: Vec<Weak<Turn>>,
    pub marks: Rc<[Mark]>,
    pub waiting: Option<Spinner>,
}

impl Piece {
    pub(super) const fn at_once(text: String) -> Self {
        Self { text, clocked: None, goes_on: false }
    }

    pub(super) const fn clocked(text: String, clocked: Option<Clocked>, goes_on: bool) -> Self {
        Self { text, clocked, goes_on }
    }

    pub(super) const fn is_at_once(&self) -> bool {
        self.clocked.is_none() && !self.goes_on
    }

    /// The marks and the position from which one looks, while that is in one of its turns. At the `end` of a turn no
    /// step of it that is shown follows.
    pub(super) fn from(&self, session: &Session, end: bool) -> Option<(&Clocked, Cursor)> {
        let clocked = self.clocked.as_ref()?;
        let cursor = session.cursor();
        let turn = clocked.turns.get(cursor.turn.checked_sub(clocked.first)?)?.upgrade()?;
        let here = session.turn().is_some_and(|now| Rc::ptr_eq(now, &turn));
        let step = if end { usize::MAX } else { cursor.step };
        here.then_some((clocked, Cursor { step, ..cursor }))
    }

    /// What of it is seen: from where the screen was emptied last up to what is printed later.
    pub fn shown(&self, session: &Session, end: bool) -> Range<usize> {
        let Some(clocked) = &self.clocked else { return 0..self.text.len() };
        let from = self.from(session, end).map(|(_, from)| from);
        let passed = clocked.marks.partition_point(|mark| from.is_none_or(|from| mark.seen <= from));
        let begin = clocked.marks[..passed].iter().rev().find(|mark| mark.clears).map_or(0, |mark| mark.at);
        let until = clocked.marks.get(passed).map_or(self.text.len(), |mark| mark.at);
        begin..until.min(self.text.len())
    }

    /// What turns while nothing of it is seen yet.
    fn waiting(&self, session: &Session, end: bool) -> Option<String> {
        let (clocked, from) = self.from(session, end)?;
        clocked.waiting?;
        let begun = session.world_before(clocked.first).now;
        let steps = &session.turns().get(from.turn)?.record.steps;
        let now = from.step.checked_sub(1).and_then(|last| steps.get(last)).map_or(begun, |step| step.time);
        Some(Spinner::text(now - begun))
    }
}

/// One line that was typed, with what it printed.
#[derive(Clone, Debug)]
pub struct Block {
    /// Counts all blocks of a terminal.
    pub number: u64,
    pub prompt: String,
    pub typed: String,
    pub pieces: Vec<Piece>,
    pub(super) lines: usize,
    /// Lines at its beginning that were too many to keep.
    pub dropped: usize,
}

/// What of a block is seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Of each piece, up to the first that is not whole yet.
    pub pieces: Vec<Range<usize>>,
    /// What stands behind it for a while.
    pub waiting: Option<String>,
    /// Whether there is more to it.
    pub more: bool,
}

impl Block {
    pub(super) fn print(&mut self, piece: Piece) {
        self.lines += piece.text.lines().count();
        match self.pieces.last_mut().filter(|last| last.is_at_once() && piece.is_at_once()) {
            // What took no time is one text.
            Some(last) => last.text += &piece.text,
            None => self.pieces.push(piece),
        }
        self.bound();
    }

    /// Takes away what the command that goes on has printed, to be printed anew.
    pub(super) fn take_back(&mut self) {
        if self.pieces.last().is_some_and(|last| last.goes_on)
            && let Some(piece) = self.pieces.pop()
        {
            self.lines = self.lines.saturating_sub(piece.text.lines().count());
        }
    }

    /// Leaves out the oldest lines where there are too many, and some more, so that not every line has to do it.
    fn bound(&mut self) {
        const AT_ONCE: usize = 1_000;
        if self.lines <= MAX_LINES {
            return;
        }
        let mut excess = self.lines - (MAX_LINES - AT_ONCE);
        self.lines -= excess;
        self.dropped += excess;
        while let Some(first) = self.pieces.first_mut().filter(|_| excess > 0) {
            let lines = first.text.lines().count();
            if lines <= excess {
                excess -= lines;
                self.pieces.remove(0);
                continue;
            }
            let from: usize = first.text.split_inclusive('\n').take(excess).map(str::len).sum();
            *first = Piece::at_once(first.text.split_off(from));
            excess = 0;
        }
    }

    /// What is seen of it from where one looks.
    pub fn seen(&self, session: &Session, end: bool) -> Seen {
        let mut seen = Seen::default();
        for piece in &self.pieces {
            let shown = piece.shown(session, end);
            seen.more = shown.end < piece.text.len();
            seen.waiting = piece.waiting(session, end).filter(|_| seen.more && shown.is_empty());
            seen.pieces.push(shown);
            if seen.more {
                break;
            }
        }
        seen
    }

    /// The text that is seen, piece by piece.
    pub fn shown(&self, session: &Session, end: bool) -> Vec<&str> {
        let seen = self.seen(session, end).pieces;
        self.pieces.iter().zip(seen).map(|(piece, shown)| piece.text.get(shown).unwrap_or_default()).collect()
    }
}
