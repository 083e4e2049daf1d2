//! ICMP messages. Source: RFC 792.

use super::ip::Header;
use super::{checksum, put, transport};
use crate::sim::packet::{IP_HEADER_BYTES, Protocol, Quote, TcpFlags, Unreachable};

pub(super) const ECHO_REPLY: u8 = 0;
pub(super) const ECHO_REQUEST: u8 = 8;
const UNREACHABLE: u8 = 3;
const TIME_EXCEEDED: u8 = 11;

/// An error is at most this long with its IPv4 header. Source: RFC 1812, section 4.3.2.3.
const LONGEST_ERROR: usize = 576;
const ICMP_HEADER_BYTES: usize = 8;
/// A `struct timeval` of 64-bit Linux, in which `ping` keeps the time of sending.
const TIMESTAMP_BYTES: u16 = 16;

/// A message with its checksum; `rest` are the four bytes behind it.
fn message(kind: u8, code: u8, rest: [u8; 4], body: &[u8]) -> Vec<u8> {
    let mut out = vec![kind, code, 0, 0];
    out.extend_from_slice(&rest);
    out.extend_from_slice(body);
    let sum = checksum(&[&out]);
    put(&mut out, 2, sum);
    out
}

pub(super) fn echo(kind: u8, ident: u16, seq: u16, len: u16) -> Vec<u8> {
    let [a, b] = ident.to_be_bytes();
    let [c, d] = seq.to_be_bytes();
    message(kind, 0, [a, b, c, d], &ping_payload(len))
}

/// What iputils sends: every byte counts up from 0, with the time of sending over the first sixteen where they fit.
/// That time is zero here, since no real clock is read. Source: iputils `ping/ping_common.c`, ping/ping.c.
fn ping_payload(len: u16) -> Vec<u8> {
    let timed = len >= TIMESTAMP_BYTES;
    (0..len).map(|i| if timed && i < TIMESTAMP_BYTES { 0 } else { i.to_be_bytes()[1] }).collect()
}

pub(super) fn time_exceeded(quote: &Quote) -> Vec<u8> {
    message(TIME_EXCEEDED, 0, [0; 4], &quoted(quote))
}

pub(super) fn unreachable(code: Unreachable, quote: &Quote) -> Vec<u8> {
    let mtu = match code {
        Unreachable::FragmentationNeeded { mtu } => mtu,
        Unreachable::Net | Unreachable::Host | Unreachable::Port | Unreachable::Prohibited => 0,
    };
    let [high, low] = mtu.to_be_bytes();
    message(UNREACHABLE, code.code(), [0, 0, high, low], &quoted(quote))
}

/// The packet that an error speaks of, as much of it as there is room for.
fn quoted(quote: &Quote) -> Vec<u8> {
    let tuple = quote.tuple;
    let (from, to) = ((tuple.src, tuple.src_port), (tuple.dst, tuple.dst_port));
    let header = Header {
        src: tuple.src,
        dst: tuple.dst,
        protocol: tuple.protocol,
        ttl: quote.ttl,
        ident: quote.ident,
        dont_fragment: quote.dont_fragment,
        tos: 0,
        total_len: quote.total_len,
    };
    let mut out = header.bytes();
    out.extend_from_slice(&match tuple.protocol {
        Protocol::Icmp => {
            let kind = if quote.echo_reply { ECHO_REPLY } else { ECHO_REQUEST };
            echo(kind, tuple.src_port, quote.seq, quote.len)
        }
        Protocol::Udp => transport::udp(from, to, quote.len),
        // Only the first segment of an attempt meets an error.
        Protocol::Tcp => transport::tcp(from, to, TcpFlags::Syn, 0, 0),
    });
    out.truncate(LONGEST_ERROR - usize::from(IP_HEADER_BYTES) - ICMP_HEADER_BYTES);
    out
}
