//! What the modes of Azure CNI share.

pub mod conflist;
pub mod node_subnet;
pub mod routed;

use crate::sim::ids::{NodeId, PodId};
use crate::sim::world::World;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// Address of the node-local DNS cache, which the plugin routes by way of the host (`ipsToRouteViaHost`).
/// Source: Azure/azure-container-networking `cni/azure-linux.conflist`.
pub const NODE_LOCAL_DNS: Ipv4Addr = Ipv4Addr::new(169, 254, 20, 10);

/// Which release of the plugin a node runs, where its behaviour changed.
/// Source: Azure/azure-container-networking, releases v1.2.0 (November 2020) and `v1.2.0_hotfix`, pull request 1524.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PluginVersion {
    /// November 2020: the pod keeps the connected route of its subnet and asks for every address in it.
    #[serde(rename = "v1.2.0")]
    November2020,
    /// December 2020: a virtual gateway with a fixed neighbour entry.
    #[serde(rename = "v1.2.0_hotfix")]
    December2020,
    /// Since August 2022: the host's end has a fixed hardware address, and the entry is confirmed by asking.
    #[default]
    #[serde(rename = "since_2022")]
    Since2022,
}

/// Name of the node's end of a pod's pair: `azv` and the first eleven hexadecimal digits of the SHA-1 of
/// `NAMESPACE.NAME`. Source: Azure/azure-container-networking `network/endpoint_linux.go`.
pub fn veth_name(namespace: &str, pod: &str) -> String {
    const DIGITS: usize = 11;
    let mut digest = sha1_smol::Sha1::from(format!("{namespace}.{pod}")).digest().to_string();
    digest.truncate(DIGITS);
    format!("azv{digest}")
}

/// Container runtimes need it; the plugin itself does not set it.
pub(super) fn enable_forwarding(world: &mut World, node: NodeId) {
    let host = world.nodes.get(node).map(|n| n.host);
    if let Some(host) = host.and_then(|id| world.hosts.get_mut(id)) {
        host.sysctl.ip_forward = true;
    }
}

pub(super) fn veth_of(world: &World, pod: PodId) -> Option<String> {
    world.pods.get(pod).map(|p| veth_name(&p.namespace, &p.name))
}
