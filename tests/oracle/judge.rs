//! Plays one scenario on both sides and compares what they did, packet by packet.

mod expect;
mod live;

use crate::kernel::lab::{Frames, Lab};
use crate::kernel::probe::{Shot, Verdict};
use podhop::sim::action::{self, Action};
use podhop::sim::engine::Engine;
use podhop::sim::ids::HostId;
use podhop::sim::packet::Payload;
use podhop::sim::record::{Keep, Record};
use podhop::sim::scenario::Scenario;
use podhop::sim::time::Span;
use podhop::sim::world::World;
use std::fmt::Write;

/// After so much virtual time neighbours and FDBs are flushed on both sides: timers that run in one world and not in
/// the other would else be the difference.
const CALM_AFTER: Span = Span::secs(12);

/// What one scenario showed.
#[derive(Debug, Default)]
pub(crate) struct Judgement {
    pub(crate) probes: u64,
    pub(crate) frames: u64,
    /// The first difference: number of the action, and both sides.
    pub(crate) difference: Option<(usize, String)>,
}

/// How to look.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Look {
    /// Whether the pods are attached by the real plugins.
    pub(crate) plugins: bool,
    pub(crate) patient: bool,
}

/// Plays a scenario to its first difference or its end.
pub(crate) fn judge(scenario: &Scenario, look: Look) -> Judgement {
    let first = scenario.actions.iter().position(|a| matches!(a, Action::Send { .. }));
    let (build, rest) = scenario.actions.split_at(first.unwrap_or(scenario.actions.len()));
    let mut world = World::new(scenario.seed);
    for action in build {
        world = step(world, action, Keep::Count).map_or_else(|w| *w, |(w, _)| w);
    }
    // A scenario that has been made smaller may have lost its own.
    world = step(world, &Action::Settle, Keep::Count).map_or_else(|w| *w, |(w, _)| w);
    calm(&mut world);
    spread_ports(&mut world);
    let mut lab = Lab::build(&world, look.plugins);
    if world.hosts.values().any(|h| h.interfaces.values().any(|i| !i.up)) {
        std::thread::sleep(live::LINK_WATCH);
    }
    lab.patient = look.patient;
    let mut judgement = Judgement::default();
    let mut calmed = world.now;
    for (number, action) in rest.iter().enumerate() {
        let at = build.len() + number;
        if !matches!(action, Action::Send { .. }) {
            if let Ok((after, _)) = step(world.clone(), action, Keep::Count) {
                live::act(&lab, action, &world, &after);
                world = after;
            }
            continue;
        }
        if world.now - calmed > CALM_AFTER {
            live::calm(&lab, &world);
            calm(&mut world);
            calmed = world.now;
        }
        let Ok((after, record)) = step(world.clone(), action, Keep::Steps) else { continue };
        if let Some(text) = compare(&mut lab, &after, &record, &mut judgement) {
            judgement.difference = Some((at, text));
            return judgement;
        }
        world = after;
    }
    judgement
}

/// Applies an action; one that is refused gives the world back.
fn step(world: World, action: &Action, keep: Keep) -> Result<(World, Record), Box<World>> {
    let mut engine = Engine::new(world.clone(), keep);
    match action::apply(&mut engine, action) {
        Ok(()) => Ok((engine.world, engine.record)),
        Err(_) => Err(Box::new(world)),
    }
}

/// Both sides begin with nothing learned.
fn calm(world: &mut World) {
    let ids: Vec<HostId> = world.hosts.iter().map(|(id, _)| id).collect();
    for id in ids {
        let host = world.hosts.get_mut(id).unwrap();
        host.neighbors.flush();
        let bridges: Vec<_> = host.bridges.keys().copied().collect();
        for bridge in bridges {
            host.bridges.get_mut(&bridge).unwrap().flush();
        }
    }
}

/// Ports of different hosts differ, so that no two flows ask a masquerade for the same one: which other one it takes
/// is the kernel's chance.
fn spread_ports(world: &mut World) {
    let ids: Vec<HostId> = world.hosts.iter().map(|(id, _)| id).collect();
    for (number, id) in ids.into_iter().enumerate() {
        for _ in 0..number * 300 {
            world.hosts.get_mut(id).unwrap().sockets.ephemeral_port();
        }
    }
}

fn compare(lab: &mut Lab, world: &World, record: &Record, judgement: &mut Judgement) -> Option<String> {
    let (host, shot) = shot(record)?;
    let expected = expect::frames(record, world);
    let count = expected.values().map(Vec::len).sum();
    let (frames, verdict) = lab.shoot(host, shot, count);
    judgement.probes += 1;
    judgement.frames += count as u64;
    let wanted = expect::verdict(record, host);
    (frames != expected || verdict != wanted).then(|| side_by_side(world, &expected, &frames, &wanted, &verdict))
}

/// The probe of a record as it was sent.
fn shot(record: &Record) -> Option<(HostId, Shot)> {
    let probe = record.probes().next()?;
    let of_probe = |s: &&podhop::sim::record::Step| s.after.as_ref().is_some_and(|f| f.lineage == probe);
    let first = record.steps.iter().find(of_probe)?;
    let podhop::sim::record::Place::Host(host) = first.at else { return None };
    let packet = first.after.as_ref()?.body.packet()?;
    let tuple = packet.tuple()?;
    let seq = packet.quote().map_or(0, |q| q.seq);
    Some((host, Shot { probe: probe_of(packet), tuple, seq }))
}

fn probe_of(packet: &podhop::sim::packet::Packet) -> podhop::sim::engine::probe::Probe {
    use podhop::sim::engine::probe::{Probe, ProbeProtocol};
    use podhop::sim::packet::Icmp;
    let (protocol, len) = match packet.payload {
        Payload::Icmp(Icmp::EchoRequest { len, .. }) => (ProbeProtocol::Icmp, len),
        Payload::Udp { dst_port, len, .. } => (ProbeProtocol::Udp { port: dst_port }, len),
        Payload::Tcp { dst_port, .. } => (ProbeProtocol::Tcp { port: dst_port }, 0),
        Payload::Icmp(_) => (ProbeProtocol::Icmp, 0),
    };
    Probe { protocol, ttl: packet.ttl, len }
}

fn side_by_side(world: &World, ours: &Frames, real: &Frames, wanted: &Verdict, verdict: &Verdict) -> String {
    let mut text = format!("verdict: simulated {wanted:?}, real {verdict:?}\n");
    let mut same = 0;
    let mut places: Vec<_> = ours.keys().chain(real.keys()).collect();
    places.sort();
    places.dedup();
    for place in places {
        let empty = Vec::new();
        let (left, right) = (ours.get(place).unwrap_or(&empty), real.get(place).unwrap_or(&empty));
        let name = world.hosts.get(place.0).map_or("?", |h| h.name.as_ref());
        if left == right {
            same += 1;
            continue;
        }
        writeln!(text, "{name} {}:", place.1).unwrap();
        for (side, frames) in [("  simulated", left), ("  real     ", right)] {
            const SHOWN: usize = 14;
            for seen in frames.iter().take(SHOWN) {
                let way = if seen.outgoing { "out" } else { "in " };
                writeln!(text, "{side} {way} {}", seen.line.text()).unwrap();
            }
            if frames.len() > SHOWN {
                writeln!(text, "{side}     and {} more", frames.len() - SHOWN).unwrap();
            }
        }
    }
    writeln!(text, "other interfaces, the same on both sides: {same}").unwrap();
    text
}
