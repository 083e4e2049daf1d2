//! The flows that each simulated host has tracked. One that has expired since stays: real time has not passed.

use crate::linux::kernel::flows;
use podhop::sim::action::{Action, FlushTable, endpoint};
use podhop::sim::host::Host;
use podhop::sim::host::conntrack::Flow;
use podhop::sim::ids::HostId;
use podhop::sim::packet::Tuple;
use podhop::sim::world::World;
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(super) struct Flows(BTreeMap<HostId, BTreeMap<Tuple, Flow>>);

impl Flows {
    /// Takes over what the hosts track now.
    pub(super) fn see(&mut self, world: &World) {
        for (id, host) in world.hosts.iter().filter(|(_, host)| host.tracks_flows()) {
            self.0.entry(id).or_default().retain(|_, flow| flow.expires <= world.now);
            let now = host.conntrack.flows(world.now).map(|flow| (flow.original, *flow));
            self.0.entry(id).or_default().extend(now);
        }
    }

    /// Forgets those that an action makes the kernel forget.
    pub(super) fn act(&mut self, action: &Action, world: &World) {
        let named = |host: &str| endpoint::resolve(world, host).ok().and_then(|e| e.host);
        match action {
            Action::Flush { host, table: FlushTable::Conntrack } => {
                named(host).and_then(|host| self.0.remove(&host));
            }
            Action::SetLink { host, dev, up: false } => {
                let Some(host) = named(host) else { return };
                let dev = world.hosts.get(host).and_then(|h| h.interface_named(dev)).map(|i| i.index);
                self.0.entry(host).or_default().retain(|_, flow| dev.is_none() || flow.masqueraded_by != dev);
            }
            _ => {}
        }
    }

    /// As `conntrack -L` lists them; `None` for a host that tracks none.
    pub(super) fn listed(&self, id: HostId, host: &Host) -> Option<Vec<String>> {
        host.tracks_flows().then(|| flows::listed(self.0.get(&id).into_iter().flat_map(BTreeMap::values)))
    }
}
