//! The flow table of a port in Azure's virtual switch.

use super::Words;
use super::nsg::flow;
use crate::sim::fabric::nic::Unified;
use crate::text::args::{Arg, Args};
use crate::text::scene::Scene;
use crate::view::history::clock;
use crate::view::target::Target;

pub(super) fn unified(scene: &Scene<'_>, outbound: bool, entry: &Unified, usable: bool) -> Words {
    let now = scene.world.policy_generation;
    let args = scene.args().code("flow", flow(&entry.tuple)).text("way", if outbound { "out" } else { "in" });
    let args = args.number("made", entry.generation).number("now", now).text("since", clock(entry.since));
    if !usable {
        let id = if entry.generation == now { "unified-flow.moved" } else { "unified-flow.stale" };
        return Words::new(id, args).also("unified-flow.rules-stay").also("unified-flow.one-number");
    }
    let words = match entry.hop {
        Some(hop) => {
            let to = scene.target(Target::Nic(hop.nic));
            Words::new("unified-flow", args.code("address", hop.address).with("to", to))
        }
        None => Words::new("unified-flow.inward", args),
    };
    let hits = Args::new().number("n", entry.packets).with("since", Arg::Text(clock(entry.since)));
    words.facts([("unified-flow.hits", hits)]).also("unified-flow.generation")
}
