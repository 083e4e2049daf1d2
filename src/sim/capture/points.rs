//! What is captured where: one interface, or all of them.

use crate::sim::ids::{FrameId, InterfaceId};
use crate::sim::order::sort_by_key;
use crate::sim::ordered::Ordered;
use crate::sim::record::seen::Seen;
use crate::sim::record::{Place, Record, Step};
use crate::sim::time::Time;
use crate::sim::world::World;

/// Every frame at every interface of a world, each once for each time it passes, in the order in which it happened.
pub fn everywhere(record: &Record, world: &World) -> Vec<(InterfaceId, Seen)> {
    let mut all: Vec<(usize, InterfaceId, Seen)> = Vec::new();
    for at in interfaces(world) {
        // A packet that goes round passes the same interface again, later.
        let mut shown: Ordered<(FrameId, bool, Time), ()> = Ordered::default();
        let first = numbered(record, at).filter(|(_, seen)| {
            let key = (seen.frame.id, seen.outgoing, seen.time);
            let is_new = !shown.contains_key(&key);
            shown.insert(key, ());
            is_new
        });
        all.extend(first.map(|(step, seen)| (step, at, seen)));
    }
    sort_by_key(&mut all, |(step, at, _)| (*step, *at));
    all.into_iter().map(|(_, at, seen)| (at, seen)).collect()
}

fn interfaces(world: &World) -> impl Iterator<Item = InterfaceId> {
    world.hosts.iter().flat_map(|(host, state)| state.interfaces.keys().map(move |&index| InterfaceId { host, index }))
}

/// Frames seen at an interface, with the positions of their steps.
fn numbered(record: &Record, at: InterfaceId) -> impl Iterator<Item = (usize, Seen)> {
    let mut steps = record.steps.iter().enumerate();
    record.seen_at(at).into_iter().filter_map(move |seen| {
        let (number, _) = steps.find(|(_, step)| shows(step, at, &seen))?;
        Some((number, seen))
    })
}

fn shows(step: &Step, at: InterfaceId, seen: &Seen) -> bool {
    let here = step.at == Place::Host(at.host) && step.dev == Some(at.index);
    here && step.time == seen.time && step.before.as_ref() == Some(&seen.frame)
}
