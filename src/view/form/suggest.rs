//! Values that would do: the next name, the next free prefix, ranges that clash with nothing.

mod subnets;

use super::choices::{choices, find};
use super::field::{FieldId as F, FieldSpec, Input, Source};
use super::{FormKind, Values};
use crate::sim::action::endpoint::resolve;
use crate::sim::addr::{nth_address, overlaps};
use crate::sim::fabric::nic::Nic;
use crate::sim::fabric::nsg::Direction;
use crate::sim::ipam::node_cidr::NodeCidrSet;
use crate::sim::mode::azure::node_subnet;
use crate::sim::mode::{kubenet, pod_subnet};
use crate::sim::world::World;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// A value for every field of a form. What `preset` holds stays, and the others follow from it.
pub fn suggest(kind: FormKind, world: &World, preset: &Values) -> Values {
    let mut values = preset.clone();
    for spec in kind.fields() {
        if !values.has(spec.id)
            && let Some(text) = value(kind, spec, world, &values)
        {
            values.set(spec.id, text);
        }
    }
    values
}

fn value(kind: FormKind, spec: &FieldSpec, world: &World, values: &Values) -> Option<String> {
    match spec.id {
        F::Name => Some(name(kind, world, values)),
        F::Prefixes => free_vnet_prefix(world).map(|p| p.to_string()),
        F::Prefix => prefix(kind, world, values),
        F::Subnet if kind == FormKind::Cluster => subnets::of_cluster(world, values),
        F::Subnet if kind == FormKind::AddPool => subnets::of_pool(world, values.get(F::Cluster)),
        F::PodSubnet => subnets::for_pods(kind, world, values),
        F::MaxPods => Some(max_pods(kind, world, values).to_string()),
        F::PodCidr => range(world, values, &POD_CIDRS),
        F::ServiceCidr => range(world, values, &SERVICE_CIDRS),
        F::DnsIp => nth_address(values.get(F::ServiceCidr).parse().ok()?, 10).map(|a| a.to_string()),
        F::Keep => kept(world, values.get(F::Cluster)),
        F::NextHopIp => world.nics.values().find_map(Nic::primary).map(|a| a.to_string()),
        F::Priority => Some(free_priority(world, values).to_string()),
        F::Replicas => Some(replicas(world, values).unwrap_or(3).to_string()),
        F::Nodes => Some(nodes(world, values).unwrap_or(2).to_string()),
        F::From | F::To | F::Host => endpoint(spec.id, world, values),
        _ => match spec.input {
            Input::Choice(source) => first_choice(source, world, values),
            _ => plain(spec.id).map(str::to_owned),
        },
    }
}

/// What does not depend on the world.
const fn plain(id: F) -> Option<&'static str> {
    Some(match id {
        F::Image => "nginx",
        F::Source | F::Destination | F::Ports => "*",
        F::Seconds => "30",
        F::Port => "80",
        F::Ttl => "64",
        F::Count => "1",
        F::Len => "56",
        _ => return None,
    })
}

fn first_choice(source: Source, world: &World, values: &Values) -> Option<String> {
    let all = choices(source, world, values);
    // `eth0` says more than the order of creation.
    let best = all.iter().find(|c| c.value == "eth0").or(all.first());
    best.map(|c| c.value.clone())
}

/// The first of `STEM01`, `STEM02`, … that is not taken.
pub fn next_name(stem: &str, is_taken: impl Fn(&str) -> bool) -> String {
    (1..10_000).map(|n| format!("{stem}{n:02}")).find(|name| !is_taken(name)).unwrap_or_default()
}

fn name(kind: FormKind, world: &World, values: &Values) -> String {
    match kind {
        FormKind::Vnet => next_name("vnet", |n| world.vnet_named(n).is_some()),
        FormKind::Subnet => next_name("vlan", |n| world.subnets.values().any(|s| s.name.as_ref() == n)),
        FormKind::Vm => next_name("vm", |n| world.host_named(n).is_some()),
        FormKind::Cluster => next_name("aks", |n| world.cluster_named(n).is_some()),
        FormKind::RouteTable => next_name("rt", |n| world.route_table_named(n).is_some()),
        FormKind::Nsg => next_name("nsg", |n| world.nsg_named(n).is_some()),
        FormKind::AddPool => pool_name(world, values.get(F::Cluster)),
        FormKind::Route => {
            let table = world.route_table_named(values.get(F::Table)).and_then(|id| world.route_tables.get(id));
            next_name("route", |n| table.is_some_and(|t| t.get(n).is_some()))
        }
        FormKind::Rule => {
            let nsg = world.nsg_named(values.get(F::Nsg)).and_then(|id| world.nsgs.get(id));
            next_name("rule", |n| nsg.is_some_and(|nsg| nsg.get(n).is_some()))
        }
        _ => {
            let taken = |n: &str| world.workloads.values().any(|w| w.name.as_ref() == n);
            if taken("nginx") { next_name("web", taken) } else { "nginx".to_owned() }
        }
    }
}

/// `nodepool2` and so on: a pool's name has no room for more.
fn pool_name(world: &World, cluster: &str) -> String {
    let pools = world.cluster_named(cluster).and_then(|id| world.clusters.get(id)).map(|c| &c.pools);
    let is_taken = |name: &str| pools.is_some_and(|pools| pools.iter().any(|p| p.name.as_ref() == name));
    (1..1000).map(|n| format!("nodepool{n}")).find(|name| !is_taken(name)).unwrap_or_default()
}

fn prefix(kind: FormKind, world: &World, values: &Values) -> Option<String> {
    match kind {
        FormKind::Subnet => {
            let id = world.vnet_named(values.get(F::Vnet))?;
            let taken: Vec<Ipv4Net> =
                world.subnets.values().filter(|s| s.vnet == id).map(|s| s.pool.prefix()).collect();
            let space = &world.vnets.get(id)?.prefixes;
            let last = taken.last().map_or(24, Ipv4Net::prefix_len);
            (last..=29).find_map(|len| space.iter().find_map(|s| free_prefix(*s, &taken, len))).map(|p| p.to_string())
        }
        FormKind::Route => {
            let table = world.route_tables.get(world.route_table_named(values.get(F::Table))?)?;
            let blocks = world.nodes.values().filter_map(|n| n.pod_cidr);
            let missing = blocks.into_iter().find(|b| table.with_prefix(*b).is_none());
            missing.map(|b| b.to_string()).or_else(|| Some("0.0.0.0/0".to_owned()))
        }
        FormKind::DeleteHostRoute => {
            let host = world.hosts.get(resolve(world, values.get(F::Host)).ok()?.host?)?;
            host.fib.routes().first().map(|r| r.dst.to_string())
        }
        _ => Some("192.0.2.0/24".to_owned()),
    }
}

/// The first prefix of a length in `space` that shares no address with any of `taken`.
pub fn free_prefix(space: Ipv4Net, taken: &[Ipv4Net], length: u8) -> Option<Ipv4Net> {
    if length < space.prefix_len() || length > 32 {
        return None;
    }
    let last = u64::from(u32::from(space.broadcast()));
    let size = 1_u64 << (32 - u32::from(length));
    let mut at = u64::from(u32::from(space.network()));
    while at <= last {
        let net = Ipv4Net::new(Ipv4Addr::from(u32::try_from(at).ok()?), length).ok()?;
        match taken.iter().find(|t| overlaps(**t, net)) {
            None => return Some(net),
            // Behind what is in the way, on the next multiple of the size.
            Some(other) => at = (u64::from(u32::from(other.broadcast())) + 1).max(at + 1).next_multiple_of(size),
        }
    }
    None
}

/// The next /16 of 10.0.0.0/8 that no VNet has.
fn free_vnet_prefix(world: &World) -> Option<Ipv4Net> {
    let taken: Vec<Ipv4Net> = world.vnets.values().flat_map(|v| v.prefixes.iter().copied()).collect();
    free_prefix("10.0.0.0/8".parse().ok()?, &taken, 16)
}

/// The article's range first, then others that clash with little.
const POD_CIDRS: [&str; 5] = ["10.244.0.0/16", "10.245.0.0/16", "10.246.0.0/16", "192.168.0.0/16", "100.64.0.0/16"];
const SERVICE_CIDRS: [&str; 5] =
    ["172.16.1.0/24", "172.16.2.0/24", "172.17.1.0/24", "10.255.255.0/24", "192.168.255.0/24"];

/// The first range that shares no address with a subnet, a VNet, a cluster's pods or the form's other range.
fn range(world: &World, values: &Values, ranges: &[&str]) -> Option<String> {
    let mut taken: Vec<Ipv4Net> = world.subnets.values().map(|s| s.pool.prefix()).collect();
    taken.extend(world.vnets.values().flat_map(|v| v.prefixes.iter().copied()));
    taken.extend(world.clusters.values().filter_map(|c| c.node_cidrs.as_ref()).map(NodeCidrSet::cluster));
    taken.extend(values.get(F::PodCidr).parse::<Ipv4Net>());
    taken.extend(values.get(F::ServiceCidr).parse::<Ipv4Net>());
    let free = |text: &&&str| text.parse().is_ok_and(|net: Ipv4Net| !taken.iter().any(|t| overlaps(*t, net)));
    ranges.iter().find(free).map(|text| (*text).to_owned())
}

/// The recipe's own default, or what the cluster's first pool has.
fn max_pods(kind: FormKind, world: &World, values: &Values) -> u16 {
    if kind == FormKind::AddPool {
        let cluster = world.cluster_named(values.get(F::Cluster)).and_then(|id| world.clusters.get(id));
        return cluster.and_then(|c| c.pools.first()).map_or(kubenet::MAX_PODS, |pool| pool.max_pods);
    }
    match values.get(F::Network) {
        "azure-transparent" | "azure-bridge" => node_subnet::MAX_PODS,
        "pod-subnet" => pod_subnet::MAX_PODS,
        _ => kubenet::MAX_PODS,
    }
}

fn kept(world: &World, cluster: &str) -> Option<String> {
    let cluster = world.clusters.get(world.cluster_named(cluster)?)?;
    let kept: Vec<String> = cluster.non_masquerade.as_ref()?.iter().map(Ipv4Net::to_string).collect();
    Some(kept.join(", "))
}

/// The lowest multiple of ten from 100 that no rule of the direction has.
fn free_priority(world: &World, values: &Values) -> u16 {
    let outbound = values.get(F::Direction) == "Outbound";
    let direction = if outbound { Direction::Outbound } else { Direction::Inbound };
    let nsg = world.nsg_named(values.get(F::Nsg)).and_then(|id| world.nsgs.get(id));
    let free = |priority: &u16| nsg.is_none_or(|nsg| nsg.at(direction, *priority).is_none());
    (100..=4096).step_by(10).find(free).unwrap_or(100)
}

fn replicas(world: &World, values: &Values) -> Option<u32> {
    use crate::sim::cluster::WorkloadKind;
    let (cluster, name) = values.get(F::Deployment).split_once('/')?;
    let cluster = world.cluster_named(cluster)?;
    let found = world.workloads.values().find(|w| w.cluster == cluster && w.name.as_ref() == name)?;
    match found.kind {
        WorkloadKind::Deployment { replicas } => Some(replicas),
        WorkloadKind::DaemonSet => None,
    }
}

fn nodes(world: &World, values: &Values) -> Option<u32> {
    let (cluster, pool) = values.get(F::Pool).split_once('/')?;
    let cluster = world.cluster_named(cluster)?;
    let count = world.nodes.values().filter(|n| n.cluster == cluster && n.pool.as_ref() == pool).count();
    u32::try_from(count).ok()
}

/// A pod to send from; another one to send to, on another node where there is one.
fn endpoint(id: F, world: &World, values: &Values) -> Option<String> {
    const LOOK_AT: usize = 64;
    let (all, _) = find(Input::Endpoint, world, if id == F::Host { "node/" } else { "" }, LOOK_AT);
    if id != F::To {
        return all.first().map(|c| c.value.clone());
    }
    let from = values.get(F::From);
    let node = all.iter().find(|c| c.value == from).map_or("", |c| c.node.as_str());
    let far = all.iter().find(|c| c.value != from && !c.node.is_empty() && c.node != node);
    far.or_else(|| all.iter().find(|c| c.value != from)).map(|c| c.value.clone())
}
