//! `kubectl get`.

use super::objects::{self, Facts, Pairs};
use super::selector::Selector;
use super::{Kind, Line, events, no_such_resource, not_found, targets};
use crate::shell::table::{age, tabwriter};
use crate::shell::{Output, Shell, jsonpath};
use crate::sim::cluster::{NODE_IMAGE, NodePhase, Pod, PodPhase, WorkloadKind};
use crate::sim::ids::{ClusterId, NodeId, PodId, WorkloadId};
use crate::sim::time::Time;
use crate::sim::world::World;
use serde_json::{Value, json};

/// Least width of a column and blanks behind it. Source: kubernetes/cli-runtime `pkg/printers/tabwriter.go`.
pub(super) const COLUMNS: (usize, usize) = (6, 3);

/// What was found: rows for a table, objects for the other formats.
pub(super) struct Found {
    pub(super) captions: Vec<&'static str>,
    pub(super) items: Vec<Item>,
    pub(super) kind: Kind,
}

pub(super) struct Item {
    pub(super) name: String,
    pub(super) row: Vec<String>,
    pub(super) labels: Pairs,
    pub(super) object: Object,
}

/// An object is made when a format needs it: a table of ten thousand pods does not.
pub(super) enum Object {
    Node(NodeId),
    Pod(PodId),
    Workload(Kind, WorkloadId, (u32, u32, u32)),
    Config(NodeId),
    Made(Value),
}

impl Object {
    pub(super) fn value(&self, facts: &Facts<'_>) -> Value {
        objects::without_nulls(match self {
            Self::Node(id) => objects::node(facts, *id),
            Self::Pod(id) => objects::pod(facts, *id),
            Self::Workload(kind, id, counts) => objects::workload(facts.world, *kind, *id, *counts),
            Self::Config(id) => objects::network_config(facts.world, *id),
            Self::Made(value) => value.clone(),
        })
    }
}

pub(super) fn run(shell: &mut Shell, line: &Line, cluster: ClusterId) -> Output {
    let words = line.words();
    let Some(first) = words.first() else {
        return Output::fail(
            1,
            "You must specify the type of resource to get. Use \"kubectl api-resources\" for a complete list of supported resources.\n\nerror: Required resource not specified.",
        );
    };
    let selector = match Selector::read(line.option("--selector").unwrap_or_default()) {
        Ok(selector) => selector,
        Err(why) => return Output::fail(1, format!("error: unable to parse requirement: {why}")),
    };
    let mut kinds: Vec<(Kind, Vec<&str>)> = Vec::new();
    if first.contains(',') || *first == "all" {
        let all = "pod,service,daemonset,deployment,replicaset";
        for word in (if *first == "all" { all } else { first }).split(',') {
            let Some(kind) = Kind::named(word) else { return no_such_resource(word) };
            kinds.push((kind, words[1..].to_vec()));
        }
    } else {
        let named = match targets(&words) {
            Ok(named) => named,
            Err(output) => return output,
        };
        let first = words.first().and_then(|w| Kind::named(w.split('/').next().unwrap_or(w)));
        kinds.extend(first.map(|kind| (kind, Vec::new())));
        for (kind, name) in named {
            match kinds.iter_mut().find(|(k, _)| *k == kind) {
                Some((_, own)) => own.push(name),
                None => kinds.push((kind, vec![name])),
            }
        }
    }
    let several = kinds.len() > 1;
    let table = matches!(line.option("--output"), None | Some("wide"));
    if several && !table && line.option("--output") != Some("name") {
        return together(shell, line, cluster, &kinds, &selector);
    }
    let mut out = Output::default();
    for (kind, names) in kinds {
        let single = names.len() == 1;
        let one = match of_kind(shell, line, cluster, kind, &names, &selector) {
            Ok(found) => found.print(shell, line, single, several),
            Err(output) => output,
        };
        if table && !out.out.is_empty() && !one.out.is_empty() {
            out.out.push('\n');
        }
        out.out += &one.out;
        out.err += if several && one.status == 0 { "" } else { &one.err };
        out.status = out.status.max(one.status);
    }
    out
}

/// Objects of several kinds in one list.
fn together(
    shell: &Shell,
    line: &Line,
    cluster: ClusterId,
    kinds: &[(Kind, Vec<&str>)],
    selector: &Selector,
) -> Output {
    let mut all = Found::new(Kind::Pod, Vec::new());
    for (kind, names) in kinds {
        match of_kind(shell, line, cluster, *kind, names, selector) {
            Ok(found) => all.items.extend(found.items),
            Err(output) => return output,
        }
    }
    all.print(shell, line, false, true)
}

fn of_kind(
    shell: &Shell,
    line: &Line,
    cluster: ClusterId,
    kind: Kind,
    names: &[&str],
    selector: &Selector,
) -> Result<Found, Output> {
    let world = shell.session().world();
    if kind == Kind::NetworkConfig && !world.nodes.values().any(|n| n.cluster == cluster && n.cns().is_some()) {
        // The kind is defined by azure-cns, which this cluster does not run.
        return Err(no_such_resource(kind.plural()));
    }
    let wide = line.option("--output") == Some("wide");
    let mut found = match kind {
        Kind::Node => nodes(world, cluster, wide),
        Kind::Pod => pods(world, cluster, line, wide),
        Kind::NetworkConfig => configs(world, cluster, wide),
        Kind::Namespace => namespaces(world, cluster),
        Kind::Service => services(world, cluster, line),
        Kind::Event => events::found(shell, cluster, line),
        kind => workloads(world, cluster, line, kind),
    };
    for name in names {
        if !found.items.iter().any(|item| item.name == *name) {
            return Err(not_found(kind, name));
        }
    }
    found
        .items
        .retain(|item| (names.is_empty() || names.contains(&item.name.as_str())) && selector.holds(&item.labels));
    found.narrow(shell, line)?;
    Ok(found)
}

impl Found {
    pub(super) const fn new(kind: Kind, captions: Vec<&'static str>) -> Self {
        Self { captions, items: Vec::new(), kind }
    }

    fn push(&mut self, name: &str, row: Vec<String>, labels: Pairs, object: Object) {
        self.items.push(Item { name: name.to_owned(), row, labels, object });
    }

    pub(super) fn push_made(&mut self, name: &str, row: Vec<String>, object: Value) {
        self.push(name, row, Vec::new(), Object::Made(object));
    }

    /// `--field-selector` and `--sort-by`.
    fn narrow(&mut self, shell: &Shell, line: &Line) -> Result<(), Output> {
        if line.option("--field-selector").is_none() && line.option("--sort-by").is_none() {
            return Ok(());
        }
        let facts = Facts::of(shell);
        let at = |item: &Item, path: &str| {
            let path = format!("{{.{}}}", path.trim_matches(['{', '}']).trim_start_matches('.'));
            jsonpath::render(&path, &item.object.value(&facts)).map_err(|wrong| wrong.why)
        };
        for condition in line.option("--field-selector").into_iter().flat_map(|s| s.split(',')) {
            let (path, value, equal) = match (condition.split_once("!="), condition.split_once('=')) {
                (Some((path, value)), _) => (path, value, false),
                (None, Some((path, value))) => (path, value.trim_start_matches('='), true),
                _ => {
                    return Err(Output::fail(
                        1,
                        format!("Error from server (BadRequest): invalid selector: '{condition}'"),
                    ));
                }
            };
            self.items.retain(|item| (at(item, path).is_ok_and(|found| found == value)) == equal);
        }
        if let Some(path) = line.option("--sort-by") {
            let mut keyed: Vec<(Result<u64, String>, Item)> = Vec::new();
            for item in self.items.drain(..) {
                let text = at(&item, path).map_err(|why| Output::fail(1, format!("error: {why}")))?;
                keyed.push((text.parse().map_err(|_| text), item));
            }
            keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
            self.items = keyed.into_iter().map(|(_, item)| item).collect();
        }
        Ok(())
    }
}

pub(super) fn since(world: &World, time: Time) -> String {
    age((world.now - time).as_millis() / 1000)
}

fn nodes(world: &World, cluster: ClusterId, wide: bool) -> Found {
    let mut captions = vec!["NAME", "STATUS", "ROLES", "AGE", "VERSION"];
    if wide {
        captions.extend(["INTERNAL-IP", "EXTERNAL-IP", "OS-IMAGE", "KERNEL-VERSION", "CONTAINER-RUNTIME"]);
    }
    let mut found = Found::new(Kind::Node, captions);
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
            let runtime = format!("{}://{}", NODE_IMAGE.runtime.0, NODE_IMAGE.runtime.1);
            row.extend(["<none>", NODE_IMAGE.os, NODE_IMAGE.kernel, &runtime].map(str::to_owned));
        }
        found.push(&node.name, row, objects::node_labels(node), Object::Node(id));
    }
    found
}

/// What `kubectl` calls the state of a pod.
pub(super) const fn status(pod: &Pod) -> &'static str {
    match pod.phase {
        PodPhase::Pending => "Pending",
        PodPhase::ContainerCreating | PodPhase::SandboxFailed => "ContainerCreating",
        PodPhase::Running => "Running",
    }
}

fn pods(world: &World, cluster: ClusterId, line: &Line, wide: bool) -> Found {
    let all = line.within().is_none();
    let mut captions = if all { vec!["NAMESPACE"] } else { Vec::new() };
    captions.extend(["NAME", "READY", "STATUS", "RESTARTS", "AGE"]);
    if wide {
        captions.extend(["IP", "NODE", "NOMINATED NODE", "READINESS GATES"]);
    }
    let mut found = Found::new(Kind::Pod, captions);
    let wanted = |pod: &Pod| pod.cluster == cluster && line.within().is_none_or(|n| pod.namespace.as_ref() == n);
    let mut own: Vec<(PodId, &Pod)> = world.pods.iter().filter(|(_, p)| wanted(p)).collect();
    own.sort_by(|(_, a), (_, b)| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
    for (id, pod) in own {
        let running = pod.phase == PodPhase::Running;
        let mut row = if all { vec![pod.namespace.to_string()] } else { Vec::new() };
        let ready = if running { "1/1" } else { "0/1" };
        row.extend([pod.name.to_string(), ready.into(), status(pod).into(), "0".into(), since(world, pod.created)]);
        if wide {
            let none = || "<none>".to_owned();
            row.push(pod.address.map_or_else(none, |a| a.to_string()));
            row.push(pod.node.and_then(|n| world.nodes.get(n)).map_or_else(none, |n| n.name.to_string()));
            row.extend([none(), none()]);
        }
        found.push(&pod.name, row, objects::pod_labels(world, pod), Object::Pod(id));
    }
    found
}

fn workloads(world: &World, cluster: ClusterId, line: &Line, kind: Kind) -> Found {
    let all = line.within().is_none();
    let mut captions = if all { vec!["NAMESPACE"] } else { Vec::new() };
    captions.extend(match kind {
        Kind::DaemonSet => {
            vec!["NAME", "DESIRED", "CURRENT", "READY", "UP-TO-DATE", "AVAILABLE", "NODE SELECTOR", "AGE"]
        }
        Kind::ReplicaSet => vec!["NAME", "DESIRED", "CURRENT", "READY", "AGE"],
        _ => vec!["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE"],
    });
    let mut found = Found::new(kind, captions);
    let daemons = kind == Kind::DaemonSet;
    let mut own: Vec<(&str, String, WorkloadId)> = world
        .workloads
        .iter()
        .filter(|(_, w)| w.cluster == cluster && line.within().is_none_or(|n| w.namespace.as_ref() == n))
        .filter(|(_, w)| matches!(w.kind, WorkloadKind::DaemonSet) == daemons)
        .map(|(id, w)| {
            let name = if kind == Kind::ReplicaSet { format!("{}-{}", w.name, w.hash) } else { w.name.to_string() };
            (w.namespace.as_ref(), name, id)
        })
        .collect();
    own.sort();
    let census = objects::census(world, cluster);
    for (namespace, name, id) in own {
        let counts = objects::counts(world, id, &census);
        let (wanted, present, running) = counts;
        let [wanted, present, running] = [wanted, present, running].map(|n| n.to_string());
        let age = world.workloads.get(id).map_or_else(String::new, |w| since(world, w.created));
        let mut row = if all { vec![namespace.to_owned()] } else { Vec::new() };
        row.push(name.clone());
        row.extend(match kind {
            Kind::DaemonSet => vec![wanted, present.clone(), running.clone(), present, running, "<none>".into(), age],
            Kind::ReplicaSet => vec![wanted, present, running, age],
            _ => vec![format!("{running}/{wanted}"), present, running, age],
        });
        let labels = world.workloads.get(id).map(|w| vec![("app".to_owned(), w.name.to_string())]);
        found.push(&name, row, labels.unwrap_or_default(), Object::Workload(kind, id, counts));
    }
    found
}

/// The service of the API server, which has the first address of the range, and that of DNS.
/// Source: kubernetes/kubernetes `pkg/controlplane/instance.go`; Azure/AKS.
fn services(world: &World, cluster_id: ClusterId, line: &Line) -> Found {
    let all = line.within().is_none();
    let mut captions = if all { vec!["NAMESPACE"] } else { Vec::new() };
    captions.extend(["NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE"]);
    let mut found = Found::new(Kind::Service, captions);
    let Some(cluster) = world.clusters.get(cluster_id) else { return found };
    let first = cluster.service_cidr.hosts().next();
    let begun = world.workloads.values().filter(|w| w.cluster == cluster_id).map(|w| w.created).min();
    let age = since(world, begun.unwrap_or_default());
    let known = [
        ("default", "kubernetes", first, "443/TCP"),
        ("kube-system", "kube-dns", Some(cluster.dns_service_ip), "53/UDP,53/TCP"),
    ];
    for (namespace, name, address, ports) in known {
        if line.within().is_some_and(|n| n != namespace) {
            continue;
        }
        let address = address.map_or_else(String::new, |a| a.to_string());
        let mut row = if all { vec![namespace.to_owned()] } else { Vec::new() };
        row.extend([name, "ClusterIP", &address, "<none>", ports, &age].map(str::to_owned));
        let object = json!({
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": { "name": name, "namespace": namespace },
            "spec": { "clusterIP": address, "type": "ClusterIP" },
        });
        found.push(name, row, Vec::new(), Object::Made(object));
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
    let mut found = Found::new(Kind::NetworkConfig, captions);
    for id in objects::nodes(world, cluster) {
        if let Some((name, row)) = config_row(world, id, wide) {
            found.push(&name, row, Vec::new(), Object::Config(id));
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
    let mut found = Found::new(Kind::Namespace, vec!["NAME", "STATUS"]);
    let mut names: Vec<String> =
        world.pods.values().filter(|p| p.cluster == cluster).map(|p| p.namespace.to_string()).collect();
    names.push("default".to_owned());
    names.sort();
    names.dedup();
    for name in names {
        let object = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name } });
        let labels = vec![("kubernetes.io/metadata.name".to_owned(), name.clone())];
        found.push(&name, vec![name.clone(), "Active".to_owned()], labels, Object::Made(object));
    }
    found
}

/// `kubectl api-resources`.
pub(super) fn resources(_: &mut Shell, _: &Line, _: ClusterId) -> Output {
    let head = ["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"].map(str::to_owned).to_vec();
    let row = |kind: Kind| {
        let namespaced = kind.is_namespaced().to_string();
        [kind.plural(), kind.short(), kind.version(), &namespaced, kind.kind()].map(str::to_owned).to_vec()
    };
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(Kind::ALL.into_iter().map(row)).collect();
    Output::ok(tabwriter(&rows, COLUMNS.0, COLUMNS.1))
}
