//! Node-subnet addressing: T08 to T16, T78, and steps 22 and 23 of the article.

use super::*;
use crate::kubenet::after;
use podhop::sim::action::error::{ActionError, SubnetTarget};
use podhop::sim::ipam::subnet_pool::LeaseState;
use std::net::Ipv4Addr;

fn addresses(session: &Session, node: &str) -> Vec<Ipv4Addr> {
    let world = session.world();
    let node = world.nodes.values().find(|n| n.name.contains(node)).unwrap();
    world.nics.get(node.nic).unwrap().configs.iter().map(|c| c.address).collect()
}

fn number(address: &str) -> Ipv4Addr {
    address.parse().unwrap()
}

fn run(first: u8, last: u8) -> Vec<Ipv4Addr> {
    (first..=last).map(|n| Ipv4Addr::new(10, 0, 0, n)).collect()
}

/// T08 and step 22: each node takes its own address and thirty for pods, one after the other in a new subnet.
#[test]
fn a_node_takes_its_pods_addresses_when_it_is_created() {
    let mut actions = network_of("10.0.0.0/20");
    actions.push(cluster(transparent(PluginVersion::Since2022), 2, 30));
    let session = session(1, actions);
    assert_eq!(addresses(&session, "vmss000000"), run(4, 34));
    assert_eq!(addresses(&session, "vmss000001"), run(35, 65));
    let counts = session.world().subnets.values().next().unwrap().pool.counts();
    let figures = [LeaseState::Node, LeaseState::HeldForPods, LeaseState::Assigned].map(|s| counts.of(s));
    assert_eq!(figures, [2, 60, 0], "before the first pod");
    let node = session.world().nodes.values().next().unwrap();
    let pool = node.azure_vnet().unwrap();
    assert_eq!((pool.subnet().to_string(), pool.gateway().to_string()), ("10.0.0.0/20".into(), "10.0.0.1".into()));
    let log: Vec<String> = pool.log_order().iter().map(ToString::to_string).collect();
    assert_eq!(
        (log[0].as_str(), log[24].as_str(), log[25].as_str(), log[29].as_str()),
        ("10.0.0.10", "10.0.0.34", "10.0.0.5", "10.0.0.9"),
        "the plugin's log has them in the order of text"
    );
}

/// Step 23: every pod of a node has one of the node's addresses; which one is chance, or the lowest on demand.
#[test]
fn pods_have_addresses_of_their_node() {
    for network in [transparent(PluginVersion::Since2022), bridge()] {
        let session = part_b(network.clone());
        let (near, far) = (pods_on(&session, "vmss000000"), pods_on(&session, "vmss000001"));
        assert_eq!(near.len() + far.len(), 10);
        let within = |pods: &[String], range: &[Ipv4Addr]| pods.iter().all(|p| range.contains(&p.parse().unwrap()));
        assert!(within(&near, &run(5, 34)) && within(&far, &run(36, 65)), "{near:?} {far:?}");
        assert!(near.windows(2).any(|pair| number(&pair[0]) > number(&pair[1])));
        let counts = session.world().subnets.values().next().unwrap().pool.counts();
        let pods = session.world().pods.values().filter(|p| !p.host_network).count() as u64;
        assert_eq!((counts.of(LeaseState::Assigned), counts.of(LeaseState::HeldForPods)), (pods, 60 - pods));
        let in_order = part_b(lowest(&network));
        let pods = pods_on(&in_order, "vmss000000");
        assert!(pods.windows(2).all(|pair| number(&pair[0]) < number(&pair[1])), "{pods:?}");
    }
}

/// A deleted pod's address is for the node's next pod, and the subnet's counts follow.
#[test]
fn addresses_come_back() {
    let session = part_b(bridge());
    let gone = after(&after(&session, scale("nginx", 0)), Action::Settle);
    let counts = gone.world().subnets.values().next().unwrap().pool.counts();
    let pods = gone.world().pods.values().filter(|p| !p.host_network).count() as u64;
    assert_eq!(counts.of(LeaseState::Assigned), pods);
    for node in gone.world().nodes.values() {
        assert!(
            gone.world()
                .hosts
                .get(node.host)
                .unwrap()
                .ebtables
                .chain(podhop::sim::host::ebtables::EbChain::Prerouting)
                .len()
                <= 2 + 2 * 5
        );
    }
    let without = after(&gone, Action::DeleteCluster { name: "aks01".into() });
    assert_eq!(without.world().subnets.values().next().unwrap().pool.counts().leased(), 0);
    assert_eq!(without.world().vnets.values().next().unwrap().mappings.len(), 0);
}

/// T09, T13 to T16: how many nodes a subnet takes, by both ways of counting, and with the numbers that Azure names.
#[test]
fn preflight() {
    type Row = (&'static str, Network, &'static str, u16, u32, Option<(u64, u64)>);
    let documented = || transparent(PluginVersion::Since2022);
    let rows: [Row; 8] = [
        ("T09 eight nodes of 30", documented(), "10.0.0.0/24", 30, 8, None),
        ("T09 a ninth", documented(), "10.0.0.0/24", 30, 9, Some((279, 251))),
        ("T13 one node of 250", documented(), "10.0.0.0/24", 250, 1, None),
        ("T13 two", documented(), "10.0.0.0/24", 250, 2, Some((502, 251))),
        ("T14 two nodes of 110", documented(), "10.0.0.0/24", 110, 2, None),
        ("T14 a third", documented(), "10.0.0.0/24", 110, 3, Some((333, 251))),
        ("T15 observed", observed(), "10.0.0.0/24", 250, 2, Some((498, 251))),
        ("T16 observed", observed(), "10.0.0.0/27", 30, 1, Some((29, 27))),
    ];
    for (what, network, prefix, max_pods, nodes, refused) in rows {
        let mut session = session(1, network_of(prefix));
        let done = session.act(cluster(network, nodes, max_pods));
        let expected = refused.map(|(wanted, available)| ActionError::InsufficientSubnetSize {
            wanted,
            available,
            subnet: "vlan01".into(),
            prefix: prefix.parse().unwrap(),
            target: SubnetTarget::Nodes,
        });
        assert_eq!(done.err(), expected, "{what}");
    }
}

/// T10 to T12: what a plan with a node more for upgrades needs: nodes and (nodes times pods), and the smallest subnet.
#[test]
fn plans() {
    for (what, nodes, prefix, fits) in [
        ("T10 seven and one in a /24", 8, "10.0.0.0/24", true),
        ("T10 eight and one", 9, "10.0.0.0/24", false),
        ("T11 50 and one in a /21", 51, "10.0.0.0/21", true),
        ("T11 in a /22", 51, "10.0.0.0/22", false),
        ("T12 60 and one in a /21", 61, "10.0.0.0/21", true),
        ("T12 in a /22", 61, "10.0.0.0/22", false),
    ] {
        let mut session = session(1, network_of(prefix));
        let done = session.act(cluster(transparent(PluginVersion::Since2022), nodes, 30));
        assert_eq!(done.is_ok(), fits, "{what}");
        let leased = session.world().subnets.values().next().unwrap().pool.counts().leased();
        assert_eq!(leased, if fits { u64::from(nodes) * 31 } else { 0 }, "{what}: refused, nothing changes");
    }
}

/// T78: no address is left, one more node.
#[test]
fn scaling_a_full_subnet() {
    let mut actions = network_of("10.0.0.0/24");
    actions.push(cluster(transparent(PluginVersion::Since2022), 8, 30));
    for n in 1..=3 {
        let (name, vnet, subnet) = (format!("vm{n}"), "cni-vnet".into(), "vlan01".into());
        actions.push(Action::CreateVm { name, vnet, subnet, address: None, resource_group: None });
    }
    let mut session = session(1, actions);
    let counts = session.world().subnets.values().next().unwrap().pool.counts();
    assert_eq!(counts.free, 0);
    let more = Action::ScalePool { cluster: "aks01".into(), pool: "nodepool1".into(), count: 9 };
    let expected = ActionError::ScaleSubnetIsFull {
        pool: "nodepool1".into(),
        cluster: "aks01".into(),
        subnet: "vlan01".into(),
        prefix: "10.0.0.0/24".parse().unwrap(),
    };
    assert_eq!(session.act(more.clone()).err(), Some(expected));
    assert_eq!(session.world().subnets.values().next().unwrap().pool.counts(), counts, "nothing changed");
    for n in 1..=3 {
        session.act(Action::DeleteVm { name: format!("vm{n}") }).unwrap();
    }
    assert!(session.act(more).is_err(), "three free addresses are no node");
}
