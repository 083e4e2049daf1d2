//! The addresses that azure-cns keeps for pods, and their states.
//! Source: Azure/azure-container-networking `cns/types/ipconfig.go`.

use crate::sim::time::Time;
use std::rc::Rc;

/// One secondary address of the node's network container.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ip {
    pub state: IpState,
    /// When it came into this state.
    pub since: Time,
    /// Version of the network container with which it came; after its programming the version that was programmed.
    pub nc_version: u32,
}

/// What azure-cns does with an address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum IpState {
    /// Free for the next pod.
    Available,
    /// Held by a pod.
    Assigned {
        /// `<namespace>/<name>`.
        pod: Rc<str>,
    },
    /// The controller gave it, but the host has not programmed it yet.
    PendingProgramming,
    /// Offered to the controller to take back; never given to a pod again.
    PendingRelease,
}

impl IpState {
    /// As azure-cns spells it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Available => "Available",
            Self::Assigned { .. } => "Assigned",
            Self::PendingProgramming => "PendingProgramming",
            Self::PendingRelease => "PendingRelease",
        }
    }

    /// The pod that holds the address.
    pub fn pod(&self) -> Option<&Rc<str>> {
        match self {
            Self::Assigned { pod } => Some(pod),
            _ => None,
        }
    }
}

/// Number of addresses in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Counts {
    pub available: u32,
    pub assigned: u32,
    pub pending_programming: u32,
    pub pending_release: u32,
}

impl Counts {
    pub(super) fn of<'a>(states: impl Iterator<Item = &'a IpState>) -> Self {
        let mut counts = Self::default();
        for state in states {
            match state {
                IpState::Available => counts.available += 1,
                IpState::Assigned { .. } => counts.assigned += 1,
                IpState::PendingProgramming => counts.pending_programming += 1,
                IpState::PendingRelease => counts.pending_release += 1,
            }
        }
        counts
    }

    /// All addresses that the controller gave and has not taken back; the primary address of the network container
    /// is none of them.
    pub const fn secondary(&self) -> u32 {
        self.held() + self.pending_release
    }

    /// Addresses that the node means to keep: all but those pending release.
    pub const fn held(&self) -> u32 {
        self.assigned + self.current()
    }

    /// The monitor's `currentAvailableIPs`: neither assigned nor pending release.
    /// Source: Azure/azure-container-networking `cns/ipampool/monitor.go`.
    pub const fn current(&self) -> u32 {
        self.available + self.pending_programming
    }
}
