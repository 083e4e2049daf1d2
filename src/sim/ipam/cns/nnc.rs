//! The parts of a `NodeNetworkConfig` through which azure-cns and the delegated network controller talk.
//! Source: Azure/azure-container-networking `crd/nodenetworkconfig/api/v1alpha/nodenetworkconfig.go`.

use std::net::Ipv4Addr;
use std::rc::Rc;

/// What azure-cns writes: `spec`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NncSpec {
    /// `requestedIPCount`: addresses that the node wants to hold, those it gives back not counted.
    pub requested: u32,
    /// `ipsNotInUse`: addresses that the controller may take back, in address order. The real list has their ids.
    pub not_in_use: Vec<Ipv4Addr>,
}

/// What the controller writes about the node's network container (NC): an entry of `status.networkContainers`
/// without its addresses.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NetworkContainer {
    pub id: Rc<str>,
    /// From 0; one more with each change that the host has to program.
    pub version: u32,
    pub status: NcStatus,
}

/// How the last update of a network container went. The real enum knows more faults, which the simulator's
/// controller never meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NcStatus {
    Success,
    /// The subnet has fewer free addresses than were asked for.
    SubnetFull,
}

impl NcStatus {
    /// As the resource spells it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Success => "NCUpdateSuccess",
            Self::SubnetFull => "NCUpdateSubnetFullError",
        }
    }
}
