//! What clusters and pools are made of, as a person asks for them.

use crate::sim::mode::Network;
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// A label of a node pool.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    pub key: String,
    #[serde(default)]
    pub value: String,
}

/// A subnet with its virtual network.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubnetName {
    pub vnet: String,
    pub subnet: String,
}

/// A node pool to add to a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPool {
    pub cluster: String,
    pub name: String,
    pub subnet: SubnetName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod_subnet: Option<SubnetName>,
    pub node_count: u32,
    /// Pods a node may run, 10 to 250.
    pub max_pods: u16,
}

/// A managed cluster to create.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCluster {
    pub name: String,
    #[serde(default = "NewCluster::default_group")]
    pub resource_group: String,
    #[serde(default = "NewCluster::default_location")]
    pub location: String,
    #[serde(default = "NewCluster::default_version")]
    pub version: String,
    pub network: Network,
    pub vnet: String,
    pub subnet: String,
    /// Where pods have their addresses from, in the modes that ask for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod_subnet: Option<SubnetName>,
    #[serde(default = "NewCluster::default_pool")]
    pub pool: String,
    pub node_count: u32,
    /// Pods a node may run, 10 to 250.
    pub max_pods: u16,
    pub service_cidr: Ipv4Net,
    pub dns_service_ip: Ipv4Addr,
}

impl NewCluster {
    fn default_group() -> String {
        "rg".to_owned()
    }
    fn default_location() -> String {
        "eastus".to_owned()
    }
    /// The version of the article.
    fn default_version() -> String {
        "1.20.9".to_owned()
    }
    fn default_pool() -> String {
        "nodepool1".to_owned()
    }
}
