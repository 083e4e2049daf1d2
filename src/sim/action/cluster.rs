//! Actions on clusters, pools and nodes.

use super::error::{ActionError, Kind, RangeField};
use super::network::{check_name, exists, find_subnet, not_found};
use super::{NewCluster, pool};
use crate::sim::addr::{nth_address, overlaps};
use crate::sim::cluster::{Cluster, Workload, WorkloadKind, WorkloadRole};
use crate::sim::control::{kubelet, node, routes, scheduler};
use crate::sim::engine::Engine;
use crate::sim::ids::{ClusterId, NodeId, SubnetId};
use crate::sim::mode::{PoolPlan, Recipe};
use crate::sim::packet::Protocol;
use crate::sim::world::World;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// Ranges that AKS keeps for itself.
/// Source: MicrosoftDocs/azure-aks-docs, articles/aks/concepts-network-cni-overview.md.
pub const AKS_RESERVED: [Ipv4Net; 4] = [
    Ipv4Net::new_assert(Ipv4Addr::new(169, 254, 0, 0), 16),
    Ipv4Net::new_assert(Ipv4Addr::new(172, 30, 0, 0), 16),
    Ipv4Net::new_assert(Ipv4Addr::new(172, 31, 0, 0), 16),
    Ipv4Net::new_assert(Ipv4Addr::new(192, 0, 2, 0), 24),
];

/// Creates a cluster as its recipe says.
pub(super) fn create(engine: &mut Engine, new: &NewCluster, recipe: &Rc<dyn Recipe>) -> Result<(), ActionError> {
    let plan = check(&engine.world, new, &**recipe)?;
    let world = &mut engine.world;
    let suffix = format!("{:08}", world.rng.between(10_000_000, 99_999_999));
    if world.groups.get(&new.resource_group).is_none() {
        world.groups.put(&new.resource_group, &new.location);
    }
    let id = world.clusters.add(Cluster {
        name: new.name.as_str().into(),
        resource_group: new.resource_group.as_str().into(),
        location: new.location.as_str().into(),
        version: new.version.as_str().into(),
        recipe: Rc::clone(recipe),
        service_cidr: new.service_cidr,
        dns_service_ip: new.dns_service_ip,
        pools: Rc::new(vec![pool::planned(&new.pool, &plan)]),
        suffix: suffix.into(),
        node_cidrs: None,
        route_table: None,
        non_masquerade: None,
        routes_due: false,
    });
    engine.world.policy_changed();
    recipe.prepare_cluster(engine, id);
    add_system_workloads(&mut engine.world, id);
    pool::fill(engine, id, 0, &plan)
}

/// Every condition that AKS checks before it builds; the first that fails is told.
fn check(world: &World, new: &NewCluster, recipe: &dyn Recipe) -> Result<PoolPlan, ActionError> {
    check_name(Kind::Cluster, &new.name)?;
    pool::check_name(&new.pool)?;
    if world.cluster_named(&new.name).is_some() {
        return Err(exists(Kind::Cluster, &new.name));
    }
    let subnet = find_subnet(world, &new.vnet, &new.subnet)?;
    pool::check_size(new.node_count, new.max_pods)?;
    check_service(world, new)?;
    let pod_subnet = pool::find_pod_subnet(world, new.pod_subnet.as_ref())?;
    let plan = PoolPlan { subnet, pod_subnet, nodes: new.node_count, max_pods: new.max_pods };
    recipe.check(world, new, &plan)?;
    pool::check(world, recipe, &plan, &[])?;
    Ok(plan)
}

fn check_service(world: &World, new: &NewCluster) -> Result<(), ActionError> {
    let service = new.service_cidr;
    if service.prefix_len() < 12 {
        return Err(ActionError::ServiceCidrTooLarge { service });
    }
    check_reserved(RangeField::Service, service)?;
    if let Some(subnet) = world.subnets.values().map(|s| s.pool.prefix()).find(|p| overlaps(*p, service)) {
        return Err(ActionError::ServiceCidrOverlapsSubnet { service, subnet });
    }
    let address = new.dns_service_ip;
    if !service.contains(&address) {
        return Err(ActionError::DnsServiceIpOutside { address, service });
    }
    if nth_address(service.trunc(), 1) == Some(address) || address == service.network() {
        return Err(ActionError::DnsServiceIpIsFirst { address });
    }
    Ok(())
}

/// Refuses a range that shares addresses with those that AKS keeps for itself.
pub(crate) fn check_reserved(field: RangeField, prefix: Ipv4Net) -> Result<(), ActionError> {
    match AKS_RESERVED.into_iter().find(|r| overlaps(*r, prefix)) {
        Some(reserved) => Err(ActionError::RangeReserved { field, prefix, reserved }),
        None => Ok(()),
    }
}

/// What AKS runs in every cluster of the article's version. Source: the article's `crictl ps`; Azure/AgentBaker.
fn add_system_workloads(world: &mut World, cluster: ClusterId) {
    let dns = vec![(Protocol::Udp, 53), (Protocol::Tcp, 53)];
    let deployment = |replicas| WorkloadKind::Deployment { replicas };
    let system = [
        ("azure-ip-masq-agent", WorkloadKind::DaemonSet, true, WorkloadRole::MasqueradeAgent, vec![]),
        ("kube-proxy", WorkloadKind::DaemonSet, true, WorkloadRole::None, vec![]),
        ("coredns", deployment(2), false, WorkloadRole::None, dns),
        ("coredns-autoscaler", deployment(1), false, WorkloadRole::None, vec![]),
        ("konnectivity-agent", deployment(2), true, WorkloadRole::None, vec![]),
        ("metrics-server", deployment(1), false, WorkloadRole::None, vec![(Protocol::Tcp, 443)]),
    ];
    let agent_runs = world.clusters.get(cluster).is_some_and(|c| c.non_masquerade.is_some());
    for (name, kind, host_network, role, listens) in system {
        if role == WorkloadRole::MasqueradeAgent && !agent_runs {
            continue;
        }
        let hash = scheduler::random_name(&mut world.rng, 10);
        world.workloads.add(Workload {
            name: name.into(),
            namespace: "kube-system".into(),
            cluster,
            kind,
            image: name.into(),
            host_network,
            one_per_node: host_network,
            role,
            listens: Rc::new(listens),
            hash: hash.into(),
            created: world.now,
        });
    }
}

pub(super) fn find(world: &World, name: &str) -> Result<ClusterId, ActionError> {
    world.cluster_named(name).ok_or_else(|| not_found(Kind::Cluster, name))
}

fn find_node(world: &World, name: &str) -> Result<NodeId, ActionError> {
    world.node_named(name).ok_or_else(|| not_found(Kind::Node, name))
}

pub(super) fn delete(engine: &mut Engine, name: &str) -> Result<(), ActionError> {
    let id = find(&engine.world, name)?;
    let nodes: Vec<NodeId> = engine.world.nodes.iter().filter(|(_, n)| n.cluster == id).map(|(id, _)| id).collect();
    let workloads: Vec<_> = engine.world.workloads.iter().filter(|(_, w)| w.cluster == id).map(|(id, _)| id).collect();
    for workload in workloads {
        engine.world.workloads.remove(workload);
    }
    for node in nodes {
        node::delete(engine, node);
    }
    let pods: Vec<_> = engine.world.pods.iter().filter(|(_, p)| p.cluster == id).map(|(id, _)| id).collect();
    for pod in pods {
        kubelet::delete(engine, pod);
    }
    // A table that was there before loses what the controller wrote and stays.
    routes::write(engine, id);
    let Some(cluster) = engine.world.clusters.remove(id) else { return Ok(()) };
    engine.world.policy_changed();
    for pool in cluster.pools.iter() {
        pool::give_back_subnet(&mut engine.world, pool);
    }
    let own = engine.world.route_table_named(&cluster.own_route_table());
    if let Some(table) = own.filter(|_| own == cluster.route_table) {
        let subnets: Vec<SubnetId> =
            engine.world.subnets.iter().filter(|(_, s)| s.route_table == Some(table)).map(|(id, _)| id).collect();
        for subnet in subnets {
            if let Some(subnet) = engine.world.subnets.get_mut(subnet) {
                subnet.route_table = None;
            }
        }
        engine.world.route_tables.remove(table);
    }
    Ok(())
}

pub(super) fn delete_node(engine: &mut Engine, name: &str) -> Result<(), ActionError> {
    let id = find_node(&engine.world, name)?;
    node::delete(engine, id);
    Ok(())
}

pub(super) fn cordon(engine: &mut Engine, name: &str, on: bool) -> Result<(), ActionError> {
    let id = find_node(&engine.world, name)?;
    if let Some(node) = engine.world.nodes.get_mut(id) {
        node.cordoned = on;
        let cluster = node.cluster;
        scheduler::due(engine, cluster);
    }
    Ok(())
}

pub(super) fn set_masquerade(engine: &mut Engine, cluster: &str, keep: &[Ipv4Net]) -> Result<(), ActionError> {
    let id = find(&engine.world, cluster)?;
    let Some(cluster) = engine.world.clusters.get_mut(id) else { return Ok(()) };
    cluster.non_masquerade = Some(Rc::new(keep.to_vec()));
    let nodes: Vec<NodeId> = engine
        .world
        .nodes
        .iter()
        .filter(|(_, n)| n.cluster == id && n.registered.is_some())
        .map(|(id, _)| id)
        .collect();
    for node in nodes {
        kubelet::write_masquerade(engine, node);
    }
    Ok(())
}
