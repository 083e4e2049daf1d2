//! `ip address` and `ip link`. Source: iproute2 6.1, `ip/ipaddress.c`; what the real command printed.

use super::{details, dev_name, here, json, name_here, shown_name};
use crate::shell::line::Line;
use crate::shell::{Output, Shell};
use crate::sim::action::Action;
use crate::sim::action::error::{ActionError, Kind};
use crate::sim::host::Host;
use crate::sim::host::interface::{Interface, InterfaceAddress, InterfaceKind};
use crate::sim::ids::IfIndex;
use crate::sim::world::World;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// Which interfaces to show: by name, bridge, kind, and whether they are up.
#[derive(Default)]
struct Wanted<'a> {
    dev: Option<&'a str>,
    master: Option<IfIndex>,
    kind: Option<&'a str>,
    up: bool,
}

impl Wanted<'_> {
    fn holds(&self, interface: &Interface) -> bool {
        self.dev.is_none_or(|dev| interface.name.as_ref() == dev)
            && self.master.is_none_or(|master| interface.master == Some(master))
            && self.kind.is_none_or(|wanted| kind(interface) == Some(wanted))
            && (interface.up || !self.up)
    }
}

/// What made it, as `type` names it: a NIC or loopback was there before.
const fn kind(interface: &Interface) -> Option<&'static str> {
    match interface.kind {
        InterfaceKind::Bridge => Some("bridge"),
        InterfaceKind::Veth { .. } => Some("veth"),
        InterfaceKind::Nic(_) | InterfaceKind::Loopback => None,
    }
}

fn wanted<'a>(host: &Host, line: &'a Line) -> Result<Wanted<'a>, Output> {
    const NOT_HERE: [&str; 7] = ["to", "scope", "label", "primary", "secondary", "vrf", "nomaster"];
    let mut wanted = Wanted::default();
    let mut words = line.words().into_iter().skip(1);
    while let Some(word) = words.next() {
        let mut value =
            || words.next().ok_or_else(|| Output::fail(255, "Command line is not complete. Try option \"help\""));
        match word {
            "up" => wanted.up = true,
            "type" => wanted.kind = Some(value()?),
            "master" => {
                let name = value()?;
                let err = || format!("Error: argument \"{name}\" is wrong: Device does not exist\n\n");
                let wrong = || Output { err: err(), status: 255, ..Output::default() };
                let master = host.interface_named(name).ok_or_else(wrong)?;
                wanted.master = Some(master.index);
            }
            _ if NOT_HERE.contains(&word) => {
                let nearest = "nearest: dev, up, master, type";
                return Err(Output::fail(2, format!("podhop: {word} is not simulated; {nearest}")));
            }
            _ => {
                let name = if word == "dev" { value()? } else { word };
                if wanted.dev.is_some() {
                    let wrong = format!("Error: either \"dev\" is duplicate, or \"{name}\" is a garbage.");
                    return Err(Output::fail(255, wrong));
                }
                wanted.dev = Some(name);
            }
        }
    }
    match wanted.dev {
        Some(name) if host.interface_named(name).is_none() => {
            Err(Output::fail(1, format!("Device \"{name}\" does not exist.")))
        }
        _ => Ok(wanted),
    }
}

/// What the real command does with an object beside what is simulated. Source: iproute2 6.1 `ip/ip*.c`.
fn real(object: &str) -> &'static [&'static str] {
    match object {
        "link" => &["add", "delete", "change", "replace", "property", "xstats", "afstats"],
        "address" => &["flush", "change", "replace", "save", "restore", "showdump"],
        "route" => &["flush", "change", "append", "prepend", "test", "save", "restore", "showdump"],
        _ => &["change", "replace"],
    }
}

/// Whether the first word, if there is one, is that of showing.
pub(super) fn is_show(line: &Line, object: &str) -> Result<(), Output> {
    let Some(word) = line.word(0) else { return Ok(()) };
    let begins = |words: &[&str]| words.iter().any(|w| w.starts_with(word));
    if begins(&["show", "list", "lst"]) {
        return Ok(());
    }
    Err(if begins(real(object)) {
        Output::fail(2, format!("podhop: ip {object} {word} is not simulated; nearest: ip {object} show"))
    } else {
        Output::fail(255, format!("Command \"{word}\" is unknown, try \"ip {object} help\"."))
    })
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
    if let Err(output) = is_show(line, if addresses { "address" } else { "link" }) {
        return output;
    }
    let wanted = match wanted(host, line) {
        Ok(wanted) => wanted,
        Err(output) => return output,
    };
    let world = shell.session().world();
    let only_v4 = line.has("-4");
    let shown = host.interfaces.values().filter(|i| wanted.holds(i));
    let shown = shown.filter(|i| !(only_v4 && addresses && i.addresses.is_empty()));
    if line.has("-json") {
        return Output::ok(json::list(shown.map(|i| of_json(host, world, i, addresses, only_v4))));
    }
    if line.has("-brief") {
        return Output::ok(shown.map(|i| brief(host, world, i, addresses)).collect::<String>());
    }
    let one_line = |text: String| match text.strip_suffix('\n') {
        Some(inner) if line.has("-oneline") => inner.replace('\n', "\\") + "\n",
        _ => text,
    };
    if line.has("-oneline") && addresses {
        return Output::ok(shown.map(address_lines).collect::<String>());
    }
    let text = |i: &Interface| {
        let mut text = interface(host, world, i, addresses, only_v4);
        if line.has("-details")
            && let Some((first, rest)) =
                text.split_once('\n').and_then(|(a, rest)| Some((a.len() + 1, rest.find('\n')?)))
        {
            text.insert_str(first + rest, &details::of_link(host, i));
        }
        if line.has("-statistics") {
            text += &details::counters(shell, host, i);
        }
        one_line(text)
    };
    Output::ok(shown.map(text).collect::<String>())
}

/// `ip -o address`: one line an address, behind the name of its interface.
fn address_lines(interface: &Interface) -> String {
    let lines = of_addresses(interface);
    let line = |text: &str| format!("{}: {}{}\n", interface.index.0, interface.name, text.replace('\n', "\\"));
    lines.iter().map(|text| line(text.trim_end_matches('\n'))).collect()
}

/// Each address in two lines.
fn of_addresses(interface: &Interface) -> Vec<String> {
    let scope = if interface.kind == InterfaceKind::Loopback { "host" } else { "global" };
    let text = |(at, address): (usize, &InterfaceAddress)| {
        let before = interface.addresses.iter().take(at);
        let second = before.into_iter().any(|other| other.net.trunc() == address.net.trunc());
        let secondary = if second { "secondary " } else { "" };
        let brd = if address.broadcast { format!("brd {} ", address.net.broadcast()) } else { String::new() };
        format!(
            "    inet {} {brd}scope {scope} {secondary}{}\n       valid_lft forever preferred_lft forever\n",
            address.net, interface.name
        )
    };
    interface.addresses.iter().enumerate().map(text).collect()
}

/// One interface as `ip -j` writes it.
fn of_json(host: &Host, world: &World, interface: &Interface, addresses: bool, only_v4: bool) -> String {
    let link = !(addresses && only_v4);
    let text = |text: &str| Some(json::text(text));
    let loopback = interface.kind == InterfaceKind::Loopback;
    let peer = match interface.kind {
        InterfaceKind::Veth { peer } if world.hosts.get(peer.host).is_some() => Some(peer.index.0.to_string()),
        _ => None,
    };
    let names: Vec<String> = flags(host, interface).split(',').map(json::text).collect();
    let (kind, broadcast) = if loopback { ("loopback", "00:00:00:00:00:00") } else { ("ether", "ff:ff:ff:ff:ff:ff") };
    let infos = interface.addresses.iter().map(|address| {
        json::object(&[
            ("family", text("inet")),
            ("local", text(&address.net.addr().to_string())),
            ("prefixlen", Some(address.net.prefix_len().to_string())),
            ("broadcast", address.broadcast.then(|| json::text(&address.net.broadcast().to_string()))),
            ("scope", text(if loopback { "host" } else { "global" })),
            ("label", text(&interface.name)),
            ("valid_life_time", Some(u32::MAX.to_string())),
            ("preferred_life_time", Some(u32::MAX.to_string())),
        ])
    });
    json::object(&[
        ("ifindex", Some(interface.index.0.to_string())),
        ("link_index", peer.clone()),
        ("ifname", text(&interface.name)),
        ("flags", Some(format!("[{}]", names.join(",")))),
        ("mtu", Some(mtu(interface).to_string())),
        ("qdisc", text(queue(interface))),
        ("master", interface.master.map(|m| json::text(&dev_name(host, m)))),
        ("operstate", text(state(host, interface))),
        ("linkmode", if addresses { None } else { text("DEFAULT") }),
        ("group", text("default")),
        ("txqlen", has_queue_length(interface).then(|| "1000".to_owned())),
        ("link_type", text(kind).filter(|_| link)),
        ("address", text(&interface.mac.to_string()).filter(|_| link)),
        ("broadcast", text(broadcast).filter(|_| link)),
        ("link_netnsid", peer.and_then(|_| netnsid(host, interface)).map(|id| id.to_string())),
        ("addr_info", addresses.then(|| json::list(infos).trim_end().to_owned())),
    ])
}

/// A NIC of Azure has a queue for each of its channels; what is made of software has none.
const fn queue(interface: &Interface) -> &'static str {
    if matches!(interface.kind, InterfaceKind::Nic(_)) { "mq" } else { "noqueue" }
}

/// A pair that a CNI plugin makes is made without.
const fn has_queue_length(interface: &Interface) -> bool {
    !matches!(interface.kind, InterfaceKind::Veth { .. })
}

/// `ip -br`: name, state and addresses, or name, state, hardware address and flags.
fn brief(host: &Host, world: &World, interface: &Interface, addresses: bool) -> String {
    let head = format!("{:<16} {:<14} ", shown_name(world, interface), state(host, interface));
    if addresses {
        let list: String = interface.addresses.iter().map(|a| format!("{} ", a.net)).collect();
        return head + &list + "\n";
    }
    format!("{head}{} <{}> \n", interface.mac, flags(host, interface))
}

fn state(host: &Host, interface: &Interface) -> &'static str {
    match interface.kind {
        InterfaceKind::Loopback => "UNKNOWN",
        _ if host.has_carrier(interface.index) => "UP",
        InterfaceKind::Veth { .. } if interface.up => "LOWERLAYERDOWN",
        _ => "DOWN",
    }
}

pub(super) fn flags(host: &Host, interface: &Interface) -> String {
    let carrier = host.has_carrier(interface.index);
    let mut flags = Vec::new();
    if interface.up && !carrier {
        flags.push("NO-CARRIER");
    }
    match interface.kind {
        InterfaceKind::Loopback => flags.push("LOOPBACK"),
        _ => flags.extend(["BROADCAST", "MULTICAST"]),
    }
    if interface.promiscuous {
        flags.push("PROMISC");
    }
    if interface.up {
        flags.push("UP");
    }
    if carrier {
        flags.push("LOWER_UP");
    }
    flags.join(",")
}

fn interface(host: &Host, world: &World, interface: &Interface, addresses: bool, only_v4: bool) -> String {
    let loopback = interface.kind == InterfaceKind::Loopback;
    let state = state(host, interface);
    let master = interface.master.map_or_else(String::new, |m| format!("master {} ", dev_name(host, m)));
    let queue = queue(interface);
    let length = if has_queue_length(interface) { "qlen 1000" } else { "" };
    let mode = if addresses { "" } else { "mode DEFAULT " };
    let mut text = format!(
        "{}: {}: <{}> mtu {} qdisc {queue} {master}state {state} {mode}group default {length}\n",
        interface.index.0,
        shown_name(world, interface),
        flags(host, interface),
        mtu(interface),
    );
    let (kind, broadcast) = if loopback { ("loopback", "00:00:00:00:00:00") } else { ("ether", "ff:ff:ff:ff:ff:ff") };
    let peer = netnsid(host, interface).map_or_else(String::new, |id| format!(" link-netnsid {id}"));
    if !only_v4 || !addresses {
        text += &format!("    link/{kind} {} brd {broadcast}{peer}\n", interface.mac);
    }
    if addresses {
        text += &of_addresses(interface).concat();
    }
    text
}

/// The number by which a host knows the namespace at the other end of a pair: they are counted from 0 as they come.
/// Simplified: a number that became free is not given again.
fn netnsid(host: &Host, interface: &Interface) -> Option<usize> {
    let pairs = host.interfaces.values().filter(|i| matches!(i.kind, InterfaceKind::Veth { .. }));
    pairs.map(|pair| pair.index).position(|index| index == interface.index)
}

/// The loopback interface has an MTU of 65,536, one more than the simulation's numbers hold.
fn mtu(interface: &Interface) -> u32 {
    if interface.kind == InterfaceKind::Loopback { 65_536 } else { u32::from(interface.mtu) }
}

/// Prefix and interface of `ip address add PREFIX dev DEV`.
fn address_of(shell: &Shell, line: &Line) -> Result<(Ipv4Net, String), Output> {
    let words = line.words();
    let dev = words.iter().position(|w| *w == "dev").and_then(|at| words.get(at + 1)).copied();
    let Some(dev) = dev else { return Err(Output::fail(1, "Not enough information: \"dev\" argument is required.")) };
    if let Some(output) = no_device(shell, dev) {
        return Err(output);
    }
    if let Some(word) = words.iter().skip(1).find(|w| !matches!(**w, "dev") && **w != dev) {
        let said = format!("podhop: {word} of an address is not simulated; nearest: ip address add PREFIX dev {dev}");
        return Err(Output::fail(2, said));
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

/// `ip link set [dev] DEV up|down`.
pub(super) fn set_link(shell: &mut Shell, line: &Line) -> Output {
    let words: Vec<&str> = line.words().into_iter().filter(|w| *w != "dev").collect();
    let (states, rest): (Vec<&str>, Vec<&str>) = words.iter().partition(|w| matches!(**w, "up" | "down"));
    let Some((dev, more)) = rest.split_first() else {
        return Output::fail(255, "Not enough information: \"dev\" argument is required.");
    };
    if let Some(output) = no_device(shell, dev) {
        return output;
    }
    if let Some(word) = more.first() {
        let said = format!("podhop: of ip link set, {word} is not simulated; nearest: ip link set {dev} down");
        return Output::fail(255, said);
    }
    let Some(state) = states.last() else { return Output::default() };
    done(shell, Action::SetLink { host: name_here(shell), dev: (*dev).to_owned(), up: *state == "up" })
}

/// The word behind a word.
pub(super) fn word_after<'a>(words: &[&'a str], name: &str) -> Option<&'a str> {
    words.iter().position(|w| *w == name).and_then(|at| words.get(at + 1)).copied()
}

pub(super) fn no_device(shell: &Shell, dev: &str) -> Option<Output> {
    let there = shell.here().is_some_and(|(_, host)| host.interface_named(dev).is_some());
    (!there).then(|| Output::fail(1, format!("Cannot find device \"{dev}\"")))
}

/// Does an action; what is wrong is said as the kernel's answer.
pub(super) fn done(shell: &mut Shell, action: Action) -> Output {
    match shell.act(action) {
        Ok(()) => Output::default(),
        Err(ActionError::NotFound { kind: Kind::Address, .. }) => {
            Output::fail(2, "RTNETLINK answers: Cannot assign requested address")
        }
        Err(ActionError::RouteExists { .. } | ActionError::Exists { kind: Kind::Address, .. }) => {
            Output::fail(2, "RTNETLINK answers: File exists")
        }
        Err(ActionError::NotFound { kind: Kind::Route, .. }) => Output::fail(2, "RTNETLINK answers: No such process"),
        Err(ActionError::NotFound { kind: Kind::Neighbor, .. }) => {
            Output::fail(2, "RTNETLINK answers: No such file or directory")
        }
        Err(error) => Output::fail(2, format!("RTNETLINK answers: {}", shell.words(&error))),
    }
}
