//! A subnet without addresses for one more node.

use super::{Break, BreakKind, Hint, Site};
use crate::sim::action::Action;
use crate::sim::cluster::Pool;
use crate::sim::fabric::network::Subnet;
use crate::sim::ipam::cns::Scaler;
use crate::view::target::Target;

/// Most nodes that one press adds.
const MOST_NODES: u64 = 256;

impl Site<'_> {
    /// The subnet of the pool's pods, where they have one of their own, else that of its nodes. Not where too many nodes
    /// would have to be added, nor where none can be taken away again.
    pub(super) fn exhaust_subnet(&self) -> Option<Break> {
        let pool = self.cluster.pools.iter().find(|pool| pool.name == self.node.pool)?;
        let id = pool.pod_subnet.unwrap_or(pool.subnet);
        let subnet = self.world.subnets.get(id)?;
        let nodes = self.world.nodes.values().filter(|n| n.cluster == self.node.cluster && n.pool == pool.name);
        let have = u64::try_from(nodes.count()).ok()?;
        let (is_broken, count) = self.scaled(pool, subnet, have)?;
        let count = u32::try_from(count).ok()?;
        let scale = Action::ScalePool { cluster: self.cluster.name.to_string(), pool: pool.name.to_string(), count };
        let hint = if pool.pod_subnet.is_some() { Hint::case(".pods") } else { Hint::PLAIN };
        let broken = self.of_node(BreakKind::ExhaustSubnet, is_broken, vec![scale, Action::Settle]);
        Some(Break { subject: subnet.name.to_string(), target: Some(Target::Subnet(id)), hint, ..broken })
    }

    /// Whether the subnet is exhausted, and how many nodes exhaust it or let it recover. A node takes all its addresses at
    /// once, or a batch for its pods; one that gets none exhausts a subnet of pods.
    fn scaled(&self, pool: &Pool, subnet: &Subnet, have: u64) -> Option<(bool, u64)> {
        let free = subnet.pool.counts().free;
        let (is_broken, more, fewer) = if pool.pod_subnet.is_some() {
            (subnet.exhausted, free / u64::from(Scaler::default().batch_size) + 1, have.div_ceil(2))
        } else {
            let more = free / u64::try_from(self.nic.configs.len()).ok().filter(|each| *each > 0)?;
            (more == 0, more, 1)
        };
        let possible = if is_broken { have > fewer } else { more <= MOST_NODES };
        possible.then(|| (is_broken, if is_broken { have - fewer } else { have + more }))
    }
}
