//! `kubectl describe` of nodes and pods: the lines that say something of the network.

use super::objects::timestamp;
use super::{Line, find_pod, no_such_resource, not_found, resource};
use crate::shell::{Output, Shell};
use crate::sim::cluster::PodPhase;
use crate::sim::ids::ClusterId;
use crate::sim::world::World;

pub(super) fn run(shell: &Shell, cluster: ClusterId, line: &Line, what: &str, names: &[&str]) -> Output {
    let (what, name) = match (what.split_once('/'), names) {
        (Some((what, name)), _) => (what, name),
        (None, [name, ..]) => (what, *name),
        (None, []) => return Output::fail(1, "error: resource name may not be empty"),
    };
    let world = shell.session().world();
    match resource(what) {
        Some("node") => node(world, name).map_or_else(|| not_found("node", name), Output::ok),
        Some("pod") => {
            let found = find_pod(world, cluster, line.namespace(), name);
            found.and_then(|id| pod(world, id)).map_or_else(|| not_found("pod", name), Output::ok)
        }
        _ => no_such_resource(what),
    }
}

fn field(name: &str, value: &str) -> String {
    format!("{:<20} {value}\n", format!("{name}:"))
}

fn node(world: &World, name: &str) -> Option<String> {
    let id = world.node_named(name)?;
    let node = world.nodes.get(id)?;
    let address = world.nics.get(node.nic)?.primary()?;
    let mut text = field("Name", &node.name) + &field("Roles", "agent");
    text += &field("CreationTimestamp", &timestamp(node.registered?));
    text += &field("Unschedulable", if node.cordoned { "true" } else { "false" });
    text += &format!("Addresses:\n  Hostname:    {}\n  InternalIP:  {address}\n", node.name);
    if let Some(cidr) = node.pod_cidr {
        text += &(field("PodCIDR", &cidr.to_string()) + &field("PodCIDRs", &cidr.to_string()));
    }
    let pods: Vec<_> = world.pods.values().filter(|p| p.node == Some(id)).collect();
    text += &format!("Capacity:\n  pods:  {}\n", node.max_pods);
    text += &format!("Non-terminated Pods:  ({} in total)\n", pods.len());
    for pod in pods {
        text += &format!("  {:<24} {}\n", pod.namespace, pod.name);
    }
    Some(text)
}

fn pod(world: &World, id: crate::sim::ids::PodId) -> Option<String> {
    let pod = world.pods.get(id)?;
    let node = pod.node.and_then(|n| world.nodes.get(n));
    let host = node.and_then(|n| world.nics.get(n.nic)).and_then(crate::sim::fabric::nic::Nic::primary);
    let placed = match (node, host) {
        (Some(node), Some(host)) => format!("{}/{host}", node.name),
        _ => "<none>".to_owned(),
    };
    let status = if pod.phase == PodPhase::Running { "Running" } else { "Pending" };
    let address = pod.address.map_or_else(String::new, |a| a.to_string());
    let mut text = field("Name", &pod.name) + &field("Namespace", &pod.namespace) + &field("Node", &placed);
    text += &(field("Start Time", &timestamp(pod.created)) + &field("Status", status) + &field("IP", &address));
    text += "Events:\n";
    let event = match pod.phase {
        PodPhase::Pending => "  Warning  FailedScheduling        no node fits the pod\n".to_owned(),
        PodPhase::SandboxFailed => {
            "  Warning  FailedCreatePodSandBox  the CNI plugin gave the pod no network; the kubelet tries again\n"
                .to_owned()
        }
        _ => format!("  Normal   Scheduled               assigned {}/{} to {placed}\n", pod.namespace, pod.name),
    };
    Some(text + &event)
}
