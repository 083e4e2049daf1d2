//! What moves: trails, packets, the outline of what decided.

use crate::app::dom::{classes, html};
use crate::app::hooks::screen::{bring_into_view, page_scrolls};
use crate::app::hooks::use_text;
use crate::sim::packet::Protocol;
use crate::text::Text;
use crate::view::scene::geometry::{Point, Rect};
use crate::view::scene::overlay::{Marker, MarkerState, Overlay, Side, Trail};
use std::fmt::Write;
use std::rc::Rc;
use web_sys::{Element, SvgElement};
use yew::prelude::*;

#[derive(Debug, Properties)]
pub struct Props {
    pub overlay: Rc<Overlay>,
    /// Steps of the line done: each gets a packet of its own, so that its way plays from the start.
    pub position: usize,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        self.position == other.position && (Rc::ptr_eq(&self.overlay, &other.overlay) || self.overlay == other.overlay)
    }
}

/// A polyline as path data.
pub fn path_data(way: &[Point]) -> String {
    let mut out = String::new();
    for (n, p) in way.iter().enumerate() {
        // Writing into a string cannot fail.
        let _ = write!(out, "{}{} {}", if n == 0 { 'M' } else { 'L' }, p.x, p.y);
    }
    out
}

/// Everything over the drawing that changes from step to step.
#[component]
pub fn Moving(props: &Props) -> Html {
    let text = use_text();
    let overlay = &props.overlay;
    html! {
        <g class="moving" aria-hidden="true">
            { for overlay.frame.map(outline) }
            { for overlay.trails.iter().map(trail) }
            if !overlay.next.is_empty() {
                <path class="next" d={path_data(&overlay.next)} />
            }
            { for overlay.winner.as_ref().map(|(rect, row)| winner(*rect, row)) }
            { for overlay.packets.iter().map(|marker| packet(&text, marker, props)) }
        </g>
    }
}

fn outline(rect: Rect) -> Html {
    let r = rect.grown(3);
    html! {
        <rect class="decided" x={r.x.to_string()} y={r.y.to_string()} width={r.w.to_string()} height={r.h.to_string()} rx="10" />
    }
}

fn trail(trail: &Trail) -> Html {
    let class = classes!("trail", trail.current.then_some("current"), trail.arp.then_some("arp"));
    trail.legs.iter().map(|leg| html! { <path class={class.clone()} d={path_data(leg)} /> }).collect()
}

/// The winning route, written over the second line of its table's box.
fn winner(rect: Rect, row: &str) -> Html {
    html! {
        <g class="winner">
            <rect x={(rect.x + 30).to_string()} y={(rect.y + 22).to_string()} width={(rect.w - 36).to_string()} height="17" />
            <text x={(rect.x + 32).to_string()} y={(rect.y + 34).to_string()} class="mono">{ row }</text>
        </g>
    }
}

fn packet(text: &Text, marker: &Marker, props: &Props) -> Html {
    let waits = marker.state == MarkerState::Waiting;
    let key = format!("{}-{}", marker.frame.0, if waits { 0 } else { props.position });
    let label = match marker.state {
        MarkerState::Lost(reason) => text.get(&format!("drop-{reason}.title")),
        MarkerState::Left => text.get("drop-outside-simulation.title"),
        _ => marker.protocol.map_or_else(String::new, |(p, ttl)| format!("{} · TTL {ttl}", name(p))),
    };
    yew::html! { <Packet {key} marker={marker.clone()} {label} /> }
}

const fn name(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Icmp => "ICMP",
        Protocol::Tcp => "TCP",
        Protocol::Udp => "UDP",
    }
}

#[derive(Debug, PartialEq, Properties)]
struct PacketProps {
    marker: Marker,
    label: String,
}

/// One packet. It stands at its place; where it came along wires, it is led along them first.
#[component]
fn Packet(props: &PacketProps) -> Html {
    let marker = &props.marker;
    let (node, place) = (use_node_ref(), use_node_ref());
    {
        let (node, place) = (node.clone(), place.clone());
        let follow = marker.state != MarkerState::Waiting;
        use_effect_with((marker.came.clone(), marker.at), move |(came, _)| {
            lead(&node, came);
            // Where the page or the drawing scrolls, nothing may lie over the place of the packet.
            let scrolls =
                |place: &Element| page_scrolls() || place.closest(".zoomed").is_ok_and(|found| found.is_some());
            if let Some(place) = place.cast::<Element>().filter(|place| follow && scrolls(place)) {
                bring_into_view(&place);
            }
        });
    }
    let class = classes!(
        "packet",
        marker.arp.then_some("arp"),
        match marker.state {
            MarkerState::Moving | MarkerState::Left => None,
            MarkerState::Waiting => Some("waiting"),
            MarkerState::Delivered => Some("delivered"),
            MarkerState::Lost(_) => Some("lost"),
        }
    );
    html! {
        <g {class} transform={format!("translate({} {})", marker.at.x, marker.at.y)}>
            // Where it will be, while it is still led there.
            <rect ref={place} class="place" x="-30" y="-30" width="60" height="60" />
            <g ref={node} class={if marker.came.len() > 1 { "led" } else { "" }}>
                <circle class="halo" r="13" />
                if marker.arp {
                    <rect class="dot" x="-6" y="-6" width="12" height="12" transform="rotate(45)" />
                } else {
                    <circle class="dot" r="7" />
                }
                { sign(marker.state) }
                if !props.label.is_empty() {
                    { tag(&props.label, marker.side, marker.at) }
                }
            </g>
        </g>
    }
}

/// A tick or a cross in the dot, so that the colour is not all that tells.
fn sign(state: MarkerState) -> Html {
    match state {
        MarkerState::Delivered => html! { <path class="sign" d="M-3.5 0L-1 3L4 -3" /> },
        MarkerState::Lost(_) => html! { <path class="cross" d="M-9 -9L9 9M9 -9L-9 9" /> },
        _ => Html::default(),
    }
}

/// The small sign beside a packet, where there is room for it within the drawing.
fn tag(label: &str, side: Side, at: Point) -> Html {
    let w = i32::try_from(label.chars().count()).unwrap_or(0) * 62 / 10 + 14;
    let (x, y) = match side {
        Side::Right { x, y } => (x, y),
        Side::Left { x } if at.x - x - w > 0 => (-x - w, 0),
        Side::Left { .. } => (0, 34),
    };
    // A phone's drawing is 372 wide; there the widest signs would run over its edge.
    let x = if at.x < 372 && at.x + x + w > 366 && at.x + x < 372 { x.min(366 - w - at.x) } else { x };
    html! {
        <g class="tag" transform={format!("translate({x} {})", y - 10)}>
            <rect width={w.to_string()} height="20" rx="5" />
            <text x="7" y="14">{ label }</text>
        </g>
    }
}

/// Sets the way of the packet, seen from where it stands now. Scripts may set styles that the page's policy refuses
/// as attributes.
fn lead(node: &NodeRef, came: &[Point]) {
    let (Some(element), Some(end)) = (node.cast::<SvgElement>(), came.last()) else { return };
    let relative: Vec<Point> = came.iter().map(|p| Point::new(p.x - end.x, p.y - end.y)).collect();
    let length: i32 = came.windows(2).map(|w| (w[0].x - w[1].x).abs() + (w[0].y - w[1].y).abs()).sum();
    let style = element.style();
    let _ = style.set_property("offset-path", &format!("path('{}')", path_data(&relative)));
    let _ = style.set_property("--lead-ms", &format!("{}ms", (180 + length).min(650)));
}
