//! `ifconfig`, `route`, `arp`, `sysctl`. Source: net-tools 2.10, procps `sysctl`.

use super::details::{for_people, passed};
use super::{dev_name, here, name_here};
use crate::shell::line::Line;
use crate::shell::{Output, Shell};
use crate::sim::action::{Action, SysctlName};
use crate::sim::host::Host;
use crate::sim::host::fib::RouteKind;
use crate::sim::host::interface::{Interface, InterfaceKind};
use crate::sim::host::neighbor::NeighborState;

pub(super) fn ifconfig(shell: &mut Shell, line: &Line) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    let name = line.word(0);
    if let Some(name) = name
        && host.interface_named(name).is_none()
    {
        return Output::fail(1, format!("{name}: error fetching interface information: Device not found"));
    }
    // Those that are down are left out, unless all are asked for or one by its name.
    let all = line.has("-a") || name.is_some();
    let mut shown: Vec<&Interface> =
        host.interfaces.values().filter(|i| name.is_none_or(|n| i.name.as_ref() == n) && (all || i.up)).collect();
    shown.sort_by(|a, b| a.name.cmp(&b.name));
    Output::ok(shown.into_iter().map(|i| block(shell, host, i)).collect::<String>())
}

fn block(shell: &Shell, host: &Host, interface: &Interface) -> String {
    let loopback = interface.kind == InterfaceKind::Loopback;
    let mut flags: Vec<&str> = Vec::new();
    let mut bits = 0;
    for (on, bit, name) in [
        (interface.up, 1, "UP"),
        (!loopback, 2, "BROADCAST"),
        (loopback, 8, "LOOPBACK"),
        (host.has_carrier(interface.index), 64, "RUNNING"),
        (interface.promiscuous, 256, "PROMISC"),
        (!loopback, 4096, "MULTICAST"),
    ] {
        if on {
            flags.push(name);
            bits += bit;
        }
    }
    let mtu = if loopback { 65_536 } else { u32::from(interface.mtu) };
    let mut text = format!("{}: flags={bits}<{}>  mtu {mtu}\n", interface.name, flags.join(","));
    // An interface has one address here; further ones are for `ip` to show.
    for address in interface.addresses.iter().take(1) {
        let broadcast = if address.broadcast { address.net.broadcast() } else { std::net::Ipv4Addr::UNSPECIFIED };
        let end = if loopback { String::new() } else { format!("  broadcast {broadcast}") };
        text += &format!("        inet {}  netmask {}{end}\n", address.net.addr(), address.net.netmask());
    }
    // What a CNI plugin makes has no queue.
    let queue = if matches!(interface.kind, InterfaceKind::Veth { .. }) { 0 } else { 1000 };
    text += &if loopback {
        "        loop  txqueuelen 1000  (Local Loopback)\n".to_owned()
    } else {
        format!("        ether {}  txqueuelen {queue}  (Ethernet)\n", interface.mac)
    };
    let (taken, sent) = passed(shell, host, interface);
    for (name, p, errors) in [("RX", taken, "overruns 0  frame 0"), ("TX", sent, "overruns 0  carrier 0  collisions 0")]
    {
        let gap = if name == "RX" { "  " } else { " " };
        text += &format!(
            "        {name} packets {}  bytes {} ({})\n        {name} errors 0  dropped 0{gap}{errors}\n",
            p.packets,
            p.bytes,
            for_people(p.bytes)
        );
    }
    text + "\n"
}

/// `route -n`.
pub(super) fn route(shell: &mut Shell, line: &Line) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    let mut text = String::from(
        "Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n",
    );
    let zero = if line.has("--numeric") { "0.0.0.0" } else { "default" };
    for route in host.fib.routes() {
        let mask = route.dst.netmask().to_string();
        let dst = if route.dst.prefix_len() == 0 { zero.to_owned() } else { route.dst.network().to_string() };
        let (dev, via) = match route.kind {
            RouteKind::Unicast { dev, via } => (dev, via),
            RouteKind::Blackhole => {
                let (none, metric) = (std::net::Ipv4Addr::UNSPECIFIED.to_string(), route.metric);
                text += &format!("{dst:<15} {none:<15} {mask:<15} {:<5} {metric:<6} 0        0 *\n", "U");
                continue;
            }
            RouteKind::Unreachable => {
                let metric = route.metric;
                text += &format!("{dst:<15} {:<15} {mask:<15} {:<5} {metric:<6} -        0 -\n", "-", "!");
                continue;
            }
        };
        let mut flags = String::from("U");
        if via.is_some() {
            flags.push('G');
        }
        if route.dst.prefix_len() == 32 {
            flags.push('H');
        }
        let via = via.unwrap_or(std::net::Ipv4Addr::UNSPECIFIED).to_string();
        text += &format!(
            "{dst:<15} {via:<15} {mask:<15} {flags:<5} {:<6} 0        0 {}\n",
            route.metric,
            dev_name(host, dev)
        );
    }
    Output::ok(text)
}

/// `arp -n`, `arp -a`.
pub(super) fn arp(shell: &mut Shell, line: &Line) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    if line.has("--delete") {
        return forget(shell, line);
    }
    let now = shell.session().world().now;
    let wanted = |ip: &str, name: &str| {
        line.option("--device").is_none_or(|d| d == name) && line.word(0).is_none_or(|w| w == ip)
    };
    let mut rows = Vec::new();
    for (dev, ip, entry) in host.neighbors.iter() {
        let (ip, name) = (ip.to_string(), dev_name(host, dev));
        if !wanted(&ip, &name) {
            continue;
        }
        let fixed = entry.state_at(now) == NeighborState::Permanent;
        rows.push(match (entry.mac, line.has("--all")) {
            (Some(mac), true) => format!("? ({ip}) at {mac} [ether]{} on {name}\n", if fixed { " PERM" } else { "" }),
            (None, true) => format!("? ({ip}) at <incomplete> on {name}\n"),
            (Some(mac), false) => {
                format!("{ip:<24} ether   {mac}   {:<21} {name}\n", if fixed { "CM" } else { "C" })
            }
            (None, false) => format!("{ip:<24}         (incomplete)                              {name}\n"),
        });
    }
    match (rows.is_empty(), line.word(0)) {
        (true, Some(ip)) => Output { out: format!("{ip} ({ip}) -- no entry\n"), ..Output::default() },
        (true, None) => Output::default(),
        (false, _) if line.has("--all") => Output::ok(rows.concat()),
        (false, _) => {
            const HEAD: &str = "Address                  HWtype  HWaddress           Flags Mask            Iface\n";
            Output::ok(HEAD.to_owned() + &rows.concat())
        }
    }
}

/// `arp -d ADDRESS`.
fn forget(shell: &mut Shell, line: &Line) -> Output {
    let Some(word) = line.word(0) else { return Output::fail(255, "arp: need host name") };
    let Ok(address) = word.parse() else { return Output::fail(255, format!("{word}: Host name lookup failure")) };
    let entry = shell.here().and_then(|(_, host)| {
        let (dev, _, _) = host.neighbors.iter().find(|(_, ip, _)| *ip == address)?;
        Some(dev_name(host, dev))
    });
    let Some(dev) = entry else { return Output::fail(255, format!("No ARP entry for {word}")) };
    match shell.act(Action::SetNeighbor { host: name_here(shell), dev, address, mac: None }) {
        Ok(()) => Output::default(),
        Err(error) => Output::fail(255, format!("arp: {}", shell.words(&error))),
    }
}

const SETTINGS: [(&str, SysctlName); 3] = [
    ("net.ipv4.conf.all.forwarding", SysctlName::IpForward),
    ("net.ipv4.ip_forward", SysctlName::IpForward),
    ("net.bridge.bridge-nf-call-iptables", SysctlName::BridgeNfCallIptables),
];

/// `sysctl [-w] NAME[=VALUE]...`, `sysctl -a`.
pub(super) fn sysctl(shell: &mut Shell, line: &Line) -> Output {
    if line.has("--all") {
        let Some((_, host)) = shell.here() else { return Output::fail(1, "") };
        let mut names: Vec<String> = SETTINGS.iter().map(|(name, _)| (*name).to_owned()).collect();
        names.extend(host.interfaces.values().map(|i| format!("net.ipv4.conf.{}.proxy_arp", i.name)));
        names.sort();
        let shown = names.iter().filter_map(|name| Some(format!("{name} = {}\n", u8::from(setting(shell, name)?))));
        return Output::ok(shown.collect::<String>());
    }
    if line.words.is_empty() {
        return Output::fail(1, "sysctl: no variables specified\nTry `sysctl --help' for more information.");
    }
    let mut all = Output::default();
    for word in &line.words {
        let one = sysctl_one(shell, word, line.has("--values"));
        all.out += &one.out;
        all.err += &one.err;
        all.status = all.status.max(one.status);
    }
    all
}

fn sysctl_one(shell: &mut Shell, word: &str, bare: bool) -> Output {
    let (name, value) = word.split_once('=').map_or((word, None), |(n, v)| (n, Some(v)));
    let name = name.replace('/', ".");
    let name = name.trim();
    if let (Some(value), Some((_, setting))) = (value, SETTINGS.iter().find(|(n, _)| *n == name)) {
        let action = Action::SetSysctl { host: name_here(shell), name: *setting, on: value.trim() != "0" };
        if let Err(error) = shell.act(action) {
            return Output::fail(1, format!("sysctl: {}", shell.words(&error)));
        }
    } else if value.is_some() {
        return Output::fail(1, format!("podhop: {name} cannot be set here; nearest: net.ipv4.ip_forward"));
    }
    match setting(shell, name) {
        Some(on) if bare => Output::ok(format!("{}\n", u8::from(on))),
        Some(on) => Output::ok(format!("{name} = {}\n", u8::from(on))),
        None => {
            let path = name.replace('.', "/");
            Output::fail(1, format!("sysctl: cannot stat /proc/sys/{path}: No such file or directory"))
        }
    }
}

fn setting(shell: &Shell, name: &str) -> Option<bool> {
    let (_, host) = shell.here()?;
    Some(match name {
        "net.ipv4.ip_forward" | "net.ipv4.conf.all.forwarding" => host.sysctl.ip_forward,
        "net.bridge.bridge-nf-call-iptables" => host.sysctl.bridge_nf_call_iptables,
        other => {
            let (dev, setting) = other.strip_prefix("net.ipv4.conf.")?.rsplit_once('.')?;
            let interface = host.interface_named(dev)?;
            match setting {
                "proxy_arp" => interface.proxy_arp,
                // What is set for all goes to each.
                "forwarding" => host.sysctl.ip_forward,
                _ => return None,
            }
        }
    })
}
