//! How each kind of box is drawn.

use crate::app::dom::html;
use crate::sim::cluster::{NodePhase, PodPhase};
use crate::text::{Args, Text};
use crate::view::scene::geometry::Rect;
use crate::view::scene::shape::{Kind, LANE_LEFT, Shape};
use yew::prelude::*;

/// The class of a box.
pub const fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Vnet => "vnet",
        Kind::Subnet { lane: true, .. } => "subnet lane",
        Kind::Subnet { .. } => "subnet",
        Kind::Node { .. } => "card node",
        Kind::Vm => "card vm",
        Kind::HostPod => "host-pod",
        Kind::Pod { phase: PodPhase::Running } => "pod",
        Kind::Pod { .. } => "pod pending",
        Kind::PodPort { up: true } => "tab",
        Kind::PodPort { up: false } => "tab down",
        Kind::MorePods { .. } => "pod more",
        Kind::Bridge => "bridge",
        Kind::Stack { .. } => "stack",
        Kind::Nic { up: true } => "nic",
        Kind::Nic { up: false } => "nic down",
        Kind::Vfp { .. } => "vfp",
        Kind::Fabric => "fabric",
        Kind::RouteTable { .. } => "routes",
        Kind::SystemRoutes => "routes system",
        Kind::Internet => "internet",
        Kind::Cell { phase: NodePhase::Ready, .. } => "cell",
        Kind::Cell { .. } => "cell unready",
    }
}

const fn radius(kind: Kind) -> &'static str {
    match kind {
        Kind::Vnet => "14",
        Kind::Subnet { .. } | Kind::Node { .. } | Kind::Vm | Kind::Fabric => "10",
        Kind::Cell { .. } => "2",
        Kind::HostPod | Kind::PodPort { .. } => "4",
        Kind::Vfp { .. } => "0",
        _ => "7",
    }
}

/// The outline of a box.
pub fn outline(shape: &Shape) -> Html {
    let Rect { x, y, w, h } = shape.rect;
    html! { <rect class="box" x={x.to_string()} y={y.to_string()} width={w.to_string()} height={h.to_string()} rx={radius(shape.kind)} /> }
}

fn word(class: &'static str, x: i32, y: i32, text: &str) -> Html {
    html! { <text {class} x={x.to_string()} y={y.to_string()}>{ text }</text> }
}

/// Text that ends at `x`.
fn word_end(class: &'static str, x: i32, y: i32, text: &str) -> Html {
    html! { <text {class} x={x.to_string()} y={y.to_string()} text-anchor="end">{ text }</text> }
}

/// A monospace text, smaller where it would not fit into `room`.
fn fitted(x: i32, y: i32, text: &str, room: i32) -> Html {
    let letters = i32::try_from(text.len()).unwrap_or(1).max(1);
    let tenths = (room * 10 * 10 / 6 / letters).clamp(70, 105);
    let size = format!("{}.{}", tenths / 10, tenths % 10);
    html! { <text class="fit" x={x.to_string()} y={y.to_string()} font-size={size}>{ text }</text> }
}

/// What is written in a box.
pub fn words(text: &Text, shape: &Shape) -> Html {
    let Rect { x, y, w, h } = shape.rect;
    let (name, detail) = (shape.name.as_ref(), shape.detail.as_ref());
    match shape.kind {
        Kind::Vnet => html! { <>
            { word("title vnet-name", x + 14, y + 18, &text.format("lab-vnet", &Args::new().text("name", name))) }
            { word_end("mono quiet", x + w - 14, y + 18, detail) }
        </> },
        Kind::Subnet { used, of, lane } => subnet(text, shape, used, of, if lane { LANE_LEFT } else { 12 }),
        Kind::Node { phase, cordoned } => html! { <>
            { word("title", x + 12, y + 18, name) }
            { word_end("quiet", x + w - 12, y + 18, &text.get(node_word(phase, cordoned))) }
        </> },
        Kind::Vm => html! { <>
            { word("title", x + 12, y + 18, name) }
            { word_end("quiet", x + w - 12, y + 18, &text.get("vm")) }
        </> },
        Kind::HostPod => word("tiny", x + 6, y + 11, name),
        Kind::Pod { phase } => pod(text, shape, phase),
        Kind::PodPort { up } => word("mono tiny", x + 17, y + 13, &format!("{}{name}", if up { "" } else { "✕" })),
        Kind::MorePods { count } => html! { <>
            { word("title", x + 8, y + 15, &format!("+{count}")) }
            { word("tiny quiet", x + 8, y + 28, &text.get("lab-more-pods")) }
        </> },
        Kind::Bridge => html! { <>
            { word("title mono amber", x + 30, y + 30, name) }
            { word("quiet", x + 36 + i32::try_from(name.len()).unwrap_or(4) * 8, y + 30, &text.get("lab-bridge")) }
            { word_end("mono", x + w - 10, y + 30, detail) }
        </> },
        Kind::Stack { forwards } => html! { <>
            { word("title", x + 32, y + 15, &text.get("lab-stack")) }
            { word("tiny quiet", x + 32, y + 28, &text.get(if forwards { "lab-forwards" } else { "lab-forwards-not" })) }
        </> },
        Kind::Nic { up } => {
            let state = if up { detail.to_owned() } else { format!("✕ {}", text.get("lab-down")) };
            word("mono", x + 32, y + 17, &format!("{name} {state}"))
        }
        Kind::Vfp { guarded } => html! { <>
            { word("title azure", x + 42, y + 17, &text.get("lab-vfp")) }
            { word_end("tiny", x + w - 10, y + 17, &text.format(if guarded { "lab-nsg" } else { "lab-nsg-none" }, &Args::new().text("name", detail))) }
        </> },
        Kind::Fabric => {
            // In a narrow drawing the wire to the route table runs down at the left.
            let left = x + if w < 500 { 58 } else { 14 };
            html! { <>
                { word("title azure", left, y + 40, &text.get("lab-fabric")) }
                { word("tiny quiet", left, y + 55, &text.get("lab-fabric-facts")) }
            </> }
        }
        Kind::RouteTable { routes } => html! { <>
            { word("title violet", x + 32, y + 17, name) }
            { word("tiny quiet", x + 32, y + 34, &text.format("lab-routes", &Args::new().count("n", routes))) }
        </> },
        Kind::SystemRoutes => html! { <>
            { word("title violet", x + 32, y + 17, &text.get("lab-system-routes")) }
            { word("tiny quiet", x + 32, y + 34, &text.get("lab-no-route-table")) }
        </> },
        Kind::Internet => word("tiny", x + 28, y + 16, &text.get("lab-internet")),
        Kind::Cell { used, of, .. } => cell(shape, used, of, h),
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

fn subnet(text: &Text, shape: &Shape, used: u64, of: u64, left: i32) -> Html {
    let Rect { x, y, w, .. } = shape.rect;
    let used = match shape.rect.w {
        // There is no room for words.
        ..400 => format!("{used}/{of}"),
        _ => text.format("addresses-used", &Args::new().number("used", used).number("all", of)),
    };
    let name = text.format("lab-subnet", &Args::new().text("name", &shape.name));
    let after = i32::try_from(name.chars().count()).unwrap_or(10) * 7 + left + 6;
    html! { <>
        { word("title", x + left, y + 17, &name) }
        { word("mono quiet", x + after, y + 17, &shape.detail) }
        { word_end("quiet", x + w - left, y + 17, &used) }
    </> }
}

fn pod(text: &Text, shape: &Shape, phase: PodPhase) -> Html {
    let Rect { x, y, w, .. } = shape.rect;
    let state = match phase {
        PodPhase::Running => None,
        PodPhase::Pending => Some("lab-pod-pending"),
        PodPhase::ContainerCreating => Some("lab-pod-creating"),
        PodPhase::SandboxFailed => Some("lab-pod-failed"),
        PodPhase::Ended { status: 0 } => Some("lab-pod-completed"),
        PodPhase::Ended { .. } => Some("lab-pod-error"),
    };
    html! { <>
        { word("name", x + 7, y + 15, &shape.name) }
        { fitted(x + 7, y + 28, &shape.detail, w - 12) }
        { for state.map(|id| word("tiny", x + 24, y + 44, &text.get(id))) }
    </> }
}

/// A node far away: filled from below by how much of its room is used.
fn cell(shape: &Shape, used: u32, of: u32, h: i32) -> Html {
    let Rect { x, y, w, .. } = shape.rect;
    let height =
        i32::try_from(u64::from(used.min(of)) * u64::try_from(h - 2).unwrap_or(0) / u64::from(of.max(1))).unwrap_or(0);
    let fill = height.max(i32::from(used > 0));
    html! { <>
        <rect class="fill" x={(x + 1).to_string()} y={(y + h - 1 - fill).to_string()} width={(w - 2).to_string()} height={fill.to_string()} />
        if i32::try_from(shape.name.len()).is_ok_and(|letters| letters * 6 <= w) {
            { word("tiny", x + 4, y + 12, &shape.name) }
        }
        if h >= 34 {
            { word("tiny quiet", x + 4, y + 26, &format!("{used}/{of}")) }
        }
    </> }
}
