//! `traceroute`. Source: traceroute 2.1.2 `traceroute/traceroute.c`; recorded output of the real command.

use super::name_here;
use crate::shell::follow::{Follow, Happened, Part, Told};
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

/// A run that goes on hop by hop.
#[derive(Clone, Debug)]
pub(in crate::shell) struct Hops {
    to: Ipv4Addr,
    ttl: u8,
    most: u8,
    options: Options,
    silent: u8,
    /// Whether the probes of the hop have been sent.
    sent: bool,
}

/// How it probes.
#[derive(Clone, Copy, Debug)]
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
    let head = format!("traceroute to {to} ({to}), {most} hops max, 60 byte packets\n");
    let hops = Hops { to, ttl: first, most, options, silent: 0, sent: false };
    shell.follow(String::new(), head, Follow::Hops(hops))
}

impl Hops {
    /// Sends the probes of the next hop.
    pub(in crate::shell) fn act(&mut self, shell: &mut Shell) -> Result<(), Output> {
        let protocol = match self.options.protocol {
            ProbeProtocol::Udp { port } if self.options.counts => {
                ProbeProtocol::Udp { port: port.saturating_add(u16::from(self.ttl) - 1) }
            }
            other => other,
        };
        let probe = Probe { protocol, ttl: self.ttl, len: PROBE_BYTES, ..Probe::ping() };
        let count = self.options.queries;
        let action = Action::Send { from: name_here(shell), to: self.to.to_string(), probe, count };
        shell.act(action).map_err(|error| Output::fail(1, format!("traceroute: {}\n", shell.words(&error))))?;
        self.sent = true;
        Ok(())
    }

    /// The line of a hop grows with every answer; one that never came is a star once all is quiet.
    pub(in crate::shell) fn told(&mut self, happened: Happened<'_>) -> Told {
        let mut told = Told::default();
        if !std::mem::take(&mut self.sent) {
            return told;
        }
        let record = &happened.turn.record;
        let (mut silent, mut last, mut named, mut steps) = (true, false, None, 0);
        told.parts.push(Part { text: format!("{:2} ", self.ttl), ..Part::default() });
        for probe in record.probes() {
            let (from, end, mark, lineage) = match record.outcome(probe) {
                Outcome::Answered { reply } | Outcome::Refused { reply } => (self.to, true, "", reply),
                Outcome::Error { from, kind, error } => (from, kind != ErrorKind::TimeExceeded, mark(kind), error),
                _ => {
                    steps = happened.steps();
                    told.parts.push(Part { steps, text: " *".to_owned(), ..Part::default() });
                    continue;
                }
            };
            (silent, last) = (false, last || end);
            let name = if named == Some(from) { String::new() } else { format!(" {from}") };
            named = Some(from);
            let sent = record.path(probe).first().map(|at| record.steps[*at].time);
            let back = record.path(lineage).last().copied();
            let micros = sent.zip(back).map_or(0, |(sent, back)| (record.steps[back].time - sent).0 / 1000);
            steps = back.map_or(steps, |back| steps.max(back + 1));
            let text = format!("{name}  {}.{:03} ms{mark}", micros / 1000, micros % 1000);
            told.parts.push(Part { steps, text, ..Part::default() });
        }
        if let Some(part) = told.parts.last_mut() {
            part.text.push('\n');
        }
        self.silent = if silent { self.silent + 1 } else { 0 };
        told.over = (last || self.silent == SILENT || self.ttl >= self.most).then_some(0);
        self.ttl = self.ttl.saturating_add(1);
        told
    }
}

const fn mark(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Unreachable(Unreachable::Host) => " !H",
        ErrorKind::Unreachable(Unreachable::Net) => " !N",
        ErrorKind::Unreachable(Unreachable::FragmentationNeeded { .. }) => " !F",
        _ => "",
    }
}
