//! A frame as both sides can have it: all that follows from the rules, nothing that is left to chance.
//! Left out: IP identification, sequence numbers, options, windows and checksums of TCP, and data.

use std::fmt;
use std::net::Ipv4Addr;

/// One frame, in the order of its fields, as text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Line(String);

const IGMP: u8 = 2;

impl Line {
    /// `None` for what is neither ARP nor IPv4, and for IGMP, which the simulator has not.
    pub(crate) fn read(frame: &[u8]) -> Option<Self> {
        let macs = format!("{} > {}", mac(frame.get(6..12)?), mac(&frame[..6]));
        let body = frame.get(14..)?;
        let text = match (frame[12], frame[13]) {
            (8, 0) if body.get(9) != Some(&IGMP) => packet(body)?,
            (8, 6) => arp(body)?,
            _ => return None,
        };
        Some(Self(format!("{macs} {text}")))
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn mac(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(":")
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]))
}

fn address(bytes: &[u8], at: usize) -> Option<Ipv4Addr> {
    let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(Ipv4Addr::from(four))
}

fn arp(body: &[u8]) -> Option<String> {
    let op = if word(body, 6)? == 1 { "request" } else { "reply" };
    let (sender, target) = (mac(body.get(8..14)?), mac(body.get(18..24)?));
    Some(format!("arp {op} sender {} {sender} target {} {target}", address(body, 14)?, address(body, 24)?))
}

/// An IPv4 packet. The length of a TCP segment, and of an error about one, is left out: the kernel adds options.
fn packet(body: &[u8]) -> Option<String> {
    let head = usize::from(body.first()? & 15) * 4;
    let (protocol, ttl, tos) = (*body.get(9)?, body[8], body[1]);
    let fragment = word(body, 6)?;
    let df = if fragment & 0x4000 == 0 { "" } else { " DF" };
    let about_tcp = protocol == 1 && matches!(body.get(head), Some(3 | 11)) && body.get(head + 17) == Some(&6);
    let length = if protocol == 6 || about_tcp { String::new() } else { format!(" len {}", word(body, 2)?) };
    let (src, dst) = (address(body, 12)?, address(body, 16)?);
    // Behind the DF bit: whether more pieces follow, and where this one belongs.
    let piece = fragment & 0x3fff;
    let pieces = if piece > 0 { format!(" fragment {piece}") } else { String::new() };
    let payload = payload(protocol, body.get(head..)?)?;
    Some(format!("{src} > {dst} ttl {ttl} tos {tos:#x}{df}{length}{pieces} {payload}"))
}

fn payload(protocol: u8, body: &[u8]) -> Option<String> {
    match protocol {
        1 => icmp(body),
        6 => Some(format!("tcp {} > {} flags {}", word(body, 0)?, word(body, 2)?, flags(*body.get(13)?))),
        17 => Some(format!("udp {} > {} len {}", word(body, 0)?, word(body, 2)?, word(body, 4)?)),
        other => Some(format!("protocol {other}")),
    }
}

fn flags(bits: u8) -> String {
    let all = [(2, 'S'), (16, 'A'), (4, 'R'), (1, 'F'), (8, 'P')];
    all.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, letter)| *letter).collect()
}

fn icmp(body: &[u8]) -> Option<String> {
    let (kind, code) = (*body.first()?, *body.get(1)?);
    Some(match kind {
        0 | 8 => format!("icmp {kind}/{code} id {} seq {}", word(body, 4)?, word(body, 6)?),
        3 | 11 => {
            let mtu = if (kind, code) == (3, 4) { format!(" mtu {}", word(body, 6)?) } else { String::new() };
            format!("icmp {kind}/{code}{mtu} about [{}]", quote(body.get(8..)?)?)
        }
        _ => format!("icmp {kind}/{code}"),
    })
}

/// The head of a quoted packet: as much of it as any error must quote.
fn quote(body: &[u8]) -> Option<String> {
    let protocol = *body.get(9)?;
    let (src, dst, ttl) = (address(body, 12)?, address(body, 16)?, body[8]);
    let df = if word(body, 6)? & 0x4000 == 0 { "" } else { " DF" };
    let rest = match protocol {
        1 => format!("icmp {}/{} id {} seq {}", body.get(20)?, body.get(21)?, word(body, 24)?, word(body, 26)?),
        6 | 17 => format!("protocol {protocol} {} > {}", word(body, 20)?, word(body, 22)?),
        other => format!("protocol {other}"),
    };
    Some(format!("{src} > {dst} ttl {ttl}{df} {rest}"))
}
