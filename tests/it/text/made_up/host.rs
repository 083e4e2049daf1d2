//! Decisions of hosts.

use super::net;
use crate::text::samples::{POD_A, POD_B, Spots, mac};
use podhop::sim::host::bridge::{FdbLookup, Learning};
use podhop::sim::host::conntrack::{CtState, Direction, End, Flow, TcpState};
use podhop::sim::host::fib::{FibChoice, Route, RouteKind, RouteLost};
use podhop::sim::host::neighbor::{NeighborState, Resolution};
use podhop::sim::host::netfilter::{Hook, RuleTried, TableName, Verdict};
use podhop::sim::ids::{IfIndex, InterfaceId};
use podhop::sim::packet::{Protocol, Tuple, Unreachable};
use podhop::sim::record::decision::{Accept, ArpNote, Decision, Delivery, Link, Origin, RouteLookup};
use podhop::sim::time::Time;
use std::net::Ipv4Addr;
use std::rc::Rc;

pub(super) fn host_decisions(spots: Spots) -> Vec<Decision> {
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
    all.extend(
        [ArpNote::Confirmed, ArpNote::Observed, ArpNote::Ignored, ArpNote::Kept].map(|how| Decision::Neighbor {
            ip: POD_A,
            mac,
            how,
        }),
    );
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

pub(super) fn tuple(protocol: Protocol) -> Tuple {
    Tuple { protocol, src: POD_A, src_port: 40000, dst: POD_B, dst_port: 80 }
}

fn netfilter() -> Vec<Decision> {
    let original = tuple(Protocol::Tcp);
    let flow = Flow {
        original,
        reply: original.reversed(),
        seen_reply: false,
        tcp: TcpState::None,
        assured: false,
        masqueraded_by: None,
        since: Time(0),
        expires: Time(1),
    };
    let directions = [Direction::Original, Direction::Reply];
    let states = [CtState::New, CtState::Established, CtState::Related, CtState::Invalid];
    let tracks =
        directions.into_iter().flat_map(|direction| states.map(|state| Decision::Track { state, direction, flow }));
    let to = Ipv4Addr::new(10, 0, 0, 4);
    let filter =
        vec![Verdict::Policy, Verdict::PolicyDrop, Verdict::Accept, Verdict::Drop, Verdict::Reject(Unreachable::Port)];
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
