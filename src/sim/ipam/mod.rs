//! Who gets which address: the pod CIDRs of nodes, the addresses of an Azure subnet, the addresses of pods.

pub mod host_local;
pub mod node_cidr;
pub mod subnet_pool;
