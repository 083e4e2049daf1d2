//! Runs what [`super::parse`] has read: passes output along a pipe, finds the command, follows loops and conditions.

use super::catalog::{self, At, Command as Row, Example, Place, Run};
use super::function::Locals;
use super::parse::{Assignment, Command, Item, Redirect, RedirectTo, Script, Simple};
use super::{Output, Shell, builtin, files, linux};
use std::rc::Weak;

/// The variable that stands for the current context of kubectl's file.
const CURRENT_CLUSTER: &str = "PODHOP_CLUSTER";

/// What `break`, `continue` and `exit` do to the loops they stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leave {
    /// So many loops, of which the last may go on.
    Loops { count: usize, on: bool },
    /// The function.
    Function,
    /// The rest of the line.
    All,
    /// The shell.
    Exit,
}

/// What variables were before a command that has others.
struct Temporary {
    vars: Locals,
    exported: Vec<String>,
    places: usize,
}

impl Output {
    /// Puts what was printed later behind it.
    pub(super) fn then(&mut self, later: &Self) {
        self.out += &later.out;
        self.err += &later.err;
        self.status = later.status;
    }
}

impl Shell {
    pub(super) fn script(&mut self, script: &Script) -> Output {
        let mut all = Output { status: self.own.status, ..Output::default() };
        self.own.marks.clear();
        for item in &script.0 {
            if item.when.holds(self.own.status) {
                let output = self.item(item);
                self.own.status = output.status;
                all.then(&output);
                self.stop_printing(&mut all);
            }
            if self.own.leaving.is_some() {
                break;
            }
        }
        if script.0.len() > 1 {
            self.own.marks.clear();
        }
        all
    }

    fn item(&mut self, item: &Item) -> Output {
        if self.own.depth == 0 && !self.own.in_parts {
            (self.own.did, self.own.rounds, self.own.leaving) = (Weak::new(), 0, None);
        }
        let mut output = self.pipeline(item);
        if self.own.depth == 0 && self.own.leaving == Some(Leave::Exit) {
            self.own.leaving = self.own.in_parts.then_some(Leave::All);
            self.own.status = output.status;
            let left = self.leave();
            output.then(&left);
        }
        if item.negated {
            output.status = u8::from(output.status == 0);
        }
        output
    }

    fn pipeline(&mut self, item: &Item) -> Output {
        if item.pipeline.len() < 2 {
            return self.piped(item);
        }
        let output = self.forgetting(|shell| shell.piped(item));
        // Whatever else leaves something leaves the pipe alone.
        self.own.leaving = self.own.leaving.filter(|leave| *leave == Leave::All);
        output
    }

    fn piped(&mut self, item: &Item) -> Output {
        let mut stdin: Option<String> = None;
        let mut all = Output::default();
        let last = item.pipeline.len().saturating_sub(1);
        for (at, command) in item.pipeline.iter().enumerate() {
            let output = match command {
                Command::Simple(simple) => self.simple(simple, stdin.take(), item.background),
                Command::Compound(compound, redirects) => self.compound(compound, redirects, stdin.take()),
            };
            all.err += &output.err;
            all.status = output.status;
            if self.own.leaving == Some(Leave::All) {
                return all;
            }
            if at < last && self.own.following.is_some() {
                self.pipe(&item.pipeline[at + 1..]);
                return Output { out: String::new(), ..all };
            }
            if at == last {
                all.out = output.out;
                if at > 0 {
                    self.own.marks.clear();
                }
            } else {
                stdin = Some(output.out);
            }
        }
        all
    }

    /// Sends what a command goes on to print through those that stand behind it.
    fn pipe(&mut self, commands: &[Command]) {
        let words = |command: &Command| match command {
            Command::Simple(simple) => self.expanded(simple),
            Command::Compound(..) => Vec::new(),
        };
        let through = commands.iter().map(words).collect();
        if let Some(mut following) = self.own.following.take() {
            following.pipe(&self.own, &self.session, through);
            self.own.following = Some(following);
        }
    }

    fn expanded(&mut self, command: &Simple) -> Vec<String> {
        let mut words: Vec<String> = self.expand_all(&command.words);
        let plain = command.words.first().is_some_and(|word| words.first().is_some_and(|first| word.is(first)));
        let alias = words.first().and_then(|name| self.own.aliases.iter().find(|(n, _)| n == name));
        if let Some((_, text)) = alias.filter(|_| plain) {
            let text: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            words.splice(0..1, text);
        }
        words
    }

    fn simple(&mut self, command: &Simple, stdin: Option<String>, background: bool) -> Output {
        self.own.marks.clear();
        self.own.complaint = None;
        let said = std::mem::take(&mut self.own.said);
        let args = self.expanded(command);
        let before = self.assign_before(command);
        let (mut output, redirects) = match self.redirections(&command.redirects, stdin) {
            _ if self.own.complaint.is_some() => {
                // The rest of the line is not run either.
                self.own.leaving = Some(Leave::All);
                let (status, why) = self.own.complaint.take().unwrap_or_default();
                (Output::fail(status, why), Vec::new())
            }
            Err(output) => (output, Vec::new()),
            Ok((stdin, redirects, warning)) => {
                self.own.said += &warning;
                let mut output = self.named(&args, stdin.as_deref(), background, command);
                output.err.insert_str(0, &std::mem::take(&mut self.own.said));
                (output, redirects)
            }
        };
        self.take_back(before);
        if output.status == 0 {
            command.declared.iter().for_each(|assignment| self.assign(assignment));
        }
        output.err.insert_str(0, &std::mem::replace(&mut self.own.said, said));
        self.redirected(&redirects, output)
    }

    /// Assigns what stands before a command. Where one follows it is for that alone: what was there before.
    fn assign_before(&mut self, command: &Simple) -> Option<Box<Temporary>> {
        let own = &self.own;
        let holds = !command.words.is_empty() && !command.assignments.is_empty();
        let before = holds.then(|| {
            let one = |a: &Assignment| {
                let (value, array) = self.both_of(&a.name);
                (a.name.clone(), value, array)
            };
            let vars = command.assignments.iter().map(one).collect();
            Box::new(Temporary { vars, exported: own.exported.clone(), places: own.places.len() })
        });
        for assignment in &command.assignments {
            self.assign(assignment);
            if holds {
                self.own.exported.push(assignment.name.clone());
            }
        }
        before
    }

    fn take_back(&mut self, before: Option<Box<Temporary>>) {
        // Who has entered another place is where the variable is not.
        let Some(before) = before.filter(|before| before.places == self.own.places.len()) else { return };
        self.own.exported = before.exported;
        for (name, value, array) in before.vars.into_iter().rev() {
            self.put_back(&name, value, array);
        }
    }

    fn named(&mut self, args: &[String], stdin: Option<&str>, background: bool, command: &Simple) -> Output {
        let Some((name, rest)) = args.split_first() else {
            // An assignment has the status of its last substitution.
            let asked = command.assignments.iter().any(Assignment::substitutes);
            return Output { status: if asked { self.own.status } else { 0 }, ..Output::default() };
        };
        if background {
            return self.background(name, rest);
        }
        let piped = stdin.is_some();
        self.command(name, rest, stdin.unwrap_or_default(), piped)
    }

    /// Runs commands whose changes of variables, directory and places are forgotten.
    pub(super) fn subshell(&mut self, script: &Script) -> Output {
        let output = self.forgetting(|shell| shell.script(script));
        self.own.leaving = None;
        output
    }

    fn forgetting(&mut self, run: impl FnOnce(&mut Self) -> Output) -> Output {
        let own = &self.own;
        let exported = own.exported.clone();
        let kept = (own.vars.clone(), own.places.clone(), own.aliases.clone(), own.functions.clone());
        let (arguments, calls, arrays) = (own.arguments.clone(), own.calls.clone(), own.arrays.clone());
        // `exit` in it leaves it, and not the place.
        self.own.depth += 1;
        let output = run(self);
        self.own.depth -= 1;
        // The current cluster is written in a file.
        let cluster = self.variable(CURRENT_CLUSTER);
        (self.own.vars, self.own.places, self.own.aliases, self.own.functions) = kept;
        self.own.exported = exported;
        (self.own.arguments, self.own.calls, self.own.arrays) = (arguments, calls, arrays);
        if !cluster.is_empty() {
            self.set_variable(CURRENT_CLUSTER, cluster);
        }
        output
    }

    /// Resolves redirections: what is read, where the rest goes, and what bash warns of.
    #[expect(clippy::type_complexity, reason = "three things that are taken apart at once")]
    pub(super) fn redirections(
        &mut self,
        redirects: &[Redirect],
        mut stdin: Option<String>,
    ) -> Result<(Option<String>, Vec<(u8, Target)>, String), Output> {
        let mut targets = Vec::new();
        let mut warning = String::new();
        for Redirect { from, to } in redirects {
            match to {
                RedirectTo::Stdout => targets.push((*from, Target::Out)),
                RedirectTo::Stderr => targets.push((*from, Target::Err)),
                RedirectTo::File { word, append } => {
                    let name = self.joined(word);
                    if name != "/dev/null" {
                        files::writable(self, &name).map_err(|why| Output::fail(1, format!("bash: {name}: {why}")))?;
                    }
                    targets.push((*from, Target::File { name, append: *append }));
                }
                RedirectTo::Input(word) => {
                    let name = self.joined(word);
                    let text = if name == "/dev/null" { Ok(String::new()) } else { files::read(self, &name) };
                    stdin = Some(text.map_err(|why| Output::fail(1, format!("bash: {name}: {why}")))?);
                }
                RedirectTo::String(word) => stdin = Some(self.joined(word) + "\n"),
                RedirectTo::Document { body, wanted } => {
                    stdin = Some(self.joined(body));
                    if let Some(wanted) = wanted {
                        warning = format!(
                            "bash: warning: here-document at line 1 delimited by end-of-file (wanted `{wanted}')\n"
                        );
                    }
                }
            }
        }
        Ok((stdin, targets, warning))
    }

    pub(super) fn redirected(&mut self, redirects: &[(u8, Target)], output: Output) -> Output {
        if redirects.is_empty() {
            return output;
        }
        self.own.marks.clear();
        let (mut out, mut err) = (Target::Out, Target::Err);
        for (from, to) in redirects {
            let to = match to {
                Target::Out => out.clone(),
                Target::Err => err.clone(),
                Target::File { .. } => to.clone(),
            };
            // A file is emptied even if nothing is written to it.
            if let Target::File { name, append: false } = &to {
                files::write(self, name, "", false);
            }
            *(if *from == 1 { &mut out } else { &mut err }) = to;
        }
        if let (Target::File { .. }, Some(following)) = (&out, &mut self.own.following) {
            following.mute();
        }
        let mut done = Output { status: output.status, ..Output::default() };
        for (to, text) in [(out, output.out), (err, output.err)] {
            match to {
                Target::Out => done.out += &text,
                Target::Err => done.err += &text,
                Target::File { name, .. } => files::write(self, &name, &text, true),
            }
        }
        done
    }
}

/// Where output goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Out,
    Err,
    File { name: String, append: bool },
}

impl Shell {
    pub(super) fn command(&mut self, name: &str, args: &[String], stdin: &str, piped: bool) -> Output {
        if let Some(function) = self.function(name) {
            return self.call(name, &function, args, piped.then(|| stdin.to_owned()));
        }
        if let Some(output) = builtin::run(self, name, args, stdin) {
            return output;
        }
        if matches!(name, "bash" | "sh") {
            return self.another_shell(name, args, piped.then_some(stdin));
        }
        if let Some(output) = self.builtin(name, args) {
            return output;
        }
        catalog::run(self, name, args, stdin, piped).unwrap_or_else(|| super::unknown::unknown(name, self.context()))
    }

    fn builtin(&mut self, name: &str, args: &[String]) -> Option<Output> {
        Some(match name {
            "exit" | "logout" => {
                let status = args.first().and_then(|text| text.parse().ok()).unwrap_or(self.own.status);
                if self.own.depth == 0 && !self.own.in_parts {
                    self.own.status = status;
                    return Some(self.leave());
                }
                self.own.leaving = Some(Leave::Exit);
                Output { status, ..Output::default() }
            }
            "true" | ":" | "clear" => Output::default(),
            "false" => Output::fail(1, ""),
            "fg" | "kill" | "wait" => linux::tcpdump::finish(self, args),
            "jobs" => Output::ok(self.jobs()),
            _ => return None,
        })
    }

    /// The last job is the current one, the one before it the previous. Source: bash(1), "JOB CONTROL".
    fn jobs(&self) -> String {
        let jobs = self.own.jobs.iter().rev().zip(['+', '-'].into_iter().chain(std::iter::repeat(' ')));
        let lines =
            jobs.map(|(job, sign)| format!("[{}]{sign}  {:<24}{} &\n", job.number, "Running", job.command.trim_end()));
        lines.collect::<Vec<_>>().into_iter().rev().collect()
    }

    /// `bash -c SCRIPT`: another shell, which has only what is exported.
    fn another_shell(&mut self, name: &str, args: &[String], stdin: Option<&str>) -> Output {
        let [flag, script, rest @ ..] = args else {
            return Output::fail(1, format!("podhop: {name} is simulated with -c alone; nearest: {name} -c COMMAND"));
        };
        if flag != "-c" {
            return Output::fail(1, format!("podhop: {name} {flag} is not simulated; nearest: {name} -c COMMAND"));
        }
        let before = stdin.map(|text| self.own.stdin.replace(text.to_owned()));
        let output = self.forgetting(|shell| {
            let exported = shell.exported();
            shell.own.begin(exported);
            shell.own.arguments = rest.iter().skip(1).cloned().collect();
            shell.apart(script)
        });
        if let Some(before) = before {
            self.own.stdin = before;
        }
        self.own.leaving = None;
        output
    }

    /// Runs the text of a shell that has functions and arguments of its own.
    pub(super) fn apart(&mut self, text: &str) -> Output {
        let loops = std::mem::take(&mut self.own.loops);
        let calls = std::mem::take(&mut self.own.calls);
        let output = self.nested(text);
        (self.own.loops, self.own.calls) = (loops, calls);
        output
    }

    fn background(&mut self, name: &str, args: &[String]) -> Output {
        if name == "tcpdump" {
            return linux::tcpdump::start(self, args);
        }
        Output::fail(1, format!("podhop: {name} &: only tcpdump runs in the background here"))
    }

    pub(crate) const fn take_job_number(&mut self) -> usize {
        let number = self.own.next_job;
        self.own.next_job += 1;
        number
    }
}

const fn builtin(path: &'static str, operands: &'static str, example: &'static str) -> Row {
    Row::new(path, Place::Anywhere, &[], Example::on(At::Workstation, example), Run::Builtin).with(operands)
}

/// Rows of what the shell does itself.
pub(super) const COMMANDS: &[Row] = &[
    builtin("exit", "", "exit"),
    builtin("echo", "[WORD]...", "echo $(kubectl get node -o name)"),
    builtin("true", "", "true && echo yes"),
    builtin("false", "", "false || echo no"),
    builtin("clear", "", "clear"),
    builtin("export", "NAME=VALUE", "export subnet=vlan01"),
    builtin("unset", "NAME...", "unset subnet"),
    builtin("env", "", "env"),
    builtin("set", "[-OPTION]...", "set -e"),
    builtin("printf", "FORMAT [WORD]...", "printf '%s\\n' one two"),
    builtin("test", "EXPRESSION", "test -n \"$(kubectl get pod -o name)\" && echo yes"),
    builtin("read", "NAME...", "kubectl get node --no-headers | while read name rest; do echo $name; done"),
    builtin("alias", "[NAME=COMMAND]", "alias k=kubectl"),
    builtin("break", "[N]", "for i in 1 2 3; do break; done"),
    builtin("continue", "[N]", "for i in 1 2 3; do continue; done"),
    builtin("return", "[N]", "inner() { return; }; inner"),
    builtin("local", "NAME[=VALUE]...", "inner() { local x=1; echo $x; }; inner"),
    builtin("shift", "[N]", "set -- a b; shift; echo $1"),
    builtin("let", "EXPRESSION...", "i=1; let i+=2; echo $i"),
    builtin("jobs", "", "jobs"),
    builtin("help", "", "help"),
    builtin("bash", "-c COMMAND", "bash -c 'echo a | tr a b'"),
    builtin("sh", "-c COMMAND", "sh -c 'echo a | tr a b'"),
];
