//! `kubectl get`.

use super::list::{configs, namespaces, nodes, pods, services, workloads};
use super::objects::{self, Facts, Pairs};
use super::selector::Selector;
use super::{Kind, Line, events, no_such_resource, not_found, targets, watch};
use crate::shell::json::in_key_order;
use crate::shell::table::tabwriter;
use crate::shell::{Output, Shell, jsonpath};
use crate::sim::ids::{ClusterId, NodeId, PodId, WorkloadId};
use serde_json::Value;
use std::collections::BTreeMap;

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

impl Item {
    /// Its row, with its labels where they are asked for.
    pub(super) fn cells(&self, line: &Line) -> Vec<String> {
        let mut row = self.row.clone();
        let value =
            |key: &&str| self.labels.iter().find(|(k, _)| k == key).map_or_else(String::new, |(_, v)| v.clone());
        row.extend(label_columns(line).iter().map(value));
        if line.has("--show-labels") {
            let pairs: Vec<String> = self.labels.iter().map(|(k, v)| format!("{k}={v}")).collect();
            row.push(if pairs.is_empty() { "<none>".to_owned() } else { pairs.join(",") });
        }
        row
    }
}

/// Labels that have a column each, some at most, and none that is longer than a key can be. Source: kubernetes/cli-runtime `pkg/printers/tableprinter.go`.
fn label_columns(line: &Line) -> Vec<&str> {
    const MOST: usize = 64;
    const LONGEST: usize = 253 + 1 + 63;
    line.all("--label-columns")
        .into_iter()
        .flat_map(|keys| keys.split(','))
        .filter(|key| key.len() <= LONGEST)
        .take(MOST)
        .collect()
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
        in_key_order(objects::without_nulls(match self {
            Self::Node(id) => objects::node(facts, *id),
            Self::Pod(id) => objects::pod(facts, *id),
            Self::Workload(kind, id, counts) => objects::workload(facts.world, *kind, *id, *counts),
            Self::Config(id) => objects::network_config(facts.world, *id),
            Self::Made(value) => value.clone(),
        }))
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
    let table = Found::is_table(line);
    if several && !table && line.option("--output") != Some("name") {
        return together(shell, line, cluster, &queries);
    }
    let mut out = Output::default();
    for query in queries {
        let one = match query.found(shell, line, cluster) {
            Ok(found) => found.print(shell, line, query.names.len() == 1, several),
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
fn together(shell: &Shell, line: &Line, cluster: ClusterId, queries: &[Query]) -> Output {
    let mut all = Found::new(Kind::Pod, Vec::new());
    for query in queries {
        match query.found(shell, line, cluster) {
            Ok(found) => all.items.extend(found.items),
            Err(output) => return output,
        }
    }
    all.print(shell, line, false, true)
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
        found.narrow(shell, line)?;
        Ok(found)
    }

    fn all(&self, shell: &Shell, line: &Line, cluster: ClusterId) -> Found {
        let world = shell.session().world();
        let wide = line.option("--output") == Some("wide");
        match self.kind {
            Kind::Node => nodes(world, cluster, wide),
            Kind::Pod => pods(world, cluster, line, wide),
            Kind::NetworkConfig => configs(world, cluster, line, wide),
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

    pub(super) fn head(&self, line: &Line) -> Option<Vec<String>> {
        let labels = line.has("--show-labels").then(|| "LABELS".to_owned());
        let caption = |key: &str| key.rsplit('/').next().unwrap_or(key).to_uppercase();
        let of_labels = label_columns(line).into_iter().map(caption);
        let captions = self.captions.iter().map(|c| (*c).to_owned()).chain(of_labels).chain(labels);
        (!line.has("--no-headers")).then(|| captions.collect())
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
