//! `ifconfig`, `route`, `arp`, `sysctl`, `nc`, `curl`. Source: net-tools 2.10, procps `sysctl`, OpenBSD `nc`, curl.

use super::{dev_name, here, name_here};
use crate::shell::{Output, Shell};
use crate::sim::action::{Action, SysctlName};
use crate::sim::engine::probe::{Probe, ProbeProtocol};
use crate::sim::host::fib::RouteKind;
use crate::sim::host::interface::{Interface, InterfaceKind};
use crate::sim::record::trace::Outcome;

pub(super) fn ifconfig(shell: &Shell, args: &[String]) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    let name = args.iter().find(|a| !a.starts_with('-'));
    if let Some(name) = name
        && host.interface_named(name).is_none()
    {
        return Output::fail(1, format!("{name}: error fetching interface information: Device not found"));
    }
    let shown = host.interfaces.values().filter(|i| name.is_none_or(|n| i.name.as_ref() == n));
    Output::ok(shown.map(block).collect::<String>())
}

fn block(interface: &Interface) -> String {
    let loopback = interface.kind == InterfaceKind::Loopback;
    let mut flags: Vec<&str> = Vec::new();
    let mut bits = 0;
    for (on, bit, name) in [
        (interface.up, 1, "UP"),
        (!loopback, 2, "BROADCAST"),
        (loopback, 8, "LOOPBACK"),
        (interface.up, 64, "RUNNING"),
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
    for address in &interface.addresses {
        let broadcast = if address.broadcast { address.net.broadcast() } else { std::net::Ipv4Addr::UNSPECIFIED };
        let end = if loopback { String::new() } else { format!("  broadcast {broadcast}") };
        text += &format!("        inet {}  netmask {}{end}\n", address.net.addr(), address.net.netmask());
    }
    text += &if loopback {
        "        loop  txqueuelen 1000  (Local Loopback)\n\n".to_owned()
    } else {
        format!("        ether {}  txqueuelen 1000  (Ethernet)\n\n", interface.mac)
    };
    text
}

/// `route -n`.
pub(super) fn route(shell: &Shell, _args: &[String]) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    let mut text = String::from(
        "Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n",
    );
    for route in host.fib.routes() {
        let RouteKind::Unicast { dev, via } = route.kind else { continue };
        let mut flags = String::from("U");
        if via.is_some() {
            flags.push('G');
        }
        if route.dst.prefix_len() == 32 {
            flags.push('H');
        }
        let via = via.unwrap_or(std::net::Ipv4Addr::UNSPECIFIED).to_string();
        let (dst, mask) = (route.dst.network().to_string(), route.dst.netmask().to_string());
        text += &format!(
            "{dst:<15} {via:<15} {mask:<15} {flags:<5} {:<6} 0        0 {}\n",
            route.metric,
            dev_name(host, dev)
        );
    }
    Output::ok(text)
}

/// `arp -n`.
pub(super) fn arp(shell: &Shell, _args: &[String]) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    let mut text = String::from("Address                  HWtype  HWaddress           Flags Mask            Iface\n");
    for (dev, ip, entry) in host.neighbors.iter() {
        let ip = ip.to_string();
        let name = dev_name(host, dev);
        text += &match entry.mac {
            Some(mac) => format!("{ip:<24} ether   {mac}   C                     {name}\n"),
            None => format!("{ip:<24}         (incomplete)                              {name}\n"),
        };
    }
    Output::ok(text)
}

const SETTINGS: [(&str, SysctlName); 2] = [
    ("net.ipv4.ip_forward", SysctlName::IpForward),
    ("net.bridge.bridge-nf-call-iptables", SysctlName::BridgeNfCallIptables),
];

/// `sysctl [-w] NAME[=VALUE]`.
pub(super) fn sysctl(shell: &mut Shell, args: &[String]) -> Output {
    let Some(arg) = args.iter().find(|a| !a.starts_with('-')) else {
        return Output::fail(1, "sysctl: no variables specified");
    };
    let (name, value) = arg.split_once('=').map_or((arg.as_str(), None), |(n, v)| (n, Some(v)));
    let name = name.replace('/', ".");
    if let (Some(value), Some((_, setting))) = (value, SETTINGS.iter().find(|(n, _)| *n == name)) {
        let action = Action::SetSysctl { host: name_here(shell), name: *setting, on: value != "0" };
        if let Err(error) = shell.act(action) {
            return Output::fail(1, format!("sysctl: {}", shell.words(&error)));
        }
    }
    let Some((_, host)) = shell.here() else { return Output::fail(1, "") };
    let on = match name.as_str() {
        "net.ipv4.ip_forward" => host.sysctl.ip_forward,
        "net.bridge.bridge-nf-call-iptables" => host.sysctl.bridge_nf_call_iptables,
        other => {
            let dev = other.strip_prefix("net.ipv4.conf.").and_then(|r| r.strip_suffix(".proxy_arp"));
            if let Some(interface) = dev.and_then(|d| host.interface_named(d)) {
                interface.proxy_arp
            } else {
                let path = other.replace('.', "/");
                return Output::fail(255, format!("sysctl: cannot stat /proc/sys/{path}: No such file or directory"));
            }
        }
    };
    Output::ok(format!("{name} = {}\n", u8::from(on)))
}

/// `nc -zv HOST PORT` and `curl http://HOST[:PORT]`: a connection attempt, and what came of it.
pub(super) fn connect(shell: &mut Shell, name: &str, args: &[String]) -> Output {
    let words: Vec<&str> = args.iter().map(String::as_str).filter(|a| !a.starts_with('-')).collect();
    let (host, port) = match (name, words.as_slice()) {
        ("nc", [host, port, ..]) => ((*host).to_owned(), port.parse::<u16>().ok()),
        ("curl", [url, ..]) => {
            let rest = url.trim_start_matches("http://").split('/').next().unwrap_or("");
            let (host, port) = rest.split_once(':').unwrap_or((rest, "80"));
            (host.to_owned(), port.parse().ok())
        }
        _ => return Output::fail(2, format!("{name}: missing destination")),
    };
    let Some(port) = port else { return Output::fail(2, format!("{name}: port number invalid")) };
    let udp = name == "nc" && args.iter().any(|a| a.starts_with('-') && a.contains('u'));
    let protocol = if udp { ProbeProtocol::Udp { port } } else { ProbeProtocol::Tcp { port } };
    let probe = Probe { protocol, ..Probe::ping() };
    if let Err(error) = shell.act(Action::Send { from: name_here(shell), to: host.clone(), probe, count: 1 }) {
        return Output::fail(1, format!("{name}: {}", shell.words(&error)));
    }
    let outcome = shell.session().turns().last().and_then(|turn| {
        let probe = turn.record.probes().next()?;
        Some(turn.record.outcome(probe))
    });
    answer(name, &host, port, outcome)
}

fn answer(name: &str, host: &str, port: u16, outcome: Option<Outcome>) -> Output {
    match (name, outcome) {
        ("nc", Some(Outcome::Answered { .. })) => {
            Output { err: format!("Connection to {host} {port} port [tcp/*] succeeded!\n"), ..Output::default() }
        }
        ("nc", Some(Outcome::Refused { .. })) => {
            Output::fail(1, format!("nc: connect to {host} port {port} (tcp) failed: Connection refused"))
        }
        ("nc", _) => Output::fail(1, format!("nc: connect to {host} port {port} (tcp) failed: Connection timed out")),
        (_, Some(Outcome::Answered { .. })) => {
            Output::ok(format!("podhop: connected to {host} port {port}; what is behind the port is not simulated\n"))
        }
        (_, Some(Outcome::Refused { .. })) => {
            Output::fail(7, format!("curl: (7) Failed to connect to {host} port {port}: Connection refused"))
        }
        _ => Output::fail(28, format!("curl: (28) Failed to connect to {host} port {port}: Connection timed out")),
    }
}
