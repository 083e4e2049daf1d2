//! `conntrack`. Source: conntrack-tools 1.4.7; `libnetfilter_conntrack`; recorded output of the real command.

use super::{here, name_here};
use crate::shell::follow::{Follow, Happened, Part, Told};
use crate::shell::line::Line;
use crate::shell::{Output, Shell, Stopped};
use crate::sim::action::{Action, FlushTable};
use crate::sim::host::conntrack::{Conntrack, Flow, TcpState};
use crate::sim::ids::HostId;
use crate::sim::packet::{Protocol, Tuple};
use crate::sim::record::{Place, Step};
use crate::sim::time::Time;
use crate::sim::world::World;
use ipnet::Ipv4Net;
use std::fmt::Write;
use std::net::Ipv4Addr;

const CONNTRACK: &str = "conntrack v1.4.7 (conntrack-tools)";

/// `conntrack -L|-E [-p PROTO] [-s IP] [-d IP]`, `conntrack -C`, `conntrack -F`.
pub(super) fn conntrack(shell: &mut Shell, line: &Line) -> Output {
    if line.has("--count") {
        return count(shell);
    }
    match (line.has("--dump"), line.has("--event"), line.has("--flush")) {
        (true, false, false) => dump(shell, line).unwrap_or_else(|output| output),
        (false, true, false) => events(shell, line).unwrap_or_else(|output| output),
        (false, false, true) => flush(shell),
        (false, false, false) => Output::fail(
            2,
            format!("{CONNTRACK}: You need to supply exactly one command\npodhop: nearest: conntrack -L"),
        ),
        _ => wrong("Invalid commands combination"),
    }
}

fn count(shell: &Shell) -> Output {
    let now = shell.session().world().now;
    match here(shell) {
        Ok(host) => Output::ok(format!("{}\n", host.conntrack.flows(now).count())),
        Err(output) => output,
    }
}

fn flush(shell: &mut Shell) -> Output {
    match shell.act(Action::Flush { host: name_here(shell), table: FlushTable::Conntrack }) {
        Ok(()) => {
            Output { err: format!("{CONNTRACK}: connection tracking table has been emptied.\n"), ..Output::default() }
        }
        Err(error) => Output::fail(1, format!("{CONNTRACK}: {}", shell.words(&error))),
    }
}

/// What is wrong with the words of a command.
fn wrong(why: &str) -> Output {
    Output::fail(2, format!("{CONNTRACK}: {why}\nTry `conntrack -h' or 'conntrack --help' for more information."))
}

/// The number of a protocol, by its name or itself. Source: conntrack-tools `extensions`.
fn protocol_number(text: &str) -> Result<u8, Output> {
    const KNOWN: [(&str, u8); 8] = [
        ("icmp", 1),
        ("tcp", 6),
        ("udp", 17),
        ("dccp", 33),
        ("gre", 47),
        ("icmpv6", 58),
        ("sctp", 132),
        ("udplite", 136),
    ];
    let known = KNOWN.iter().find(|(name, number)| text.eq_ignore_ascii_case(name) || text == number.to_string());
    known.map(|(_, number)| *number).ok_or_else(|| wrong(&format!("`{text}' unsupported protocol")))
}

/// An address, or a range of them.
fn range(line: &Line, name: &str) -> Result<Option<Ipv4Net>, Output> {
    let Some(text) = line.option(name) else { return Ok(None) };
    let alone = text.parse::<Ipv4Addr>().map(Ipv4Net::from);
    let range = alone.or_else(|_| text.parse::<Ipv4Net>());
    range.map(Some).map_err(|_| wrong(&format!("Invalid IP address `{text}'")))
}

/// The flows that are meant.
#[derive(Clone, Debug)]
struct Wanted {
    proto: Option<u8>,
    src: Option<Ipv4Net>,
    dst: Option<Ipv4Net>,
}

impl Wanted {
    fn of(line: &Line) -> Result<Self, Output> {
        let proto = line.option("--proto").map(protocol_number).transpose()?;
        Ok(Self { proto, src: range(line, "--src")?, dst: range(line, "--dst")? })
    }

    fn holds(&self, flow: &Flow) -> bool {
        self.proto.is_none_or(|proto| flow.original.protocol.number() == proto)
            && self.src.is_none_or(|range| range.contains(&flow.original.src))
            && self.dst.is_none_or(|range| range.contains(&flow.original.dst))
    }
}

fn dump(shell: &Shell, line: &Line) -> Result<Output, Output> {
    let wanted = Wanted::of(line)?;
    let (empty, what) = match line.word(0) {
        None | Some("conntrack") => (false, "flow entries"),
        Some("expect") => (true, "expectations"),
        Some("dying" | "unconfirmed") => (true, "flow entries"),
        Some(other) => return Err(wrong(&format!("unknown type `{other}'"))),
    };
    let host = here(shell)?;
    let now = shell.session().world().now;
    let shown = host.conntrack.flows(now).filter(|flow| !empty && wanted.holds(flow));
    let line = |flow| format!("{}mark=0 use=1\n", tracked(flow, Some(now)));
    let lines: Vec<String> = shown.map(line).collect();
    let err = format!("{CONNTRACK}: {} {what} have been shown.\n", lines.len());
    Ok(Output { out: lines.concat(), err, status: 0 })
}

/// A flow; how long it is kept from `now`, and how far its connection is, are said only of one that is there.
fn tracked(flow: &Flow, now: Option<Time>) -> String {
    let number = flow.original.protocol.number();
    let state = match flow.tcp {
        TcpState::None => "",
        TcpState::SynSent => "SYN_SENT ",
        TcpState::SynRecv => "SYN_RECV ",
        TcpState::Established => "ESTABLISHED ",
        TcpState::Close => "CLOSE ",
    };
    let kept = now.map_or_else(String::new, |now| format!("{} {state}", (flow.expires - now).as_millis() / 1000));
    let seen = if flow.seen_reply { "" } else { "[UNREPLIED] " };
    let assured = if flow.assured { "[ASSURED] " } else { "" };
    let name = flow.original.protocol.name();
    format!("{name:<8} {number} {kept}{} {seen}{} {assured}", tuple(&flow.original, 8), tuple(&flow.reply, 0))
}

fn tuple(tuple: &Tuple, icmp_type: u8) -> String {
    let ends = format!("src={} dst={}", tuple.src, tuple.dst);
    match tuple.protocol {
        Protocol::Icmp => format!("{ends} type={icmp_type} code=0 id={}", tuple.src_port),
        _ => format!("{ends} sport={} dport={}", tuple.src_port, tuple.dst_port),
    }
}

/// What may happen to a flow, as `-e` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    New,
    Update,
    Destroy,
}

/// A table that is watched (`conntrack -E`).
#[derive(Clone, Debug)]
pub(in crate::shell) struct Events {
    host: HostId,
    wanted: Wanted,
    of: Vec<Event>,
    /// The table as it was last, and when.
    known: (Conntrack, Time),
    shown: usize,
}

fn events(shell: &mut Shell, line: &Line) -> Result<Output, Output> {
    let wanted = Wanted::of(line)?;
    let of = line.option("--event-mask").unwrap_or("ALL").split(',').map(event);
    let of = of.collect::<Result<Vec<_>, _>>()?.concat();
    here(shell)?;
    let (host, state) = shell.here().ok_or_else(|| Output::fail(1, ""))?;
    let known = (state.conntrack.clone(), shell.session().world().now);
    let events = Events { host, wanted, of, known, shown: 0 };
    Ok(shell.follow(String::new(), String::new(), Follow::Events(events)))
}

/// A word of `-e`.
fn event(word: &str) -> Result<Vec<Event>, Output> {
    Ok(match word.to_ascii_uppercase().as_str() {
        "ALL" => vec![Event::New, Event::Update, Event::Destroy],
        "NEW" => vec![Event::New],
        "UPDATES" => vec![Event::Update],
        "DESTROY" => vec![Event::Destroy],
        _ => return Err(wrong(&format!("Bad parameter `{word}'"))),
    })
}

impl Events {
    pub(in crate::shell) fn told(&mut self, happened: Happened<'_>) -> Told {
        let mut told = Told::default();
        let here = |(_, step): &(usize, &Step)| step.at == Place::Host(self.host);
        let steps: Vec<usize> =
            happened.turn.record.steps.iter().enumerate().filter(here).map(|(at, _)| at + 1).collect();
        for steps in steps {
            self.see(happened.world(steps), steps, &mut told);
        }
        // What ends by time ends also where nothing passes.
        self.see(&happened.turn.world, happened.steps(), &mut told);
        told
    }

    /// What has changed since it was looked at last.
    fn see(&mut self, world: &World, steps: usize, told: &mut Told) {
        let Some(host) = world.hosts.get(self.host) else { return };
        let (table, now) = (host.conntrack.clone(), world.now);
        let (known, then) = std::mem::replace(&mut self.known, (table.clone(), now));
        let same = |was: &Flow, flow: &Flow| was.since == flow.since;
        let gone = known.flows(then).filter(|was| !table.flow(was.original, now).is_some_and(|flow| same(was, &flow)));
        let gone = gone.map(|flow| (Event::Destroy, flow));
        let came = table.flows(now).filter_map(|flow| match known.flow(flow.original, then) {
            Some(was) if same(&was, flow) => differs(&was, flow).then_some((Event::Update, flow)),
            _ => Some((Event::New, flow)),
        });
        let mut text = String::new();
        let wanted = |(event, flow): &(Event, &Flow)| self.of.contains(event) && self.wanted.holds(flow);
        for (event, flow) in gone.chain(came).filter(wanted) {
            let (name, now) = match event {
                Event::New => ("[NEW]", Some(world.now)),
                Event::Update => ("[UPDATE]", Some(world.now)),
                Event::Destroy => ("[DESTROY]", None),
            };
            let _ = writeln!(text, "{name:>9} {}", tracked(flow, now).trim_end());
            self.shown += 1;
        }
        if !text.is_empty() {
            told.parts.push(Part { steps, text, clears: false, stopped: Some(self.stopped()) });
        }
    }

    /// What it prints when it is stopped.
    pub(in crate::shell) fn stopped(&self) -> Stopped {
        let text = format!("{CONNTRACK}: {} flow events have been shown.\n", self.shown);
        Stopped { sent: None, text, status: 0 }
    }
}

/// Whether it is told that a flow goes on: an answer came, or its connection is in another state. Source: Linux
/// `net/netfilter/nf_conntrack_core.c`, `nf_conntrack_proto_tcp.c` (`nf_conntrack_event_cache`).
fn differs(was: &Flow, flow: &Flow) -> bool {
    (was.seen_reply, was.tcp, was.assured) != (flow.seen_reply, flow.tcp, flow.assured)
}
