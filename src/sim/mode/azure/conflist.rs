//! The CNI configuration that an Azure CNI node has in `/etc/cni/net.d/10-azure.conflist`.
//! Source: Azure/azure-container-networking `cni/azure-linux.conflist`, `cni/azure-linux-swift.conflist`, in the
//! article's form.

use super::NODE_LOCAL_DNS;
use serde::Serialize;
use std::net::Ipv4Addr;

/// Name of the file.
pub const FILE: &str = "/etc/cni/net.d/10-azure.conflist";

/// The file as data; serialised it is what `cat` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Conflist {
    pub cni_version: &'static str,
    pub name: &'static str,
    pub plugins: (AzureVnet, Portmap),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AzureVnet {
    #[serde(rename = "type")]
    pub plugin: &'static str,
    pub mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bridge: Option<&'static str>,
    pub ips_to_route_via_host: [Ipv4Addr; 1],
    pub ipam: Ipam,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ipam {
    #[serde(rename = "type")]
    pub plugin: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Portmap {
    #[serde(rename = "type")]
    pub plugin: &'static str,
    pub capabilities: Capabilities,
    pub snat: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Capabilities {
    pub port_mappings: bool,
}

impl Conflist {
    /// The file for a mode of the plugin, with the bridge it makes, and the plugin that gives the addresses.
    pub fn new(mode: &'static str, bridge: Option<&'static str>, ipam: &'static str) -> Self {
        Self {
            cni_version: "0.3.0",
            name: "azure",
            plugins: (
                AzureVnet {
                    plugin: "azure-vnet",
                    mode,
                    bridge,
                    ips_to_route_via_host: [NODE_LOCAL_DNS],
                    ipam: Ipam { plugin: ipam },
                },
                Portmap { plugin: "portmap", capabilities: Capabilities { port_mappings: true }, snat: true },
            ),
        }
    }
}
