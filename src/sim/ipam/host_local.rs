//! The host-local plugin: addresses of one node's pod CIDR, handed out round robin from a directory of files.
//! Source: containernetworking/plugins `plugins/ipam/host-local/{main.go,backend/allocator/allocator.go,
//! backend/disk/backend.go}`.

mod cursor;
mod error;
mod owner;
mod range;

pub use error::{AddError, GetError};
pub use owner::Owner;
pub use range::{Range, RangeConfig, RangeError, RangeFault, RangeSet};

use crate::sim::sorted::Sorted;
use cursor::Cursor;
use ipnet::IpNet;
use std::net::IpAddr;
use std::rc::Rc;

/// The store of one network on one node: what lies under `/var/lib/cni/networks/<network>/`. Copies share all that
/// did not change.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HostLocal {
    sets: Rc<[RangeSet]>,
    /// One file for each reserved address, by address. A node has some hundreds at most.
    files: Sorted<IpAddr, Owner>,
    /// `last_reserved_ip.<set>`: the address reserved last from each range set.
    last: Sorted<usize, IpAddr>,
}

/// An address that was handed out, with the way to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Allocation {
    /// The address with the prefix length of its subnet.
    pub address: IpNet,
    pub gateway: IpAddr,
    pub started: Start,
    /// Addresses that the cursor passed, in its order; at most the whole range set.
    pub walked: Vec<(IpAddr, Skip)>,
}

/// Where the cursor began, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Start {
    /// A certain address was asked for: no cursor.
    Requested,
    /// Nothing was reserved before: at the start of the first range.
    RangeStart,
    /// Behind the address that was reserved last.
    AfterLast(IpAddr),
    /// The address reserved last lies in no range of the set, so at the start of the first range.
    LastOutside(IpAddr),
}

/// Why the cursor passed an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Skip {
    Gateway,
    Taken,
}

impl HostLocal {
    /// An empty store. Each inner list is one range set and gives one address to a container.
    pub fn new(configs: &[Vec<RangeConfig>]) -> Result<Self, RangeError> {
        Ok(Self { sets: RangeSet::all(configs)?, files: Sorted::default(), last: Sorted::default() })
    }

    pub fn sets(&self) -> &[RangeSet] {
        &self.sets
    }

    /// Reserved addresses with their owners, by address.
    pub fn reservations(&self) -> impl Iterator<Item = (IpAddr, &Owner)> {
        self.files.iter().map(|(address, owner)| (*address, owner))
    }

    pub fn owner(&self, address: IpAddr) -> Option<&Owner> {
        self.files.get(&address)
    }

    /// Number of reserved addresses.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Content of `last_reserved_ip.<set>`.
    pub fn last_reserved(&self, set: usize) -> Option<IpAddr> {
        self.last.get(&set).copied()
    }

    /// CNI ADD: one address from each range set, or none at all.
    pub fn add(&mut self, id: &str, ifname: &str, requested: &[IpAddr]) -> Result<Vec<Allocation>, AddError> {
        let mut wanted = requested.to_vec();
        let mut done = Vec::with_capacity(self.sets.len());
        for index in 0..self.sets.len() {
            let hit = wanted.iter().position(|a| self.sets[index].contains(*a)).map(|at| wanted.remove(at));
            match self.get(index, id, ifname, hit) {
                Ok(allocation) => done.push(allocation),
                Err(error) => {
                    self.release_sets(id, ifname, done.len());
                    return Err(AddError::Range { index, error });
                }
            }
        }
        if wanted.is_empty() {
            return Ok(done);
        }
        self.release_sets(id, ifname, done.len());
        Err(AddError::NotInAnySet(wanted))
    }

    /// An address of one range set. Without a request the first free one behind the one reserved last, round the
    /// whole set; the gateway is passed over. So a released address comes again only after all others.
    pub fn get(
        &mut self,
        set: usize,
        id: &str,
        ifname: &str,
        requested: Option<IpAddr>,
    ) -> Result<Allocation, GetError> {
        let ranges = self.sets.get(set).cloned().ok_or(GetError::NoSuchSet { set })?;
        let owner = Owner::new(id, ifname);
        if let Some(address) = requested {
            return self.get_requested(set, ranges, owner, address.to_canonical());
        }
        if let Some(address) = self.held_in(&ranges, &owner) {
            return Err(GetError::Duplicate { address, container: owner.container().into() });
        }
        self.get_next(set, ranges, owner)
    }

    /// CNI DEL: forgets every address of the container's interface; if there is none, every address that an old
    /// version wrote for the container. The cursor stays. Returns the addresses that are free again.
    pub fn release(&mut self, id: &str, ifname: &str) -> Vec<IpAddr> {
        self.release_sets(id, ifname, self.sets.len())
    }

    /// The plugin releases once for each range set, and each time looks at the whole store: with two sets the files
    /// of an old version go too, though the first time found some of this one.
    fn release_sets(&mut self, id: &str, ifname: &str, sets: usize) -> Vec<IpAddr> {
        let mut gone = Vec::new();
        for _ in 0..sets {
            let mut found = self.addresses_of(&Owner::new(id, ifname));
            if found.is_empty() {
                found = self.addresses_of(&Owner::old_format(id));
            }
            self.files.retain(|address, _| !found.contains(address));
            gone.extend(found);
        }
        gone
    }

    /// Puts an address file as if it had been there before; the cursor stays. Returns false if there is one.
    pub fn put_file(&mut self, address: IpAddr, owner: Owner) -> bool {
        let new = !self.files.contains_key(&address);
        if new {
            self.files.insert(address, owner);
        }
        new
    }

    /// Deletes an address file, as `rm` would; the cursor stays.
    pub fn remove_file(&mut self, address: IpAddr) -> Option<Owner> {
        self.files.remove(&address)
    }

    /// Writes `last_reserved_ip.<set>`; any address is possible.
    pub fn put_last_reserved(&mut self, set: usize, address: IpAddr) {
        self.last.insert(set, address);
    }

    fn get_requested(
        &mut self,
        set: usize,
        ranges: RangeSet,
        owner: Owner,
        address: IpAddr,
    ) -> Result<Allocation, GetError> {
        let Some(range) = ranges.position(address).map(|i| ranges.ranges()[i]) else {
            return Err(GetError::NotInSet { address, ranges });
        };
        if address == range.gateway {
            return Err(GetError::IsGateway { address });
        }
        if !self.reserve(set, address, owner) {
            return Err(GetError::NotAvailable { address, ranges });
        }
        Ok(Allocation::of(&range, address, Start::Requested, Vec::new()))
    }

    fn get_next(&mut self, set: usize, ranges: RangeSet, owner: Owner) -> Result<Allocation, GetError> {
        let (mut cursor, started) = Cursor::new(&ranges, self.last_reserved(set));
        let mut walked = Vec::new();
        while let Some((range, address)) = cursor.advance() {
            if address == range.gateway {
                walked.push((address, Skip::Gateway));
            } else if self.files.contains_key(&address) {
                walked.push((address, Skip::Taken));
            } else {
                self.reserve(set, address, owner);
                return Ok(Allocation::of(range, address, started, walked));
            }
        }
        Err(GetError::Exhausted { ranges })
    }

    /// Creates the address file; only then moves the cursor.
    fn reserve(&mut self, set: usize, address: IpAddr, owner: Owner) -> bool {
        let new = self.put_file(address, owner);
        if new {
            self.put_last_reserved(set, address);
        }
        new
    }

    /// An address of the set that the container holds already. The plugin reads the files by name, so the first of
    /// several is the first as text.
    fn held_in(&self, ranges: &RangeSet, owner: &Owner) -> Option<IpAddr> {
        let old_format = owner.container();
        let held = self.files.iter().filter(|(_, file)| *file == owner || file.text() == old_format);
        held.map(|(address, _)| *address).filter(|a| ranges.contains(*a)).min_by_key(IpAddr::to_string)
    }

    fn addresses_of(&self, owner: &Owner) -> Vec<IpAddr> {
        self.files.iter().filter(|(_, file)| *file == owner).map(|(address, _)| *address).collect()
    }
}

impl Allocation {
    fn of(range: &Range, address: IpAddr, started: Start, walked: Vec<(IpAddr, Skip)>) -> Self {
        let net = IpNet::new(address, range.subnet.prefix_len()).unwrap_or_else(|_| IpNet::from(address));
        Self { address: net, gateway: range.gateway, started, walked }
    }
}
