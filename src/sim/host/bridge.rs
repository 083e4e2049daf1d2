//! The Linux bridge: its forwarding database (FDB) and where it sends a frame.

use crate::sim::addr::Mac;
use crate::sim::ids::IfIndex;
use crate::sim::sorted::Sorted;
use crate::sim::time::{Span, Time};

/// Standard ageing time (`ageing_time` 30000 in hundredths of a second).
/// Source: Linux `net/bridge/br_device.c`.
pub const AGEING_TIME: Span = Span::secs(300);

/// The forwarding database and ageing time of one bridge. The ports are the interfaces that name it as master.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bridge {
    pub fdb: Sorted<Mac, FdbEntry>,
    pub ageing: Span,
}

impl Default for Bridge {
    fn default() -> Self {
        Self { fdb: Sorted::default(), ageing: AGEING_TIME }
    }
}

/// One row of `brctl showmacs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FdbEntry {
    /// The address of the bridge or of a port; never ages.
    Local {
        port: IfIndex,
    },
    Learned {
        port: IfIndex,
        seen: Time,
    },
}

impl FdbEntry {
    pub const fn port(self) -> IfIndex {
        match self {
            FdbEntry::Local { port } | FdbEntry::Learned { port, .. } => port,
        }
    }
}

/// What learning a source address did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Learning {
    New,
    Refreshed,
    /// The address was behind another port before.
    Moved {
        from: IfIndex,
    },
    /// A group address or one of the bridge's own is never learned.
    NotLearned,
}

/// What the database says of a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FdbLookup {
    /// The bridge itself or one of its ports owns the address.
    Local,
    Port(IfIndex),
    /// Broadcast or multicast: to every port.
    Group,
    /// No live entry: flooded.
    Unknown {
        aged_out: bool,
    },
}

impl Bridge {
    /// Records that `mac` was seen on `port`. Source: Linux `br_fdb_update` in `net/bridge/br_fdb.c`.
    pub fn learn(&mut self, mac: Mac, port: IfIndex, now: Time) -> Learning {
        if mac.is_group() {
            return Learning::NotLearned;
        }
        let before = match self.fdb.get(&mac) {
            Some(FdbEntry::Local { .. }) => return Learning::NotLearned,
            Some(FdbEntry::Learned { port, seen }) if now - *seen < self.ageing => Some(*port),
            _ => None,
        };
        self.fdb.insert(mac, FdbEntry::Learned { port, seen: now });
        match before {
            None => Learning::New,
            Some(from) if from != port => Learning::Moved { from },
            Some(_) => Learning::Refreshed,
        }
    }

    pub fn lookup(&self, mac: Mac, now: Time) -> FdbLookup {
        if mac.is_group() {
            return FdbLookup::Group;
        }
        match self.fdb.get(&mac) {
            Some(FdbEntry::Local { .. }) => FdbLookup::Local,
            Some(FdbEntry::Learned { port, seen }) if now - *seen < self.ageing => FdbLookup::Port(*port),
            Some(FdbEntry::Learned { .. }) => FdbLookup::Unknown { aged_out: true },
            None => FdbLookup::Unknown { aged_out: false },
        }
    }

    pub fn add_local(&mut self, mac: Mac, port: IfIndex) {
        self.fdb.insert(mac, FdbEntry::Local { port });
    }

    /// Forgets all that was learned or set for a port that is gone.
    pub fn remove_port(&mut self, port: IfIndex) {
        self.fdb.retain(|_, entry| entry.port() != port);
    }

    /// Forgets what was learned (`ip link set cbr0 type bridge fdb_flush`).
    pub fn flush(&mut self) {
        self.fdb.retain(|_, entry| matches!(entry, FdbEntry::Local { .. }));
    }

    /// Forgets what was learned behind one port, as happens when its link goes down.
    pub fn flush_port(&mut self, port: IfIndex) {
        self.fdb.retain(|_, entry| entry.port() != port || matches!(entry, FdbEntry::Local { .. }));
    }

    /// Rows that have not aged out at `now`, in order of address: what `brctl showmacs` prints.
    pub fn rows(&self, now: Time) -> impl Iterator<Item = (Mac, FdbEntry)> {
        let ageing = self.ageing;
        self.fdb.iter().map(|(mac, entry)| (*mac, *entry)).filter(move |(_, entry)| match entry {
            FdbEntry::Local { .. } => true,
            FdbEntry::Learned { seen, .. } => now - *seen < ageing,
        })
    }
}
