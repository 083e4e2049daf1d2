//! `ip route get`: which route the kernel takes to an address, beside the simulated choice.

use super::netns::Netns;
use podhop::sim::host::Host;
use podhop::sim::host::fib::RouteKind;
use podhop::sim::world::World;
use std::net::Ipv4Addr;

/// Addresses that every host is asked for: each host's own, and some that nobody has.
pub(crate) fn asked(world: &World) -> Vec<Ipv4Addr> {
    let nobody = ["8.8.8.8", "10.0.0.77", "10.0.4.77", "10.0.77.7", "10.244.1.99", "172.16.1.10", "169.254.1.1"];
    let own = world.hosts.values().filter_map(Host::first_address);
    own.chain(nobody.iter().map(|a| a.parse().unwrap())).collect()
}

/// The simulated choice for each address, in the words of `ip route get`; an address that has no way is left out.
pub(crate) fn chosen(host: &Host, asked: &[Ipv4Addr]) -> Vec<String> {
    asked.iter().filter_map(|to| choice(host, *to)).collect()
}

fn choice(host: &Host, to: Ipv4Addr) -> Option<String> {
    if host.is_local(to) {
        return Some(format!("local {to} dev lo src {to}"));
    }
    let route = host.fib.choose(to).won?;
    let RouteKind::Unicast { dev, via } = route.kind else { return None };
    let source = host.source_address(&route, dev, via.unwrap_or(to))?;
    let via = via.map_or(String::new(), |via| format!(" via {via}"));
    Some(format!("{to}{via} dev {} src {source}", host.interface(dev)?.name))
}

pub(crate) fn real(netns: &Netns, asked: &[Ipv4Addr]) -> Vec<String> {
    let batch: Vec<String> = asked.iter().map(|to| format!("route get {to}\n")).collect();
    let text = netns.attempt("ip", &["-4", "-force", "-batch", "-"], batch.concat());
    let first = text.lines().filter(|line| !line.starts_with(' '));
    first.map(|line| line.split(" uid ").next().unwrap_or(line).trim_end().to_owned()).collect()
}
