//! `az vm`.

use super::{Answer, Line, id, in_group, not_found, subnet_of_id};
use crate::shell::{Output, Shell};
use crate::sim::action::error::Kind;
use crate::sim::action::{Action, NsgTarget};
use crate::sim::fabric::nic::Nic;
use crate::sim::host::Role;
use crate::sim::world::World;
use serde_json::{Value, json};

const VM: &str = "Microsoft.Compute/virtualMachines";

/// The NIC of a machine.
fn nic_of<'a>(world: &'a World, name: &str) -> Option<&'a Nic> {
    let host = world.host_named(name)?;
    world.nics.values().find(|nic| nic.host == host)
}

fn shown(shell: &Shell, name: &str) -> Value {
    let world = shell.session().world();
    let group = shell.group_of(Kind::Vm, name);
    let nic = nic_of(world, name);
    json!({
        "id": id(&group, VM, name),
        "location": shell.location_of(&group),
        "name": name,
        "privateIpAddress": nic.and_then(Nic::primary),
        "resourceGroup": group,
    })
}

/// What is asked of each machine itself. Source: Azure/azure-cli `vm/custom.py` (`_get_instance_details`).
fn detailed(shell: &Shell, name: &str) -> Value {
    let mut value = shown(shell, name);
    value["privateIps"] = value["privateIpAddress"].clone();
    for (field, text) in [("powerState", "VM running"), ("publicIps", ""), ("fqdns", "")] {
        value[field] = json!(text);
    }
    value
}

/// With or without them, as `-d` says.
fn asked(shell: &Shell, line: &Line, name: &str) -> Value {
    if line.has("--show-details") { detailed(shell, name) } else { shown(shell, name) }
}

/// Names of all machines that are no nodes, in a group if one is named.
fn names(shell: &Shell, line: &Line) -> Vec<String> {
    let vms = shell.session().world().hosts.values().filter(|h| h.role == Role::Vm).map(|h| h.name.to_string());
    vms.filter(|name| in_group(line, &shell.group_of(Kind::Vm, name))).collect()
}

pub(super) fn create(shell: &mut Shell, line: &Line) -> Answer {
    let group = shell.ensure_group(line)?;
    let name = line.need("--name")?.to_owned();
    let subnet = line.need("--subnet")?;
    let named = || Some((line.option("--vnet-name")?.to_owned(), subnet.to_owned()));
    let Some((vnet, subnet)) = subnet_of_id(subnet).or_else(named) else {
        return Err(line.need("--vnet-name").err().unwrap_or_default());
    };
    let address = match line.option("--private-ip-address") {
        Some(_) => Some(line.parsed("--private-ip-address")?),
        None => None,
    };
    shell.azure(Action::CreateVm { name: name.clone(), vnet, subnet, address, resource_group: Some(group) })?;
    if let Some(nsg) = line.option("--network-security-group").filter(|n| !n.is_empty()) {
        let world = shell.session().world();
        let nic = nic_of(world, &name);
        let to = NsgTarget::Nic(nic.map_or_else(String::new, |n| n.name.to_string()));
        let nsg = nsg.rsplit('/').next().map(str::to_owned);
        shell.azure(Action::AttachNsg { to, nsg })?;
    }
    Ok(created(shell, &name))
}

/// What is said of a new machine. Source: Azure/azure-cli `vm/custom.py` (`get_vm_details`, `create_vm`).
fn created(shell: &Shell, name: &str) -> Value {
    let mut value = shown(shell, name);
    let world = shell.session().world();
    let nic = nic_of(world, name);
    if let Some(fields) = value.as_object_mut() {
        fields.remove("name");
    }
    value["macAddress"] = json!(nic.map(|nic| nic.mac.to_string().replace(':', "-").to_uppercase()));
    for (field, text) in [("fqdns", ""), ("powerState", "VM running"), ("publicIpAddress", ""), ("zones", "")] {
        value[field] = json!(text);
    }
    value
}

pub(super) fn list(shell: &mut Shell, line: &Line) -> Answer {
    Ok(names(shell, line).iter().map(|name| asked(shell, line, name)).collect())
}

fn find(shell: &Shell, line: &Line) -> Result<String, Output> {
    let name = line.need("--name")?;
    let there = names(shell, &Line::default()).iter().any(|n| n == name);
    let group = line.option("--resource-group").unwrap_or_default();
    if there { Ok(name.to_owned()) } else { Err(not_found(VM, name, group)) }
}

pub(super) fn show(shell: &mut Shell, line: &Line) -> Answer {
    find(shell, line).map(|name| asked(shell, line, &name))
}

pub(super) fn addresses(shell: &mut Shell, line: &Line) -> Answer {
    let wanted = line.option("--name");
    let one = |name: &String| {
        let address = shown(shell, name)["privateIpAddress"].clone();
        json!({ "virtualMachine": {
            "name": name,
            "network": { "privateIpAddresses": [address], "publicIpAddresses": [] },
            "resourceGroup": shell.group_of(Kind::Vm, name),
        } })
    };
    Ok(names(shell, line).iter().filter(|n| wanted.is_none_or(|w| w == n.as_str())).map(one).collect())
}

pub(super) fn delete(shell: &mut Shell, line: &Line) -> Answer {
    let name = find(shell, line)?;
    shell.azure(Action::DeleteVm { name }).map(|()| Value::Null)
}
