//! The whole drawing: virtual networks, their subnets with machines and far nodes, and Azure's network below.

use super::geometry::{Point, Rect};
use super::machine::Machine;
use super::net::Anchor;
use super::plan::{self, Focus, NodePods, SubnetPlan};
use super::shape::{Kind, short_name};
use super::{Draft, Scene};
use crate::sim::fabric::network::Subnet;
use crate::sim::host::Role;
use crate::sim::ids::{NicId, NodeId, RouteTableId, SubnetId, VnetId};
use crate::sim::ipam::subnet_pool::SubnetPool;
use crate::sim::order::{sort, sort_dedup};
use crate::sim::ordered::Ordered;
use crate::sim::world::World;
use crate::view::target::Target;
use std::fmt::Write;
use std::rc::Rc;

const MARGIN: i32 = 4;
const FRAME_PAD: i32 = 10;
const FRAME_HEAD: i32 = 26;
const SUBNET_PAD: i32 = 10;
const SUBNET_HEAD: i32 = 26;
const CARD_GAP: i32 = 12;
const ROW_GAP: i32 = 24;
/// Fewest letters that are worth showing of a name.
const FEWEST_LETTERS: usize = 6;
/// Side of the cell of a node far away, at most.
const CELL: i32 = 58;
/// Room for the name of a pool over its cells.
const POOL_W: i32 = 90;
const LABEL_H: i32 = 14;
const SUBNET_GAP: i32 = 8;
/// Height of a subnet without machines.
const BAND_H: i32 = 26;
/// Width of the lane of wires beside several route tables.
const LANE_W: i32 = 16;
/// From the last row to Azure's network.
const FABRIC_GAP: i32 = 20;
const FABRIC_H: i32 = 74;
const BUS_Y: i32 = 13;
const TABLE_W: i32 = 300;
/// Width of the drawing for one column and for more.
const WIDTHS: (i32, i32) = (372, 756);
const VM_W: i32 = 300;

/// The drawing of a world.
pub fn scene(world: &World, focus: &Focus) -> Scene {
    let width = if focus.columns <= 1 { WIDTHS.0 } else { WIDTHS.1 };
    let mut layout = Layout { world, focus, pods: Ordered::default(), width };
    let mut draft = Draft::default();
    let plans = plan::subnets(world, focus);
    let open: Ordered<NodeId, ()> =
        plans.values().flat_map(|p| &p.open).filter_map(|nic| layout.node_of(*nic)).map(|id| (id, ())).collect();
    layout.pods = plan::pods_by_node(world, &open);
    let mut y = MARGIN;
    for (id, _) in world.vnets.iter() {
        y = layout.vnet(&mut draft, id, &plans, y) + MARGIN;
    }
    draft.finish(width, y)
}

struct Layout<'a> {
    world: &'a World,
    focus: &'a Focus,
    pods: Ordered<NodeId, NodePods>,
    width: i32,
}

/// A machine's wire that still has to be led to Azure's network.
struct Loose {
    nic: NicId,
    /// Whether nothing stands between it and the network.
    straight: bool,
    /// Where it may turn into the gutter.
    turn_y: i32,
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
        let inner = Rect::new(frame_x + FRAME_PAD, top + FRAME_HEAD, frame_w - 2 * FRAME_PAD, 0);
        let (y, loose) = self.subnets(draft, plans, &own, inner);
        let fabric = Rect::new(inner.x, y - SUBNET_GAP + FABRIC_GAP, inner.w, FABRIC_H);
        let bottom = self.fabric(draft, id, fabric, &own, &loose) + FRAME_PAD;
        draft.set_rect(number, Rect::new(frame_x, top, frame_w, bottom - top));
        bottom
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
            for wire in &mut loose {
                wire.straight = false;
            }
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
            y = bottom + SUBNET_GAP;
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
        let (bands, full): (Vec<SubnetId>, Vec<SubnetId>) = own.iter().partition(|id| needed(id) == 0);
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
        let Some(subnet) = self.world.subnets.get(id) else { return (place.y, Vec::new()) };
        let counts = subnet.pool.counts();
        let of = crate::sim::addr::address_count(SubnetPool::prefix(&subnet.pool)).saturating_sub(counts.reserved);
        let kind = Kind::Subnet { used: of.saturating_sub(counts.free), of };
        let detail = self.facts(subnet, usize::try_from((place.w - 220) / 7).unwrap_or(0));
        let number = draft.hold(kind, Some(Target::Subnet(id)), &subnet.name, &detail);
        if plan.open.is_empty() && plan.far.is_empty() {
            draft.set_rect(number, Rect { h: BAND_H, ..place });
            return (place.y + BAND_H, Vec::new());
        }
        let inner = Rect::new(place.x + SUBNET_PAD, place.y + SUBNET_HEAD, place.w - 2 * SUBNET_PAD, 0);
        let y = self.far_nodes(draft, &plan.far, inner);
        let (bottom, wires) = self.machines(draft, &plan.open, Rect { y, ..inner }, columns);
        let bottom = bottom.max(y) + SUBNET_PAD;
        draft.set_rect(number, Rect { h: bottom - place.y, ..place });
        (bottom, wires)
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

    /// Nodes far away, as cells in a grid that keeps its size whatever their number. Returns where it ends.
    fn cells(&self, draft: &mut Draft, far: &[NodeId], place: Rect) -> i32 {
        let count = i32::try_from(far.len()).unwrap_or(i32::MAX);
        if count == 0 {
            return place.y;
        }
        let room = place.w * if count > 60 { 124 } else { 62 };
        let side = (room / count).isqrt().clamp(11, CELL);
        let columns = (place.w / side).max(1);
        for (n, id) in (0..).zip(far) {
            let Some(node) = self.world.nodes.get(*id) else { continue };
            let used = self.world.hosts.get(node.host).map_or(0, ports);
            let rect = Rect::new(place.x + n % columns * side, place.y + n / columns * side, side - 2, side - 2);
            let kind = Kind::Cell { used, of: u32::from(node.max_pods), phase: node.phase };
            let short = format!("{:03}", node.instance);
            draft.shape(kind, rect, Some(Target::Node(*id)), &node.name, 0, "");
            if side >= 26 {
                draft.rename_last(&short);
            }
        }
        place.y + (count + columns - 1) / columns * side + 8
    }

    /// Rows of open machines. Returns where they end, and their wires.
    fn machines(&self, draft: &mut Draft, open: &[NicId], place: Rect, columns: usize) -> (i32, Vec<Loose>) {
        let per_row = columns.min(open.len().max(1));
        let rows: Vec<&[NicId]> = open.chunks(per_row).collect();
        let mut wires = Vec::new();
        let mut y = place.y;
        let all = i32::try_from(per_row).unwrap_or(1);
        let each = (place.w - (all - 1) * CARD_GAP) / all;
        let last = rows.len().saturating_sub(1);
        for (r, row) in rows.iter().enumerate() {
            let height = row.iter().filter_map(|nic| self.machine(*nic)).map(|m| m.height()).max().unwrap_or(0);
            let mut x = place.x;
            for &nic in *row {
                let width = if self.node_of(nic).is_some() { each } else { VM_W.min(each) };
                if let Some(machine) = self.machine(nic) {
                    machine.draw(draft, Point::new(x, y), width, height);
                }
                wires.push(Loose { nic, straight: r == last, turn_y: y + height + ROW_GAP / 2 });
                x += width + CARD_GAP;
            }
            y += height + ROW_GAP;
        }
        (y - if rows.is_empty() { 0 } else { ROW_GAP }, wires)
    }

    fn machine(&self, nic: NicId) -> Option<Machine<'_>> {
        let host_id = self.world.nics.get(nic)?.host;
        let host = self.world.hosts.get(host_id)?;
        let pods = self.node_of(nic).and_then(|n| self.pods.get(&n));
        Some(Machine { world: self.world, focus: self.focus, pods, nic, host_id, host })
    }
}

impl Layout<'_> {
    /// Azure's network of one VNet: the wire that all its NICs share, and the routes looked up on it. Returns where it
    /// ends.
    fn fabric(&self, draft: &mut Draft, vnet: VnetId, place: Rect, subnets: &[SubnetId], loose: &[Loose]) -> i32 {
        let number = draft.hold(Kind::Fabric, Some(Target::Vnet(vnet)), "", "");
        let bus = place.y + BUS_Y;
        let mut stations = Self::wires(draft, place, bus, loose);
        if self.focus.leaves {
            let chip = Rect::new(place.right() - 96, place.y + 1, 90, 24);
            draft.shape(Kind::Internet, chip, None, "", 0, "");
            let at = Point::new(chip.x + 14, bus);
            draft.net.place(Anchor::Outside(vnet), at, chip);
            stations.push((at.x, Anchor::Outside(vnet)));
        }
        sort(&mut stations);
        for pair in stations.windows(2) {
            if let [(_, a), (_, b)] = pair {
                draft.net.join(*a, *b, &[]);
            }
        }
        let (tables, bottom) = self.tables(draft, place, subnets);
        let lane = if tables.iter().any(|(_, at)| tables.first().is_some_and(|(_, first)| first != at)) {
            16 + LANE_W / 2
        } else {
            0
        };
        for (subnet, at) in tables {
            let on_bus = [Point::new(at.x - lane, at.y), Point::new(at.x - lane, bus)];
            let left = stations.iter().rev().find(|(x, _)| *x <= at.x);
            let right = stations.iter().find(|(x, _)| *x > at.x);
            for (_, station) in left.into_iter().chain(right) {
                draft.net.join(Anchor::Routes(subnet), *station, &on_bus);
            }
        }
        draft.set_rect(number, Rect { h: bottom - place.y, ..place });
        bottom
    }

    /// Leads the wires of machines to the shared wire: straight down, or past other machines at the left.
    fn wires(draft: &mut Draft, place: Rect, bus: i32, loose: &[Loose]) -> Vec<(i32, Anchor)> {
        let gutter = place.x - FRAME_PAD / 2;
        let mut stations = Vec::new();
        for wire in loose {
            let Some(vfp) = draft.net.spot(Anchor::Vfp(wire.nic)) else { continue };
            let anchor = Anchor::Fabric(wire.nic);
            let x = if wire.straight { vfp.at.x } else { gutter };
            draft.net.place(anchor, Point::new(x, bus), Rect::new(x - 9, bus - 9, 18, 18));
            let turn = [Point::new(vfp.at.x, wire.turn_y), Point::new(x, wire.turn_y)];
            draft.net.join(Anchor::Vfp(wire.nic), anchor, if wire.straight { &[] } else { &turn });
            stations.push((x, anchor));
        }
        stations
    }

    /// The route tables of the subnets, each once; subnets without one share a box for the system routes. Returns
    /// where each subnet's routes are looked up, and where Azure's network ends.
    fn tables(&self, draft: &mut Draft, place: Rect, subnets: &[SubnetId]) -> (Vec<(SubnetId, Point)>, i32) {
        let table_of = |id: &SubnetId| self.world.subnets.get(*id).and_then(|s| s.route_table);
        let mut tables: Vec<Option<RouteTableId>> = subnets.iter().map(table_of).collect();
        sort_dedup(&mut tables);
        let narrow = self.focus.columns <= 1;
        let width = TABLE_W.min(place.w - 2 * FRAME_PAD);
        let mut y = place.y + if narrow { BUS_Y + 54 } else { BUS_Y + 13 };
        let mut looked_up = Vec::new();
        // Wires to them run in a lane at their left, over none of them.
        let left = place.right() - FRAME_PAD - width + if tables.len() > 1 { LANE_W } else { 0 };
        for table in tables {
            let rect = Rect::new(left, y, place.right() - FRAME_PAD - left, 42);
            self.table(draft, rect, table);
            let at = Point::new(rect.x + 16, rect.mid_y());
            for id in subnets.iter().filter(|id| table_of(id) == table) {
                draft.net.place(Anchor::Routes(*id), at, rect);
                looked_up.push((*id, at));
            }
            y = rect.bottom() + 6;
        }
        (looked_up, (y + 2).max(place.bottom()))
    }

    fn table(&self, draft: &mut Draft, rect: Rect, table: Option<RouteTableId>) {
        match table.and_then(|id| self.world.route_tables.get(id).map(|t| (id, t))) {
            Some((id, table)) => {
                let kind = Kind::RouteTable { routes: table.len() };
                draft.shape(kind, rect, Some(Target::RouteTable(id)), &table.name, 38, "");
            }
            None => draft.shape(Kind::SystemRoutes, rect, None, "", 0, ""),
        }
    }
}

/// Ports of a host that lead to pods.
fn ports(host: &crate::sim::host::Host) -> u32 {
    use crate::sim::host::interface::InterfaceKind;
    let veths = host.interfaces.values().filter(|i| matches!(i.kind, InterfaceKind::Veth { .. })).count();
    u32::try_from(veths).unwrap_or(u32::MAX)
}
