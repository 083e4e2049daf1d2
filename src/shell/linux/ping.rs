//! `ping`. Source: iputils 20221126 `ping/ping_common.c`; recorded output of the real command.

mod statistics;

use super::{dev_name, is_broadcast, name_here, resolved};
use crate::session::Cursor;
use crate::shell::follow::TIMED_OUT;
use crate::shell::line::Line;
use crate::shell::{Mark, Output, Shell, Stopped};
use crate::sim::action::error::ActionError;
use crate::sim::action::send::{MAX_COUNT, MAX_LEN};
use crate::sim::action::{Action, MAX_WAIT_MS};
use crate::sim::engine::probe::{PING_BYTES, Probe};
use crate::sim::host::fib::Route;
use crate::sim::host::netfilter::{Hook, Verdict};
use crate::sim::ids::LineageId;
use crate::sim::packet::{DEFAULT_TTL, IP_HEADER_BYTES, Unreachable};
use crate::sim::record::Record;
use crate::sim::record::decision::{Decision, DropReason};
use crate::sim::record::trace::{ErrorKind, Outcome};
use crate::sim::time::{Span, Time};
use statistics::{statistics, time};
use std::net::Ipv4Addr;
use std::num::IntErrorKind;
use std::time::Duration;

/// Packets where no `-c` is given: nobody is there to press Ctrl-C.
const WITHOUT_COUNT: u16 = 4;
/// Milliseconds from one packet to the next where no `-i` is given.
const INTERVAL_MS: u64 = 1000;
/// Length of an ICMP echo header.
const ECHO_HEADER: u32 = 8;
/// How long is waited where no `-W` is given.
const LINGER: Span = Span::secs(10);
/// Bytes that the time of sending takes in a packet.
const TIME_BYTES: u32 = 16;
/// What the real one keeps in an `int`, or in one of milliseconds.
const MAX_INT: u64 = 2_147_483_647;
const LONGEST: Duration = Duration::from_millis(MAX_INT);

#[derive(Clone)]
struct Options {
    /// As it was typed.
    name: String,
    to: Ipv4Addr,
    count: u16,
    /// Packets that were asked for; none where it goes on until somebody stops it.
    wanted: u64,
    ttl: u8,
    /// Bytes behind the echo header, which may be more than any packet takes.
    len: u32,
    quiet: bool,
    interval_ms: u64,
    may_fragment: bool,
    /// How long is waited behind the last packet where nothing came back.
    linger: Span,
    /// Milliseconds after which it ends, and not with the last answer.
    deadline: Option<u64>,
    /// Milliseconds after which `timeout` ends it, and whether it would go on then for certain.
    timeout: Option<u64>,
    killed: bool,
    /// What is given as source, with the device where it is one.
    source: Option<String>,
    /// What is said of the options before anything is sent.
    warnings: String,
}

/// What came back.
#[derive(Clone, Debug, Default)]
struct Heard {
    received: u64,
    /// Nanoseconds of each answer that had room for a time.
    times: Vec<u64>,
    errors: u32,
    /// When the first packet was sent, and the last: what comes back does not count.
    first: Option<Time>,
    last: Time,
    /// What comes later is not heard.
    ends: Time,
}

impl Heard {
    fn sent(&mut self, at: Option<Time>) {
        self.first = self.first.or(at);
        self.last = self.last.max(at.unwrap_or_default());
    }

    fn hears(&self, record: &Record, lineage: LineageId) -> bool {
        arrival(record, lineage).is_some_and(|at| at <= self.ends)
    }
}

pub(super) fn run(shell: &mut Shell, line: &Line) -> Output {
    let options = match options(shell, line) {
        Ok(options) => options,
        Err(output) => return output,
    };
    let Options { to, ttl, may_fragment, .. } = options;
    let len = u16::try_from(options.len).unwrap_or(MAX_LEN).min(MAX_LEN);
    let interval_ms = (options.interval_ms != INTERVAL_MS).then_some(options.interval_ms);
    let probe = Probe { ttl, len, may_fragment, interval_ms, ..Probe::ping() };
    let action = Action::Send { from: name_here(shell), to: to.to_string(), probe, count: options.count };
    let done = shell.act(action).and_then(|()| wait(shell, &options));
    match done {
        Ok(()) => report(shell, &options),
        Err(error) => Output::fail(2, format!("ping: {}", shell.words(&error))),
    }
}

/// Where something did not come back it is waited for.
fn wait(shell: &mut Shell, options: &Options) -> Result<(), ActionError> {
    let Some(turn) = shell.session().turns().last() else { return Ok(()) };
    let record = &turn.record;
    let last = record.probes().filter_map(|probe| departure(record, probe)).max();
    let ends = ends(record, options);
    let heard = record.probes().filter(|probe| is_done(record, *probe, ends)).count();
    let waits = unsendable(record).is_none() && (heard < usize::from(options.count) || options.killed);
    match last.filter(|last| waits && ends > *last) {
        Some(last) => shell.linger((ends - last).0.div_ceil(1_000_000)),
        None => Ok(()),
    }
}

/// Whether all that comes of a packet has come in time.
fn is_done(record: &Record, probe: LineageId, ends: Time) -> bool {
    let local = matches!(record.outcome(probe), Outcome::Lost { reason: DropReason::TooBig { .. }, .. });
    local || back(record, probe).and_then(|lineage| arrival(record, lineage)).is_some_and(|at| at <= ends)
}

/// A number of an option within its range.
fn number(line: &Line, name: &str, default: u64, range: std::ops::RangeInclusive<u64>) -> Result<u64, Output> {
    let Some(text) = line.option(name) else { return Ok(default) };
    let (least, most) = (range.start(), range.end());
    let wrong = |why: &str| Output::fail(1, format!("ping: invalid argument: '{text}'{why}"));
    match text.parse::<i64>() {
        Ok(found) => u64::try_from(found)
            .ok()
            .filter(|found| range.contains(found))
            .ok_or_else(|| wrong(&format!(": out of range: {least} <= value <= {most}"))),
        Err(error) if matches!(error.kind(), IntErrorKind::PosOverflow | IntErrorKind::NegOverflow) => {
            Err(wrong(": Numerical result out of range"))
        }
        Err(_) => Err(wrong("")),
    }
}

/// A number of seconds, in milliseconds. What is no number counts as far as it is one.
fn seconds(line: &Line, name: &str, warnings: &mut String) -> Option<f64> {
    let text = line.option(name)?;
    if text.parse::<f64>().is_err() {
        *warnings += &format!(
            "ping: option argument contains garbage: {text}\nping: this will become fatal error in the future\n"
        );
    }
    let mut starts = (0..=text.len()).rev().filter_map(|end| text.get(..end));
    Some(starts.find_map(|start| start.parse().ok()).unwrap_or(0.0))
}

/// Milliseconds from one packet to the next. One below zero is none.
fn interval(line: &Line, warnings: &mut String) -> Result<u64, Output> {
    let Some(seconds) = seconds(line, "-i", warnings) else { return Ok(INTERVAL_MS) };
    let span = Duration::try_from_secs_f64(seconds.max(0.0)).ok().filter(|span| *span <= LONGEST);
    let ms = span.and_then(|span| u64::try_from(span.as_millis()).ok());
    let bad = || Output::fail(2, format!("ping: bad timing interval: {}", line.option("-i").unwrap_or_default()));
    Ok(ms.ok_or_else(bad)?.clamp(1, MAX_WAIT_MS))
}

/// How long is waited behind the last packet where nothing came back.
fn linger(line: &Line, warnings: &mut String) -> Result<Span, Output> {
    let Some(seconds) = seconds(line, "-W", warnings) else { return Ok(LINGER) };
    let span = Duration::try_from_secs_f64(seconds).ok().filter(|span| *span <= LONGEST);
    let nanos = span.and_then(|span| u64::try_from(span.as_nanos()).ok());
    let bad = || Output::fail(2, format!("ping: bad linger time: {}", line.option("-W").unwrap_or_default()));
    nanos.map(Span).ok_or_else(bad)
}

/// The address that is pinged. Whoever pings no address at all pings themselves.
fn target(shell: &Shell, name: &str) -> Result<Ipv4Addr, Output> {
    let unknown = || Output::fail(2, format!("ping: {name}: Name or service not known"));
    let to = resolved(shell, name).ok_or_else(unknown)?;
    let to = if to.is_unspecified() { Ipv4Addr::LOCALHOST } else { to };
    if shell.here().is_some_and(|(_, host)| is_broadcast(host, to)) {
        let why = "ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules";
        return Err(Output::fail(2, why));
    }
    Ok(to)
}

/// Source that is asked for, an address or a device: the one that the route gives anyway.
fn source(shell: &Shell, line: &Line, to: Ipv4Addr) -> Result<Option<String>, Output> {
    let (Some(source), Some((_, host))) = (line.option("-I"), shell.here()) else { return Ok(None) };
    let route = host.fib.best(to).and_then(Route::dev);
    let address = if host.is_local(to) {
        Some(to)
    } else {
        route.and_then(|dev| host.source_address(host.fib.best(to)?, dev, to))
    };
    let dev = if host.is_local(to) { Some("lo".into()) } else { route.map(|dev| dev_name(host, dev)) };
    let other = |found: Option<String>| {
        let found = found.unwrap_or_default();
        Output::fail(
            2,
            format!("podhop: ping -I {source} is not simulated, since the route gives {found}; nearest: ping {to}"),
        )
    };
    match source.parse::<Ipv4Addr>() {
        Ok(asked) if !host.is_local(asked) => Err(Output::fail(2, "ping: bind: Cannot assign requested address")),
        Ok(asked) if address.is_none_or(|address| address == asked) => Ok(Some(String::new())),
        Ok(_) => Err(other(address.map(|address| address.to_string()))),
        Err(_) if host.interface_named(source).is_none() => {
            Err(Output::fail(2, format!("ping: SO_BINDTODEVICE {source}: No such device")))
        }
        Err(_) if dev.as_ref().is_none_or(|dev| dev == source) => Ok(Some(source.to_owned())),
        Err(_) => Err(other(dev)),
    }
}

/// Packets to send, how many were asked for, and the milliseconds after which it ends.
fn counts(line: &Line, interval_ms: u64) -> Result<(u16, u64, Option<u64>), Output> {
    let most = u64::try_from(i64::MAX).unwrap_or(u64::MAX);
    let deadline = Some(number(line, "-w", 0, 0..=MAX_INT)? * 1000).filter(|ms| *ms > 0);
    let wanted = line.option("-c").map(|_| number(line, "-c", 0, 1..=most)).transpose()?;
    let within = deadline.map(|ms| ms.div_ceil(interval_ms));
    let without = within.unwrap_or(WITHOUT_COUNT.into());
    let count = wanted.unwrap_or(without).min(within.unwrap_or(u64::MAX));
    let count = u16::try_from(count).unwrap_or(u16::MAX).min(MAX_COUNT);
    Ok((count, wanted.unwrap_or(0), deadline))
}

fn options(shell: &Shell, line: &Line) -> Result<Options, Output> {
    let Some(name) = line.words.last() else {
        return Err(Output::fail(1, "ping: usage error: Destination address required"));
    };
    let mut warnings = String::new();
    let interval_ms = interval(line, &mut warnings)?;
    let linger = linger(line, &mut warnings)?;
    let (count, wanted, deadline) = counts(line, interval_ms)?;
    // What goes on until somebody stops it is stopped by `timeout`.
    let timeout = shell.own.deadline;
    let within =
        timeout.map_or(count, |ms| u16::try_from(ms.div_ceil(interval_ms)).unwrap_or(MAX_COUNT).clamp(1, MAX_COUNT));
    let endless = wanted == 0 && deadline.is_none();
    let killed = timeout.is_some() && (endless || within < count);
    let count = if endless { within } else { count.min(within) };
    let ttl = u8::try_from(number(line, "-t", DEFAULT_TTL.into(), 0..=255)?).unwrap_or(DEFAULT_TTL);
    let len = u32::try_from(number(line, "-s", PING_BYTES.into(), 0..=MAX_INT)?).unwrap_or(u32::MAX);
    let to = target(shell, name)?;
    let may_fragment = may_fragment(shell, line, to, len)?;
    let source = source(shell, line, to)?;
    if ttl == 0 {
        return Err(Output::fail(2, "ping: cannot set unicast time-to-live: Invalid argument"));
    }
    let quiet = line.has("-q");
    Ok(Options {
        name: name.clone(),
        to,
        count,
        wanted,
        ttl,
        len,
        quiet,
        interval_ms,
        may_fragment,
        linger,
        deadline,
        timeout,
        killed,
        source,
        warnings,
    })
}

/// Whether a packet goes without DF: never with `do`, always with `dont`, and otherwise when it is too long for the link.
/// What is too long for any packet is not cut. Source: Linux `__ip_make_skb`, ip(7) `IP_MTU_DISCOVER`.
fn may_fragment(shell: &Shell, line: &Line, to: Ipv4Addr, len: u32) -> Result<bool, Output> {
    let may = match line.option("-M").unwrap_or("want") {
        "do" | "probe" => false,
        "dont" => true,
        "want" => {
            let mtu = shell.here().and_then(|(_, host)| {
                let dev = host.fib.best(to)?.dev()?;
                Some(u32::from(host.interface(dev)?.mtu))
            });
            mtu.is_some_and(|mtu| total(len) > mtu)
        }
        other => return Err(Output::fail(2, format!("ping: invalid -M argument: {other}"))),
    };
    Ok(may && len <= u32::from(MAX_LEN))
}

/// Length of the whole packet.
const fn total(len: u32) -> u32 {
    len.saturating_add(ECHO_HEADER + IP_HEADER_BYTES as u32)
}

/// What is wrong where no packet can be sent at all. Source: Linux `ip_route_output_key_hash_rcu`, errno(3).
fn unsendable(record: &Record) -> Option<&'static str> {
    let mut why = None;
    for probe in record.probes() {
        let Outcome::Lost { reason, lineage, .. } = record.outcome(probe) else { return None };
        why = match reason {
            DropReason::NoRoute if lineage == probe => Some("Network is unreachable"),
            DropReason::RouteUnreachable if lineage == probe => Some("No route to host"),
            DropReason::RouteBlackhole if lineage == probe => Some("Invalid argument"),
            _ => return None,
        };
        // Elsewhere a router would have said so.
        if record.path(probe).iter().any(|step| matches!(record.steps[*step].decision, Decision::Transmit { .. })) {
            return None;
        }
    }
    why
}

/// The first line.
fn head(record: &Record, options: &Options) -> String {
    let Options { name, to, len, .. } = options;
    let sent = record.probes().next().and_then(|probe| {
        record.steps[*record.path(probe).first()?].after.as_ref()?.body.packet().map(|packet| packet.src)
    });
    let from = options.source.as_ref().zip(sent).map(|(dev, src)| format!("from {src} {dev}: "));
    format!("PING {name} ({to}) {}{len}({}) bytes of data.\n", from.unwrap_or_default(), total(*len))
}

fn report(shell: &mut Shell, options: &Options) -> Output {
    let Some(turn) = shell.session().turns().last().cloned() else { return Output::fail(1, "") };
    let record = &turn.record;
    if let Some(why) = unsendable(record) {
        return Output::fail(2, format!("{}ping: connect: {why}", options.warnings));
    }
    let mut text = head(record, options);
    let mut heard = Heard { ends: ends(record, options), ..Heard::default() };
    let mut marks = Vec::new();
    let end = shell.after(record.steps.len());
    for (probe, seq) in record.probes().zip(1..) {
        let mut mark = |at: usize, lineage: Option<LineageId>, heard: &Heard| {
            let path = lineage.map(|lineage| record.path(lineage)).unwrap_or_default();
            let first = path.first().filter(|_| lineage == Some(probe));
            let Some(steps) = first.or(path.last()).map(|step| step + 1) else { return };
            let text = statistics(options, seq, heard, 0);
            let status = u8::from(heard.received == 0);
            let stopped = Some(Stopped { sent: Some(seq), text, status });
            marks.push(Mark { at, seen: Cursor { step: steps, ..end }, stopped, clears: false });
        };
        heard.sent(departure(record, probe));
        mark(text.len(), Some(probe), &heard);
        let before = text.len();
        let line = answer(record, probe, seq, options, &mut heard);
        if !options.quiet {
            text += &line;
        }
        mark(before, back(record, probe), &heard);
    }
    marks.push(Mark { at: text.len(), seen: end, stopped: None, clears: false });
    let short = options.deadline.is_some() && heard.received < options.wanted;
    let mut status = u8::from(heard.received == 0 || short);
    let mut out = text;
    if is_killed(record, options) {
        status = TIMED_OUT;
    } else {
        out += &statistics(options, options.count, &heard, outstanding(record, heard.ends));
    }
    shell.mark(marks);
    Output { out, err: options.warnings.clone(), status }
}

/// Whether `timeout` ended it, before it could say how it went.
fn is_killed(record: &Record, options: &Options) -> bool {
    let without = ends(record, &Options { timeout: None, ..options.clone() });
    let heard = record.probes().filter(|probe| is_done(record, *probe, without)).count();
    options.killed || (heard < usize::from(options.count) && ends(record, options) < without)
}

/// When a packet was sent.
fn departure(record: &Record, probe: LineageId) -> Option<Time> {
    Some(record.steps[*record.path(probe).first()?].time)
}

/// When an answer or an error came.
fn arrival(record: &Record, lineage: LineageId) -> Option<Time> {
    Some(record.steps[*record.path(lineage).last()?].time)
}

/// When it ends, whatever is still to come. Source: iputils `schedule_exit`.
fn ends(record: &Record, options: &Options) -> Time {
    let sent: Vec<Time> = record.probes().filter_map(|probe| departure(record, probe)).collect();
    let trip = |probe| match record.outcome(probe) {
        Outcome::Answered { reply } => Some(arrival(record, reply)? - departure(record, probe)?),
        _ => None,
    };
    let interval = Span::millis(options.interval_ms);
    let longest = record.probes().filter_map(trip).max();
    let wait = longest.map_or(options.linger, |longest| Span(longest.0.saturating_mul(2)).max(interval));
    let last = sent.last().map_or(Time(u64::MAX), |last| *last + wait);
    let after = |limit: Option<u64>| sent.first().zip(limit).map(|(first, ms)| *first + Span::millis(ms));
    if let Some(killed) = after(options.timeout).filter(|_| options.killed) {
        return killed;
    }
    let limits = [after(options.deadline), after(options.timeout)].into_iter().flatten();
    limits.fold(last, Time::min)
}

/// Most requests that were under way when an answer came. Source: iputils `acknowledge`.
fn outstanding(record: &Record, ends: Time) -> usize {
    let probes: Vec<LineageId> = record.probes().collect();
    let sent: Vec<Time> = probes.iter().filter_map(|probe| departure(record, *probe)).collect();
    let came = |(at, probe): (usize, &LineageId)| {
        let last = back(record, *probe).and_then(|lineage| arrival(record, lineage)).filter(|last| *last <= ends);
        last.map_or(0, |last| sent.iter().filter(|s| **s <= last).count().saturating_sub(at))
    };
    probes.iter().enumerate().map(came).max().unwrap_or(0)
}

/// The packet that brings the answer or the error.
fn back(record: &Record, probe: LineageId) -> Option<LineageId> {
    match record.outcome(probe) {
        Outcome::Answered { reply } => Some(reply),
        Outcome::Error { error, .. } => Some(error),
        _ => None,
    }
}

/// The line of one answer, if there was one.
fn answer(record: &Record, probe: LineageId, seq: u16, options: &Options, heard: &mut Heard) -> String {
    match record.outcome(probe) {
        Outcome::Answered { reply } if heard.hears(record, reply) => {
            replied(record, (probe, reply), seq, options.len, heard)
        }
        Outcome::Error { from, kind, error } if heard.hears(record, error) => {
            heard.errors += 1;
            let refused = if may_not_leave(record, probe) { "ping: sendmsg: Operation not permitted\n" } else { "" };
            format!("From {from} icmp_seq={seq} {}\n{refused}", words(kind))
        }
        // Where nothing is printed of it, it is not counted either.
        Outcome::Lost { reason: DropReason::TooBig { mtu }, lineage, .. } if lineage == probe => {
            heard.errors += u32::from(!options.quiet);
            format!("ping: local error: message too long, mtu={mtu}\n")
        }
        _ => String::new(),
    }
}

/// A packet without room for a time has none.
fn replied(record: &Record, (probe, reply): (LineageId, LineageId), seq: u16, len: u32, heard: &mut Heard) -> String {
    let sent = record.path(probe).first().map(|at| record.steps[*at].time);
    let last = record.path(reply).last().map(|at| &record.steps[*at]);
    let Some((sent, last)) = sent.zip(last) else { return String::new() };
    let Some(packet) = last.after.as_ref().and_then(|frame| frame.body.packet()) else { return String::new() };
    heard.received += 1;
    let mut text = format!("{} bytes from {}: icmp_seq={seq} ttl={}", len + ECHO_HEADER, packet.src, packet.ttl);
    if len >= TIME_BYTES {
        let nanos = (last.time - sent).0;
        heard.times.push(nanos);
        text += &format!(" time={} ms", time(nanos));
    }
    text + "\n"
}

/// Whether a rule of the sender's own let a packet not out.
pub(super) fn may_not_leave(record: &Record, probe: LineageId) -> bool {
    let refuses = |verdict| matches!(verdict, Verdict::Drop | Verdict::PolicyDrop | Verdict::Reject(_));
    record.path(probe).iter().any(|step| {
        matches!(record.steps[*step].decision, Decision::Rules { hook: Hook::Output, verdict, .. } if refuses(verdict))
    })
}

fn words(kind: ErrorKind) -> String {
    match kind {
        ErrorKind::TimeExceeded => "Time to live exceeded".to_owned(),
        ErrorKind::Unreachable(Unreachable::Net) => "Destination Net Unreachable".to_owned(),
        ErrorKind::Unreachable(Unreachable::Host) => "Destination Host Unreachable".to_owned(),
        ErrorKind::Unreachable(Unreachable::FragmentationNeeded { mtu }) => {
            format!("Frag needed and DF set (mtu = {mtu})")
        }
        ErrorKind::Unreachable(Unreachable::Port) => "Destination Port Unreachable".to_owned(),
        ErrorKind::Unreachable(Unreachable::Prohibited) => "Packet filtered".to_owned(),
    }
}
