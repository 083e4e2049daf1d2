//! Sends the packet of a probe as a program on the host would, and says how it ended for that program.

use super::netns::Netns;
use nix::errno::Errno;
use podhop::sim::engine::probe::{Probe, ProbeProtocol};
use podhop::sim::packet::Tuple;
use rustix::net::sockopt::{Ipv4PathMtuDiscovery, set_ip_mtu_discover};
use socket2::{Domain, Protocol, SockAddr, Socket, Type};
use std::io::{self, Read};
use std::net::{Ipv4Addr, SocketAddrV4};

/// How a probe ended, as the program sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Answered,
    Refused,
    /// ICMP type and code, and who sent it.
    Error {
        kind: u8,
        code: u8,
        from: Ipv4Addr,
    },
    Silent,
    /// The send call itself failed.
    Local(&'static str),
}

/// What is sent: the simulator has chosen ports and identifiers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shot {
    pub(crate) probe: Probe,
    pub(crate) tuple: Tuple,
    pub(crate) seq: u16,
}

/// A raw socket that sends echo requests and hears every ICMP message to this host.
#[derive(Debug)]
pub(crate) struct Icmp(pub(crate) Socket);

impl Icmp {
    pub(crate) fn open(netns: &Netns) -> Self {
        Self(netns.run(|| {
            let socket = Socket::new(Domain::IPV4, Type::RAW, Some(Protocol::ICMPV4)).unwrap();
            socket.set_header_included_v4(true).unwrap();
            socket.set_nonblocking(true).unwrap();
            socket
        }))
    }

    /// The messages that came since it was last asked, as IPv4 packets.
    pub(crate) fn take(&mut self) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        let mut buffer = vec![0; 65_536];
        while let Ok(length) = self.0.read(&mut buffer) {
            all.push(buffer[..length].to_vec());
        }
        all
    }

    fn send(&self, shot: &Shot) -> io::Result<()> {
        let length = usize::from(shot.probe.len);
        let mut packet = vec![0; 28 + length];
        // The kernel fills in length, identification, checksum and the source.
        (packet[0], packet[6], packet[8], packet[9]) = (0x45, 0x40, shot.probe.ttl, 1);
        packet[16..20].copy_from_slice(&shot.tuple.dst.octets());
        packet[20] = 8;
        packet[24..26].copy_from_slice(&shot.tuple.src_port.to_be_bytes());
        packet[26..28].copy_from_slice(&shot.seq.to_be_bytes());
        let sum = checksum(&packet[20..]);
        packet[22..24].copy_from_slice(&sum.to_be_bytes());
        self.0.send_to(&packet, &to(shot.tuple.dst, 0)).map(drop)
    }
}

fn to(address: Ipv4Addr, port: u16) -> SockAddr {
    SockAddr::from(SocketAddrV4::new(address, port))
}

fn checksum(bytes: &[u8]) -> u16 {
    let words = bytes.chunks(2).map(|w| u32::from(u16::from_be_bytes([w[0], w.get(1).copied().unwrap_or(0)])));
    let mut sum: u32 = words.sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).unwrap()
}

/// A packet that was sent, with the socket that waits.
#[derive(Debug)]
pub(crate) struct Sent {
    shot: Shot,
    pub(crate) socket: Option<Socket>,
    failed: Option<&'static str>,
}

/// Sends. The socket must live as long as no more frames than the exchange itself are wanted.
pub(crate) fn send(netns: &Netns, icmp: &Icmp, shot: Shot) -> Sent {
    let (result, socket) = match shot.probe.protocol {
        ProbeProtocol::Icmp => (icmp.send(&shot), None),
        ProbeProtocol::Udp { .. } | ProbeProtocol::Tcp { .. } => {
            let (result, socket) = netns.run(move || open(shot));
            (result, Some(socket))
        }
    };
    let failed = result.err().filter(|e| e.raw_os_error() != Some(Errno::EINPROGRESS as i32));
    Sent { shot, socket, failed: failed.map(|e| error_word(&e)) }
}

fn open(shot: Shot) -> (io::Result<()>, Socket) {
    let tcp = matches!(shot.probe.protocol, ProbeProtocol::Tcp { .. });
    let (kind, protocol) = if tcp { (Type::STREAM, Protocol::TCP) } else { (Type::DGRAM, Protocol::UDP) };
    let socket = Socket::new(Domain::IPV4, kind, Some(protocol)).unwrap();
    socket.set_nonblocking(true).unwrap();
    socket.set_reuse_address(true).unwrap();
    socket.set_ttl_v4(u32::from(shot.probe.ttl)).unwrap();
    // A probe goes with the DF bit: this program is one that has nothing cut, not even at home.
    set_ip_mtu_discover(&socket, Ipv4PathMtuDiscovery::DO).unwrap();
    let result = socket
        .bind(&to(Ipv4Addr::UNSPECIFIED, shot.tuple.src_port))
        .and_then(|()| socket.connect(&to(shot.tuple.dst, shot.tuple.dst_port)));
    if tcp || result.is_err() {
        return (result, socket);
    }
    (socket.send(&vec![0; usize::from(shot.probe.len)]).map(drop), socket)
}

fn error_word(error: &io::Error) -> &'static str {
    match error.raw_os_error().map(Errno::from_raw) {
        Some(Errno::ENETUNREACH) => "ENETUNREACH",
        Some(Errno::EHOSTUNREACH) => "EHOSTUNREACH",
        Some(Errno::EMSGSIZE) => "EMSGSIZE",
        Some(Errno::EINVAL) => "EINVAL",
        Some(Errno::ENETDOWN) => "ENETDOWN",
        Some(Errno::EPERM) => "EPERM",
        _ => panic!("{error}"),
    }
}

impl Sent {
    /// How it ended, with what the host's ICMP socket heard meanwhile.
    pub(crate) fn verdict(&self, heard: &[Vec<u8>]) -> Verdict {
        if let Some(word) = self.failed {
            return Verdict::Local(word);
        }
        let answered = match (self.shot.probe.protocol, &self.socket) {
            (ProbeProtocol::Icmp, _) => heard.iter().any(|p| self.is_reply(p)).then_some(Verdict::Answered),
            (ProbeProtocol::Udp { .. }, Some(socket)) => {
                let mut buffer = [std::mem::MaybeUninit::uninit(); 4];
                // The first answer of a connected socket may be the error that an ICMP message left.
                let got = socket.recv(&mut buffer).or_else(|_| socket.recv(&mut buffer));
                got.is_ok().then_some(Verdict::Answered)
            }
            (ProbeProtocol::Tcp { .. }, Some(socket)) => match socket.take_error().unwrap() {
                Some(e) if e.raw_os_error() == Some(Errno::ECONNREFUSED as i32) => Some(Verdict::Refused),
                // An error about what came later does not undo a connection; it is told here all the same.
                // Source: Linux `net/core/sock.c` (`SO_ERROR` takes `sk_err_soft` too).
                _ => socket.peer_addr().is_ok().then_some(Verdict::Answered),
            },
            _ => None,
        };
        answered.or_else(|| heard.iter().find_map(|p| self.error(p))).unwrap_or(Verdict::Silent)
    }

    fn is_reply(&self, packet: &[u8]) -> bool {
        packet.len() >= 28 && packet[20] == 0 && packet[24..26] == self.shot.tuple.src_port.to_be_bytes()
    }

    fn error(&self, packet: &[u8]) -> Option<Verdict> {
        let (kind, code) = (*packet.get(20)?, *packet.get(21)?);
        let quoted = packet.get(28..)?;
        let port_at = if quoted.get(9)? == &1 { 24 } else { 20 };
        let ours = quoted.get(port_at..port_at + 2)? == self.shot.tuple.src_port.to_be_bytes();
        let about = matches!(kind, 3 | 11) && ours && quoted.get(16..20)? == self.shot.tuple.dst.octets();
        let from: [u8; 4] = packet[12..16].try_into().ok()?;
        about.then(|| Verdict::Error { kind, code, from: from.into() })
    }
}
