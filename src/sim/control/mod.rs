//! What acts over time: registration of nodes, the route controller, workload controllers and scheduler, the kubelet.
//! Each is a small state machine in its own file; times are simplified and named beside it.

pub mod kubelet;
pub mod node;
pub mod pool;
pub mod routes;
pub mod scheduler;

use super::engine::Engine;
use super::engine::queue::{Control, Event};
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
        Control::PoolMonitor(node) => pool::monitor(engine, node),
        Control::PoolRequest(node) | Control::RetryPoolRequest(node) => pool::answer(engine, node),
        Control::PoolProgrammed(node) => pool::programmed(engine, node),
    }
}

pub(crate) fn later(engine: &mut Engine, delay: Span, event: Control) {
    engine.after(delay, Event::Control(event));
}

pub(crate) fn note(engine: &mut Engine, step: impl FnOnce() -> ControlStep) {
    engine.note_control(|| Decision::Control(Rc::new(step())));
}
