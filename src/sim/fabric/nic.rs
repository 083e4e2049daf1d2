//! An Azure NIC with its IP configurations and the flows that its network security groups let through.

use crate::sim::addr::Mac;
use crate::sim::ids::{HostId, IfIndex, NicId, NsgId, SubnetId};
use crate::sim::packet::Tuple;
use crate::sim::sorted::Sorted;
use crate::sim::time::{Span, Time};
use std::net::Ipv4Addr;
use std::rc::Rc;

/// Idle time after which a flow is forgotten: four minutes, Azure's standard for its flow state.
/// Source: MicrosoftDocs/azure-docs, load-balancer-tcp-reset.md (idle timeout of 4 minutes).
pub const FLOW_IDLE: Span = Span::secs(240);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FlowTable(Sorted<Tuple, FlowEntry>);

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
            .find_map(|t| self.0.get(&t).filter(|f| now - f.last < FLOW_IDLE).map(|f| (t, *f)))
    }

    /// Notes one more packet of a flow.
    pub fn touch(&mut self, tuple: Tuple, now: Time) {
        if let Some(entry) = self.0.get_mut(&tuple) {
            entry.last = now;
        }
    }

    pub fn open(&mut self, tuple: Tuple, outbound: bool, now: Time) {
        self.0.retain(|_, f| now - f.last < FLOW_IDLE);
        self.0.insert(tuple, FlowEntry { outbound, since: now, last: now });
    }

    /// Live flows in order of tuple.
    pub fn iter(&self, now: Time) -> impl Iterator<Item = (Tuple, FlowEntry)> {
        self.0.iter().filter(move |(_, f)| now - f.last < FLOW_IDLE).map(|(t, f)| (*t, *f))
    }
}

/// Who holds an address of a subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressOwner {
    Nic(NicId),
}
