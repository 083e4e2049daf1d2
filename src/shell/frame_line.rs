//! One line for a frame, as tcpdump prints it with `-nS` and without the time. Source: tcpdump 4.99, print-icmp.c,
//! print-arp.c, print-tcp.c, print-udp.c.

use crate::sim::capture::tcp_window;
use crate::sim::packet::{Arp, ArpOp, Body, Frame, Icmp, Packet, Payload, Protocol, Quote, TcpFlags, Unreachable};

/// Length of an ARP message for IPv4 over Ethernet.
const ARP_BYTES: u16 = 28;

pub(crate) fn frame_line(frame: &Frame) -> String {
    match &frame.body {
        Body::Arp(arp) => format!("ARP, {}, length {ARP_BYTES}", arp_words(arp)),
        Body::Ip(packet) => packet_line(packet),
    }
}

fn arp_words(arp: &Arp) -> String {
    match arp.op {
        ArpOp::Request => format!("Request who-has {} tell {}", arp.target_ip, arp.sender_ip),
        ArpOp::Reply => format!("Reply {} is-at {}", arp.sender_ip, arp.sender_mac),
    }
}

fn packet_line(packet: &Packet) -> String {
    let Packet { src, dst, .. } = packet;
    match &packet.payload {
        Payload::Icmp(icmp) => format!("IP {src} > {dst}: ICMP {}", icmp_words(icmp, packet)),
        Payload::Udp { src_port, dst_port, len } => {
            format!("IP {src}.{src_port} > {dst}.{dst_port}: UDP, length {len}")
        }
        Payload::Tcp { src_port, dst_port, flags, seq, ack } => {
            format!("IP {src}.{src_port} > {dst}.{dst_port}: {}", tcp_words(*flags, *seq, *ack))
        }
    }
}

/// A segment that only acknowledges has no sequence number of its own.
fn tcp_words(flags: TcpFlags, seq: u32, ack: u32) -> String {
    let (letters, own, acknowledges) = match flags {
        TcpFlags::Syn => ("S", true, false),
        TcpFlags::SynAck => ("S.", true, true),
        TcpFlags::Ack => (".", false, true),
        TcpFlags::Rst => ("R", true, false),
        TcpFlags::RstAck => ("R.", true, true),
    };
    let seq = if own { format!(", seq {seq}") } else { String::new() };
    let ack = if acknowledges { format!(", ack {ack}") } else { String::new() };
    format!("Flags [{letters}]{seq}{ack}, win {}, length 0", tcp_window(flags))
}

fn icmp_words(icmp: &Icmp, packet: &Packet) -> String {
    let length = packet.total_len().saturating_sub(crate::sim::packet::IP_HEADER_BYTES);
    match icmp {
        Icmp::EchoRequest { ident, seq, .. } => format!("echo request, id {ident}, seq {seq}, length {length}"),
        Icmp::EchoReply { ident, seq, .. } => format!("echo reply, id {ident}, seq {seq}, length {length}"),
        Icmp::TimeExceeded { .. } => format!("time exceeded in-transit, length {length}"),
        Icmp::Unreachable { code, quote } => format!("{}, length {length}", unreachable(*code, quote)),
    }
}

fn unreachable(code: Unreachable, quote: &Quote) -> String {
    let to = quote.tuple.dst;
    match code {
        Unreachable::Net => format!("net {to} unreachable"),
        Unreachable::Host => format!("host {to} unreachable"),
        Unreachable::Port => {
            let protocol = match quote.tuple.protocol {
                Protocol::Icmp => "icmp",
                Protocol::Tcp => "tcp",
                Protocol::Udp => "udp",
            };
            format!("{to} {protocol} port {} unreachable", quote.tuple.dst_port)
        }
        Unreachable::FragmentationNeeded { mtu } => format!("{to} unreachable - need to frag (mtu {mtu})"),
        Unreachable::Prohibited => format!("host {to} unreachable - admin prohibited filter"),
    }
}
