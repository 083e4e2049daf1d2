//! The terminal: what is typed acts on the simulated cluster through the same actions as forms and drawing, and prints
//! what the real tools print, from the state of the simulation.

#![expect(
    clippy::format_push_string,
    clippy::format_collect,
    reason = "lines of a terminal are few and short: made where they are added, they are easier to read"
)]

mod arithmetic;
mod array;
mod az;
mod builtin;
pub mod catalog;
mod chroot;
pub mod complete;
mod compound;
mod condition;
pub mod console;
mod crictl;
mod expand;
mod files;
mod filters;
mod follow;
mod format;
mod frame_line;
mod function;
mod json;
mod jsonpath;
mod kubectl;
mod line;
mod linux;
mod parameter;
pub mod parse;
mod pattern;
mod place;
mod print;
mod run;
mod table;
mod unknown;
mod variables;

use crate::session::{Cursor, Session, Turn};
use crate::sim::action::error::ActionError;
use crate::sim::action::{Action, MAX_WAIT_MS};
use crate::sim::engine::probe::Probe;
use crate::sim::host::Host;
use crate::sim::ids::HostId;

use crate::sim::time::Span;
use crate::text::{Text, error};
use follow::Following;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use frame_line::frame_line;
use function::{Function, Locals};
use linux::tcpdump::Capture;
use parse::Script;
use place::{After, Place};
use std::rc::{Rc, Weak};
use variables::BEGUN_WITH;

/// What a command printed, and how it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    pub out: String,
    pub err: String,
    /// Exit status; 0 for success.
    pub status: u8,
}

impl Output {
    pub(crate) fn ok(out: impl Into<String>) -> Self {
        Self { out: out.into(), err: String::new(), status: 0 }
    }

    pub(crate) fn fail(status: u8, err: impl Into<String>) -> Self {
        let mut err: String = err.into();
        if !err.is_empty() && !err.ends_with('\n') {
            err.push('\n');
        }
        Self { out: String::new(), err, status }
    }
}

/// Where commands are typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// The learner's own machine, with `az` and `kubectl`.
    Workstation,
    /// The debug container on a node: the node's network, its files under `/host`.
    Node(HostId),
    /// A pod's container.
    Pod(HostId),
}

impl Context {
    pub(crate) const fn host(self) -> Option<HostId> {
        match self {
            Context::Workstation => None,
            Context::Node(host) | Context::Pod(host) => Some(host),
        }
    }
}

/// From a byte of a command's output on: what is printed once a step of the record has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub at: usize,
    pub seen: Cursor,
    /// What the command prints when it is stopped after this mark and before the next.
    pub stopped: Option<Stopped>,
    /// Whether the screen is emptied before.
    pub clears: bool,
}

/// The end of a command that is stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// Packets that it had sent, where it is the one that sent.
    pub sent: Option<u16>,
    /// Its statistics.
    pub text: String,
    /// Its exit status.
    pub status: u8,
}

/// What `az` shows at a terminal while it waits: it turns, and is gone when there is something to print.
/// Source: xolox/python-humanfriendly `humanfriendly/terminal/spinners.py`; Azure/azure-cli-core `commands/progress.py`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spinner;

impl Spinner {
    /// The line after so long.
    pub(crate) fn text(waited: Span) -> String {
        const SIGNS: [char; 4] = ['-', '\\', '|', '/'];
        let turns = usize::try_from(waited.as_millis() / 1000).unwrap_or(0);
        format!(" {} Running .. ", SIGNS[turns % SIGNS.len()])
    }
}

/// A capture that runs in the background.
#[derive(Clone, Debug)]
struct Job {
    number: usize,
    command: String,
    capture: Capture,
    /// Turns that were done when it began.
    since: usize,
}

/// What a terminal keeps between its commands. The session is not among it: every terminal of a sitting, the forms and
/// the drawing share one, which a terminal is handed for as long as a command runs.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Terminal {
    pub(crate) vars: Vec<(String, String)>,
    arrays: Vec<(String, array::Array)>,
    /// Names of the variables that other programs see.
    exported: Vec<String>,
    places: Vec<Place>,
    jobs: Vec<Job>,
    next_job: usize,
    status: u8,
    depth: usize,
    /// Commands that run in another's place, such as those of `kubectl exec`.
    nested: usize,
    /// When the output of the last command was printed, where that took time.
    marks: Vec<Mark>,
    /// What is shown while a command has nothing to print yet.
    waiting: Option<Spinner>,
    /// Whether somebody looks at it, who can stop what goes on for ever.
    live: bool,
    /// Virtual milliseconds after which a command ends that goes on for ever.
    deadline: Option<u64>,
    /// The command that goes on.
    following: Option<Following>,
    /// Files that were written, by place and path.
    written: Vec<((String, String), String)>,
    aliases: Vec<(String, String)>,
    functions: Vec<Function>,
    /// `$1` and those after it, and what is local to each function that runs.
    arguments: Vec<String>,
    calls: Vec<Locals>,
    /// What `read` reads in a loop behind a pipe.
    stdin: Option<String>,
    /// Loops that run, their rounds so far, and what leaves them.
    loops: usize,
    rounds: usize,
    leaving: Option<run::Leave>,
    /// `set -u`
    unset_is_wrong: bool,
    /// Whether a loop or a condition is run part by part by who draws the screen.
    in_parts: bool,
    /// What is wrong with the words of the running command and the status that it gives, and what its substitutions said.
    complaint: Option<(u8, String)>,
    said: String,
    /// Whether what a command says of itself stands before what it prints.
    says_first: bool,
    /// The last turn that the running command did.
    did: Weak<Turn>,
    text: Text,
}

impl Terminal {
    /// A terminal at the workstation, which says errors in the words of `text`.
    pub fn new(text: Text) -> Self {
        let home = "/root".to_owned();
        let workstation = Place {
            context: Context::Workstation,
            name: String::new(),
            dir: home,
            in_root: false,
            after: After::Nothing,
            outer: None,
        };
        Self {
            vars: BEGUN_WITH.map(|(n, v)| (n.to_owned(), v.to_owned())).into(),
            arrays: Vec::new(),
            exported: BEGUN_WITH.map(|(n, _)| n.to_owned()).into(),
            places: vec![workstation],
            jobs: Vec::new(),
            next_job: 1,
            status: 0,
            depth: 0,
            nested: 0,
            marks: Vec::new(),
            waiting: None,
            live: false,
            deadline: None,
            following: None,
            written: Vec::new(),
            aliases: Vec::new(),
            functions: Vec::new(),
            arguments: Vec::new(),
            calls: Vec::new(),
            stdin: None,
            loops: 0,
            rounds: 0,
            leaving: None,
            unset_is_wrong: false,
            in_parts: false,
            complaint: None,
            said: String::new(),
            says_first: false,
            did: Weak::new(),
            text,
        }
    }

    /// What stands before the cursor.
    pub fn prompt(&self) -> String {
        match self.places.last() {
            Some(Place { context: Context::Node(_) | Context::Pod(_), name, dir, .. }) => {
                format!("root@{name}:{dir}# ")
            }
            _ => "$ ".to_owned(),
        }
    }

    /// Where commands are typed.
    pub fn context(&self) -> Context {
        self.places.last().map_or(Context::Workstation, |place| place.context)
    }

    /// Name of the node or pod where commands are typed; empty for the workstation.
    pub fn place(&self) -> String {
        self.places.last().map_or_else(String::new, |place| place.name.clone())
    }

    /// When the output of the last command was printed; nothing where it was printed at once.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// Whether what the last command said of itself stands before what it printed; asked once.
    pub(crate) const fn says_first(&mut self) -> bool {
        std::mem::replace(&mut self.says_first, false)
    }

    /// Hands it the session to act on.
    pub fn on(self, session: Session) -> Shell {
        Shell { session, own: self }
    }
}

/// A text with the words of the commands, their summaries and options. They are apart from all others, so that who has no
/// terminal does not load them.
#[must_use]
pub fn words(text: &Text) -> Text {
    text.with(&[include_str!("../../static/i18n/en/shell.ftl")])
}

/// A terminal that holds the session: what commands run in.
#[derive(Debug)]
pub struct Shell {
    pub(crate) session: Session,
    pub(crate) own: Terminal,
}

impl Shell {
    /// A new terminal on a session.
    pub fn new(session: Session) -> Self {
        Terminal::new(words(&Text::english())).on(session)
    }

    /// The terminal, and the session with what the commands did to it.
    pub fn off(self) -> (Terminal, Session) {
        (self.own, self.session)
    }

    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// What stands before the cursor.
    pub fn prompt(&self) -> String {
        self.own.prompt()
    }

    /// Runs what somebody typed or pasted.
    pub fn run(&mut self, text: &str) -> Output {
        let (script, error) = parse::parse_lines(text);
        let mut output = self.script(&script);
        if let Some(error) = error.filter(|_| self.own.leaving.is_none()) {
            self.own.status = 2;
            output.then(&Output::fail(2, error.text()));
        }
        output
    }

    /// Runs a command of another command, such as `watch` or `kubectl exec`, a few deep.
    pub(crate) fn nested(&mut self, text: &str) -> Output {
        const MAX_DEPTH: usize = 4;
        if self.own.nested >= MAX_DEPTH {
            return Output::fail(1, "bash: maximum nesting level exceeded");
        }
        self.own.depth += 1;
        self.own.nested += 1;
        let leaving = self.own.leaving.take();
        let output = self.run(text);
        self.own.leaving = leaving;
        self.own.nested -= 1;
        self.own.depth -= 1;
        output
    }

    /// The commands of a text one by one, each with the text that it came from; an error ends the list.
    pub fn commands(text: &str) -> Result<Script, parse::SyntaxError> {
        parse::parse(text)
    }

    /// The commands of the lines before the first that is wrong, and what is wrong with that.
    pub fn lines(text: &str) -> (Script, Option<parse::SyntaxError>) {
        parse::parse_lines(text)
    }

    /// Runs one command of [`Shell::commands`].
    pub fn run_item(&mut self, item: &parse::Item) -> Output {
        self.script(&Script(vec![item.clone()]))
    }

    pub(crate) fn context(&self) -> Context {
        self.own.context()
    }

    /// Where the last turn is: at its beginning, after some of its steps, at its end.
    pub(crate) fn after(&self, steps: usize) -> Cursor {
        Cursor { turn: self.session.turns().len().saturating_sub(1), step: steps }
    }

    /// Says that what the running command prints was printed when all that it did so far had happened, and what turned
    /// until then.
    pub(crate) fn mark_end(&mut self, waiting: Option<Spinner>) {
        let steps = self.session.turns().last().map_or(0, |turn| turn.record.steps.len());
        let seen = self.after(steps);
        self.own.marks = vec![Mark { at: 0, seen, stopped: None, clears: false }];
        self.own.waiting = waiting;
    }

    /// Says when the parts of what the running command prints were printed.
    pub(crate) fn mark(&mut self, marks: Vec<Mark>) {
        self.own.marks = marks;
    }

    pub(crate) fn dir(&self) -> &str {
        self.own.places.last().map_or("/", |place| place.dir.as_str())
    }

    pub(crate) fn set_dir(&mut self, dir: String) {
        if let Some(place) = self.own.places.last_mut() {
            place.dir = dir;
        }
    }

    pub(crate) fn host(&self, id: HostId) -> Option<&Host> {
        self.session.world().hosts.get(id)
    }

    /// The host whose commands are typed; the workstation has none that is simulated.
    pub(crate) fn here(&self) -> Option<(HostId, &Host)> {
        let id = self.context().host()?;
        Some((id, self.host(id)?))
    }

    /// Does an action. All that one command does is taken back together.
    pub(crate) fn act(&mut self, action: Action) -> Result<(), ActionError> {
        let last = self.session.turns().last();
        let joined = last.is_some_and(|last| self.own.did.upgrade().is_some_and(|did| Rc::ptr_eq(&did, last)));
        self.session.act_on(action, joined)?;
        self.own.did = self.session.turns().last().map(Rc::downgrade).unwrap_or_default();
        Ok(())
    }

    /// Lets the sender of the last packets wait behind them: the turn is done anew with that.
    pub(crate) fn linger(&mut self, ms: u64) -> Result<(), ActionError> {
        let last = self.session.turns().last().filter(|_| ms > 0).map(|turn| turn.action.clone());
        let Some(Action::Send { from, to, probe, count }) = last else { return Ok(()) };
        let probe = Probe { wait_ms: Some(ms.min(MAX_WAIT_MS)), ..probe };
        self.session.replace_last(Action::Send { from, to, probe, count })?;
        self.own.did = self.session.turns().last().map(Rc::downgrade).unwrap_or_default();
        Ok(())
    }

    /// Does an action and waits until the control loops are done.
    pub(crate) fn act_and_settle(&mut self, action: Action) -> Result<(), ActionError> {
        self.act(action)?;
        self.act(Action::Settle)
    }

    /// An action's error in words.
    pub(crate) fn words(&self, problem: &ActionError) -> String {
        error(&self.own.text, problem, self.session.world())
    }

    /// A message of the terminal's language.
    fn text(&self, id: &str) -> String {
        self.own.text.get(id)
    }
}
