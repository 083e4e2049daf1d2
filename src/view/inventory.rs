//! What there is in the world, as rows of a tree with what can be done to each. Only rows that are open are made, and
//! of many siblings only the first: 400 nodes with 12,000 pods cost what is shown.

mod azure;
mod cluster;

use super::form::{FieldId, FormKind, Values};
use super::target::Target;
use crate::sim::action::Action;
use crate::sim::world::World;
use std::collections::{BTreeMap, BTreeSet};

/// Siblings that are shown at first, and that each "more" adds.
pub const FIRST: usize = 12;
/// More siblings for each press of "more".
pub const MORE: usize = 50;
/// A level with more rows than this is closed until somebody opens it.
const OPEN_UP_TO: usize = 4;

/// Kinds of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKind {
    Vnet,
    Subnet,
    Vm,
    Cluster,
    Pool,
    Node,
    Pod,
    Deployment,
    RouteTable,
    Route,
    Nsg,
    Rule,
    /// Stands for the siblings that are not shown.
    More,
}

impl RowKind {
    /// Stable name, by which texts find theirs (`build-row-CODE`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Vnet => "vnet",
            Self::Subnet => "subnet",
            Self::Vm => "vm",
            Self::Cluster => "cluster",
            Self::Pool => "pool",
            Self::Node => "node",
            Self::Pod => "pod",
            Self::Deployment => "deployment",
            Self::RouteTable => "route-table",
            Self::Route => "route",
            Self::Nsg => "nsg",
            Self::Rule => "rule",
            Self::More => "more",
        }
    }
}

/// Which row: its kind, the id of the thing or of its parent, and a number below that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowKey {
    pub kind: RowKind,
    pub id: u32,
    pub sub: u32,
}

/// A remark that a row carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// An address, a prefix, a name: as it is.
    Verbatim(String),
    /// A count of things, with a word (`build-count-CODE`).
    Count(&'static str, u64),
    /// So many of so many (`build-ratio-CODE`).
    Ratio(&'static str, u64, u64),
    /// A state worth a look (`build-state-CODE`).
    State(&'static str),
}

/// Something that can be done to a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Opens a form with some fields filled in.
    Form(FormKind, Values),
    /// Done at once (`build-deed-CODE`).
    Now(&'static str, Vec<Action>),
}

impl Deed {
    pub(super) fn form<const N: usize>(kind: FormKind, preset: [(FieldId, String); N]) -> Self {
        Self::Form(kind, preset.into_iter().collect())
    }

    pub(super) fn now(code: &'static str, action: Action) -> Self {
        Self::Now(code, vec![action])
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub key: RowKey,
    /// 0 for the outermost.
    pub depth: u8,
    pub name: String,
    pub facts: Vec<Fact>,
    pub target: Option<Target>,
    /// Whether it is open; `None` where there is nothing below it.
    pub open: Option<bool>,
    pub deeds: Vec<Deed>,
}

/// What a person opened, closed and looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Rows that are not as they are at first.
    pub turned: BTreeSet<RowKey>,
    /// How many more siblings below a row.
    pub more: BTreeMap<RowKey, usize>,
    pub filter: String,
}

impl Shown {
    fn is_open(&self, key: RowKey, at_first: bool) -> bool {
        self.turned.contains(&key) != at_first
    }

    fn limit(&self, key: RowKey) -> usize {
        FIRST + self.more.get(&key).copied().unwrap_or(0)
    }
}

/// The rows to show, from the top.
pub fn inventory(world: &World, shown: &Shown) -> Vec<Row> {
    let mut tree = Tree { world, shown, rows: Vec::new() };
    let filter = shown.filter.trim().to_ascii_lowercase();
    if filter.is_empty() {
        tree.vnets();
        tree.clusters();
        tree.route_tables();
        tree.nsgs();
    } else {
        tree.matches(&filter);
    }
    tree.rows
}

struct Tree<'a> {
    world: &'a World,
    shown: &'a Shown,
    rows: Vec<Row>,
}

impl Tree<'_> {
    /// Adds a row, and says whether the rows below it are to be added. `children` is how many there are.
    fn push(&mut self, mut row: Row, children: usize, open_at_first: bool) -> bool {
        let open = children > 0 && self.shown.is_open(row.key, open_at_first && children <= OPEN_UP_TO);
        row.open = (children > 0).then_some(open);
        self.rows.push(row);
        open
    }

    /// Stands for the siblings below `parent` that are not shown.
    fn more(&mut self, parent: RowKey, depth: u8, total: usize) {
        let hidden = total.saturating_sub(self.shown.limit(parent));
        if hidden > 0 {
            let key = RowKey { kind: RowKind::More, id: parent.id, sub: parent.kind as u32 };
            let facts = vec![Fact::Count("more", hidden as u64)];
            self.rows.push(Row { facts, ..Row::new(key, depth, "") });
        }
    }

    /// Nodes, pods and VMs whose name or address holds the filter, in one flat list.
    fn matches(&mut self, filter: &str) {
        let key = RowKey { kind: RowKind::More, id: 0, sub: 0 };
        let limit = self.shown.limit(key);
        let mut found = 0;
        let fits = |row: &Row| {
            let verbatim = |f: &Fact| matches!(f, Fact::Verbatim(text) if text.contains(filter));
            row.name.to_ascii_lowercase().contains(filter) || row.facts.iter().any(verbatim)
        };
        let rows = self.node_rows().chain(self.pod_rows()).chain(self.vm_rows());
        let mut kept = Vec::new();
        for row in rows.filter(fits) {
            found += 1;
            if kept.len() < limit {
                kept.push(Row { depth: 0, ..row });
            }
        }
        self.rows.extend(kept);
        if found > limit {
            let facts = vec![Fact::Count("more", (found - limit) as u64)];
            self.rows.push(Row { facts, ..Row::new(key, 0, "") });
        }
    }
}

impl Row {
    fn new(key: RowKey, depth: u8, name: &str) -> Self {
        Self { key, depth, name: name.to_owned(), facts: Vec::new(), target: None, open: None, deeds: Vec::new() }
    }
}

impl RowKey {
    const fn of(kind: RowKind, id: u32) -> Self {
        Self { kind, id, sub: 0 }
    }

    /// The row whose siblings a "more" row stands for.
    #[must_use]
    pub fn parent_of_more(self) -> Self {
        let kinds =
            [RowKind::Subnet, RowKind::Cluster, RowKind::Pool, RowKind::Node, RowKind::RouteTable, RowKind::Nsg];
        let kind = kinds.into_iter().find(|k| *k as u32 == self.sub);
        kind.map_or(self, |kind| Self::of(kind, self.id))
    }
}
