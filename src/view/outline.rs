//! The world as a list of lists, for those who hear the page instead of seeing it, and for narrow screens.

use crate::sim::host::Role;
use crate::sim::ids::{NodeId, PodId, SubnetId};
use crate::sim::ordered::Ordered;
use crate::sim::world::World;
use crate::view::target::Target;
use std::rc::Rc;

/// Above so many pods only those of the picked node are listed.
const ALL_PODS: usize = 300;

/// One thing with what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub target: Target,
    pub name: Rc<str>,
    /// An address or a prefix.
    pub detail: String,
    pub inside: Vec<Item>,
}

/// Pods by node.
type Pods = Ordered<NodeId, Vec<PodId>>;

/// VNets with their subnets, nodes and VMs, and pods.
pub fn outline(world: &World, selected: Option<Target>) -> Vec<Item> {
    let pods = pods_by_node(world, selected);
    let subnets_of = |vnet| {
        let subnets = world.subnets.iter().filter(move |(_, s)| s.vnet == vnet);
        subnets
            .map(|(id, s)| item(Target::Subnet(id), &s.name, s.pool.prefix().to_string(), machines(world, id, &pods)))
            .collect()
    };
    let vnets = world.vnets.iter().map(|(id, vnet)| {
        let prefixes: Vec<String> = vnet.prefixes.iter().map(ToString::to_string).collect();
        item(Target::Vnet(id), &vnet.name, prefixes.join(", "), subnets_of(id))
    });
    vnets.collect()
}

fn pods_by_node(world: &World, selected: Option<Target>) -> Pods {
    let all = world.pods.len() <= ALL_PODS;
    let mut pods = Pods::default();
    for (id, pod) in world.pods.iter() {
        let Some(node) = pod.node.filter(|n| all || selected == Some(Target::Node(*n))) else { continue };
        pods.get_or_insert_with(node, Default::default).push(id);
    }
    pods
}

fn item(target: Target, name: &Rc<str>, detail: String, inside: Vec<Item>) -> Item {
    Item { target, name: Rc::clone(name), detail, inside }
}

fn machines(world: &World, subnet: SubnetId, pods: &Pods) -> Vec<Item> {
    let nics = world.nics.values().filter(|n| n.subnet == subnet);
    let machines = nics.filter_map(|nic| {
        let host = world.hosts.get(nic.host)?;
        let address = nic.primary().map_or_else(String::new, |a| a.to_string());
        Some(match host.role {
            Role::Node(id) => {
                let inside = pods.get(&id).into_iter().flatten().filter_map(|p| pod(world, *p)).collect();
                item(Target::Node(id), &host.name, address, inside)
            }
            _ => item(Target::Host(nic.host), &host.name, address, Vec::new()),
        })
    });
    machines.collect()
}

fn pod(world: &World, id: PodId) -> Option<Item> {
    let pod = world.pods.get(id)?;
    let address = pod.address.map_or_else(String::new, |a| a.to_string());
    Some(item(Target::Pod(id), &pod.name, address, Vec::new()))
}
