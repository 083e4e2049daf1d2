//! `kubectl get`.

use super::list::{configs, namespaces, nodes, pods, services, workloads};
use super::objects::{self, Pairs, listed};
use super::selector::Selector;
use super::{Kind, Line, events, no_such_resource, not_found, targets, watch};
use crate::shell::json::{pretty, print};
use crate::shell::table::tabwriter;
use crate::shell::{Output, Shell, jsonpath};
use crate::sim::ids::{ClusterId, NodeId, PodId, WorkloadId};
use crate::sim::world::World;
use serde_json::Value;
use std::collections::BTreeMap;

/// Least width of a column and blanks behind it. Source: kubernetes/cli-runtime `pkg/printers/tabwriter.go`.
const COLUMNS: (usize, usize) = (6, 3);

/// What was found: rows for a table, objects for the other formats.
pub(super) struct Found {
    captions: Vec<&'static str>,
    items: Vec<Item>,
    kind: Kind,
}

struct Item {
    name: String,
    row: Vec<String>,
    labels: Pairs,
    object: Object,
}

impl Item {
    /// Its row, with its labels where they are asked for.
    fn cells(&self, line: &Line) -> Vec<String> {
        let mut row = self.row.clone();
        if line.has("--show-labels") {
            let pairs: Vec<String> = self.labels.iter().map(|(k, v)| format!("{k}={v}")).collect();
            row.push(if pairs.is_empty() { "<none>".to_owned() } else { pairs.join(",") });
        }
        row
    }
}

/// An object is made when a format needs it: a table of ten thousand pods does not.
pub(super) enum Object {
    Node(NodeId),
    Pod(PodId),
    Workload(WorkloadId, (u32, u32, u32)),
    Config(NodeId),
    Made(Value),
}

impl Object {
    fn value(&self, world: &World) -> Value {
        match self {
            Self::Node(id) => objects::node(world, *id),
            Self::Pod(id) => world.pods.get(*id).map_or(Value::Null, |pod| objects::pod(world, pod)),
            Self::Workload(id, counts) => objects::workload(world, *id, *counts),
            Self::Config(id) => objects::network_config(world, *id),
            Self::Made(value) => value.clone(),
        }
    }
}

/// Objects of one kind that are asked for: all, or those of these names.
#[derive(Clone, Debug)]
pub(super) struct Query {
    kind: Kind,
    names: Vec<String>,
    selector: Selector,
}

pub(super) fn run(shell: &mut Shell, line: &Line, cluster: ClusterId) -> Output {
    let queries = match queries(line) {
        Ok(queries) => queries,
        Err(output) => return output,
    };
    let several = queries.len() > 1;
    if line.has("--watch") || line.has("--watch-only") {
        return match <[Query; 1]>::try_from(queries) {
            Ok([query]) if query.names.len() < 2 => watch::begin(shell, line, cluster, query),
            _ => Output::fail(1, "error: you may only specify a single resource type"),
        };
    }
    let mut out = Output::default();
    for query in queries {
        let one = match query.found(shell, line, cluster) {
            Ok(found) => found.print(shell.session().world(), line, query.names.len() == 1, several),
            Err(output) => output,
        };
        if !out.out.is_empty() && !one.out.is_empty() {
            out.out.push('\n');
        }
        out.out += &one.out;
        out.err += if several && one.status == 0 { "" } else { &one.err };
        out.status = out.status.max(one.status);
    }
    out
}

/// What the words ask for, kind by kind.
fn queries(line: &Line) -> Result<Vec<Query>, Output> {
    let words = line.words();
    let Some(first) = words.first() else {
        return Err(Output::fail(
            1,
            "You must specify the type of resource to get. Use \"kubectl api-resources\" for a complete list of supported resources.\n\nerror: Required resource not specified.",
        ));
    };
    let selector = Selector::read(line.option("--selector").unwrap_or_default())
        .map_err(|why| Output::fail(1, format!("error: unable to parse requirement: {why}")))?;
    let query = |kind, names: &[&str]| Query {
        kind,
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        selector: selector.clone(),
    };
    let mut queries: Vec<Query> = Vec::new();
    if first.contains(',') || *first == "all" {
        let all = "pod,service,daemonset,deployment,replicaset";
        for word in (if *first == "all" { all } else { first }).split(',') {
            let kind = Kind::named(word).ok_or_else(|| no_such_resource(word))?;
            queries.push(query(kind, &words[1..]));
        }
        return Ok(queries);
    }
    let named = targets(&words)?;
    let first = words.first().and_then(|w| Kind::named(w.split('/').next().unwrap_or(w)));
    queries.extend(first.map(|kind| query(kind, &[])));
    for (kind, name) in named {
        match queries.iter_mut().find(|query| query.kind == kind) {
            Some(own) => own.names.push(name.to_owned()),
            None => queries.push(query(kind, &[name])),
        }
    }
    Ok(queries)
}

impl Query {
    /// The objects that are there.
    pub(super) fn found(&self, shell: &Shell, line: &Line, cluster: ClusterId) -> Result<Found, Output> {
        let world = shell.session().world();
        if self.kind == Kind::NetworkConfig && !world.nodes.values().any(|n| n.cluster == cluster && n.cns().is_some())
        {
            // The kind is defined by azure-cns, which this cluster does not run.
            return Err(no_such_resource(self.kind.plural()));
        }
        let mut found = self.all(shell, line, cluster);
        for name in &self.names {
            if !found.items.iter().any(|item| item.name == *name) {
                return Err(not_found(self.kind, name));
            }
        }
        let named = |item: &Item| self.names.is_empty() || self.names.contains(&item.name);
        found.items.retain(|item| named(item) && self.selector.holds(&item.labels));
        found.narrow(world, line)?;
        Ok(found)
    }

    fn all(&self, shell: &Shell, line: &Line, cluster: ClusterId) -> Found {
        let world = shell.session().world();
        let wide = line.option("--output") == Some("wide");
        match self.kind {
            Kind::Node => nodes(world, cluster, wide),
            Kind::Pod => pods(world, cluster, line, wide),
            Kind::NetworkConfig => configs(world, cluster, wide),
            Kind::Namespace => namespaces(world, cluster),
            Kind::Service => services(world, cluster, line),
            Kind::Event => events::found(shell, cluster, line),
            kind => workloads(world, cluster, line, kind),
        }
    }

    /// What is printed where none is there.
    pub(super) fn nothing(&self, shell: &Shell, line: &Line, cluster: ClusterId) -> Found {
        Found { items: Vec::new(), ..self.all(shell, line, cluster) }
    }

    /// Whether it is answered from what happened.
    pub(super) fn is_of_events(&self) -> bool {
        self.kind == Kind::Event
    }
}

impl Found {
    pub(super) const fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Whether rows are printed, and not objects.
    pub(super) fn is_table(line: &Line) -> bool {
        matches!(line.option("--output"), None | Some("" | "wide"))
    }

    /// The objects by namespace and name, each with its cells.
    pub(super) fn states(&self) -> BTreeMap<String, Vec<String>> {
        self.items.iter().map(|item| (self.key(item), item.row.clone())).collect()
    }

    fn key(&self, item: &Item) -> String {
        let place = item.row.first().filter(|_| self.captions.first() == Some(&"NAMESPACE"));
        format!("{}/{}", place.map_or("", String::as_str), item.name)
    }

    /// Leaves what is not as it was; that time has passed is no change.
    pub(super) fn retain_changed(&mut self, last: &BTreeMap<String, Vec<String>>) {
        let clocks: Vec<bool> = self.captions.iter().map(|caption| matches!(*caption, "AGE" | "LAST SEEN")).collect();
        let same = |a: &[String], b: &[String]| {
            a.len() == b.len() && a.iter().zip(b).zip(&clocks).all(|((a, b), clock)| *clock || a == b)
        };
        let items = std::mem::take(&mut self.items);
        let changed = |item: &Item| !last.get(&self.key(item)).is_some_and(|row| same(row, &item.row));
        self.items = items.into_iter().filter(changed).collect();
    }

    /// The last rows of what is gone, where rows are printed: a pod is then being terminated.
    pub(super) fn ended(&self, gone: &[Vec<String>], line: &Line) -> Option<Vec<Vec<String>>> {
        let status = self.captions.iter().position(|caption| *caption == "STATUS" && self.kind == Kind::Pod);
        let ended = |row: &Vec<String>| {
            let mut row = row.clone();
            if let Some(cell) = status.and_then(|at| row.get_mut(at)) {
                "Terminating".clone_into(cell);
            }
            row
        };
        (!gone.is_empty() && Self::is_table(line)).then(|| gone.iter().map(ended).collect())
    }

    /// The rows of a table.
    pub(super) fn rows(&self, line: &Line) -> Vec<Vec<String>> {
        self.items.iter().map(|item| item.cells(line)).collect()
    }

    /// Rows below each other with those before, of which the widest cells are kept; the first have captions above.
    pub(super) fn aligned(
        &self,
        widest: Option<Vec<String>>,
        rows: Vec<Vec<String>>,
        line: &Line,
    ) -> (String, Vec<String>) {
        let head = widest.is_none().then(|| self.head(line)).flatten();
        let mut wide = widest.unwrap_or_default();
        let rows: Vec<Vec<String>> = head.into_iter().chain(rows).collect();
        for row in &rows {
            wide.resize(wide.len().max(row.len()), String::new());
            for (wide, cell) in wide.iter_mut().zip(row) {
                if cell.chars().count() > wide.chars().count() {
                    wide.clone_from(cell);
                }
            }
        }
        let all: Vec<Vec<String>> = std::iter::once(wide.clone()).chain(rows).collect();
        let text = tabwriter(&all, COLUMNS.0, COLUMNS.1);
        (text.split_once('\n').map_or_else(String::new, |(_, rest)| rest.to_owned()), wide)
    }

    fn head(&self, line: &Line) -> Option<Vec<String>> {
        let labels = line.has("--show-labels").then_some("LABELS");
        let captions = self.captions.iter().copied().chain(labels);
        (!line.has("--no-headers")).then(|| captions.map(str::to_owned).collect())
    }

    pub(super) const fn new(kind: Kind, captions: Vec<&'static str>) -> Self {
        Self { captions, items: Vec::new(), kind }
    }

    pub(super) fn push(&mut self, name: &str, row: Vec<String>, labels: Pairs, object: Object) {
        self.items.push(Item { name: name.to_owned(), row, labels, object });
    }

    pub(super) fn push_made(&mut self, name: &str, row: Vec<String>, object: Value) {
        self.push(name, row, Vec::new(), Object::Made(object));
    }

    /// `--field-selector` and `--sort-by`.
    fn narrow(&mut self, world: &World, line: &Line) -> Result<(), Output> {
        let at = |item: &Item, path: &str| {
            let path = format!("{{.{}}}", path.trim_matches(['{', '}']).trim_start_matches('.'));
            jsonpath::render(&path, &item.object.value(world))
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

    pub(super) fn print(self, world: &World, line: &Line, single: bool, several: bool) -> Output {
        let format = line.option("--output").unwrap_or("");
        let prefix = self.kind.group_singular();
        let objects = || listed(self.items.iter().map(|item| item.object.value(world)).collect(), single);
        match format {
            "" | "wide" => self.table(line, several),
            "name" => Output::ok(self.items.iter().map(|item| format!("{prefix}/{}\n", item.name)).collect::<String>()),
            "json" => Output::ok(indented(&objects())),
            "yaml" => Output::ok(print(&objects(), "yaml").unwrap_or_default()),
            other => match other.split_once('=') {
                Some(("jsonpath", template)) => match jsonpath::render(template, &objects()) {
                    Ok(text) => Output::ok(text),
                    Err(why) => Output::fail(1, format!("error: error parsing jsonpath {template}, {why}")),
                },
                Some(("custom-columns", spec)) => custom(self.items.iter().map(|i| i.object.value(world)), spec),
                _ => Output::fail(
                    1,
                    format!(
                        "error: unable to match a printer suitable for the output format \"{other}\", allowed formats are: custom-columns,json,jsonpath,name,wide,yaml"
                    ),
                ),
            },
        }
    }

    fn table(self, line: &Line, several: bool) -> Output {
        if self.items.is_empty() {
            let place = match line.within() {
                Some(namespace) if self.kind.is_namespaced() => format!(" in {namespace} namespace"),
                _ => String::new(),
            };
            return Output { err: format!("No resources found{place}.\n"), ..Output::default() };
        }
        let head = self.head(line);
        let first = usize::from(self.captions.first() == Some(&"NAMESPACE"));
        let prefix = self.kind.group_singular();
        let row = |mut item: Item| {
            if several && let Some(name) = item.row.get_mut(first) {
                *name = format!("{prefix}/{name}");
            }
            item.cells(line)
        };
        let rows: Vec<Vec<String>> = head.into_iter().chain(self.items.into_iter().map(row)).collect();
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

fn custom(objects: impl Iterator<Item = Value>, spec: &str) -> Output {
    let columns: Vec<(&str, &str)> = spec.split(',').filter_map(|part| part.split_once(':')).collect();
    let mut rows = vec![columns.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>()];
    for object in objects {
        let cell = |path: &str| {
            let text = jsonpath::render(&format!("{{{path}}}"), &object).unwrap_or_default();
            if text.is_empty() { "<none>".to_owned() } else { text }
        };
        rows.push(columns.iter().map(|(_, path)| cell(path)).collect());
    }
    Output::ok(tabwriter(&rows, COLUMNS.0, COLUMNS.1))
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
