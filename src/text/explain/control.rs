//! What control loops do to nodes and route tables. Pods are in [`super::pods`].

use super::Words;
use super::host::MAX_ROWS;
use super::netfilter::is_disputed;
use super::pods;
use crate::sim::control::routes::UPDATE_INTERVAL;
use crate::sim::fabric::route_table::MAX_ROUTES;
use crate::sim::host::interface::InterfaceKind;
use crate::sim::ids::{HostId, IfIndex, NodeId};
use crate::sim::ipam::node_cidr::EXHAUSTED;
use crate::sim::record::decision::ControlStep;
use crate::sim::world::World;
use crate::text::args::Args;
use crate::text::names::{address_link, interface_link};
use crate::text::scene::Scene;
use crate::view::target::Target;
use ipnet::Ipv4Net;

pub(super) fn control(scene: &Scene<'_>, step: &ControlStep) -> Words {
    let code = step.code();
    let node = |id: &NodeId| Args::new().with("node", scene.target(Target::Node(*id)));
    match step {
        ControlStep::VmCreated { node: id, address } => {
            let held = held(scene, *id);
            Words::new(code, node(id).code("address", address)).facts(held).also("vm-created.simple")
        }
        ControlStep::NodeRegistered { node: id } => Words::new(code, node(id)).also("node-registered.order"),
        ControlStep::NodeCidr { node: id, block, index, passed } => {
            let passed = (*passed > 0).then(|| ("node-cidr.passed", Args::new().number("n", *passed)));
            let args = node(id).code("block", block).number("index", *index);
            Words::new(code, args).facts(passed).also("node-cidr.cursor")
        }
        ControlStep::NodeCidrExhausted { node: id } => {
            Words::new(code, node(id).code("said", EXHAUSTED)).also("node-cidr-exhausted.fix")
        }
        ControlStep::NodeReady { node: id } => Words::new(code, node(id)).also("node-ready.time"),
        ControlStep::NodeDeleted { name, block, address } => {
            let block = block.map(|block| ("node-deleted.block", Args::new().code("block", block)));
            Words::new(code, Args::new().text("name", name).code("address", address))
                .facts(block)
                .also("node-deleted.simple")
        }
        ControlStep::BridgeCreated { node: id, host, dev, address } => {
            let args = node(id).with("bridge", interface_link(scene.world, *host, *dev)).code("address", address);
            if has_uplink(scene.world, *host, *dev) {
                return Words::new("bridge-created.uplink", args).also("bridge-created.moved");
            }
            Words::new(code, args).also("bridge-created.no-eth0")
        }
        ControlStep::MasqueradeRules { node: id, kept } => masquerade(scene, node(id), kept),
        ControlStep::RouteWritten { .. } | ControlStep::RouteRemoved { .. } | ControlStep::RouteLimit { .. } => {
            routes(scene, step)
        }
        _ => pods::pods(scene, step),
    }
}

/// The addresses beside its own that a new machine has taken.
fn held(scene: &Scene<'_>, id: NodeId) -> Option<(&'static str, Args)> {
    let node = scene.world.nodes.get(id)?;
    let configs = scene.world.nics.get(node.nic)?.configs.iter().filter(|config| !config.primary);
    let (first, last) = (configs.clone().map(|c| c.address).min()?, configs.clone().map(|c| c.address).max()?);
    let args = Args::new().count("n", configs.count()).code("first", first).code("last", last);
    Some(("vm-created.held", args.number("max", node.max_pods)))
}

/// Whether a NIC of the host is a port of the bridge.
pub(in crate::text) fn has_uplink(world: &World, host: HostId, bridge: IfIndex) -> bool {
    let ports = world.hosts.get(host).into_iter().flat_map(|h| h.ports(bridge));
    ports.into_iter().any(|port| matches!(port.kind, InterfaceKind::Nic(_)))
}

fn routes(scene: &Scene<'_>, step: &ControlStep) -> Words {
    let code = step.code();
    match step {
        ControlStep::RouteWritten { table, node, prefix, next_hop } => {
            let args = Args::new()
                .with("table", scene.target(Target::RouteTable(*table)))
                .with("node", scene.target(Target::Node(*node)))
                .with("next-hop", address_link(scene.world, *next_hop));
            let seconds = UPDATE_INTERVAL.as_millis() / 1000;
            Words::new(code, args.code("prefix", prefix).number("seconds", seconds)).also("route-written.batch")
        }
        ControlStep::RouteRemoved { table, name } => {
            let args = Args::new().with("table", scene.target(Target::RouteTable(*table)));
            Words::new(code, args.code("name", name))
        }
        ControlStep::RouteLimit { table, node } => {
            let args = Args::new().with("table", scene.target(Target::RouteTable(*table)));
            let args = args.with("node", scene.target(Target::Node(*node))).count("limit", MAX_ROUTES);
            Words::new(code, args).also("route-limit.limit")
        }
        _ => Words::new(code, Args::new()),
    }
}

fn masquerade(scene: &Scene<'_>, args: Args, kept: &[Ipv4Net]) -> Words {
    let rows = kept.iter().take(MAX_ROWS).map(|net| ("masquerade-rules.kept", Args::new().code("net", net)));
    let words = Words::new("masquerade-rules", args.count("n", kept.len())).facts(rows);
    words.also_if(is_disputed(scene), "nat-rules.disputed")
}
