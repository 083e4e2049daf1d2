//! The values of the options of a rule. Source: iptables 1.8.9.

use super::known::{MODULES, MODULES_NOT_SIMULATED, SERVICES, TARGETS, TARGETS_NOT_SIMULATED, is_chain_name};
use super::spec::{SpecError, not_simulated, refused};
use super::words::STATES;
use super::{Match, States};
use crate::sim::packet::{Protocol, Unreachable};
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// `None` for all addresses.
pub(super) fn network(text: &str, negated: bool) -> Result<Option<Ipv4Net>, SpecError> {
    if text.contains(',') {
        return not_simulated(text);
    }
    let (address, mask) = text.split_once('/').map_or((text, None), |(a, m)| (a, Some(m)));
    let Some(address) = address_of(address) else { return refused(format!("host/network `{text}' not found")) };
    let length = match mask {
        None => Some(32),
        Some(mask) if mask.contains('.') => mask.parse().ok().and_then(|m| ipnet::ipv4_mask_to_prefix(m).ok()),
        Some(mask) => mask.parse().ok().filter(|length| *length <= 32),
    };
    let net = length.and_then(|length| Ipv4Net::new(address, length).ok());
    match net {
        None => refused(format!("invalid mask `{}' specified", mask.unwrap_or_default())),
        Some(net) if net.prefix_len() == 0 && negated => not_simulated(format!("! {text}")),
        Some(net) => Ok((net.prefix_len() > 0).then(|| net.trunc())),
    }
}

/// Numbers that are missing at the end are 0.
fn address_of(text: &str) -> Option<Ipv4Addr> {
    let mut octets = [0; 4];
    for (at, part) in text.split('.').enumerate() {
        *octets.get_mut(at)? = part.parse().ok()?;
    }
    Some(octets.into())
}

pub(super) fn interface(name: &str) -> Result<Rc<str>, SpecError> {
    if name.len() > 15 {
        return refused(format!("interface name `{name}' must be shorter than IFNAMSIZ (15)"));
    }
    if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '/' | '"')) {
        return not_simulated(name);
    }
    Ok(name.into())
}

pub(super) fn protocol(text: &str) -> Result<Option<Protocol>, SpecError> {
    const OTHERS: &[&str] = &["sctp", "dccp", "udplite", "esp", "ah", "gre", "icmpv6", "ipv6-icmp", "igmp", "ipip"];
    let lower = text.to_ascii_lowercase();
    Ok(match lower.as_str() {
        "all" | "0" => None,
        "icmp" | "1" => Some(Protocol::Icmp),
        "tcp" | "6" => Some(Protocol::Tcp),
        "udp" | "17" => Some(Protocol::Udp),
        other if OTHERS.contains(&other) || other.parse::<u8>().is_ok() => return not_simulated(format!("-p {text}")),
        _ => return refused(format!("unknown protocol \"{text}\" specified")),
    })
}

pub(super) fn target_name(name: &str) -> Result<String, SpecError> {
    if TARGETS_NOT_SIMULATED.contains(&name) {
        return not_simulated(format!("-j {name}"));
    }
    if name.len() > 28 {
        return refused(format!("Invalid target name `{name}' (28 chars max)"));
    }
    if !TARGETS.contains(&name) && !is_chain_name(name) {
        return refused(format!("Invalid target name `{name}'"));
    }
    Ok(name.to_owned())
}

pub(super) fn module(name: &str) -> Result<&'static str, SpecError> {
    if let Some(known) = MODULES.iter().find(|m| **m == name) {
        return Ok(known);
    }
    if MODULES_NOT_SIMULATED.contains(&name) {
        return not_simulated(format!("-m {name}"));
    }
    refused(format!("Couldn't load match `{name}':No such file or directory\n"))
}

pub(super) fn port(text: &str) -> Result<u16, SpecError> {
    if text.contains(':') {
        return not_simulated(text);
    }
    let named = SERVICES.iter().find(|(name, _)| *name == text).map(|(_, port)| *port);
    let port = named.or_else(|| text.parse().ok());
    port.map_or_else(|| refused(format!("invalid port/service `{text}' specified")), Ok)
}

pub(super) fn icmp_type(text: &str) -> Result<u8, SpecError> {
    match text {
        "echo-reply" | "pong" => Ok(0),
        "destination-unreachable" => Ok(3),
        "echo-request" | "ping" => Ok(8),
        "time-exceeded" | "ttl-exceeded" => Ok(11),
        "any" => not_simulated("--icmp-type any"),
        other if other.contains('/') => not_simulated(format!("--icmp-type {other}")),
        other => other.parse().or_else(|_| refused(format!("Unknown ICMP type `{other}'"))),
    }
}

pub(super) fn dst_type(text: &str, negated: bool) -> Result<Match, SpecError> {
    const OTHERS: &[&str] = &["UNSPEC", "UNICAST", "BROADCAST", "ANYCAST", "MULTICAST", "BLACKHOLE", "UNREACHABLE"];
    match text {
        "LOCAL" => Ok(Match::DstLocal { negated }),
        other if OTHERS.contains(&other) => not_simulated(format!("--dst-type {other}")),
        other => refused(format!("addrtype: bad type \"{other}\"")),
    }
}

pub(super) fn states(text: &str, old: bool) -> Result<States, SpecError> {
    let mut bits = 0;
    for name in text.split(',') {
        let upper = name.to_ascii_uppercase();
        match STATES.iter().find(|(state, _)| *state == upper) {
            Some((_, bit)) => bits |= bit,
            None if matches!(upper.as_str(), "UNTRACKED" | "SNAT" | "DNAT") => return not_simulated(name),
            None if old => return refused(format!("Bad state \"{name}\"")),
            None => return refused(format!("Bad ctstate \"{name}\"")),
        }
    }
    Ok(States { bits, old })
}

pub(super) fn reject(text: &str) -> Result<Unreachable, SpecError> {
    Ok(match text {
        "icmp-net-unreachable" | "net-unreach" => Unreachable::Net,
        "icmp-host-unreachable" | "host-unreach" => Unreachable::Host,
        "icmp-port-unreachable" | "port-unreach" => Unreachable::Port,
        "icmp-admin-prohibited" | "admin-prohib" => Unreachable::Prohibited,
        "icmp-proto-unreachable"
        | "proto-unreach"
        | "icmp-net-prohibited"
        | "net-prohib"
        | "icmp-host-prohibited"
        | "host-prohib"
        | "tcp-reset"
        | "tcp-rst" => return not_simulated(format!("--reject-with {text}")),
        other => return refused(format!("unknown reject type \"{other}\"")),
    })
}

/// `ADDRESS` or `ADDRESS:PORT`.
pub(super) fn destination(text: &str) -> Result<(Ipv4Addr, Option<u16>), SpecError> {
    let (address, port) = text.split_once(':').map_or((text, None), |(address, port)| (address, Some(port)));
    if text.contains('-') && text.starts_with(|c: char| c.is_ascii_digit()) {
        return not_simulated(text);
    }
    let Ok(to) = address.parse() else { return refused(format!("Bad IP address \"{address}\"")) };
    match port.map(str::parse::<u16>) {
        None => Ok((to, None)),
        Some(Ok(port)) if port > 0 => Ok((to, Some(port))),
        Some(_) => refused(format!("Port `{}' not valid", port.unwrap_or_default())),
    }
}
