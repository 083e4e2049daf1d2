//! `kubectl` on the simulated clusters. Source: kubernetes/kubectl `pkg/cmd`, kubernetes/kubernetes
//! `pkg/printers/internalversion/printers.go`.

mod describe;
mod get;
mod objects;

use super::{Context, Output, Shell};
use crate::sim::action::Action;
use crate::sim::cluster::Cluster;
use crate::sim::ids::{ClusterId, PodId};
use crate::sim::world::World;

/// Command line of one `kubectl`, read once for all commands.
#[derive(Clone, Debug, Default)]
struct Line {
    words: Vec<String>,
    /// Options with a value, by their long name.
    options: Vec<(String, String)>,
    flags: Vec<String>,
    /// Behind `--`.
    command: Vec<String>,
}

/// Options that take a value, with their short form.
const WITH_VALUE: &[(&str, &str)] = &[
    ("--namespace", "-n"),
    ("--output", "-o"),
    ("--selector", "-l"),
    ("--replicas", "--replicas"),
    ("--image", "--image"),
    ("--container", "-c"),
    ("--filename", "-f"),
    ("--field-selector", "--field-selector"),
    ("--sort-by", "--sort-by"),
    ("--tail", "--tail"),
    ("--port", "--port"),
    ("--context", "--context"),
];

impl Line {
    fn read(args: &[String]) -> Self {
        let mut line = Self::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            if arg == "--" {
                line.command = args.cloned().collect();
                break;
            }
            let (name, joined) = arg.split_once('=').map_or((arg.as_str(), None), |(n, v)| (n, Some(v.to_owned())));
            let known = WITH_VALUE.iter().find(|(long, short)| *long == name || *short == name);
            match known {
                Some((long, _)) => {
                    let value = joined.or_else(|| args.next().cloned()).unwrap_or_default();
                    line.options.push(((*long).to_owned(), value));
                }
                None if arg.starts_with('-') && arg.len() > 1 => line.flags.push(arg.clone()),
                None => line.words.push(arg.clone()),
            }
        }
        line
    }

    fn option(&self, name: &str) -> Option<&str> {
        self.options.iter().rev().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    fn has(&self, flags: &[&str]) -> bool {
        self.flags.iter().any(|flag| flags.contains(&flag.as_str()))
    }

    fn namespace(&self) -> &str {
        self.option("--namespace").unwrap_or("default")
    }
}

pub(super) fn run(shell: &mut Shell, args: &[String]) -> Output {
    let line = Line::read(args);
    let words: Vec<&str> = line.words.iter().map(String::as_str).collect();
    let Some(cluster) = current(shell) else {
        return Output::fail(
            1,
            "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
        );
    };
    match words.as_slice() {
        ["get", what, names @ ..] => get::run(shell, cluster, &line, what, names),
        ["describe", what, names @ ..] => describe::run(shell, cluster, &line, what, names),
        ["create", "deployment" | "deploy", name] => create(shell, cluster, &line, name),
        ["scale", rest @ ..] => scale(shell, cluster, &line, rest),
        ["delete", what, names @ ..] => delete(shell, cluster, &line, what, names),
        ["cordon" | "uncordon" | "drain", name] => cordon(shell, words[0], name),
        ["debug", target] => debug(shell, target),
        ["exec", pod, rest @ ..] => exec(shell, cluster, &line, pod, rest),
        ["version", ..] => {
            let version = shell.session().world().clusters.get(cluster).map_or("", |c| &c.version);
            Output::ok(format!("Server Version: v{version}\n"))
        }
        ["config", "current-context"] => Output::ok(
            shell.session().world().clusters.get(cluster).map_or_else(String::new, |c| format!("{}\n", c.name)),
        ),
        [other @ ("apply" | "edit" | "patch" | "logs" | "run" | "label" | "expose" | "rollout" | "top"), ..] => {
            Output::fail(
                1,
                format!("podhop: kubectl {other} is not simulated yet; nearest: kubectl create, scale, get, describe"),
            )
        }
        [other, ..] => Output::fail(1, format!("error: unknown command \"{other}\" for \"kubectl\"")),
        [] => Output::fail(1, "kubectl controls the Kubernetes cluster manager."),
    }
}

/// The cluster whose credentials were taken last.
fn current(shell: &Shell) -> Option<ClusterId> {
    let world = shell.session().world();
    let named = world.cluster_named(&shell.variable("PODHOP_CLUSTER"));
    named.or_else(|| world.clusters.iter().last().map(|(id, _)| id))
}

fn cluster_name(world: &World, id: ClusterId) -> String {
    world.clusters.get(id).map_or_else(String::new, |c: &Cluster| c.name.to_string())
}

/// Singular of what people call a resource.
fn resource(word: &str) -> Option<&'static str> {
    Some(match word {
        "node" | "nodes" | "no" => "node",
        "pod" | "pods" | "po" => "pod",
        "deployment" | "deployments" | "deploy" | "deployment.apps" | "deployments.apps" => "deployment",
        "daemonset" | "daemonsets" | "ds" => "daemonset",
        "nodenetworkconfig" | "nodenetworkconfigs" | "nnc" => "nodenetworkconfig",
        "namespace" | "namespaces" | "ns" => "namespace",
        _ => return None,
    })
}

fn no_such_resource(word: &str) -> Output {
    Output::fail(1, format!("error: the server doesn't have a resource type \"{word}\""))
}

fn not_found(what: &str, name: &str) -> Output {
    let plural = match what {
        "deployment" | "daemonset" => format!("{what}s.apps"),
        what => format!("{what}s"),
    };
    Output::fail(1, format!("Error from server (NotFound): {plural} \"{name}\" not found"))
}

fn create(shell: &mut Shell, id: ClusterId, line: &Line, name: &str) -> Output {
    let Some(image) = line.option("--image") else {
        return Output::fail(1, "error: required flag(s) \"image\" not set");
    };
    let replicas = line.option("--replicas").and_then(|n| n.parse().ok()).unwrap_or(1);
    let cluster = cluster_name(shell.session().world(), id);
    let action = Action::CreateDeployment { cluster, name: name.to_owned(), image: image.to_owned(), replicas };
    answer(shell, action, &format!("deployment.apps/{name} created\n"))
}

/// Does an action and prints what `kubectl` says of it; the pods follow.
fn answer(shell: &mut Shell, action: Action, said: &str) -> Output {
    match shell.act_and_settle(action) {
        Ok(()) => Output::ok(said),
        Err(error) => Output::fail(1, format!("error: {}", shell.words(&error))),
    }
}

fn scale(shell: &mut Shell, id: ClusterId, line: &Line, rest: &[&str]) -> Output {
    let name = match rest {
        [name] => name.split_once('/').map_or(*name, |(_, name)| name),
        [_, name] => name,
        _ => return Output::fail(1, "error: resource name may not be empty"),
    };
    let Some(replicas) = line.option("--replicas").and_then(|n| n.parse().ok()) else {
        return Output::fail(1, "error: required flag(s) \"replicas\" not set");
    };
    let world = shell.session().world();
    if !world.workloads.values().any(|w| w.cluster == id && w.name.as_ref() == name) {
        return not_found("deployment", name);
    }
    let cluster = cluster_name(world, id);
    let action = Action::ScaleDeployment { cluster, name: name.to_owned(), replicas };
    answer(shell, action, &format!("deployment.apps/{name} scaled\n"))
}

fn delete(shell: &mut Shell, id: ClusterId, line: &Line, what: &str, names: &[&str]) -> Output {
    let (what, names): (&str, Vec<&str>) = match what.split_once('/') {
        Some((what, name)) => (what, vec![name]),
        None => (what, names.to_vec()),
    };
    let mut out = Output::default();
    for name in names {
        let cluster = cluster_name(shell.session().world(), id);
        let (action, said) = match resource(what) {
            Some("pod") => {
                let key = format!("{}/{name}", line.namespace());
                (Action::DeletePod { name: key }, format!("pod \"{name}\" deleted\n"))
            }
            Some("deployment") => {
                let said = format!("deployment.apps \"{name}\" deleted\n");
                (Action::DeleteDeployment { cluster, name: name.to_owned() }, said)
            }
            Some("node") => (Action::DeleteNode { name: name.to_owned() }, format!("node \"{name}\" deleted\n")),
            _ => return no_such_resource(what),
        };
        match shell.act_and_settle(action) {
            Ok(()) => out.out += &said,
            Err(_) => return not_found(resource(what).unwrap_or(what), name),
        }
    }
    out
}

fn cordon(shell: &mut Shell, verb: &str, name: &str) -> Output {
    let on = verb != "uncordon";
    let said = if on { "cordoned" } else { "uncordoned" };
    let node = name.trim_start_matches("node/").to_owned();
    if shell.act_and_settle(Action::Cordon { node: node.clone(), on }).is_err() {
        return not_found("node", &node);
    }
    let mut text = format!("node/{node} {said}\n");
    if verb == "drain" {
        let world = shell.session().world();
        let id = world.node_named(&node);
        let pods: Vec<String> = world
            .pods
            .values()
            .filter(|p| p.node == id && !p.host_network)
            .map(crate::sim::cluster::Pod::key)
            .collect();
        for pod in pods {
            let bare = pod.rsplit('/').next().unwrap_or("").to_owned();
            if shell.act_and_settle(Action::DeletePod { name: pod }).is_ok() {
                text += &format!("pod/{bare} evicted\n");
            }
        }
        text += &format!("node/{node} drained\n");
    }
    Output::ok(text)
}

/// A shell in a debug container on a node.
fn debug(shell: &mut Shell, target: &str) -> Output {
    let Some(name) = target.strip_prefix("node/") else {
        return Output::fail(
            1,
            "podhop: of kubectl debug, only node/NAME is simulated; nearest: kubectl exec -it POD -- sh",
        );
    };
    let world = shell.session().world();
    let host = world.node_named(name).and_then(|id| world.nodes.get(id)).map(|n| n.host);
    let Some(host) = host else { return not_found("node", name) };
    shell.enter(Context::Node(host));
    Output::ok(format!(
        "Creating debugging pod node-debugger-{name} with container debugger on node {name}.\n\
         If you don't see a command prompt, try pressing enter.\n"
    ))
}

/// A shell in a pod, or one command there.
fn exec(shell: &mut Shell, id: ClusterId, line: &Line, pod: &str, rest: &[&str]) -> Output {
    let world = shell.session().world();
    let name = pod.trim_start_matches("pod/");
    let Some(pod) = find_pod(world, id, line.namespace(), name) else { return not_found("pod", name) };
    let Some(host) = world.pods.get(pod).and_then(|p| p.host) else {
        return Output::fail(1, format!("error: unable to upgrade connection: container not found (\"{name}\")"));
    };
    let command: Vec<String> =
        if line.command.is_empty() { rest.iter().map(|w| (*w).to_owned()).collect() } else { line.command.clone() };
    enter_or_run(shell, Context::Pod(host), &command)
}

/// Enters a context with a shell, or runs one command there and comes back.
pub(super) fn enter_or_run(shell: &mut Shell, context: Context, command: &[String]) -> Output {
    let Some((name, _)) = command.split_first() else {
        return Output::fail(1, "error: you must specify at least one command for the container");
    };
    shell.enter(context);
    if matches!(name.as_str(), "sh" | "bash" | "/bin/sh" | "/bin/bash") && command.len() == 1 {
        return Output::default();
    }
    let text = match command {
        [_, flag, script] if flag == "-c" => script.clone(),
        words => words.join(" "),
    };
    let output = shell.run(&text);
    shell.leave();
    output
}

fn find_pod(world: &World, cluster: ClusterId, namespace: &str, name: &str) -> Option<PodId> {
    let mut own = world.pods.iter().filter(|(_, p)| p.cluster == cluster && p.namespace.as_ref() == namespace);
    own.find(|(_, p)| p.name.as_ref() == name).map(|(id, _)| id)
}
