//! What stands still: each kind of box with its words.

use super::{Canvas, Said, Stroke, Type};
use crate::sim::cluster::{NodePhase, PodPhase};
use crate::view::scene::geometry::{Point, Rect};
use crate::view::scene::shape::{Kind, LANE_LEFT, Shape};

const BRIDGE_NAME: Type = Type { size: "12", weight: 700, ..Type::MONO };

impl Canvas<'_> {
    pub(super) fn shape(&mut self, shape: &Shape) {
        self.outline(shape);
        self.words(shape);
    }

    fn outline(&mut self, shape: &Shape) {
        let p = self.palette;
        let (fill, stroke) = match shape.kind {
            Kind::Vnet => ("", Stroke::of(p.azure).wide("1.4").dashed("6 4")),
            Kind::Subnet { lane: true, .. } => (p.lane, Stroke::of(p.teal)),
            Kind::Subnet { .. } | Kind::Stack { .. } => (p.sunken, Stroke::of(p.line)),
            Kind::Node { .. } | Kind::Vm => (p.surface, Stroke::of(p.line)),
            Kind::HostPod => ("", Stroke::of(p.teal).dashed("2 2")),
            Kind::Pod { phase: PodPhase::Running } => (p.teal_soft, Stroke::of(p.teal)),
            Kind::Pod { .. } => (p.teal_soft, Stroke::of(p.teal).dashed("4 3")),
            Kind::PodPort { up: true } => (p.surface, Stroke::of(p.teal)),
            Kind::MorePods { .. } => ("", Stroke::of(p.teal).dashed("2 3")),
            Kind::Bridge => (p.amber_soft, Stroke::of(p.amber)),
            Kind::Nic { up: true } => (p.surface, Stroke::of(p.azure)),
            Kind::PodPort { up: false } | Kind::Nic { up: false } => (p.surface, Stroke::of(p.bad).dashed("4 3")),
            Kind::Vfp { .. } | Kind::Fabric => (p.azure_soft, Stroke::of(p.azure)),
            Kind::RouteTable { .. } => (p.violet_soft, Stroke::of(p.violet).wide("1.4")),
            Kind::SystemRoutes => (p.violet_soft, Stroke::of(p.violet).wide("1.4").dashed("4 3")),
            Kind::Internet | Kind::Cell { phase: NodePhase::Ready, .. } => (p.surface, Stroke::of(p.edge)),
            Kind::Cell { .. } => (p.surface, Stroke::of(p.edge).dashed("2 2")),
        };
        self.rect(shape.rect, radius(shape.kind), fill, Some(stroke));
    }

    /// A word so far from the left upper corner of a box.
    fn at(&mut self, rect: Rect, x: i32, y: i32, look: Type, text: &str) {
        self.word(Point::new(rect.x + x, rect.y + y), &look, text);
    }

    /// A word that ends so far from the right edge of a box.
    fn until(&mut self, rect: Rect, x: i32, y: i32, look: Type, text: &str) {
        self.word(Point::new(rect.right() - x, rect.y + y), &look.ending(), text);
    }

    fn words(&mut self, shape: &Shape) {
        let (rect, p) = (shape.rect, self.palette);
        let (name, detail) = (shape.name.as_ref(), shape.detail.as_ref());
        match shape.kind {
            Kind::Vnet => {
                let title = self.say(&Said::new("lab-vnet").text("name", name));
                self.at(rect, 14, 18, Type::TITLE.in_colour(p.azure), &title);
                self.until(rect, 14, 18, Type::MONO.in_colour(p.quiet), detail);
            }
            Kind::Subnet { used, of, lane } => self.subnet(shape, used, of, lane),
            Kind::Node { phase, cordoned } => self.machine(shape, node_word(phase, cordoned)),
            Kind::Vm => self.machine(shape, "vm"),
            Kind::HostPod => self.at(rect, 6, 11, Type::TINY, name),
            Kind::Pod { phase } => self.pod(shape, phase),
            Kind::PodPort { up } => {
                self.at(rect, 17, 13, Type::MONO_TINY, &format!("{}{name}", if up { "" } else { "✕" }));
            }
            Kind::MorePods { count } => {
                self.at(rect, 8, 15, Type::TITLE, &format!("+{count}"));
                self.small(rect, 8, 28, &Said::new("lab-more-pods"));
            }
            Kind::Bridge => self.bridge(shape),
            Kind::Stack { forwards } => {
                self.titled(rect, (32, 15), Type::TITLE, &Said::new("lab-stack"));
                self.small(rect, 32, 28, &Said::new(if forwards { "lab-forwards" } else { "lab-forwards-not" }));
            }
            Kind::Nic { up } => {
                let state = if up { detail.to_owned() } else { format!("✕ {}", self.say(&Said::new("lab-down"))) };
                self.at(rect, 32, 17, Type::MONO, &format!("{name} {state}"));
            }
            Kind::Vfp { guarded } => {
                self.titled(rect, (42, 17), Type::TITLE.in_colour(p.azure), &Said::new("lab-vfp"));
                let nsg = self.say(&Said::new(if guarded { "lab-nsg" } else { "lab-nsg-none" }).text("name", detail));
                self.until(rect, 10, 17, Type::TINY, &nsg);
            }
            Kind::Fabric => {
                // In a narrow drawing the wire to the route table runs down at the left.
                let left = if rect.w < 500 { 58 } else { 14 };
                self.titled(rect, (left, 40), Type::TITLE.in_colour(p.azure), &Said::new("lab-fabric"));
                self.small(rect, left, 55, &Said::new("lab-fabric-facts"));
            }
            Kind::RouteTable { routes } => {
                self.at(rect, 32, 17, Type::TITLE.in_colour(p.violet), name);
                self.small(rect, 32, 34, &Said::new("lab-routes").number("n", routes as u64));
            }
            Kind::SystemRoutes => {
                self.titled(rect, (32, 17), Type::TITLE.in_colour(p.violet), &Said::new("lab-system-routes"));
                self.small(rect, 32, 34, &Said::new("lab-no-route-table"));
            }
            Kind::Internet => self.titled(rect, (28, 16), Type::TINY, &Said::new("lab-internet")),
            Kind::Cell { used, of, .. } => self.cell(shape, used, of),
        }
    }

    fn titled(&mut self, rect: Rect, (x, y): (i32, i32), look: Type, said: &Said) {
        let words = self.say(said);
        self.at(rect, x, y, look, &words);
    }

    fn small(&mut self, rect: Rect, x: i32, y: i32, said: &Said) {
        self.titled(rect, (x, y), Type::TINY.in_colour(self.palette.quiet), said);
    }

    fn machine(&mut self, shape: &Shape, state: &'static str) {
        self.at(shape.rect, 12, 18, Type::TITLE, &shape.name);
        let state = self.say(&Said::new(state));
        self.until(shape.rect, 12, 18, Type::PLAIN.in_colour(self.palette.quiet), &state);
    }

    fn subnet(&mut self, shape: &Shape, used: u64, of: u64, lane: bool) {
        let quiet = self.palette.quiet;
        let left = if lane { LANE_LEFT } else { 12 };
        let name = self.say(&Said::new("lab-subnet").text("name", &shape.name));
        let behind = i32::try_from(name.chars().count()).unwrap_or(10) * 7 + left + 6;
        self.at(shape.rect, left, 17, Type::TITLE, &name);
        self.at(shape.rect, behind, 17, Type::MONO.in_colour(quiet), &shape.detail);
        let used = match shape.rect.w {
            // There is no room for words.
            ..400 => format!("{used}/{of}"),
            _ => self.say(&Said::new("addresses-used").number("used", used).number("all", of)),
        };
        self.until(shape.rect, left, 17, Type::PLAIN.in_colour(quiet), &used);
    }

    fn bridge(&mut self, shape: &Shape) {
        let (rect, p) = (shape.rect, self.palette);
        let behind = 36 + i32::try_from(shape.name.chars().count()).unwrap_or(4) * 8;
        self.at(rect, 30, 30, BRIDGE_NAME.in_colour(p.amber), &shape.name);
        self.titled(rect, (behind, 30), Type::PLAIN.in_colour(p.quiet), &Said::new("lab-bridge"));
        self.until(rect, 10, 30, Type::MONO, &shape.detail);
    }

    fn pod(&mut self, shape: &Shape, phase: PodPhase) {
        let rect = shape.rect;
        self.at(rect, 7, 15, Type::NAME, &shape.name);
        let at = Point::new(rect.x + 7, rect.y + 28);
        self.sized_word(at, &Type::MONO, &fitting(&shape.detail, rect.w - 12), &shape.detail);
        let state = match phase {
            PodPhase::Running => return,
            PodPhase::Pending => "pod-pending-state",
            PodPhase::ContainerCreating => "pod-creating-state",
            PodPhase::SandboxFailed => "pod-failed-state",
            PodPhase::Ended { status: 0 } => "pod-completed-state",
            PodPhase::Ended { .. } => "pod-error-state",
        };
        self.titled(rect, (24, 44), Type::TINY, &Said::new(state));
    }

    /// A node far away: filled from below by how much of its room is used.
    fn cell(&mut self, shape: &Shape, used: u32, of: u32) {
        let Rect { x, y, w, h } = shape.rect;
        let room = u64::try_from(h - 2).unwrap_or(0);
        let level = i32::try_from(u64::from(used.min(of)) * room / u64::from(of.max(1))).unwrap_or(0);
        let fill = level.max(i32::from(used > 0));
        self.rect(Rect::new(x + 1, y + h - 1 - fill, w - 2, fill), 0, self.palette.teal, None);
        if i32::try_from(shape.name.len()).is_ok_and(|letters| letters * 6 <= w) {
            self.at(shape.rect, 4, 12, Type::TINY, &shape.name);
        }
        if h >= 34 {
            self.at(shape.rect, 4, 26, Type::TINY.in_colour(self.palette.quiet), &format!("{used}/{of}"));
        }
    }
}

/// Size at which monospace text fits into so much room, at most the ordinary one.
fn fitting(text: &str, room: i32) -> String {
    let letters = i32::try_from(text.chars().count()).unwrap_or(1).max(1);
    let tenths = (room * 10 * 10 / 6 / letters).clamp(70, 105);
    format!("{}.{}", tenths / 10, tenths % 10)
}

const fn radius(kind: Kind) -> i32 {
    match kind {
        Kind::Vnet => 14,
        Kind::Subnet { .. } | Kind::Node { .. } | Kind::Vm | Kind::Fabric => 10,
        Kind::HostPod | Kind::PodPort { .. } | Kind::Cell { .. } => 4,
        Kind::Vfp { .. } => 0,
        _ => 7,
    }
}

const fn node_word(phase: NodePhase, cordoned: bool) -> &'static str {
    match phase {
        NodePhase::Booting => "phase-booting",
        NodePhase::NotReady => "phase-not-ready",
        NodePhase::Ready if cordoned => "phase-cordoned",
        NodePhase::Ready => "lab-node-ready",
    }
}
