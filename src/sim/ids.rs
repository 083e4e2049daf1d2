//! Typed ids. An id is the position of an entity in its [`crate::sim::arena::Arena`] and is never used again
//! after the entity is gone, so an old record can still name what it speaks of.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub u32);
        impl From<u32> for $name {
            fn from(value: u32) -> Self {
                Self(value)
            }
        }
        impl From<$name> for u32 {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}

id!(
    /// One Linux network namespace: a node's root namespace, a pod, a VM.
    HostId
);
id!(
    /// One Azure network interface (NIC) with its IP configurations.
    NicId
);
id!(
    /// One virtual network.
    VnetId
);
id!(
    /// One subnet of a virtual network.
    SubnetId
);
id!(
    /// One network security group.
    NsgId
);
id!(
    /// One Azure route table (user-defined routes).
    RouteTableId
);
id!(
    /// One managed cluster.
    ClusterId
);
id!(
    /// One Kubernetes node object.
    NodeId
);
id!(
    /// One pod object.
    PodId
);
id!(
    /// One deployment or daemon set.
    WorkloadId
);
id!(
    /// One packet from its sender to its end, through every rewrite; see [`crate::sim::record::Lineage`].
    LineageId
);
id!(
    /// One copy of a frame on the wire; flooding makes new copies.
    FrameId
);

/// Index of an interface in its host, as `ip link` numbers them (1 is `lo`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct IfIndex(pub u32);

/// One interface of one host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct InterfaceId {
    pub host: HostId,
    pub index: IfIndex,
}
