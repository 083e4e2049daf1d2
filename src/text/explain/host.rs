//! Interfaces, the bridge and the routing table of a host.

use super::Words;
use super::ebtables::is_arp_answer;
use crate::sim::addr::Mac;
use crate::sim::host::bridge::{FdbLookup, Learning};
use crate::sim::host::fib::{FibChoice, Route, RouteKind, RouteLost};
use crate::sim::host::interface::InterfaceKind;
use crate::sim::ids::{IfIndex, InterfaceId};
use crate::sim::record::decision::{Accept, Link, RouteLookup};
use crate::text::args::{Arg, Args};
use crate::text::names::{address_link, host_link, interface_link};
use crate::text::scene::Scene;
use crate::view::target::Target;

/// Most rows that are told one by one.
pub(super) const MAX_ROWS: usize = 6;

pub(super) fn receive(scene: &Scene<'_>, accept: Accept) -> Words {
    let args = scene.args();
    match accept {
        Accept::Unicast => Words::new("receive", args),
        Accept::Broadcast => Words::new("receive.broadcast", args),
        Accept::BridgePort { bridge } => Words::new("receive.bridge-port", args.with("bridge", scene.dev(bridge))),
        Accept::Loopback => Words::new("receive.loopback", args),
    }
}

pub(super) fn learn(scene: &Scene<'_>, bridge: IfIndex, port: IfIndex, mac: Mac, learning: Learning) -> Words {
    let args = scene.args().with("bridge", scene.dev(bridge)).with("port", scene.dev(port)).code("mac", mac);
    let words = match learning {
        Learning::New => Words::new("bridge-learn", args),
        Learning::Refreshed => Words::new("bridge-learn.refreshed", args),
        Learning::Moved { from } => Words::new("bridge-learn.moved", args.with("from", scene.dev(from))),
        Learning::NotLearned => return Words::new("bridge-learn.not-learned", args),
    };
    let ageing = scene.host().and_then(|h| h.bridges.get(&bridge)).map(|b| b.ageing.as_millis() / 1000);
    words.facts(ageing.map(|seconds| ("bridge-learn.ageing", Args::new().number("seconds", seconds))))
}

pub(super) fn bridge_forward(scene: &Scene<'_>, bridge: IfIndex, lookup: FdbLookup, to: &[IfIndex], up: bool) -> Words {
    let args = scene.args().with("bridge", scene.dev(bridge)).count("n", to.len()).text("up", yes_no(up));
    match lookup {
        FdbLookup::Local if is_own_mac(scene, bridge) => Words::new("bridge-forward.local", args),
        FdbLookup::Local => Words::new("bridge-forward.local-port", args),
        FdbLookup::Port(port) if to.is_empty() => {
            Words::new("bridge-forward.same-port", args.with("port", scene.dev(port)))
        }
        FdbLookup::Port(port) => Words::new("bridge-forward", args.with("port", scene.dev(port)))
            .also("bridge-forward.no-route")
            .also_if(up, "bridge-forward.promiscuous"),
        FdbLookup::Group => {
            let answer = scene.frame().is_some_and(is_arp_answer);
            let back = scene.step.dev.is_some_and(|from| to.contains(&from));
            let port = scene.step.dev.map_or(args.clone(), |from| args.clone().with("port", scene.dev(from)));
            copies(Words::new("bridge-forward.group", port), scene, to)
                .also_if(answer, "bridge-forward.arp-answer")
                .also_if(back, "bridge-forward.hairpin")
        }
        FdbLookup::Unknown { aged_out } => {
            let id = if aged_out { "bridge-forward.aged-out" } else { "bridge-forward.unknown" };
            copies(Words::new(id, args), scene, to).also_if(up, "bridge-forward.promiscuous")
        }
    }
}

/// Whether the frame is for the bridge's own address, not for that of one of its ports.
fn is_own_mac(scene: &Scene<'_>, bridge: IfIndex) -> bool {
    let own = scene.host().and_then(|h| h.interface(bridge)).map(|i| i.mac);
    own.is_some() && own == scene.frame().map(|f| f.dst)
}

/// One fact for each copy of a flooded frame.
fn copies(words: Words, scene: &Scene<'_>, to: &[IfIndex]) -> Words {
    let shown = to.iter().take(MAX_ROWS).map(|port| {
        ("bridge-forward.copy", Args::new().with("port", scene.dev(*port)).with("peer", behind(scene, *port)))
    });
    let more = to.len().checked_sub(MAX_ROWS).filter(|n| *n > 0);
    words.facts(shown).facts(more.map(|n| ("bridge-forward.more", Args::new().count("n", n))))
}

/// The host at the other end of a port.
fn behind(scene: &Scene<'_>, port: IfIndex) -> Arg {
    match scene.host().and_then(|h| h.interface(port)).map(|i| &i.kind) {
        Some(InterfaceKind::Veth { peer }) => host_link(scene.world, peer.host),
        Some(InterfaceKind::Nic(nic)) => scene.target(Target::Nic(*nic)),
        _ => Arg::Word("gone"),
    }
}

pub(super) fn transmit(scene: &Scene<'_>, link: Link) -> Words {
    let args = scene.args();
    let to = |args: Args, peer: InterfaceId| {
        let peer_host = host_link(scene.world, peer.host);
        args.with("peer", interface_link(scene.world, peer.host, peer.index)).with("peer-host", peer_host)
    };
    let words = match link {
        Link::Veth { peer } => Words::new("transmit", to(args, peer)),
        Link::Bridge { bridge } => return Words::new("transmit.bridge", args.with("bridge", scene.dev(bridge))),
        Link::Nic { nic } => Words::new("transmit.nic", args.with("nic", scene.target(Target::Nic(nic)))),
        Link::Guest { to: peer } => Words::new("transmit.guest", to(args, peer)),
        Link::Loopback => Words::new("transmit.loopback", args),
    };
    words.also("simple.delay")
}

pub(super) fn route(scene: &Scene<'_>, lookup: &RouteLookup) -> Words {
    let args = scene.args().code("dst", lookup.dst);
    if let Some(dev) = lookup.local {
        return Words::new("route.local", args.with("out", scene.dev(dev)));
    }
    let Some(won) = lookup.choice.won else { return Words::new("route.none", args) };
    let args = args.code("prefix", won.dst).count("n", lookup.choice.lost.len() + 1);
    let words = match won.kind {
        RouteKind::Unreachable => Words::new("route.unreachable", args),
        RouteKind::Blackhole => Words::new("route.blackhole", args),
        RouteKind::Unicast { dev, via } => {
            let args = args.with("out", scene.dev(dev)).text("hop", if via.is_some() { "via" } else { "link" });
            let args = via.map_or(args.clone(), |via| args.with("via", address_link(scene.world, via)));
            Words::new(route_id(&won, &lookup.choice), args)
        }
    };
    let words = words.also_if(lookup.input && !lookup.ip_forward, "route.not-forwarding");
    words.facts(lookup.choice.lost.first().map(|(route, _)| ("route.second", Args::new().code("prefix", route.dst))))
}

fn route_id(won: &Route, choice: &FibChoice) -> &'static str {
    match choice.lost.first() {
        Some((_, RouteLost::HigherMetric { .. })) => "route.metric",
        _ if won.dst.prefix_len() == 0 => "route.default",
        _ => "route",
    }
}

/// How messages choose by a truth.
pub(super) const fn yes_no(holds: bool) -> &'static str {
    if holds { "yes" } else { "no" }
}
