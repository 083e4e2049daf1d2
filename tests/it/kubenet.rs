//! The article's part A and the kubenet rows of the facts, computed.

use crate::fixture::*;
use podhop::session::Session;
use podhop::sim::action::{Action, HostRoute, HostRouteTarget, SysctlName};
use podhop::sim::addr::Mac;
use podhop::sim::cluster::NodePhase;
use podhop::sim::engine::probe::{Probe, ProbeProtocol};
use podhop::sim::host::bridge::FdbEntry;
use podhop::sim::ids::{HostId, InterfaceId};
use podhop::sim::packet::{Body, Icmp, Payload, Unreachable};
use podhop::sim::record::Record;
use podhop::sim::record::decision::{Decision, DropReason};
use podhop::sim::record::trace::{ErrorKind, Outcome};
use std::net::Ipv4Addr;

fn record(session: &Session) -> &Record {
    &session.turns().last().unwrap().record
}

fn host(session: &Session, name: &str) -> HostId {
    let world = session.world();
    world.hosts.iter().find(|(_, h)| h.name.contains(name)).map(|(id, _)| id).unwrap_or_else(|| panic!("{name}"))
}

fn dev(session: &Session, name: &str, dev: &str) -> InterfaceId {
    let host = host(session, name);
    let index = session.world().hosts.get(host).unwrap().interface_named(dev).unwrap().index;
    InterfaceId { host, index }
}

fn pod_host(session: &Session, address: &str) -> HostId {
    session.world().host_at(address.parse().unwrap()).unwrap()
}

/// TTL of the answer as the sender sees it.
fn ttl_seen(session: &Session) -> Option<u8> {
    let record = record(session);
    let Outcome::Answered { reply } = outcome(session) else { return None };
    let last = *record.path(reply).last().unwrap();
    record.steps[last].after.as_ref().unwrap().body.packet().map(|p| p.ttl)
}

fn after(session: &Session, action: Action) -> Session {
    let mut session = session.clone();
    session.act(action.clone()).unwrap_or_else(|e| panic!("{action:?}: {e:?}"));
    session
}

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
        let packets = frames.iter().filter_map(|s| s.frame.body.packet().map(|p| (p.src.to_string(), p.dst.to_string(), p.ttl)));
        packets.collect::<Vec<_>>()
    };
    let row = |a: &str, b: &str, ttl| (a.to_owned(), b.to_owned(), ttl);
    assert_eq!(icmp(&after(&session, ping("10.244.1.3", "10.244.1.2"))), []);
    assert_eq!(
        icmp(&after(&session, ping("10.244.1.3", "10.244.0.6"))),
        [row("10.244.1.3", "10.244.0.6", 63), row("10.244.0.6", "10.244.1.3", 63)]
    );
}

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

fn error(session: &Session) -> (ErrorKind, String) {
    match outcome(session) {
        Outcome::Error { from, kind, .. } => (kind, from.to_string()),
        other => panic!("{other:?}"),
    }
}

/// components.md 4.3 and the recorded oracle: who reports what, and from which address.
#[test]
fn icmp_errors() {
    let session = article();
    let probe = |to: &str, probe| Action::Send { from: "10.244.1.3".into(), to: to.into(), probe, count: 1 };
    let ttl = |ttl| Probe { ttl, ..Probe::ping() };
    let udp = Probe { protocol: ProbeProtocol::Udp { port: 9 }, ..Probe::ping() };
    let rows = [
        ("ttl 1", probe("10.244.0.6", ttl(1)), ErrorKind::TimeExceeded, "10.244.1.1"),
        ("ttl 2", probe("10.244.0.6", ttl(2)), ErrorKind::TimeExceeded, "10.0.0.5"),
        ("nobody, same node", probe("10.244.1.99", ttl(64)), ErrorKind::Unreachable(Unreachable::Host), "10.244.1.3"),
        ("nobody, other node", probe("10.244.0.99", ttl(64)), ErrorKind::Unreachable(Unreachable::Host), "10.0.0.5"),
        ("closed UDP port", probe("10.244.0.6", udp), ErrorKind::Unreachable(Unreachable::Port), "10.244.0.6"),
    ];
    for (what, action, kind, from) in rows {
        assert_eq!(error(&after(&session, action)), (kind, from.to_owned()), "{what}");
    }
    assert_eq!(ttl_seen(&after(&session, probe("10.244.0.6", ttl(3)))), Some(62), "ttl 3 arrives");
}

/// components.md 4.3: unreachable and blackhole routes, no route, ip_forward=0.
#[test]
fn routes_that_refuse() {
    let session = article();
    let add = |target| Action::AddHostRoute {
        host: "10.0.0.4".into(),
        route: HostRoute { dst: "10.244.0.0/24".parse().unwrap(), target },
    };
    let unreachable = after(&after(&session, add(HostRouteTarget::Unreachable)), ping("10.244.1.3", "10.244.0.6"));
    assert_eq!(error(&unreachable), (ErrorKind::Unreachable(Unreachable::Host), "10.244.1.1".to_owned()));
    let blackhole = after(&after(&session, add(HostRouteTarget::Blackhole)), ping("10.244.1.3", "10.244.0.6"));
    assert_eq!(lost(&blackhole), (DropReason::RouteBlackhole, false));
    let no_default = Action::DeleteHostRoute { host: "10.0.0.4".into(), dst: "0.0.0.0/0".parse().unwrap() };
    let no_route = after(&after(&session, no_default), ping("10.244.1.3", "10.244.0.6"));
    assert_eq!(error(&no_route), (ErrorKind::Unreachable(Unreachable::Net), "10.244.1.1".to_owned()));
    let off = Action::SetSysctl { host: "10.0.0.5".into(), name: SysctlName::IpForward, on: false };
    let silent = after(&after(&session, off), ping("10.244.1.3", "10.244.0.6"));
    assert_eq!(lost(&silent), (DropReason::ForwardingOff, false));
}

/// Why the probe of the last turn was lost, and whether it was the answer that was.
fn lost(session: &Session) -> (DropReason, bool) {
    match outcome(session) {
        Outcome::Lost { lineage, reason, .. } => (reason, Some(lineage) != record(session).probes().next()),
        other => panic!("{other:?}"),
    }
}

/// T41 to T44, T35, T36 on a built cluster, and what an NSG or a missing route does to it.
#[test]
fn azure_drops() {
    let session = article();
    let nic = |n: &str| session.world().nics.values().find(|x| x.name.contains(n)).unwrap().name.to_string();
    let detach = Action::AttachRouteTable { vnet: "vnet01".into(), subnet: "vlan01".into(), table: None };
    let forwarding_off = Action::SetIpForwarding { nic: nic("vmss000001"), on: false };
    let source_off = Action::SetIpForwarding { nic: nic("vmss000000"), on: false };
    let rows: [(&str, Vec<Action>, &str, (DropReason, bool)); 6] = [
        ("T42 table detached", vec![detach], "10.244.0.6", (DropReason::RouteNone, false)),
        ("T43 forwarding off at the next hop", vec![forwarding_off], "10.244.0.6", (DropReason::ApplianceNotForwarding, false)),
        ("forwarding off at the source", vec![source_off], "10.244.0.6", (DropReason::SourceNotOwned, false)),
        ("T35 private address outside", vec![], "172.31.0.100", (DropReason::RouteNone, false)),
        ("T71 ping to the internet", vec![], "8.8.8.8", (DropReason::IcmpNotTranslated, false)),
        ("no such address in the VNet", vec![], "10.0.200.9", (DropReason::NoSuchAddress, false)),
    ];
    for (what, actions, to, expected) in rows {
        let mut broken = session.clone();
        for action in actions {
            broken.act(action).unwrap();
        }
        assert_eq!(lost(&after(&broken, ping("10.244.1.3", to))), expected, "{what}");
    }
}

/// T44, T67: VMs in a subnet without and with the route table; VM to VM keeps its TTL.
#[test]
fn vms() {
    let mut session = article();
    let table = session.world().route_tables.values().next().unwrap().name.to_string();
    for action in [
        subnet("vnet01", "vms", "10.0.4.0/24"),
        subnet("vnet01", "more", "10.0.5.0/24"),
        Action::CreateVm { name: "vm1".into(), vnet: "vnet01".into(), subnet: "vms".into(), address: None },
        Action::CreateVm { name: "vm2".into(), vnet: "vnet01".into(), subnet: "more".into(), address: None },
    ] {
        session.act(action).unwrap();
    }
    assert_eq!(lost(&after(&session, ping("vm/vm1", "10.244.1.3"))).0, DropReason::RouteNone, "T44 without the table");
    let attach = Action::AttachRouteTable { vnet: "vnet01".into(), subnet: "vms".into(), table: Some(table) };
    let attached = after(&session, attach);
    assert_eq!(ttl_seen(&after(&attached, ping("vm/vm1", "10.244.1.3"))), Some(63), "T44 with the table");
    assert_eq!(ttl_seen(&after(&session, ping("vm/vm1", "vm/vm2"))), Some(64), "T67");
    assert_eq!(lost(&after(&session, ping("vm/vm1", "10.0.4.1"))).0, DropReason::GatewayIsNoHost, "T67 gateway");
}

/// T68 and azure.md 4.9: whose source address a target sees, for both readings of the disputed exemptions.
#[test]
fn masquerade() {
    let mut session = article();
    session.act(subnet("vnet01", "vms", "10.0.4.0/24")).unwrap();
    session.act(Action::CreateVm { name: "vm1".into(), vnet: "vnet01".into(), subnet: "vms".into(), address: None }).unwrap();
    let narrow = Action::SetMasquerade { cluster: "aks01".into(), keep: vec!["10.244.0.0/16".parse().unwrap()] };
    let other = after(&session, narrow);
    let rows = [
        (&session, "vm/vm1", "10.0.0.4", "pod -> VM in another subnet: node"),
        (&session, "10.0.0.5", "10.244.1.3", "pod -> other node, AKS-2031: pod"),
        (&session, "10.244.0.6", "10.244.1.3", "pod -> pod: pod"),
        (&other, "10.0.0.5", "10.0.0.4", "pod -> other node, Microsoft's page: node"),
        (&other, "10.244.0.6", "10.244.1.3", "pod -> pod: pod"),
    ];
    for (session, to, source, what) in rows {
        let done = after(session, ping("10.244.1.3", to));
        let record = record(&done);
        let probe = record.probes().next().unwrap();
        let last = *record.path(probe).last().unwrap();
        assert_eq!(record.steps[last].after.as_ref().unwrap().body.packet().unwrap().src.to_string(), source, "{what}");
        assert!(outcome(&done).is_success(), "{what}: the answer finds its way back");
    }
}

/// TCP: an open port answers, a closed one refuses.
#[test]
fn tcp() {
    let session = article();
    let tcp = |port| Action::Send {
        from: "10.244.1.3".into(),
        to: "10.244.0.6".into(),
        probe: Probe { protocol: ProbeProtocol::Tcp { port }, ..Probe::ping() },
        count: 1,
    };
    assert!(matches!(outcome(&after(&session, tcp(80))), Outcome::Answered { .. }));
    assert!(matches!(outcome(&after(&session, tcp(81))), Outcome::Refused { .. }));
}

/// components.md 4.1, measured: after the bridge has forgotten a pod, only the first frame to it is flooded.
#[test]
fn unknown_unicast_is_flooded_once() {
    let mut session = after(&article(), ping("10.244.1.3", "10.244.1.2"));
    session.act(Action::Flush { host: "10.0.0.4".into(), table: podhop::sim::action::FlushTable::Fdb }).unwrap();
    let flooded = |session: &Session| {
        record(session).steps.iter().any(|s| {
            matches!(s.decision, Decision::BridgeForward { lookup: podhop::sim::host::bridge::FdbLookup::Unknown { .. }, .. })
        })
    };
    let first = after(&session, ping("10.244.1.3", "10.244.1.2"));
    assert!(flooded(&first));
    assert!(!flooded(&after(&first, ping("10.244.1.3", "10.244.1.2"))));
}

/// A gap that can be watched: between registration and the next write of the route table, pods of the new node cannot
/// be reached across nodes.
#[test]
fn the_route_lands_later() {
    let mut session = session(ARTICLE_SEED, article_actions().into_iter().take(3));
    let routes = |s: &Session| s.world().route_tables.values().next().unwrap().len();
    let registered = |s: &Session| s.world().nodes.values().filter(|n| n.registered.is_some()).count();
    let mut seen = Vec::new();
    for _ in 0..40 {
        session.act(Action::Wait { ms: 5_000 }).unwrap();
        seen.push((registered(&session), routes(&session)));
    }
    seen.dedup();
    assert_eq!(seen, [(0, 0), (1, 0), (1, 1), (2, 1), (2, 2)]);
}

/// T21: a released block is not given again until the cursor comes round. T22: the 257th node of a /16 gets none.
#[test]
fn blocks_of_nodes() {
    let mut session = session(3, [vnet("vnet01", "10.0.0.0/16"), subnet("vnet01", "vlan01", "10.0.0.0/20"), kubenet_cluster("10.244.0.0/16", 3), Action::Settle]);
    let holder = |s: &Session, block: &str| {
        let world = s.world();
        world.nodes.values().find(|n| n.pod_cidr.is_some_and(|b| b.to_string() == block)).map(|n| n.name.to_string())
    };
    let gone = holder(&session, "10.244.1.0/24").unwrap();
    session.act(Action::DeleteNode { name: gone }).unwrap();
    session.act(Action::ScalePool { cluster: "aks01".into(), pool: "nodepool1".into(), count: 3 }).unwrap();
    session.act(Action::Settle).unwrap();
    assert_eq!(holder(&session, "10.244.1.0/24"), None);
    assert!(holder(&session, "10.244.3.0/24").is_some());
    session.act(Action::ScalePool { cluster: "aks01".into(), pool: "nodepool1".into(), count: 257 }).unwrap();
    session.act(Action::Settle).unwrap();
    let without = session.world().nodes.values().filter(|n| n.pod_cidr.is_none()).count();
    assert_eq!(without, 1, "256 blocks, 257 nodes");
}

/// T22: the 401st node of a wider range gets a block but no route.
#[test]
fn route_limit() {
    let session = session(3, [vnet("vnet01", "10.0.0.0/16"), subnet("vnet01", "vlan01", "10.0.0.0/20"), kubenet_cluster("10.244.0.0/15", 401), Action::Settle]);
    let world = session.world();
    assert_eq!(world.nodes.values().filter(|n| n.pod_cidr.is_some()).count(), 401);
    assert_eq!(world.route_tables.values().next().unwrap().len(), 400);
}

/// T18, T19: nodes are bounded by the addresses of their subnet.
#[test]
fn nodes_fit_the_subnet() {
    for (prefix, fits) in [("10.0.0.0/27", 27), ("10.0.0.0/24", 251)] {
        let mut ok = Session::new(1);
        for action in [vnet("vnet01", "10.0.0.0/16"), subnet("vnet01", "vlan01", prefix)] {
            ok.act(action).unwrap();
        }
        assert!(ok.try_action(&kubenet_cluster("10.244.0.0/15", fits)).is_ok(), "{prefix}: {fits}");
        let error = ok.try_action(&kubenet_cluster("10.244.0.0/15", fits + 1)).unwrap_err();
        assert_eq!(error.code(), "InsufficientSubnetSize", "{prefix}: {}", fits + 1);
    }
}
