//! `traceroute`. Source: traceroute 2.1.2 `traceroute/traceroute.c`; recorded output of the real command.

use super::name_here;
use crate::shell::line::Line;
use crate::shell::{Output, Shell};
use crate::sim::action::Action;
use crate::sim::engine::probe::{Probe, ProbeProtocol};
use crate::sim::packet::Unreachable;
use crate::sim::record::trace::{ErrorKind, Outcome};
use std::net::Ipv4Addr;

/// First port of the probes.
const FIRST_PORT: u16 = 33_434;
/// Silent hops in a row after which it stops; the real one goes on to the last.
const SILENT: u8 = 5;
/// Most probes of one hop.
const MAX_QUERIES: u16 = 10;
/// Bytes behind the UDP header of a packet of 60 bytes.
const PROBE_BYTES: u16 = 32;

/// What came of one hop.
struct Hop {
    text: String,
    silent: bool,
    last: bool,
}

/// How it probes.
struct Options {
    protocol: ProbeProtocol,
    /// Whether every probe has a port of its own.
    counts: bool,
    queries: u16,
}

fn options(line: &Line) -> Result<(u8, u8, Options), Output> {
    let bad =
        |name: &'static str| move |text: String| Output::fail(2, format!("Bad option `{name}' with value `{text}'"));
    let most: u8 = line.value("--max-hops", 30).map_err(bad("-m"))?;
    let first: u8 = line.value("--first", 1).map_err(bad("-f"))?;
    let queries: u16 = line.value("--queries", 3).map_err(bad("-q"))?;
    if first == 0 || first > most {
        return Err(Output::fail(2, "first hop out of range"));
    }
    if most == 0 {
        return Err(Output::fail(2, "max hops cannot be more than 255"));
    }
    if !(1..=MAX_QUERIES).contains(&queries) {
        return Err(Output::fail(2, "no more than 10 probes per hop"));
    }
    let port = |default| line.value("--port", default).map_err(bad("-p"));
    let (protocol, counts) = if line.has("--icmp") {
        (ProbeProtocol::Icmp, false)
    } else if line.has("--tcp") {
        (ProbeProtocol::Tcp { port: port(80)? }, false)
    } else if line.has("--udp") {
        (ProbeProtocol::Udp { port: port(53)? }, false)
    } else {
        (ProbeProtocol::Udp { port: port(FIRST_PORT)? }, true)
    };
    Ok((first, most, Options { protocol, counts, queries }))
}

pub(super) fn run(shell: &mut Shell, line: &Line) -> Output {
    let Some(word) = line.word(0) else { return Output::fail(2, "Specify \"host\" missing argument.") };
    let Ok(to) = word.parse::<Ipv4Addr>() else {
        return Output::fail(
            2,
            format!(
                "{word}: Name or service not known\nCannot handle \"host\" cmdline arg `{word}' on position 1 (argc 1)"
            ),
        );
    };
    let (first, most, options) = match options(line) {
        Ok(options) => options,
        Err(output) => return output,
    };
    let mut text = format!("traceroute to {to} ({to}), {most} hops max, 60 byte packets\n");
    let mut silent = 0;
    for ttl in first..=most {
        let hop = match hop(shell, to, ttl, &options) {
            Ok(hop) => hop,
            Err(output) => return output,
        };
        text += &hop.text;
        silent = if hop.silent { silent + 1 } else { 0 };
        if hop.last || silent == SILENT {
            break;
        }
    }
    Output::ok(text)
}

fn hop(shell: &mut Shell, to: Ipv4Addr, ttl: u8, options: &Options) -> Result<Hop, Output> {
    let protocol = match options.protocol {
        ProbeProtocol::Udp { port } if options.counts => {
            ProbeProtocol::Udp { port: port.saturating_add(u16::from(ttl) - 1) }
        }
        other => other,
    };
    let probe = Probe { protocol, ttl, len: PROBE_BYTES, from_port: None };
    let action = Action::Send { from: name_here(shell), to: to.to_string(), probe, count: options.queries };
    shell.act(action).map_err(|error| Output::fail(1, format!("traceroute: {}", shell.words(&error))))?;
    let Some(turn) = shell.session().turns().last() else { return Err(Output::fail(1, "")) };
    let record = &turn.record;
    let mut hop = Hop { text: format!("{ttl:2} "), silent: true, last: false };
    let mut named = None;
    for probe in record.probes() {
        let (from, end, mark, lineage) = match record.outcome(probe) {
            Outcome::Answered { reply } | Outcome::Refused { reply } => (to, true, "", reply),
            Outcome::Error { from, kind, error } => (from, kind != ErrorKind::TimeExceeded, mark(kind), error),
            _ => {
                hop.text += " *";
                continue;
            }
        };
        hop.silent = false;
        hop.last |= end;
        if named != Some(from) {
            hop.text += &format!(" {from}");
            named = Some(from);
        }
        let sent = record.path(probe).first().map(|at| record.steps[*at].time);
        let back = record.path(lineage).last().map(|at| record.steps[*at].time);
        let micros = sent.zip(back).map_or(0, |(sent, back)| (back - sent).0 / 1000);
        hop.text += &format!("  {}.{:03} ms{mark}", micros / 1000, micros % 1000);
    }
    hop.text.push('\n');
    Ok(hop)
}

const fn mark(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Unreachable(Unreachable::Host) => " !H",
        ErrorKind::Unreachable(Unreachable::Net) => " !N",
        ErrorKind::Unreachable(Unreachable::FragmentationNeeded { .. }) => " !F",
        _ => "",
    }
}
