//! What moves: trails, packets, the outline of what decided.

use super::{Canvas, Said, Stroke, Type};
use crate::sim::packet::Protocol;
use crate::view::scene::geometry::{Point, Rect};
use crate::view::scene::overlay::{Marker, MarkerState, Overlay, Side, Trail};

const TAG_HEIGHT: i32 = 20;

impl Canvas<'_> {
    pub(super) fn overlay(&mut self, overlay: &Overlay) {
        let packet = Stroke::of(self.palette.packet);
        if let Some(frame) = overlay.frame {
            self.rect(frame.grown(3), 10, "", Some(packet.wide("2").dashed("5 3")));
        }
        for trail in &overlay.trails {
            self.trail(trail);
        }
        if !overlay.next.is_empty() {
            self.path(&overlay.next, &Stroke { opacity: "0.75", ..packet.wide("2.4").dashed("1 6") });
        }
        if let Some((rect, row)) = &overlay.winner {
            // Over the second line of the table's box.
            self.rect(Rect::new(rect.x + 30, rect.y + 22, rect.w - 36, 17), 0, self.palette.violet_soft, None);
            self.word(Point::new(rect.x + 32, rect.y + 34), &Type::MONO, row);
        }
        for marker in &overlay.packets {
            self.marker(marker);
        }
    }

    fn trail(&mut self, trail: &Trail) {
        let (width, opacity) = if trail.current { ("3.6", "") } else { ("2.4", "0.35") };
        let stroke = Stroke { opacity, ..Stroke::of(self.palette.packet).wide(width) };
        let stroke = if trail.arp { stroke.wide("3").dashed("2 6") } else { stroke };
        for leg in &trail.legs {
            self.path(leg, &stroke);
        }
    }

    fn marker(&mut self, marker: &Marker) {
        let p = self.palette;
        match marker.state {
            MarkerState::Moving | MarkerState::Left => {
                self.circle(marker.at, 13, p.packet_soft, None);
                self.dot(marker);
            }
            MarkerState::Waiting => self.dot(marker),
            MarkerState::Delivered => {
                self.circle(marker.at, 13, "", Some(Stroke::of(p.good).wide("2")));
                self.circle(marker.at, 7, p.good, Some(Stroke::of(p.surface).wide("1.5")));
                self.sign(marker.at, &[(-4, 0), (-1, 3), (4, -3)], &Stroke::of(p.surface).wide("2"));
            }
            MarkerState::Lost(_) => {
                self.circle(marker.at, 13, p.packet_soft, None);
                self.circle(marker.at, 7, p.surface, Some(Stroke::of(p.bad).wide("1.5")));
                self.sign(marker.at, &[(-9, -9), (9, 9)], &Stroke::of(p.bad).wide("4"));
                self.sign(marker.at, &[(9, -9), (-9, 9)], &Stroke::of(p.bad).wide("4"));
            }
        }
        self.tag(marker);
    }

    /// A round one, or for ARP a hollow one.
    fn dot(&mut self, marker: &Marker) {
        let p = self.palette;
        let (fill, stroke) = if marker.arp {
            (p.surface, Stroke::of(p.packet).wide("2.5"))
        } else {
            (p.packet, Stroke::of(p.surface).wide("1.5"))
        };
        let opacity = if marker.state == MarkerState::Waiting { "0.55" } else { "" };
        self.circle(marker.at, 7, fill, Some(Stroke { opacity, ..stroke }));
    }

    fn circle(&mut self, at: Point, radius: i32, fill: &str, stroke: Option<Stroke>) {
        self.rect(Rect::new(at.x - radius, at.y - radius, 2 * radius, 2 * radius), radius, fill, stroke);
    }

    /// A line through points around one.
    fn sign(&mut self, at: Point, points: &[(i32, i32)], stroke: &Stroke) {
        let way: Vec<Point> = points.iter().map(|(x, y)| Point::new(at.x + x, at.y + y)).collect();
        self.path(&way, stroke);
    }

    /// The small sign beside a packet.
    fn tag(&mut self, marker: &Marker) {
        let (label, fill) = match (marker.state, marker.protocol) {
            (MarkerState::Lost(reason), _) => (self.say(&Said::new(format!("drop-{reason}.title"))), self.palette.bad),
            (MarkerState::Left, _) => (self.say(&Said::new("drop-outside-simulation.title")), self.palette.ink),
            (_, Some((protocol, ttl))) => (format!("{} · TTL {ttl}", name(protocol)), self.palette.ink),
            (_, None) => return,
        };
        let w = i32::try_from(label.chars().count()).unwrap_or(0) * 62 / 10 + 14;
        let (x, y) = match marker.side {
            Side::Right { x, y } => (x, y),
            Side::Left { x } => (-x - w, 0),
        };
        let rect = Rect::new(marker.at.x + x, marker.at.y + y - TAG_HEIGHT / 2, w, TAG_HEIGHT);
        self.rect(rect, 5, fill, None);
        let look = Type { size: "10.5", ..Type::NAME }.in_colour(self.palette.bg);
        self.word(Point::new(rect.x + 7, rect.y + 14), &look, &label);
    }
}

const fn name(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Icmp => "ICMP",
        Protocol::Tcp => "TCP",
        Protocol::Udp => "UDP",
    }
}
