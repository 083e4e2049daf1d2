//! The actions done so far as messages: a text id with its arguments. The words are `text`'s.

use crate::sim::action::{Action, FlushTable, Labeled, NsgTarget, SysctlName};
use crate::sim::engine::probe::ProbeProtocol;
use crate::sim::fabric::next_hop::NextHop;
use crate::sim::time::Time;

/// A message: the id of a text (`build-act-CODE`), and what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub id: &'static str,
    pub args: Vec<(&'static str, String)>,
}

impl Said {
    fn new<const N: usize>(id: &'static str, args: [(&'static str, &str); N]) -> Self {
        Self { id, args: args.into_iter().map(|(name, value)| (name, value.to_owned())).collect() }
    }
}

/// Virtual time as a clock shows it: hours only where there are any, and tenths of a second.
pub fn clock(time: Time) -> String {
    let tenths = time.0 / 100_000_000;
    let (hours, minutes, seconds) = (tenths / 36_000, tenths / 600 % 60, tenths / 10 % 60);
    let hours = if hours > 0 { format!("{hours}:") } else { String::new() };
    format!("{hours}{minutes:02}:{seconds:02}.{}", tenths % 10)
}

/// What an action does, in the words of a history.
pub fn said(action: &Action) -> Said {
    of_network(action).or_else(|| of_cluster(action)).unwrap_or_else(|| of_host(action))
}

fn of_network(action: &Action) -> Option<Said> {
    Some(match action {
        Action::DeleteGroup { name } => Said::new("build-act-delete-group", [("name", name)]),
        Action::CreateGroup { name, location } => {
            Said::new("build-act-create-group", [("name", name), ("location", location)])
        }
        Action::CreateVnet { name, prefixes, .. } => {
            let list: Vec<String> = prefixes.iter().map(ToString::to_string).collect();
            Said::new("build-act-create-vnet", [("name", name), ("prefix", &list.join(", "))])
        }
        Action::SetAddressSpace { vnet, prefixes } => {
            let list: Vec<String> = prefixes.iter().map(ToString::to_string).collect();
            Said::new("build-act-address-space", [("name", vnet), ("prefix", &list.join(", "))])
        }
        Action::DeleteVnet { name } => Said::new("build-act-delete-vnet", [("name", name)]),
        Action::CreateSubnet { name, prefix, .. } => {
            Said::new("build-act-create-subnet", [("name", name), ("prefix", &prefix.to_string())])
        }
        Action::DeleteSubnet { name, .. } => Said::new("build-act-delete-subnet", [("name", name)]),
        Action::CreateVm { name, subnet, .. } => Said::new("build-act-create-vm", [("name", name), ("subnet", subnet)]),
        Action::DeleteVm { name } => Said::new("build-act-delete-vm", [("name", name)]),
        Action::CreateNsg { name, .. } => Said::new("build-act-create-nsg", [("name", name)]),
        Action::DeleteNsg { name } => Said::new("build-act-delete-nsg", [("name", name)]),
        Action::PutNsgRule { nsg, rule } => {
            Said::new("build-act-put-rule", [("name", &rule.name), ("nsg", nsg), ("access", rule.access.code())])
        }
        Action::DeleteNsgRule { nsg, name } => Said::new("build-act-delete-rule", [("name", name), ("nsg", nsg)]),
        Action::AttachNsg { to, nsg } => {
            let to = match to {
                NsgTarget::Subnet { subnet, .. } => subnet,
                NsgTarget::Nic(nic) => nic,
            };
            match nsg {
                Some(nsg) => Said::new("build-act-attach-nsg", [("nsg", nsg), ("to", to)]),
                None => Said::new("build-act-detach-nsg", [("to", to)]),
            }
        }
        Action::CreateRouteTable { name, .. } => Said::new("build-act-create-table", [("name", name)]),
        Action::DeleteRouteTable { name } => Said::new("build-act-delete-table", [("name", name)]),
        Action::PutRoute { table, route } => {
            let hop = NextHop::from(route.next_hop);
            let to = hop.ip().map_or_else(|| hop.code().to_owned(), |ip| ip.to_string());
            let prefix = route.prefix.to_string();
            Said::new("build-act-put-route", [("prefix", &prefix), ("to", &to), ("table", table)])
        }
        Action::DeleteRoute { table, name } => Said::new("build-act-delete-route", [("name", name), ("table", table)]),
        Action::AttachRouteTable { subnet, table: Some(table), .. } => {
            Said::new("build-act-attach-table", [("table", table), ("subnet", subnet)])
        }
        Action::AttachRouteTable { subnet, .. } => Said::new("build-act-detach-table", [("subnet", subnet)]),
        Action::SetIpForwarding { nic, on } => Said::new("build-act-forwarding", [("nic", nic), ("on", on_off(*on))]),
        _ => return None,
    })
}

fn of_cluster(action: &Action) -> Option<Said> {
    Some(match action {
        Action::CreateCluster(new) => {
            Said::new("build-act-create-cluster", [("name", &new.name), ("count", &new.node_count.to_string())])
        }
        Action::DeleteCluster { name } => Said::new("build-act-delete-cluster", [("name", name)]),
        Action::ScalePool { pool, count, .. } => {
            Said::new("build-act-scale-pool", [("pool", pool), ("count", &count.to_string())])
        }
        Action::AddPool(new) => {
            let count = new.node_count.to_string();
            Said::new("build-act-add-pool", [("pool", &new.name), ("cluster", &new.cluster), ("count", &count)])
        }
        Action::DeletePool { cluster, pool } => {
            Said::new("build-act-delete-pool", [("pool", pool), ("cluster", cluster)])
        }
        Action::SetPoolLabels { pool, labels, .. } => {
            let list: Vec<String> = labels.iter().map(|l| format!("{}={}", l.key, l.value)).collect();
            let labels = if list.is_empty() { "none".to_owned() } else { list.join(", ") };
            Said::new("build-act-pool-labels", [("pool", pool), ("labels", &labels)])
        }
        Action::DeleteNode { name } => Said::new("build-act-delete-node", [("name", name)]),
        Action::Cordon { node, on: true } => Said::new("build-act-cordon", [("name", node)]),
        Action::Cordon { node, on: false } => Said::new("build-act-uncordon", [("name", node)]),
        Action::SetMasquerade { cluster, keep } => {
            let list: Vec<String> = keep.iter().map(ToString::to_string).collect();
            Said::new("build-act-masquerade", [("cluster", cluster), ("keep", &list.join(", "))])
        }
        Action::CreateDeployment { name, replicas, .. } => {
            Said::new("build-act-create-deployment", [("name", name), ("count", &replicas.to_string())])
        }
        Action::ScaleDeployment { name, replicas, .. } => {
            Said::new("build-act-scale-deployment", [("name", name), ("count", &replicas.to_string())])
        }
        Action::DeleteDeployment { name, .. } => Said::new("build-act-delete-deployment", [("name", name)]),
        Action::DeletePod { name } => Said::new("build-act-delete-pod", [("name", name)]),
        Action::EndPod { name, .. } => Said::new("build-act-end-pod", [("name", name)]),
        Action::RunPod { name, node: Some(node), .. } => {
            Said::new("build-act-run-pod-on", [("name", name.trim_end_matches('-')), ("node", node)])
        }
        Action::RunPod { name, .. } => Said::new("build-act-run-pod", [("name", name)]),
        Action::SetLabel { on: Labeled::Node(name) | Labeled::Pod(name), key, value } => match value {
            Some(value) => Said::new("build-act-label", [("name", name), ("label", &format!("{key}={value}"))]),
            None => Said::new("build-act-unlabel", [("name", name), ("label", key)]),
        },
        _ => return None,
    })
}

fn of_host(action: &Action) -> Said {
    match action {
        Action::SetSysctl { host, name, on } => {
            let name = match name {
                SysctlName::IpForward => "ip_forward",
                SysctlName::BridgeNfCallIptables => "bridge-nf-call-iptables",
            };
            Said::new("build-act-sysctl", [("host", host), ("name", name), ("value", if *on { "1" } else { "0" })])
        }
        Action::SetLink { host, dev, up } => {
            let id = if *up { "build-act-link-up" } else { "build-act-link-down" };
            Said::new(id, [("host", host), ("dev", dev)])
        }
        Action::AddHostRoute { host, route } => {
            Said::new("build-act-add-host-route", [("host", host), ("prefix", &route.dst.to_string())])
        }
        Action::DeleteHostRoute { host, dst, .. } => {
            Said::new("build-act-delete-host-route", [("host", host), ("prefix", &dst.to_string())])
        }
        Action::SetAddress { host, dev, address, on } => {
            let id = if *on { "build-act-address" } else { "build-act-delete-address" };
            Said::new(id, [("host", host), ("dev", dev), ("address", &address.to_string())])
        }
        Action::SetNeighbor { host, address, mac, .. } => {
            let id = if mac.is_some() { "build-act-neighbor" } else { "build-act-delete-neighbor" };
            Said::new(id, [("host", host), ("address", &address.to_string())])
        }
        Action::DeleteNatRule { host, chain, number } => {
            let number = number.to_string();
            Said::new("build-act-delete-nat-rule", [("host", host), ("chain", chain), ("number", &number)])
        }
        Action::EditChain { host, table, chain, edit } => {
            Said::new("build-act-edit-chain", [("host", host), ("command", &edit.options(*table, chain))])
        }
        Action::DeleteBridgeRule { host, chain, number } => {
            let (chain, number) = (format!("{} {}", chain.table(), chain.name()), number.to_string());
            Said::new("build-act-delete-bridge-rule", [("host", host), ("chain", &chain), ("number", &number)])
        }
        Action::Flush { host, table } => {
            let table = match table {
                FlushTable::Neighbors => "neighbors",
                FlushTable::Fdb => "fdb",
                FlushTable::Conntrack => "conntrack",
            };
            Said::new("build-act-flush", [("host", host), ("table", table)])
        }
        Action::Wait { ms } => Said::new("build-act-wait", [("seconds", &format!("{}", ms / 1000))]),
        Action::Send { from, to, probe, count } => {
            let what = match probe.protocol {
                ProbeProtocol::Icmp => "ping".to_owned(),
                ProbeProtocol::Udp { port } => format!("UDP {port}"),
                ProbeProtocol::Tcp { port } => format!("TCP {port}"),
            };
            Said::new("build-act-send", [("from", from), ("to", to), ("what", &what), ("count", &count.to_string())])
        }
        _ => Said::new("build-act-settle", []),
    }
}

const fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}
