//! How many addresses of a range were in which state, over virtual time.

use super::address_map::{CellState, Space};
use crate::session::{Cursor, Session, Turn};
use crate::sim::cluster::Node;
use crate::sim::ids::SubnetId;
use crate::sim::ipam::host_local::HostLocal;
use crate::sim::ipam::subnet_pool::LeaseState;
use crate::sim::time::Time;
use crate::sim::world::World;

/// Most samples of one turn; a turn with more steps is sampled evenly.
const MAX_SAMPLES: usize = 240;

/// What a line of the chart counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Series {
    State(CellState),
    /// Pods of the subnet's nodes whose addresses come out of another range.
    PodsElsewhere,
}

impl Series {
    /// Stable name, by which texts and colours find theirs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::State(state) => state.code(),
            Self::PodsElsewhere => "elsewhere",
        }
    }
}

/// One line: values from a time on, each until the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub series: Series,
    pub points: Vec<(Time, u64)>,
}

/// The lines of a range.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chart {
    pub lines: Vec<Line>,
    /// Virtual time at the end of the last turn.
    pub end: Time,
    /// Highest value of any line.
    pub highest: u64,
}

const SUBNET: [Series; 8] = [
    Series::State(CellState::Node),
    Series::State(CellState::Vm),
    Series::State(CellState::HeldForPods),
    Series::State(CellState::HeldInBatch),
    Series::State(CellState::Pod),
    Series::State(CellState::PendingRelease),
    Series::PodsElsewhere,
    Series::State(CellState::Free),
];
const BLOCK: [Series; 2] = [Series::State(CellState::Pod), Series::State(CellState::Free)];

/// All lines that are ever above zero. Without `free`, the line of free addresses, which often dwarfs the others, is
/// left out.
pub fn chart(session: &Session, space: Space, free: bool) -> Chart {
    let all: &[Series] = if matches!(space, Space::Subnet(_)) { &SUBNET } else { &BLOCK };
    let wanted = all.iter().copied().filter(|s| free || *s != Series::State(CellState::Free));
    let mut lines: Vec<Line> = wanted.map(|series| Line { series, points: vec![(Time(0), 0)] }).collect();
    for turn in session.turns() {
        for (time, world) in samples(turn) {
            for line in &mut lines {
                push(&mut line.points, time, count(world, space, line.series));
            }
        }
    }
    lines.retain(|line| line.points.iter().any(|(_, n)| *n > 0));
    let highest = lines.iter().flat_map(|l| &l.points).map(|(_, n)| *n).max().unwrap_or(0);
    Chart { lines, end: session.world().now, highest }
}

/// Some of the worlds of a turn, and always its last.
fn samples(turn: &Turn) -> impl Iterator<Item = (Time, &World)> {
    let steps = &turn.record.steps;
    let stride = steps.len().div_ceil(MAX_SAMPLES).max(1);
    let within = steps.iter().step_by(stride).filter_map(|s| Some((s.time, s.world.as_deref()?)));
    within.chain([(turn.world.now, &turn.world)])
}

/// Adds a value where it is a new one; the last of several at one time counts.
fn push(points: &mut Vec<(Time, u64)>, time: Time, value: u64) {
    match points.last_mut() {
        Some((_, last)) if *last == value => {}
        Some((at, last)) if *at == time => *last = value,
        _ => points.push((time, value)),
    }
}

fn count(world: &World, space: Space, series: Series) -> u64 {
    match (space, series) {
        (Space::Subnet(id), Series::PodsElsewhere) => pods_elsewhere(world, id),
        (Space::Subnet(id), Series::State(state)) => {
            let Some(counts) = world.subnets.get(id).map(|s| s.pool.counts()) else { return 0 };
            match state {
                CellState::Node => counts.of(LeaseState::Node),
                CellState::Vm => counts.of(LeaseState::Vm),
                CellState::HeldForPods => counts.of(LeaseState::HeldForPods),
                CellState::HeldInBatch => counts.of(LeaseState::HeldInBatch),
                CellState::Pod => counts.of(LeaseState::Assigned),
                CellState::PendingRelease => counts.of(LeaseState::PendingRelease),
                CellState::Free => counts.free,
                _ => 0,
            }
        }
        (Space::Block(id), series) => {
            let Some(block) = world.nodes.get(id).and_then(|n| n.pod_cidr.map(|c| (c, n.host_local()))) else {
                return 0;
            };
            let used = block.1.map_or(0, HostLocal::len) as u64;
            let all = crate::sim::addr::address_count(block.0).saturating_sub(3);
            if series == Series::State(CellState::Free) { all.saturating_sub(used) } else { used }
        }
    }
}

fn pods_elsewhere(world: &World, id: SubnetId) -> u64 {
    let here = |nic| world.nics.get(nic).is_some_and(|n| n.subnet == id);
    let of_blocks = |n: &Node| n.host_local().map(|store| store.len() as u64);
    let of_subnet = |n: &Node| n.cns().filter(|_| n.pod_subnet != Some(id)).map(|cns| cns.counts().assigned.into());
    world.nodes.values().filter(|n| here(n.nic)).filter_map(|n| of_blocks(n).or_else(|| of_subnet(n))).sum()
}

/// The last position whose virtual time is not after `time`.
pub fn cursor_at(session: &Session, time: Time) -> Cursor {
    let turns = session.turns();
    let turn = turns.partition_point(|t| t.world.now <= time);
    let Some(open) = turns.get(turn) else { return session.end() };
    match (open.record.steps.partition_point(|s| s.time <= time), turn.checked_sub(1)) {
        (0, Some(before)) => Cursor { turn: before, step: turns.get(before).map_or(0, |t| t.record.steps.len()) },
        (step, _) => Cursor { turn, step },
    }
}
