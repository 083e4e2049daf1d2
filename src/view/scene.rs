//! The drawing of the world: boxes, wires and the places at which a packet can be, as plain data. It follows from the
//! devices that are there, never from the name of a mode.

mod fabric;
pub mod geometry;
mod layout;
mod machine;
pub mod net;
pub mod overlay;
pub mod plan;
pub mod shape;
pub mod way;

pub use layout::scene;

use crate::view::target::Target;
use geometry::{Point, Rect};
use net::Net;
use shape::{Kind, Shape, WireLabel, fitting_name, short_name};
use std::rc::Rc;

/// Everything that stands still while a packet moves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scene {
    pub width: i32,
    pub height: i32,
    /// In the order in which they are drawn, what holds others first.
    pub shapes: Vec<Shape>,
    pub labels: Vec<WireLabel>,
    pub net: Net,
}

impl Scene {
    /// The first box of a thing.
    pub fn find(&self, target: Target) -> Option<&Shape> {
        self.shapes.iter().find(|s| s.target == Some(target))
    }

    /// Number of the box that lies next in a direction from another one, among those that can be picked: near, and
    /// rather ahead than aside.
    pub fn toward(&self, from: usize, direction: Direction) -> Option<usize> {
        // A box that holds others is where its name is.
        let head = |shape: &Shape| match shape.kind {
            Kind::Vnet | Kind::Subnet { .. } | Kind::Node { .. } | Kind::Vm => Rect { h: 26, ..shape.rect },
            _ => shape.rect,
        };
        let here = head(self.shapes.get(from)?);
        // How far apart two spans are; nothing where they overlap.
        let gap = |a: (i32, i32), b: (i32, i32)| (b.0 - a.1).max(a.0 - b.1).max(0);
        let (across, down) = (|r: Rect| (r.x, r.right()), |r: Rect| (r.y, r.bottom()));
        let cost = |rect: Rect| {
            // Boxes in a row do not overlap; one below may hang at the edge of the one above.
            let (ahead, aside) = match direction {
                Direction::Right => (rect.x - here.right(), gap(down(here), down(rect))),
                Direction::Left => (here.x - rect.right(), gap(down(here), down(rect))),
                Direction::Down => (rect.mid_y() - here.bottom(), gap(across(here), across(rect))),
                Direction::Up => (here.y - rect.mid_y(), gap(across(here), across(rect))),
            };
            (ahead >= 0).then(|| ahead + 3 * aside)
        };
        let others = self.shapes.iter().enumerate().filter(|(n, s)| *n != from && s.target.is_some());
        others.filter_map(|(n, s)| Some((cost(head(s))?, n))).min().map(|(_, n)| n)
    }
}

/// Where an arrow key leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Left,
    Right,
    Up,
    Down,
}

/// A scene that is being made.
#[derive(Debug, Default)]
struct Draft {
    shapes: Vec<Shape>,
    labels: Vec<WireLabel>,
    net: Net,
}

impl Draft {
    /// A box whose name is cut to so much room, in bold letters of a size in tenths of a pixel.
    fn named(&mut self, kind: Kind, rect: Rect, target: Option<Target>, name: (&str, i32, i32), detail: &str) {
        let (name, room, size) = name;
        self.shape(kind, rect, target, name, 0, detail);
        self.rename_last(&fitting_name(name, room, size));
    }

    fn shape(&mut self, kind: Kind, rect: Rect, target: Option<Target>, name: &str, letters: usize, detail: &str) {
        let name_shown = if letters == 0 { name.into() } else { short_name(name, letters) };
        self.shapes.push(Shape { kind, rect, target, name: name_shown, full: name.into(), detail: detail.into() });
    }

    /// A box that holds others: drawn before them, its size known after them. Returns its number.
    fn hold(&mut self, kind: Kind, target: Option<Target>, name: &str, detail: &str) -> usize {
        self.shape(kind, Rect::default(), target, name, 0, detail);
        self.shapes.len() - 1
    }

    fn set_rect(&mut self, number: usize, rect: Rect) {
        if let Some(shape) = self.shapes.get_mut(number) {
            shape.rect = rect;
        }
    }

    /// Lets the subnets that were drawn since box number `from` end at the same height.
    fn level(&mut self, from: usize, bottom: i32) {
        for shape in self.shapes.iter_mut().skip(from).filter(|s| matches!(s.kind, Kind::Subnet { lane: false, .. })) {
            shape.rect.h = bottom - shape.rect.y;
        }
    }

    /// Gives the last box another name to show than its own.
    fn rename_last(&mut self, name: &str) {
        if let Some(shape) = self.shapes.last_mut() {
            shape.name = name.into();
        }
    }

    fn label(&mut self, at: Point, text: &Rc<str>, down: bool) {
        self.labels.push(WireLabel { at, text: Rc::clone(text), down });
    }

    fn finish(self, width: i32, height: i32) -> Scene {
        Scene { width, height, shapes: self.shapes, labels: self.labels, net: self.net }
    }
}
