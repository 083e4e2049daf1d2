//! The whole drawing: virtual networks, their subnets with machines and far nodes, and Azure's network below.

use super::geometry::{Point, Rect};
use super::machine::Machine;
use super::net::Anchor;
use super::plan::{self, Focus, NodePods, SubnetPlan};
use super::shape::Kind;
use super::{Draft, Scene};
use crate::sim::host::Role;
use crate::sim::ids::{NicId, NodeId, RouteTableId, SubnetId, VnetId};
use crate::sim::ipam::subnet_pool::SubnetPool;
use crate::sim::order::{sort, sort_dedup};
use crate::sim::ordered::Ordered;
use crate::sim::world::World;
use crate::view::target::Target;

const MARGIN: i32 = 4;
const FRAME_PAD: i32 = 10;
const FRAME_HEAD: i32 = 26;
const SUBNET_PAD: i32 = 10;
const SUBNET_HEAD: i32 = 26;
const CARD_GAP: i32 = 12;
const ROW_GAP: i32 = 24;
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
        let mut y = top + FRAME_HEAD;
        let mut loose: Vec<Loose> = Vec::new();
        let own: Vec<SubnetId> = self.world.subnets.iter().filter(|(_, s)| s.vnet == id).map(|(id, _)| id).collect();
        for subnet in &own {
            for wire in &mut loose {
                wire.straight = false;
            }
            let Some(plan) = plans.get(subnet) else { continue };
            let (bottom, mut wires) =
                self.subnet(draft, *subnet, plan, Rect::new(frame_x + FRAME_PAD, y, frame_w - 2 * FRAME_PAD, 0));
            loose.append(&mut wires);
            y = bottom + 8;
        }
        let fabric = Rect::new(frame_x + FRAME_PAD, y - 8 + FABRIC_GAP, frame_w - 2 * FRAME_PAD, FABRIC_H);
        let bottom = self.fabric(draft, id, fabric, &own, &loose) + FRAME_PAD;
        draft.set_rect(number, Rect::new(frame_x, top, frame_w, bottom - top));
        bottom
    }

    fn subnet(&self, draft: &mut Draft, id: SubnetId, plan: &SubnetPlan, place: Rect) -> (i32, Vec<Loose>) {
        let Some(subnet) = self.world.subnets.get(id) else { return (place.y, Vec::new()) };
        let counts = subnet.pool.counts();
        let of = crate::sim::addr::address_count(SubnetPool::prefix(&subnet.pool)).saturating_sub(counts.reserved);
        let kind = Kind::Subnet { used: of.saturating_sub(counts.free), of };
        let mut detail = subnet.pool.prefix().to_string();
        if let Some(nsg) = subnet.nsg.and_then(|id| self.world.nsgs.get(id)) {
            detail.push_str(" · ");
            detail.push_str(&nsg.name);
        }
        let number = draft.hold(kind, Some(Target::Subnet(id)), &subnet.name, &detail);
        let inner = Rect::new(place.x + SUBNET_PAD, place.y + SUBNET_HEAD, place.w - 2 * SUBNET_PAD, 0);
        let y = self.far_nodes(draft, &plan.far, inner);
        let (bottom, wires) = self.machines(draft, &plan.open, Rect { y, ..inner });
        let bottom = bottom.max(y) + SUBNET_PAD;
        draft.set_rect(number, Rect { h: bottom - place.y, ..place });
        (bottom, wires)
    }

    /// Nodes far away, as cells in a grid that keeps its size whatever their number. Returns where it ends.
    fn far_nodes(&self, draft: &mut Draft, far: &[NodeId], place: Rect) -> i32 {
        let count = i32::try_from(far.len()).unwrap_or(i32::MAX);
        if count == 0 {
            return place.y;
        }
        let room = place.w * if count > 60 { 124 } else { 62 };
        let side = (room / count).isqrt().clamp(11, 58);
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
    fn machines(&self, draft: &mut Draft, open: &[NicId], place: Rect) -> (i32, Vec<Loose>) {
        let per_row = self.focus.columns.clamp(1, 2).min(open.len().max(1));
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
        for (subnet, at) in tables {
            let on_bus = [Point::new(at.x, bus)];
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
        for table in tables {
            let rect = Rect::new(place.right() - FRAME_PAD - width, y, width, 42);
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
