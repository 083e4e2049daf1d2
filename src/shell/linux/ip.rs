//! `ip address`, `link`, `route`, `neigh`, `rule`. Source: iproute2 6.1, `ip/ipaddress.c`, `iproute.c`, `ipneigh.c`;
//! recorded output of the real command.

use super::{dev_name, here, name_here, shown_name};
use crate::shell::line::Line;
use crate::shell::{Output, Shell};
use crate::sim::action::error::{ActionError, Kind};
use crate::sim::action::{Action, FlushTable, HostRoute, HostRouteTarget};
use crate::sim::addr::Mac;
use crate::sim::host::Host;
use crate::sim::host::fib::{Route, RouteKind, RouteProto, RouteScope};
use crate::sim::host::interface::{Interface, InterfaceKind};
use crate::sim::host::neighbor::Neighbor;
use crate::sim::world::World;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// The interface that a command names, with or without `dev`.
fn wanted(line: &Line) -> Option<&str> {
    let words = line.words.iter().map(String::as_str);
    let mut words = words.filter(|w| !"show".starts_with(*w) && !"list".starts_with(*w) && *w != "dev");
    words.next()
}

pub(super) fn addresses(shell: &mut Shell, line: &Line) -> Output {
    show(shell, line, true)
}

pub(super) fn links(shell: &mut Shell, line: &Line) -> Output {
    show(shell, line, false)
}

fn show(shell: &Shell, line: &Line, addresses: bool) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    let name = wanted(line);
    if let Some(name) = name
        && host.interface_named(name).is_none()
    {
        return Output::fail(1, format!("Device \"{name}\" does not exist."));
    }
    let world = shell.session().world();
    let shown = host.interfaces.values().filter(|i| name.is_none_or(|n| i.name.as_ref() == n));
    if line.has("-brief") {
        return Output::ok(shown.map(|i| brief(world, i, addresses)).collect::<String>());
    }
    let only_v4 = line.has("-4");
    let shown = shown.filter(|i| !(only_v4 && addresses && i.addresses.is_empty()));
    Output::ok(shown.map(|i| interface(host, world, i, addresses, only_v4)).collect::<String>())
}

/// `ip -br`: name, state and addresses, or name, state, hardware address and flags.
fn brief(world: &World, interface: &Interface, addresses: bool) -> String {
    let head = format!("{:<16} {:<14} ", shown_name(world, interface), state(interface));
    if addresses {
        let list: String = interface.addresses.iter().map(|a| format!("{} ", a.net)).collect();
        return head + &list + "\n";
    }
    format!("{head}{} <{}> \n", interface.mac, flags(interface))
}

const fn state(interface: &Interface) -> &'static str {
    match (matches!(interface.kind, InterfaceKind::Loopback), interface.up) {
        (true, _) => "UNKNOWN",
        (false, true) => "UP",
        (false, false) => "DOWN",
    }
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

fn interface(host: &Host, world: &World, interface: &Interface, addresses: bool, only_v4: bool) -> String {
    let loopback = interface.kind == InterfaceKind::Loopback;
    let state = state(interface);
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
    if !only_v4 || !addresses {
        text += &format!("    link/{kind} {} brd {broadcast}{peer}\n", interface.mac);
    }
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

/// Prefix and interface of `ip address add PREFIX dev DEV`.
fn address_of(shell: &Shell, line: &Line) -> Result<(Ipv4Net, String), Output> {
    let words = line.words();
    let dev = words.iter().position(|w| *w == "dev").and_then(|at| words.get(at + 1)).copied();
    let Some(dev) = dev else { return Err(Output::fail(255, "Not enough information: \"dev\" argument is required.")) };
    if let Some(output) = no_device(shell, dev) {
        return Err(output);
    }
    let typed = words.first().copied().unwrap_or_default();
    let host = || typed.parse::<Ipv4Addr>().ok().map(Ipv4Net::from);
    match typed.parse().ok().or_else(host) {
        Some(net) => Ok((net, dev.to_owned())),
        None => Err(Output::fail(1, format!("Error: any valid prefix is expected rather than \"{typed}\"."))),
    }
}

pub(super) fn add_address(shell: &mut Shell, line: &Line) -> Output {
    set_address(shell, line, true)
}

pub(super) fn del_address(shell: &mut Shell, line: &Line) -> Output {
    set_address(shell, line, false)
}

fn set_address(shell: &mut Shell, line: &Line, on: bool) -> Output {
    let (address, dev) = match address_of(shell, line) {
        Ok(found) => found,
        Err(output) => return output,
    };
    let own = shell.here().is_some_and(|(_, host)| host.is_local(address.addr()));
    if on && !own && shell.session().world().host_at(address.addr()).is_some() {
        return Output::fail(
            2,
            format!("podhop: {} is another machine's; an address has one owner here", address.addr()),
        );
    }
    done(shell, Action::SetAddress { host: name_here(shell), dev, address, on })
}

pub(super) fn set_link(shell: &mut Shell, line: &Line) -> Output {
    let words: Vec<&str> = line.words().into_iter().filter(|w| *w != "dev").collect();
    match words.as_slice() {
        [dev, state @ ("up" | "down")] | [state @ ("up" | "down"), dev] => {
            if let Some(output) = no_device(shell, dev) {
                return output;
            }
            let action = Action::SetLink { host: name_here(shell), dev: (*dev).to_owned(), up: *state == "up" };
            done(shell, action)
        }
        [] => Output::fail(255, "Not enough information: \"dev\" argument is required."),
        _ => Output::fail(255, "podhop: of ip link set, only up and down are simulated; nearest: ip link set DEV down"),
    }
}

fn no_device(shell: &Shell, dev: &str) -> Option<Output> {
    let there = shell.here().is_some_and(|(_, host)| host.interface_named(dev).is_some());
    (!there).then(|| Output::fail(1, format!("Cannot find device \"{dev}\"")))
}

/// Does an action; what is wrong is said as the kernel's answer.
fn done(shell: &mut Shell, action: Action) -> Output {
    match shell.act(action) {
        Ok(()) => Output::default(),
        Err(ActionError::Exists { kind: Kind::Address, .. }) => Output::fail(2, "RTNETLINK answers: File exists"),
        Err(ActionError::NotFound { kind: Kind::Address, .. }) => {
            Output::fail(2, "RTNETLINK answers: Cannot assign requested address")
        }
        Err(ActionError::RouteExists { .. }) => Output::fail(2, "RTNETLINK answers: File exists"),
        Err(ActionError::NotFound { kind: Kind::Route, .. }) => Output::fail(2, "RTNETLINK answers: No such process"),
        Err(ActionError::NotFound { kind: Kind::Neighbor, .. }) => {
            Output::fail(2, "RTNETLINK answers: No such file or directory")
        }
        Err(error) => Output::fail(2, format!("RTNETLINK answers: {}", shell.words(&error))),
    }
}

/// `ip route`, as far as `show` picks routes: of an interface, or of a prefix.
pub(super) fn routes(shell: &mut Shell, line: &Line) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    let mut words = line.words();
    if words.first().is_some_and(|w| "show".starts_with(*w) || "list".starts_with(*w)) {
        words.remove(0);
    }
    let (mut dev, mut dst) = (None, None);
    let mut rest = words.into_iter();
    while let Some(word) = rest.next() {
        match word {
            "dev" => dev = rest.next(),
            "table" if rest.next().is_some_and(|t| t == "main" || t == "254") => {}
            "table" => return Output::fail(2, "Error: ipv4: FIB table does not exist.\nDump terminated"),
            "exact" | "to" => {}
            other => match prefix(other) {
                Some(net) => dst = Some(net),
                None => return Output::fail(1, format!("Command \"{other}\" is unknown, try \"ip route help\".")),
            },
        }
    }
    if let Some(output) = dev.and_then(|dev| no_device(shell, dev)) {
        return output;
    }
    let index = dev.and_then(|dev| host.interface_named(dev)).map(|i| i.index);
    let shown = host.fib.routes().iter().filter(|r| dst.is_none_or(|d| r.dst == d));
    let shown = shown.filter(|r| index.is_none() || r.dev() == index);
    // What all lines have in common is left out.
    let cut = dev.map(|dev| format!(" dev {dev}")).unwrap_or_default();
    Output::ok(shown.map(|r| self::line(host, r).replacen(&cut, "", 1)).collect::<String>())
}

pub(super) fn del(shell: &mut Shell, line: &Line) -> Output {
    let Some(word) = line.words.iter().find(|w| !matches!(w.as_str(), "unreachable" | "blackhole")) else {
        return Output::fail(2, "\"ip route del\" requires arguments.");
    };
    match prefix(word) {
        Some(dst) => done(shell, Action::DeleteHostRoute { host: name_here(shell), dst }),
        None => Output::fail(1, format!("Error: any valid prefix is expected rather than \"{word}\".")),
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

pub(super) fn get(shell: &mut Shell, line: &Line) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    let Some(to) = line.words.iter().find(|w| *w != "to") else {
        return Output::fail(1, "need at least a destination address");
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

pub(super) fn add(shell: &mut Shell, line: &Line) -> Output {
    route_of(shell, line)
        .map_or_else(|output| output, |route| done(shell, Action::AddHostRoute { host: name_here(shell), route }))
}

/// Takes the place of the route of that prefix, if there is one.
pub(super) fn replace(shell: &mut Shell, line: &Line) -> Output {
    let route = match route_of(shell, line) {
        Ok(route) => route,
        Err(output) => return output,
    };
    let there = shell.here().is_some_and(|(_, host)| host.fib.routes().iter().any(|r| r.dst == route.dst));
    if there {
        let gone = done(shell, Action::DeleteHostRoute { host: name_here(shell), dst: route.dst });
        if gone.status != 0 {
            return gone;
        }
    }
    done(shell, Action::AddHostRoute { host: name_here(shell), route })
}

/// The route that words describe.
fn route_of(shell: &Shell, line: &Line) -> Result<HostRoute, Output> {
    let words = line.words();
    let (kind, spec) = match words.as_slice() {
        [kind @ ("unreachable" | "blackhole"), rest @ ..] => (Some(*kind), rest.to_vec()),
        spec => (None, spec.to_vec()),
    };
    let Some(word) = spec.first() else { return Err(Output::fail(2, "\"ip route add\" requires arguments.")) };
    let Some(dst) = prefix(word) else {
        return Err(Output::fail(1, format!("Error: any valid prefix is expected rather than \"{word}\".")));
    };
    if dst.trunc() != dst {
        return Err(Output::fail(2, "Error: Invalid prefix for given prefix length."));
    }
    let after = |word: &str| spec.iter().position(|w| *w == word).and_then(|at| spec.get(at + 1)).copied();
    let via = match after("via").map(|v| (v, v.parse::<Ipv4Addr>())) {
        None => None,
        Some((_, Ok(via))) => Some(via),
        Some((text, Err(_))) => {
            return Err(Output::fail(1, format!("Error: inet address is expected rather than \"{text}\".")));
        }
    };
    let target = match kind {
        Some("unreachable") => HostRouteTarget::Unreachable,
        Some(_) => HostRouteTarget::Blackhole,
        None => {
            if let Some(output) = after("dev").and_then(|dev| no_device(shell, dev)) {
                return Err(output);
            }
            let found = after("dev").map(str::to_owned).or_else(|| dev_toward(shell, via?));
            let Some(dev) = found else { return Err(Output::fail(2, "Error: Nexthop has invalid gateway.")) };
            HostRouteTarget::Dev { dev, via }
        }
    };
    Ok(HostRoute { dst, target })
}

/// The interface behind which a gateway is.
fn dev_toward(shell: &Shell, via: Ipv4Addr) -> Option<String> {
    let (_, host) = shell.here()?;
    host.fib.best(via).and_then(Route::dev).map(|dev| dev_name(host, dev))
}

/// Policy routing is not simulated: these are the kernel's own.
pub(super) fn rules(_: &mut Shell, line: &Line) -> Output {
    match line.word(0) {
        Some(word) if !"show".starts_with(word) && !"list".starts_with(word) => {
            Output::fail(1, format!("podhop: ip rule {word} is not simulated; nearest: ip route"))
        }
        _ => Output::ok("0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n"),
    }
}

pub(super) fn neighbors(shell: &mut Shell, line: &Line) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    let wanted = wanted(line);
    let only = wanted.and_then(|dev| host.interface_named(dev)).map(|i| i.index);
    if let (Some(name), None) = (wanted, only) {
        return Output::fail(1, format!("Cannot find device \"{name}\""));
    }
    let now = shell.session().world().now;
    let text = |(dev, ip, entry): (_, Ipv4Addr, &Neighbor)| {
        let state = entry.state_at(now).code();
        let dev = if only.is_some() { String::new() } else { format!(" dev {}", dev_name(host, dev)) };
        let mac = entry.mac.map_or_else(String::new, |mac| format!(" lladdr {mac}"));
        format!("{ip}{dev}{mac} {state} \n")
    };
    Output::ok(host.neighbors.iter().filter(|(dev, ..)| only.is_none_or(|o| o == *dev)).map(text).collect::<String>())
}

/// Address, interface and hardware address of an entry.
fn neighbor_of(shell: &Shell, line: &Line) -> Result<(Ipv4Addr, String, Option<Mac>), Output> {
    let words = line.words();
    let after = |word: &str| words.iter().position(|w| *w == word).and_then(|at| words.get(at + 1)).copied();
    let Some(address) = words.first() else {
        return Err(Output::fail(255, "Device and destination are required arguments."));
    };
    let Some(dev) = after("dev") else {
        return Err(Output::fail(255, "Device and destination are required arguments."));
    };
    if let Some(output) = no_device(shell, dev) {
        return Err(output);
    }
    let Ok(ip) = address.parse() else {
        return Err(Output::fail(1, format!("Error: inet address is expected rather than \"{address}\".")));
    };
    let mac = match after("lladdr") {
        None => None,
        Some(text) => match text.parse() {
            Ok(mac) => Some(mac),
            Err(()) => return Err(Output::fail(1, format!("\"{text}\" is invalid lladdr."))),
        },
    };
    Ok((ip, dev.to_owned(), mac))
}

pub(super) fn add_neighbor(shell: &mut Shell, line: &Line) -> Output {
    match neighbor_of(shell, line) {
        Ok((_, _, None)) => Output::fail(2, "RTNETLINK answers: Invalid argument"),
        Ok((address, dev, mac)) => done(shell, Action::SetNeighbor { host: name_here(shell), dev, address, mac }),
        Err(output) => output,
    }
}

pub(super) fn del_neighbor(shell: &mut Shell, line: &Line) -> Output {
    match neighbor_of(shell, line) {
        Ok((address, dev, _)) => done(shell, Action::SetNeighbor { host: name_here(shell), dev, address, mac: None }),
        Err(output) => output,
    }
}

pub(super) fn flush_neighbors(shell: &mut Shell, line: &Line) -> Output {
    match line.words().as_slice() {
        [] => Output::fail(255, "Flush requires arguments."),
        ["all"] => done(shell, Action::Flush { host: name_here(shell), table: FlushTable::Neighbors }),
        _ => Output::fail(1, "podhop: of ip neigh flush, only all is simulated; nearest: ip neigh flush all"),
    }
}
