//! Loops and conditions part by part: whoever draws the screen may draw, and step, between the commands inside of them.
//! What stands in a pipe, is redirected, negated or in the background runs whole, and so do functions.

use super::{Console, Piece};
use crate::session::Session;
use crate::shell::compound::MAX_ROUNDS;
use crate::shell::parse::{Arm, Command, Compound, Item, Script, Then};
use crate::shell::run::Leave;
use crate::shell::{Output, Shell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

/// What is to be done next of a line. `of` is the command of commands that it is a part of.
#[derive(Clone, Debug)]
pub(super) enum Work {
    Item(Item),
    /// The next round of a loop over words.
    Round {
        of: Rc<Compound>,
        words: VecDeque<String>,
    },
    /// The test of a loop, and whether its body has run.
    Test {
        of: Rc<Compound>,
        ran: bool,
    },
    /// What follows the test of a loop: its body, or the status of its last round.
    Tested {
        of: Rc<Compound>,
        last: u8,
    },
    /// What follows the test of a condition.
    Choice {
        of: Rc<Compound>,
        arm: usize,
    },
    /// The next arm of a case, whatever its patterns, or one that fits the text.
    Arm {
        of: Rc<Compound>,
        text: String,
        from: usize,
        any: bool,
    },
    /// The end of what was typed as one command.
    End,
}

impl Work {
    /// What follows where a round is left: one that is left in its test begins anew.
    fn again(self) -> Self {
        match self {
            Self::Tested { of, .. } => Self::Test { of, ran: true },
            other => other,
        }
    }

    const fn is_of_loop(&self) -> bool {
        matches!(self, Self::Round { .. } | Self::Test { .. } | Self::Tested { .. })
    }
}

/// What a pipeline consists of, if it can be done part by part.
fn parts(item: &Item) -> Option<&Rc<Compound>> {
    let [Command::Compound(compound, redirects)] = item.pipeline.as_slice() else { return None };
    let apart = !matches!(
        **compound,
        Compound::Subshell(_) | Compound::Function { .. } | Compound::Test(_) | Compound::Arithmetic(_)
    );
    (apart && redirects.is_empty() && !item.negated && !item.background).then_some(compound)
}

impl Console {
    /// Does a part of a line.
    pub(super) fn work(&mut self, session: &mut Session, work: Work) {
        match work {
            Work::Item(item) => match parts(&item) {
                Some(_) if !item.when.holds(self.terminal.status) => {}
                Some(compound) => self.unfold(session, compound),
                None => self.run(session, &item),
            },
            Work::Round { of, words } => self.round(session, of, words),
            Work::Test { of, ran } => self.test(session, of, ran),
            Work::Tested { of, last } => self.tested(of, last),
            Work::Choice { of, arm } => self.choose(of, arm),
            Work::Arm { of, text, from, any } => self.arm(session, of, text, (from, any)),
            Work::End => self.end_parts(),
        }
    }

    /// What follows the end of a command that was left.
    pub(super) fn left(&mut self, leave: Leave) {
        match leave {
            Leave::Loops { count, on } if self.terminal.in_parts => self.leave_loops(count, on),
            _ => {
                self.running.clear();
                self.end_parts();
            }
        }
    }

    pub(super) fn end_parts(&mut self) {
        (self.terminal.in_parts, self.terminal.loops) = (false, 0);
    }

    fn next(&mut self, work: Work) {
        self.running.push_front(work);
    }

    fn before(&mut self, script: &Script) {
        for item in script.0.iter().rev() {
            self.next(Work::Item(item.clone()));
        }
    }

    fn unfold(&mut self, session: &mut Session, compound: &Rc<Compound>) {
        if !self.terminal.in_parts {
            self.terminal.in_parts = true;
            (self.terminal.did, self.terminal.rounds, self.terminal.loops) = (Weak::new(), 0, 0);
            self.next(Work::End);
        }
        let of = Rc::clone(compound);
        match &**compound {
            Compound::For { words, .. } => {
                if let Some(words) = self.said(session, |shell| shell.each(words)) {
                    self.terminal.status = 0;
                    self.terminal.loops += 1;
                    self.next(Work::Round { of, words: words.into() });
                }
            }
            Compound::Count { begin, .. } => {
                let begun = self.with(session, |shell| shell.reckoned(begin));
                self.tell_error(&begun);
                self.terminal.status = u8::from(!begun.err.is_empty());
                if self.left_all() || !begun.err.is_empty() {
                    return;
                }
                self.terminal.loops += 1;
                self.next(Work::Test { of, ran: false });
            }
            Compound::While { .. } => {
                self.terminal.loops += 1;
                self.next(Work::Test { of, ran: false });
            }
            Compound::If { arms, .. } => {
                self.next(Work::Choice { of, arm: 0 });
                arms.first().into_iter().for_each(|(test, _)| self.before(test));
            }
            Compound::Case { word, .. } => {
                if let Some(text) = self.said(session, |shell| shell.joined(word)) {
                    self.terminal.status = 0;
                    self.next(Work::Arm { of, text, from: 0, any: false });
                }
            }
            Compound::Group(script) | Compound::Subshell(script) => self.before(script),
            Compound::Function { .. } | Compound::Test(_) | Compound::Arithmetic(_) => {}
        }
    }

    /// Expands words and prints what is said of them; nothing where something is wrong with them.
    fn said<T>(&mut self, session: &mut Session, expand: impl FnOnce(&mut Shell) -> T) -> Option<T> {
        let (found, output) = self.with(session, |shell| shell.said_of(expand));
        self.tell_error(&output);
        if let Some(leave) = self.terminal.leaving.take() {
            self.terminal.status = output.status;
            self.left(leave);
            return None;
        }
        Some(found)
    }

    fn tell_error(&mut self, output: &Output) {
        if !output.err.is_empty() {
            self.print(Piece::at_once(output.err.clone()));
        }
    }

    /// Whether another round may begin.
    fn counts(&mut self) -> bool {
        self.terminal.rounds += 1;
        let few = self.terminal.rounds <= MAX_ROUNDS;
        if !few {
            let end = Shell::too_many_rounds();
            self.terminal.status = end.status;
            self.tell_error(&end);
            self.left(Leave::All);
        }
        few
    }

    fn round(&mut self, session: &mut Session, of: Rc<Compound>, mut words: VecDeque<String>) {
        let Compound::For { name, body, .. } = &*Rc::clone(&of) else { return };
        let Some(word) = words.pop_front() else {
            self.terminal.loops -= 1;
            return;
        };
        if self.counts() {
            self.with(session, |shell| shell.set_variable(name, word));
            self.terminal.status = 0;
            self.next(Work::Round { of, words });
            self.before(body);
        }
    }

    fn test(&mut self, session: &mut Session, of: Rc<Compound>, ran: bool) {
        let last = if ran { self.terminal.status } else { 0 };
        match &*Rc::clone(&of) {
            Compound::While { .. } | Compound::Count { .. } if !self.counts() => {}
            Compound::While { test, .. } => {
                self.next(Work::Tested { of, last });
                self.before(test);
            }
            Compound::Count { test, step, body, .. } => {
                let asked = self.with(session, |shell| shell.counts_on(ran.then_some(step), test));
                self.tell_error(&asked);
                if self.left_all() {
                    return;
                }
                if asked.status == 0 {
                    self.terminal.status = 0;
                    self.next(Work::Test { of, ran: true });
                    self.before(body);
                } else {
                    self.terminal.status = if asked.err.is_empty() { last } else { 1 };
                    self.terminal.loops -= 1;
                }
            }
            _ => {}
        }
    }

    /// Whether an expansion has ended the line.
    fn left_all(&mut self) -> bool {
        let Some(leave) = self.terminal.leaving.take() else { return false };
        self.left(leave);
        true
    }

    fn tested(&mut self, of: Rc<Compound>, last: u8) {
        let Compound::While { until, body, .. } = &*Rc::clone(&of) else { return };
        if (self.terminal.status == 0) == *until {
            self.terminal.status = last;
            self.terminal.loops -= 1;
        } else {
            self.terminal.status = 0;
            self.next(Work::Test { of, ran: true });
            self.before(body);
        }
    }

    fn choose(&mut self, of: Rc<Compound>, arm: usize) {
        let Compound::If { arms, other } = &*Rc::clone(&of) else { return };
        if self.terminal.status == 0 {
            arms.get(arm).into_iter().for_each(|(_, body)| self.before(body));
        } else if let Some((test, _)) = arms.get(arm + 1) {
            self.next(Work::Choice { of, arm: arm + 1 });
            self.before(test);
        } else {
            self.terminal.status = 0;
            if let Some(body) = other {
                self.before(body);
            }
        }
    }

    fn arm(&mut self, session: &mut Session, of: Rc<Compound>, text: String, (from, any): (usize, bool)) {
        let Compound::Case { arms, .. } = &*Rc::clone(&of) else { return };
        let fits = |shell: &mut Shell| if any { Some(from) } else { shell.arm(&text, arms, from) };
        let found = self.said(session, fits).flatten();
        let Some((at, Arm { body, then, .. })) = found.and_then(|at| Some((at, arms.get(at)?))) else { return };
        if *then != Then::Done {
            self.next(Work::Arm { of, text, from: at + 1, any: *then == Then::Next });
        }
        self.terminal.status = 0;
        self.before(body);
    }

    /// `break` and `continue`: drops what is left of so many loops, or of the rounds of the last.
    fn leave_loops(&mut self, mut count: usize, on: bool) {
        while let Some(work) = self.running.pop_front() {
            if matches!(work, Work::End) {
                return self.next(Work::End);
            }
            if !work.is_of_loop() {
                continue;
            }
            count -= 1;
            if count == 0 && on {
                return self.next(work.again());
            }
            self.terminal.loops -= 1;
            if count == 0 {
                return;
            }
        }
    }
}
