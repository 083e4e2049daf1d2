//! A table keyed by IPv4 prefix whose copies are free and whose lookups do not grow with the table.

use crate::sim::ordered::Ordered;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// Number of possible prefix lengths of IPv4, 0 to 32.
const LENGTHS: usize = 33;

/// Map from prefix to value. A copy shares the tree; a change copies one path of it. Prefixes are stored without
/// host bits, so `10.0.0.4/16` and `10.0.0.0/16` are one key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PrefixMap<V> {
    entries: Ordered<Ipv4Net, V>,
    /// Entries of each prefix length. A lookup asks only for lengths that are in use.
    of_length: [u32; LENGTHS],
}

impl<V> Default for PrefixMap<V> {
    fn default() -> Self {
        Self { entries: Ordered::default(), of_length: [0; LENGTHS] }
    }
}

impl<V: Clone> PrefixMap<V> {
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The value of exactly this prefix.
    pub fn get(&self, net: Ipv4Net) -> Option<&V> {
        self.entries.get(&net.trunc())
    }

    /// Sets the value of a prefix; returns the one before.
    pub fn insert(&mut self, net: Ipv4Net, value: V) -> Option<V> {
        let net = net.trunc();
        let before = self.get(net).cloned();
        self.entries.insert(net, value);
        if before.is_none() {
            self.of_length[usize::from(net.prefix_len())] += 1;
        }
        before
    }

    pub fn remove(&mut self, net: Ipv4Net) -> Option<V> {
        let net = net.trunc();
        let gone = self.get(net).cloned()?;
        self.entries.remove(&net);
        self.of_length[usize::from(net.prefix_len())] -= 1;
        Some(gone)
    }

    /// Entries whose prefix holds the address, longest prefix first: one search for each length in use, at most 33.
    pub fn candidates(&self, address: Ipv4Addr) -> impl Iterator<Item = (Ipv4Net, &V)> {
        (0..=32u8).rev().filter_map(move |length| {
            if self.of_length[usize::from(length)] == 0 {
                return None;
            }
            let net = Ipv4Net::new(address, length).ok()?.trunc();
            self.entries.get(&net).map(|value| (net, value))
        })
    }

    /// The entry with the longest prefix that holds the address.
    pub fn longest(&self, address: Ipv4Addr) -> Option<(Ipv4Net, &V)> {
        self.candidates(address).next()
    }

    /// All entries by network address, then by prefix length, short before long.
    pub fn iter(&self) -> impl Iterator<Item = (Ipv4Net, &V)> {
        self.entries.iter().map(|(net, value)| (*net, value))
    }
}

impl<V: Clone> FromIterator<(Ipv4Net, V)> for PrefixMap<V> {
    fn from_iter<T: IntoIterator<Item = (Ipv4Net, V)>>(entries: T) -> Self {
        let mut map = Self::default();
        for (net, value) in entries {
            map.insert(net, value);
        }
        map
    }
}
