//! Plays one scenario on both sides and compares what they did, packet by packet.

mod expect;
mod flows;
mod live;

use crate::linux::kernel::lab::{Frames, Lab};
use crate::linux::kernel::probe::{Shot, Verdict};
use crate::linux::kernel::tables::Also;
use crate::linux::kernel::{lookup, tables};
use flows::{Began, Flows};
use podhop::sim::action::{self, Action};
use podhop::sim::capture::points;
use podhop::sim::engine::Engine;
use podhop::sim::host::neighbor::DELAY_FIRST_PROBE;
use podhop::sim::ids::HostId;
use podhop::sim::packet::{Frame, Payload};
use podhop::sim::record::{Keep, Record};
use podhop::sim::scenario::Scenario;
use podhop::sim::time::{Span, Time};
use podhop::sim::world::World;
use std::fmt::Write;
use std::time::Instant;

/// After so much virtual time neighbours and FDBs are flushed on both sides: a used neighbour is probed then, by a
/// timer that runs in one world and not in the other.
const CALM_AFTER: Span = DELAY_FIRST_PROBE;

/// What one scenario showed.
#[derive(Debug, Default)]
pub(crate) struct Judgement {
    pub(crate) probes: u64,
    pub(crate) frames: u64,
    /// Hosts whose tables were compared at the end.
    pub(crate) tables: u64,
    /// What the kernel did with each packet.
    pub(crate) outcomes: Vec<String>,
    /// The first difference: number of the action, and both sides.
    pub(crate) difference: Option<(usize, String)>,
}

/// How to look.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Look {
    /// Whether the pods are attached by the real plugins.
    pub(crate) plugins: bool,
    /// Whether the tables of all hosts are compared at the end.
    pub(crate) tables: bool,
    pub(crate) patient: bool,
}

/// Plays a scenario to its first difference or its end.
pub(crate) fn judge(scenario: &Scenario, look: Look) -> Judgement {
    let (build, rest) = scenario.actions.split_at(built(scenario));
    let mut world = start(scenario.seed, build);
    let mut lab = Lab::build(&world, look.plugins);
    lab.patient = look.patient;
    live::calm(&lab, &world);
    let mut judgement = Judgement::default();
    if !lab.attached.is_empty() {
        judgement.difference = Some((build.len(), lab.attached.join("\n")));
        return judgement;
    }
    let mut calmed = world.now;
    let mut flows = Flows::default();
    for (number, action) in rest.iter().enumerate() {
        let keep = if matches!(action, Action::Send { .. }) { Keep::Steps } else { Keep::Count };
        let done = undisturbed(&mut world, &mut calmed, action, keep, |world| live::calm(&lab, world));
        let Ok((after, record)) = done else { continue };
        let began = Began { real: Instant::now(), simulated: world.now };
        let text = if keep == Keep::Steps {
            compare(&mut lab, &after, &record, &mut judgement)
        } else {
            live::act(&lab, action, &world, &after);
            None
        };
        world = after;
        flows.act(action, &world);
        flows.see(&world, began);
        if let Some(text) = text {
            judgement.difference = Some((build.len() + number, text));
            return judgement;
        }
    }
    if look.tables {
        judgement.tables = world.hosts.iter().count() as u64;
        let learned = world.now - calmed <= CALM_AFTER;
        let asked = lookup::asked(&world);
        let all = lab.hosts().flat_map(|(id, netns)| {
            let listed = flows.listed(id, world.hosts.get(id).unwrap());
            let also = Also { learned, flows: listed, lookups: asked.clone() };
            tables::differences(&world, id, netns, &also)
        });
        let all: Vec<String> = all.collect();
        let last = scenario.actions.len() - 1;
        judgement.difference = (!all.is_empty()).then(|| (last, all.join("\n")));
    }
    judgement
}

/// Number of the actions that only build; what comes after happens on both sides.
fn built(scenario: &Scenario) -> usize {
    let builds = |a: &Action| {
        matches!(
            a,
            Action::CreateVnet { .. }
                | Action::CreateSubnet { .. }
                | Action::CreateCluster(_)
                | Action::AddPool(_)
                | Action::CreateDeployment { .. }
                | Action::CreateVm { .. }
                | Action::Settle
        )
    };
    scenario.actions.iter().position(|a| !builds(a)).unwrap_or(scenario.actions.len())
}

/// The simulated world when all is built and nothing learned.
fn start(seed: u64, build: &[Action]) -> World {
    let mut world = World::new(seed);
    // A scenario that has been made smaller may have lost its own `Settle`.
    for action in build.iter().chain([&Action::Settle]) {
        world = step(world, action, Keep::Count).map_or_else(|w| *w, |(w, _)| w);
    }
    calm(&mut world);
    spread_ports(&mut world);
    world
}

/// What the simulator alone says of every packet of a scenario: verdict and frames, as fingerprints.
pub(crate) fn simulate(scenario: &Scenario) -> Vec<String> {
    let (build, rest) = scenario.actions.split_at(built(scenario));
    let mut world = start(scenario.seed, build);
    let mut calmed = world.now;
    let mut all = Vec::new();
    for action in rest {
        let done = undisturbed(&mut world, &mut calmed, action, Keep::Steps, |_| ());
        let Ok((after, record)) = done else { continue };
        if let (Action::Send { .. }, Some((host, _))) = (action, shot(&record)) {
            all.push(outcome(&expect::verdict(&record, host), &expect::frames(&record, &after)));
        }
        world = after;
    }
    all
}

/// Every frame at every interface while a scenario sends its packets, in the order in which it happened.
pub(crate) fn captured(scenario: &Scenario) -> Vec<(Time, Frame)> {
    let (build, rest) = scenario.actions.split_at(built(scenario));
    let mut world = start(scenario.seed, build);
    let mut all = Vec::new();
    for action in rest {
        let Ok((after, record)) = step(world.clone(), action, Keep::Steps) else { continue };
        all.extend(points::everywhere(&record, &after).into_iter().map(|(_, seen)| (seen.time, seen.frame)));
        world = after;
    }
    all
}

/// A verdict in words, and a fingerprint of the frames.
fn outcome(verdict: &Verdict, frames: &Frames) -> String {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    let print = format!("{frames:?}").bytes().fold(0xcbf2_9ce4_8422_2325, step);
    format!("{verdict:?} {print:016x}")
}

/// Applies an action; one that is refused gives the world back.
fn step(world: World, action: &Action, keep: Keep) -> Result<(World, Record), Box<World>> {
    let mut engine = Engine::new(world.clone(), keep);
    match action::apply(&mut engine, action) {
        Ok(()) => Ok((engine.world, engine.record)),
        Err(_) => Err(Box::new(world)),
    }
}

/// Applies an action; from rest where much time has passed, or where a neighbour would be probed meanwhile: who is asked
/// learns of who asks, in one world and not in the other; or where one is said to be elsewhere than it was, which counts
/// only after a second. `also` brings the other to rest.
fn undisturbed(
    world: &mut World,
    calmed: &mut Time,
    action: &Action,
    keep: Keep,
    also: impl Fn(&World),
) -> Result<(World, Record), Box<World>> {
    let rest = |world: &mut World| {
        also(world);
        calm(world);
        world.now
    };
    if world.now - *calmed > CALM_AFTER {
        *calmed = rest(world);
    }
    let done = step(world.clone(), action, keep);
    let differs = |record| expect::has_timer(record) || expect::is_told_otherwise(world, record);
    if !done.as_ref().is_ok_and(|(_, record)| differs(record)) {
        return done;
    }
    *calmed = rest(world);
    step(world.clone(), action, keep)
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
    judgement.outcomes.push(outcome(&verdict, &frames));
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
    Probe { protocol, ttl: packet.ttl, len, ..Probe::ping() }
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
