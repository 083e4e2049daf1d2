//! The kubelet of a node: it makes a pod's sandbox, calls the CNI plugin, starts the container, and takes all away.

use super::{later, note, pool, recipe_of};
use crate::sim::cluster::{Pod, PodPhase, WorkloadRole};
use crate::sim::engine::Engine;
use crate::sim::engine::queue::Control;
use crate::sim::host::netfilter::{Match, Rule, Target};
use crate::sim::ids::{IfIndex, NodeId, PodId};
use crate::sim::packet::Protocol;
use crate::sim::record::decision::ControlStep;
use crate::sim::time::Span;
use ipnet::Ipv4Net;
use std::net::{IpAddr, Ipv4Addr};
use std::rc::Rc;

/// Pulling the image and starting the container. Simplified: fixed.
const CONTAINER_START: Span = Span::secs(3);
/// From a refused sandbox to the next try. Simplified: fixed; the kubelet backs off up to five minutes.
const RETRY: Span = Span::secs(15);

/// Where the container of a pod listens that somebody runs. Simplified: whatever its image is.
pub(crate) const WEB_PORT: u16 = 80;

/// Makes the sandbox of a pod that is bound to a node.
pub(super) fn start(engine: &mut Engine, id: PodId) {
    let Some(pod) = engine.world.pods.get(id) else { return };
    let (Some(node), host_network) = (pod.node, pod.host_network) else { return };
    let ready = if host_network { join_host(engine, id, node) } else { call_plugin(engine, id, node) };
    if ready {
        later(engine, CONTAINER_START, Control::PodRunning(id));
    } else {
        let again = if pool::grows(engine, node) { Control::StartPod(id) } else { Control::RetryPod(id) };
        later(engine, RETRY, again);
    }
}

/// A pod in its node's own namespace has the node's address.
fn join_host(engine: &mut Engine, id: PodId, node: NodeId) -> bool {
    let world = &mut engine.world;
    let Some((host, nic)) = world.nodes.get(node).map(|n| (n.host, n.nic)) else { return false };
    let address = world.nics.get(nic).and_then(super::super::fabric::nic::Nic::primary);
    let Some(pod) = world.pods.get_mut(id) else { return false };
    pod.host = Some(host);
    pod.address = address;
    note(engine, || ControlStep::PodHostNetwork { pod: id, node });
    true
}

fn call_plugin(engine: &mut Engine, id: PodId, node: NodeId) -> bool {
    let cluster = engine.world.pods.get(id).map(|pod| pod.cluster);
    let Some(recipe) = cluster.and_then(|cluster| recipe_of(engine, cluster)) else { return false };
    match recipe.add_pod(engine, node, id) {
        Ok(given) => {
            if let Some(pod) = engine.world.pods.get_mut(id) {
                pod.host = Some(given.host);
                pod.address = v4(given.grant.address().addr());
            }
            let (host, grant, announced) = (given.host, given.grant, given.announced);
            note(engine, || ControlStep::PodNetwork { pod: id, node, host, grant });
            if announced {
                engine.announce(host, IfIndex(2));
            }
            true
        }
        Err(error) => {
            if let Some(pod) = engine.world.pods.get_mut(id) {
                pod.phase = PodPhase::SandboxFailed;
            }
            note(engine, || ControlStep::PodNetworkFailed { pod: id, node, error });
            false
        }
    }
}

const fn v4(address: IpAddr) -> Option<Ipv4Addr> {
    match address {
        IpAddr::V4(v4) => Some(v4),
        IpAddr::V6(_) => None,
    }
}

/// The container runs: its ports listen, and an agent does its work on the node.
pub(super) fn running(engine: &mut Engine, id: PodId) {
    let world = &mut engine.world;
    let Some(pod) = world.pods.get_mut(id) else { return };
    pod.phase = PodPhase::Running;
    let (host, node) = (pod.host, pod.node);
    let alone = (!pod.host_network).then_some((Protocol::Tcp, WEB_PORT));
    let workload = pod.workload.and_then(|w| world.workloads.get(w));
    let role = workload.map_or(WorkloadRole::None, |w| w.role);
    let listens: Vec<(Protocol, u16)> =
        workload.map_or_else(|| alone.into_iter().collect(), |w| w.listens.iter().copied().collect());
    if let Some(host) = host.and_then(|h| world.hosts.get_mut(h)) {
        for (protocol, port) in listens {
            host.sockets.listen(protocol, port);
        }
    }
    note(engine, || ControlStep::PodRunning { pod: id });
    if let (WorkloadRole::MasqueradeAgent, Some(node)) = (role, node) {
        write_masquerade(engine, node);
    }
}

/// The ip-masq-agent writes its chain anew.
/// Source: Azure/ip-masq-agent-v2 `cmd/ip-masq-agent-v2/ip-masq-agent.go`.
pub(crate) fn write_masquerade(engine: &mut Engine, id: NodeId) {
    let world = &mut engine.world;
    let Some(node) = world.nodes.get(id) else { return };
    let Some(kept) = world.clusters.get(node.cluster).and_then(|c| c.non_masquerade.clone()) else { return };
    if let Some(host) = world.hosts.get_mut(node.host) {
        let nat = &mut host.netfilter.nat;
        if nat.chain("POSTROUTING").iter().all(|r| r.target != Target::Jump(MASQ_CHAIN.into())) {
            nat.append("POSTROUTING", masquerade_jump());
        }
        nat.set_chain(MASQ_CHAIN, masquerade_rules(&kept));
    }
    note(engine, || ControlStep::MasqueradeRules { node: id, kept: kept.to_vec() });
}

/// The agent's chain.
pub const MASQ_CHAIN: &str = "IP-MASQ-AGENT";

fn comment(text: &str) -> Match {
    Match::Comment(text.into())
}

fn masquerade_jump() -> Rule {
    Rule {
        matches: vec![
            comment(
                "ip-masq-agent: ensure nat POSTROUTING directs all non-LOCAL destination traffic to our custom IP-MASQ-AGENT chain",
            ),
            Match::DstLocal { negated: true },
        ],
        target: Target::Jump(MASQ_CHAIN.into()),
    }
}

fn masquerade_rules(kept: &[Ipv4Net]) -> Vec<Rule> {
    let keep = |net: &Ipv4Net| Rule {
        matches: vec![
            Match::Dst { net: *net, negated: false },
            comment("ip-masq-agent: local traffic is not subject to MASQUERADE"),
        ],
        target: Target::Return,
    };
    let last = Rule {
        matches: vec![comment("ip-masq-agent: outbound traffic is subject to MASQUERADE (must be last in chain)")],
        target: Target::Masquerade { random_fully: false },
    };
    kept.iter().map(keep).chain([last]).collect()
}

/// The container of a pod has ended: its sandbox goes, its object stays.
/// Source: kubernetes/kubernetes `pkg/kubelet/kubelet.go` (`SyncTerminatedPod`).
pub(crate) fn ended(engine: &mut Engine, id: PodId, status: u8) {
    let Some(pod) = engine.world.pods.get(id).cloned() else { return };
    leave_network(engine, id, &pod);
    if let Some(pod) = engine.world.pods.get_mut(id) {
        pod.phase = PodPhase::Ended { status };
        pod.host = None;
        pod.address = pod.address.filter(|_| pod.host_network);
    }
    note(engine, || ControlStep::PodEnded { pod: id, status });
}

/// Gives back what the plugin gave a pod.
fn leave_network(engine: &mut Engine, id: PodId, pod: &Pod) {
    let has_one = !pod.host_network && !pod.has_ended();
    if let (Some(node), Some(recipe), true) = (pod.node, recipe_of(engine, pod.cluster), has_one) {
        recipe.remove_pod(engine, node, id);
    }
}

/// Takes a pod away: its interfaces, its address, its object.
pub(crate) fn delete(engine: &mut Engine, id: PodId) {
    let Some(pod) = engine.world.pods.get(id).cloned() else { return };
    leave_network(engine, id, &pod);
    engine.world.pods.remove(id);
    let (name, address) = (Rc::clone(&pod.name), pod.address.filter(|_| !pod.host_network));
    note(engine, || ControlStep::PodDeleted { name, address });
}
