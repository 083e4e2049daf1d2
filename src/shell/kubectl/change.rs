//! `kubectl` commands that change something: each is an action of the simulation.

use super::objects::{self, Pairs};
use super::selector::Selector;
use super::{Kind, Line, cluster_name, find_pod, no_such_resource, not_found, targets};
use crate::shell::{Output, Shell};
use crate::sim::action::{Action, Labeled};
use crate::sim::cluster::{Pod, WorkloadKind};
use crate::sim::ids::{ClusterId, PodId};
use std::collections::BTreeSet;

/// Does an action and prints what `kubectl` says of it; the pods follow.
pub(super) fn done(shell: &mut Shell, action: Action, said: &str) -> Output {
    match shell.act_and_settle(action) {
        Ok(()) => Output::ok(said),
        Err(error) => Output::fail(1, format!("error: {}", shell.words(&error))),
    }
}

pub(super) fn create_deployment(shell: &mut Shell, line: &Line, id: ClusterId) -> Output {
    let Some(name) = line.word(0) else {
        return Output::fail(
            1,
            "error: exactly one NAME is required, got 0\nSee 'kubectl create deployment -h' for help and examples",
        );
    };
    let replicas = match line.value("--replicas", 1) {
        Ok(replicas) => replicas,
        Err(text) => return bad_number("replicas", &text),
    };
    let image = line.option("--image").unwrap_or_default().to_owned();
    let world = shell.session().world();
    if world.workloads.values().any(|w| w.cluster == id && w.name.as_ref() == name) {
        return Output::fail(
            1,
            format!("error: failed to create deployment: deployments.apps \"{name}\" already exists"),
        );
    }
    let action = Action::CreateDeployment { cluster: cluster_name(world, id), name: name.to_owned(), image, replicas };
    done(shell, action, &format!("deployment.apps/{name} created\n"))
}

fn bad_number(flag: &str, text: &str) -> Output {
    Output::fail(
        1,
        format!(
            "error: invalid argument \"{text}\" for \"--{flag}\" flag: strconv.ParseInt: parsing \"{text}\": invalid syntax"
        ),
    )
}

pub(super) fn scale(shell: &mut Shell, line: &Line, id: ClusterId) -> Output {
    let replicas = match line.value("--replicas", 0) {
        Ok(replicas) => replicas,
        Err(text) => return bad_number("replicas", &text),
    };
    let words = line.words();
    let named = match targets(&words) {
        Ok(named) if named.is_empty() => {
            return Output::fail(1, "error: resource(s) were provided, but no name was specified");
        }
        Ok(named) => named,
        Err(output) => return output,
    };
    let mut out = Output::default();
    for (kind, name) in named {
        if kind != Kind::Deployment {
            return Output::fail(
                1,
                format!("podhop: a {} cannot be scaled here; nearest: kubectl scale deployment", kind.kind()),
            );
        }
        let world = shell.session().world();
        let there = |w: &crate::sim::cluster::Workload| {
            w.cluster == id && w.name.as_ref() == name && matches!(w.kind, WorkloadKind::Deployment { .. })
        };
        if !world.workloads.values().any(there) {
            return not_found(kind, name);
        }
        let action = Action::ScaleDeployment { cluster: cluster_name(world, id), name: name.to_owned(), replicas };
        let one = done(shell, action, &format!("deployment.apps/{name} scaled\n"));
        out.out += &one.out;
        out.err += &one.err;
        out.status = out.status.max(one.status);
    }
    out
}

/// Names of a kind that a selector or `--all` picks.
fn picked(shell: &Shell, line: &Line, id: ClusterId, kind: Kind) -> Result<Vec<String>, Output> {
    let selector = match Selector::read(line.option("--selector").unwrap_or_default()) {
        Ok(selector) => selector,
        Err(why) => return Err(Output::fail(1, format!("error: unable to parse requirement: {why}"))),
    };
    let world = shell.session().world();
    let holds = |labels: Pairs| selector.holds(&labels);
    Ok(match kind {
        Kind::Pod => {
            let own = world.pods.values().filter(|p| p.cluster == id && p.namespace.as_ref() == line.namespace());
            own.filter(|p| holds(objects::pod_labels(world, p))).map(|p| p.name.to_string()).collect()
        }
        Kind::Node => {
            let own = world.nodes.values().filter(|n| n.cluster == id && holds(objects::node_labels(n)));
            own.map(|n| n.name.to_string()).collect()
        }
        Kind::Deployment => {
            let own = world.workloads.values().filter(|w| w.cluster == id && w.namespace.as_ref() == line.namespace());
            let own = own.filter(|w| matches!(w.kind, WorkloadKind::Deployment { .. }));
            own.filter(|w| holds(objects::workload_labels(w))).map(|w| w.name.to_string()).collect()
        }
        _ => return Err(no_such_resource(kind.plural())),
    })
}

pub(super) fn delete(shell: &mut Shell, line: &Line, id: ClusterId) -> Output {
    let words = line.words();
    let mut named: Vec<(Kind, String)> = match targets(&words) {
        Ok(named) => named.into_iter().map(|(kind, name)| (kind, name.to_owned())).collect(),
        Err(output) => return output,
    };
    if named.is_empty() {
        let kind = words.first().and_then(|w| Kind::named(w)).unwrap_or(Kind::Pod);
        if !line.has("--all") && line.option("--selector").is_none() {
            return Output::fail(1, "error: resource(s) were provided, but no name was specified");
        }
        named = match picked(shell, line, id, kind) {
            Ok(found) => found.into_iter().map(|name| (kind, name)).collect(),
            Err(output) => return output,
        };
    }
    let mut out = Output::default();
    for (kind, name) in named {
        match delete_one(shell, line, id, kind, &name) {
            Ok(said) => {
                out.out += &said;
                if kind == Kind::Node {
                    out.err += "podhop: its VM goes with it here; a real one stays in its scale set\n";
                }
            }
            Err(failed) => {
                out.err += &failed.err;
                out.status = 1;
            }
        }
    }
    out
}

fn delete_one(shell: &mut Shell, line: &Line, id: ClusterId, kind: Kind, name: &str) -> Result<String, Output> {
    let world = shell.session().world();
    let cluster = cluster_name(world, id);
    let (action, there) = match kind {
        Kind::Pod => {
            let key = format!("{}/{name}", line.namespace());
            (Action::DeletePod { name: key }, find_pod(world, id, line.namespace(), name).is_some())
        }
        Kind::Deployment => {
            let there = world
                .workloads
                .values()
                .any(|w| w.cluster == id && w.name.as_ref() == name && w.namespace.as_ref() == line.namespace());
            (Action::DeleteDeployment { cluster, name: name.to_owned() }, there)
        }
        Kind::Node => (Action::DeleteNode { name: name.to_owned() }, world.node_named(name).is_some()),
        kind => {
            let said = format!("podhop: a {} cannot be deleted here; nearest: kubectl delete deployment", kind.kind());
            return Err(Output::fail(1, said));
        }
    };
    if !there {
        return Err(not_found(kind, name));
    }
    match shell.act_and_settle(action) {
        Ok(()) => Ok(format!("{} \"{name}\" deleted\n", kind.group_singular())),
        Err(error) => Err(Output::fail(1, format!("error: {}", shell.words(&error)))),
    }
}

/// `kubectl label TYPE NAME KEY=VALUE KEY-`.
pub(super) fn label(shell: &mut Shell, line: &Line, id: ClusterId) -> Output {
    let words = line.words();
    let at = words.iter().position(|w| w.contains('=') || w.ends_with('-')).unwrap_or(words.len());
    let (before, labels) = words.split_at(at);
    let mut named: Vec<(Kind, String)> = match targets(before) {
        Ok(named) => named.into_iter().map(|(kind, name)| (kind, name.to_owned())).collect(),
        Err(output) => return output,
    };
    if let (true, true, Some(kind)) = (named.is_empty(), line.has("--all"), before.first().and_then(|n| Kind::named(n)))
    {
        named = match picked(shell, line, id, kind) {
            Ok(found) => found.into_iter().map(|name| (kind, name)).collect(),
            Err(output) => return output,
        };
    }
    if named.is_empty() {
        return Output::fail(
            1,
            "error: one or more resources must be specified as <resource> <name> or <resource>/<name>",
        );
    }
    if labels.is_empty() {
        return Output::fail(1, "error: at least one label update is required");
    }
    let mut out = Output::default();
    for (kind, name) in named {
        match label_one(shell, line, id, (kind, &name), labels) {
            Ok(said) => out.out += &said,
            Err(output) => return output,
        }
    }
    out
}

fn label_one(
    shell: &mut Shell,
    line: &Line,
    id: ClusterId,
    (kind, name): (Kind, &str),
    labels: &[&str],
) -> Result<String, Output> {
    let world = shell.session().world();
    let (on, old) = match kind {
        Kind::Node => {
            let node =
                world.node_named(name).and_then(|id| world.nodes.get(id)).ok_or_else(|| not_found(kind, name))?;
            (Labeled::Node(name.to_owned()), objects::node_labels(node))
        }
        Kind::Pod => {
            let found = find_pod(world, id, line.namespace(), name).and_then(|id| world.pods.get(id));
            let pod = found.ok_or_else(|| not_found(kind, name))?;
            (Labeled::Pod(pod.key()), objects::pod_labels(world, pod))
        }
        _ => return Err(Output::fail(1, "podhop: only nodes and pods have labels here; nearest: kubectl label pod")),
    };
    for label in labels {
        let (key, value) = match label.split_once('=') {
            Some((key, value)) => (key, Some(value.to_owned())),
            None => (label.trim_end_matches('-'), None),
        };
        let there = old.iter().find(|(k, _)| k == key);
        if let (Some((_, before)), Some(value)) = (there, &value)
            && before != value
            && !line.has("--overwrite")
        {
            return Err(Output::fail(
                1,
                format!("error: '{key}' already has a value ({before}), and --overwrite is false"),
            ));
        }
        shell
            .act(Action::SetLabel { on: on.clone(), key: key.to_owned(), value })
            .map_err(|error| Output::fail(1, format!("error: {}", shell.words(&error))))?;
    }
    let all_gone = labels.iter().all(|l| !l.contains('='));
    Ok(format!("{}/{name} {}\n", kind.group_singular(), if all_gone { "unlabeled" } else { "labeled" }))
}

/// Cordons or uncordons; also the first half of a drain.
fn set_cordon(shell: &mut Shell, line: &Line, on: bool) -> Result<(String, String), Output> {
    let Some(typed) = line.word(0) else {
        return Err(Output::fail(1, "error: USAGE: cordon NODE [flags]"));
    };
    let name = typed.trim_start_matches("node/").trim_start_matches("nodes/").to_owned();
    let world = shell.session().world();
    let Some(node) = world.node_named(&name).and_then(|id| world.nodes.get(id)) else {
        return Err(not_found(Kind::Node, &name));
    };
    let done = if on { "cordoned" } else { "uncordoned" };
    if node.cordoned == on {
        return Ok((name.clone(), format!("node/{name} already {done}\n")));
    }
    match shell.act_and_settle(Action::Cordon { node: name.clone(), on }) {
        Ok(()) => Ok((name.clone(), format!("node/{name} {done}\n"))),
        Err(error) => Err(Output::fail(1, format!("error: {}", shell.words(&error)))),
    }
}

pub(super) fn cordon(shell: &mut Shell, line: &Line, _: ClusterId) -> Output {
    set_cordon(shell, line, true).map_or_else(|output| output, |(_, said)| Output::ok(said))
}

pub(super) fn uncordon(shell: &mut Shell, line: &Line, _: ClusterId) -> Output {
    set_cordon(shell, line, false).map_or_else(|output| output, |(_, said)| Output::ok(said))
}

/// Cordons a node and evicts its pods. Source: kubernetes/kubectl `pkg/drain/filters.go`; that it is evicted, and not drained,
/// was said up to Kubernetes 1.22.
pub(super) fn drain(shell: &mut Shell, line: &Line, _: ClusterId) -> Output {
    let (name, mut said) = match set_cordon(shell, line, true) {
        Ok(done) => done,
        Err(output) => return output,
    };
    let (mut evicted, mut daemons, mut single): (Vec<PodId>, Vec<String>, Vec<String>) = Default::default();
    let world = shell.session().world();
    let node = world.node_named(&name);
    let of_daemon = |pod: &Pod| {
        pod.workload.and_then(|w| world.workloads.get(w)).is_some_and(|w| matches!(w.kind, WorkloadKind::DaemonSet))
    };
    for (id, pod) in world.pods.iter().filter(|(_, p)| p.node == node) {
        if of_daemon(pod) {
            daemons.push(pod.key());
        } else {
            evicted.push(id);
            single.extend((pod.workload.is_none() && !pod.has_ended()).then(|| pod.key()));
        }
    }
    let refused = refusals(line, &daemons, &single);
    if !refused.is_empty() {
        let why = refused.join(", ");
        let err = format!(
            "error: unable to drain node \"{name}\", aborting command...\n\nThere are pending nodes to be drained:\n {name}\nerror: {why}\n"
        );
        return Output { out: said, err, status: 1 };
    }
    let mut err = String::new();
    if !daemons.is_empty() {
        err = format!("WARNING: ignoring DaemonSet-managed Pods: {}\n", daemons.join(", "));
    }
    let keys: BTreeSet<String> = evicted.iter().filter_map(|id| world.pods.get(*id)).map(Pod::key).collect();
    // All are asked for at once.
    said.extend(keys.iter().map(|key| format!("evicting pod {key}\n")));
    for key in keys {
        if shell.act(Action::DeletePod { name: key.clone() }).is_ok() {
            said += &format!("pod/{} evicted\n", key.rsplit('/').next().unwrap_or(""));
        }
    }
    // What replaces them is placed elsewhere, in one go.
    if let Err(error) = shell.act(Action::Settle) {
        return Output::fail(1, format!("error: {}", shell.words(&error)));
    }
    shell.own.says_first = true;
    Output { out: said + &format!("node/{name} evicted\n"), err, status: 0 }
}

fn refusals(line: &Line, daemons: &[String], single: &[String]) -> Vec<String> {
    let mut refused = Vec::new();
    if !daemons.is_empty() && !line.has("--ignore-daemonsets") {
        refused.push(format!(
            "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): {}",
            daemons.join(", ")
        ));
    }
    if !single.is_empty() && !line.has("--force") {
        refused.push(format!(
            "cannot delete Pods not managed by ReplicationController, ReplicaSet, Job, DaemonSet or StatefulSet (use --force to override): {}",
            single.join(", ")
        ));
    }
    refused
}
