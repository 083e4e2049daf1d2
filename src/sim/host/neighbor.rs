//! The neighbour (ARP) table of a host: states, queue and timers as in Linux.
//! Source: Linux net/core/neighbour.c, net/ipv4/arp.c.

use crate::sim::addr::Mac;
use crate::sim::ids::IfIndex;
use crate::sim::packet::Frame;
use crate::sim::sorted::Sorted;
use crate::sim::time::{Span, Time};
use std::net::Ipv4Addr;

/// Time between two requests (`retrans_time_ms`).
pub const RETRANSMIT: Span = Span::secs(1);
/// Requests before an entry fails (`mcast_solicit`, `ucast_solicit`).
pub const MAX_PROBES: u8 = 3;
/// How long a used stale entry waits before it is probed (`delay_first_probe_time`).
pub const DELAY_FIRST_PROBE: Span = Span::secs(5);
/// How long an entry keeps its address against another answer (`locktime`): of several, the first counts.
pub const LOCK_TIME: Span = Span::secs(1);
/// Bounds of the random time for which an answer is trusted: half to one and a half times `base_reachable_time`.
pub const REACHABLE_MS: (u64, u64) = (15_000, 45_000);

/// Neighbours by interface and address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Neighbors {
    entries: Sorted<(IfIndex, Ipv4Addr), Neighbor>,
    /// The generation that was given last: an entry that is made anew must not meet the timers of the one before it.
    generation: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Neighbor {
    pub state: NeighborState,
    pub mac: Option<Mac>,
    /// When the state was entered.
    pub since: Time,
    /// Requests sent without an answer.
    pub probes: u8,
    /// Packets that wait for the address, as frames without a destination.
    pub queue: Vec<Frame>,
    /// Changes with every change of state, so that a timer set before the last one does nothing.
    pub generation: u32,
}

/// As `ip neigh` names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NeighborState {
    Incomplete,
    Reachable { until: Time },
    Stale,
    Delay,
    Probe,
    Failed,
    Permanent,
}

impl NeighborState {
    /// As `ip neigh` prints it.
    pub const fn code(self) -> &'static str {
        match self {
            NeighborState::Incomplete => "INCOMPLETE",
            NeighborState::Reachable { .. } => "REACHABLE",
            NeighborState::Stale => "STALE",
            NeighborState::Delay => "DELAY",
            NeighborState::Probe => "PROBE",
            NeighborState::Failed => "FAILED",
            NeighborState::Permanent => "PERMANENT",
        }
    }
}

/// What the table says when a packet is to be sent to a neighbour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resolution {
    /// The address is known; `check_later` when the entry was stale and is to be probed after a delay.
    Known { mac: Mac, state: NeighborState, check_later: bool },
    /// Nothing is known: a request must be sent, the packet waits.
    Ask,
    /// A request is out already, the packet waits.
    Wait,
}

impl Neighbor {
    fn enter(&mut self, state: NeighborState, now: Time, generation: u32) {
        self.state = state;
        self.since = now;
        self.probes = 0;
        self.generation = generation;
    }

    /// Whether it is fixed, or another address comes too soon after its own.
    pub fn is_kept_from(&self, mac: Mac, now: Time) -> bool {
        let soon = self.mac.is_some_and(|known| known != mac) && now - self.since <= LOCK_TIME;
        soon || self.state == NeighborState::Permanent
    }

    /// The state at `now`: a reachable entry turns stale by itself.
    pub fn state_at(&self, now: Time) -> NeighborState {
        match self.state {
            NeighborState::Reachable { until } if until <= now => NeighborState::Stale,
            state => state,
        }
    }
}

impl Neighbors {
    pub fn get(&self, dev: IfIndex, ip: Ipv4Addr) -> Option<&Neighbor> {
        self.entries.get(&(dev, ip))
    }

    pub fn iter(&self) -> impl Iterator<Item = (IfIndex, Ipv4Addr, &Neighbor)> {
        self.entries.iter().map(|((dev, ip), n)| (*dev, *ip, n))
    }

    fn next_generation(&mut self) -> u32 {
        self.generation = self.generation.wrapping_add(1);
        self.generation
    }

    /// Writes a new entry, in the place of the one before.
    fn make(&mut self, dev: IfIndex, ip: Ipv4Addr, state: NeighborState, mac: Option<Mac>, now: Time) -> u32 {
        let generation = self.next_generation();
        let entry = Neighbor { state, mac, since: now, probes: 0, queue: Vec::new(), generation };
        self.entries.insert((dev, ip), entry);
        generation
    }

    /// Looks an address up for sending, and moves the entry as using it does.
    pub fn resolve(&mut self, dev: IfIndex, ip: Ipv4Addr, now: Time) -> Resolution {
        let Some(entry) = self.entries.get(&(dev, ip)) else {
            self.make(dev, ip, NeighborState::Incomplete, None, now);
            return Resolution::Ask;
        };
        let state = entry.state_at(now);
        match (state, entry.mac) {
            (NeighborState::Incomplete, _) => Resolution::Wait,
            (NeighborState::Stale, Some(mac)) => {
                self.enter(dev, ip, NeighborState::Delay, now);
                Resolution::Known { mac, state, check_later: true }
            }
            (NeighborState::Failed, _) | (_, None) => {
                self.enter(dev, ip, NeighborState::Incomplete, now);
                Resolution::Ask
            }
            (_, Some(mac)) => Resolution::Known { mac, state, check_later: false },
        }
    }

    fn enter(&mut self, dev: IfIndex, ip: Ipv4Addr, state: NeighborState, now: Time) {
        let generation = self.next_generation();
        if let Some(entry) = self.entries.get_mut(&(dev, ip)) {
            entry.enter(state, now, generation);
        }
    }

    pub fn enqueue(&mut self, dev: IfIndex, ip: Ipv4Addr, frame: Frame) {
        if let Some(entry) = self.entries.get_mut(&(dev, ip)) {
            entry.queue.push(frame);
        }
    }

    /// An answer to a request of this host: the entry is reachable. Returns the packets that waited.
    /// Simplified: also one that came by broadcast, after which Linux leaves the entry stale.
    pub fn confirm(&mut self, dev: IfIndex, ip: Ipv4Addr, mac: Mac, now: Time, trusted_for: Span) -> Vec<Frame> {
        let generation = self.next_generation();
        let Some(entry) = self.entries.get_mut(&(dev, ip)) else {
            return Vec::new();
        };
        if entry.is_kept_from(mac, now) {
            return Vec::new();
        }
        entry.mac = Some(mac);
        entry.enter(NeighborState::Reachable { until: now + trusted_for }, now, generation);
        std::mem::take(&mut entry.queue)
    }

    /// A request from a neighbour, or an announcement: what it says of its sender is noted but not yet trusted.
    /// `create` makes an entry where there is none. Returns the packets that waited.
    pub fn observe(&mut self, dev: IfIndex, ip: Ipv4Addr, mac: Mac, now: Time, create: bool) -> Vec<Frame> {
        let Some(entry) = self.entries.get(&(dev, ip)) else {
            if create {
                self.make(dev, ip, NeighborState::Stale, Some(mac), now);
            }
            return Vec::new();
        };
        let unchanged = entry.mac == Some(mac) && entry.state != NeighborState::Failed;
        if entry.state == NeighborState::Permanent || unchanged {
            return Vec::new();
        }
        let generation = self.next_generation();
        let Some(entry) = self.entries.get_mut(&(dev, ip)) else {
            return Vec::new();
        };
        entry.mac = Some(mac);
        entry.enter(NeighborState::Stale, now, generation);
        std::mem::take(&mut entry.queue)
    }

    /// A fixed entry (`ip neigh replace ... nud permanent`).
    pub fn set_permanent(&mut self, dev: IfIndex, ip: Ipv4Addr, mac: Mac, now: Time) {
        self.make(dev, ip, NeighborState::Permanent, Some(mac), now);
    }

    /// An entry that is to be confirmed by asking the address itself (`ip neigh replace ... nud probe`). Returns the
    /// generation to set its timer with.
    pub fn set_probe(&mut self, dev: IfIndex, ip: Ipv4Addr, mac: Mac, now: Time) -> u32 {
        self.make(dev, ip, NeighborState::Probe, Some(mac), now)
    }

    /// What a timer that was set at `generation` finds to do.
    pub fn timer(&mut self, dev: IfIndex, ip: Ipv4Addr, generation: u32, now: Time) -> TimerOutcome {
        let next = self.next_generation();
        let Some(entry) = self.entries.get_mut(&(dev, ip)).filter(|e| e.generation == generation) else {
            return TimerOutcome::Nothing;
        };
        match entry.state {
            NeighborState::Delay => {
                entry.enter(NeighborState::Probe, now, next);
                entry.probes = 1;
                entry.mac.map_or(TimerOutcome::Nothing, TimerOutcome::Probe)
            }
            NeighborState::Incomplete | NeighborState::Probe if entry.probes >= MAX_PROBES => {
                entry.enter(NeighborState::Failed, now, next);
                entry.mac = None;
                TimerOutcome::Failed(std::mem::take(&mut entry.queue))
            }
            NeighborState::Incomplete => {
                entry.probes += 1;
                TimerOutcome::Ask
            }
            NeighborState::Probe => {
                entry.probes += 1;
                entry.mac.map_or(TimerOutcome::Nothing, TimerOutcome::Probe)
            }
            _ => TimerOutcome::Nothing,
        }
    }

    /// Counts the first request of an incomplete entry; returns the generation to set the timer with.
    pub fn asked(&mut self, dev: IfIndex, ip: Ipv4Addr) -> u32 {
        self.entries.get_mut(&(dev, ip)).map_or(0, |entry| {
            entry.probes = 1;
            entry.generation
        })
    }

    pub fn generation(&self, dev: IfIndex, ip: Ipv4Addr) -> u32 {
        self.entries.get(&(dev, ip)).map_or(0, |entry| entry.generation)
    }

    /// Forgets all but fixed entries (`ip neigh flush all`).
    pub fn flush(&mut self) {
        self.entries.retain(|_, n| n.state == NeighborState::Permanent);
    }

    /// Forgets all but fixed entries of one interface.
    pub fn flush_dev(&mut self, dev: IfIndex) {
        self.entries.retain(|(d, _), n| *d != dev || n.state == NeighborState::Permanent);
    }

    pub fn remove(&mut self, dev: IfIndex, ip: Ipv4Addr) -> bool {
        self.entries.remove(&(dev, ip)).is_some()
    }

    /// Forgets the neighbours of an interface that is gone.
    pub fn remove_dev(&mut self, dev: IfIndex) {
        self.entries.retain(|(d, _), _| *d != dev);
    }
}

/// What to do when a timer of an entry fires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimerOutcome {
    /// The entry has changed since: nothing.
    Nothing,
    /// Ask again by broadcast.
    Ask,
    /// Ask the known address directly.
    Probe(Mac),
    /// Nobody answered: these packets cannot be delivered.
    Failed(Vec<Frame>),
}
