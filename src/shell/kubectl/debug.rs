//! `kubectl exec` and `kubectl debug`. Source: kubernetes/kubectl `pkg/cmd/{exec,debug}`.

use super::{Kind, Line, cluster_name, not_found, target};
use crate::shell::crictl::long_id;
use crate::shell::place::{After, Place};
use crate::shell::unknown::MAX_NAME;
use crate::shell::{Context, Output, Shell, chroot};
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
    shell.enter_with(Context::Node(host), After::End(key));
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
    let pod = match target::pod(shell, line, id, typed, "cannot attach to") {
        Ok((pod, _)) => pod,
        Err(output) => return output,
    };
    let Some(pod) = shell.session().world().pods.get(pod) else { return not_found(Kind::Pod, typed) };
    if pod.has_ended() {
        let phase = super::objects::phase(pod);
        return Output::fail(
            1,
            format!("error: cannot exec into a container in a completed pod; current phase is {phase}"),
        );
    }
    if let Some(container) = line.option("--container").filter(|c| **c != *pod.container) {
        let said = format!("Error from server (BadRequest): container {container} is not valid for pod {}", pod.name);
        return Output::fail(1, said);
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
    let mut output = enter_or_run(shell, context, "", &command);
    if line.command.is_empty() && line.words.len() > 1 {
        output.err.insert_str(0, NO_DASHES);
        shell.own.says_first = true;
    }
    output
}

const NO_DASHES: &str = "kubectl exec [POD] [COMMAND] is DEPRECATED and will be removed in a future version. Use kubectl exec [POD] -- [COMMAND] instead.\n";

/// What a host-network pod sees is its node.
fn context_of(shell: &Shell, host: crate::sim::ids::HostId) -> Context {
    match shell.host(host).map(|h| h.role) {
        Some(Role::Pod(_)) => Context::Pod(host),
        _ => Context::Node(host),
    }
}

/// Enters a context with a shell, or runs one command there and comes back; what fails is said behind the words of `who`.
pub(in crate::shell) fn enter_or_run(
    shell: &mut Shell,
    context: Context,
    who: &'static str,
    command: &[String],
) -> Output {
    if command.is_empty() {
        return Output::fail(1, "error: you must specify at least one command for the container");
    }
    shell.enter_with(context, After::Exec(who));
    run_here(shell, command)
}

/// Stays where one has entered, with a shell, or runs one command there and comes back.
pub(in crate::shell) fn run_here(shell: &mut Shell, command: &[String]) -> Output {
    let mut command = command;
    if let [first, root, rest @ ..] = command
        && first == "chroot"
        && chroot::is_root(shell, root)
    {
        shell.enter_root();
        command = rest;
    }
    let name = command.first().map_or("sh", String::as_str);
    let is_shell = matches!(name, "sh" | "bash" | "ash" | "/bin/sh" | "/bin/bash");
    if is_shell && command.iter().skip(1).all(|word| matches!(word.as_str(), "-i" | "-l" | "--login")) {
        return Output::default();
    }
    let text = match command {
        [_, flag, script, ..] if is_shell && flag == "-c" => script.clone(),
        words => words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "),
    };
    let depth = shell.own.places.len();
    let refused = !is_shell && is_of_shell(name);
    let arguments = std::mem::take(&mut shell.own.arguments);
    let mut output = if refused { Output::fail(127, "") } else { shell.apart(&text) };
    shell.own.arguments = arguments;
    // A shell that it began further in has nobody who types.
    shell.own.back_to(depth);
    let missing = !is_shell && output.status == 127;
    if let (true, Some(Place { after: After::Exec(who), .. })) = (missing, shell.own.places.last()) {
        let said = no_program(shell, who, name, &output.err);
        shell.own.back_to(depth - 1);
        return said;
    }
    shell.own.status = output.status;
    let left = shell.leave();
    output.then(&left);
    output
}

/// What only a shell can do, and is no program.
fn is_of_shell(name: &str) -> bool {
    const OWN: &[&str] =
        &["alias", "break", "cd", "continue", "exit", "export", "local", "read", "return", "set", "unset"];
    OWN.contains(&name)
}

/// What the runtime says of a program that is not in the container, and what podhop had to say of it.
/// Source: opencontainers/runc 1.0 `libcontainer/container_linux.go`; containerd `pkg/cri/server/container_execsync.go`.
fn no_program(shell: &Shell, who: &str, name: &str, said: &str) -> Output {
    let who = if who.is_empty() { "error: " } else { who };
    let name = &name[..name.floor_char_boundary(MAX_NAME)];
    let why = if name.contains('/') {
        format!("stat {name}: no such file or directory")
    } else {
        "executable file not found in $PATH".to_owned()
    };
    let id = long_id(&format!("{name} {}", shell.session().world().now.0));
    let hint = said.split_once('\n').map_or("", |(_, hint)| hint);
    Output::fail(
        1,
        format!(
            "{who}Internal error occurred: error executing command in container: failed to exec in container: failed to start exec \"{id}\": OCI runtime exec failed: exec failed: container_linux.go:380: starting container process caused: exec: {name:?}: {why}: unknown\n{hint}"
        ),
    )
}

/// A word that the shell reads as it is.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}
