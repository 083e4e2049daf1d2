//! `brctl` and `bridge`. Source: bridge-utils `brctl/brctl_cmd.c`, iproute2 `bridge/fdb.c`; recorded output of both.

use super::ip::flags;
use super::{details, dev_name, here, shown_name};
use crate::shell::line::Line;
use crate::shell::{Output, Shell};
use crate::sim::host::Host;
use crate::sim::host::bridge::FdbEntry;
use crate::sim::host::interface::{Interface, InterfaceKind};

pub(super) fn show(shell: &mut Shell, line: &Line) -> Output {
    match here(shell) {
        Ok(host) => shown(host, line.word(0)),
        Err(output) => output,
    }
}

fn bridges(host: &Host) -> impl Iterator<Item = &Interface> {
    host.interfaces.values().filter(|i| i.kind == InterfaceKind::Bridge)
}

fn ports<'a>(host: &'a Host, bridge: &Interface) -> Vec<&'a Interface> {
    let mut ports: Vec<&Interface> = host.ports(bridge.index).collect();
    ports.sort_by(|a, b| a.name.cmp(&b.name));
    ports
}

/// Nothing at all where there is no bridge.
fn shown(host: &Host, only: Option<&str>) -> Output {
    if let Some(name) = only.filter(|name| !bridges(host).any(|b| *b.name == **name)) {
        return Output::fail(1, format!("bridge {name} does not exist!"));
    }
    if bridges(host).next().is_none() {
        return Output::default();
    }
    let mut text = String::from("bridge name\tbridge id\t\tSTP enabled\tinterfaces\n");
    for bridge in bridges(host).filter(|b| only.is_none_or(|name| b.name.as_ref() == name)) {
        let id: String = bridge.mac.to_string().chars().filter(|c| *c != ':').collect();
        text += &format!("{}\t\t8000.{id}\tno\t\t", bridge.name);
        let ports = ports(host, bridge);
        let lines: Vec<String> = ports.iter().map(|p| p.name.to_string()).collect();
        text += &lines.join("\n\t\t\t\t\t\t\t");
        text.push('\n');
    }
    Output::ok(text)
}

/// Rows by hardware address. A kernel with VLAN filtering, as Azure's is, lists the address of each port twice.
pub(super) fn macs(shell: &mut Shell, line: &Line) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    let Some(name) = line.word(0) else {
        return Output::fail(
            1,
            "Incorrect number of arguments for command\nUsage: brctl showmacs <bridge>\t\tshow a list of mac addrs",
        );
    };
    let Some(bridge) = bridges(host).find(|b| b.name.as_ref() == name) else {
        return Output::fail(1, "read of forward table failed: No such device");
    };
    let now = shell.session().world().now;
    let mut text = String::from("port no\tmac addr\t\tis local?\tageing timer\n");
    let Some(table) = host.bridges.get(&bridge.index) else { return Output::ok(text) };
    for (mac, entry) in table.rows(now) {
        let Some(port) = host.interface(entry.port()).filter(|p| p.index != bridge.index) else { continue };
        let number = details::port_number(host, port);
        match entry {
            FdbEntry::Local { .. } => {
                for _ in 0..2 {
                    text += &format!("{number:3}\t{mac}\tyes\t\t   0.00\n");
                }
            }
            FdbEntry::Learned { seen, .. } => {
                let hundredths = (now - seen).as_millis() / 10;
                text += &format!("{number:3}\t{mac}\tno\t\t{:4}.{:02}\n", hundredths / 100, hundredths % 100);
            }
        }
    }
    Output::ok(text)
}

pub(super) fn fdb_show(shell: &mut Shell, line: &Line) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    match line.words().as_slice() {
        [] | ["show"] => Output::ok(bridges(host).map(|b| fdb(shell, host, b)).collect::<String>()),
        ["show", "br", name] | ["br", name] => match bridges(host).find(|b| *b.name == **name) {
            Some(bridge) => Output::ok(fdb(shell, host, bridge)),
            None => Output::fail(1, format!("Cannot find bridge device \"{name}\"")),
        },
        ["show", "dev" | "brport", name] | ["show", name] => {
            if host.interface_named(name).is_none() {
                return Output::fail(255, format!("Cannot find device \"{name}\""));
            }
            let all = bridges(host).map(|b| fdb(shell, host, b)).collect::<String>();
            let own = format!(" dev {name} ");
            Output::ok(
                all.lines()
                    .filter(|l| l.contains(&own))
                    .map(|l| format!("{l}\n").replace(&own, " "))
                    .collect::<String>(),
            )
        }
        [word, ..] => Output::fail(255, format!("Command \"{word}\" is unknown, try \"bridge fdb help\".")),
    }
}

fn fdb(shell: &Shell, host: &Host, bridge: &Interface) -> String {
    let now = shell.session().world().now;
    let Some(table) = host.bridges.get(&bridge.index) else { return String::new() };
    let line = |(mac, entry): (crate::sim::addr::Mac, FdbEntry)| {
        let permanent = if matches!(entry, FdbEntry::Local { .. }) { "permanent" } else { "" };
        format!("{mac} dev {} master {} {permanent}\n", dev_name(host, entry.port()), bridge.name)
    };
    table.rows(now).map(line).collect()
}

/// The ports of bridges, or one.
pub(super) fn links(shell: &mut Shell, line: &Line) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    let words = line.words();
    let dev = words.iter().find(|w| !matches!(**w, "show" | "list" | "dev"));
    if let Some(name) = dev
        && host.interface_named(name).is_none()
    {
        return Output::fail(255, format!("Cannot find device \"{name}\""));
    }
    let world = shell.session().world();
    let ports = host.interfaces.values().filter(|i| i.master.is_some() && dev.is_none_or(|d| *i.name == **d));
    let text = |port: &Interface| {
        let master = port.master.map_or_else(String::new, |m| dev_name(host, m));
        let (index, name, mtu) = (port.index.0, shown_name(world, port), port.mtu);
        let flags = flags(host, port);
        let state = if port.is_running() { "forwarding" } else { "disabled" };
        let more = if line.has("-details") { details::of_bridge_link(port) } else { String::new() };
        format!("{index}: {name}: <{flags}> mtu {mtu} master {master} state {state} priority 32 cost 2 \n{more}")
    };
    Output::ok(ports.map(text).collect::<String>())
}
