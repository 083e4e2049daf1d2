//! What moves over the drawing: the way so far, the packets, what decided.

use super::Scene;
use super::geometry::{Point, Rect, simplified};
use super::net::Anchor;
use super::way::{Stop, Way};
use crate::session::Turn;
use crate::sim::ids::{FrameId, LineageId};
use crate::sim::order::sort_by_key;
use crate::sim::ordered::Ordered;
use crate::sim::packet::Protocol;
use crate::sim::record::decision::{ControlStep, Decision, Delivery, DropReason};
use crate::sim::record::trace::Outcome;
use crate::sim::record::{Place, Step};
use crate::view::line::{Detail, probe_of};
use crate::view::target::Target;

/// The state of the drawing at one position of the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overlay {
    pub trails: Vec<Trail>,
    /// Where the packet goes next.
    pub next: Vec<Point>,
    pub packets: Vec<Marker>,
    /// What decided.
    pub frame: Option<Rect>,
    /// The route that Azure picked, and the box to write it into.
    pub winner: Option<(Rect, String)>,
}

/// The way of one packet so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trail {
    pub legs: Vec<Vec<Point>>,
    pub current: bool,
    pub arp: bool,
}

/// A packet at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    pub frame: FrameId,
    pub at: Point,
    pub state: MarkerState,
    pub arp: bool,
    /// Where there is room for its sign.
    pub side: Side,
    /// What stands beside it: protocol and TTL.
    pub protocol: Option<(Protocol, u8)>,
    /// The way along which it came here, from the position shown before.
    pub came: Vec<Point>,
}

/// Where the sign of a packet goes, so that it covers no words: from the packet so far to the right, or so far to the
/// left, and so far down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Right { x: i32, y: i32 },
    Left { x: i32 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkerState {
    Moving,
    /// Another packet has the turn: this one waits.
    Waiting,
    Delivered,
    /// It ended here without being delivered: the code of the reason.
    Lost(&'static str),
    /// It left for what is not simulated: how it ends there is unknown.
    Left,
}

/// Where the line is and was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// Number of steps of the line done.
    pub position: usize,
    /// The same for what was shown before.
    pub before: usize,
    pub detail: Detail,
}

/// The overlay of a position.
pub fn overlay(scene: &Scene, way: &Way, turn: &Turn, line: &[usize], at: At) -> Overlay {
    let Some(number) = at.position.checked_sub(1) else { return before_first(way) };
    let (Some(stop), Some(event)) = (way.stops.get(number), line.get(number).and_then(|&i| turn.record.steps.get(i)))
    else {
        return Overlay::default();
    };
    let mut overlay = Overlay {
        trails: trails(way, number, stop.lineage),
        next: next_leg(way, number, stop),
        packets: Vec::new(),
        frame: stop.spot.map(|s| s.frame),
        winner: winner(stop, event),
    };
    if stop.spot.is_none() {
        overlay.frame = control_target(event).and_then(|t| scene.find(t)).map(|s| s.rect);
    }
    if at.detail == Detail::Every {
        overlay.packets = waiting(way, number, stop.frame);
    }
    overlay.packets.extend(marker(way, turn, line, number, at.before));
    overlay
}

/// Before the first step the packet stands ready where it will begin.
fn before_first(way: &Way) -> Overlay {
    let first = way.stops.first();
    let marker = first.and_then(|s| {
        let state = MarkerState::Moving;
        Some(Marker {
            frame: s.frame?,
            at: s.spot?.at,
            state,
            arp: s.arp,
            side: side(s),
            protocol: None,
            came: Vec::new(),
        })
    });
    Overlay { packets: marker.into_iter().collect(), ..Overlay::default() }
}

fn marker(way: &Way, turn: &Turn, line: &[usize], number: usize, before: usize) -> Option<Marker> {
    let stop = way.stops.get(number)?;
    let event = turn.record.steps.get(*line.get(number)?)?;
    let state = match &event.decision {
        Decision::Drop(DropReason::OutsideSimulation) => MarkerState::Left,
        Decision::Drop(reason) => MarkerState::Lost(reason.code()),
        // An ICMP error has arrived, and not what was sent for.
        Decision::Deliver(Delivery::Error) => MarkerState::Moving,
        Decision::Deliver(_) => MarkerState::Delivered,
        _ if number + 1 == line.len() && is_lost_after(turn, *line.last()?) => MarkerState::Lost("flooded"),
        _ => MarkerState::Moving,
    };
    let packet = event.after.as_ref().or(event.before.as_ref()).and_then(|f| f.body.packet());
    let protocol = packet.map(|p| (p.protocol(), p.ttl));
    Some(Marker {
        frame: stop.frame?,
        at: stop.spot?.at,
        state,
        arp: stop.arp,
        side: side(stop),
        protocol,
        came: came(way, number, before),
    })
}

/// Whether the packet of a step was flooded there, and every copy was for somebody else.
fn is_lost_after(turn: &Turn, step: usize) -> bool {
    let record = &turn.record;
    let Some(Outcome::Lost { lineage, reason, .. }) = probe_of(record, step).map(|probe| record.outcome(probe)) else {
        return false;
    };
    reason.is_of_a_copy() && record.path(lineage).contains(&step)
}

/// The free room beside each kind of place.
fn side(stop: &Stop) -> Side {
    let Some(spot) = stop.spot else { return Side::Right { x: 16, y: 0 } };
    let to_edge = spot.frame.right() - spot.at.x;
    match stop.anchor {
        // Over the words of a bridge.
        Some(Anchor::Bridge(_)) => Side::Right { x: 18, y: -1 },
        Some(Anchor::Port(_)) if spot.frame.h > 30 => Side::Right { x: 12, y: -18 },
        Some(Anchor::Port(_)) => Side::Right { x: to_edge + 8, y: 0 },
        // The stack of a node is low, and beside a NIC that hangs at the bridge not wide; a pod is neither.
        Some(Anchor::Body(_)) if spot.frame.h < 50 && spot.frame.w < 270 => Side::Right { x: 14, y: -25 },
        Some(Anchor::Body(_)) if spot.frame.h < 50 => Side::Right { x: 174, y: 0 },
        Some(Anchor::Vfp(_)) => Side::Right { x: 14, y: 25 },
        Some(Anchor::Fabric(_)) => Side::Right { x: 14, y: -22 },
        Some(Anchor::Routes(_) | Anchor::Outside(_)) => Side::Left { x: 20 },
        _ => Side::Right { x: 16, y: 0 },
    }
}

/// The way from the position shown before: forward along this step's leg, back along the next step's. Elsewhere a cut.
fn came(way: &Way, number: usize, before: usize) -> Vec<Point> {
    let here = way.stops.get(number);
    if before == number {
        return here.map_or_else(Vec::new, |s| s.leg.clone());
    }
    if before == number + 2
        && let Some(left) = way.stops.get(number + 1)
        && here.is_some_and(|s| s.frame == left.frame)
    {
        return left.leg.iter().rev().copied().collect();
    }
    Vec::new()
}

fn trails(way: &Way, number: usize, current: Option<LineageId>) -> Vec<Trail> {
    let mut by_lineage: Ordered<LineageId, Trail> = Ordered::default();
    for stop in way.stops.iter().take(number + 1) {
        let Some(lineage) = stop.lineage else { continue };
        let is_current = Some(lineage) == current;
        if stop.leg.is_empty() || (stop.arp && !is_current) {
            continue;
        }
        let trail =
            by_lineage.get_or_insert_with(lineage, || Trail { legs: Vec::new(), current: is_current, arp: stop.arp });
        match trail.legs.last_mut() {
            Some(leg) if leg.last() == stop.leg.first() => {
                leg.extend_from_slice(&stop.leg);
                *leg = simplified(leg);
            }
            _ => trail.legs.push(stop.leg.clone()),
        }
    }
    let mut trails: Vec<Trail> = by_lineage.values().cloned().collect();
    sort_by_key(&mut trails, |t| t.current);
    trails
}

fn next_leg(way: &Way, number: usize, stop: &Stop) -> Vec<Point> {
    let ahead = way.stops.get(number + 1..).unwrap_or_default();
    ahead.iter().find(|s| s.lineage == stop.lineage && !s.leg.is_empty()).map_or_else(Vec::new, |s| s.leg.clone())
}

/// Frames that were seen and will be seen again, where they wait.
fn waiting(way: &Way, number: usize, current: Option<FrameId>) -> Vec<Marker> {
    let mut seen: Ordered<FrameId, &Stop> = Ordered::default();
    for stop in way.stops.iter().take(number + 1) {
        seen.extend(stop.frame.map(|f| (f, stop)));
    }
    let ahead = way.stops.get(number + 1..).unwrap_or_default();
    let alive = |frame: FrameId| Some(frame) != current && ahead.iter().any(|s| s.frame == Some(frame));
    let waiting = seen.iter().filter(|(frame, _)| alive(**frame));
    waiting
        .filter_map(|(&frame, &stop)| {
            let state = MarkerState::Waiting;
            let side = side(stop);
            Some(Marker { frame, at: stop.spot?.at, state, arp: stop.arp, side, protocol: None, came: Vec::new() })
        })
        .collect()
}

fn winner(stop: &Stop, event: &Step) -> Option<(Rect, String)> {
    let Decision::EffectiveRoute { choice, .. } = &event.decision else { return None };
    let won = choice.won.as_ref()?;
    let hop = won.next_hop.ip().map_or_else(String::new, |ip| format!("{ip} "));
    Some((stop.spot?.frame, format!("{} → {hop}{}", won.prefix, won.next_hop.code())))
}

/// The thing that a control loop changed.
fn control_target(step: &Step) -> Option<Target> {
    let (Place::Control, Decision::Control(step)) = (step.at, &step.decision) else { return None };
    Some(match **step {
        ControlStep::VmCreated { node, .. }
        | ControlStep::NodeRegistered { node }
        | ControlStep::NodeCidr { node, .. }
        | ControlStep::NodeCidrExhausted { node }
        | ControlStep::NodeReady { node }
        | ControlStep::PoolMonitored { node, .. }
        | ControlStep::PoolChanged { node, .. }
        | ControlStep::PoolRefused { node, .. }
        | ControlStep::PoolProgrammed { node, .. }
        | ControlStep::MasqueradeRules { node, .. } => Target::Node(node),
        ControlStep::RouteWritten { table, .. }
        | ControlStep::RouteRemoved { table, .. }
        | ControlStep::RouteLimit { table, .. } => Target::RouteTable(table),
        ControlStep::PodScheduled { pod, .. }
        | ControlStep::PodPending { pod, .. }
        | ControlStep::PodNetwork { pod, .. }
        | ControlStep::PodHostNetwork { pod, .. }
        | ControlStep::PodNetworkFailed { pod, .. }
        | ControlStep::PodRunning { pod }
        | ControlStep::PodEnded { pod, .. } => Target::Pod(pod),
        ControlStep::BridgeCreated { host, dev, .. } => {
            Target::Interface(crate::sim::ids::InterfaceId { host, index: dev })
        }
        ControlStep::SubnetExhausted { subnet, .. } => Target::Subnet(subnet),
        ControlStep::PodDeleted { .. } | ControlStep::NodeDeleted { .. } => return None,
    })
}
