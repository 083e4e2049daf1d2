//! What the simulator says a capture on every interface shows, and how the probe ends.

use crate::linux::kernel::capture::Seen;
use crate::linux::kernel::frame::Line;
use crate::linux::kernel::lab::Frames;
use crate::linux::kernel::probe::Verdict;
use podhop::sim::capture::{encode, points};
use podhop::sim::host::netfilter::{Hook, Verdict as RuleVerdict};
use podhop::sim::ids::{HostId, LineageId};
use podhop::sim::packet::{Protocol, Unreachable};
use podhop::sim::record::decision::{ArpNote, Decision, DropReason};
use podhop::sim::record::trace::{ErrorKind, Outcome};
use podhop::sim::record::{Cause, Place, Record};
use podhop::sim::world::World;

pub(super) fn frames(record: &Record, world: &World) -> Frames {
    let mut all = Frames::new();
    for (at, seen) in points::everywhere(record, world) {
        if of_a_timer(record, seen.frame.lineage) {
            continue;
        }
        let Some(interface) = world.hosts.get(at.host).and_then(|h| h.interface(at.index)) else { continue };
        let line = Line::read(&encode(&seen.frame)).expect("an ARP or IPv4 frame");
        let place = (at.host, interface.name.to_string());
        all.entry(place).or_default().push(Seen { outgoing: seen.outgoing, line });
    }
    all
}

/// Whether a timer sent anything.
pub(super) fn has_timer(record: &Record) -> bool {
    let frames = record.steps.iter().filter_map(|step| record.frame(step.frame?));
    frames.into_iter().any(|frame| of_a_timer(record, frame.lineage))
}

/// Whether an answer tells another hardware address than the one that is known, and counts. A request always does, and
/// an answer that comes too soon never.
pub(super) fn is_told_otherwise(before: &World, record: &Record) -> bool {
    record.steps.iter().any(|step| {
        let (Place::Host(host), Some(dev), Decision::Neighbor { ip, mac, how: ArpNote::Confirmed }) =
            (step.at, step.dev, &step.decision)
        else {
            return false;
        };
        let known = before.hosts.get(host).and_then(|host| host.neighbors.get(dev, *ip)).and_then(|entry| entry.mac);
        known.is_some_and(|known| known != *mac)
    })
}

/// A neighbour that is probed again because time has passed: real time has not.
fn of_a_timer(record: &Record, lineage: LineageId) -> bool {
    match record.lineage(lineage).map(|l| l.cause) {
        Some(Cause::Timer) => true,
        Some(Cause::AnswerTo(other)) => record.lineage(other).is_some_and(|l| l.cause == Cause::Timer),
        _ => false,
    }
}

pub(super) fn verdict(record: &Record, host: HostId) -> Verdict {
    let probe = record.probes().next().expect("a probe");
    let path = record.path(probe);
    let tcp = path.iter().find_map(|&i| record.steps[i].after.as_ref()?.body.packet()?.tuple());
    let tcp = tcp.is_some_and(|t| t.protocol == Protocol::Tcp);
    // A rule of the host itself: the call that sends fails at once, but a connection is tried again and again.
    let own_rule = path.iter().any(|&i| {
        let ends = |v| matches!(v, RuleVerdict::Drop | RuleVerdict::PolicyDrop | RuleVerdict::Reject(_));
        matches!(record.steps[i].decision, Decision::Rules { hook: Hook::Output, verdict, .. } if ends(verdict))
    });
    if own_rule && !tcp {
        return Verdict::Local("EPERM");
    }
    match record.outcome(probe) {
        // Source: Linux `net/ipv4/icmp.c` (`icmp_err_convert`).
        Outcome::Error { kind: ErrorKind::Unreachable(Unreachable::Port), .. } if tcp => Verdict::Refused,
        Outcome::Answered { .. } => Verdict::Answered,
        Outcome::Refused { .. } => Verdict::Refused,
        Outcome::Error { from, kind, .. } => {
            let (kind, code) = match kind {
                ErrorKind::TimeExceeded => (11, 0),
                ErrorKind::Unreachable(code) => (3, code.code()),
            };
            Verdict::Error { kind, code, from }
        }
        Outcome::Lost { lineage, step, reason } if lineage == probe && at_origin(record, probe, step, host) => {
            send_error(reason).map_or(Verdict::Silent, Verdict::Local)
        }
        Outcome::Lost { .. } | Outcome::Left { .. } | Outcome::Nothing => Verdict::Silent,
    }
}

/// Whether the packet never left the host that sent it.
fn at_origin(record: &Record, probe: LineageId, step: usize, host: HostId) -> bool {
    let sent = record.path(probe).iter().any(|&i| matches!(record.steps[i].decision, Decision::Transmit { .. }));
    !sent && record.steps[step].at == Place::Host(host)
}

/// What the send call of the program says.
const fn send_error(reason: DropReason) -> Option<&'static str> {
    match reason {
        DropReason::NoRoute | DropReason::NoSource => Some("ENETUNREACH"),
        DropReason::RouteUnreachable => Some("EHOSTUNREACH"),
        DropReason::RouteBlackhole => Some("EINVAL"),
        DropReason::TooBig { .. } => Some("EMSGSIZE"),
        _ => None,
    }
}
