//! What control loops do to pods.

use super::Words;
use super::host::{MAX_ROWS, yes_no};
use crate::sim::ids::{NodeId, PodId};
use crate::sim::ipam::host_local::{Allocation, GetError, Start};
use crate::sim::record::decision::{CniError, ControlStep, Fit, NodeScore};
use crate::text::args::{Arg, Args};
use crate::text::reasons::{fit_words, skip_id};
use crate::text::scene::Scene;
use crate::view::target::Target;

pub(super) fn pods(scene: &Scene<'_>, step: &ControlStep) -> Words {
    let code = step.code();
    let pod = |id: &PodId| Args::new().with("pod", scene.target(Target::Pod(*id)));
    let on = |args: Args, id: &NodeId| args.with("node", scene.target(Target::Node(*id)));
    match step {
        ControlStep::PodScheduled { pod: id, node, scores } => {
            let choice = scores.iter().filter(|s| s.fit == Fit::Fits).count() > 1;
            let sentence = if choice { "pod-scheduled" } else { "pod-scheduled.only" };
            Words::new(sentence, on(pod(id), node)).facts(score_rows(scene, scores)).also("pod-scheduled.simple")
        }
        ControlStep::PodPending { pod: id, scores } => Words::new(code, pod(id)).facts(score_rows(scene, scores)),
        ControlStep::PodNetwork { pod: id, node, allocation, .. } => network(on(pod(id), node), allocation),
        ControlStep::PodHostNetwork { pod: id, node } => Words::new(code, on(pod(id), node)),
        ControlStep::PodNetworkFailed { pod: id, node, error } => failed(on(pod(id), node), error),
        ControlStep::PodRunning { pod: id } => Words::new(code, pod(id)).also("pod-running.time"),
        ControlStep::PodDeleted { name, address } => {
            let args = Args::new().text("name", name).text("had", yes_no(address.is_some()));
            let args = address.map_or(args.clone(), |address| args.code("address", address));
            Words::new(code, args).also_if(address.is_some(), "pod-deleted.cursor")
        }
        _ => Words::new(code, Args::new()),
    }
}

fn score_rows(scene: &Scene<'_>, scores: &[NodeScore]) -> impl Iterator<Item = (&'static str, Args)> {
    scores.iter().take(MAX_ROWS).map(|score| {
        let (id, args) = fit_words(score.fit);
        let args = args.with("node", scene.target(Target::Node(score.node))).word("fit", id);
        ("pod-scheduled.score", args.number("same", score.same).number("pods", score.pods))
    })
}

fn network(args: Args, given: &Allocation) -> Words {
    let (started, last) = match given.started {
        Start::Requested => ("requested", None),
        Start::RangeStart => ("range-start", None),
        Start::AfterLast(last) => ("after-last", Some(last)),
        Start::LastOutside(last) => ("last-outside", Some(last)),
    };
    let args = args.code("address", given.address.addr()).code("gateway", given.gateway).text("started", started);
    let args = last.map_or(args.clone(), |last| args.code("last", last));
    let rows =
        given.walked.iter().take(MAX_ROWS).map(|(address, why)| {
            ("pod-network.skipped", Args::new().code("address", address).word("why", skip_id(*why)))
        });
    let more = given.walked.len().checked_sub(MAX_ROWS).filter(|n| *n > 0);
    let more = more.map(|n| ("pod-network.more", Args::new().count("n", n)));
    Words::new("pod-network", args).also("pod-network.start").facts(rows).facts(more).also("pod-network.veth")
}

fn failed(args: Args, error: &CniError) -> Words {
    let (why, args, said) = match error {
        CniError::Ipam(error) => {
            let (why, args) = ipam(args, error);
            (why, args, Some(error.text()))
        }
        CniError::NoPodCidr => ("pod-network-failed.no-pod-cidr", args, None),
        CniError::NodeGone => ("pod-network-failed.node-gone", args, None),
    };
    let said = said.map(|said| ("pod-network-failed.said", Args::new().with("said", Arg::Code(said))));
    Words::new("pod-network-failed", args.word("why", why)).facts(said).also("pod-network-failed.retry")
}

fn ipam(args: Args, error: &GetError) -> (&'static str, Args) {
    match error {
        GetError::NoSuchSet { set } => ("pod-network-failed.no-such-set", args.count("set", *set)),
        GetError::NotInSet { address, .. } => ("pod-network-failed.not-in-set", args.code("address", address)),
        GetError::IsGateway { address } => ("pod-network-failed.is-gateway", args.code("address", address)),
        GetError::NotAvailable { address, .. } => ("pod-network-failed.not-available", args.code("address", address)),
        GetError::Duplicate { address, .. } => ("pod-network-failed.duplicate", args.code("address", address)),
        GetError::Exhausted { ranges } => ("pod-network-failed.exhausted", args.code("ranges", ranges.text())),
    }
}
