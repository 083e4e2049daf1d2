//! The packets that a person sends: ping, a datagram, a connection attempt.

use super::Engine;
use super::skb::Skb;
use crate::sim::ids::{HostId, LineageId};
use crate::sim::packet::{DEFAULT_TTL, Icmp, Packet, Payload, TcpFlags, Tuple};
use crate::sim::record::Cause;
use crate::sim::record::decision::Origin;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// Bytes behind the ICMP header of a standard `ping`. Source: ping(8).
pub const PING_BYTES: u16 = 56;

/// One packet to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    pub protocol: ProbeProtocol,
    /// Time to live, 1 to 255.
    #[serde(default = "default_ttl", skip_serializing_if = "is_default_ttl")]
    pub ttl: u8,
    /// Bytes behind the transport header (ping, UDP).
    #[serde(default = "default_len", skip_serializing_if = "is_default_len")]
    pub len: u16,
    /// Source port, or identifier of an echo request, to go on with a flow; a new one where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_port: Option<u16>,
    /// Whether it goes without the DF bit. Simplified: nothing is cut, so what is too long then goes whole.
    #[serde(default, skip_serializing_if = "is_off")]
    pub may_fragment: bool,
    /// Milliseconds to the next one, where several are sent; a second where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_ms: Option<u64>,
    /// Milliseconds that the sender waits behind the last one, whatever comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait_ms: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ProbeProtocol {
    Icmp,
    Udp { port: u16 },
    Tcp { port: u16 },
}

const fn default_ttl() -> u8 {
    DEFAULT_TTL
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_default_ttl(ttl: &u8) -> bool {
    *ttl == DEFAULT_TTL
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_off(on: &bool) -> bool {
    !*on
}

const fn default_len() -> u16 {
    PING_BYTES
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_default_len(len: &u16) -> bool {
    *len == PING_BYTES
}

impl Probe {
    /// An ordinary `ping`.
    pub const fn ping() -> Self {
        Self {
            protocol: ProbeProtocol::Icmp,
            ttl: DEFAULT_TTL,
            len: PING_BYTES,
            from_port: None,
            may_fragment: false,
            interval_ms: None,
            wait_ms: None,
        }
    }
}

impl Engine {
    /// Sends a probe; its handling begins at once. `ident` and `seq` are those of an echo request. Returns the
    /// packet's lineage.
    pub fn send_probe(&mut self, host: HostId, dst: Ipv4Addr, probe: Probe, ident: u16, seq: u16) -> Option<LineageId> {
        let source = self.probe_source(host, dst)?;
        let lineage = self.new_lineage(Cause::Action);
        let frame = self.new_frame(lineage, None);
        let host_state = self.host_mut(host)?;
        let port = probe.from_port.unwrap_or_else(|| host_state.sockets.ephemeral_port());
        let payload = payload(probe, port, probe.from_port.unwrap_or(ident), seq);
        let mut packet = Packet::new(source, dst, payload);
        packet.ttl = probe.ttl;
        packet.dont_fragment = !probe.may_fragment;
        packet.ident = host_state.take_ident();
        if let Some(tuple) = packet.tuple() {
            host_state.sockets.open(Tuple { src: packet.src, ..tuple }, packet.ttl);
        }
        self.send_local(Skb::local(host, frame, lineage, packet), Origin::Program);
        Some(lineage)
    }

    /// The source that the kernel picks when a program connects; unspecified where no route is.
    fn probe_source(&self, host: HostId, dst: Ipv4Addr) -> Option<Ipv4Addr> {
        let state = self.host(host)?;
        if state.is_local(dst) {
            return Some(dst);
        }
        let source = state.fib.best(dst).and_then(|route| {
            let dev = route.dev()?;
            state.source_address(route, dev, dst)
        });
        Some(source.unwrap_or(Ipv4Addr::UNSPECIFIED))
    }

    /// An identifier for the echo requests of one `ping`.
    pub fn echo_ident(&mut self) -> u16 {
        u16::try_from(self.world.rng.between(300, 32_000)).unwrap_or(300)
    }
}

const fn payload(probe: Probe, src_port: u16, ident: u16, seq: u16) -> Payload {
    match probe.protocol {
        ProbeProtocol::Icmp => Payload::Icmp(Icmp::EchoRequest { ident, seq, len: probe.len }),
        ProbeProtocol::Udp { port } => Payload::Udp { src_port, dst_port: port, len: probe.len },
        ProbeProtocol::Tcp { port } => Payload::Tcp { src_port, dst_port: port, flags: TcpFlags::Syn, seq: 0, ack: 0 },
    }
}
