//! Ways out of an error, one press each: the form that would do, filled in, and what has to be made for it first.

use super::kind::NODE_SUBNET;
use super::suggest::{free_prefix, next_name};
use super::{FieldError, FieldId as F, FormKind, Problem, Values};
use crate::sim::action::Action;
use crate::sim::action::error::{ActionError, SubnetTarget};
use crate::sim::ids::{SubnetId, VnetId};
use crate::sim::world::World;
use ipnet::Ipv4Net;

/// One way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Stable name, by which texts find the words (`build-offer-CODE`).
    pub code: &'static str,
    /// To be done first.
    pub actions: Vec<Action>,
    pub kind: FormKind,
    pub values: Values,
}

/// The ways out of a problem of a form, or of an action that was done without one.
pub fn offers(world: &World, form: Option<(FormKind, &Values)>, problem: &Problem) -> Vec<Offer> {
    let found = match (form, problem) {
        (Some((FormKind::Cluster, values)), Problem::Action(ActionError::InsufficientSubnetSize { target, .. })) => {
            let by_nodes = *target == SubnetTarget::Nodes && NODE_SUBNET.contains(&values.get(F::Network));
            vec![if by_nodes { pods_apart(world, values) } else { roomier(world, FormKind::Cluster, values, *target) }]
        }
        (Some((kind @ FormKind::Cluster, values)), Problem::Field(FieldError::NotChosen)) => {
            vec![roomier(world, kind, values, SubnetTarget::Pods)]
        }
        (Some((kind @ FormKind::AddPool, values)), Problem::Action(error)) => match error {
            ActionError::InsufficientSubnetSize { target, .. } => vec![roomier(world, kind, values, *target)],
            ActionError::PodSubnetMissing => vec![roomier(world, kind, values, SubnetTarget::Pods)],
            _ => Vec::new(),
        },
        (_, Problem::Action(ActionError::ScaleSubnetIsFull { cluster, .. })) => {
            vec![another_pool(world, cluster), apart_from(world, cluster)]
        }
        _ => Vec::new(),
    };
    found.into_iter().flatten().collect()
}

/// The same cluster with a subnet for its pods.
fn pods_apart(world: &World, values: &Values) -> Option<Offer> {
    let nodes = values.get(F::Subnet);
    let (pods, actions) = room(world, nodes.split('/').next()?, "podvlan", &[nodes])?;
    let keep = [F::Name, F::Subnet, F::Nodes, F::ServiceCidr, F::DnsIp];
    let kept = values.iter().filter(|(id, _)| keep.contains(id)).map(|(id, text)| (id, text.to_owned()));
    let values = kept.collect::<Values>().with(F::Network, "pod-subnet").with(F::PodSubnet, pods);
    Some(Offer { code: "pod-subnet", actions, kind: FormKind::Cluster, values })
}

/// The same form with another subnet for nodes, or for pods.
fn roomier(world: &World, kind: FormKind, values: &Values, target: SubnetTarget) -> Option<Offer> {
    let (field, stem, code) = match target {
        SubnetTarget::Nodes => (F::Subnet, "vlan", "new-subnet"),
        SubnetTarget::Pods => (F::PodSubnet, "podvlan", "new-pod-subnet"),
    };
    let taken = [values.get(F::Subnet), values.get(F::PodSubnet)];
    let (subnet, actions) = room(world, values.get(F::Subnet).split('/').next()?, stem, &taken)?;
    Some(Offer { code, actions, kind, values: values.clone().with(field, subnet) })
}

/// A pool beside the full one, with nodes in another subnet.
fn another_pool(world: &World, cluster: &str) -> Option<Offer> {
    let pool = world.clusters.get(world.cluster_named(cluster)?)?.pools.first()?.clone();
    let vnet = &world.vnets.get(world.subnets.get(pool.subnet)?.vnet)?.name;
    let (subnet, actions) = room(world, vnet, "vlan", &[])?;
    let values = Values::default().with(F::Cluster, cluster).with(F::Subnet, subnet);
    Some(Offer { code: "add-pool", actions, kind: FormKind::AddPool, values })
}

/// A new cluster with a subnet for pods, where the nodes of this one take their pods' addresses in advance.
fn apart_from(world: &World, cluster: &str) -> Option<Offer> {
    let id = world.cluster_named(cluster)?;
    let in_advance = world.nodes.values().any(|n| n.cluster == id && n.azure_vnet().is_some());
    let subnet = world.subnets.get(world.clusters.get(id).filter(|_| in_advance)?.pools.first()?.subnet)?;
    let vnet = &world.vnets.get(subnet.vnet)?.name;
    let (nodes, mut actions) = room(world, vnet, "nodevlan", &[])?;
    let (pods, more) = room_beside(world, vnet, "podvlan", &[&nodes], &actions)?;
    actions.extend(more);
    let values = Values::default().with(F::Network, "pod-subnet").with(F::Subnet, nodes).with(F::PodSubnet, pods);
    Some(Offer { code: "pod-subnet", actions, kind: FormKind::Cluster, values })
}

/// `VNET/SUBNET` of a subnet in which nothing is and that is none of `but`, and what has to be done to have one.
fn room(world: &World, vnet: &str, stem: &str, but: &[&str]) -> Option<(String, Vec<Action>)> {
    room_beside(world, vnet, stem, but, &[])
}

/// The same beside subnets that are about to be made.
fn room_beside(
    world: &World,
    vnet: &str,
    stem: &str,
    but: &[&str],
    planned: &[Action],
) -> Option<(String, Vec<Action>)> {
    let id = world.vnet_named(vnet)?;
    let path = |name: &str| format!("{vnet}/{name}");
    let of_vnet = || world.subnets.iter().filter(move |(_, s)| s.vnet == id);
    let unused = |subnet: SubnetId| world.clusters.values().all(|c| c.pools.iter().all(|p| !p.uses(subnet)));
    let is_free = of_vnet()
        .filter(|(subnet, s)| unused(*subnet) && s.pool.counts().leased() == 0 && s.pool.counts().usable() >= 59)
        .map(|(_, s)| path(&s.name))
        .find(|path| !but.contains(&path.as_str()));
    if let Some(free) = is_free {
        return Some((free, Vec::new()));
    }
    let name = next_name(stem, |name| world.subnet_named(id, name).is_some());
    let prefix = free_room(world, id, planned)?;
    let action = Action::CreateSubnet { vnet: vnet.to_owned(), name: name.clone(), prefix };
    Some((path(&name), vec![action]))
}

/// The largest prefix from /22 to /26 that the VNet has left.
fn free_room(world: &World, vnet: VnetId, planned: &[Action]) -> Option<Ipv4Net> {
    let mut taken: Vec<Ipv4Net> = world.subnets.values().filter(|s| s.vnet == vnet).map(|s| s.pool.prefix()).collect();
    taken.extend(planned.iter().filter_map(|action| match action {
        Action::CreateSubnet { prefix, .. } => Some(*prefix),
        _ => None,
    }));
    let space = &world.vnets.get(vnet)?.prefixes;
    (22..=26).find_map(|length| space.iter().find_map(|space| free_prefix(*space, &taken, length)))
}
