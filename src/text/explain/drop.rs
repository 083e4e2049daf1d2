//! Why a packet ends.

use super::Words;
use crate::sim::fabric::next_hop::UserNextHop;
use crate::sim::fabric::nsg::{NsgVerdict, SecurityRule};
use crate::sim::fabric::nsg_check::PRIORITIES;
use crate::sim::fabric::route_table::UserRoute;
use crate::sim::host::neighbor::MAX_PROBES;
use crate::sim::ids::NsgId;
use crate::sim::record::decision::DropReason;
use crate::text::args::{Arg, Args};
use crate::text::names::host_link;
use crate::text::scene::Scene;
use crate::view::downed::{Downed, downed};
use crate::view::target::Target;

pub(super) fn drop(scene: &Scene<'_>, reason: DropReason) -> Words {
    let id = format!("drop-{}", reason.code());
    let words = match reason {
        DropReason::NsgDenied => nsg_denied(scene, id.clone()),
        _ => Words::new(id.clone(), args(scene, reason)),
    };
    let words = match seen(scene, reason) {
        Some(seen) => words.also(seen),
        None => words,
    };
    let words = match help(scene, reason) {
        Some(help) => words.facts([help]),
        None => words.also_known(format!("{id}.fix")),
    };
    words.facts(cut_off(scene).into_iter().flatten())
}

/// That the link is down by which the packet would arrive, and how it comes up again.
fn cut_off(scene: &Scene<'_>) -> Option<[(&'static str, Args); 2]> {
    let Downed { end, pod } = downed(scene.world, scene.step)?;
    let name = &scene.world.hosts.get(end.host)?.interface(end.index)?.name;
    let args = Args::new().with("link", scene.target(Target::Interface(end))).with("pod", host_link(scene.world, pod));
    let args = args.with("at", host_link(scene.world, end.host)).code("command", format!("ip link set {name} up"));
    Some([("drop.cut-off", args.clone()), ("drop.link-up", args)])
}

/// What would help, where that follows from the tables as they are.
fn help(scene: &Scene<'_>, reason: DropReason) -> Option<(&'static str, Args)> {
    match reason {
        DropReason::NsgDenied => nsg_help(scene),
        DropReason::RouteNone | DropReason::NoEffectiveRoute => route_help(scene),
        DropReason::SourceNotOwned => came_back(scene),
        _ => None,
    }
}

/// The NSG that denies the flow, and the verdict of its rules.
fn denial(scene: &Scene<'_>) -> Option<(NsgId, NsgVerdict)> {
    crate::view::inspector::denial(scene.world, scene.nic()?, scene.step)
}

/// By name, where the rules are still those that denied it.
fn nsg_denied(scene: &Scene<'_>, id: String) -> Words {
    match denial(scene).as_ref().and_then(|(nsg, verdict)| Some((*nsg, verdict.rule()?))) {
        Some((nsg, rule)) => Words::new(id, nsg_args(scene, scene.args(), nsg, rule)),
        None => Words::new("drop-nsg-denied.some", scene.args()),
    }
}

fn nsg_args(scene: &Scene<'_>, args: Args, nsg: NsgId, rule: &SecurityRule) -> Args {
    let args = args.with("nsg", scene.target(Target::Nsg(nsg))).code("rule", &rule.name);
    args.with("priority", Arg::Text(rule.priority.to_string()))
}

/// A rule with a lower number helps only where such a number is free; a default rule stays.
fn nsg_help(scene: &Scene<'_>) -> Option<(&'static str, Args)> {
    let (nsg, verdict) = denial(scene)?;
    let rule = verdict.rule()?;
    let group = scene.world.nsgs.get(nsg)?;
    let args = nsg_args(scene, Args::new(), nsg, rule);
    let args = args.with("lowest", Arg::Text(PRIORITIES.start().to_string()));
    if rule.is_default() {
        return Some(("drop-nsg-denied.default", args.with("highest", Arg::Text(PRIORITIES.end().to_string()))));
    }
    let free = (*PRIORITIES.start()..rule.priority).rev().find(|p| group.at(rule.direction, *p).is_none());
    Some(match free {
        Some(free) => ("drop-nsg-denied.lower", args.with("free", Arg::Text(free.to_string()))),
        None => ("drop-nsg-denied.first", args),
    })
}

/// The NIC sent a packet that is for an address of its own: its machine was to deliver it.
fn came_back(scene: &Scene<'_>) -> Option<(&'static str, Args)> {
    let (nic, packet) = (scene.world.nics.get(scene.nic()?)?, scene.packet()?);
    let args = Args::new().code("dst", packet.dst).with("host", host_link(scene.world, nic.host));
    nic.owns(packet.dst).then_some(("drop-source-not-owned.back", args))
}

/// Services are not simulated. Else: a table that is there and has the route only has to be attached; else the attached one lacks a route; else there is
/// no table.
fn route_help(scene: &Scene<'_>) -> Option<(&'static str, Args)> {
    let (subnet, dst) = (scene.subnet()?, scene.packet()?.dst);
    let args = Args::new().with("subnet", scene.target(Target::Subnet(subnet))).code("dst", dst);
    if scene.world.clusters.values().any(|cluster| cluster.service_cidr.contains(&dst)) {
        return Some(("route-help.service", args));
    }
    if dst.is_private() && scene.world.host_at(dst).is_none() {
        return Some(("route-help.nobody", args));
    }
    if let Some(table) = scene.world.subnets.get(subnet)?.route_table {
        return Some(("route-help.route", args.with("table", scene.target(Target::RouteTable(table)))));
    }
    let holding = scene.world.route_tables.iter().find_map(|(id, table)| {
        let leads = |route: &&UserRoute| route.prefix.contains(&dst) && route.next_hop != UserNextHop::None;
        Some((id, table.routes().filter(leads).max_by_key(|r| r.prefix.prefix_len())?.prefix))
    });
    Some(match holding {
        Some((table, prefix)) => {
            let args = args.with("table", scene.target(Target::RouteTable(table)));
            ("route-help.attach", args.code("prefix", prefix))
        }
        None => ("route-help.table", args),
    })
}

fn args(scene: &Scene<'_>, reason: DropReason) -> Args {
    let args = scene.args();
    match reason {
        DropReason::TooBig { mtu } => args.with("mtu", Arg::Text(mtu.to_string())),
        DropReason::InterfaceDown => {
            let name = scene.step.dev.and_then(|dev| scene.dev_name(dev)).unwrap_or_default();
            args.code("command", format!("ip link set {name} up"))
        }
        DropReason::ForwardingOff => args.code("command", "sysctl -w net.ipv4.ip_forward=1"),
        DropReason::RouteNone => route_none(scene, args),
        DropReason::SourceMacNotOwned => {
            let nic = scene.nic().and_then(|nic| scene.world.nics.get(nic));
            let dev = nic.and_then(|nic| scene.world.hosts.get(nic.host)?.interface(nic.dev));
            args.code("dev", dev.map_or("", |dev| &dev.name))
        }
        DropReason::NeighborFailed => args.number("n", MAX_PROBES),
        _ => args,
    }
}

/// The prefix whose route drops the packet.
fn route_none(scene: &Scene<'_>, args: Args) -> Args {
    let Some(subnet) = scene.subnet() else { return args };
    let args = args.with("subnet", scene.target(Target::Subnet(subnet)));
    let routes = scene.world.effective_routes(subnet);
    let won = routes.zip(scene.packet()).and_then(|(routes, packet)| routes.select(packet.dst).won);
    won.map_or(args.clone(), |won| args.code("prefix", won.prefix))
}

/// What the sender gets to know; nothing is said where nobody lost a packet of theirs.
fn seen(scene: &Scene<'_>, reason: DropReason) -> Option<&'static str> {
    // Only a packet of the host's own is dropped before it is at an interface.
    let own = scene.host_id().is_some() && scene.step.dev.is_none();
    match reason {
        DropReason::NoRoute
        | DropReason::RouteUnreachable
        | DropReason::RouteBlackhole
        | DropReason::TooBig { .. }
        | DropReason::FilterDrop
        | DropReason::PolicyDrop
            if own =>
        {
            Some("drop.own")
        }
        DropReason::TtlExpired
        | DropReason::NoRoute
        | DropReason::RouteUnreachable
        | DropReason::NeighborFailed
        | DropReason::TooBig { .. }
        | DropReason::FilterReject => Some("drop.told"),
        DropReason::NotForMe
        | DropReason::ArpNotMine
        | DropReason::NobodyWaits
        | DropReason::NoSource
        | DropReason::StepLimit
        | DropReason::OutsideSimulation => None,
        _ => Some("drop.silent"),
    }
}
