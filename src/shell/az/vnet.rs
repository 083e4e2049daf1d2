//! `az network vnet` and its subnets.

use super::{Answer, Line, id, in_group, not_found, refusal, route_table};
use crate::shell::{Output, Shell};
use crate::sim::action::error::Kind;
use crate::sim::action::{Action, NsgTarget};
use crate::sim::ids::{SubnetId, VnetId};
use crate::sim::ipam::subnet_pool::Slot;
use ipnet::Ipv4Net;
use serde_json::{Value, json};
use std::net::Ipv4Addr;

const VNET: &str = "Microsoft.Network/virtualNetworks";

fn prefixes(line: &Line, name: &str) -> Result<Vec<Ipv4Net>, Output> {
    let given = line.values(name);
    let read = |text: &String| {
        text.parse::<Ipv4Net>().map_err(|_| {
            let said = format!(
                "Address prefix {text} of resource {} is not formatted correctly. It should follow CIDR notation, for example 10.0.0.0/24.",
                target(line)
            );
            refusal(1, "InvalidAddressPrefixFormat", &said)
        })
    };
    given.iter().map(read).collect()
}

/// The id of the virtual network or the subnet that a command is about.
fn target(line: &Line) -> String {
    let [group, name] = ["--resource-group", "--name"].map(|option| line.option(option).unwrap_or_default());
    match line.option("--vnet-name") {
        Some(vnet) => format!("{}/subnets/{name}", id(group, VNET, vnet)),
        None => id(group, VNET, name),
    }
}

/// The id of a subnet that is there.
pub(super) fn subnet_id(shell: &Shell, subnet: SubnetId) -> Option<String> {
    let world = shell.session().world();
    let subnet = world.subnets.get(subnet)?;
    let vnet = &world.vnets.get(subnet.vnet)?.name;
    Some(format!("{}/subnets/{}", id(&shell.group_of(Kind::Vnet, vnet), VNET, vnet), subnet.name))
}

pub(super) fn create(shell: &mut Shell, line: &Line) -> Answer {
    let group = shell.ensure_group(line)?;
    let name = line.need("--name")?.to_owned();
    let mut space = prefixes(line, "--address-prefixes")?;
    if space.is_empty() {
        space.push(Ipv4Net::new_assert([10, 0, 0, 0].into(), 16));
    }
    let subnet = match line.option("--subnet-name") {
        Some(subnet) => {
            let first = Ipv4Net::new(space[0].network(), space[0].prefix_len().max(24)).unwrap_or(space[0]);
            Some((subnet.to_owned(), prefixes(line, "--subnet-prefixes")?.first().copied().unwrap_or(first)))
        }
        None => None,
    };
    if !is_there(shell, &group, &name, &space) {
        shell.azure(Action::CreateVnet { name: name.clone(), prefixes: space, resource_group: Some(group) })?;
    }
    if let Some((subnet, prefix)) = subnet {
        shell.azure(Action::CreateSubnet { vnet: name.clone(), name: subnet, prefix })?;
    }
    Ok(json!({ "newVNet": shown(shell, &name) }))
}

/// Whether there is just this virtual network: to put it again changes nothing.
fn is_there(shell: &Shell, group: &str, name: &str, space: &[Ipv4Net]) -> bool {
    let world = shell.session().world();
    let same = world.vnet_named(name).and_then(|id| world.vnets.get(id)).is_some_and(|v| v.prefixes.iter().eq(space));
    same && shell.group_of(Kind::Vnet, name).eq_ignore_ascii_case(group)
}

pub(super) fn show(shell: &mut Shell, line: &Line) -> Answer {
    let name = line.need("--name")?;
    found(shell, line, name).map(|_| shown(shell, name))
}

pub(super) fn list(shell: &mut Shell, line: &Line) -> Answer {
    let vnets = shell.session().world().vnets.values().map(|v| v.name.to_string());
    let names: Vec<String> = vnets.filter(|name| in_group(line, &shell.group_of(Kind::Vnet, name))).collect();
    Ok(Value::Array(names.iter().map(|name| shown(shell, name)).collect()))
}

pub(super) fn update(shell: &mut Shell, line: &Line) -> Answer {
    let name = line.need("--name")?.to_owned();
    found(shell, line, &name)?;
    if line.has("--address-prefixes") {
        let prefixes = prefixes(line, "--address-prefixes")?;
        shell.azure(Action::SetAddressSpace { vnet: name.clone(), prefixes })?;
    }
    Ok(shown(shell, &name))
}

pub(super) fn delete(shell: &mut Shell, line: &Line) -> Answer {
    let name = line.need("--name")?.to_owned();
    found(shell, line, &name)?;
    delete_whole(shell, &name).map(|()| Value::Null)
}

/// A virtual network goes with its subnets, if nothing is in them.
/// Source: MicrosoftDocs/azure-docs, articles/virtual-network/manage-virtual-network.yml.
pub(super) fn delete_whole(shell: &mut Shell, name: &str) -> Result<(), Output> {
    let world = shell.session().world();
    let id = world.vnet_named(name);
    let own = world.subnets.values().filter(|s| Some(s.vnet) == id).map(|s| s.name.to_string());
    let own: Vec<Action> = own.map(|subnet| Action::DeleteSubnet { vnet: name.to_owned(), name: subnet }).collect();
    if let Some(used) = own.iter().find(|action| shell.session().try_action(action).is_err()).cloned() {
        return shell.azure(used);
    }
    for action in own {
        shell.azure(action)?;
    }
    shell.azure(Action::DeleteVnet { name: name.to_owned() })
}

/// Free addresses, the first few of each subnet.
pub(super) fn available(shell: &mut Shell, line: &Line) -> Answer {
    let vnet = found(shell, line, line.need("--name")?)?;
    let own = subnets_of(shell, vnet);
    Ok(own.into_iter().flat_map(|subnet| free_addresses(shell, subnet)).take(SHOWN).map(Value::String).collect())
}

/// Whether an address is free, and some that are.
pub(super) fn check_address(shell: &mut Shell, line: &Line) -> Answer {
    let vnet = found(shell, line, line.need("--name")?)?;
    let address: Ipv4Addr = line.parsed("--ip-address")?;
    let world = shell.session().world();
    let subnet = world.subnets.values().find(|s| s.vnet == vnet && s.pool.prefix().contains(&address));
    let free = subnet.is_some_and(|s| matches!(s.pool.slot(address), Slot::Free));
    let others: Vec<String> = match (free, subnet) {
        (false, Some(subnet)) => subnet
            .pool
            .prefix()
            .hosts()
            .filter(|a| matches!(subnet.pool.slot(*a), Slot::Free))
            .take(SHOWN)
            .map(|a| a.to_string())
            .collect(),
        _ => Vec::new(),
    };
    Ok(json!({ "available": free, "availableIPAddresses": others, "isPlatformReserved": false }))
}

/// Addresses that Azure offers at once.
const SHOWN: usize = 5;

fn free_addresses(shell: &Shell, subnet: SubnetId) -> Vec<String> {
    let Some(subnet) = shell.session().world().subnets.get(subnet) else { return Vec::new() };
    let free = |address: &Ipv4Addr| matches!(subnet.pool.slot(*address), Slot::Free);
    subnet.pool.prefix().hosts().filter(free).take(SHOWN).map(|a| a.to_string()).collect()
}

fn subnets_of(shell: &Shell, vnet: VnetId) -> Vec<SubnetId> {
    shell.session().world().subnets.iter().filter(|(_, s)| s.vnet == vnet).map(|(id, _)| id).collect()
}

fn found(shell: &Shell, line: &Line, name: &str) -> Result<VnetId, Output> {
    let group = line.option("--resource-group").unwrap_or_default();
    shell.session().world().vnet_named(name).ok_or_else(|| not_found(VNET, name, group))
}

fn shown(shell: &Shell, name: &str) -> Value {
    let world = shell.session().world();
    let Some(vnet_id) = world.vnet_named(name) else { return Value::Null };
    let group = shell.group_of(Kind::Vnet, name);
    let space: Vec<String> =
        world.vnets.get(vnet_id).into_iter().flat_map(|v| v.prefixes.iter()).map(ToString::to_string).collect();
    let subnets: Vec<SubnetId> = world.subnets.iter().filter(|(_, s)| s.vnet == vnet_id).map(|(id, _)| id).collect();
    json!({
        "addressSpace": { "addressPrefixes": space },
        "enableDdosProtection": false,
        "enableVmProtection": false,
        "id": id(&group, VNET, name),
        "location": shell.location_of(&group),
        "name": name,
        "provisioningState": "Succeeded",
        "resourceGroup": group,
        "subnets": subnets.into_iter().map(|s| subnet_shown(shell, s)).collect::<Vec<_>>(),
        "type": VNET,
    })
}

fn subnet_shown(shell: &Shell, subnet: SubnetId) -> Value {
    let world = shell.session().world();
    let Some(subnet) = world.subnets.get(subnet) else { return Value::Null };
    let vnet = world.vnets.get(subnet.vnet).map_or_else(String::new, |v| v.name.to_string());
    let group = shell.group_of(Kind::Vnet, &vnet);
    let nsg = subnet.nsg.and_then(|n| world.nsgs.get(n)).map(|n| n.name.to_string());
    let table = subnet.route_table.and_then(|t| world.route_tables.get(t)).map(|t| t.name.to_string());
    let reference = |kind: Kind, name: String| {
        let group = shell.group_of(kind, &name);
        let path = if kind == Kind::Nsg { "Microsoft.Network/networkSecurityGroups" } else { route_table::TABLE };
        json!({ "id": id(&group, path, &name) })
    };
    let delegations = if subnet.delegated {
        json!([{ "name": "aks-delegation", "serviceName": "Microsoft.ContainerService/managedClusters" }])
    } else {
        json!([])
    };
    json!({
        "addressPrefix": subnet.pool.prefix(),
        "delegations": delegations,
        "id": format!("{}/subnets/{}", id(&group, VNET, &vnet), subnet.name),
        "name": subnet.name,
        "networkSecurityGroup": nsg.map(|name| reference(Kind::Nsg, name)),
        "provisioningState": "Succeeded",
        "resourceGroup": group,
        "routeTable": table.map(|name| reference(Kind::RouteTable, name)),
        "type": "Microsoft.Network/virtualNetworks/subnets",
    })
}

/// The virtual network and the subnet that a command names.
fn named(shell: &Shell, line: &Line) -> Result<(String, String, SubnetId), Output> {
    let (vnet, name) = (line.need("--vnet-name")?.to_owned(), line.need("--name")?.to_owned());
    let vnet_id = found(shell, line, &vnet)?;
    let id = shell.session().world().subnet_named(vnet_id, &name);
    let group = line.option("--resource-group").unwrap_or_default();
    let what = format!("virtualNetworks/{vnet}/subnets");
    id.map(|id| (vnet, name.clone(), id)).ok_or_else(|| not_found(&format!("Microsoft.Network/{what}"), &name, group))
}

pub(super) fn subnet_create(shell: &mut Shell, line: &Line) -> Answer {
    let vnet = line.need("--vnet-name")?.to_owned();
    found(shell, line, &vnet)?;
    let name = line.need("--name")?.to_owned();
    let Some(prefix) = prefixes(line, "--address-prefixes")?.first().copied() else {
        return Err(Output::fail(2, "ERROR: argument --address-prefixes: expected at least one argument"));
    };
    shell.azure(Action::CreateSubnet { vnet, name, prefix })?;
    subnet_update(shell, line)
}

pub(super) fn subnet_update(shell: &mut Shell, line: &Line) -> Answer {
    let (vnet, name, id) = named(shell, line)?;
    attach(shell, line, &vnet, &name)?;
    Ok(subnet_shown(shell, id))
}

pub(super) fn subnet_show(shell: &mut Shell, line: &Line) -> Answer {
    named(shell, line).map(|(_, _, id)| subnet_shown(shell, id))
}

pub(super) fn subnet_list(shell: &mut Shell, line: &Line) -> Answer {
    let vnet = found(shell, line, line.need("--vnet-name")?)?;
    Ok(Value::Array(subnets_of(shell, vnet).into_iter().map(|s| subnet_shown(shell, s)).collect()))
}

pub(super) fn subnet_delete(shell: &mut Shell, line: &Line) -> Answer {
    let (vnet, name, _) = named(shell, line)?;
    shell.azure(Action::DeleteSubnet { vnet, name }).map(|()| Value::Null)
}

pub(super) fn subnet_available(shell: &mut Shell, line: &Line) -> Answer {
    let (_, _, id) = named(shell, line)?;
    Ok(json!(free_addresses(shell, id)))
}

/// `--network-security-group` and `--route-table`, by name or id; an empty one detaches.
fn attach(shell: &mut Shell, line: &Line, vnet: &str, subnet: &str) -> Result<(), Output> {
    let named = |option: &str| {
        line.has(option).then(|| {
            let text = line.option(option).unwrap_or("");
            let name = text.rsplit('/').next().unwrap_or("").to_owned();
            (!name.is_empty() && name != "null").then_some(name)
        })
    };
    if let Some(nsg) = named("--network-security-group") {
        let to = NsgTarget::Subnet { vnet: vnet.to_owned(), subnet: subnet.to_owned() };
        shell.azure(Action::AttachNsg { to, nsg })?;
    }
    if let Some(table) = named("--route-table") {
        shell.azure(Action::AttachRouteTable { vnet: vnet.to_owned(), subnet: subnet.to_owned(), table })?;
    }
    if let Some(removed) = line.option("--remove") {
        let (vnet, subnet) = (vnet.to_owned(), subnet.to_owned());
        match removed {
            "routeTable" => shell.azure(Action::AttachRouteTable { vnet, subnet, table: None })?,
            "networkSecurityGroup" => {
                shell.azure(Action::AttachNsg { to: NsgTarget::Subnet { vnet, subnet }, nsg: None })?;
            }
            other => return Err(Output::fail(2, format!("ERROR: Couldn't find '{other}' in ''."))),
        }
    }
    Ok(())
}
