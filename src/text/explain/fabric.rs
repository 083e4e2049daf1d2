//! Azure's network: source check, choice of the next hop, delivery.

use super::Words;
use crate::sim::fabric::effective_routes::{EffectiveRoute, Lost, RouteChoice};
use crate::sim::fabric::next_hop::NextHop;
use crate::sim::fabric::nsg::is_public;
use crate::sim::ids::{NicId, SubnetId};
use crate::sim::record::decision::Exit;
use crate::text::args::{Arg, Args};
use crate::text::names::address_link;
use crate::text::scene::Scene;
use crate::view::target::Target;
use std::net::Ipv4Addr;

pub(super) fn source_check(scene: &Scene<'_>, own: bool, ip_forwarding: bool) -> Words {
    let id = match (own, ip_forwarding) {
        (true, _) => "source-check",
        (false, true) => "source-check.forwarding",
        (false, false) => "source-check.foreign",
    };
    Words::new(id, scene.args())
}

pub(super) fn effective_route(scene: &Scene<'_>, subnet: SubnetId, choice: &RouteChoice) -> Words {
    let args = scene.args().with("subnet", scene.target(Target::Subnet(subnet)));
    let no_table = scene.world.subnets.get(subnet).is_some_and(|s| s.route_table.is_none());
    let Some(won) = &choice.won else {
        return Words::new("effective-route.none", args).also_if(no_table, "effective-route.no-table");
    };
    let args = route_args(scene, won, args.clone())
        .count("n", choice.lost.len() + 1)
        .text("source", won.source.code())
        .with("table", table(scene, subnet));
    let words = match choice.lost.first() {
        Some((longer, _)) if longer.prefix.prefix_len() > won.prefix.prefix_len() => {
            Words::new("effective-route.preferred", args.code("longer", longer.prefix))
        }
        Some((same, _)) if same.prefix == won.prefix => Words::new("effective-route.tie", args),
        _ => Words::new("effective-route", args),
    };
    let second = second(choice, won);
    let words = words.facts(second.map(|route| ("effective-route.without", route_args(scene, route, scene.args()))));
    words.also_if(no_table, "effective-route.no-table")
}

/// The route that would win were the winner not there.
fn second<'a>(choice: &'a RouteChoice, won: &EffectiveRoute) -> Option<&'a EffectiveRoute> {
    let would_win = |why: &Lost| match why {
        Lost::ShorterPrefix { .. } => true,
        Lost::OverriddenBy(source) => *source == won.source,
        Lost::SystemPreferred(prefix) => *prefix == won.prefix,
    };
    choice.lost.iter().find(|(_, why)| would_win(why)).map(|(route, _)| route)
}

/// Prefix and next hop of a route.
fn route_args(scene: &Scene<'_>, route: &EffectiveRoute, args: Args) -> Args {
    let args = args.code("prefix", route.prefix).text("type", route.next_hop.code());
    match route.next_hop {
        NextHop::VirtualAppliance(address) => args.with("ip", address_link(scene.world, address)),
        _ => args,
    }
}

fn table(scene: &Scene<'_>, subnet: SubnetId) -> Arg {
    let table = scene.world.subnets.get(subnet).and_then(|s| s.route_table);
    table.map_or(Arg::Word("gone"), |id| scene.target(Target::RouteTable(id)))
}

pub(super) fn next_hop(
    scene: &Scene<'_>,
    address: Ipv4Addr,
    nic: NicId,
    appliance: bool,
    ip_forwarding: bool,
) -> Words {
    let id = match (appliance, ip_forwarding) {
        (false, _) => "next-hop",
        (true, true) => "next-hop.appliance",
        (true, false) => "next-hop.not-forwarding",
    };
    let args = scene.args().code("address", address).with("to", scene.target(Target::Nic(nic)));
    Words::new(id, args).also_if(scene.nic() == Some(nic), "next-hop.same")
}

pub(super) fn leaves(scene: &Scene<'_>, via: Exit) -> Words {
    let id = match via {
        Exit::Internet if scene.packet().is_some_and(|packet| !is_public(packet.dst)) => "leaves-azure.reserved",
        Exit::Internet => "leaves-azure",
        Exit::Platform => "leaves-azure.platform",
        Exit::Gateway => "leaves-azure.gateway",
    };
    Words::new(id, scene.args()).also("leaves-azure.outside")
}
