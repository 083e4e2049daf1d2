//! How a person names where a packet comes from or goes to.

use super::error::{ActionError, Kind};
use super::network::not_found;
use crate::sim::host::Role;
use crate::sim::ids::{HostId, PodId};
use crate::sim::world::World;
use std::net::Ipv4Addr;

/// A named place. An address that no host has is a destination without a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub host: Option<HostId>,
    pub address: Option<Ipv4Addr>,
}

/// `pod/NAME`, `deploy/NAME` (its first pod) or `deploy/NAME/N` (its Nth from 1, by age), `node/NAME`, `vm/NAME`, an
/// address, or the bare name of a host.
pub fn resolve(world: &World, text: &str) -> Result<Endpoint, ActionError> {
    if let Ok(address) = text.parse::<Ipv4Addr>() {
        return Ok(Endpoint { host: world.host_at(address), address: Some(address) });
    }
    match text.split_once('/') {
        Some(("pod", name)) => {
            let id = world.pod_named(name).ok_or_else(|| not_found(Kind::Pod, name))?;
            of_pod(world, id)
        }
        Some(("deploy", rest)) => of_deployment(world, rest),
        Some(("node", name)) => {
            let id = world.node_named(name).ok_or_else(|| not_found(Kind::Node, name))?;
            Ok(of_host(world, world.nodes.get(id).map(|n| n.host)))
        }
        Some(("vm", name)) => {
            let vm = world.host_named(name).filter(|id| world.hosts.get(*id).is_some_and(|h| h.role == Role::Vm));
            vm.map(|id| of_host(world, Some(id))).ok_or_else(|| not_found(Kind::Vm, name))
        }
        _ => {
            let id = world.host_named(text).ok_or_else(|| not_found(Kind::Endpoint, text))?;
            Ok(of_host(world, Some(id)))
        }
    }
}

fn of_host(world: &World, host: Option<HostId>) -> Endpoint {
    let address = host.and_then(|id| world.hosts.get(id)).and_then(crate::sim::host::Host::first_address);
    Endpoint { host, address }
}

fn of_pod(world: &World, id: PodId) -> Result<Endpoint, ActionError> {
    let pod = world.pods.get(id).ok_or_else(|| not_found(Kind::Pod, ""))?;
    if pod.host.is_none() {
        return Err(ActionError::NotRunning { name: pod.name.to_string() });
    }
    Ok(Endpoint { host: pod.host, address: pod.address })
}

fn of_deployment(world: &World, rest: &str) -> Result<Endpoint, ActionError> {
    let (name, number) = match rest.split_once('/') {
        Some((name, number)) => (name, number.parse::<usize>().ok().filter(|n| *n > 0)),
        None => (rest, Some(1)),
    };
    let is_of = |workload: Option<crate::sim::ids::WorkloadId>| {
        workload.and_then(|w| world.workloads.get(w)).is_some_and(|w| w.name.as_ref() == name)
    };
    let pod = number.and_then(|n| world.pods.iter().filter(|(_, p)| is_of(p.workload)).nth(n - 1));
    of_pod(world, pod.ok_or_else(|| not_found(Kind::Deployment, rest))?.0)
}
