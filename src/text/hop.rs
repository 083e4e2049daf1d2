//! Short labels of steps, and the sentence that is spoken for each.

use super::args::{Arg, Args};
use super::bundle::Text;
use super::explain::explain;
use super::names;
use super::scene::Scene;
use crate::sim::fabric::effective_routes::RouteSource;
use crate::sim::host::Role;
use crate::sim::host::conntrack::End;
use crate::sim::host::interface::InterfaceKind;
use crate::sim::host::netfilter::{TableName, Verdict};
use crate::sim::ids::IfIndex;
use crate::sim::record::Step;
use crate::sim::record::decision::{Decision, DropReason, Exit, Link, Origin};
use crate::sim::world::World;

/// A label for the bar of hops: the device or the table that decides.
pub fn hop_name(text: &Text, step: &Step, world: &World) -> String {
    let scene = Scene::new(step, world);
    let device = match &step.decision {
        Decision::Transmit { link: Link::Veth { .. } } => return text.get("hop-veth"),
        Decision::Receive(_) | Decision::Transmit { link: Link::Nic { .. } | Link::Bridge { .. } } => step.dev,
        Decision::Learn { bridge, .. } | Decision::BridgeForward { bridge, .. } => Some(*bridge),
        _ => None,
    };
    device.and_then(|dev| scene.dev_name(dev)).map_or_else(|| text.get(label(&scene)), short_device)
}

/// What the label of a step's hop stands for; none where the words have not come, or where it names itself.
pub fn hop_gloss(text: &Text, step: &Step, world: &World) -> Option<String> {
    let scene = Scene::new(step, world);
    let device = |dev: IfIndex| match scene.host().and_then(|h| h.interface(dev)).map(|i| &i.kind) {
        Some(InterfaceKind::Bridge) => "hop-bridge",
        Some(InterfaceKind::Nic(_)) => "hop-nic",
        // The end in the pod has the name of an ordinary interface.
        Some(InterfaceKind::Veth { .. }) if role(&scene) == "hop-pod" => "hop-pod-port",
        Some(InterfaceKind::Veth { .. }) => "hop-veth",
        Some(InterfaceKind::Loopback) => "hop-lo",
        None => label(&scene),
    };
    let label = match (&step.decision, step.dev) {
        (Decision::Transmit { link: Link::Veth { .. } }, _) => "hop-veth",
        (Decision::Learn { bridge, .. } | Decision::BridgeForward { bridge, .. }, _) => device(*bridge),
        (Decision::Receive(_) | Decision::Transmit { link: Link::Nic { .. } | Link::Bridge { .. } }, Some(dev)) => {
            device(dev)
        }
        _ => label(&scene),
    };
    let id = format!("gloss-{label}");
    text.has(&id).then(|| text.get(&id))
}

/// A veth has random digits, which a label has no room for.
fn short_device(name: &str) -> String {
    if name.starts_with("veth") || name.starts_with("azv") { "veth".to_owned() } else { name.to_owned() }
}

fn label(scene: &Scene<'_>) -> &'static str {
    match &scene.step.decision {
        Decision::Originate(Origin::Program | Origin::Answer | Origin::IcmpError { .. }) | Decision::Deliver(_) => {
            role(scene)
        }
        Decision::Originate(_) | Decision::Resolve { .. } | Decision::Neighbor { .. } | Decision::ArpAnswer(_) => {
            "hop-arp"
        }
        Decision::Receive(_) | Decision::Transmit { link: Link::Loopback } => "hop-lo",
        Decision::Route(_) => "hop-fib",
        Decision::Forward { .. } => "hop-forward",
        Decision::Track { .. } => "hop-conntrack",
        Decision::Rules { table: TableName::Filter, .. } => "hop-filter",
        Decision::Rules { verdict: Verdict::Dnat { .. } | Verdict::Snat(_), .. } => "hop-nat",
        Decision::Rules { tried, .. } if super::explain::is_masquerade(tried) => "hop-masq",
        Decision::Rules { .. } => "hop-nat",
        Decision::Translate { end: End::Source, .. } => "hop-snat",
        Decision::Translate { end: End::Destination, .. } => "hop-dnat",
        Decision::Learn { .. }
        | Decision::BridgeForward { .. }
        | Decision::Transmit { .. }
        | Decision::SourceCheck { .. }
        | Decision::NextHop { .. } => "hop-port",
        Decision::BridgeRule { .. } => "hop-bridge-rule",
        Decision::UnifiedFlow { .. } => "hop-flow",
        Decision::Nsg(_) => "hop-nsg",
        Decision::EffectiveRoute { choice, .. } => match choice.won.as_ref().map(|route| route.source) {
            Some(RouteSource::User) => "hop-udr",
            _ => "hop-system-route",
        },
        Decision::LeavesAzure { via: Exit::Internet } | Decision::Drop(DropReason::OutsideSimulation) => "hop-internet",
        Decision::LeavesAzure { via: Exit::Platform } => "hop-platform",
        Decision::LeavesAzure { via: Exit::Gateway } => "hop-gateway",
        Decision::Drop(_) => "hop-drop",
        Decision::Control(_) => "hop-control",
    }
}

fn role(scene: &Scene<'_>) -> &'static str {
    match scene.host().map(|h| h.role) {
        Some(Role::Pod(_)) => "hop-pod",
        Some(Role::Node(_)) => "hop-node",
        Some(Role::Vm) => "hop-vm",
        None => "hop-port",
    }
}

/// Where and why, in one go, for those who listen.
pub fn step_spoken(text: &Text, step: &Step, world: &World) -> String {
    let words = explain(text, step, world);
    let place = names::place(text, Scene::new(step, world).world, step.at);
    let args = Args::new().with("place", place).text("title", words.title);
    text.format("spoken", &args.with("sentence", Arg::Rich(words.sentence)))
}
