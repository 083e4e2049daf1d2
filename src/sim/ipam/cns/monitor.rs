//! The pool monitor of azure-cns: it asks the controller for addresses and offers it back those that are too many.
//! Source: Azure/azure-container-networking `cns/ipampool/monitor.go`, `cns/ipampool/v2/monitor.go`.

mod v1;
mod v2;

use super::Cns;
use super::ip::{Counts, IpState};
use super::nnc::NncSpec;
use super::scaler::{Target, Thresholds};
use crate::sim::time::Time;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// How often the first monitor tries to publish a smaller pool, in tries.
/// Source: Azure/azure-container-networking `cns/ipampool/monitor.go` (`decreasePoolSize`).
pub const PATCH_TRIES: u32 = 5;

/// Which monitor the node runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MonitorVersion {
    /// One batch a pass, by the addresses that pods hold; a pass every second and on news.
    #[default]
    V1,
    /// Straight to the target, by the pods that are on the node (`EnableIPAMv2`); a pass on news, and every minute.
    V2,
}

/// What a monitor hears from the cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Signals {
    /// `ClusterSubnetState.status.exhausted` of the pod subnet.
    pub exhausted: bool,
    /// Pods on the node that want an address of it and have not ended. The first monitor does not look at them.
    /// Source: Azure/azure-container-networking `cns/ipampool/v2/adapter.go` (`PodIPDemandListener`).
    pub demand: u32,
    pub api_server: ApiServer,
}

/// Whether the API server takes a new spec.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ApiServer {
    #[default]
    Answers,
    Fails,
}

/// One run of a monitor, with all it went by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pass {
    /// The pool before the pass.
    pub pool: Pool,
    pub basis: Basis,
    pub action: PassAction,
    pub publish: Publish,
}

/// A node's pool at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pool {
    pub counts: Counts,
    /// `requestedIPCount` of the spec published last.
    pub requested: u32,
}

/// The numbers that a monitor decides by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    Thresholds(Thresholds),
    Target(Target),
}

/// The branch that a pass took. `from` and `to` are `requestedIPCount` before and after.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PassAction {
    /// Too few are free, but the node has asked for all it may have.
    AtMax,
    Grow {
        from: u32,
        to: u32,
    },
    Shrink {
        from: u32,
        to: u32,
        marked: Vec<Ipv4Addr>,
    },
    /// Fewer than `wanted` addresses are free to be given back, so none is.
    CannotRelease {
        wanted: u32,
    },
    /// The size stays, but the list of addresses that are not in use is not what the spec says.
    CleanUp,
    Nothing,
}

/// What became of the new spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Publish {
    /// There was none.
    NotNeeded,
    Done,
    /// The API server did not take it. The spec stays as it was; the next pass tries again.
    Failed,
    /// The API server did not take a smaller pool, `tries` times, and azure-cns ended itself. It starts anew from the
    /// spec published last, so nothing has changed.
    Crashed {
        tries: u32,
    },
}

impl Pool {
    /// Free addresses once the controller has given what was asked for: `expectedAvailableIPs`. Below zero when more
    /// are held by pods than were asked for.
    pub fn expected(&self) -> i64 {
        i64::from(self.requested) - i64::from(self.counts.assigned)
    }
}

impl PassAction {
    /// `requestedIPCount` of the spec that must be published.
    fn request(&self, before: u32) -> Option<u32> {
        match self {
            Self::Grow { to, .. } | Self::Shrink { to, .. } => Some(*to),
            Self::CleanUp => Some(before),
            Self::AtMax | Self::CannotRelease { .. } | Self::Nothing => None,
        }
    }
}

impl Cns {
    /// Runs the monitor once and publishes the spec that comes of it.
    pub fn pass(&mut self, signals: Signals, now: Time) -> Pass {
        let pool = Pool { counts: self.counts(), requested: self.spec.requested };
        match self.monitor {
            MonitorVersion::V1 => v1::pass(self, pool, signals, now),
            MonitorVersion::V2 => v2::pass(self, pool, signals, now),
        }
    }

    /// Publishes the spec of an action, if it needs one.
    fn publish(&mut self, action: &PassAction, api_server: ApiServer) -> Publish {
        let Some(requested) = action.request(self.spec.requested) else {
            return Publish::NotNeeded;
        };
        if api_server == ApiServer::Fails {
            return Publish::Failed;
        }
        self.spec = NncSpec { requested, not_in_use: self.pending_release() };
        Publish::Done
    }

    fn pending_release(&self) -> Vec<Ipv4Addr> {
        self.find(|state| *state == IpState::PendingRelease).collect()
    }
}
