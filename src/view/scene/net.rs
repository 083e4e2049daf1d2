//! The places of the drawing at which a packet can be, and the wires between them.

use super::geometry::{Point, Rect, simplified};
use crate::sim::ids::{HostId, InterfaceId, NicId, SubnetId, VnetId};
use crate::sim::ordered::Ordered;
use std::collections::VecDeque;

/// A place at which a packet can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Anchor {
    /// The programs and the routing of a host.
    Body(HostId),
    /// An interface.
    Port(InterfaceId),
    /// The switching of a bridge.
    Bridge(InterfaceId),
    /// Azure's side of a NIC.
    Vfp(NicId),
    /// Where the wire of a NIC meets the network.
    Fabric(NicId),
    /// Where the routes of a subnet are looked up.
    Routes(SubnetId),
    /// The world outside a virtual network.
    Outside(VnetId),
}

/// Where an anchor is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    pub at: Point,
    /// The box that is outlined when something is decided there.
    pub frame: Rect,
}

/// What is outlined around a place that has no box of its own.
pub(super) const fn station(at: Point) -> Rect {
    Rect::new(at.x - 9, at.y - 9, 18, 18)
}

/// A wire between two anchors, with its bends from the first to the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wire {
    pub ends: [Anchor; 2],
    pub way: Vec<Point>,
    /// Whether an end of it is down.
    pub down: bool,
}

/// All places and wires.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Net {
    spots: Ordered<Anchor, Spot>,
    wires: Vec<Wire>,
    touching: Ordered<Anchor, Vec<usize>>,
}

impl Net {
    pub fn place(&mut self, anchor: Anchor, at: Point, frame: Rect) {
        self.spots.insert(anchor, Spot { at, frame });
    }

    pub fn spot(&self, anchor: Anchor) -> Option<Spot> {
        self.spots.get(&anchor).copied()
    }

    pub fn wires(&self) -> &[Wire] {
        &self.wires
    }

    /// Joins two places that are there, over the bends given.
    pub fn join(&mut self, a: Anchor, b: Anchor, bends: &[Point]) {
        let (Some(from), Some(to)) = (self.spot(a), self.spot(b)) else { return };
        let mut way = vec![from.at];
        way.extend_from_slice(bends);
        way.push(to.at);
        let number = self.wires.len();
        self.wires.push(Wire { ends: [a, b], way: simplified(&way), down: false });
        self.touching.get_or_insert_with(a, Default::default).push(number);
        self.touching.get_or_insert_with(b, Default::default).push(number);
    }

    /// Joins the ends of a link, which may be down.
    pub fn link(&mut self, a: Anchor, b: Anchor, down: bool) {
        let before = self.wires.len();
        self.join(a, b, &[]);
        if let Some(wire) = self.wires.get_mut(before) {
            wire.down = down;
        }
    }

    /// The way along wires from one place to another, over as few wires as can be. Between places that no wire joins
    /// it is empty.
    pub fn way(&self, from: Anchor, to: Anchor) -> Vec<Point> {
        let mut came: Ordered<Anchor, Option<(usize, Anchor)>> = [(from, None)].into_iter().collect();
        let mut queue = VecDeque::from([from]);
        while let Some(here) = queue.pop_front() {
            if here == to {
                break;
            }
            for &number in self.touching.get(&here).into_iter().flatten() {
                let Some(next) = self.wires.get(number).map(|w| w.other(here)) else { continue };
                came.get_or_insert_with(next, || {
                    queue.push_back(next);
                    Some((number, here))
                });
            }
        }
        self.unwind(&came, to)
    }

    fn unwind(&self, came: &Ordered<Anchor, Option<(usize, Anchor)>>, to: Anchor) -> Vec<Point> {
        let mut back: Vec<Point> = self.spot(to).map(|s| s.at).into_iter().collect();
        let mut here = to;
        loop {
            match came.get(&here) {
                None => return Vec::new(),
                Some(None) => break,
                Some(Some((number, before))) => {
                    let Some(wire) = self.wires.get(*number) else { return Vec::new() };
                    if wire.ends[0] == here {
                        back.extend(wire.way.iter().copied());
                    } else {
                        back.extend(wire.way.iter().rev().copied());
                    }
                    here = *before;
                }
            }
        }
        back.reverse();
        simplified(&back)
    }
}

impl Wire {
    fn other(&self, end: Anchor) -> Anchor {
        let [a, b] = self.ends;
        if a == end { b } else { a }
    }
}
