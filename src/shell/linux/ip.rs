//! `ip address`, `link`, `route`, `neigh`, `rule`. Source: iproute2 6.1, `ip/ipaddress.c`, `iproute.c`, `ipneigh.c`;
//! recorded output of the real command.

use super::{dev_name, here, name_here, shown_name};
use crate::shell::{Output, Shell};
use crate::sim::action::{Action, HostRoute, HostRouteTarget};
use crate::sim::host::Host;
use crate::sim::host::fib::{Route, RouteKind, RouteProto, RouteScope};
use crate::sim::host::interface::{Interface, InterfaceKind};
use crate::sim::world::World;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

pub(super) fn run(shell: &mut Shell, args: &[String]) -> Output {
    let words: Vec<&str> = args.iter().map(String::as_str).filter(|a| !matches!(*a, "-4" | "-d" | "-s")).collect();
    let Some((object, rest)) = words.split_first() else {
        return Output::fail(255, "Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }");
    };
    let is = |full: &str| full.starts_with(*object);
    if is("address") {
        show(shell, rest, true)
    } else if is("link") {
        link(shell, rest)
    } else if is("route") {
        route(shell, rest)
    } else if is("neighbor") || is("neighbour") {
        neighbors(shell)
    } else if is("rule") {
        Output::ok("0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n")
    } else {
        Output::fail(1, format!("Object \"{object}\" is unknown, try \"ip help\"."))
    }
}

/// The interface that a command names, with or without `dev`.
fn wanted<'a>(rest: &[&'a str]) -> Option<&'a str> {
    let words = rest.iter().filter(|w| !"show".starts_with(**w) && !"list".starts_with(**w) && **w != "dev");
    words.copied().next()
}

fn show(shell: &Shell, rest: &[&str], addresses: bool) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    let name = wanted(rest);
    if let Some(name) = name
        && host.interface_named(name).is_none()
    {
        return Output::fail(1, format!("Device \"{name}\" does not exist."));
    }
    let world = shell.session().world();
    let shown = host.interfaces.values().filter(|i| name.is_none_or(|n| i.name.as_ref() == n));
    Output::ok(shown.map(|i| interface(host, world, i, addresses)).collect::<String>())
}

fn flags(interface: &Interface) -> String {
    let mut flags = match interface.kind {
        InterfaceKind::Loopback => vec!["LOOPBACK"],
        _ => vec!["BROADCAST", "MULTICAST"],
    };
    if interface.promiscuous {
        flags.push("PROMISC");
    }
    if interface.up {
        flags.extend(["UP", "LOWER_UP"]);
    }
    flags.join(",")
}

fn interface(host: &Host, world: &World, interface: &Interface, addresses: bool) -> String {
    let loopback = interface.kind == InterfaceKind::Loopback;
    let state = match (loopback, interface.up) {
        (true, _) => "UNKNOWN",
        (false, true) => "UP",
        (false, false) => "DOWN",
    };
    let master = interface.master.map_or_else(String::new, |m| format!("master {} ", dev_name(host, m)));
    let queue = if matches!(interface.kind, InterfaceKind::Nic(_)) { "mq" } else { "noqueue" };
    let length = if matches!(interface.kind, InterfaceKind::Veth { .. }) { "" } else { "qlen 1000" };
    let mode = if addresses { "" } else { "mode DEFAULT " };
    let mut text = format!(
        "{}: {}: <{}> mtu {} qdisc {queue} {master}state {state} {mode}group default {length}\n",
        interface.index.0,
        shown_name(world, interface),
        flags(interface),
        mtu(interface),
    );
    let (kind, broadcast) = if loopback { ("loopback", "00:00:00:00:00:00") } else { ("ether", "ff:ff:ff:ff:ff:ff") };
    let peer = if matches!(interface.kind, InterfaceKind::Veth { .. }) { " link-netnsid 0" } else { "" };
    text += &format!("    link/{kind} {} brd {broadcast}{peer}\n", interface.mac);
    if addresses {
        for address in &interface.addresses {
            let scope = if loopback { "host" } else { "global" };
            let brd = if address.broadcast { format!("brd {} ", address.net.broadcast()) } else { String::new() };
            text += &format!("    inet {} {brd}scope {scope} {}\n", address.net, interface.name);
            text += "       valid_lft forever preferred_lft forever\n";
        }
    }
    text
}

/// The loopback interface has an MTU of 65,536, one more than the simulation's numbers hold.
fn mtu(interface: &Interface) -> u32 {
    if interface.kind == InterfaceKind::Loopback { 65_536 } else { u32::from(interface.mtu) }
}

fn link(shell: &mut Shell, rest: &[&str]) -> Output {
    match rest {
        ["set", "dev", dev, state @ ("up" | "down")] | ["set", dev, state @ ("up" | "down")] => {
            let action = Action::SetLink { host: name_here(shell), dev: (*dev).to_owned(), up: *state == "up" };
            done(shell, action)
        }
        _ => show(shell, rest, false),
    }
}

fn done(shell: &mut Shell, action: Action) -> Output {
    match shell.act(action) {
        Ok(()) => Output::default(),
        Err(error) => Output::fail(2, format!("RTNETLINK answers: {}", shell.words(&error))),
    }
}

fn route(shell: &mut Shell, rest: &[&str]) -> Output {
    match rest {
        [] | ["show" | "list" | "s"] => match here(shell) {
            Ok(host) => Output::ok(host.fib.routes().iter().map(|r| line(host, r)).collect::<String>()),
            Err(output) => output,
        },
        ["get", to, ..] => get(shell, to),
        ["add" | "replace", spec @ ..] => add(shell, spec, rest[0] == "replace"),
        ["del" | "delete", dst, ..] => match prefix(dst) {
            Some(dst) => done(shell, Action::DeleteHostRoute { host: name_here(shell), dst }),
            None => Output::fail(1, format!("Error: any valid prefix is expected rather than \"{dst}\".")),
        },
        [other, ..] => Output::fail(255, format!("Command \"{other}\" is unknown, try \"ip route help\".")),
    }
}

fn prefix(text: &str) -> Option<Ipv4Net> {
    match text {
        "default" => Some(Ipv4Net::default()),
        text => text.parse().ok().or_else(|| text.parse::<Ipv4Addr>().ok().map(Ipv4Net::from)),
    }
}

fn destination(net: Ipv4Net) -> String {
    match net.prefix_len() {
        0 => "default".to_owned(),
        32 => net.addr().to_string(),
        _ => net.to_string(),
    }
}

/// One line of `ip route`; each ends with a blank.
pub(super) fn line(host: &Host, route: &Route) -> String {
    let dst = destination(route.dst);
    let (dev, via) = match route.kind {
        RouteKind::Unreachable => return format!("unreachable {dst} \n"),
        RouteKind::Blackhole => return format!("blackhole {dst} \n"),
        RouteKind::Unicast { dev, via } => (dev, via),
    };
    let mut text = dst;
    if let Some(via) = via {
        text += &format!(" via {via}");
    }
    text += &format!(" dev {}", dev_name(host, dev));
    text += match route.proto {
        RouteProto::Boot => "",
        RouteProto::Kernel => " proto kernel",
        RouteProto::Static => " proto static",
    };
    if route.scope == RouteScope::Link {
        text += " scope link";
    }
    if let Some(src) = route.src {
        text += &format!(" src {src}");
    }
    if route.metric > 0 {
        text += &format!(" metric {}", route.metric);
    }
    text + " \n"
}

fn get(shell: &Shell, to: &str) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    let Ok(dst) = to.parse::<Ipv4Addr>() else {
        return Output::fail(1, format!("Error: any valid prefix is expected rather than \"{to}\"."));
    };
    if host.is_local(dst) {
        return Output::ok(format!("local {dst} dev lo src {dst} uid 0 \n    cache <local> \n"));
    }
    let Some(route) = host.fib.best(dst) else {
        return Output::fail(2, "RTNETLINK answers: Network is unreachable");
    };
    let RouteKind::Unicast { dev, via } = route.kind else {
        return Output::fail(2, "RTNETLINK answers: No route to host");
    };
    let through = via.map_or_else(String::new, |via| format!(" via {via}"));
    let source = host.source_address(route, dev, via.unwrap_or(dst));
    let source = source.map_or_else(String::new, |src| format!(" src {src}"));
    Output::ok(format!("{dst}{through} dev {}{source} uid 0 \n    cache \n", dev_name(host, dev)))
}

fn add(shell: &mut Shell, spec: &[&str], replace: bool) -> Output {
    let (kind, spec) = match spec {
        [kind @ ("unreachable" | "blackhole"), rest @ ..] => (Some(*kind), rest),
        spec => (None, spec),
    };
    let Some(dst) = spec.first().and_then(|d| prefix(d)) else {
        return Output::fail(1, "Error: any valid prefix is expected.");
    };
    let after = |word: &str| spec.iter().position(|w| *w == word).and_then(|at| spec.get(at + 1));
    let via = after("via").and_then(|v| v.parse::<Ipv4Addr>().ok());
    let target = match kind {
        Some("unreachable") => HostRouteTarget::Unreachable,
        Some(_) => HostRouteTarget::Blackhole,
        None => {
            let found = after("dev").map(|d| (*d).to_owned()).or_else(|| dev_toward(shell, via?));
            let Some(dev) = found else { return Output::fail(2, "RTNETLINK answers: Network is unreachable") };
            HostRouteTarget::Dev { dev, via }
        }
    };
    let host = name_here(shell);
    if replace {
        // There may be none to replace.
        let _ = shell.act(Action::DeleteHostRoute { host: host.clone(), dst });
    }
    done(shell, Action::AddHostRoute { host, route: HostRoute { dst, target } })
}

/// The interface behind which a gateway is.
fn dev_toward(shell: &Shell, via: Ipv4Addr) -> Option<String> {
    let (_, host) = shell.here()?;
    host.fib.best(via).and_then(Route::dev).map(|dev| dev_name(host, dev))
}

fn neighbors(shell: &Shell) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    let now = shell.session().world().now;
    let line = |(dev, ip, entry): (_, Ipv4Addr, &crate::sim::host::neighbor::Neighbor)| {
        let state = entry.state_at(now).code();
        match entry.mac {
            Some(mac) => format!("{ip} dev {} lladdr {mac} {state} \n", dev_name(host, dev)),
            None => format!("{ip} dev {} {state} \n", dev_name(host, dev)),
        }
    };
    Output::ok(host.neighbors.iter().map(line).collect::<String>())
}
