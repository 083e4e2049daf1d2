//! What can be chosen in a field, from the world as it is.

use super::Values;
use super::field::{FieldId, Source};
use crate::sim::action::endpoint::resolve;
use crate::sim::cluster::WorkloadKind;
use crate::sim::host::{Host, Role};
use crate::sim::world::World;

/// One choice of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    /// A word that texts translate (`build-choice-CODE`); without it the value is shown as it is.
    pub word: Option<&'static str>,
}

/// One place that a packet can come from or go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointChoice {
    /// As [`resolve`] takes it, such as `pod/nginx-abc`.
    pub value: String,
    /// Its address, where it has one.
    pub address: String,
    /// Node of a pod.
    pub node: String,
}

/// The choices of a field beside the other values.
pub fn choices(source: Source, world: &World, values: &Values) -> Vec<Choice> {
    match source {
        Source::Words(words) => words.iter().map(|word| of_word(word)).collect(),
        Source::Vnets => named(world.vnets.values().map(|v| v.name.to_string())),
        Source::Subnets => named(subnets(world)),
        Source::SubnetsOrNone => none_and(subnets(world)),
        Source::Clusters => named(world.clusters.values().map(|c| c.name.to_string())),
        Source::Pools => {
            named(world.clusters.values().flat_map(|c| c.pools.iter().map(|p| format!("{}/{}", c.name, p.name))))
        }
        Source::Deployments => named(deployments(world)),
        Source::Tables => named(world.route_tables.values().map(|t| t.name.to_string())),
        Source::TablesOrNone => none_and(world.route_tables.values().map(|t| t.name.to_string())),
        Source::Nsgs => named(world.nsgs.values().map(|n| n.name.to_string())),
        Source::NsgsOrNone => none_and(world.nsgs.values().map(|n| n.name.to_string())),
        Source::NsgTargets => {
            let nics = world.nics.values().map(|n| format!("nic:{}", n.name));
            named(subnets(world).map(|s| format!("subnet:{s}")).chain(nics))
        }
        Source::Nics => named(world.nics.values().map(|n| n.name.to_string())),
        Source::Devs => named(devs(world, values.get(FieldId::Host))),
    }
}

/// Names that Azure, Linux and protocols own stay as they are; the others are words.
fn of_word(word: &'static str) -> Choice {
    let owned = word.starts_with(|c: char| c.is_ascii_uppercase()) || word.contains('_') || word.contains("nf-");
    Choice { value: word.to_owned(), word: (!owned).then_some(word) }
}

fn named(names: impl Iterator<Item = String>) -> Vec<Choice> {
    names.map(|value| Choice { value, word: None }).collect()
}

fn none_and(names: impl Iterator<Item = String>) -> Vec<Choice> {
    let none = Choice { value: String::new(), word: Some("none") };
    [none].into_iter().chain(named(names)).collect()
}

fn subnets(world: &World) -> impl Iterator<Item = String> {
    world.subnets.values().filter_map(|s| Some(format!("{}/{}", world.vnets.get(s.vnet)?.name, s.name)))
}

fn deployments(world: &World) -> impl Iterator<Item = String> {
    // Those of kube-system are AKS's own, which scales them back.
    world
        .workloads
        .values()
        .filter(|w| matches!(w.kind, WorkloadKind::Deployment { .. }) && w.namespace.as_ref() != "kube-system")
        .filter_map(|w| Some(format!("{}/{}", world.clusters.get(w.cluster)?.name, w.name)))
}

fn devs(world: &World, host: &str) -> impl Iterator<Item = String> {
    let host = resolve(world, host.trim()).ok().and_then(|e| e.host).and_then(|id| world.hosts.get(id));
    host.into_iter().flat_map(|h| h.interfaces.values()).map(|i| i.name.to_string()).filter(|name| name != "lo")
}

/// The places whose name or address holds `typed`, at most `limit`, and how many there are in all. Pods that people
/// run come first, then nodes and VMs, then the pods of AKS.
pub fn endpoints(world: &World, typed: &str, limit: usize) -> (Vec<EndpointChoice>, usize) {
    let typed = typed.trim().to_ascii_lowercase();
    let fits = |c: &EndpointChoice| c.value.to_ascii_lowercase().contains(&typed) || c.address.starts_with(&typed);
    let nodes = world.nodes.values().map(|n| (format!("node/{}", n.name), n.host));
    let vms = world.hosts.iter().filter(|(_, h)| h.role == Role::Vm).map(|(id, h)| (format!("vm/{}", h.name), id));
    let guests = nodes.chain(vms).map(|(value, id)| {
        let address = world.hosts.get(id).and_then(Host::first_address).map_or_else(String::new, |a| a.to_string());
        EndpointChoice { value, address, node: String::new() }
    });
    let all = pods(world, false).chain(guests).chain(pods(world, true)).filter(fits);
    let mut found = Vec::new();
    let mut count = 0;
    for choice in all {
        count += 1;
        if found.len() < limit {
            found.push(choice);
        }
    }
    (found, count)
}

/// Pods with an address of their own.
fn pods(world: &World, system: bool) -> impl Iterator<Item = EndpointChoice> {
    let wanted = move |namespace: &str| (namespace == "kube-system") == system;
    world.pods.values().filter(move |p| !p.host_network && wanted(&p.namespace)).filter_map(|p| {
        let node = p.node.and_then(|id| world.nodes.get(id)).map_or_else(String::new, |n| n.name.to_string());
        Some(EndpointChoice { value: format!("pod/{}", p.name), address: p.address?.to_string(), node })
    })
}
