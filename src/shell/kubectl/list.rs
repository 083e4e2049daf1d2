//! The rows of each kind of object.

use super::get::{Found, Object};
use super::{Kind, Line, objects};
use crate::shell::table::age;
use crate::sim::cluster::{NODE_IMAGE, NodePhase, Pod, PodPhase, WorkloadKind};
use crate::sim::ids::{ClusterId, NodeId, PodId, WorkloadId};
use crate::sim::time::Time;
use crate::sim::world::World;
use serde_json::json;

pub(super) fn since(world: &World, time: Time) -> String {
    age((world.now - time).as_millis() / 1000)
}

pub(super) fn nodes(world: &World, cluster: ClusterId, wide: bool) -> Found {
    let mut captions = vec!["NAME", "STATUS", "ROLES", "AGE", "VERSION"];
    if wide {
        captions.extend(["INTERNAL-IP", "EXTERNAL-IP", "OS-IMAGE", "KERNEL-VERSION", "CONTAINER-RUNTIME"]);
    }
    let mut found = Found::new(Kind::Node, captions);
    for id in objects::nodes(world, cluster) {
        let Some(node) = world.nodes.get(id) else { continue };
        let mut status = if node.phase == NodePhase::Ready { "Ready" } else { "NotReady" }.to_owned();
        if node.cordoned {
            status += ",SchedulingDisabled";
        }
        let version = world.clusters.get(cluster).map_or_else(String::new, |c| format!("v{}", c.version));
        let age = since(world, node.registered.unwrap_or_default());
        let mut row = vec![node.name.to_string(), status, "agent".to_owned(), age, version];
        if wide {
            let address = world.nics.get(node.nic).and_then(crate::sim::fabric::nic::Nic::primary);
            row.push(address.map_or_else(String::new, |a| a.to_string()));
            let runtime = format!("{}://{}", NODE_IMAGE.runtime.0, NODE_IMAGE.runtime.1);
            row.extend(["<none>", NODE_IMAGE.os, NODE_IMAGE.kernel, &runtime].map(str::to_owned));
        }
        found.push(&node.name, row, objects::node_labels(node), Object::Node(id));
    }
    found
}

/// What `kubectl` calls the state of a pod.
pub(super) const fn status(pod: &Pod) -> &'static str {
    match pod.phase {
        PodPhase::Pending => "Pending",
        PodPhase::ContainerCreating | PodPhase::SandboxFailed => "ContainerCreating",
        PodPhase::Running => "Running",
        PodPhase::Ended { status: 0 } => "Completed",
        PodPhase::Ended { .. } => "Error",
    }
}

pub(super) fn pods(world: &World, cluster: ClusterId, line: &Line, wide: bool) -> Found {
    let all = line.within().is_none();
    let mut captions = if all { vec!["NAMESPACE"] } else { Vec::new() };
    captions.extend(["NAME", "READY", "STATUS", "RESTARTS", "AGE"]);
    if wide {
        captions.extend(["IP", "NODE", "NOMINATED NODE", "READINESS GATES"]);
    }
    let mut found = Found::new(Kind::Pod, captions);
    let wanted = |pod: &Pod| pod.cluster == cluster && line.within().is_none_or(|n| pod.namespace.as_ref() == n);
    let mut own: Vec<(PodId, &Pod)> = world.pods.iter().filter(|(_, p)| wanted(p)).collect();
    own.sort_by(|(_, a), (_, b)| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
    for (id, pod) in own {
        let running = pod.phase == PodPhase::Running;
        let mut row = if all { vec![pod.namespace.to_string()] } else { Vec::new() };
        let ready = if running { "1/1" } else { "0/1" };
        row.extend([pod.name.to_string(), ready.into(), status(pod).into(), "0".into(), since(world, pod.created)]);
        if wide {
            let none = || "<none>".to_owned();
            row.push(pod.address.map_or_else(none, |a| a.to_string()));
            row.push(pod.node.and_then(|n| world.nodes.get(n)).map_or_else(none, |n| n.name.to_string()));
            row.extend([none(), none()]);
        }
        found.push(&pod.name, row, objects::pod_labels(world, pod), Object::Pod(id));
    }
    found
}

pub(super) fn workloads(world: &World, cluster: ClusterId, line: &Line, kind: Kind) -> Found {
    let all = line.within().is_none();
    let mut captions = if all { vec!["NAMESPACE"] } else { Vec::new() };
    captions.extend(match kind {
        Kind::DaemonSet => {
            vec!["NAME", "DESIRED", "CURRENT", "READY", "UP-TO-DATE", "AVAILABLE", "NODE SELECTOR", "AGE"]
        }
        Kind::ReplicaSet => vec!["NAME", "DESIRED", "CURRENT", "READY", "AGE"],
        _ => vec!["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE"],
    });
    let mut found = Found::new(kind, captions);
    let daemons = kind == Kind::DaemonSet;
    let mut own: Vec<(&str, String, WorkloadId)> = world
        .workloads
        .iter()
        .filter(|(_, w)| w.cluster == cluster && line.within().is_none_or(|n| w.namespace.as_ref() == n))
        .filter(|(_, w)| matches!(w.kind, WorkloadKind::DaemonSet) == daemons)
        .map(|(id, w)| {
            let name = if kind == Kind::ReplicaSet { format!("{}-{}", w.name, w.hash) } else { w.name.to_string() };
            (w.namespace.as_ref(), name, id)
        })
        .collect();
    own.sort();
    let census = objects::census(world, cluster);
    for (namespace, name, id) in own {
        let counts = objects::counts(world, id, &census);
        let (wanted, present, running) = counts;
        let [wanted, present, running] = [wanted, present, running].map(|n| n.to_string());
        let age = world.workloads.get(id).map_or_else(String::new, |w| since(world, w.created));
        let mut row = if all { vec![namespace.to_owned()] } else { Vec::new() };
        row.push(name.clone());
        row.extend(match kind {
            Kind::DaemonSet => vec![wanted, present.clone(), running.clone(), present, running, "<none>".into(), age],
            Kind::ReplicaSet => vec![wanted, present, running, age],
            _ => vec![format!("{running}/{wanted}"), present, running, age],
        });
        let labels = world.workloads.get(id).map(objects::workload_labels);
        found.push(&name, row, labels.unwrap_or_default(), Object::Workload(kind, id, counts));
    }
    found
}

/// When the cluster began: what AKS runs in it is as old.
fn begun(world: &World, cluster: ClusterId) -> Time {
    let own = world.workloads.values().filter(|w| w.cluster == cluster);
    own.map(|w| w.created).min().unwrap_or_default()
}

/// The service of the API server, which has the first address of the range, and that of DNS.
/// Source: kubernetes/kubernetes `pkg/controlplane/instance.go`; Azure/AKS.
pub(super) fn services(world: &World, cluster_id: ClusterId, line: &Line) -> Found {
    let all = line.within().is_none();
    let mut captions = if all { vec!["NAMESPACE"] } else { Vec::new() };
    captions.extend(["NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE"]);
    let mut found = Found::new(Kind::Service, captions);
    let Some(cluster) = world.clusters.get(cluster_id) else { return found };
    let first = cluster.service_cidr.hosts().next();
    let age = since(world, begun(world, cluster_id));
    let known = [
        ("default", "kubernetes", first, "443/TCP"),
        ("kube-system", "kube-dns", Some(cluster.dns_service_ip), "53/UDP,53/TCP"),
    ];
    for (namespace, name, address, ports) in known {
        if line.within().is_some_and(|n| n != namespace) {
            continue;
        }
        let address = address.map_or_else(String::new, |a| a.to_string());
        let mut row = if all { vec![namespace.to_owned()] } else { Vec::new() };
        row.extend([name, "ClusterIP", &address, "<none>", ports, &age].map(str::to_owned));
        let object = json!({
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": { "name": name, "namespace": namespace },
            "spec": { "clusterIP": address, "type": "ClusterIP" },
        });
        found.push(name, row, Vec::new(), Object::Made(object));
    }
    found
}

/// The namespace of azure-cns and of what it asks for.
const CONFIG_NAMESPACE: &str = "kube-system";

pub(super) fn configs(world: &World, cluster: ClusterId, line: &Line, wide: bool) -> Found {
    let all = line.within().is_none();
    let mut captions = if all { vec!["NAMESPACE", "NAME"] } else { vec!["NAME"] };
    if wide {
        captions.push("REQUESTED IPS");
    }
    captions.push("ALLOCATED IPS");
    if wide {
        captions.extend(["SUBNET", "SUBNET CIDR", "NC ID"]);
    }
    captions.push("NC MODE");
    if wide {
        captions.push("NC TYPE");
    }
    captions.push("NC VERSION");
    let mut found = Found::new(Kind::NetworkConfig, captions);
    if line.within().is_some_and(|namespace| namespace != CONFIG_NAMESPACE) {
        return found;
    }
    for id in objects::nodes(world, cluster) {
        if let Some((name, mut row)) = config_row(world, id, wide) {
            if all {
                row.insert(0, CONFIG_NAMESPACE.to_owned());
            }
            found.push(&name, row, Vec::new(), Object::Config(id));
        }
    }
    found
}

fn config_row(world: &World, id: NodeId, wide: bool) -> Option<(String, Vec<String>)> {
    let node = world.nodes.get(id)?;
    let cns = node.cns()?;
    let subnet = node.pod_subnet.and_then(|s| world.subnets.get(s))?;
    let container = cns.network_container();
    let mut row = vec![node.name.to_string()];
    if wide {
        row.push(cns.spec().requested.to_string());
    }
    row.push(cns.ips().count().to_string());
    if wide {
        let id = container.map_or_else(String::new, |nc| nc.id.to_string());
        row.extend([subnet.name.to_string(), subnet.pool.prefix().to_string(), id]);
    }
    row.push("dynamic".to_owned());
    if wide {
        row.push("vnet".to_owned());
    }
    row.push(container.map_or_else(String::new, |nc| nc.version.to_string()));
    Some((node.name.to_string(), row))
}

/// Those that every cluster has. Source: kubernetes/kubernetes `pkg/controlplane/instance.go` (`SystemNamespaces`).
pub(super) fn namespaces(world: &World, cluster: ClusterId) -> Found {
    let mut found = Found::new(Kind::Namespace, vec!["NAME", "STATUS", "AGE"]);
    let begun = begun(world, cluster);
    for name in ["default", "kube-node-lease", "kube-public", "kube-system"] {
        let object = json!({
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": { "creationTimestamp": objects::timestamp(begun), "name": name },
            "status": { "phase": "Active" },
        });
        found.push_made(name, vec![name.to_owned(), "Active".to_owned(), since(world, begun)], object);
    }
    found
}
