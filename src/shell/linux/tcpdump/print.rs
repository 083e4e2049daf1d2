//! The lines of frames, one after another: some show what came before.

use crate::shell::frame_line::{Detail, Numbers, arp_words, numbers, packet_words};
use crate::sim::addr::Mac;
use crate::sim::capture::ETHERNET_HEADER_BYTES;
use crate::sim::packet::{Body, Packet, Payload, TcpFlags};
use crate::sim::record::seen::Seen;
use crate::sim::time::Time;
use std::net::Ipv4Addr;

/// Length of an ARP message.
const ARP_BYTES: u16 = 28;
/// Length of the header that a capture at all interfaces has in place of Ethernet's. Source: tcpdump.org, `LINKTYPE_LINUX_SLL2`.
const COOKED_HEADER_BYTES: u16 = 20;

/// What is written before a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Clock {
    #[default]
    Day,
    /// `-t`
    Nothing,
    /// `-tt`
    Seconds,
    /// `-ttt`
    SinceLast,
}

/// How lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) detail: Detail,
    /// `-S`: numbers as they are on the wire.
    pub(super) absolute: bool,
    pub(super) clock: Clock,
}

/// The interface at which a frame was seen, for a capture at all of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'a> {
    pub(super) index: u32,
    pub(super) name: &'a str,
    pub(super) mac: Mac,
}

type End = (Ipv4Addr, u16);

/// A connection with the numbers at which its ends began.
#[derive(Clone, Copy, Debug)]
struct Conversation {
    ends: (End, End),
    began: Numbers,
}

/// Writes frames in the order in which they were seen.
#[derive(Clone, Debug)]
pub(super) struct Printer {
    form: Form,
    conversations: Vec<Conversation>,
    last: Option<Time>,
}

impl Printer {
    pub(super) const fn new(form: Form) -> Self {
        Self { form, conversations: Vec::new(), last: None }
    }

    pub(super) fn line(&mut self, seen: &Seen, at: Option<At<'_>>) -> String {
        let frame = &seen.frame;
        let detail = self.form.detail;
        let (kind, rest) = match &frame.body {
            Body::Arp(arp) => ("ARP, ", arp_words(arp, detail)),
            Body::Ip(packet) => ("IP ", packet_words(frame, packet, detail, self.shown(packet))),
        };
        let kind = if self.form.detail.ethernet { self.link(seen, at) } else { kind.to_owned() };
        format!("{}{}{kind}{rest}\n", self.clock(seen.time), at.map_or_else(String::new, |at| place(seen, at)))
    }

    /// Virtual time.
    fn clock(&mut self, time: Time) -> String {
        let before = self.last.replace(time).unwrap_or(time);
        let of_day = |nanos: u64| {
            let micros = nanos / 1000;
            let seconds = micros / 1_000_000;
            let (hours, minutes) = (seconds / 3600 % 24, seconds / 60 % 60);
            format!("{hours:02}:{minutes:02}:{:02}.{:06} ", seconds % 60, micros % 1_000_000)
        };
        match self.form.clock {
            Clock::Day => of_day(time.0),
            Clock::Nothing => String::new(),
            Clock::Seconds => format!("{}.{:06} ", time.0 / 1_000_000_000, time.0 / 1000 % 1_000_000),
            Clock::SinceLast => format!(" {}", of_day((time - before).0)),
        }
    }

    /// What `-e` adds.
    fn link(&self, seen: &Seen, at: Option<At<'_>>) -> String {
        let frame = &seen.frame;
        let (name, number, payload) = match &frame.body {
            Body::Arp(_) => ("ARP", "0x0806", ARP_BYTES),
            Body::Ip(packet) => ("IPv4", "0x0800", packet.total_len()),
        };
        let quiet = self.form.detail.quiet;
        let ethertype = if quiet { name.to_owned() } else { format!("ethertype {name} ({number})") };
        match at {
            Some(at) if quiet => format!("ifindex {} {} ", at.index, frame.src),
            Some(at) => {
                let length = payload.saturating_add(COOKED_HEADER_BYTES);
                format!("ifindex {} {} {ethertype}, length {length}: ", at.index, frame.src)
            }
            None => {
                let length = usize::from(payload) + ETHERNET_HEADER_BYTES;
                format!("{} > {}, {ethertype}, length {length}: ", frame.src, frame.dst)
            }
        }
    }

    /// The numbers to show of a segment, counted from where its ends began, once something of both is known.
    /// Source: tcpdump 4.99 `tcp_print`.
    fn shown(&mut self, packet: &Packet) -> Numbers {
        let (seq, ack) = numbers(packet);
        let Payload::Tcp { src_port, dst_port, flags, .. } = packet.payload else { return (seq, ack) };
        if self.form.absolute || matches!(flags, TcpFlags::Syn | TcpFlags::Rst) {
            return (seq, ack);
        }
        let (from, to) = ((packet.src, src_port), (packet.dst, dst_port));
        let known = self.conversations.iter().position(|c| c.ends == (from, to) || c.ends == (to, from));
        if let Some(at) = known.filter(|_| flags != TcpFlags::SynAck) {
            let Conversation { ends, began: (a, b) } = self.conversations[at];
            let (own, other) = if ends == (from, to) { (a, b) } else { (b, a) };
            return (seq.wrapping_sub(own), ack.wrapping_sub(other));
        }
        if let Some(at) = known {
            self.conversations.remove(at);
        }
        self.conversations.push(Conversation { ends: (from, to), began: (seq, ack.wrapping_sub(1)) });
        (seq, ack)
    }
}

/// Interface and direction, for a capture at all interfaces. Source: tcpdump 4.99 `sll2_if_print`; for whom a frame is,
/// as Linux `eth_type_trans` finds it.
fn place(seen: &Seen, at: At<'_>) -> String {
    let direction = match seen.frame.dst {
        _ if seen.outgoing => "Out",
        Mac::BROADCAST => "B",
        mac if mac == at.mac => "In",
        _ => "P",
    };
    format!("{:<5} {direction:<3} ", at.name)
}
