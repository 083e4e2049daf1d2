//! Commands of Linux on nodes and in pods: each reads the tables that the engine forwards by.

mod bridge;
mod connect;
pub(super) mod conntrack;
mod date;
mod details;
mod ebtables;
mod ip;
mod iptables;
mod json;
mod neigh;
mod net;
mod ping;
mod route;
mod rows;
mod system;
pub(super) mod tcpdump;
pub(super) mod traceroute;
pub(super) mod watch;

use super::{Output, Shell};
use crate::sim::host::Host;
use crate::sim::host::interface::{Interface, InterfaceKind};
use crate::sim::ids::IfIndex;
use crate::sim::world::World;
pub(super) use rows::{BRIDGE_GLOBAL, COMMANDS, IP_GLOBAL, MORE_COMMANDS};
use std::net::Ipv4Addr;
pub(super) use system::name;

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

/// Whether all on a link of the host are meant by an address. Source: Linux `fib_add_ifaddr`.
fn is_broadcast(host: &Host, to: Ipv4Addr) -> bool {
    let of = |i: &Interface| i.addresses.iter().any(|a| a.net.prefix_len() < 31 && a.net.broadcast() == to);
    to.is_broadcast() || host.interfaces.values().any(of)
}

/// An address as programs read one: four numbers, or fewer, of which the last then fills the rest. Source: `inet_aton`(3).
fn address(text: &str) -> Option<Ipv4Addr> {
    let numbers: Vec<u32> = text.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (last, before) = numbers.split_last()?;
    let room = 32_u32.checked_sub(8 * u32::try_from(before.len()).ok()?).filter(|room| *room > 0)?;
    let fits = before.iter().all(|n| *n < 256) && (room == 32 || *last < 1 << room);
    let high = before.iter().zip([24, 16, 8]).map(|(n, shift)| n << shift).sum::<u32>();
    fits.then(|| Ipv4Addr::from(high | last))
}

/// An address, or the one that the file of hosts has for a name. Source: hosts(5).
fn resolved(shell: &Shell, name: &str) -> Option<Ipv4Addr> {
    let known = || {
        let hosts = crate::shell::files::read(shell, "/etc/hosts").ok()?;
        let mut lines = hosts.lines().map(str::split_whitespace);
        let mut line = lines.find(|words| words.clone().skip(1).any(|word| word == name))?;
        address(line.next()?)
    };
    address(name).or_else(known)
}

/// How actions name the host where one is.
pub(super) fn name_here(shell: &Shell) -> String {
    shell.here().map_or_else(String::new, |(_, host)| match host.role {
        crate::sim::host::Role::Pod(_) => format!("pod/{}", host.name),
        crate::sim::host::Role::Node(_) => format!("node/{}", host.name),
        crate::sim::host::Role::Vm => format!("vm/{}", host.name),
    })
}
