//! Tables of a network namespace: routes, neighbours, forwarding databases, rules, flows, interfaces.

use super::{Row, RowState, Tab, Table, Why, ebtables, rules};
use crate::sim::host::Host;
use crate::sim::host::bridge::FdbEntry;
use crate::sim::host::fib::{Route, RouteKind};
use crate::sim::ids::{HostId, IfIndex};
use crate::sim::packet::{Protocol, Tuple};
use crate::sim::record::decision::{Decision, RouteLookup};
use crate::sim::record::{Place, Step};
use crate::sim::time::Time;
use crate::sim::world::World;

pub(super) fn tables(world: &World, id: HostId, step: Option<&Step>) -> Vec<Table> {
    let Some(host) = world.hosts.get(id) else { return Vec::new() };
    let decision = step.filter(|s| s.at == Place::Host(id)).map(|s| &s.decision);
    let mut tables = routes(host, decision);
    tables.push(neighbors(host, decision, world.now));
    tables.extend(host.bridges.keys().filter_map(|bridge| fdb(host, *bridge, decision, world.now)));
    tables.extend(ebtables::tables(host, decision));
    tables.extend(rules::netfilter(host, decision));
    tables.push(flows(host, decision, world.now));
    tables.push(interfaces(host));
    tables
}

fn dev_name(host: &Host, dev: IfIndex) -> String {
    host.interface(dev).map_or_else(String::new, |i| i.name.to_string())
}

const ROUTE_COLUMNS: &[&str] = &["col-prefix", "col-next-hop", "col-device"];

/// Table `main`, and where the answer was in it, table `local` before it.
fn routes(host: &Host, decision: Option<&Decision>) -> Vec<Table> {
    let lookup = match decision {
        Some(Decision::Route(lookup)) => Some(lookup.as_ref()),
        _ => None,
    };
    let main = host.fib.routes().iter().map(|route| main_row(host, route, lookup)).collect();
    let mut main = Table::new(Tab::Routes, "lab-table-main", &*host.name, ROUTE_COLUMNS, main);
    let Some(lookup) = lookup else { return vec![main] };
    if lookup.local.is_none() {
        return vec![main.deciding(true)];
    }
    let rows = host.local.iter().map(|(address, dev)| {
        let row = Row::new(vec![format!("local {address}"), "—".to_owned(), dev_name(host, *dev)]);
        let won = *address == lookup.dst;
        row.mark(if won { RowState::Won } else { RowState::Dim }, None)
    });
    main.decides = false;
    vec![Table::new(Tab::Routes, "lab-table-local", &*host.name, ROUTE_COLUMNS, rows.collect()), main]
}

fn main_row(host: &Host, route: &Route, lookup: Option<&RouteLookup>) -> Row {
    let dst = if route.dst.prefix_len() == 0 { "default".to_owned() } else { route.dst.to_string() };
    let (via, dev) = match route.kind {
        RouteKind::Unicast { dev, via } => {
            (via.map_or_else(|| "link".to_owned(), |v| v.to_string()), dev_name(host, dev))
        }
        RouteKind::Unreachable => ("unreachable".to_owned(), String::new()),
        RouteKind::Blackhole => ("blackhole".to_owned(), String::new()),
    };
    let row = Row::new(vec![dst, via, dev]);
    let Some(lookup) = lookup else { return row };
    if lookup.local.is_some() {
        return row.mark(RowState::Dim, Some(Why::Said("lab-not-asked")));
    }
    if lookup.choice.won.as_ref() == Some(route) {
        return row.mark(RowState::Won, None);
    }
    match lookup.choice.lost.iter().find(|(r, _)| r == route) {
        Some((_, why)) => row.mark(RowState::Lost, Some(Why::Route(*why))),
        None => row.mark(RowState::Dim, Some(Why::Holds(lookup.dst))),
    }
}

fn neighbors(host: &Host, decision: Option<&Decision>, now: Time) -> Table {
    let asked = match decision {
        Some(Decision::Resolve { next_hop, .. }) => Some(*next_hop),
        Some(Decision::Neighbor { ip, .. }) => Some(*ip),
        _ => None,
    };
    let rows = host.neighbors.iter().map(|(dev, ip, neighbor)| {
        let mac = neighbor.mac.map_or_else(|| "—".to_owned(), |m| m.to_string());
        let state = neighbor.state_at(now).code().to_owned();
        let row = Row::new(vec![ip.to_string(), mac, format!("{} {state}", dev_name(host, dev))]);
        match asked {
            None => row,
            Some(address) if address == ip => row.mark(RowState::Won, None),
            Some(_) => row.mark(RowState::Dim, Some(Why::Said("lab-other-address"))),
        }
    });
    let columns = &["col-address", "col-mac", "col-state"];
    Table::new(Tab::Arp, "lab-table-neighbors", &*host.name, columns, rows.collect()).deciding(asked.is_some())
}

fn fdb(host: &Host, index: IfIndex, decision: Option<&Decision>, now: Time) -> Option<Table> {
    let bridge = host.bridges.get(&index)?;
    let asked = match decision {
        Some(Decision::BridgeForward { bridge, dst, .. }) if *bridge == index => Some(*dst),
        Some(Decision::Learn { bridge, mac, .. }) if *bridge == index => Some(*mac),
        _ => None,
    };
    let rows = bridge.rows(now).map(|(mac, entry)| {
        let age = match entry {
            FdbEntry::Local { .. } => "local".to_owned(),
            FdbEntry::Learned { seen, .. } => seconds((now - seen).as_millis()),
        };
        let row = Row::new(vec![mac.to_string(), dev_name(host, entry.port()), age]);
        match asked {
            None => row,
            Some(address) if address == mac => row.mark(RowState::Won, None),
            Some(_) => row.mark(RowState::Dim, Some(Why::Said("lab-other-address"))),
        }
    });
    let columns = &["col-mac", "col-port", "col-age"];
    let subject = dev_name(host, index);
    Some(Table::new(Tab::Bridge, "lab-table-fdb", subject, columns, rows.collect()).deciding(asked.is_some()))
}

/// Milliseconds as seconds with two places.
pub(super) fn seconds(ms: u64) -> String {
    format!("{}.{:02} s", ms / 1000, ms % 1000 / 10)
}

/// A five-tuple, as conntrack lists it.
pub(super) fn tuple(tuple: &Tuple) -> String {
    let (src, dst) = (tuple.src, tuple.dst);
    match tuple.protocol {
        Protocol::Icmp => format!("icmp {src} → {dst} id {}", tuple.src_port),
        Protocol::Tcp => format!("tcp {src}:{} → {dst}:{}", tuple.src_port, tuple.dst_port),
        Protocol::Udp => format!("udp {src}:{} → {dst}:{}", tuple.src_port, tuple.dst_port),
    }
}

fn flows(host: &Host, decision: Option<&Decision>, now: Time) -> Table {
    let tracked = match decision {
        Some(Decision::Track { flow, .. }) => Some(flow.original),
        _ => None,
    };
    let rows = host.conntrack.flows(now).map(|flow| {
        let row = Row::new(vec![tuple(&flow.original), tuple(&flow.reply)]);
        match tracked {
            Some(original) if original == flow.original => row.mark(RowState::Won, None),
            Some(_) => row.mark(RowState::Dim, None),
            None => row,
        }
    });
    let columns = &["lab-col-original", "lab-col-reply"];
    Table::new(Tab::Filter, "lab-table-conntrack", &*host.name, columns, rows.collect()).deciding(tracked.is_some())
}

fn interfaces(host: &Host) -> Table {
    let rows = host.interfaces.values().map(|i| {
        let addresses: Vec<String> = i.addresses.iter().map(|a| a.net.to_string()).collect();
        let master = i.master.map_or_else(String::new, |m| format!("⊂ {}", dev_name(host, m)));
        let flags = [(i.promiscuous, "PROMISC"), (i.hairpin, "hairpin"), (i.proxy_arp, "proxy_arp")];
        let set = flags.into_iter().filter(|(is_set, _)| *is_set).map(|(_, flag)| flag);
        let state: Vec<&str> = [if i.up { "UP" } else { "DOWN" }].into_iter().chain(set).collect();
        Row::new(vec![
            i.name.to_string(),
            if addresses.is_empty() { master } else { addresses.join(" ") },
            state.join(" "),
        ])
    });
    let columns = &["col-device", "col-address", "col-state"];
    Table::new(Tab::Addresses, "lab-table-interfaces", &*host.name, columns, rows.collect())
}
