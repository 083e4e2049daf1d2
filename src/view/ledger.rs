//! Every address that somebody has or that nobody can have, range by range, with counts that add up; free addresses
//! as runs.

use crate::session::Session;
use crate::sim::addr::address_count;
use crate::sim::ids::NodeId;
use crate::sim::ipam::host_local::HostLocal;
use crate::sim::ipam::subnet_pool::Reserved;
use crate::sim::record::decision::{ControlStep, Decision};
use crate::sim::time::Time;
use crate::sim::world::World;
use crate::view::address_map::{self, Cell, CellState, Space, address_map, page_of};
use ipnet::{IpNet, Ipv4Net};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};

/// One range of addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    pub space: Space,
    /// Of the subnet or of the node.
    pub name: String,
    pub prefix: Ipv4Net,
    /// Addresses in the range: 2^(32 - prefix length), the sum of the counts.
    pub size: u64,
    /// States that occur, each with its number of addresses.
    pub counts: Vec<(CellState, u64)>,
    /// In order of address; together the whole range.
    pub entries: Vec<Entry>,
}

/// One address, or a run of free ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub first: Ipv4Addr,
    /// The same as `first` but for a run.
    pub last: Ipv4Addr,
    pub state: CellState,
    /// For what Azure keeps it.
    pub role: Option<Reserved>,
    /// The host that has it; of an address that a pod holds, the pod.
    pub owner: Option<String>,
    /// The node that has the address for its pods, where the owner is a pod.
    pub node: Option<String>,
    /// Since when it is in this state, in virtual time, where that is known.
    pub since: Option<Time>,
}

impl Entry {
    /// Number of addresses.
    pub fn count(&self) -> u64 {
        u64::from(u32::from(self.last) - u32::from(self.first)) + 1
    }

    fn one(cell: &Cell) -> Self {
        let owner = cell.owner.as_ref().map(|o| o.name.clone());
        let node = cell.node.as_ref().map(|o| o.name.clone());
        let (first, last) = (cell.address, cell.address);
        Self { first, last, state: cell.state, role: cell.role, owner, node, since: cell.since }
    }

    fn run(first: u32, last: u32) -> Self {
        let (first, last) = (Ipv4Addr::from(first), Ipv4Addr::from(last));
        Self { first, last, state: CellState::Free, role: None, owner: None, node: None, since: None }
    }
}

/// All ranges at the end of a session: subnets, then the pod ranges of nodes.
pub fn ledger(session: &Session) -> Vec<Pool> {
    let given = Given::of(session);
    let spaces = address_map::spaces(session.world(), usize::MAX);
    spaces.into_iter().filter_map(|(space, ..)| pool(session.world(), space, &given)).collect()
}

fn pool(world: &World, space: Space, given: &Given) -> Option<Pool> {
    let map = address_map(world, space, 0)?;
    let entries = entries(world, space, map.prefix, given);
    Some(Pool {
        space,
        name: map.name,
        prefix: map.prefix,
        size: address_count(map.prefix),
        counts: map.tally,
        entries,
    })
}

/// Reads only pages on which an address is taken; what lies between is free.
fn entries(world: &World, space: Space, prefix: Ipv4Net, given: &Given) -> Vec<Entry> {
    let pages: BTreeSet<u32> = taken(world, space, prefix).filter_map(|address| page_of(prefix, address)).collect();
    let cells = pages.into_iter().filter_map(|page| address_map(world, space, page)).flat_map(|map| map.cells);
    let mut entries = Vec::new();
    let mut next = u32::from(prefix.network());
    for cell in cells.filter(|c| c.state != CellState::Free) {
        let here = u32::from(cell.address);
        if here > next {
            entries.push(Entry::run(next, here - 1));
        }
        entries.push(completed(world, space, Entry::one(&cell), given));
        // Behind the last address of a range comes nothing, wherever it lies.
        next = here.wrapping_add(1);
    }
    entries
}

/// Addresses that somebody has, and the ends of the range, which nobody can have.
fn taken(world: &World, space: Space, prefix: Ipv4Net) -> impl Iterator<Item = Ipv4Addr> {
    let leased: Vec<Ipv4Addr> = match space {
        Space::Subnet(id) => world.subnets.get(id).into_iter().flat_map(|s| s.pool.leases()).map(|(a, _)| a).collect(),
        Space::Block(id) => {
            let store = world.nodes.get(id).and_then(|n| n.host_local());
            store.into_iter().flat_map(HostLocal::reservations).filter_map(|(a, _)| v4(a)).collect()
        }
    };
    leased.into_iter().chain([prefix.network(), prefix.broadcast()])
}

const fn v4(address: IpAddr) -> Option<Ipv4Addr> {
    match address {
        IpAddr::V4(v4) => Some(v4),
        IpAddr::V6(_) => None,
    }
}

/// Adds what the record knows of a node's range: when the plugin gave an address, and who has the gateway.
fn completed(world: &World, space: Space, entry: Entry, given: &Given) -> Entry {
    let Space::Block(node) = space else { return entry };
    let since = given.0.get(&(node, entry.first)).copied().or(entry.since);
    let holder = || {
        let host = world.hosts.get(world.nodes.get(node)?.host)?;
        let dev = host.interface(*host.local.get(&entry.first)?)?;
        Some(format!("{}:{}", host.name, dev.name))
    };
    let owner = entry.owner.clone().or_else(holder);
    Entry { owner, since, ..entry }
}

/// When each address of a node's range was given last.
struct Given(BTreeMap<(NodeId, Ipv4Addr), Time>);

impl Given {
    fn of(session: &Session) -> Self {
        let mut given = BTreeMap::new();
        for step in session.turns().iter().flat_map(|turn| &turn.record.steps) {
            let Decision::Control(control) = &step.decision else { continue };
            let (node, address) = match &**control {
                ControlStep::PodNetwork { node, grant, .. } => (*node, grant.address()),
                ControlStep::BridgeCreated { node, address, .. } => (*node, IpNet::V4(*address)),
                _ => continue,
            };
            given.extend(v4(address.addr()).map(|address| ((node, address), step.time)));
        }
        Self(given)
    }
}
