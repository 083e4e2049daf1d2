//! One machine, near: its pods, their veth pairs, bridges, IP forwarding, NICs and Azure's port, in fixed lanes.
//! What is drawn follows from the interfaces of the host.

use super::Draft;
use super::geometry::{Point, Rect};
use super::net::{Anchor, station};
use super::plan::{Focus, NodePods, shown_pods};
use super::shape::{Kind, short_name};
use crate::sim::fabric::nic::Nic;
use crate::sim::host::interface::{Interface, InterfaceKind};
use crate::sim::host::{Host, Role};
use crate::sim::ids::{HostId, IfIndex, InterfaceId, NicId, PodId};
use crate::sim::world::World;
use crate::view::target::Target;
use std::rc::Rc;

const PAD: i32 = 10;
const HEAD_H: i32 = 26;
const LABELS_H: i32 = 20;
const POD_H: i32 = 60;
const TAB_W: i32 = 54;
const TAB_H: i32 = 18;
const VETH_H: i32 = 32;
/// Room of a pod subnet above and below its pods.
const LANE_HEAD: i32 = 24;
const LANE_FOOT: i32 = 6;
const BRIDGE_H: i32 = 38;
const STACK_H: i32 = 36;
const NIC_H: i32 = 26;
const VFP_H: i32 = 26;
const GAP: i32 = 14;
/// Width of a NIC that is a port of a bridge.
const UPLINK_W: i32 = 104;
/// Where in a box the wire runs, so that a packet never stands on a word.
const WIRE_X: i32 = 16;
/// Beside the name of a machine there is room for its state.
const STATE_W: i32 = 96;
/// Sizes of the names of machines and of pods, in tenths of a pixel.
const TITLE_SIZE: i32 = 120;
const NAME_SIZE: i32 = 108;
/// Width of a letter of a name at a wire, in tenths of a pixel.
const LABEL_LETTER: i32 = 55;
/// Narrowest box of a pod.
const POD_W: i32 = 90;

/// What one machine is drawn from.
pub(super) struct Machine<'a> {
    pub(super) world: &'a World,
    pub(super) focus: &'a Focus,
    pub(super) pods: Option<&'a NodePods>,
    pub(super) nic: NicId,
    pub(super) host_id: HostId,
    pub(super) host: &'a Host,
    /// Whether the lane of a pod subnet lies across it.
    pub(super) laned: bool,
}

/// The card of a machine, and where its lanes begin.
pub(super) struct Inside {
    pub(super) card: Rect,
    lanes: Lanes,
}

impl Inside {
    /// The part of the card that a pod subnet lies across.
    pub(super) const fn lane(&self) -> Rect {
        let h = LANE_HEAD + POD_H + TAB_H / 2 + LANE_FOOT;
        Rect { y: self.lanes.pods - LANE_HEAD, h, ..self.card }
    }
}

/// Tops of the lanes.
struct Lanes {
    labels: i32,
    pods: i32,
    bridge: i32,
    stack: i32,
    nic: i32,
    vfp: i32,
}

impl Machine<'_> {
    fn is_node(&self) -> bool {
        matches!(self.host.role, Role::Node(_))
    }

    fn labels_h(&self) -> i32 {
        if self.pods.is_some_and(|p| !p.host_network.is_empty()) { LABELS_H } else { 0 }
    }

    /// Height of the card.
    pub(super) fn height(&self) -> i32 {
        self.lanes(0).vfp + VFP_H
    }

    fn lanes(&self, top: i32) -> Lanes {
        let labels = top + HEAD_H;
        let (above, below) = if self.laned { (LANE_HEAD, LANE_FOOT) } else { (0, 0) };
        let pods = labels + self.labels_h() + above;
        let bridge = if self.is_node() { pods + POD_H + TAB_H / 2 + below + VETH_H } else { pods };
        let stack = if self.has_bridge() { bridge + BRIDGE_H + GAP } else { bridge };
        if self.has_uplink() {
            // The NIC is a port of the bridge: it hangs at its edge, beside the stack.
            return Lanes { labels, pods, bridge, stack, nic: stack - GAP - 2, vfp: stack + STACK_H + GAP };
        }
        let nic = stack + STACK_H + GAP;
        Lanes { labels, pods, bridge, stack, nic, vfp: nic + NIC_H + GAP }
    }

    /// Whether the machine's NIC is a port of a bridge.
    fn has_uplink(&self) -> bool {
        let dev = self.world.nics.get(self.nic).map(|nic| nic.dev);
        dev.and_then(|dev| self.host.interface(dev)).is_some_and(|eth| eth.master.is_some())
    }

    fn has_bridge(&self) -> bool {
        !self.host.bridges.is_empty()
    }

    /// Draws the card with its left upper corner at a point. A node's fills the row, which its lanes share from below:
    /// there the wires to the network begin.
    pub(super) fn draw_card(&self, draft: &mut Draft, corner: Point, width: i32, row_h: i32) -> Inside {
        let spare = row_h - self.height();
        let above = if self.is_node() { 0 } else { spare };
        let card = Rect::new(corner.x, corner.y + above, width, row_h - above);
        let lanes = self.lanes(corner.y + spare);
        self.card(draft, card);
        self.host_pods(draft, card, lanes.labels);
        Inside { card, lanes }
    }

    /// Draws what is in the card.
    pub(super) fn draw_inside(&self, draft: &mut Draft, inside: &Inside) {
        let Inside { card, lanes } = inside;
        self.stack(draft, *card, lanes);
        self.bridges(draft, *card, lanes);
        self.nics(draft, *card, lanes);
        self.pods(draft, *card, lanes);
    }

    fn card(&self, draft: &mut Draft, card: Rect) {
        let (kind, target) = match self.host.role {
            Role::Node(id) => {
                let node = self.world.nodes.get(id);
                let phase = node.map_or(crate::sim::cluster::NodePhase::NotReady, |n| n.phase);
                (Kind::Node { phase, cordoned: node.is_some_and(|n| n.cordoned) }, Target::Node(id))
            }
            _ => (Kind::Vm, Target::Host(self.host_id)),
        };
        draft.named(kind, card, Some(target), (&self.host.name, card.w - STATE_W, TITLE_SIZE), "");
    }

    fn host_pods(&self, draft: &mut Draft, card: Rect, top: i32) {
        let Some(pods) = self.pods.filter(|p| !p.host_network.is_empty()) else { return };
        let mut x = card.x + PAD;
        for &id in &pods.host_network {
            let Some(pod) = self.world.pods.get(id) else { continue };
            let label = pod.workload.and_then(|w| self.world.workloads.get(w)).map_or(&pod.name, |w| &w.name);
            let w = i32::try_from(label.chars().count()).unwrap_or(0) * 5 + 14;
            if x + w > card.right() - PAD {
                break;
            }
            let rect = Rect::new(x, top, w, 15);
            draft.shape(Kind::HostPod, rect, Some(Target::Pod(id)), &pod.name, 0, "");
            draft.rename_last(label);
            x += w + 4;
        }
    }

    fn stack(&self, draft: &mut Draft, card: Rect, lanes: &Lanes) {
        let beside = if self.has_uplink() { UPLINK_W + GAP } else { 0 };
        let rect = Rect::new(card.x + PAD + beside, lanes.stack, card.w - 2 * PAD - beside, STACK_H);
        let kind = Kind::Stack { forwards: self.host.sysctl.ip_forward };
        draft.shape(kind, rect, Some(Target::Host(self.host_id)), "", 0, "");
        let at = Point::new(rect.x + WIRE_X, rect.mid_y());
        draft.net.place(Anchor::Body(self.host_id), at, rect);
    }

    fn id(&self, index: IfIndex) -> InterfaceId {
        InterfaceId { host: self.host_id, index }
    }

    fn bridges(&self, draft: &mut Draft, card: Rect, lanes: &Lanes) {
        let count = i32::try_from(self.host.bridges.len()).unwrap_or(1).max(1);
        let each = (card.w - 2 * PAD - (count - 1) * GAP) / count;
        for (n, &index) in (0..).zip(self.host.bridges.keys()) {
            let Some(bridge) = self.host.interface(index) else { continue };
            let rect = Rect::new(card.x + PAD + n * (each + GAP), lanes.bridge, each, BRIDGE_H);
            let net = bridge.addresses.first().map_or_else(String::new, |a| a.net.to_string());
            draft.shape(Kind::Bridge, rect, Some(Target::Interface(self.id(index))), &bridge.name, 12, &net);
            let at = Point::new(rect.x + WIRE_X, rect.y + 11);
            draft.net.place(Anchor::Bridge(self.id(index)), at, rect);
            let own = Anchor::Bridge(self.id(index));
            let stack = draft.net.spot(Anchor::Body(self.host_id)).map_or(at.x, |s| s.at.x);
            let y = if self.has_uplink() { at.y } else { lanes.stack - GAP / 2 };
            draft.net.join(own, Anchor::Body(self.host_id), &[Point::new(at.x, y), Point::new(stack, y)]);
        }
    }

    fn nics(&self, draft: &mut Draft, card: Rect, lanes: &Lanes) {
        let nic = self.world.nics.get(self.nic);
        let Some((nic, eth)) = nic.and_then(|n| self.host.interface(n.dev).map(|i| (n, i))) else { return };
        let width = if eth.master.is_some() { UPLINK_W } else { (card.w - 2 * PAD).min(200) };
        let rect = Rect::new(card.x + PAD, lanes.nic, width, NIC_H);
        let address = eth.addresses.first().map_or_else(String::new, |a| a.net.addr().to_string());
        let port = Anchor::Port(self.id(eth.index));
        draft.shape(
            Kind::Nic { up: eth.up },
            rect,
            Some(Target::Interface(self.id(eth.index))),
            &eth.name,
            12,
            &address,
        );
        let at = Point::new(rect.x + WIRE_X, rect.mid_y());
        draft.net.place(port, at, rect);
        let behind = eth.master.map_or(Anchor::Body(self.host_id), |bridge| Anchor::Bridge(self.id(bridge)));
        draft.net.join(behind, port, &[]);
        let guard = self.guard(nic);
        let vfp = Rect::new(card.x, lanes.vfp, card.w, VFP_H);
        draft.shape(Kind::Vfp { guarded: !guard.is_empty() }, vfp, Some(Target::Nic(self.nic)), &nic.name, 40, &guard);
        draft.net.place(Anchor::Vfp(self.nic), Point::new(at.x, vfp.mid_y()), vfp);
        draft.net.link(port, Anchor::Vfp(self.nic), !eth.up);
    }

    /// Names of the NSGs that the port asks: that of the NIC and those of the subnets of its addresses.
    fn guard(&self, nic: &Nic) -> String {
        let mut names: Vec<&str> = Vec::new();
        let subnets = nic.subnets().into_iter().map(|id| self.world.subnets.get(id).and_then(|s| s.nsg));
        for group in [nic.nsg].into_iter().chain(subnets).flatten().filter_map(|id| self.world.nsgs.get(id)) {
            if !names.contains(&group.name.as_ref()) {
                names.push(&group.name);
            }
        }
        names.join(" + ")
    }

    fn pods(&self, draft: &mut Draft, card: Rect, lanes: &Lanes) {
        let Some(pods) = self.pods else { return };
        let inner = card.w - 2 * PAD;
        let slots = usize::try_from((inner + 6) / (POD_W + 6)).unwrap_or(1).max(1);
        let shown = shown_pods(self.world, &pods.own, slots, self.focus);
        let hidden: Vec<PodId> = pods.own.iter().filter(|id| !shown.contains(id)).copied().collect();
        let boxes = i32::try_from(shown.len() + usize::from(!hidden.is_empty())).unwrap_or(1);
        let each = ((inner + 6) / boxes.max(1) - 6).min(152);
        for (n, &id) in (0..).zip(&shown) {
            let rect = Rect::new(card.x + PAD + n * (each + 6), lanes.pods, each, POD_H);
            self.pod(draft, rect, id, lanes);
        }
        if !hidden.is_empty() {
            let rect = Rect::new(card.x + PAD + (boxes - 1) * (each + 6), lanes.pods, each, POD_H);
            self.more_pods(draft, rect, &hidden, lanes);
        }
    }

    fn pod(&self, draft: &mut Draft, rect: Rect, id: PodId, lanes: &Lanes) {
        let Some(pod) = self.world.pods.get(id) else { return };
        let address = pod.address.map_or_else(String::new, |a| a.to_string());
        let name = (pod.name.as_ref(), rect.w - 14, NAME_SIZE);
        draft.named(Kind::Pod { phase: pod.phase }, rect, Some(Target::Pod(id)), name, &address);
        let Some((host_id, host)) = pod.host.and_then(|h| self.world.hosts.get(h).map(|host| (h, host))) else {
            return;
        };
        let column = rect.x + WIRE_X;
        draft.net.place(Anchor::Body(host_id), Point::new(column, rect.y + 40), rect);
        for eth in host.interfaces.values().filter(|i| i.index != IfIndex(1)).take(1) {
            let tab = Rect::new(rect.x + 5, rect.bottom() - TAB_H / 2, TAB_W.min(rect.w - 10), TAB_H);
            let own = InterfaceId { host: host_id, index: eth.index };
            draft.shape(Kind::PodPort { up: eth.up }, tab, Some(Target::Interface(own)), &eth.name, 8, "");
            draft.net.place(Anchor::Port(own), Point::new(column, tab.mid_y()), tab);
            draft.net.join(Anchor::Body(host_id), Anchor::Port(own), &[]);
            self.veth(draft, own, eth, lanes, rect.w);
        }
    }

    /// The wire from a pod to the other end of its veth pair: a port of a bridge, or an interface of the node itself.
    fn veth(&self, draft: &mut Draft, own: InterfaceId, eth: &Interface, lanes: &Lanes, room: i32) {
        let InterfaceKind::Veth { peer } = eth.kind else { return };
        let (Some(near), Some(tab)) = (self.host.interface(peer.index), draft.net.spot(Anchor::Port(own))) else {
            return;
        };
        if peer.host != self.host_id {
            return;
        }
        let x = tab.at.x;
        // It begins within the box and ends before the next one's, or the edge of the card; a sign may stand before it.
        let room = room - if near.up { 14 } else { 25 };
        let below = if self.laned { LANE_FOOT } else { 0 };
        draft.label(Point::new(x + 6, tab.frame.bottom() + below + 13), &fitting(&near.name, room), !near.up);
        let behind = match near.master {
            Some(bridge) => Anchor::Bridge(self.id(bridge)),
            None => Anchor::Body(self.host_id),
        };
        let Some(to) = draft.net.spot(behind) else { return };
        // A port of a bridge is at the bridge's own wire; an interface of the node just above the stack.
        let y = if near.master.is_some() { to.at.y } else { lanes.stack - GAP / 2 };
        let port = Anchor::Port(peer);
        let at = Point::new(x, y);
        draft.net.place(port, at, if to.frame.holds(at) { to.frame } else { station(at) });
        draft.net.link(Anchor::Port(own), port, !near.up || !eth.up);
        draft.net.join(port, behind, &[Point::new(to.at.x, y)]);
    }

    /// One box for all pods that do not fit; a packet to any of them goes there.
    fn more_pods(&self, draft: &mut Draft, rect: Rect, hidden: &[PodId], lanes: &Lanes) {
        let node = match self.host.role {
            Role::Node(id) => Some(Target::Pods(id)),
            _ => None,
        };
        draft.shape(Kind::MorePods { count: hidden.len() }, rect, node, "", 0, "");
        let column = rect.x + WIRE_X;
        for id in hidden {
            let Some((host_id, host)) = self
                .world
                .pods
                .get(*id)
                .and_then(|p| p.host)
                .and_then(|h| self.world.hosts.get(h).map(|host| (h, host)))
            else {
                continue;
            };
            draft.net.place(Anchor::Body(host_id), Point::new(column, rect.y + 40), rect);
            let Some(eth) = host.interfaces.values().nth(1) else { continue };
            let own = InterfaceId { host: host_id, index: eth.index };
            draft.net.place(Anchor::Port(own), Point::new(column, rect.bottom()), rect);
            draft.net.join(Anchor::Body(host_id), Anchor::Port(own), &[]);
            let InterfaceKind::Veth { peer } = eth.kind else { continue };
            let behind = self.host.interface(peer.index).and_then(|i| i.master);
            let to = behind.map_or(Anchor::Body(self.host_id), |b| Anchor::Bridge(self.id(b)));
            let Some(spot) = draft.net.spot(to) else { continue };
            let y = if behind.is_some() { spot.at.y } else { lanes.stack - GAP / 2 };
            let at = Point::new(column, y);
            draft.net.place(Anchor::Port(peer), at, if spot.frame.holds(at) { spot.frame } else { station(at) });
            draft.net.join(Anchor::Port(own), Anchor::Port(peer), &[]);
            draft.net.join(Anchor::Port(peer), to, &[Point::new(spot.at.x, y)]);
        }
    }
}

/// A name at a wire, as much of it as a width has room for.
fn fitting(name: &str, room: i32) -> Rc<str> {
    short_name(name, usize::try_from(room * 10 / LABEL_LETTER).unwrap_or(0))
}
