//! Runs commands of commands: loops, conditions, groups. Source: bash(1), "Compound Commands".

use super::parse::{Arm, Compound, Redirect, Script, Then, Word};
use super::run::Leave;
use super::{Output, Shell};

/// Most rounds of all loops of one line, with the functions that it calls. Fuzzing finds no more in the thousandth.
pub(super) const MAX_ROUNDS: usize = if cfg!(fuzzing) { 40 } else { 1000 };
/// Most bytes that they print.
const MAX_PRINTED: usize = 1 << 20;

impl Shell {
    pub(super) fn compound(&mut self, compound: &Compound, redirects: &[Redirect], stdin: Option<String>) -> Output {
        self.own.complaint = None;
        let (stdin, redirects, warning) = match self.redirections(redirects, stdin) {
            Ok(found) => found,
            Err(output) => return output,
        };
        let before = stdin.map(|text| self.own.stdin.replace(text));
        let (live, depth) = (std::mem::take(&mut self.own.live), self.own.depth);
        self.own.depth += 1;
        let mut output = self.inside(compound);
        (self.own.live, self.own.depth) = (live, depth);
        if let Some(before) = before {
            self.own.stdin = before;
        }
        output.err.insert_str(0, &warning);
        self.redirected(&redirects, output)
    }

    fn inside(&mut self, compound: &Compound) -> Output {
        match compound {
            Compound::Group(script) => self.script(script),
            Compound::Subshell(script) => self.subshell(script),
            Compound::If { arms, other } => {
                let mut all = Output::default();
                for (test, body) in arms {
                    all.then(&self.script(test));
                    if self.own.leaving.is_some() {
                        return all;
                    }
                    if self.own.status == 0 {
                        all.then(&self.script(body));
                        self.stop_printing(&mut all);
                        return all;
                    }
                }
                self.own.status = 0;
                all.then(&other.as_ref().map_or_else(Output::default, |body| self.script(body)));
                all
            }
            Compound::For { name, words, body } => {
                let (words, mut all) = self.said_of(|shell| shell.each(words));
                let mut words = words.into_iter();
                if all.status == 0 {
                    all.then(&self.rounds(body, |shell, _| {
                        let word = words.next()?;
                        shell.set_variable(name, word);
                        Some(())
                    }));
                }
                all
            }
            Compound::Test(test) => self.conditional(test),
            Compound::Arithmetic(text) => self.reckoned(text),
            Compound::Count { begin, test, step, body } => {
                let mut all = self.reckoned(begin);
                if all.err.is_empty() {
                    let mut ran = false;
                    all.then(&self.rounds(body, |shell, all| {
                        let asked = shell.counts_on(ran.then_some(step), test);
                        ran = true;
                        all.err += &asked.err;
                        all.status = if asked.err.is_empty() { all.status } else { 1 };
                        (asked.status == 0).then_some(())
                    }));
                }
                all
            }
            Compound::While { until, test, body } => self.rounds(body, |shell, all| {
                let mut tested = shell.script(test);
                tested.status = all.status;
                all.then(&tested);
                ((shell.own.status == 0) != *until && shell.own.leaving.is_none()).then_some(())
            }),
            Compound::Case { word, arms } => self.arms(word, arms),
            Compound::Function { name, body, redirects } => {
                self.define(name, body, redirects);
                Output::default()
            }
        }
    }

    /// `((...))`: fails where the number is 0.
    pub(super) fn reckoned(&mut self, text: &Word) -> Output {
        let (found, mut all) = self.said_of(|shell| {
            let text = shell.joined(text);
            shell.calculated(&text)
        });
        match found {
            _ if all.status != 0 => {}
            Ok(number) => all.status = u8::from(number == 0),
            Err(why) => all.then(&Output::fail(1, format!("bash: ((: {why}"))),
        }
        all
    }

    /// Whether `for ((...))` goes on, behind the step of its last round; an empty test holds.
    pub(super) fn counts_on(&mut self, step: Option<&Word>, test: &Word) -> Output {
        let mut all = step.map_or_else(Output::default, |step| self.reckoned(step));
        if all.err.is_empty() {
            all = if test.0.is_empty() { Output::default() } else { self.reckoned(test) };
        }
        all
    }

    /// The words of a loop.
    pub(super) fn each(&mut self, words: &[Word]) -> Vec<String> {
        self.expand_all(words)
    }

    /// Expands words, and says what is wrong with them or was said of them; where something is wrong the line ends.
    pub(super) fn said_of<T>(&mut self, expand: impl FnOnce(&mut Self) -> T) -> (T, Output) {
        self.own.complaint = None;
        let before = std::mem::take(&mut self.own.said);
        let found = expand(self);
        let err = std::mem::replace(&mut self.own.said, before);
        let Some((status, why)) = self.own.complaint.take() else {
            return (found, Output { err, ..Output::default() });
        };
        self.own.leaving = Some(Leave::All);
        (found, Output::fail(status, err + &why))
    }

    fn arms(&mut self, word: &Word, arms: &[Arm]) -> Output {
        let (text, mut all) = self.said_of(|shell| shell.joined(word));
        if all.status != 0 {
            return all;
        }
        let mut next = self.arm(&text, arms, 0);
        self.own.status = 0;
        while let Some((at, arm)) = next.and_then(|at| Some((at, arms.get(at)?))) {
            self.own.status = 0;
            all.then(&self.script(&arm.body));
            next = match arm.then {
                _ if self.own.leaving.is_some() => None,
                Then::Done => None,
                Then::Next => Some(at + 1),
                Then::Test => self.arm(&text, arms, at + 1),
            };
        }
        all
    }

    /// The first arm from one on of which a pattern fits.
    pub(super) fn arm(&mut self, text: &str, arms: &[Arm], from: usize) -> Option<usize> {
        let mut rest = arms.iter().enumerate().skip(from);
        rest.find(|(_, arm)| arm.patterns.iter().any(|pattern| self.is_like(text, pattern))).map(|(at, _)| at)
    }

    fn is_like(&mut self, text: &str, pattern: &Word) -> bool {
        self.pattern(pattern).fits(text)
    }

    /// Runs a body as long as there is another round.
    fn rounds(&mut self, body: &Script, mut next: impl FnMut(&mut Self, &mut Output) -> Option<()>) -> Output {
        let mut all = Output::default();
        self.own.loops += 1;
        loop {
            self.own.rounds += 1;
            if self.own.rounds > MAX_ROUNDS {
                self.own.leaving = Some(Leave::All);
                all.then(&Self::too_many_rounds());
            } else if next(self, &mut all).is_some() {
                self.own.status = 0;
                all.then(&self.script(body));
                self.stop_printing(&mut all);
            } else if self.own.leaving.is_none() {
                break;
            }
            if self.leaves_loop() {
                break;
            }
        }
        self.own.loops -= 1;
        all
    }

    /// Whether a loop is left, by `break` or with all around it.
    fn leaves_loop(&mut self) -> bool {
        let Some(Leave::Loops { count, on }) = self.own.leaving else { return self.own.leaving.is_some() };
        let more = count > 1;
        self.own.leaving = more.then_some(Leave::Loops { count: count - 1, on });
        more || !on
    }

    /// Ends a line whose loops and functions have printed too much.
    pub(super) fn stop_printing(&mut self, all: &mut Output) {
        let nested = self.own.depth > 0 || self.own.loops > 0;
        if nested && self.own.leaving.is_none() && all.out.len() + all.err.len() > MAX_PRINTED {
            self.own.leaving = Some(Leave::All);
            let why = format!("podhop: a line ends after {MAX_PRINTED} bytes that its loops and functions print here");
            all.then(&Output::fail(1, why));
        }
    }

    /// The end of a line whose loops would go on too long.
    pub(super) fn too_many_rounds() -> Output {
        Output::fail(1, format!("podhop: a line ends after {MAX_ROUNDS} rounds of its loops and functions here"))
    }
}
