//! One line, or two, for a frame.

use crate::shell::frame_line;
use crate::shell::kubectl::timestamp;
use crate::sim::addr::Mac;
use crate::sim::host::interface::Interface;
use crate::sim::packet::{Body, Frame, Packet, Protocol};
use crate::sim::record::seen::Seen;
use crate::sim::time::Time;

/// Length of an Ethernet header.
const ETHERNET_BYTES: u16 = 14;
/// Length of the header that stands for it where one listens at every interface.
const COOKED_BYTES: u16 = 20;
/// Length of an ARP message.
const ARP_BYTES: u16 = 28;

/// How lines look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub ethernet: bool,
    pub verbose: bool,
    pub clock: Clock,
    /// Listens at every interface, so that a line says at which.
    pub any: bool,
}

/// Seconds of the Unix clock when virtual time began: what dates of objects have.
const EPOCH: u64 = 1_635_724_800;

/// What stands before a line, as `-t`, `-tt` and so on choose.
#[derive(Clone, Copy, Debug)]
pub(super) enum Clock {
    OfDay,
    Nothing,
    Seconds,
    Dated,
}

impl Clock {
    /// With one more `-t`. The time since the line before, which three ask for, is not simulated.
    pub(super) const fn next(self) -> Self {
        match self {
            Self::OfDay => Self::Nothing,
            Self::Nothing => Self::Seconds,
            Self::Seconds | Self::Dated => Self::Dated,
        }
    }

    fn text(self, time: Time) -> String {
        let micros = time.0 / 1000;
        let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
        let of_day = format!("{:02}:{:02}:{:02}.{micros:06} ", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
        match self {
            Self::OfDay => of_day,
            Self::Nothing => String::new(),
            Self::Seconds => format!("{}.{micros:06} ", EPOCH + seconds),
            Self::Dated => format!("{} {of_day}", timestamp(time).split('T').next().unwrap_or_default()),
        }
    }
}

pub(super) fn line(seen: &Seen, style: Style, at: Option<&Interface>) -> String {
    let frame = &seen.frame;
    let text = frame_line(frame);
    let (kind, rest) = text.split_once([' ', ',']).map_or(("", text.as_str()), |(k, r)| (k, r.trim_start()));
    let mut head = style.clock.text(seen.time);
    if let Some(interface) = at.filter(|_| style.any) {
        let way = match (seen.outgoing, frame.dst == Mac::BROADCAST, frame.dst == interface.mac) {
            (true, ..) => "Out",
            (_, true, _) => "B",
            (_, _, true) => "In",
            _ => "P",
        };
        head += &format!("{:<5} {way:<3} ", interface.name);
        if style.ethernet {
            head += &format!("ifindex {} {} ", interface.index.0, frame.src);
        }
    }
    if style.ethernet {
        head += &ethernet(frame, style.any);
    } else {
        head += kind;
        head += if kind == "ARP" { ", " } else { " " };
    }
    match (&frame.body, style.verbose) {
        (Body::Ip(packet), true) => format!("{head}{}\n    {rest}\n", header(packet)),
        _ => format!("{head}{rest}\n"),
    }
}

/// What `-e` adds. Source: tcpdump 4.99 print-ether.c, print-sll.c.
fn ethernet(frame: &Frame, any: bool) -> String {
    let (name, length) = match &frame.body {
        Body::Arp(_) => ("ARP (0x0806)", ARP_BYTES),
        Body::Ip(packet) => ("IPv4 (0x0800)", packet.total_len()),
    };
    if any {
        return format!("ethertype {name}, length {}: ", length.saturating_add(COOKED_BYTES));
    }
    let length = length.saturating_add(ETHERNET_BYTES);
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
