//! A subnet without an address for the next node or pod.

use super::{Break, BreakKind, Hint, Site};
use crate::sim::action::Action;
use crate::sim::cluster::{Node, Pool, WorkloadKind};
use crate::sim::fabric::network::Subnet;
use crate::sim::ids::{NodeId, SubnetId};
use crate::sim::ipam::cns::Counts;
use crate::view::target::Target;

/// Name of the deployment that takes the addresses of a pod subnet.
const FILLER: &str = "filler";
/// Most nodes and pods that one press adds.
const MOST_NODES: u32 = 64;
const MOST_PODS: u32 = 1100;
/// Pods that a new node runs by itself, at most.
const OWN_PODS: u32 = 10;

impl Site<'_> {
    /// Only where it can be done with what one press adds, and undone.
    pub(super) fn exhaust_subnet(&self) -> Option<Break> {
        let pool = self.cluster.pools.iter().find(|pool| pool.name == self.node.pool)?;
        let id = pool.pod_subnet.unwrap_or(pool.subnet);
        let subnet = self.world.subnets.get(id)?;
        let (is_broken, actions) = match pool.pod_subnet {
            Some(id) => (subnet.exhausted, self.pods_for_all(pool, id, subnet)?),
            None => self.nodes_for_all(pool, subnet)?,
        };
        let hint = if pool.pod_subnet.is_some() { Hint::case(".pods") } else { Hint::PLAIN };
        let broken = Break { hint, ..self.of_node(BreakKind::ExhaustSubnet, is_broken, actions) };
        Some(Break { subject: subnet.name.to_string(), target: Some(Target::Subnet(id)), ..broken })
    }

    /// Nodes until none more fits, or one node fewer.
    fn nodes_for_all(&self, pool: &Pool, subnet: &Subnet) -> Option<(bool, Vec<Action>)> {
        let each = u64::try_from(self.nic.configs.len()).ok().filter(|each| *each > 0)?;
        let more = u32::try_from(subnet.pool.counts().free / each).ok()?;
        let have = self.have(&pool.name)?;
        let count = if more == 0 { have.checked_sub(1).filter(|left| *left > 0)? } else { have + more };
        let scale = Action::ScalePool { cluster: self.cluster.name.to_string(), pool: pool.name.to_string(), count };
        (more <= MOST_NODES).then(|| (more == 0, vec![scale, Action::Settle]))
    }

    /// One pod more than there are addresses, or the largest deployment gone.
    fn pods_for_all(&self, pool: &Pool, id: SubnetId, subnet: &Subnet) -> Option<Vec<Action>> {
        if subnet.exhausted {
            let largest = self.deployments().max_by_key(|(_, replicas)| *replicas)?.0.to_owned();
            let cluster = self.cluster.name.to_string();
            return Some(vec![Action::DeleteDeployment { cluster, name: largest }, Action::Settle]);
        }
        let nodes = || self.world.nodes.iter().filter(|(_, node)| node.pod_subnet == Some(id));
        let unused = |counts: Counts| counts.available + counts.pending_programming;
        let unused: u32 = nodes().filter_map(|(_, node)| node.cns()).map(|cns| unused(cns.counts())).sum();
        let replicas = u32::try_from(subnet.pool.counts().free).ok()? + unused + 1;
        let room: usize = nodes().map(|(id, node)| self.room(id, node)).sum();
        let is_free = self.deployments().all(|(name, _)| name != FILLER);
        if replicas > MOST_PODS || !is_free {
            return None;
        }
        let short = replicas.saturating_sub(u32::try_from(room).ok()?);
        let more = short.div_ceil(u32::from(pool.max_pods).saturating_sub(OWN_PODS).max(1));
        let cluster = self.cluster.name.to_string();
        let mut actions = Vec::new();
        if more > 0 {
            let (cluster, pool) = (cluster.clone(), pool.name.to_string());
            let count = self.have(&pool)? + more;
            actions.extend([Action::ScalePool { cluster, pool, count }, Action::Settle]);
        }
        let (name, image) = (FILLER.to_owned(), "nginx".to_owned());
        actions.extend([Action::CreateDeployment { cluster, name, image, replicas }, Action::Settle]);
        Some(actions)
    }

    /// Pods that a node still takes.
    fn room(&self, id: NodeId, node: &Node) -> usize {
        let runs = self.world.pods.values().filter(|pod| pod.node == Some(id) && !pod.has_ended()).count();
        if node.cordoned { 0 } else { usize::from(node.max_pods).saturating_sub(runs) }
    }

    fn have(&self, pool: &str) -> Option<u32> {
        let of_pool = |node: &&Node| node.cluster == self.node.cluster && &*node.pool == pool;
        u32::try_from(self.world.nodes.values().filter(of_pool).count()).ok()
    }

    /// The deployments that somebody made, with how many pods they want.
    fn deployments(&self) -> impl Iterator<Item = (&str, u32)> {
        let own = self.world.workloads.values().filter(|w| w.cluster == self.node.cluster);
        own.filter_map(|w| match w.kind {
            WorkloadKind::Deployment { replicas } if w.namespace.as_ref() == "default" => Some((&*w.name, replicas)),
            _ => None,
        })
    }
}
