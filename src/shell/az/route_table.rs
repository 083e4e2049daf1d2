//! `az network route-table` and its routes.

use super::{Answer, Line, flags, id, in_group, not_found};
use crate::shell::{Output, Shell};
use crate::sim::action::Action;
use crate::sim::action::error::Kind;
use crate::sim::fabric::next_hop::{NextHop, UserNextHop};
use crate::sim::fabric::route_table::{RouteTable, UserRoute};
use serde_json::{Value, json};

pub(super) const TABLE: &str = "Microsoft.Network/routeTables";

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
        "location": shell.location_of(&group),
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

fn find<'a>(shell: &'a Shell, line: &Line, name: &str) -> Result<&'a RouteTable, Output> {
    let world = shell.session().world();
    let table = world.route_table_named(name).and_then(|id| world.route_tables.get(id));
    table.ok_or_else(|| not_found(TABLE, name, line.option("--resource-group").unwrap_or_default()))
}

pub(super) fn list(shell: &mut Shell, line: &Line) -> Answer {
    let tables = shell.session().world().route_tables.values();
    Ok(tables.filter(|t| in_group(line, &table_group(shell, t))).map(|t| table_shown(shell, t)).collect())
}

pub(super) fn show(shell: &mut Shell, line: &Line) -> Answer {
    find(shell, line, line.need("--name")?).map(|t| table_shown(shell, t))
}

pub(super) fn create(shell: &mut Shell, line: &Line) -> Answer {
    bgp(line)?;
    let group = shell.ensure_group(line)?;
    let name = line.need("--name")?.to_owned();
    shell.azure(Action::CreateRouteTable { name: name.clone(), resource_group: Some(group) })?;
    show(shell, line)
}

/// Nothing of a table can be changed that matters here.
pub(super) fn update(shell: &mut Shell, line: &Line) -> Answer {
    bgp(line)?;
    show(shell, line)
}

fn bgp(line: &Line) -> Result<(), Output> {
    let name = "--disable-bgp-route-propagation";
    line.option(name).map_or(Ok(()), |typed| super::choice(name, typed, flags::BOOLEANS).map(|_| ()))
}

pub(super) fn delete(shell: &mut Shell, line: &Line) -> Answer {
    let name = line.need("--name")?.to_owned();
    find(shell, line, &name)?;
    shell.azure(Action::DeleteRouteTable { name }).map(|()| Value::Null)
}

fn find_route<'a>(shell: &'a Shell, line: &Line) -> Result<&'a UserRoute, Output> {
    let (table, name) = (line.need("--route-table-name")?, line.need("--name")?);
    let found = find(shell, line, table)?.routes().find(|r| r.name.as_ref() == name);
    let kind = format!("{TABLE}/{table}/routes");
    found.ok_or_else(|| not_found(&kind, name, line.option("--resource-group").unwrap_or_default()))
}

pub(super) fn route_list(shell: &mut Shell, line: &Line) -> Answer {
    Ok(find(shell, line, line.need("--route-table-name")?)?.routes().map(route_shown).collect())
}

pub(super) fn route_show(shell: &mut Shell, line: &Line) -> Answer {
    find_route(shell, line).map(route_shown)
}

pub(super) fn route_create(shell: &mut Shell, line: &Line) -> Answer {
    let route = UserRoute {
        name: line.need("--name")?.into(),
        prefix: line.parsed("--address-prefix")?,
        next_hop: next_hop(line, line.need("--next-hop-type")?)?,
    };
    put(shell, line, route)
}

/// What is not given stays as it is.
pub(super) fn route_update(shell: &mut Shell, line: &Line) -> Answer {
    let old = find_route(shell, line)?.clone();
    let prefix = if line.has("--address-prefix") { line.parsed("--address-prefix")? } else { old.prefix };
    let hop = match line.option("--next-hop-type") {
        Some(kind) => next_hop(line, kind)?,
        None if line.has("--next-hop-ip-address") => next_hop(line, "VirtualAppliance")?,
        None => old.next_hop,
    };
    put(shell, line, UserRoute { prefix, next_hop: hop, ..old })
}

fn put(shell: &mut Shell, line: &Line, route: UserRoute) -> Answer {
    let table = line.need("--route-table-name")?.to_owned();
    find(shell, line, &table)?;
    let value = route_shown(&route);
    shell.azure(Action::PutRoute { table, route }).map(|()| value)
}

fn next_hop(line: &Line, kind: &str) -> Result<UserNextHop, Output> {
    Ok(match super::choice("--next-hop-type", kind, flags::NEXT_HOPS)? {
        "VirtualAppliance" => UserNextHop::VirtualAppliance(line.parsed("--next-hop-ip-address")?),
        "VnetLocal" => UserNextHop::VnetLocal,
        "Internet" => UserNextHop::Internet,
        "VirtualNetworkGateway" => UserNextHop::VirtualNetworkGateway,
        _ => UserNextHop::None,
    })
}

pub(super) fn route_delete(shell: &mut Shell, line: &Line) -> Answer {
    let table = line.need("--route-table-name")?.to_owned();
    find_route(shell, line)?;
    let name = line.need("--name")?.to_owned();
    shell.azure(Action::DeleteRoute { table, name }).map(|()| Value::Null)
}
