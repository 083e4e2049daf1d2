//! Azure's network below the machines of a VNet: the wire that they share, and the routes that are looked up on it.

use super::Draft;
use super::geometry::{Point, Rect};
use super::layout::{FRAME_PAD, Layout, Loose, MAX_ASIDE, WIRE_GAP};
use super::net::{Anchor, station};
use super::shape::Kind;
use crate::sim::ids::{RouteTableId, SubnetId, VnetId};
use crate::sim::order::{sort, sort_dedup};
use crate::view::target::Target;

const BUS_Y: i32 = 13;
const TABLE_W: i32 = 300;
/// Width of the lane of wires beside several route tables.
const LANE_W: i32 = 16;

impl Layout<'_> {
    /// Azure's network of one VNet: the wire that all its NICs share, and the routes looked up on it. Returns where it
    /// ends.
    pub(super) fn fabric(
        &self,
        draft: &mut Draft,
        vnet: VnetId,
        place: Rect,
        subnets: &[SubnetId],
        loose: &[Loose],
    ) -> i32 {
        let number = draft.hold(Kind::Fabric, Some(Target::Vnet(vnet)), "", "");
        let bus = place.y + BUS_Y;
        let mut stations = Self::wires(draft, place, bus, loose);
        let chip = Rect::new(place.right() - 96, place.y + 1, 90, 24);
        draft.shape(Kind::Internet, chip, None, "", 0, "");
        let at = Point::new(chip.x + 14, bus);
        draft.net.place(Anchor::Outside(vnet), at, chip);
        stations.push((at.x, Anchor::Outside(vnet)));
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

    /// Leads the wires of machines to the shared wire: straight down, or each in a lane of its own at the left. The first
    /// turns where none of the later ones has to pass, so it has the lane farthest out.
    fn wires(draft: &mut Draft, place: Rect, bus: i32, loose: &[Loose]) -> Vec<(i32, Anchor)> {
        let turning = i32::try_from(loose.iter().filter(|w| w.turn_y.is_some()).count()).unwrap_or(0);
        let mut lane = place.x - WIRE_GAP * turning.min(MAX_ASIDE);
        let mut stations = Vec::new();
        for wire in loose {
            let Some(vfp) = draft.net.spot(Anchor::Vfp(wire.nic)) else { continue };
            let anchor = Anchor::Fabric(wire.nic);
            // Those that come from the side meet the network at its edge.
            let x = if wire.turn_y.is_some() { place.x + FRAME_PAD } else { vfp.at.x };
            let at = Point::new(x, bus);
            draft.net.place(anchor, at, station(at));
            let turn = wire.turn_y.map(|y| [Point::new(vfp.at.x, y), Point::new(lane, y), Point::new(lane, bus)]);
            draft.net.join(Anchor::Vfp(wire.nic), anchor, turn.as_ref().map_or(&[], |bends| bends.as_slice()));
            if turn.is_some() {
                lane = (lane + WIRE_GAP).min(place.x - WIRE_GAP);
            }
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
