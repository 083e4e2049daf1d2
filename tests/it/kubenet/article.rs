//! What the article sees: nodes, blocks, routes, addresses, TTLs, captures.

use super::*;
use crate::fixture::*;
use podhop::sim::addr::Mac;
use podhop::sim::cluster::NodePhase;
use podhop::sim::host::bridge::FdbEntry;
use std::net::Ipv4Addr;

/// Article step 7: two nodes Ready, vmss000001 the older by 46 s. Steps 10 and 17: blocks and routes in that order.
#[test]
fn nodes_register_in_their_own_order() {
    let session = article();
    let world = session.world();
    let mut nodes: Vec<_> = world.nodes.values().collect();
    nodes.sort_by_key(|n| n.registered);
    let names: Vec<&str> = nodes.iter().map(|n| &n.name[n.name.len() - 10..]).collect();
    assert_eq!(names, ["vmss000001", "vmss000000"]);
    assert!(nodes.iter().all(|n| n.phase == NodePhase::Ready && n.name.starts_with("aks-nodepool1-")));
    let apart = nodes[1].registered.unwrap() - nodes[0].registered.unwrap();
    assert_eq!(apart.as_millis() / 1000, 46, "5m40s against 4m54s");
    let blocks: Vec<String> = nodes.iter().map(|n| n.pod_cidr.unwrap().to_string()).collect();
    assert_eq!(blocks, ["10.244.0.0/24", "10.244.1.0/24"]);
    let table = world.route_tables.values().next().unwrap();
    let routes: Vec<(String, Option<Ipv4Addr>)> = table
        .routes()
        .map(|r| (r.prefix.to_string(), podhop::sim::fabric::next_hop::NextHop::from(r.next_hop).ip()))
        .collect();
    let hop = |last| Some(Ipv4Addr::new(10, 0, 0, last));
    assert_eq!(routes, [("10.244.0.0/24".to_owned(), hop(5)), ("10.244.1.0/24".to_owned(), hop(4))]);
}

/// Article step 14: nginx at 10.244.0.6 on vmss000001 (system pods took .2 to .5 first), .2 and .3 on vmss000000.
#[test]
fn pods_get_the_articles_addresses() {
    let session = article();
    let world = session.world();
    let mut found: Vec<(String, String)> = world
        .pods
        .values()
        .filter(|p| p.name.starts_with("nginx-"))
        .map(|p| {
            let node = &world.nodes.get(p.node.unwrap()).unwrap().name;
            (p.address.unwrap().to_string(), node[node.len() - 10..].to_owned())
        })
        .collect();
    found.sort();
    let expected = [("10.244.0.6", "vmss000001"), ("10.244.1.2", "vmss000000"), ("10.244.1.3", "vmss000000")];
    assert_eq!(found, expected.map(|(a, n)| (a.to_owned(), n.to_owned())));
    let system: Vec<Ipv4Addr> = world
        .pods
        .values()
        .filter(|p| p.namespace.as_ref() == "kube-system" && !p.host_network)
        .map(|p| p.address.unwrap())
        .collect();
    assert_eq!(system, [2, 3, 4, 5].map(|last| Ipv4Addr::new(10, 244, 0, last)));
}

/// Article step 12 and T23: the pod's interface, its address and its two routes; cbr0 has the block's first address.
#[test]
fn pod_and_bridge_have_their_addresses() {
    let session = article();
    let world = session.world();
    let pod = world.hosts.get(pod_host(&session, "10.244.1.3")).unwrap();
    let eth0 = pod.interface_named("eth0").unwrap();
    assert_eq!((eth0.addresses[0].net.to_string().as_str(), eth0.mtu), ("10.244.1.3/24", 1500));
    let routes: Vec<(String, String)> =
        pod.fib.routes().iter().map(|r| (r.dst.to_string(), format!("{:?}", r.kind))).collect();
    assert_eq!(routes.len(), 2);
    assert_eq!(routes[0].0, "0.0.0.0/0");
    assert!(routes[0].1.contains("10.244.1.1"));
    assert_eq!(routes[1].0, "10.244.1.0/24");
    let node = world.hosts.get(host(&session, "vmss000000")).unwrap();
    let cbr0 = node.interface_named("cbr0").unwrap();
    assert_eq!(cbr0.addresses[0].net.to_string(), "10.244.1.1/24");
    assert!(cbr0.promiscuous && node.sysctl.ip_forward);
}

/// Article step 13: two ports; each port's own address is local, each pod's is learned before any ping.
#[test]
fn the_bridge_knows_both_pods() {
    let session = article();
    let world = session.world();
    let node = world.hosts.get(host(&session, "vmss000000")).unwrap();
    let cbr0 = node.interface_named("cbr0").unwrap();
    assert_eq!(node.ports(cbr0.index).count(), 2);
    for port in node.ports(cbr0.index) {
        let hex = port.name.strip_prefix("veth").unwrap();
        assert!(hex.len() == 8 && hex.bytes().all(|b| b.is_ascii_hexdigit()));
    }
    let bridge = node.bridges.get(&cbr0.index).unwrap();
    let learned: Vec<Mac> =
        bridge.rows(world.now).filter(|(_, e)| matches!(e, FdbEntry::Learned { .. })).map(|(mac, _)| mac).collect();
    let mut pods: Vec<Mac> = ["10.244.1.2", "10.244.1.3"]
        .map(|a| world.hosts.get(pod_host(&session, a)).unwrap().interface_named("eth0").unwrap().mac)
        .to_vec();
    pods.sort();
    assert_eq!(learned, pods);
    assert_eq!(bridge.rows(world.now).count(), 2 + 2 + 1, "pods, ports, the bridge itself");
}

/// Article step 15, T64 and the kubenet rows of components.md section 0: the TTL that ping prints.
#[test]
fn ttl_table() {
    let session = article();
    let rows = [
        ("10.244.1.3", "10.244.1.2", Some(64), "pod, same node"),
        ("10.244.1.3", "10.244.1.1", Some(64), "own cbr0"),
        ("10.244.1.3", "10.0.0.4", Some(64), "own node"),
        ("10.244.1.3", "10.0.0.5", Some(63), "other node"),
        ("10.244.1.3", "10.244.0.1", Some(63), "other node's cbr0"),
        ("10.244.1.3", "10.244.0.6", Some(62), "pod, other node"),
        ("10.244.1.3", "10.0.0.1", None, "subnet gateway"),
        ("10.0.0.4", "10.244.0.6", Some(63), "node to remote pod"),
        ("10.0.0.4", "10.244.1.2", Some(64), "node to own pod"),
        ("10.0.0.4", "10.0.0.5", Some(64), "node to node"),
    ];
    for (from, to, ttl, what) in rows {
        assert_eq!(ttl_seen(&after(&session, ping(from, to))), ttl, "{what}: {from} -> {to}");
    }
}

/// Article step 15: about 0.07 ms on one node, about 1 ms across; the first ping also pays for ARP.
#[test]
fn round_trip_times() {
    let rows = [("10.244.1.2", 60_000..80_000), ("10.244.0.6", 950_000..1_150_000)];
    for (to, expected) in rows {
        let warm = after(&article(), ping("10.244.1.3", to));
        let session = after(&warm, ping("10.244.1.3", to));
        let record = record(&session);
        let probe = record.probes().next().unwrap();
        let steps = record.round_trip(probe);
        let nanos = (record.steps[*steps.last().unwrap()].time - record.steps[steps[0]].time).0;
        assert!(expected.contains(&nanos), "{to}: {nanos} ns");
    }
}

/// Article step 16 and T64: a capture on the node's eth0 sees the ping across, with the pods' own addresses, and
/// never the one between pods of one node.
#[test]
fn capture_on_the_nodes_eth0() {
    let session = article();
    let icmp = |session: &Session| {
        let frames = record(session).seen_at(dev(session, "vmss000000", "eth0"));
        let packets =
            frames.iter().filter_map(|s| s.frame.body.packet().map(|p| (p.src.to_string(), p.dst.to_string(), p.ttl)));
        packets.collect::<Vec<_>>()
    };
    let row = |a: &str, b: &str, ttl| (a.to_owned(), b.to_owned(), ttl);
    assert_eq!(icmp(&after(&session, ping("10.244.1.3", "10.244.1.2"))), []);
    assert_eq!(
        icmp(&after(&session, ping("10.244.1.3", "10.244.0.6"))),
        [row("10.244.1.3", "10.244.0.6", 63), row("10.244.0.6", "10.244.1.3", 63)]
    );
}
