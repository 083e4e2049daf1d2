//! An Azure NIC with its IP configurations and the flows that its network security groups let through.

use crate::sim::addr::Mac;
use crate::sim::ids::{HostId, IfIndex, NicId, NsgId, SubnetId};
use crate::sim::ordered::Ordered;
use crate::sim::packet::Tuple;
use crate::sim::time::{Span, Time};
use rpds::Queue;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// Idle time after which a flow is forgotten: four minutes, Azure's standard for its flow state.
/// Source: MicrosoftDocs/azure-docs, load-balancer-tcp-reset.md (idle timeout of 4 minutes).
pub const FLOW_IDLE: Span = Span::secs(240);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nic {
    pub name: Rc<str>,
    pub host: HostId,
    pub dev: IfIndex,
    pub mac: Mac,
    pub subnet: SubnetId,
    pub configs: Rc<Vec<IpConfig>>,
    /// Whether packets may pass whose address is not the NIC's own.
    pub ip_forwarding: bool,
    pub nsg: Option<NsgId>,
    pub flows: FlowTable,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IpConfig {
    pub name: Rc<str>,
    pub address: Ipv4Addr,
    pub primary: bool,
}

impl Nic {
    /// Source address check: the NIC's own addresses, or any when IP forwarding is on.
    pub fn owns(&self, address: Ipv4Addr) -> bool {
        self.configs.iter().any(|c| c.address == address)
    }

    pub fn primary(&self) -> Option<Ipv4Addr> {
        self.configs.iter().find(|c| c.primary).map(|c| c.address)
    }
}

/// Flows that were allowed at one NIC, by the tuple of their first packet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlowTable {
    flows: Ordered<Tuple, FlowEntry>,
    /// The order in which entries are looked at for expiry.
    rounds: Queue<Tuple>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FlowEntry {
    pub outbound: bool,
    pub since: Time,
    pub last: Time,
}

impl FlowTable {
    /// The live flow that a packet belongs to, in either direction.
    pub fn find(&self, tuple: Tuple, now: Time) -> Option<(Tuple, FlowEntry)> {
        [tuple, tuple.reversed()]
            .into_iter()
            .find_map(|t| self.flows.get(&t).filter(|f| f.is_live(now)).map(|f| (t, *f)))
    }

    /// Notes one more packet of a flow.
    pub fn touch(&mut self, tuple: Tuple, now: Time) {
        if let Some(entry) = self.flows.get_mut(&tuple) {
            entry.last = now;
        }
    }

    pub fn open(&mut self, tuple: Tuple, outbound: bool, now: Time) {
        self.expire(now);
        if self.flows.get(&tuple).is_none() {
            self.rounds.enqueue_mut(tuple);
        }
        self.flows.insert(tuple, FlowEntry { outbound, since: now, last: now });
    }

    /// Looks at a few entries in turn and takes out those that are idle too long.
    fn expire(&mut self, now: Time) {
        const LOOKED_AT: usize = 3;
        for _ in 0..LOOKED_AT {
            let Some(tuple) = self.rounds.peek().copied() else { return };
            self.rounds.dequeue_mut();
            if self.flows.get(&tuple).is_some_and(|f| f.is_live(now)) {
                self.rounds.enqueue_mut(tuple);
            } else {
                self.flows.remove(&tuple);
            }
        }
    }

    /// Live flows in order of tuple.
    pub fn iter(&self, now: Time) -> impl Iterator<Item = (Tuple, FlowEntry)> {
        self.flows.iter().filter(move |(_, f)| f.is_live(now)).map(|(t, f)| (*t, *f))
    }
}

impl FlowEntry {
    fn is_live(&self, now: Time) -> bool {
        now - self.last < FLOW_IDLE
    }
}

/// Who holds an address of a subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressOwner {
    Nic(NicId),
}
