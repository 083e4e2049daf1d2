//! Every address of a subnet or of a node's pod range, by state and owner: one page of cells, and an overview of the
//! whole range in at most 256 parts, so that a /8 costs no more than a /24.

mod history;
mod holders;

pub use history::{Change, history};
pub use holders::{Holder, Holders, Run};

use crate::sim::addr::address_count;
use crate::sim::fabric::network::Subnet;
use crate::sim::fabric::nic::AddressOwner;
use crate::sim::host::Role;
use crate::sim::ids::{NicId, NodeId, PodId, SubnetId};
use crate::sim::ipam::host_local::HostLocal;
use crate::sim::ipam::subnet_pool::{LeaseState, Reserved, Slot};
use crate::sim::mode::container_id;
use crate::sim::order::sort;
use crate::sim::ordered::Ordered;
use crate::sim::record::Step;
use crate::sim::record::decision::{ControlStep, Decision};
use crate::sim::time::Time;
use crate::sim::world::World;
use crate::view::target::Target;
use ipnet::Ipv4Net;
use std::net::{IpAddr, Ipv4Addr};

/// Cells on one page, and parts of an overview.
pub const PAGE: u32 = 256;

/// A range whose addresses can be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Space {
    Subnet(SubnetId),
    /// The pod range of a node.
    Block(NodeId),
}

/// What an address is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CellState {
    /// Kept by Azure; the role says for what.
    Reserved,
    /// Of a node's pod range: the bridge.
    Gateway,
    /// Of a node's pod range: network and last address, which the plugin never gives.
    Outside,
    Node,
    Vm,
    HeldForPods,
    HeldInBatch,
    Pod,
    PendingRelease,
    Free,
}

impl CellState {
    pub const ALL: [Self; 10] = [
        Self::Reserved,
        Self::Gateway,
        Self::Outside,
        Self::Node,
        Self::Vm,
        Self::HeldForPods,
        Self::HeldInBatch,
        Self::Pod,
        Self::PendingRelease,
        Self::Free,
    ];

    /// Stable name, by which texts and colours find theirs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reserved => "reserved",
            Self::Gateway => "gateway",
            Self::Outside => "outside",
            Self::Node => "node",
            Self::Vm => "vm",
            Self::HeldForPods => "held",
            Self::HeldInBatch => "batch",
            Self::Pod => "pod",
            Self::PendingRelease => "releasing",
            Self::Free => "free",
        }
    }

    const fn of_lease(state: LeaseState) -> Self {
        match state {
            LeaseState::Node => Self::Node,
            LeaseState::Vm => Self::Vm,
            LeaseState::HeldForPods => Self::HeldForPods,
            LeaseState::HeldInBatch => Self::HeldInBatch,
            LeaseState::Assigned => Self::Pod,
            LeaseState::PendingRelease => Self::PendingRelease,
        }
    }
}

/// Stable name of a reserved role.
pub const fn role_code(role: Reserved) -> &'static str {
    match role {
        Reserved::Network => "network",
        Reserved::Gateway => "gateway",
        Reserved::Dns1 | Reserved::Dns2 => "dns",
        Reserved::Broadcast => "broadcast",
    }
}

/// Whose address it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    pub name: String,
    pub target: Target,
}

/// One address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub address: Ipv4Addr,
    pub state: CellState,
    /// What Azure keeps it for.
    pub role: Option<Reserved>,
    pub owner: Option<Owner>,
    /// The node that has the address for its pods, where the owner is not that node itself.
    pub node: Option<Owner>,
    /// Since when it is in this state, where the pool knows.
    pub since: Option<Time>,
}

/// Part of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub first: Ipv4Addr,
    pub last: Ipv4Addr,
    pub taken: u64,
    pub size: u64,
    /// The page on which it begins.
    pub page: u32,
}

/// A range, one page of it in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressMap {
    pub name: String,
    pub prefix: Ipv4Net,
    /// Addresses that somebody has, of those that can be had.
    pub used: u64,
    pub usable: u64,
    /// States that occur, with the number of addresses, of the whole range.
    pub tally: Vec<(CellState, u64)>,
    pub page: u32,
    pub pages: u32,
    pub cells: Vec<Cell>,
    /// Which nodes have which runs of a subnet; empty where no node has more than one address.
    pub holders: Holders,
    /// What is special about a subnet, by stable names (`addr-fact-CODE`).
    pub facts: Vec<&'static str>,
    /// Empty where one page shows all.
    pub parts: Vec<Part>,
}

/// Ranges that there are: subnets, and nodes that have a pod range; at most `limit` nodes.
pub fn spaces(world: &World, limit: usize) -> Vec<(Space, String, Ipv4Net)> {
    let subnets = world.subnets.iter().map(|(id, s)| (Space::Subnet(id), s.name.to_string(), s.pool.prefix()));
    let blocks = world.nodes.iter().filter_map(|(id, n)| Some((Space::Block(id), n.name.to_string(), n.pod_cidr?)));
    subnets.chain(blocks.take(limit)).collect()
}

/// The range that a step is about: the subnet or the node's block in which it gave, took or missed addresses.
pub fn space_of_step(world: &World, step: &Step) -> Option<Space> {
    let Decision::Control(control) = &step.decision else { return None };
    match **control {
        ControlStep::PoolChanged { subnet, .. }
        | ControlStep::PoolRefused { subnet, .. }
        | ControlStep::SubnetExhausted { subnet, .. } => Some(Space::Subnet(subnet)),
        ControlStep::VmCreated { node, .. } => {
            let nic = world.nodes.get(node).and_then(|n| world.nics.get(n.nic))?;
            Some(Space::Subnet(nic.subnet))
        }
        ControlStep::NodeCidr { node, .. }
        | ControlStep::PodNetwork { node, .. }
        | ControlStep::PodNetworkFailed { node, .. }
        | ControlStep::PoolMonitored { node, .. }
        | ControlStep::PoolProgrammed { node, .. } => of_pods(world, node),
        _ => None,
    }
}

/// The range out of which the pods of a node have their addresses.
pub fn of_pods(world: &World, id: NodeId) -> Option<Space> {
    let node = world.nodes.get(id)?;
    if node.pod_cidr.is_some() {
        return Some(Space::Block(id));
    }
    let own = || world.nics.get(node.nic).map(|nic| nic.subnet);
    node.pod_subnet.or_else(own).map(Space::Subnet)
}

/// The map of a range; `None` when it is not there (yet, or any more).
pub fn address_map(world: &World, space: Space, page: u32) -> Option<AddressMap> {
    let reader = Reader::new(world, space)?;
    let prefix = reader.prefix();
    let total = address_count(prefix);
    let pages = u32::try_from(total.div_ceil(u64::from(PAGE))).unwrap_or(u32::MAX);
    let page = page.min(pages.saturating_sub(1));
    let first = u32::from(prefix.network()).saturating_add(page.saturating_mul(PAGE));
    let on_page = u32::try_from(total.min(u64::from(PAGE))).unwrap_or(PAGE);
    let cells = (0..on_page).map(|n| reader.cell(Ipv4Addr::from(first.saturating_add(n)))).collect();
    let tally = reader.tally();
    let count = |wanted: &dyn Fn(CellState) -> bool| tally.iter().filter(|(s, _)| wanted(*s)).map(|(_, n)| n).sum();
    let used =
        count(&|s| !matches!(s, CellState::Free | CellState::Reserved | CellState::Gateway | CellState::Outside));
    let free: u64 = count(&|s| s == CellState::Free);
    let parts = if pages > 1 { parts(&reader, prefix, total) } else { Vec::new() };
    let (name, usable) = (reader.name(), used + free);
    let (holders, facts) = (reader.holders(), reader.facts());
    Some(AddressMap { name, prefix, used, usable, tally, page, pages, cells, holders, facts, parts })
}

/// The page that holds an address of a prefix.
pub fn page_of(prefix: Ipv4Net, address: Ipv4Addr) -> Option<u32> {
    prefix.contains(&address).then(|| (u32::from(address) - u32::from(prefix.network())) / PAGE)
}

fn parts(reader: &Reader<'_>, prefix: Ipv4Net, total: u64) -> Vec<Part> {
    let size = (total / u64::from(PAGE)).max(1);
    let base = u32::from(prefix.network());
    let mut taken: Ordered<u64, u64> = Ordered::default();
    for address in reader.taken() {
        *taken.get_or_insert_with(u64::from(u32::from(address) - base) / size, Default::default) += 1;
    }
    let at = |n: u64| Ipv4Addr::from(base.saturating_add(u32::try_from(n).unwrap_or(u32::MAX)));
    (0..u64::from(PAGE))
        .map(|n| Part {
            first: at(n * size),
            last: at((n + 1) * size - 1),
            taken: taken.get(&n).copied().unwrap_or(0),
            size,
            page: u32::try_from(n * size / u64::from(PAGE)).unwrap_or(0),
        })
        .collect()
}

/// One range of one world.
enum Reader<'a> {
    Subnet {
        world: &'a World,
        subnet: &'a Subnet,
    },
    Block {
        name: &'a str,
        prefix: Ipv4Net,
        store: Option<&'a HostLocal>,
        pods: Ordered<String, (PodId, &'a str, Time)>,
    },
}

impl<'a> Reader<'a> {
    fn new(world: &'a World, space: Space) -> Option<Self> {
        match space {
            Space::Subnet(id) => Some(Self::Subnet { world, subnet: world.subnets.get(id)? }),
            Space::Block(id) => {
                let node = world.nodes.get(id)?;
                let own = world.pods.iter().filter(|(_, p)| p.node == Some(id) && !p.host_network);
                let pods = own.map(|(pod, p)| (container_id(pod), (pod, p.name.as_ref(), p.created))).collect();
                Some(Self::Block { name: &node.name, prefix: node.pod_cidr?, store: node.host_local(), pods })
            }
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Subnet { subnet, .. } => subnet.name.to_string(),
            Self::Block { name, .. } => (*name).to_owned(),
        }
    }

    fn prefix(&self) -> Ipv4Net {
        match self {
            Self::Subnet { subnet, .. } => subnet.pool.prefix(),
            Self::Block { prefix, .. } => *prefix,
        }
    }

    fn holders(&self) -> Holders {
        match self {
            Self::Subnet { world, subnet } => holders::holders(world, subnet),
            Self::Block { .. } => Holders::default(),
        }
    }

    fn facts(&self) -> Vec<&'static str> {
        let Self::Subnet { subnet, .. } = self else { return Vec::new() };
        let facts = [(subnet.delegated, "delegated"), (subnet.exhausted, "exhausted")];
        facts.into_iter().filter(|(holds, _)| *holds).map(|(_, code)| code).collect()
    }

    fn taken(&self) -> Vec<Ipv4Addr> {
        match self {
            Self::Subnet { subnet, .. } => subnet.pool.leases().map(|(address, _)| address).collect(),
            Self::Block { store, .. } => {
                store.iter().flat_map(|s| s.reservations()).filter_map(|(a, _)| v4(a)).collect()
            }
        }
    }

    fn tally(&self) -> Vec<(CellState, u64)> {
        let counts: Vec<(CellState, u64)> = match self {
            Self::Subnet { subnet, .. } => {
                let counts = subnet.pool.counts();
                let leased = LeaseState::ALL.map(|s| (CellState::of_lease(s), counts.of(s)));
                let others = [(CellState::Reserved, counts.reserved), (CellState::Free, counts.free)];
                leased.into_iter().chain(others).collect()
            }
            Self::Block { prefix, store, .. } => {
                let used = store.map_or(0, HostLocal::len) as u64;
                let free = address_count(*prefix).saturating_sub(3 + used);
                vec![(CellState::Gateway, 1), (CellState::Outside, 2), (CellState::Pod, used), (CellState::Free, free)]
            }
        };
        let mut counts: Vec<_> = counts.into_iter().filter(|(_, n)| *n > 0).collect();
        sort(&mut counts);
        counts
    }

    fn cell(&self, address: Ipv4Addr) -> Cell {
        match self {
            Self::Subnet { world, subnet } => subnet_cell(world, subnet, address),
            Self::Block { prefix, store, pods, .. } => {
                let mut cell = Cell::plain(address, block_state(*prefix, address));
                if let Some(owner) = store.and_then(|s| s.owner(IpAddr::V4(address))) {
                    cell.state = CellState::Pod;
                    if let Some((id, name, since)) = pods.get(owner.container()) {
                        cell.owner = Some(Owner { name: (*name).to_owned(), target: Target::Pod(*id) });
                        cell.since = Some(*since);
                    }
                }
                cell
            }
        }
    }
}

impl Cell {
    const fn plain(address: Ipv4Addr, state: CellState) -> Self {
        Self { address, state, role: None, owner: None, node: None, since: None }
    }
}

const fn v4(address: IpAddr) -> Option<Ipv4Addr> {
    match address {
        IpAddr::V4(v4) => Some(v4),
        IpAddr::V6(_) => None,
    }
}

fn block_state(prefix: Ipv4Net, address: Ipv4Addr) -> CellState {
    let gateway = u32::from(prefix.network()).saturating_add(1);
    if u32::from(address) == gateway {
        CellState::Gateway
    } else if address == prefix.network() || address == prefix.broadcast() {
        CellState::Outside
    } else {
        CellState::Free
    }
}

fn subnet_cell(world: &World, subnet: &Subnet, address: Ipv4Addr) -> Cell {
    match subnet.pool.slot(address) {
        Slot::Outside => Cell::plain(address, CellState::Outside),
        Slot::Free => Cell::plain(address, CellState::Free),
        Slot::Reserved(role) => Cell { role: Some(role), ..Cell::plain(address, CellState::Reserved) },
        Slot::Leased(lease) => {
            let AddressOwner::Nic(nic) = lease.owner;
            let plain = Cell { since: Some(lease.since), ..Cell::plain(address, CellState::of_lease(lease.state)) };
            let holder = owner_of(world, nic);
            match pod_at(world, lease.state, nic, address) {
                Some(pod) => Cell { owner: Some(pod), node: holder, ..plain },
                None => Cell { owner: holder, ..plain },
            }
        }
    }
}

/// The pod that has an address of its node's NIC.
fn pod_at(world: &World, state: LeaseState, nic: NicId, address: Ipv4Addr) -> Option<Owner> {
    if state != LeaseState::Assigned {
        return None;
    }
    let of_nic = |node: NodeId| world.nodes.get(node).is_some_and(|n| n.nic == nic);
    let mut pods = world.pods.iter().filter(|(_, p)| !p.host_network && p.address == Some(address));
    let (id, pod) = pods.find(|(_, p)| p.node.is_some_and(of_nic))?;
    Some(Owner { name: pod.name.to_string(), target: Target::Pod(id) })
}

fn owner_of(world: &World, id: NicId) -> Option<Owner> {
    let nic = world.nics.get(id)?;
    let host = world.hosts.get(nic.host)?;
    let target = match host.role {
        Role::Node(node) => Target::Node(node),
        Role::Pod(pod) => Target::Pod(pod),
        Role::Vm => Target::Host(nic.host),
    };
    Some(Owner { name: host.name.to_string(), target })
}

/// What one address is in a world; `None` where the range is not there.
pub fn cell_at(world: &World, space: Space, address: Ipv4Addr) -> Option<Cell> {
    Some(Reader::new(world, space)?.cell(address))
}
