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
use print::{Clock, Style};

/// What stands on the command line.
struct Options {
    dev: Option<String>,
    count: usize,
    ethernet: bool,
    verbose: bool,
    clock: Clock,
    filter: Filter,
}

fn options(args: &[String]) -> Result<Options, Output> {
    let mut options = Options {
        dev: None,
        count: usize::MAX,
        ethernet: false,
        verbose: false,
        clock: Clock::OfDay,
        filter: Filter::All,
    };
    let mut words = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.strip_prefix('-') {
            None | Some("") => words.push(arg.as_str()),
            Some(flags) => {
                let mut flags = flags.chars();
                while let Some(flag) = flags.next() {
                    let rest: String =
                        if matches!(flag, 'i' | 'c' | 's') { flags.by_ref().collect() } else { String::new() };
                    let mut value = || if rest.is_empty() { args.next().cloned() } else { Some(rest.clone()) };
                    match flag {
                        'i' => options.dev = value(),
                        'c' => {
                            let text = value().unwrap_or_default();
                            let count = text.parse().ok().filter(|count| *count > 0);
                            options.count = count
                                .ok_or_else(|| Output::fail(1, format!("tcpdump: invalid packet count {text}")))?;
                        }
                        's' => drop(value()),
                        't' => options.clock = options.clock.next(),
                        'A' | 'X' | 'x' | 'w' | 'r' => {
                            let near = "-e and -v, which show headers";
                            let why = format!("podhop: tcpdump -{flag} is not simulated; nearest: {near}");
                            return Err(Output::fail(1, why));
                        }
                        'e' => options.ethernet = true,
                        'v' => options.verbose = true,
                        'n' | 'l' | 'q' | 'U' | 'p' => {}
                        other => return Err(Output::fail(1, format!("tcpdump: invalid option -- '{other}'"))),
                    }
                }
            }
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
    found.map(|points| (id, points)).ok_or_else(|| {
        Output::fail(1, format!("tcpdump: {name}: No such device exists\n(SIOCGIFHWADDR: No such device)"))
    })
}

/// A capture: what it prints of what passes.
#[derive(Clone, Debug)]
pub(in crate::shell) struct Capture {
    style: Style,
    filter: Filter,
    /// Packets after which it ends.
    count: usize,
    seen: usize,
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
    let mut said = String::new();
    if any {
        said += "tcpdump: data link type LINUX_SLL2\n";
    }
    if !options.verbose {
        said += "tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n";
    }
    let link = if any { "LINUX_SLL2 (Linux cooked v2)" } else { "EN10MB (Ethernet)" };
    said += &format!("listening on {dev}, link-type {link}, snapshot length 262144 bytes\n");
    let style = Style { ethernet: options.ethernet, verbose: options.verbose, clock: options.clock, any };
    Ok((Capture { style, filter: options.filter, count: options.count, seen: 0, at }, said))
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
            let text = print::line(&seen, self.style, world.hosts.get(at.host).and_then(|h| h.interface(at.index)));
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
            shell.own.jobs.push(Job { number, command: args.to_vec(), capture, since });
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
