//! `crictl` on a node. Source: kubernetes-sigs/cri-tools `cmd/crictl/{container,sandbox,display}.go`.

use super::catalog::{At, Command, Example, Flag, Place, Run};
use super::json::{in_key_order, kube_yaml, pretty};
use super::kubectl::{Facts, enter_or_run, timestamp};
use super::line::Line;
use super::table::tabwriter;
use super::{Context, Output, Shell};
use crate::sim::cluster::{NODE_IMAGE, Pod, PodPhase};
use crate::sim::host::Role;
use crate::sim::ids::{NodeId, PodId};
use crate::sim::mode::container_id;
use crate::sim::time::Time;
use crate::sim::world::World;
use serde_json::{Value, json};
use sha1_smol::Sha1;

/// Least width of a column and blanks behind it.
const COLUMNS: (usize, usize) = (20, 3);
/// Places of an id that are shown.
const ID: usize = 13;

/// Options of every `crictl` command; those of its own stand before it.
pub(super) const GLOBAL: &[Flag] = &[
    Flag::one("--runtime-endpoint", "-r", "sh-flag-runtime-endpoint"),
    Flag::one("--image-endpoint", "", "sh-flag-no-effect"),
    Flag::one("--timeout", "", "sh-flag-no-effect"),
    Flag::on("--debug", "-D", "sh-flag-debug"),
    Flag::on("--help", "-h", "sh-flag-help"),
];

const fn crictl(
    path: &'static str,
    operands: &'static str,
    flags: &'static [Flag],
    example: &'static str,
    run: fn(&mut Shell, &Line) -> Output,
) -> Command {
    Command::new(path, Place::Node, flags, Example::on(At::Node, example), Run::Tool(run)).with(operands)
}

const QUIET: Flag = Flag::on("--quiet", "-q", "sh-flag-ids-only");
const NO_TRUNC: Flag = Flag::on("--no-trunc", "", "sh-flag-no-trunc");
const OUTPUT: Flag = Flag::one("--output", "-o", "sh-flag-output").among(&["json", "yaml", "table"]);
const NAME: Flag = Flag::one("--name", "", "sh-flag-name-filter");

/// Rows of `crictl`.
pub(super) const COMMANDS: &[Command] = &[
    crictl(
        "crictl ps",
        "",
        &[
            Flag::on("--all", "-a", "sh-flag-all"),
            QUIET,
            NO_TRUNC,
            NAME,
            Flag::one("--pod", "-p", "sh-flag-of-pod"),
            OUTPUT,
        ],
        "crictl ps",
        containers,
    ),
    crictl(
        "crictl pods",
        "",
        &[QUIET, NO_TRUNC, NAME, Flag::one("--namespace", "", "sh-flag-kube-namespace"), OUTPUT],
        "crictl pods",
        sandboxes,
    ),
    crictl(
        "crictl exec",
        "CONTAINER COMMAND",
        &[
            Flag::on("--interactive", "-i", "sh-flag-stdin"),
            Flag::on("--tty", "-t", "sh-flag-tty"),
            Flag::on("--sync", "-s", "sh-flag-no-effect"),
        ],
        "crictl exec -it {container} ip route",
        exec,
    ),
    crictl("crictl inspect", "CONTAINER", &[OUTPUT], "crictl inspect {container}", inspect),
    crictl("crictl inspectp", "POD", &[OUTPUT], "crictl inspectp $(crictl pods -q | head -1)", inspect_sandbox),
    crictl("crictl images", "", &[QUIET, NO_TRUNC, OUTPUT], "crictl images", images),
    crictl("crictl version", "", &[], "crictl version", version),
];

fn version(_: &mut Shell, _: &Line) -> Output {
    let (name, version) = NODE_IMAGE.runtime;
    Output::ok(format!(
        "Version:  0.1.0\nRuntimeName:  {name}\nRuntimeVersion:  {version}\nRuntimeApiVersion:  v1alpha2\n"
    ))
}

fn node_here(shell: &Shell) -> Option<NodeId> {
    let host = shell.context().host()?;
    match shell.session().world().hosts.get(host)?.role {
        Role::Node(node) => Some(node),
        Role::Pod(_) | Role::Vm => None,
    }
}

/// Pods of the node that have a sandbox, newest first.
fn own(shell: &Shell) -> Vec<(PodId, &Pod)> {
    let (world, node) = (shell.session().world(), node_here(shell));
    let mut pods: Vec<(PodId, &Pod)> = world
        .pods
        .iter()
        .filter(|(_, p)| p.node == node && node.is_some() && (p.host.is_some() || p.has_ended()))
        .collect();
    pods.sort_by_key(|(id, pod)| std::cmp::Reverse((pod.created, *id)));
    pods
}

/// An id that follows from a text, as long as those of containers.
pub(super) fn long_id(text: &str) -> String {
    let first = Sha1::from(text).digest().to_string();
    let more = Sha1::from(&first).digest();
    format!("{first}{:.24}", more.to_string())
}

/// Id of a pod's sandbox; it begins as the id by which the plugins know it.
pub(super) fn sandbox_id(pod: PodId) -> String {
    let id = container_id(pod);
    format!("{id}{:.48}", long_id(&id))
}

/// Id of the container in a pod: another one than that of its sandbox, from which it follows.
fn container(pod: PodId) -> String {
    long_id(&sandbox_id(pod))
}

/// As an API shows a container's id.
pub(super) fn container_uri(pod: PodId) -> String {
    format!("{}://{}", NODE_IMAGE.runtime.0, container(pod))
}

/// What people type of a container's id.
pub(super) fn short_container(pod: PodId) -> String {
    container(pod).chars().take(ID).collect()
}

fn cut(id: &str, line: &Line) -> String {
    if line.has("--no-trunc") { id.to_owned() } else { id.chars().take(ID).collect() }
}

/// How long ago something was made. Source: docker/go-units `duration.go`.
fn ago(world: &World, since: Time) -> String {
    let seconds = (world.now - since).as_millis() / 1000;
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

/// `-o json` and `-o yaml`; nothing where a table is wanted.
fn formatted(line: &Line, value: impl FnOnce() -> Value) -> Option<Output> {
    Some(match line.option("--output").unwrap_or("table") {
        "table" => return None,
        "json" => in_json(value()),
        "yaml" => Output::ok(kube_yaml(&in_key_order(value()))),
        "go-template" => Output::fail(1, "podhop: -o go-template is not simulated; nearest: -o json | jq"),
        other => Output::fail(1, format!("FATA[0000] unsupported output format \"{other}\"")),
    })
}

/// Nanoseconds since 1970 of the day on which the virtual clock begins.
fn nanoseconds(time: Time) -> String {
    const FIRST_DAY: u64 = 1_635_724_800;
    (FIRST_DAY * 1_000_000_000 + time.0).to_string()
}

/// What the kubelet writes on what it makes.
fn labels(pod: &Pod, of_container: bool) -> Value {
    let mut labels = json!({
        "io.kubernetes.pod.name": pod.name,
        "io.kubernetes.pod.namespace": pod.namespace,
    });
    if of_container {
        labels["io.kubernetes.container.name"] = json!(pod.container);
    }
    labels
}

const fn state(pod: &Pod) -> &'static str {
    match pod.phase {
        PodPhase::Running => "CONTAINER_RUNNING",
        PodPhase::Pending | PodPhase::ContainerCreating | PodPhase::SandboxFailed => "CONTAINER_CREATED",
        PodPhase::Ended { .. } => "CONTAINER_EXITED",
    }
}

/// The sandbox goes with the last container.
const fn sandbox_state(pod: &Pod) -> &'static str {
    if pod.has_ended() { "SANDBOX_NOTREADY" } else { "SANDBOX_READY" }
}

fn image_id(name: &str) -> String {
    format!("sha256:{}", long_id(name))
}

fn strings(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn ids(ids: impl Iterator<Item = String>) -> Output {
    Output::ok(ids.map(|id| id + "\n").collect::<String>())
}

fn containers(shell: &mut Shell, line: &Line) -> Output {
    let world = shell.session().world();
    let wanted = |(id, pod): &(PodId, &Pod)| {
        (pod.phase == PodPhase::Running || (line.has("--all") && pod.has_ended()))
            && line.option("--name").is_none_or(|n| pod.container.contains(n))
            && line.option("--pod").is_none_or(|p| sandbox_id(*id).starts_with(p))
    };
    let running: Vec<(PodId, &Pod)> = own(shell).into_iter().filter(wanted).collect();
    if line.has("--quiet") {
        return ids(running.iter().map(|(id, _)| container(*id)));
    }
    let listed = || {
        let one = |(id, pod): &(PodId, &Pod)| {
            json!({
                "annotations": {},
                "createdAt": nanoseconds(pod.created),
                "id": container(*id),
                "image": { "annotations": {}, "image": image_id(&pod.image) },
                "imageRef": image_id(&pod.image),
                "labels": labels(pod, true),
                "metadata": { "attempt": 0, "name": pod.container },
                "podSandboxId": sandbox_id(*id),
                "state": state(pod),
            })
        };
        json!({ "containers": running.iter().map(one).collect::<Vec<Value>>() })
    };
    if let Some(output) = formatted(line, listed) {
        return output;
    }
    let mut rows = vec![strings(&["CONTAINER", "IMAGE", "CREATED", "STATE", "NAME", "ATTEMPT", "POD ID"])];
    for (id, pod) in running {
        let (own, sandbox) = (cut(&container(id), line), cut(&sandbox_id(id), line));
        let state = if pod.has_ended() { "Exited" } else { "Running" };
        // The kubelet names images by their ids.
        let image = short_image(&pod.image, line);
        rows.push(strings(&[&own, &image, &ago(world, pod.created), state, &pod.container, "0", &sandbox]));
    }
    Output::ok(tabwriter(&rows, COLUMNS.0, COLUMNS.1))
}

fn sandboxes(shell: &mut Shell, line: &Line) -> Output {
    let world = shell.session().world();
    let wanted = |(_, pod): &(PodId, &Pod)| {
        line.option("--name").is_none_or(|n| pod.name.contains(n))
            && line.option("--namespace").is_none_or(|n| *pod.namespace == *n)
    };
    let pods: Vec<(PodId, &Pod)> = own(shell).into_iter().filter(wanted).collect();
    if line.has("--quiet") {
        return ids(pods.iter().map(|(id, _)| sandbox_id(*id)));
    }
    let listed = || {
        let one = |(id, pod): &(PodId, &Pod)| {
            json!({
                "annotations": {},
                "createdAt": nanoseconds(pod.created),
                "id": sandbox_id(*id),
                "labels": labels(pod, false),
                "metadata": { "attempt": 0, "name": pod.name, "namespace": pod.namespace },
                "runtimeHandler": "",
                "state": sandbox_state(pod),
            })
        };
        json!({ "items": pods.iter().map(one).collect::<Vec<Value>>() })
    };
    if let Some(output) = formatted(line, listed) {
        return output;
    }
    let mut rows = vec![strings(&["POD ID", "CREATED", "STATE", "NAME", "NAMESPACE", "ATTEMPT", "RUNTIME"])];
    for (id, pod) in pods {
        let sandbox = cut(&sandbox_id(id), line);
        let ready = if pod.has_ended() { "NotReady" } else { "Ready" };
        rows.push(strings(&[&sandbox, &ago(world, pod.created), ready, &pod.name, &pod.namespace, "0", "(default)"]));
    }
    Output::ok(tabwriter(&rows, COLUMNS.0, COLUMNS.1))
}

fn images(shell: &mut Shell, line: &Line) -> Output {
    let mut names: Vec<String> = own(shell).iter().map(|(_, pod)| pod.image.to_string()).collect();
    names.sort();
    names.dedup();
    if line.has("--quiet") {
        return ids(names.iter().map(|name| image_id(name)));
    }
    let tagged = |name: &String| if name.contains(':') { name.clone() } else { format!("{name}:latest") };
    let listed = || {
        let one = |name: &String| json!({ "id": image_id(name), "repoDigests": [], "repoTags": [tagged(name)] });
        json!({ "images": names.iter().map(one).collect::<Vec<Value>>() })
    };
    if let Some(output) = formatted(line, listed) {
        return output;
    }
    let mut rows = vec![strings(&["IMAGE", "TAG", "IMAGE ID"])];
    for name in &names {
        let (image, tag) = match name.rsplit_once(':') {
            Some((image, tag)) if !tag.contains('/') => (image, tag),
            _ => (name.as_str(), "latest"),
        };
        rows.push(strings(&[image, tag, &short_image(name, line)]));
    }
    Output::ok(tabwriter(&rows, COLUMNS.0, COLUMNS.1))
}

fn short_image(name: &str, line: &Line) -> String {
    let id = image_id(name);
    if line.has("--no-trunc") { id } else { cut(id.trim_start_matches("sha256:"), line) }
}

fn missing(what: &str, id: &str) -> Output {
    Output::fail(
        1,
        format!(
            "FATA[0000] {what}: rpc error: code = NotFound desc = an error occurred when try to find container \"{id}\": not found"
        ),
    )
}

/// By the beginning of an id.
fn find<'a>(shell: &'a Shell, line: &Line, id_of: fn(PodId) -> String) -> Option<(PodId, &'a Pod)> {
    let typed = line.word(0).filter(|id| !id.is_empty())?;
    own(shell).into_iter().find(|(pod, _)| id_of(*pod).starts_with(typed))
}

fn in_json(value: Value) -> Output {
    Output::ok(pretty(&in_key_order(value)) + "\n")
}

/// JSON where no other form is asked for.
fn inspected(line: &Line, value: Value, table: impl FnOnce() -> String) -> Output {
    if line.option("--output").is_none() {
        return in_json(value);
    }
    formatted(line, || value).unwrap_or_else(|| Output::ok(table()))
}

/// Labels below each other, as the table form ends.
fn label_lines(value: &Value) -> String {
    let labels = value["status"]["labels"].as_object();
    let line = |(name, text): (&String, &Value)| format!("\t{name} -> {}\n", text.as_str().unwrap_or_default());
    "Labels:\n".to_owned() + &labels.into_iter().flatten().map(line).collect::<String>()
}

fn inspect(shell: &mut Shell, line: &Line) -> Output {
    let Some((id, pod)) = find(shell, line, container) else {
        return missing("getting the status of the container", line.word(0).unwrap_or_default());
    };
    let facts = Facts::of(shell);
    let running = pod.phase == PodPhase::Running;
    let value = json!({
        "info": { "sandboxID": sandbox_id(id) },
        "status": {
            "annotations": {},
            "createdAt": timestamp(pod.created),
            "exitCode": 0,
            "finishedAt": "0001-01-01T00:00:00Z",
            "id": container(id),
            "image": { "annotations": {}, "image": pod.image },
            "imageRef": image_id(&pod.image),
            "labels": labels(pod, true),
            "message": "",
            "metadata": { "attempt": 0, "name": pod.container },
            "mounts": [],
            "reason": "",
            "startedAt": if running { timestamp(facts.started(id, pod)) } else { "0001-01-01T00:00:00Z".to_owned() },
            "state": state(pod),
        },
    });
    let world = facts.world;
    let table = || {
        format!(
            "ID: {}\nName: {}\nState: {}\nCreated: {}\n{}{}",
            container(id),
            pod.container,
            state(pod),
            ago(world, pod.created),
            if running { format!("Started: {}\n", ago(world, facts.started(id, pod))) } else { String::new() },
            label_lines(&value)
        )
    };
    inspected(line, value.clone(), table)
}

fn inspect_sandbox(shell: &mut Shell, line: &Line) -> Output {
    let Some((id, pod)) = find(shell, line, sandbox_id) else {
        return missing("getting the status of the pod sandbox", line.word(0).unwrap_or_default());
    };
    let mode = if pod.host_network { "NODE" } else { "POD" };
    // A pod in its node's network has no address of its own.
    let address = pod.address.filter(|_| !pod.host_network).map_or_else(String::new, |a| a.to_string());
    let value = json!({
        "status": {
            "annotations": {},
            "createdAt": timestamp(pod.created),
            "id": sandbox_id(id),
            "labels": labels(pod, false),
            "linux": { "namespaces": { "options": { "ipc": "POD", "network": mode, "pid": "CONTAINER" } } },
            "metadata": { "attempt": 0, "name": pod.name, "namespace": pod.namespace },
            "network": { "additionalIps": [], "ip": address },
            "runtimeHandler": "",
            "state": sandbox_state(pod),
        },
    });
    let world = shell.session().world();
    let table = || {
        format!(
            "ID: {}\nName: {}\nNamespace: {}\nAttempt: 0\nStatus: {}\nCreated: {}\nIP Addresses: {address}\n{}",
            sandbox_id(id),
            pod.name,
            pod.namespace,
            sandbox_state(pod),
            ago(world, pod.created),
            label_lines(&value)
        )
    };
    inspected(line, value.clone(), table)
}

fn exec(shell: &mut Shell, line: &Line) -> Output {
    let Some((_, pod)) = find(shell, line, container) else {
        return missing("execing command in container", line.word(0).unwrap_or_default());
    };
    let Some(host) = pod.host else { return Output::fail(1, "") };
    let context = if pod.host_network { Context::Node(host) } else { Context::Pod(host) };
    let words: Vec<String> = line.words.iter().skip(1).filter(|w| *w != "--").cloned().collect();
    enter_or_run(shell, context, "FATA[0000] execing command in container: ", &words)
}
