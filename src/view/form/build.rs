//! The values of a form to the action that they ask for.

use super::field::FieldId as F;
use super::parse::{self, FieldError};
use super::{FormKind, Values};
use crate::sim::action::{
    Action, FlushTable, HostRoute, HostRouteTarget, NewCluster, NewPool, NsgTarget, SubnetName, SysctlName,
};
use crate::sim::engine::probe::{Probe, ProbeProtocol};
use crate::sim::fabric::next_hop::UserNextHop;
use crate::sim::fabric::nsg::{Access, Direction, RuleProtocol, SecurityRule};
use crate::sim::fabric::route_table::UserRoute;
use crate::sim::ipam::address_order::AddressOrder;
use crate::sim::ipam::cns::MonitorVersion;
use crate::sim::mode::Network;
use crate::sim::mode::azure::PluginVersion;
use crate::sim::mode::azure::node_subnet::{NodeSubnet, Preflight};
use crate::sim::mode::azure_bridge::AzureBridge;
use crate::sim::mode::azure_transparent::AzureTransparent;
use crate::sim::mode::kubenet::{Kubenet, MasqueradeRange};
use crate::sim::mode::pod_subnet::PodSubnet;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

type Errors = Vec<(F, FieldError)>;

/// The action, or every field whose text is malformed.
pub(super) fn action(kind: FormKind, values: &Values) -> Result<Action, Errors> {
    let malformed = parse::malformed(kind, values);
    if !malformed.is_empty() {
        return Err(malformed);
    }
    typed(kind, &Reader(values)).map_err(|error| vec![error])
}

/// Reads typed values out of a form.
struct Reader<'a>(&'a Values);

type Read<T> = Result<T, (F, FieldError)>;

impl Reader<'_> {
    fn raw(&self, id: F) -> &str {
        self.0.get(id).trim()
    }

    fn text(&self, id: F) -> String {
        self.raw(id).to_owned()
    }

    fn is(&self, id: F, word: &str) -> bool {
        self.raw(id) == word
    }

    /// `None` for an empty field.
    fn maybe(&self, id: F) -> Option<String> {
        Some(self.text(id)).filter(|text| !text.is_empty())
    }

    fn prefix(&self, id: F) -> Read<Ipv4Net> {
        parse::prefix(self.raw(id)).map_err(|e| (id, e))
    }

    fn prefixes(&self, id: F) -> Read<Vec<Ipv4Net>> {
        parse::prefixes(self.raw(id)).map_err(|e| (id, e))
    }

    fn address(&self, id: F) -> Read<Ipv4Addr> {
        parse::address(self.raw(id)).map_err(|e| (id, e))
    }

    fn maybe_address(&self, id: F) -> Read<Option<Ipv4Addr>> {
        self.maybe(id).map(|_| self.address(id)).transpose()
    }

    fn number<T: TryFrom<u32>>(&self, id: F) -> Read<T> {
        let number = parse::number(self.raw(id), 0, u32::MAX).map_err(|e| (id, e))?;
        T::try_from(number).map_err(|_| (id, FieldError::NotNumber))
    }

    fn subnet(&self, id: F) -> Read<SubnetName> {
        let (vnet, subnet) = self.pair(id)?;
        Ok(SubnetName { vnet, subnet })
    }

    /// Both halves of `A/B`.
    fn pair(&self, id: F) -> Read<(String, String)> {
        let (first, second) = self.raw(id).split_once('/').ok_or((id, FieldError::NotChosen))?;
        Ok((first.to_owned(), second.to_owned()))
    }
}

fn typed(kind: FormKind, r: &Reader<'_>) -> Read<Action> {
    match kind {
        FormKind::Vnet => {
            Ok(Action::CreateVnet { name: r.text(F::Name), prefixes: r.prefixes(F::Prefixes)?, resource_group: None })
        }
        FormKind::Subnet => {
            Ok(Action::CreateSubnet { vnet: r.text(F::Vnet), name: r.text(F::Name), prefix: r.prefix(F::Prefix)? })
        }
        FormKind::Vm => {
            let (vnet, subnet) = r.pair(F::Subnet)?;
            Ok(Action::CreateVm {
                name: r.text(F::Name),
                vnet,
                subnet,
                address: r.maybe_address(F::Address)?,
                resource_group: None,
            })
        }
        FormKind::RouteTable => Ok(Action::CreateRouteTable { name: r.text(F::Name), resource_group: None }),
        FormKind::Route => Ok(Action::PutRoute { table: r.text(F::Table), route: user_route(r)? }),
        FormKind::AttachTable => {
            let (vnet, subnet) = r.pair(F::Subnet)?;
            Ok(Action::AttachRouteTable { vnet, subnet, table: r.maybe(F::Table) })
        }
        FormKind::Nsg => Ok(Action::CreateNsg { name: r.text(F::Name), resource_group: None }),
        FormKind::Rule => Ok(Action::PutNsgRule { nsg: r.text(F::Nsg), rule: rule(r)? }),
        FormKind::AttachNsg => Ok(Action::AttachNsg { to: nsg_target(r)?, nsg: r.maybe(F::Nsg) }),
        FormKind::Forwarding => Ok(Action::SetIpForwarding { nic: r.text(F::Nic), on: r.is(F::Switch, "on") }),
        FormKind::Wait => Ok(Action::Wait { ms: 1000 * u64::from(r.number::<u32>(F::Seconds)?) }),
        FormKind::Send => send(r),
        FormKind::Cluster
        | FormKind::Deployment
        | FormKind::ScaleDeployment
        | FormKind::AddPool
        | FormKind::ScalePool
        | FormKind::Masquerade => of_cluster(kind, r),
        FormKind::Sysctl | FormKind::Link | FormKind::HostRoute | FormKind::DeleteHostRoute | FormKind::Flush => {
            of_host(kind, r)
        }
    }
}

fn of_cluster(kind: FormKind, r: &Reader<'_>) -> Read<Action> {
    match kind {
        FormKind::Deployment => Ok(Action::CreateDeployment {
            cluster: r.text(F::Cluster),
            name: r.text(F::Name),
            image: r.text(F::Image),
            replicas: r.number(F::Replicas)?,
        }),
        FormKind::ScaleDeployment => {
            let (cluster, name) = r.pair(F::Deployment)?;
            Ok(Action::ScaleDeployment { cluster, name, replicas: r.number(F::Replicas)? })
        }
        FormKind::ScalePool => {
            let (cluster, pool) = r.pair(F::Pool)?;
            Ok(Action::ScalePool { cluster, pool, count: r.number(F::Nodes)? })
        }
        FormKind::Masquerade => Ok(Action::SetMasquerade { cluster: r.text(F::Cluster), keep: r.prefixes(F::Keep)? }),
        FormKind::AddPool => pool(r),
        _ => cluster(r),
    }
}

fn cluster(r: &Reader<'_>) -> Read<Action> {
    let (vnet, subnet) = r.pair(F::Subnet)?;
    let pods = r.is(F::Network, "pod-subnet");
    Ok(Action::CreateCluster(Box::new(NewCluster {
        name: r.text(F::Name),
        resource_group: "rg".to_owned(),
        location: "eastus".to_owned(),
        version: "1.20.9".to_owned(),
        network: network(r)?,
        vnet,
        subnet,
        pod_subnet: if pods { Some(r.subnet(F::PodSubnet)?) } else { None },
        pool: "nodepool1".to_owned(),
        node_count: r.number(F::Nodes)?,
        max_pods: r.number(F::MaxPods)?,
        service_cidr: r.prefix(F::ServiceCidr)?,
        dns_service_ip: r.address(F::DnsIp)?,
    })))
}

/// The recipe that the form asks for.
fn network(r: &Reader<'_>) -> Read<Network> {
    let order = if r.is(F::Order, "lowest") { AddressOrder::Lowest } else { AddressOrder::Random };
    let preflight = if r.is(F::Preflight, "observed") { Preflight::Observed } else { Preflight::Documented };
    let addresses = NodeSubnet { order, preflight };
    let plugin = match r.raw(F::Plugin) {
        "v1-2-0" => PluginVersion::November2020,
        "v1-2-0-hotfix" => PluginVersion::December2020,
        _ => PluginVersion::Since2022,
    };
    let monitor = if r.is(F::Monitor, "monitor-v2") { MonitorVersion::V2 } else { MonitorVersion::V1 };
    Ok(match r.raw(F::Network) {
        "azure-bridge" => AzureBridge { addresses }.into(),
        "azure-transparent" => AzureTransparent { plugin, addresses }.into(),
        "pod-subnet" => PodSubnet { plugin, monitor, order }.into(),
        _ => {
            let masquerade =
                if r.is(F::Masquerade, "pod") { MasqueradeRange::PodCidr } else { MasqueradeRange::PodCidrAndSubnet };
            Kubenet { pod_cidr: r.prefix(F::PodCidr)?, masquerade }.into()
        }
    })
}

fn pool(r: &Reader<'_>) -> Read<Action> {
    Ok(Action::AddPool(Box::new(NewPool {
        cluster: r.text(F::Cluster),
        name: r.text(F::Name),
        subnet: r.subnet(F::Subnet)?,
        pod_subnet: r.maybe(F::PodSubnet).map(|_| r.subnet(F::PodSubnet)).transpose()?,
        node_count: r.number(F::Nodes)?,
        max_pods: r.number(F::MaxPods)?,
    })))
}

fn user_route(r: &Reader<'_>) -> Read<UserRoute> {
    let next_hop = match r.raw(F::NextHop) {
        "VnetLocal" => UserNextHop::VnetLocal,
        "Internet" => UserNextHop::Internet,
        "VirtualNetworkGateway" => UserNextHop::VirtualNetworkGateway,
        "None" => UserNextHop::None,
        _ => UserNextHop::VirtualAppliance(r.address(F::NextHopIp)?),
    };
    Ok(UserRoute { name: r.raw(F::Name).into(), prefix: r.prefix(F::Prefix)?, next_hop })
}

fn rule(r: &Reader<'_>) -> Read<SecurityRule> {
    let direction = if r.is(F::Direction, "Outbound") { Direction::Outbound } else { Direction::Inbound };
    let access = if r.is(F::Access, "Allow") { Access::Allow } else { Access::Deny };
    let protocol = match r.raw(F::Protocol) {
        "Icmp" => RuleProtocol::Icmp,
        "Tcp" => RuleProtocol::Tcp,
        "Udp" => RuleProtocol::Udp,
        _ => RuleProtocol::Any,
    };
    let mut rule = SecurityRule::new(r.raw(F::Name), r.number(F::Priority)?, direction, access);
    rule.protocol = protocol;
    rule.source = parse::addresses(r.raw(F::Source)).map_err(|e| (F::Source, e))?;
    rule.destination = parse::addresses(r.raw(F::Destination)).map_err(|e| (F::Destination, e))?;
    if protocol != RuleProtocol::Icmp {
        rule.destination_ports = parse::ports(r.raw(F::Ports)).map_err(|e| (F::Ports, e))?;
    }
    Ok(rule)
}

fn nsg_target(r: &Reader<'_>) -> Read<NsgTarget> {
    let chosen = r.raw(F::Attach);
    if let Some(nic) = chosen.strip_prefix("nic:") {
        return Ok(NsgTarget::Nic(nic.to_owned()));
    }
    let pair = chosen.strip_prefix("subnet:").and_then(|rest| rest.split_once('/'));
    let (vnet, subnet) = pair.ok_or((F::Attach, FieldError::NotChosen))?;
    Ok(NsgTarget::Subnet { vnet: vnet.to_owned(), subnet: subnet.to_owned() })
}

fn of_host(kind: FormKind, r: &Reader<'_>) -> Read<Action> {
    let host = r.text(F::Host);
    match kind {
        FormKind::Sysctl => {
            let forward = r.is(F::Sysctl, "ip_forward");
            let name = if forward { SysctlName::IpForward } else { SysctlName::BridgeNfCallIptables };
            Ok(Action::SetSysctl { host, name, on: r.is(F::Switch, "on") })
        }
        FormKind::Link => Ok(Action::SetLink { host, dev: r.text(F::Dev), up: r.is(F::Switch, "up") }),
        FormKind::Flush => {
            let table = match r.raw(F::Flush) {
                "fdb" => FlushTable::Fdb,
                "conntrack" => FlushTable::Conntrack,
                _ => FlushTable::Neighbors,
            };
            Ok(Action::Flush { host, table })
        }
        FormKind::DeleteHostRoute => Ok(Action::DeleteHostRoute { host, dst: r.prefix(F::Prefix)?, metric: None }),
        _ => Ok(Action::AddHostRoute { host, route: HostRoute::new(r.prefix(F::Prefix)?, route_target(r)?) }),
    }
}

fn route_target(r: &Reader<'_>) -> Read<HostRouteTarget> {
    Ok(match r.raw(F::RouteTarget) {
        "unreachable" => HostRouteTarget::Unreachable,
        "blackhole" => HostRouteTarget::Blackhole,
        _ => HostRouteTarget::Dev { dev: r.text(F::Dev), via: r.maybe_address(F::Via)? },
    })
}

fn send(r: &Reader<'_>) -> Read<Action> {
    let protocol = match r.raw(F::Transport) {
        "tcp" => ProbeProtocol::Tcp { port: r.number(F::Port)? },
        "udp" => ProbeProtocol::Udp { port: r.number(F::Port)? },
        _ => ProbeProtocol::Icmp,
    };
    let len = if r.is(F::Transport, "tcp") { Probe::ping().len } else { r.number(F::Len)? };
    let probe = Probe { protocol, ttl: r.number(F::Ttl)?, len, ..Probe::ping() };
    Ok(Action::Send { from: r.text(F::From), to: r.text(F::To), probe, count: r.number(F::Count)? })
}
