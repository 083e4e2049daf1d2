//! Kubernetes objects as JSON, made from the state of the simulation.

use crate::sim::cluster::{NodePhase, Pod, PodPhase, Workload, WorkloadKind};
use crate::sim::ids::{ClusterId, NodeId, WorkloadId};
use crate::sim::time::Time;
use crate::sim::world::World;
use serde_json::{Value, json};

/// A list of objects, or the only one.
pub(super) fn listed(items: Vec<Value>, single: bool) -> Value {
    match (single, items) {
        (true, items) if items.len() == 1 => items.into_iter().next().unwrap_or(Value::Null),
        (_, items) => json!({ "apiVersion": "v1", "items": items, "kind": "List" }),
    }
}

/// Virtual time as a date.
pub(super) fn timestamp(time: Time) -> String {
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
            "labels": {
                "agentpool": node.pool,
                "kubernetes.azure.com/agentpool": node.pool,
                "kubernetes.io/hostname": node.name,
                "kubernetes.io/os": "linux",
                "kubernetes.io/role": "agent",
            },
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
            "nodeInfo": { "kubeletVersion": format!("v{version}") },
        },
    })
}

pub(super) fn pod(world: &World, pod: &Pod) -> Value {
    let node = pod.node.and_then(|id| world.nodes.get(id));
    let host = node.and_then(|n| world.nics.get(n.nic)).and_then(crate::sim::fabric::nic::Nic::primary);
    let workload = pod.workload.and_then(|id| world.workloads.get(id));
    let phase = if pod.phase == PodPhase::Running { "Running" } else { "Pending" };
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "creationTimestamp": timestamp(pod.created),
            "labels": labels(workload),
            "name": pod.name,
            "namespace": pod.namespace,
        },
        "spec": {
            "containers": [{ "image": workload.map(|w| &w.image), "name": workload.map(|w| &w.name) }],
            "hostNetwork": pod.host_network,
            "nodeName": node.map(|n| &n.name),
        },
        "status": { "hostIP": host, "phase": phase, "podIP": pod.address },
    })
}

fn labels(workload: Option<&Workload>) -> Value {
    match workload {
        Some(workload) if matches!(workload.kind, WorkloadKind::Deployment { .. }) => {
            json!({ "app": workload.name, "pod-template-hash": workload.hash })
        }
        Some(workload) => json!({ "app": workload.name }),
        None => json!({}),
    }
}

/// Wanted, present and running pods of a workload.
pub(super) fn counts(world: &World, id: WorkloadId) -> (u32, u32, u32) {
    let own = || world.pods.values().filter(move |p| p.workload == Some(id));
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let present = count(own().count());
    let running = count(own().filter(|p| p.phase == PodPhase::Running).count());
    let wanted = match world.workloads.get(id).map(|w| w.kind) {
        Some(WorkloadKind::Deployment { replicas }) => replicas,
        _ => present,
    };
    (wanted, present, running)
}

pub(super) fn workload(world: &World, id: WorkloadId) -> Value {
    let Some(workload) = world.workloads.get(id) else { return Value::Null };
    let (wanted, present, running) = counts(world, id);
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
