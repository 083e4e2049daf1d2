//! Stable names of what the record says with types alone.

use crate::sim::ids::LineageId;
use crate::sim::packet::Unreachable;
use crate::sim::record::decision::Delivery;
use crate::sim::record::trace::{ErrorKind, Outcome};
use crate::sim::record::{Cause, Record};

/// Number of a packet among those of its turn, in the order in which they began, from 1.
pub(super) fn number(record: &Record, id: LineageId) -> usize {
    record.lineages.partition_point(|lineage| lineage.id < id) + 1
}

pub(super) const fn outcome(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Answered { .. } => "answered",
        Outcome::Refused { .. } => "refused",
        Outcome::Error { kind: ErrorKind::TimeExceeded, .. } => "time-exceeded",
        Outcome::Error { kind: ErrorKind::Unreachable(_), .. } => "unreachable",
        Outcome::Lost { .. } => "lost",
        Outcome::Left { .. } => "left",
        Outcome::Nothing => "nothing",
    }
}

/// The packet that came back.
pub(super) const fn reply(outcome: &Outcome) -> Option<LineageId> {
    match outcome {
        Outcome::Answered { reply } | Outcome::Refused { reply } => Some(*reply),
        Outcome::Error { error, .. } => Some(*error),
        Outcome::Lost { .. } | Outcome::Left { .. } | Outcome::Nothing => None,
    }
}

pub(super) const fn unreachable(code: Unreachable) -> &'static str {
    match code {
        Unreachable::Net => "net",
        Unreachable::Host => "host",
        Unreachable::Port => "port",
        Unreachable::FragmentationNeeded { .. } => "fragmentation-needed",
        Unreachable::Prohibited => "prohibited",
    }
}

pub(super) const fn delivery(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Echo => "echo",
        Delivery::Listener { .. } => "listener",
        Delivery::Answer { .. } => "answer",
        Delivery::Error => "error",
        Delivery::Arp => "arp",
        Delivery::Closed { .. } => "closed",
        Delivery::Segment => "segment",
    }
}

/// The cause of a packet, and the packet that was it.
pub(super) const fn cause(cause: Cause) -> (&'static str, Option<LineageId>) {
    match cause {
        Cause::Action => ("sent", None),
        Cause::ResolvingFor(id) => ("resolving-for", Some(id)),
        Cause::AnswerTo(id) => ("answer-to", Some(id)),
        Cause::ErrorAbout(id) => ("error-about", Some(id)),
        Cause::Timer => ("timer", None),
    }
}
