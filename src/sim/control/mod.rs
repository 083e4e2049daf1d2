//! What acts over time: registration of nodes, the route controller, workload controllers and scheduler, the kubelet.
//! Each is a small state machine in its own file; times are simplified and named beside it.

pub mod kubelet;
pub mod node;
pub mod pool;
pub mod routes;
pub mod scheduler;

use super::engine::Engine;
use super::engine::queue::{Control, Event};
use super::ids::ClusterId;
use super::mode::Recipe;
use super::record::decision::{ControlStep, Decision};
use super::time::Span;
use std::rc::Rc;

/// Handles the turn of one control loop.
pub(crate) fn run(engine: &mut Engine, event: Control) {
    match event {
        Control::RegisterNode(node) => node::register(engine, node),
        Control::NodeReady(node) => node::ready(engine, node),
        Control::WriteRoutes(cluster) => routes::write(engine, cluster),
        Control::Schedule(cluster) => scheduler::run(engine, cluster),
        Control::StartPod(pod) | Control::RetryPod(pod) => kubelet::start(engine, pod),
        Control::PodRunning(pod) => kubelet::running(engine, pod),
        Control::Pool(node, turn) => {
            let cluster = engine.world.nodes.get(node).map(|node| node.cluster);
            if let Some(recipe) = cluster.and_then(|cluster| recipe_of(engine, cluster)) {
                recipe.run_pool(engine, node, turn);
            }
        }
    }
}

/// What makes the network of a cluster.
fn recipe_of(engine: &Engine, cluster: ClusterId) -> Option<Rc<dyn Recipe>> {
    Some(Rc::clone(&engine.world.clusters.get(cluster)?.recipe))
}

pub(crate) fn later(engine: &mut Engine, delay: Span, event: Control) {
    engine.after(delay, Event::Control(event));
}

pub(crate) fn note(engine: &mut Engine, step: impl FnOnce() -> ControlStep) {
    engine.note_control(|| Decision::Control(Rc::new(step())));
}
