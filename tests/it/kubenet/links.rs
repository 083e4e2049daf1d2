//! ARP, bridge and links, frame by frame.

use super::*;
use crate::fixture::*;
use podhop::sim::action::Action;
use podhop::sim::addr::Mac;
use podhop::sim::packet::{Body, Icmp, Payload, Unreachable};
use podhop::sim::record::decision::{Decision, DropReason, Origin};

/// The worked ping at the end of components.md section 6: MAC pairs and TTL at each capture point, request only.
#[test]
fn mac_by_mac() {
    let before = article();
    let session = after(&before, ping("10.244.1.3", "10.244.0.6"));
    let world = session.world();
    let mac = |host: HostId, name: &str| world.hosts.get(host).unwrap().interface_named(name).unwrap().mac;
    let (node0, node1) = (host(&session, "vmss000000"), host(&session, "vmss000001"));
    let (pod1, pod3) = (pod_host(&session, "10.244.1.3"), pod_host(&session, "10.244.0.6"));
    let point = |host: HostId, name: &str| {
        let index = world.hosts.get(host).unwrap().interface_named(name).unwrap().index;
        let seen = record(&session).seen_at(InterfaceId { host, index });
        let request = seen.iter().find(|s| {
            matches!(s.frame.body.packet().map(|p| &p.payload), Some(Payload::Icmp(Icmp::EchoRequest { .. })))
        });
        let frame = &request.unwrap_or_else(|| panic!("no request at {name}")).frame;
        (frame.src, frame.dst, frame.body.packet().unwrap().ttl)
    };
    let rows = [
        ("pod eth0", point(pod1, "eth0"), (mac(pod1, "eth0"), mac(node0, "cbr0"), 64)),
        ("node0 cbr0", point(node0, "cbr0"), (mac(pod1, "eth0"), mac(node0, "cbr0"), 64)),
        ("node0 eth0", point(node0, "eth0"), (mac(node0, "eth0"), Mac::AZURE, 63)),
        ("node1 eth0", point(node1, "eth0"), (Mac::AZURE, mac(node1, "eth0"), 63)),
        ("node1 cbr0", point(node1, "cbr0"), (mac(node1, "cbr0"), mac(pod3, "eth0"), 62)),
        ("pod3 eth0", point(pod3, "eth0"), (mac(node1, "cbr0"), mac(pod3, "eth0"), 62)),
    ];
    for (what, found, expected) in rows {
        assert_eq!(found, expected, "{what}");
    }
}

/// The same: pod1 asks for 10.244.1.1, node0 for 10.0.0.1, node1 for 10.244.0.6; nobody asks for a remote pod.
#[test]
fn arp_before_the_first_packet() {
    let session = after(&article(), ping("10.244.1.3", "10.244.0.6"));
    let record = record(&session);
    let asked: Vec<String> = record
        .steps
        .iter()
        .filter(|s| s.decision.code() == "arp-request")
        .filter_map(|s| match &s.before.as_ref()?.body {
            Body::Arp(arp) => Some(format!("{} asks for {}", arp.sender_ip, arp.target_ip)),
            Body::Ip(_) => None,
        })
        .collect();
    let expected = [
        "10.244.1.3 asks for 10.244.1.1",
        "10.0.0.4 asks for 10.0.0.1",
        "10.244.0.1 asks for 10.244.0.6",
        "10.0.0.5 asks for 10.0.0.1",
    ];
    assert_eq!(asked, expected);
}

/// components.md 4.1, measured: after the bridge has forgotten a pod, only the first frame to it is flooded.
#[test]
fn unknown_unicast_is_flooded_once() {
    let mut session = after(&article(), ping("10.244.1.3", "10.244.1.2"));
    session.act(Action::Flush { host: "10.0.0.4".into(), table: podhop::sim::action::FlushTable::Fdb }).unwrap();
    let flooded = |session: &Session| {
        record(session).steps.iter().any(|s| {
            matches!(
                s.decision,
                Decision::BridgeForward { lookup: podhop::sim::host::bridge::FdbLookup::Unknown { .. }, .. }
            )
        })
    };
    let first = after(&session, ping("10.244.1.3", "10.244.1.2"));
    assert!(flooded(&first));
    assert!(!flooded(&after(&first, ping("10.244.1.3", "10.244.1.2"))));
}

/// Linux: taking an interface down takes its routes away; bringing it up brings back only the connected one.
#[test]
fn link_down_and_up() {
    let mut session = article();
    let link = |up| Action::SetLink { host: "10.0.0.4".into(), dev: "eth0".into(), up };
    session.act(link(false)).unwrap();
    assert_eq!(error(&after(&session, ping("10.244.1.3", "10.244.0.6"))).0, ErrorKind::Unreachable(Unreachable::Net));
    session.act(link(true)).unwrap();
    let node = session.world().hosts.get(host(&session, "vmss000000")).unwrap();
    let routes: Vec<String> = node.fib.routes().iter().map(|r| r.dst.to_string()).collect();
    assert_eq!(routes, ["10.0.0.0/22", "10.244.1.0/24"]);
}

/// Three requests a second apart, then the entry fails and the waiting packet is given up.
#[test]
fn neighbour_fails_after_three_requests() {
    let session = after(&article(), ping("10.244.1.3", "10.244.1.99"));
    let record = record(&session);
    let requests: Vec<u64> = record
        .steps
        .iter()
        .filter(|s| s.decision.code() == "arp-request")
        .map(|s| (s.time - record.steps[0].time).as_millis())
        .collect();
    assert_eq!(requests, [0, 1000, 2000]);
    let drop = record.steps.iter().find(|s| matches!(s.decision, Decision::Drop(DropReason::NeighborFailed))).unwrap();
    assert_eq!((drop.time - record.steps[0].time).as_millis(), 3000);
}

/// A used stale neighbour is probed five seconds later, directly, and is reachable again.
#[test]
fn stale_neighbour_is_probed() {
    let mut session = after(&article(), ping("10.244.1.3", "10.244.1.2"));
    session.act(Action::Wait { ms: 60_000 }).unwrap();
    session.act(ping("10.244.1.3", "10.244.1.2")).unwrap();
    assert!(record(&session).steps.iter().all(|s| s.decision.code() != "arp-request"), "stale, yet used at once");
    session.act(Action::Wait { ms: 6_000 }).unwrap();
    let probes: Vec<bool> = record(&session)
        .steps
        .iter()
        .filter_map(|s| match s.decision {
            Decision::Originate(Origin::ArpRequest { probe, .. }) => Some(probe),
            _ => None,
        })
        .collect();
    assert!(!probes.is_empty() && probes.iter().all(|p| *p), "{probes:?}");
}
