//! All hosts, by id and by address.

use super::arena::Arena;
use super::host::Host;
use super::ids::{HostId, IfIndex};
use super::ordered::Ordered;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;
use std::ops::Deref;

/// The hosts of a world, and which of them has an address, so that a packet's ends are found without asking all of
/// them. Addresses of a host come and go through this; nobody has `127.0.0.1` alone, so it is not among them.
#[derive(Clone, Debug, Default)]
pub struct Hosts {
    all: Arena<HostId, Host>,
    /// The lowest id first where several have an address.
    by_address: Ordered<(Ipv4Addr, HostId), ()>,
}

impl Deref for Hosts {
    type Target = Arena<HostId, Host>;

    fn deref(&self) -> &Self::Target {
        &self.all
    }
}

impl Hosts {
    pub fn add(&mut self, host: Host) -> HostId {
        let id = self.all.next_id();
        for address in host.local.keys().filter(|a| !a.is_loopback()) {
            self.by_address.insert((*address, id), ());
        }
        self.all.add(host)
    }

    pub fn remove(&mut self, id: HostId) -> Option<Host> {
        let gone = self.all.remove(id)?;
        for address in gone.local.keys() {
            self.by_address.remove(&(*address, id));
        }
        Some(gone)
    }

    /// A host to change; its addresses are changed by [`Hosts::assign`] and its like.
    pub fn get_mut(&mut self, id: HostId) -> Option<&mut Host> {
        self.all.get_mut(id)
    }

    /// The host that has an address, the oldest of several.
    pub fn at(&self, address: Ipv4Addr) -> Option<HostId> {
        let (&(found, id), ()) = self.by_address.from(&(address, HostId(0))).next()?;
        (found == address).then_some(id)
    }

    /// How many addresses there are.
    pub const fn addresses(&self) -> usize {
        self.by_address.len()
    }

    /// [`Host::remove_interface`].
    pub fn remove_interface(&mut self, id: HostId, dev: IfIndex) {
        let Some(gone) = self.all.get_mut(id).and_then(|host| host.remove_interface(dev)) else { return };
        for address in gone.addresses {
            self.by_address.remove(&(address.net.addr(), id));
        }
    }

    /// [`Host::assign`].
    pub fn assign(&mut self, id: HostId, dev: IfIndex, net: Ipv4Net) -> bool {
        let done = self.all.get_mut(id).is_some_and(|host| host.assign(dev, net));
        if done {
            self.by_address.insert((net.addr(), id), ());
        }
        done
    }

    /// [`Host::withdraw`].
    pub fn withdraw(&mut self, id: HostId, dev: IfIndex, net: Ipv4Net) -> bool {
        let done = self.all.get_mut(id).is_some_and(|host| host.withdraw(dev, net));
        if done {
            self.by_address.remove(&(net.addr(), id));
        }
        done
    }
}
