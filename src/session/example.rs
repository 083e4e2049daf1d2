//! The first example as actions. It is also a file, `lessons/examples/article-kubenet.json`, and a test holds both
//! alike; a page that opens on it needs no reader of files, no other action and no other mode.

use super::{ReplayError, Session};
use crate::sim::action::{Action, NewCluster, first};
use crate::sim::engine::probe::Probe;
use crate::sim::mode::kubenet::{Kubenet, MasqueradeRange};
use crate::sim::scenario::Scenario;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;
use std::rc::Rc;

const SEED: u64 = 2186;
const VNET: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), 16);
const SUBNET: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), 22);
const PODS: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(10, 244, 0, 0), 16);
const KUBENET: Kubenet = Kubenet { pod_cidr: PODS, masquerade: MasqueradeRange::PodCidrAndSubnet };
const SERVICES: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(172, 16, 1, 0), 24);
const DNS: Ipv4Addr = Ipv4Addr::new(172, 16, 1, 10);

/// The example, done.
pub fn session() -> Result<Session, ReplayError> {
    Session::load_by(article(), |engine, action| {
        let done = first::apply(engine, action, |_| Rc::new(KUBENET));
        // None of its actions is another.
        done.unwrap_or(Ok(()))
    })
}

/// The cluster of the article, as `az aks create --network-plugin kubenet` makes it, and a ping between its nodes.
fn article() -> Scenario {
    let own = str::to_owned;
    let (vnet, subnet, cluster, deployment) = ("vnet01", "vlan01", "aks01", "nginx");
    let actions = vec![
        Action::CreateVnet { name: own(vnet), prefixes: vec![VNET], resource_group: None },
        Action::CreateSubnet { vnet: own(vnet), name: own(subnet), prefix: SUBNET },
        Action::CreateCluster(Box::new(NewCluster {
            name: own(cluster),
            resource_group: own("whhk"),
            location: own("eastus"),
            version: own("1.20.9"),
            network: KUBENET.into(),
            vnet: own(vnet),
            subnet: own(subnet),
            pod_subnet: None,
            pool: own("nodepool1"),
            node_count: 2,
            max_pods: 110,
            service_cidr: SERVICES,
            dns_service_ip: DNS,
        })),
        Action::Settle,
        Action::CreateDeployment { cluster: own(cluster), name: own(deployment), image: own(deployment), replicas: 1 },
        Action::Settle,
        Action::ScaleDeployment { cluster: own(cluster), name: own(deployment), replicas: 3 },
        Action::Settle,
        Action::Send { from: own("10.244.1.3"), to: own("10.244.0.6"), probe: Probe::ping(), count: 1 },
    ];
    Scenario::new(SEED, actions)
}
