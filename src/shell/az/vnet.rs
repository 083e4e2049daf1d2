//! `az network vnet`, `subnet`, `route-table` and its routes.

use super::{Answer, Line, id, not_found, unknown};
use crate::shell::{Output, Shell};
use crate::sim::action::error::Kind;
use crate::sim::action::{Action, NsgTarget};
use crate::sim::fabric::next_hop::{NextHop, UserNextHop};
use crate::sim::fabric::route_table::{RouteTable, UserRoute};
use crate::sim::ids::{SubnetId, VnetId};
use crate::sim::ipam::subnet_pool::Slot;
use ipnet::Ipv4Net;
use serde_json::{Value, json};

const VNET: &str = "Microsoft.Network/virtualNetworks";
const TABLE: &str = "Microsoft.Network/routeTables";

fn prefixes(line: &Line, name: &str) -> Result<Vec<Ipv4Net>, Output> {
    let given = line.values(name);
    let read = |text: &String| {
        text.parse::<Ipv4Net>().map_err(|_| {
            Output::fail(1, format!("ERROR: (InvalidRequestFormat) The address prefix '{text}' is not valid."))
        })
    };
    given.iter().map(read).collect()
}

pub(super) fn vnet(shell: &mut Shell, line: &Line, verb: &str) -> Answer {
    match verb {
        "create" => {
            let group = shell.ensure_group(line)?;
            let name = line.need("--name")?.to_owned();
            let mut space = prefixes(line, "--address-prefixes")?;
            if space.is_empty() {
                space = prefixes(line, "--address-prefix")?;
            }
            if space.is_empty() {
                space.push(Ipv4Net::new_assert([10, 0, 0, 0].into(), 16));
            }
            shell.azure(Action::CreateVnet { name: name.clone(), prefixes: space, resource_group: Some(group) })?;
            if let Some(subnet) = line.option("--subnet-name") {
                let prefix = line.parsed("--subnet-prefixes")?;
                shell.azure(Action::CreateSubnet { vnet: name.clone(), name: subnet.to_owned(), prefix })?;
            }
            Ok(json!({ "newVNet": shown(shell, &name) }))
        }
        "show" => {
            let name = line.need("--name")?;
            found(shell, line, name).map(|_| shown(shell, name))
        }
        "list" => {
            let names: Vec<String> = shell.session().world().vnets.values().map(|v| v.name.to_string()).collect();
            Ok(Value::Array(names.iter().map(|name| shown(shell, name)).collect()))
        }
        "delete" => {
            let name = line.need("--name")?.to_owned();
            shell.azure(Action::DeleteVnet { name }).map(|()| Value::Null)
        }
        _ => Err(unknown(&line.words)),
    }
}

fn found(shell: &Shell, line: &Line, name: &str) -> Result<VnetId, Output> {
    let group = line.option("--resource-group").unwrap_or("rg");
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
        "id": id(&group, VNET, name),
        "location": "eastus",
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
        let path = if kind == Kind::Nsg { "Microsoft.Network/networkSecurityGroups" } else { TABLE };
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

pub(super) fn subnet(shell: &mut Shell, line: &Line, verb: &str) -> Answer {
    let vnet = line.need("--vnet-name")?.to_owned();
    let vnet_id = found(shell, line, &vnet)?;
    if verb == "list" {
        let world = shell.session().world();
        let own: Vec<SubnetId> = world.subnets.iter().filter(|(_, s)| s.vnet == vnet_id).map(|(s, _)| s).collect();
        return Ok(Value::Array(own.into_iter().map(|s| subnet_shown(shell, s)).collect()));
    }
    let name = line.need("--name")?.to_owned();
    if verb == "create" {
        let space = prefixes(line, "--address-prefixes")?;
        let Some(prefix) = space.first().copied() else {
            return Err(Output::fail(2, "ERROR: the following arguments are required: --address-prefixes"));
        };
        shell.azure(Action::CreateSubnet { vnet: vnet.clone(), name: name.clone(), prefix })?;
    }
    let world = shell.session().world();
    let group = line.option("--resource-group").unwrap_or("rg");
    let subnet = world.subnet_named(vnet_id, &name).ok_or_else(|| not_found("subnets", &name, group))?;
    match verb {
        "create" | "update" => {
            attach(shell, line, &vnet, &name)?;
            Ok(subnet_shown(shell, subnet))
        }
        "show" => Ok(subnet_shown(shell, subnet)),
        "delete" => shell.azure(Action::DeleteSubnet { vnet, name }).map(|()| Value::Null),
        "list-available-ips" => {
            const SHOWN: usize = 5;
            let pool = &world.subnets.get(subnet).map(|s| s.pool.clone());
            let free =
                |address: &std::net::Ipv4Addr| pool.as_ref().is_some_and(|p| matches!(p.slot(*address), Slot::Free));
            let hosts = pool.as_ref().map(|p| p.prefix().hosts());
            let list: Vec<String> =
                hosts.into_iter().flatten().filter(free).take(SHOWN).map(|a| a.to_string()).collect();
            Ok(json!(list))
        }
        _ => Err(unknown(&line.words)),
    }
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
    if let Some(nsg) = named("--network-security-group").or_else(|| named("--nsg")) {
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

/// The group that AKS makes for the machines of a cluster, or where the table was created.
fn table_group(shell: &Shell, table: &RouteTable) -> String {
    let world = shell.session().world();
    let cluster = world
        .clusters
        .values()
        .find(|c| c.route_table.and_then(|id| world.route_tables.get(id)).is_some_and(|t| t.name == table.name));
    match cluster {
        Some(c) => format!("MC_{}_{}_{}", c.resource_group, c.name, c.location),
        None => shell.group_of(Kind::RouteTable, &table.name),
    }
}

fn table_shown(shell: &Shell, table: &RouteTable) -> Value {
    let group = table_group(shell, table);
    json!({
        "id": id(&group, TABLE, &table.name),
        "location": "eastus",
        "name": table.name,
        "provisioningState": "Succeeded",
        "resourceGroup": group,
        "routes": table.routes().map(route_shown).collect::<Vec<_>>(),
        "type": TABLE,
    })
}

fn route_shown(route: &UserRoute) -> Value {
    let hop = NextHop::from(route.next_hop);
    json!({
        "addressPrefix": route.prefix,
        "name": route.name,
        "nextHopIpAddress": hop.ip(),
        "nextHopType": hop.code(),
        "provisioningState": "Succeeded",
    })
}

pub(super) fn route_table(shell: &mut Shell, line: &Line, verb: &str) -> Answer {
    let wanted = line.option("--resource-group").map(str::to_lowercase);
    match verb {
        "list" => {
            let tables = shell.session().world().route_tables.values();
            let own = tables.filter(|t| wanted.as_ref().is_none_or(|g| table_group(shell, t).to_lowercase() == *g));
            Ok(Value::Array(own.map(|t| table_shown(shell, t)).collect()))
        }
        "show" => {
            let name = line.need("--name")?;
            let world = shell.session().world();
            let table = world.route_table_named(name).and_then(|id| world.route_tables.get(id));
            table.map(|t| table_shown(shell, t)).ok_or_else(|| not_found(TABLE, name, &wanted.unwrap_or_default()))
        }
        "create" => {
            let group = shell.ensure_group(line)?;
            let name = line.need("--name")?.to_owned();
            shell.azure(Action::CreateRouteTable { name: name.clone(), resource_group: Some(group) })?;
            let world = shell.session().world();
            let table = world.route_table_named(&name).and_then(|id| world.route_tables.get(id));
            Ok(table.map_or(Value::Null, |t| table_shown(shell, t)))
        }
        "delete" => {
            let name = line.need("--name")?.to_owned();
            shell.azure(Action::DeleteRouteTable { name }).map(|()| Value::Null)
        }
        _ => Err(unknown(&line.words)),
    }
}

pub(super) fn route(shell: &mut Shell, line: &Line, verb: &str) -> Answer {
    let table = line.need("--route-table-name")?.to_owned();
    let routes = |shell: &Shell| -> Vec<Value> {
        let world = shell.session().world();
        let table = world.route_table_named(&table).and_then(|id| world.route_tables.get(id));
        table.into_iter().flat_map(RouteTable::routes).map(route_shown).collect()
    };
    match verb {
        "list" => Ok(Value::Array(routes(shell))),
        "create" | "update" => {
            let hop = match line.need("--next-hop-type")? {
                "VirtualAppliance" => UserNextHop::VirtualAppliance(line.parsed("--next-hop-ip-address")?),
                "VnetLocal" => UserNextHop::VnetLocal,
                "Internet" => UserNextHop::Internet,
                "VirtualNetworkGateway" => UserNextHop::VirtualNetworkGateway,
                "None" => UserNextHop::None,
                other => {
                    return Err(Output::fail(2, format!("ERROR: argument --next-hop-type: invalid choice: '{other}'")));
                }
            };
            let route = UserRoute {
                name: line.need("--name")?.into(),
                prefix: line.parsed("--address-prefix")?,
                next_hop: hop,
            };
            let value = route_shown(&route);
            shell.azure(Action::PutRoute { table, route }).map(|()| value)
        }
        "delete" => {
            let name = line.need("--name")?.to_owned();
            shell.azure(Action::DeleteRoute { table, name }).map(|()| Value::Null)
        }
        _ => Err(unknown(&line.words)),
    }
}
