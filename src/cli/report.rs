//! A trace as plain data, for people and for programs. Its JSON is a promise: fields are added, never renamed, and
//! whoever changes one raises [`VERSION`].

mod codes;
mod evidence;
mod packet;
mod rows;

pub use evidence::{Evidence, Row, Why};
pub use packet::{Change, Disposition, Hop, Packet, Place, Step};

use crate::session::Turn;
use crate::sim::action::Action;
use crate::sim::engine::probe::ProbeProtocol;
use crate::sim::ids::LineageId;
use crate::sim::record::trace::{self, ErrorKind, Outcome};
use crate::text::{self, Text, plain};
use packet::Writer;
pub(super) use packet::place;
use serde::Serialize;
use std::net::Ipv4Addr;

/// Names the shape.
pub const FORMAT: &str = "podhop.trace";
/// Number of the shape.
pub const VERSION: u32 = 1;

/// What became of the packets of one sending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// [`FORMAT`]
    pub format: &'static str,
    /// [`VERSION`]
    pub version: u32,
    /// As they were named.
    pub from: String,
    pub to: String,
    /// `icmp`, `tcp` or `udp`.
    pub protocol: &'static str,
    /// Destination port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// With which it was sent.
    pub ttl: u8,
    /// Whether it has all steps, those of ARP and of copies of frames too.
    pub every: bool,
    /// Whether every packet reached its destination and its sender heard of it.
    pub delivered: bool,
    pub probes: Vec<Probe>,
    /// Each probe and what came back; with every step, all packets that there were.
    pub packets: Vec<Packet>,
}

/// One packet that was sent, and how that ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Probe {
    /// Its `id` among the packets.
    pub packet: usize,
    /// `answered`, `refused`, `time-exceeded`, `unreachable`, `lost`, `left` or `nothing`.
    pub outcome: &'static str,
    /// Which kind of unreachable, or why it was lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// Who reported an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reported_by: Option<Ipv4Addr>,
    /// What came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<usize>,
    /// From the first step of the probe to the last of what came back, in nanoseconds of virtual time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round_trip_ns: Option<u64>,
    pub delivered: bool,
    pub sentence: String,
}

/// The report of a turn that sent packets. With `every`, of all steps, those of ARP and of copies of frames too.
pub fn report(text: &Text, turn: &Turn, every: bool) -> Report {
    let probes: Vec<Probe> = turn.record.probes().map(|probe| of_probe(text, turn, probe)).collect();
    let (from, to, probe) = match &turn.action {
        Action::Send { from, to, probe, .. } => (from.as_str(), to.as_str(), Some(probe)),
        _ => ("", "", None),
    };
    let (protocol, port) = match probe.map(|p| p.protocol) {
        Some(ProbeProtocol::Tcp { port }) => ("tcp", Some(port)),
        Some(ProbeProtocol::Udp { port }) => ("udp", Some(port)),
        Some(ProbeProtocol::Icmp) | None => ("icmp", None),
    };
    Report {
        format: FORMAT,
        version: VERSION,
        from: from.to_owned(),
        to: to.to_owned(),
        protocol,
        port,
        ttl: probe.map_or(0, |p| p.ttl),
        every,
        delivered: !probes.is_empty() && probes.iter().all(|p| p.delivered),
        probes,
        packets: Writer::new(text, turn, every).packets(),
    }
}

impl Report {
    /// The report as JSON, indented, with a line break at the end.
    pub fn to_json(&self) -> String {
        // Maps with keys that are not strings are the one thing that serde_json refuses; there are none.
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }

    /// Whether no packet was delivered.
    pub fn dropped(&self) -> bool {
        !self.probes.iter().any(|p| p.delivered)
    }
}

fn of_probe(text: &Text, turn: &Turn, probe: LineageId) -> Probe {
    let record = &turn.record;
    let outcome = record.outcome(probe);
    let reply = codes::reply(&outcome);
    let arrived = matches!(record.trace(probe).disposition, trace::Disposition::Delivered(_));
    let heard = matches!(outcome, Outcome::Answered { .. } | Outcome::Refused { .. } | Outcome::Error { .. });
    let round_trip_ns = reply.and_then(|reply| {
        let begun = record.steps.get(*record.path(probe).first()?)?.time;
        let ended = record.steps.get(*record.path(reply).last()?)?.time;
        Some((ended - begun).0)
    });
    Probe {
        packet: codes::number(record, probe),
        outcome: codes::outcome(&outcome),
        reason: reason(&outcome),
        reported_by: match outcome {
            Outcome::Error { from, .. } => Some(from),
            _ => None,
        },
        reply: reply.map(|id| codes::number(record, id)),
        round_trip_ns,
        delivered: arrived && heard,
        sentence: plain(&text::outcome(text, &outcome, record, &turn.world)),
    }
}

const fn reason(outcome: &Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Lost { reason, .. } => Some(reason.code()),
        Outcome::Error { kind: ErrorKind::Unreachable(code), .. } => Some(codes::unreachable(*code)),
        _ => None,
    }
}
