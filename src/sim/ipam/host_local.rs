//! The host-local plugin: addresses of one node's pod CIDR, handed out round robin from a directory of files.
//! Source: containernetworking/plugins `plugins/ipam/host-local/{main.go,backend/allocator/allocator.go,
//! backend/disk/backend.go}`.

mod cursor;
mod error;
mod range;

pub use error::{AddError, GetError};
pub use range::{Range, RangeConfig, RangeError, RangeFault, RangeSet};

use crate::sim::sorted::Sorted;
use cursor::Cursor;
use ipnet::IpNet;
use rpds::{RedBlackTreeMap, RedBlackTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::rc::Rc;

/// Lowest and highest address in the order of [`IpAddr`].
const ALL: (IpAddr, IpAddr) = (IpAddr::V4(Ipv4Addr::UNSPECIFIED), IpAddr::V6(Ipv6Addr::from_bits(u128::MAX)));

/// The store of one network on one node: what lies under `/var/lib/cni/networks/<network>/`. Copies share all that
/// did not change.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HostLocal {
    sets: Rc<[RangeSet]>,
    /// One file for each reserved address; its content is the owner.
    reserved: RedBlackTreeMap<IpAddr, Owner>,
    /// The same by owner, so that no request reads every file.
    held: RedBlackTreeSet<(Owner, IpAddr)>,
    /// `last_reserved_ip.<set>`: the address reserved last from each range set.
    last: Sorted<usize, IpAddr>,
}

/// Content of an address file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner {
    pub container: Rc<str>,
    /// `None` in files of old versions of the plugin, which held the container id alone.
    pub ifname: Option<Rc<str>>,
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

impl Owner {
    /// Blanks around the container id do not count.
    pub fn new(container: &str, ifname: &str) -> Self {
        Self { container: container.trim().into(), ifname: Some(ifname.into()) }
    }

    /// The owner as old versions of the plugin wrote it.
    pub fn old_format(container: &str) -> Self {
        Self { container: container.trim().into(), ifname: None }
    }
}

impl HostLocal {
    /// An empty store. Each inner list is one range set and gives one address to a container.
    pub fn new(configs: &[Vec<RangeConfig>]) -> Result<Self, RangeError> {
        let sets = RangeSet::all(configs)?;
        Ok(Self { sets, reserved: RedBlackTreeMap::new(), held: RedBlackTreeSet::new(), last: Sorted::default() })
    }

    pub fn sets(&self) -> &[RangeSet] {
        &self.sets
    }

    /// Reserved addresses with their owners, by address.
    pub fn reservations(&self) -> impl Iterator<Item = (IpAddr, &Owner)> {
        self.reserved.iter().map(|(address, owner)| (*address, owner))
    }

    pub fn owner(&self, address: IpAddr) -> Option<&Owner> {
        self.reserved.get(&address)
    }

    /// Number of reserved addresses.
    pub fn len(&self) -> usize {
        self.reserved.size()
    }

    pub fn is_empty(&self) -> bool {
        self.reserved.is_empty()
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
                    if !done.is_empty() {
                        self.release(id, ifname);
                    }
                    return Err(AddError::Range { index, error });
                }
            }
        }
        if wanted.is_empty() {
            return Ok(done);
        }
        self.release(id, ifname);
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
            return Err(GetError::Duplicate { address, container: owner.container });
        }
        self.get_next(set, ranges, owner)
    }

    /// CNI DEL: forgets every address of the container's interface; if there is none, every address that an old
    /// version wrote for the container. The cursor stays. Returns the addresses that are free again.
    pub fn release(&mut self, id: &str, ifname: &str) -> Vec<IpAddr> {
        let mut gone = self.addresses_of(&Owner::new(id, ifname));
        if gone.is_empty() {
            gone = self.addresses_of(&Owner::old_format(id));
        }
        for address in &gone {
            self.remove_file(*address);
        }
        gone
    }

    /// Puts an address file as if it had been there before; the cursor stays. Returns false if there is one.
    pub fn put_file(&mut self, address: IpAddr, owner: Owner) -> bool {
        if self.reserved.contains_key(&address) {
            return false;
        }
        self.held.insert_mut((owner.clone(), address));
        self.reserved.insert_mut(address, owner);
        true
    }

    /// Deletes an address file, as `rm` would; the cursor stays.
    pub fn remove_file(&mut self, address: IpAddr) -> Option<Owner> {
        let owner = self.reserved.get(&address).cloned()?;
        self.reserved.remove_mut(&address);
        self.held.remove_mut(&(owner.clone(), address));
        Some(owner)
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
            } else if self.reserved.contains_key(&address) {
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
        let mut held = self.addresses_of(owner);
        held.extend(self.addresses_of(&Owner { ifname: None, ..owner.clone() }));
        held.into_iter().filter(|a| ranges.contains(*a)).min_by_key(IpAddr::to_string)
    }

    fn addresses_of(&self, owner: &Owner) -> Vec<IpAddr> {
        let from = (owner.clone(), ALL.0);
        let to = (owner.clone(), ALL.1);
        self.held.range(from..=to).map(|(_, address)| *address).collect()
    }
}

impl Allocation {
    fn of(range: &Range, address: IpAddr, started: Start, walked: Vec<(IpAddr, Skip)>) -> Self {
        let net = IpNet::new(address, range.subnet.prefix_len()).unwrap_or_else(|_| IpNet::from(address));
        Self { address: net, gateway: range.gateway, started, walked }
    }
}
