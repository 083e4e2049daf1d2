//! The way of the packets of one turn through the drawing: where each step of the line is, and along which wires one
//! gets there.

use super::geometry::Point;
use super::net::{Anchor, Net, Spot};
use super::plan::Focus;
use super::{Scene, scene};
use crate::session::Turn;
use crate::sim::host::Role;
use crate::sim::host::interface::InterfaceKind;
use crate::sim::ids::{FrameId, HostId, IfIndex, InterfaceId, LineageId, NicId};
use crate::sim::ordered::Ordered;
use crate::sim::packet::Body;
use crate::sim::record::decision::{Decision, DropReason};
use crate::sim::record::{Place, Step};
use crate::sim::world::World;
use crate::view::line::{Detail, line};
use crate::view::target::Target;

/// One step of the line on the drawing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stop {
    pub lineage: Option<LineageId>,
    pub frame: Option<FrameId>,
    pub anchor: Option<Anchor>,
    /// Where the packet stands; `None` where it is nowhere in the drawing.
    pub spot: Option<Spot>,
    /// Along the wires from where the packet was before.
    pub leg: Vec<Point>,
    pub arp: bool,
}

/// All steps of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    pub stops: Vec<Stop>,
}

/// The drawing of a turn, where the world is this one. While packets walk, what control loops do meanwhile does not
/// move the boxes: it is of the world at the turn's end.
pub fn shown(turn: Option<&Turn>, world: &World, selected: Option<Target>, columns: usize) -> Scene {
    let Some(turn) = turn else { return scene(world, &Focus { columns, ..Focus::default() }) };
    let focus = focus_of(turn, &line(turn, Detail::Decisions), selected, columns);
    scene(if walks(turn) { &turn.world } else { world }, &focus)
}

/// Whether packets walk in a turn that somebody sent.
pub fn walks(turn: &Turn) -> bool {
    turn.record.probes().next().is_some()
}

/// Hosts that a turn's packets come by, of the steps given.
pub fn focus_of(turn: &Turn, line: &[usize], selected: Option<Target>, columns: usize) -> Focus {
    let mut focus = Focus { selected, columns, ..Focus::default() };
    for step in line.iter().filter_map(|&i| turn.record.steps.get(i)) {
        match step.at {
            Place::Host(host) => {
                focus.on_path.insert(host, ());
                // A pod's way leads over its node.
                focus.on_path.extend(machine_of(&turn.world, host).map(|h| (h, ())));
            }
            Place::Port(nic) => focus.on_path.extend(turn.world.nics.get(nic).map(|n| (n.host, ()))),
            Place::Control => {}
        }
    }
    focus
}

fn machine_of(world: &World, host: HostId) -> Option<HostId> {
    match world.hosts.get(host)?.role {
        Role::Pod(pod) => world.nodes.get(world.pods.get(pod)?.node?).map(|n| n.host),
        Role::Node(_) | Role::Vm => None,
    }
}

/// Places the steps of a line.
pub fn way(net: &Net, turn: &Turn, line: &[usize]) -> Way {
    let mut walk = Walk { net, turn, last: Ordered::default(), last_of: Ordered::default() };
    Way { stops: line.iter().map(|&i| turn.record.steps.get(i).map_or_else(Stop::default, |s| walk.stop(s))).collect() }
}

struct Walk<'a> {
    net: &'a Net,
    turn: &'a Turn,
    /// Where each frame was last.
    last: Ordered<FrameId, Anchor>,
    last_of: Ordered<LineageId, Anchor>,
}

impl Walk<'_> {
    fn stop(&mut self, step: &Step) -> Stop {
        let Some(frame) = step.frame else { return Stop::default() };
        let origin = self.turn.record.frame(frame);
        let lineage = origin.map(|f| f.lineage);
        let before = self
            .last
            .get(&frame)
            .or_else(|| origin.and_then(|f| f.parent).and_then(|parent| self.last.get(&parent)))
            .or_else(|| lineage.and_then(|id| self.last_of.get(&id)))
            .copied();
        let anchor = anchor(&self.turn.world, step, before);
        let at = anchor.filter(|a| self.net.spot(*a).is_some()).or(before);
        if let Some(at) = at {
            self.last.insert(frame, at);
            self.last_of.extend(lineage.map(|id| (id, at)));
        }
        let leg = match (before, at) {
            (Some(from), Some(to)) if from != to => self.net.way(from, to),
            _ => Vec::new(),
        };
        let arp = step.after.as_ref().or(step.before.as_ref()).is_some_and(|f| matches!(f.body, Body::Arp(_)));
        Stop { lineage, frame: Some(frame), anchor: at, spot: at.and_then(|a| self.net.spot(a)), leg, arp }
    }
}

/// Where a step happens. A loss happens where the packet was.
fn anchor(world: &World, step: &Step, before: Option<Anchor>) -> Option<Anchor> {
    match step.at {
        Place::Control => None,
        Place::Port(nic) => at_port(world, nic, &step.decision, before),
        Place::Host(host) => Some(at_host(world, host, step, before)),
    }
}

fn at_port(world: &World, nic: NicId, decision: &Decision, before: Option<Anchor>) -> Option<Anchor> {
    let subnet = world.nics.get(nic).map(|n| n.subnet);
    match decision {
        Decision::EffectiveRoute { subnet, .. } => Some(Anchor::Routes(*subnet)),
        Decision::NextHop { nic, .. } => Some(Anchor::Fabric(*nic)),
        Decision::LeavesAzure { .. } => subnet.and_then(|s| world.subnets.get(s)).map(|s| Anchor::Outside(s.vnet)),
        Decision::Drop(
            DropReason::SourceNotOwned
            | DropReason::SourceMacNotOwned
            | DropReason::NsgDenied
            | DropReason::NoBroadcast,
        )
        | Decision::Nsg(_) => Some(Anchor::Vfp(nic)),
        Decision::Drop(_) => before,
        _ => Some(Anchor::Vfp(nic)),
    }
}

fn at_host(world: &World, host: HostId, step: &Step, before: Option<Anchor>) -> Anchor {
    let body = Anchor::Body(host);
    let Some(index) = step.dev else { return body };
    let own = InterfaceId { host, index };
    let interface = world.hosts.get(host).and_then(|h| h.interface(index));
    let is_bridge = interface.is_some_and(|i| i.kind == InterfaceKind::Bridge);
    let is_port = interface.is_some_and(|i| i.master.is_some());
    let loopback = index == IfIndex(1);
    match &step.decision {
        Decision::BridgeForward { bridge, .. } => Anchor::Bridge(InterfaceId { host, index: *bridge }),
        Decision::Receive(_) if is_bridge => Anchor::Bridge(own),
        Decision::Drop(_) => before.unwrap_or(body),
        Decision::Route(_) | Decision::Forward { .. } | Decision::Deliver(_) => body,
        Decision::Rules { .. } | Decision::Track { .. } | Decision::Translate { .. } if !is_port => body,
        _ if is_bridge || loopback => body,
        _ => Anchor::Port(own),
    }
}
