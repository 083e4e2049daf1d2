//! Why host-local gives no address, in data and in the plugin's words.
//! Source: containernetworking/plugins `plugins/ipam/host-local/{main.go,backend/allocator/allocator.go}`.

use super::range::RangeSet;
use std::net::IpAddr;
use std::rc::Rc;

/// Why one range set gives no address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GetError {
    /// There is no range set at this position.
    NoSuchSet { set: usize },
    /// The requested address lies in none of the ranges.
    NotInSet { address: IpAddr, ranges: RangeSet },
    /// The requested address is the gateway.
    IsGateway { address: IpAddr },
    /// The requested address is taken.
    NotAvailable { address: IpAddr, ranges: RangeSet },
    /// The container's interface holds an address of this range set.
    Duplicate { address: IpAddr, container: Rc<str> },
    /// Every address but the gateways is taken.
    Exhausted { ranges: RangeSet },
}

/// Why CNI ADD fails.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AddError {
    /// The range set at `index` gives none. What the ones before it gave is released.
    Range { index: usize, error: GetError },
    /// Requested addresses that lie in no range set.
    NotInAnySet(Vec<IpAddr>),
}

impl GetError {
    /// The plugin's own words. [`GetError::NoSuchSet`] is none of its errors: its caller counts the sets.
    pub fn text(&self) -> String {
        match self {
            Self::NoSuchSet { set } => format!("no range set {set}"),
            Self::NotInSet { address, ranges } => format!("{address} not in range set {}", ranges.text()),
            Self::IsGateway { address } => format!("requested ip {address} is subnet's gateway"),
            Self::NotAvailable { address, ranges } => {
                format!("requested IP address {address} is not available in range set {}", ranges.text())
            }
            Self::Duplicate { address, container } => {
                format!("{address} has been allocated to {container}, duplicate allocation is not allowed")
            }
            Self::Exhausted { ranges } => format!("no IP addresses available in range set: {}", ranges.text()),
        }
    }
}

impl AddError {
    /// The plugin's own words; a runtime shows them with CNI error code 999.
    pub fn text(&self) -> String {
        match self {
            Self::Range { index, error } => format!("failed to allocate for range {index}: {}", error.text()),
            Self::NotInAnySet(addresses) => {
                let list: Vec<String> = addresses.iter().map(IpAddr::to_string).collect();
                format!("failed to allocate all requested IPs: {}", list.join(" "))
            }
        }
    }
}
