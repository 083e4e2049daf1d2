//! The address of a pod: who gave it, out of what, and how the pod is attached.

use super::Words;
use super::host::MAX_ROWS;
use crate::sim::host::Host;
use crate::sim::host::fib::RouteKind;
use crate::sim::host::interface::{Interface, InterfaceKind};
use crate::sim::ids::{HostId, NodeId, PodId};
use crate::sim::ipam::address_order::AddressOrder;
use crate::sim::ipam::azure_vnet_ipam::VnetIpamError;
use crate::sim::ipam::cns::RequestError;
use crate::sim::ipam::host_local::{Allocation, GetError, Start};
use crate::sim::ipam::{CnsGrant, Grant};
use crate::sim::record::decision::CniError;
use crate::sim::world::World;
use crate::text::args::{Arg, Args};
use crate::text::names::interface_link;
use crate::text::reasons::skip_id;
use crate::text::scene::Scene;
use crate::view::target::Target;
use std::net::Ipv4Addr;

pub(super) fn network(scene: &Scene<'_>, pod: PodId, node: NodeId, host: HostId, grant: &Grant) -> Words {
    let args = Args::new().with("pod", scene.target(Target::Pod(pod))).with("node", scene.target(Target::Node(node)));
    match grant {
        Grant::HostLocal(given) => by_host_local(args, given),
        Grant::AzureVnet(given) => {
            let args = args.code("address", given.address.addr()).number("free", given.free);
            let words = Words::new("pod-network.held", args.number("records", given.records)).also(order(given.order));
            attached(scene.world, words, pod, host)
        }
        Grant::Cns(CnsGrant { address, available, order: by }) => {
            let args = args.code("address", address.addr()).number("free", *available);
            attached(scene.world, Words::new("pod-network.batch", args).also(order(*by)), pod, host)
        }
    }
}

const fn order(order: AddressOrder) -> &'static str {
    match order {
        AddressOrder::Random => "pod-network.random",
        AddressOrder::Lowest => "pod-network.lowest",
    }
}

fn by_host_local(args: Args, given: &Allocation) -> Words {
    let (started, last) = match given.started {
        Start::Requested => ("requested", None),
        Start::RangeStart => ("range-start", None),
        Start::AfterLast(last) => ("after-last", Some(last)),
        Start::LastOutside(last) => ("last-outside", Some(last)),
    };
    let args = args.code("address", given.address.addr()).code("gateway", given.gateway).text("started", started);
    let args = last.map_or(args.clone(), |last| args.code("last", last));
    let rows =
        given.walked.iter().take(MAX_ROWS).map(|(address, why)| {
            ("pod-network.skipped", Args::new().code("address", address).word("why", skip_id(*why)))
        });
    let more = given.walked.len().checked_sub(MAX_ROWS).filter(|n| *n > 0);
    let more = more.map(|n| ("pod-network.more", Args::new().count("n", n)));
    Words::new("pod-network", args).also("pod-network.start").facts(rows).facts(more).also("pod-network.veth")
}

/// How the pod is attached, read off both ends of its pair.
fn attached(world: &World, words: Words, pod: PodId, id: HostId) -> Words {
    let Some((host, eth0)) = world.hosts.get(id).and_then(|h| Some((h, h.interface_named("eth0")?))) else {
        return words;
    };
    let words = near_end(world, words, pod, eth0);
    words.facts(virtual_gateway(host))
}

fn near_end(world: &World, words: Words, pod: PodId, eth0: &Interface) -> Words {
    let InterfaceKind::Veth { peer } = eth0.kind else { return words };
    let Some(near) = world.hosts.get(peer.host).and_then(|h| h.interface(peer.index)) else { return words };
    let key = world.pods.get(pod).map_or_else(String::new, |p| format!("{}.{}", p.namespace, p.name));
    let veth = || Args::new().with("veth", interface_link(world, peer.host, peer.index));
    let words = words.facts([("pod-network.azv", veth().code("key", key))]);
    if let Some(bridge) = near.master {
        return words.facts([("pod-network.port", veth().with("bridge", interface_link(world, peer.host, bridge)))]);
    }
    let address = eth0.addresses.first().map(|a| format!("{}/32", a.net.addr()));
    words.facts(address.map(|address| ("pod-network.routed", veth().code("route", address))))
}

/// The pod's gateway where it is nobody's address, with the entry that leads there.
fn virtual_gateway(host: &Host) -> Option<(&'static str, Args)> {
    let default = host.fib.routes().iter().find(|route| route.dst.prefix_len() == 0)?;
    let RouteKind::Unicast { dev, via: Some(gateway) } = default.kind else { return None };
    let entry = host.neighbors.get(dev, gateway).filter(|_| gateway.is_link_local())?;
    let args = Args::new().code("gateway", gateway).code("mac", entry.mac?).text("state", entry.state.code());
    Some(("pod-network.virtual-gateway", args))
}

pub(super) fn failed(args: Args, error: &CniError) -> Words {
    let (why, args, said) = match error {
        CniError::Ipam(error) => {
            let (why, args) = host_local(args, error);
            (why, args, Some(error.text()))
        }
        CniError::VnetIpam(error) => {
            let (why, args) = vnet_ipam(args, error);
            (why, args, Some(error.text().to_owned()))
        }
        CniError::Cns(error) => (cns(error), args, Some(error.text())),
        CniError::NoPodCidr => ("pod-network-failed.no-pod-cidr", args, None),
        CniError::NodeGone => ("pod-network-failed.node-gone", args, None),
    };
    let said = said.map(|said| ("pod-network-failed.said", Args::new().with("said", Arg::Code(said))));
    Words::new("pod-network-failed", args.word("why", why)).facts(said).also("pod-network-failed.retry")
}

fn host_local(args: Args, error: &GetError) -> (&'static str, Args) {
    match error {
        GetError::NoSuchSet { set } => ("pod-network-failed.no-such-set", args.count("set", *set)),
        GetError::NotInSet { address, .. } => ("pod-network-failed.not-in-set", args.code("address", address)),
        GetError::IsGateway { address } => ("pod-network-failed.is-gateway", args.code("address", address)),
        GetError::NotAvailable { address, .. } => ("pod-network-failed.not-available", args.code("address", address)),
        GetError::Duplicate { address, .. } => ("pod-network-failed.duplicate", args.code("address", address)),
        GetError::Exhausted { ranges } => ("pod-network-failed.exhausted", args.code("ranges", ranges.text())),
    }
}

fn vnet_ipam(args: Args, error: &VnetIpamError) -> (&'static str, Args) {
    match error {
        VnetIpamError::NoAvailableAddresses { records } => {
            ("pod-network-failed.all-in-use", args.number("records", *records))
        }
        VnetIpamError::AddressNotFound { address } => ("pod-network-failed.not-held", args.code("address", address)),
        VnetIpamError::AddressInUse { address } => ("pod-network-failed.not-available", args.code("address", address)),
    }
}

const fn cns(error: &RequestError) -> &'static str {
    match error {
        RequestError::NotEnough { .. } => "pod-network-failed.not-enough",
        RequestError::NoNetworkContainer => "pod-network-failed.no-container",
    }
}

/// Whether a subnet of Azure has the address, so that it was given to a node before it was given to a pod.
pub(super) fn stays_with_node(world: &World, address: Ipv4Addr) -> bool {
    use crate::sim::ipam::subnet_pool::Slot;
    world.subnets.values().any(|subnet| matches!(subnet.pool.slot(address), Slot::Leased(_)))
}
