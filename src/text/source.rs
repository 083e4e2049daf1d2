//! The public source of each rule, and how sure it is.

use super::explain::{has_uplink, is_disputed, is_masquerade, is_of_container};
use super::scene::Scene;
use crate::sim::fabric::nsg::is_platform;
use crate::sim::ids::NodeId;
use crate::sim::ipam::Grant;
use crate::sim::ipam::address_order::AddressOrder;
use crate::sim::ipam::cns::{Basis, Pass};
use crate::sim::mode::pod_subnet::SWIFT_CHAIN;
use crate::sim::packet::Protocol;
use crate::sim::record::decision::{
    Accept, ArpAnswer, ArpSilence, CniError, ControlStep, Decision, Delivery, DropReason, Link, Origin,
};

/// Where a rule can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its short name, the same in every language.
    pub text: String,
    pub url: String,
}

/// How sure a statement of the simulation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// A public source describes it.
    Documented,
    /// Seen on real systems; no reference text promises it.
    Observed,
    /// The simulation does less than reality.
    Simplified,
    /// Public sources disagree.
    Disputed,
}

impl Mark {
    /// Stable name; the words are in the messages `mark-CODE` and `mark-CODE.about`.
    pub const fn code(self) -> &'static str {
        match self {
            Mark::Documented => "documented",
            Mark::Observed => "observed",
            Mark::Simplified => "simplified",
            Mark::Disputed => "disputed",
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Ref {
    /// A path in the kernel's tree.
    Linux(&'static str),
    /// A file of a repository on GitHub.
    File(&'static str, &'static str),
    Issue(&'static str, u32),
    Rfc(u32),
    /// A manual page and its section.
    Man(&'static str, u8),
    Web(&'static str, &'static str),
}

const AZURE: &str = "MicrosoftDocs/azure-docs";
const KUBERNETES: &str = "kubernetes/kubernetes";
const CNI: &str = "containernetworking/plugins";
const ACN: &str = "Azure/azure-container-networking";
const AKS_DOCS: &str = "MicrosoftDocs/azure-aks-docs";

const UDR: Ref = Ref::File(AZURE, "articles/virtual-network/virtual-networks-udr-overview.md");
const NSG: Ref = Ref::File(AZURE, "articles/virtual-network/network-security-groups-overview.md");
const NSG_HOW: Ref = Ref::File(AZURE, "articles/virtual-network/network-security-group-how-it-works.md");
const VNET_FAQ: Ref = Ref::File(AZURE, "articles/virtual-network/virtual-networks-faq.md");
const LIMITS: Ref = Ref::File(AZURE, "includes/azure-virtual-network-limits.md");
const VFP: Ref = Ref::Web(
    "USENIX NSDI 2017, VFP: A Virtual Switch Platform for Host SDN",
    "https://www.usenix.org/conference/nsdi17/technical-sessions/presentation/firestone",
);
const VIRTUAL_MAC: Ref = Ref::File(ACN, "network/network_linux.go");
const ROUTE_CONTROLLER: Ref = Ref::File("kubernetes-sigs/cloud-provider-azure", "pkg/provider/azure_routes.go");
const CIDR_SET: Ref = Ref::File(KUBERNETES, "pkg/controller/nodeipam/ipam/cidrset/cidr_set.go");
const SCHEDULER: Ref = Ref::File(KUBERNETES, "pkg/scheduler/framework/plugins/podtopologyspread/scoring.go");
const KUBELET: Ref = Ref::File(KUBERNETES, "pkg/kubelet/kubelet.go");
const NODE_STATUS: Ref = Ref::File(KUBERNETES, "pkg/kubelet/kubelet_node_status.go");
const BRIDGE_PLUGIN: Ref = Ref::File(CNI, "plugins/main/bridge/bridge.go");
const HOST_LOCAL: Ref = Ref::File(CNI, "plugins/ipam/host-local/backend/allocator/allocator.go");
const AZURE_BRIDGE: Ref = Ref::File(ACN, "network/bridge_networkclient_linux.go");
const EBTABLES: Ref = Ref::File(ACN, "ebtables/ebtables.go");
const VNET_IPAM: Ref = Ref::File(ACN, "ipam/pool.go");
const CNS: Ref = Ref::File(ACN, "cns/restserver/ipam.go");
const POOL_MONITOR: Ref = Ref::File(ACN, "cns/ipampool/monitor.go");
const POOL_MONITOR_2: Ref = Ref::File(ACN, "cns/ipampool/v2/monitor.go");
const POOL_MATH: Ref = Ref::File(ACN, "docs/feature/ipammath/0-background.md");
const SUBNET_STATE: Ref = Ref::File(ACN, "crd/clustersubnetstate/api/v1alpha1/clustersubnetstate.go");
const IP_PLAN: Ref = Ref::File(AKS_DOCS, "articles/aks/concepts-network-ip-address-planning.md");
/// On pods with a range of their own.
const MASQ_ISSUE: Ref = Ref::Issue("Azure/AKS", 2031);
/// On pods with addresses of the virtual network.
const MASQ_VNET_ISSUE: Ref = Ref::Issue("Azure/AKS", 1207);
const NEIGHBOUR: Ref = Ref::Linux("net/core/neighbour.c");
const FIB: Ref = Ref::Linux("Documentation/networking/fib_trie.rst");
const FORWARD: Ref = Ref::Linux("net/ipv4/ip_forward.c");
const PLATFORM: Ref = Ref::File(AZURE, "articles/virtual-network/what-is-ip-address-168-63-129-16.md");
const SWIFT: Ref = Ref::File(ACN, "cns/restserver/internalapi_linux.go");
const SNAT: Ref = Ref::File(AZURE, "articles/load-balancer/load-balancer-outbound-connections.md");

/// The public source of the rule behind a step.
pub(super) fn source(scene: &Scene<'_>) -> Source {
    let reference = by_device(scene).unwrap_or_else(|| reference(&scene.step.decision));
    Source { text: reference.text(), url: reference.url() }
}

/// Where the devices show which plugin was at work, its own source.
fn by_device(scene: &Scene<'_>) -> Option<Ref> {
    let step = match &scene.step.decision {
        Decision::Rules { tried, .. } if is_masquerade(tried) => {
            return scene.node().map(|node| masquerade(scene, node));
        }
        Decision::Rules { tried, .. } if tried.last().is_some_and(|rule| &*rule.chain == SWIFT_CHAIN) => {
            return Some(SWIFT);
        }
        Decision::LeavesAzure { .. } | Decision::Drop(DropReason::OutsideSimulation) => {
            return scene.packet().filter(|packet| is_platform(packet.dst)).map(|_| PLATFORM);
        }
        Decision::Control(step) => step,
        _ => return None,
    };
    match **step {
        ControlStep::MasqueradeRules { node, .. } => Some(masquerade(scene, node)),
        ControlStep::BridgeCreated { host, dev, .. } => has_uplink(scene.world, host, dev).then_some(AZURE_BRIDGE),
        ControlStep::VmCreated { node, .. } => {
            let nic = scene.world.nodes.get(node).and_then(|n| scene.world.nics.get(n.nic))?;
            (nic.configs.len() > 1).then_some(IP_PLAN)
        }
        _ => None,
    }
}

/// What says which destinations keep a pod's address: it depends on whether pods have a range of their own.
fn masquerade(scene: &Scene<'_>, node: NodeId) -> Ref {
    if scene.has_node_blocks(node) { MASQ_ISSUE } else { MASQ_VNET_ISSUE }
}

fn reference(decision: &Decision) -> Ref {
    match decision {
        Decision::Originate(origin) => originate(*origin),
        Decision::Receive(Accept::BridgePort { .. }) | Decision::BridgeForward { .. } => {
            Ref::Linux("net/bridge/br_input.c")
        }
        Decision::Receive(_) => Ref::Linux("net/ethernet/eth.c"),
        Decision::Learn { .. } => Ref::Linux("net/bridge/br_fdb.c"),
        Decision::Route(_) => FIB,
        Decision::Forward { .. } => FORWARD,
        Decision::Track { .. } => Ref::Linux("net/netfilter/nf_conntrack_core.c"),
        Decision::Rules { .. } => Ref::Man("iptables", 8),
        Decision::Translate { .. } => Ref::Linux("net/netfilter/nf_nat_core.c"),
        Decision::Resolve { .. } => NEIGHBOUR,
        Decision::Neighbor { .. } => Ref::Linux("net/ipv4/arp.c"),
        Decision::ArpAnswer(answer) => arp_answer(answer),
        Decision::Transmit { link: Link::Veth { .. } } => Ref::Linux("drivers/net/veth.c"),
        Decision::Transmit { link: Link::Bridge { .. } } => Ref::Linux("net/bridge/br_device.c"),
        Decision::Transmit { link: Link::Loopback } => Ref::Linux("drivers/net/loopback.c"),
        Decision::Deliver(delivery) => deliver(*delivery),
        Decision::SourceCheck { .. } | Decision::EffectiveRoute { .. } => UDR,
        Decision::BridgeRule { .. } => EBTABLES,
        Decision::Nsg(_) => NSG_HOW,
        Decision::UnifiedFlow { .. }
        | Decision::NextHop { .. }
        | Decision::Transmit { link: Link::Nic { .. } | Link::Guest { .. } } => VFP,
        Decision::LeavesAzure { .. } => SNAT,
        Decision::Drop(reason) => drop(*reason),
        Decision::Control(step) => control(step),
    }
}

const fn originate(origin: Origin) -> Ref {
    match origin {
        Origin::Program => Ref::Linux("net/ipv4/ip_output.c"),
        Origin::Answer => Ref::Linux("net/ipv4/icmp.c"),
        Origin::ArpRequest { .. } | Origin::ArpReply { .. } => Ref::Rfc(826),
        Origin::ArpAnnounce { .. } => Ref::Linux("Documentation/networking/ip-sysctl.rst"),
        Origin::IcmpError { .. } => Ref::Rfc(792),
    }
}

const fn deliver(delivery: Delivery) -> Ref {
    match delivery {
        Delivery::Arp => Ref::Rfc(826),
        Delivery::Listener { protocol, .. } | Delivery::Answer { protocol } | Delivery::Closed { protocol, .. } => {
            match protocol {
                Protocol::Icmp => Ref::Rfc(792),
                Protocol::Tcp => Ref::Rfc(9293),
                Protocol::Udp => Ref::Rfc(1122),
            }
        }
        Delivery::Echo | Delivery::Error => Ref::Rfc(792),
        Delivery::Segment => Ref::Rfc(9293),
    }
}

const fn arp_answer(answer: &ArpAnswer) -> Ref {
    match answer {
        ArpAnswer::Own { .. } | ArpAnswer::Silent(ArpSilence::NotMine | ArpSilence::Announcement) => Ref::Rfc(826),
        ArpAnswer::Proxy { .. } => Ref::Linux("net/ipv4/arp.c"),
        ArpAnswer::Fabric { .. } | ArpAnswer::Silent(ArpSilence::AskersOwn) => VIRTUAL_MAC,
    }
}

const fn drop(reason: DropReason) -> Ref {
    match reason {
        DropReason::NotForMe => Ref::Linux("net/ipv4/ip_input.c"),
        DropReason::ArpNotMine => Ref::Linux("net/ipv4/arp.c"),
        DropReason::InterfaceDown | DropReason::NoCarrier => Ref::Linux("net/core/dev.c"),
        DropReason::PortDisabled => Ref::Linux("net/bridge/br_input.c"),
        DropReason::SamePort => Ref::Linux("net/bridge/br_forward.c"),
        DropReason::MartianSource => Ref::Linux("net/ipv4/fib_frontend.c"),
        DropReason::ForwardingOff => Ref::Linux("Documentation/networking/ip-sysctl.rst"),
        DropReason::TtlExpired => Ref::Rfc(792),
        DropReason::NoRoute | DropReason::RouteUnreachable | DropReason::RouteBlackhole => {
            Ref::Linux("net/ipv4/route.c")
        }
        DropReason::NeighborFailed => NEIGHBOUR,
        DropReason::TooBig { .. } => Ref::Rfc(1191),
        DropReason::FilterDrop | DropReason::PolicyDrop | DropReason::FilterReject => Ref::Man("iptables", 8),
        DropReason::MasqueradedElsewhere => Ref::Linux("net/netfilter/nf_nat_core.c"),
        DropReason::NobodyWaits => Ref::Rfc(1122),
        DropReason::NoSource => Ref::Linux("net/ipv4/devinet.c"),
        DropReason::SourceNotOwned
        | DropReason::ApplianceNotForwarding
        | DropReason::RouteNone
        | DropReason::NoEffectiveRoute
        | DropReason::NoGateway => UDR,
        DropReason::SourceMacNotOwned => AZURE_BRIDGE,
        DropReason::NsgDenied => NSG,
        DropReason::NoSuchAddress | DropReason::GatewayIsNoHost | DropReason::NoBroadcast => VNET_FAQ,
        DropReason::IcmpNotTranslated | DropReason::OutsideSimulation => SNAT,
        DropReason::StepLimit => FORWARD,
    }
}

const fn control(step: &ControlStep) -> Ref {
    match step {
        ControlStep::VmCreated { .. } | ControlStep::NodeDeleted { block: None, .. } => VNET_FAQ,
        ControlStep::RouteLimit { .. } => LIMITS,
        ControlStep::NodeRegistered { .. } | ControlStep::NodeReady { .. } => NODE_STATUS,
        ControlStep::NodeCidr { .. } | ControlStep::NodeCidrExhausted { .. } | ControlStep::NodeDeleted { .. } => {
            CIDR_SET
        }
        ControlStep::RouteWritten { .. } | ControlStep::RouteRemoved { .. } => ROUTE_CONTROLLER,
        ControlStep::PodScheduled { .. } | ControlStep::PodPending { .. } => SCHEDULER,
        ControlStep::PodNetwork { grant, .. } => match grant {
            Grant::HostLocal(_) => HOST_LOCAL,
            Grant::AzureVnet(_) => VNET_IPAM,
            Grant::Cns(_) => CNS,
        },
        ControlStep::PodNetworkFailed { error, .. } => match error {
            CniError::VnetIpam(_) => VNET_IPAM,
            CniError::Cns(_) => CNS,
            CniError::Ipam(_) | CniError::NoPodCidr | CniError::NodeGone => HOST_LOCAL,
        },
        ControlStep::PoolMonitored { pass: Pass { basis: Basis::Thresholds(_), .. }, .. } => POOL_MONITOR,
        ControlStep::PoolMonitored { .. } => POOL_MONITOR_2,
        ControlStep::PoolChanged { .. } | ControlStep::PoolRefused { .. } => POOL_MATH,
        ControlStep::PoolProgrammed { .. } => CNS,
        ControlStep::SubnetExhausted { .. } => SUBNET_STATE,
        ControlStep::BridgeCreated { .. } => BRIDGE_PLUGIN,
        ControlStep::MasqueradeRules { .. } => MASQ_ISSUE,
        ControlStep::PodHostNetwork { .. }
        | ControlStep::PodRunning { .. }
        | ControlStep::PodEnded { .. }
        | ControlStep::PodDeleted { .. } => KUBELET,
    }
}

/// How sure a decision is.
pub(super) fn mark(scene: &Scene<'_>) -> Mark {
    match &scene.step.decision {
        _ if is_disputed(scene) => Mark::Disputed,
        Decision::Nsg(step) if is_of_container(scene, step) => Mark::Disputed,
        Decision::NextHop { nic, .. } if scene.nic() == Some(*nic) => Mark::Simplified,
        Decision::ArpAnswer(ArpAnswer::Fabric { .. } | ArpAnswer::Silent(ArpSilence::AskersOwn)) => Mark::Observed,
        Decision::Transmit { .. }
        | Decision::UnifiedFlow { usable: false, .. }
        | Decision::LeavesAzure { .. }
        | Decision::Drop(DropReason::OutsideSimulation | DropReason::StepLimit | DropReason::NoGateway) => {
            Mark::Simplified
        }
        Decision::Control(step) => control_mark(step),
        _ => Mark::Documented,
    }
}

const fn control_mark(step: &ControlStep) -> Mark {
    match step {
        ControlStep::PodNetwork { grant, .. } => match grant {
            Grant::HostLocal(_) => Mark::Documented,
            Grant::AzureVnet(given) => order_mark(given.order),
            Grant::Cns(given) => order_mark(given.order),
        },
        ControlStep::PoolChanged { .. }
        | ControlStep::PoolRefused { .. }
        | ControlStep::PoolProgrammed { .. }
        | ControlStep::SubnetExhausted { .. }
        | ControlStep::VmCreated { .. }
        | ControlStep::NodeDeleted { .. }
        | ControlStep::NodeReady { .. }
        | ControlStep::PodScheduled { .. }
        | ControlStep::PodPending { .. }
        | ControlStep::PodNetworkFailed { .. }
        | ControlStep::PodRunning { .. } => Mark::Simplified,
        _ => Mark::Documented,
    }
}

/// The random order is seen, not promised; the other is this simulation's own.
const fn order_mark(order: AddressOrder) -> Mark {
    match order {
        AddressOrder::Random => Mark::Observed,
        AddressOrder::Lowest => Mark::Simplified,
    }
}

impl Ref {
    fn text(self) -> String {
        match self {
            Ref::Linux(path) => format!("Linux {path}"),
            Ref::File(repo, path) => format!("{repo}, {}", path.rsplit('/').next().unwrap_or(path)),
            Ref::Issue(repo, number) => format!("{repo} issue {number}"),
            Ref::Rfc(number) => format!("RFC {number}"),
            Ref::Man(name, section) => format!("{name}({section})"),
            Ref::Web(text, _) => text.to_owned(),
        }
    }

    fn url(self) -> String {
        match self {
            Ref::Linux(path) => format!("https://github.com/torvalds/linux/blob/master/{path}"),
            Ref::File(repo, path) => format!("https://github.com/{repo}/blob/HEAD/{path}"),
            Ref::Issue(repo, number) => format!("https://github.com/{repo}/issues/{number}"),
            Ref::Rfc(number) => format!("https://www.rfc-editor.org/rfc/rfc{number}"),
            Ref::Man(name, section) => format!("https://man7.org/linux/man-pages/man{section}/{name}.{section}.html"),
            Ref::Web(_, url) => url.to_owned(),
        }
    }
}
