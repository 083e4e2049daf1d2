//! `kubectl events` and `kubectl get events`: what the control loops wrote down, in the words of the components.
//! Source: kubernetes/kubernetes `pkg/scheduler/schedule_one.go`, `pkg/kubelet/events/event.go`,
//! `pkg/controller/nodeipam/ipam/range_allocator.go`.

use super::get::Found;
use super::list::since;
use super::objects::timestamp;
use super::{Kind, Line};
use crate::shell::table::tabwriter;
use crate::shell::{Output, Shell};
use crate::sim::ids::{ClusterId, NodeId, PodId};
use crate::sim::record::control::ControlStep;
use crate::sim::record::decision::{Decision, Fit};
use crate::sim::time::Time;
use crate::sim::world::World;
use serde_json::json;

/// One event.
pub(super) struct Event {
    time: Time,
    warning: bool,
    reason: &'static str,
    /// Namespace, and `pod/NAME` or `node/NAME`.
    namespace: String,
    object: String,
    message: String,
}

/// Most that are shown, the latest.
const MOST: usize = 1000;

/// Events of a cluster by time. Those about pods that are gone cannot be told any more, as in a real cluster after an
/// hour.
pub(super) fn all(shell: &Shell, cluster: ClusterId) -> Vec<Event> {
    let world = shell.session().world();
    let mut events = Vec::new();
    for turn in shell.session().turns().iter().rev() {
        for step in turn.record.steps.iter().rev() {
            if let Decision::Control(control) = &step.decision
                && events.len() < MOST
            {
                events.extend(event(world, cluster, control, step.time));
            }
        }
    }
    events.reverse();
    events
}

fn event(world: &World, cluster: ClusterId, step: &ControlStep, time: Time) -> Option<Event> {
    match step {
        ControlStep::PodScheduled { pod, node, .. } => {
            let node = world.nodes.get(*node)?;
            let said = |key: &str| format!("Successfully assigned {key} to {}", node.name);
            of_pod(world, cluster, *pod, time, (false, "Scheduled"), said)
        }
        ControlStep::PodPending { pod, scores } => {
            let message = unschedulable(scores.iter().map(|s| s.fit));
            of_pod(world, cluster, *pod, time, (true, "FailedScheduling"), |_| message)
        }
        ControlStep::PodNetworkFailed { pod, .. } => {
            let said = |key: &str| {
                format!(
                    "Failed to create pod sandbox: plugin type failed to set up pod \"{}\" network",
                    key.replace('/', "_")
                )
            };
            of_pod(world, cluster, *pod, time, (true, "FailedCreatePodSandBox"), said)
        }
        ControlStep::PodRunning { pod } => {
            let container = world.pods.get(*pod)?.container.to_string();
            of_pod(world, cluster, *pod, time, (false, "Started"), |_| format!("Started container {container}"))
        }
        ControlStep::NodeRegistered { node } => {
            of_node(world, cluster, *node, time, (false, "RegisteredNode"), |name| {
                format!("Node {name} event: Registered Node {name} in Controller")
            })
        }
        ControlStep::NodeReady { node } => of_node(world, cluster, *node, time, (false, "NodeReady"), |name| {
            format!("Node {name} status is now: NodeReady")
        }),
        ControlStep::NodeCidrExhausted { node } => {
            of_node(world, cluster, *node, time, (true, "CIDRNotAvailable"), |name| {
                format!("Node {name} status is now: CIDRNotAvailable")
            })
        }
        _ => None,
    }
}

fn of_pod(
    world: &World,
    cluster: ClusterId,
    id: PodId,
    time: Time,
    (warning, reason): (bool, &'static str),
    said: impl FnOnce(&str) -> String,
) -> Option<Event> {
    let pod = world.pods.get(id).filter(|p| p.cluster == cluster)?;
    let message = said(&pod.key());
    let (namespace, object) = (pod.namespace.to_string(), format!("pod/{}", pod.name));
    Some(Event { time, warning, reason, namespace, object, message })
}

fn of_node(
    world: &World,
    cluster: ClusterId,
    id: NodeId,
    time: Time,
    (warning, reason): (bool, &'static str),
    said: impl FnOnce(&str) -> String,
) -> Option<Event> {
    let node = world.nodes.get(id).filter(|n| n.cluster == cluster)?;
    let message = said(&node.name);
    Some(Event { time, warning, reason, namespace: "default".into(), object: format!("node/{}", node.name), message })
}

/// Why no node takes a pod, counted by reason. Source: kubernetes/kubernetes `pkg/scheduler/framework/types.go`.
pub(super) fn unschedulable(fits: impl Iterator<Item = Fit>) -> String {
    let mut reasons: Vec<(&'static str, usize)> = Vec::new();
    let mut nodes = 0;
    for fit in fits {
        nodes += 1;
        let reason = match fit {
            Fit::Fits => continue,
            Fit::NotReady => "node(s) had taint {node.kubernetes.io/not-ready: }, that the pod didn't tolerate",
            Fit::TooManyPods { .. } => "Too many pods",
            Fit::AlreadyOne => "node(s) didn't match pod affinity/anti-affinity rules",
            Fit::Cordoned => "node(s) were unschedulable",
        };
        match reasons.iter_mut().find(|(r, _)| *r == reason) {
            Some((_, count)) => *count += 1,
            None => reasons.push((reason, 1)),
        }
    }
    reasons.sort_unstable();
    let listed: Vec<String> = reasons.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    format!("0/{nodes} nodes are available: {}.", listed.join(", "))
}

fn row(world: &World, event: &Event, all: bool) -> Vec<String> {
    let kind = if event.warning { "Warning" } else { "Normal" };
    let mut row = if all { vec![event.namespace.clone()] } else { Vec::new() };
    row.extend([
        since(world, event.time),
        kind.into(),
        event.reason.into(),
        event.object.clone(),
        event.message.clone(),
    ]);
    row
}

const CAPTIONS: [&str; 5] = ["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"];

pub(super) fn found(shell: &Shell, cluster: ClusterId, line: &Line) -> Found {
    let all = line.within().is_none();
    let captions = all.then_some("NAMESPACE").into_iter().chain(CAPTIONS).collect();
    let mut found = Found::new(Kind::Event, captions);
    let world = shell.session().world();
    for (number, event) in wanted(shell, cluster, line) {
        let (kind, name) = event.object.split_once('/').unwrap_or(("", ""));
        let id = format!("{name}.{number:016x}");
        let kind = if kind == "pod" { "Pod" } else { "Node" };
        let time = timestamp(event.time);
        let object = json!({
            "apiVersion": "v1",
            "count": 1,
            "firstTimestamp": time,
            "involvedObject": { "kind": kind, "name": name, "namespace": (kind == "Pod").then_some(&event.namespace) },
            "kind": "Event",
            "lastTimestamp": time,
            "message": event.message,
            "metadata": { "creationTimestamp": time, "name": id, "namespace": event.namespace },
            "reason": event.reason,
            "source": { "component": source(event.reason) },
            "type": if event.warning { "Warning" } else { "Normal" },
        });
        found.push_made(&id, row(world, &event, all), object);
    }
    found
}

/// Events with their numbers among all of the cluster.
fn wanted(shell: &Shell, cluster: ClusterId, line: &Line) -> Vec<(usize, Event)> {
    let mut events: Vec<(usize, Event)> = all(shell, cluster).into_iter().enumerate().collect();
    events.retain(|(_, e)| line.within().is_none_or(|n| e.namespace == n));
    if let Some(object) = line.option("--for") {
        events.retain(|(_, e)| e.object == object.replace("pods/", "pod/").replace("nodes/", "node/"));
    }
    events
}

/// Who writes events of a reason.
fn source(reason: &str) -> &'static str {
    match reason {
        "Scheduled" | "FailedScheduling" => "default-scheduler",
        "RegisteredNode" => "node-controller",
        "CIDRNotAvailable" => "cidrAllocator",
        _ => "kubelet",
    }
}

/// Lines about one object, as `kubectl describe` ends, with tabs between columns.
pub(super) fn about(shell: &Shell, cluster: ClusterId, object: &str) -> String {
    let world = shell.session().world();
    let mut text = String::new();
    for event in all(shell, cluster).iter().filter(|e| e.object == object) {
        let kind = if event.warning { "Warning" } else { "Normal" };
        let age = since(world, event.time);
        text += &format!("  {kind}\t{}\t{age}\t{}\t{}\n", event.reason, source(event.reason), event.message);
    }
    if text.is_empty() {
        return "Events:\t<none>\n".to_owned();
    }
    format!("Events:\n  Type\tReason\tAge\tFrom\tMessage\n  ----\t------\t----\t----\t-------\n{text}")
}

pub(super) fn run(shell: &mut Shell, line: &Line, cluster: ClusterId) -> Output {
    let world = shell.session().world();
    let all = line.within().is_none();
    let events = wanted(shell, cluster, line);
    if events.is_empty() {
        let place = if all { String::new() } else { format!(" in {} namespace", line.namespace()) };
        return Output { err: format!("No events found{place}.\n"), ..Output::default() };
    }
    let head = all.then_some("NAMESPACE").into_iter().chain(CAPTIONS).map(str::to_owned).collect();
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(events.iter().map(|(_, e)| row(world, e, all))).collect();
    Output::ok(tabwriter(&rows, 6, 3))
}
