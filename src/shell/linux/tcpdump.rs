//! `tcpdump`: in the background it sees what happens until it is ended; in the foreground, what the last packet that
//! somebody sent did. Source: tcpdump 4.99 `print-*.c`; recorded output of the real command.

mod filter;
mod print;

use super::here;
use crate::shell::{Job, Output, Shell, catalog};
use crate::sim::host::interface::InterfaceKind;
use crate::sim::ids::{HostId, IfIndex, InterfaceId};
use crate::sim::record::seen::Seen;
use filter::Filter;

/// What stands on the command line.
struct Options {
    dev: Option<String>,
    count: usize,
    ethernet: bool,
    verbose: bool,
    filter: Filter,
}

fn options(args: &[String]) -> Result<Options, Output> {
    let mut options = Options { dev: None, count: usize::MAX, ethernet: false, verbose: false, filter: Filter::All };
    let mut words = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.strip_prefix('-') {
            None | Some("") => words.push(arg.as_str()),
            Some(flags) => {
                let mut flags = flags.chars();
                while let Some(flag) = flags.next() {
                    let rest: String = if matches!(flag, 'i' | 'c') { flags.by_ref().collect() } else { String::new() };
                    let mut value = || if rest.is_empty() { args.next().cloned() } else { Some(rest.clone()) };
                    match flag {
                        'i' => options.dev = value(),
                        'c' => options.count = value().and_then(|v| v.parse().ok()).unwrap_or(usize::MAX),
                        'e' => options.ethernet = true,
                        'v' => options.verbose = true,
                        'n' | 'l' | 't' | 'q' => {}
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

pub(super) fn run(shell: &mut Shell, args: &[String]) -> Output {
    if let [only] = args
        && matches!(only.as_str(), "-h" | "--help")
        && let Some(row) = catalog::commands().find(|c| c.path == "tcpdump")
    {
        return catalog::of(shell, row);
    }
    let turns = shell.session().turns().len();
    let since = turns.saturating_sub(1);
    match job(shell, args, since) {
        Ok(job) => print(shell, &job),
        Err(output) => output,
    }
}

fn job(shell: &mut Shell, args: &[String], since: usize) -> Result<Job, Output> {
    let options = options(args)?;
    let (host, at) = points(shell, &options)?;
    let number = shell.take_job_number();
    Ok(Job { number, command: args.to_vec(), at, host, since })
}

pub(in crate::shell) fn start(shell: &mut Shell, args: &[String]) -> Output {
    let since = shell.session().turns().len();
    match job(shell, args, since) {
        Ok(job) => {
            let text = format!("[{}] {}\n", job.number, 1000 + job.number);
            shell.own.jobs.push(job);
            Output { err: text, ..Output::default() }
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
    match at {
        Some(at) => {
            let job = shell.own.jobs.remove(at);
            print(shell, &job)
        }
        None => Output::fail(1, "bash: fg: current: no such job"),
    }
}

fn print(shell: &Shell, job: &Job) -> Output {
    let Ok(options) = options(&job.command) else { return Output::fail(1, "") };
    let mut seen: Vec<Seen> = Vec::new();
    for turn in shell.session().turns().iter().skip(job.since) {
        for at in &job.at {
            seen.extend(turn.record.seen_at(*at).into_iter().filter(|s| options.filter.holds(&s.frame)));
        }
    }
    seen.sort_by_key(|s| s.time);
    seen.truncate(options.count);
    let dev = options.dev.clone().unwrap_or_else(|| {
        let first = job.at.first().and_then(|at| shell.host(job.host)?.interface(at.index));
        first.map_or_else(String::new, |i| i.name.to_string())
    });
    let verbose = if options.verbose {
        ""
    } else {
        "tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n"
    };
    let err = format!("{verbose}listening on {dev}, link-type EN10MB (Ethernet), snapshot length 262144 bytes\n");
    let lines: String = seen.iter().map(|s| print::line(s, options.ethernet, options.verbose)).collect();
    let n = seen.len();
    let packets = if n == 1 { "packet" } else { "packets" };
    let tail = format!("\n{n} {packets} captured\n{n} {packets} received by filter\n0 packets dropped by kernel\n");
    Output { out: lines, err: err + &tail, status: 0 }
}
