//! The capture filters that people type. Source: pcap-filter(7); libpcap 1.10 `grammar.y`, `gencode.c` (error texts).

use crate::sim::addr::Mac;
use crate::sim::packet::{Body, Frame, Payload, Protocol};
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// Deepest nesting of brackets.
const MAX_DEPTH: usize = 32;
/// Longest filter in words: its conditions nest as deep as they are many.
const MAX_WORDS: usize = 256;

/// Which end of a packet a condition looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum End {
    #[default]
    Any,
    Source,
    Destination,
    Both,
}

/// A filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    All,
    Arp,
    Ip,
    Protocol(Protocol),
    Net(End, Ipv4Net),
    /// From one port to another.
    Ports(End, u16, u16),
    Mac(End, Mac),
    Broadcast,
    Not(Box<Filter>),
    Both(Box<Filter>, Box<Filter>),
    Either(Box<Filter>, Box<Filter>),
}

/// What words before a name say of it; a name without them takes those of the name before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Qualifiers {
    protocol: Option<Of>,
    end: Option<End>,
    kind: Option<Kind>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Ether,
    Arp,
    Ip,
    Transport(Protocol),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Host,
    Net,
    Port,
    PortRange,
}

/// Words that are no names.
const SIGNS: &[&str] = &["and", "or", "not", "&&", "||", "!", "(", ")"];
const WORDS: &[&str] =
    &["ether", "arp", "ip", "icmp", "tcp", "udp", "src", "dst", "host", "net", "port", "portrange", "broadcast"];
const SYNTAX: &str = "can't parse filter expression: syntax error";

fn syntax<T>() -> Result<T, String> {
    Err(SYNTAX.to_owned())
}

/// Reads a filter from its words.
pub(super) fn parse(words: &[&str]) -> Result<Filter, String> {
    let mut text = words.join(" ");
    for sign in ["(", ")", "&&", "||", "!"] {
        text = text.replace(sign, &format!(" {sign} "));
    }
    let tokens: Vec<&str> = text.split_whitespace().collect();
    if tokens.is_empty() {
        return Ok(Filter::All);
    }
    if tokens.len() > MAX_WORDS {
        return Err("filter expression is too long".to_owned());
    }
    let mut parser = Parser { tokens: &tokens, at: 0, depth: 0, last: None };
    let filter = parser.list()?;
    if parser.at == tokens.len() { Ok(filter) } else { syntax() }
}

struct Parser<'a> {
    tokens: &'a [&'a str],
    at: usize,
    depth: usize,
    last: Option<Qualifiers>,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.tokens.get(self.at).copied()
    }

    fn next(&mut self) -> Result<&'a str, String> {
        let token = self.peek().ok_or_else(|| SYNTAX.to_owned())?;
        self.at += 1;
        Ok(token)
    }

    fn eat(&mut self, words: &[&str]) -> bool {
        let found = self.peek().is_some_and(|word| words.contains(&word));
        self.at += usize::from(found);
        found
    }

    /// `and` and `or` bind alike, from the left.
    fn list(&mut self) -> Result<Filter, String> {
        let mut left = self.one()?;
        loop {
            if self.eat(&["and", "&&"]) {
                left = Filter::Both(Box::new(left), Box::new(self.one()?));
            } else if self.eat(&["or", "||"]) {
                left = Filter::Either(Box::new(left), Box::new(self.one()?));
            } else {
                return Ok(left);
            }
        }
    }

    fn one(&mut self) -> Result<Filter, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("filter expression nests too deeply".to_owned());
        }
        let filter = if self.eat(&["not", "!"]) {
            Filter::Not(Box::new(self.one()?))
        } else if self.eat(&["("]) {
            let inner = self.list()?;
            if !self.eat(&[")"]) {
                return syntax();
            }
            inner
        } else {
            self.primitive()?
        };
        self.depth -= 1;
        Ok(filter)
    }

    fn qualifiers(&mut self) -> Qualifiers {
        let protocol = self.peek().and_then(|word| {
            Some(match word {
                "ether" => Of::Ether,
                "arp" => Of::Arp,
                "ip" => Of::Ip,
                "icmp" => Of::Transport(Protocol::Icmp),
                "tcp" => Of::Transport(Protocol::Tcp),
                "udp" => Of::Transport(Protocol::Udp),
                _ => return None,
            })
        });
        self.at += usize::from(protocol.is_some());
        let (end, words) = match self.tokens.get(self.at..).unwrap_or_default() {
            ["src", "or", "dst", ..] | ["dst", "or", "src", ..] => (Some(End::Any), 3),
            ["src", "and", "dst", ..] | ["dst", "and", "src", ..] => (Some(End::Both), 3),
            ["src", ..] => (Some(End::Source), 1),
            ["dst", ..] => (Some(End::Destination), 1),
            _ => (None, 0),
        };
        self.at += words;
        let kind = self.peek().and_then(|word| {
            Some(match word {
                "host" => Kind::Host,
                "net" => Kind::Net,
                "port" => Kind::Port,
                "portrange" => Kind::PortRange,
                _ => return None,
            })
        });
        self.at += usize::from(kind.is_some());
        Qualifiers { protocol, end, kind }
    }

    fn primitive(&mut self) -> Result<Filter, String> {
        let said = self.qualifiers();
        let bare = said.end.is_none() && said.kind.is_none();
        if matches!(said.protocol, None | Some(Of::Ether)) && bare && self.eat(&["broadcast"]) {
            return Ok(Filter::Broadcast);
        }
        let name = self.peek().filter(|word| !SIGNS.contains(word));
        if let (Some(of), true, None) = (said.protocol, bare, name) {
            return match of {
                Of::Ether => syntax(),
                of => Ok(of.filter()),
            };
        }
        let qualifiers = match (said == Qualifiers::default(), self.last) {
            (true, Some(last)) => last,
            (true, None) => return syntax(),
            (false, _) => said,
        };
        let name = self.next()?;
        if SIGNS.contains(&name) || WORDS.contains(&name) {
            return syntax();
        }
        self.last = Some(qualifiers);
        named(qualifiers, said == Qualifiers::default(), name)
    }
}

impl Of {
    const fn filter(self) -> Filter {
        match self {
            Of::Arp => Filter::Arp,
            Of::Ip => Filter::Ip,
            Of::Transport(protocol) => Filter::Protocol(protocol),
            Of::Ether => Filter::All,
        }
    }
}

/// The condition that a name is, with what was said before it; `bare` where nothing was.
fn named(said: Qualifiers, bare: bool, name: &str) -> Result<Filter, String> {
    let end = said.end.unwrap_or_default();
    let kind = said.kind.unwrap_or(Kind::Host);
    let condition = match (kind, said.protocol) {
        (Kind::Host, Some(Of::Ether)) => {
            let mac = name.parse().map_err(|()| format!("unknown ether host '{name}'"))?;
            return Ok(Filter::Mac(end, mac));
        }
        (Kind::Host | Kind::Net, Some(Of::Transport(protocol))) => {
            let of = if kind == Kind::Host { "host" } else { "net" };
            return Err(format!("'{}' modifier applied to {of}", protocol.name()));
        }
        (Kind::Host, _) => Filter::Net(end, host(name, bare)?.into()),
        (Kind::Net, _) => Filter::Net(end, net(name)?),
        (Kind::Port, _) => {
            let port = port(name)?;
            Filter::Ports(end, port, port)
        }
        (Kind::PortRange, _) => {
            let ends = name.split_once('-').and_then(|(a, b)| a.parse().ok().zip(b.parse().ok()));
            let (first, last) = ends.ok_or_else(|| format!("unknown port in range '{name}'"))?;
            Filter::Ports(end, first, last)
        }
    };
    Ok(match said.protocol {
        Some(of) => Filter::Both(Box::new(of.filter()), Box::new(condition)),
        None => condition,
    })
}

fn host(name: &str, bare: bool) -> Result<Ipv4Addr, String> {
    if let Ok(address) = name.parse() {
        return Ok(address);
    }
    if bare {
        return syntax();
    }
    let numbers = name.contains('.') && name.chars().all(|c| c.is_ascii_digit() || c == '.');
    Err(if name.contains('/') {
        "Mask syntax for networks only".to_owned()
    } else if numbers {
        format!("invalid IPv4 address '{name}'")
    } else {
        format!("unknown host '{name}'")
    })
}

/// A network, also with fewer than four numbers.
fn net(name: &str) -> Result<Ipv4Net, String> {
    let (numbers, len) = name.split_once('/').map_or((name, None), |(n, l)| (n, Some(l)));
    let given: Vec<Option<u8>> = numbers.split('.').map(|part| part.parse().ok()).collect();
    let unknown = || format!("unknown network '{name}'");
    if given.len() > 4 || given.contains(&None) {
        return Err(unknown());
    }
    let mut octets = [0; 4];
    for (octet, number) in octets.iter_mut().zip(given.iter().flatten()) {
        *octet = *number;
    }
    let len = match len {
        Some(text) => text.parse().map_err(|_| SYNTAX.to_owned())?,
        None => u8::try_from(given.len() * 8).unwrap_or(32),
    };
    let net = Ipv4Net::new(Ipv4Addr::from(octets), len).map_err(|_| "mask length must be <= 32".to_owned())?;
    if net.trunc() == net { Ok(net) } else { Err(format!("non-network bits set in \"{name}\"")) }
}

/// A port by its number, or by the names of those that podhop has something to say of.
fn port(name: &str) -> Result<u16, String> {
    match name {
        "http" => return Ok(80),
        "https" => return Ok(443),
        "domain" => return Ok(53),
        "ssh" => return Ok(22),
        _ => {}
    }
    match name.parse::<u64>() {
        Ok(number) => u16::try_from(number).map_err(|_| format!("illegal port number {number} > 65535")),
        Err(_) => Err(format!("unknown port '{name}'")),
    }
}

impl End {
    fn picks<T: Copy>(self, source: T, destination: T, holds: impl Fn(T) -> bool) -> bool {
        match self {
            End::Any => holds(source) || holds(destination),
            End::Source => holds(source),
            End::Destination => holds(destination),
            End::Both => holds(source) && holds(destination),
        }
    }
}

impl Filter {
    /// Whether a frame passes.
    pub(super) fn holds(&self, frame: &Frame) -> bool {
        match self {
            Filter::All => true,
            Filter::Arp => matches!(frame.body, Body::Arp(_)),
            Filter::Ip => matches!(frame.body, Body::Ip(_)),
            Filter::Protocol(wanted) => frame.body.packet().is_some_and(|p| p.protocol() == *wanted),
            Filter::Net(end, net) => {
                let (source, destination) = match &frame.body {
                    Body::Ip(packet) => (packet.src, packet.dst),
                    Body::Arp(arp) => (arp.sender_ip, arp.target_ip),
                };
                end.picks(source, destination, |address| net.contains(&address))
            }
            Filter::Ports(end, first, last) => {
                let ports = frame.body.packet().and_then(|packet| match packet.payload {
                    Payload::Udp { src_port, dst_port, .. } | Payload::Tcp { src_port, dst_port, .. } => {
                        Some((src_port, dst_port))
                    }
                    Payload::Icmp(_) => None,
                });
                let range = (*first).min(*last)..=(*first).max(*last);
                ports.is_some_and(|(source, destination)| end.picks(source, destination, |p| range.contains(&p)))
            }
            Filter::Mac(end, mac) => end.picks(frame.src, frame.dst, |m| m == *mac),
            Filter::Broadcast => frame.dst == Mac::BROADCAST,
            Filter::Not(inner) => !inner.holds(frame),
            Filter::Both(a, b) => a.holds(frame) && b.holds(frame),
            Filter::Either(a, b) => a.holds(frame) || b.holds(frame),
        }
    }
}
