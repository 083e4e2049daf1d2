//! What a frame carries, field by field, before and after.

use crate::sim::addr::Mac;
use crate::sim::host::neighbor::Resolution;
use crate::sim::packet::{Arp, ArpOp, Body, Frame, Icmp, Packet, Payload, TcpFlags};
use crate::sim::record::Step;
use crate::sim::record::decision::Decision;

/// One field of the strip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Id of the word for it.
    pub label: &'static str,
    /// The value that it had, when it is another now.
    pub before: Option<String>,
    pub after: String,
}

/// Fields of the frame of a step. `before` is the frame as the step shown before left it.
pub fn of_step(before: Option<&Frame>, step: &Step) -> Vec<Field> {
    let Some(frame) = step.after.as_ref().or(step.before.as_ref()) else { return Vec::new() };
    let asks = matches!(&step.decision, Decision::Resolve { resolution: Resolution::Ask | Resolution::Wait, .. });
    if !asks {
        return fields(before, frame);
    }
    // Whom it goes to is not known yet: what the frame still has is whom it came to.
    let mut waiting = frame.clone();
    waiting.dst = Mac::ZERO;
    fields(before, &waiting)
}

/// Fields of a frame. `before` is the frame as the step shown before left it.
pub fn fields(before: Option<&Frame>, after: &Frame) -> Vec<Field> {
    let old = before.filter(|b| kind(b) == kind(after)).map(values);
    let new = values(after);
    let old_of = |label: &str| old.iter().flatten().find(|(l, _)| *l == label).map(|(_, v)| v.clone());
    new.into_iter()
        .map(|(label, after)| {
            let before = old_of(label).filter(|b| *b != after);
            Field { label, before, after }
        })
        .collect()
}

const fn kind(frame: &Frame) -> bool {
    matches!(frame.body, Body::Arp(_))
}

fn values(frame: &Frame) -> Vec<(&'static str, String)> {
    let mut out = vec![("eth-dst", mac(frame.dst)), ("eth-src", mac(frame.src))];
    match &frame.body {
        Body::Arp(arp) => arp_values(arp, &mut out),
        Body::Ip(packet) => ip_values(packet, &mut out),
    }
    out
}

/// An address that is not written yet is shown as such.
fn mac(mac: Mac) -> String {
    if mac == Mac::ZERO { "—".to_owned() } else { mac.to_string() }
}

fn arp_values(arp: &Arp, out: &mut Vec<(&'static str, String)>) {
    let op = match arp.op {
        ArpOp::Request => "1 request",
        ArpOp::Reply => "2 reply",
    };
    out.push(("lab-arp-op", op.to_owned()));
    out.push(("lab-arp-sender", format!("{} {}", arp.sender_ip, mac(arp.sender_mac))));
    out.push(("lab-arp-target", format!("{} {}", arp.target_ip, mac(arp.target_mac))));
}

fn ip_values(packet: &Packet, out: &mut Vec<(&'static str, String)>) {
    out.push(("ip-src", packet.src.to_string()));
    out.push(("ip-dst", packet.dst.to_string()));
    out.push(("ip-ttl", packet.ttl.to_string()));
    out.push(match &packet.payload {
        Payload::Icmp(icmp) => ("lab-icmp", icmp_value(icmp)),
        Payload::Udp { src_port, dst_port, .. } => ("lab-udp", format!("{src_port} → {dst_port}")),
        Payload::Tcp { src_port, dst_port, flags, .. } => {
            ("lab-tcp", format!("{src_port} → {dst_port} {}", flags_value(*flags)))
        }
    });
}

const fn flags_value(flags: TcpFlags) -> &'static str {
    match flags {
        TcpFlags::Syn => "SYN",
        TcpFlags::SynAck => "SYN ACK",
        TcpFlags::Ack => "ACK",
        TcpFlags::Rst => "RST",
        TcpFlags::RstAck => "RST ACK",
    }
}

/// As `tcpdump` prints ICMP.
fn icmp_value(icmp: &Icmp) -> String {
    match icmp {
        Icmp::EchoRequest { ident, seq, .. } => format!("echo request id {ident} seq {seq}"),
        Icmp::EchoReply { ident, seq, .. } => format!("echo reply id {ident} seq {seq}"),
        Icmp::TimeExceeded { .. } => "type 11 time exceeded".to_owned(),
        Icmp::Unreachable { code, .. } => format!("type 3 code {}", code.code()),
    }
}
