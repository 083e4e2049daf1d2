//! The port of a NIC in Azure's virtual switch (VFP). The first packet of a flow walks the layers, out of the guest in
//! their order and into it in the reverse: the rules (ACL), address translation, the virtual network's routes. What they
//! decide is kept as one entry for the packets that follow, and dropped when the policy changes.
//! Source: USENIX NSDI 2017, "VFP: A Virtual Switch Platform for Host SDN in the Public Cloud"; MicrosoftDocs/azure-docs
//! network-security-group-how-it-works.md.

use super::Engine;
use crate::sim::fabric::effective_routes::EffectiveRoutes;
use crate::sim::fabric::nic::{Container, FlowHop, Unified};
use crate::sim::fabric::nsg::{Direction, Tags};
use crate::sim::host::conntrack::begins_flow;
use crate::sim::ids::{NicId, NsgId};
use crate::sim::packet::{Frame, Packet, Protocol, Tuple};
use crate::sim::record::decision::{Decision, NsgOutcome, NsgScope, NsgStep};
use std::rc::Rc;

impl Engine {
    /// The entry by which a packet passes without a walk through the layers.
    pub(super) fn known_flow(
        &mut self,
        nic_id: NicId,
        frame: &Frame,
        packet: &Packet,
        direction: Direction,
    ) -> Option<Unified> {
        let (now, generation) = (self.world.now, self.world.policy_generation);
        let outbound = direction == Direction::Outbound;
        let nic = self.world.nics.get(nic_id)?;
        let mut entry = nic.flows.unified(outbound, packet.tuple()?, now)?;
        let usable = entry.generation == generation && self.still_there(nic_id, entry.hop);
        self.note_port(nic_id, frame, || Decision::UnifiedFlow { outbound, entry, usable });
        if !usable {
            return None;
        }
        entry.packets = entry.packets.saturating_add(1);
        self.world.nics.get_mut(nic_id)?.flows.unify(outbound, entry, now);
        Some(entry)
    }

    /// Whether the address of a next hop is still behind the same NIC.
    fn still_there(&self, nic: NicId, hop: Option<FlowHop>) -> bool {
        let Some(hop) = hop else { return true };
        let subnet = self.world.nics.get(nic).and_then(|n| self.world.subnets.get(n.subnet));
        subnet.is_some_and(|s| self.world.nic_at(s.vnet, hop.address) == Some(hop.nic))
    }

    /// Keeps what the layers decided.
    pub(super) fn remember_flow(&mut self, nic: NicId, packet: &Packet, direction: Direction, hop: Option<FlowHop>) {
        let (now, generation) = (self.world.now, self.world.policy_generation);
        let (Some(tuple), Some(nic)) = (packet.tuple(), self.world.nics.get_mut(nic)) else { return };
        let entry = Unified { tuple, generation, since: now, packets: 0, hop };
        nic.flows.unify(direction == Direction::Outbound, entry, now);
    }

    /// The flow and the groups of a port, in order: outbound the NIC's before the subnet's, inbound the other way.
    pub(super) fn port_allows(&mut self, nic_id: NicId, frame: &Frame, packet: &Packet, direction: Direction) -> bool {
        let now = self.world.now;
        let Some(nic) = self.world.nics.get_mut(nic_id) else { return false };
        if let Some((first, _)) = nic.flows.find(flow_tuple(packet), now) {
            nic.flows.touch(first, now);
            self.note_nsg(nic_id, frame, direction, NsgScope::Nic(nic_id), NsgOutcome::KnownFlow { first });
            return true;
        }
        let inside = if direction == Direction::Outbound { packet.src } else { packet.dst };
        let Container { subnet, nic_nsg } = nic.container(inside);
        let subnet_nsg = self.world.subnets.get(subnet).and_then(|s| s.nsg);
        let Some(routes) = self.world.effective_routes(subnet) else { return false };
        let tuple = own_tuple(packet);
        let mut stages = [(NsgScope::Nic(nic_id), nic_nsg), (NsgScope::Subnet(subnet), subnet_nsg)];
        if direction == Direction::Inbound {
            stages.reverse();
        }
        for (scope, nsg) in stages {
            if !self.nsg_allows(nic_id, frame, direction, scope, nsg, &routes, tuple) {
                return false;
            }
        }
        // An answer without its question, and an error, open nothing.
        if packet.tuple().is_some()
            && begins_flow(packet)
            && let Some(nic) = self.world.nics.get_mut(nic_id)
        {
            nic.flows.open(tuple, direction == Direction::Outbound, now);
        }
        true
    }

    #[expect(clippy::too_many_arguments, reason = "the place, the packet and the group are one call's worth of facts")]
    fn nsg_allows(
        &mut self,
        nic: NicId,
        frame: &Frame,
        direction: Direction,
        scope: NsgScope,
        nsg: Option<NsgId>,
        routes: &EffectiveRoutes,
        tuple: Tuple,
    ) -> bool {
        let evaluated =
            nsg.and_then(|id| Some((id, self.world.nsgs.get(id)?.evaluate(direction, &tuple, Tags::of(routes)))));
        let allows = evaluated.as_ref().is_none_or(|(_, verdict)| verdict.allows());
        let outcome = evaluated.map_or(NsgOutcome::NoGroup, |(nsg, verdict)| NsgOutcome::Evaluated { nsg, verdict });
        self.note_nsg(nic, frame, direction, scope, outcome);
        allows
    }

    fn note_nsg(&mut self, nic: NicId, frame: &Frame, direction: Direction, scope: NsgScope, outcome: NsgOutcome) {
        let outbound = direction == Direction::Outbound;
        self.note_port(nic, frame, || Decision::Nsg(Rc::new(NsgStep { outbound, scope, outcome })));
    }
}

/// The tuple by which a flow is known. An ICMP error belongs to the flow that it quotes.
fn flow_tuple(packet: &Packet) -> Tuple {
    packet.quoted().map_or_else(|| own_tuple(packet), |quote| quote.tuple)
}

/// What the rules look at: the packet's own addresses, also of an error about a flow that is not known here.
fn own_tuple(packet: &Packet) -> Tuple {
    packet.tuple().unwrap_or(Tuple {
        protocol: Protocol::Icmp,
        src: packet.src,
        src_port: 0,
        dst: packet.dst,
        dst_port: 0,
    })
}
