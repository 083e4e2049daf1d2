//! One line, or two, for a frame.

use crate::shell::frame_line;
use crate::sim::packet::{Body, Frame, Packet, Protocol};
use crate::sim::record::seen::Seen;
use crate::sim::time::Time;

/// Length of an Ethernet header.
const ETHERNET_BYTES: u16 = 14;
/// Length of an ARP message with it.
const ARP_FRAME_BYTES: u16 = 42;

pub(super) fn line(seen: &Seen, ethernet: bool, verbose: bool) -> String {
    let frame = &seen.frame;
    let text = frame_line(frame);
    let (kind, rest) = text.split_once([' ', ',']).map_or(("", text.as_str()), |(k, r)| (k, r.trim_start()));
    let head = if ethernet { addresses(frame) } else { format!("{kind}{}", if kind == "ARP" { ", " } else { " " }) };
    match (&frame.body, verbose) {
        (Body::Ip(packet), true) => format!("{} {head}{}\n    {rest}\n", clock(seen.time), header(packet)),
        _ => format!("{} {head}{rest}\n", clock(seen.time)),
    }
}

/// Virtual time as the time of a day.
fn clock(time: Time) -> String {
    let micros = time.0 / 1000;
    let seconds = micros / 1_000_000;
    format!("{:02}:{:02}:{:02}.{:06}", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60, micros % 1_000_000)
}

/// What `-e` adds.
fn addresses(frame: &Frame) -> String {
    let (name, length) = match &frame.body {
        Body::Arp(_) => ("ARP (0x0806)", ARP_FRAME_BYTES),
        Body::Ip(packet) => ("IPv4 (0x0800)", packet.total_len().saturating_add(ETHERNET_BYTES)),
    };
    format!("{} > {}, ethertype {name}, length {length}: ", frame.src, frame.dst)
}

/// What `-v` adds.
fn header(packet: &Packet) -> String {
    let flags = if packet.dont_fragment { "DF" } else { "none" };
    let (name, number) = match packet.protocol() {
        Protocol::Icmp => ("ICMP", 1),
        Protocol::Tcp => ("TCP", 6),
        Protocol::Udp => ("UDP", 17),
    };
    format!(
        "(tos 0x0, ttl {}, id {}, offset 0, flags [{flags}], proto {name} ({number}), length {})",
        packet.ttl,
        packet.ident,
        packet.total_len()
    )
}
