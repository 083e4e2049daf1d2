//! The cluster: its mode with the settings of that mode, its subnets and pools.

use super::Draft;
use podhop::sim::action::{Action, NewCluster, NewPool, SubnetName};
use podhop::sim::ipam::address_order::AddressOrder;
use podhop::sim::ipam::cns::MonitorVersion;
use podhop::sim::mode::Network;
use podhop::sim::mode::azure::PluginVersion;
use podhop::sim::mode::azure::node_subnet::{NodeSubnet, Preflight};
use podhop::sim::mode::azure_bridge::AzureBridge;
use podhop::sim::mode::azure_transparent::AzureTransparent;
use podhop::sim::mode::kubenet::{Kubenet, MasqueradeRange};
use podhop::sim::mode::pod_subnet::PodSubnet;
use podhop::sim::scenario::Scenario;

/// The modes by the names that scenario files have for them.
pub(crate) const MODES: [&str; 4] = ["kubenet", "azure_bridge", "azure_transparent", "pod_subnet"];

/// The name of a scenario's mode.
pub(crate) fn mode_of(scenario: &Scenario) -> &'static str {
    let network = scenario.actions.iter().find_map(|action| match action {
        Action::CreateCluster(new) => Some(&new.network),
        _ => None,
    });
    match network {
        Some(Network::Kubenet(_)) => MODES[0],
        Some(Network::AzureBridge(_)) => MODES[1],
        Some(Network::AzureTransparent(_)) => MODES[2],
        Some(Network::PodSubnet(_)) => MODES[3],
        None => "no cluster",
    }
}

/// Subnets that take pods of pools, beside those that have machines.
const POD_SUBNETS: [(&str, &str); 2] = [("pods1", "10.0.16.0/24"), ("pods2", "10.0.17.0/25")];

/// A cluster of the mode with so many nodes, in one pool or in two.
pub(super) fn build(draft: &mut Draft, mode: &str, nodes: u64) {
    let network = network(draft, mode);
    let has_pod_subnet = matches!(network, Network::PodSubnet(_));
    if has_pod_subnet {
        for (name, prefix) in POD_SUBNETS {
            let (vnet, name, prefix) = ("vnet01".to_owned(), name.to_owned(), prefix.parse().unwrap());
            draft.try_do(Action::CreateSubnet { vnet, name, prefix });
        }
    }
    let second = if nodes > 1 && draft.chance(3) { draft.rng.between(1, nodes - 1) } else { 0 };
    let pods = |name: &str| has_pod_subnet.then(|| SubnetName { vnet: "vnet01".into(), subnet: name.into() });
    let max_pods = u16::try_from(draft.rng.between(10, 40)).unwrap().max(if nodes - second > 2 { 10 } else { 30 });
    let new = NewCluster {
        name: "aks01".into(),
        resource_group: "rg".into(),
        location: "eastus".into(),
        version: "1.20.9".into(),
        network,
        vnet: "vnet01".into(),
        subnet: "vlan01".into(),
        pod_subnet: pods("pods1"),
        pool: "nodepool1".into(),
        node_count: u32::try_from(nodes - second).unwrap(),
        max_pods,
        service_cidr: "172.16.1.0/24".parse().unwrap(),
        dns_service_ip: "172.16.1.10".parse().unwrap(),
    };
    draft.try_do(Action::CreateCluster(Box::new(new)));
    draft.try_do(Action::Settle);
    if second > 0 {
        let (own, pods_in) = (draft.pick(&["vlan01", "pool2"]).unwrap(), draft.pick(&["pods1", "pods2"]).unwrap());
        let pool = NewPool {
            cluster: "aks01".into(),
            name: "nodepool2".into(),
            subnet: SubnetName { vnet: "vnet01".into(), subnet: own.into() },
            pod_subnet: pods(pods_in),
            node_count: u32::try_from(second).unwrap(),
            max_pods: 30,
        };
        draft.try_do(Action::AddPool(Box::new(pool)));
        draft.try_do(Action::Settle);
    }
}

fn network(draft: &mut Draft, mode: &str) -> Network {
    let order = draft.pick(&[AddressOrder::Random, AddressOrder::Lowest]).unwrap();
    let addresses = NodeSubnet { order, preflight: Preflight::Documented };
    let releases = [PluginVersion::November2020, PluginVersion::December2020, PluginVersion::Since2022];
    match mode {
        "azure_bridge" => AzureBridge { addresses }.into(),
        "azure_transparent" => AzureTransparent { plugin: draft.pick(&releases).unwrap(), addresses }.into(),
        "pod_subnet" => {
            let monitor = draft.pick(&[MonitorVersion::V1, MonitorVersion::V2]).unwrap();
            PodSubnet { plugin: draft.pick(&releases).unwrap(), monitor, order }.into()
        }
        _ => {
            let blocks = ["10.244.0.0/16", "10.100.0.0/20", "192.168.0.0/18", "100.64.0.0/16"];
            let pod_cidr = draft.pick(&blocks).unwrap().parse().unwrap();
            let ranges = [MasqueradeRange::PodCidrAndSubnet, MasqueradeRange::PodCidr];
            Kubenet { pod_cidr, masquerade: draft.pick(&ranges).unwrap() }.into()
        }
    }
}
