//! Kubernetes objects as JSON, made from the state of the simulation.

use super::Kind;
use crate::shell::{Shell, crictl};
use crate::sim::cluster::{NODE_IMAGE, Node, NodePhase, Pod, PodPhase, Workload, WorkloadKind};
use crate::sim::ids::{ClusterId, NodeId, PodId, WorkloadId};
use crate::sim::ordered::Ordered;
use crate::sim::record::control::ControlStep;
use crate::sim::record::decision::Decision;
use crate::sim::time::{Span, Time};
use crate::sim::world::World;
use serde_json::{Value, json};

/// Labels of an object, by key.
pub(super) type Pairs = Vec<(String, String)>;

/// What the record says of the times of objects, beside the world.
pub(in crate::shell) struct Facts<'a> {
    pub(in crate::shell) world: &'a World,
    started: Ordered<PodId, Time>,
    ended: Ordered<PodId, Time>,
    ready: Ordered<NodeId, Time>,
}

impl<'a> Facts<'a> {
    pub(in crate::shell) fn of(shell: &'a Shell) -> Self {
        let (mut started, mut ended, mut ready) = (Ordered::default(), Ordered::default(), Ordered::default());
        for step in shell.session().turns().iter().flat_map(|turn| turn.record.steps.iter()) {
            let Decision::Control(control) = &step.decision else { continue };
            match &**control {
                ControlStep::PodRunning { pod } => *started.get_or_insert_with(*pod, Time::default) = step.time,
                ControlStep::PodEnded { pod, .. } => *ended.get_or_insert_with(*pod, Time::default) = step.time,
                ControlStep::NodeReady { node } => *ready.get_or_insert_with(*node, Time::default) = step.time,
                _ => {}
            }
        }
        Self { world: shell.session().world(), started, ended, ready }
    }

    /// When the container of a pod was started.
    pub(in crate::shell) fn started(&self, id: PodId, pod: &Pod) -> Time {
        self.started.get(&id).copied().unwrap_or(pod.created).max(pod.created)
    }

    /// When the container of a pod ended.
    pub(in crate::shell) fn ended(&self, id: PodId, pod: &Pod) -> Time {
        self.ended.get(&id).copied().unwrap_or(pod.created).max(pod.created)
    }

    /// When the kubelet last said that its node is as it was: at least every five minutes. Source: kubernetes/kubernetes
    /// `pkg/kubelet/apis/config/v1beta1/defaults.go` (`NodeStatusReportFrequency`).
    pub(super) fn reported(&self, id: NodeId, node: &Node) -> Time {
        const EVERY: Span = Span::secs(300);
        let heard = self.heard(id, node);
        if heard > self.world.now {
            return heard;
        }
        heard + Span((self.world.now - heard).0 / EVERY.0 * EVERY.0)
    }

    /// When the kubelet last had something new to say of its node.
    pub(super) fn heard(&self, id: NodeId, node: &Node) -> Time {
        let registered = node.registered.unwrap_or_default();
        self.ready.get(&id).copied().unwrap_or(registered).max(registered)
    }
}

/// An object without the fields that have no value, as the API server leaves them out.
pub(super) fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let there = fields.into_iter().filter(|(_, field)| !field.is_null());
            Value::Object(there.map(|(name, field)| (name, without_nulls(field))).collect())
        }
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

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

/// The labels by which a workload knows its pods: `app` of what somebody made, AKS's own of what AKS runs.
/// Source: Azure/aks-engine `parts/k8s/addons` (coredns, ip-masq-agent, kube-proxy, metrics-server); Azure/AKS.
fn own_labels(workload: &Workload) -> Vec<(&str, &str)> {
    let name = &*workload.name;
    match (&*workload.namespace, name) {
        ("kube-system", "coredns") => {
            vec![("k8s-app", "kube-dns"), ("kubernetes.io/cluster-service", "true"), ("version", "v20")]
        }
        ("kube-system", "kube-proxy") => vec![("component", name), ("tier", "node")],
        ("kube-system", "azure-ip-masq-agent") => {
            vec![("k8s-app", name), ("kubernetes.io/cluster-service", "true"), ("tier", "node")]
        }
        ("kube-system", "konnectivity-agent") => vec![("app", name)],
        ("kube-system", _) => vec![("k8s-app", name)],
        _ => vec![("app", name)],
    }
}

/// As they stand on the workload itself.
pub(super) fn workload_labels(workload: &Workload) -> Pairs {
    merged(own_labels(workload), std::iter::empty())
}

/// Name of the replica set, where a workload has one.
pub(super) fn replica_set(workload: &Workload) -> Option<String> {
    matches!(workload.kind, WorkloadKind::Deployment { .. }).then(|| format!("{}-{}", workload.name, workload.hash))
}

/// Those of the pod's workload, and what somebody added.
pub(super) fn pod_labels(world: &World, pod: &Pod) -> Pairs {
    let workload = pod.workload.and_then(|id| world.workloads.get(id));
    let mut base = workload.map_or_else(Vec::new, own_labels);
    let of_deployment = workload.filter(|w| matches!(w.kind, WorkloadKind::Deployment { .. }));
    base.extend(of_deployment.map(|w| ("pod-template-hash", &*w.hash)));
    merged(base, pod.labels.iter().map(|(k, v)| (&**k, &**v)))
}

fn labels_shown(labels: Pairs) -> Value {
    labels.into_iter().map(|(k, v)| (k, Value::String(v))).collect::<serde_json::Map<_, _>>().into()
}

/// A list of objects, or the only one.
pub(super) fn listed(items: Vec<Value>, single: bool) -> Value {
    match (single, items) {
        (true, items) if items.len() == 1 => items.into_iter().next().unwrap_or(Value::Null),
        // In the order of keys, as the items are.
        (_, items) => {
            json!({ "apiVersion": "v1", "items": items, "kind": "List", "metadata": { "resourceVersion": "" } })
        }
    }
}

/// Virtual time as a date.
pub(in crate::shell) fn timestamp(time: Time) -> String {
    let seconds = time.0 / 1_000_000_000;
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    format!("2021-11-{:02}T{:02}:{:02}:{:02}Z", 1 + days % 30, rest / 3600, rest / 60 % 60, rest % 60)
}

/// Effect and key of each taint. Source: kubernetes/kubernetes `pkg/controller/nodelifecycle`.
pub(super) fn taints(node: &Node) -> Vec<(&'static str, &'static str)> {
    let mut taints = Vec::new();
    if node.phase != NodePhase::Ready {
        taints.push(("NoSchedule", "node.kubernetes.io/not-ready"));
    }
    if node.cordoned {
        taints.push(("NoSchedule", "node.kubernetes.io/unschedulable"));
    }
    taints
}

/// Status, reason and message of the condition `Ready`. Source: kubernetes/kubernetes `pkg/kubelet/nodestatus/setters.go`.
pub(super) fn readiness(node: &Node) -> (&'static str, &'static str, &'static str) {
    if node.phase == NodePhase::Ready {
        ("True", "KubeletReady", "kubelet is posting ready status. AppArmor enabled")
    } else {
        ("False", "KubeletNotReady", "container runtime network not ready: NetworkReady=false")
    }
}

pub(super) fn node(facts: &Facts<'_>, id: NodeId) -> Value {
    let world = facts.world;
    let Some(node) = world.nodes.get(id) else { return Value::Null };
    let address = world.nics.get(node.nic).and_then(crate::sim::fabric::nic::Nic::primary);
    let version = world.clusters.get(node.cluster).map_or("", |c| &c.version);
    let (ready, reason, message) = readiness(node);
    let heard = timestamp(facts.heard(id, node));
    let taints: Vec<Value> =
        taints(node).into_iter().map(|(effect, key)| json!({ "effect": effect, "key": key })).collect();
    json!({
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "creationTimestamp": timestamp(node.registered.unwrap_or_default()),
            "labels": labels_shown(node_labels(node)),
            "name": node.name,
        },
        "spec": {
            "podCIDR": node.pod_cidr,
            "podCIDRs": node.pod_cidr.map(|cidr| [cidr]),
            "taints": if taints.is_empty() { Value::Null } else { taints.into() },
            "unschedulable": node.cordoned.then_some(true),
        },
        "status": {
            "addresses": [
                { "address": node.name, "type": "Hostname" },
                { "address": address, "type": "InternalIP" },
            ],
            "allocatable": { "pods": node.max_pods.to_string() },
            "capacity": { "pods": node.max_pods.to_string() },
            "conditions": [{
                "lastHeartbeatTime": timestamp(facts.reported(id, node)),
                "lastTransitionTime": heard,
                "message": message,
                "reason": reason,
                "status": ready,
                "type": "Ready",
            }],
            "nodeInfo": {
                "architecture": "amd64",
                "containerRuntimeVersion": format!("{}://{}", NODE_IMAGE.runtime.0, NODE_IMAGE.runtime.1),
                "kernelVersion": NODE_IMAGE.kernel,
                "kubeProxyVersion": format!("v{version}"),
                "kubeletVersion": format!("v{version}"),
                "operatingSystem": "linux",
                "osImage": NODE_IMAGE.os,
            },
        },
    })
}

/// What controls a pod: kind and name.
pub(super) fn owner(workload: &Workload) -> (&'static str, String) {
    match workload.kind {
        WorkloadKind::Deployment { .. } => ("ReplicaSet", format!("{}-{}", workload.name, workload.hash)),
        WorkloadKind::DaemonSet => ("DaemonSet", workload.name.to_string()),
    }
}

/// Whether `kubectl debug` made it: a pod in its node's network that no workload controls.
fn is_debugger(pod: &Pod) -> bool {
    pod.host_network && pod.workload.is_none()
}

fn owned_by(kind: &str, name: &str) -> Value {
    json!([{ "apiVersion": "apps/v1", "blockOwnerDeletion": true, "controller": true, "kind": kind, "name": name }])
}

/// What is true of a pod, in the order of the kubelet. Source: kubernetes/kubernetes `pkg/kubelet/status/generate.go`.
pub(super) fn conditions(pod: &Pod) -> Vec<(&'static str, bool)> {
    let running = pod.phase == PodPhase::Running;
    if pod.node.is_none() {
        return vec![("PodScheduled", false)];
    }
    vec![("Initialized", true), ("Ready", running), ("ContainersReady", running), ("PodScheduled", true)]
}

/// Why a container of a pod that has its node does not run.
const WAITS: &str = "ContainerCreating";

/// The phase of a pod. Source: kubernetes/kubernetes `pkg/kubelet/kubelet_pods.go` (`getPhase`).
pub(super) const fn phase(pod: &Pod) -> &'static str {
    match pod.phase {
        PodPhase::Pending | PodPhase::ContainerCreating | PodPhase::SandboxFailed => "Pending",
        PodPhase::Running => "Running",
        PodPhase::Ended { status: 0 } => "Succeeded",
        PodPhase::Ended { .. } => "Failed",
    }
}

fn container_state(facts: &Facts<'_>, id: PodId, pod: &Pod) -> Value {
    let started = || timestamp(facts.started(id, pod));
    match pod.phase {
        PodPhase::Running => json!({ "running": { "startedAt": started() } }),
        PodPhase::Ended { status } => json!({ "terminated": {
            "containerID": crictl::container_uri(id),
            "exitCode": status,
            "finishedAt": timestamp(facts.ended(id, pod)),
            "reason": super::list::status(pod),
            "startedAt": started(),
        } }),
        _ => json!({ "waiting": { "reason": WAITS } }),
    }
}

fn container_status(facts: &Facts<'_>, id: PodId, pod: &Pod) -> Value {
    let running = pod.phase == PodPhase::Running;
    let state = container_state(facts, id, pod);
    json!([{
        "containerID": (running || pod.has_ended()).then(|| crictl::container_uri(id)),
        "image": pod.image,
        "imageID": "",
        "name": pod.container,
        "ready": running,
        "restartCount": 0,
        "started": running,
        "state": state,
    }])
}

pub(super) fn pod(facts: &Facts<'_>, id: PodId) -> Value {
    let world = facts.world;
    let Some(pod) = world.pods.get(id) else { return Value::Null };
    let node = pod.node.and_then(|id| world.nodes.get(id));
    let host = node.and_then(|n| world.nics.get(n.nic)).and_then(crate::sim::fabric::nic::Nic::primary);
    let owner = pod.workload.and_then(|w| world.workloads.get(w)).map(owner);
    let labels = pod_labels(world, pod);
    let condition = |(name, on): (&str, bool)| json!({ "status": if on { "True" } else { "False" }, "type": name });
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "creationTimestamp": timestamp(pod.created),
            "generateName": owner.as_ref().map(|(_, name)| format!("{name}-")),
            "labels": if labels.is_empty() { Value::Null } else { labels_shown(labels) },
            "name": pod.name,
            "namespace": pod.namespace,
            "ownerReferences": owner.as_ref().map(|(kind, name)| owned_by(kind, name)),
        },
        "spec": {
            "containers": [{ "image": pod.image, "name": pod.container }],
            "hostNetwork": pod.host_network.then_some(true),
            "nodeName": node.map(|n| &n.name),
            "restartPolicy": if is_debugger(pod) || pod.has_ended() { "Never" } else { "Always" },
        },
        "status": {
            "conditions": conditions(pod).into_iter().map(condition).collect::<Vec<Value>>(),
            "containerStatuses": node.map(|_| container_status(facts, id, pod)),
            "hostIP": host,
            "phase": phase(pod),
            "podIP": pod.address,
            "podIPs": pod.address.map(|ip| json!([{ "ip": ip }])),
            "qosClass": "BestEffort",
            "startTime": node.map(|_| timestamp(pod.created)),
        },
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

/// A workload as the resource of a kind: a deployment is also its replica set.
pub(super) fn workload(
    world: &World,
    kind: Kind,
    id: WorkloadId,
    (wanted, present, running): (u32, u32, u32),
) -> Value {
    let Some(workload) = world.workloads.get(id) else { return Value::Null };
    let plain = labels_shown(workload_labels(workload));
    let mut labels = plain.clone();
    if kind != Kind::DaemonSet {
        labels["pod-template-hash"] = json!(workload.hash);
    }
    let (replicas, name, owner) = match kind {
        Kind::ReplicaSet => (Some(wanted), owner(workload).1, Some(owned_by("Deployment", &workload.name))),
        Kind::DaemonSet => (None, workload.name.to_string(), None),
        _ => (Some(wanted), workload.name.to_string(), None),
    };
    let own = if kind == Kind::ReplicaSet { labels.clone() } else { plain };
    let template = if kind == Kind::ReplicaSet { labels } else { own.clone() };
    let status = if kind == Kind::DaemonSet {
        json!({
            "currentNumberScheduled": present,
            "desiredNumberScheduled": wanted,
            "numberAvailable": running,
            "numberReady": running,
            "updatedNumberScheduled": present,
        })
    } else {
        json!({ "availableReplicas": running, "readyReplicas": running, "replicas": present })
    };
    json!({
        "apiVersion": "apps/v1",
        "kind": kind.kind(),
        "metadata": {
            "creationTimestamp": timestamp(workload.created),
            "labels": own,
            "name": name,
            "namespace": workload.namespace,
            "ownerReferences": owner,
        },
        "spec": {
            "replicas": replicas,
            "selector": { "matchLabels": own },
            "template": {
                "metadata": { "labels": template },
                "spec": {
                    "containers": [{ "image": workload.image, "name": workload.name }],
                    "hostNetwork": workload.host_network.then_some(true),
                },
            },
        },
        "status": status,
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
