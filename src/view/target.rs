//! Things that can be named, linked to, outlined and opened.

use crate::sim::ids::{ClusterId, HostId, InterfaceId, NicId, NodeId, NsgId, PodId, RouteTableId, SubnetId, VnetId};

/// One thing of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    Vnet(VnetId),
    Subnet(SubnetId),
    RouteTable(RouteTableId),
    Nsg(NsgId),
    Nic(NicId),
    Cluster(ClusterId),
    Node(NodeId),
    Pod(PodId),
    /// All pods of a node.
    Pods(NodeId),
    Host(HostId),
    Interface(InterfaceId),
}
