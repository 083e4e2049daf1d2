//! Workload controllers and the scheduler: which pods there are to be, and on which node each runs.
//! Source: kubernetes/kubernetes `pkg/scheduler/framework/plugins` (`podtopologyspread`, `noderesources`). Simplified:
//! the node with fewest pods of the same workload, then with fewest pods, then the oldest name.

use super::{kubelet, later, note};
use crate::sim::cluster::{NodePhase, Pod, PodPhase, Workload, WorkloadKind};
use crate::sim::engine::Engine;
use crate::sim::engine::queue::Control;
use crate::sim::ids::{ClusterId, NodeId, PodId, WorkloadId};
use crate::sim::record::decision::{ControlStep, Fit, NodeScore};
use crate::sim::rng::Rng;
use crate::sim::time::Span;
use std::collections::BTreeMap;
use std::rc::Rc;

/// From a change until the controllers and the scheduler have acted on it. Simplified: fixed.
const REACT: Span = Span::millis(200);
/// From binding until the kubelet makes the sandbox. Simplified: fixed.
const BIND_TO_SANDBOX: Span = Span::millis(800);
/// Letters of generated names: no vowels, no look-alikes.
/// Source: kubernetes/apimachinery `pkg/util/rand/rand.go`.
const SAFE_LETTERS: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";

pub(crate) fn due(engine: &mut Engine, cluster: ClusterId) {
    later(engine, REACT, Control::Schedule(cluster));
}

pub(super) fn run(engine: &mut Engine, cluster: ClusterId) {
    let workloads: Vec<WorkloadId> =
        engine.world.workloads.iter().filter(|(_, w)| w.cluster == cluster).map(|(id, _)| id).collect();
    let mut census = Census::take(engine, cluster);
    for workload in workloads {
        control(engine, workload, &mut census);
    }
    let pending: Vec<PodId> = std::mem::take(&mut census.pending);
    for pod in pending {
        place(engine, pod, &mut census);
    }
}

/// How many pods are where, counted once for one run.
struct Census {
    nodes: Vec<NodeId>,
    pods_on: BTreeMap<NodeId, u32>,
    same_on: BTreeMap<(WorkloadId, NodeId), u32>,
    of: BTreeMap<WorkloadId, Vec<PodId>>,
    pending: Vec<PodId>,
}

impl Census {
    fn take(engine: &Engine, cluster: ClusterId) -> Self {
        let world = &engine.world;
        let nodes = world.nodes.iter().filter(|(_, n)| n.cluster == cluster).map(|(id, _)| id).collect();
        let mut census = Self {
            nodes,
            pods_on: BTreeMap::new(),
            same_on: BTreeMap::new(),
            of: BTreeMap::new(),
            pending: Vec::new(),
        };
        for (id, pod) in world.pods.iter().filter(|(_, p)| p.cluster == cluster) {
            census.count(id, pod);
        }
        census
    }

    fn count(&mut self, id: PodId, pod: &Pod) {
        if let Some(workload) = pod.workload {
            self.of.entry(workload).or_default().push(id);
        }
        match pod.node {
            Some(node) => self.bound(pod.workload, node),
            None => self.pending.push(id),
        }
    }

    fn bound(&mut self, workload: Option<WorkloadId>, node: NodeId) {
        *self.pods_on.entry(node).or_default() += 1;
        if let Some(workload) = workload {
            *self.same_on.entry((workload, node)).or_default() += 1;
        }
    }

    fn same(&self, workload: Option<WorkloadId>, node: NodeId) -> u32 {
        workload.and_then(|w| self.same_on.get(&(w, node))).copied().unwrap_or(0)
    }
}

/// Brings the number of a workload's pods to what is wanted.
fn control(engine: &mut Engine, id: WorkloadId, census: &mut Census) {
    let Some(workload) = engine.world.workloads.get(id).cloned() else { return };
    match workload.kind {
        WorkloadKind::Deployment { replicas } => scale(engine, id, &workload, replicas, census),
        WorkloadKind::DaemonSet => cover(engine, id, &workload, census),
    }
}

fn scale(engine: &mut Engine, id: WorkloadId, workload: &Workload, replicas: u32, census: &mut Census) {
    let have = census.of.get(&id).cloned().unwrap_or_default();
    for _ in have.len()..replicas as usize {
        let suffix = random_name(&mut engine.world.rng, 5);
        let name = format!("{}-{}-{suffix}", workload.name, workload.hash);
        let pod = add_pod(engine, id, workload, &name, None);
        census.pending.push(pod);
    }
    // The youngest go first. Source: kubernetes/kubernetes `pkg/controller/controller_utils.go`.
    for pod in have.iter().skip(replicas as usize).rev() {
        kubelet::delete(engine, *pod);
        census.pending.retain(|p| p != pod);
    }
}

/// One pod of a daemon set on each registered node, ready or not.
fn cover(engine: &mut Engine, id: WorkloadId, workload: &Workload, census: &mut Census) {
    for node in census.nodes.clone() {
        let registered = engine.world.nodes.get(node).is_some_and(|n| n.registered.is_some());
        if registered && census.same(Some(id), node) == 0 {
            let suffix = random_name(&mut engine.world.rng, 5);
            let pod = add_pod(engine, id, workload, &format!("{}-{suffix}", workload.name), Some(node));
            census.bound(Some(id), node);
            later(engine, BIND_TO_SANDBOX, Control::StartPod(pod));
        }
    }
}

fn add_pod(engine: &mut Engine, id: WorkloadId, workload: &Workload, name: &str, node: Option<NodeId>) -> PodId {
    let world = &mut engine.world;
    world.pods.add(Pod {
        name: name.into(),
        namespace: Rc::clone(&workload.namespace),
        cluster: workload.cluster,
        workload: Some(id),
        node,
        phase: if node.is_some() { PodPhase::ContainerCreating } else { PodPhase::Pending },
        host_network: workload.host_network,
        host: None,
        address: None,
        created: world.now,
    })
}

/// Random letters for the end of a name.
pub(crate) fn random_name(rng: &mut Rng, letters: usize) -> String {
    let mut bits = rng.bits();
    let mut next = || {
        let at = usize::try_from(bits % 27).unwrap_or(0);
        bits /= 27;
        char::from(SAFE_LETTERS[at])
    };
    (0..letters).map(|_| next()).collect()
}

/// Binds a pod to the best node, if any takes it.
fn place(engine: &mut Engine, id: PodId, census: &mut Census) {
    let Some(pod) = engine.world.pods.get(id) else { return };
    let workload = pod.workload;
    let one_per_node = workload.and_then(|w| engine.world.workloads.get(w)).is_some_and(|w| w.one_per_node);
    let score = |node: NodeId| score(engine, node, workload, one_per_node, census);
    let best = census
        .nodes
        .iter()
        .map(|n| score(*n))
        .filter(|s| s.fit == Fit::Fits)
        .min_by_key(|s| (s.same, s.pods, s.node))
        .map(|s| s.node);
    let scores = if engine.record.keeps_steps() { rank(census.nodes.iter().map(|n| score(*n)).collect()) } else { Vec::new() };
    let Some(node) = best else {
        return note(engine, || ControlStep::PodPending { pod: id, scores });
    };
    if let Some(pod) = engine.world.pods.get_mut(id) {
        pod.node = Some(node);
        pod.phase = PodPhase::ContainerCreating;
    }
    census.bound(workload, node);
    note(engine, || ControlStep::PodScheduled { pod: id, node, scores });
    later(engine, BIND_TO_SANDBOX, Control::StartPod(id));
}

/// Best first, and no more than a person would read.
fn rank(mut scores: Vec<NodeScore>) -> Vec<NodeScore> {
    const SHOWN: usize = 16;
    scores.sort_by_key(|s| (s.fit != Fit::Fits, s.same, s.pods, s.node));
    scores.truncate(SHOWN);
    scores
}

fn score(engine: &Engine, node: NodeId, workload: Option<WorkloadId>, one_per_node: bool, census: &Census) -> NodeScore {
    let (same, pods) = (census.same(workload, node), census.pods_on.get(&node).copied().unwrap_or(0));
    let fit = match engine.world.nodes.get(node) {
        Some(n) if n.phase != NodePhase::Ready => Fit::NotReady,
        Some(n) if n.cordoned => Fit::Cordoned,
        Some(n) if pods >= u32::from(n.max_pods) => Fit::TooManyPods { max: n.max_pods },
        Some(_) if one_per_node && same > 0 => Fit::AlreadyOne,
        Some(_) => Fit::Fits,
        None => Fit::NotReady,
    };
    NodeScore { node, same, pods, fit }
}
