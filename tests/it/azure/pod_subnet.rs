//! Part C of the article: pods in a subnet of their own, in batches; pools; what each refusal says.

use super::*;
use crate::kubenet::{after, host, pod_host};
use ipnet::Ipv4Net;
use podhop::sim::action::error::{ActionError, SubnetTarget};
use podhop::sim::cluster::PodPhase;
use podhop::sim::ipam::cns::MonitorVersion;
use podhop::sim::ipam::subnet_pool::LeaseState;
use std::net::Ipv4Addr;

fn held(session: &Session, subnet: &str) -> [u64; 3] {
    let pool = &session.world().subnets.values().find(|s| s.name.as_ref() == subnet).unwrap().pool;
    [LeaseState::HeldInBatch, LeaseState::Assigned, LeaseState::PendingRelease].map(|s| pool.counts().of(s))
}

/// Addresses that each node holds for pods.
fn batches(session: &Session) -> Vec<usize> {
    session.world().nodes.values().map(|n| n.cns().map_or(0, |c| c.ips().count())).collect()
}

/// Step 30: pods out of the pod subnet, nodes out of theirs. Step 31: one /32 a pod, and ipam azure-cns.
#[test]
fn pods_and_nodes_apart() {
    let session = part_c();
    let world = session.world();
    let (pods, nodes): (Ipv4Net, Ipv4Net) = ("10.1.0.0/22".parse().unwrap(), "10.1.4.0/24".parse().unwrap());
    for pod in world.pods.values() {
        let net = if pod.host_network { nodes } else { pods };
        assert!(net.contains(&pod.address.unwrap()), "{}", pod.name);
        assert_eq!(pod.phase, PodPhase::Running);
    }
    for node in world.nodes.values() {
        assert!(nodes.contains(&world.nics.get(node.nic).unwrap().primary().unwrap()));
        let cluster = world.clusters.get(node.cluster).unwrap();
        let file = cluster.recipe.cni_file(cluster, node).unwrap();
        assert!(file.name().ends_with("10-azure.conflist") && file.text().contains("azure-cns"));
    }
    let address = pods_on(&session, "vmss000000")[0].clone();
    let pod = world.hosts.get(pod_host(&session, &address)).unwrap();
    assert_eq!(pod.interface_named("eth0").unwrap().addresses[0].net.to_string(), format!("{address}/22"));
    let node = world.hosts.get(host(&session, "vmss000000")).unwrap();
    let single = node.fib.routes().iter().filter(|r| r.dst.prefix_len() == 32).count();
    assert_eq!(single, node.interfaces.values().filter(|i| i.name.starts_with("azv")).count());
    assert!(node.fib.routes().iter().any(|r| r.dst == pods && r.dev().is_some()), "the pod subnet by the gateway");
}

/// Pods for which there is no address at first get one with the next batches: a cluster is settled when they have.
#[test]
fn a_settled_cluster_waits_for_no_batch() {
    let mut session = part_c();
    for wanted in [30, 150, 400] {
        session.act(scale("nginx", wanted)).unwrap();
        session.act(Action::Settle).unwrap();
        let waits = session.world().pods.values().filter(|pod| pod.phase != PodPhase::Running).count();
        assert_eq!(waits, 0, "of {wanted}");
    }
}

/// T28: a node without pods takes 16; with 9 pods 32. T29: down again when 24 are free.
#[test]
fn batches_follow_the_pods() {
    let mut actions = part_c_actions();
    actions.truncate(3);
    actions.extend([pod_subnet_cluster(1), Action::Settle]);
    let mut session = session(1, actions);
    let system = session.world().pods.values().filter(|p| !p.host_network).count();
    assert_eq!((batches(&session), held(&session, "podvlan")), (vec![16], [16 - system as u64, system as u64, 0]));
    session.act(deployment("nginx", 0)).unwrap();
    let system = u32::try_from(system).unwrap();
    for (pods, expected) in [(8, 16), (9, 32), (24, 32), (25, 48), (24, 32), (9, 32), (8, 16)] {
        session.act(scale("nginx", pods - system)).unwrap();
        session.act(Action::Settle).unwrap();
        assert_eq!(batches(&session), [expected], "{pods} pods");
        assert_eq!(held(&session, "podvlan")[1], u64::from(pods));
    }
}

/// T31: a /24 takes fifteen nodes.
#[test]
fn nodes_that_a_pod_subnet_takes() {
    for (nodes, refused) in [(15, None), (16, Some((256, 251)))] {
        let mut actions = part_c_actions();
        actions.truncate(3);
        actions[1] = subnet("whkubenet", "podvlan", "10.1.0.0/24");
        let mut session = session(1, actions);
        let expected = refused.map(|(wanted, available)| ActionError::InsufficientSubnetSize {
            wanted,
            available,
            subnet: "podvlan".into(),
            prefix: "10.1.0.0/24".parse().unwrap(),
            target: SubnetTarget::Pods,
        });
        assert_eq!(session.act(pod_subnet_cluster(nodes)).err(), expected);
    }
}

/// T75 and azure.md 6.1: what a pod subnet cannot be.
#[test]
fn subnets_that_cannot_be_for_pods() {
    let mut base = part_c_actions();
    base.truncate(3);
    base.push(vnet("other", "10.9.0.0/16"));
    base.push(subnet("other", "far", "10.9.0.0/24"));
    let with = |pod_subnet: Option<SubnetName>| {
        let Action::CreateCluster(new) = pod_subnet_cluster(2) else { unreachable!() };
        Action::CreateCluster(Box::new(NewCluster { pod_subnet, ..*new }))
    };
    let rows = [
        (Some(SubnetName { vnet: "other".into(), subnet: "far".into() }), "subnet-of-other-vnet"),
        (Some(in_vnet("nodevlan")), "pod-subnet-is-node-subnet"),
        (None, "pod-subnet-missing"),
        (Some(in_vnet("nowhere")), "not-found"),
    ];
    for (pod_subnet, code) in rows {
        let error = session(1, base.clone()).act(with(pod_subnet)).unwrap_err();
        assert_eq!(error.code(), code);
    }
    let vm = |subnet: &str| Action::CreateVm {
        name: "vm1".into(),
        vnet: "whkubenet".into(),
        subnet: subnet.into(),
        address: None,
        resource_group: None,
    };
    let mut taken = session(1, base.clone());
    taken.act(vm("podvlan")).unwrap();
    assert_eq!(taken.act(pod_subnet_cluster(2)).unwrap_err().code(), "pod-subnet-in-use");
    let mut built = part_c();
    assert_eq!(built.act(vm("podvlan")).unwrap_err().code(), "subnet-for-pods");
    built.act(Action::DeleteCluster { name: "aks01".into() }).unwrap();
    built.act(vm("podvlan")).unwrap();
}

/// Step 33: a second pool, its nodes beside the others, its pods in their own subnet; and it goes away again.
#[test]
fn a_second_pool() {
    let mut session = part_c();
    for action in second_pool() {
        session.act(action).unwrap();
    }
    let world = session.world();
    let (first, second): (Ipv4Net, Ipv4Net) = ("10.1.0.0/22".parse().unwrap(), "10.1.8.0/22".parse().unwrap());
    for node in world.nodes.values() {
        let net = if node.pool.as_ref() == "newnodepool" { second } else { first };
        let on = world
            .pods
            .values()
            .filter(|p| p.node.and_then(|n| world.nodes.get(n)).is_some_and(|n| n.name == node.name));
        let pods: Vec<Ipv4Addr> = on.filter(|p| !p.host_network).filter_map(|p| p.address).collect();
        assert!(!pods.is_empty() && pods.iter().all(|p| net.contains(p)), "{}: {pods:?}", node.name);
        assert!(
            "10.1.4.0/24".parse::<Ipv4Net>().unwrap().contains(&world.nics.get(node.nic).unwrap().primary().unwrap())
        );
    }
    let gone = after(&session, Action::DeletePool { cluster: "aks01".into(), pool: "newnodepool".into() });
    assert_eq!(held(&gone, "podvlan2"), [0, 0, 0]);
    let last = Action::DeletePool { cluster: "aks01".into(), pool: "nodepool1".into() };
    assert_eq!(gone.clone().act(last).unwrap_err().code(), "last-pool");
    let free = after(&gone, Action::DeleteSubnet { vnet: "whkubenet".into(), name: "podvlan2".into() });
    assert_eq!(free.world().subnets.values().count(), 2);
}

/// A pod subnet runs out: pods wait, nodes give back what they do not use; when addresses come back, pods start.
#[test]
fn an_exhausted_subnet_recovers() {
    let mut actions = part_c_actions();
    actions.truncate(3);
    actions[1] = subnet("whkubenet", "podvlan", "10.1.0.0/26");
    actions.extend([pod_subnet_cluster(2), Action::Settle, deployment("nginx", 70), Action::Settle]);
    let mut session = session(1, actions);
    for _ in 0..5 {
        session.act(Action::Wait { ms: 60_000 }).unwrap();
    }
    let counts = |s: &Session| {
        let running = s.world().pods.values().filter(|p| !p.host_network && p.phase == PodPhase::Running).count();
        let waiting = s.world().pods.values().filter(|p| p.phase == PodPhase::SandboxFailed).count();
        (running, waiting)
    };
    let (running, waiting) = counts(&session);
    assert!(waiting > 0 && running >= 54, "59 addresses: {running} run, {waiting} wait");
    assert!(session.world().subnets.values().any(|s| s.exhausted));
    session.act(scale("nginx", 20)).unwrap();
    for _ in 0..5 {
        session.act(Action::Wait { ms: 60_000 }).unwrap();
    }
    assert_eq!(counts(&session), (20 + counts_of_system(&session), 0));
    assert!(session.world().subnets.values().any(|s| s.exhausted), "two nodes would take 32 each, more than there are");
    session.act(scale("nginx", 4)).unwrap();
    session.act(Action::Wait { ms: 60_000 }).unwrap();
    assert!(!session.world().subnets.values().any(|s| s.exhausted));
    assert_eq!(batches(&session), [16, 16], "whole batches again");
}

fn counts_of_system(session: &Session) -> usize {
    session.world().pods.values().filter(|p| !p.host_network && p.namespace.as_ref() == "kube-system").count()
}

/// The second monitor reaches in one step what the first reaches in several.
#[test]
fn both_monitors_end_alike() {
    let ends = [MonitorVersion::V1, MonitorVersion::V2].map(|monitor| {
        let mut actions = part_c_actions();
        actions.truncate(3);
        let Action::CreateCluster(mut new) = pod_subnet_cluster(1) else { unreachable!() };
        new.network = Network::PodSubnet(PodSubnet { monitor, ..PodSubnet::default() });
        actions.extend([Action::CreateCluster(new), Action::Settle, deployment("nginx", 60), Action::Settle]);
        let mut session = session(1, actions);
        session.act(Action::Wait { ms: 120_000 }).unwrap();
        batches(&session)
    });
    assert_eq!(ends[0], ends[1]);
}
