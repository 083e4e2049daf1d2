//! Rows of tables as text and by column.

use super::evidence::Row;
use crate::sim::addr::Mac;
use crate::sim::fabric::effective_routes::EffectiveRoute;
use crate::sim::fabric::nic::Unified;
use crate::sim::fabric::nsg::{AddressMatch, PortMatch, SecurityRule};
use crate::sim::host::Host;
use crate::sim::host::conntrack::Flow;
use crate::sim::host::ebtables::EbRule;
use crate::sim::host::fib::{Route, RouteKind, RouteProto, RouteScope};
use crate::sim::host::neighbor::NeighborState;
use crate::sim::host::netfilter::{RuleTried, TableName};
use crate::sim::ids::IfIndex;
use crate::sim::packet::{Protocol, Tuple};
use crate::view::inspector;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

fn row(text: String, columns: impl IntoIterator<Item = (&'static str, String)>) -> Row {
    Row { row: text, columns: columns.into_iter().filter(|(_, value)| !value.is_empty()).collect(), why: None }
}

fn dev_name(host: &Host, dev: IfIndex) -> String {
    host.interface(dev).map_or_else(|| format!("if{}", dev.0), |i| i.name.to_string())
}

/// As `ip route show table local` prints it, without what is the same in every row.
pub(super) fn local(host: &Host, address: Ipv4Addr, dev: IfIndex) -> Row {
    let dev = dev_name(host, dev);
    row(format!("local {address} dev {dev}"), [("prefix", format!("{address}/32")), ("dev", dev)])
}

/// As `ip route` prints it. Source: ip-route(8).
pub(super) fn route(host: &Host, route: &Route) -> Row {
    let dst = prefix(route.dst);
    let (kind, via, dev) = match route.kind {
        RouteKind::Unicast { dev, via } => ("", via.map_or_else(String::new, |v| v.to_string()), dev_name(host, dev)),
        RouteKind::Unreachable => ("unreachable", String::new(), String::new()),
        RouteKind::Blackhole => ("blackhole", String::new(), String::new()),
    };
    let proto = match route.proto {
        RouteProto::Boot => "",
        RouteProto::Kernel => "kernel",
        RouteProto::Static => "static",
    };
    let scope = if route.scope == RouteScope::Link { "link" } else { "" };
    let src = route.src.map_or_else(String::new, |a| a.to_string());
    let metric = if route.metric == 0 { String::new() } else { route.metric.to_string() };
    let words = [("", kind), ("", &dst), ("via", &via), ("dev", &dev), ("proto", proto), ("scope", scope)];
    let text = said(&[words.as_slice(), &[("src", &src), ("metric", &metric)]].concat());
    let columns = [("prefix", route.dst.to_string()), ("kind", kind.to_owned()), ("via", via), ("dev", dev)];
    row(text, columns.into_iter().chain([("src", src), ("metric", metric)]))
}

/// Words with what leads them in; those that are empty are left out.
fn said(words: &[(&str, &str)]) -> String {
    let there = words.iter().filter(|(_, word)| !word.is_empty());
    let parts: Vec<String> = there.map(|(lead, word)| format!("{lead} {word}").trim_start().to_owned()).collect();
    parts.join(" ")
}

/// Without the length of a single address; `default` for all.
fn prefix(net: Ipv4Net) -> String {
    match net.prefix_len() {
        0 => "default".to_owned(),
        32 => net.addr().to_string(),
        _ => net.to_string(),
    }
}

/// The columns of `az network nic show-effective-route-table`.
pub(super) fn effective_route(route: &EffectiveRoute) -> Row {
    let ip = route.next_hop.ip().map_or_else(String::new, |ip| ip.to_string());
    let (source, state, hop) = (route.source.code(), route.state.code(), route.next_hop.code());
    let name = route.name.as_deref().unwrap_or_default();
    let prefix = route.prefix.to_string();
    let text = said(&[("", source), ("", state), ("", &prefix), ("", hop), ("", &ip)]);
    let columns = [("source", source.to_owned()), ("state", state.to_owned()), ("prefix", prefix)];
    row(
        text,
        columns.into_iter().chain([("next-hop-type", hop.to_owned()), ("next-hop-ip", ip), ("name", name.to_owned())]),
    )
}

pub(super) fn security_rule(rule: &SecurityRule) -> Row {
    let columns = [
        ("priority", rule.priority.to_string()),
        ("name", rule.name.to_string()),
        ("direction", rule.direction.code().to_owned()),
        ("access", rule.access.code().to_owned()),
        ("protocol", rule.protocol.code().to_owned()),
        ("source", addresses(&rule.source)),
        ("source-ports", ports(&rule.source_ports)),
        ("destination", addresses(&rule.destination)),
        ("destination-ports", ports(&rule.destination_ports)),
    ];
    let text: Vec<&str> = columns.iter().map(|(_, value)| value.as_str()).collect();
    row(text.join(" "), columns)
}

fn addresses(addresses: &AddressMatch) -> String {
    match addresses {
        AddressMatch::Any => "*".to_owned(),
        AddressMatch::Prefixes(nets) => nets.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
        AddressMatch::Tag(tag) => tag.code().to_owned(),
    }
}

fn ports(ports: &PortMatch) -> String {
    let PortMatch::Ranges(ranges) = ports else { return "*".to_owned() };
    let range = |first: u16, last: u16| if first == last { first.to_string() } else { format!("{first}-{last}") };
    ranges.iter().map(|r| range(r.first, r.last)).collect::<Vec<_>>().join(",")
}

/// As `iptables -S` prints it, with its number in the place of `-A`.
pub(super) fn rule(host: &Host, table: TableName, tried: &RuleTried) -> Row {
    let place = usize::from(tried.number).checked_sub(1);
    let rule = place.and_then(|at| host.netfilter.table(table).chain(&tried.chain).get(at));
    let spec = rule.map_or_else(String::new, inspector::rule_text);
    let (chain, number) = (tried.chain.to_string(), tried.number.to_string());
    row(format!("{chain} {number} {spec}"), [("chain", chain), ("number", number), ("rule", spec)])
}

/// As `ebtables -L` prints it, with its number before it.
pub(super) fn bridge_rule(host: &Host, rule: &EbRule, number: u16) -> Row {
    let spec = inspector::bridge_rule(host, rule);
    row(format!("{number} {spec}"), [("number", number.to_string()), ("rule", spec)])
}

/// An entry of the flow table of a port, with the policy that it was made under.
pub(super) fn unified(entry: &Unified) -> Row {
    let (protocol, flow) = (entry.tuple.protocol.name().to_owned(), tuple(&entry.tuple));
    let (policy, packets) = (entry.generation.to_string(), entry.packets.to_string());
    let text = format!("{protocol} {flow} policy={policy} packets={packets}");
    row(text, [("protocol", protocol), ("flow", flow), ("policy", policy), ("packets", packets)])
}

/// The columns of `brctl showmacs`.
pub(super) fn fdb(host: &Host, mac: Mac, port: IfIndex, local: bool) -> Row {
    let (port, is_local) = (dev_name(host, port), if local { "yes" } else { "no" });
    let text = format!("{mac} {port}{}", if local { " local" } else { "" });
    row(text, [("mac", mac.to_string()), ("port", port), ("local", is_local.to_owned())])
}

/// As `ip neigh` prints it.
pub(super) fn neighbor(host: &Host, dev: IfIndex, ip: Ipv4Addr, mac: Mac, state: NeighborState) -> Row {
    let (dev, state) = (dev_name(host, dev), state.code());
    let text = format!("{ip} dev {dev} lladdr {mac} {state}");
    row(text, [("ip", ip.to_string()), ("dev", dev), ("mac", mac.to_string()), ("state", state.to_owned())])
}

/// Both tuples, as `conntrack -L` prints them.
pub(super) fn flow(flow: &Flow) -> Row {
    let protocol = flow.original.protocol.name().to_owned();
    let (original, reply) = (tuple(&flow.original), tuple(&flow.reply));
    let text = format!("{protocol} {original} {reply}");
    row(text, [("protocol", protocol), ("original", original), ("reply", reply)])
}

fn tuple(t: &Tuple) -> String {
    match t.protocol {
        Protocol::Icmp => format!("src={} dst={} id={}", t.src, t.dst, t.src_port),
        Protocol::Tcp | Protocol::Udp => {
            format!("src={} dst={} sport={} dport={}", t.src, t.dst, t.src_port, t.dst_port)
        }
    }
}
