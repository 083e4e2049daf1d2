//! Rows of clusters: pools, nodes, pods, deployments.

use super::azure::{forwarding, host_deeds, send_deeds};
use super::{Deed, Fact, Row, RowKey, RowKind, Tree};
use crate::sim::action::Action;
use crate::sim::cluster::{Cluster, Node, NodePhase, Pod, PodPhase, Pool, Workload, WorkloadKind};
use crate::sim::control::scheduler;
use crate::sim::fabric::nic::Nic;
use crate::sim::ids::{ClusterId, NodeId, PodId, WorkloadId};
use crate::sim::ipam::cns::Cns;
use crate::sim::record::decision::Fit;
use crate::sim::world::World;
use crate::view::form::{FieldId, FormKind};
use crate::view::target::Target;

impl<'a> Tree<'a> {
    pub(super) fn clusters(&mut self) {
        let world = self.world;
        for (id, cluster) in world.clusters.iter() {
            let name = cluster.name.to_string();
            let mut row = Row::new(RowKey::of(RowKind::Cluster, id.0), 0, &name);
            row.facts = cluster.node_cidrs.iter().map(|c| Fact::Verbatim(c.cluster().to_string())).collect();
            row.target = Some(Target::Cluster(id));
            row.deeds = cluster_deeds(&name, cluster);
            let deployments = self.deployments(id);
            if self.push(row, cluster.pools.len() + deployments.len(), true) {
                for (pool, number) in cluster.pools.iter().zip(0u32..) {
                    self.pool(id, &name, pool, number);
                }
                for (id, workload) in deployments {
                    let row = self.deployment(&name, id, workload);
                    self.rows.push(row);
                }
            }
        }
    }

    /// Those that people made; AKS's own are pods on nodes.
    fn deployments(&self, cluster: ClusterId) -> Vec<(WorkloadId, &'a Workload)> {
        let own = |w: &Workload| {
            w.cluster == cluster
                && w.namespace.as_ref() != "kube-system"
                && matches!(w.kind, WorkloadKind::Deployment { .. })
        };
        let world: &'a World = self.world;
        world.workloads.iter().filter(|(_, w)| own(w)).collect()
    }

    fn pool(&mut self, cluster: ClusterId, cluster_name: &str, pool: &Pool, number: u32) {
        let world = self.world;
        let parent = RowKey { kind: RowKind::Pool, id: cluster.0, sub: number };
        let of_pool = |n: &Node| n.cluster == cluster && n.pool == pool.name;
        let nodes: Vec<(NodeId, &Node)> = world.nodes.iter().filter(|(_, n)| of_pool(n)).collect();
        let mut row = Row::new(parent, 1, &pool.name);
        row.facts = vec![Fact::Count("nodes", nodes.len() as u64)];
        let subnets = [Some(pool.subnet), pool.pod_subnet].into_iter().flatten();
        let names: Vec<&str> = subnets.filter_map(|id| world.subnets.get(id)).map(|s| s.name.as_ref()).collect();
        row.facts.push(Fact::Verbatim(names.join(" + ")));
        row.deeds = pool_deeds(cluster_name, pool, nodes.len());
        if world.clusters.get(cluster).is_some_and(|c| c.pools.len() > 1) {
            let delete = Action::DeletePool { cluster: cluster_name.to_owned(), pool: pool.name.to_string() };
            row.deeds.push(Deed::now("delete", delete));
        }
        let limit = self.shown.limit(RowKey::of(RowKind::Pool, cluster.0));
        if self.push(row, nodes.len(), true) {
            for (id, node) in nodes.iter().take(limit) {
                self.node(*id, node);
            }
            self.more(RowKey::of(RowKind::Pool, cluster.0), 2, nodes.len());
        }
    }

    fn node(&mut self, id: NodeId, node: &Node) {
        let world = self.world;
        let pods: Vec<(PodId, &Pod)> =
            world.pods.iter().filter(|(_, p)| p.node == Some(id) && !p.host_network && !p.has_ended()).collect();
        let row = self.node_row(id, node, pods.len());
        let key = row.key;
        if self.push(row, pods.len(), false) {
            for (pod_id, pod) in pods.iter().take(self.shown.limit(key)) {
                let row = self.pod_row(*pod_id, pod);
                self.rows.push(row);
            }
            self.more(key, 3, pods.len());
        }
    }

    fn node_row(&self, id: NodeId, node: &Node, pods: usize) -> Row {
        let nic = self.world.nics.get(node.nic);
        let mut row = Row::new(RowKey::of(RowKind::Node, id.0), 2, &node.name);
        row.facts.extend(nic.and_then(Nic::primary).map(|a| Fact::Verbatim(a.to_string())));
        row.facts.extend(node.pod_cidr.map(|c| Fact::Verbatim(c.to_string())));
        row.facts.extend(held(node));
        row.facts.extend(match node.phase {
            NodePhase::Booting => Some(Fact::State("booting")),
            NodePhase::NotReady => Some(Fact::State("not-ready")),
            NodePhase::Ready if node.cordoned => Some(Fact::State("cordoned")),
            NodePhase::Ready => None,
        });
        row.facts.push(Fact::Count("pods", pods as u64));
        row.target = Some(Target::Node(id));
        let endpoint = format!("node/{}", node.name);
        row.deeds = send_deeds(&endpoint);
        let code = if node.cordoned { "uncordon" } else { "cordon" };
        row.deeds.push(Deed::now(code, Action::Cordon { node: node.name.to_string(), on: !node.cordoned }));
        row.deeds.extend(nic.map(forwarding));
        row.deeds.extend(self.world.hosts.get(node.host).into_iter().flat_map(|h| host_deeds(&endpoint, h)));
        row.deeds.push(Deed::now("delete", Action::DeleteNode { name: node.name.to_string() }));
        row
    }

    pub(super) fn node_rows(&self) -> impl Iterator<Item = Row> {
        let count =
            |id| self.world.pods.values().filter(|p| p.node == Some(id) && !p.host_network && !p.has_ended()).count();
        // Counting is left until a row is kept: at 400 nodes it would cost more than the search.
        let few = self.world.nodes.len() <= super::FIRST;
        self.world.nodes.iter().map(move |(id, node)| {
            let mut row = self.node_row(id, node, if few { count(id) } else { 0 });
            if !few {
                row.facts.pop();
            }
            row
        })
    }

    pub(super) fn pod_rows(&self) -> impl Iterator<Item = Row> {
        self.world.pods.iter().filter(|(_, p)| !p.host_network).map(|(id, pod)| self.pod_row(id, pod))
    }

    fn pod_row(&self, id: PodId, pod: &Pod) -> Row {
        let mut row = Row::new(RowKey::of(RowKind::Pod, id.0), 3, &pod.name);
        row.facts.extend(pod.address.map(|a| Fact::Verbatim(a.to_string())));
        row.facts.extend(match pod.phase {
            PodPhase::Pending => Some(Fact::State("pending")),
            PodPhase::ContainerCreating => Some(Fact::State("creating")),
            PodPhase::SandboxFailed => Some(Fact::State("failed")),
            PodPhase::Ended { status: 0 } => Some(Fact::State("completed")),
            PodPhase::Ended { .. } => Some(Fact::State("error")),
            PodPhase::Running => None,
        });
        row.target = Some(Target::Pod(id));
        if let Some(host) = pod.host.and_then(|id| self.world.hosts.get(id)) {
            let endpoint = format!("pod/{}", pod.name);
            row.deeds = send_deeds(&endpoint);
            row.deeds.extend(host_deeds(&endpoint, host).into_iter().skip(1));
        }
        row.deeds.push(Deed::now("delete", Action::DeletePod { name: pod.name.to_string() }));
        row
    }

    fn deployment(&self, cluster: &str, id: WorkloadId, workload: &Workload) -> Row {
        let WorkloadKind::Deployment { replicas } = workload.kind else {
            return Row::new(RowKey::of(RowKind::Deployment, id.0), 1, &workload.name);
        };
        let running = |p: &&Pod| p.workload == Some(id) && p.phase == PodPhase::Running;
        let ready = self.world.pods.values().filter(running).count() as u64;
        let mut row = Row::new(RowKey::of(RowKind::Deployment, id.0), 1, &workload.name);
        row.facts = vec![Fact::Ratio("running", ready, u64::from(replicas))];
        let waits = |p: &Pod| p.workload == Some(id) && p.phase == PodPhase::Pending && p.node.is_none();
        if self.world.pods.values().any(waits) {
            row.facts.push(Fact::State(why_no_node(self.world, workload.cluster)));
        }
        let name = workload.name.to_string();
        let path = format!("{cluster}/{name}");
        let scale = |replicas| Action::ScaleDeployment { cluster: cluster.to_owned(), name: name.clone(), replicas };
        row.deeds = vec![Deed::form(FormKind::ScaleDeployment, [(FieldId::Deployment, path)])];
        row.deeds.push(Deed::now("one-more", scale(replicas.saturating_add(1))));
        row.deeds.extend(replicas.checked_sub(1).map(|n| Deed::now("one-less", scale(n))));
        let delete = Action::DeleteDeployment { cluster: cluster.to_owned(), name: name.clone() };
        row.deeds.push(Deed::now("delete", delete));
        row
    }
}

/// Why the scheduler finds no node for a pod: what holds for all that are ready, if anything does.
fn why_no_node(world: &World, cluster: ClusterId) -> &'static str {
    let mut fits = scheduler::fits(world, cluster);
    fits.retain(|fit| *fit != Fit::NotReady);
    let cordoned = fits.iter().filter(|fit| **fit == Fit::Cordoned).count();
    if fits.is_empty() {
        "no-node-ready"
    } else if cordoned == fits.len() {
        "nodes-cordoned"
    } else if fits.contains(&Fit::Fits) {
        "not-placed-yet"
    } else {
        "nodes-full"
    }
}

/// Addresses that pods have, of those that the node has for them.
fn held(node: &Node) -> Option<Fact> {
    let of_nic = node.azure_vnet().map(|pool| (pool.in_use() as u64, pool.len() as u64));
    let (used, all) = of_nic.or_else(|| node.cns().map(Cns::counts).map(|c| (c.assigned.into(), c.held().into())))?;
    Some(Fact::Ratio("held", used, all))
}

fn cluster_deeds(name: &str, cluster: &Cluster) -> Vec<Deed> {
    let preset = || [(FieldId::Cluster, name.to_owned())];
    let mut deeds = vec![Deed::form(FormKind::Deployment, preset()), Deed::form(FormKind::AddPool, preset())];
    deeds.extend(cluster.non_masquerade.is_some().then(|| Deed::form(FormKind::Masquerade, preset())));
    deeds.push(Deed::now("delete", Action::DeleteCluster { name: name.to_owned() }));
    deeds
}

fn pool_deeds(cluster: &str, pool: &Pool, nodes: usize) -> Vec<Deed> {
    let count = u32::try_from(nodes).unwrap_or(u32::MAX);
    let scale = |count| Action::ScalePool { cluster: cluster.to_owned(), pool: pool.name.to_string(), count };
    let mut deeds = vec![
        Deed::form(FormKind::ScalePool, [(FieldId::Pool, format!("{cluster}/{}", pool.name))]),
        Deed::now("one-more", scale(count.saturating_add(1))),
    ];
    deeds.extend((count > 1).then(|| Deed::now("one-less", scale(count - 1))));
    deeds
}
