//! The capture filters that people type. Source: pcap-filter(7).

use crate::sim::packet::{Body, Frame, Payload, Protocol};
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// Deepest nesting of brackets.
const MAX_DEPTH: usize = 32;
/// Longest filter in words: its conditions nest as deep as they are many.
const MAX_WORDS: usize = 256;

/// Which end of a packet a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Any,
    Source,
    Destination,
}

/// A filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    All,
    Arp,
    Ip,
    Protocol(Protocol),
    Net(End, Ipv4Net),
    Port(End, u16),
    Not(Box<Filter>),
    Both(Box<Filter>, Box<Filter>),
    Either(Box<Filter>, Box<Filter>),
}

/// Reads a filter from its words.
pub(super) fn parse(words: &[&str]) -> Result<Filter, String> {
    let text = words.join(" ").replace('(', " ( ").replace(')', " ) ").replace("&&", " and ").replace("||", " or ");
    let tokens: Vec<&str> = text.split_whitespace().collect();
    if tokens.is_empty() {
        return Ok(Filter::All);
    }
    if tokens.len() > MAX_WORDS {
        return Err("filter expression is too long".to_owned());
    }
    let mut parser = Parser { tokens: &tokens, at: 0, depth: 0 };
    let filter = parser.either()?;
    if parser.at == tokens.len() { Ok(filter) } else { Err("syntax error in filter expression".to_owned()) }
}

struct Parser<'a> {
    tokens: &'a [&'a str],
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.tokens.get(self.at).copied()
    }

    fn next(&mut self) -> Result<&'a str, String> {
        let token = self.peek().ok_or_else(|| "syntax error in filter expression".to_owned())?;
        self.at += 1;
        Ok(token)
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.peek() == Some(word);
        self.at += usize::from(found);
        found
    }

    fn either(&mut self) -> Result<Filter, String> {
        let mut left = self.both()?;
        while self.eat("or") {
            left = Filter::Either(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<Filter, String> {
        let mut left = self.one()?;
        while self.eat("and") {
            left = Filter::Both(Box::new(left), Box::new(self.one()?));
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<Filter, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("filter expression nests too deeply".to_owned());
        }
        let filter = match self.next()? {
            "not" | "!" => Filter::Not(Box::new(self.one()?)),
            "(" => {
                let inner = self.either()?;
                if !self.eat(")") {
                    return Err("syntax error in filter expression".to_owned());
                }
                inner
            }
            "arp" => Filter::Arp,
            "ip" => Filter::Ip,
            "icmp" => Filter::Protocol(Protocol::Icmp),
            "tcp" => self.with_ports(Protocol::Tcp)?,
            "udp" => self.with_ports(Protocol::Udp)?,
            "src" => self.primitive(End::Source)?,
            "dst" => self.primitive(End::Destination)?,
            _ => {
                self.at -= 1;
                self.primitive(End::Any)?
            }
        };
        self.depth -= 1;
        Ok(filter)
    }

    /// `tcp port 80` says both.
    fn with_ports(&mut self, protocol: Protocol) -> Result<Filter, String> {
        let own = Filter::Protocol(protocol);
        if self.peek() == Some("port") {
            return Ok(Filter::Both(Box::new(own), Box::new(self.primitive(End::Any)?)));
        }
        Ok(own)
    }

    fn primitive(&mut self, end: End) -> Result<Filter, String> {
        match self.next()? {
            "host" => {
                let word = self.next()?;
                word.parse::<Ipv4Addr>()
                    .map(|a| Filter::Net(end, a.into()))
                    .map_err(|_| format!("unknown host '{word}'"))
            }
            "net" => {
                let word = self.next()?;
                word.parse().map(|n| Filter::Net(end, n)).map_err(|_| format!("unknown network '{word}'"))
            }
            "port" => {
                let word = self.next()?;
                word.parse().map(|p| Filter::Port(end, p)).map_err(|_| format!("unknown port '{word}'"))
            }
            word => match word.parse::<Ipv4Addr>() {
                Ok(address) => Ok(Filter::Net(end, address.into())),
                Err(_) => Err("syntax error in filter expression".to_owned()),
            },
        }
    }
}

impl End {
    fn picks<T: Copy>(self, source: T, destination: T, holds: impl Fn(T) -> bool) -> bool {
        match self {
            End::Any => holds(source) || holds(destination),
            End::Source => holds(source),
            End::Destination => holds(destination),
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
            Filter::Port(end, port) => {
                let ports = frame.body.packet().and_then(|packet| match packet.payload {
                    Payload::Udp { src_port, dst_port, .. } | Payload::Tcp { src_port, dst_port, .. } => {
                        Some((src_port, dst_port))
                    }
                    Payload::Icmp(_) => None,
                });
                ports.is_some_and(|(source, destination)| end.picks(source, destination, |p| p == *port))
            }
            Filter::Not(inner) => !inner.holds(frame),
            Filter::Both(a, b) => a.holds(frame) && b.holds(frame),
            Filter::Either(a, b) => a.holds(frame) || b.holds(frame),
        }
    }
}
