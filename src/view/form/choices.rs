//! What can be chosen in a field, from the world as it is.

use super::Values;
use super::field::{FieldId, Input, Source};
use super::parse::TAGS;
use crate::sim::action::endpoint::resolve;
use crate::sim::cluster::WorkloadKind;
use crate::sim::host::{Host, Role};
use crate::sim::world::World;
use ipnet::Ipv4Net;

/// One choice of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    /// A word that texts translate (`build-choice-CODE`); without it the value is shown as it is.
    pub word: Option<&'static str>,
}

/// One choice that is found by typing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What the field then holds, such as `pod/nginx-abc` or `10.240.0.0/16`.
    pub value: String,
    /// What it stands for: the address of a pod, the name of a subnet. Empty where the value says all.
    pub about: String,
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

/// The choices of a field that hold `typed`, at most `limit`, and how many there are in all. A field that takes no
/// such choices has none.
pub fn find(input: Input, world: &World, typed: &str, limit: usize) -> (Vec<Found>, usize) {
    match input {
        Input::Endpoint => filtered(endpoints(world), typed, limit),
        Input::RuleAddresses => filtered(rule_addresses(world), typed, limit),
        _ => (Vec::new(), 0),
    }
}

fn filtered(all: impl Iterator<Item = Found>, typed: &str, limit: usize) -> (Vec<Found>, usize) {
    let typed = typed.trim().to_ascii_lowercase();
    let holds = |text: &str| text.to_ascii_lowercase().contains(&typed);
    let mut found = Vec::new();
    let mut count = 0;
    for choice in all.filter(|c| holds(&c.value) || holds(&c.about)) {
        count += 1;
        if found.len() < limit {
            found.push(choice);
        }
    }
    (found, count)
}

/// What a rule can name: everything, the tags, the ranges that there are, and each address.
fn rule_addresses(world: &World) -> impl Iterator<Item = Found> {
    let of = |value: String, about: &str| Found { value, about: about.to_owned(), node: String::new() };
    let tags = ["*"].into_iter().chain(TAGS.iter().map(|(name, _)| *name)).map(move |name| of(name.to_owned(), ""));
    let range = move |prefix: Ipv4Net, name: &str| of(prefix.to_string(), name);
    let vnets = world.vnets.values().flat_map(move |v| v.prefixes.iter().map(move |p| range(*p, &v.name)));
    let subnets = world.subnets.values().map(move |s| range(s.pool.prefix(), &s.name));
    let blocks = world.nodes.values().filter_map(move |n| Some(range(n.pod_cidr?, &n.name)));
    let hosts = endpoints(world).filter(|e| !e.about.is_empty()).map(|e| Found { value: e.about, about: e.value, ..e });
    tags.chain(vnets).chain(subnets).chain(blocks).chain(hosts)
}

/// The places that a packet can come from or go to. Pods that people run come first, then nodes and VMs, then the pods
/// of AKS.
fn endpoints(world: &World) -> impl Iterator<Item = Found> {
    let nodes = world.nodes.values().map(|n| (format!("node/{}", n.name), n.host));
    let vms = world.hosts.iter().filter(|(_, h)| h.role == Role::Vm).map(|(id, h)| (format!("vm/{}", h.name), id));
    let guests = nodes.chain(vms).map(|(value, id)| {
        let address = world.hosts.get(id).and_then(Host::first_address).map_or_else(String::new, |a| a.to_string());
        Found { value, about: address, node: String::new() }
    });
    pods(world, false).chain(guests).chain(pods(world, true))
}

/// Pods with an address of their own.
fn pods(world: &World, system: bool) -> impl Iterator<Item = Found> {
    let wanted = move |namespace: &str| (namespace == "kube-system") == system;
    world.pods.values().filter(move |p| !p.host_network && wanted(&p.namespace)).filter_map(|p| {
        let node = p.node.and_then(|id| world.nodes.get(id)).map_or_else(String::new, |n| n.name.to_string());
        Some(Found { value: format!("pod/{}", p.name), about: p.address?.to_string(), node })
    })
}
