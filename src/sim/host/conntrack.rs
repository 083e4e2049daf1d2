//! Connection tracking and what NAT keeps in it.
//! Source: Linux `net/netfilter/nf_conntrack_core.c`, `nf_nat_core.c`; Documentation/networking/nf_conntrack-sysctl.rst.

use crate::sim::ids::IfIndex;
use crate::sim::ordered::Ordered;
use crate::sim::packet::{Packet, Protocol, Tuple};
use crate::sim::time::{Span, Time};
use rpds::Queue;
use std::net::Ipv4Addr;

/// The tracked flows of one host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conntrack {
    flows: Ordered<u32, Flow>,
    by_tuple: Ordered<Tuple, (u32, Direction)>,
    /// The order in which entries are looked at for expiry.
    rounds: Queue<u32>,
    next: u32,
}

/// One flow: the tuple as first seen, and the tuple that its answers will have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Flow {
    pub original: Tuple,
    pub reply: Tuple,
    pub seen_reply: bool,
    pub tcp: TcpState,
    /// Kept even when the table is full (`ASSURED`): a handshake that was completed, a datagram stream.
    pub assured: bool,
    /// The interface to whose address a MASQUERADE rule bound it.
    pub masqueraded_by: Option<IfIndex>,
    /// When its first packet came.
    pub since: Time,
    pub expires: Time,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    Original,
    Reply,
}

/// The TCP states that a connection attempt reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TcpState {
    #[default]
    None,
    SynSent,
    SynRecv,
    Established,
    Close,
}

/// What tracking says of a packet (`ctstate`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CtState {
    New,
    Established,
    /// An ICMP error about a tracked flow.
    Related,
    /// An ICMP error about nothing that is known, or an answer to nothing that was seen.
    Invalid,
}

/// A packet's flow while it passes the host. A new flow enters the table only when the packet leaves or is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tracked {
    pub state: CtState,
    pub direction: Direction,
    pub flow: Flow,
    /// Where the flow is in the table; `None` while unconfirmed.
    id: Option<u32>,
}

impl Flow {
    fn new(original: Tuple, now: Time) -> Self {
        let tcp = if original.protocol == Protocol::Tcp { TcpState::SynSent } else { TcpState::None };
        Self {
            original,
            reply: original.reversed(),
            seen_reply: false,
            tcp,
            assured: false,
            masqueraded_by: None,
            since: now,
            expires: now + timeout(original.protocol, tcp, false),
        }
    }

    pub fn source_translated(&self) -> bool {
        self.reply.dst != self.original.src || self.reply.dst_port != self.original.src_port
    }

    pub fn destination_translated(&self) -> bool {
        self.reply.src != self.original.dst || self.reply.src_port != self.original.dst_port
    }

    /// The tuple with which a packet of this direction leaves the host.
    fn translated(&self, direction: Direction) -> Tuple {
        match direction {
            Direction::Original => self.reply.reversed(),
            Direction::Reply => self.original.reversed(),
        }
    }
}

/// How long datagrams must go both ways before they count as a stream.
/// Source: Linux `net/netfilter/nf_conntrack_proto_udp.c` (`stream_ts`).
const STREAM_AFTER: Span = Span::secs(2);

/// Timeouts in seconds (`nf_conntrack_*_timeout*`).
const fn timeout(protocol: Protocol, tcp: TcpState, assured: bool) -> Span {
    Span::secs(match (protocol, tcp) {
        (Protocol::Icmp, _) => 30,
        (Protocol::Udp, _) => {
            if assured {
                120
            } else {
                30
            }
        }
        (Protocol::Tcp, TcpState::SynRecv) => 60,
        (Protocol::Tcp, TcpState::Established) => 432_000,
        (Protocol::Tcp, TcpState::Close) => 10,
        (Protocol::Tcp, _) => 120,
    })
}

/// Which end of a packet a hook may rewrite: the destination before routing, the source after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    Source,
    Destination,
}

impl Conntrack {
    /// Flows that have not expired at `now`, oldest first.
    pub fn flows(&self, now: Time) -> impl Iterator<Item = &Flow> {
        self.flows.values().filter(move |f| f.expires > now)
    }

    /// The flow that a packet with these ends belongs to.
    pub fn flow(&self, tuple: Tuple, now: Time) -> Option<Flow> {
        self.find(tuple, now).map(|(_, _, flow)| flow)
    }

    fn find(&self, tuple: Tuple, now: Time) -> Option<(u32, Direction, Flow)> {
        let (id, direction) = *self.by_tuple.get(&tuple)?;
        let flow = *self.flows.get(&id)?;
        (flow.expires > now).then_some((id, direction, flow))
    }

    /// Finds or begins the flow of a packet. One that is in the table has seen the packet from now on, whatever becomes
    /// of it. Source: Linux `net/netfilter/nf_conntrack_core.c` (`nf_conntrack_in`).
    pub fn track(&mut self, packet: &Packet, now: Time) -> Option<Tracked> {
        use crate::sim::packet::{Icmp, Payload};
        if let Some(quote) = packet.quoted() {
            return Some(self.track_error(quote.tuple, now));
        }
        let tuple = packet.tuple()?;
        if let Some((id, mut direction, flow)) = self.find(tuple, now) {
            // The ends of an echo to oneself are the same both ways; its type tells which way it goes.
            if tuple == tuple.reversed() && matches!(packet.payload, Payload::Icmp(Icmp::EchoRequest { .. })) {
                direction = Direction::Original;
            }
            let new = direction == Direction::Original && !flow.seen_reply;
            let state = if new { CtState::New } else { CtState::Established };
            let tracked = Tracked { state, direction, flow, id: Some(id) };
            self.see(id, &tracked, packet, now);
            return Some(tracked);
        }
        let state = if begins_flow(packet) { CtState::New } else { CtState::Invalid };
        Some(Tracked { state, direction: Direction::Original, flow: Flow::new(tuple, now), id: None })
    }

    /// The flow of the packet that an ICMP error quotes. The error travels like an answer to that packet, so it is
    /// known by the quoted tuple turned round.
    fn track_error(&self, quoted: Tuple, now: Time) -> Tracked {
        if let Some((id, direction, flow)) = self.find(quoted.reversed(), now) {
            return Tracked { state: CtState::Related, direction, flow, id: Some(id) };
        }
        let flow = Flow::new(quoted, now);
        Tracked { state: CtState::Invalid, direction: Direction::Original, flow, id: None }
    }

    /// Whether no live flow uses this tuple for its answers.
    fn is_free(&self, reply: Tuple, now: Time) -> bool {
        self.find(reply, now).is_none()
    }

    /// Binds an unconfirmed flow to a new source address, and to another port where the old one is taken.
    pub fn bind_source(&self, tracked: &mut Tracked, address: Ipv4Addr, first_port: u16, now: Time) {
        let mut reply = tracked.flow.reply;
        reply.dst = address;
        reply.dst_port = first_port;
        for step in 0..u16::MAX {
            if self.is_free(reply, now) {
                break;
            }
            reply.dst_port = first_port.wrapping_add(step).max(1024);
        }
        if reply.protocol == Protocol::Icmp {
            reply.src_port = reply.dst_port;
        }
        tracked.flow.reply = reply;
    }

    /// Binds an unconfirmed flow to the address of the interface by which it leaves (`MASQUERADE`).
    pub fn masquerade(&self, tracked: &mut Tracked, dev: IfIndex, address: Ipv4Addr, first_port: u16, now: Time) {
        tracked.flow.masqueraded_by = Some(dev);
        self.bind_source(tracked, address, first_port, now);
    }

    /// Binds an unconfirmed flow to a new destination.
    pub fn bind_destination(&self, tracked: &mut Tracked, address: Ipv4Addr, port: Option<u16>) {
        tracked.flow.reply.src = address;
        if let Some(port) = port {
            tracked.flow.reply.src_port = port;
        }
    }

    /// A packet of a flow of the table.
    fn see(&mut self, id: u32, tracked: &Tracked, packet: &Packet, now: Time) {
        if refuses(tracked, packet) {
            return self.remove(id);
        }
        let mut flow = tracked.flow;
        advance(&mut flow, tracked.direction, packet, now);
        self.flows.insert(id, flow);
    }

    /// Enters the flow of a packet that was let through, where it has none yet.
    /// Source: Linux `net/netfilter/nf_conntrack_core.c` (`__nf_conntrack_confirm`).
    pub fn confirm(&mut self, tracked: &mut Tracked, packet: &Packet, now: Time) {
        if tracked.id.is_some() || tracked.state != CtState::New {
            return;
        }
        advance(&mut tracked.flow, tracked.direction, packet, now);
        self.expire(now);
        let id = self.next;
        self.next += 1;
        self.rounds.enqueue_mut(id);
        tracked.id = Some(id);
        self.flows.insert(id, tracked.flow);
        self.by_tuple.insert(tracked.flow.original, (id, Direction::Original));
        self.by_tuple.insert(tracked.flow.reply, (id, Direction::Reply));
    }

    /// Looks at a few entries in turn and takes out those that have expired, as the kernel's collector does. Lookups
    /// pass over expired entries in any case; this only bounds their number.
    fn expire(&mut self, now: Time) {
        const LOOKED_AT: usize = 3;
        for _ in 0..LOOKED_AT {
            let Some(id) = self.rounds.peek().copied() else { return };
            self.rounds.dequeue_mut();
            let Some(flow) = self.flows.get(&id) else { continue };
            if flow.expires > now {
                self.rounds.enqueue_mut(id);
                continue;
            }
            self.remove(id);
        }
    }

    fn remove(&mut self, id: u32) {
        let Some(flow) = self.flows.get(&id).copied() else { return };
        self.flows.remove(&id);
        for tuple in [flow.original, flow.reply] {
            if self.by_tuple.get(&tuple).is_some_and(|(owner, _)| *owner == id) {
                self.by_tuple.remove(&tuple);
            }
        }
    }

    /// Forgets the flow of a packet.
    pub fn forget(&mut self, tracked: &Tracked) {
        if let Some(id) = tracked.id {
            self.remove(id);
        }
    }

    /// Forgets the flows that were masqueraded for an interface which goes down, or for the one address that it loses.
    /// Source: Linux `net/netfilter/nf_nat_masquerade.c` (`masq_device_event`, `masq_inet_event`).
    pub fn forget_masqueraded(&mut self, dev: IfIndex, address: Option<Ipv4Addr>) {
        let of_it = |f: &Flow| f.masqueraded_by == Some(dev) && address.is_none_or(|a| f.reply.dst == a);
        let gone: Vec<u32> = self.flows.iter().filter(|(_, f)| of_it(f)).map(|(id, _)| *id).collect();
        for id in gone {
            self.remove(id);
        }
    }

    /// Forgets all flows (`conntrack -F`).
    pub fn flush(&mut self) {
        *self = Self { next: self.next, ..Self::default() };
    }
}

/// Whether a packet of no known flow may begin one: an answer without its question is invalid. An acknowledgement is
/// taken up in the middle (`nf_conntrack_tcp_loose`).
/// Source: Linux `net/netfilter/nf_conntrack_proto_icmp.c`, `nf_conntrack_proto_tcp.c` (`tcp_new`).
pub(crate) const fn begins_flow(packet: &Packet) -> bool {
    use crate::sim::packet::{Icmp, Payload, TcpFlags};
    match packet.payload {
        Payload::Icmp(Icmp::EchoReply { .. }) => false,
        Payload::Tcp { flags, .. } => matches!(flags, TcpFlags::Syn | TcpFlags::Ack),
        Payload::Icmp(_) | Payload::Udp { .. } => true,
    }
}

/// Whether a packet is a reset and the first answer of its flow. The kernel forgets such a flow at once; the reset
/// itself is still translated by it.
/// Source: Linux `net/netfilter/nf_conntrack_proto_tcp.c` (`nf_conntrack_tcp_packet`: `IPS_SEEN_REPLY`, `nf_ct_kill_acct`).
const fn refuses(tracked: &Tracked, packet: &Packet) -> bool {
    use crate::sim::packet::{Payload, TcpFlags};
    let reset = matches!(packet.payload, Payload::Tcp { flags: TcpFlags::Rst | TcpFlags::RstAck, .. });
    reset && matches!(tracked.direction, Direction::Reply) && !tracked.flow.seen_reply
}

/// Source: Linux `net/netfilter/nf_conntrack_proto_{tcp,udp}.c`.
fn advance(flow: &mut Flow, direction: Direction, packet: &Packet, now: Time) {
    use crate::sim::packet::{Payload, TcpFlags};
    let (answered, before) = (flow.seen_reply, flow.tcp);
    flow.seen_reply |= direction == Direction::Reply;
    if let Payload::Tcp { flags, .. } = packet.payload {
        flow.tcp = match (flags, direction) {
            (TcpFlags::Syn, _) => TcpState::SynSent,
            (TcpFlags::SynAck, _) => TcpState::SynRecv,
            (TcpFlags::Ack, _) => TcpState::Established,
            (TcpFlags::Rst | TcpFlags::RstAck, _) => TcpState::Close,
        };
    }
    flow.assured |= answered
        && match flow.original.protocol {
            Protocol::Tcp => {
                matches!(before, TcpState::SynRecv | TcpState::Established) && flow.tcp == TcpState::Established
            }
            Protocol::Udp => now > flow.since + STREAM_AFTER,
            Protocol::Icmp => false,
        };
    flow.expires = now + timeout(flow.original.protocol, flow.tcp, flow.assured);
}

impl Tracked {
    /// What an error is that a host sends about a packet of the flow: it is of that flow, in the table or not.
    /// Source: Linux `net/netfilter/nf_conntrack_core.c` (`nf_conntrack_attach`), `net/ipv4/icmp.c` (`icmp_glue_bits`).
    pub fn of_error(self) -> Option<Self> {
        let direction = match self.direction {
            Direction::Original => Direction::Reply,
            Direction::Reply => Direction::Original,
        };
        (self.state != CtState::Invalid).then_some(Self { state: CtState::Related, direction, ..self })
    }

    /// Whether the NAT rules are to be consulted: only for the first packet of a flow.
    pub const fn consults_rules(&self) -> bool {
        matches!(self.state, CtState::New) && self.id.is_none()
    }

    /// Whether a packet of a masqueraded flow is about to leave by another interface than the first one did.
    /// Source: Linux `net/netfilter/nf_nat_core.c` (`nf_nat_oif_changed`).
    pub fn leaves_elsewhere(&self, dev: IfIndex) -> bool {
        self.id.is_some()
            && matches!(self.state, CtState::New | CtState::Established)
            && self.direction == Direction::Original
            && self.flow.masqueraded_by.is_some_and(|first| first != dev)
    }

    /// Rewrites one end of a packet as the flow says. `true` when something changed.
    pub fn translate(&self, packet: &mut Packet, end: End) -> bool {
        match self.state {
            CtState::Invalid => false,
            CtState::Related => self.translate_error(packet, end),
            CtState::New | CtState::Established => {
                let Some(mut tuple) = packet.tuple() else { return false };
                let before = tuple;
                take_end(&mut tuple, self.flow.translated(self.direction), end);
                packet.rewrite(tuple);
                tuple != before
            }
        }
    }

    /// An ICMP error: the outer address, and in the quoted head the other end, which was translated on its way out.
    fn translate_error(&self, packet: &mut Packet, end: End) -> bool {
        let translated = self.flow.translated(self.direction);
        let quoted = match self.direction {
            Direction::Reply => self.flow.original,
            Direction::Original => self.flow.reply,
        };
        let before = packet.clone();
        match end {
            End::Destination => packet.dst = translated.dst,
            End::Source => {
                // Only the answerer itself is hidden behind a translated destination; a router keeps its address.
                let answerer = match self.direction {
                    Direction::Reply => self.flow.reply.src,
                    Direction::Original => self.flow.original.src,
                };
                if packet.src == answerer {
                    packet.src = translated.src;
                }
            }
        }
        if let Some(quote) = packet.quoted_mut() {
            let inner = match end {
                End::Destination => End::Source,
                End::Source => End::Destination,
            };
            take_end(&mut quote.tuple, quoted, inner);
        }
        *packet != before
    }
}

fn take_end(tuple: &mut Tuple, from: Tuple, end: End) {
    match end {
        End::Source => (tuple.src, tuple.src_port) = (from.src, from.src_port),
        End::Destination => (tuple.dst, tuple.dst_port) = (from.dst, from.dst_port),
    }
    if tuple.protocol == Protocol::Icmp {
        // Both ports of an echo tuple are the one identifier.
        let ident = if end == End::Source { tuple.src_port } else { tuple.dst_port };
        (tuple.src_port, tuple.dst_port) = (ident, ident);
    }
}
