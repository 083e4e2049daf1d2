//! The first monitor: one batch a pass, between two thresholds.
//! Source: Azure/azure-container-networking `cns/ipampool/monitor.go`.

use super::{Basis, PATCH_TRIES, Pass, PassAction, Pool, Publish, Signals};
use crate::sim::ipam::cns::Cns;
use crate::sim::ipam::cns::scaler::Thresholds;
use crate::sim::time::Time;

pub(super) fn pass(cns: &mut Cns, pool: Pool, signals: Signals, now: Time) -> Pass {
    let thresholds = cns.scaler.thresholds(signals.exhausted);
    let before = cns.ips.clone();
    let action = act(cns, pool, thresholds, now);
    let mut publish = cns.publish(&action, signals.api_server);
    if publish == Publish::Failed && matches!(action, PassAction::Shrink { .. }) {
        // What the process marked it forgets with its end: the new one reads the spec that was published.
        cns.ips = before;
        publish = Publish::Crashed { tries: PATCH_TRIES };
    }
    Pass { pool, basis: Basis::Thresholds(thresholds), action, publish }
}

/// The first branch that fits, and no other. A pool that just grew is not shrunk in the same pass.
fn act(cns: &mut Cns, pool: Pool, thresholds: Thresholds, now: Time) -> PassAction {
    if pool.expected() < i64::from(thresholds.min_free) {
        return grow(pool.requested, thresholds);
    }
    if pool.counts.current() >= thresholds.max_free {
        return shrink(cns, pool.requested, thresholds.batch, now);
    }
    // Compared by number, as the component does.
    if cns.spec.not_in_use.len() == cns.pending_release().len() { PassAction::Nothing } else { PassAction::CleanUp }
}

/// Up to the next multiple of the batch.
fn grow(from: u32, Thresholds { batch, max, .. }: Thresholds) -> PassAction {
    if from == max {
        return PassAction::AtMax;
    }
    PassAction::Grow { from, to: from.saturating_add(batch - from % batch).min(max) }
}

/// Down to the next multiple of the batch, by as many as are free.
fn shrink(cns: &mut Cns, from: u32, batch: u32, now: Time) -> PassAction {
    let over = from % batch;
    let marked = cns.mark_pending_release(if over == 0 { batch } else { over }, now);
    let to = from.saturating_sub(u32::try_from(marked.len()).unwrap_or(u32::MAX));
    PassAction::Shrink { from, to, marked }
}
