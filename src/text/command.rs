//! The real command that shows the table which decided, with the real names in it. Commands are no language of
//! people, so they are here and not in the messages.

use super::scene::Scene;
use crate::sim::host::Role;
use crate::sim::host::netfilter::{Hook, RuleTried, TableName};
use crate::sim::ids::{ClusterId, HostId, IfIndex, NicId, NodeId, PodId, RouteTableId};
use crate::sim::ipam::Grant;
use crate::sim::mode::kubenet::ADDRESS_STORE;
use crate::sim::record::decision::{
    Accept, ArpAnswer, CniError, ControlStep, Decision, Delivery, DropReason, Link, Origin, RouteLookup,
};
use crate::sim::world::World;

/// A command and where it is typed.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) line: String,
    /// `None`: on one's own workstation.
    pub(super) host: Option<HostId>,
}

pub(super) fn command(scene: &Scene<'_>) -> Option<Command> {
    if let Decision::Control(step) = &scene.step.decision {
        return control(scene.world, step);
    }
    match scene.nic() {
        Some(nic) => at_port(scene, nic).map(|line| Command { line, host: None }),
        None => at_host(scene).map(|line| Command { line, host: scene.host_id() }),
    }
}

fn at_host(scene: &Scene<'_>) -> Option<String> {
    let dev = |index: &IfIndex| scene.dev_name(*index);
    Some(match &scene.step.decision {
        Decision::Originate(origin) => originate(scene, *origin)?,
        Decision::Receive(Accept::BridgePort { bridge }) => format!("brctl show {}", dev(bridge)?),
        Decision::Learn { bridge, .. } | Decision::BridgeForward { bridge, .. } => {
            format!("brctl showmacs {}", dev(bridge)?)
        }
        Decision::BridgeRule { chain, .. } => format!("ebtables -t {} -L {} --Lc", chain.table(), chain.name()),
        Decision::Route(lookup) => route_get(scene, lookup)?,
        Decision::Forward { .. } => "sysctl net.ipv4.ip_forward".to_owned(),
        Decision::Track { flow, .. } => format!("conntrack -L -s {} -d {}", flow.original.src, flow.original.dst),
        Decision::Rules { table, hook, tried, .. } => list_rules(*table, *hook, tried),
        Decision::Translate { .. } => "conntrack -L".to_owned(),
        Decision::Resolve { dev: index, .. } => format!("ip neigh show dev {}", dev(index)?),
        Decision::Neighbor { .. } => format!("ip neigh show dev {}", dev(&scene.step.dev?)?),
        Decision::ArpAnswer(ArpAnswer::Proxy { .. }) => {
            format!("sysctl net.ipv4.conf.{}.proxy_arp", dev(&scene.step.dev?)?)
        }
        Decision::ArpAnswer(_) => "ip address".to_owned(),
        Decision::Transmit { link: Link::Veth { .. } } => format!("ip -d link show dev {}", dev(&scene.step.dev?)?),
        Decision::Receive(_) | Decision::Transmit { .. } => format!("ip link show dev {}", dev(&scene.step.dev?)?),
        Decision::Deliver(Delivery::Listener { .. } | Delivery::Closed { .. }) => "ss -lntu".to_owned(),
        Decision::Drop(reason) => drop_at_host(scene, *reason)?,
        _ => return None,
    })
}

fn originate(scene: &Scene<'_>, origin: Origin) -> Option<String> {
    match origin {
        Origin::ArpRequest { dev, .. } | Origin::ArpReply { dev } | Origin::ArpAnnounce { dev } => {
            Some(format!("tcpdump -nei {} arp", scene.dev_name(dev)?))
        }
        _ => Some(format!("ip route get {}", scene.packet()?.dst)),
    }
}

/// The lookup as the kernel does it again: for a packet from elsewhere with where it came from.
fn route_get(scene: &Scene<'_>, lookup: &RouteLookup) -> Option<String> {
    let dst = lookup.dst;
    if !lookup.input || lookup.local.is_some() {
        return Some(format!("ip route get {dst}"));
    }
    let dev = scene.dev_name(scene.step.dev?)?;
    Some(format!("ip route get {dst} from {} iif {dev}", scene.packet()?.src))
}

fn list_rules(table: TableName, hook: Hook, tried: &[RuleTried]) -> String {
    let table = match table {
        TableName::Nat => "nat",
        TableName::Filter => "filter",
    };
    let chain = tried.last().map_or_else(|| hook.chain(), |rule| &rule.chain);
    format!("iptables -t {table} -L {chain} -n -v")
}

fn drop_at_host(scene: &Scene<'_>, reason: DropReason) -> Option<String> {
    let dev = || scene.dev_name(scene.step.dev?);
    Some(match reason {
        DropReason::NotForMe
        | DropReason::ArpNotMine
        | DropReason::InterfaceDown
        | DropReason::NoCarrier
        | DropReason::PortDisabled => {
            format!("ip link show dev {}", dev()?)
        }
        DropReason::SamePort => {
            let master = scene.host()?.interface(scene.step.dev?)?.master?;
            format!("brctl showmacs {}", scene.dev_name(master)?)
        }
        DropReason::MartianSource => "ip route show table local".to_owned(),
        DropReason::ForwardingOff => "sysctl net.ipv4.ip_forward".to_owned(),
        DropReason::NoRoute | DropReason::RouteUnreachable | DropReason::RouteBlackhole => {
            format!("ip route get {}", scene.packet()?.dst)
        }
        DropReason::NeighborFailed => format!("ip neigh show dev {}", dev()?),
        DropReason::TooBig { .. } => "ip link".to_owned(),
        DropReason::MasqueradedElsewhere => "conntrack -L".to_owned(),
        DropReason::FilterDrop | DropReason::PolicyDrop | DropReason::FilterReject => {
            "iptables -t filter -L -n -v".to_owned()
        }
        DropReason::NobodyWaits => "ss -tuwn".to_owned(),
        DropReason::NoSource => "ip address".to_owned(),
        DropReason::TtlExpired => format!("tcpdump -nvi {} icmp", dev()?),
        _ => return None,
    })
}

fn at_port(scene: &Scene<'_>, nic: NicId) -> Option<String> {
    match &scene.step.decision {
        Decision::SourceCheck { .. } => nic_command(scene.world, nic, "show", " --query enableIPForwarding"),
        Decision::NextHop { nic: to, appliance: true, .. } => {
            nic_command(scene.world, *to, "show", " --query enableIPForwarding")
        }
        Decision::NextHop { nic: to, .. } => {
            nic_command(scene.world, *to, "show", " --query \"ipConfigurations[].privateIPAddress\"")
        }
        Decision::Nsg(_) => nic_command(scene.world, nic, "list-effective-nsg", ""),
        Decision::EffectiveRoute { .. } | Decision::LeavesAzure { .. } => effective_routes(scene.world, nic),
        Decision::Drop(DropReason::ApplianceNotForwarding) => {
            let packet = scene.packet()?;
            let subnet = scene.world.nics.get(nic)?.container(packet.src).subnet;
            let to = scene.world.appliance(subnet, packet.dst)?;
            nic_command(scene.world, to, "show", " --query enableIPForwarding")
        }
        Decision::Drop(reason) => drop_at_port(scene.world, nic, *reason),
        _ => None,
    }
}

fn drop_at_port(world: &World, nic: NicId, reason: DropReason) -> Option<String> {
    match reason {
        DropReason::NsgDenied => nic_command(world, nic, "list-effective-nsg", ""),
        DropReason::SourceNotOwned => nic_command(world, nic, "show", " --query enableIPForwarding"),
        DropReason::RouteNone
        | DropReason::NoEffectiveRoute
        | DropReason::NoGateway
        | DropReason::NoSuchAddress
        | DropReason::GatewayIsNoHost
        | DropReason::IcmpNotTranslated
        | DropReason::OutsideSimulation => effective_routes(world, nic),
        _ => None,
    }
}

fn effective_routes(world: &World, nic: NicId) -> Option<String> {
    nic_command(world, nic, "show-effective-route-table", " -o table")
}

fn nic_command(world: &World, nic: NicId, verb: &str, rest: &str) -> Option<String> {
    let name = &world.nics.get(nic)?.name;
    Some(format!("az network nic {verb} -g {} -n {name}{rest}", group_of_nic(world, nic)))
}

/// The resource group of a NIC: of a node's, the one that AKS makes for the cluster's machines.
fn group_of_nic(world: &World, nic: NicId) -> String {
    let role = world.nics.get(nic).and_then(|n| world.hosts.get(n.host)).map(|h| h.role);
    let node = match role {
        Some(Role::Node(node)) => world.nodes.get(node),
        _ => None,
    };
    let own = || world.clusters.values().next().map_or_else(|| "rg".to_owned(), |c| c.resource_group.to_string());
    node.and_then(|n| node_group(world, n.cluster)).unwrap_or_else(own)
}

/// `MC_GROUP_CLUSTER_LOCATION`. Source: MicrosoftDocs/azure-aks-docs, articles/aks/faq.md.
fn node_group(world: &World, cluster: ClusterId) -> Option<String> {
    let cluster = world.clusters.get(cluster)?;
    Some(format!("MC_{}_{}_{}", cluster.resource_group, cluster.name, cluster.location))
}

fn control(world: &World, step: &ControlStep) -> Option<Command> {
    let host = match step {
        ControlStep::PodNetwork { node, .. }
        | ControlStep::PodNetworkFailed { node, .. }
        | ControlStep::BridgeCreated { node, .. }
        | ControlStep::MasqueradeRules { node, .. } => world.nodes.get(*node).map(|n| n.host),
        _ => None,
    };
    let line = match host {
        Some(_) => on_node(step),
        None => on_workstation(world, step),
    };
    line.map(|line| Command { line, host })
}

fn on_node(step: &ControlStep) -> Option<String> {
    let line = match step {
        ControlStep::PodNetwork { grant: Grant::HostLocal(_), .. } => {
            return Some(format!("cat {ADDRESS_STORE}/last_reserved_ip.0"));
        }
        ControlStep::PodNetwork { grant: Grant::AzureVnet(_), .. }
        | ControlStep::PodNetworkFailed { error: CniError::VnetIpam(_), .. } => "more /var/log/azure-vnet-ipam.log",
        ControlStep::PodNetwork { grant: Grant::Cns(_), .. }
        | ControlStep::PodNetworkFailed { error: CniError::Cns(_), .. } => "more /var/log/azure-vnet.log",
        ControlStep::PodNetworkFailed { .. } => return Some(format!("ls {ADDRESS_STORE}")),
        ControlStep::BridgeCreated { .. } => "brctl show",
        ControlStep::MasqueradeRules { .. } => "iptables -t nat -L IP-MASQ-AGENT -n -v",
        _ => return None,
    };
    Some(line.to_owned())
}

fn on_workstation(world: &World, step: &ControlStep) -> Option<String> {
    match step {
        ControlStep::VmCreated { node, .. } => get_node(world, *node, " -o wide"),
        ControlStep::NodeRegistered { node } | ControlStep::NodeReady { node } => get_node(world, *node, ""),
        ControlStep::NodeCidr { node, .. } | ControlStep::NodeCidrExhausted { node } => {
            get_node(world, *node, " -o jsonpath='{.spec.podCIDR}'")
        }
        ControlStep::RouteWritten { table, .. }
        | ControlStep::RouteRemoved { table, .. }
        | ControlStep::RouteLimit { table, .. } => list_routes(world, *table),
        ControlStep::PodScheduled { pod, .. } | ControlStep::PodHostNetwork { pod, .. } => {
            get_pod(world, *pod, "get", " -o wide")
        }
        ControlStep::PodPending { pod, .. } => get_pod(world, *pod, "describe", ""),
        ControlStep::PodRunning { pod } | ControlStep::PodEnded { pod, .. } => get_pod(world, *pod, "get", ""),
        ControlStep::PodDeleted { .. } => Some("kubectl get pod -A -o wide".to_owned()),
        ControlStep::NodeDeleted { .. } => Some("kubectl get node".to_owned()),
        ControlStep::PoolMonitored { node, .. }
        | ControlStep::PoolChanged { node, .. }
        | ControlStep::PoolRefused { node, .. }
        | ControlStep::PoolProgrammed { node, .. } => {
            let name = &world.nodes.get(*node)?.name;
            Some(format!("kubectl get nodenetworkconfigs {name} -n kube-system -o wide"))
        }
        ControlStep::SubnetExhausted { .. } => Some("kubectl get clustersubnetstates -n kube-system".to_owned()),
        _ => None,
    }
}

fn get_node(world: &World, node: NodeId, rest: &str) -> Option<String> {
    Some(format!("kubectl get node {}{rest}", world.nodes.get(node)?.name))
}

fn get_pod(world: &World, pod: PodId, verb: &str, rest: &str) -> Option<String> {
    let pod = world.pods.get(pod)?;
    let namespace = match pod.namespace.as_ref() {
        "default" => String::new(),
        other => format!(" -n {other}"),
    };
    Some(format!("kubectl {verb} pod {}{namespace}{rest}", pod.name))
}

fn list_routes(world: &World, table: RouteTableId) -> Option<String> {
    let cluster = world.clusters.iter().find(|(_, c)| c.route_table == Some(table)).map(|(id, _)| id)?;
    let name = &world.route_tables.get(table)?.name;
    Some(format!(
        "az network route-table route list -g {} --route-table-name {name} -o table",
        node_group(world, cluster)?
    ))
}
