//! Subnets for the nodes and the pods of a cluster.

use super::super::{FieldId as F, FormKind, Values};
use crate::sim::fabric::network::Subnet;
use crate::sim::ids::SubnetId;
use crate::sim::order::sort_by_key;
use crate::sim::world::World;

/// `VNET/SUBNET`
fn path(world: &World, subnet: &Subnet) -> Option<String> {
    Some(format!("{}/{}", world.vnets.get(subnet.vnet)?.name, subnet.name))
}

fn is_used(world: &World, id: SubnetId) -> bool {
    world.clusters.values().any(|c| c.pools.iter().any(|pool| pool.uses(id)))
}

/// Subnets that no cluster has anything of, and in which nothing else is.
fn free(world: &World) -> Vec<&Subnet> {
    let is_free = |(id, s): &(SubnetId, &Subnet)| !is_used(world, *id) && s.pool.counts().leased() == 0;
    world.subnets.iter().filter(is_free).map(|(_, s)| s).collect()
}

/// One without a cluster, else the first; the smallest where pods have another.
pub(super) fn of_cluster(world: &World, values: &Values) -> Option<String> {
    if values.get(F::Network) == "pod-subnet" {
        let mut small = free(world);
        sort_by_key(&mut small, |s| std::cmp::Reverse(s.pool.prefix().prefix_len()));
        let pods = values.get(F::PodSubnet);
        let found = small.into_iter().find(|s| path(world, s).as_deref() != Some(pods));
        if let Some(subnet) = found {
            return path(world, subnet);
        }
    }
    let takes = |(id, s): &(SubnetId, &Subnet)| !s.delegated && !is_used(world, *id);
    let found = world.subnets.iter().find(takes).or_else(|| world.subnets.iter().next());
    path(world, found?.1)
}

/// That of the cluster's first pool.
pub(super) fn of_pool(world: &World, cluster: &str) -> Option<String> {
    let cluster = world.clusters.get(world.cluster_named(cluster)?)?;
    path(world, world.subnets.get(cluster.pools.first()?.subnet)?)
}

/// The largest free subnet of the same VNet. For a pool, one of its own where there is one, else that of the cluster's
/// first pool, and none where that has none.
pub(super) fn for_pods(kind: FormKind, world: &World, values: &Values) -> Option<String> {
    let nodes = values.get(F::Subnet);
    let in_vnet =
        |s: &&Subnet| path(world, s).is_some_and(|p| p != nodes && p.split('/').next() == nodes.split('/').next());
    let mut large: Vec<&Subnet> = free(world).into_iter().filter(in_vnet).collect();
    sort_by_key(&mut large, |s| s.pool.prefix().prefix_len());
    let largest = large.first().and_then(|s| path(world, s));
    if kind != FormKind::AddPool {
        return largest;
    }
    let cluster = world.clusters.get(world.cluster_named(values.get(F::Cluster))?)?;
    let own = world.subnets.get(cluster.pools.first()?.pod_subnet?)?;
    largest.or_else(|| path(world, own))
}
