//! How a node comes to the addresses of its pods where it gets them in batches.

use super::Words;
use crate::sim::ids::{NodeId, SubnetId};
use crate::sim::ipam::cns::{Basis, Pass, PassAction, Publish, Target as Size, Thresholds};
use crate::sim::record::decision::ControlStep;
use crate::text::args::Args;
use crate::text::scene::Scene;
use crate::view::target::Target;
use std::net::Ipv4Addr;

pub(super) fn pool(scene: &Scene<'_>, step: &ControlStep) -> Words {
    let code = step.code();
    let node = |id: &NodeId| Args::new().with("node", scene.target(Target::Node(*id)));
    let of = |args: Args, id: &SubnetId| args.with("subnet", scene.target(Target::Subnet(*id)));
    match step {
        ControlStep::PoolMonitored { node: id, pass } => monitored(node(id), pass),
        ControlStep::PoolChanged { node: id, subnet, added, removed } => changed(of(node(id), subnet), added, removed),
        ControlStep::PoolRefused { node: id, subnet, wanted, free } => {
            let args = of(node(id), subnet).number("wanted", *wanted).number("free", *free);
            Words::new(code, args).also("pool-refused.retry")
        }
        ControlStep::PoolProgrammed { node: id, addresses } => {
            Words::new(code, node(id).number("n", *addresses)).also("pool-programmed.before")
        }
        ControlStep::SubnetExhausted { subnet, exhausted } => {
            let free = scene.world.subnets.get(*subnet).map_or(0, |s| s.pool.counts().free);
            let args = of(Args::new(), subnet).number("free", free);
            let sentence = if *exhausted { code } else { "subnet-exhausted.over" };
            Words::new(sentence, args).also("subnet-exhausted.meaning")
        }
        _ => Words::new(code, Args::new()),
    }
}

/// A pass of the monitor, with the numbers it went by.
fn monitored(args: Args, pass: &Pass) -> Words {
    let (counts, expected) = (pass.pool.counts, pass.pool.expected());
    let args = args.number("requested", pass.pool.requested).text("expected", expected);
    let args = args.number("assigned", counts.assigned).number("available", counts.available);
    let args = args.number("programming", counts.pending_programming).number("releasing", counts.pending_release);
    let args = args.number("current", counts.current());
    let words = match pass.basis {
        Basis::Thresholds(by) => by_thresholds(args, by, &pass.action),
        Basis::Target(size) => by_target(args, size, &pass.action),
    };
    match pass.publish {
        Publish::NotNeeded => words,
        Publish::Done => words.also("pool-monitored.published"),
        Publish::Failed => words.also("pool-monitored.failed"),
        Publish::Crashed { tries } => words.facts([("pool-monitored.crashed", Args::new().number("tries", tries))]),
    }
}

fn by_thresholds(args: Args, by: Thresholds, action: &PassAction) -> Words {
    let args = args.number("batch", by.batch).number("min-free", by.min_free).number("max-free", by.max_free);
    let args = args.number("max", by.max);
    let words = match action {
        PassAction::Grow { from, to } => Words::new("pool-monitored", sizes(args, *from, *to)),
        PassAction::Shrink { from, to, marked } => {
            Words::new("pool-monitored.shrink", sizes(args, *from, *to).count("n", marked.len()))
        }
        other => same_size(args, other),
    };
    let words = words.also("pool-monitored.expected").also("pool-monitored.counts");
    if (by.batch, by.min_free, by.max_free) == (1, 1, 2) {
        return words.also("pool-monitored.exhausted");
    }
    words.also("pool-monitored.thresholds")
}

fn by_target(args: Args, size: Size, action: &PassAction) -> Words {
    let args = args.number("demand", size.demand).number("batch", size.batch).number("buffer", size.buffer_percent);
    let args = args.number("max", size.max).number("size", size.size);
    let words = match action {
        PassAction::Grow { from, to } => Words::new("pool-monitored.grow-to-target", sizes(args, *from, *to)),
        PassAction::Shrink { from, to, marked } => {
            Words::new("pool-monitored.shrink-to-target", sizes(args, *from, *to).count("n", marked.len()))
        }
        other => same_size(args, other),
    };
    words.also("pool-monitored.target").also("pool-monitored.counts")
}

fn sizes(args: Args, from: u32, to: u32) -> Args {
    args.number("from", from).number("to", to)
}

/// Branches that leave the size as it is.
fn same_size(args: Args, action: &PassAction) -> Words {
    match action {
        PassAction::AtMax => Words::new("pool-monitored.at-max", args),
        PassAction::CannotRelease { wanted } => {
            Words::new("pool-monitored.cannot-release", args.number("wanted", *wanted))
        }
        PassAction::CleanUp => Words::new("pool-monitored.clean-up", args),
        _ => Words::new("pool-monitored.nothing", args),
    }
}

fn changed(args: Args, added: &[Ipv4Addr], removed: &[Ipv4Addr]) -> Words {
    let args = ends(args, "first", "last", added).count("added", added.len());
    let args = ends(args, "gone-first", "gone-last", removed).count("removed", removed.len());
    let sentence = match (added.is_empty(), removed.is_empty()) {
        (false, true) => "pool-changed",
        (true, _) => "pool-changed.taken",
        (false, false) => "pool-changed.both",
    };
    let words = Words::new(sentence, args).also("pool-changed.order");
    if added.is_empty() { words } else { words.also("pool-changed.where") }
}

/// The lowest and the highest of some addresses.
fn ends(args: Args, first: &'static str, last: &'static str, addresses: &[Ipv4Addr]) -> Args {
    let (Some(low), Some(high)) = (addresses.iter().min(), addresses.iter().max()) else { return args };
    args.code(first, low).code(last, high)
}
