//! `traceroute`. Source: traceroute 2.1.2 `traceroute/traceroute.c`; recorded output of the real command.

use super::name_here;
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
/// Bytes behind the UDP header of a packet of 60 bytes.
const PROBE_BYTES: u16 = 32;

/// What came of one hop.
struct Hop {
    text: String,
    silent: bool,
    last: bool,
}

pub(super) fn run(shell: &mut Shell, args: &[String]) -> Output {
    let icmp = args.iter().any(|a| a == "-I");
    let most = args.iter().position(|a| a == "-m").and_then(|at| args.get(at + 1)).and_then(|n| n.parse().ok());
    let most: u8 = most.unwrap_or(30);
    let to = args.iter().filter(|a| !a.starts_with('-')).find_map(|a| a.parse::<Ipv4Addr>().ok());
    let Some(to) = to else { return Output::fail(2, "Specify \"host\" missing argument.") };
    let mut text = format!("traceroute to {to} ({to}), {most} hops max, 60 byte packets\n");
    let mut silent = 0;
    for ttl in 1..=most {
        let hop = match hop(shell, to, ttl, icmp) {
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

fn hop(shell: &mut Shell, to: Ipv4Addr, ttl: u8, icmp: bool) -> Result<Hop, Output> {
    let port = FIRST_PORT + u16::from(ttl);
    let protocol = if icmp { ProbeProtocol::Icmp } else { ProbeProtocol::Udp { port } };
    let probe = Probe { protocol, ttl, len: PROBE_BYTES, from_port: None };
    let action = Action::Send { from: name_here(shell), to: to.to_string(), probe, count: 3 };
    shell.act(action).map_err(|error| Output::fail(1, format!("traceroute: {}", shell.words(&error))))?;
    let Some(turn) = shell.session().turns().last() else { return Err(Output::fail(1, "")) };
    let record = &turn.record;
    let mut hop = Hop { text: format!("{ttl:2} "), silent: true, last: false };
    let mut named = None;
    for probe in record.probes() {
        let (from, end, mark, lineage) = match record.outcome(probe) {
            Outcome::Answered { reply } => (to, true, "", reply),
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
