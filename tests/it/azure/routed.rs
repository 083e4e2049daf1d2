//! Transparent mode, device by device (components.md 2.3), and the name vectors of 2.1.

use super::*;
use crate::kubenet::{after, host, lost, pod_host, record};
use podhop::sim::addr::Mac;
use podhop::sim::host::fib::{Route, RouteProto, RouteScope};
use podhop::sim::host::neighbor::NeighborState;
use podhop::sim::mode::azure::routed::{HOST_VETH_MAC, VIRTUAL_GATEWAY};
use podhop::sim::mode::azure::veth_name;
use podhop::sim::packet::Body;
use podhop::sim::record::decision::{Decision, DropReason};

/// components.md 2.1, the first as a public azure-vnet.json has it.
#[test]
fn names_of_pairs() {
    for (pod, name) in [
        ("nginx", "azvc440f455693"),
        ("nginx-6799fc88d8-ltwhl", "azv2143e854ebf"),
        ("hello-675bdb4bf9-9qxc7", "azv06a7dff7759"),
    ] {
        assert_eq!(veth_name("default", pod), name);
    }
}

/// Pod: two routes, no connected one. Node: default, subnet, one /32 for each pod; no bridge; proxy ARP.
#[test]
fn devices() {
    let session = part_b(transparent(PluginVersion::Since2022));
    let world = session.world();
    let address = pods_on(&session, "vmss000000")[0].clone();
    let pod = world.hosts.get(pod_host(&session, &address)).unwrap();
    let eth0 = pod.interface_named("eth0").unwrap();
    assert_eq!(eth0.addresses[0].net.to_string(), format!("{address}/20"), "step 24: netmask 255.255.240.0");
    assert!(!eth0.addresses[0].broadcast, "step 24: broadcast 0.0.0.0");
    let lines: Vec<_> = pod.fib.routes().iter().map(|r| (r.dst.to_string(), r.proto, r.scope)).collect();
    assert_eq!(
        lines,
        [
            ("0.0.0.0/0".to_owned(), RouteProto::Static, RouteScope::Global),
            (format!("{VIRTUAL_GATEWAY}/32"), RouteProto::Static, RouteScope::Link),
        ]
    );
    let node = world.hosts.get(host(&session, "vmss000000")).unwrap();
    assert!(node.bridges.is_empty() && node.ebtables.is_empty() && node.sysctl.ip_forward);
    let to_pods: Vec<&Route> = node.fib.routes().iter().filter(|r| r.dst.prefix_len() == 32).collect();
    let pods = node.interfaces.values().filter(|i| i.name.starts_with("azv")).count();
    assert_eq!((to_pods.len(), node.fib.routes().len()), (pods, pods + 2));
    let to = to_pods.iter().find(|r| r.dst.addr().to_string() == address).unwrap();
    assert_eq!((to.proto, to.scope), (RouteProto::Static, RouteScope::Global), "no `scope link`");
    let veth = node.interface(to.dev().unwrap()).unwrap();
    assert_eq!((veth.mac, veth.proxy_arp, veth.addresses.len()), (HOST_VETH_MAC, true, 0));
}

/// The gateway's entry by release: asked for at every address, fixed, fixed and confirmed by one unicast request.
#[test]
fn neighbour_of_the_virtual_gateway() {
    for (plugin, expected) in [
        (PluginVersion::November2020, None),
        (PluginVersion::December2020, Some("PERMANENT")),
        (PluginVersion::Since2022, Some("REACHABLE")),
    ] {
        let mut session = part_b(transparent(plugin));
        // The last pod needs its second for the answer to the question that confirms.
        session.act(scale("nginx", 11)).unwrap();
        session.act(Action::Settle).unwrap();
        let newest = session.world().pods.values().last().unwrap().address.unwrap().to_string();
        let pod = session.world().hosts.get(pod_host(&session, &newest)).unwrap();
        let dev = pod.interface_named("eth0").unwrap().index;
        let entry = pod.neighbors.get(dev, VIRTUAL_GATEWAY);
        let state = entry.map(|n| n.state_at(session.world().now).code());
        assert_eq!(state, expected, "{plugin:?}");
        assert!(expected.is_none() || entry.unwrap().mac.is_some());
    }
}

/// components.md 2.1: in the first release every address in the subnet is asked for, and the answer to a broadcast takes
/// up to 0.8 s; later no pod asks anybody.
#[test]
fn who_asks_by_arp() {
    let arp_of_pods = |session: &Session| {
        let pods: Vec<_> = session.world().pods.values().filter_map(|p| p.host).collect();
        let asked = record(session).steps.iter().filter(|s| {
            matches!(s.decision, Decision::Originate(podhop::sim::record::decision::Origin::ArpRequest { probe: false, .. }))
                && matches!(s.at, podhop::sim::record::Place::Host(h) if pods.contains(&h) && session.world().pods.values().any(|p| p.host == Some(h) && !p.host_network))
        });
        asked.count()
    };
    let ping_pods = |session: &Session| {
        let (near, far) = (pods_on(session, "vmss000000"), pods_on(session, "vmss000001"));
        after(session, ping(&near[0], &far[0]))
    };
    let old = ping_pods(&part_b(transparent(PluginVersion::November2020)));
    assert!(arp_of_pods(&old) >= 1);
    let steps = &record(&old).steps;
    let took = steps.last().unwrap().time - steps[0].time;
    assert!(took.as_millis() > 10, "the answer to the first ARP waits: {} ms", took.as_millis());
    for plugin in [PluginVersion::December2020, PluginVersion::Since2022] {
        assert_eq!(arp_of_pods(&ping_pods(&part_b(transparent(plugin)))), 0, "{plugin:?}");
    }
}

/// components.md 6: the worked ping, MAC by MAC; the node asks for the other node's pod itself, on eth0.
#[test]
fn mac_by_mac() {
    let session = part_b(transparent(PluginVersion::Since2022));
    let (from, to) = (pods_on(&session, "vmss000000")[0].clone(), pods_on(&session, "vmss000001")[0].clone());
    let done = after(&session, ping(&from, &to));
    let record = record(&done);
    let mac = |name: &str, dev: &str| {
        let host = done.world().hosts.get(host(&done, name)).unwrap();
        host.interface_named(dev).unwrap().mac
    };
    let (node0, node1) = (mac("vmss000000", "eth0"), mac("vmss000001", "eth0"));
    let pod_mac =
        |address: &str| done.world().hosts.get(pod_host(&done, address)).unwrap().interface_named("eth0").unwrap().mac;
    let mut pairs: Vec<(Mac, Mac, u8)> = Vec::new();
    for &at in &record.path(record.probes().next().unwrap()) {
        let step = &record.steps[at];
        if let (Decision::Transmit { .. }, Some(frame)) = (&step.decision, &step.after)
            && let Body::Ip(packet) = &frame.body
        {
            pairs.push((frame.src, frame.dst, packet.ttl));
        }
    }
    assert_eq!(
        pairs,
        [
            (pod_mac(&from), HOST_VETH_MAC, 64),
            (node0, Mac::AZURE, 63),
            (Mac::AZURE, node1, 63),
            (HOST_VETH_MAC, pod_mac(&to), 62),
        ]
    );
    let asked: Vec<String> = record
        .steps
        .iter()
        .filter_map(|s| match s.decision {
            Decision::Originate(podhop::sim::record::decision::Origin::ArpRequest { target, .. }) => {
                Some(target.to_string())
            }
            _ => None,
        })
        .collect();
    assert!(asked.contains(&to), "{asked:?}");
}

/// components.md 2.3: an address that the node holds and no pod has. The node sends it back, and Azure drops what is
/// not from one of the NIC's own addresses.
#[test]
fn an_address_without_a_pod() {
    let session = part_b(lowest(&transparent(PluginVersion::Since2022)));
    let from = pods_on(&session, "vmss000000")[0].clone();
    let (reason, back) = lost(&after(&session, ping(&from, "10.0.0.65")));
    assert_eq!((reason, back), (DropReason::SourceNotOwned, false));
}

/// A /32 route deleted: the pod is not found behind its own node any more.
#[test]
fn without_its_route() {
    let session = part_b(lowest(&transparent(PluginVersion::Since2022)));
    let (from, to) = (pods_on(&session, "vmss000000")[0].clone(), pods_on(&session, "vmss000001")[0].clone());
    let node = node_address(&session, "vmss000001");
    let broken =
        after(&session, Action::DeleteHostRoute { host: node, dst: format!("{to}/32").parse().unwrap(), metric: None });
    assert_eq!(lost(&after(&broken, ping(&from, &to))).0, DropReason::SourceNotOwned);
}

/// Neighbour entries that a person sees: states as `ip neigh` names them.
#[test]
fn the_node_is_a_neighbour_of_its_pod() {
    // In this release no pod has asked for anything, so the node does not know it yet.
    let session = part_b(transparent(PluginVersion::December2020));
    let (from, to) = (pods_on(&session, "vmss000000")[0].clone(), pods_on(&session, "vmss000000")[1].clone());
    let done = after(&session, ping(&from, &to));
    let pod = done.world().hosts.get(pod_host(&done, &to)).unwrap();
    let node: std::net::Ipv4Addr = node_address(&done, "vmss000000").parse().unwrap();
    let dev = pod.interface_named("eth0").unwrap().index;
    let entry = pod.neighbors.get(dev, node).expect("the node asked with its own address");
    assert_ne!(entry.state, NeighborState::Failed);
}
