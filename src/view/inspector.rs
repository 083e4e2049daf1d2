//! The inspector: the tables of a thing as the world has them, with what a step's decision made of each row.

mod control;
mod ebtables;
mod fabric;
mod host;
mod next_hop;
mod pool;
mod port;
mod rules;

pub use ebtables::text as bridge_rule;
pub use rules::text as rule_text;

use crate::sim::fabric::effective_routes::Lost;
use crate::sim::fabric::nsg::{Fate, NsgVerdict};
use crate::sim::host::Role;
use crate::sim::host::ebtables::EbMatch;
use crate::sim::host::fib::RouteLost;
use crate::sim::host::netfilter::Match;
use crate::sim::ids::{HostId, InterfaceId, NicId, NsgId};
use crate::sim::ipam::host_local::Skip;
use crate::sim::order::sort_by_key;
use crate::sim::record::decision::{Decision, DropReason, Fit};
use crate::sim::record::{Place, Step};
use crate::sim::world::World;
use crate::view::target::Target;
use std::net::Ipv4Addr;

/// Most rows of a table that are shown.
pub const MOST_ROWS: usize = 80;

/// Where a table is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tab {
    Routes,
    Nsg,
    /// The layers and the flow table of a NIC's port.
    Port,
    Arp,
    /// The forwarding database of a bridge, and its rules.
    Bridge,
    /// Rules of netfilter, and tracked flows.
    Filter,
    /// What a control loop decided by.
    Control,
    /// The pods of a node.
    Pods,
    Addresses,
    Raw,
}

/// One table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub tab: Tab,
    /// Id of the words for it, and what of.
    pub title: &'static str,
    pub subject: String,
    /// Ids of the words over the columns.
    pub columns: &'static [&'static str],
    /// Columns on the first line of a row; the others are on a second line.
    pub first_line: usize,
    pub rows: Vec<Row>,
    /// Rows that are not shown.
    pub more: usize,
    /// Whether the step was decided by this table.
    pub decides: bool,
    /// Whether it is worth saying that it has no rows: not where its title says so.
    pub counts: bool,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub cells: Vec<String>,
    pub state: RowState,
    pub why: Option<Why>,
    /// What its first cell leads to.
    pub target: Option<Target>,
}

/// What a decision made of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowState {
    Won,
    /// It was weighed and did not decide.
    Lost,
    /// No decision asked.
    Plain,
    /// It was not weighed.
    Dim,
}

/// Why a row did not decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    Route(RouteLost),
    Effective(Lost),
    Nsg(Fate),
    Rule(Option<Match>),
    /// A condition of a rule of a bridge that did not hold, with the interface it names.
    BridgeRule {
        missed: EbMatch,
        dev: String,
    },
    Skip(Skip),
    Fit(Fit),
    /// Its prefix does not hold this address.
    Holds(Ipv4Addr),
    /// Id of the words.
    Said(&'static str),
}

/// Of what tables are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Host(HostId),
    Nic(NicId),
    Thing(Target),
}

impl Row {
    fn new(cells: Vec<String>) -> Self {
        Self { cells, state: RowState::Plain, why: None, target: None }
    }

    fn mark(mut self, state: RowState, why: Option<Why>) -> Self {
        self.state = state;
        self.why = why;
        self
    }
}

impl Table {
    fn new(
        tab: Tab,
        title: &'static str,
        subject: impl Into<String>,
        columns: &'static [&'static str],
        rows: Vec<Row>,
    ) -> Self {
        // The winner first, then those that lost; the rest keeps its order.
        let mut table = Self::in_order(tab, title, subject, columns, rows);
        if table.decides && table.tab != Tab::Filter && table.tab != Tab::Nsg {
            sort_by_key(&mut table.rows, |row| row.state);
        }
        table.cut()
    }

    /// A table whose rows are read in their order.
    fn in_order(
        tab: Tab,
        title: &'static str,
        subject: impl Into<String>,
        columns: &'static [&'static str],
        rows: Vec<Row>,
    ) -> Self {
        let decides = rows.iter().any(|r| matches!(r.state, RowState::Won | RowState::Lost));
        Self {
            tab,
            title,
            subject: subject.into(),
            columns,
            first_line: columns.len(),
            rows,
            more: 0,
            decides,
            counts: true,
        }
    }

    /// Rows beyond the limit are only counted.
    fn cut(mut self) -> Self {
        self.more = self.rows.len().saturating_sub(MOST_ROWS);
        self.rows.truncate(MOST_ROWS);
        self
    }

    const fn deciding(mut self, decides: bool) -> Self {
        self.decides = decides;
        self
    }
}

/// What a step is about.
pub fn subject_of_step(step: &Step) -> Subject {
    match (step.at, &step.decision) {
        (Place::Host(host), _) => Subject::Host(host),
        (Place::Port(nic), _) => Subject::Nic(nic),
        (Place::Control, Decision::Control(control)) => control::subject(control),
        (Place::Control, _) => Subject::Nic(NicId(u32::MAX)),
    }
}

/// What a picked thing has tables of.
pub fn subject_of_target(world: &World, target: Target) -> Subject {
    let host = match target {
        Target::Node(id) => world.nodes.get(id).map(|n| n.host),
        Target::Pod(id) => world.pods.get(id).and_then(|p| p.host),
        Target::Host(id) | Target::Interface(InterfaceId { host: id, .. }) => Some(id),
        Target::Nic(id) => return Subject::Nic(id),
        _ => None,
    };
    host.map_or(Subject::Thing(target), Subject::Host)
}

/// The NSG whose rules are why a step drops its packet at the port of a NIC, and what they decided.
pub fn denial(world: &World, nic: NicId, step: &Step) -> Option<(NsgId, NsgVerdict)> {
    let (_, nsg, verdict) = fabric::denial(world, nic, step)?;
    Some((nsg, verdict))
}

/// The tab that opens by itself: of a bridge that was picked its MAC table, else where the step was decided, else where
/// what it is about is kept, else the first that has anything.
pub fn opening(world: &World, picked: Option<Target>, step: Option<&Step>, tables: &[Table]) -> Tab {
    let is_bridge = |id: InterfaceId| world.hosts.get(id.host).is_some_and(|h| h.bridges.contains_key(&id.index));
    if matches!(picked, Some(Target::Interface(id)) if is_bridge(id)) {
        return Tab::Bridge;
    }
    let kept = match step.filter(|_| picked.is_none()).map(|step| &step.decision) {
        Some(Decision::Translate { .. }) => Some(Tab::Filter),
        Some(Decision::Resolve { .. } | Decision::Neighbor { .. } | Decision::Drop(DropReason::NeighborFailed)) => {
            Some(Tab::Arp)
        }
        _ => None,
    };
    let kept = tables.iter().find(|t| Some(t.tab) == kept);
    let deciding = tables.iter().find(|t| t.decides).or(kept).or(tables.first());
    deciding.map_or(Tab::Addresses, |t| t.tab)
}

/// The tables of a subject. A step that happened there marks their rows.
pub fn tables(world: &World, subject: Subject, step: Option<&Step>) -> Vec<Table> {
    let mut tables = match subject {
        Subject::Host(id) => host::tables(world, id, step),
        Subject::Nic(id) => fabric::of_nic(world, id, step),
        Subject::Thing(target) => fabric::of_thing(world, target),
    };
    if let Subject::Host(id) = subject
        && let Some(Role::Node(node)) = world.hosts.get(id).map(|h| h.role)
    {
        tables.extend(control::of_node(world, node));
    }
    if let Some(Decision::Control(control)) = step.map(|s| &s.decision) {
        tables.extend(control::of_step(world, control));
    }
    // What decided comes first; the rest keeps its order.
    sort_by_key(&mut tables, |table| !table.decides);
    tables
}
