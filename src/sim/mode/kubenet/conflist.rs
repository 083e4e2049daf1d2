//! The CNI configuration that a kubenet node has in `/etc/cni/net.d/10-containerd-net.conflist`.
//! Source: Azure/AgentBaker `parts/linux/cloud-init/artifacts/containerd-kubenet template`, in the article's form.

use ipnet::Ipv4Net;
use serde::Serialize;

/// Name of the file.
pub const FILE: &str = "/etc/cni/net.d/10-containerd-net.conflist";

/// The file as data; serialised it is what `cat` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Conflist {
    pub cni_version: &'static str,
    pub name: &'static str,
    pub plugins: (Bridge, Portmap),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the plugin's own fields")]
pub struct Bridge {
    #[serde(rename = "type")]
    pub plugin: &'static str,
    pub bridge: &'static str,
    pub mtu: u16,
    /// Not a field of the plugin, which ignores it.
    pub add_if: &'static str,
    pub is_gateway: bool,
    pub ip_masq: bool,
    pub promisc_mode: bool,
    pub hairpin_mode: bool,
    pub ipam: Ipam,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ipam {
    #[serde(rename = "type")]
    pub plugin: &'static str,
    pub subnet: Ipv4Net,
    pub routes: [Dst; 1],
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dst {
    pub dst: Ipv4Net,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Portmap {
    #[serde(rename = "type")]
    pub plugin: &'static str,
    pub capabilities: Capabilities,
    pub external_set_mark_chain: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Capabilities {
    pub port_mappings: bool,
}

impl Conflist {
    /// The file of a node with this block, whose masquerade is the agent's work and not the plugin's.
    pub fn new(block: Ipv4Net, masquerade_by_plugin: bool) -> Self {
        Self {
            cni_version: "0.3.1",
            name: "kubenet",
            plugins: (
                Bridge {
                    plugin: "bridge",
                    bridge: super::BRIDGE,
                    mtu: crate::sim::host::interface::AZURE_MTU,
                    add_if: "eth0",
                    is_gateway: true,
                    ip_masq: masquerade_by_plugin,
                    promisc_mode: true,
                    hairpin_mode: false,
                    ipam: Ipam { plugin: "host-local", subnet: block, routes: [Dst { dst: Ipv4Net::default() }] },
                },
                Portmap {
                    plugin: "portmap",
                    capabilities: Capabilities { port_mappings: true },
                    external_set_mark_chain: "KUBE-MARK-MASQ",
                },
            ),
        }
    }
}
