//! `ip route get ADDRESS from ADDRESS iif DEVICE`: the way of a packet that came in.
//! Source: Linux `net/ipv4/route.c` (`ip_route_input_slow`), iproute2 6.1; what the real command printed.

use super::super::{dev_name, is_broadcast};
use crate::shell::Output;
use crate::sim::host::Host;
use crate::sim::host::fib::RouteKind;
use std::net::Ipv4Addr;

pub(super) fn get(host: &Host, dst: Ipv4Addr, from: Option<Ipv4Addr>, came_in: &str) -> Output {
    let answers = |why: &str| Output::fail(2, format!("RTNETLINK answers: {why}"));
    let Some(interface) = host.interface_named(came_in) else {
        return Output::fail(1, format!("Cannot find device \"{came_in}\""));
    };
    let is_own = host.is_local(dst) || is_broadcast(host, dst);
    if !is_own && !host.sysctl.ip_forward {
        return answers("No route to host");
    }
    // Nobody else sends from an address of this host.
    let Some(from) = from.filter(|from| !host.is_local(*from)) else { return answers("Invalid argument") };
    let found = |kind: &str, way: &str, cache: &str| {
        Output::ok(format!("{kind}{dst} from {from} {way} \n    cache {cache}iif {came_in} \n"))
    };
    if host.is_local(dst) {
        return found("local ", "dev lo", "<local> ");
    }
    if is_broadcast(host, dst) {
        return found("broadcast ", "dev lo", "<local,brd> ");
    }
    let Some(route) = host.fib.best(dst) else { return answers("Network is unreachable") };
    let (dev, via) = match route.kind {
        RouteKind::Unreachable => return answers("No route to host"),
        RouteKind::Blackhole => return answers("Invalid argument"),
        RouteKind::Unicast { dev, via } => (dev, via),
    };
    // Where the sender could have sent it there by itself, it is told so.
    let back = host.fib.best(from).map(|route| route.kind);
    let direct = matches!(back, Some(RouteKind::Unicast { dev: back, via: None }) if back == dev);
    let cache = if dev == interface.index && direct { "<redirect> " } else { "" };
    let via = via.map_or_else(String::new, |via| format!("via {via} "));
    found("", &format!("{via}dev {}", dev_name(host, dev)), cache)
}
