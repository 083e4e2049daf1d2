//! IPv4 headers. Source: RFC 791.

use super::{checksum, icmp, put, transport};
use crate::sim::packet::{IP_HEADER_BYTES, Icmp, Packet, Payload, Protocol};
use std::net::Ipv4Addr;

/// Type of service of ordinary packets.
const ROUTINE: u8 = 0;
/// Type of service of ICMP errors: precedence "internetwork control". Source: Linux net/ipv4/icmp.c (`__icmp_send`).
const NETWORK_CONTROL: u8 = 0xc0;
const DONT_FRAGMENT: u16 = 0x4000;

/// What goes into a header.
pub(super) struct Header {
    pub(super) src: Ipv4Addr,
    pub(super) dst: Ipv4Addr,
    pub(super) protocol: Protocol,
    pub(super) ttl: u8,
    pub(super) ident: u16,
    pub(super) dont_fragment: bool,
    pub(super) tos: u8,
    /// Length of the whole packet in bytes.
    pub(super) total_len: u16,
}

impl Header {
    pub(super) fn bytes(&self) -> Vec<u8> {
        let flags = if self.dont_fragment { DONT_FRAGMENT } else { 0 };
        // Version 4, five words of header.
        let mut out = vec![0x45, self.tos];
        out.extend_from_slice(&self.total_len.to_be_bytes());
        out.extend_from_slice(&self.ident.to_be_bytes());
        out.extend_from_slice(&flags.to_be_bytes());
        out.extend_from_slice(&[self.ttl, self.protocol.number(), 0, 0]);
        out.extend_from_slice(&self.src.octets());
        out.extend_from_slice(&self.dst.octets());
        let sum = checksum(&[&out]);
        put(&mut out, 10, sum);
        out
    }
}

/// A whole packet.
pub(super) fn packet(packet: &Packet) -> Vec<u8> {
    let body = payload(packet);
    let is_error = packet.quoted().is_some();
    let header = Header {
        src: packet.src,
        dst: packet.dst,
        protocol: packet.protocol(),
        ttl: packet.ttl,
        ident: packet.ident,
        dont_fragment: packet.dont_fragment,
        tos: if is_error { NETWORK_CONTROL } else { ROUTINE },
        total_len: total_len(&body),
    };
    let mut out = header.bytes();
    out.extend_from_slice(&body);
    out
}

fn payload(packet: &Packet) -> Vec<u8> {
    match packet.payload {
        Payload::Icmp(Icmp::EchoRequest { ident, seq, len }) => icmp::echo(icmp::ECHO_REQUEST, ident, seq, len),
        Payload::Icmp(Icmp::EchoReply { ident, seq, len }) => icmp::echo(icmp::ECHO_REPLY, ident, seq, len),
        Payload::Icmp(Icmp::TimeExceeded { ref quote }) => icmp::time_exceeded(quote),
        Payload::Icmp(Icmp::Unreachable { code, ref quote }) => icmp::unreachable(code, quote),
        Payload::Udp { src_port, dst_port, len } => transport::udp((packet.src, src_port), (packet.dst, dst_port), len),
        Payload::Tcp { src_port, dst_port, flags, seq, ack } => {
            transport::tcp((packet.src, src_port), (packet.dst, dst_port), flags, seq, ack)
        }
    }
}

/// The longest packet is one whose length the field can hold.
fn total_len(body: &[u8]) -> u16 {
    u16::try_from(body.len()).unwrap_or(u16::MAX).saturating_add(IP_HEADER_BYTES)
}
