//! Commands of Linux on nodes and in pods: each reads the tables that the engine forwards by.

mod bridge;
mod ip;
mod net;
mod ping;
mod rules;
pub(super) mod tcpdump;
mod traceroute;

use super::{Context, Output, Shell};
use crate::sim::host::Host;
use crate::sim::host::interface::{Interface, InterfaceKind};
use crate::sim::ids::IfIndex;
use crate::sim::world::World;

/// Runs a command; `None` where the name is none of them, or where it is not typed on a host.
pub(super) fn run(shell: &mut Shell, name: &str, args: &[String]) -> Option<Output> {
    if matches!(shell.context(), Context::Workstation) {
        return match name {
            "hostname" => Some(Output::ok("workstation\n")),
            "which" => Some(which(args)),
            _ => None,
        };
    }
    Some(match name {
        "ip" => ip::run(shell, args),
        "ifconfig" => net::ifconfig(shell, args),
        "route" => net::route(shell, args),
        "arp" => net::arp(shell, args),
        "sysctl" => net::sysctl(shell, args),
        "hostname" => Output::ok(shell.here().map_or_else(String::new, |(_, host)| format!("{}\n", host.name))),
        "uname" => Output::ok(if args.iter().any(|a| a == "-r") { "5.4.0-1059-azure\n" } else { "Linux\n" }),
        "brctl" => bridge::brctl(shell, args),
        "bridge" => bridge::bridge(shell, args),
        "ebtables" => rules::ebtables(shell, args),
        "iptables" => rules::iptables(shell, args),
        "iptables-save" => rules::iptables_save(shell, args),
        "conntrack" => rules::conntrack(shell, args),
        "ping" => ping::run(shell, args),
        "traceroute" => traceroute::run(shell, args),
        "tcpdump" => tcpdump::run(shell, args),
        "nc" | "curl" => net::connect(shell, name, args),
        "which" => which(args),
        _ => return None,
    })
}

fn which(args: &[String]) -> Output {
    Output::ok(args.iter().map(|name| format!("/usr/bin/{name}\n")).collect::<String>())
}

/// Name of an interface, as `ip` shows it: with what is at the other end of a pair.
fn shown_name(world: &World, interface: &Interface) -> String {
    match interface.kind {
        InterfaceKind::Veth { peer } if world.hosts.get(peer.host).is_some() => {
            format!("{}@if{}", interface.name, peer.index.0)
        }
        _ => interface.name.to_string(),
    }
}

fn dev_name(host: &Host, index: IfIndex) -> String {
    host.interface(index).map_or_else(|| "?".to_owned(), |i| i.name.to_string())
}

/// The host where the command is typed.
fn here(shell: &Shell) -> Result<&Host, Output> {
    shell.here().map(|(_, host)| host).ok_or_else(|| Output::fail(127, "command not found"))
}

/// How actions name the host where one is.
fn name_here(shell: &Shell) -> String {
    shell.here().map_or_else(String::new, |(_, host)| match host.role {
        crate::sim::host::Role::Pod(_) => format!("pod/{}", host.name),
        crate::sim::host::Role::Node(_) => format!("node/{}", host.name),
        crate::sim::host::Role::Vm => format!("vm/{}", host.name),
    })
}
