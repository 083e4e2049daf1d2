//! Why azure-cns refuses, in data and in its own words.

use super::nnc::NcStatus;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// Why a pod gets no address. The kubelet tries again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RequestError {
    /// No address is available.
    NotEnough {
        /// Id of the network container.
        nc: Rc<str>,
        status: NcStatus,
    },
    /// The controller has given the node no network container yet.
    NoNetworkContainer,
}

impl RequestError {
    /// The component's own words.
    /// Source: Azure/azure-container-networking `cns/restserver/ipam.go`.
    pub fn text(&self) -> String {
        match self {
            Self::NotEnough { nc, status } => format!(
                "not enough IPs available of type ipv4 for {nc}, waiting on Azure CNS to allocate more with NC \
                 Status: {}",
                status.code()
            ),
            Self::NoNetworkContainer => "no NCs found in the CNS internal state".to_owned(),
        }
    }
}

/// An update of the network container leaves out an address that a pod holds: all of it is refused.
/// Source: Azure/azure-container-networking `cns/restserver/util.go`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InconsistentIpConfigState {
    /// The lowest such address.
    pub address: Ipv4Addr,
    /// Key of its pod.
    pub pod: Rc<str>,
}
