//! `traceroute`. Source: traceroute 2.1.2 `traceroute/traceroute.c`; recorded output of the real command.

use super::ping::may_not_leave;
use super::{is_broadcast, name_here, resolved};
use crate::shell::follow::{Follow, Happened, Part, Told};
use crate::shell::line::Line;
use crate::shell::{Output, Shell};
use crate::sim::action::Action;
use crate::sim::action::error::ActionError;
use crate::sim::engine::probe::{Probe, ProbeProtocol};
use crate::sim::host::Host;
use crate::sim::host::fib::RouteKind;
use crate::sim::ids::LineageId;
use crate::sim::packet::Unreachable;
use crate::sim::record::trace::{ErrorKind, Outcome};
use std::net::Ipv4Addr;
use std::time::Duration;

/// First port of the probes.
const FIRST_PORT: u16 = 33_434;
/// Probes that are under way at the same time, and milliseconds that each is waited for.
const AT_ONCE: u32 = 16;
const WAIT_MS: u64 = 5_000;
/// Most probes of one hop.
const MAX_QUERIES: u16 = 10;
/// Bytes of a packet where none are given, and most.
const PACKET_BYTES: u32 = 60;
const MAX_PACKET_BYTES: u32 = 65_000;
/// Bytes of a packet that are headers: of IP, and of UDP or ICMP. A segment of TCP has its options.
const HEADER_BYTES: u32 = 28;
const TCP_BYTES: u32 = 60;

/// A run that goes on hop by hop.
#[derive(Clone, Debug)]
pub(in crate::shell) struct Hops {
    /// Who probes, also once the shell in which it was typed has ended.
    from: String,
    to: Ipv4Addr,
    ttl: u8,
    most: u8,
    options: Options,
    /// Probes of this hop that have been told of.
    query: u16,
    /// Whether one of them has come to the end.
    last: bool,
    /// Who was named last on the line of this hop.
    named: Option<Ipv4Addr>,
    /// Whether the next probe has been sent.
    sent: bool,
    /// Probes without an answer since the last one that had one.
    silent: u32,
    /// Identifier of the echo requests.
    ident: u16,
}

/// How it probes.
#[derive(Clone, Copy, Debug)]
struct Options {
    protocol: ProbeProtocol,
    /// Whether every probe has a port of its own.
    counts: bool,
    queries: u16,
    /// Bytes of the whole packet.
    bytes: u32,
    /// Milliseconds that are waited for what does not come.
    wait: u64,
    /// Whether only addresses are printed.
    numeric: bool,
}

/// The end where the value of an option is none.
fn cannot(line: &Line, value: &str) -> Output {
    let at = line.args.iter().position(|arg| arg.ends_with(value)).unwrap_or_default();
    let joined = line.args.get(at).and_then(|arg| arg.strip_suffix(value)).filter(|name| !name.is_empty());
    let before = at.checked_sub(1).and_then(|before| line.args.get(before)).map(String::as_str);
    let name = joined.map(|name| name.trim_end_matches('=')).or(before).unwrap_or_default();
    Output::fail(2, format!("Cannot handle `{name}' option with arg `{value}' (argc {})", at + 1))
}

/// Where a word stands, from 1.
fn argc(line: &Line, word: &str) -> usize {
    line.args.iter().position(|arg| arg == word).unwrap_or_default() + 1
}

/// What is said where a word is not what it should be.
fn cannot_word(line: &Line, what: &str, position: usize) -> String {
    let word = line.word(position).unwrap_or_default();
    let argc = argc(line, word);
    format!("Cannot handle \"{what}\" cmdline arg `{word}' on position {} (argc {argc})", position + 1)
}

/// A number, of which the real one keeps 32 bits.
fn number(line: &Line, name: &str, default: u32) -> Result<u32, Output> {
    let number: i64 = line.value(name, default.into()).map_err(|text| cannot(line, &text))?;
    Ok(u32::try_from(number & i64::from(u32::MAX)).unwrap_or(u32::MAX))
}

/// Milliseconds that are waited at most for what does not come.
fn wait(line: &Line) -> Result<u64, Output> {
    let Some(text) = line.option("--wait") else { return Ok(WAIT_MS) };
    let given: Option<Vec<f64>> = text.split(',').map(|part| part.parse().ok()).collect();
    let mut waits = given.filter(|waits| waits.len() <= 3).ok_or_else(|| cannot(line, text))?;
    waits.resize(3, 0.0);
    if waits.iter().any(|wait| *wait < 0.0) {
        let [max, here, near] = [waits[0], waits[1], waits[2]];
        return Err(Output::fail(2, format!("bad wait specifications `{max},{here},{near}' used")));
    }
    let most = Duration::try_from_secs_f64(waits[0]).unwrap_or(Duration::MAX);
    Ok(u64::try_from(most.as_millis()).unwrap_or(u64::MAX))
}

/// Bytes of a packet: the second word.
fn bytes(line: &Line, protocol: ProbeProtocol) -> Result<u32, Output> {
    if let Some(extra) = line.word(2) {
        return Err(Output::fail(2, format!("Extra arg `{extra}' (position 3, argc {})", argc(line, extra))));
    }
    let given = line.word(1).map(str::parse).transpose();
    let bytes = given.map_err(|_| Output::fail(2, cannot_word(line, "packetlen", 1)))?.unwrap_or(PACKET_BYTES);
    if bytes > MAX_PACKET_BYTES {
        return Err(Output::fail(2, format!("too big packetlen {bytes} specified")));
    }
    Ok(bytes.max(if matches!(protocol, ProbeProtocol::Tcp { .. }) { TCP_BYTES } else { HEADER_BYTES }))
}

fn protocol(line: &Line) -> Result<(ProbeProtocol, bool), Output> {
    let port = |default: u16| {
        let port = number(line, "--port", default.into())?;
        Ok(u16::try_from(port & 0xffff).unwrap_or(default))
    };
    Ok(if line.has("--icmp") {
        (ProbeProtocol::Icmp, false)
    } else if line.has("--tcp") {
        (ProbeProtocol::Tcp { port: port(80)? }, false)
    } else if line.has("--udp") {
        (ProbeProtocol::Udp { port: port(53)? }, false)
    } else {
        (ProbeProtocol::Udp { port: port(FIRST_PORT)? }, true)
    })
}

fn options(line: &Line) -> Result<(u8, u8, Options), Output> {
    let (first, most) = (number(line, "--first", 1)?, number(line, "--max-hops", 30)?);
    let queries = number(line, "--queries", 3)?;
    let (protocol, counts) = protocol(line)?;
    let wrong = |why: &str| Err(Output::fail(2, why));
    if first == 0 || first > most {
        return wrong("first hop out of range");
    }
    let (Ok(first), Ok(most)) = (u8::try_from(first), u8::try_from(most)) else {
        return wrong("max hops cannot be more than 255");
    };
    let Some(queries) = u16::try_from(queries).ok().filter(|queries| (1..=MAX_QUERIES).contains(queries)) else {
        return wrong("no more than 10 probes per hop");
    };
    let wait = wait(line)?;
    let bytes = bytes(line, protocol)?;
    Ok((first, most, Options { protocol, counts, queries, bytes, wait, numeric: line.has("-n") }))
}

/// Why nothing can be sent there. Source: Linux `ip_route_output_key_hash_rcu`, errno(3).
pub(super) fn refused(host: &Host, to: Ipv4Addr) -> Option<&'static str> {
    if host.is_local(to) {
        return None;
    }
    if is_broadcast(host, to) {
        return Some("Permission denied");
    }
    match host.fib.best(to).map(|route| route.kind) {
        None => Some("Network is unreachable"),
        Some(RouteKind::Unreachable) => Some("No route to host"),
        Some(RouteKind::Blackhole) => Some("Invalid argument"),
        Some(RouteKind::Unicast { .. }) => None,
    }
}

pub(super) fn run(shell: &mut Shell, line: &Line) -> Output {
    let Some(word) = line.word(0) else { return Output::fail(2, "Specify \"host\" missing argument.") };
    let Some(to) = resolved(shell, word) else {
        let why = cannot_word(line, "host", 0);
        return Output::fail(2, format!("{word}: Name or service not known\n{why}"));
    };
    let (first, most, options) = match options(line) {
        Ok(options) => options,
        Err(output) => return output,
    };
    let head = format!("traceroute to {word} ({to}), {most} hops max, {} byte packets\n", options.bytes);
    let to = if to.is_unspecified() { Ipv4Addr::LOCALHOST } else { to };
    if let Some(why) = shell.here().and_then(|(_, host)| refused(host, to)) {
        // A raw socket is connected before anything is printed.
        let raw = matches!(options.protocol, ProbeProtocol::Icmp | ProbeProtocol::Tcp { .. });
        let (out, line) = if raw { (String::new(), "\n") } else { (head, "") };
        return Output { out, err: format!("{line}connect: {why}\n"), status: 1 };
    }
    // What tells one run from another, as the number of a process does.
    let ident = u16::try_from(shell.session().turns().len() % 30_000).unwrap_or_default() + 2_000;
    let hops = Hops {
        from: name_here(shell),
        to,
        ttl: first,
        most,
        options,
        query: 0,
        last: false,
        named: None,
        sent: false,
        silent: 0,
        ident,
    };
    shell.follow(String::new(), head, Follow::Hops(hops))
}

impl Hops {
    /// Sends the next probe.
    pub(in crate::shell) fn act(&mut self, shell: &mut Shell) -> Result<(), Output> {
        let protocol = match self.options.protocol {
            ProbeProtocol::Udp { port } if self.options.counts => {
                let number = u16::from(self.ttl - 1) * self.options.queries + self.query;
                ProbeProtocol::Udp { port: port.wrapping_add(number) }
            }
            other => other,
        };
        let len = u16::try_from(self.options.bytes - HEADER_BYTES).unwrap_or(u16::MAX);
        let from_port = (protocol == ProbeProtocol::Icmp).then_some(self.ident);
        let probe = Probe { protocol, ttl: self.ttl, len, from_port, may_fragment: true, ..Probe::ping() };
        let action = Action::Send { from: self.from.clone(), to: self.to.to_string(), probe, count: 1 };
        let done = shell.act(action).and_then(|()| self.wait(shell));
        done.map_err(|error| Output::fail(1, format!("traceroute: {}\n", shell.words(&error))))?;
        self.sent = true;
        Ok(())
    }

    /// What does not come is waited for, with all that are under way at the same time.
    fn wait(&mut self, shell: &mut Shell) -> Result<(), ActionError> {
        let record = shell.session().turns().last().map(|turn| &turn.record);
        let outcome = record.and_then(|record| Some(record.outcome(record.probes().next()?)));
        if matches!(outcome, Some(Outcome::Answered { .. } | Outcome::Refused { .. } | Outcome::Error { .. })) {
            self.silent = 0;
            return Ok(());
        }
        self.silent += 1;
        let over = self.query + 1 == self.options.queries && (self.ttl >= self.most || self.last);
        if over || self.silent.is_multiple_of(AT_ONCE) { shell.linger(self.options.wait) } else { Ok(()) }
    }

    /// The line of a hop grows with every answer; one that never came is a star once all is quiet.
    pub(in crate::shell) fn told(&mut self, happened: Happened<'_>) -> Told {
        let mut told = Told::default();
        if !std::mem::take(&mut self.sent) {
            return told;
        }
        let record = &happened.turn.record;
        if record.probes().any(|probe| may_not_leave(record, probe)) {
            told.parts.push(Part {
                steps: happened.steps(),
                text: "send: Operation not permitted\n".into(),
                ..Part::default()
            });
            told.over = Some(1);
            return told;
        }
        if self.query == 0 {
            told.parts.push(Part { text: format!("{:2} ", self.ttl), ..Part::default() });
        }
        told.parts.extend(record.probes().next().map(|probe| self.answer(happened, probe)));
        self.query += 1;
        if self.query < self.options.queries {
            return told;
        }
        told.parts.push(Part { steps: happened.steps(), text: "\n".to_owned(), ..Part::default() });
        told.over = (self.last || self.ttl >= self.most).then_some(0);
        (self.ttl, self.query, self.named) = (self.ttl.saturating_add(1), 0, None);
        told
    }

    /// What is printed of a probe, at the step that tells it.
    fn answer(&mut self, happened: Happened<'_>, probe: LineageId) -> Part {
        let record = &happened.turn.record;
        let (from, end, mark, lineage) = match record.outcome(probe) {
            Outcome::Answered { reply } | Outcome::Refused { reply } => (self.to, true, String::new(), reply),
            Outcome::Error { from, kind, error } => (from, kind != ErrorKind::TimeExceeded, mark(kind), error),
            _ => return Part { steps: happened.steps(), text: " *".to_owned(), ..Part::default() },
        };
        self.last |= end;
        let name = if self.named == Some(from) { String::new() } else { self.options.name(from) };
        self.named = Some(from);
        let sent = record.path(probe).first().map(|at| record.steps[*at].time);
        let back = record.path(lineage).last().copied();
        let micros = sent.zip(back).map_or(0, |(sent, back)| (record.steps[back].time - sent).0 / 1000);
        let text = format!("{name}  {}.{:03} ms{mark}", micros / 1000, micros % 1000);
        Part { steps: back.map_or(0, |back| back + 1), text, ..Part::default() }
    }
}

impl Options {
    /// How a hop is written. Nobody is there who would know names, but of the host itself.
    fn name(self, from: Ipv4Addr) -> String {
        match self.numeric {
            true => format!(" {from}"),
            false if from == Ipv4Addr::LOCALHOST => format!(" localhost ({from})"),
            false => format!(" {from} ({from})"),
        }
    }
}

fn mark(kind: ErrorKind) -> String {
    match kind {
        ErrorKind::Unreachable(Unreachable::Host) => " !H".to_owned(),
        ErrorKind::Unreachable(Unreachable::Net) => " !N".to_owned(),
        ErrorKind::Unreachable(Unreachable::Prohibited) => " !X".to_owned(),
        ErrorKind::Unreachable(Unreachable::FragmentationNeeded { mtu }) => format!(" !F-{mtu}"),
        ErrorKind::Unreachable(Unreachable::Port) | ErrorKind::TimeExceeded => String::new(),
    }
}
