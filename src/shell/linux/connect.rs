//! `nc`, `curl`: attempts to connect, which take as long as those of the real programs. Source: OpenBSD `nc` as Debian
//! has it (1.219), curl 7.88.

use super::name_here;
use super::traceroute::refused;
use crate::shell::follow::TIMED_OUT;
use crate::shell::line::Line;
use crate::shell::{Output, Shell};
use crate::sim::action::Action;
use crate::sim::engine::probe::{Probe, ProbeProtocol};
use crate::sim::packet::Unreachable;
use crate::sim::record::trace::{ErrorKind, Outcome};
use std::net::Ipv4Addr;

/// When the kernel gives up a connection: the first SYN and six more, each after twice the time.
/// Source: Linux `tcp_syn_retries`; RFC 6298.
const KERNEL_GIVES_UP_MS: u64 = 127_000;
const FIRST_RETRY_MS: u64 = 1_000;
/// Source: netcat-openbsd `UDP_SCAN_TIMEOUT`.
const UDP_SCAN_MS: u64 = 3_000;

/// What came of an attempt.
enum Attempt {
    Connected,
    /// By whom or what, in the words of errno(3), and after how many milliseconds.
    Failed(&'static str, u64),
    /// Nothing came until the limit.
    Silent,
}

/// `nc -zv ADDRESS PORT`.
pub(super) fn nc(shell: &mut Shell, line: &Line) -> Output {
    let (Some(host), Some(port)) = (line.word(0), line.word(1)) else {
        return Output::fail(1, "usage: nc [-46CDdFhklNnrStUuvZz] [destination] [port]");
    };
    let Ok(number) = port.parse::<u16>() else { return Output::fail(1, format!("nc: port number invalid: {port}")) };
    let Some(to) = super::resolved(shell, host) else {
        return Output::fail(1, format!("nc: getaddrinfo for host \"{host}\" port {port}: Name or service not known"));
    };
    let limit = match line.option("-w").map(|text| (text, text.parse::<u32>())) {
        None => None,
        Some((_, Ok(seconds))) => Some(u64::from(seconds) * 1000),
        Some((text, Err(_))) => return Output::fail(1, format!("nc: timeout invalid: {text}")),
    };
    let udp = line.has("-u");
    let tried = if udp {
        try_udp(shell, to, number, limit.unwrap_or(UDP_SCAN_MS))
    } else {
        try_tcp(shell, to, number, limit.unwrap_or(KERNEL_GIVES_UP_MS))
    };
    let protocol = if udp { "udp" } else { "tcp" };
    let failed = |why: &str| Output::fail(1, format!("nc: connect to {host} port {port} ({protocol}) {why}"));
    match tried {
        Err(output) => output,
        Ok(Attempt::Connected) => {
            Output { err: format!("Connection to {host} {port} port [{protocol}/*] succeeded!\n"), ..Output::default() }
        }
        // Of a datagram that is refused it says nothing.
        Ok(Attempt::Failed(_, after)) if udp && after > 0 => Output { status: 1, ..Output::default() },
        Ok(Attempt::Failed(why, _)) => failed(&format!("failed: {why}")),
        Ok(Attempt::Silent) if limit.is_some() => failed("timed out: Operation now in progress"),
        Ok(Attempt::Silent) => failed("failed: Connection timed out"),
    }
}

/// `curl http://ADDRESS[:PORT]`: what is behind the port is not simulated.
pub(super) fn curl(shell: &mut Shell, line: &Line) -> Output {
    let Some(url) = line.word(0) else {
        return Output::fail(2, "curl: try 'curl --help' or 'curl --manual' for more information");
    };
    let (rest, default) =
        url.strip_prefix("https://").map_or((url.trim_start_matches("http://"), "80"), |rest| (rest, "443"));
    let rest = rest.split('/').next().unwrap_or("");
    let (host, port) = rest.split_once(':').unwrap_or((rest, default));
    let Ok(port) = port.parse::<u16>() else {
        return Output::fail(3, "curl: (3) URL using bad/illegal format or missing URL");
    };
    let Some(to) = super::resolved(shell, host) else {
        return Output::fail(6, format!("curl: (6) Could not resolve host: {host}"));
    };
    let (whole, connect) = match (limit(line, "--max-time"), limit(line, "--connect-timeout")) {
        (Ok(whole), Ok(connect)) => (whole, connect),
        (Err(output), _) | (_, Err(output)) => return output,
    };
    let longest = [whole, connect].into_iter().flatten().min().unwrap_or(KERNEL_GIVES_UP_MS);
    let after = |ms: u64, why: &str| format!("Failed to connect to {host} port {port} after {ms} ms: {why}");
    match try_tcp(shell, to, port, longest) {
        Err(output) => output,
        Ok(Attempt::Connected) => {
            // The code is that of a program which is not there to answer.
            let code = line.option("--write-out").map_or("", |_| "000");
            Output::ok(format!(
                "podhop: connected to {host} port {port}; what is behind the port is not simulated\n{code}"
            ))
        }
        Ok(Attempt::Failed(_, ms)) => Output::fail(7, format!("curl: (7) {}", after(ms, "Couldn't connect to server"))),
        Ok(Attempt::Silent) => {
            let why = if connect.is_some_and(|c| c == longest) && whole != connect {
                after(longest, "Timeout was reached")
            } else if whole.is_some() {
                format!("Connection timed out after {longest} milliseconds")
            } else {
                after(longest, "Couldn't connect to server")
            };
            Output::fail(28, format!("curl: (28) {why}"))
        }
    }
}

/// Seconds of an option, in milliseconds; 0 is no limit.
fn limit(line: &Line, name: &str) -> Result<Option<u64>, Output> {
    let Some(text) = line.option(name) else { return Ok(None) };
    let seconds: Option<f64> = text.parse().ok().filter(|s: &f64| (0.0..=86_400.0).contains(s));
    let Some(seconds) = seconds else {
        let short = if name == "--max-time" { "-m" } else { name };
        return Err(Output::fail(
            2,
            format!(
                "curl: option {short}: expected a proper numerical parameter\ncurl: try 'curl --help' or 'curl --manual' for more information"
            ),
        ));
    };
    let ms = std::time::Duration::from_secs_f64(seconds).as_millis();
    Ok(u64::try_from(ms).ok().filter(|ms| *ms > 0))
}

/// A SYN, and again after twice the time as long as nothing comes.
fn try_tcp(shell: &mut Shell, to: Ipv4Addr, port: u16, limit: u64) -> Result<Attempt, Output> {
    let mut probe = Probe { protocol: ProbeProtocol::Tcp { port }, ..Probe::ping() };
    let (mut gone, mut gap) = (0, FIRST_RETRY_MS);
    loop {
        let (outcome, ms) = match attempt(shell, to, probe)? {
            Ok(sent) => sent,
            Err(why) => return Ok(Attempt::Failed(why, gone)),
        };
        let ms = gone + ms;
        let why = match outcome {
            Outcome::Answered { .. } if ms <= limit => return Ok(Attempt::Connected),
            Outcome::Refused { .. } => Some("Connection refused"),
            Outcome::Error { kind, .. } => Some(errno(kind)),
            _ => None,
        };
        if let Some(why) = why.filter(|_| ms <= limit) {
            return Ok(Attempt::Failed(why, ms));
        }
        let next = gone + gap;
        wait(shell, gone, next.min(limit))?;
        if next >= limit {
            return Ok(Attempt::Silent);
        }
        probe.from_port = probe.from_port.or(port_of_last(shell));
        (gone, gap) = (next, gap * 2);
    }
}

/// A datagram, and one more at once and every second: they are taken as arrived unless an error comes back in time.
/// Source: netcat-openbsd `udptest`.
fn try_udp(shell: &mut Shell, to: Ipv4Addr, port: u16, limit: u64) -> Result<Attempt, Output> {
    let mut probe = Probe { protocol: ProbeProtocol::Udp { port }, len: 1, ..Probe::ping() };
    for second in 0..=limit.div_ceil(1_000) + 1 {
        // The second goes with the first.
        let gone = second.saturating_sub(1) * 1_000;
        let (outcome, ms) = match attempt(shell, to, probe)? {
            Ok(sent) => sent,
            Err(why) => return Ok(Attempt::Failed(why, 0)),
        };
        if let Outcome::Error { kind: kind @ ErrorKind::Unreachable(_), .. } = outcome
            && gone + ms <= limit
        {
            return Ok(Attempt::Failed(errno(kind), (gone + ms).max(1)));
        }
        if gone >= limit {
            break;
        }
        if second > 0 {
            wait(shell, gone, gone + 1_000)?;
        }
        probe.from_port = probe.from_port.or(port_of_last(shell));
    }
    Ok(Attempt::Connected)
}

/// The port from which the last packet was sent.
fn port_of_last(shell: &Shell) -> Option<u16> {
    let record = &shell.session().turns().last()?.record;
    let first = *record.path(record.probes().next()?).first()?;
    Some(record.steps[first].after.as_ref()?.body.packet()?.tuple()?.src_port)
}

/// Sends one packet. What came of it and the milliseconds until then, or why it cannot be sent.
fn attempt(shell: &mut Shell, to: Ipv4Addr, probe: Probe) -> Result<Result<(Outcome, u64), &'static str>, Output> {
    if let Some(why) = shell.here().and_then(|(_, host)| refused(host, to)) {
        return Ok(Err(why));
    }
    let before = shell.session().world().now;
    let action = Action::Send { from: name_here(shell), to: to.to_string(), probe, count: 1 };
    shell.act(action).map_err(|error| Output::fail(1, shell.words(&error)))?;
    // The verdict is there when the answer is.
    shell.mark_end(None);
    let turn = shell.session().turns().last();
    let sent = turn.and_then(|turn| {
        let record = &turn.record;
        let probe = record.probes().next()?;
        let outcome = record.outcome(probe);
        let last = match outcome {
            Outcome::Answered { reply } | Outcome::Refused { reply } => record.path(reply).last().copied(),
            Outcome::Error { error, .. } => record.path(error).last().copied(),
            _ => None,
        };
        let until = last.and_then(|at| record.steps.get(at)).map_or(before, |step| step.time);
        let ms = if until > before { (until - before).as_millis() } else { 0 };
        Some((outcome, ms))
    });
    Ok(Ok(sent.unwrap_or((Outcome::Nothing, 0))))
}

/// Waits behind the last packet from one moment to another, both since the first.
fn wait(shell: &mut Shell, from: u64, to: u64) -> Result<(), Output> {
    // `timeout` ends the program before.
    let cut = shell.own.deadline.filter(|deadline| *deadline < to);
    let ms = cut.unwrap_or(to).saturating_sub(from);
    shell.linger(ms).map_err(|error| Output::fail(1, shell.words(&error)))?;
    shell.mark_end(None);
    if cut.is_some() { Err(Output { status: TIMED_OUT, ..Output::default() }) } else { Ok(()) }
}

/// Source: Linux `net/ipv4/icmp.c` (`icmp_err_convert`).
const fn errno(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Unreachable(Unreachable::Port) => "Connection refused",
        ErrorKind::Unreachable(Unreachable::Net) => "Network is unreachable",
        ErrorKind::Unreachable(Unreachable::FragmentationNeeded { .. }) => "Message too long",
        ErrorKind::Unreachable(Unreachable::Host | Unreachable::Prohibited) | ErrorKind::TimeExceeded => {
            "No route to host"
        }
    }
}
