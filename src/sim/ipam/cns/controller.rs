//! The controller's side of a pod subnet: it gives nodes what their specs ask for. Simplified: the real one, DNC, is
//! closed; what is here are choices that fit what nodes show.

use super::nnc::{NcStatus, NncSpec};
use std::net::Ipv4Addr;

/// What one node is given and what is taken from it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Change {
    /// Addresses to add.
    pub add: u32,
    /// Addresses to take back, in the order in which the node holds them.
    pub remove: Vec<Ipv4Addr>,
    pub status: NcStatus,
}

/// The state of a pod subnet on which its exhaustion depends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subnet {
    /// Addresses that nobody holds.
    pub free: u64,
    /// What the nodes' pools are short of together, see [`Scaler::target`](super::Scaler::target) outside exhaustion.
    pub shortfall: u64,
    /// Addresses of one batch.
    pub batch: u32,
    /// Whether a request could not be met since the last look.
    pub unmet: bool,
}

/// What a spec asks to change for a node that has been assigned these addresses, in a subnet with `free` more.
///
/// Simplified: a request is met whole or not at all, and what the same spec gives back counts as free only the next
/// time. A new address must be none of those that the spec says are not in use, else the node would take it for the
/// one it gave back.
pub fn reconcile(spec: &NncSpec, assigned: &[Ipv4Addr], free: u64) -> Change {
    let (remove, kept): (Vec<Ipv4Addr>, Vec<Ipv4Addr>) =
        assigned.iter().partition(|address| spec.not_in_use.contains(address));
    let missing = spec.requested.saturating_sub(u32::try_from(kept.len()).unwrap_or(u32::MAX));
    if u64::from(missing) > free {
        return Change { add: 0, remove, status: NcStatus::SubnetFull };
    }
    Change { add: missing, remove, status: NcStatus::Success }
}

/// `ClusterSubnetState.status.exhausted` after a look at the subnet.
///
/// Simplified: set by a request that could not be met. Cleared only when every pool could grow to its normal size and
/// one batch would still be free, so that the growth that follows cannot set it again.
/// Source of the resource: Azure/azure-container-networking `crd/clustersubnetstate/api/v1alpha1/clustersubnetstate.go`.
pub fn exhausted(before: bool, subnet: &Subnet) -> bool {
    subnet.unmet || before && subnet.free < subnet.shortfall.saturating_add(u64::from(subnet.batch))
}
