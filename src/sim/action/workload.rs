//! Actions on deployments and pods.

use super::Labeled;
use super::cluster::find;
use super::error::{ActionError, Kind};
use super::network::{exists, not_found};
use crate::sim::cluster::{Labels, Pod, PodPhase, Workload, WorkloadKind, WorkloadRole};
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
        created: engine.world.now,
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

/// Ends a pod that no controller has: of another pod the controller would start the container again.
pub(super) fn end_pod(engine: &mut Engine, name: &str, status: u8) -> Result<(), ActionError> {
    let id = engine.world.pod_named(name).ok_or_else(|| not_found(Kind::Pod, name))?;
    let ends = |pod: &&Pod| pod.phase == PodPhase::Running && pod.workload.is_none();
    let Some(cluster) = engine.world.pods.get(id).filter(ends).map(|pod| pod.cluster) else {
        return Err(ActionError::PodCannotEnd { name: name.to_owned() });
    };
    kubelet::ended(engine, id, status);
    // There is room for another on its node.
    scheduler::due(engine, cluster);
    Ok(())
}

/// Letters that the API server adds to a name. Source: kubernetes/apiserver `pkg/storage/names/generate.go`.
const NAME_ENDING: usize = 5;

/// Runs a pod that no workload controls.
pub(super) fn run(
    engine: &mut Engine,
    cluster: &str,
    name: &str,
    image: &str,
    node: Option<&str>,
    host_network: bool,
) -> Result<(), ActionError> {
    let cluster = find(&engine.world, cluster)?;
    check_pod_name(name.trim_end_matches('-'))?;
    let node = node.map(|n| engine.world.node_named(n).ok_or_else(|| not_found(Kind::Node, n))).transpose()?;
    let name = if name.ends_with('-') {
        format!("{name}{}", scheduler::random_name(&mut engine.world.rng, NAME_ENDING))
    } else {
        name.to_owned()
    };
    let taken = |p: &Pod| p.cluster == cluster && p.name.as_ref() == name && p.namespace.as_ref() == "default";
    if engine.world.pods.values().any(taken) {
        return Err(exists(Kind::Pod, &name));
    }
    let labels = if node.is_none() { vec![("run".into(), name.as_str().into())] } else { Vec::new() };
    let pod = Pod {
        name: name.as_str().into(),
        namespace: "default".into(),
        cluster,
        workload: None,
        node,
        phase: if node.is_some() { PodPhase::ContainerCreating } else { PodPhase::Pending },
        host_network,
        host: None,
        address: None,
        created: engine.world.now,
        container: if host_network { "debugger".into() } else { name.as_str().into() },
        image: image.into(),
        labels: Rc::new(labels),
    };
    scheduler::add_single(engine, pod);
    Ok(())
}

/// A DNS subdomain: labels with dots between them. Source: RFC 1123.
fn check_pod_name(name: &str) -> Result<(), ActionError> {
    let good = name.len() <= 253 - NAME_ENDING && name.split('.').all(|part| check_name(part).is_ok());
    if good { Ok(()) } else { Err(ActionError::BadName { kind: Kind::Pod, name: name.to_owned() }) }
}

/// Letters of a label's key or value. Source: kubernetes/apimachinery `pkg/util/validation/validation.go`.
fn is_label(text: &str, most: usize) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let end = |c: Option<char>| c.is_none_or(|c| c.is_ascii_alphanumeric());
    text.len() <= most && text.chars().all(inner) && end(text.chars().next()) && end(text.chars().next_back())
}

/// Whether Kubernetes takes a label.
pub(crate) fn check_label(key: &str, value: &str) -> Result<(), ActionError> {
    const MOST: usize = 63;
    let (prefix, name) = key.split_once('/').unwrap_or(("", key));
    if name.is_empty() || !is_label(name, MOST) || !is_label(prefix, 253) || !is_label(value, MOST) {
        return Err(ActionError::BadName { kind: Kind::Label, name: key.to_owned() });
    }
    Ok(())
}

/// Writes a label where its key belongs, or takes it away.
pub(super) fn put_label(labels: &mut Labels, key: &str, value: Option<&str>) {
    let labels = Rc::make_mut(labels);
    labels.retain(|(k, _)| k.as_ref() != key);
    if let Some(value) = value {
        let at = labels.iter().position(|(k, _)| k.as_ref() > key).unwrap_or(labels.len());
        labels.insert(at, (key.into(), value.into()));
    }
}

/// Gives a label to a node or a pod, or takes it away.
pub(super) fn set_label(engine: &mut Engine, on: &Labeled, key: &str, value: Option<&str>) -> Result<(), ActionError> {
    check_label(key, value.unwrap_or(""))?;
    let world = &mut engine.world;
    let labels = match on {
        Labeled::Node(name) => {
            let id = world.node_named(name).ok_or_else(|| not_found(Kind::Node, name))?;
            world.nodes.get_mut(id).map(|n| &mut n.labels)
        }
        Labeled::Pod(name) => {
            let id = world.pod_named(name).ok_or_else(|| not_found(Kind::Pod, name))?;
            world.pods.get_mut(id).map(|p| &mut p.labels)
        }
    };
    if let Some(labels) = labels {
        put_label(labels, key, value);
    }
    Ok(())
}
