//! What a person can do to the world: forms, the drawing, typed commands and scenario files all make these.
//! An action either happens whole or changes nothing.

pub mod cluster;
pub mod endpoint;
pub mod error;
pub mod first;
pub mod host;
pub mod network;
mod plan;
pub mod pool;
mod read;
pub mod send;
pub mod workload;

use super::addr::Mac;
use super::engine::probe::Probe;
use super::engine::{Engine, Until};
use super::fabric::nsg::SecurityRule;
use super::fabric::route_table::UserRoute;
use super::host::ebtables::EbChain;
use super::host::fib::RouteKind;
use super::host::netfilter::TableName;
use super::host::netfilter::edit::ChainEdit;
use super::mode::Network;
use super::time::Span;
use error::ActionError;
use ipnet::Ipv4Net;
pub use plan::{Label, NewCluster, NewPool, SubnetName};
pub(super) use read::read;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// One action. Things are named as a person names them; names are unique within their kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Creates a resource group, or changes the location of the one that is there.
    CreateGroup {
        name: String,
        location: String,
    },
    /// Deletes the name of a resource group; what was in it stays.
    DeleteGroup {
        name: String,
    },
    CreateVnet {
        name: String,
        prefixes: Vec<Ipv4Net>,
        /// The resource group to create it in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resource_group: Option<String>,
    },
    /// Gives a virtual network other prefixes; every subnet must still be within one.
    SetAddressSpace {
        vnet: String,
        prefixes: Vec<Ipv4Net>,
    },
    DeleteVnet {
        name: String,
    },
    CreateSubnet {
        vnet: String,
        name: String,
        prefix: Ipv4Net,
    },
    DeleteSubnet {
        vnet: String,
        name: String,
    },
    CreateVm {
        name: String,
        vnet: String,
        subnet: String,
        /// A static private address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<Ipv4Addr>,
        /// The resource group to create it in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resource_group: Option<String>,
    },
    DeleteVm {
        name: String,
    },
    CreateNsg {
        name: String,
        /// The resource group to create it in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resource_group: Option<String>,
    },
    DeleteNsg {
        name: String,
    },
    /// Creates a rule or changes the one of that name.
    PutNsgRule {
        nsg: String,
        rule: SecurityRule,
    },
    DeleteNsgRule {
        nsg: String,
        name: String,
    },
    AttachNsg {
        to: NsgTarget,
        nsg: Option<String>,
    },
    CreateRouteTable {
        name: String,
        /// The resource group to create it in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resource_group: Option<String>,
    },
    DeleteRouteTable {
        name: String,
    },
    /// Creates a route or changes the one of that name.
    PutRoute {
        table: String,
        route: UserRoute,
    },
    DeleteRoute {
        table: String,
        name: String,
    },
    /// Attaches a route table to a subnet; without a table, detaches the one that is there.
    AttachRouteTable {
        vnet: String,
        subnet: String,
        table: Option<String>,
    },
    SetIpForwarding {
        nic: String,
        on: bool,
    },
    CreateCluster(Box<NewCluster>),
    DeleteCluster {
        name: String,
    },
    ScalePool {
        cluster: String,
        pool: String,
        count: u32,
    },
    AddPool(Box<NewPool>),
    DeletePool {
        cluster: String,
        pool: String,
    },
    /// Gives a pool's nodes, those that are there and those to come, these labels in the place of the pool's others.
    SetPoolLabels {
        cluster: String,
        pool: String,
        labels: Vec<Label>,
    },
    DeleteNode {
        name: String,
    },
    Cordon {
        node: String,
        on: bool,
    },
    /// Sets the ranges whose destinations keep the pod's source address.
    SetMasquerade {
        cluster: String,
        keep: Vec<Ipv4Net>,
    },
    CreateDeployment {
        cluster: String,
        name: String,
        image: String,
        replicas: u32,
    },
    ScaleDeployment {
        cluster: String,
        name: String,
        replicas: u32,
    },
    DeleteDeployment {
        cluster: String,
        name: String,
    },
    DeletePod {
        name: String,
    },
    /// The container of a pod that no workload controls ends, and is not started again.
    EndPod {
        name: String,
        /// Its exit status.
        #[serde(default, skip_serializing_if = "is_success")]
        status: u8,
    },
    /// Runs one pod that no workload controls. A name that ends with a hyphen is given an ending, as
    /// `metadata.generateName` is.
    RunPod {
        cluster: String,
        name: String,
        image: String,
        /// The node that it must run on; without one the scheduler finds one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node: Option<String>,
        /// Whether it runs in the node's own network.
        #[serde(default, skip_serializing_if = "is_off")]
        host_network: bool,
    },
    /// Gives a label, or takes it away.
    SetLabel {
        on: Labeled,
        key: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<String>,
    },
    SetSysctl {
        host: String,
        name: SysctlName,
        on: bool,
    },
    SetLink {
        host: String,
        dev: String,
        up: bool,
    },
    AddHostRoute {
        host: String,
        route: HostRoute,
    },
    DeleteHostRoute {
        host: String,
        dst: Ipv4Net,
        /// The one of that metric, where there are several of the prefix; else the cheapest.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        metric: Option<u32>,
    },
    /// Gives an interface an address that nobody has, or takes one away.
    SetAddress {
        host: String,
        dev: String,
        address: Ipv4Net,
        on: bool,
    },
    /// Writes a fixed neighbour, or forgets one.
    SetNeighbor {
        host: String,
        dev: String,
        address: Ipv4Addr,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mac: Option<Mac>,
    },
    DeleteNatRule {
        host: String,
        chain: String,
        number: usize,
    },
    /// Changes a chain of iptables.
    EditChain {
        host: String,
        table: TableName,
        chain: String,
        edit: ChainEdit,
    },
    /// Deletes a rule of `ebtables`, by its number in the chain from 1.
    DeleteBridgeRule {
        host: String,
        chain: EbChain,
        number: usize,
    },
    Flush {
        host: String,
        table: FlushTable,
    },
    /// Lets virtual time pass.
    Wait {
        ms: u64,
    },
    /// Lets time pass until no control loop has anything to do.
    Settle,
    Send {
        from: String,
        to: String,
        probe: Probe,
        /// Packets, one a second.
        #[serde(default = "one", skip_serializing_if = "is_one")]
        count: u16,
    },
}

const fn one() -> u16 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_one(count: &u16) -> bool {
    *count == 1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_off(on: &bool) -> bool {
    !*on
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_success(status: &u8) -> bool {
    *status == 0
}

/// What a label is given to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Labeled {
    Node(String),
    Pod(String),
}

/// Where an NSG is attached.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum NsgTarget {
    Subnet { vnet: String, subnet: String },
    Nic(String),
}

/// A kernel setting that a person may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SysctlName {
    IpForward,
    BridgeNfCallIptables,
}

/// A route as `ip route add` takes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostRoute {
    pub dst: Ipv4Net,
    pub target: HostRouteTarget,
    /// Preferred source address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub src: Option<Ipv4Addr>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub metric: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl HostRoute {
    /// A route that says neither source nor metric.
    pub const fn new(dst: Ipv4Net, target: HostRouteTarget) -> Self {
        Self { dst, target, src: None, metric: 0 }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum HostRouteTarget {
    Dev {
        dev: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        via: Option<Ipv4Addr>,
    },
    Unreachable,
    Blackhole,
}

/// A table that can be emptied of what it has learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlushTable {
    Neighbors,
    Fdb,
    Conntrack,
}

/// Applies an action. On an error the engine must be thrown away: use [`crate::session`], which keeps the world from
/// before.
pub fn apply(engine: &mut Engine, action: &Action) -> Result<(), ActionError> {
    first::apply(engine, action, Network::recipe).unwrap_or_else(|| apply_other(engine, action))
}

fn apply_other(engine: &mut Engine, action: &Action) -> Result<(), ActionError> {
    match action {
        Action::DeleteGroup { name } => network::delete_group(&mut engine.world, name),
        Action::CreateGroup { name, location } => network::create_group(&mut engine.world, name, location),
        Action::SetAddressSpace { .. }
        | Action::DeleteVnet { .. }
        | Action::DeleteSubnet { .. }
        | Action::CreateVm { .. }
        | Action::DeleteVm { .. }
        | Action::CreateNsg { .. }
        | Action::DeleteNsg { .. }
        | Action::PutNsgRule { .. }
        | Action::DeleteNsgRule { .. }
        | Action::AttachNsg { .. }
        | Action::CreateRouteTable { .. }
        | Action::DeleteRouteTable { .. }
        | Action::PutRoute { .. }
        | Action::DeleteRoute { .. }
        | Action::AttachRouteTable { .. }
        | Action::SetIpForwarding { .. } => network::apply(engine, action),
        Action::DeleteCluster { name } => cluster::delete(engine, name),
        Action::ScalePool { cluster, pool, count } => pool::scale(engine, cluster, pool, *count),
        Action::AddPool(new) => pool::add(engine, new),
        Action::DeletePool { cluster, pool } => pool::delete(engine, cluster, pool),
        Action::SetPoolLabels { cluster, pool, labels } => pool::set_labels(engine, cluster, pool, labels),
        Action::DeleteNode { name } => cluster::delete_node(engine, name),
        Action::Cordon { node, on } => cluster::cordon(engine, node, *on),
        Action::SetMasquerade { cluster, keep } => cluster::set_masquerade(engine, cluster, keep),
        Action::DeleteDeployment { cluster, name } => workload::delete(engine, cluster, name),
        Action::DeletePod { name } => workload::delete_pod(engine, name),
        Action::EndPod { name, status } => workload::end_pod(engine, name, *status),
        Action::RunPod { cluster, name, image, node, host_network } => {
            workload::run(engine, cluster, name, image, node.as_deref(), *host_network)
        }
        Action::SetLabel { on, key, value } => workload::set_label(engine, on, key, value.as_deref()),
        Action::SetSysctl { host, name, on } => host::set_sysctl(engine, host, *name, *on),
        Action::SetLink { host, dev, up } => host::set_link(engine, host, dev, *up),
        Action::AddHostRoute { host, route } => host::add_route(engine, host, route),
        Action::DeleteHostRoute { host, dst, metric } => host::delete_route(engine, host, *dst, *metric),
        Action::SetAddress { host, dev, address, on } => host::set_address(engine, host, dev, *address, *on),
        Action::SetNeighbor { host, dev, address, mac } => host::set_neighbor(engine, host, dev, *address, *mac),
        Action::DeleteNatRule { host, chain, number } => host::delete_nat_rule(engine, host, chain, *number),
        Action::EditChain { host, table, chain, edit } => host::edit_chain(engine, host, *table, chain, edit),
        Action::DeleteBridgeRule { host, chain, number } => host::delete_bridge_rule(engine, host, *chain, *number),
        Action::Flush { host, table } => host::flush(engine, host, *table),
        Action::Wait { ms } => wait(engine, *ms),
        Action::CreateVnet { .. }
        | Action::CreateSubnet { .. }
        | Action::CreateCluster(_)
        | Action::CreateDeployment { .. }
        | Action::ScaleDeployment { .. }
        | Action::Settle
        | Action::Send { .. } => Ok(()),
    }
}

/// Longest wait: a day of virtual time.
pub const MAX_WAIT_MS: u64 = 86_400_000;

fn wait(engine: &mut Engine, ms: u64) -> Result<(), ActionError> {
    if ms > MAX_WAIT_MS {
        return Err(ActionError::WaitTooLong { ms, limit: MAX_WAIT_MS });
    }
    let end = engine.world.now + Span::millis(ms);
    engine.run(Until::Time(end));
    Ok(())
}

impl HostRouteTarget {
    /// Name of the interface, where the route has one.
    pub fn dev(&self) -> Option<&str> {
        match self {
            HostRouteTarget::Dev { dev, .. } => Some(dev),
            HostRouteTarget::Unreachable | HostRouteTarget::Blackhole => None,
        }
    }

    /// The kind of route, once the name of the interface is resolved.
    pub(crate) fn kind(&self, dev_index: impl Fn(&str) -> Option<super::ids::IfIndex>) -> Option<RouteKind> {
        Some(match self {
            HostRouteTarget::Dev { dev, via } => RouteKind::Unicast { dev: dev_index(dev)?, via: *via },
            HostRouteTarget::Unreachable => RouteKind::Unreachable,
            HostRouteTarget::Blackhole => RouteKind::Blackhole,
        })
    }
}
