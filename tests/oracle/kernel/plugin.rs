//! Pods attached by the real `bridge` and `host-local` plugins, with the file that the recipe writes for a node.

use super::netns::Netns;
use podhop::sim::ids::HostId;
use podhop::sim::world::World;
use std::collections::BTreeMap;

/// Which hosts the plugins make.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pods: Vec<HostId>,
}

pub(crate) fn plan(_world: &World) -> Plan {
    Plan::default()
}

impl Plan {
    pub(crate) fn covers(&self, host: HostId) -> bool {
        self.pods.contains(&host)
    }

    pub(crate) fn run(&self, _world: &World, _netns: &BTreeMap<HostId, Netns>) {}
}
