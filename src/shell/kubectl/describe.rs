//! `kubectl describe` of nodes and pods: the lines that say something of the network.

use super::objects::timestamp;
use super::{Kind, Line, events, find_pod, not_found, objects, targets};
use crate::shell::{Output, Shell, crictl};
use crate::sim::cluster::{NODE_IMAGE, PodPhase};
use crate::sim::ids::{ClusterId, PodId};

pub(super) fn run(shell: &mut Shell, line: &Line, cluster: ClusterId) -> Output {
    let words = line.words();
    let mut named = match targets(&words) {
        Ok(named) => named,
        Err(output) => return output,
    };
    let world = shell.session().world();
    let kind = words.first().and_then(|w| Kind::named(w.split('/').next().unwrap_or(w))).unwrap_or(Kind::Pod);
    if named.is_empty() {
        // Without a name, all of the kind.
        let pods =
            world.pods.values().filter(|p| p.cluster == cluster && line.within().is_none_or(|n| *p.namespace == *n));
        let nodes = world.nodes.values().filter(|n| n.cluster == cluster && n.registered.is_some());
        named = match kind {
            Kind::Pod => pods.map(|p| (kind, &*p.name)).collect(),
            Kind::Node => nodes.map(|n| (kind, &*n.name)).collect(),
            _ => Vec::new(),
        };
    }
    let mut texts = Vec::new();
    for (kind, name) in named {
        let text = match kind {
            Kind::Node => node(shell, cluster, name),
            Kind::Pod => find_pod(world, cluster, line.namespace(), name).and_then(|id| pod(shell, cluster, id)),
            kind => {
                let said = format!(
                    "podhop: describe {} is not simulated; nearest: kubectl get {} -o yaml",
                    kind.plural(),
                    kind.plural()
                );
                return Output::fail(1, said);
            }
        };
        match text {
            Some(text) => texts.push(text),
            None => return not_found(kind, name),
        }
    }
    Output::ok(texts.join("\n\n"))
}

fn labels(pairs: &[(String, String)]) -> String {
    let lines: Vec<String> = pairs.iter().map(|(k, v)| format!("{k}={v}")).collect();
    let text = if lines.is_empty() { "<none>".to_owned() } else { lines.join("\n                     ") };
    field("Labels", &text)
}

fn field(name: &str, value: &str) -> String {
    format!("{:<20} {value}\n", format!("{name}:"))
}

fn node(shell: &Shell, cluster: ClusterId, name: &str) -> Option<String> {
    let world = shell.session().world();
    let id = world.node_named(name)?;
    let node = world.nodes.get(id)?;
    let address = world.nics.get(node.nic)?.primary()?;
    let mut text = field("Name", &node.name) + &field("Roles", "agent");
    text += &labels(&objects::node_labels(node));
    text += &field("CreationTimestamp", &timestamp(node.registered?));
    text += &field("Unschedulable", if node.cordoned { "true" } else { "false" });
    text += &format!("Addresses:\n  Hostname:    {}\n  InternalIP:  {address}\n", node.name);
    if let Some(cidr) = node.pod_cidr {
        text += &(field("PodCIDR", &cidr.to_string()) + &field("PodCIDRs", &cidr.to_string()));
    }
    let pods: Vec<_> = world.pods.values().filter(|p| p.node == Some(id)).collect();
    text += &format!("Capacity:\n  pods:  {}\n", node.max_pods);
    let version = world.clusters.get(node.cluster).map_or("", |c| &c.version);
    let (runtime, runtime_version) = NODE_IMAGE.runtime;
    text += &format!(
        "System Info:\n  Kernel Version:             {}\n  OS Image:                   {}\n  Container Runtime Version:  {runtime}://{runtime_version}\n  Kubelet Version:            v{version}\n",
        NODE_IMAGE.kernel, NODE_IMAGE.os
    );
    text += &format!("Non-terminated Pods:  ({} in total)\n", pods.len());
    for pod in pods {
        text += &format!("  {:<24} {}\n", pod.namespace, pod.name);
    }
    text += &events::about(shell, cluster, &format!("node/{name}"));
    Some(text)
}

fn pod(shell: &Shell, cluster: ClusterId, id: PodId) -> Option<String> {
    let world = shell.session().world();
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
    text += &field("Start Time", &timestamp(pod.created));
    text += &labels(&objects::pod_labels(world, pod));
    text += &(field("Status", status) + &field("IP", &address));
    let ready = if pod.phase == PodPhase::Running { "True" } else { "False" };
    text += &format!(
        "Containers:\n  {}:\n    Container ID:   {}\n    Image:          {}\n    Ready:          {ready}\n    Restart Count:  0\n",
        pod.container,
        if pod.host.is_some() { crictl::container_uri(id) } else { String::new() },
        pod.image
    );
    text += &events::about(shell, cluster, &format!("pod/{}", pod.name));
    Some(text)
}
