//! The flows that each simulated host has tracked. One that has expired since stays: real time has not passed.

use crate::linux::kernel::flows;
use podhop::sim::action::{Action, FlushTable, endpoint};
use podhop::sim::host::Host;
use podhop::sim::host::conntrack::Flow;
use podhop::sim::ids::HostId;
use podhop::sim::packet::{Protocol, Tuple};
use podhop::sim::time::{Span, Time};
use podhop::sim::world::World;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// After so long the kernel calls datagrams that go both ways a stream, and assured.
/// Source: Linux `net/netfilter/nf_conntrack_proto_udp.c` (`stream_ts`).
const STREAM_AFTER: Duration = Duration::from_secs(2);

#[derive(Debug, Default)]
pub(super) struct Flows(BTreeMap<HostId, BTreeMap<Tuple, Seen>>);

/// When an action began, by the kernel's clock and by that of the simulation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Began {
    pub(super) real: Instant,
    pub(super) simulated: Time,
}

/// A flow, and when its first and its latest packet went.
#[derive(Clone, Copy, Debug)]
struct Seen {
    flow: Flow,
    first: Began,
    latest: Began,
}

impl Seen {
    /// The flow as the kernel may know it. Where the clocks disagree on whether datagrams went long enough to be a
    /// stream, the kernel's own counts.
    fn by_its_clock(&self) -> Flow {
        let long = self.latest.real - self.first.real > STREAM_AFTER;
        let simulated = self.latest.simulated - self.first.simulated > Span::secs(STREAM_AFTER.as_secs());
        let differ = long != simulated && self.flow.original.protocol == Protocol::Udp;
        let assured = if differ { long && self.flow.seen_reply } else { self.flow.assured };
        Flow { assured, ..self.flow }
    }
}

impl Flows {
    /// Takes over what the hosts track now, after an action that began then.
    pub(super) fn see(&mut self, world: &World, at: Began) {
        for (id, host) in world.hosts.iter().filter(|(_, host)| host.tracks_flows()) {
            let known = self.0.entry(id).or_default();
            let before = known.clone();
            known.retain(|_, seen| seen.flow.expires <= world.now);
            known.extend(host.conntrack.flows(world.now).map(|flow| {
                let same = before.get(&flow.original).filter(|seen| seen.flow.since == flow.since);
                let first = same.map_or(at, |seen| seen.first);
                let latest = same.filter(|seen| seen.flow.expires == flow.expires).map_or(at, |seen| seen.latest);
                (flow.original, Seen { flow: *flow, first, latest })
            }));
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
                self.0.entry(host).or_default().retain(|_, seen| dev.is_none() || seen.flow.masqueraded_by != dev);
            }
            _ => {}
        }
    }

    /// As `conntrack -L` lists them; `None` for a host that tracks none.
    pub(super) fn listed(&self, id: HostId, host: &Host) -> Option<Vec<String>> {
        let own = self.0.get(&id).into_iter().flat_map(BTreeMap::values);
        let own: Vec<Flow> = own.map(Seen::by_its_clock).collect();
        host.tracks_flows().then(|| flows::listed(own.iter()))
    }
}
