//! What many tests begin with.

use podhop::session::Session;
use podhop::sim::action::{Action, NewCluster};
use podhop::sim::engine::probe::Probe;
use podhop::sim::mode::Network;
use podhop::sim::mode::kubenet::{Kubenet, MasqueradeRange};
use podhop::sim::record::trace::Outcome;

/// The seed with which the article's order of registration comes out.
pub(crate) const ARTICLE_SEED: u64 = 2186;

/// Fingerprint of the record of the article's ping across nodes.
pub(crate) const ARTICLE_PING_DIGEST: u64 = 10_641_491_922_495_574_535;

pub(crate) fn vnet(name: &str, prefix: &str) -> Action {
    Action::CreateVnet { name: name.into(), prefixes: vec![prefix.parse().unwrap()], resource_group: None }
}

pub(crate) fn subnet(vnet: &str, name: &str, prefix: &str) -> Action {
    Action::CreateSubnet { vnet: vnet.into(), name: name.into(), prefix: prefix.parse().unwrap() }
}

/// `az aks create` of the article's part A.
pub(crate) fn article_cluster() -> Action {
    kubenet_cluster("10.244.0.0/16", 2)
}

pub(crate) fn kubenet_cluster(pod_cidr: &str, node_count: u32) -> Action {
    let kubenet = Kubenet { pod_cidr: pod_cidr.parse().unwrap(), masquerade: MasqueradeRange::default() };
    Action::CreateCluster(Box::new(NewCluster {
        name: "aks01".into(),
        resource_group: "whhk".into(),
        location: "eastus".into(),
        version: "1.20.9".into(),
        network: Network::Kubenet(kubenet),
        vnet: "vnet01".into(),
        subnet: "vlan01".into(),
        pod_subnet: None,
        pool: "nodepool1".into(),
        node_count,
        max_pods: 110,
        service_cidr: "172.16.1.0/24".parse().unwrap(),
        dns_service_ip: "172.16.1.10".parse().unwrap(),
    }))
}

pub(crate) fn deployment(name: &str, replicas: u32) -> Action {
    Action::CreateDeployment { cluster: "aks01".into(), name: name.into(), image: "nginx".into(), replicas }
}

pub(crate) fn scale(name: &str, replicas: u32) -> Action {
    Action::ScaleDeployment { cluster: "aks01".into(), name: name.into(), replicas }
}

/// Steps A1 to A8 of the article.
pub(crate) fn article_actions() -> Vec<Action> {
    vec![
        vnet("vnet01", "10.0.0.0/16"),
        subnet("vnet01", "vlan01", "10.0.0.0/22"),
        article_cluster(),
        Action::Settle,
        deployment("nginx", 1),
        Action::Settle,
        scale("nginx", 3),
        Action::Settle,
    ]
}

pub(crate) fn session(seed: u64, actions: impl IntoIterator<Item = Action>) -> Session {
    let mut session = Session::new(seed);
    for action in actions {
        session.act(action.clone()).unwrap_or_else(|e| panic!("{action:?}: {e:?}"));
    }
    session
}

pub(crate) fn article() -> Session {
    session(ARTICLE_SEED, article_actions())
}

pub(crate) fn ping(from: &str, to: &str) -> Action {
    Action::Send { from: from.into(), to: to.into(), probe: Probe::ping(), count: 1 }
}

/// The outcome of the only probe of the last turn.
pub(crate) fn outcome(session: &Session) -> Outcome {
    let record = &session.turns().last().unwrap().record;
    record.outcome(record.probes().next().expect("a probe"))
}
