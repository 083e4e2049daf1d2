//! `kubectl describe` of nodes and pods, as far as the simulation knows of what it says.
//! Source: kubernetes/kubectl `pkg/describe/describe.go`; what the real one printed of the same objects.

use super::objects::Facts;
use super::{Kind, Line, events, find_pod, not_found, objects, targets};
use crate::shell::table::elastic;
use crate::shell::{Output, Shell, crictl};
use crate::sim::cluster::{NODE_IMAGE, PodPhase};
use crate::sim::ids::{ClusterId, PodId};
use crate::sim::time::Time;

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
        let nodes = objects::nodes(world, cluster).into_iter().filter_map(|id| world.nodes.get(id));
        named = match kind {
            Kind::Pod => pods.map(|p| (kind, &*p.name)).collect(),
            Kind::Node => nodes.map(|n| (kind, &*n.name)).collect(),
            _ => Vec::new(),
        };
        named.sort_by_key(|(_, name)| *name);
    }
    let facts = Facts::of(shell);
    let mut texts = Vec::new();
    for (kind, name) in named {
        let text = match kind {
            Kind::Node => node(shell, &facts, cluster, name),
            Kind::Pod => {
                find_pod(world, cluster, line.namespace(), name).and_then(|id| pod(shell, &facts, cluster, id))
            }
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
            Some(text) => texts.push(elastic(&text)),
            None => return not_found(kind, name),
        }
    }
    Output::ok(texts.join("\n\n"))
}

/// Labels below each other.
fn labels(pairs: &[(String, String)]) -> String {
    let lines: Vec<String> = pairs.iter().map(|(k, v)| format!("{k}={v}")).collect();
    format!("Labels:\t{}\n", if lines.is_empty() { "<none>".to_owned() } else { lines.join("\n\t") })
}

/// A time as Go's RFC 1123 has it; the first day of November 2021 was a Monday.
fn date(time: Time) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let seconds = time.0 / 1_000_000_000;
    // As `timestamp` has it: thirty days, over and over.
    let days = usize::try_from(seconds / 86_400 % 30).unwrap_or(0);
    let (hours, minutes) = (seconds / 3600 % 24, seconds / 60 % 60);
    let name = DAYS[days % DAYS.len()];
    format!("{name}, {:02} Nov 2021 {hours:02}:{minutes:02}:{:02} +0000", days + 1, seconds % 60)
}

fn node(shell: &Shell, facts: &Facts<'_>, cluster: ClusterId, name: &str) -> Option<String> {
    let world = facts.world;
    let id = world.node_named(name)?;
    let node = world.nodes.get(id)?;
    let address = world.nics.get(node.nic)?.primary()?;
    let mut text = format!("Name:\t{name}\nRoles:\tagent\n") + &labels(&objects::node_labels(node));
    text += &format!("Annotations:\t<none>\nCreationTimestamp:\t{}\n", date(node.registered?));
    let taints: Vec<String> =
        objects::taints(node).into_iter().map(|(effect, key)| format!("{key}:{effect}")).collect();
    text += &format!("Taints:\t{}\n", if taints.is_empty() { "<none>".to_owned() } else { taints.join("\n\t") });
    text += &format!("Unschedulable:\t{}\n", node.cordoned);
    let (ready, reason, message) = objects::readiness(node);
    let (reported, heard) = (date(facts.reported(id, node)), date(facts.heard(id, node)));
    text += "Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage\n";
    text += "  ----\t------\t-----------------\t------------------\t------\t-------\n";
    text += &format!("  Ready \t{ready} \t{reported} \t{heard} \t{reason} \t{message}\n");
    text += &format!("Addresses:\n  Hostname:\t{name}\n  InternalIP:\t{address}\n");
    text += &format!("Capacity:\n  pods:\t{}\nAllocatable:\n  pods:\t{}\n", node.max_pods, node.max_pods);
    let version = world.clusters.get(node.cluster).map_or("", |c| &c.version);
    let (runtime, runtime_version) = NODE_IMAGE.runtime;
    text += &format!(
        "System Info:\n  Kernel Version:\t{}\n  OS Image:\t{}\n  Operating System:\tlinux\n  Architecture:\tamd64\n  Container Runtime Version:\t{runtime}://{runtime_version}\n  Kubelet Version:\tv{version}\n  Kube-Proxy Version:\tv{version}\n",
        NODE_IMAGE.kernel, NODE_IMAGE.os
    );
    if let Some(cidr) = node.pod_cidr {
        text += &format!("PodCIDR:\t{cidr}\nPodCIDRs:\t{cidr}\n");
    }
    let mut pods: Vec<_> = world.pods.values().filter(|p| p.node == Some(id) && !p.has_ended()).collect();
    pods.sort_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
    // What they ask of processor and memory is not simulated.
    text +=
        &format!("Non-terminated Pods:\t({} in total)\n  Namespace\tName\tAge\n  ---------\t----\t---\n", pods.len());
    for pod in pods {
        text += &format!("  {}\t{}\t{}\n", pod.namespace, pod.name, super::list::since(world, pod.created));
    }
    Some(text + &events::about(shell, cluster, &format!("node/{name}")))
}

fn pod(shell: &Shell, facts: &Facts<'_>, cluster: ClusterId, id: PodId) -> Option<String> {
    let world = facts.world;
    let pod = world.pods.get(id)?;
    let node = pod.node.and_then(|n| world.nodes.get(n));
    let host = node.and_then(|n| world.nics.get(n.nic)).and_then(crate::sim::fabric::nic::Nic::primary);
    let mut text = format!("Name:\t{}\nNamespace:\t{}\n", pod.name, pod.namespace);
    text += &match (node, host) {
        (Some(node), Some(host)) => {
            format!("Node:\t{}/{host}\nStart Time:\t{}\n", node.name, date(pod.created))
        }
        _ => "Node:\t<none>\n".to_owned(),
    };
    text += &(labels(&objects::pod_labels(world, pod)) + "Annotations:\t<none>\n");
    let status = objects::phase(pod);
    text += &format!("Status:\t{status}\nIP:\t{}\n", pod.address.map_or_else(String::new, |a| a.to_string()));
    text += &pod.address.map_or_else(|| "IPs:\t<none>\n".to_owned(), |a| format!("IPs:\n  IP:\t{a}\n"));
    if let Some((kind, name)) = pod.workload.and_then(|w| world.workloads.get(w)).map(objects::owner) {
        text += &format!("Controlled By:\t{kind}/{name}\n");
    }
    text += &container(facts, id);
    text += "Conditions:\n  Type\tStatus\n";
    for (name, on) in objects::conditions(pod) {
        text += &format!("  {name} \t{} \n", if on { "True" } else { "False" });
    }
    text += "Volumes:\t<none>\nQoS Class:\tBestEffort\nNode-Selectors:\t<none>\nTolerations:\t<none>\n";
    Some(text + &events::about(shell, cluster, &format!("pod/{}", pod.name)))
}

fn container(facts: &Facts<'_>, id: PodId) -> String {
    let Some(pod) = facts.world.pods.get(id) else { return String::new() };
    let running = pod.phase == PodPhase::Running;
    let mut text = format!("Containers:\n  {}:\n", pod.container);
    if pod.node.is_some() {
        text += &format!(
            "    Container ID:\t{}\n",
            if running || pod.has_ended() { crictl::container_uri(id) } else { String::new() }
        );
    }
    text += &format!("    Image:\t{}\n", pod.image);
    if pod.node.is_some() {
        text += "    Image ID:\t\n";
    }
    text += "    Port:\t<none>\n    Host Port:\t<none>\n";
    if running {
        text += &format!("    State:\tRunning\n      Started:\t{}\n", date(facts.started(id, pod)));
    } else if let PodPhase::Ended { status } = pod.phase {
        text += &format!(
            "    State:\tTerminated\n      Reason:\t{}\n      Exit Code:\t{status}\n      Started:\t{}\n      Finished:\t{}\n",
            super::list::status(pod),
            date(facts.started(id, pod)),
            date(facts.ended(id, pod))
        );
    } else if pod.node.is_some() {
        text += "    State:\tWaiting\n      Reason:\tContainerCreating\n";
    }
    if pod.node.is_some() {
        text += &format!("    Ready:\t{}\n    Restart Count:\t0\n", if running { "True" } else { "False" });
    }
    text + "    Environment:\t<none>\n    Mounts:\t<none>\n"
}
