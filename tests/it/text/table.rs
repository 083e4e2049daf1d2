//! Sentences as they read, and the reasons of rows.

use super::samples::{Spots, lab, probe};
use crate::fixture::ping;
use podhop::session::Session;
use podhop::sim::action::error::ActionError;
use podhop::sim::engine::probe::ProbeProtocol;
use podhop::sim::fabric::effective_routes::{Lost, RouteSource};
use podhop::sim::fabric::nsg::{Fate, Miss};
use podhop::sim::host::ebtables::EbMatch;
use podhop::sim::host::fib::RouteLost;
use podhop::sim::host::netfilter::{Match, States};
use podhop::sim::ids::IfIndex;
use podhop::sim::ipam::host_local::Skip;
use podhop::sim::packet::{ArpOp, Protocol};
use podhop::sim::record::decision::{Decision, DropReason, Fit};
use podhop::text::*;
use std::net::Ipv4Addr;

pub(super) fn reasons(text: &Text) -> Vec<String> {
    let net = "10.0.0.0/8".parse().unwrap();
    let mut all = vec![
        lost_route(text, &RouteLost::ShorterPrefix { winner: 24 }),
        lost_route(text, &RouteLost::HigherMetric { winner: 0 }),
        lost_effective_route(text, &Lost::ShorterPrefix { winner: 24 }),
        lost_effective_route(text, &Lost::SystemPreferred(net)),
        rule_miss(text, None),
        skip(text, Skip::Gateway),
        skip(text, Skip::Taken),
    ];
    let sources = [RouteSource::Default, RouteSource::User, RouteSource::VirtualNetworkGateway];
    all.extend(sources.map(|s| lost_effective_route(text, &Lost::OverriddenBy(s))));
    let misses = [
        Miss::PlatformService,
        Miss::Protocol,
        Miss::Source,
        Miss::SourcePort,
        Miss::Destination,
        Miss::DestinationPort,
    ];
    all.extend(misses.map(|m| nsg_miss(text, m)));
    let fates = [Fate::OtherDirection, Fate::Missed(Miss::Source), Fate::Decided, Fate::NeverReached];
    all.extend(fates.map(|f| nsg_fate(text, f)));
    let conditions = [false, true]
        .into_iter()
        .flat_map(|negated| [Match::Src { net, negated }, Match::Dst { net, negated }, Match::DstLocal { negated }]);
    let interfaces = [false, true].into_iter().flat_map(|negated| {
        [Match::InInterface { dev: "eth0".into(), negated }, Match::OutInterface { dev: "eth0".into(), negated }]
    });
    let others = [
        Match::Protocol(Protocol::Udp),
        Match::SrcPort(53),
        Match::DstPort(53),
        Match::IcmpType(8),
        Match::State(States { bits: 3, old: false }),
    ];
    let conditions = conditions.chain(interfaces).chain(others);
    all.extend(conditions.map(|c| rule_miss(text, Some(&c))));
    let bridge = [
        EbMatch::In(IfIndex(2)),
        EbMatch::Out(IfIndex(2)),
        EbMatch::UnicastSource,
        EbMatch::Arp { op: ArpOp::Request, target: None },
        EbMatch::Arp { op: ArpOp::Reply, target: Some(Ipv4Addr::LOCALHOST) },
        EbMatch::IpTo(Ipv4Addr::LOCALHOST),
    ];
    all.extend(bridge.map(|c| bridge_miss(text, Some(c), |_| "eth0")));
    all.push(bridge_miss(text, None, |_| ""));
    let fits = [Fit::Fits, Fit::NotReady, Fit::TooManyPods { max: 110 }, Fit::AlreadyOne, Fit::Cordoned];
    all.extend(fits.map(|f| fit(text, f)));
    all
}

#[test]
fn every_reason_is_a_sentence() {
    for reason in reasons(&Text::english()) {
        assert!(!reason.contains("{$") && !reason.is_empty() && !reason.contains("lost-"), "{reason}");
    }
}

/// The last turn's steps of a kind, in words.
fn said(session: &Session, wanted: impl Fn(&Decision) -> bool) -> Vec<Explanation> {
    let text = Text::english();
    let turn = session.turns().last().unwrap();
    let probe = turn.record.probes().next().unwrap();
    let steps = turn.record.round_trip(probe).into_iter().map(|i| &turn.record.steps[i]);
    steps.filter(|s| wanted(&s.decision)).map(|s| explain(&text, s, &turn.world)).collect()
}

/// Names of the article's cluster have random parts.
fn short(session: &Session, words: &str) -> String {
    let world = session.world();
    let mut out = words.to_owned();
    for (at, pod) in world.pods.values().filter(|p| p.name.starts_with("nginx-")).enumerate() {
        out = out.replace(pod.name.as_ref(), &format!("nginx{}", at + 1));
    }
    out = out.replace(world.clusters.values().next().unwrap().suffix.as_ref(), "1");
    out
}

/// Which step; its title, sentence and command.
type Case = (fn(&Decision) -> bool, &'static str, &'static str, &'static str);

#[test]
fn the_articles_ping_across_nodes_reads_so() {
    let mut session = lab();
    session.act(ping("deploy/nginx/1", "deploy/nginx/2")).unwrap();
    let first = |wanted: fn(&Decision) -> bool| {
        let words = said(&session, wanted).remove(0);
        (words.title, short(&session, &plain(&words.sentence)), short(&session, &words.command.unwrap_or_default()))
    };
    let cases: [Case; 6] = [
        (
            |d| matches!(d, Decision::Originate(_)),
            "A packet begins",
            "nginx1 sends an ICMP echo request from 10.244.1.2 to 10.244.0.6.",
            "ip route get 10.244.0.6",
        ),
        (
            |d| matches!(d, Decision::Route(lookup) if lookup.input),
            "The host looks up the route",
            "No route holds 10.244.0.6 but the default: the packet leaves by eth0 for the router 10.0.0.1.",
            "ip route get 10.244.0.6 from 10.244.1.2 iif cbr0",
        ),
        (
            |d| matches!(d, Decision::Forward { .. }),
            "The host forwards the packet",
            "aks-nodepool1-1-vmss000000 passes the packet on, so the TTL falls to 63.",
            "sysctl net.ipv4.ip_forward",
        ),
        (
            |d| matches!(d, Decision::Rules { .. }),
            "The nat table is read",
            "Rule 1 of IP-MASQ-AGENT applies: 10.244.0.6 is in 10.244.0.0/16, so the packet keeps its source 10.244.1.2.",
            "iptables -t nat -L IP-MASQ-AGENT -n -v",
        ),
        (
            |d| matches!(d, Decision::EffectiveRoute { .. }),
            "Azure picks the next hop",
            "3 routes hold 10.244.0.6, and 10.244.0.0/24 is the longest prefix: the User route of aks-agentpool-1-routetable wins, so the packet goes to 10.0.0.5 with its destination unchanged.",
            "az network nic show-effective-route-table -g MC_whhk_aks01_eastus -n aks-nodepool1-1-vmss000000-nic -o table",
        ),
        (
            |d| matches!(d, Decision::NextHop { .. }),
            "Azure finds the NIC",
            "10.0.0.5 is an IP configuration of aks-nodepool1-1-vmss000001-nic. 10.244.0.6 is not, but IP forwarding is on there: the packet is delivered with its destination unchanged.",
            "az network nic show -g MC_whhk_aks01_eastus -n aks-nodepool1-1-vmss000001-nic --query enableIPForwarding",
        ),
    ];
    for (wanted, title, sentence, command) in cases {
        assert_eq!(first(wanted), (title.to_owned(), sentence.to_owned(), command.to_owned()));
    }
    let route = said(&session, |d| matches!(d, Decision::EffectiveRoute { .. })).remove(0);
    assert_eq!(plain(&route.detail[0]), "Without it, 10.0.0.0/8 wins, and the packet is dropped.");
    let rules = said(&session, |d| matches!(d, Decision::Rules { .. })).remove(0);
    assert_eq!((rules.mark, rules.source.text.as_str()), (Mark::Disputed, "Azure/AKS issue 2031"));
    let links = route.sentence.iter().filter(|f| matches!(f, Fragment::Link { .. })).count();
    assert_eq!(links, 2, "the route table and the next hop");
}

#[test]
fn hops_have_the_labels_of_the_drawing() {
    let mut session = lab();
    session.act(ping("deploy/nginx/1", "deploy/nginx/2")).unwrap();
    let text = Text::english();
    let turn = session.turns().last().unwrap();
    let probe = turn.record.probes().next().unwrap();
    let mut labels: Vec<String> =
        turn.record.path(probe).iter().map(|&i| hop_name(&text, &turn.record.steps[i], &turn.world)).collect();
    labels.dedup();
    let expected = "pod FIB ARP veth cbr0 conntrack cbr0 FIB TTL masq ARP eth0 VFP NSG UDR VFP NSG VFP eth0 conntrack FIB TTL masq ARP cbr0 veth eth0 FIB pod";
    assert_eq!(labels.join(" "), expected);
}

#[test]
fn outcomes_read_so() {
    let ends = |action| {
        let mut session = lab();
        session.act(action).unwrap();
        let turn = session.turns().last().unwrap();
        let end = turn.record.outcome(turn.record.probes().next().unwrap());
        short(&session, &plain(&outcome(&Text::english(), &end, &turn.record, &turn.world)))
    };
    let one_hop = probe("deploy/nginx/1", "deploy/nginx/2", ProbeProtocol::Icmp, 1);
    assert_eq!(ends(one_hop), "10.244.1.1 reports that the TTL was used up.");
    let closed = probe("deploy/nginx/1", "deploy/nginx/2", ProbeProtocol::Tcp { port: 81 }, 64);
    assert_eq!(ends(closed), "10.244.0.6 refuses the connection: nobody listens.");
    assert_eq!(
        ends(ping("vm/vm1", "10.0.0.1")),
        "The packet is lost at Azure at vm1-nic: 10.0.0.1 is the gateway address of a subnet. It exists as an answer to ARP alone and takes no packets."
    );
    assert!(ends(ping("deploy/nginx/1", "deploy/nginx/3")).ends_with("ms with TTL 64."));
}

#[test]
fn drops_say_what_the_sender_sees_and_what_helps() {
    let session = lab();
    let spots = Spots::of(session.world());
    let text = Text::english();
    let details = |step| {
        explain(&text, &step, session.world()).detail.iter().map(|d| short(&session, &plain(d))).collect::<Vec<_>>()
    };
    assert_eq!(
        details(spots.at_port(Decision::Drop(DropReason::SourceNotOwned))),
        [
            "Nobody is told: the sender waits in vain.",
            "What would help: IP forwarding on aks-nodepool1-1-vmss000000-nic."
        ]
    );
    assert_eq!(details(spots.at_host(Decision::Drop(DropReason::TtlExpired))), ["The sender is told by ICMP."]);
}

#[test]
fn errors_read_so() {
    let session = lab();
    let text = Text::english();
    let says = |e: ActionError| error(&text, &e, session.world());
    assert_eq!(
        says(ActionError::DnsServiceIpOutside {
            address: "10.0.0.10".parse().unwrap(),
            service: "10.200.0.0/16".parse().unwrap()
        }),
        "DnsServiceIpOutOfServiceCidr: The DNS service IP 10.0.0.10 is out of the range defined by service CIDR 10.200.0.0/16."
    );
    let size = ActionError::InsufficientSubnetSize {
        wanted: 1280,
        available: 251,
        subnet: "vlan01".into(),
        prefix: "10.0.0.0/24".parse().unwrap(),
        target: podhop::sim::action::error::SubnetTarget::Pods,
    };
    assert!(says(size).starts_with("InsufficientSubnetSize: Pre-allocated IPs 1280 exceeds IPs available 251 in Subnet Cidr 10.0.0.0/24, Subnet Name vlan01. If Autoscaler is enabled, the max-count from each nodepool is counted"));
    let full = podhop::sim::ipam::subnet_pool::PoolError::SubnetIsFull {
        prefix: "10.0.0.0/22".parse().unwrap(),
        wanted: 1,
        free: 0,
    };
    assert_eq!(
        says(ActionError::Address(full)),
        "SubnetIsFull: Subnet vlan01 with address prefix 10.0.0.0/22 does not have enough capacity for 1 IP addresses."
    );
    assert_eq!(
        says(ActionError::NotFound { kind: podhop::sim::action::error::Kind::RouteTable, name: "rt".into() }),
        "There is no route table named rt."
    );
}
