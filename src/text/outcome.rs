//! How a probe ended, in words.

use super::args::{Arg, Args};
use super::bundle::Text;
use super::explain::explain;
use super::fragment::Fragment;
use super::names::{address_link, host_link, place};
use super::scene::Scene;
use crate::sim::host::bridge::FdbLookup;
use crate::sim::ids::LineageId;
use crate::sim::packet::Unreachable;
use crate::sim::record::decision::Decision;
use crate::sim::record::trace::{ErrorKind, Outcome};
use crate::sim::record::{Cause, Record, Step};
use crate::sim::world::World;
use crate::view::downed::{Downed, downed};
use crate::view::target::Target;

/// Says how a probe ended, as the program that sent it sees it, and why.
pub fn outcome(text: &Text, outcome: &Outcome, record: &Record, world: &World) -> Vec<Fragment> {
    let (id, args) = match *outcome {
        Outcome::Answered { reply } => answered(record, reply),
        Outcome::Refused { reply } => ("outcome-refused", refused(record, world, reply)),
        Outcome::Error { error: about, from, kind } => error(record, world, about, from, kind),
        Outcome::Lost { lineage, step, .. } => match record.steps.get(step) {
            Some(at) => lost(text, world, at, flood_before(record, lineage, step), is_answer(record, lineage)),
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

fn error(
    record: &Record,
    world: &World,
    error: LineageId,
    from: std::net::Ipv4Addr,
    kind: ErrorKind,
) -> (&'static str, Args) {
    let args = Args::new().with("from", address_link(world, from));
    let code = match kind {
        ErrorKind::TimeExceeded => return ("outcome-time-exceeded", args),
        ErrorKind::Unreachable(Unreachable::Net) => "net",
        ErrorKind::Unreachable(Unreachable::Host) => "host",
        ErrorKind::Unreachable(Unreachable::Port) => "port",
        ErrorKind::Unreachable(Unreachable::FragmentationNeeded { .. }) => "fragmentation-needed",
        ErrorKind::Unreachable(Unreachable::Prohibited) => "prohibited",
    };
    let args = args.text("code", code);
    let lost = match record.lineage(error).map(|l| l.cause) {
        Some(Cause::ErrorAbout(probe)) => record.path(probe).last().and_then(|&i| record.steps.get(i)),
        _ => None,
    };
    match lost.and_then(|step| cut_off(&Scene::new(step, world), args.clone())) {
        Some(args) => ("outcome-unreachable.down", args),
        None => ("outcome-unreachable", args),
    }
}

/// The link that is down, where that is why the step lost its packet, and who hangs on it.
fn cut_off(scene: &Scene<'_>, args: Args) -> Option<Args> {
    let Downed { end, pod } = downed(scene.world, scene.step)?;
    let args = args.with("link", scene.target(Target::Interface(end))).with("pod", host_link(scene.world, pod));
    Some(args.with("at", host_link(scene.world, end.host)))
}

fn is_answer(record: &Record, lineage: LineageId) -> bool {
    record.lineage(lineage).is_some_and(|l| matches!(l.cause, Cause::AnswerTo(_)))
}

/// Where a bridge flooded the packet of which the step loses a copy: not the one that got the copy is to blame.
fn flood_before(record: &Record, lineage: LineageId, step: usize) -> Option<&Step> {
    let is_copy = matches!(record.steps.get(step)?.decision, Decision::Drop(reason) if reason.is_of_a_copy());
    let flooded = |s: &&Step| matches!(s.decision, Decision::BridgeForward { lookup: FdbLookup::Unknown { .. }, .. });
    let before = record.path(lineage).into_iter().rev().filter(|&i| i < step).filter_map(|i| record.steps.get(i));
    before.filter(|_| is_copy).find(flooded)
}

/// Where and why; a link that is down comes before what others say of the frame.
fn lost(text: &Text, world: &World, at: &Step, flood: Option<&Step>, reply: bool) -> (&'static str, Args) {
    let why = Arg::Rich(explain(text, flood.unwrap_or(at), world).sentence);
    let args = Args::new().text("reply", if reply { "yes" } else { "no" }).with("why", why);
    let scene = Scene::new(at, world);
    match (cut_off(&scene, args.clone()), flood) {
        (Some(args), _) => ("outcome-lost.down", args),
        (None, Some(_)) => ("outcome-lost.flooded", args),
        (None, None) => ("outcome-lost", args.with("place", place(text, scene.world, at.at))),
    }
}
