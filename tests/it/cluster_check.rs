//! What AKS refuses before it builds anything.

use crate::fixture::*;
use podhop::session::Session;
use podhop::sim::action::{Action, NewCluster};
use podhop::sim::mode::Network;

fn base() -> Session {
    let mut session = Session::new(1);
    for action in [
        vnet("vnet01", "10.0.0.0/16"),
        subnet("vnet01", "vlan01", "10.0.0.0/22"),
        subnet("vnet01", "vlan02", "10.0.8.0/22"),
    ] {
        session.act(action).unwrap();
    }
    session
}

fn changed(change: impl FnOnce(&mut NewCluster)) -> Action {
    let Action::CreateCluster(mut new) = article_cluster() else { unreachable!("a cluster") };
    change(&mut new);
    Action::CreateCluster(new)
}

fn pod_cidr(cidr: &str) -> Action {
    changed(|c| {
        let Network::Kubenet(kubenet) = &mut c.network else { panic!("kubenet") };
        kubenet.pod_cidr = cidr.parse().unwrap();
    })
}

fn service(cidr: &str, dns: &str) -> Action {
    changed(|c| {
        c.service_cidr = cidr.parse().unwrap();
        c.dns_service_ip = dns.parse().unwrap();
    })
}

/// T17, T22, T72 to T74, and azure.md 4.11, 7.5, 8.1, 8.2.
#[test]
fn refusals() {
    let session = base();
    let rows = [
        ("the article's", article_cluster(), None),
        ("T17 max pods 9", changed(|c| c.max_pods = 9), Some("max-pods")),
        ("T17 max pods 251", changed(|c| c.max_pods = 251), Some("max-pods")),
        ("T17 max pods 10, one node", changed(|c| (c.max_pods, c.node_count) = (10, 1)), Some("pool-too-small")),
        ("T17 max pods 10, three nodes", changed(|c| (c.max_pods, c.node_count) = (10, 3)), None),
        ("no node", changed(|c| c.node_count = 0), Some("node-count")),
        ("1001 nodes", changed(|c| c.node_count = 1001), Some("node-count")),
        ("pool name", changed(|c| c.pool = "Pool-1".into()), Some("bad-name")),
        ("subnet unknown", changed(|c| c.subnet = "none".into()), Some("not-found")),
        ("pod range with host bits", pod_cidr("10.244.0.1/16"), Some("pod-cidr-unaligned")),
        ("pod range smaller than a block", pod_cidr("10.244.0.0/25"), Some("pod-cidr-too-small")),
        ("pod range on the subnet", pod_cidr("10.0.0.0/16"), Some("ranges-overlap")),
        ("pod range on the services", pod_cidr("172.16.0.0/16"), Some("ranges-overlap")),
        ("reserved pod range", pod_cidr("172.30.0.0/16"), Some("range-reserved")),
        ("T26's range", pod_cidr("172.16.0.0/12"), Some("range-reserved")),
        ("T72 DNS outside", service("10.200.0.0/16", "10.0.0.10"), Some("DnsServiceIpOutOfServiceCidr")),
        (
            "T73 services on a subnet",
            service("10.0.8.0/22", "10.0.8.10"),
            Some("ServiceCidrOverlapExistingSubnetsCidr"),
        ),
        ("T74 DNS at the first address", service("172.16.1.0/24", "172.16.1.1"), Some("dns-service-ip-first")),
        ("services too large", service("11.0.0.0/8", "11.0.0.10"), Some("service-cidr-too-large")),
    ];
    for (what, action, code) in rows {
        assert_eq!(session.try_action(&action).err().map(|e| e.code()), code, "{what}");
    }
}

/// azure.md 4.11: a kubenet subnet belongs to one cluster.
#[test]
fn a_subnet_has_one_cluster() {
    let mut session = base();
    session.act(article_cluster()).unwrap();
    let second = changed(|c| c.name = "aks02".into());
    assert_eq!(session.try_action(&second).unwrap_err().code(), "subnet-has-cluster");
}

/// Article step 10: the file, key for key.
#[test]
fn conflist_of_the_article() {
    let session = article();
    let world = session.world();
    let cluster = world.clusters.values().next().unwrap();
    let node = world.nodes.values().find(|n| n.instance == 0).unwrap();
    let file = cluster.recipe.cni_file(cluster, node).unwrap();
    assert_eq!(file.name(), "/etc/cni/net.d/10-containerd-net.conflist");
    let expected = r#"{"cniVersion":"0.3.1","name":"kubenet","plugins":[{"type":"bridge","bridge":"cbr0","mtu":1500,"addIf":"eth0","isGateway":true,"ipMasq":false,"promiscMode":true,"hairpinMode":false,"ipam":{"type":"host-local","subnet":"10.244.1.0/24","routes":[{"dst":"0.0.0.0/0"}]}},{"type":"portmap","capabilities":{"portMappings":true},"externalSetMarkChain":"KUBE-MARK-MASQ"}]}"#;
    let found: serde_json::Value = serde_json::from_str(&file.text()).unwrap();
    assert_eq!(found, serde_json::from_str::<serde_json::Value>(expected).unwrap());
}

/// Names, overlaps and what is in use, as Azure answers.
#[test]
fn network_refusals() {
    let mut session = base();
    session.act(article_cluster()).unwrap();
    session
        .act(Action::CreateVm {
            name: "vm1".into(),
            vnet: "vnet01".into(),
            subnet: "vlan02".into(),
            address: None,
            resource_group: None,
        })
        .unwrap();
    let vm = |name: &str, address: &str| Action::CreateVm {
        name: name.into(),
        vnet: "vnet01".into(),
        subnet: "vlan02".into(),
        address: Some(address.parse().unwrap()),
        resource_group: None,
    };
    let rows = [
        (vm("vm2", "10.0.8.1"), "PrivateIPAddressInReservedRange"),
        (vm("vm2", "10.0.8.4"), "PrivateIPAddressIsAllocated"),
        (vm("vm2", "10.0.0.9"), "PrivateIPAddressNotInSubnet"),
        (vm("vm1", "10.0.8.9"), "exists"),
        (vm("-vm", "10.0.8.9"), "bad-name"),
        (Action::DeleteSubnet { vnet: "vnet01".into(), name: "vlan02".into() }, "in-use"),
        (Action::DeleteVnet { name: "vnet01".into() }, "in-use"),
        (subnet("vnet01", "vlan03", "10.0.0.0/24"), "vnet"),
        (subnet("vnet01", "vlan03", "10.9.0.0/24"), "vnet"),
        (vnet("v2", "169.254.0.0/16"), "vnet"),
        (scale("nobody", 3), "not-found"),
        (deployment("Bad", 3), "bad-name"),
        (deployment("many", 20_001), "replicas"),
        (Action::Wait { ms: u64::MAX }, "wait-too-long"),
    ];
    for (action, code) in rows {
        assert_eq!(session.try_action(&action).unwrap_err().code(), code, "{action:?}");
    }
}
