//! The terminals of a sitting: what they hold between two renderings, and how their commands get their turn.

use crate::app::hooks::kept::Setter;
use crate::app::platform::storage;
use crate::app::state::{Msg, Run, State, Store, Then};
use crate::session::Session;
use crate::shell::complete::{Completion, complete};
use crate::shell::console::{Block, Console, Seen as Shown};
use crate::sim::json;
use crate::text::Text;
use gloo::timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::{NodeRef, UseReducerDispatcher};

/// Longest time in milliseconds that commands run before the browser has its turn.
const SLICE_MS: f64 = 12.0;
/// Where the lines are kept that were typed.
const HISTORY: &str = "podhop.shell";
/// Lines that are kept.
const KEPT: usize = 200;
/// Where it is kept that commands are stepped through.
const STEPPED: &str = "podhop.shell.step";

struct Tab {
    number: u32,
    console: Console,
}

/// What of the desk a component may depend on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that a button shows")]
pub(super) struct Mark {
    pub(super) tabs: Vec<(u32, String)>,
    pub(super) current: u32,
    pub(super) prompt: String,
    pub(super) busy: bool,
    pub(super) stepped: bool,
    /// Whether a command looks on until it is stopped.
    pub(super) looks_on: bool,
    pub(super) step: bool,
}

/// A block, and how much of it is seen.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) block: Rc<Block>,
    pub(super) shown: Shown,
}

impl PartialEq for Seen {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.block, &other.block) && self.shown == other.shown
    }
}

pub(super) struct Desk {
    text: Text,
    dispatch: UseReducerDispatcher<State>,
    changed: Setter<()>,
    tabs: RefCell<Vec<Tab>>,
    current: Cell<usize>,
    next: Cell<u32>,
    /// The session as it was rendered last.
    latest: RefCell<Option<Store>>,
    timer: RefCell<Option<Timeout>>,
    step: Cell<bool>,
    pub(super) input: NodeRef,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Desk")
    }
}

impl Desk {
    pub(super) fn new(text: Text, dispatch: UseReducerDispatcher<State>, changed: Setter<()>) -> Self {
        let desk = Self {
            text,
            dispatch,
            changed,
            tabs: RefCell::default(),
            current: Cell::new(0),
            next: Cell::new(1),
            latest: RefCell::default(),
            timer: RefCell::default(),
            step: Cell::new(storage::read(STEPPED).is_some()),
            input: NodeRef::default(),
        };
        desk.push();
        desk
    }

    /// The session as it is rendered now.
    pub(super) fn see(&self, store: &Store) {
        *self.latest.borrow_mut() = Some(store.clone());
    }

    fn push(&self) {
        let number = self.next.get();
        self.next.set(number + 1);
        let mut console = Console::new(self.text.clone());
        console.remember(kept_history());
        let mut tabs = self.tabs.borrow_mut();
        tabs.push(Tab { number, console });
        self.current.set(tabs.len() - 1);
    }

    /// Opens another terminal.
    pub(super) fn add(&self) {
        self.push();
        self.changed.set(());
        self.focus();
    }

    /// Runs lines that begin at the workstation: in another terminal where this one is elsewhere or has to do.
    pub(super) fn show_off(self: &Rc<Self>, lines: &str) {
        let free =
            self.read(|console, _| !console.is_busy() && !console.looks_on() && console.terminal().place().is_empty());
        if !free {
            self.push();
        }
        self.enter(lines);
        self.focus();
    }

    /// Closes the terminal that is shown; the last one makes room for a new one.
    pub(super) fn remove(&self) {
        let left = {
            let mut tabs = self.tabs.borrow_mut();
            if self.current.get() < tabs.len() {
                tabs.remove(self.current.get());
            }
            tabs.len()
        };
        self.current.set(self.current.get().min(left.saturating_sub(1)));
        if left == 0 {
            self.push();
        }
        self.changed.set(());
        self.focus();
    }

    pub(super) fn pick(&self, number: u32) {
        let at = self.tabs.borrow().iter().position(|tab| tab.number == number);
        self.current.set(at.unwrap_or(self.current.get()));
        self.changed.set(());
    }

    /// Number of the terminal that is shown.
    pub(super) fn current(&self) -> u32 {
        self.read(|_, number| number)
    }

    /// Whether commands are stepped through.
    pub(super) fn set_step(self: &Rc<Self>, on: bool) {
        self.step.set(on);
        if on {
            storage::write(STEPPED, "1");
        } else {
            storage::remove(STEPPED);
        }
        self.changed.set(());
        self.pump();
    }

    fn read<T: Default>(&self, read: impl FnOnce(&Console, u32) -> T) -> T {
        let tabs = self.tabs.borrow();
        tabs.get(self.current.get()).map(|tab| read(&tab.console, tab.number)).unwrap_or_default()
    }

    fn change(&self, change: impl FnOnce(&mut Console)) {
        if let Some(tab) = self.tabs.borrow_mut().get_mut(self.current.get()) {
            change(&mut tab.console);
        }
        self.changed.set(());
    }

    pub(super) fn mark(&self) -> Mark {
        let latest = self.latest.borrow();
        let state = latest.as_deref();
        let stepped = |console: &Console| state.is_some_and(|s| console.is_stepped(&s.session, s.at_end()));
        let (current, prompt, busy, stepped, looks_on) = self.read(|console, number| {
            (number, console.prompt(), console.is_busy(), stepped(console), console.looks_on())
        });
        let tabs = self.tabs.borrow().iter().map(|tab| (tab.number, tab.console.terminal().place())).collect();
        Mark { tabs, current, prompt, busy, stepped, looks_on, step: self.step.get() }
    }

    /// What is on the screen, as far as it is seen.
    pub(super) fn seen(&self, state: &State) -> Vec<Seen> {
        let (session, end) = (&state.session, state.at_end());
        let seen = |block: &Rc<Block>| Seen { shown: block.seen(session, end), block: Rc::clone(block) };
        self.read(|console, _| console.blocks().map(seen).collect())
    }

    pub(super) fn last(&self, state: &State) -> Option<Seen> {
        self.seen(state).pop()
    }

    pub(super) fn focus(&self) {
        if let Some(input) = self.input.cast::<HtmlInputElement>() {
            // It fails only for an element that has just gone.
            let _ = input.focus();
        }
    }

    /// Runs lines that were typed or pasted.
    pub(super) fn enter(self: &Rc<Self>, text: &str) {
        self.change(|console| console.enter(text));
        self.pump();
        let history = self.read(|console, _| {
            let all = console.history();
            all.get(all.len().saturating_sub(KEPT)..).unwrap_or_default().to_vec()
        });
        // What cannot be kept is remembered until the page goes.
        storage::write(HISTORY, &json::to_compact(&history));
    }

    /// Lets commands run for a moment, then the browser, until all have run.
    pub(super) fn pump(self: &Rc<Self>) {
        self.look();
        let Some(waits) = self.waits() else { return };
        if waits {
            return;
        }
        let desk = Rc::clone(self);
        let then = if self.step.get() { Then::Stay } else { Then::End };
        self.dispatch.dispatch(running(then, move |session| desk.run(session)));
        self.changed.set(());
        let desk = Rc::clone(self);
        *self.timer.borrow_mut() = Some(Timeout::new(0, move || desk.pump()));
    }

    /// Lets the commands that look on print what has happened.
    fn look(&self) {
        let latest = self.latest.borrow();
        let Some(state) = latest.as_deref() else { return };
        let mut tabs = self.tabs.borrow_mut();
        // All of them look, whether or not one has printed.
        let printed = tabs.iter_mut().filter_map(|tab| tab.console.look(&state.session).then_some(())).count();
        if printed > 0 {
            self.changed.set(());
        }
    }

    /// Whether what is still to run has to wait for steps; nothing where nothing is to run.
    fn waits(&self) -> Option<bool> {
        let tabs = self.tabs.borrow();
        let mut busy = tabs.iter().filter(|tab| tab.console.is_busy()).peekable();
        busy.peek()?;
        let latest = self.latest.borrow();
        let state = latest.as_deref().filter(|_| self.step.get());
        let ready = |tab: &Tab| !state.is_some_and(|s| tab.console.is_stepped(&s.session, s.at_end()));
        Some(!busy.any(ready))
    }

    fn run(&self, session: &mut Session) {
        let began = now();
        let mut tabs = self.tabs.borrow_mut();
        loop {
            let mut ran = false;
            for tab in tabs.iter_mut().filter(|tab| tab.console.is_busy()) {
                if self.step.get() && tab.console.is_stepped(session, false) {
                    continue;
                }
                tab.console.go_on(session);
                ran = true;
            }
            if !ran || now() - began > SLICE_MS {
                return;
            }
        }
    }

    /// Ctrl-C.
    pub(super) fn interrupt(self: &Rc<Self>, typed: String) {
        let end = self.latest.borrow().as_deref().is_none_or(State::at_end);
        let desk = Rc::clone(self);
        self.dispatch.dispatch(running(Then::End, move |session| {
            if let Some(tab) = desk.tabs.borrow_mut().get_mut(desk.current.get()) {
                tab.console.interrupt(session, &typed, end);
            }
        }));
        self.changed.set(());
    }

    /// Ctrl-L.
    pub(super) fn clear(&self) {
        self.change(Console::clear);
    }

    /// What a line may become.
    pub(super) fn complete(&self, line: &str) -> Option<Completion> {
        let latest = self.latest.borrow();
        let session = latest.as_deref().map(|state| state.session.clone())?;
        self.read(|console, _| Some(complete(console.terminal(), &session, line)))
    }

    /// Prints what a line may become.
    pub(super) fn list(&self, line: &str, words: &[String]) {
        self.change(|console| console.tell(line, columns(words)));
    }

    /// A line of the history: `back` from the newest, 1 for the newest.
    pub(super) fn history(&self, back: usize) -> Option<String> {
        self.read(|console, _| {
            let all = console.history();
            all.len().checked_sub(back).and_then(|at| all.get(at)).cloned()
        })
    }

    /// The newest line from `back` on that holds a text, and how far back it is.
    pub(super) fn find(&self, part: &str, back: usize) -> Option<(usize, String)> {
        let older = |from: usize| (from..).map_while(|n| self.history(n).map(|line| (n, line)));
        older(back.max(1)).find(|(_, line)| line.contains(part))
    }
}

/// Names beside each other, as bash lists them.
fn columns(words: &[String]) -> String {
    const WIDTH: usize = 100;
    let widest = words.iter().map(|w| w.chars().count()).max().unwrap_or(0) + 2;
    let across = (WIDTH / widest).max(1);
    let lines = words.chunks(across).map(|row| {
        let cells: Vec<String> = row.iter().map(|word| format!("{word:<widest$}")).collect();
        format!("{}\n", cells.concat().trim_end())
    });
    lines.collect()
}

fn kept_history() -> Vec<String> {
    let kept = storage::read(HISTORY).and_then(|kept| json::from_value(&json::parse(&kept).ok()?).ok());
    kept.unwrap_or_default()
}

fn now() -> f64 {
    gloo::utils::window().performance().map_or(0.0, |clock| clock.now())
}

/// Something that commands do; what is refused they print themselves.
fn running(then: Then, with: impl Fn(&mut Session) + 'static) -> Msg {
    let with = Rc::new(move |session: &mut Session| {
        with(session);
        Ok(())
    });
    Msg::Run(Run { with, then })
}
