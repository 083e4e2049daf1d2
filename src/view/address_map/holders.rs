//! Which node has which addresses of a subnet: runs, with what it does with them.

use super::{CellState, Owner, owner_of};
use crate::sim::fabric::network::Subnet;
use crate::sim::fabric::nic::AddressOwner;
use crate::sim::ids::NicId;
use crate::sim::ipam::subnet_pool::LeaseState;
use crate::sim::world::World;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// Most nodes that are listed.
const LISTED: usize = 12;

/// The nodes that have addresses for pods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holders {
    pub nodes: Vec<Holder>,
    /// Nodes that are not listed.
    pub more: usize,
}

/// One node with its addresses of a subnet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub owner: Owner,
    /// In order of address; addresses without a gap between them are one run.
    pub runs: Vec<Run>,
    /// States that occur, with the number of addresses.
    pub tally: Vec<(CellState, u64)>,
}

/// Addresses without a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    pub first: Ipv4Addr,
    pub last: Ipv4Addr,
}

pub(super) fn holders(world: &World, subnet: &Subnet) -> Holders {
    let mut by_nic: BTreeMap<NicId, Vec<(Ipv4Addr, LeaseState)>> = BTreeMap::new();
    for (address, lease) in subnet.pool.leases() {
        let AddressOwner::Nic(nic) = lease.owner;
        by_nic.entry(nic).or_default().push((address, lease.state));
    }
    let for_pods = |leases: &Vec<(Ipv4Addr, LeaseState)>| {
        leases.iter().any(|(_, state)| !matches!(state, LeaseState::Node | LeaseState::Vm))
    };
    let mut holders = Holders::default();
    for (nic, leases) in by_nic.into_iter().filter(|(_, leases)| for_pods(leases)) {
        let Some(owner) = owner_of(world, nic) else { continue };
        if holders.nodes.len() == LISTED {
            holders.more += 1;
            continue;
        }
        holders.nodes.push(Holder { owner, runs: runs(&leases), tally: tally(&leases) });
    }
    holders
}

fn runs(leases: &[(Ipv4Addr, LeaseState)]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (address, _) in leases {
        match runs.last_mut() {
            Some(run) if u32::from(run.last).wrapping_add(1) == u32::from(*address) => run.last = *address,
            _ => runs.push(Run { first: *address, last: *address }),
        }
    }
    runs
}

fn tally(leases: &[(Ipv4Addr, LeaseState)]) -> Vec<(CellState, u64)> {
    let mut tally: BTreeMap<CellState, u64> = BTreeMap::new();
    for (_, state) in leases {
        *tally.entry(CellState::of_lease(*state)).or_default() += 1;
    }
    tally.into_iter().collect()
}

impl Holders {
    /// Number of the node in the list that has an address.
    pub fn of(&self, address: Ipv4Addr) -> Option<usize> {
        self.nodes.iter().position(|holder| holder.runs.iter().any(|r| (r.first..=r.last).contains(&address)))
    }
}
