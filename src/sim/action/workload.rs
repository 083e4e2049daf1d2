//! Actions on deployments and pods.

use super::cluster::find;
use super::error::{ActionError, Kind};
use super::network::{exists, not_found};
use crate::sim::cluster::{Workload, WorkloadKind, WorkloadRole};
use crate::sim::control::{kubelet, scheduler};
use crate::sim::engine::Engine;
use crate::sim::ids::{ClusterId, PodId, WorkloadId};
use crate::sim::packet::Protocol;
use crate::sim::world::World;
use std::rc::Rc;

/// Pods of one deployment: above any cluster here, below what would stall a browser.
pub const MAX_REPLICAS: u32 = 20_000;

/// A name that Kubernetes takes: a DNS label. Source: RFC 1123.
fn check_name(name: &str) -> Result<(), ActionError> {
    let good = (1..=63).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !name.starts_with('-')
        && !name.ends_with('-');
    if good { Ok(()) } else { Err(ActionError::BadName { kind: Kind::Deployment, name: name.to_owned() }) }
}

const fn check_replicas(replicas: u32) -> Result<(), ActionError> {
    if replicas > MAX_REPLICAS { Err(ActionError::Replicas { found: replicas, limit: MAX_REPLICAS }) } else { Ok(()) }
}

fn find_deployment(world: &World, cluster: ClusterId, name: &str) -> Option<WorkloadId> {
    let named = |w: &Workload| {
        w.cluster == cluster && w.name.as_ref() == name && matches!(w.kind, WorkloadKind::Deployment { .. })
    };
    world.workloads.iter().find(|(_, w)| named(w)).map(|(id, _)| id)
}

pub(super) fn create(
    engine: &mut Engine,
    cluster: &str,
    name: &str,
    image: &str,
    replicas: u32,
) -> Result<(), ActionError> {
    check_name(name)?;
    check_replicas(replicas)?;
    let cluster = find(&engine.world, cluster)?;
    if find_deployment(&engine.world, cluster, name).is_some() {
        return Err(exists(Kind::Deployment, name));
    }
    let hash = scheduler::random_name(&mut engine.world.rng, 10);
    engine.world.workloads.add(Workload {
        name: name.into(),
        namespace: "default".into(),
        cluster,
        kind: WorkloadKind::Deployment { replicas },
        image: image.into(),
        host_network: false,
        one_per_node: false,
        role: WorkloadRole::None,
        listens: Rc::new(vec![(Protocol::Tcp, 80)]),
        hash: hash.into(),
    });
    scheduler::due(engine, cluster);
    Ok(())
}

pub(super) fn scale(engine: &mut Engine, cluster: &str, name: &str, replicas: u32) -> Result<(), ActionError> {
    check_replicas(replicas)?;
    let cluster = find(&engine.world, cluster)?;
    let id = find_deployment(&engine.world, cluster, name).ok_or_else(|| not_found(Kind::Deployment, name))?;
    if let Some(workload) = engine.world.workloads.get_mut(id) {
        workload.kind = WorkloadKind::Deployment { replicas };
    }
    scheduler::due(engine, cluster);
    Ok(())
}

pub(super) fn delete(engine: &mut Engine, cluster: &str, name: &str) -> Result<(), ActionError> {
    let cluster = find(&engine.world, cluster)?;
    let id = find_deployment(&engine.world, cluster, name).ok_or_else(|| not_found(Kind::Deployment, name))?;
    let pods: Vec<PodId> = engine.world.pods.iter().filter(|(_, p)| p.workload == Some(id)).map(|(id, _)| id).collect();
    for pod in pods {
        kubelet::delete(engine, pod);
    }
    engine.world.workloads.remove(id);
    Ok(())
}

/// Deletes a pod; its controller makes another.
pub(super) fn delete_pod(engine: &mut Engine, name: &str) -> Result<(), ActionError> {
    let id = engine.world.pod_named(name).ok_or_else(|| not_found(Kind::Pod, name))?;
    let cluster = engine.world.pods.get(id).map(|p| p.cluster);
    kubelet::delete(engine, id);
    if let Some(cluster) = cluster {
        scheduler::due(engine, cluster);
    }
    Ok(())
}
