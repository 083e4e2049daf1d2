//! Kubernetes objects as JSON, made from the state of the simulation.

use crate::sim::cluster::{NODE_IMAGE, Node, NodePhase, Pod, PodPhase, WorkloadKind};
use crate::sim::ids::{ClusterId, NodeId, WorkloadId};
use crate::sim::ordered::Ordered;
use crate::sim::time::Time;
use crate::sim::world::World;
use serde_json::{Value, json};

/// Labels of an object, by key.
pub(super) type Pairs = Vec<(String, String)>;

/// Later labels take the place of earlier ones.
fn merged<'a>(base: Vec<(&str, &str)>, more: impl Iterator<Item = (&'a str, &'a str)>) -> Pairs {
    let mut labels: Pairs = base.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
    for (key, value) in more {
        labels.retain(|(k, _)| k != key);
        labels.push((key.to_owned(), value.to_owned()));
    }
    labels.sort();
    labels
}

/// What AKS gives a node, and what somebody added. Source: MicrosoftDocs/azure-aks-docs, articles/aks/use-labels.md.
pub(super) fn node_labels(node: &Node) -> Pairs {
    let base = vec![
        ("agentpool", &*node.pool),
        ("kubernetes.azure.com/agentpool", &*node.pool),
        ("kubernetes.azure.com/role", "agent"),
        ("kubernetes.io/arch", "amd64"),
        ("kubernetes.io/hostname", &*node.name),
        ("kubernetes.io/os", "linux"),
        ("kubernetes.io/role", "agent"),
    ];
    merged(base, node.labels.iter().map(|(k, v)| (&**k, &**v)))
}

/// Those of the pod's workload, and what somebody added.
pub(super) fn pod_labels(world: &World, pod: &Pod) -> Pairs {
    let base = match pod.workload.and_then(|id| world.workloads.get(id)) {
        Some(w) if matches!(w.kind, WorkloadKind::Deployment { .. }) => {
            vec![("app", &*w.name), ("pod-template-hash", &*w.hash)]
        }
        Some(w) => vec![("app", &*w.name)],
        None => Vec::new(),
    };
    merged(base, pod.labels.iter().map(|(k, v)| (&**k, &**v)))
}

fn labels_shown(labels: Pairs) -> Value {
    labels.into_iter().map(|(k, v)| (k, Value::String(v))).collect::<serde_json::Map<_, _>>().into()
}

/// A list of objects, or the only one.
pub(super) fn listed(items: Vec<Value>, single: bool) -> Value {
    match (single, items) {
        (true, items) if items.len() == 1 => items.into_iter().next().unwrap_or(Value::Null),
        (_, items) => json!({ "apiVersion": "v1", "items": items, "kind": "List" }),
    }
}

/// Virtual time as a date.
pub(in crate::shell) fn timestamp(time: Time) -> String {
    let seconds = time.0 / 1_000_000_000;
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    format!("2021-11-{:02}T{:02}:{:02}:{:02}Z", 1 + days % 30, rest / 3600, rest / 60 % 60, rest % 60)
}

pub(super) fn node(world: &World, id: NodeId) -> Value {
    let Some(node) = world.nodes.get(id) else { return Value::Null };
    let address = world.nics.get(node.nic).and_then(crate::sim::fabric::nic::Nic::primary);
    let version = world.clusters.get(node.cluster).map_or("", |c| &c.version);
    let ready = if node.phase == NodePhase::Ready { "True" } else { "False" };
    json!({
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "creationTimestamp": timestamp(node.registered.unwrap_or_default()),
            "labels": labels_shown(node_labels(node)),
            "name": node.name,
        },
        "spec": { "podCIDR": node.pod_cidr, "unschedulable": node.cordoned },
        "status": {
            "addresses": [
                { "address": address, "type": "InternalIP" },
                { "address": node.name, "type": "Hostname" },
            ],
            "capacity": { "pods": node.max_pods.to_string() },
            "conditions": [{ "status": ready, "type": "Ready" }],
            "nodeInfo": {
                "containerRuntimeVersion": format!("{}://{}", NODE_IMAGE.runtime.0, NODE_IMAGE.runtime.1),
                "kernelVersion": NODE_IMAGE.kernel,
                "kubeletVersion": format!("v{version}"),
                "operatingSystem": "linux",
                "osImage": NODE_IMAGE.os,
            },
        },
    })
}

pub(super) fn pod(world: &World, pod: &Pod) -> Value {
    let node = pod.node.and_then(|id| world.nodes.get(id));
    let host = node.and_then(|n| world.nics.get(n.nic)).and_then(crate::sim::fabric::nic::Nic::primary);
    let phase = if pod.phase == PodPhase::Running { "Running" } else { "Pending" };
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "creationTimestamp": timestamp(pod.created),
            "labels": labels_shown(pod_labels(world, pod)),
            "name": pod.name,
            "namespace": pod.namespace,
        },
        "spec": {
            "containers": [{ "image": pod.image, "name": pod.container }],
            "hostNetwork": pod.host_network,
            "nodeName": node.map(|n| &n.name),
        },
        "status": { "hostIP": host, "phase": phase, "podIP": pod.address },
    })
}

/// Pods of every workload of a cluster, counted once: present and running.
pub(super) fn census(world: &World, cluster: ClusterId) -> Ordered<WorkloadId, (u32, u32)> {
    let mut counts: Ordered<WorkloadId, (u32, u32)> = Ordered::default();
    for pod in world.pods.values().filter(|p| p.cluster == cluster) {
        let Some(workload) = pod.workload else { continue };
        let (present, running) = counts.get_or_insert_with(workload, || (0, 0));
        *present += 1;
        *running += u32::from(pod.phase == PodPhase::Running);
    }
    counts
}

/// Wanted, present and running pods of a workload.
pub(super) fn counts(world: &World, id: WorkloadId, census: &Ordered<WorkloadId, (u32, u32)>) -> (u32, u32, u32) {
    let (present, running) = census.get(&id).copied().unwrap_or((0, 0));
    let wanted = match world.workloads.get(id).map(|w| w.kind) {
        Some(WorkloadKind::Deployment { replicas }) => replicas,
        _ => present,
    };
    (wanted, present, running)
}

pub(super) fn workload(world: &World, id: WorkloadId, (wanted, present, running): (u32, u32, u32)) -> Value {
    let Some(workload) = world.workloads.get(id) else { return Value::Null };
    let kind = if matches!(workload.kind, WorkloadKind::DaemonSet) { "DaemonSet" } else { "Deployment" };
    json!({
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": { "name": workload.name, "namespace": workload.namespace },
        "spec": { "replicas": wanted },
        "status": { "availableReplicas": running, "readyReplicas": running, "replicas": present },
    })
}

/// What a node asked of Azure for its pods, and what it has.
pub(super) fn network_config(world: &World, id: NodeId) -> Value {
    let Some(node) = world.nodes.get(id) else { return Value::Null };
    let Some(cns) = node.cns() else { return Value::Null };
    let subnet = node.pod_subnet.and_then(|s| world.subnets.get(s));
    let addresses: Vec<Value> = cns.ips().map(|(address, _)| json!({ "ip": address })).collect();
    let container = cns.network_container();
    json!({
        "apiVersion": "acn.azure.com/v1alpha",
        "kind": "NodeNetworkConfig",
        "metadata": { "name": node.name, "namespace": "kube-system" },
        "spec": { "ipsNotInUse": cns.spec().not_in_use, "requestedIPCount": cns.spec().requested },
        "status": {
            "assignedIPCount": addresses.len(),
            "networkContainers": [{
                "id": container.map(|nc| &nc.id),
                "ipAssignments": addresses,
                "status": container.map(|nc| nc.status.code()),
                "subnetAddressSpace": subnet.map(|s| s.pool.prefix()),
                "subnetName": subnet.map(|s| &s.name),
                "type": "vnet",
                "assignmentMode": "dynamic",
                "version": container.map(|nc| nc.version),
            }],
            "scaler": {
                "batchSize": cns.scaler().batch_size,
                "maxIPCount": cns.scaler().max_ip_count,
                "releaseThresholdPercent": cns.scaler().release_threshold_percent,
                "requestThresholdPercent": cns.scaler().request_threshold_percent,
            },
        },
    })
}

/// Nodes of a cluster that have registered, by name.
pub(super) fn nodes(world: &World, cluster: ClusterId) -> Vec<NodeId> {
    let own = world.nodes.iter().filter(|(_, n)| n.cluster == cluster && n.registered.is_some());
    let mut nodes: Vec<(&str, NodeId)> = own.map(|(id, n)| (n.name.as_ref(), id)).collect();
    nodes.sort_unstable();
    nodes.into_iter().map(|(_, id)| id).collect()
}
