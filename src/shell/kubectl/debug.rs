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
    let refused = |shell: &Shell, error: &_| Output::fail(1, format!("error: {}", shell.words(error)));
    if let Err(error) = shell.act(action) {
        return refused(shell, &error);
    }
    let pod = shell.session().world().pods.values().last();
    let (made, key) = pod.map_or_else(Default::default, |p| (p.name.to_string(), p.key()));
    if let Err(error) = shell.act(Action::Settle) {
        return refused(shell, &error);
    }
    let said = format!("Creating debugging pod {made} with container debugger on node {name}.\n");
    shell.enter_with(Context::Node(host), Some(key));
    if !line.command.is_empty() {
        let ran = run_here(shell, &line.command);
        return Output { out: said + &ran.out, ..ran };
    }
    if !line.has("--stdin") {
        // A shell that reads nothing ends at once.
        shell.own.status = 0;
        shell.leave();
        return Output::ok(said);
    }
    Output::ok(said + "If you don't see a command prompt, try pressing enter.\n")
}

/// A shell in a pod, or one command there.
pub(super) fn exec(shell: &mut Shell, line: &Line, id: ClusterId) -> Output {
    let Some(typed) = line.word(0) else {
        return Output::fail(1, "error: pod, type/name or --filename must be specified");
    };
    let name = typed.trim_start_matches("pods/").trim_start_matches("pod/");
    let world = shell.session().world();
    let Some(pod) = find_pod(world, id, line.namespace(), name).and_then(|p| world.pods.get(p)) else {
        return not_found(Kind::Pod, name);
    };
    if pod.has_ended() {
        let phase = super::objects::phase(pod);
        return Output::fail(
            1,
            format!("error: cannot exec into a container in a completed pod; current phase is {phase}"),
        );
    }
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
    if command.is_empty() {
        return Output::fail(1, "error: you must specify at least one command for the container");
    }
    shell.enter_with(context, None);
    run_here(shell, command)
}

/// Stays where one has entered, with a shell, or runs one command there and comes back.
fn run_here(shell: &mut Shell, command: &[String]) -> Output {
    let name = command.first().map_or("", String::as_str);
    let is_shell = matches!(name, "sh" | "bash" | "ash" | "/bin/sh" | "/bin/bash");
    if is_shell && command.len() == 1 {
        return Output::default();
    }
    let text = match command {
        [_, flag, script, ..] if is_shell && flag == "-c" => script.clone(),
        words => words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "),
    };
    let arguments = std::mem::take(&mut shell.own.arguments);
    let output = shell.apart(&text);
    shell.own.arguments = arguments;
    shell.own.status = output.status;
    shell.leave();
    output
}

/// A word that the shell reads as it is.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}
