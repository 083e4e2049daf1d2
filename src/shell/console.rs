//! A terminal as somebody sees it: what was typed and printed, what is still to run, and the line that is not finished.
//! It runs one command at a time, so that whoever draws it can draw in between, and stop it.

use super::parse::{Item, Typed, parse_typed};
use super::{Mark, Output, Script, Shell, Terminal};
use crate::session::{Session, Turn};
use crate::sim::action::Action;
use crate::text::Text;
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

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

/// A part of what was printed, and when, if that took virtual time.
#[derive(Clone, Debug)]
pub struct Piece {
    pub text: String,
    clocked: Option<Clocked>,
}

#[derive(Clone, Debug)]
struct Clocked {
    turn: Weak<Turn>,
    marks: Rc<[Mark]>,
}

impl Piece {
    fn at_once(text: String) -> Self {
        Self { text, clocked: None }
    }

    /// The marks, while somebody looks at the turn in which it was printed and not at its end.
    fn marks(&self, session: &Session, end: bool) -> Option<&[Mark]> {
        let clocked = self.clocked.as_ref().filter(|_| !end)?;
        let turn = clocked.turn.upgrade()?;
        session.turn().is_some_and(|now| Rc::ptr_eq(now, &turn)).then_some(&*clocked.marks)
    }

    /// What was printed up to the step at which one looks; `end` where no step that is shown follows.
    pub fn shown(&self, session: &Session, end: bool) -> &str {
        let to_come = |marks: &[Mark]| marks.iter().find(|mark| mark.steps > session.cursor().step).map(|m| m.at);
        let until = self.marks(session, end).and_then(to_come);
        until.map_or(self.text.as_str(), |until| self.text.get(..until).unwrap_or(&self.text))
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
    lines: usize,
    /// Lines at its beginning that were too many to keep.
    pub dropped: usize,
}

impl Block {
    fn print(&mut self, piece: Piece) {
        self.lines += piece.text.lines().count();
        match self.pieces.last_mut().filter(|last| last.clocked.is_none() && piece.clocked.is_none()) {
            // What took no time is one text.
            Some(last) => last.text += &piece.text,
            None => self.pieces.push(piece),
        }
        self.bound();
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

    /// What is seen of it, piece by piece: up to the first that is not whole yet.
    pub fn shown<'a>(&'a self, session: &'a Session, end: bool) -> impl Iterator<Item = &'a str> {
        let mut whole = true;
        self.pieces.iter().map_while(move |piece| {
            let text = whole.then(|| piece.shown(session, end))?;
            whole = text.len() == piece.text.len();
            Some(text)
        })
    }

    /// Whether there is more to it than is seen.
    pub fn runs(&self, session: &Session, end: bool) -> bool {
        let all: usize = self.pieces.iter().map(|piece| piece.text.len()).sum();
        all > self.shown(session, end).map(str::len).sum()
    }
}

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
    /// Commands of the line that runs.
    running: VecDeque<Item>,
    history: Vec<String>,
}

/// Most lines that are remembered.
pub const MAX_HISTORY: usize = 500;

impl Console {
    pub fn new(text: Text) -> Self {
        Self {
            terminal: Terminal::new(text),
            blocks: VecDeque::new(),
            lines: 0,
            next: 0,
            unfinished: String::new(),
            waiting: VecDeque::new(),
            running: VecDeque::new(),
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

    /// What stands before the cursor: of a command that is not finished, bash's second prompt.
    pub fn prompt(&self) -> String {
        if self.unfinished.is_empty() { self.terminal.prompt() } else { "> ".to_owned() }
    }

    /// Whether something is still to run.
    pub fn is_busy(&self) -> bool {
        !(self.waiting.is_empty() && self.running.is_empty())
    }

    /// Whether what was printed last is not seen whole, because its steps have not happened where one looks.
    pub fn is_stepped(&self, session: &Session, end: bool) -> bool {
        self.blocks.back().is_some_and(|block| block.runs(session, end))
    }

    /// Takes lines that were typed or pasted; each runs in its turn.
    pub fn enter(&mut self, text: &str) {
        self.waiting.extend(text.split('\n').map(|line| line.trim_end_matches('\r').to_owned()));
    }

    /// Does the next thing: begins a line, or runs a command of it.
    pub fn go_on(&mut self, session: &mut Session) {
        if let Some(item) = self.running.pop_front() {
            self.run(session, &item);
        } else if let Some(line) = self.waiting.pop_front() {
            self.begin(session, &line);
        }
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
                self.running.extend(items);
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
        let clears = item.pipeline.iter().any(|c| c.is_named("clear"));
        let Output { mut out, err, .. } = self.with(session, |shell| shell.run_item(item));
        if clears {
            self.clear();
            return;
        }
        let marks: Rc<[Mark]> = self.terminal.marks().into();
        let turn = session.turns().last().filter(|_| !marks.is_empty());
        let clocked = turn.map(|turn| Clocked { turn: Rc::downgrade(turn), marks });
        out += &err;
        if !out.is_empty() {
            self.print(Piece { text: out, clocked });
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
        if !stepped && !self.is_busy() {
            self.open(typed);
        }
        (self.waiting, self.running, self.unfinished) = Default::default();
        self.terminal.status = INTERRUPTED;
        if stepped {
            self.stop(session, end);
        } else {
            self.print(Piece::at_once("^C\n".to_owned()));
        }
    }

    fn stop(&mut self, session: &mut Session, end: bool) {
        let Some(block) = self.blocks.back_mut().map(Rc::make_mut) else { return };
        let whole = block.shown(session, end).count().saturating_sub(1);
        block.pieces.truncate(whole + 1);
        let Some(piece) = block.pieces.last_mut() else { return };
        let step = session.cursor().step;
        let so_far = piece.marks(session, end).unwrap_or_default().iter().rev().find(|mark| mark.steps <= step);
        let stopped = so_far.and_then(|mark| mark.stopped.clone());
        let mut text = piece.shown(session, end).to_owned() + "^C";
        if let Some(stopped) = stopped {
            text += &stopped.text;
            send_no_more(session, stopped.sent);
        } else {
            text.push('\n');
        }
        *piece = Piece::at_once(text);
    }

    /// Ctrl-L.
    pub fn clear(&mut self) {
        self.blocks.clear();
        self.lines = 0;
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
    let newest = session.cursor().turn + 1 == session.turns().len();
    if sent < count && newest && session.undo() {
        // The same packets as before, up to that one.
        let _ = session.act(Action::Send { from, to, probe, count: sent.max(1) });
        session.seek(session.end());
    }
}
