//! Azure's network between the NICs: source check, the choice of the next hop, and delivery. It answers every ARP, carries no broadcast and leaves the TTL alone.
//! Source: MicrosoftDocs/azure-docs virtual-networks-faq.md, virtual-networks-udr-overview.md,
//! network-security-group-how-it-works.md; USENIX NSDI 2017, "VFP: A Virtual Switch Platform for Host SDN".

use super::Engine;
use super::arp::end_of_request;
use super::queue::Event;
use super::transmit::{FABRIC_DELAY, NIC_DELAY};
use crate::sim::addr::Mac;
use crate::sim::fabric::next_hop::NextHop;
use crate::sim::fabric::nic::{FlowHop, Nic};
use crate::sim::fabric::nsg::{Direction, is_platform};
use crate::sim::ids::{InterfaceId, NicId, SubnetId, VnetId};
use crate::sim::ipam::subnet_pool::{Reserved, Slot};
use crate::sim::packet::{Arp, ArpOp, Body, Frame, Packet, Protocol};
use crate::sim::record::Cause;
use crate::sim::record::decision::{ArpAnswer, ArpSilence, Decision, DropReason, Exit, Link, Origin};
use std::net::Ipv4Addr;
use std::rc::Rc;

impl Engine {
    /// Simplified: a frame for another hardware address than the network's own, such as a bridge floods, is dropped;
    /// what Azure does with it is not published.
    pub(super) fn frame_enters_fabric(&mut self, nic: NicId, frame: &Frame) {
        if !frame.dst.is_group() && frame.dst != Mac::AZURE {
            return self.drop_at_port(nic, frame, DropReason::NotForMe);
        }
        match &frame.body {
            Body::Arp(arp) => self.fabric_arp(nic, frame, arp),
            Body::Ip(packet) => self.fabric_outbound(nic, frame, packet),
        }
    }

    fn drop_at_port(&mut self, nic: NicId, frame: &Frame, reason: DropReason) {
        self.note_port(nic, frame, || Decision::Drop(reason));
    }

    fn fabric_arp(&mut self, nic: NicId, frame: &Frame, arp: &Arp) {
        let own = self.world.nics.get(nic).and_then(Nic::primary);
        let answer = match arp.op {
            ArpOp::Reply => ArpAnswer::Silent(ArpSilence::NotMine),
            ArpOp::Request if arp.is_gratuitous() => ArpAnswer::Silent(ArpSilence::Announcement),
            ArpOp::Request if Some(arp.target_ip) == own => ArpAnswer::Silent(ArpSilence::AskersOwn),
            ArpOp::Request => ArpAnswer::Fabric { mac: Mac::AZURE },
        };
        self.note_port(nic, frame, || Decision::ArpAnswer(answer.clone()));
        self.note_port(nic, frame, || end_of_request(&answer));
        if !matches!(answer, ArpAnswer::Fabric { .. }) {
            return;
        }
        let lineage = self.new_lineage(Cause::AnswerTo(frame.lineage));
        let id = self.new_frame(lineage, None);
        let reply = Arp {
            op: ArpOp::Reply,
            sender_mac: Mac::AZURE,
            sender_ip: arp.target_ip,
            target_mac: arp.sender_mac,
            target_ip: arp.sender_ip,
        };
        let reply = Frame { id, lineage, src: Mac::AZURE, dst: arp.sender_mac, body: Body::Arp(reply) };
        self.note_port(nic, &reply, || Decision::Originate(Origin::ArpReply { dev: crate::sim::ids::IfIndex(0) }));
        self.hand_to_guest(nic, &reply.clone(), reply);
    }

    fn fabric_outbound(&mut self, nic_id: NicId, frame: &Frame, packet: &Packet) {
        let Some(nic) = self.world.nics.get(nic_id) else { return };
        let (own, ip_forwarding) = (nic.owns(packet.src), nic.ip_forwarding);
        let subnet = nic.container(packet.src).subnet;
        if frame.src != nic.mac {
            return self.drop_at_port(nic_id, frame, DropReason::SourceMacNotOwned);
        }
        if packet.dst.is_broadcast() || packet.dst.is_multicast() {
            return self.drop_at_port(nic_id, frame, DropReason::NoBroadcast);
        }
        if let Some(hop) = self.known_flow(nic_id, frame, packet, Direction::Outbound).and_then(|known| known.hop) {
            return self.after(FABRIC_DELAY, Event::FrameReachesPort { nic: hop.nic, frame: frame.clone() });
        }
        self.note_port(nic_id, frame, || Decision::SourceCheck { nic: nic_id, own, ip_forwarding });
        if !own && !ip_forwarding {
            return self.drop_at_port(nic_id, frame, DropReason::SourceNotOwned);
        }
        if !self.port_allows(nic_id, frame, packet, Direction::Outbound) {
            return self.drop_at_port(nic_id, frame, DropReason::NsgDenied);
        }
        match self.pick_next_hop(nic_id, subnet, frame, packet) {
            Ok(hop) => {
                self.remember_flow(nic_id, packet, Direction::Outbound, Some(hop));
                self.after(FABRIC_DELAY, Event::FrameReachesPort { nic: hop.nic, frame: frame.clone() });
            }
            Err(reason) => self.drop_at_port(nic_id, frame, reason),
        }
    }

    /// Chooses the effective route and finds the NIC behind its next hop. An exit from Azure is noted and ends as an
    /// error only where it drops.
    fn pick_next_hop(
        &mut self,
        nic: NicId,
        subnet: SubnetId,
        frame: &Frame,
        packet: &Packet,
    ) -> Result<FlowHop, DropReason> {
        if is_platform(packet.dst) {
            // The host itself, whatever the routes say.
            self.note_port(nic, frame, || Decision::LeavesAzure { via: Exit::Platform });
            return Err(DropReason::OutsideSimulation);
        }
        let choice = self.world.effective_routes(subnet).map(|routes| routes.select(packet.dst));
        let choice = Rc::new(choice.ok_or(DropReason::NoEffectiveRoute)?);
        self.note_port(nic, frame, || Decision::EffectiveRoute { subnet, choice: Rc::clone(&choice) });
        let vnet = self.world.subnets.get(subnet).map(|s| s.vnet).ok_or(DropReason::NoEffectiveRoute)?;
        let hop = choice.won.as_ref().map(|route| route.next_hop).ok_or(DropReason::NoEffectiveRoute)?;
        match hop {
            NextHop::VnetLocal | NextHop::VnetPeering => self.deliver_to(nic, vnet, frame, packet.dst, false),
            NextHop::VirtualAppliance(address) => {
                self.deliver_to(nic, vnet, frame, address, !self.owned_by(vnet, address, packet.dst))
            }
            NextHop::Internet => Err(self.leave(nic, frame, packet)),
            NextHop::VirtualNetworkGateway(_) => Err(DropReason::NoGateway),
            NextHop::None => Err(DropReason::RouteNone),
        }
    }

    fn owned_by(&self, vnet: VnetId, address: Ipv4Addr, dst: Ipv4Addr) -> bool {
        self.world.nic_at(vnet, address).and_then(|id| self.world.nics.get(id)).is_some_and(|nic| nic.owns(dst))
    }

    /// The NIC that holds an address. One that is to pass on what is not its own must have IP forwarding on.
    fn deliver_to(
        &mut self,
        from: NicId,
        vnet: VnetId,
        frame: &Frame,
        address: Ipv4Addr,
        appliance: bool,
    ) -> Result<FlowHop, DropReason> {
        let nic = self.world.nic_at(vnet, address).ok_or_else(|| self.why_nobody(vnet, address))?;
        let ip_forwarding = self.world.nics.get(nic).is_some_and(|n| n.ip_forwarding);
        self.note_port(from, frame, || Decision::NextHop { address, nic, appliance, ip_forwarding });
        if appliance && !ip_forwarding {
            Err(DropReason::ApplianceNotForwarding)
        } else {
            Ok(FlowHop { address, nic, appliance })
        }
    }

    fn why_nobody(&self, vnet: VnetId, address: Ipv4Addr) -> DropReason {
        let is_gateway = self
            .world
            .subnets
            .values()
            .filter(|s| s.vnet == vnet)
            .any(|s| matches!(s.pool.slot(address), Slot::Reserved(Reserved::Gateway)));
        if is_gateway { DropReason::GatewayIsNoHost } else { DropReason::NoSuchAddress }
    }

    /// The packet leaves the virtual network. Simplified: a load balancer translates the source of TCP and UDP, and
    /// what answers outside is not simulated.
    fn leave(&mut self, nic: NicId, frame: &Frame, packet: &Packet) -> DropReason {
        self.note_port(nic, frame, || Decision::LeavesAzure { via: Exit::Internet });
        match packet.protocol() {
            Protocol::Icmp => DropReason::IcmpNotTranslated,
            _ => DropReason::OutsideSimulation,
        }
    }

    pub(super) fn frame_reaches_port(&mut self, nic_id: NicId, frame: &Frame) {
        let Body::Ip(packet) = &frame.body else { return };
        let Some(nic) = self.world.nics.get(nic_id) else {
            return self.drop_at_port(nic_id, frame, DropReason::NoSuchAddress);
        };
        let mac = nic.mac;
        if self.known_flow(nic_id, frame, packet, Direction::Inbound).is_none() {
            if !self.port_allows(nic_id, frame, packet, Direction::Inbound) {
                return self.drop_at_port(nic_id, frame, DropReason::NsgDenied);
            }
            self.remember_flow(nic_id, packet, Direction::Inbound, None);
        }
        let delivered = Frame { src: Mac::AZURE, dst: mac, ..frame.clone() };
        self.hand_to_guest(nic_id, frame, delivered);
    }

    fn hand_to_guest(&mut self, nic: NicId, before: &Frame, frame: Frame) {
        let Some(to) = self.world.nics.get(nic).map(|n| InterfaceId { host: n.host, index: n.dev }) else { return };
        self.note_port_change(nic, before, &frame, || Decision::Transmit { link: Link::Guest { to } });
        self.after(NIC_DELAY, Event::FrameArrives { at: to, frame });
    }
}
