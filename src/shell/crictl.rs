//! `crictl` on a node. Source: kubernetes-sigs/cri-tools `cmd/crictl/{container,sandbox,display}.go`.

use super::kubectl::enter_or_run;
use super::table::tabwriter;
use super::{Context, Output, Shell};
use crate::sim::cluster::{Pod, PodPhase};
use crate::sim::host::Role;
use crate::sim::ids::PodId;
use crate::sim::mode::container_id;
use crate::sim::world::World;

/// Least width of a column and blanks behind it.
const COLUMNS: (usize, usize) = (20, 3);
/// Places of an id that are shown.
const ID: usize = 13;

pub(super) fn run(shell: &mut Shell, args: &[String]) -> Output {
    let mut words: Vec<&str> = Vec::new();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "-r" | "--runtime-endpoint" | "-i" if words.is_empty() => {
                rest.next();
            }
            "-it" | "-ti" | "-t" | "-i" => {}
            other => words.push(other),
        }
    }
    match words.as_slice() {
        ["ps", ..] => containers(shell),
        ["pods", ..] => sandboxes(shell),
        ["exec", id, command @ ..] => exec(shell, id, command),
        ["images", ..] => images(shell),
        ["version", ..] => Output::ok("RuntimeName:  containerd\nRuntimeVersion:  1.4.9+azure\n"),
        [] => Output::fail(1, "crictl - client for CRI"),
        [other, ..] => {
            Output::fail(1, format!("podhop: crictl {other} is not simulated; nearest: crictl ps, pods, exec, images"))
        }
    }
}

/// Pods of the node, newest first.
fn own<'a>(shell: &Shell, world: &'a World) -> Vec<(PodId, &'a Pod)> {
    let node = shell.context().host().and_then(|h| world.hosts.get(h)).and_then(|h| match h.role {
        Role::Node(node) => Some(node),
        Role::Pod(_) | Role::Vm => None,
    });
    let mut pods: Vec<(PodId, &Pod)> =
        world.pods.iter().filter(|(_, p)| p.node == node && node.is_some() && p.phase != PodPhase::Pending).collect();
    pods.sort_by_key(|(id, pod)| std::cmp::Reverse((pod.created, *id)));
    pods
}

/// Id of a pod's container: another one than that of its sandbox.
fn container(pod: PodId) -> String {
    let id = u64::from(pod.0).wrapping_add(1).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    format!("{id:016x}").chars().take(ID).collect()
}

fn sandbox(pod: PodId) -> String {
    container_id(pod).chars().take(ID).collect()
}

fn name(world: &World, pod: &Pod) -> String {
    pod.workload.and_then(|w| world.workloads.get(w)).map_or_else(|| pod.name.to_string(), |w| w.name.to_string())
}

/// How long ago something was made. Source: docker/go-units `duration.go`.
fn ago(world: &World, pod: &Pod) -> String {
    let seconds = (world.now - pod.created).as_millis() / 1000;
    let (minutes, hours) = (seconds / 60, (seconds + 1800) / 3600);
    match (seconds, minutes, hours) {
        (0, ..) => "Less than a second ago".to_owned(),
        (1, ..) => "1 second ago".to_owned(),
        (2..60, ..) => format!("{seconds} seconds ago"),
        (_, 1, _) => "About a minute ago".to_owned(),
        (_, 2..60, _) => format!("{minutes} minutes ago"),
        (_, _, 1) => "About an hour ago".to_owned(),
        (_, _, 2..48) => format!("{hours} hours ago"),
        _ => format!("{} days ago", hours / 24),
    }
}

fn strings(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn containers(shell: &Shell) -> Output {
    let world = shell.session().world();
    let mut rows = vec![strings(&["CONTAINER", "IMAGE", "CREATED", "STATE", "NAME", "ATTEMPT", "POD ID"])];
    if matches!(shell.context(), Context::Node(_)) {
        // The container in which this is typed.
        rows.push(strings(&[
            "0d3b099e5f1c7",
            "base-ubuntu",
            "Less than a second ago",
            "Running",
            "debugger",
            "0",
            "0d3b099e5f1c6",
        ]));
    }
    for (id, pod) in own(shell, world) {
        let image = pod.workload.and_then(|w| world.workloads.get(w)).map_or_else(String::new, |w| w.image.to_string());
        rows.push(vec![
            container(id),
            image,
            ago(world, pod),
            "Running".into(),
            name(world, pod),
            "0".into(),
            sandbox(id),
        ]);
    }
    Output::ok(tabwriter(&rows, COLUMNS.0, COLUMNS.1))
}

fn sandboxes(shell: &Shell) -> Output {
    let world = shell.session().world();
    let head = ["POD ID", "CREATED", "STATE", "NAME", "NAMESPACE", "ATTEMPT", "RUNTIME"];
    let mut rows = vec![strings(&head)];
    for (id, pod) in own(shell, world) {
        let (name, namespace) = (pod.name.to_string(), pod.namespace.to_string());
        rows.push(vec![sandbox(id), ago(world, pod), "Ready".into(), name, namespace, "0".into(), "(default)".into()]);
    }
    Output::ok(tabwriter(&rows, COLUMNS.0, COLUMNS.1))
}

fn images(shell: &Shell) -> Output {
    let world = shell.session().world();
    let mut names: Vec<String> = own(shell, world)
        .iter()
        .filter_map(|(_, pod)| pod.workload.and_then(|w| world.workloads.get(w)).map(|w| w.image.to_string()))
        .collect();
    names.sort();
    names.dedup();
    let rows: Vec<Vec<String>> = [strings(&["IMAGE", "TAG"])]
        .into_iter()
        .chain(names.into_iter().map(|name| vec![name, "latest".to_owned()]))
        .collect();
    Output::ok(tabwriter(&rows, COLUMNS.0, COLUMNS.1))
}

/// By the beginning of a container's id.
fn exec(shell: &mut Shell, id: &str, command: &[&str]) -> Output {
    let world = shell.session().world();
    let found = own(shell, world).into_iter().find(|(pod, _)| !id.is_empty() && container(*pod).starts_with(id));
    let Some(host) = found.and_then(|(_, pod)| pod.host) else {
        return Output::fail(
            1,
            format!(
                "FATA[0000] execing command in container: rpc error: code = NotFound desc = an error occurred when try to find container \"{id}\": not found"
            ),
        );
    };
    let context = if found.is_some_and(|(_, pod)| pod.host_network) { Context::Node(host) } else { Context::Pod(host) };
    let command: Vec<String> = command.iter().map(|word| (*word).to_owned()).collect();
    enter_or_run(shell, context, &command)
}
