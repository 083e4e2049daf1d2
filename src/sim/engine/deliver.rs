//! A packet has reached the host it is for: the kernel or a program answers.
//! Source: Linux net/ipv4/icmp.c (`icmp_echo`), udp.c, `tcp_ipv4.c`; RFC 9293.

use super::Engine;
use super::skb::Skb;
use crate::sim::host::netfilter::Hook;
use crate::sim::host::socket::Attempt;
use crate::sim::packet::{DEFAULT_TTL, Icmp, Packet, Payload, Protocol, TcpFlags, Unreachable};
use crate::sim::record::Cause;
use crate::sim::record::decision::{Decision, Delivery, DropReason, Origin};

/// First sequence number of a listener. Simplified: fixed, a real one is random.
const LISTENER_SEQ: u32 = 1_000_000;

impl Engine {
    pub(super) fn deliver_local(&mut self, mut skb: Skb) {
        if !self.pass(&mut skb, Hook::Input, None) {
            return;
        }
        match skb.packet.payload.clone() {
            Payload::Icmp(icmp) => self.deliver_icmp(&skb, &icmp),
            Payload::Udp { src_port, dst_port, len } => self.deliver_udp(&skb, src_port, dst_port, len),
            Payload::Tcp { src_port, dst_port, flags, seq, .. } => {
                self.deliver_tcp(&skb, src_port, dst_port, flags, seq);
            }
        }
    }

    fn deliver_icmp(&mut self, skb: &Skb, icmp: &Icmp) {
        match *icmp {
            Icmp::EchoRequest { ident, seq, len } => {
                self.note_skb(skb, || Decision::Deliver(Delivery::Echo));
                self.answer(skb, Payload::Icmp(Icmp::EchoReply { ident, seq, len }));
            }
            Icmp::EchoReply { .. } => self.deliver_answer(skb),
            Icmp::TimeExceeded { .. } | Icmp::Unreachable { .. } => {
                self.note_skb(skb, || Decision::Deliver(Delivery::Error));
            }
        }
    }

    /// An answer goes to the program that waits for it, if there is one.
    fn attempt(&mut self, skb: &Skb) -> Option<Attempt> {
        let tuple = skb.packet.tuple()?;
        self.host_mut(skb.host)?.sockets.answered(tuple)
    }

    fn answers_attempt(&mut self, skb: &Skb) -> bool {
        self.attempt(skb).is_some()
    }

    fn deliver_answer(&mut self, skb: &Skb) {
        let protocol = skb.packet.protocol();
        if self.answers_attempt(skb) {
            self.note_skb(skb, || Decision::Deliver(Delivery::Answer { protocol }));
        } else {
            self.drop_skb(skb, DropReason::NobodyWaits);
        }
    }

    fn listens(&self, skb: &Skb, protocol: Protocol, port: u16) -> bool {
        self.host(skb.host).is_some_and(|h| h.sockets.listens(protocol, port))
    }

    fn deliver_udp(&mut self, skb: &Skb, src_port: u16, dst_port: u16, len: u16) {
        let protocol = Protocol::Udp;
        if self.listens(skb, protocol, dst_port) {
            self.note_skb(skb, || Decision::Deliver(Delivery::Listener { protocol, port: dst_port }));
            self.answer(skb, Payload::Udp { src_port: dst_port, dst_port: src_port, len });
        } else if self.answers_attempt(skb) {
            self.note_skb(skb, || Decision::Deliver(Delivery::Answer { protocol }));
        } else {
            self.note_skb(skb, || Decision::Deliver(Delivery::Closed { protocol, port: dst_port }));
            self.send_unreachable(skb, Unreachable::Port);
        }
    }

    fn deliver_tcp(&mut self, skb: &Skb, src_port: u16, dst_port: u16, flags: TcpFlags, seq: u32) {
        let protocol = Protocol::Tcp;
        let back = |flags, seq, ack| Payload::Tcp { src_port: dst_port, dst_port: src_port, flags, seq, ack };
        match flags {
            TcpFlags::Syn if self.listens(skb, protocol, dst_port) => {
                self.note_skb(skb, || Decision::Deliver(Delivery::Listener { protocol, port: dst_port }));
                self.answer(skb, back(TcpFlags::SynAck, LISTENER_SEQ, seq.wrapping_add(1)));
            }
            TcpFlags::Syn => {
                self.note_skb(skb, || Decision::Deliver(Delivery::Closed { protocol, port: dst_port }));
                self.answer(skb, back(TcpFlags::RstAck, 0, seq.wrapping_add(1)));
            }
            TcpFlags::SynAck => {
                if let Some(Attempt { ttl, .. }) = self.attempt(skb) {
                    self.note_skb(skb, || Decision::Deliver(Delivery::Answer { protocol }));
                    self.answer_with(skb, back(TcpFlags::Ack, 1, seq.wrapping_add(1)), ttl);
                } else {
                    self.note_skb(skb, || Decision::Deliver(Delivery::Closed { protocol, port: dst_port }));
                    self.answer(skb, back(TcpFlags::Rst, 1, 0));
                }
            }
            TcpFlags::Rst | TcpFlags::RstAck if self.answers_attempt(skb) => {
                self.note_skb(skb, || Decision::Deliver(Delivery::Answer { protocol }));
            }
            TcpFlags::Rst | TcpFlags::RstAck | TcpFlags::Ack => {
                self.note_skb(skb, || Decision::Deliver(Delivery::Segment));
            }
        }
    }

    /// Sends a packet back to where one came from, from the address it was sent to.
    fn answer(&mut self, to: &Skb, payload: Payload) {
        self.answer_with(to, payload, DEFAULT_TTL);
    }

    fn answer_with(&mut self, to: &Skb, payload: Payload, ttl: u8) {
        let lineage = self.new_lineage(Cause::AnswerTo(to.lineage));
        let frame = self.new_frame(lineage, None);
        let mut packet = Packet::new(to.packet.dst, to.packet.src, payload);
        packet.ttl = ttl;
        packet.ident = self.host_mut(to.host).map_or(0, crate::sim::host::Host::take_ident);
        // Sockets discover the path MTU by themselves; the kernel's own echo replies do not.
        packet.dont_fragment = packet.protocol() != Protocol::Icmp;
        self.send_local(Skb::local(to.host, frame, lineage, packet), Origin::Answer);
    }
}
