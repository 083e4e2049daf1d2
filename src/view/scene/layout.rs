//! The whole drawing: virtual networks, their subnets with machines and far nodes, and Azure's network below.

use super::geometry::{Point, Rect};
use super::machine::Machine;
use super::plan::{self, Focus, NodePods, SubnetPlan};
use super::shape::{Kind, short_name};
use super::{Draft, Scene};
use crate::sim::fabric::network::Subnet;
use crate::sim::host::Role;
use crate::sim::ids::{NicId, NodeId, SubnetId, VnetId};
use crate::sim::ipam::subnet_pool::SubnetPool;
use crate::sim::ordered::Ordered;
use crate::sim::world::World;
use crate::view::target::Target;
use std::fmt::Write;
use std::rc::Rc;

const MARGIN: i32 = 4;
pub(super) const FRAME_PAD: i32 = 10;
const FRAME_HEAD: i32 = 26;
const SUBNET_PAD: i32 = 10;
const SUBNET_HEAD: i32 = 26;
const CARD_GAP: i32 = 12;
const ROW_GAP: i32 = 24;
/// Fewest letters that are worth showing of a name.
const FEWEST_LETTERS: usize = 6;
/// Side of the cell of a node far away, at most.
const CELL: i32 = 50;
/// Least width and the height of the cells of a few nodes.
const WIDE_CELL: (i32, i32) = (104, 38);
/// Room for the name of a pool over its cells.
const POOL_W: i32 = 90;
const LABEL_H: i32 = 14;
const SUBNET_GAP: i32 = 4;
/// Height of a subnet without machines.
const BAND_H: i32 = 26;
/// Between two wires side by side.
pub(super) const WIRE_GAP: i32 = 5;
/// Most wires that have a lane of their own at the left of a VNet.
pub(super) const MAX_ASIDE: i32 = 12;
/// How far the lane of a pod subnet stands out of the subnet of the nodes.
const LANE_OUT: i32 = 12;
/// From the last row to Azure's network.
const FABRIC_GAP: i32 = 20;
const FABRIC_H: i32 = 74;
/// Width of the drawing for one column and for more.
const WIDTHS: (i32, i32) = (372, 700);
const VM_W: i32 = 300;

/// The drawing of a world.
pub fn scene(world: &World, focus: &Focus) -> Scene {
    let width = if focus.columns <= 1 { WIDTHS.0 } else { WIDTHS.1 };
    let mut layout = Layout { world, focus, pods: Ordered::default(), lanes: Ordered::default(), width };
    let mut draft = Draft::default();
    let plans = plan::subnets(world, focus);
    let open: Ordered<NodeId, ()> =
        plans.values().flat_map(|p| &p.open).filter_map(|nic| layout.node_of(*nic)).map(|id| (id, ())).collect();
    layout.lanes = open.keys().filter_map(|id| world.nodes.get(*id)?.pod_subnet).map(|id| (id, ())).collect();
    layout.pods = plan::pods_by_node(world, &open);
    let mut y = MARGIN;
    for (id, _) in world.vnets.iter() {
        y = layout.vnet(&mut draft, id, &plans, y) + MARGIN;
    }
    draft.finish(width, y)
}

pub(super) struct Layout<'a> {
    pub(super) world: &'a World,
    pub(super) focus: &'a Focus,
    pods: Ordered<NodeId, NodePods>,
    /// Subnets of the pods of nodes that open.
    lanes: Ordered<SubnetId, ()>,
    width: i32,
}

/// A machine's wire that still has to be led to Azure's network.
pub(super) struct Loose {
    pub(super) nic: NicId,
    /// Where it turns aside; `None` where nothing stands between it and the network.
    pub(super) turn_y: Option<i32>,
}

/// A row of open machines, with room beside it for what stands out.
struct Row<'a> {
    nics: &'a [NicId],
    place: Rect,
    out: i32,
    each: i32,
}

impl Layout<'_> {
    fn node_of(&self, nic: NicId) -> Option<NodeId> {
        match self.world.hosts.get(self.world.nics.get(nic)?.host)?.role {
            Role::Node(id) => Some(id),
            _ => None,
        }
    }

    /// Draws one virtual network from `top` down; returns where it ends.
    fn vnet(&self, draft: &mut Draft, id: VnetId, plans: &Ordered<SubnetId, SubnetPlan>, top: i32) -> i32 {
        let Some(vnet) = self.world.vnets.get(id) else { return top };
        let prefixes: Vec<String> = vnet.prefixes.iter().map(ToString::to_string).collect();
        let number = draft.hold(Kind::Vnet, Some(Target::Vnet(id)), &vnet.name, &prefixes.join(" "));
        let frame_x = MARGIN;
        let frame_w = self.width - 2 * MARGIN;
        let own: Vec<SubnetId> = self.world.subnets.iter().filter(|(_, s)| s.vnet == id).map(|(id, _)| id).collect();
        let gutter = FRAME_PAD.max(WIRE_GAP * Self::turning(plans, &own) + 5);
        let inner = Rect::new(frame_x + gutter, top + FRAME_HEAD, frame_w - gutter - FRAME_PAD, 0);
        let (y, loose) = self.subnets(draft, plans, &own, inner);
        let fabric = Rect::new(inner.x, y - WIRE_GAP + FABRIC_GAP, inner.w, FABRIC_H);
        let bottom = self.fabric(draft, id, fabric, &own, &loose) + FRAME_PAD;
        draft.set_rect(number, Rect::new(frame_x, top, frame_w, bottom - top));
        bottom
    }

    /// Most wires of a VNet that can turn aside: the last machine's goes straight.
    fn turning(plans: &Ordered<SubnetId, SubnetPlan>, own: &[SubnetId]) -> i32 {
        let open: usize = own.iter().filter_map(|id| plans.get(id)).map(|plan| plan.open.len()).sum();
        i32::try_from(open).unwrap_or(MAX_ASIDE).clamp(1, MAX_ASIDE + 1) - 1
    }

    /// Subnets in rows: those without machines first, as bands, then the others, side by side where they are narrow.
    /// Returns where they end, and the wires of their machines.
    fn subnets(
        &self,
        draft: &mut Draft,
        plans: &Ordered<SubnetId, SubnetPlan>,
        own: &[SubnetId],
        place: Rect,
    ) -> (i32, Vec<Loose>) {
        let mut y = place.y;
        let mut loose: Vec<Loose> = Vec::new();
        for row in self.rows(plans, own) {
            // The wires of the rows above turn between them and this one.
            for wire in loose.iter_mut().filter(|w| w.turn_y.is_none()) {
                wire.turn_y = Some(y);
                y += WIRE_GAP;
            }
            y += if y > place.y { SUBNET_GAP } else { 0 };
            let units = row.iter().map(|(_, units)| *units).sum::<usize>().max(1);
            let count = i32::try_from(row.len()).unwrap_or(1);
            let room = place.w - (count - 1) * CARD_GAP;
            let mut x = place.x;
            let (mut bottom, first) = (y, draft.shapes.len());
            for (id, own_units) in row {
                let Some(plan) = plans.get(&id) else { continue };
                let share = i32::try_from(own_units).unwrap_or(1) * room / i32::try_from(units).unwrap_or(1);
                let (end, mut wires) = self.subnet(draft, id, plan, Rect::new(x, y, share, 0), own_units);
                loose.append(&mut wires);
                bottom = bottom.max(end);
                x += share + CARD_GAP;
            }
            draft.level(first, bottom);
            y = bottom + WIRE_GAP;
        }
        (y, loose)
    }

    /// Which subnets share a row, each with the number of machines side by side in it.
    fn rows(&self, plans: &Ordered<SubnetId, SubnetPlan>, own: &[SubnetId]) -> Vec<Vec<(SubnetId, usize)>> {
        let columns = self.focus.columns.clamp(1, 2);
        let needed = |id: &SubnetId| match plans.get(id) {
            Some(plan) if plan.far.is_empty() => plan.open.len(),
            Some(_) => columns,
            None => 0,
        };
        let (mut bands, full): (Vec<SubnetId>, Vec<SubnetId>) = own.iter().partition(|id| needed(id) == 0);
        // Those that have a lane over the machines need no band.
        bands.retain(|id| !self.lanes.contains_key(id));
        let mut rows: Vec<Vec<(SubnetId, usize)>> = Vec::new();
        for (at, id) in bands.iter().chain(&full).enumerate() {
            let units = needed(id).clamp(1, columns);
            let taken = rows.last().map_or(columns, |row| row.iter().map(|(_, units)| *units).sum());
            match rows.last_mut() {
                Some(row) if taken + units <= columns && at != bands.len() => row.push((*id, units)),
                _ => rows.push(vec![(*id, units)]),
            }
        }
        rows
    }

    fn subnet(
        &self,
        draft: &mut Draft,
        id: SubnetId,
        plan: &SubnetPlan,
        place: Rect,
        columns: usize,
    ) -> (i32, Vec<Loose>) {
        let out = if plan.open.iter().any(|nic| self.pod_subnet(*nic).is_some()) { LANE_OUT } else { 0 };
        let place = Rect { x: place.x + out, w: place.w - 2 * out, ..place };
        let number = self.subnet_box(draft, id, place, false);
        if plan.open.is_empty() && plan.far.is_empty() {
            draft.set_rect(number, Rect { h: BAND_H, ..place });
            return (place.y + BAND_H, Vec::new());
        }
        let inner = Rect::new(place.x + SUBNET_PAD, place.y + SUBNET_HEAD, place.w - 2 * SUBNET_PAD, 0);
        let y = self.far_nodes(draft, &plan.far, inner);
        let (bottom, wires) = self.machines(draft, &plan.open, Rect { y, ..inner }, columns, out);
        let bottom = bottom.max(y) + SUBNET_PAD;
        draft.set_rect(number, Rect { h: bottom - place.y, ..place });
        (bottom, wires)
    }

    /// The box of a subnet: around its machines, or as a lane over the pods that have its addresses. Returns its number.
    fn subnet_box(&self, draft: &mut Draft, id: SubnetId, place: Rect, lane: bool) -> usize {
        let Some(subnet) = self.world.subnets.get(id) else { return usize::MAX };
        let counts = subnet.pool.counts();
        let of = crate::sim::addr::address_count(SubnetPool::prefix(&subnet.pool)).saturating_sub(counts.reserved);
        let kind = Kind::Subnet { used: of.saturating_sub(counts.free), of, lane };
        let detail = self.facts(subnet, usize::try_from((place.w - 220) / 7).unwrap_or(0));
        let number = draft.hold(kind, Some(Target::Subnet(id)), &subnet.name, &detail);
        draft.set_rect(number, place);
        number
    }

    /// Where the pods of a node have their addresses from, if not from its own subnet.
    fn pod_subnet(&self, nic: NicId) -> Option<SubnetId> {
        self.world.nodes.get(self.node_of(nic)?)?.pod_subnet
    }

    /// Prefix, NSG and route table of a subnet, as far as there is room for so many letters of them.
    fn facts(&self, subnet: &Subnet, letters: usize) -> String {
        let mut text = subnet.pool.prefix().to_string();
        let group = subnet.nsg.and_then(|id| self.world.nsgs.get(id)).map(|nsg| ("NSG", &nsg.name));
        let table = subnet.route_table.and_then(|id| self.world.route_tables.get(id)).map(|table| ("UDR", &table.name));
        for (sign, name) in [group, table].into_iter().flatten() {
            let room = letters.saturating_sub(text.chars().count() + sign.len() + 4);
            if room < FEWEST_LETTERS {
                break;
            }
            // Writing into a string cannot fail.
            let _ = write!(text, " · {sign} {}", short_name(name, room));
        }
        text
    }

    /// Nodes far away, pool by pool where there are several. Returns where they end.
    fn far_nodes(&self, draft: &mut Draft, far: &[NodeId], place: Rect) -> i32 {
        let pool_of = |id: &NodeId| self.world.nodes.get(*id).map(|n| (n.cluster, Rc::clone(&n.pool)));
        let mut pools: Vec<(Rc<str>, Vec<NodeId>)> = Vec::new();
        let mut last = None;
        for id in far {
            let pool = pool_of(id);
            match pools.last_mut() {
                Some((_, nodes)) if last == pool => nodes.push(*id),
                _ => pools.push((pool.as_ref().map_or_else(|| "".into(), |(_, name)| Rc::clone(name)), vec![*id])),
            }
            last = pool;
        }
        // Instances are numbered pool by pool: with several pools a number alone does not name a node.
        match pools.as_slice() {
            [(_, nodes)] if !self.has_pools() => self.cells(draft, nodes, place),
            _ => self.far_pools(draft, &pools, place),
        }
    }

    /// Whether there is more than one pool of nodes.
    fn has_pools(&self) -> bool {
        self.world.clusters.values().map(|cluster| cluster.pools.len()).sum::<usize>() > 1
    }

    /// Pools of nodes far away, side by side while each has room for its cells, else one below the other.
    fn far_pools(&self, draft: &mut Draft, pools: &[(Rc<str>, Vec<NodeId>)], place: Rect) -> i32 {
        let width = |nodes: &[NodeId]| (i32::try_from(nodes.len()).unwrap_or(0) * CELL).max(POOL_W);
        let in_row = pools.iter().map(|(_, nodes)| width(nodes) + CARD_GAP).sum::<i32>() - CARD_GAP <= place.w;
        let (mut x, mut y, mut bottom) = (place.x, place.y, place.y);
        for (name, nodes) in pools {
            draft.label(Point::new(x, y + 9), name, false);
            let room = if in_row { width(nodes) } else { place.w };
            let end = self.cells(draft, nodes, Rect::new(x, y + LABEL_H, room, 0));
            bottom = bottom.max(end);
            if in_row {
                x += room + CARD_GAP;
            } else {
                y = end;
            }
        }
        bottom
    }

    /// Nodes far away, as cells: a few fill the row, many are a grid that keeps its size whatever their number. Returns
    /// where it ends.
    fn cells(&self, draft: &mut Draft, far: &[NodeId], place: Rect) -> i32 {
        let count = i32::try_from(far.len()).unwrap_or(i32::MAX);
        if count == 0 {
            return place.y;
        }
        let room = place.w * if count > 60 { 124 } else { 54 };
        let side = (room / count).isqrt().clamp(11, CELL);
        let wide = count <= place.w / WIDE_CELL.0;
        let (w, h) = if wide { ((place.w + 2) / count, WIDE_CELL.1) } else { (side, side) };
        let columns = ((place.w + 2) / w).max(1);
        for (n, id) in (0..).zip(far) {
            let Some(node) = self.world.nodes.get(*id) else { continue };
            let used = self.world.hosts.get(node.host).map_or(0, ports);
            let rect = Rect::new(place.x + n % columns * w, place.y + n / columns * h, w - 2, h - 2);
            let kind = Kind::Cell { used, of: u32::from(node.max_pods), phase: node.phase };
            draft.shape(kind, rect, Some(Target::Node(*id)), &node.name, 0, "");
            if wide {
                draft.rename_last(node.name.rsplit('-').next().unwrap_or_default());
            } else if side >= 26 {
                draft.rename_last(node.name.get(node.name.len().saturating_sub(3)..).unwrap_or_default());
            }
        }
        place.y + (count + columns - 1) / columns * h + 8
    }

    /// Rows of open machines. Returns where they end, and their wires.
    fn machines(&self, draft: &mut Draft, open: &[NicId], place: Rect, columns: usize, out: i32) -> (i32, Vec<Loose>) {
        let per_row = columns.min(open.len().max(1));
        let mut wires = Vec::new();
        let mut y = place.y;
        let all = i32::try_from(per_row).unwrap_or(1);
        let each = (place.w - (all - 1) * CARD_GAP) / all;
        let rows = open.chunks(per_row);
        let last = rows.len().saturating_sub(1);
        for (r, nics) in rows.enumerate() {
            let h = nics.iter().filter_map(|nic| self.machine(*nic)).map(|m| m.height()).max().unwrap_or(0);
            self.row(draft, &Row { nics, place: Rect { y, h, ..place }, out, each });
            let turn_y = |n| (r != last).then_some(y + h + ROW_GAP / 2 + n * WIRE_GAP);
            wires.extend((0..).zip(nics).map(|(n, &nic)| Loose { nic, turn_y: turn_y(n) }));
            y += h + if r == last { 0 } else { ROW_GAP };
        }
        (y, wires)
    }

    /// Machines side by side: first their cards, then the lanes that lie across them, then what is in them.
    fn row(&self, draft: &mut Draft, row: &Row) {
        let cards: Vec<_> = (0..)
            .zip(row.nics)
            .filter_map(|(n, &nic)| {
                let w = if self.node_of(nic).is_some() { row.each } else { VM_W.min(row.each) };
                let corner = Point::new(row.place.x + n * (row.each + CARD_GAP), row.place.y);
                let machine = self.machine(nic)?;
                let inside = machine.draw_card(draft, corner, w, row.place.h);
                Some((machine, inside, self.pod_subnet(nic)))
            })
            .collect();
        for run in cards.chunk_by(|(_, _, a), (_, _, b)| a == b) {
            let ([(_, first, Some(subnet)), ..], Some((_, last, _))) = (run, run.last()) else { continue };
            let (band, end) = (first.lane(), last.card);
            // Out of the subnet of the nodes where that ends, to the middle between two cards elsewhere.
            let left = if band.x > row.place.x { band.x - CARD_GAP / 4 } else { row.place.x - SUBNET_PAD - row.out };
            let at_end = end.right() + CARD_GAP + row.each > row.place.right();
            let right = if at_end { row.place.right() + SUBNET_PAD + row.out } else { end.right() + CARD_GAP / 4 };
            self.subnet_box(draft, *subnet, Rect { x: left, w: right - left, ..band }, true);
        }
        for (machine, inside, _) in &cards {
            machine.draw_inside(draft, inside);
        }
    }

    fn machine(&self, nic: NicId) -> Option<Machine<'_>> {
        let host_id = self.world.nics.get(nic)?.host;
        let host = self.world.hosts.get(host_id)?;
        let pods = self.node_of(nic).and_then(|n| self.pods.get(&n));
        let laned = self.pod_subnet(nic).is_some();
        Some(Machine { world: self.world, focus: self.focus, pods, nic, host_id, host, laned })
    }
}

/// Ports of a host that lead to pods.
fn ports(host: &crate::sim::host::Host) -> u32 {
    use crate::sim::host::interface::InterfaceKind;
    let veths = host.interfaces.values().filter(|i| matches!(i.kind, InterfaceKind::Veth { .. })).count();
    u32::try_from(veths).unwrap_or(u32::MAX)
}
