//! Frames as the bytes of a wire, and captures of them. Nothing else makes bytes.

mod icmp;
mod ip;
pub mod pcap;
pub mod points;
mod transport;

pub use transport::tcp_window;

use super::packet::{Arp, ArpOp, Body, Frame};

/// Length of an Ethernet header without a VLAN tag.
pub const ETHERNET_HEADER_BYTES: usize = 14;
const ETHERTYPE_IPV4: u16 = 0x0800;
const ETHERTYPE_ARP: u16 = 0x0806;

/// The bytes of a frame as a capture on a Linux interface has them: without preamble, frame check sequence and padding.
pub fn encode(frame: &Frame) -> Vec<u8> {
    let (ethertype, body) = match &frame.body {
        Body::Arp(arp) => (ETHERTYPE_ARP, arp_bytes(arp)),
        Body::Ip(packet) => (ETHERTYPE_IPV4, ip::packet(packet)),
    };
    let mut out = Vec::with_capacity(ETHERNET_HEADER_BYTES + body.len());
    out.extend_from_slice(&frame.dst.0);
    out.extend_from_slice(&frame.src.0);
    out.extend_from_slice(&ethertype.to_be_bytes());
    out.extend_from_slice(&body);
    out
}

/// Source: RFC 826, with the codes of Ethernet and IPv4.
fn arp_bytes(arp: &Arp) -> Vec<u8> {
    let op: u16 = match arp.op {
        ArpOp::Request => 1,
        ArpOp::Reply => 2,
    };
    let mut out = vec![0, 1, 8, 0, 6, 4];
    out.extend_from_slice(&op.to_be_bytes());
    out.extend_from_slice(&arp.sender_mac.0);
    out.extend_from_slice(&arp.sender_ip.octets());
    out.extend_from_slice(&arp.target_mac.0);
    out.extend_from_slice(&arp.target_ip.octets());
    out
}

/// The internet checksum of a number of pieces, each but the last of even length. Source: RFC 1071.
fn checksum(pieces: &[&[u8]]) -> u16 {
    let words = pieces.iter().flat_map(|piece| piece.chunks(2));
    let mut sum: u64 = words.map(|w| u64::from(u16::from_be_bytes([w[0], w.get(1).copied().unwrap_or(0)]))).sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    // Folded to 16 bits above.
    !u16::try_from(sum).unwrap_or(0)
}

/// Writes a checksum into its field.
fn put(bytes: &mut [u8], at: usize, value: u16) {
    if let Some(field) = bytes.get_mut(at..at + 2) {
        field.copy_from_slice(&value.to_be_bytes());
    }
}
