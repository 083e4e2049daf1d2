//! `az network nsg` and its rules.

use super::{Answer, Line, flags, id, in_group, not_found, refusal};
use crate::shell::{Output, Shell};
use crate::sim::action::Action;
use crate::sim::action::error::Kind;
use crate::sim::fabric::nsg::{
    Access, AddressMatch, Direction, Nsg, PortMatch, PortRange, RuleProtocol, SecurityRule, ServiceTag,
};
use serde_json::{Value, json};

pub(super) const NSG: &str = "Microsoft.Network/networkSecurityGroups";

pub(super) fn create(shell: &mut Shell, line: &Line) -> Answer {
    let group = shell.ensure_group(line)?;
    let name = line.need("--name")?.to_owned();
    shell.azure(Action::CreateNsg { name: name.clone(), resource_group: Some(group) })?;
    Ok(json!({ "NewNSG": one(shell, line, &name)? }))
}

pub(super) fn show(shell: &mut Shell, line: &Line) -> Answer {
    one(shell, line, line.need("--name")?)
}

pub(super) fn list(shell: &mut Shell, line: &Line) -> Answer {
    let nsgs = shell.session().world().nsgs.values();
    Ok(nsgs.filter(|nsg| in_group(line, &shell.group_of(Kind::Nsg, &nsg.name))).map(|nsg| shown(shell, nsg)).collect())
}

pub(super) fn delete(shell: &mut Shell, line: &Line) -> Answer {
    let name = line.need("--name")?.to_owned();
    find(shell, line, &name)?;
    shell.azure(Action::DeleteNsg { name }).map(|()| Value::Null)
}

fn find<'a>(shell: &'a Shell, line: &Line, name: &str) -> Result<&'a Nsg, Output> {
    let world = shell.session().world();
    let nsg = world.nsg_named(name).and_then(|id| world.nsgs.get(id));
    nsg.ok_or_else(|| not_found(NSG, name, line.option("--resource-group").unwrap_or_default()))
}

fn one(shell: &Shell, line: &Line, name: &str) -> Answer {
    find(shell, line, name).map(|nsg| shown(shell, nsg))
}

fn rules(nsg: &Nsg, defaults: bool) -> Vec<Value> {
    let both = [Direction::Inbound, Direction::Outbound];
    let all = both.into_iter().flat_map(|direction| nsg.rules(direction));
    all.filter(|rule| rule.is_default() == defaults).map(|rule| rule_shown(rule)).collect()
}

/// A rule with the group of its NSG.
fn grouped(shell: &Shell, nsg: &str, mut rule: Value) -> Value {
    rule["resourceGroup"] = json!(shell.group_of(Kind::Nsg, nsg));
    rule
}

fn shown(shell: &Shell, nsg: &Nsg) -> Value {
    let group = shell.group_of(Kind::Nsg, &nsg.name);
    json!({
        "defaultSecurityRules": rules(nsg, true),
        "id": id(&group, NSG, &nsg.name),
        "location": shell.location_of(&group),
        "name": nsg.name,
        "provisioningState": "Succeeded",
        "resourceGroup": group,
        "securityRules": rules(nsg, false),
        "type": NSG,
    })
}

pub(super) fn rule_shown(rule: &SecurityRule) -> Value {
    let direction = if rule.direction == Direction::Inbound { "Inbound" } else { "Outbound" };
    json!({
        "access": rule.access.code(),
        "destinationAddressPrefix": addresses(&rule.destination),
        "destinationPortRange": ports(&rule.destination_ports),
        "direction": direction,
        "name": rule.name,
        "priority": rule.priority,
        "protocol": rule.protocol.code(),
        "provisioningState": "Succeeded",
        "sourceAddressPrefix": addresses(&rule.source),
        "sourcePortRange": ports(&rule.source_ports),
    })
}

fn addresses(addresses: &AddressMatch) -> String {
    match addresses {
        AddressMatch::Any => "*".to_owned(),
        AddressMatch::Tag(tag) => tag.code().to_owned(),
        AddressMatch::Prefixes(nets) => nets.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
    }
}

fn ports(ports: &PortMatch) -> String {
    let range = |r: &PortRange| if r.first == r.last { r.first.to_string() } else { format!("{}-{}", r.first, r.last) };
    match ports {
        PortMatch::Any => "*".to_owned(),
        PortMatch::Ranges(ranges) => ranges.iter().map(range).collect::<Vec<_>>().join(" "),
    }
}

pub(super) fn rule_list(shell: &mut Shell, line: &Line) -> Answer {
    let nsg = find(shell, line, line.need("--nsg-name")?)?;
    let own = rules(nsg, false).into_iter();
    let all = own.chain(if line.has("--include-default") { rules(nsg, true) } else { Vec::new() });
    Ok(all.map(|rule| grouped(shell, &nsg.name, rule)).collect())
}

fn find_rule(shell: &Shell, line: &Line) -> Result<SecurityRule, Output> {
    let (nsg, name) = (line.need("--nsg-name")?, line.need("--name")?);
    let rule = find(shell, line, nsg)?.get(name).map(|rule| SecurityRule::clone(rule));
    let kind = format!("{NSG}/{nsg}/securityRules");
    rule.ok_or_else(|| not_found(&kind, name, line.option("--resource-group").unwrap_or_default()))
}

pub(super) fn rule_show(shell: &mut Shell, line: &Line) -> Answer {
    let nsg = line.need("--nsg-name")?;
    find_rule(shell, line).map(|rule| grouped(shell, nsg, rule_shown(&rule)))
}

pub(super) fn rule_create(shell: &mut Shell, line: &Line) -> Answer {
    put(shell, line, None)
}

pub(super) fn rule_update(shell: &mut Shell, line: &Line) -> Answer {
    let old = find_rule(shell, line)?;
    put(shell, line, Some(old))
}

fn put(shell: &mut Shell, line: &Line, old: Option<SecurityRule>) -> Answer {
    let nsg = line.need("--nsg-name")?.to_owned();
    find(shell, line, &nsg)?;
    let rule = read(line, old)?;
    let value = grouped(shell, &nsg, rule_shown(&rule));
    shell.azure(Action::PutNsgRule { nsg, rule }).map(|()| value)
}

pub(super) fn rule_delete(shell: &mut Shell, line: &Line) -> Answer {
    let nsg = line.need("--nsg-name")?.to_owned();
    find_rule(shell, line)?;
    let name = line.need("--name")?.to_owned();
    shell.azure(Action::DeleteNsgRule { nsg, name }).map(|()| Value::Null)
}

/// A rule from its options; what is not given is as before, or Azure's default.
fn read(line: &Line, old: Option<SecurityRule>) -> Result<SecurityRule, Output> {
    let mut rule = if let Some(old) = old {
        old
    } else {
        let priority = line.parsed("--priority")?;
        let plain = SecurityRule::new(line.need("--name")?, priority, Direction::Inbound, Access::Allow);
        SecurityRule { destination_ports: PortMatch::one(80), ..plain }
    };
    if line.has("--priority") {
        rule.priority = line.parsed("--priority")?;
    }
    if let Some(direction) = line.option("--direction") {
        let outbound = super::choice("--direction", direction, flags::DIRECTIONS)? == "Outbound";
        rule.direction = if outbound { Direction::Outbound } else { Direction::Inbound };
    }
    if let Some(access) = line.option("--access") {
        rule.access =
            if super::choice("--access", access, flags::ACCESS)? == "Deny" { Access::Deny } else { Access::Allow };
    }
    if let Some(protocol) = line.option("--protocol") {
        rule.protocol = protocol_named(protocol)?;
    }
    for (option, field) in [("--source-address-prefixes", true), ("--destination-address-prefixes", false)] {
        if line.has(option) {
            let read = address_match(line.values(option))?;
            *(if field { &mut rule.source } else { &mut rule.destination }) = read;
        }
    }
    for (option, source) in [("--source-port-ranges", true), ("--destination-port-ranges", false)] {
        if line.has(option) {
            let read = port_match(line.values(option))?;
            *(if source { &mut rule.source_ports } else { &mut rule.destination_ports }) = read;
        }
    }
    Ok(rule)
}

fn protocol_named(text: &str) -> Result<RuleProtocol, Output> {
    Ok(match super::choice("--protocol", text, flags::PROTOCOLS)? {
        "Tcp" => RuleProtocol::Tcp,
        "Udp" => RuleProtocol::Udp,
        "Icmp" => RuleProtocol::Icmp,
        "Esp" => RuleProtocol::Esp,
        "Ah" => RuleProtocol::Ah,
        _ => RuleProtocol::Any,
    })
}

fn address_match(values: &[String]) -> Result<AddressMatch, Output> {
    const TAGS: [ServiceTag; 5] = [
        ServiceTag::VirtualNetwork,
        ServiceTag::AzureLoadBalancer,
        ServiceTag::Internet,
        ServiceTag::AzurePlatformDns,
        ServiceTag::AzurePlatformImds,
    ];
    if let [one] = values {
        if one == "*" {
            return Ok(AddressMatch::Any);
        }
        if let Some(tag) = TAGS.into_iter().find(|tag| tag.code() == one) {
            return Ok(AddressMatch::Tag(tag));
        }
    }
    let net = |text: &String| {
        let address = || text.parse::<std::net::Ipv4Addr>().ok().map(ipnet::Ipv4Net::from);
        text.parse().ok().or_else(address).ok_or_else(|| {
            let said = format!("Security rule has invalid Address prefix. Value provided: {text}");
            refusal(1, "SecurityRuleInvalidAddressPrefix", &said)
        })
    };
    let nets: Result<Vec<_>, Output> = values.iter().map(net).collect();
    Ok(AddressMatch::Prefixes(nets?.into()))
}

fn port_match(values: &[String]) -> Result<PortMatch, Output> {
    if values.len() == 1 && values[0] == "*" {
        return Ok(PortMatch::Any);
    }
    let range = |text: &String| {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let both = first.parse().ok().zip(last.parse().ok());
        both.map(|(first, last)| PortRange { first, last }).ok_or_else(|| {
            let said = format!("Security rule has invalid Port range. Value provided: {text}");
            refusal(1, "SecurityRuleInvalidPortRange", &said)
        })
    };
    let ranges: Result<Vec<_>, Output> = values.iter().map(range).collect();
    Ok(PortMatch::Ranges(ranges?.into()))
}
