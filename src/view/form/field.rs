//! Fields of forms.

/// One field, the same in every form that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldId {
    Name,
    Vnet,
    Network,
    Subnet,
    PodSubnet,
    Prefix,
    Prefixes,
    Address,
    Cluster,
    Pool,
    Nodes,
    MaxPods,
    PodCidr,
    ServiceCidr,
    DnsIp,
    Masquerade,
    Plugin,
    Order,
    Preflight,
    Monitor,
    Keep,
    Deployment,
    Image,
    Replicas,
    Table,
    NextHop,
    NextHopIp,
    Nsg,
    Attach,
    Direction,
    Priority,
    Access,
    Protocol,
    Source,
    Destination,
    Ports,
    Nic,
    Host,
    Sysctl,
    Switch,
    Dev,
    Via,
    RouteTarget,
    Flush,
    Seconds,
    From,
    To,
    Transport,
    Port,
    Ttl,
    Count,
    Len,
}

impl FieldId {
    /// Stable name, by which texts find the label.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Vnet => "vnet",
            Self::Network => "network",
            Self::Subnet => "subnet",
            Self::PodSubnet => "pod-subnet",
            Self::Prefix => "prefix",
            Self::Prefixes => "prefixes",
            Self::Address => "address",
            Self::Cluster => "cluster",
            Self::Pool => "pool",
            Self::Nodes => "nodes",
            Self::MaxPods => "max-pods",
            Self::PodCidr => "pod-cidr",
            Self::ServiceCidr => "service-cidr",
            Self::DnsIp => "dns-ip",
            Self::Masquerade => "masquerade",
            Self::Plugin => "plugin",
            Self::Order => "order",
            Self::Preflight => "preflight",
            Self::Monitor => "monitor",
            Self::Keep => "keep",
            Self::Deployment => "deployment",
            Self::Image => "image",
            Self::Replicas => "replicas",
            Self::Table => "table",
            Self::NextHop => "next-hop",
            Self::NextHopIp => "next-hop-ip",
            Self::Nsg => "nsg",
            Self::Attach => "attach",
            Self::Direction => "direction",
            Self::Priority => "priority",
            Self::Access => "access",
            Self::Protocol => "protocol",
            Self::Source => "source",
            Self::Destination => "destination",
            Self::Ports => "ports",
            Self::Nic => "nic",
            Self::Host => "host",
            Self::Sysctl => "sysctl",
            Self::Switch => "switch",
            Self::Dev => "dev",
            Self::Via => "via",
            Self::RouteTarget => "route-target",
            Self::Flush => "flush",
            Self::Seconds => "seconds",
            Self::From => "from",
            Self::To => "to",
            Self::Transport => "transport",
            Self::Port => "port",
            Self::Ttl => "ttl",
            Self::Count => "count",
            Self::Len => "len",
        }
    }

    /// Whether public sources disagree on what the field sets.
    pub const fn is_disputed(self) -> bool {
        matches!(self, Self::Masquerade | Self::Preflight)
    }

    /// Where what the note under the field says can be read: its short name, the same in every language, and its address.
    pub const fn source(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Network => Some((
                "MicrosoftDocs/azure-aks-docs, kubenet-retirement.md",
                "https://github.com/MicrosoftDocs/azure-aks-docs/blob/HEAD/articles/aks/includes/kubenet-retirement.md",
            )),
            _ => None,
        }
    }

    /// Whether a note under the field says more than its label (text id `build-note-CODE`).
    pub const fn has_note(self) -> bool {
        matches!(
            self,
            Self::Network
                | Self::PodSubnet
                | Self::Plugin
                | Self::Order
                | Self::Preflight
                | Self::Monitor
                | Self::Masquerade
                | Self::Address
                | Self::Prefixes
                | Self::MaxPods
                | Self::Keep
                | Self::Source
                | Self::Ports
        )
    }
}

impl FieldId {
    /// The field in whose light this one is right or wrong.
    pub(super) const fn depends_on(self) -> Option<Self> {
        match self {
            Self::DnsIp => Some(Self::ServiceCidr),
            Self::PodSubnet => Some(Self::Subnet),
            Self::Dev => Some(Self::Host),
            _ => None,
        }
    }
}

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    Text,
    /// A whole number in these bounds, both included.
    Number {
        min: u32,
        max: u32,
    },
    Prefix,
    /// One or more prefixes, apart by commas or blanks.
    Prefixes,
    Address,
    /// One of a list that the world or the form gives.
    Choice(Source),
    /// A pod, node, VM or address, found by typing.
    Endpoint,
    /// What an NSG rule can name: `*`, a service tag, prefixes or addresses, found by typing.
    RuleAddresses,
}

/// Where the choices of a field come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Fixed words; each has the text id `build-choice-WORD`.
    Words(&'static [&'static str]),
    Vnets,
    /// `VNET/SUBNET`
    Subnets,
    /// Subnets, and none.
    SubnetsOrNone,
    Clusters,
    /// `CLUSTER/POOL`
    Pools,
    /// `CLUSTER/DEPLOYMENT`
    Deployments,
    Tables,
    /// Tables, and none.
    TablesOrNone,
    Nsgs,
    /// NSGs, and none.
    NsgsOrNone,
    /// `subnet:VNET/SUBNET` and `nic:NAME`
    NsgTargets,
    Nics,
    /// Interfaces of the host in [`FieldId::Host`].
    Devs,
}

/// One field of one form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldSpec {
    pub id: FieldId,
    pub input: Input,
    /// May stay empty.
    pub optional: bool,
    /// Shown only while another field holds one of these words.
    pub when: Option<(FieldId, &'static [&'static str])>,
    /// One of the fields that most people leave as they are.
    pub more: bool,
}

impl FieldSpec {
    pub(super) const fn new(id: FieldId, input: Input) -> Self {
        Self { id, input, optional: false, when: None, more: false }
    }

    pub(super) const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    pub(super) const fn more(self) -> Self {
        Self { more: true, ..self }
    }

    pub(super) const fn when(self, other: FieldId, words: &'static [&'static str]) -> Self {
        Self { when: Some((other, words)), ..self }
    }

    /// Whether the field is shown beside these values.
    pub fn is_shown(&self, values: &super::Values) -> bool {
        self.when.is_none_or(|(other, words)| words.contains(&values.get(other)))
    }
}
