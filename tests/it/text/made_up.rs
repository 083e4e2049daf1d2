//! One step for every kind of decision and every case of it.

use super::samples::{POD_A, POD_B, Spots, arp, echo, frames, mac, packet, step};
use ipnet::{IpNet, Ipv4Net};
use podhop::sim::addr::Mac;
use podhop::sim::fabric::effective_routes::{EffectiveRoute, Lost, NextHop, RouteChoice, RouteSource, RouteState};
use podhop::sim::fabric::nsg::{
    self, Access, Direction as Way, NsgVerdict, PlatformService, SecurityRule, ServiceTag, SideMatch, TagMember,
};
use podhop::sim::host::bridge::{FdbLookup, Learning};
use podhop::sim::host::conntrack::{CtState, Direction, End, Flow, TcpState};
use podhop::sim::host::fib::{FibChoice, Route, RouteKind, RouteLost};
use podhop::sim::host::neighbor::{NeighborState, Resolution};
use podhop::sim::host::netfilter::{Hook, RuleTried, TableName, Verdict};
use podhop::sim::ids::{IfIndex, InterfaceId, NodeId, NsgId, PodId, RouteTableId, SubnetId};
use podhop::sim::ipam::host_local::{Allocation, GetError, HostLocal, RangeConfig, Skip, Start};
use podhop::sim::packet::{Payload, Protocol, Tuple, Unreachable};
use podhop::sim::record::decision::*;
use podhop::sim::record::{Place, Step};
use podhop::sim::time::Time;
use std::net::{IpAddr, Ipv4Addr};
use std::rc::Rc;

fn net(text: &str) -> Ipv4Net {
    text.parse().unwrap()
}

pub fn steps(spots: Spots) -> Vec<Step> {
    let mut all = Vec::new();
    all.extend(host_decisions(spots).into_iter().map(|d| spots.at_host(d)));
    all.extend(fabric_decisions(spots).into_iter().map(|d| spots.at_port(d)));
    all.extend(port_drops().map(|reason| spots.at_port(Decision::Drop(reason))));
    all.extend(host_drops().map(|reason| spots.at_host(Decision::Drop(reason))));
    all.extend(own_drops().map(|reason| step(Place::Host(spots.host), None, Decision::Drop(reason), Some(echo()))));
    all.extend(
        control_steps(spots).into_iter().map(|c| step(Place::Control, None, Decision::Control(Rc::new(c)), None)),
    );
    all.extend(arp_decisions(spots));
    all.extend(
        frames()
            .into_iter()
            .map(|f| step(Place::Host(spots.host), None, Decision::Originate(Origin::Program), Some(f))),
    );
    let mut unsent = packet(Payload::Udp { src_port: 1, dst_port: 2, len: 3 });
    if let podhop::sim::packet::Body::Ip(packet) = &mut unsent.body {
        packet.src = Ipv4Addr::UNSPECIFIED;
    }
    all.push(step(Place::Host(spots.host), None, Decision::Originate(Origin::Program), Some(unsent)));
    all
}

fn arp_decisions(spots: Spots) -> Vec<Step> {
    let dev = spots.port;
    let mac = mac(7);
    let origins = [
        Origin::ArpRequest { dev, target: POD_B, probe: false },
        Origin::ArpRequest { dev, target: POD_B, probe: true },
        Origin::ArpReply { dev },
        Origin::ArpAnnounce { dev },
    ];
    let answers = [
        ArpAnswer::Own { mac },
        ArpAnswer::Proxy { mac, out: spots.eth0 },
        ArpAnswer::Fabric { mac: Mac::AZURE },
        ArpAnswer::Silent(ArpSilence::NotMine),
        ArpAnswer::Silent(ArpSilence::Announcement),
        ArpAnswer::Silent(ArpSilence::AskersOwn),
    ];
    let decisions = origins.map(Decision::Originate).into_iter().chain(answers.map(Decision::ArpAnswer));
    let places = [Place::Host(spots.host), Place::Port(spots.nic)];
    decisions
        .flat_map(|d| places.map(|at| step(at, matches!(at, Place::Host(_)).then_some(dev), d.clone(), Some(arp()))))
        .collect()
}

fn host_decisions(spots: Spots) -> Vec<Decision> {
    let (bridge, port, eth0, mac) = (spots.bridge, spots.port, spots.eth0, mac(2));
    let peer = InterfaceId { host: spots.host, index: eth0 };
    let mut all = vec![
        Decision::Originate(Origin::Answer),
        Decision::Originate(Origin::IcmpError { source_from: eth0 }),
        Decision::Forward { ttl: 63 },
    ];
    all.extend(
        [Accept::Unicast, Accept::Broadcast, Accept::BridgePort { bridge }, Accept::Loopback].map(Decision::Receive),
    );
    all.extend(
        [Learning::New, Learning::Refreshed, Learning::Moved { from: eth0 }, Learning::NotLearned]
            .map(|learning| Decision::Learn { bridge, port, mac, learning }),
    );
    let many = vec![port; 9];
    let forward = |lookup, to, up| Decision::BridgeForward { bridge, dst: mac, lookup, to, up };
    all.extend([
        forward(FdbLookup::Local, vec![], true),
        forward(FdbLookup::Port(port), vec![], true),
        forward(FdbLookup::Port(port), vec![port], true),
        forward(FdbLookup::Group, vec![port], true),
        forward(FdbLookup::Group, many.clone(), false),
        forward(FdbLookup::Unknown { aged_out: false }, many, true),
        forward(FdbLookup::Unknown { aged_out: true }, vec![port], false),
    ]);
    let links = [
        Link::Veth { peer },
        Link::Bridge { bridge },
        Link::Nic { nic: spots.nic },
        Link::Guest { to: peer },
        Link::Loopback,
    ];
    all.extend(links.map(|link| Decision::Transmit { link }));
    all.extend([ArpNote::Confirmed, ArpNote::Observed, ArpNote::Ignored].map(|how| Decision::Neighbor {
        ip: POD_A,
        mac,
        how,
    }));
    all.extend(lookups(eth0));
    all.extend(netfilter());
    all.extend(resolutions(eth0));
    all.extend(deliveries().map(Decision::Deliver));
    all
}

fn lookups(dev: IfIndex) -> Vec<Decision> {
    let route = |dst: &str, kind| Route { kind, ..Route::to(net(dst), dev, None) };
    let via = RouteKind::Unicast { dev, via: Some(Ipv4Addr::new(10, 0, 0, 1)) };
    let link = RouteKind::Unicast { dev, via: None };
    let lookup = |local, won: Option<Route>, lost: Vec<(Route, RouteLost)>, ip_forward| {
        let choice = FibChoice { won, lost };
        Decision::Route(Rc::new(RouteLookup { dst: POD_B, local, choice, input: true, ip_forward }))
    };
    let default = route("0.0.0.0/0", via);
    let shorter = (default, RouteLost::ShorterPrefix { winner: 24 });
    let metric = (route("10.244.0.0/24", via), RouteLost::HigherMetric { winner: 0 });
    vec![
        lookup(Some(dev), None, vec![], true),
        lookup(None, Some(default), vec![], true),
        lookup(None, Some(route("0.0.0.0/0", link)), vec![], false),
        lookup(None, Some(route("10.244.0.0/24", link)), vec![], true),
        lookup(None, Some(route("10.244.0.0/24", via)), vec![shorter], true),
        lookup(None, Some(route("10.244.0.0/24", link)), vec![metric, shorter], true),
        lookup(None, Some(route("10.244.0.0/24", RouteKind::Unreachable)), vec![], true),
        lookup(None, Some(route("10.244.0.0/24", RouteKind::Blackhole)), vec![], true),
        lookup(None, None, vec![], true),
    ]
}

fn tuple(protocol: Protocol) -> Tuple {
    Tuple { protocol, src: POD_A, src_port: 40000, dst: POD_B, dst_port: 80 }
}

fn netfilter() -> Vec<Decision> {
    let original = tuple(Protocol::Tcp);
    let flow = Flow { original, reply: original.reversed(), seen_reply: false, tcp: TcpState::None, expires: Time(1) };
    let directions = [Direction::Original, Direction::Reply];
    let states = [CtState::New, CtState::Established, CtState::Related, CtState::Invalid];
    let tracks =
        directions.into_iter().flat_map(|direction| states.map(|state| Decision::Track { state, direction, flow }));
    let to = Ipv4Addr::new(10, 0, 0, 4);
    let filter = vec![Verdict::Policy, Verdict::Accept, Verdict::Drop, Verdict::Reject(Unreachable::Port)];
    let nat = [Verdict::Masquerade { random_fully: false }, Verdict::Snat(to), Verdict::Dnat { to, port: Some(8080) }];
    let nat = filter.iter().copied().chain(nat).collect::<Vec<_>>();
    let tried = |chain: &str, number| vec![RuleTried { chain: chain.into(), number, missed: None }];
    let chains = [vec![], tried("IP-MASQ-AGENT", 1), tried("POSTROUTING", 1)];
    let rules = [(TableName::Nat, nat), (TableName::Filter, filter)].into_iter().flat_map(|(table, verdicts)| {
        let chains = chains.clone();
        verdicts.into_iter().flat_map(move |verdict| {
            chains.clone().map(|tried| Decision::Rules {
                table,
                hook: Hook::Postrouting,
                verdict,
                tried: Rc::new(tried),
            })
        })
    });
    let translations = [End::Source, End::Destination].into_iter().flat_map(|end| {
        [Protocol::Tcp, Protocol::Icmp].map(|p| Decision::Translate {
            hook: Hook::Postrouting,
            end,
            from: tuple(p),
            to: tuple(p).reversed(),
        })
    });
    tracks.chain(rules).chain(translations).collect()
}

fn resolutions(dev: IfIndex) -> Vec<Decision> {
    let states = [
        NeighborState::Incomplete,
        NeighborState::Reachable { until: Time(1) },
        NeighborState::Stale,
        NeighborState::Delay,
        NeighborState::Probe,
        NeighborState::Failed,
        NeighborState::Permanent,
    ];
    let known =
        states.map(|state| Resolution::Known { mac: mac(3), state, check_later: state == NeighborState::Stale });
    let all = known.into_iter().chain([Resolution::Ask, Resolution::Wait]);
    let hops = [POD_B, Ipv4Addr::new(10, 0, 0, 4)];
    all.flat_map(|resolution| hops.map(|next_hop| Decision::Resolve { dev, next_hop, resolution })).collect()
}

fn deliveries() -> [Delivery; 8] {
    [
        Delivery::Echo,
        Delivery::Listener { protocol: Protocol::Tcp, port: 80 },
        Delivery::Answer { protocol: Protocol::Icmp },
        Delivery::Error,
        Delivery::Arp,
        Delivery::Closed { protocol: Protocol::Tcp, port: 81 },
        Delivery::Closed { protocol: Protocol::Udp, port: 9 },
        Delivery::Segment,
    ]
}

fn fabric_decisions(spots: Spots) -> Vec<Decision> {
    let nic = spots.nic;
    let mut all = Vec::new();
    for (own, ip_forwarding) in [(true, false), (false, true), (false, false)] {
        all.push(Decision::SourceCheck { nic, own, ip_forwarding });
        let address = Ipv4Addr::new(10, 0, 0, 5);
        all.push(Decision::NextHop { address, nic, appliance: !own, ip_forwarding });
    }
    all.extend([Exit::Internet, Exit::Platform, Exit::Gateway].map(|via| Decision::LeavesAzure { via }));
    all.extend(choices());
    for scope in [NsgScope::Nic(nic), NsgScope::Subnet(SubnetId(0))] {
        for outbound in [true, false] {
            all.extend(
                nsg_outcomes().into_iter().map(|outcome| Decision::Nsg(Rc::new(NsgStep { outbound, scope, outcome }))),
            );
        }
    }
    all
}

fn choices() -> Vec<Decision> {
    let row = |source, prefix: &str, next_hop| EffectiveRoute {
        source,
        state: RouteState::Active,
        prefix: net(prefix),
        next_hop,
        name: None,
    };
    let appliance = NextHop::VirtualAppliance(Ipv4Addr::new(10, 0, 0, 5));
    let shorter = Lost::ShorterPrefix { winner: 24 };
    let hops = [
        NextHop::VnetLocal,
        NextHop::VnetPeering,
        NextHop::Internet,
        appliance,
        NextHop::VirtualNetworkGateway(None),
        NextHop::None,
    ];
    let default = |lost| (row(RouteSource::Default, "10.0.0.0/8", NextHop::None), lost);
    let mut all: Vec<RouteChoice> = hops
        .map(|hop| RouteChoice { won: Some(row(RouteSource::Default, "10.0.0.0/8", hop)), lost: vec![] })
        .into_iter()
        .collect();
    all.push(RouteChoice { won: None, lost: vec![] });
    all.push(RouteChoice {
        won: Some(row(RouteSource::User, "10.244.0.0/24", appliance)),
        lost: vec![default(shorter)],
    });
    let user = Lost::OverriddenBy(RouteSource::User);
    all.push(RouteChoice { won: Some(row(RouteSource::User, "10.0.0.0/8", appliance)), lost: vec![default(user)] });
    let gateway = (
        row(RouteSource::VirtualNetworkGateway, "10.0.0.0/9", NextHop::None),
        Lost::SystemPreferred(net("10.0.0.0/8")),
    );
    all.push(RouteChoice {
        won: Some(row(RouteSource::VirtualNetworkGateway, "10.0.0.0/8", appliance)),
        lost: vec![gateway],
    });
    // Of a subnet with a route table and of one without.
    [SubnetId(0), SubnetId(1)]
        .into_iter()
        .flat_map(|subnet| all.iter().map(move |c| Decision::EffectiveRoute { subnet, choice: Rc::new(c.clone()) }))
        .collect()
}

fn nsg_outcomes() -> Vec<NsgOutcome> {
    let rule = Rc::new(SecurityRule::new("icmp_permit", 200, Way::Inbound, Access::Allow));
    let [vnet_in, ..] = SecurityRule::defaults();
    let members = [
        TagMember::VnetSpace(net("10.0.0.0/16")),
        TagMember::PeeredSpace(net("10.1.0.0/16")),
        TagMember::OnPremises(net("10.2.0.0/16")),
        TagMember::UserRoute { route: "r".into(), prefix: net("10.244.0.0/24") },
        TagMember::Platform(Ipv4Addr::new(168, 63, 129, 16)),
        TagMember::Public,
    ];
    let evaluated = |access, considered, decided_by| NsgOutcome::Evaluated {
        nsg: NsgId(0),
        verdict: NsgVerdict { direction: Way::Inbound, access, decided_by, considered },
    };
    let by = |rule: &Rc<SecurityRule>, source| nsg::Decision::Rule {
        rule: rule.clone(),
        source,
        destination: SideMatch::Any,
    };
    let missed = vec![(rule.clone(), nsg::Miss::Protocol)];
    let mut all: Vec<NsgOutcome> = members
        .map(|m| {
            evaluated(
                Access::Allow,
                missed.clone(),
                by(&Rc::new(vnet_in.clone()), SideMatch::Tag(ServiceTag::VirtualNetwork, m)),
            )
        })
        .into_iter()
        .collect();
    all.push(evaluated(Access::Deny, vec![], by(&rule, SideMatch::Prefix(net("10.0.0.0/8")))));
    all.push(evaluated(Access::Allow, vec![], nsg::Decision::PlatformExempt(PlatformService::Dns)));
    all.extend([
        NsgOutcome::NoGroup,
        NsgOutcome::KnownFlow { first: tuple(Protocol::Icmp) },
        NsgOutcome::KnownFlow { first: tuple(Protocol::Tcp) },
    ]);
    all
}

fn port_drops() -> impl Iterator<Item = DropReason> {
    let all = [
        DropReason::SourceNotOwned,
        DropReason::NsgDenied,
        DropReason::RouteNone,
        DropReason::NoEffectiveRoute,
        DropReason::NoSuchAddress,
        DropReason::ApplianceNotForwarding,
        DropReason::NoGateway,
        DropReason::GatewayIsNoHost,
        DropReason::IcmpNotTranslated,
        DropReason::NoBroadcast,
        DropReason::OutsideSimulation,
    ];
    all.into_iter()
}

fn host_drops() -> impl Iterator<Item = DropReason> {
    let all = [
        DropReason::NotForMe,
        DropReason::InterfaceDown,
        DropReason::NoCarrier,
        DropReason::SamePort,
        DropReason::ForwardingOff,
        DropReason::TtlExpired,
        DropReason::NeighborFailed,
        DropReason::FilterReject,
        DropReason::NobodyWaits,
        DropReason::StepLimit,
    ];
    all.into_iter().chain(own_drops())
}

/// What can happen to a packet before it is at an interface.
fn own_drops() -> impl Iterator<Item = DropReason> {
    let all = [
        DropReason::NoRoute,
        DropReason::RouteUnreachable,
        DropReason::RouteBlackhole,
        DropReason::TooBig { mtu: 1400 },
        DropReason::FilterDrop,
        DropReason::NoSource,
    ];
    all.into_iter()
}

fn control_steps(spots: Spots) -> Vec<ControlStep> {
    let (node, pod, table) = (NodeId(0), PodId(0), RouteTableId(0));
    let address = Ipv4Addr::new(10, 0, 0, 4);
    let block = net("10.244.1.0/24");
    let score = |fit| NodeScore { node, same: 1, pods: 2, fit };
    let fits = [Fit::Fits, Fit::Fits, Fit::NotReady, Fit::TooManyPods { max: 110 }, Fit::AlreadyOne, Fit::Cordoned]
        .map(score)
        .to_vec();
    let mut all = vec![
        ControlStep::VmCreated { node, address },
        ControlStep::NodeRegistered { node },
        ControlStep::NodeCidr { node, block, index: 1, passed: 1 },
        ControlStep::NodeCidrExhausted { node },
        ControlStep::NodeReady { node },
        ControlStep::RouteWritten { table, node, prefix: block, next_hop: address },
        ControlStep::RouteRemoved { table, name: "aks-x-vmss000009".into() },
        ControlStep::RouteLimit { table, node },
        ControlStep::PodScheduled { pod, node, scores: fits.clone() },
        ControlStep::PodScheduled { pod, node, scores: vec![score(Fit::Fits)] },
        ControlStep::PodPending { pod, scores: fits },
        ControlStep::PodHostNetwork { pod, node },
        ControlStep::BridgeCreated { node, host: spots.host, dev: spots.bridge, address: block },
        ControlStep::MasqueradeRules { node, kept: vec![block] },
        ControlStep::PodRunning { pod },
        ControlStep::PodDeleted { name: "nginx".into(), address: None },
        ControlStep::PodDeleted { name: "nginx".into(), address: Some(POD_A) },
        ControlStep::NodeDeleted { name: "node".into(), block: Some(block), address },
    ];
    all.extend(allocations().into_iter().map(|allocation| ControlStep::PodNetwork {
        pod,
        node,
        host: spots.host,
        allocation,
    }));
    all.extend(cni_errors().into_iter().map(|error| ControlStep::PodNetworkFailed { pod, node, error }));
    all
}

fn allocations() -> Vec<Allocation> {
    let last = IpAddr::V4(POD_A);
    let walked = vec![(last, Skip::Gateway), (last, Skip::Taken)].repeat(5);
    [Start::Requested, Start::RangeStart, Start::AfterLast(last), Start::LastOutside(last)]
        .map(|started| Allocation { address: IpNet::from(last), gateway: last, started, walked: walked.clone() })
        .to_vec()
}

fn cni_errors() -> Vec<CniError> {
    let address = IpAddr::V4(POD_A);
    let store = HostLocal::new(&[vec![RangeConfig::from(IpNet::V4(net("10.244.1.0/24")))]]).unwrap();
    let ranges = store.sets()[0].clone();
    let ipam = [
        GetError::NoSuchSet { set: 1 },
        GetError::NotInSet { address, ranges: ranges.clone() },
        GetError::IsGateway { address },
        GetError::NotAvailable { address, ranges: ranges.clone() },
        GetError::Duplicate { address, container: "abc".into() },
        GetError::Exhausted { ranges },
    ];
    ipam.map(CniError::Ipam).into_iter().chain([CniError::NoPodCidr, CniError::NodeGone]).collect()
}
