//! Virtual networks and subnets.

use super::nic::AddressOwner;
use super::system_routes::SystemRoutes;
use crate::sim::ids::{NicId, NsgId, RouteTableId, VnetId};
use crate::sim::ipam::subnet_pool::SubnetPool;
use crate::sim::ordered::Ordered;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;
use std::rc::Rc;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Vnet {
    pub name: Rc<str>,
    pub prefixes: Rc<[Ipv4Net]>,
    /// The routes that every subnet of the network has.
    pub routes: SystemRoutes,
    /// Every address that an IP configuration holds, and the NIC behind it: what the network delivers by.
    pub mappings: Ordered<Ipv4Addr, NicId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subnet {
    pub name: Rc<str>,
    pub vnet: VnetId,
    pub pool: SubnetPool<AddressOwner>,
    pub nsg: Option<NsgId>,
    pub route_table: Option<RouteTableId>,
    /// Given to AKS for the pods of node pools (`Microsoft.ContainerService/managedClusters`): nothing else may be in it.
    pub delegated: bool,
    /// Whether nodes were told that hardly an address is left (`ClusterSubnetState`).
    pub exhausted: bool,
}

impl Vnet {
    pub fn new(name: &str, prefixes: &[Ipv4Net]) -> Self {
        Self {
            name: name.into(),
            prefixes: prefixes.into(),
            routes: SystemRoutes::new(prefixes, &[], &[]),
            mappings: Ordered::default(),
        }
    }

    /// Gives it other prefixes, and so other routes.
    pub fn set_prefixes(&mut self, prefixes: &[Ipv4Net]) {
        self.prefixes = prefixes.into();
        self.routes = SystemRoutes::new(prefixes, &[], &[]);
    }
}
