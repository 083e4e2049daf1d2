//! `ping`. Source: iputils 20221126 `ping/ping_common.c`; recorded output of the real command.

use super::name_here;
use crate::session::Cursor;
use crate::shell::line::Line;
use crate::shell::{Mark, Output, Shell, Stopped};
use crate::sim::action::send::MAX_COUNT;
use crate::sim::action::{Action, MAX_WAIT_MS};
use crate::sim::engine::probe::{PING_BYTES, Probe};
use crate::sim::ids::LineageId;
use crate::sim::packet::{DEFAULT_TTL, IP_HEADER_BYTES, Unreachable};
use crate::sim::record::Record;
use crate::sim::record::decision::{Decision, DropReason};
use crate::sim::record::trace::{ErrorKind, Outcome};
use std::net::Ipv4Addr;
use std::time::Duration;

/// Packets where no `-c` is given: nobody is there to press Ctrl-C.
const WITHOUT_COUNT: u16 = 4;
/// Milliseconds from one packet to the next where no `-i` is given.
const INTERVAL_MS: u64 = 1000;
/// Length of an ICMP echo header.
const ECHO_HEADER: u32 = 8;

struct Options {
    to: String,
    count: u16,
    ttl: u8,
    len: u16,
    quiet: bool,
    interval_ms: u64,
    may_fragment: bool,
    /// Whether it ends at a time, and not with the last answer.
    deadline: bool,
}

pub(super) fn run(shell: &mut Shell, line: &Line) -> Output {
    let options = match options(shell, line) {
        Ok(options) => options,
        Err(output) => return output,
    };
    if options.to.parse::<Ipv4Addr>().is_err() {
        return Output::fail(2, format!("ping: {}: Name or service not known", options.to));
    }
    let Options { ttl, len, may_fragment, .. } = options;
    let interval_ms = (options.interval_ms != INTERVAL_MS).then_some(options.interval_ms);
    let probe = Probe { ttl, len, may_fragment, interval_ms, ..Probe::ping() };
    let action = Action::Send { from: name_here(shell), to: options.to.clone(), probe, count: options.count };
    match shell.act(action) {
        Ok(()) => report(shell, &options),
        Err(error) => Output::fail(2, format!("ping: {}", shell.words(&error))),
    }
}

/// A number of an option within its range.
fn number(line: &Line, name: &str, default: u64, range: std::ops::RangeInclusive<u64>) -> Result<u64, Output> {
    let Some(text) = line.option(name) else { return Ok(default) };
    let (least, most) = (range.start(), range.end());
    match text.parse::<i128>() {
        Err(_) => Err(Output::fail(1, format!("ping: invalid argument: '{text}'"))),
        Ok(found) => u64::try_from(found).ok().filter(|found| range.contains(found)).ok_or_else(|| {
            Output::fail(1, format!("ping: invalid argument: '{found}': out of range: {least} <= value <= {most}"))
        }),
    }
}

/// A number of seconds, in milliseconds. The real one takes what is no number as zero, and says that it will not for long.
fn seconds(line: &Line, name: &str, what: &str) -> Result<Option<u64>, Output> {
    let Some(text) = line.option(name) else { return Ok(None) };
    let Ok(seconds) = text.parse::<f64>() else {
        return Err(Output::fail(2, format!("ping: option argument contains garbage: {text}")));
    };
    let span = Duration::try_from_secs_f64(seconds).ok().map(|span| span.as_millis());
    let ms = span.filter(|ms| *ms <= i32::MAX.unsigned_abs().into()).and_then(|ms| u64::try_from(ms).ok());
    ms.map(Some).ok_or_else(|| Output::fail(2, format!("ping: bad {what}: {text}")))
}

fn options(shell: &Shell, line: &Line) -> Result<Options, Output> {
    let Some(to) = line.words.last() else {
        return Err(Output::fail(1, "ping: usage error: Destination address required"));
    };
    if let (Some(source), Some((_, host))) = (line.option("-I"), shell.here()) {
        let own = source.parse().is_ok_and(|address| host.is_local(address));
        if !own && host.interface_named(source).is_none() {
            return Err(Output::fail(2, format!("ping: SO_BINDTODEVICE {source}: No such device")));
        }
    }
    let most = u64::try_from(i64::MAX).unwrap_or(u64::MAX);
    let interval_ms = seconds(line, "-i", "timing interval")?.unwrap_or(INTERVAL_MS).clamp(1, MAX_WAIT_MS);
    // What is still to come when the last packet has been sent is always waited for.
    seconds(line, "-W", "linger time")?;
    let deadline = number(line, "-w", 0, 0..=i32::MAX.unsigned_abs().into())? * 1000;
    let within = if deadline > 0 { deadline.div_ceil(interval_ms) } else { u64::MAX };
    let counted = if deadline > 0 { most } else { u64::from(WITHOUT_COUNT) };
    let count = number(line, "-c", counted, 1..=most)?.min(within);
    let ttl = u8::try_from(number(line, "-t", 0, 0..=255)?).unwrap_or(0);
    let len = u16::try_from(number(line, "-s", u64::from(PING_BYTES), 0..=65_507)?).unwrap_or(u16::MAX);
    Ok(Options {
        to: to.clone(),
        count: u16::try_from(count).unwrap_or(u16::MAX).min(MAX_COUNT),
        // Zero is as if it were not given.
        ttl: if ttl == 0 { DEFAULT_TTL } else { ttl },
        len,
        quiet: line.has("-q"),
        interval_ms,
        may_fragment: may_fragment(shell, line, to, len)?,
        deadline: deadline > 0,
    })
}

/// Whether a packet goes without DF: never with `do`, always with `dont`, and otherwise when it is too long for the link.
/// Source: Linux `__ip_make_skb`, ip(7) `IP_MTU_DISCOVER`.
fn may_fragment(shell: &Shell, line: &Line, to: &str, len: u16) -> Result<bool, Output> {
    match line.option("-M").unwrap_or("want") {
        "do" | "probe" => Ok(false),
        "dont" => Ok(true),
        "want" => {
            let mtu = shell.here().zip(to.parse().ok()).and_then(|((_, host), to)| {
                let dev = host.fib.best(to)?.dev()?;
                Some(u32::from(host.interface(dev)?.mtu))
            });
            Ok(mtu.is_some_and(|mtu| u32::from(len) + ECHO_HEADER + u32::from(IP_HEADER_BYTES) > mtu))
        }
        other => Err(Output::fail(2, format!("ping: invalid -M argument: {other}"))),
    }
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

fn report(shell: &mut Shell, options: &Options) -> Output {
    let Some(turn) = shell.session().turns().last().cloned() else { return Output::fail(1, "") };
    let record = &turn.record;
    if let Some(why) = unsendable(record) {
        return Output::fail(2, format!("ping: connect: {why}"));
    }
    let (to, len) = (&options.to, u32::from(options.len));
    let mut text =
        format!("PING {to} ({to}) {len}({}) bytes of data.\n", len + ECHO_HEADER + u32::from(IP_HEADER_BYTES));
    let (mut times, mut errors) = (Vec::new(), 0);
    let pipe = outstanding(record);
    let mut marks = Vec::new();
    let end = shell.after(record.steps.len());
    for (probe, seq) in record.probes().zip(1..) {
        let mut mark = |at: usize, lineage: Option<LineageId>, times: &[u64], errors: u32| {
            let path = lineage.map(|lineage| record.path(lineage)).unwrap_or_default();
            let first = path.first().filter(|_| lineage == Some(probe));
            let Some(steps) = first.or(path.last()).map(|step| step + 1) else { return };
            let text = statistics(record, options, seq, times, errors, 0, steps);
            let status = u8::from(times.is_empty());
            let stopped = Some(Stopped { sent: Some(seq), text, status });
            marks.push(Mark { at, seen: Cursor { step: steps, ..end }, stopped, clears: false });
        };
        mark(text.len(), Some(probe), &times, errors);
        let before = text.len();
        let line = answer(record, probe, seq, len, &mut times, &mut errors);
        if !options.quiet {
            text += &line;
        }
        mark(before, back(record, probe), &times, errors);
    }
    marks.push(Mark { at: text.len(), seen: end, stopped: None, clears: false });
    let short = options.deadline && times.len() < usize::from(options.count);
    let status = u8::from(times.is_empty() || short);
    let out = text + &statistics(record, options, options.count, &times, errors, pipe, record.steps.len());
    shell.mark(marks);
    Output { out, err: String::new(), status }
}

/// Most requests that were under way when an answer came. Source: iputils `acknowledge`.
fn outstanding(record: &Record) -> usize {
    let probes: Vec<LineageId> = record.probes().collect();
    let sent: Vec<_> = probes.iter().filter_map(|p| Some(record.steps[*record.path(*p).first()?].time)).collect();
    let came = |(at, probe): (usize, &LineageId)| {
        let lineage = match record.outcome(*probe) {
            Outcome::Answered { reply } => reply,
            Outcome::Error { error, .. } => error,
            _ => return 0,
        };
        let last = record.path(lineage).last().map(|at| record.steps[*at].time);
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
fn answer(record: &Record, probe: LineageId, seq: u16, len: u32, times: &mut Vec<u64>, errors: &mut u32) -> String {
    match record.outcome(probe) {
        Outcome::Answered { reply } => {
            let sent = record.path(probe).first().map(|at| record.steps[*at].time);
            let last = record.path(reply).last().map(|at| &record.steps[*at]);
            let Some((sent, last)) = sent.zip(last) else { return String::new() };
            let nanos = (last.time - sent).0;
            times.push(nanos);
            let packet = last.after.as_ref().and_then(|frame| frame.body.packet());
            let Some(packet) = packet else { return String::new() };
            format!(
                "{} bytes from {}: icmp_seq={seq} ttl={} time={} ms\n",
                len + ECHO_HEADER,
                packet.src,
                packet.ttl,
                time(nanos)
            )
        }
        Outcome::Error { from, kind, .. } => {
            *errors += 1;
            format!("From {from} icmp_seq={seq} {}\n", words(kind))
        }
        Outcome::Lost { reason: DropReason::TooBig { mtu }, lineage, .. } if lineage == probe => {
            *errors += 1;
            format!("ping: local error: message too long, mtu={mtu}\n")
        }
        _ => String::new(),
    }
}

fn words(kind: ErrorKind) -> String {
    match kind {
        ErrorKind::TimeExceeded => "Time to live exceeded".to_owned(),
        ErrorKind::Unreachable(Unreachable::Net) => "Destination Net Unreachable".to_owned(),
        ErrorKind::Unreachable(Unreachable::Host) => "Destination Host Unreachable".to_owned(),
        ErrorKind::Unreachable(Unreachable::FragmentationNeeded { mtu }) => {
            format!("Frag needed and DF set (mtu = {mtu})")
        }
        ErrorKind::Unreachable(_) => "Destination Port Unreachable".to_owned(),
    }
}

/// Milliseconds with three decimals below 1, two below 10, one below 100.
fn time(nanos: u64) -> String {
    let micros = nanos / 1000;
    match micros {
        0..1000 => format!("0.{micros:03}"),
        1000..10_000 => format!("{}.{:02}", micros / 1000, micros % 1000 / 10),
        10_000..100_000 => format!("{}.{}", micros / 1000, micros % 1000 / 100),
        _ => (micros / 1000).to_string(),
    }
}

fn statistics(
    record: &Record,
    options: &Options,
    sent: u16,
    times: &[u64],
    errors: u32,
    pipe: usize,
    until: usize,
) -> String {
    let sent = u64::from(sent);
    let received = times.len() as u64;
    let loss = (sent - received.min(sent)) * 100 / sent.max(1);
    let with_errors = if errors > 0 { format!("+{errors} errors, ") } else { String::new() };
    let whole =
        record.steps.first().zip(record.steps[..until].last()).map_or(0, |(a, b)| (b.time - a.time).as_millis());
    let mut text = format!(
        "\n--- {} ping statistics ---\n{sent} packets transmitted, {received} received, {with_errors}{loss}% packet loss, time {whole}ms\n",
        options.to
    );
    let waiting = (pipe > 1).then(|| format!("pipe {pipe}"));
    if times.is_empty() {
        return text + &waiting.unwrap_or_default() + "\n";
    }
    let mean = times.iter().sum::<u64>() / received;
    let squares = times.iter().map(|t| u128::from(t.abs_diff(mean)).pow(2)).sum::<u128>() / u128::from(received);
    let three = |nanos: u64| format!("{}.{:03}", nanos / 1_000_000, nanos / 1000 % 1000);
    let least = times.iter().min().copied().unwrap_or(0);
    let most = times.iter().max().copied().unwrap_or(0);
    let deviation = u64::try_from(squares.isqrt()).unwrap_or(0);
    let waiting = waiting.map_or_else(String::new, |text| format!(", {text}"));
    text += &format!(
        "rtt min/avg/max/mdev = {}/{}/{}/{} ms{waiting}\n",
        three(least),
        three(mean),
        three(most),
        three(deviation)
    );
    text
}
