//! The second monitor: straight to the target.
//! Source: Azure/azure-container-networking `cns/ipampool/v2/monitor.go`.

use super::{Basis, Pass, PassAction, Pool, Signals};
use crate::sim::ipam::cns::Cns;
use crate::sim::time::Time;
use std::cmp::Ordering;

pub(super) fn pass(cns: &mut Cns, pool: Pool, signals: Signals, now: Time) -> Pass {
    let target = cns.scaler.target(signals.demand, signals.exhausted);
    let (from, to) = (pool.requested, target.size);
    let action = match to.cmp(&from) {
        // The spec keeps the addresses that the controller took back, until the size changes.
        Ordering::Equal => PassAction::Nothing,
        Ordering::Greater => PassAction::Grow { from, to },
        Ordering::Less if pool.counts.current() < from - to => PassAction::CannotRelease { wanted: from - to },
        Ordering::Less => PassAction::Shrink { from, to, marked: cns.mark_pending_release(from - to, now) },
    };
    // Addresses that were marked stay so when the spec is not taken; the next pass marks as many again.
    let publish = cns.publish(&action, signals.api_server);
    Pass { pool, basis: Basis::Target(target), action, publish }
}
