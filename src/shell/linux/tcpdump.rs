//! `tcpdump`: it sees what passes from its start to its end, in the foreground as in the background. Source: tcpdump 4.99 `print-*.c`; recorded output of the real command.

mod filter;
mod print;

use super::here;
use crate::shell::follow::{Follow, Happened, Part, Told};
use crate::shell::{Job, Output, Shell, Stopped, catalog};
use crate::sim::host::interface::InterfaceKind;
use crate::sim::ids::{HostId, IfIndex, InterfaceId};
use crate::sim::record::seen::Seen;
use crate::sim::world::World;
use filter::Filter;
use print::{At, Clock, Form, Printer};

/// What stands on the command line.
struct Options {
    dev: Option<String>,
    count: usize,
    form: Form,
    filter: Filter,
}

/// Letters of the real tool that mean nothing to what is simulated; those behind the bar have a value.
const IGNORED: (&str, &str) = ("nNlUpKO#f", "sBj");
/// Letters of the real tool that are not simulated; those behind the bar have a value.
const NOT_HERE: (&str, &str) = ("AbDdHhIJLuxX", "CEFGMQrTVwWyzZ");

/// Reads letters of one word; those that are left are the value of the last.
fn letters(options: &mut Options, flags: &str, args: &mut std::slice::Iter<'_, String>) -> Result<(), Output> {
    let mut flags = flags.chars();
    while let Some(flag) = flags.next() {
        let valued = matches!(flag, 'i' | 'c') || IGNORED.1.contains(flag) || NOT_HERE.1.contains(flag);
        let mut value = String::new();
        if valued {
            value = flags.by_ref().collect();
            if value.is_empty() {
                let missing = || Output::fail(1, format!("tcpdump: option requires an argument -- '{flag}'"));
                value.clone_from(args.next().ok_or_else(missing)?);
            }
        }
        match flag {
            'i' => options.dev = Some(value),
            'c' => match value.parse() {
                Ok(count) if count > 0 => options.count = count,
                _ => return Err(Output::fail(1, format!("tcpdump: invalid packet count {value}"))),
            },
            'e' => options.form.detail.ethernet = true,
            'S' => options.form.absolute = true,
            'q' => options.form.detail.quiet = true,
            'v' => options.form.detail.verbose = options.form.detail.verbose.saturating_add(1),
            't' => {
                options.form.clock = match options.form.clock {
                    Clock::Day => Clock::Nothing,
                    Clock::Nothing => Clock::Seconds,
                    Clock::Seconds => Clock::SinceLast,
                    Clock::SinceLast => {
                        return Err(Output::fail(1, "podhop: tcpdump -tttt is not simulated; nearest: tcpdump -tt"));
                    }
                };
            }
            _ if IGNORED.0.contains(flag) || IGNORED.1.contains(flag) => {}
            _ if NOT_HERE.0.contains(flag) || NOT_HERE.1.contains(flag) => {
                let said = format!("podhop: tcpdump -{flag} is not simulated; nearest: tcpdump -nev");
                return Err(Output::fail(1, said));
            }
            other => return Err(Output::fail(1, format!("tcpdump: invalid option -- '{other}'"))),
        }
    }
    Ok(())
}

fn options(args: &[String]) -> Result<Options, Output> {
    let mut options = Options { dev: None, count: usize::MAX, form: Form::default(), filter: Filter::All };
    let mut words = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.strip_prefix('-') {
            None | Some("") => words.push(arg.as_str()),
            Some(flags) => letters(&mut options, flags, &mut args)?,
        }
    }
    options.filter = filter::parse(&words).map_err(|why| Output::fail(1, format!("tcpdump: {why}")))?;
    Ok(options)
}

/// The interfaces to listen at.
fn points(shell: &Shell, options: &Options) -> Result<(HostId, Vec<InterfaceId>), Output> {
    let host = here(shell)?;
    let (id, _) = shell.here().ok_or_else(|| Output::fail(1, ""))?;
    let all = |index: IfIndex| InterfaceId { host: id, index };
    let of_name = |name: &str| host.interface_named(name).map(|i| vec![all(i.index)]);
    let found = match options.dev.as_deref() {
        Some("any") => Some(host.interfaces.values().map(|i| all(i.index)).collect()),
        Some(name) => of_name(name),
        None => host.interfaces.values().find(|i| i.kind != InterfaceKind::Loopback).map(|i| vec![all(i.index)]),
    };
    let name = options.dev.clone().unwrap_or_default();
    found
        .map(|points| (id, points))
        .ok_or_else(|| Output::fail(1, format!("tcpdump: {name}: No such device exists\n(No such device exists)")))
}

/// A capture: what it prints of what passes.
#[derive(Clone, Debug)]
pub(in crate::shell) struct Capture {
    printer: Printer,
    filter: Filter,
    /// Packets after which it ends.
    count: usize,
    seen: usize,
    /// Listens at every interface, so that a line says at which.
    any: bool,
    at: Vec<InterfaceId>,
}

pub(super) fn run(shell: &mut Shell, args: &[String]) -> Output {
    if let [only] = args
        && matches!(only.as_str(), "-h" | "--help")
        && let Some(row) = catalog::commands().find(|c| c.path == "tcpdump")
    {
        return catalog::of(shell, row);
    }
    match capture(shell, args) {
        Ok((capture, said)) => shell.follow(said, String::new(), Follow::Capture(capture)),
        Err(output) => output,
    }
}

/// A capture that begins, and what it says then.
fn capture(shell: &Shell, args: &[String]) -> Result<(Capture, String), Output> {
    let options = options(args)?;
    let (host, at) = points(shell, &options)?;
    let first = at.first().and_then(|at| shell.host(host)?.interface(at.index));
    let dev = options.dev.unwrap_or_else(|| first.map_or_else(String::new, |i| i.name.to_string()));
    let any = dev == "any";
    let said = head(&dev, any, options.form);
    let printer = Printer::new(options.form);
    Ok((Capture { printer, any, filter: options.filter, count: options.count, seen: 0, at }, said))
}

/// What is said before the first frame.
fn head(dev: &str, any: bool, form: Form) -> String {
    let (link, note) = if any {
        ("LINUX_SLL2 (Linux cooked v2)", "tcpdump: data link type LINUX_SLL2\n")
    } else {
        ("EN10MB (Ethernet)", "")
    };
    let verbose = if form.detail.verbose > 0 {
        "tcpdump: "
    } else {
        "tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n"
    };
    format!("{note}{verbose}listening on {dev}, link-type {link}, snapshot length 262144 bytes\n")
}

impl Capture {
    pub(in crate::shell) fn told(&mut self, happened: Happened<'_>) -> Told {
        let mut seen: Vec<(InterfaceId, Seen)> = Vec::new();
        for at in &self.at {
            let passed = happened.turn.record.seen_at(*at).into_iter().filter(|s| self.filter.holds(&s.frame));
            seen.extend(passed.map(|s| (*at, s)));
        }
        seen.sort_by_key(|(_, seen)| seen.step);
        let mut told = Told::default();
        for (at, seen) in seen {
            if self.seen == self.count {
                break;
            }
            self.seen += 1;
            let world = seen_world(happened, &seen);
            let dev = world.hosts.get(at.host).and_then(|h| h.interface(at.index)).filter(|_| self.any);
            let text = self.printer.line(&seen, dev.map(|i| At { index: i.index.0, name: &i.name, mac: i.mac }));
            told.parts.push(Part { steps: seen.step + 1, text, clears: false, stopped: Some(self.stopped()) });
        }
        if self.seen == self.count {
            told.over = Some(0);
            if let Some(last) = told.parts.last_mut() {
                last.text += &self.statistics();
            }
        }
        told
    }

    fn statistics(&self) -> String {
        let n = self.seen;
        let packets = if n == 1 { "packet" } else { "packets" };
        format!("{n} {packets} captured\n{n} {packets} received by filter\n0 packets dropped by kernel\n")
    }

    /// What it prints when it is stopped.
    pub(in crate::shell) fn stopped(&self) -> Stopped {
        Stopped { sent: None, text: format!("\n{}", self.statistics()), status: 0 }
    }
}

fn seen_world<'a>(happened: Happened<'a>, seen: &Seen) -> &'a World {
    let step = happened.turn.record.steps.get(seen.step);
    step.and_then(|step| step.world.as_deref()).unwrap_or(&happened.turn.world)
}

pub(in crate::shell) fn start(shell: &mut Shell, args: &[String]) -> Output {
    let since = shell.session().turns().len();
    match capture(shell, args) {
        Ok((capture, said)) => {
            let number = shell.take_job_number();
            shell.own.jobs.push(Job { number, command: format!("tcpdump {}", args.join(" ")), capture, since });
            Output { err: format!("[{number}] {}\n{said}", 1000 + number), ..Output::default() }
        }
        Err(output) => output,
    }
}

/// `fg`, `wait`, `kill %N`: what a capture in the background has seen.
pub(in crate::shell) fn finish(shell: &mut Shell, args: &[String]) -> Output {
    let number = args.iter().find_map(|a| a.trim_start_matches('%').parse::<usize>().ok());
    let at = match number {
        Some(number) => shell.own.jobs.iter().position(|j| j.number == number),
        None => shell.own.jobs.len().checked_sub(1),
    };
    let Some(at) = at else { return Output::fail(1, "bash: fg: current: no such job") };
    let Job { mut capture, since, .. } = shell.own.jobs.remove(at);
    let (terminal, session) = (&shell.own, &shell.session);
    let mut out = String::new();
    for (number, turn) in session.turns().iter().enumerate().skip(since) {
        let told = capture.told(Happened { terminal, session, number, turn });
        out.extend(told.parts.into_iter().map(|part| part.text));
        if told.over.is_some() {
            return Output::ok(out);
        }
    }
    Output { out, err: capture.stopped().text, status: 0 }
}
