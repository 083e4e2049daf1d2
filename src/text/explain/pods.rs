//! What control loops do to pods.

use super::host::{MAX_ROWS, yes_no};
use super::{Words, grant, pool};
use crate::sim::ids::{NodeId, PodId};
use crate::sim::record::decision::{ControlStep, Fit, NodeScore};
use crate::text::args::Args;
use crate::text::reasons::fit_words;
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
        ControlStep::PodNetwork { pod: id, node, host, grant } => grant::network(scene, *id, *node, *host, grant),
        ControlStep::PodHostNetwork { pod: id, node } => Words::new(code, on(pod(id), node)),
        ControlStep::PodNetworkFailed { pod: id, node, error } => grant::failed(on(pod(id), node), error),
        ControlStep::PodRunning { pod: id } => Words::new(code, pod(id)).also("pod-running.time"),
        ControlStep::PodEnded { pod: id, status } => Words::new(code, pod(id).number("status", *status)),
        ControlStep::PodDeleted { name, address } => {
            let args = Args::new().text("name", name).text("had", yes_no(address.is_some()));
            let args = address.map_or(args.clone(), |address| args.code("address", address));
            match address.map(|address| grant::stays_with_node(scene.world, address)) {
                Some(true) => Words::new("pod-deleted.kept", args),
                Some(false) => Words::new(code, args).also("pod-deleted.cursor"),
                None => Words::new(code, args),
            }
        }
        _ => pool::pool(scene, step),
    }
}

fn score_rows(scene: &Scene<'_>, scores: &[NodeScore]) -> impl Iterator<Item = (&'static str, Args)> {
    scores.iter().take(MAX_ROWS).map(|score| {
        let (id, args) = fit_words(score.fit);
        let args = args.with("node", scene.target(Target::Node(score.node))).word("fit", id);
        ("pod-scheduled.score", args.number("same", score.same).number("pods", score.pods))
    })
}
