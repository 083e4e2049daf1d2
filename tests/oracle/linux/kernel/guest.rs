//! Builds a host of the simulated world as a namespace: the same interfaces, addresses, routes, rules and settings.

use super::netns::Netns;
use super::{ebtables, rules};
use podhop::sim::host::Host;
use podhop::sim::host::fib::{Route, RouteKind, RouteProto, RouteScope};
use podhop::sim::host::interface::{Interface, InterfaceKind};
use podhop::sim::host::neighbor::NeighborState;
use podhop::sim::ids::{HostId, IfIndex, InterfaceId};
use podhop::sim::world::World;
use std::collections::BTreeMap;

/// Milliseconds between two ARP requests. A second in reality; the number of requests is what counts here.
pub(crate) const RETRANSMIT_MS: u32 = 40;

/// Settings of a namespace before it has interfaces.
pub(crate) fn prepare(netns: &Netns, host: &Host) {
    let on = |yes: bool| if yes { "1" } else { "0" };
    let mut settings = quiet();
    settings.push(("ipv4/ip_forward", on(host.sysctl.ip_forward)));
    // Where br_netfilter is built in; elsewhere bridged packets never meet iptables.
    settings.push(("bridge/bridge-nf-call-iptables", on(host.sysctl.bridge_nf_call_iptables)));
    for name in ["ipv4/conf/all/send_redirects", "ipv4/conf/default/send_redirects"] {
        // AKS's images turn redirects off: Azure/AgentBaker, sysctl-d-60-CIS.conf.
        settings.push((name, "0"));
    }
    netns.sysctl(settings.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect());
    netns.ip(&["link set lo up".to_owned()]);
}

/// No IPv6, no limits on ICMP errors, no filter on sources.
pub(crate) fn quiet() -> Vec<(&'static str, &'static str)> {
    vec![
        ("ipv6/conf/all/disable_ipv6", "1"),
        ("ipv6/conf/default/disable_ipv6", "1"),
        // No type is limited. A limit of zero would take the tokens that errors of routing have with the same host.
        // Source: Linux `net/ipv4/inetpeer.c` (`inet_peer_xrlim_allow`), route.c (`ip_error`).
        ("ipv4/icmp_ratemask", "0"),
        ("ipv4/icmp_msgs_per_sec", "1000000"),
        ("ipv4/icmp_msgs_burst", "100000"),
        // A bridge tells others of the groups that it listens to, and the rules count that.
        ("ipv4/igmp_link_local_mcast_reports", "0"),
        ("ipv4/conf/all/rp_filter", "0"),
        ("ipv4/conf/default/rp_filter", "0"),
        // The simulator sends nothing twice; half-open connections must not come back in a later packet's frames.
        ("ipv4/tcp_synack_retries", "0"),
        // What is tracked stays until it is compared.
        ("netfilter/nf_conntrack_icmp_timeout", "3600"),
        ("netfilter/nf_conntrack_udp_timeout", "3600"),
        ("netfilter/nf_conntrack_udp_timeout_stream", "3600"),
        ("netfilter/nf_conntrack_tcp_timeout_syn_sent", "3600"),
        ("netfilter/nf_conntrack_tcp_timeout_syn_recv", "3600"),
        ("netfilter/nf_conntrack_tcp_timeout_close", "3600"),
    ]
}

/// Makes the links of a host that no other host makes: pairs are made by the end that comes first.
pub(crate) fn add_links(id: HostId, world: &World, all: &BTreeMap<HostId, Netns>, skip: &[IfIndex]) {
    let host = world.hosts.get(id).unwrap();
    let mut batch = Vec::new();
    for interface in host.interfaces.values().filter(|i| !skip.contains(&i.index)) {
        let (name, mac) = (&interface.name, interface.mac);
        match interface.kind {
            InterfaceKind::Bridge => {
                // One that has the address of a port takes it by itself, when the port comes, and the entry of that
                // address is then the port's.
                let of_port = host.ports(interface.index).any(|port| port.mac == mac);
                let address = if of_port { String::new() } else { format!(" address {mac}") };
                batch
                    .push(format!("link add {name}{address} type bridge stp_state 0 forward_delay 0 mcast_snooping 0"));
            }
            InterfaceKind::Veth { peer } if (InterfaceId { host: id, index: interface.index }) < peer => {
                let Some(other) = world.hosts.get(peer.host).and_then(|h| h.interface(peer.index)) else { continue };
                let netns = all[&peer.host].id;
                batch.push(format!(
                    "link add {name} address {mac} type veth peer name {} address {} netns {netns}",
                    other.name, other.mac
                ));
            }
            _ => {}
        }
    }
    all[&id].ip(&batch);
}

/// Gives the links of a host their addresses, routes and settings.
pub(crate) fn configure(netns: &Netns, host: &Host, skip: &[IfIndex]) {
    let mut batch = Vec::new();
    for interface in host.interfaces.values().skip(1).filter(|i| !skip.contains(&i.index)) {
        add_interface(&mut batch, host, interface);
    }
    netns.ip(&batch);
    netns.sysctl(host.interfaces.values().skip(1).flat_map(neighbor_settings).collect());
    if skip.is_empty() {
        set_routes(netns, host);
    } else {
        netns.ip(&own_routes(host, skip));
    }
    rules::load(netns, &host.netfilter);
    ebtables::load(netns, host);
    set_permanent(netns, host);
}

fn add_interface(batch: &mut Vec<String>, host: &Host, interface: &Interface) {
    let name = &interface.name;
    batch.push(format!("link set {name} mtu {} promisc {}", interface.mtu, word(interface.promiscuous)));
    if let Some(bridge) = interface.master.and_then(|m| host.interface(m)) {
        batch.push(format!("link set {name} master {}", bridge.name));
        batch.push(format!("link set {name} type bridge_slave hairpin {}", word(interface.hairpin)));
    }
    batch.extend(interface.addresses.iter().map(|a| format!("addr add {} dev {name}", a.net)));
    batch.push(format!("link set {name} {}", if interface.up { "up" } else { "down" }));
}

const fn word(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// Longest delay before an answer for another, in hundredths of a second: less than [`RETRANSMIT_MS`], as the real one
/// is less than the real second between two requests.
const PROXY_DELAY: u32 = 2;

/// The timers of a real kernel would fire while the two sides are compared, so they are short or never.
pub(crate) fn neighbor_settings(interface: &Interface) -> Vec<(String, String)> {
    let dev = interface.name.as_ref();
    let delay = (format!("ipv4/neigh/{dev}/proxy_delay"), PROXY_DELAY.to_string());
    let proxy = (format!("ipv4/conf/{dev}/proxy_arp"), u8::from(interface.proxy_arp).to_string());
    let notify = (format!("ipv4/conf/{dev}/arp_notify"), u8::from(interface.arp_notify).to_string());
    neighbor_timers(dev).into_iter().chain([delay, proxy, notify]).collect()
}

pub(crate) fn neighbor_timers(dev: &str) -> Vec<(String, String)> {
    let of = |name: &str, value: u32| (format!("ipv4/neigh/{dev}/{name}"), value.to_string());
    vec![
        of("retrans_time_ms", RETRANSMIT_MS),
        of("delay_first_probe_time", 3_600),
        of("base_reachable_time_ms", 3_600_000),
        of("proxy_delay", 0),
        // In hundredths of a second, as it is anywhere.
        of("locktime", 100),
    ]
}

/// Makes table `main` say what the simulated one says.
pub(crate) fn set_routes(netns: &Netns, host: &Host) {
    let mut batch = vec!["route flush table main".to_owned()];
    let mut routes: Vec<&Route> = host.fib.routes().iter().collect();
    // A route with a gateway needs the way to the gateway first.
    routes.sort_by_key(|r| matches!(r.kind, RouteKind::Unicast { via: Some(_), .. }));
    batch.extend(routes.into_iter().map(|route| route_command("add", host, route)));
    netns.ip(&batch);
}

/// The routes that lead out of none of these interfaces and are not there with an address.
fn own_routes(host: &Host, skip: &[IfIndex]) -> Vec<String> {
    let own = |r: &&Route| r.proto != RouteProto::Kernel && r.dev().is_none_or(|dev| !skip.contains(&dev));
    host.fib.routes().iter().filter(own).map(|r| route_command("replace", host, r)).collect()
}

pub(crate) fn route_command(verb: &str, host: &Host, route: &Route) -> String {
    let dst = route.dst;
    let proto = match route.proto {
        RouteProto::Boot => "boot",
        RouteProto::Kernel => "kernel",
        RouteProto::Static => "static",
    };
    let metric = if route.metric == 0 { String::new() } else { format!(" metric {}", route.metric) };
    let src = route.src.map_or(String::new(), |src| format!(" src {src}"));
    match route.kind {
        RouteKind::Unreachable => format!("route {verb} unreachable {dst} proto {proto}{metric}"),
        RouteKind::Blackhole => format!("route {verb} blackhole {dst} proto {proto}{metric}"),
        RouteKind::Unicast { dev, via } => {
            let dev = host.interface(dev).map_or("lo", |i| i.name.as_ref());
            let via = via.map_or(String::new(), |via| format!(" via {via} onlink"));
            let scope = if route.scope == RouteScope::Link { "link" } else { "global" };
            format!("route {verb} {dst}{via} dev {dev} proto {proto} scope {scope}{src}{metric}")
        }
    }
}

fn set_permanent(netns: &Netns, host: &Host) {
    let fixed = host.neighbors.iter().filter(|(_, _, n)| n.state == NeighborState::Permanent);
    let command = |(dev, ip, entry): (IfIndex, std::net::Ipv4Addr, &podhop::sim::host::neighbor::Neighbor)| {
        let dev = &host.interface(dev)?.name;
        Some(format!("neigh replace {ip} lladdr {} dev {dev} nud permanent", entry.mac?))
    };
    netns.ip(&fixed.filter_map(command).collect::<Vec<_>>());
}
