//! `kubectl get`.

use super::objects::{self, listed};
use super::{Line, no_such_resource, not_found, resource};
use crate::shell::json::{pretty, print};
use crate::shell::table::{age, tabwriter};
use crate::shell::{Output, Shell, jsonpath};
use crate::sim::cluster::{NodePhase, Pod, PodPhase, WorkloadKind};
use crate::sim::ids::{ClusterId, NodeId, WorkloadId};
use crate::sim::time::Time;
use crate::sim::world::World;
use serde_json::Value;

/// Least width of a column and blanks behind it. Source: kubernetes/cli-runtime `pkg/printers/tabwriter.go`.
const COLUMNS: (usize, usize) = (6, 3);

/// What was found: rows for a table, objects for the other formats.
struct Found {
    captions: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    objects: Vec<Value>,
    names: Vec<String>,
    kind: &'static str,
}

pub(super) fn run(shell: &Shell, cluster: ClusterId, line: &Line, what: &str, names: &[&str]) -> Output {
    let (what, names): (&str, Vec<&str>) = match what.split_once('/') {
        Some((what, name)) => (what, vec![name]),
        None => (what, names.to_vec()),
    };
    let Some(kind) = resource(what) else { return no_such_resource(what) };
    let world = shell.session().world();
    let wide = line.option("--output") == Some("wide");
    let mut found = match kind {
        "node" => nodes(world, cluster, wide),
        "pod" => pods(world, cluster, line, wide),
        "nodenetworkconfig" => configs(world, cluster, wide),
        "namespace" => namespaces(world, cluster),
        kind => workloads(world, cluster, line, kind),
    };
    for name in &names {
        if !found.names.iter().any(|n| n == name) {
            return not_found(kind, name);
        }
    }
    if !names.is_empty() {
        found.keep(|name| names.contains(&name));
    }
    found.print(line, names.len() == 1)
}

impl Found {
    const fn new(kind: &'static str, captions: Vec<&'static str>) -> Self {
        Self { captions, rows: Vec::new(), objects: Vec::new(), names: Vec::new(), kind }
    }

    fn push(&mut self, name: &str, row: Vec<String>, object: Value) {
        self.names.push(name.to_owned());
        self.rows.push(row);
        self.objects.push(object);
    }

    fn keep(&mut self, wanted: impl Fn(&str) -> bool) {
        let kept: Vec<bool> = self.names.iter().map(|name| wanted(name)).collect();
        let mut at = kept.iter();
        self.rows.retain(|_| *at.next().unwrap_or(&true));
        let mut at = kept.iter();
        self.objects.retain(|_| *at.next().unwrap_or(&true));
        let mut at = kept.iter();
        self.names.retain(|_| *at.next().unwrap_or(&true));
    }

    fn print(self, line: &Line, single: bool) -> Output {
        let format = line.option("--output").unwrap_or("");
        match format {
            "" | "wide" => self.table(line),
            "name" => {
                let kind = if matches!(self.kind, "deployment" | "daemonset") {
                    format!("{}.apps", self.kind)
                } else {
                    self.kind.to_owned()
                };
                Output::ok(self.names.iter().map(|name| format!("{kind}/{name}\n")).collect::<String>())
            }
            "json" => Output::ok(indented(&listed(self.objects, single))),
            "yaml" => Output::ok(print(&listed(self.objects, single), "yaml").unwrap_or_default()),
            other => match other.split_once('=') {
                Some(("jsonpath", template)) => match jsonpath::render(template, &listed(self.objects, single)) {
                    Ok(text) => Output::ok(text),
                    Err(why) => Output::fail(1, format!("error: error parsing jsonpath {template}, {why}")),
                },
                Some(("custom-columns", spec)) => custom(&self.objects, spec),
                _ => Output::fail(
                    1,
                    format!("error: unable to match a printer suitable for the output format \"{other}\""),
                ),
            },
        }
    }

    fn table(self, line: &Line) -> Output {
        if self.rows.is_empty() {
            let place = if line.has(&["-A", "--all-namespaces"]) {
                String::new()
            } else {
                format!(" in {} namespace", line.namespace())
            };
            return Output { err: format!("No resources found{place}.\n"), ..Output::default() };
        }
        let head = (!line.has(&["--no-headers"])).then(|| self.captions.iter().map(|c| (*c).to_owned()).collect());
        let rows: Vec<Vec<String>> = head.into_iter().chain(self.rows).collect();
        Output::ok(tabwriter(&rows, COLUMNS.0, COLUMNS.1))
    }
}

/// Four blanks a level, as `kubectl` writes JSON.
fn indented(value: &Value) -> String {
    let lines = pretty(value);
    let deeper = |line: &str| {
        let blanks = line.len() - line.trim_start().len();
        format!("{}{}\n", " ".repeat(blanks), line)
    };
    lines.lines().map(deeper).collect()
}

fn custom(objects: &[Value], spec: &str) -> Output {
    let columns: Vec<(&str, &str)> = spec.split(',').filter_map(|part| part.split_once(':')).collect();
    let mut rows = vec![columns.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>()];
    for object in objects {
        let cell = |path: &str| {
            let text = jsonpath::render(&format!("{{{path}}}"), object).unwrap_or_default();
            if text.is_empty() { "<none>".to_owned() } else { text }
        };
        rows.push(columns.iter().map(|(_, path)| cell(path)).collect());
    }
    Output::ok(tabwriter(&rows, COLUMNS.0, COLUMNS.1))
}

fn since(world: &World, time: Time) -> String {
    age((world.now - time).as_millis() / 1000)
}

fn nodes(world: &World, cluster: ClusterId, wide: bool) -> Found {
    let mut captions = vec!["NAME", "STATUS", "ROLES", "AGE", "VERSION"];
    if wide {
        captions.extend(["INTERNAL-IP", "EXTERNAL-IP", "OS-IMAGE", "KERNEL-VERSION", "CONTAINER-RUNTIME"]);
    }
    let mut found = Found::new("node", captions);
    for id in objects::nodes(world, cluster) {
        let Some(node) = world.nodes.get(id) else { continue };
        let mut status = if node.phase == NodePhase::Ready { "Ready" } else { "NotReady" }.to_owned();
        if node.cordoned {
            status += ",SchedulingDisabled";
        }
        let version = world.clusters.get(cluster).map_or_else(String::new, |c| format!("v{}", c.version));
        let age = since(world, node.registered.unwrap_or_default());
        let mut row = vec![node.name.to_string(), status, "agent".to_owned(), age, version];
        if wide {
            let address = world.nics.get(node.nic).and_then(crate::sim::fabric::nic::Nic::primary);
            row.push(address.map_or_else(String::new, |a| a.to_string()));
            row.extend(
                ["<none>", "Ubuntu 18.04.6 LTS", "5.4.0-1059-azure", "containerd://1.4.9+azure"].map(str::to_owned),
            );
        }
        found.push(&node.name, row, objects::node(world, id));
    }
    found
}

fn pods(world: &World, cluster: ClusterId, line: &Line, wide: bool) -> Found {
    let all = line.has(&["-A", "--all-namespaces"]);
    let mut captions = if all { vec!["NAMESPACE"] } else { Vec::new() };
    captions.extend(["NAME", "READY", "STATUS", "RESTARTS", "AGE"]);
    if wide {
        captions.extend(["IP", "NODE", "NOMINATED NODE", "READINESS GATES"]);
    }
    let mut found = Found::new("pod", captions);
    let selector =
        line.option("--selector").and_then(|s| s.split_once('=')).map(|(k, v)| (k, v.trim_start_matches('=')));
    let wanted = |pod: &&Pod| {
        let app = pod.workload.and_then(|w| world.workloads.get(w)).map(|w| w.name.as_ref());
        let selected = selector.is_none_or(|(key, value)| key == "app" && app == Some(value));
        pod.cluster == cluster && (all || pod.namespace.as_ref() == line.namespace()) && selected
    };
    let mut own: Vec<&Pod> = world.pods.values().filter(wanted).collect();
    own.sort_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
    for pod in own {
        let running = pod.phase == PodPhase::Running;
        let status = match pod.phase {
            PodPhase::Pending => "Pending",
            PodPhase::ContainerCreating | PodPhase::SandboxFailed => "ContainerCreating",
            PodPhase::Running => "Running",
        };
        let mut row = if all { vec![pod.namespace.to_string()] } else { Vec::new() };
        let ready = if running { "1/1" } else { "0/1" };
        row.extend([pod.name.to_string(), ready.into(), status.into(), "0".into(), since(world, pod.created)]);
        if wide {
            let none = || "<none>".to_owned();
            row.push(pod.address.map_or_else(none, |a| a.to_string()));
            row.push(pod.node.and_then(|n| world.nodes.get(n)).map_or_else(none, |n| n.name.to_string()));
            row.extend([none(), none()]);
        }
        found.push(&pod.name, row, objects::pod(world, pod));
    }
    found
}

fn workloads(world: &World, cluster: ClusterId, line: &Line, kind: &'static str) -> Found {
    let daemons = kind == "daemonset";
    let captions = if daemons {
        vec!["NAME", "DESIRED", "CURRENT", "READY", "UP-TO-DATE", "AVAILABLE"]
    } else {
        vec!["NAME", "READY", "UP-TO-DATE", "AVAILABLE"]
    };
    let mut found = Found::new(kind, captions);
    let all = line.has(&["-A", "--all-namespaces"]);
    let mut own: Vec<(String, WorkloadId)> = world
        .workloads
        .iter()
        .filter(|(_, w)| w.cluster == cluster && (all || w.namespace.as_ref() == line.namespace()))
        .filter(|(_, w)| matches!(w.kind, WorkloadKind::DaemonSet) == daemons)
        .map(|(id, w)| (w.name.to_string(), id))
        .collect();
    own.sort();
    for (name, id) in own {
        let (wanted, present, running) = objects::counts(world, id);
        let number = |n: u32| n.to_string();
        let row = if daemons {
            vec![name.clone(), number(wanted), number(present), number(running), number(present), number(running)]
        } else {
            vec![name.clone(), format!("{running}/{wanted}"), number(present), number(running)]
        };
        found.push(&name, row, objects::workload(world, id));
    }
    found
}

fn configs(world: &World, cluster: ClusterId, wide: bool) -> Found {
    let mut captions = vec!["NAME"];
    if wide {
        captions.push("REQUESTED IPS");
    }
    captions.push("ALLOCATED IPS");
    if wide {
        captions.extend(["SUBNET", "SUBNET CIDR", "NC ID"]);
    }
    captions.push("NC MODE");
    if wide {
        captions.push("NC TYPE");
    }
    captions.push("NC VERSION");
    let mut found = Found::new("nodenetworkconfig", captions);
    for id in objects::nodes(world, cluster) {
        if let Some((name, row)) = config_row(world, id, wide) {
            found.push(&name, row, objects::network_config(world, id));
        }
    }
    found
}

fn config_row(world: &World, id: NodeId, wide: bool) -> Option<(String, Vec<String>)> {
    let node = world.nodes.get(id)?;
    let cns = node.cns()?;
    let subnet = node.pod_subnet.and_then(|s| world.subnets.get(s))?;
    let container = cns.network_container();
    let mut row = vec![node.name.to_string()];
    if wide {
        row.push(cns.spec().requested.to_string());
    }
    row.push(cns.ips().count().to_string());
    if wide {
        let id = container.map_or_else(String::new, |nc| nc.id.to_string());
        row.extend([subnet.name.to_string(), subnet.pool.prefix().to_string(), id]);
    }
    row.push("dynamic".to_owned());
    if wide {
        row.push("vnet".to_owned());
    }
    row.push(container.map_or_else(String::new, |nc| nc.version.to_string()));
    Some((node.name.to_string(), row))
}

fn namespaces(world: &World, cluster: ClusterId) -> Found {
    let mut found = Found::new("namespace", vec!["NAME", "STATUS"]);
    let mut names: Vec<String> =
        world.pods.values().filter(|p| p.cluster == cluster).map(|p| p.namespace.to_string()).collect();
    names.push("default".to_owned());
    names.sort();
    names.dedup();
    for name in names {
        let object = serde_json::json!({ "kind": "Namespace", "metadata": { "name": name } });
        found.push(&name, vec![name.clone(), "Active".to_owned()], object);
    }
    found
}
