//! `az vm`.

use super::{Answer, Line, id, not_found, subnet_of_id, unknown};
use crate::shell::Shell;
use crate::sim::action::Action;
use crate::sim::action::error::Kind;
use crate::sim::host::Role;
use serde_json::{Value, json};

const VM: &str = "Microsoft.Compute/virtualMachines";

fn shown(shell: &Shell, name: &str) -> Value {
    let world = shell.session().world();
    let group = shell.group_of(Kind::Vm, name);
    let nic = world.host_named(name).and_then(|host| world.nics.values().find(|n| n.host == host));
    json!({
        "id": id(&group, VM, name),
        "location": "eastus",
        "name": name,
        "powerState": "VM running",
        "privateIpAddress": nic.and_then(crate::sim::fabric::nic::Nic::primary),
        "resourceGroup": group,
    })
}

pub(super) fn vm(shell: &mut Shell, line: &Line, verb: &str) -> Answer {
    match verb {
        "create" => {
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
            Ok(shown(shell, &name))
        }
        "list" => {
            let vms = shell.session().world().hosts.values().filter(|h| h.role == Role::Vm);
            let names: Vec<String> = vms.map(|h| h.name.to_string()).collect();
            Ok(Value::Array(names.iter().map(|name| shown(shell, name)).collect()))
        }
        "show" => {
            let name = line.need("--name")?;
            let world = shell.session().world();
            let there = world.host_named(name).and_then(|h| world.hosts.get(h)).is_some_and(|h| h.role == Role::Vm);
            let group = line.option("--resource-group").unwrap_or("rg");
            if there { Ok(shown(shell, name)) } else { Err(not_found(VM, name, group)) }
        }
        "delete" => {
            let name = line.need("--name")?.to_owned();
            shell.azure(Action::DeleteVm { name }).map(|()| Value::Null)
        }
        _ => Err(unknown(&line.words)),
    }
}
