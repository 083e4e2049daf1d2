//! Rules, groups and flows out of one line of text each.

use ipnet::Ipv4Net;
use podhop::sim::fabric::effective_routes::{EffectiveRoutes, RouteTable, UserNextHop, UserRoute};
use podhop::sim::fabric::nsg::{
    Access, AddressMatch, Direction, Nsg, PortMatch, PortRange, RuleProtocol, SecurityRule, ServiceTag, Tags,
};
use podhop::sim::packet::{Protocol, Tuple};
use std::net::Ipv4Addr;

use Direction::{Inbound, Outbound};
use RuleProtocol::{Ah, Any, Esp, Icmp, Tcp, Udp};
use ServiceTag::{AzureLoadBalancer, AzurePlatformDns, AzurePlatformImds, Internet, VirtualNetwork};

const PROTOCOLS: [RuleProtocol; 6] = [Any, Tcp, Udp, Icmp, Esp, Ah];
const TAGS: [ServiceTag; 5] = [VirtualNetwork, AzureLoadBalancer, Internet, AzurePlatformDns, AzurePlatformImds];

pub(super) fn ip(text: &str) -> Ipv4Addr {
    text.parse().unwrap()
}

pub(super) fn net(text: &str) -> Ipv4Net {
    text.parse().unwrap()
}

pub(super) fn nets(text: &str) -> Vec<Ipv4Net> {
    text.split_whitespace().map(net).collect()
}

/// `*`, a tag, or prefixes.
pub(super) fn addresses(text: &str) -> AddressMatch {
    match (text, TAGS.into_iter().find(|tag| tag.code() == text)) {
        ("*", _) => AddressMatch::Any,
        (_, Some(tag)) => AddressMatch::Tag(tag),
        _ => AddressMatch::Prefixes(nets(text).into()),
    }
}

/// `*`, or ports and ranges.
pub(super) fn ports(text: &str) -> PortMatch {
    let range = |entry: &str| {
        let (first, last) = entry.split_once('-').unwrap_or((entry, entry));
        PortRange { first: first.parse().unwrap(), last: last.parse().unwrap() }
    };
    if text == "*" { PortMatch::Any } else { PortMatch::Ranges(text.split_whitespace().map(range).collect()) }
}

/// `NAME PRIORITY DIRECTION ACCESS PROTOCOL`, then source, destination and destination ports.
pub(super) fn rule(head: &str, source: &str, destination: &str, to_ports: &str) -> SecurityRule {
    let [name, priority, direction, access, protocol] = head.split(' ').collect::<Vec<_>>()[..] else { panic!() };
    SecurityRule {
        protocol: PROTOCOLS.into_iter().find(|p| p.code() == protocol).unwrap(),
        source: addresses(source),
        destination: addresses(destination),
        destination_ports: ports(to_ports),
        ..SecurityRule::new(
            name,
            priority.parse().unwrap(),
            if direction == "In" { Inbound } else { Outbound },
            if access == "Allow" { Access::Allow } else { Access::Deny },
        )
    }
}

pub(super) fn group(rules: &[SecurityRule]) -> Nsg {
    let mut nsg = Nsg::new("nsg");
    for rule in rules {
        nsg.put(rule.clone()).unwrap();
    }
    nsg
}

/// `PROTOCOL SOURCE[:PORT] DESTINATION[:PORT]`.
pub(super) fn flow(text: &str) -> Tuple {
    let [protocol, src, dst] = text.split(' ').collect::<Vec<_>>()[..] else { panic!() };
    let end = |text: &str| {
        let (address, port) = text.split_once(':').unwrap_or((text, "0"));
        (ip(address), port.parse().unwrap())
    };
    let ((src, src_port), (dst, dst_port)) = (end(src), end(dst));
    let protocol = [("tcp", Protocol::Tcp), ("udp", Protocol::Udp), ("icmp", Protocol::Icmp)]
        .into_iter()
        .find_map(|(name, p)| (name == protocol).then_some(p));
    Tuple { protocol: protocol.unwrap(), src, src_port, dst, dst_port }
}

pub(super) fn subnet(vnet: &str, user_prefixes: &str) -> EffectiveRoutes {
    let mut table = RouteTable::new("rt");
    for prefix in nets(user_prefixes) {
        let name = prefix.to_string().replace('/', "-").as_str().into();
        table.put(UserRoute { name, prefix, next_hop: UserNextHop::VirtualAppliance(ip("10.0.0.4")) }).unwrap();
    }
    EffectiveRoutes::new(&nets(vnet), Some(table))
}

/// `ACCESS RULE`, or `ACCESS platform`.
pub(super) fn verdict(nsg: &Nsg, routes: &EffectiveRoutes, direction: Direction, text: &str) -> String {
    let verdict = nsg.evaluate(direction, &flow(text), Tags::of(routes));
    let by = verdict.rule().map_or("platform", |rule| &rule.name);
    format!("{} {by}", verdict.access.code())
}
