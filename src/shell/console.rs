//! A terminal as somebody sees it: what was typed and printed, what is still to run, and the line that is not finished.
//! It runs one command at a time, so that whoever draws it can draw in between, and stop it.

mod parts;
mod piece;

use super::follow::Following;
use super::parse::{Item, Typed, parse_typed};
use super::{Mark, Output, Script, Shell, Stopped, Terminal};
use crate::session::Session;
use crate::sim::action::Action;
use crate::sim::engine::probe::Probe;
use crate::text::Text;
use parts::Work;
use piece::Clocked;
pub use piece::{Block, Piece, Seen};
use std::collections::VecDeque;
use std::rc::Rc;

/// Most lines that are kept on the screen, and most that were typed one after the other.
pub const MAX_LINES: usize = 12_000;
const MAX_BLOCKS: usize = 1_000;
/// Longest text of one line on the screen, in bytes.
const MAX_TYPED: usize = 4_096;
/// Longest line of what is printed, in bytes.
const MAX_LINE: usize = 1 << 16;
/// Most lines and bytes of one command that is not finished.
const MAX_UNFINISHED_LINES: usize = 1_000;
const MAX_UNFINISHED: usize = 1 << 16;
const INTERRUPTED: u8 = 130;

/// A terminal with its screen.
#[derive(Debug)]
pub struct Console {
    terminal: Terminal,
    blocks: VecDeque<Rc<Block>>,
    lines: usize,
    next: u64,
    unfinished: String,
    /// Lines that were typed or pasted and are not run yet.
    waiting: VecDeque<String>,
    /// What is left of the line that runs.
    running: VecDeque<Work>,
    /// The command that goes on, with the block where it prints.
    following: Option<(Following, u64)>,
    history: Vec<String>,
}

/// Most lines that are remembered.
pub const MAX_HISTORY: usize = 500;

impl Console {
    pub fn new(text: Text) -> Self {
        Self {
            terminal: Terminal { live: true, ..Terminal::new(text) },
            blocks: VecDeque::new(),
            lines: 0,
            next: 0,
            unfinished: String::new(),
            waiting: VecDeque::new(),
            running: VecDeque::new(),
            following: None,
            history: Vec::new(),
        }
    }

    /// What is on the screen, oldest first.
    pub fn blocks(&self) -> impl DoubleEndedIterator<Item = &Rc<Block>> {
        self.blocks.iter()
    }

    pub const fn terminal(&self) -> &Terminal {
        &self.terminal
    }

    /// Lines that were typed, oldest first.
    pub fn history(&self) -> &[String] {
        &self.history
    }

    /// Puts lines that were typed at another time before all others.
    pub fn remember(&mut self, lines: Vec<String>) {
        self.history.splice(0..0, lines);
    }

    /// What stands before the cursor: of a command that is not finished, bash's second prompt; nothing while a command
    /// goes on.
    pub fn prompt(&self) -> String {
        if self.following.is_some() {
            return String::new();
        }
        if self.unfinished.is_empty() { self.terminal.prompt() } else { "> ".to_owned() }
    }

    /// Whether something is still to run that can run now.
    pub fn is_busy(&self) -> bool {
        match &self.following {
            Some((following, _)) => following.acts(),
            None => !(self.waiting.is_empty() && self.running.is_empty()),
        }
    }

    /// Whether a command looks on until it is stopped.
    pub fn looks_on(&self) -> bool {
        self.following.as_ref().is_some_and(|(following, _)| !following.acts())
    }

    /// Whether what was printed last is not seen whole, because its steps have not happened where one looks.
    pub fn is_stepped(&self, session: &Session, end: bool) -> bool {
        self.blocks.back().is_some_and(|block| block.seen(session, end).more)
    }

    /// Takes lines that were typed or pasted; each runs in its turn.
    pub fn enter(&mut self, text: &str) {
        self.waiting.extend(text.split('\n').map(|line| line.trim_end_matches('\r').to_owned()));
    }

    /// Does the next thing: begins a line, or runs a command of it.
    pub fn go_on(&mut self, session: &mut Session) {
        if let Some((mut following, block)) = self.following.take() {
            self.with(session, |shell| following.act(shell));
            self.following = Some((following, block));
            self.look(session);
        } else if let Some(work) = self.running.pop_front() {
            self.work(session, work);
        } else if let Some(line) = self.waiting.pop_front() {
            self.begin(session, &line);
        }
    }

    /// Lets the command that goes on print what has happened since; whether it did.
    pub fn look(&mut self, session: &Session) -> bool {
        let Some((mut following, number)) = self.following.take() else { return false };
        let ended = following.over.is_some();
        if !following.look(&self.terminal, session) && !ended {
            self.following = Some((following, number));
            return false;
        }
        self.show(following, number);
        true
    }

    /// Prints anew what a command that goes on has printed.
    fn show(&mut self, following: Following, number: u64) {
        let (first, turns) = (following.since(), following.turns.clone());
        let marks: Rc<[Mark]> = following.marks.clone().into();
        let clocked = (!turns.is_empty()).then_some(Clocked { first, turns, marks, waiting: None });
        let piece = Piece::clocked(following.text.clone(), clocked, following.over.is_none());
        let Some(block) = self.blocks.iter_mut().rev().find(|block| block.number == number) else { return };
        let block = Rc::make_mut(block);
        self.lines -= block.lines;
        block.take_back();
        block.print(piece);
        self.lines += block.lines;
        match following.over {
            Some(status) => self.terminal.status = status,
            None => self.following = Some((following, number)),
        }
        self.bound();
    }

    fn begin(&mut self, session: &mut Session, line: &str) {
        let closed = self.with(session, Shell::close_lost);
        if !closed.is_empty() {
            self.print(Piece::at_once(closed));
        }
        self.open(line);
        self.keep(line);
        if !self.unfinished.is_empty() {
            self.unfinished.push('\n');
        }
        self.unfinished += line;
        match parse_typed(&self.unfinished) {
            Ok(Typed::Whole(Script(items))) => {
                self.unfinished.clear();
                self.running.extend(items.into_iter().map(Work::Item));
            }
            Ok(Typed::Unfinished) if self.is_too_long() => self.abandon("bash: Argument list too long\n"),
            Ok(Typed::Unfinished) => {}
            Err(error) => self.abandon(&format!("{}\n", error.text())),
        }
    }

    fn is_too_long(&self) -> bool {
        self.unfinished.len() > MAX_UNFINISHED || self.unfinished.lines().count() > MAX_UNFINISHED_LINES
    }

    /// Says why a line is not run. What was pasted behind a line that is not finished was meant to be part of it.
    fn abandon(&mut self, why: &str) {
        if self.unfinished.len() > MAX_UNFINISHED || self.unfinished.contains('\n') {
            self.waiting.clear();
        }
        self.unfinished.clear();
        self.terminal.status = 2;
        self.print(Piece::at_once(why.to_owned()));
    }

    fn run(&mut self, session: &mut Session, item: &Item) {
        let clears = item.is_named("clear");
        let first = session.turns().len();
        let Output { mut out, err, .. } = self.with(session, |shell| shell.run_item(item));
        if let Some(leave) = self.terminal.leaving.take() {
            self.left(leave);
        }
        if clears {
            self.clear();
            return;
        }
        let marks: Rc<[Mark]> = self.terminal.marks().into();
        let turns: Vec<_> = session.turns().iter().skip(first).map(Rc::downgrade).collect();
        let waiting = self.terminal.waiting.take();
        let clocked = (!turns.is_empty() && !marks.is_empty()).then_some(Clocked { first, turns, marks, waiting });
        // What a terminal is told of a command that goes on comes before what it prints then.
        let following = self.terminal.following.take();
        let first = self.terminal.says_first() && clocked.is_none();
        out = if following.is_some() || first { err + &out } else { out + &err };
        if !out.is_empty() {
            self.print(Piece::clocked(out, clocked, false));
        }
        if let (Some(following), Some(block)) = (following, self.blocks.back()) {
            let number = block.number;
            self.show(following, number);
        }
    }

    /// Hands the terminal the session for as long as something runs.
    fn with<T>(&mut self, session: &mut Session, run: impl FnOnce(&mut Shell) -> T) -> T {
        let mut shell = self.terminal.clone().on(session.clone());
        let result = run(&mut shell);
        (self.terminal, *session) = shell.off();
        result
    }

    /// Ctrl-C: drops what is typed, what is not finished and what waits; of what is being stepped through, only the
    /// part stays that has happened, with its statistics.
    pub fn interrupt(&mut self, session: &mut Session, typed: &str, end: bool) {
        let stepped = self.is_stepped(session, end);
        let following = self.following.take();
        if !stepped && following.is_none() && !self.is_busy() {
            self.open(typed);
        }
        (self.waiting, self.running, self.unfinished) = Default::default();
        self.end_parts();
        self.terminal.status = INTERRUPTED;
        match following {
            Some((following, number)) => self.stop(session, end, Some((&following, number))),
            None if stepped => self.stop(session, end, None),
            None => self.print(Piece::at_once("^C\n".to_owned())),
        }
    }

    /// Ends a command with what it has printed up to where one looks.
    fn stop(&mut self, session: &mut Session, end: bool, following: Option<(&Following, u64)>) {
        let number = following.map(|(_, number)| number);
        let own = |block: &&mut Rc<Block>| number.is_none_or(|number| block.number == number);
        let Some(block) = self.blocks.iter_mut().rev().find(own).map(Rc::make_mut) else { return };
        let whole = block.seen(session, end).pieces.len();
        block.pieces.truncate(whole);
        let Some(piece) = block.pieces.last_mut() else { return };
        let from = piece.from(session, end);
        let stopped = match (following, from) {
            (Some((following, _)), from) => following.stopped(from.map(|(_, from)| from)),
            (None, Some((clocked, from))) => {
                clocked.marks.iter().rev().find(|mark| mark.seen <= from).and_then(|mark| mark.stopped.clone())
            }
            (None, None) => None,
        };
        let mut text = piece.text.get(piece.shown(session, end)).unwrap_or_default().to_owned() + "^C";
        let Stopped { sent, text: end, status } =
            stopped.unwrap_or_else(|| Stopped { sent: None, text: "\n".to_owned(), status: INTERRUPTED });
        text += &end;
        *piece = Piece::at_once(text);
        self.terminal.status = status;
        if let Some(sent) = sent {
            send_no_more(session, sent);
        }
    }

    /// Ctrl-L.
    pub fn clear(&mut self) {
        self.blocks.clear();
        self.lines = 0;
        if let Some((mut following, _)) = self.following.take() {
            following.forget();
            self.open("");
            self.following = self.blocks.back().map(|block| (following, block.number));
        }
    }

    /// Prints a line with something that was not a command, such as what a Tab may become.
    pub fn tell(&mut self, typed: &str, words: String) {
        self.open(typed);
        self.print(Piece::at_once(words));
    }

    fn open(&mut self, typed: &str) {
        let mut shown = typed.to_owned();
        if shown.len() > MAX_TYPED {
            shown.truncate(shown.floor_char_boundary(MAX_TYPED));
            shown.push('…');
        }
        let (prompt, pieces) = (self.prompt(), Vec::new());
        let block = Block { number: self.next, prompt, typed: shown, pieces, lines: 1, dropped: 0 };
        self.next += 1;
        self.lines += 1;
        self.blocks.push_back(Rc::new(block));
        self.bound();
    }

    fn print(&mut self, mut piece: Piece) {
        if self.blocks.is_empty() {
            self.open("");
        }
        let Some(block) = self.blocks.back_mut().map(Rc::make_mut) else { return };
        if piece.text.len() > MAX_LINE && piece.text.lines().any(|line| line.len() > MAX_LINE) {
            let cut = |line: &str| format!("{}\n", &line[..line.floor_char_boundary(MAX_LINE)]);
            piece = Piece::at_once(piece.text.lines().map(cut).collect());
        }
        self.lines -= block.lines;
        block.print(piece);
        self.lines += block.lines;
        self.bound();
    }

    fn bound(&mut self) {
        while self.blocks.len() > 1 && (self.lines > MAX_LINES || self.blocks.len() > MAX_BLOCKS) {
            let gone = self.blocks.pop_front().map_or(0, |block| block.lines);
            self.lines -= gone;
        }
    }

    fn keep(&mut self, line: &str) {
        let again = self.history.last().is_some_and(|last| last == line);
        if again || line.trim().is_empty() || line.len() > MAX_TYPED {
            return;
        }
        self.history.push(line.to_owned());
        let too_many = self.history.len().saturating_sub(MAX_HISTORY);
        self.history.drain(..too_many);
    }
}

/// Takes back what a command that was stopped would still have sent: the session holds what happened.
fn send_no_more(session: &mut Session, sent: u16) {
    let Some(Action::Send { from, to, probe, count }) = session.turns().last().map(|turn| turn.action.clone()) else {
        return;
    };
    let newest = session.is_at_last_turn();
    if newest && (sent < count || probe.wait_ms.is_some()) {
        // The same packets as before, up to that one.
        let probe = Probe { wait_ms: None, ..probe };
        let _ = session.replace_last(Action::Send { from, to, probe, count: sent.max(1) });
        session.seek(session.end());
    }
}
