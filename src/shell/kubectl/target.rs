//! The pod that `TYPE/NAME` stands for. Source: kubernetes/kubectl `pkg/polymorphichelpers/{helpers,logsforobject}.go`,
//! `pkg/util/podutils/podutils.go` (`ByLogging`).

use super::{Kind, Line, find_pod, no_such_resource, not_found, objects};
use crate::shell::{Output, Shell};
use crate::sim::cluster::{PodPhase, Workload, WorkloadKind};
use crate::sim::ids::{ClusterId, PodId};

/// The first pod of what is named, and how many it has; `cannot` says what there is not done with other kinds.
pub(super) fn pod(
    shell: &Shell,
    line: &Line,
    cluster: ClusterId,
    typed: &str,
    cannot: &str,
) -> Result<(PodId, usize), Output> {
    let world = shell.session().world();
    let (kind, name) = match typed.split_once('/') {
        Some((what, name)) => (Kind::named(what).ok_or_else(|| no_such_resource(what))?, name),
        None => (Kind::Pod, typed),
    };
    let is_it = |w: &Workload| match kind {
        Kind::DaemonSet => matches!(w.kind, WorkloadKind::DaemonSet) && *w.name == *name,
        Kind::ReplicaSet => objects::replica_set(w).is_some_and(|own| own == name),
        _ => objects::replica_set(w).is_some() && *w.name == *name,
    };
    match kind {
        Kind::Pod => {
            let found = find_pod(world, cluster, line.namespace(), name);
            return found.map(|id| (id, 1)).ok_or_else(|| not_found(kind, name));
        }
        Kind::Deployment | Kind::ReplicaSet | Kind::DaemonSet => {}
        other => {
            let kind = format!("*v1.{}", other.kind());
            return Err(Output::fail(1, format!("error: {cannot} {kind}: selector for {kind} not implemented")));
        }
    }
    let here = |w: &Workload| w.cluster == cluster && w.namespace.as_ref() == line.namespace() && is_it(w);
    let workload = world.workloads.iter().find(|(_, w)| here(w)).map(|(id, _)| id);
    let workload = workload.ok_or_else(|| not_found(kind, name))?;
    let facts = objects::Facts::of(shell);
    let own: Vec<_> = world.pods.iter().filter(|(_, pod)| pod.workload == Some(workload)).collect();
    let count = own.len();
    // One that runs before one that does not, then the one that has run the longest.
    let first = own
        .into_iter()
        .min_by_key(|(id, pod)| (pod.phase != PodPhase::Running, facts.started(*id, pod), pod.created, &pod.name));
    let first = first.map(|(id, _)| (id, count));
    first.ok_or_else(|| Output::fail(1, "error: timed out waiting for the condition"))
}
