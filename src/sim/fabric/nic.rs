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
    /// The subnet that the address is of. The virtual switch keeps the addresses of another subnet than the NIC's own
    /// as a network container of their own, with that subnet's rules and routes.
    /// Source: MicrosoftDocs/azure-aks-docs, articles/aks/configure-azure-cni-dynamic-ip-allocation.md; the article.
    pub subnet: SubnetId,
}

/// The rules and routes that count for an address of a NIC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Container {
    pub subnet: SubnetId,
    /// The NSG of the NIC. Simplified: it counts for the container of the NIC's own subnet alone.
    pub nic_nsg: Option<NsgId>,
}

impl Nic {
    /// Source address check: the NIC's own addresses, or any when IP forwarding is on.
    pub fn owns(&self, address: Ipv4Addr) -> bool {
        self.configs.iter().any(|c| c.address == address)
    }

    /// The network container of an address; what is not the NIC's own counts as its guest's.
    pub fn container(&self, address: Ipv4Addr) -> Container {
        let subnet = self.configs.iter().find(|c| c.address == address).map_or(self.subnet, |c| c.subnet);
        Container { subnet, nic_nsg: self.nsg.filter(|_| subnet == self.subnet) }
    }

    /// The subnets of its addresses, its own first.
    pub fn subnets(&self) -> Vec<SubnetId> {
        let mut subnets = vec![self.subnet];
        for config in self.configs.iter() {
            if !subnets.contains(&config.subnet) {
                subnets.push(config.subnet);
            }
        }
        subnets
    }

    pub fn primary(&self) -> Option<Ipv4Addr> {
        self.configs.iter().find(|c| c.primary).map(|c| c.address)
    }
}

/// Flows that were allowed at one NIC, by the tuple of their first packet: what the rules remember, and beside it what
/// all layers together decided (the unified flow table).
/// Source: USENIX NSDI 2017, "VFP: A Virtual Switch Platform for Host SDN in the Public Cloud".
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
    /// For packets out of the guest, and into it.
    pub unified: [Option<Unified>; 2],
}

/// What the layers of the port decided for one direction of a flow: later packets take it from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Unified {
    /// The packets that it is for.
    pub tuple: Tuple,
    /// The policy by which it was made: an entry of an older one is not used.
    pub generation: u32,
    pub since: Time,
    /// Packets that used it.
    pub packets: u32,
    /// Where packets out of the guest go; `None` for those into it.
    pub hop: Option<FlowHop>,
}

/// A next hop with the NIC behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FlowHop {
    pub address: Ipv4Addr,
    pub nic: NicId,
    /// Whether the NIC is to pass on what is not its own.
    pub appliance: bool,
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
        self.flows.insert(tuple, FlowEntry { outbound, since: now, last: now, unified: [None; 2] });
    }

    /// The unified entry for packets with exactly this tuple.
    pub fn unified(&self, outbound: bool, tuple: Tuple, now: Time) -> Option<Unified> {
        let (_, entry) = self.find(tuple, now)?;
        entry.unified[usize::from(!outbound)].filter(|unified| unified.tuple == tuple)
    }

    /// Writes the unified entry of a live flow, in the place of the one before.
    pub fn unify(&mut self, outbound: bool, unified: Unified, now: Time) {
        let Some((first, _)) = self.find(unified.tuple, now) else { return };
        if let Some(entry) = self.flows.get_mut(&first) {
            entry.last = now;
            entry.unified[usize::from(!outbound)] = Some(unified);
        }
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
