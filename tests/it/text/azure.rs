//! Sessions on Azure CNI.

use crate::fixture::{deployment, ping, session, subnet, vnet};
use podhop::session::Session;
use podhop::sim::action::{Action, NewCluster, NewPool, NsgTarget, SubnetName};
use podhop::sim::fabric::nsg::{Access, AddressMatch, Direction, RuleProtocol, SecurityRule};
use podhop::sim::mode::Network;
use podhop::sim::mode::azure_bridge::AzureBridge;
use podhop::sim::mode::azure_transparent::AzureTransparent;
use podhop::sim::mode::pod_subnet::PodSubnet;

/// Two nodes in `nodevlan` of `vnet01`, and pods of their own in `podvlan` where `pods` says so.
pub(crate) fn cluster(network: Network, pods: bool, max_pods: u16) -> Vec<Action> {
    let pod_subnet = pods.then(|| SubnetName { vnet: "vnet01".into(), subnet: "podvlan".into() });
    vec![
        vnet("vnet01", "10.1.0.0/16"),
        subnet("vnet01", "podvlan", "10.1.0.0/22"),
        subnet("vnet01", "nodevlan", "10.1.4.0/24"),
        Action::CreateCluster(Box::new(NewCluster {
            name: "aks01".into(),
            resource_group: "cni".into(),
            location: "eastus".into(),
            version: "1.20.9".into(),
            network,
            vnet: "vnet01".into(),
            subnet: "nodevlan".into(),
            pod_subnet,
            pool: "nodepool1".into(),
            node_count: 2,
            max_pods,
            service_cidr: "10.2.0.0/24".parse().unwrap(),
            dns_service_ip: "10.2.0.10".parse().unwrap(),
        })),
        Action::Settle,
        deployment("nginx", 5),
        Action::Settle,
    ]
}

pub(crate) fn pod_subnet_session() -> Session {
    session(7, cluster(Network::PodSubnet(PodSubnet::default()), true, 250))
}

/// The article's second pool with a pod subnet of its own.
pub(crate) fn second_pool() -> [Action; 3] {
    let name = |subnet: &str| SubnetName { vnet: "vnet01".into(), subnet: subnet.into() };
    [
        subnet("vnet01", "podvlan2", "10.1.8.0/22"),
        Action::AddPool(Box::new(NewPool {
            cluster: "aks01".into(),
            name: "newnodepool".into(),
            subnet: name("nodevlan"),
            pod_subnet: Some(name("podvlan2")),
            node_count: 1,
            max_pods: 250,
        })),
        Action::Settle,
    ]
}

/// The article's group: pods of the first pool may ask nodes, those of the second may not.
pub(crate) fn pool_rules() -> Vec<Action> {
    let nsg = || "aksnsg".to_owned();
    let rule = |name: &str, priority, source: &str, access| {
        let mut rule = SecurityRule::new(name, priority, Direction::Inbound, access);
        rule.protocol = RuleProtocol::Icmp;
        rule.source = AddressMatch::prefix(source.parse().unwrap());
        rule.destination = AddressMatch::prefix("10.1.4.0/24".parse().unwrap());
        Action::PutNsgRule { nsg: nsg(), rule }
    };
    let to = NsgTarget::Subnet { vnet: "vnet01".into(), subnet: "nodevlan".into() };
    vec![
        Action::CreateNsg { name: nsg(), resource_group: None },
        rule("icmp_permit", 200, "10.1.0.0/22", Access::Allow),
        rule("icmp_deny", 300, "10.1.8.0/22", Access::Deny),
        Action::AttachNsg { to, nsg: Some(nsg()) },
    ]
}

/// A pod's deletion, and pings within and across nodes.
fn visited(mut session: Session) -> Session {
    let pod = session.world().pods.values().last().unwrap().name.to_string();
    for action in [
        ping("deploy/nginx/1", "deploy/nginx/2"),
        ping("deploy/nginx/1", "deploy/nginx/2"),
        ping("deploy/nginx/1", "deploy/nginx/3"),
        Action::DeletePod { name: pod },
        Action::Settle,
    ] {
        session.act(action).unwrap();
    }
    session
}

pub(super) fn runs() -> Vec<Session> {
    let mut pods = visited(pod_subnet_session());
    for action in second_pool().into_iter().chain(pool_rules()) {
        pods.act(action).unwrap();
    }
    let pods = visited(pods);
    let bridge = session(7, cluster(Network::AzureBridge(AzureBridge::default()), false, 30));
    let transparent = session(7, cluster(Network::AzureTransparent(AzureTransparent::default()), false, 30));
    vec![pods, visited(bridge), visited(transparent)]
}
