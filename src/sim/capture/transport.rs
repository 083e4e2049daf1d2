//! UDP datagrams and TCP segments.

use super::{checksum, put};
use crate::sim::packet::{Protocol, TcpFlags};
use std::net::Ipv4Addr;

const UDP_HEADER_BYTES: u16 = 8;
/// Five words of TCP header, in the upper half of its byte. Simplified: Linux sends options with a SYN.
const TCP_DATA_OFFSET: u8 = 5 << 4;
/// Receive window that Linux offers first at an MTU of 1500. Source: Linux `net/ipv4/tcp_output.c`
/// (`tcp_select_initial_window`).
const TCP_WINDOW: u16 = 64_240;

type End = (Ipv4Addr, u16);

/// A datagram of zeros: what a program sends is not simulated. Source: RFC 768.
pub(super) fn udp(from: End, to: End, len: u16) -> Vec<u8> {
    let mut out = ports(from, to);
    out.extend_from_slice(&len.saturating_add(UDP_HEADER_BYTES).to_be_bytes());
    out.resize(usize::from(UDP_HEADER_BYTES) + usize::from(len), 0);
    let sum = match transport_checksum(from, to, Protocol::Udp, &out) {
        // Zero would say that there is no checksum.
        0 => u16::MAX,
        sum => sum,
    };
    put(&mut out, 6, sum);
    out
}

/// A segment without data. Source: RFC 9293.
pub(super) fn tcp(from: End, to: End, flags: TcpFlags, seq: u32, ack: u32) -> Vec<u8> {
    let mut out = ports(from, to);
    out.extend_from_slice(&seq.to_be_bytes());
    out.extend_from_slice(&ack.to_be_bytes());
    out.extend_from_slice(&[TCP_DATA_OFFSET, flag_bits(flags)]);
    out.extend_from_slice(&tcp_window(flags).to_be_bytes());
    // Checksum and urgent pointer.
    out.extend_from_slice(&[0; 4]);
    let sum = transport_checksum(from, to, Protocol::Tcp, &out);
    put(&mut out, 16, sum);
    out
}

fn ports((_, src): End, (_, dst): End) -> Vec<u8> {
    [src.to_be_bytes(), dst.to_be_bytes()].concat()
}

const fn flag_bits(flags: TcpFlags) -> u8 {
    const SYN: u8 = 0x02;
    const RST: u8 = 0x04;
    const ACK: u8 = 0x10;
    match flags {
        TcpFlags::Syn => SYN,
        TcpFlags::SynAck => SYN | ACK,
        TcpFlags::Ack => ACK,
        TcpFlags::Rst => RST,
        TcpFlags::RstAck => RST | ACK,
    }
}

/// Receive window that a segment offers, in bytes; a reset offers none.
pub const fn tcp_window(flags: TcpFlags) -> u16 {
    match flags {
        TcpFlags::Rst | TcpFlags::RstAck => 0,
        TcpFlags::Syn | TcpFlags::SynAck | TcpFlags::Ack => TCP_WINDOW,
    }
}

/// The checksum over the pseudo header and the segment.
fn transport_checksum((src, _): End, (dst, _): End, protocol: Protocol, segment: &[u8]) -> u16 {
    let len = u16::try_from(segment.len()).unwrap_or(u16::MAX).to_be_bytes();
    checksum(&[&src.octets(), &dst.octets(), &[0, protocol.number()], &len, segment])
}
