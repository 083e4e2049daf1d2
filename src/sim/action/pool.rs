//! Actions on node pools.

use super::cluster::find;
use super::error::{ActionError, Kind};
use super::network::{exists, find_subnet, not_found};
use super::workload::{check_label, put_label};
use super::{Label, NewPool, SubnetName};
use crate::sim::cluster::{Cluster, Labels, Pool};
use crate::sim::control::node;
use crate::sim::engine::Engine;
use crate::sim::fabric::nic::AddressOwner;
use crate::sim::ids::{ClusterId, NodeId, SubnetId};
use crate::sim::ipam::subnet_pool::PoolError;
use crate::sim::mode::{Demand, PoolPlan, Recipe};
use crate::sim::order::sort;
use crate::sim::world::World;
use std::rc::Rc;

/// Nodes in one pool. Source: MicrosoftDocs/azure-docs, includes/container-service-limits.md.
pub const MAX_POOL_NODES: u32 = 1000;
/// Pods that a pool must have room for in all.
/// Source: MicrosoftDocs/azure-aks-docs, articles/aks/concepts-network-ip-address-planning.md.
pub const MIN_POOL_PODS: u32 = 30;

/// At most twelve lower-case letters and digits, a letter first. Source: Azure/azure-cli, acs `_validators.py`.
pub(super) fn check_name(name: &str) -> Result<(), ActionError> {
    let good = (1..=12).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if good { Ok(()) } else { Err(ActionError::BadName { kind: Kind::Pool, name: name.to_owned() }) }
}

/// Source: MicrosoftDocs/azure-aks-docs, articles/aks/concepts-network-ip-address-planning.md.
pub(super) fn check_size(nodes: u32, max_pods: u16) -> Result<(), ActionError> {
    if !(10..=250).contains(&max_pods) {
        return Err(ActionError::MaxPods { found: max_pods });
    }
    if !(1..=MAX_POOL_NODES).contains(&nodes) {
        return Err(ActionError::NodeCount { found: nodes, limit: MAX_POOL_NODES });
    }
    if nodes * u32::from(max_pods) < MIN_POOL_PODS {
        return Err(ActionError::PoolTooSmall { nodes, max_pods });
    }
    Ok(())
}

pub(super) fn find_pod_subnet(world: &World, name: Option<&SubnetName>) -> Result<Option<SubnetId>, ActionError> {
    name.map(|name| find_subnet(world, &name.vnet, &name.subnet)).transpose()
}

/// What holds for every pool that is to be made, beside those that its cluster has: the subnets fit its mode and each
/// other, and have room.
pub(super) fn check(
    world: &World,
    recipe: &dyn Recipe,
    plan: &PoolPlan,
    others: &[PoolPlan],
) -> Result<(), ActionError> {
    check_pod_subnet(world, plan)?;
    recipe.check_pool(world, plan)?;
    for demand in recipe.demand(plan) {
        let before = others.iter().flat_map(|other| recipe.demand(other));
        let before = before.filter(|other| other.subnet == demand.subnet).map(|other| other.addresses).sum();
        check_room(world, demand, before)?;
    }
    Ok(())
}

/// Source: MicrosoftDocs/azure-aks-docs, articles/aks/configure-azure-cni-dynamic-ip-allocation.md; Azure/AKS issue
/// 3013.
fn check_pod_subnet(world: &World, plan: &PoolPlan) -> Result<(), ActionError> {
    let (Some(nodes), Some(pods)) =
        (world.subnets.get(plan.subnet), plan.pod_subnet.and_then(|id| world.subnets.get(id)))
    else {
        return Ok(());
    };
    let subnet = pods.name.to_string();
    if plan.pod_subnet == Some(plan.subnet) {
        return Err(ActionError::PodSubnetIsNodeSubnet { subnet });
    }
    if pods.vnet != nodes.vnet {
        let vnet = world.vnets.get(pods.vnet).map_or_else(String::new, |v| v.name.to_string());
        return Err(ActionError::SubnetOfOtherVnet { subnet, vnet });
    }
    if !pods.delegated && pods.pool.counts().leased() > 0 {
        return Err(ActionError::PodSubnetInUse { subnet });
    }
    Ok(())
}

/// Azure counts what all pools of the cluster need of a subnet against its size, and refuses too what is not free now.
/// Source: MicrosoftDocs/SupportArticles-docs, insufficientsubnetsize-error-advanced-networking.md.
fn check_room(world: &World, demand: Demand, before: u64) -> Result<(), ActionError> {
    let Some(subnet) = world.subnets.get(demand.subnet) else { return Ok(()) };
    let counts = subnet.pool.counts();
    let all = before + demand.addresses;
    let (wanted, available) =
        if all > counts.usable() { (all, counts.usable()) } else { (demand.addresses, counts.free) };
    if wanted <= available {
        return Ok(());
    }
    let (name, prefix) = (subnet.name.to_string(), subnet.pool.prefix());
    Err(ActionError::InsufficientSubnetSize { wanted, available, subnet: name, prefix, target: demand.target })
}

/// A pool without nodes.
pub(super) fn planned(name: &str, plan: &PoolPlan) -> Pool {
    let PoolPlan { subnet, pod_subnet, max_pods, .. } = *plan;
    Pool { name: name.into(), subnet, pod_subnet, max_pods, next_instance: 0, labels: Labels::default() }
}

/// Gives a new pool its pod subnet and its nodes.
pub(super) fn fill(engine: &mut Engine, id: ClusterId, at: usize, plan: &PoolPlan) -> Result<(), ActionError> {
    if let Some(subnet) = plan.pod_subnet.and_then(|id| engine.world.subnets.get_mut(id)) {
        subnet.delegated = true;
    }
    add_nodes(engine, id, at, plan.nodes).map_err(ActionError::Address)
}

fn add_nodes(engine: &mut Engine, id: ClusterId, at: usize, count: u32) -> Result<(), PoolError<AddressOwner>> {
    for _ in 0..count {
        let Some(cluster) = engine.world.clusters.get_mut(id) else { return Ok(()) };
        let Some(pool) = Rc::make_mut(&mut cluster.pools).get_mut(at) else { return Ok(()) };
        let this = pool.clone();
        pool.next_instance += 1;
        node::create(engine, id, &this)?;
    }
    Ok(())
}

pub(super) fn add(engine: &mut Engine, new: &NewPool) -> Result<(), ActionError> {
    let world = &engine.world;
    let id = find(world, &new.cluster)?;
    check_name(&new.name)?;
    check_size(new.node_count, new.max_pods)?;
    let subnet = find_subnet(world, &new.subnet.vnet, &new.subnet.subnet)?;
    let pod_subnet = find_pod_subnet(world, new.pod_subnet.as_ref())?;
    let plan = PoolPlan { subnet, pod_subnet, nodes: new.node_count, max_pods: new.max_pods };
    let Some(cluster) = world.clusters.get(id) else { return Ok(()) };
    if cluster.pools.iter().any(|pool| pool.name.as_ref() == new.name) {
        return Err(exists(Kind::Pool, &new.name));
    }
    check_vnet(world, cluster, subnet)?;
    let others: Vec<PoolPlan> = cluster.pools.iter().map(|pool| plan_of(world, id, pool)).collect();
    check(world, &*Rc::clone(&cluster.recipe), &plan, &others)?;
    let Some(cluster) = engine.world.clusters.get_mut(id) else { return Ok(()) };
    let pools = Rc::make_mut(&mut cluster.pools);
    pools.push(planned(&new.name, &plan));
    let at = pools.len() - 1;
    fill(engine, id, at, &plan)
}

/// All pools of a cluster are in one virtual network.
/// Source: MicrosoftDocs/azure-aks-docs, articles/aks/node-pool-unique-subnet.md.
fn check_vnet(world: &World, cluster: &Cluster, subnet: SubnetId) -> Result<(), ActionError> {
    let vnet_of = |id| world.subnets.get(id).map(|s| s.vnet);
    let Some(wanted) = world.subnets.get(subnet) else { return Ok(()) };
    if cluster.pools.first().is_none_or(|first| vnet_of(first.subnet) == Some(wanted.vnet)) {
        return Ok(());
    }
    let vnet = world.vnets.get(wanted.vnet).map_or_else(String::new, |v| v.name.to_string());
    Err(ActionError::SubnetOfOtherVnet { subnet: wanted.name.to_string(), vnet })
}

fn plan_of(world: &World, id: ClusterId, pool: &Pool) -> PoolPlan {
    let nodes = u32::try_from(nodes_of(world, id, &pool.name).len()).unwrap_or(u32::MAX);
    PoolPlan { subnet: pool.subnet, pod_subnet: pool.pod_subnet, nodes, max_pods: pool.max_pods }
}

/// Nodes of a pool by the number of their instance.
fn nodes_of(world: &World, id: ClusterId, pool: &str) -> Vec<(u32, NodeId)> {
    let own = world.nodes.iter().filter(|(_, n)| n.cluster == id && n.pool.as_ref() == pool);
    let mut nodes: Vec<(u32, NodeId)> = own.map(|(id, n)| (n.instance, id)).collect();
    sort(&mut nodes);
    nodes
}

/// Deletes a pool with its nodes.
pub(super) fn delete(engine: &mut Engine, cluster: &str, pool: &str) -> Result<(), ActionError> {
    let id = find(&engine.world, cluster)?;
    let Some(pools) = engine.world.clusters.get(id).map(|c| Rc::clone(&c.pools)) else { return Ok(()) };
    let at = pools.iter().position(|p| p.name.as_ref() == pool).ok_or_else(|| not_found(Kind::Pool, pool))?;
    if pools.len() == 1 {
        return Err(ActionError::LastPool { pool: pool.to_owned() });
    }
    for (_, node) in nodes_of(&engine.world, id, pool) {
        node::delete(engine, node);
    }
    if let Some(cluster) = engine.world.clusters.get_mut(id) {
        Rc::make_mut(&mut cluster.pools).remove(at);
    }
    give_back_subnet(&mut engine.world, &pools[at]);
    Ok(())
}

/// Labels of the node pool take the place of those that it had; others of its nodes stay.
/// Source: MicrosoftDocs/azure-aks-docs, articles/aks/use-labels.md.
pub(super) fn set_labels(engine: &mut Engine, cluster: &str, pool: &str, labels: &[Label]) -> Result<(), ActionError> {
    for label in labels {
        check_label(&label.key, &label.value)?;
    }
    let id = find(&engine.world, cluster)?;
    let nodes = nodes_of(&engine.world, id, pool);
    let Some(cluster) = engine.world.clusters.get_mut(id) else { return Ok(()) };
    let own = Rc::make_mut(&mut cluster.pools).iter_mut().find(|p| p.name.as_ref() == pool);
    let own = own.ok_or_else(|| not_found(Kind::Pool, pool))?;
    let mut new = Labels::default();
    for label in labels {
        put_label(&mut new, &label.key, Some(&label.value));
    }
    let old = std::mem::replace(&mut own.labels, Rc::clone(&new));
    for (_, node) in nodes {
        if let Some(node) = engine.world.nodes.get_mut(node) {
            old.iter().for_each(|(key, _)| put_label(&mut node.labels, key, None));
            new.iter().for_each(|(key, value)| put_label(&mut node.labels, key, Some(value)));
        }
    }
    Ok(())
}

/// A pod subnet that no pool uses any more is like any other again.
pub(super) fn give_back_subnet(world: &mut World, gone: &Pool) {
    let Some(id) = gone.pod_subnet else { return };
    let used = world.clusters.values().flat_map(|c| c.pools.iter()).any(|pool| pool.pod_subnet == Some(id));
    if let Some(subnet) = world.subnets.get_mut(id).filter(|_| !used) {
        subnet.delegated = false;
        subnet.exhausted = false;
    }
}

/// Adds instances, or deletes those with the highest numbers.
pub(super) fn scale(engine: &mut Engine, cluster: &str, pool: &str, count: u32) -> Result<(), ActionError> {
    let id = find(&engine.world, cluster)?;
    let Some(pools) = engine.world.clusters.get(id).map(|c| Rc::clone(&c.pools)) else { return Ok(()) };
    let at = pools.iter().position(|p| p.name.as_ref() == pool).ok_or_else(|| not_found(Kind::Pool, pool))?;
    let this = &pools[at];
    check_size(count, this.max_pods)?;
    let nodes = nodes_of(&engine.world, id, pool);
    let have = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
    if count > have {
        let full = scale_full(&engine.world, cluster, this);
        return add_nodes(engine, id, at, count - have).map_err(|_| full);
    }
    for (_, node) in nodes.into_iter().skip(count as usize).rev() {
        node::delete(engine, node);
    }
    Ok(())
}

/// Scaling is not checked before: the scale set finds that no address is left.
/// Source: MicrosoftDocs/SupportArticles-docs, subnetisfull-error.md.
fn scale_full(world: &World, cluster: &str, pool: &Pool) -> ActionError {
    let subnet = world.subnets.get(pool.subnet);
    ActionError::ScaleSubnetIsFull {
        pool: pool.name.to_string(),
        cluster: cluster.to_owned(),
        subnet: subnet.map_or_else(String::new, |s| s.name.to_string()),
        prefix: subnet.map_or_else(Default::default, |s| s.pool.prefix()),
    }
}
