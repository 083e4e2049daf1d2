//! `az group`, and what has no effect on the network: directory, roles, extensions, features.

use super::{Answer, LOCATION, Line, SUBSCRIPTION, refusal, uuid, vnet};
use crate::shell::{Output, Shell};
use crate::sim::action::Action;
use crate::sim::action::error::Kind;
use crate::sim::cluster::Cluster;
use serde_json::{Value, json};

fn shown(name: &str, location: &str) -> Value {
    json!({
        "id": format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/{name}"),
        "location": location,
        "name": name,
        "properties": { "provisioningState": "Succeeded" },
        "type": "Microsoft.Resources/resourceGroups",
    })
}

/// Every resource group: those that somebody made, those of clusters, and those that AKS makes for their machines.
fn all(shell: &Shell) -> Vec<(String, String)> {
    let made = shell.session().world().groups.iter();
    let mut groups: Vec<(String, String)> = made.map(|g| (g.name.to_string(), g.location.to_string())).collect();
    for cluster in shell.session().world().clusters.values() {
        let location = cluster.location.to_string();
        let nodes = format!("MC_{}_{}_{location}", cluster.resource_group, cluster.name);
        for name in [cluster.resource_group.to_string(), nodes] {
            if !groups.iter().any(|(n, _)| n.eq_ignore_ascii_case(&name)) {
                groups.push((name, location.clone()));
            }
        }
    }
    groups
}

fn find(shell: &Shell, line: &Line) -> Result<(String, String), Output> {
    let name = line.need("--name")?;
    all(shell)
        .into_iter()
        .find(|(n, _)| n.eq_ignore_ascii_case(name))
        .ok_or_else(|| refusal(3, "ResourceGroupNotFound", &format!("Resource group '{name}' could not be found.")))
}

pub(super) fn create(shell: &mut Shell, line: &Line) -> Answer {
    let name = line.need("--name")?.to_owned();
    let location = line.option("--location").unwrap_or(LOCATION).to_owned();
    shell.azure(Action::CreateGroup { name: name.clone(), location: location.clone() })?;
    Ok(shown(&name, &location))
}

pub(super) fn list(shell: &mut Shell, _: &Line) -> Answer {
    Ok(all(shell).iter().map(|(n, l)| shown(n, l)).collect())
}

pub(super) fn show(shell: &mut Shell, line: &Line) -> Answer {
    find(shell, line).map(|(n, l)| shown(&n, &l))
}

pub(super) fn exists(shell: &mut Shell, line: &Line) -> Answer {
    Ok(Value::Bool(find(shell, line).is_ok()))
}

/// All that is in the group goes with it: clusters first, since their machines hold the subnets.
pub(super) fn delete(shell: &mut Shell, line: &Line) -> Answer {
    let (group, _) = find(shell, line)?;
    let world = shell.session().world();
    let within = |kind: Kind, name: &str| shell.group_of(kind, name).eq_ignore_ascii_case(&group);
    let mut actions: Vec<Action> = Vec::new();
    let clusters = world.clusters.values().filter(|c| c.resource_group.eq_ignore_ascii_case(&group));
    actions.extend(clusters.map(|c| Action::DeleteCluster { name: c.name.to_string() }));
    let vms = world.hosts.values().filter(|h| h.role == crate::sim::host::Role::Vm && within(Kind::Vm, &h.name));
    actions.extend(vms.map(|h| Action::DeleteVm { name: h.name.to_string() }));
    let vnets = world.vnets.values().filter(|v| within(Kind::Vnet, &v.name));
    let vnets: Vec<String> = vnets.map(|v| v.name.to_string()).collect();
    let mut later: Vec<Action> = Vec::new();
    let nsgs = world.nsgs.values().filter(|n| within(Kind::Nsg, &n.name));
    later.extend(nsgs.map(|n| Action::DeleteNsg { name: n.name.to_string() }));
    let own = world.clusters.values().map(Cluster::own_route_table).collect::<Vec<_>>();
    let tables = world
        .route_tables
        .values()
        .filter(|t| own.iter().all(|own| **own != *t.name) && within(Kind::RouteTable, &t.name));
    later.extend(tables.map(|t| Action::DeleteRouteTable { name: t.name.to_string() }));
    if world.groups.get(&group).is_some() {
        later.push(Action::DeleteGroup { name: group.clone() });
    }
    for action in actions {
        shell.azure(action)?;
    }
    for vnet in vnets {
        vnet::delete_whole(shell, &vnet)?;
    }
    for action in later {
        shell.azure(action)?;
    }
    Ok(Value::Null)
}

fn subscription() -> Value {
    json!({
        "cloudName": "AzureCloud",
        "id": SUBSCRIPTION,
        "isDefault": true,
        "name": "podhop",
        "state": "Enabled",
        "tenantId": uuid("tenant"),
    })
}

pub(super) fn account(_: &mut Shell, _: &Line) -> Answer {
    Ok(subscription())
}

pub(super) fn accounts(_: &mut Shell, _: &Line) -> Answer {
    Ok(json!([subscription()]))
}

/// What a service principal is for: the route controller writes the route table with its rights.
pub(super) fn sp_create(_: &mut Shell, line: &Line) -> Answer {
    let name = line.option("--name").unwrap_or("azure-cli");
    Ok(json!({
        "appId": uuid(name),
        "displayName": name,
        "password": uuid(&format!("{name} password")),
        "tenant": uuid("tenant"),
    }))
}

pub(super) fn sp_list(_: &mut Shell, line: &Line) -> Answer {
    let named = line.option("--display-name");
    Ok(named.into_iter().map(|name| json!({ "appId": uuid(name), "displayName": name })).collect())
}

pub(super) fn sp_show(_: &mut Shell, line: &Line) -> Answer {
    Ok(json!({ "appId": line.need("--id")? }))
}

pub(super) fn role(_: &mut Shell, line: &Line) -> Answer {
    Ok(json!({
        "principalId": line.need("--assignee")?,
        "roleDefinitionName": line.need("--role")?,
        "scope": line.need("--scope")?,
    }))
}

pub(super) fn extension(_: &mut Shell, _: &Line) -> Answer {
    Ok(Value::Null)
}

pub(super) fn provider(_: &mut Shell, _: &Line) -> Answer {
    Ok(Value::Null)
}

fn feature(namespace: &str, name: &str, state: &str) -> Value {
    json!({
        "id": format!("/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Features/providers/{namespace}/features/{name}"),
        "name": format!("{namespace}/{name}"),
        "properties": { "state": state },
        "type": "Microsoft.Features/providers/features",
    })
}

pub(super) fn feature_register(_: &mut Shell, line: &Line) -> Answer {
    Ok(feature(line.need("--namespace")?, line.need("--name")?, "Registering"))
}

pub(super) fn feature_list(_: &mut Shell, _: &Line) -> Answer {
    Ok(json!([feature("Microsoft.ContainerService", "PodSubnetPreview", "Registered")]))
}

pub(super) fn feature_show(_: &mut Shell, line: &Line) -> Answer {
    Ok(feature(line.need("--namespace")?, line.need("--name")?, "Registered"))
}
