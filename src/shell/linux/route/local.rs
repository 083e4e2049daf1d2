//! The table `local`: what the host takes for itself and for all of a link. The kernel makes it of the addresses.
//! Source: Linux `net/ipv4/fib_frontend.c` (`fib_add_ifaddr`), iproute2 6.1; what the real command printed.

use super::super::json;
use crate::sim::host::Host;
use crate::sim::host::interface::Interface;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// One of its routes.
pub(super) struct Local {
    pub kind: &'static str,
    pub dst: Ipv4Net,
    pub dev: String,
    /// The first address of the prefix.
    pub src: Ipv4Addr,
}

/// All routes of the table, in order of address.
pub(super) fn table(host: &Host) -> Vec<Local> {
    let mut all: Vec<Local> = host.interfaces.values().flat_map(of_interface).collect();
    all.sort_by_key(|local| (local.dst.addr(), local.dst.prefix_len()));
    all
}

fn of_interface(interface: &Interface) -> Vec<Local> {
    let local = |kind, dst: Ipv4Net, src| Local { kind, dst, dev: interface.name.to_string(), src };
    let mut all: Vec<Local> = Vec::new();
    for address in &interface.addresses {
        let net = address.net;
        let first = interface.addresses.iter().find(|a| a.net.trunc() == net.trunc()).map_or(net, |a| a.net).addr();
        all.push(local("local", net.addr().into(), first));
        if net.addr() != first {
            continue;
        }
        if net.addr().is_loopback() && net.prefix_len() < 32 {
            all.push(local("local", net.trunc(), first));
        }
        if interface.up && net.prefix_len() < 31 {
            all.push(local("broadcast", net.broadcast().into(), first));
        }
    }
    all
}

impl Local {
    /// Its line; `table` is said where all tables are shown.
    pub(super) fn line(&self, with_dev: bool, with_table: bool) -> String {
        let dev = if with_dev { format!(" dev {}", self.dev) } else { String::new() };
        let table = if with_table { " table local" } else { "" };
        format!(
            "{} {}{dev}{table} proto kernel scope {} src {} \n",
            self.kind,
            self.destination(),
            self.scope(),
            self.src
        )
    }

    pub(super) fn of_json(&self, with_dev: bool, with_table: bool) -> String {
        let text = |text: &str| Some(json::text(text));
        json::object(&[
            ("type", text(self.kind)),
            ("dst", text(&self.destination())),
            ("dev", text(&self.dev).filter(|_| with_dev)),
            ("table", text("local").filter(|_| with_table)),
            ("protocol", text("kernel")),
            ("scope", text(self.scope())),
            ("prefsrc", text(&self.src.to_string())),
            ("flags", Some("[]".to_owned())),
        ])
    }

    fn destination(&self) -> String {
        super::destination(self.dst)
    }

    fn scope(&self) -> &'static str {
        if self.kind == "local" { "host" } else { "link" }
    }
}
