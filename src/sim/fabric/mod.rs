//! Azure's virtual network: which route a packet takes and which rule lets it pass.

pub mod attach;
pub mod effective_routes;
pub mod network;
pub mod next_hop;
pub mod nic;
pub mod nsg;
pub mod nsg_check;
pub mod prefix_map;
pub mod resource_group;
pub mod route_table;
pub mod system_routes;
pub mod vnet_check;
pub mod watcher;
