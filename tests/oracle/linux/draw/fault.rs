//! One thing that is changed or broken.

use super::{Draft, chain};
use podhop::sim::action::{Action, FlushTable, HostRoute, HostRouteTarget, NsgTarget, SysctlName};
use podhop::sim::fabric::next_hop::UserNextHop;
use podhop::sim::fabric::nsg::{
    Access, AddressMatch, Direction, PortMatch, PortRange, RuleProtocol, SecurityRule, ServiceTag,
};
use podhop::sim::fabric::route_table::UserRoute;
use podhop::sim::host::ebtables::EbChain;
use podhop::sim::host::{Host, Role};
use std::net::Ipv4Addr;

pub(super) fn add(draft: &mut Draft) {
    let kind = draft.rng.below(25);
    let action = match kind {
        0 => attach_table(draft),
        1..=3 => put_route(draft),
        4 => delete_route(draft),
        5 => draft.world.nics.values().map(|n| n.name.to_string()).collect::<Vec<_>>().into_pick(draft).map(|nic| {
            let on = draft.chance(3);
            Action::SetIpForwarding { nic, on }
        }),
        6 => sysctl(draft),
        7 => masquerade(draft),
        8 | 9 => host_route(draft),
        12 => flush(draft),
        13 => link(draft),
        14 | 22 => bridge_rule(draft),
        23 | 24 => return bounce(draft),
        15 => nat_rule(draft),
        19..=21 => return chain::add(draft),
        // Most groups deny little that is sent here, so there are more of them.
        _ => return nsg(draft),
    };
    if let Some(action) = action {
        draft.try_do(action);
    }
}

trait IntoPick<T> {
    fn into_pick(self, draft: &mut Draft) -> Option<T>;
}

impl<T: Clone> IntoPick<T> for Vec<T> {
    fn into_pick(self, draft: &mut Draft) -> Option<T> {
        draft.pick(&self)
    }
}

/// Address of some host, by which actions name it.
pub(super) fn host(draft: &mut Draft, nodes_only: bool) -> Option<String> {
    let hosts = draft.world.hosts.values().filter(|h| !nodes_only || matches!(h.role, Role::Node(_)));
    let names: Vec<String> = hosts.filter_map(Host::first_address).map(|a| a.to_string()).collect();
    draft.pick(&names)
}

fn subnet(draft: &mut Draft) -> Option<String> {
    draft.world.subnets.values().map(|s| s.name.to_string()).collect::<Vec<_>>().into_pick(draft)
}

fn table(draft: &mut Draft) -> Option<String> {
    draft.world.route_tables.values().map(|t| t.name.to_string()).collect::<Vec<_>>().into_pick(draft)
}

fn attach_table(draft: &mut Draft) -> Option<Action> {
    let subnet = subnet(draft)?;
    let table = if draft.chance(3) { None } else { table(draft) };
    Some(Action::AttachRouteTable { vnet: "vnet01".into(), subnet, table })
}

fn put_route(draft: &mut Draft) -> Option<Action> {
    let table = table(draft)?;
    let nics: Vec<Ipv4Addr> = draft.world.nics.values().filter_map(podhop::sim::fabric::nic::Nic::primary).collect();
    let blocks: Vec<_> = draft.world.nodes.values().filter_map(|n| n.pod_cidr).collect();
    let hop = match draft.rng.below(8) {
        0 => UserNextHop::None,
        1 => UserNextHop::VnetLocal,
        2 => UserNextHop::Internet,
        3 => UserNextHop::VirtualAppliance(Ipv4Addr::new(10, 0, 3, 3)),
        _ => UserNextHop::VirtualAppliance(draft.pick(&nics)?),
    };
    let prefix = match draft.rng.below(6) {
        0 => draft.pick(&blocks)?,
        1 => ipnet::Ipv4Net::new(draft.pick(&blocks)?.network(), 25).unwrap(),
        2 => {
            ipnet::Ipv4Net::new(Ipv4Addr::from(u32::from(draft.pick(&blocks)?.network()) + 0x0700), 24).unwrap().trunc()
        }
        3 => draft.pick(&["0.0.0.0/0", "10.0.0.0/16", "10.0.4.0/24", "10.0.0.0/8", "10.0.0.0/30"])?.parse().unwrap(),
        _ => ipnet::Ipv4Net::from(draft.pick(&nics)?),
    };
    let name = format!("user{}", draft.rng.below(4)).into();
    Some(Action::PutRoute { table, route: UserRoute { name, prefix, next_hop: hop } })
}

/// Not one of a cluster's own: its controller would write it again in the midst of a packet's way.
fn delete_route(draft: &mut Draft) -> Option<Action> {
    let all: Vec<(String, String)> = draft
        .world
        .route_tables
        .values()
        .flat_map(|t| {
            t.routes().filter(|r| r.name.starts_with("user")).map(|r| (t.name.to_string(), r.name.to_string()))
        })
        .collect();
    let (table, name) = draft.pick(&all)?;
    Some(Action::DeleteRoute { table, name })
}

fn sysctl(draft: &mut Draft) -> Option<Action> {
    let name = draft.pick(&[SysctlName::IpForward, SysctlName::BridgeNfCallIptables])?;
    let host = host(draft, true)?;
    let on = draft.chance(2);
    Some(Action::SetSysctl { host, name, on })
}

fn masquerade(draft: &mut Draft) -> Option<Action> {
    let all = ["10.244.0.0/16", "10.0.0.0/16", "10.0.0.0/22", "192.168.0.0/18", "10.0.4.0/24"];
    // Where pods share a bridge their range stays: masquerade among them is the known difference `bridged-dnat`.
    let pods = draft.world.clusters.values().next()?.non_masquerade.as_ref()?.first().copied()?;
    let bridged = draft.world.hosts.values().any(|h| !h.bridges.is_empty());
    let mut keep = if bridged { vec![pods] } else { Vec::new() };
    for _ in 0..draft.rng.below(3) {
        keep.push(draft.pick(&all)?.parse().unwrap());
    }
    Some(Action::SetMasquerade { cluster: "aks01".into(), keep })
}

/// A rule of `ebtables` that is gone.
fn bridge_rule(draft: &mut Draft) -> Option<Action> {
    let host = host(draft, true)?;
    let at = draft.world.host_at(host.parse().unwrap())?;
    let chain = draft.pick(&[EbChain::Prerouting, EbChain::Postrouting])?;
    let number = draft.rng.below(draft.world.hosts.get(at)?.ebtables.chain(chain).len() as u64);
    Some(Action::DeleteBridgeRule { host, chain, number: usize::try_from(number).unwrap() + 1 })
}

/// A translation that is gone, on hosts without a bridge: among pods of one bridge it would be `bridged-dnat`.
fn nat_rule(draft: &mut Draft) -> Option<Action> {
    let host = host(draft, true)?;
    let state = draft.world.hosts.get(draft.world.host_at(host.parse().unwrap())?)?;
    if !state.bridges.is_empty() {
        return None;
    }
    let chains: Vec<(String, u64)> =
        state.netfilter.nat.chains().map(|(name, rules)| (name.to_string(), rules.len() as u64)).collect();
    let (chain, rules) = draft.pick(&chains)?;
    let number = usize::try_from(draft.rng.below(rules)).unwrap() + 1;
    Some(Action::DeleteNatRule { host, chain, number })
}

fn host_route(draft: &mut Draft) -> Option<Action> {
    let host = host(draft, false)?;
    let at = draft.world.host_at(host.parse().unwrap())?;
    let state = draft.world.hosts.get(at)?.clone();
    if draft.chance(2) {
        let dst = state.fib.routes().iter().map(|r| r.dst).collect::<Vec<_>>().into_pick(draft)?;
        return Some(Action::DeleteHostRoute { host, dst, metric: None });
    }
    let dst = match draft.rng.below(3) {
        0 => draft.world.hosts.values().filter_map(Host::first_address).collect::<Vec<_>>().into_pick(draft)?.into(),
        1 => draft.world.nodes.values().filter_map(|n| n.pod_cidr).collect::<Vec<_>>().into_pick(draft)?,
        _ => draft.pick(&["0.0.0.0/0", "10.0.4.0/24", "8.8.8.0/24", "10.0.0.0/25"])?.parse().unwrap(),
    };
    let target = match draft.rng.below(4) {
        0 => HostRouteTarget::Unreachable,
        1 => HostRouteTarget::Blackhole,
        _ => {
            let up = state.interfaces.values().skip(1).filter(|i| i.up && !i.addresses.is_empty());
            let dev = up.map(|i| i.name.to_string()).collect::<Vec<_>>().into_pick(draft)?;
            let gateways: Vec<Ipv4Addr> = draft.world.hosts.values().filter_map(Host::first_address).collect();
            let via = if draft.chance(2) { draft.pick(&gateways) } else { None };
            // The kernel refuses a gateway that is the host's own.
            HostRouteTarget::Dev { dev, via: via.filter(|a| !state.is_local(*a)) }
        }
    };
    Some(Action::AddHostRoute { host, route: HostRoute::new(dst, target) })
}

fn flush(draft: &mut Draft) -> Option<Action> {
    let host = host(draft, false)?;
    let table = draft.pick(&[FlushTable::Neighbors, FlushTable::Fdb, FlushTable::Conntrack])?;
    Some(Action::Flush { host, table })
}

fn link(draft: &mut Draft) -> Option<Action> {
    let host = host(draft, false)?;
    let at = draft.world.host_at(host.parse().unwrap())?;
    let devs: Vec<String> =
        draft.world.hosts.get(at)?.interfaces.values().skip(1).map(|i| i.name.to_string()).collect();
    let dev = draft.pick(&devs)?;
    let up = draft.chance(2);
    Some(Action::SetLink { host, dev, up })
}

/// The NIC of a node goes down and comes again: what belonged to it is gone, the flows that it masqueraded too.
fn bounce(draft: &mut Draft) {
    let Some(host) = host(draft, true) else { return };
    for up in [false, true] {
        draft.try_do(Action::SetLink { host: host.clone(), dev: "eth0".into(), up });
    }
}

/// A group with some rules, attached somewhere.
fn nsg(draft: &mut Draft) {
    let name = format!("nsg{}", draft.rng.below(2));
    draft.try_do(Action::CreateNsg { name: name.clone(), resource_group: None });
    for _ in 0..draft.rng.between(1, 3) {
        let rule = rule(draft);
        draft.try_do(Action::PutNsgRule { nsg: name.clone(), rule });
    }
    let nics: Vec<String> = draft.world.nics.values().map(|n| n.name.to_string()).collect();
    let to = if draft.chance(2) {
        let Some(subnet) = subnet(draft) else { return };
        NsgTarget::Subnet { vnet: "vnet01".into(), subnet }
    } else {
        let Some(nic) = draft.pick(&nics) else { return };
        NsgTarget::Nic(nic)
    };
    let nsg = (!draft.chance(4)).then_some(name);
    draft.try_do(Action::AttachNsg { to, nsg });
}

fn rule(draft: &mut Draft) -> SecurityRule {
    let priority = u16::try_from(draft.rng.between(100, 130)).unwrap();
    let direction = draft.pick(&[Direction::Inbound, Direction::Outbound]).unwrap();
    let access = draft.pick(&[Access::Allow, Access::Deny, Access::Deny]).unwrap();
    let mut rule = SecurityRule::new(&format!("rule{priority}"), priority, direction, access);
    let protocols = [RuleProtocol::Any, RuleProtocol::Tcp, RuleProtocol::Udp, RuleProtocol::Icmp];
    rule.protocol = draft.pick(&protocols).unwrap();
    rule.source = side(draft);
    rule.destination = side(draft);
    if rule.protocol != RuleProtocol::Icmp && draft.chance(2) {
        let first = draft.pick(&[22, 53, 80, 81, 9]).unwrap();
        let last = first + u16::try_from(draft.rng.below(60)).unwrap();
        rule.destination_ports = PortMatch::Ranges([PortRange { first, last }].into());
    }
    rule
}

fn side(draft: &mut Draft) -> AddressMatch {
    let hosts: Vec<Ipv4Addr> = draft.world.hosts.values().filter_map(Host::first_address).collect();
    match draft.rng.below(6) {
        0 => AddressMatch::Tag(ServiceTag::VirtualNetwork),
        1 => draft.pick(&hosts).map_or(AddressMatch::Any, |a| AddressMatch::prefix(a.into())),
        2 => AddressMatch::prefix("10.0.0.0/22".parse().unwrap()),
        _ => AddressMatch::Any,
    }
}
