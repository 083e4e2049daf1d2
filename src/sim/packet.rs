//! Frames and packets as values. Bytes exist only in [`crate::sim::capture`].

use super::addr::Mac;
use super::ids::{FrameId, LineageId};
use std::net::Ipv4Addr;

/// TTL with which Linux sends (`net.ipv4.ip_default_ttl`).
pub const DEFAULT_TTL: u8 = 64;
/// Length of an IPv4 header without options.
pub const IP_HEADER_BYTES: u16 = 20;

/// One Ethernet frame on its way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Frame {
    pub id: FrameId,
    pub lineage: LineageId,
    pub src: Mac,
    pub dst: Mac,
    pub body: Body,
}

/// What a frame carries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Body {
    Arp(Arp),
    Ip(Packet),
}

impl Body {
    pub fn packet(&self) -> Option<&Packet> {
        match self {
            Body::Ip(packet) => Some(packet),
            Body::Arp(_) => None,
        }
    }
}

/// An ARP message for IPv4 over Ethernet. Source: RFC 826.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Arp {
    pub op: ArpOp,
    pub sender_mac: Mac,
    pub sender_ip: Ipv4Addr,
    pub target_mac: Mac,
    pub target_ip: Ipv4Addr,
}

impl Arp {
    /// A request that asks for one's own address (`arp_notify`): nobody answers, everybody learns.
    pub fn is_gratuitous(&self) -> bool {
        self.sender_ip == self.target_ip
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArpOp {
    Request,
    Reply,
}

/// An IPv4 packet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Packet {
    pub src: Ipv4Addr,
    pub dst: Ipv4Addr,
    pub ttl: u8,
    pub dont_fragment: bool,
    pub ident: u16,
    pub payload: Payload,
}

/// What an IPv4 packet carries. `len` is the number of bytes behind the transport header.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Payload {
    Icmp(Icmp),
    Udp { src_port: u16, dst_port: u16, len: u16 },
    Tcp { src_port: u16, dst_port: u16, flags: TcpFlags, seq: u32, ack: u32 },
}

/// The TCP segments that a connection attempt needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TcpFlags {
    Syn,
    SynAck,
    Ack,
    Rst,
    RstAck,
}

/// ICMP messages. Source: RFC 792.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Icmp {
    EchoRequest { ident: u16, seq: u16, len: u16 },
    EchoReply { ident: u16, seq: u16, len: u16 },
    TimeExceeded { quote: Quote },
    Unreachable { code: Unreachable, quote: Quote },
}

/// Codes of ICMP type 3 that the simulation sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unreachable {
    Net,
    Host,
    Port,
    /// Fragmentation needed and DF set, with the MTU of the next link in bytes.
    FragmentationNeeded {
        mtu: u16,
    },
    /// Communication administratively prohibited (a `REJECT` target).
    Prohibited,
}

impl Unreachable {
    /// The code on the wire.
    pub const fn code(self) -> u8 {
        match self {
            Unreachable::Net => 0,
            Unreachable::Host => 1,
            Unreachable::Port => 3,
            Unreachable::FragmentationNeeded { .. } => 4,
            Unreachable::Prohibited => 13,
        }
    }
}

/// The head of the packet that an ICMP error speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Quote {
    pub tuple: Tuple,
    pub ttl: u8,
    pub ident: u16,
    /// Length of the whole quoted IPv4 packet in bytes.
    pub total_len: u16,
    pub dont_fragment: bool,
    /// Whether the quoted packet is an echo reply.
    pub echo_reply: bool,
    /// Sequence number of a quoted echo request or reply; 0 for other protocols.
    pub seq: u16,
    /// Bytes behind the quoted transport header.
    pub len: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    Icmp,
    Tcp,
    Udp,
}

impl Protocol {
    /// Its name in `/etc/protocols`.
    pub const fn name(self) -> &'static str {
        match self {
            Protocol::Icmp => "icmp",
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
        }
    }

    /// Protocol number of the IPv4 header. Source: IANA protocol numbers.
    pub const fn number(self) -> u8 {
        match self {
            Protocol::Icmp => 1,
            Protocol::Tcp => 6,
            Protocol::Udp => 17,
        }
    }
}

/// What names a flow: the five-tuple. Echo messages use their identifier as both ports, as conntrack does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tuple {
    pub protocol: Protocol,
    pub src: Ipv4Addr,
    pub src_port: u16,
    pub dst: Ipv4Addr,
    pub dst_port: u16,
}

impl Tuple {
    /// The tuple of the answer.
    #[must_use]
    pub const fn reversed(self) -> Self {
        Self { protocol: self.protocol, src: self.dst, src_port: self.dst_port, dst: self.src, dst_port: self.src_port }
    }
}

impl Packet {
    /// A packet as Linux sends it: TTL 64, ports and addresses as given.
    pub fn new(src: Ipv4Addr, dst: Ipv4Addr, payload: Payload) -> Self {
        Self { src, dst, ttl: DEFAULT_TTL, dont_fragment: false, ident: 0, payload }
    }

    pub const fn protocol(&self) -> Protocol {
        match self.payload {
            Payload::Icmp(_) => Protocol::Icmp,
            Payload::Udp { .. } => Protocol::Udp,
            Payload::Tcp { .. } => Protocol::Tcp,
        }
    }

    /// The flow of the packet; an ICMP error has none of its own (see [`Packet::quoted`]).
    pub fn tuple(&self) -> Option<Tuple> {
        let (src_port, dst_port) = match self.payload {
            Payload::Icmp(Icmp::EchoRequest { ident, .. } | Icmp::EchoReply { ident, .. }) => (ident, ident),
            Payload::Icmp(_) => return None,
            Payload::Udp { src_port, dst_port, .. } | Payload::Tcp { src_port, dst_port, .. } => (src_port, dst_port),
        };
        Some(Tuple { protocol: self.protocol(), src: self.src, src_port, dst: self.dst, dst_port })
    }

    /// The quoted head of an ICMP error.
    pub fn quoted(&self) -> Option<&Quote> {
        match &self.payload {
            Payload::Icmp(Icmp::TimeExceeded { quote } | Icmp::Unreachable { quote, .. }) => Some(quote),
            _ => None,
        }
    }

    pub fn quoted_mut(&mut self) -> Option<&mut Quote> {
        match &mut self.payload {
            Payload::Icmp(Icmp::TimeExceeded { quote } | Icmp::Unreachable { quote, .. }) => Some(quote),
            _ => None,
        }
    }

    /// Sets addresses and ports to those of a tuple (what NAT does).
    pub fn rewrite(&mut self, to: Tuple) {
        self.src = to.src;
        self.dst = to.dst;
        match &mut self.payload {
            Payload::Icmp(Icmp::EchoRequest { ident, .. } | Icmp::EchoReply { ident, .. }) => *ident = to.src_port,
            Payload::Icmp(_) => {}
            Payload::Udp { src_port, dst_port, .. } | Payload::Tcp { src_port, dst_port, .. } => {
                *src_port = to.src_port;
                *dst_port = to.dst_port;
            }
        }
    }

    /// Length of the IPv4 packet in bytes, header included. An ICMP error quotes the whole packet it speaks of, up
    /// to 576 bytes in all. Source: RFC 1812, section 4.3.2.3.
    pub fn total_len(&self) -> u16 {
        IP_HEADER_BYTES
            + match &self.payload {
                Payload::Icmp(Icmp::EchoRequest { len, .. } | Icmp::EchoReply { len, .. })
                | Payload::Udp { len, .. } => 8 + len,
                Payload::Icmp(_) => 8 + self.quoted().map_or(0, |q| q.total_len.min(576 - 28)),
                Payload::Tcp { .. } => 20,
            }
    }

    /// What an ICMP error about this packet quotes; `None` for ICMP errors, about which none may be sent.
    /// Source: RFC 1122, section 3.2.2.
    pub fn quote(&self) -> Option<Quote> {
        let (seq, len) = match self.payload {
            Payload::Icmp(Icmp::EchoRequest { seq, len, .. } | Icmp::EchoReply { seq, len, .. }) => (seq, len),
            Payload::Udp { len, .. } => (0, len),
            _ => (0, 0),
        };
        Some(Quote {
            tuple: self.tuple()?,
            ttl: self.ttl,
            ident: self.ident,
            total_len: self.total_len(),
            dont_fragment: self.dont_fragment,
            echo_reply: matches!(self.payload, Payload::Icmp(Icmp::EchoReply { .. })),
            seq,
            len,
        })
    }
}
