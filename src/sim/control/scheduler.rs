//! Workload controllers and the scheduler: which pods there are to be, and on which node each runs.
//! Source: kubernetes/kubernetes `pkg/scheduler/framework/plugins` (`podtopologyspread`, `noderesources`). Simplified:
//! the node with fewest pods of the same workload, then with fewest pods, then the oldest name.

use super::{kubelet, later, note};
use crate::sim::cluster::{Labels, Node, NodePhase, Pod, PodPhase, Workload, WorkloadKind};
use crate::sim::engine::Engine;
use crate::sim::engine::queue::Control;
use crate::sim::ids::{ClusterId, NodeId, PodId, WorkloadId};
use crate::sim::order::sort_by_key;
use crate::sim::ordered::Ordered;
use crate::sim::record::decision::{ControlStep, Fit, NodeScore};
use crate::sim::rng::Rng;
use crate::sim::time::Span;
use crate::sim::world::World;
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
    let mut census = Census::take(&engine.world, cluster);
    for workload in workloads {
        control(engine, workload, &mut census);
    }
    let pending: Vec<PodId> = std::mem::take(&mut census.pending);
    for pod in pending {
        place(engine, pod, &mut census);
    }
}

/// How each node of a cluster stands to a pod that wants no more than room.
pub fn fits(world: &World, cluster: ClusterId) -> Vec<Fit> {
    Census::take(world, cluster).nodes.iter().map(Seat::fit).collect()
}

/// How many pods are where, counted once for one run. Nodes are known by their position.
#[derive(Clone)]
struct Census {
    nodes: Vec<Seat>,
    of: Ordered<WorkloadId, Tally>,
    pending: Vec<PodId>,
    last: Option<Last>,
}

/// The pods of one workload.
#[derive(Clone, Default)]
struct Tally {
    /// How many there are.
    pods: u32,
    /// How many are on each node; nothing while none is on any.
    on: Vec<u32>,
}

/// The last choice. Counts only grow in a run, so no node before it can be as good for the next pod of that workload.
#[derive(Clone, Copy)]
struct Last {
    workload: Option<WorkloadId>,
    key: (u32, u32),
    at: usize,
}

/// One node as the scheduler sees it.
#[derive(Clone, Copy)]
struct Seat {
    node: NodeId,
    pods: u32,
    max: u16,
    state: Fit,
}

impl Census {
    fn take(world: &World, cluster: ClusterId) -> Self {
        // A machine that has not registered is no node yet.
        let own = world.nodes.iter().filter(|(_, n)| n.cluster == cluster && n.phase != NodePhase::Booting);
        let nodes: Vec<Seat> = own.map(|(id, n)| Seat::of(id, n)).collect();
        let mut census = Self { nodes, of: Ordered::default(), pending: Vec::new(), last: None };
        for (id, pod) in world.pods.iter().filter(|(_, p)| p.cluster == cluster) {
            census.count(id, pod);
        }
        census
    }

    /// A pod that has ended takes no room. Source: kubernetes/kubernetes `pkg/scheduler/eventhandlers.go`.
    fn count(&mut self, id: PodId, pod: &Pod) {
        if pod.has_ended() {
            return;
        }
        if let Some(workload) = pod.workload {
            self.of.get_or_insert_with(workload, Default::default).pods += 1;
        }
        match pod.node.and_then(|node| self.nodes.binary_search_by_key(&node, |seat| seat.node).ok()) {
            Some(at) => self.bound(pod.workload, at),
            None => self.pending.push(id),
        }
    }

    fn bound(&mut self, workload: Option<WorkloadId>, at: usize) {
        self.nodes[at].pods += 1;
        if let Some(workload) = workload {
            let on = &mut self.of.get_or_insert_with(workload, Default::default).on;
            on.resize(self.nodes.len(), 0);
            on[at] += 1;
        }
    }

    /// How many pods of a workload are on each node.
    fn same_on(&self, workload: Option<WorkloadId>) -> &[u32] {
        workload.and_then(|w| self.of.get(&w)).map_or(&[], |tally| &tally.on)
    }

    /// The node for a pod of a workload: the fitting one with the fewest of the same, then with the fewest pods.
    fn best(&mut self, workload: Option<WorkloadId>, one_per_node: bool) -> Option<(usize, NodeId)> {
        let same_on = self.same_on(workload);
        let keys = |from| {
            let seats = self.nodes.iter().enumerate().skip(from);
            seats.filter_map(move |(at, seat)| Some((seat.key(same_on.get(at).copied(), one_per_node)?, at)))
        };
        // With hundreds of nodes and thousands of pods this is where building a cluster would spend its time.
        let last = self.last.filter(|last| last.workload == workload);
        let as_good = last.and_then(|last| keys(last.at).find(|(key, _)| *key == last.key));
        let (key, at) = as_good.or_else(|| keys(0).min())?;
        self.last = Some(Last { workload, key, at });
        Some((at, self.nodes[at].node))
    }

    /// How each node stands for a pod of a workload.
    fn scores(&self, workload: Option<WorkloadId>, one_per_node: bool) -> impl Iterator<Item = NodeScore> {
        let same_on = self.same_on(workload);
        self.nodes.iter().enumerate().map(move |(at, seat)| {
            let same = same_on.get(at).copied().unwrap_or(0);
            let fit = if seat.state == Fit::Fits && one_per_node && same > 0 { Fit::AlreadyOne } else { seat.fit() };
            NodeScore { node: seat.node, same, pods: seat.pods, fit }
        })
    }
}

impl Seat {
    fn of(id: NodeId, node: &Node) -> Self {
        let state = match node.phase {
            NodePhase::Ready if node.cordoned => Fit::Cordoned,
            NodePhase::Ready => Fit::Fits,
            NodePhase::Booting | NodePhase::NotReady => Fit::NotReady,
        };
        Self { node: id, pods: 0, max: node.max_pods, state }
    }

    /// Orders the nodes that a pod fits on, by how many of its workload the node has and how many pods at all.
    fn key(&self, same: Option<u32>, one_per_node: bool) -> Option<(u32, u32)> {
        let same = same.unwrap_or(0);
        let taken = one_per_node && same > 0;
        (!taken && self.fit() == Fit::Fits).then_some((same, self.pods))
    }

    fn fit(&self) -> Fit {
        if self.state == Fit::Fits && self.pods >= u32::from(self.max) {
            Fit::TooManyPods { max: self.max }
        } else {
            self.state
        }
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
    let have = census.of.get(&id).map_or(0, |tally| tally.pods);
    for _ in have..replicas {
        let suffix = random_name(&mut engine.world.rng, 5);
        let name = format!("{}-{}-{suffix}", workload.name, workload.hash);
        let pod = add_pod(engine, id, workload, &name, None);
        census.pending.push(pod);
    }
    // The youngest go first. Source: kubernetes/kubernetes `pkg/controller/controller_utils.go`.
    if have > replicas {
        let of_it: Vec<PodId> =
            engine.world.pods.iter().filter(|(_, p)| p.workload == Some(id)).map(|(p, _)| p).collect();
        for pod in of_it.into_iter().skip(replicas as usize).rev() {
            kubelet::delete(engine, pod);
            census.pending.retain(|p| *p != pod);
        }
    }
}

/// One pod of a daemon set on each registered node, ready or not.
fn cover(engine: &mut Engine, id: WorkloadId, workload: &Workload, census: &mut Census) {
    let same_on = census.same_on(Some(id));
    let bare = (0..census.nodes.len()).filter(|at| same_on.get(*at).is_none_or(|same| *same == 0));
    for at in bare.collect::<Vec<_>>() {
        let node = census.nodes[at].node;
        if engine.world.nodes.get(node).is_some_and(|n| n.registered.is_some()) {
            let suffix = random_name(&mut engine.world.rng, 5);
            let pod = add_pod(engine, id, workload, &format!("{}-{suffix}", workload.name), Some(node));
            census.bound(Some(id), at);
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
        container: Rc::clone(&workload.name),
        image: Rc::clone(&workload.image),
        labels: Labels::default(),
    })
}

/// Adds a pod that no workload controls. One that names its node is the kubelet's at once.
pub(crate) fn add_single(engine: &mut Engine, pod: Pod) {
    let (cluster, bound) = (pod.cluster, pod.node.is_some());
    let id = engine.world.pods.add(pod);
    if bound {
        later(engine, BIND_TO_SANDBOX, Control::StartPod(id));
    } else {
        due(engine, cluster);
    }
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
    let Some(workload) = engine.world.pods.get(id).map(|p| p.workload) else { return };
    let one_per_node = workload.and_then(|w| engine.world.workloads.get(w)).is_some_and(|w| w.one_per_node);
    let best = census.best(workload, one_per_node);
    let keeps = engine.record.keeps_steps();
    let scores = if keeps { rank(census.scores(workload, one_per_node).collect()) } else { Vec::new() };
    let Some((at, node)) = best else {
        return note(engine, || ControlStep::PodPending { pod: id, scores });
    };
    if let Some(pod) = engine.world.pods.get_mut(id) {
        pod.node = Some(node);
        pod.phase = PodPhase::ContainerCreating;
    }
    census.bound(workload, at);
    note(engine, || ControlStep::PodScheduled { pod: id, node, scores });
    later(engine, BIND_TO_SANDBOX, Control::StartPod(id));
}

/// Best first, and no more than a person would read.
fn rank(mut scores: Vec<NodeScore>) -> Vec<NodeScore> {
    const SHOWN: usize = 16;
    sort_by_key(&mut scores, |s| (s.fit != Fit::Fits, s.same, s.pods, s.node));
    scores.truncate(SHOWN);
    scores
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The choice that starts at the last one is the choice among all.
    #[test]
    fn each_pod_goes_to_the_best_of_all_nodes() {
        let mut rng = Rng::new(7);
        for _ in 0..200 {
            let nodes = 1 + rng.below(9);
            let seat = |number| {
                let state = if number % 4 == 3 { Fit::Cordoned } else { Fit::Fits };
                Seat { node: NodeId::from(number), pods: 0, max: 6, state }
            };
            let mut census = Census {
                nodes: (0..u32::try_from(nodes).unwrap()).map(seat).collect(),
                of: Ordered::default(),
                pending: Vec::new(),
                last: None,
            };
            for _ in 0..nodes * 7 {
                let workload = [None, Some(WorkloadId::from(0)), Some(WorkloadId::from(1))]
                    [usize::try_from(rng.below(3)).unwrap()];
                let one_per_node = workload == Some(WorkloadId::from(1));
                let of_all = Census { last: None, ..census.clone() }.best(workload, one_per_node);
                let best = census.best(workload, one_per_node);
                assert_eq!(best, of_all);
                if let Some((at, _)) = best {
                    census.bound(workload, at);
                }
            }
        }
    }
}
