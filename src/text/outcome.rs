//! How a probe ended, in words.

use super::args::{Arg, Args};
use super::bundle::Text;
use super::explain::explain;
use super::fragment::Fragment;
use super::names::{address_link, place};
use super::scene::Scene;
use crate::sim::ids::LineageId;
use crate::sim::packet::Unreachable;
use crate::sim::record::trace::{ErrorKind, Outcome};
use crate::sim::record::{Cause, Record, Step};
use crate::sim::world::World;

/// Says how a probe ended, as the program that sent it sees it, and why.
pub fn outcome(text: &Text, outcome: &Outcome, record: &Record, world: &World) -> Vec<Fragment> {
    let (id, args) = match *outcome {
        Outcome::Answered { reply } => answered(record, reply),
        Outcome::Refused { reply } => ("outcome-refused", refused(record, world, reply)),
        Outcome::Error { from, kind, .. } => error(world, from, kind),
        Outcome::Lost { lineage, step, .. } => match record.steps.get(step) {
            Some(at) => ("outcome-lost", lost(text, world, at, is_answer(record, lineage))),
            None => ("outcome-nothing", Args::new()),
        },
        Outcome::Left { .. } => ("outcome-left", Args::new()),
        Outcome::Nothing => ("outcome-nothing", Args::new()),
    };
    text.rich(id, &args)
}

/// With the time since the packet that it answers, where both ends are in the record.
fn answered(record: &Record, reply: LineageId) -> (&'static str, Args) {
    let probe = match record.lineage(reply).map(|l| l.cause) {
        Some(Cause::AnswerTo(probe)) => Some(probe),
        _ => None,
    };
    let begun = probe.and_then(|probe| record.path(probe).first().map(|&i| record.steps[i].time));
    let end = record.path(reply).last().map(|&i| &record.steps[i]);
    let (Some(begun), Some(end)) = (begun, end) else { return ("outcome-answered", Args::new()) };
    let ttl = end.after.as_ref().and_then(|f| f.body.packet()).map_or(0, |p| p.ttl);
    let micros = (end.time - begun).0 / 1_000;
    let ms = format!("{}.{:03}", micros / 1_000, micros % 1_000);
    ("outcome-answered.rtt", Args::new().text("ms", ms).number("ttl", ttl))
}

/// Who sent the reset.
fn refused(record: &Record, world: &World, reply: LineageId) -> Args {
    let first = record.path(reply).first().and_then(|&i| record.steps[i].after.as_ref()?.body.packet().map(|p| p.src));
    Args::new().with("dst", first.map_or(Arg::Word("gone"), |src| address_link(world, src)))
}

fn error(world: &World, from: std::net::Ipv4Addr, kind: ErrorKind) -> (&'static str, Args) {
    let args = Args::new().with("from", address_link(world, from));
    let code = match kind {
        ErrorKind::TimeExceeded => return ("outcome-time-exceeded", args),
        ErrorKind::Unreachable(Unreachable::Net) => "net",
        ErrorKind::Unreachable(Unreachable::Host) => "host",
        ErrorKind::Unreachable(Unreachable::Port) => "port",
        ErrorKind::Unreachable(Unreachable::FragmentationNeeded { .. }) => "fragmentation-needed",
        ErrorKind::Unreachable(Unreachable::Prohibited) => "prohibited",
    };
    ("outcome-unreachable", args.text("code", code))
}

fn is_answer(record: &Record, lineage: LineageId) -> bool {
    record.lineage(lineage).is_some_and(|l| matches!(l.cause, Cause::AnswerTo(_)))
}

fn lost(text: &Text, world: &World, at: &Step, reply: bool) -> Args {
    let place = place(text, Scene::new(at, world).world, at.at);
    let why = Arg::Rich(explain(text, at, world).sentence);
    Args::new().text("reply", if reply { "yes" } else { "no" }).with("place", place).with("why", why)
}
