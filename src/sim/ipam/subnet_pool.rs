//! The addresses of one Azure subnet: five reserved, the rest leased lowest first.
//! Source: MicrosoftDocs/azure-docs, articles/virtual-network/virtual-networks-faq.md and
//! articles/virtual-network/virtual-network-manage-subnet.md.

mod lease;

pub use lease::{Counts, Lease, LeaseState, PoolError, Reserved, Slot};

use crate::sim::addr::{address_count, nth_address};
use crate::sim::ordered::Ordered;
use crate::sim::time::Time;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// Longest prefix of a subnet.
/// Source: MicrosoftDocs/azure-docs, articles/virtual-network/virtual-networks-faq.md.
pub const LONGEST_SUBNET_PREFIX: u8 = 29;

/// The leases of one subnet and its free addresses. `O` is whatever a lease belongs to. Copies share all that did
/// not change; every operation costs the logarithm of the number of leases.
///
/// Which free address Azure picks is not promised; the lowest is what fresh subnets show.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SubnetPool<O> {
    prefix: Ipv4Net,
    leases: Ordered<Ipv4Addr, Lease<O>>,
    /// Runs of free addresses, last address to first address. No two touch. Leasing the first of a run leaves its key.
    free: Ordered<Ipv4Addr, Ipv4Addr>,
    counts: Counts,
}

impl<O: Clone + Eq> SubnetPool<O> {
    /// A subnet without leases.
    pub fn new(prefix: Ipv4Net) -> Result<Self, PoolError<O>> {
        let prefix = prefix.trunc();
        if prefix.prefix_len() > LONGEST_SUBNET_PREFIX {
            return Err(PoolError::TooSmall { prefix });
        }
        let first = offset(prefix.network(), 4);
        let last = offset(prefix.broadcast(), -1);
        let counts = Counts::new(address_count(prefix), Reserved::ALL.len() as u64);
        Ok(Self { prefix, leases: Ordered::default(), free: [(last, first)].into_iter().collect(), counts })
    }

    pub fn prefix(&self) -> Ipv4Net {
        self.prefix
    }

    /// How many addresses are in which state; together 2^(32 - prefix length).
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Address of a reserved role.
    pub fn reserved(&self, role: Reserved) -> Ipv4Addr {
        role.offset().and_then(|n| nth_address(self.prefix, n)).unwrap_or(self.prefix.broadcast())
    }

    /// Why an address is reserved; `None` for all but five.
    pub fn role(&self, address: Ipv4Addr) -> Option<Reserved> {
        Reserved::ALL.into_iter().find(|role| self.reserved(*role) == address)
    }

    /// What is at an address.
    pub fn slot(&self, address: Ipv4Addr) -> Slot<'_, O> {
        if !self.prefix.contains(&address) {
            return Slot::Outside;
        }
        match (self.role(address), self.leases.get(&address)) {
            (Some(role), _) => Slot::Reserved(role),
            (None, Some(lease)) => Slot::Leased(lease),
            (None, None) => Slot::Free,
        }
    }

    pub fn lease(&self, address: Ipv4Addr) -> Option<&Lease<O>> {
        self.leases.get(&address)
    }

    /// Leases by address.
    pub fn leases(&self) -> impl DoubleEndedIterator<Item = (Ipv4Addr, &Lease<O>)> {
        self.leases.iter().map(|(address, lease)| (*address, lease))
    }

    /// Leases of one owner by address.
    pub fn leases_of(&self, owner: &O) -> impl Iterator<Item = (Ipv4Addr, &Lease<O>)> {
        self.leases().filter(move |(_, lease)| lease.owner == *owner)
    }

    /// The address that [`SubnetPool::allocate`] gives next.
    pub fn lowest_free(&self) -> Option<Ipv4Addr> {
        self.free.first().map(|(_, first)| *first)
    }

    /// Leases the lowest free address.
    pub fn allocate(&mut self, owner: O, state: LeaseState, since: Time) -> Result<Ipv4Addr, PoolError<O>> {
        let address = self.lowest_free().ok_or(self.full(1))?;
        self.lease_free(address, Lease { owner, state, since });
        Ok(address)
    }

    /// Leases the `count` lowest free addresses, or none if there are fewer.
    pub fn allocate_block(
        &mut self,
        count: u32,
        owner: &O,
        state: LeaseState,
        since: Time,
    ) -> Result<Vec<Ipv4Addr>, PoolError<O>> {
        if u64::from(count) > self.counts.free {
            return Err(self.full(count));
        }
        (0..count).map(|_| self.allocate(owner.clone(), state, since)).collect()
    }

    /// Leases a certain address (a static private IP address).
    pub fn request(&mut self, address: Ipv4Addr, owner: O, state: LeaseState, since: Time) -> Result<(), PoolError<O>> {
        match self.slot(address) {
            Slot::Outside => Err(PoolError::NotInSubnet { address, prefix: self.prefix }),
            Slot::Reserved(role) => Err(PoolError::InReservedRange { address, role }),
            Slot::Leased(lease) => Err(PoolError::IsAllocated { address, owner: lease.owner.clone() }),
            Slot::Free => {
                self.lease_free(address, Lease { owner, state, since });
                Ok(())
            }
        }
    }

    /// Puts another lease in the place of one; returns the one before, `None` if the address is not leased.
    pub fn replace(&mut self, address: Ipv4Addr, lease: Lease<O>) -> Option<Lease<O>> {
        let before = self.leases.get(&address)?.clone();
        self.counts.remove(before.state);
        self.counts.add(lease.state);
        self.leases.insert(address, lease);
        Some(before)
    }

    /// Changes the state of a lease and keeps its owner; returns the lease before.
    pub fn set_state(&mut self, address: Ipv4Addr, state: LeaseState, since: Time) -> Option<Lease<O>> {
        let owner = self.leases.get(&address)?.owner.clone();
        self.replace(address, Lease { owner, state, since })
    }

    /// Ends a lease; the address is free at once.
    pub fn release(&mut self, address: Ipv4Addr) -> Option<Lease<O>> {
        let lease = self.leases.get(&address).cloned()?;
        self.leases.remove(&address);
        self.counts.remove(lease.state);
        self.give_back(address);
        Some(lease)
    }

    /// Ends every lease of one owner; returns the addresses.
    pub fn release_owner(&mut self, owner: &O) -> Vec<Ipv4Addr> {
        let addresses: Vec<Ipv4Addr> = self.leases_of(owner).map(|(address, _)| address).collect();
        for address in &addresses {
            self.release(*address);
        }
        addresses
    }

    fn full(&self, wanted: u32) -> PoolError<O> {
        PoolError::SubnetIsFull { prefix: self.prefix, wanted, free: self.counts.free }
    }

    /// Takes a free address out of its run, which leaves up to two shorter ones.
    fn lease_free(&mut self, address: Ipv4Addr, lease: Lease<O>) {
        if let Some((first, last)) = self.run_from(address) {
            if address < last {
                self.free.insert(last, offset(address, 1));
            } else {
                self.free.remove(&last);
            }
            if first < address {
                self.free.insert(offset(address, -1), first);
            }
        }
        self.counts.add(lease.state);
        self.leases.insert(address, lease);
    }

    /// Joins a free address with the runs that touch it.
    fn give_back(&mut self, address: Ipv4Addr) {
        let before = offset(address, -1);
        let first = self.free.get(&before).copied().unwrap_or(address);
        if first != address {
            self.free.remove(&before);
        }
        let behind = self.run_from(address).filter(|(next, _)| *next == offset(address, 1));
        self.free.insert(behind.map_or(address, |(_, last)| last), first);
    }

    /// First and last address of the first run of free addresses that ends at or behind an address.
    fn run_from(&self, address: Ipv4Addr) -> Option<(Ipv4Addr, Ipv4Addr)> {
        self.free.from(&address).next().map(|(last, first)| (*first, *last))
    }
}

/// The address `by` places on. Stays inside the subnet wherever it is used: the first and last are reserved.
fn offset(address: Ipv4Addr, by: i32) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(address).wrapping_add_signed(by))
}
