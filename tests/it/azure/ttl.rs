//! The TTL table of components.md section 0 for the modes of Azure CNI, T65, T66, and the replies to VMs.

use super::*;
use crate::kubenet::{after, ttl_seen};

fn with_vm(session: &Session, vnet: &str, space: &str) -> Session {
    let vm = Action::CreateVm {
        name: "vm1".into(),
        vnet: vnet.into(),
        subnet: "vms".into(),
        address: None,
        resource_group: None,
    };
    after(&after(session, subnet(vnet, "vms", space)), vm)
}

/// Pod to its own node, to the other node, to a pod on the same node, to a pod on the other, to a VM; VM to a pod;
/// node to a pod of its own and of the other node.
fn row(session: &Session) -> [Option<u8>; 8] {
    let (near, far) = (pods_on(session, "vmss000000"), pods_on(session, "vmss000001"));
    let (own, other) = (node_address(session, "vmss000000"), node_address(session, "vmss000001"));
    let pod = near[0].as_str();
    let seen = |from: &str, to: &str| ttl_seen(&after(session, ping(from, to)));
    [
        seen(pod, &own),
        seen(pod, &other),
        seen(pod, &near[1]),
        seen(pod, &far[0]),
        seen(pod, "vm/vm1"),
        seen("vm/vm1", pod),
        seen(&own, pod),
        seen(&own, &far[0]),
    ]
}

#[test]
fn ttl_of_every_mode() {
    let rows = [
        ("bridge", bridge(), [64, 64, 64, 64, 64, 64, 64, 64]),
        ("transparent", transparent(PluginVersion::Since2022), [64, 63, 63, 62, 63, 63, 64, 63]),
        ("transparent, 2020-12", transparent(PluginVersion::December2020), [64, 63, 63, 62, 63, 63, 64, 63]),
        ("transparent, 2020-11", transparent(PluginVersion::November2020), [64, 63, 63, 62, 63, 63, 64, 63]),
    ];
    for (what, network, expected) in rows {
        let session = with_vm(&part_b(network), "cni-vnet", "10.0.16.0/24");
        assert_eq!(row(&session), expected.map(Some), "{what}");
    }
    let session = with_vm(&part_c(), "whkubenet", "10.1.5.0/24");
    assert_eq!(row(&session), [64, 63, 63, 62, 63, 63, 64, 63].map(Some), "pod subnet");
}

/// A remote pod in transparent mode seen from bridge mode: only the remote node forwards.
#[test]
fn bridge_to_routed_pod() {
    let mut session = part_b(bridge());
    let network = transparent(PluginVersion::Since2022);
    let Action::CreateCluster(new) = cluster(network, 1, 30) else { unreachable!() };
    session.act(Action::CreateCluster(Box::new(NewCluster { name: "aks02".into(), ..*new }))).unwrap();
    session.act(Action::Settle).unwrap();
    let web =
        Action::CreateDeployment { cluster: "aks02".into(), name: "web".into(), image: "nginx".into(), replicas: 1 };
    session.act(web).unwrap();
    session.act(Action::Settle).unwrap();
    let from = pods_on(&session, "vmss000001")[0].clone();
    assert_eq!(ttl_seen(&after(&session, ping(&from, "deploy/web"))), Some(63));
}

/// components.md section 0: traceroute shows own node, remote node, pod; never the fabric, never the gateway.
#[test]
fn hops_of_a_traceroute() {
    use crate::kubenet::error;
    use podhop::sim::engine::probe::Probe;
    let session = part_b(transparent(PluginVersion::Since2022));
    let (from, to) = (pods_on(&session, "vmss000000")[0].clone(), pods_on(&session, "vmss000001")[0].clone());
    let probe =
        |ttl| Action::Send { from: from.clone(), to: to.clone(), probe: Probe { ttl, ..Probe::ping() }, count: 1 };
    assert_eq!(error(&after(&session, probe(1))).1, node_address(&session, "vmss000000"));
    assert_eq!(error(&after(&session, probe(2))).1, node_address(&session, "vmss000001"));
    assert_eq!(ttl_seen(&after(&session, probe(3))), Some(62));
}
