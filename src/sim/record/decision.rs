//! Every kind of decision, with its evidence. Each has a stable code, by which texts, tests and links name it.

use crate::sim::addr::Mac;
use crate::sim::fabric::effective_routes::RouteChoice;
use crate::sim::fabric::nic::Unified;
use crate::sim::fabric::nsg::NsgVerdict;
use crate::sim::host::bridge::{FdbLookup, Learning};
use crate::sim::host::conntrack::{CtState, Direction, End, Flow};
use crate::sim::host::ebtables::{EbChain, EbHit};
use crate::sim::host::fib::FibChoice;
use crate::sim::host::neighbor::Resolution;
use crate::sim::host::netfilter::{Hook, RuleTried, TableName, Verdict};
use crate::sim::ids::{IfIndex, InterfaceId, NicId, NsgId, SubnetId};
use crate::sim::packet::{Protocol, Tuple};
use std::net::Ipv4Addr;
use std::rc::Rc;

pub use super::control::{CniError, ControlStep, Fit, NodeScore};

/// What was decided at one step, and by what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// A packet begins.
    Originate(Origin),
    /// A frame came in at an interface: taken in, or not.
    Receive(Accept),
    /// The bridge notes behind which port a source address is.
    Learn { bridge: IfIndex, port: IfIndex, mac: Mac, learning: Learning },
    /// The bridge picks the ports of a frame.
    BridgeForward { bridge: IfIndex, dst: Mac, lookup: FdbLookup, to: Vec<IfIndex>, up: bool },
    /// A rule of the bridge (`ebtables`) applies to the frame.
    BridgeRule { chain: EbChain, hit: Rc<EbHit> },
    /// The host looks the destination up in its routing tables.
    Route(Rc<RouteLookup>),
    /// The packet is forwarded and loses one from its TTL.
    Forward { ttl: u8 },
    /// Connection tracking finds or begins the flow.
    Track { state: CtState, direction: Direction, flow: Flow },
    /// A table of netfilter is walked.
    Rules { table: TableName, hook: Hook, verdict: Verdict, tried: Rc<Vec<RuleTried>> },
    /// NAT rewrites one end of the packet as the flow says.
    Translate { hook: Hook, end: End, from: Tuple, to: Tuple },
    /// The neighbour table is asked for the hardware address of the next hop.
    Resolve { dev: IfIndex, next_hop: Ipv4Addr, resolution: Resolution },
    /// The neighbour table takes note of an ARP message.
    Neighbor { ip: Ipv4Addr, mac: Mac, how: ArpNote },
    /// Whether an ARP request is answered.
    ArpAnswer(ArpAnswer),
    /// A frame goes out of an interface.
    Transmit { link: Link },
    /// The packet has reached a program or the kernel of the host it was for.
    Deliver(Delivery),
    /// The network's port checks the source address.
    SourceCheck { nic: NicId, own: bool, ip_forwarding: bool },
    /// A network security group is walked, or the packet belongs to a flow that was let through.
    Nsg(Rc<NsgStep>),
    /// The flow table of the port has an entry for the packet: used, or made by an older policy and passed over.
    UnifiedFlow { outbound: bool, entry: Unified, usable: bool },
    /// Azure picks the next hop.
    EffectiveRoute { subnet: SubnetId, choice: Rc<RouteChoice> },
    /// The network finds the NIC to deliver to.
    NextHop { address: Ipv4Addr, nic: NicId, appliance: bool, ip_forwarding: bool },
    /// The packet leaves for the internet.
    LeavesAzure { via: Exit },
    /// The packet ends here.
    Drop(DropReason),
    /// A control loop did something.
    Control(Rc<ControlStep>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A person's or a program's packet.
    Program,
    /// An answer to an echo request, a datagram or a segment.
    Answer,
    ArpRequest {
        dev: IfIndex,
        target: Ipv4Addr,
        probe: bool,
    },
    ArpReply {
        dev: IfIndex,
    },
    /// An interface announces its address when it comes up.
    ArpAnnounce {
        dev: IfIndex,
    },
    IcmpError {
        source_from: IfIndex,
    },
}

/// Why a frame was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Accept {
    /// Its destination is the address of the interface.
    Unicast,
    Broadcast,
    /// The interface is a port of a bridge: the bridge takes every frame.
    BridgePort {
        bridge: IfIndex,
    },
    Loopback,
}

/// A lookup in the tables of a host.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RouteLookup {
    pub dst: Ipv4Addr,
    /// The interface that owns the destination (routing table `local`): then `main` was not asked.
    pub local: Option<IfIndex>,
    pub choice: FibChoice,
    /// Whether the packet came from another host.
    pub input: bool,
    pub ip_forward: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArpNote {
    /// An answer to this host's request: reachable.
    Confirmed,
    /// Seen in a request: stale until confirmed.
    Observed,
    /// Not for this host and no entry to correct.
    Ignored,
    /// Another answer came less than a second before, or the entry is fixed: it stays.
    Kept,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ArpAnswer {
    /// The address is this host's own.
    Own {
        mac: Mac,
    },
    /// The address is routed out of another interface and the interface answers for such.
    Proxy {
        mac: Mac,
        out: IfIndex,
    },
    /// Azure's network answers for every address but the asker's own.
    Fabric {
        mac: Mac,
    },
    Silent(ArpSilence),
}

/// Why nobody answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArpSilence {
    NotMine,
    Announcement,
    /// The network does not answer a guest's request for the guest's own address.
    AskersOwn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Link {
    Veth {
        peer: InterfaceId,
    },
    /// Up or down between a host and its own bridge.
    Bridge {
        bridge: IfIndex,
    },
    Nic {
        nic: NicId,
    },
    /// From Azure's network into a guest.
    Guest {
        to: InterfaceId,
    },
    Loopback,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// An echo request: the kernel answers.
    Echo,
    /// A program listens on the port.
    Listener { protocol: Protocol, port: u16 },
    /// What a program of this host waited for.
    Answer { protocol: Protocol },
    /// An ICMP error about a packet of this host.
    Error,
    /// An ARP message has done its work.
    Arp,
    /// Nothing listens: TCP answers with a reset, UDP with an ICMP error.
    Closed { protocol: Protocol, port: u16 },
    /// A reset or a last acknowledgement: nothing is sent back.
    Segment,
}

/// One NSG at one place of the path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NsgStep {
    pub outbound: bool,
    pub scope: NsgScope,
    pub outcome: NsgOutcome,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NsgScope {
    Nic(NicId),
    Subnet(SubnetId),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NsgOutcome {
    /// No group is attached: all may pass.
    NoGroup,
    /// The flow was allowed before: no rule is read.
    KnownFlow {
        first: Tuple,
    },
    Evaluated {
        nsg: NsgId,
        verdict: NsgVerdict,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exit {
    Internet,
    Platform,
    Gateway,
}

/// Why a packet ends without being delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DropReason {
    /// The frame's destination is another hardware address.
    NotForMe,
    /// The ARP request is about an address of somebody else.
    ArpNotMine,
    InterfaceDown,
    /// The interface at the other end is down or gone.
    NoCarrier,
    /// The bridge has not noticed yet that the port's link is up again.
    PortDisabled,
    /// The bridge would send it back out of the port it came from.
    SamePort,
    /// It came from outside with a source address of the host's own.
    MartianSource,
    /// The host does not forward (`ip_forward` 0).
    ForwardingOff,
    TtlExpired,
    NoRoute,
    RouteUnreachable,
    RouteBlackhole,
    NeighborFailed,
    TooBig {
        mtu: u16,
    },
    FilterDrop,
    /// By the policy of a chain.
    PolicyDrop,
    FilterReject,
    /// Its flow was masqueraded for another interface.
    MasqueradedElsewhere,
    /// An answer that no program waits for.
    NobodyWaits,
    /// No address to send from.
    NoSource,
    /// The source is not the NIC's and its IP forwarding is off.
    SourceNotOwned,
    /// The frame's source is not the hardware address of the NIC.
    SourceMacNotOwned,
    NsgDenied,
    /// The winning route has next hop type None.
    RouteNone,
    /// No route at all in Azure.
    NoEffectiveRoute,
    /// No NIC has this address.
    NoSuchAddress,
    /// The next hop's NIC has IP forwarding off.
    ApplianceNotForwarding,
    /// The next hop is a gateway that the network does not have.
    NoGateway,
    /// The subnet's gateway address is only an ARP answer.
    GatewayIsNoHost,
    /// Outbound through the load balancer or NAT gateway translates TCP and UDP only.
    IcmpNotTranslated,
    /// The simulation gave up: a packet went round for too long.
    StepLimit,
    /// The network carries no broadcast.
    NoBroadcast,
    /// It left for a place that is not simulated.
    OutsideSimulation,
}

impl Decision {
    /// Stable name of this kind of decision.
    pub fn code(&self) -> &'static str {
        match self {
            Decision::Originate(o) => match o {
                Origin::Program => "originate",
                Origin::Answer => "answer",
                Origin::ArpRequest { .. } => "arp-request",
                Origin::ArpReply { .. } => "arp-reply",
                Origin::ArpAnnounce { .. } => "arp-announce",
                Origin::IcmpError { .. } => "icmp-error",
            },
            Decision::Receive(_) => "receive",
            Decision::Learn { .. } => "bridge-learn",
            Decision::BridgeForward { .. } => "bridge-forward",
            Decision::BridgeRule { .. } => "bridge-rule",
            Decision::Route(_) => "route",
            Decision::Forward { .. } => "forward",
            Decision::Track { .. } => "conntrack",
            Decision::Rules { table, .. } => match table {
                TableName::Nat => "nat-rules",
                TableName::Filter => "filter-rules",
            },
            Decision::Translate { .. } => "nat-translate",
            Decision::Resolve { .. } => "neighbor",
            Decision::Neighbor { .. } => "arp-note",
            Decision::ArpAnswer(_) => "arp-answer",
            Decision::Transmit { .. } => "transmit",
            Decision::Deliver(_) => "deliver",
            Decision::SourceCheck { .. } => "source-check",
            Decision::Nsg(_) => "nsg",
            Decision::UnifiedFlow { .. } => "unified-flow",
            Decision::EffectiveRoute { .. } => "effective-route",
            Decision::NextHop { .. } => "next-hop",
            Decision::LeavesAzure { .. } => "leaves-azure",
            Decision::Drop(_) => "drop",
            Decision::Control(step) => step.code(),
        }
    }
}

macro_rules! literal_codes {
    ($type:ident { $($pattern:pat => $code:literal),* $(,)? }) => {
        impl $type {
            /// Stable name of this kind.
            pub const fn code(&self) -> &'static str {
                match self { $($pattern => $code),* }
            }
        }
    };
}
pub(super) use literal_codes;

literal_codes!(
    DropReason {
        DropReason::NotForMe => "not-for-me",
        DropReason::ArpNotMine => "arp-not-mine",
        DropReason::InterfaceDown => "interface-down",
        DropReason::NoCarrier => "no-carrier",
        DropReason::PortDisabled => "port-disabled",
        DropReason::SamePort => "same-port",
        DropReason::MartianSource => "martian-source",
        DropReason::ForwardingOff => "forwarding-off",
        DropReason::TtlExpired => "ttl-expired",
        DropReason::NoRoute => "no-route",
        DropReason::RouteUnreachable => "route-unreachable",
        DropReason::RouteBlackhole => "route-blackhole",
        DropReason::NeighborFailed => "neighbor-failed",
        DropReason::TooBig { .. } => "too-big",
        DropReason::FilterDrop => "filter-drop",
        DropReason::PolicyDrop => "policy-drop",
        DropReason::FilterReject => "filter-reject",
        DropReason::MasqueradedElsewhere => "masqueraded-elsewhere",
        DropReason::NobodyWaits => "nobody-waits",
        DropReason::NoSource => "no-source",
        DropReason::SourceNotOwned => "source-not-owned",
        DropReason::SourceMacNotOwned => "source-mac-not-owned",
        DropReason::NsgDenied => "nsg-denied",
        DropReason::RouteNone => "route-none",
        DropReason::NoEffectiveRoute => "no-effective-route",
        DropReason::NoSuchAddress => "no-such-address",
        DropReason::ApplianceNotForwarding => "appliance-not-forwarding",
        DropReason::NoGateway => "no-gateway",
        DropReason::GatewayIsNoHost => "gateway-is-no-host",
        DropReason::IcmpNotTranslated => "icmp-not-translated",
        DropReason::StepLimit => "step-limit",
        DropReason::NoBroadcast => "no-broadcast",
        DropReason::OutsideSimulation => "outside-simulation",
    }
);
