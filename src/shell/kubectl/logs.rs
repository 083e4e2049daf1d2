//! `kubectl logs`: of the components that act here, what they did, in the form in which they log.
//! Source: kubernetes/klog `klog.go` (head of a line); kubernetes-sigs/cloud-provider-azure `azure_routes.go`;
//! Azure/azure-container-networking `cns/ipampool/monitor.go`; Azure/ip-masq-agent-v2.

use super::{Kind, Line, not_found, target};
use crate::shell::{Output, Shell};
use crate::sim::cluster::{Pod, WorkloadRole};
use crate::sim::ids::{ClusterId, NodeId};
use crate::sim::record::control::ControlStep;
use crate::sim::record::decision::Decision;
use crate::sim::time::Time;
use crate::sim::world::World;

/// Programs that AKS runs outside the cluster. Source: MicrosoftDocs/azure-aks-docs, articles/aks/core-aks-concepts.md.
const CONTROL_PLANE: [&str; 5] =
    ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "cloud-controller-manager", "etcd"];

pub(super) fn run(shell: &mut Shell, line: &Line, cluster: ClusterId) -> Output {
    let Some(typed) = line.word(0) else {
        return Output::fail(
            1,
            "error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command",
        );
    };
    let (id, count) = match target::pod(shell, line, cluster, typed, "cannot get the logs from") {
        Ok(found) => found,
        Err(output) => return not_there(typed, output),
    };
    let Some(pod) = shell.session().world().pods.get(id) else { return not_found(Kind::Pod, typed) };
    let mut output = logs_of(shell, line, pod);
    if count > 1 {
        output.err.insert_str(0, &format!("Found {count} pods, using pod/{}\n", pod.name));
        shell.own.says_first = true;
    }
    output
}

/// What is said of a program that runs, but not in the cluster.
fn not_there(typed: &str, mut output: Output) -> Output {
    let name = typed.trim_start_matches("pods/").trim_start_matches("pod/");
    if CONTROL_PLANE.iter().any(|program| name.starts_with(program)) {
        output.err += &format!(
            "podhop: {name} runs in AKS's control plane, which is not in the cluster; nearest: kubectl get events\n"
        );
    }
    output
}

fn logs_of(shell: &Shell, line: &Line, pod: &Pod) -> Output {
    let world = shell.session().world();
    let name = &pod.name;
    if let Some(container) = line.option("--container").filter(|c| **c != *pod.container) {
        return Output::fail(1, format!("error: container {container} is not valid for pod {name}"));
    }
    let silent = pod.namespace.as_ref() == "kube-system" && role(world, pod) == WorkloadRole::None;
    if silent {
        let err = format!("podhop: what {} logs is not simulated; nearest: kubectl get events\n", pod.container);
        return Output { err, ..Output::default() };
    }
    let lines = lines(shell, pod);
    let tail = line.option("--tail").and_then(|n| n.parse::<usize>().ok()).unwrap_or(usize::MAX);
    let skipped = lines.len().saturating_sub(tail);
    Output::ok(lines[skipped..].iter().map(|l| format!("{l}\n")).collect::<String>())
}

/// Only the agent that writes the masquerade rules says something here; the programs of other pods are not simulated
/// and are silent.
fn lines(shell: &Shell, pod: &Pod) -> Vec<String> {
    let world = shell.session().world();
    match (role(world, pod), pod.node) {
        (WorkloadRole::MasqueradeAgent, Some(node)) => masquerade(shell, node),
        _ => Vec::new(),
    }
}

fn role(world: &World, pod: &Pod) -> WorkloadRole {
    pod.workload.and_then(|w| world.workloads.get(w)).map_or(WorkloadRole::None, |w| w.role)
}

fn masquerade(shell: &Shell, node: NodeId) -> Vec<String> {
    let mut lines = Vec::new();
    for step in shell.session().turns().iter().flat_map(|turn| turn.record.steps.iter()) {
        let Decision::Control(control) = &step.decision else { continue };
        if let ControlStep::MasqueradeRules { node: of, kept } = &**control
            && *of == node
        {
            let head = head(step.time);
            let ranges: Vec<String> = kept.iter().map(ToString::to_string).collect();
            lines.push(format!(
                "{head} ip-masq-agent.go:216] config loaded: nonMasqueradeCIDRs: [{}]",
                ranges.join(" ")
            ));
        }
    }
    lines
}

/// `I1101 00:01:02.000003       1`: the level, the date and the thread.
fn head(time: Time) -> String {
    let seconds = time.0 / 1_000_000_000;
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let micros = time.0 / 1000 % 1_000_000;
    format!("I11{:02} {:02}:{:02}:{:02}.{micros:06}       1", 1 + days % 30, rest / 3600, rest / 60 % 60, rest % 60)
}
