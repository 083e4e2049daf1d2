//! The article's parts B and C and the Azure CNI rows of the facts, computed.

mod addresses;
mod bridge;
mod nsg;
mod pod_subnet;
mod routed;
mod ttl;
mod watcher;

use crate::fixture::*;
use podhop::session::Session;
use podhop::sim::action::{Action, NewCluster, NewPool, SubnetName};
use podhop::sim::ipam::address_order::AddressOrder;
use podhop::sim::mode::Network;
use podhop::sim::mode::azure::PluginVersion;
use podhop::sim::mode::azure::node_subnet::{NodeSubnet, Preflight};
use podhop::sim::mode::azure_bridge::AzureBridge;
use podhop::sim::mode::azure_transparent::AzureTransparent;
use podhop::sim::mode::pod_subnet::PodSubnet;

pub(crate) fn transparent(plugin: PluginVersion) -> Network {
    Network::AzureTransparent(AzureTransparent { plugin, addresses: NodeSubnet::default() })
}

pub(crate) fn bridge() -> Network {
    Network::AzureBridge(AzureBridge { addresses: NodeSubnet::default() })
}

pub(crate) fn lowest(network: &Network) -> Network {
    match network.clone() {
        Network::AzureTransparent(mut mode) => {
            mode.addresses.order = AddressOrder::Lowest;
            Network::AzureTransparent(mode)
        }
        Network::AzureBridge(mut mode) => {
            mode.addresses.order = AddressOrder::Lowest;
            Network::AzureBridge(mode)
        }
        Network::PodSubnet(mut mode) => {
            mode.order = AddressOrder::Lowest;
            Network::PodSubnet(mode)
        }
        other @ Network::Kubenet(_) => other,
    }
}

pub(crate) fn observed() -> Network {
    let addresses = NodeSubnet { preflight: Preflight::Observed, ..NodeSubnet::default() };
    Network::AzureTransparent(AzureTransparent { addresses, ..AzureTransparent::default() })
}

/// `az aks create --network-plugin azure` in `cni-vnet/vlan01`.
pub(crate) fn cluster(network: Network, node_count: u32, max_pods: u16) -> Action {
    Action::CreateCluster(Box::new(NewCluster {
        name: "aks01".into(),
        resource_group: "aks".into(),
        location: "eastus".into(),
        version: "1.20.9".into(),
        network,
        vnet: "cni-vnet".into(),
        subnet: "vlan01".into(),
        pod_subnet: None,
        pool: "nodepool1".into(),
        node_count,
        max_pods,
        service_cidr: "10.2.0.0/24".parse().unwrap(),
        dns_service_ip: "10.2.0.10".parse().unwrap(),
    }))
}

/// A virtual network with one subnet of this prefix.
pub(crate) fn network_of(prefix: &str) -> Vec<Action> {
    vec![vnet("cni-vnet", "10.0.0.0/16"), subnet("cni-vnet", "vlan01", prefix)]
}

/// Steps 18 to 20 of the article in one of the node-subnet modes.
pub(crate) fn part_b(network: Network) -> Session {
    let mut actions = network_of("10.0.0.0/20");
    actions.extend([cluster(network, 2, 30), Action::Settle, deployment("nginx", 1), Action::Settle]);
    actions.extend([scale("nginx", 10), Action::Settle]);
    session(1, actions)
}

pub(crate) fn in_vnet(subnet: &str) -> SubnetName {
    SubnetName { vnet: "whkubenet".into(), subnet: subnet.into() }
}

/// `az aks create --network-plugin azure --pod-subnet-id` of step 29.
pub(crate) fn pod_subnet_cluster(node_count: u32) -> Action {
    let Action::CreateCluster(new) = cluster(Network::PodSubnet(PodSubnet::default()), node_count, 250) else {
        unreachable!()
    };
    Action::CreateCluster(Box::new(NewCluster {
        vnet: "whkubenet".into(),
        subnet: "nodevlan".into(),
        pod_subnet: Some(in_vnet("podvlan")),
        ..*new
    }))
}

/// Steps 27 to 29.
pub(crate) fn part_c_actions() -> Vec<Action> {
    vec![
        vnet("whkubenet", "10.1.0.0/16"),
        subnet("whkubenet", "podvlan", "10.1.0.0/22"),
        subnet("whkubenet", "nodevlan", "10.1.4.0/24"),
        pod_subnet_cluster(2),
        Action::Settle,
        deployment("nginx", 5),
        Action::Settle,
    ]
}

pub(crate) fn part_c() -> Session {
    session(1, part_c_actions())
}

/// Step 33.
pub(crate) fn second_pool() -> Vec<Action> {
    let pool = NewPool {
        cluster: "aks01".into(),
        name: "newnodepool".into(),
        subnet: in_vnet("nodevlan"),
        pod_subnet: Some(in_vnet("podvlan2")),
        node_count: 2,
        max_pods: 250,
    };
    vec![
        subnet("whkubenet", "podvlan2", "10.1.8.0/22"),
        Action::AddPool(Box::new(pool)),
        Action::Settle,
        scale("nginx", 12),
        Action::Settle,
    ]
}

/// Addresses of a deployment's pods on the nodes whose name ends so, in order of age.
pub(crate) fn pods_on(session: &Session, node: &str) -> Vec<String> {
    let world = session.world();
    let on = |p: &&podhop::sim::cluster::Pod| {
        p.node.and_then(|n| world.nodes.get(n)).is_some_and(|n| n.name.contains(node)) && p.name.starts_with("nginx")
    };
    world.pods.values().filter(on).filter_map(|p| p.address).map(|a| a.to_string()).collect()
}

/// Primary address of a node.
pub(crate) fn node_address(session: &Session, node: &str) -> String {
    let world = session.world();
    let node = world.nodes.values().find(|n| n.name.contains(node)).unwrap();
    world.nics.get(node.nic).unwrap().primary().unwrap().to_string()
}
