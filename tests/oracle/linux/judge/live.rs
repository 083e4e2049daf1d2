//! Does an action of the scenario in the real namespaces, with the commands that a person would type.

use crate::linux::kernel::lab::Lab;
use crate::linux::kernel::netns::Netns;
use crate::linux::kernel::{guest, rules};
use podhop::sim::action::{Action, FlushTable, HostRouteTarget, SysctlName, endpoint};
use podhop::sim::host::Host;
use podhop::sim::host::netfilter::TableName;
use podhop::sim::host::netfilter::edit::ChainEdit;
use podhop::sim::ids::HostId;
use podhop::sim::world::World;
use std::thread::sleep;
use std::time::Duration;

/// The kernel looks at changes of carrier at most once a second. Source: Linux `net/core/link_watch.c`.
const LINK_WATCH: Duration = Duration::from_millis(1_100);

pub(super) fn act(lab: &Lab, action: &Action, before: &World, after: &World) {
    let named = |name: &str| endpoint::resolve(before, name).ok().and_then(|e| e.host).expect("the action was done");
    match action {
        Action::SetSysctl { host, name, on } => {
            let path = match name {
                SysctlName::IpForward => "ipv4/ip_forward",
                SysctlName::BridgeNfCallIptables => "bridge/bridge-nf-call-iptables",
            };
            lab.netns(named(host)).sysctl(vec![(path.to_owned(), u8::from(*on).to_string())]);
        }
        Action::SetLink { host, dev, up } => {
            lab.netns(named(host)).ip(&[format!("link set {dev} {}", if *up { "up" } else { "down" })]);
            sleep(LINK_WATCH);
        }
        Action::AddHostRoute { host, route } => {
            let words = match &route.target {
                HostRouteTarget::Unreachable => format!("unreachable {}", route.dst),
                HostRouteTarget::Blackhole => format!("blackhole {}", route.dst),
                HostRouteTarget::Dev { dev, via: None } => format!("{} dev {dev}", route.dst),
                HostRouteTarget::Dev { dev, via: Some(via) } => format!("{} via {via} dev {dev} onlink", route.dst),
            };
            lab.netns(named(host)).ip(&[format!("route add {words}")]);
        }
        Action::DeleteHostRoute { host, dst, .. } => {
            lab.netns(named(host)).ip(&[delete_route(before.hosts.get(named(host)).unwrap(), *dst)]);
        }
        Action::DeleteNatRule { host, chain, number } => {
            lab.netns(named(host)).output("iptables", &["-w", "-t", "nat", "-D", chain, &number.to_string()]);
        }
        Action::EditChain { host, table, chain, edit } => {
            let id = named(host);
            if before.hosts.get(id).unwrap().netfilter.table(*table).is_empty() {
                make_chains(lab.netns(id), *table);
            }
            edit_chain(lab.netns(id), *table, chain, edit);
        }
        Action::DeleteBridgeRule { host, chain, number } => {
            let words = ["-t", chain.table(), "-D", chain.name(), &number.to_string()];
            lab.netns(named(host)).output("ebtables", &words);
        }
        Action::SetMasquerade { .. } => {
            for (id, host) in after.hosts.iter().filter(|(_, h)| !h.netfilter.nat.is_empty()) {
                rules::load(lab.netns(id), &host.netfilter);
            }
        }
        Action::Flush { host, table } => flush(lab, named(host), before.hosts.get(named(host)).unwrap(), *table),
        Action::AttachRouteTable { .. }
        | Action::PutRoute { .. }
        | Action::DeleteRoute { .. }
        | Action::SetIpForwarding { .. }
        | Action::CreateRouteTable { .. }
        | Action::CreateNsg { .. }
        | Action::PutNsgRule { .. }
        | Action::DeleteNsgRule { .. }
        | Action::AttachNsg { .. } => lab.fabric.sync(after),
        other => panic!("the oracle cannot do {other:?} between packets"),
    }
}

/// What iptables makes by the way counts nothing.
fn make_chains(netns: &Netns, table: TableName) {
    let chains: Vec<String> = table.hooks().iter().map(|hook| format!(":{} ACCEPT [0:0]", hook.chain())).collect();
    let text = format!("*{}\n{}\nCOMMIT\n", table.name(), chains.join("\n"));
    netns.feed("iptables-restore", &["-w", "--counters"], text);
}

fn edit_chain(netns: &Netns, table: TableName, chain: &str, edit: &ChainEdit) {
    let words = edit.options(table, chain);
    let words = ["-w"].into_iter().chain(words.split_whitespace());
    netns.output("iptables", &words.collect::<Vec<_>>());
}

/// The very route that the simulator takes away: the first with that destination.
fn delete_route(host: &Host, dst: ipnet::Ipv4Net) -> String {
    let route = host.fib.routes().iter().find(|r| r.dst == dst.trunc()).expect("the action was done");
    guest::route_command("del", host, route)
}

fn flush(lab: &Lab, id: HostId, host: &Host, table: FlushTable) {
    let netns = lab.netns(id);
    match table {
        FlushTable::Neighbors => netns.ip(&["neigh flush all".to_owned()]),
        FlushTable::Conntrack if !host.tracks_flows() => {}
        FlushTable::Conntrack => drop(netns.output("conntrack", &["-F"])),
        FlushTable::Fdb => netns.ip(&flush_bridges(host)),
    }
}

fn flush_bridges(host: &Host) -> Vec<String> {
    let names = host.bridges.keys().filter_map(|index| host.interface(*index)).map(|i| &i.name);
    names.map(|name| format!("link set {name} type bridge fdb_flush")).collect()
}

/// Forgets neighbours and FDBs everywhere.
pub(super) fn calm(lab: &Lab, world: &World) {
    for (id, netns) in lab.hosts() {
        let mut batch = flush_bridges(world.hosts.get(id).unwrap());
        batch.push("neigh flush all".to_owned());
        netns.ip(&batch);
    }
}
