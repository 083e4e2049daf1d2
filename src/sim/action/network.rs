//! Actions on Azure's network: VNets, subnets, VMs, NSGs, route tables, NICs.

use super::error::{ActionError, Kind};
use super::{Action, NsgTarget};
use crate::sim::control::routes;
use crate::sim::engine::Engine;
use crate::sim::fabric::attach::{NewGuest, create_guest, delete_guest};
use crate::sim::fabric::network::{Subnet, Vnet};
use crate::sim::fabric::nsg::{Nsg, SecurityRule};
use crate::sim::fabric::route_table::{RouteTable, UserRoute};
use crate::sim::fabric::vnet_check::{VnetPlan, check_vnet};
use crate::sim::host::Role;
use crate::sim::ids::{NicId, NsgId, RouteTableId, SubnetId, VnetId};
use crate::sim::ipam::subnet_pool::{LeaseState, SubnetPool};
use crate::sim::packet::Protocol;
use crate::sim::world::World;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;
use std::rc::Rc;

pub(super) fn apply(engine: &mut Engine, action: &Action) -> Result<(), ActionError> {
    let world = &mut engine.world;
    world.policy_changed();
    match action {
        Action::SetAddressSpace { vnet, prefixes } => set_address_space(world, vnet, prefixes),
        Action::DeleteVnet { name } => delete_vnet(world, name),
        Action::DeleteSubnet { vnet, name } => delete_subnet(world, vnet, name),
        Action::CreateVm { name, vnet, subnet, address, .. } => create_vm(world, name, vnet, subnet, *address),
        Action::DeleteVm { name } => delete_vm(world, name),
        Action::CreateNsg { name, .. } => create_nsg(world, name),
        Action::DeleteNsg { name } => delete_nsg(world, name),
        Action::PutNsgRule { nsg, rule } => put_rule(world, nsg, rule),
        Action::DeleteNsgRule { nsg, name } => delete_rule(world, nsg, name),
        Action::AttachNsg { to, nsg } => attach_nsg(world, to, nsg.as_deref()),
        Action::CreateRouteTable { name, .. } => create_route_table(world, name),
        Action::DeleteRouteTable { name } => delete_route_table(world, name),
        Action::PutRoute { table, route } => put_route(world, table, route),
        Action::DeleteRoute { table, name } => delete_route(world, table, name),
        Action::AttachRouteTable { vnet, subnet, table } => attach_table(world, vnet, subnet, table.as_deref()),
        Action::SetIpForwarding { nic, on } => set_ip_forwarding(world, nic, *on),
        _ => Ok(()),
    }?;
    membership(world, action)?;
    if let Action::PutRoute { table, .. } | Action::DeleteRoute { table, .. } = action {
        routes::table_changed(engine, table);
    }
    Ok(())
}

/// Keeps what is in which resource group.
fn membership(world: &mut World, action: &Action) -> Result<(), ActionError> {
    match action {
        Action::CreateVm { name, resource_group, .. } => put(world, Kind::Vm, name, resource_group.as_deref()),
        Action::CreateNsg { name, resource_group } => put(world, Kind::Nsg, name, resource_group.as_deref()),
        Action::CreateRouteTable { name, resource_group } => {
            put(world, Kind::RouteTable, name, resource_group.as_deref())
        }
        _ => {
            forget(world, action);
            Ok(())
        }
    }
}

fn put(world: &mut World, kind: Kind, name: &str, group: Option<&str>) -> Result<(), ActionError> {
    match group {
        Some(group) => world.groups.add(kind, name, group).ok_or_else(|| not_found(Kind::Group, group)),
        None => Ok(()),
    }
}

fn forget(world: &mut World, action: &Action) {
    let groups = &mut world.groups;
    match action {
        Action::DeleteVnet { name } => groups.remove(Kind::Vnet, name),
        Action::DeleteVm { name } => groups.remove(Kind::Vm, name),
        Action::DeleteNsg { name } => groups.remove(Kind::Nsg, name),
        Action::DeleteRouteTable { name } => groups.remove(Kind::RouteTable, name),
        _ => {}
    }
}

pub(super) fn delete_group(world: &mut World, name: &str) -> Result<(), ActionError> {
    world.groups.delete(name).ok_or_else(|| not_found(Kind::Group, name))
}

pub(super) fn create_group(world: &mut World, name: &str, location: &str) -> Result<(), ActionError> {
    check_group_name(name)?;
    world.groups.put(name, location);
    Ok(())
}

/// Azure's rule for names of resource groups: letters, digits, `_`, `-`, `.`, brackets; at most 90; does not end with a
/// period. Source: MicrosoftDocs/azure-docs, resource-name-rules.md.
fn check_group_name(name: &str) -> Result<(), ActionError> {
    let good = (1..=90).contains(&name.chars().count())
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '(' | ')'))
        && !name.ends_with('.');
    if good { Ok(()) } else { Err(ActionError::BadName { kind: Kind::Group, name: name.to_owned() }) }
}

pub(crate) fn not_found(kind: Kind, name: &str) -> ActionError {
    ActionError::NotFound { kind, name: name.to_owned() }
}

pub(crate) fn exists(kind: Kind, name: &str) -> ActionError {
    ActionError::Exists { kind, name: name.to_owned() }
}

pub(crate) fn find_vnet(world: &World, name: &str) -> Result<VnetId, ActionError> {
    world.vnet_named(name).ok_or_else(|| not_found(Kind::Vnet, name))
}

pub(crate) fn find_subnet(world: &World, vnet: &str, name: &str) -> Result<SubnetId, ActionError> {
    let vnet = find_vnet(world, vnet)?;
    world.subnet_named(vnet, name).ok_or_else(|| not_found(Kind::Subnet, name))
}

fn find_nsg(world: &World, name: &str) -> Result<NsgId, ActionError> {
    world.nsg_named(name).ok_or_else(|| not_found(Kind::Nsg, name))
}

fn find_table(world: &World, name: &str) -> Result<RouteTableId, ActionError> {
    world.route_table_named(name).ok_or_else(|| not_found(Kind::RouteTable, name))
}

fn find_nic(world: &World, name: &str) -> Result<NicId, ActionError> {
    world.nic_named(name).ok_or_else(|| not_found(Kind::Nic, name))
}

/// Azure's rule for names of network resources: letters, digits, `_`, `.`, `-`; at most 80; begins with a letter or
/// digit. Source: MicrosoftDocs/azure-docs, resource-name-rules.md.
pub(crate) fn check_name(kind: Kind, name: &str) -> Result<(), ActionError> {
    let good = name.len() <= 80
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
    if good { Ok(()) } else { Err(ActionError::BadName { kind, name: name.to_owned() }) }
}

pub(super) fn create_vnet(
    world: &mut World,
    name: &str,
    prefixes: &[Ipv4Net],
    group: Option<&str>,
) -> Result<(), ActionError> {
    world.policy_changed();
    check_name(Kind::Vnet, name)?;
    if world.vnet_named(name).is_some() {
        return Err(exists(Kind::Vnet, name));
    }
    let problems = check_vnet(VnetPlan { address_space: prefixes, subnets: &[] });
    if !problems.is_empty() {
        return Err(ActionError::Vnet(problems));
    }
    world.vnets.add(Vnet::new(name, prefixes));
    put(world, Kind::Vnet, name, group)
}

/// The name and the prefix of each subnet of a virtual network.
fn subnets_of(world: &World, vnet: VnetId) -> Vec<(Rc<str>, Ipv4Net)> {
    let own = world.subnets.values().filter(|s| s.vnet == vnet);
    own.map(|s| (Rc::clone(&s.name), s.pool.prefix())).collect()
}

fn set_address_space(world: &mut World, vnet: &str, prefixes: &[Ipv4Net]) -> Result<(), ActionError> {
    let id = find_vnet(world, vnet)?;
    let problems = check_vnet(VnetPlan { address_space: prefixes, subnets: &subnets_of(world, id) });
    if !problems.is_empty() {
        return Err(ActionError::Vnet(problems));
    }
    if let Some(vnet) = world.vnets.get_mut(id) {
        vnet.set_prefixes(prefixes);
    }
    Ok(())
}

fn delete_vnet(world: &mut World, name: &str) -> Result<(), ActionError> {
    let id = find_vnet(world, name)?;
    if let Some(subnet) = world.subnets.values().find(|s| s.vnet == id) {
        let by = subnet.name.to_string();
        return Err(ActionError::InUse { kind: Kind::Vnet, name: name.to_owned(), by });
    }
    world.vnets.remove(id);
    Ok(())
}

pub(super) fn create_subnet(world: &mut World, vnet: &str, name: &str, prefix: Ipv4Net) -> Result<(), ActionError> {
    world.policy_changed();
    check_name(Kind::Subnet, name)?;
    let vnet = find_vnet(world, vnet)?;
    if world.subnet_named(vnet, name).is_some() {
        return Err(exists(Kind::Subnet, name));
    }
    let Some(space) = world.vnets.get(vnet).map(|v| Rc::clone(&v.prefixes)) else { return Ok(()) };
    let mut subnets = subnets_of(world, vnet);
    subnets.push((name.into(), prefix));
    let problems = check_vnet(VnetPlan { address_space: &space, subnets: &subnets });
    if !problems.is_empty() {
        return Err(ActionError::Vnet(problems));
    }
    let pool = SubnetPool::new(prefix).map_err(ActionError::Address)?;
    let (name, nsg, route_table) = (name.into(), None, None);
    world.subnets.add(Subnet { name, vnet, pool, nsg, route_table, delegated: false, exhausted: false });
    Ok(())
}

fn delete_subnet(world: &mut World, vnet: &str, name: &str) -> Result<(), ActionError> {
    let id = find_subnet(world, vnet, name)?;
    if let Some(nic) = world.nics.values().find(|n| n.subnet == id) {
        let by = nic.name.to_string();
        return Err(ActionError::InUse { kind: Kind::Subnet, name: name.to_owned(), by });
    }
    if let Some(cluster) = world.clusters.values().find(|c| c.pools.iter().any(|p| p.uses(id))) {
        let by = cluster.name.to_string();
        return Err(ActionError::InUse { kind: Kind::Subnet, name: name.to_owned(), by });
    }
    world.subnets.remove(id);
    Ok(())
}

fn create_vm(
    world: &mut World,
    name: &str,
    vnet: &str,
    subnet: &str,
    address: Option<Ipv4Addr>,
) -> Result<(), ActionError> {
    check_name(Kind::Vm, name)?;
    if world.host_named(name).is_some() {
        return Err(exists(Kind::Vm, name));
    }
    let subnet = find_subnet(world, vnet, subnet)?;
    if let Some(subnet) = world.subnets.get(subnet).filter(|s| s.delegated) {
        return Err(ActionError::SubnetForPods { subnet: subnet.name.to_string() });
    }
    let new = NewGuest { name, role: Role::Vm, subnet, lease: LeaseState::Vm, address };
    let guest = create_guest(world, new).map_err(ActionError::Address)?;
    if let Some(host) = guest.and_then(|(host, _)| world.hosts.get_mut(host)) {
        host.sockets.listen(Protocol::Tcp, 22);
    }
    Ok(())
}

/// `SubnetIsDelegated`: a subnet that pods have takes no nodes.
/// Source: MicrosoftDocs/SupportArticles-docs, subnetisdelegated-error.md.
pub(crate) fn refuse_delegated(world: &World, id: SubnetId) -> Result<(), ActionError> {
    match world.subnets.get(id).filter(|s| s.delegated) {
        Some(subnet) => Err(ActionError::SubnetIsDelegated { subnet: subnet.name.to_string() }),
        None => Ok(()),
    }
}

fn delete_vm(world: &mut World, name: &str) -> Result<(), ActionError> {
    let found = world
        .nics
        .iter()
        .find(|(_, n)| world.hosts.get(n.host).is_some_and(|h| h.role == Role::Vm && h.name.as_ref() == name));
    let id = found.map(|(id, _)| id).ok_or_else(|| not_found(Kind::Vm, name))?;
    delete_guest(world, id);
    Ok(())
}

fn create_nsg(world: &mut World, name: &str) -> Result<(), ActionError> {
    check_name(Kind::Nsg, name)?;
    if world.nsg_named(name).is_some() {
        return Err(exists(Kind::Nsg, name));
    }
    world.nsgs.add(Nsg::new(name));
    Ok(())
}

fn delete_nsg(world: &mut World, name: &str) -> Result<(), ActionError> {
    let id = find_nsg(world, name)?;
    let subnet = world.subnets.values().find(|s| s.nsg == Some(id)).map(|s| s.name.to_string());
    let nic = || world.nics.values().find(|n| n.nsg == Some(id)).map(|n| n.name.to_string());
    if let Some(by) = subnet.or_else(nic) {
        return Err(ActionError::InUse { kind: Kind::Nsg, name: name.to_owned(), by });
    }
    world.nsgs.remove(id);
    Ok(())
}

fn put_rule(world: &mut World, nsg: &str, rule: &SecurityRule) -> Result<(), ActionError> {
    let id = find_nsg(world, nsg)?;
    if let Some(nsg) = world.nsgs.get_mut(id) {
        nsg.put(rule.clone()).map_err(ActionError::Rule)?;
    }
    Ok(())
}

fn delete_rule(world: &mut World, nsg: &str, name: &str) -> Result<(), ActionError> {
    let id = find_nsg(world, nsg)?;
    let gone = world.nsgs.get_mut(id).and_then(|nsg| nsg.remove(name));
    gone.map(|_| ()).ok_or_else(|| not_found(Kind::NsgRule, name))
}

fn attach_nsg(world: &mut World, to: &NsgTarget, nsg: Option<&str>) -> Result<(), ActionError> {
    let nsg = nsg.map(|name| find_nsg(world, name)).transpose()?;
    match to {
        NsgTarget::Subnet { vnet, subnet } => {
            let id = find_subnet(world, vnet, subnet)?;
            if let Some(subnet) = world.subnets.get_mut(id) {
                subnet.nsg = nsg;
            }
        }
        NsgTarget::Nic(name) => {
            let id = find_nic(world, name)?;
            if let Some(nic) = world.nics.get_mut(id) {
                nic.nsg = nsg;
            }
        }
    }
    Ok(())
}

fn create_route_table(world: &mut World, name: &str) -> Result<(), ActionError> {
    check_name(Kind::RouteTable, name)?;
    if world.route_table_named(name).is_some() {
        return Err(exists(Kind::RouteTable, name));
    }
    world.route_tables.add(RouteTable::new(name));
    Ok(())
}

fn delete_route_table(world: &mut World, name: &str) -> Result<(), ActionError> {
    let id = find_table(world, name)?;
    let subnet = world.subnets.values().find(|s| s.route_table == Some(id)).map(|s| s.name.to_string());
    let cluster = || world.clusters.values().find(|c| c.route_table == Some(id)).map(|c| c.name.to_string());
    if let Some(by) = subnet.or_else(cluster) {
        return Err(ActionError::InUse { kind: Kind::RouteTable, name: name.to_owned(), by });
    }
    world.route_tables.remove(id);
    Ok(())
}

fn put_route(world: &mut World, table: &str, route: &UserRoute) -> Result<(), ActionError> {
    check_name(Kind::Route, &route.name)?;
    let id = find_table(world, table)?;
    if let Some(table) = world.route_tables.get_mut(id) {
        table.put(route.clone()).map_err(ActionError::Route)?;
    }
    Ok(())
}

fn delete_route(world: &mut World, table: &str, name: &str) -> Result<(), ActionError> {
    let id = find_table(world, table)?;
    let gone = world.route_tables.get_mut(id).and_then(|table| table.remove(name));
    gone.map(|_| ()).ok_or_else(|| not_found(Kind::Route, name))
}

fn attach_table(world: &mut World, vnet: &str, subnet: &str, table: Option<&str>) -> Result<(), ActionError> {
    let table = table.map(|name| find_table(world, name)).transpose()?;
    let id = find_subnet(world, vnet, subnet)?;
    if let Some(subnet) = world.subnets.get_mut(id) {
        subnet.route_table = table;
    }
    Ok(())
}

fn set_ip_forwarding(world: &mut World, nic: &str, on: bool) -> Result<(), ActionError> {
    let id = find_nic(world, nic)?;
    if let Some(nic) = world.nics.get_mut(id) {
        nic.ip_forwarding = on;
    }
    Ok(())
}
