//! The tables of a real host as its own programs print them, beside what the simulated host says.

use super::netns::Netns;
use super::{ebtables, flows, lookup, rules};
use podhop::sim::addr::Mac;
use podhop::sim::host::Host;
use podhop::sim::host::bridge::FdbEntry;
use podhop::sim::host::fib::{Route, RouteKind, RouteProto, RouteScope};
use podhop::sim::host::interface::Interface;
use podhop::sim::host::neighbor::NeighborState;
use podhop::sim::host::netfilter::TableName;
use podhop::sim::ids::HostId;
use podhop::sim::time::Time;
use podhop::sim::world::World;
use std::net::Ipv4Addr;
use std::thread;
use std::time::{Duration, Instant};

/// What is compared beside the tables that a host begins with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Also {
    /// What packets taught: neighbours and addresses behind ports.
    pub(crate) learned: bool,
    /// The flows that the simulated host has tracked, where it tracks any.
    pub(crate) flows: Option<Vec<String>>,
    /// Addresses whose route the kernel is asked for.
    pub(crate) lookups: Vec<Ipv4Addr>,
}

/// Every table of one host that differs: both sides, line by line.
pub(crate) fn differences(world: &World, id: HostId, netns: &Netns, also: &Also) -> Vec<String> {
    let host = world.hosts.get(id).unwrap();
    let learned = also.learned;
    let mut all = vec![
        ("ip route get", lookup::chosen(host, &also.lookups), lookup::real(netns, &also.lookups)),
        ("ip address", addresses(host), real_addresses(netns)),
        ("ip route", routes(host), lines(&netns.output("ip", &["-4", "route", "show", "table", "main"]))),
        ("bridge ports", ports(host), real_ports(netns)),
    ];
    if learned {
        all.push(("ip neigh", neighbors(host, world.now), real_neighbors(netns)));
    }
    for (name, table) in [("nat", TableName::Nat), ("filter", TableName::Filter)] {
        if let Some(text) = rules::save(&host.netfilter, table) {
            all.push(("iptables-save -c", counted(&text), saved(netns, name)));
        }
    }
    for chain in ebtables::NAT.into_iter().filter(|_| !host.ebtables.is_empty()) {
        all.push(("ebtables -t nat -L", ebtables::listed(host, chain), ebtables::real(netns, chain)));
    }
    if let Some(flows) = &also.flows {
        all.push(("conntrack -L", flows.clone(), flows::real(netns)));
    }
    for index in host.bridges.keys().filter(|_| learned) {
        let name = &host.interface(*index).unwrap().name;
        all.push(("brctl showmacs", showmacs(host, *index, world.now), real_showmacs(netns, name)));
    }
    let shown = |(what, ours, real): (&str, Vec<String>, Vec<String>)| {
        (ours != real).then(|| format!("{} {what}\n  simulated {ours:#?}\n  real      {real:#?}", host.name))
    };
    all.into_iter().filter_map(shown).collect()
}

fn lines(text: &str) -> Vec<String> {
    // A route out of a link without carrier is marked; whether it has one is compared by what it carries.
    let plain = |line: &str| line.replace(" linkdown", "").replace(" onlink", "");
    text.lines().map(|l| plain(l).trim_end().to_owned()).filter(|l| !l.is_empty()).collect()
}

/// `ip -4 address`: each address with its interface.
fn addresses(host: &Host) -> Vec<String> {
    let of = |i: &Interface| i.addresses.iter().map(|a| format!("{} {}", i.name, a.net)).collect::<Vec<_>>();
    let mut all: Vec<String> = host.interfaces.values().flat_map(of).collect();
    all.sort();
    all
}

fn real_addresses(netns: &Netns) -> Vec<String> {
    let mut all = Vec::new();
    for line in netns.output("ip", &["-4", "-o", "address"]).lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let (Some(name), Some(address)) = (words.get(1), words.get(3)) {
            all.push(format!("{name} {address}"));
        }
    }
    all.sort();
    all
}

/// `ip route`, as it prints table `main`.
fn routes(host: &Host) -> Vec<String> {
    host.fib.routes().iter().map(|route| route_line(host, route)).collect()
}

fn route_line(host: &Host, route: &Route) -> String {
    let dst = match (route.dst.prefix_len(), route.dst.network()) {
        (0, _) => "default".to_owned(),
        (32, address) => address.to_string(),
        _ => route.dst.to_string(),
    };
    let proto = match route.proto {
        RouteProto::Boot => "",
        RouteProto::Kernel => " proto kernel",
        RouteProto::Static => " proto static",
    };
    let src = route.src.map_or(String::new(), |src| format!(" src {src}"));
    match route.kind {
        RouteKind::Unreachable => format!("unreachable {dst}{proto}"),
        RouteKind::Blackhole => format!("blackhole {dst}{proto}"),
        RouteKind::Unicast { dev, via } => {
            let dev = host.interface(dev).map_or("?", |i| i.name.as_ref());
            let via = via.map_or(String::new(), |via| format!(" via {via}"));
            let scope = if route.scope == RouteScope::Link { " scope link" } else { "" };
            format!("{dst}{via} dev {dev}{proto}{scope}{src}")
        }
    }
}

/// `ip neigh`, without the states that only time tells apart.
fn neighbors(host: &Host, now: Time) -> Vec<String> {
    let line = |(dev, ip, entry): (_, Ipv4Addr, &podhop::sim::host::neighbor::Neighbor)| {
        let dev = host.interface(dev).map_or("?", |i| i.name.as_ref());
        let state = match entry.state_at(now) {
            NeighborState::Permanent => "PERMANENT",
            NeighborState::Incomplete | NeighborState::Failed => "FAILED",
            _ => "known",
        };
        let mac = entry.mac.map_or(String::new(), |mac| format!(" lladdr {mac}"));
        format!("{ip} dev {dev}{mac} {state}")
    };
    let mut all: Vec<String> = host.neighbors.iter().map(line).collect();
    all.sort();
    all
}

fn real_neighbors(netns: &Netns) -> Vec<String> {
    let mut all = Vec::new();
    for line in lines(&netns.output("ip", &["-4", "neigh", "show", "nud", "all"])) {
        let Some((entry, state)) = line.rsplit_once(' ') else { continue };
        match state {
            "NOARP" => {}
            "PERMANENT" => all.push(line),
            "INCOMPLETE" | "FAILED" => all.push(format!("{entry} FAILED")),
            _ => all.push(format!("{entry} known")),
        }
    }
    all.sort();
    all
}

/// Ports of bridges with the flags that forwarding reads, and whether a bridge is promiscuous.
fn ports(host: &Host) -> Vec<String> {
    let mut all = Vec::new();
    for interface in host.interfaces.values() {
        if let Some(bridge) = interface.master.and_then(|m| host.interface(m)) {
            let hairpin = if interface.hairpin { "on" } else { "off" };
            all.push(format!("{} master {} hairpin {hairpin}", interface.name, bridge.name));
        }
        if host.bridges.contains_key(&interface.index) {
            let promiscuity = u8::from(interface.promiscuous);
            all.push(format!("{} promiscuity {promiscuity}", interface.name));
        }
    }
    all.sort();
    all
}

fn links(netns: &Netns) -> Vec<serde_json::Value> {
    let text = netns.output("ip", &["-d", "-j", "link"]);
    serde_json::from_str(&text).expect("ip prints JSON")
}

/// Waits until every port that has a carrier forwards: the kernel looks at changes of carrier once a second.
/// Source: Linux `net/core/link_watch.c`.
pub(crate) fn wait_for_ports(world: &World, id: HostId, netns: &Netns) {
    const MOST: Duration = Duration::from_secs(4);
    let host = world.hosts.get(id).unwrap();
    let wanted = host.interfaces.values().filter(|i| i.master.is_some() && host.has_carrier(i.index)).count();
    let begun = Instant::now();
    while forwarding(netns) < wanted && begun.elapsed() < MOST {
        thread::sleep(Duration::from_millis(20));
    }
}

/// Ports of bridges that forward.
pub(crate) fn forwarding(netns: &Netns) -> usize {
    links(netns).iter().filter(|link| link["linkinfo"]["info_slave_data"]["state"] == "forwarding").count()
}

fn real_ports(netns: &Netns) -> Vec<String> {
    let mut all = Vec::new();
    for link in links(netns) {
        let name = link["ifname"].as_str().unwrap_or_default();
        if let Some(bridge) = link["master"].as_str() {
            let data = &link["linkinfo"]["info_slave_data"];
            let hairpin = if data["hairpin"].as_bool() == Some(true) { "on" } else { "off" };
            all.push(format!("{name} master {bridge} hairpin {hairpin}"));
        }
        if link["linkinfo"]["info_kind"] == "bridge" {
            all.push(format!("{name} promiscuity {}", link["promiscuity"]));
        }
    }
    all.sort();
    all
}

/// `brctl showmacs`: address and whether it is local; the ageing timers and port numbers are the kernel's own.
fn showmacs(host: &Host, bridge: podhop::sim::ids::IfIndex, now: Time) -> Vec<String> {
    let Some(table) = host.bridges.get(&bridge) else { return Vec::new() };
    // The bridge's own address is not listed.
    let rows = table.rows(now).filter(|(_, entry)| entry.port() != bridge);
    rows.map(|(mac, entry)| row(mac, matches!(entry, FdbEntry::Local { .. }))).collect()
}

fn row(mac: Mac, local: bool) -> String {
    format!("{mac} {}", if local { "yes" } else { "no" })
}

fn real_showmacs(netns: &Netns, bridge: &str) -> Vec<String> {
    // brctl reads /sys, which shows the namespace in which it was mounted.
    let script = format!("mount -t sysfs sysfs /sys && brctl showmacs {bridge}");
    let text = netns.output("unshare", &["-m", "sh", "-c", &script]);
    let rows = text.lines().skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>());
    let mut all: Vec<String> = rows.filter(|w| w.len() > 2).map(|w| format!("{} {}", w[1], w[2])).collect();
    // A kernel with VLAN filtering lists each local address twice.
    all.dedup();
    all
}

/// `iptables-save` without comments of its own and without counters.
fn counted(text: &str) -> Vec<String> {
    lines(text).iter().map(|line| rules::without_bytes(line)).collect()
}

fn saved(netns: &Netns, table: &str) -> Vec<String> {
    let text = netns.output("iptables-save", &["-c", "-t", table]);
    counted(&text).into_iter().filter(|l| !l.starts_with('#')).collect()
}
