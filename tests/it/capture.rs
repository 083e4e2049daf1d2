//! Frames as bytes: every one is read back by a decoder that knows nothing of ours.

use crate::fixture::{article, article_actions, ping, session};
use etherparse::{Icmpv4Slice, Ipv4Slice, NetSlice, SlicedPacket, TransportSlice};
use podhop::session::Session;
use podhop::sim::action::Action;
use podhop::sim::addr::Mac;
use podhop::sim::capture::{encode, pcap, points};
use podhop::sim::engine::probe::{Probe, ProbeProtocol};
use podhop::sim::ids::{FrameId, InterfaceId, LineageId};
use podhop::sim::packet::{Arp, ArpOp, Body, Frame, Icmp, Packet, Payload, TcpFlags, Unreachable};
use podhop::sim::time::Time;
use std::collections::BTreeSet;
use std::net::Ipv4Addr;

const A: Ipv4Addr = Ipv4Addr::new(10, 244, 1, 3);
const B: Ipv4Addr = Ipv4Addr::new(10, 244, 0, 6);

fn frame(body: Body) -> Frame {
    let (src, dst) = (Mac([2, 0, 0, 0, 0, 1]), Mac([2, 0, 0, 0, 0, 2]));
    Frame { id: FrameId(0), lineage: LineageId(0), src, dst, body }
}

fn packet(payload: Payload) -> Packet {
    Packet { ident: 7, dont_fragment: true, ..Packet::new(A, B, payload) }
}

fn echo(len: u16) -> Packet {
    packet(Payload::Icmp(Icmp::EchoRequest { ident: 0x1234, seq: 1, len }))
}

fn udp(len: u16) -> Packet {
    packet(Payload::Udp { src_port: 40_000, dst_port: 9, len })
}

fn tcp(flags: TcpFlags) -> Packet {
    packet(Payload::Tcp { src_port: 40_000, dst_port: 80, flags, seq: 5, ack: 6 })
}

fn error(about: &Packet, code: Option<Unreachable>) -> Packet {
    let quote = about.quote().unwrap();
    let icmp = code.map_or(Icmp::TimeExceeded { quote: quote.clone() }, |code| Icmp::Unreachable { code, quote });
    Packet::new(B, A, Payload::Icmp(icmp))
}

/// Reads a frame back, compares it with what went in, and checks every sum.
fn check(frame: &Frame) {
    let bytes = encode(frame);
    let sliced = SlicedPacket::from_ethernet(&bytes).unwrap_or_else(|e| panic!("{frame:?}: {e}"));
    let ethernet = sliced.link.unwrap().to_header().unwrap().ethernet2().unwrap();
    assert_eq!((ethernet.source, ethernet.destination), (frame.src.0, frame.dst.0));
    match (&frame.body, sliced.net.unwrap()) {
        (Body::Arp(arp), NetSlice::Arp(found)) => {
            let found = found.to_packet().try_eth_ipv4().unwrap();
            assert_eq!((found.sender_mac, found.target_mac), (arp.sender_mac.0, arp.target_mac.0));
            assert_eq!((found.sender_ipv4, found.target_ipv4), (arp.sender_ip.octets(), arp.target_ip.octets()));
            assert_eq!(found.operation.0, if arp.op == ArpOp::Request { 1 } else { 2 });
            assert_eq!(bytes.len(), 42);
        }
        (Body::Ip(packet), NetSlice::Ipv4(found)) => {
            assert_eq!(bytes.len(), 14 + usize::from(packet.total_len()), "{packet:?}");
            check_ip(packet, &found, &sliced.transport.unwrap());
        }
        (body, found) => panic!("{body:?} became {found:?}"),
    }
}

fn check_ip(packet: &Packet, found: &Ipv4Slice<'_>, transport: &TransportSlice<'_>) {
    let header = found.header().to_header();
    assert_eq!(header.calc_header_checksum(), header.header_checksum);
    assert_eq!((header.source, header.destination), (packet.src.octets(), packet.dst.octets()));
    assert_eq!((header.time_to_live, header.identification), (packet.ttl, packet.ident));
    assert_eq!((header.dont_fragment, header.total_len), (packet.dont_fragment, packet.total_len()));
    match (&packet.payload, transport) {
        (Payload::Icmp(icmp), TransportSlice::Icmpv4(found)) => check_icmp(icmp, found),
        (Payload::Udp { src_port, dst_port, len }, TransportSlice::Udp(udp)) => {
            let sum = udp.to_header().calc_checksum_ipv4_raw(header.source, header.destination, udp.payload());
            assert_eq!(sum.unwrap(), udp.checksum());
            assert_eq!((udp.source_port(), udp.destination_port()), (*src_port, *dst_port));
            assert_eq!(udp.payload().len(), usize::from(*len));
        }
        (Payload::Tcp { src_port, dst_port, flags, seq, ack }, TransportSlice::Tcp(tcp)) => {
            assert_eq!(tcp.calc_checksum_ipv4(header.source, header.destination).unwrap(), tcp.checksum());
            assert_eq!((tcp.source_port(), tcp.destination_port()), (*src_port, *dst_port));
            assert_eq!((tcp.sequence_number(), tcp.acknowledgment_number()), (*seq, *ack));
            let wanted = match flags {
                TcpFlags::Syn => (true, false, false),
                TcpFlags::SynAck => (true, true, false),
                TcpFlags::Ack => (false, true, false),
                TcpFlags::Rst => (false, false, true),
                TcpFlags::RstAck => (false, true, true),
            };
            assert_eq!((tcp.syn(), tcp.ack(), tcp.rst()), wanted);
        }
        (payload, found) => panic!("{payload:?} became {found:?}"),
    }
}

fn check_icmp(icmp: &Icmp, found: &Icmpv4Slice<'_>) {
    assert_eq!(found.icmp_type().calc_checksum(found.payload()), found.checksum());
    let kind = (found.type_u8(), found.code_u8());
    match icmp {
        Icmp::EchoRequest { len, .. } | Icmp::EchoReply { len, .. } => {
            assert_eq!(kind, (if matches!(icmp, Icmp::EchoRequest { .. }) { 8 } else { 0 }, 0));
            assert_eq!(found.payload().len(), usize::from(*len));
        }
        Icmp::TimeExceeded { quote } => {
            assert_eq!(kind, (11, 0));
            check_quote(found.payload(), quote.tuple.src, quote.tuple.dst);
        }
        Icmp::Unreachable { code, quote } => {
            assert_eq!(kind, (3, code.code()));
            check_quote(found.payload(), quote.tuple.src, quote.tuple.dst);
        }
    }
}

/// The quoted header with at least eight bytes behind it; its sum holds too.
fn check_quote(bytes: &[u8], src: Ipv4Addr, dst: Ipv4Addr) {
    let (header, rest) = etherparse::Ipv4Header::from_slice(bytes).unwrap();
    assert_eq!((header.source, header.destination), (src.octets(), dst.octets()));
    assert_eq!(header.calc_header_checksum(), header.header_checksum);
    assert!(rest.len() >= 8, "only {} bytes are quoted", rest.len());
}

/// The article's ping, and packets of every other kind on their way and back.
fn lively() -> Session {
    let send = |to: &str, protocol: ProbeProtocol, ttl: u8| Action::Send {
        from: "10.244.1.3".into(),
        to: to.into(),
        probe: Probe { protocol, ttl, ..Probe::ping() },
        count: 2,
    };
    let more = [
        ping("10.244.1.3", "10.244.0.6"),
        ping("10.244.1.3", "10.244.0.99"),
        send("10.244.0.6", ProbeProtocol::Tcp { port: 80 }, 64),
        send("10.244.0.6", ProbeProtocol::Tcp { port: 81 }, 64),
        send("10.244.0.6", ProbeProtocol::Udp { port: 9 }, 64),
        send("10.244.0.6", ProbeProtocol::Icmp, 1),
        send("10.0.0.5", ProbeProtocol::Udp { port: 9 }, 64),
    ];
    session(crate::fixture::ARTICLE_SEED, article_actions().into_iter().chain(more))
}

#[test]
fn every_frame_of_a_session_reads_back() {
    let session = lively();
    let steps = session.turns().iter().flat_map(|t| &t.record.steps);
    let frames: BTreeSet<String> = steps
        .flat_map(|s| [&s.before, &s.after])
        .flatten()
        .map(|frame| {
            check(frame);
            match &frame.body {
                Body::Arp(arp) => format!("{:?}", arp.op),
                Body::Ip(packet) => format!("{:?}", packet.payload).split_inclusive(['(', ' ']).take(2).collect(),
            }
        })
        .collect();
    // ARP both ways, echo both ways, two ICMP errors, UDP, TCP.
    assert!(frames.len() >= 8, "{frames:?}");
}

#[test]
fn frames_of_every_kind_read_back() {
    let arp = |op| Arp { op, sender_mac: Mac([2; 6]), sender_ip: A, target_mac: Mac::ZERO, target_ip: B };
    check(&frame(Body::Arp(arp(ArpOp::Request))));
    check(&frame(Body::Arp(arp(ArpOp::Reply))));
    let flags = [TcpFlags::Syn, TcpFlags::SynAck, TcpFlags::Ack, TcpFlags::Rst, TcpFlags::RstAck];
    let codes = [
        Unreachable::Net,
        Unreachable::Host,
        Unreachable::Port,
        Unreachable::FragmentationNeeded { mtu: 1400 },
        Unreachable::Prohibited,
    ];
    let mut packets: Vec<Packet> =
        [0, 1, 15, 16, 56, 1472, 65_507].into_iter().flat_map(|n| [echo(n), udp(n)]).collect();
    packets.push(packet(Payload::Icmp(Icmp::EchoReply { ident: 1, seq: 65_535, len: 57 })));
    packets.extend(flags.map(tcp));
    let about = [echo(0), echo(56), echo(1472), udp(0), udp(2000), tcp(TcpFlags::Syn)];
    packets.extend(about.iter().flat_map(|p| codes.map(|code| error(p, Some(code)))));
    packets.extend(about.iter().map(|p| error(p, None)));
    for packet in packets {
        check(&frame(Body::Ip(packet)));
    }
}

#[test]
fn a_ping_has_these_bytes() {
    let bytes = encode(&frame(Body::Ip(echo(20))));
    let hex: Vec<String> = bytes.iter().map(|b| format!("{b:02x}")).collect();
    let rows = [
        "02 00 00 00 00 02 02 00 00 00 00 01 08 00",
        // Length 48, identification 7, DF, TTL 64, ICMP.
        "45 00 00 30 00 07 40 00 40 01 23 d6 0a f4 01 03 0a f4 00 06",
        // Echo request with its identifier and number; no time, then the pattern from 10.
        "08 00 c3 a6 12 34 00 01",
        "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 10 11 12 13",
    ];
    assert_eq!(hex.join(" "), rows.join(" "));
}

#[test]
fn an_error_is_at_most_576_bytes_and_carries_the_mtu() {
    let too_big = error(&echo(1472), Some(Unreachable::FragmentationNeeded { mtu: 1400 }));
    let bytes = encode(&frame(Body::Ip(too_big)));
    assert_eq!(bytes.len(), 14 + 576);
    assert_eq!(bytes[15], 0xc0, "the kernel gives errors precedence");
    assert_eq!(bytes[34..42].iter().skip(4).copied().collect::<Vec<u8>>(), [0, 0, 0x05, 0x78]);
    // As tcpdump shows them: 92 for an error about a ping, 36 for one about 0 bytes of UDP.
    for (about, icmp_len) in [(echo(56), 92), (udp(0), 36), (udp(1), 37)] {
        assert_eq!(encode(&frame(Body::Ip(error(&about, None)))).len(), 34 + icmp_len);
    }
}

#[test]
fn a_capture_file_has_its_header_and_records() {
    let ping = frame(Body::Ip(echo(56)));
    let file = pcap::file([(Time(3_000_000_017), &ping), (Time(4_999_999_999), &ping)]);
    assert_eq!(file[..4], [0x4d, 0x3c, 0xb2, 0xa1]);
    assert_eq!(file[4..24], [2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0]);
    let number = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
    assert_eq!([24, 28, 32, 36].map(number), [3, 17, 98, 98]);
    assert_eq!([138, 142].map(number), [4, 999_999_999]);
    assert_eq!(file.len(), 24 + 2 * (16 + 98));
    assert_eq!(pcap::file([]).len(), 24);
}

#[test]
fn a_capture_of_all_points_has_each_frame_once_at_each_interface_in_order() {
    let mut session = article();
    session.act(ping("10.244.1.3", "10.244.0.6")).unwrap();
    let turn = session.turns().last().unwrap();
    let all = points::everywhere(&turn.record, &turn.world);
    assert!(all.windows(2).all(|w| w[0].1.time <= w[1].1.time));
    let mut keys = BTreeSet::new();
    assert!(all.iter().all(|(at, seen)| keys.insert((*at, seen.frame.id, seen.outgoing))));
    let ttls: Vec<u8> = all.iter().filter_map(|(_, s)| s.frame.body.packet()).map(|p| p.ttl).collect();
    // Pod, port and bridge at 64, both nodes' NICs at 63, bridge, port and pod at 62; the same on the way back.
    let way = [64, 64, 64, 63, 63, 62, 62, 62];
    assert_eq!(ttls, [way, way].concat());
    let sender = turn.world.host_at(A).unwrap();
    let eth0 = turn.world.hosts.get(sender).unwrap().interface_named("eth0").unwrap().index;
    let at = InterfaceId { host: sender, index: eth0 };
    let here: Vec<_> = all.iter().filter(|(point, _)| *point == at).map(|(_, seen)| seen.clone()).collect();
    assert_eq!(here, turn.record.seen_at(at));
}
