//! Why a packet ends.

use super::Words;
use crate::sim::host::neighbor::MAX_PROBES;
use crate::sim::record::decision::DropReason;
use crate::text::args::{Arg, Args};
use crate::text::scene::Scene;
use crate::view::target::Target;

pub(super) fn drop(scene: &Scene<'_>, reason: DropReason) -> Words {
    let id = format!("drop-{}", reason.code());
    let words = Words::new(id.clone(), args(scene, reason));
    let words = match seen(scene, reason) {
        Some(seen) => words.also(seen),
        None => words,
    };
    words.also_known(format!("{id}.fix"))
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
