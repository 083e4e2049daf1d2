//! `kubectl exec` and `kubectl debug`. Source: kubernetes/kubectl `pkg/cmd/{exec,debug}`.

use super::{Kind, Line, cluster_name, find_pod, not_found};
use crate::shell::{Context, Output, Shell};
use crate::sim::action::Action;
use crate::sim::host::Role;
use crate::sim::ids::ClusterId;

/// A pod in the node's own network, and a shell in it, or one command there.
pub(super) fn debug(shell: &mut Shell, line: &Line, id: ClusterId) -> Output {
    let Some(target) = line.word(0) else {
        return Output::fail(1, "error: NAME or TYPE/NAME is required for debug");
    };
    let Some(name) = target.strip_prefix("node/").or_else(|| target.strip_prefix("nodes/")) else {
        return Output::fail(
            1,
            "podhop: of kubectl debug, only node/NAME is simulated; nearest: kubectl exec -it POD -- sh",
        );
    };
    let world = shell.session().world();
    let host = world.node_named(name).and_then(|id| world.nodes.get(id)).map(|n| n.host);
    let Some(host) = host else { return not_found(Kind::Node, name) };
    let Some(image) = line.option("--image") else {
        return Output::fail(1, "error: you must specify --image, --copy-to or --set-image.");
    };
    let action = Action::RunPod {
        cluster: cluster_name(world, id),
        name: format!("node-debugger-{name}-"),
        image: image.to_owned(),
        node: Some(name.to_owned()),
        host_network: true,
    };
    if let Err(error) = shell.act_and_settle(action) {
        return Output::fail(1, format!("error: {}", shell.words(&error)));
    }
    let made = shell.session().world().pods.values().last().map_or_else(String::new, |p| p.name.to_string());
    let said = format!("Creating debugging pod {made} with container debugger on node {name}.\n");
    if !line.command.is_empty() {
        let ran = enter_or_run(shell, Context::Node(host), &line.command);
        return Output { out: said + &ran.out, ..ran };
    }
    if !line.has("--stdin") {
        return Output::ok(said);
    }
    shell.enter(Context::Node(host));
    Output::ok(said + "If you don't see a command prompt, try pressing enter.\n")
}

/// A shell in a pod, or one command there.
pub(super) fn exec(shell: &mut Shell, line: &Line, id: ClusterId) -> Output {
    let Some(word) = line.word(0) else {
        return Output::fail(1, "error: pod, type/name or --filename must be specified");
    };
    let name = word.trim_start_matches("pods/").trim_start_matches("pod/");
    let world = shell.session().world();
    let Some(pod) = find_pod(world, id, line.namespace(), name).and_then(|p| world.pods.get(p)) else {
        return not_found(Kind::Pod, name);
    };
    let Some(host) = pod.host else {
        return Output::fail(
            1,
            format!("error: unable to upgrade connection: container not found (\"{}\")", pod.container),
        );
    };
    let mut command = line.command.clone();
    if command.is_empty() {
        command = line.words.iter().skip(1).cloned().collect();
    }
    let context = if pod.host_network { context_of(shell, host) } else { Context::Pod(host) };
    enter_or_run(shell, context, &command)
}

/// What a host-network pod sees is its node.
fn context_of(shell: &Shell, host: crate::sim::ids::HostId) -> Context {
    match shell.host(host).map(|h| h.role) {
        Some(Role::Pod(_)) => Context::Pod(host),
        _ => Context::Node(host),
    }
}

/// Enters a context with a shell, or runs one command there and comes back.
pub(in crate::shell) fn enter_or_run(shell: &mut Shell, context: Context, command: &[String]) -> Output {
    let Some((name, _)) = command.split_first() else {
        return Output::fail(1, "error: you must specify at least one command for the container");
    };
    shell.enter(context);
    let is_shell = matches!(name.as_str(), "sh" | "bash" | "ash" | "/bin/sh" | "/bin/bash");
    if is_shell && command.len() == 1 {
        return Output::default();
    }
    let text = match command {
        [_, flag, script] if is_shell && flag == "-c" => script.clone(),
        words => words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "),
    };
    let output = shell.nested(&text);
    shell.leave();
    output
}

/// A word that the shell reads as it is.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}
