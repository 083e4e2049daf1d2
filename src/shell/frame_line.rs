//! One line for a frame, as tcpdump prints it with `-n` and without the time. Source: tcpdump 4.99, print-icmp.c,
//! print-arp.c, print-tcp.c, print-udp.c, print-ip.c.

use crate::sim::addr::Mac;
use crate::sim::capture::{ETHERNET_HEADER_BYTES, encode, tcp_window};
use crate::sim::packet::{
    Arp, ArpOp, Frame, IP_HEADER_BYTES, Icmp, Packet, Payload, Protocol, Quote, TcpFlags, Unreachable,
};

/// Length of an ARP message for IPv4 over Ethernet.
const ARP_BYTES: u16 = 28;
/// Bytes before the checksum in a TCP header.
const TCP_CHECKSUM_AT: usize = 16;
/// Bytes of an ICMP error before what it quotes.
const ICMP_HEADER_BYTES: usize = 8;
/// Port of DNS, which tcpdump takes apart.
const DNS: u16 = 53;
/// Length of a DNS header.
const DNS_HEADER_BYTES: u16 = 12;
/// Type of service of ICMP errors. Source: Linux net/ipv4/icmp.c (`__icmp_send`).
const NETWORK_CONTROL: u8 = 0xc0;

/// How much is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Detail {
    /// How many `-v`.
    pub verbose: u8,
    /// `-q`
    pub quiet: bool,
    /// `-e`: what carries a packet is said before it.
    pub ethernet: bool,
}

/// Sequence number and acknowledgment that are shown, which are counted from the beginning of the connection.
pub(crate) type Numbers = (u32, u32);

/// As with `-nS`; for the command line.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn frame_line(frame: &Frame) -> String {
    use crate::sim::packet::Body;
    match &frame.body {
        Body::Arp(arp) => format!("ARP, {}", arp_words(arp, Detail::default())),
        Body::Ip(packet) => format!("IP {}", packet_words(frame, packet, Detail::default(), numbers(packet))),
    }
}

/// The numbers that a segment has on the wire.
pub(crate) const fn numbers(packet: &Packet) -> Numbers {
    match packet.payload {
        Payload::Tcp { seq, ack, .. } => (seq, ack),
        Payload::Udp { .. } | Payload::Icmp(_) => (0, 0),
    }
}

pub(crate) fn arp_words(arp: &Arp, detail: Detail) -> String {
    let (target, sender) = (arp.target_ip, arp.sender_ip);
    let known = if arp.target_mac == Mac::ZERO { String::new() } else { format!(" ({})", arp.target_mac) };
    let words = match arp.op {
        ArpOp::Request => format!("Request who-has {target}{known} tell {sender}"),
        ArpOp::Reply => format!("Reply {sender} is-at {}", arp.sender_mac),
    };
    let kinds = if detail.verbose > 0 { "Ethernet (len 6), IPv4 (len 4), " } else { "" };
    format!("{kinds}{words}, length {ARP_BYTES}")
}

/// A packet behind the name of its protocol; with its header where that is asked for.
pub(crate) fn packet_words(frame: &Frame, packet: &Packet, detail: Detail, numbers: Numbers) -> String {
    let Packet { src, dst, .. } = packet;
    let head = if detail.verbose > 0 { header(packet) + "\n    " } else { String::new() };
    head + &match &packet.payload {
        Payload::Icmp(icmp) => format!("{src} > {dst}: ICMP {}", icmp_words(frame, icmp, packet, detail)),
        Payload::Udp { src_port, dst_port, len } => {
            format!("{src}.{src_port} > {dst}.{dst_port}: {}", udp_words((*src_port, *dst_port), *len, true, detail))
        }
        Payload::Tcp { src_port, dst_port, flags, .. } => {
            let sum = checksum(frame, ETHERNET_HEADER_BYTES + usize::from(IP_HEADER_BYTES) + TCP_CHECKSUM_AT);
            format!("{src}.{src_port} > {dst}.{dst_port}: {}", tcp_words(*flags, numbers, sum, detail))
        }
    }
}

fn checksum(frame: &Frame, at: usize) -> u16 {
    encode(frame).get(at..at + 2).map_or(0, |b| u16::from_be_bytes([b[0], b[1]]))
}

/// What `-v` adds.
fn header(packet: &Packet) -> String {
    let tos = if packet.quoted().is_some() { NETWORK_CONTROL } else { 0 };
    ip_header(tos, packet.ttl, packet.ident, packet.dont_fragment, packet.protocol(), packet.total_len())
}

fn ip_header(tos: u8, ttl: u8, ident: u16, dont_fragment: bool, protocol: Protocol, length: u16) -> String {
    let flags = if dont_fragment { "DF" } else { "none" };
    let name = match protocol {
        Protocol::Icmp => "ICMP",
        Protocol::Tcp => "TCP",
        Protocol::Udp => "UDP",
    };
    let number = protocol.number();
    format!(
        "(tos {tos:#x}, ttl {ttl}, id {ident}, offset 0, flags [{flags}], proto {name} ({number}), length {length})"
    )
}

/// A datagram of zeros ([`encode`]), which at the port of DNS is a message without questions. `whole` says whether all of
/// it is there, as its checksum is looked at then.
fn udp_words((src_port, dst_port): (u16, u16), len: u16, whole: bool, detail: Detail) -> String {
    let sum = if detail.verbose > 1 && whole { "[udp sum ok] " } else { "" };
    if detail.quiet || (src_port != DNS && dst_port != DNS) || len == 0 {
        return format!("{sum}UDP, length {len}");
    }
    if len < DNS_HEADER_BYTES { format!("{sum} [|domain]") } else { format!("{sum}0 [0q] ({len})") }
}

/// A segment that only acknowledges has no sequence number of its own.
fn tcp_words(flags: TcpFlags, (seq, ack): Numbers, sum: u16, detail: Detail) -> String {
    if detail.quiet {
        return "tcp 0".to_owned();
    }
    let (letters, own, acknowledges) = match flags {
        TcpFlags::Syn => ("S", true, false),
        TcpFlags::SynAck => ("S.", true, true),
        TcpFlags::Ack => (".", false, true),
        TcpFlags::Rst => ("R", true, false),
        TcpFlags::RstAck => ("R.", true, true),
    };
    let sum = if detail.verbose > 0 { format!(", cksum {sum:#06x} (correct)") } else { String::new() };
    let seq = if own || detail.verbose > 1 { format!(", seq {seq}") } else { String::new() };
    let ack = if acknowledges { format!(", ack {ack}") } else { String::new() };
    format!("Flags [{letters}]{sum}{seq}{ack}, win {}, length 0", tcp_window(flags))
}

fn icmp_words(frame: &Frame, icmp: &Icmp, packet: &Packet, detail: Detail) -> String {
    let length = packet.total_len().saturating_sub(IP_HEADER_BYTES);
    let (words, quote) = match icmp {
        Icmp::EchoRequest { ident, seq, .. } => (format!("echo request, id {ident}, seq {seq}"), None),
        Icmp::EchoReply { ident, seq, .. } => (format!("echo reply, id {ident}, seq {seq}"), None),
        Icmp::TimeExceeded { quote } => ("time exceeded in-transit".to_owned(), Some(quote)),
        Icmp::Unreachable { code, quote } => (unreachable(*code, quote), Some(quote)),
    };
    let quoted = quote.filter(|_| detail.verbose > 0);
    let quoted = quoted.map_or_else(String::new, |quote| {
        let name = if detail.ethernet { "" } else { "IP " };
        format!("\n\t{name}{}", quote_words(frame, quote, packet, detail))
    });
    format!("{words}, length {length}{quoted}")
}

/// The packet that an error speaks of.
fn quote_words(frame: &Frame, quote: &Quote, error: &Packet, detail: Detail) -> String {
    let Quote { tuple, ttl, ident, dont_fragment, total_len, .. } = *quote;
    let head = ip_header(0, ttl, ident, dont_fragment, tuple.protocol, total_len);
    let room = error.total_len().saturating_sub(IP_HEADER_BYTES + 8);
    let (src, dst, from, to) = (tuple.src, tuple.dst, tuple.src_port, tuple.dst_port);
    let words = match tuple.protocol {
        Protocol::Icmp => {
            let kind = if quote.echo_reply { "reply" } else { "request" };
            let length = total_len.saturating_sub(IP_HEADER_BYTES);
            format!("{src} > {dst}: ICMP echo {kind}, id {from}, seq {}, length {length}", quote.seq)
        }
        Protocol::Udp => {
            format!("{src}.{from} > {dst}.{to}: {}", udp_words((from, to), quote.len, total_len <= room, detail))
        }
        Protocol::Tcp => {
            let before = ETHERNET_HEADER_BYTES + 2 * usize::from(IP_HEADER_BYTES) + ICMP_HEADER_BYTES;
            let sum = checksum(frame, before + TCP_CHECKSUM_AT);
            format!("{src}.{from} > {dst}.{to}: {}", tcp_words(TcpFlags::Syn, (0, 0), sum, detail))
        }
    };
    format!("{head}\n    {words}")
}

fn unreachable(code: Unreachable, quote: &Quote) -> String {
    let to = quote.tuple.dst;
    match code {
        Unreachable::Net => format!("net {to} unreachable"),
        Unreachable::Host => format!("host {to} unreachable"),
        Unreachable::Port => {
            format!("{to} {} port {} unreachable", quote.tuple.protocol.name(), quote.tuple.dst_port)
        }
        Unreachable::FragmentationNeeded { mtu } => format!("{to} unreachable - need to frag (mtu {mtu})"),
        Unreachable::Prohibited => format!("host {to} unreachable - admin prohibited filter"),
    }
}
