//! `az network nic` and `az network watcher`.

use super::nsg::{NSG, rule_shown};
use super::route_table::TABLE;
use super::{Answer, Line, flags, id, in_group, not_found, vnet};
use crate::shell::{Output, Shell};
use crate::sim::action::error::Kind;
use crate::sim::action::{Action, NsgTarget};
use crate::sim::fabric::effective_routes::{EffectiveRoute, SYSTEM_ROUTE};
use crate::sim::fabric::nic::Nic;
use crate::sim::fabric::nsg::{Direction, NsgLevel};
use crate::sim::fabric::watcher::{self, Refusal};
use crate::sim::host::Role;
use crate::sim::ids::NicId;
use crate::sim::packet::{Protocol, Tuple};
use serde_json::{Value, json};
use std::net::Ipv4Addr;

const NIC: &str = "Microsoft.Network/networkInterfaces";

fn group_of(shell: &Shell, nic: &Nic) -> String {
    let world = shell.session().world();
    let node = match world.hosts.get(nic.host).map(|h| h.role) {
        Some(Role::Node(node)) => world.nodes.get(node),
        _ => None,
    };
    match node.and_then(|n| world.clusters.get(n.cluster)) {
        Some(c) => format!("MC_{}_{}_{}", c.resource_group, c.name, c.location),
        None => shell.group_of(Kind::Vm, nic.name.trim_end_matches("-nic")),
    }
}

fn shown(shell: &Shell, nic: &Nic) -> Value {
    let group = group_of(shell, nic);
    let configs: Vec<Value> = nic
        .configs
        .iter()
        .map(|c| json!({ "name": c.name, "primary": c.primary, "privateIPAddress": c.address }))
        .collect();
    json!({
        "enableIPForwarding": nic.ip_forwarding,
        "id": id(&group, NIC, &nic.name),
        "ipConfigurations": configs,
        "macAddress": nic.mac.to_string().to_uppercase().replace(':', "-"),
        "name": nic.name,
        "resourceGroup": group,
    })
}

fn find(shell: &Shell, line: &Line) -> Result<NicId, Output> {
    let name = line.need("--name")?;
    let group = line.option("--resource-group").unwrap_or_default();
    shell.session().world().nic_named(name).ok_or_else(|| not_found(NIC, name, group))
}

pub(super) fn list(shell: &mut Shell, line: &Line) -> Answer {
    let nics = shell.session().world().nics.values();
    Ok(nics.filter(|nic| in_group(line, &group_of(shell, nic))).map(|nic| shown(shell, nic)).collect())
}

pub(super) fn show(shell: &mut Shell, line: &Line) -> Answer {
    let nic = find(shell, line)?;
    Ok(shell.session().world().nics.get(nic).map_or(Value::Null, |nic| shown(shell, nic)))
}

pub(super) fn update(shell: &mut Shell, line: &Line) -> Answer {
    find(shell, line)?;
    let name = line.need("--name")?.to_owned();
    if let Some(on) = line.option("--ip-forwarding") {
        let on = super::choice("--ip-forwarding", on, flags::BOOLEANS)? == "true";
        shell.azure(Action::SetIpForwarding { nic: name.clone(), on })?;
    }
    if line.has("--network-security-group") {
        let text = line.option("--network-security-group").unwrap_or("");
        let nsg = text.rsplit('/').next().filter(|n| !n.is_empty()).map(str::to_owned);
        shell.azure(Action::AttachNsg { to: NsgTarget::Nic(name), nsg })?;
    }
    show(shell, line)
}

pub(super) fn configs(shell: &mut Shell, line: &Line) -> Answer {
    let name = line.need("--nic-name")?;
    let world = shell.session().world();
    let nic = world.nic_named(name).and_then(|id| world.nics.get(id));
    let nic = nic.ok_or_else(|| not_found(NIC, name, line.option("--resource-group").unwrap_or_default()))?;
    Ok(shown(shell, nic)["ipConfigurations"].clone())
}

pub(super) fn effective_routes(shell: &mut Shell, line: &Line) -> Answer {
    let nic = find(shell, line)?;
    Ok(routes(shell, nic))
}

pub(super) fn effective_nsg(shell: &mut Shell, line: &Line) -> Answer {
    let nic = find(shell, line)?;
    Ok(json!({ "value": effective_nsgs(shell, nic) }))
}

fn routes(shell: &Shell, nic: NicId) -> Value {
    let found = watcher::effective_routes(shell.session().world(), nic).unwrap_or_default();
    let value = |r: &EffectiveRoute| {
        json!({
            "addressPrefix": [r.prefix],
            "disableBgpRoutePropagation": false,
            "name": r.name,
            "nextHopIpAddress": r.next_hop.ip().into_iter().collect::<Vec<_>>(),
            "nextHopType": r.next_hop.code(),
            "source": r.source.code(),
            "state": r.state.code(),
        })
    };
    let rows = found.iter().flat_map(|(_, rows)| rows).map(value).collect::<Vec<_>>();
    json!({ "nextLink": null, "value": rows })
}

fn effective_nsgs(shell: &Shell, nic: NicId) -> Vec<Value> {
    let world = shell.session().world();
    let found = watcher::effective_nsgs(world, nic).unwrap_or_default();
    let Some(nic) = world.nics.get(nic) else { return Vec::new() };
    let own = |id: String| json!({ "id": id });
    let one = |(subnet, level, name): (_, NsgLevel, std::rc::Rc<str>)| {
        let nsg = world.nsg_named(&name).and_then(|id| world.nsgs.get(id))?;
        let rules = [Direction::Inbound, Direction::Outbound].into_iter().flat_map(|d| nsg.rules(d)).map(|rule| {
            let kind = if rule.is_default() { "defaultSecurityRules" } else { "securityRules" };
            let mut value = rule_shown(rule);
            if let Some(fields) = value.as_object_mut() {
                fields.insert("name".to_owned(), Value::String(format!("{kind}/{}", rule.name)));
            }
            value
        });
        let association = match level {
            NsgLevel::Nic => json!({ "networkInterface": own(id(&group_of(shell, nic), NIC, &nic.name)) }),
            NsgLevel::Subnet => json!({ "subnet": vnet::subnet_id(shell, subnet).map(own) }),
        };
        Some(json!({
            "association": association,
            "effectiveSecurityRules": rules.collect::<Vec<_>>(),
            "networkSecurityGroup": own(id(&shell.group_of(Kind::Nsg, &name), NSG, &name)),
        }))
    };
    found.into_iter().filter_map(one).collect()
}

/// The NIC of a machine that is named.
fn of_vm(shell: &Shell, line: &Line) -> Result<NicId, Output> {
    let vm = line.need("--vm")?;
    let world = shell.session().world();
    let host = world.host_named(vm);
    let found = world.nics.iter().find(|(_, n)| Some(n.host) == host).map(|(id, _)| id);
    found.ok_or_else(|| {
        not_found("Microsoft.Compute/virtualMachines", vm, line.option("--resource-group").unwrap_or_default())
    })
}

pub(super) fn next_hop(shell: &mut Shell, line: &Line) -> Answer {
    let nic = of_vm(shell, line)?;
    let (src, dst): (Ipv4Addr, Ipv4Addr) = (line.parsed("--source-ip")?, line.parsed("--dest-ip")?);
    let answer = watcher::next_hop(shell.session().world(), nic, src, dst).map_err(refused)?;
    let of_table = |name: &str| id(&shell.group_of(Kind::RouteTable, name), TABLE, name);
    let table = answer.route_table.map_or_else(|| SYSTEM_ROUTE.to_owned(), |name| of_table(&name));
    Ok(json!({
        "nextHopIpAddress": answer.next_hop.ip(),
        "nextHopType": answer.next_hop.code(),
        "routeTableId": table,
    }))
}

pub(super) fn ip_flow(shell: &mut Shell, line: &Line) -> Answer {
    let nic = of_vm(shell, line)?;
    let direction = super::choice("--direction", line.need("--direction")?, flags::DIRECTIONS)?;
    let outbound = direction == "Outbound";
    let protocol = match super::choice("--protocol", line.need("--protocol")?, flags::FLOW_PROTOCOLS)? {
        "TCP" => Protocol::Tcp,
        _ => Protocol::Udp,
    };
    let (local, remote) = (end(line.need("--local")?)?, end(line.need("--remote")?)?);
    let (from, to) = if outbound { (local, remote) } else { (remote, local) };
    let flow = Tuple { protocol, src: from.0, src_port: from.1, dst: to.0, dst_port: to.1 };
    let direction = if outbound { Direction::Outbound } else { Direction::Inbound };
    let answer = watcher::test_ip_flow(shell.session().world(), nic, direction, &flow).map_err(refused)?;
    Ok(json!({ "access": answer.access.code(), "ruleName": answer.rule }))
}

/// `ADDRESS:PORT`; any port is `*`.
fn end(text: &str) -> Result<(Ipv4Addr, u16), Output> {
    let (address, port) = text.split_once(':').unwrap_or((text, "*"));
    let port = if port == "*" { Some(0) } else { port.parse().ok() };
    address.parse().ok().zip(port).ok_or_else(|| Output::fail(2, format!("ERROR: '{text}' is not ADDRESS:PORT")))
}

fn refused(why: Refusal) -> Output {
    let text = match why {
        Refusal::NoSuchNic => "The NIC was not found.".to_owned(),
        Refusal::OnlyTcpAndUdp => "argument --protocol: invalid choice (choose from 'TCP', 'UDP')".to_owned(),
        Refusal::ScaleSet => "IP flow verify does not look at machines of a scale set.".to_owned(),
        Refusal::NotOfTheNic { address } => {
            format!("{address} is not an address of the network interface.")
        }
    };
    Output::fail(1, format!("ERROR: {text}"))
}
