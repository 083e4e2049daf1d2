//! The forms, each with its fields as data.

use super::Values;
use super::field::{FieldId as F, FieldSpec, Input, Source};
use crate::sim::action::MAX_WAIT_MS;
use crate::sim::action::pool::MAX_POOL_NODES;
use crate::sim::action::send::{MAX_COUNT, MAX_LEN};
use crate::sim::action::workload::MAX_REPLICAS;

/// One form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormKind {
    Vnet,
    Subnet,
    Vm,
    Cluster,
    Deployment,
    ScaleDeployment,
    AddPool,
    ScalePool,
    Masquerade,
    RouteTable,
    Route,
    AttachTable,
    Nsg,
    Rule,
    AttachNsg,
    Forwarding,
    Sysctl,
    Link,
    HostRoute,
    DeleteHostRoute,
    Flush,
    Wait,
    Send,
}

const PREFIX: Input = Input::Prefix;
const ON_OFF: Input = Input::Choice(Source::Words(&["on", "off"]));
const ROUTE_TARGETS: &[&str] = &["dev", "unreachable", "blackhole"];
const NEXT_HOPS: &[&str] = &["VirtualAppliance", "VnetLocal", "Internet", "VirtualNetworkGateway", "None"];
const PROTOCOLS: &[&str] = &["Icmp", "Tcp", "Udp", "Any"];
const TRANSPORTS: &[&str] = &["icmp", "tcp", "udp"];
/// Longest wait in seconds.
#[expect(clippy::cast_possible_truncation, reason = "a day has 86,400 seconds")]
const MAX_WAIT_S: u32 = (MAX_WAIT_MS / 1000) as u32;

const fn field(id: F, input: Input) -> FieldSpec {
    FieldSpec::new(id, input)
}
const fn words(id: F, words: &'static [&'static str]) -> FieldSpec {
    field(id, Input::Choice(Source::Words(words)))
}
const fn choice(id: F, source: Source) -> FieldSpec {
    field(id, Input::Choice(source))
}
const fn number(id: F, min: u32, max: u32) -> FieldSpec {
    field(id, Input::Number { min, max })
}
const NAME: FieldSpec = field(F::Name, Input::Text);
const SUBNET: FieldSpec = choice(F::Subnet, Source::Subnets);
const HOST: FieldSpec = field(F::Host, Input::Endpoint);

const VNET: &[FieldSpec] = &[NAME, field(F::Prefixes, Input::Prefixes)];
const NEW_SUBNET: &[FieldSpec] = &[choice(F::Vnet, Source::Vnets), NAME, field(F::Prefix, PREFIX)];
const VM: &[FieldSpec] = &[NAME, SUBNET, field(F::Address, Input::Address).optional()];
/// Networks whose pods have addresses of the nodes' subnet.
pub(super) const NODE_SUBNET: &[&str] = &["azure-transparent", "azure-bridge"];
/// Networks in which the node routes to each pod.
const ROUTED: &[&str] = &["azure-transparent", "pod-subnet"];
const AZURE: &[&str] = &["azure-transparent", "azure-bridge", "pod-subnet"];
const CLUSTER: &[FieldSpec] = &[
    NAME,
    words(F::Network, &["kubenet", "azure-transparent", "azure-bridge", "pod-subnet"]),
    SUBNET,
    choice(F::PodSubnet, Source::Subnets).when(F::Network, &["pod-subnet"]),
    number(F::Nodes, 1, MAX_POOL_NODES),
    field(F::PodCidr, PREFIX).when(F::Network, &["kubenet"]),
    number(F::MaxPods, 10, 250),
    field(F::ServiceCidr, PREFIX).more(),
    field(F::DnsIp, Input::Address).more(),
    words(F::Masquerade, &["pod-and-subnet", "pod"]).more().when(F::Network, &["kubenet"]),
    words(F::Plugin, &["since-2022", "v1-2-0-hotfix", "v1-2-0"]).more().when(F::Network, ROUTED),
    words(F::Order, &["random", "lowest"]).more().when(F::Network, AZURE),
    words(F::Preflight, &["documented", "observed"]).more().when(F::Network, NODE_SUBNET),
    words(F::Monitor, &["monitor-v1", "monitor-v2"]).more().when(F::Network, &["pod-subnet"]),
];
const ADD_POOL: &[FieldSpec] = &[
    choice(F::Cluster, Source::Clusters),
    NAME,
    SUBNET,
    choice(F::PodSubnet, Source::SubnetsOrNone).optional(),
    number(F::Nodes, 1, MAX_POOL_NODES),
    number(F::MaxPods, 10, 250).more(),
];
const DEPLOYMENT: &[FieldSpec] = &[
    choice(F::Cluster, Source::Clusters),
    NAME,
    number(F::Replicas, 0, MAX_REPLICAS),
    field(F::Image, Input::Text).more(),
];
const SCALE_DEPLOYMENT: &[FieldSpec] =
    &[choice(F::Deployment, Source::Deployments), number(F::Replicas, 0, MAX_REPLICAS)];
const SCALE_POOL: &[FieldSpec] = &[choice(F::Pool, Source::Pools), number(F::Nodes, 1, MAX_POOL_NODES)];
const MASQUERADE: &[FieldSpec] = &[choice(F::Cluster, Source::Clusters), field(F::Keep, Input::Prefixes).optional()];
const ONLY_NAME: &[FieldSpec] = &[NAME];
const ROUTE: &[FieldSpec] = &[
    choice(F::Table, Source::Tables),
    NAME,
    field(F::Prefix, PREFIX),
    words(F::NextHop, NEXT_HOPS),
    field(F::NextHopIp, Input::Address).when(F::NextHop, &["VirtualAppliance"]),
];
const ATTACH_TABLE: &[FieldSpec] = &[SUBNET, choice(F::Table, Source::TablesOrNone).optional()];
const RULE: &[FieldSpec] = &[
    choice(F::Nsg, Source::Nsgs),
    NAME,
    words(F::Access, &["Deny", "Allow"]),
    words(F::Direction, &["Inbound", "Outbound"]),
    words(F::Protocol, PROTOCOLS),
    number(F::Priority, 0, 65_535),
    field(F::Source, Input::RuleAddresses),
    field(F::Destination, Input::RuleAddresses),
    field(F::Ports, Input::Text).more().when(F::Protocol, &["Tcp", "Udp", "Any"]),
];
const ATTACH_NSG: &[FieldSpec] =
    &[choice(F::Attach, Source::NsgTargets), choice(F::Nsg, Source::NsgsOrNone).optional()];
const FORWARDING: &[FieldSpec] = &[choice(F::Nic, Source::Nics), field(F::Switch, ON_OFF)];
const SYSCTL: &[FieldSpec] =
    &[HOST, words(F::Sysctl, &["ip_forward", "bridge-nf-call-iptables"]), field(F::Switch, ON_OFF)];
const LINK: &[FieldSpec] = &[HOST, choice(F::Dev, Source::Devs), words(F::Switch, &["up", "down"])];
const HOST_ROUTE: &[FieldSpec] = &[
    HOST,
    field(F::Prefix, PREFIX),
    words(F::RouteTarget, ROUTE_TARGETS),
    choice(F::Dev, Source::Devs).when(F::RouteTarget, &["dev"]),
    field(F::Via, Input::Address).optional().when(F::RouteTarget, &["dev"]),
];
const DELETE_HOST_ROUTE: &[FieldSpec] = &[HOST, field(F::Prefix, PREFIX)];
const FLUSH: &[FieldSpec] = &[HOST, words(F::Flush, &["neighbors", "fdb", "conntrack"])];
const WAIT: &[FieldSpec] = &[number(F::Seconds, 1, MAX_WAIT_S)];
const SEND: &[FieldSpec] = &[
    field(F::From, Input::Endpoint),
    field(F::To, Input::Endpoint),
    words(F::Transport, TRANSPORTS),
    number(F::Port, 1, 65_535).when(F::Transport, &["tcp", "udp"]),
    number(F::Ttl, 1, 255).more(),
    number(F::Count, 1, MAX_COUNT as u32).more(),
    number(F::Len, 0, MAX_LEN as u32).more().when(F::Transport, &["icmp", "udp"]),
];

impl FormKind {
    /// Every form.
    pub const ALL: [Self; 23] = [
        Self::Vnet,
        Self::Subnet,
        Self::Vm,
        Self::Cluster,
        Self::Deployment,
        Self::ScaleDeployment,
        Self::AddPool,
        Self::ScalePool,
        Self::Masquerade,
        Self::RouteTable,
        Self::Route,
        Self::AttachTable,
        Self::Nsg,
        Self::Rule,
        Self::AttachNsg,
        Self::Forwarding,
        Self::Sysctl,
        Self::Link,
        Self::HostRoute,
        Self::DeleteHostRoute,
        Self::Flush,
        Self::Wait,
        Self::Send,
    ];

    /// Stable name, by which texts find the title (`build-form-CODE`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Vnet => "vnet",
            Self::Subnet => "subnet",
            Self::Vm => "vm",
            Self::Cluster => "cluster",
            Self::Deployment => "deployment",
            Self::ScaleDeployment => "scale-deployment",
            Self::AddPool => "add-pool",
            Self::ScalePool => "scale-pool",
            Self::Masquerade => "masquerade",
            Self::RouteTable => "route-table",
            Self::Route => "route",
            Self::AttachTable => "attach-table",
            Self::Nsg => "nsg",
            Self::Rule => "rule",
            Self::AttachNsg => "attach-nsg",
            Self::Forwarding => "forwarding",
            Self::Sysctl => "sysctl",
            Self::Link => "link",
            Self::HostRoute => "host-route",
            Self::DeleteHostRoute => "delete-host-route",
            Self::Flush => "flush",
            Self::Wait => "wait",
            Self::Send => "send",
        }
    }

    /// All fields of the form, shown or not.
    pub const fn fields(self) -> &'static [FieldSpec] {
        match self {
            Self::Vnet => VNET,
            Self::Subnet => NEW_SUBNET,
            Self::Vm => VM,
            Self::Cluster => CLUSTER,
            Self::Deployment => DEPLOYMENT,
            Self::ScaleDeployment => SCALE_DEPLOYMENT,
            Self::AddPool => ADD_POOL,
            Self::ScalePool => SCALE_POOL,
            Self::Masquerade => MASQUERADE,
            Self::RouteTable | Self::Nsg => ONLY_NAME,
            Self::Route => ROUTE,
            Self::AttachTable => ATTACH_TABLE,
            Self::Rule => RULE,
            Self::AttachNsg => ATTACH_NSG,
            Self::Forwarding => FORWARDING,
            Self::Sysctl => SYSCTL,
            Self::Link => LINK,
            Self::HostRoute => HOST_ROUTE,
            Self::DeleteHostRoute => DELETE_HOST_ROUTE,
            Self::Flush => FLUSH,
            Self::Wait => WAIT,
            Self::Send => SEND,
        }
    }

    /// The fields that these values call for.
    pub fn shown(self, values: &Values) -> impl Iterator<Item = &'static FieldSpec> {
        self.fields().iter().filter(|spec| spec.is_shown(values))
    }

    pub fn has(self, id: F) -> bool {
        self.fields().iter().any(|spec| spec.id == id)
    }
}
