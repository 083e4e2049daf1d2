//! azure-cns on one node: the addresses that the controller gave it for pods, and which pod holds which.
//! Source: Azure/azure-container-networking `cns/restserver/{ipam,util,internalapi}.go`.

pub mod controller;
mod error;
mod ip;
mod monitor;
mod nnc;
mod scaler;

pub use error::{InconsistentIpConfigState, RequestError};
pub use ip::{Counts, Ip, IpState};
pub use monitor::{ApiServer, Basis, MonitorVersion, PATCH_TRIES, Pass, PassAction, Pool, Publish, Signals};
pub use nnc::{NcStatus, NetworkContainer, NncSpec};
pub use scaler::{DEFAULT_MAX_IPS, Scaler, Target, Thresholds};

use crate::sim::ipam::address_order::AddressOrder;
use crate::sim::rng::Rng;
use crate::sim::sorted::Sorted;
use crate::sim::time::Time;
use std::net::Ipv4Addr;

/// State of azure-cns. Copies share the addresses until one of them changes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cns {
    scaler: Scaler,
    monitor: MonitorVersion,
    nc: Option<NetworkContainer>,
    /// Version of the network container that the host has programmed; `None` before the first.
    host_version: Option<u32>,
    /// A node has 250 at most.
    ips: Sorted<Ipv4Addr, Ip>,
    spec: NncSpec,
}

/// An address that a pod got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Granted {
    pub address: Ipv4Addr,
    /// The pod held it already: a request repeated gives the same address.
    pub again: bool,
    /// Addresses that were available before the request.
    pub available_before: u32,
}

/// What an update of the network container changed, in address order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NncDelta {
    pub added: Vec<Ipv4Addr>,
    pub removed: Vec<Ipv4Addr>,
}

impl Cns {
    /// A node without addresses. The monitor takes the scaler as it is, and the first spec from the
    /// `NodeNetworkConfig`; later ones it knows by itself.
    pub fn new(scaler: Scaler, monitor: MonitorVersion, spec: NncSpec) -> Self {
        Self { scaler, monitor, nc: None, host_version: None, ips: Sorted::default(), spec }
    }

    pub fn scaler(&self) -> &Scaler {
        &self.scaler
    }

    pub fn monitor(&self) -> MonitorVersion {
        self.monitor
    }

    /// The spec that was published last.
    pub fn spec(&self) -> &NncSpec {
        &self.spec
    }

    /// The network container as the controller described it last.
    pub fn network_container(&self) -> Option<&NetworkContainer> {
        self.nc.as_ref()
    }

    pub fn host_version(&self) -> Option<u32> {
        self.host_version
    }

    /// Addresses in address order.
    pub fn ips(&self) -> impl DoubleEndedIterator<Item = (Ipv4Addr, &Ip)> {
        self.ips.iter().map(|(address, ip)| (*address, ip))
    }

    pub fn ip(&self, address: Ipv4Addr) -> Option<&Ip> {
        self.ips.get(&address)
    }

    /// The address that a pod holds.
    pub fn address_of(&self, pod: &str) -> Option<Ipv4Addr> {
        self.find(|state| state.pod().is_some_and(|key| **key == *pod)).next()
    }

    pub fn counts(&self) -> Counts {
        Counts::of(self.ips.values().map(|ip| &ip.state))
    }

    /// Pod ADD: the address that the pod holds already, else one that is available.
    /// Source: Azure/azure-container-networking `cns/restserver/ipam.go` (`AssignAvailableIPConfigs`).
    pub fn request(
        &mut self,
        pod: &str,
        rng: &mut Rng,
        order: AddressOrder,
        now: Time,
    ) -> Result<Granted, RequestError> {
        let available_before = self.counts().available;
        if let Some(address) = self.address_of(pod) {
            return Ok(Granted { address, again: true, available_before });
        }
        let nc = self.nc.as_ref().ok_or(RequestError::NoNetworkContainer)?;
        let index = order.pick(usize::try_from(available_before).unwrap_or(usize::MAX), rng);
        let found = index.and_then(|index| self.find(|state| *state == IpState::Available).nth(index));
        let Some(address) = found else {
            return Err(RequestError::NotEnough { nc: nc.id.clone(), status: nc.status });
        };
        self.set_state(address, IpState::Assigned { pod: pod.into() }, now);
        Ok(Granted { address, again: false, available_before })
    }

    /// Pod DEL: the pod's address is available at once. `None` if it held none, which is no error.
    pub fn release(&mut self, pod: &str, now: Time) -> Option<Ipv4Addr> {
        let address = self.address_of(pod)?;
        self.set_state(address, IpState::Available, now);
        Some(address)
    }

    /// Takes over what the controller wrote. New addresses are available if the host has programmed this version of
    /// the network container; those that are gone are forgotten, unless a pod holds one: then nothing changes.
    /// Source: Azure/azure-container-networking `cns/restserver/util.go` (`updateIPConfigsStateUntransacted`).
    pub fn apply(
        &mut self,
        nc: NetworkContainer,
        assigned: &[Ipv4Addr],
        now: Time,
    ) -> Result<NncDelta, InconsistentIpConfigState> {
        let given: Sorted<Ipv4Addr, ()> = assigned.iter().map(|address| (*address, ())).collect();
        let removed: Vec<Ipv4Addr> = self.ips.keys().filter(|a| !given.contains_key(a)).copied().collect();
        for address in &removed {
            if let Some(pod) = self.ip(*address).and_then(|ip| ip.state.pod()) {
                return Err(InconsistentIpConfigState { address: *address, pod: pod.clone() });
            }
        }
        self.ips.retain(|address, _| given.contains_key(address));
        let added: Vec<Ipv4Addr> = given.keys().filter(|a| !self.ips.contains_key(a)).copied().collect();
        let programmed = self.host_version >= Some(nc.version);
        for address in &added {
            let state = if programmed { IpState::Available } else { IpState::PendingProgramming };
            self.ips.insert(*address, Ip { state, since: now, nc_version: nc.version });
        }
        self.nc = Some(nc);
        Ok(NncDelta { added, removed })
    }

    /// The host says which version of the network container it has programmed: what waited for it, or for an older
    /// one, becomes available and is returned. A version that is not newer changes nothing.
    /// Source: Azure/azure-container-networking `cns/restserver/ipam.go` (`MarkIpsAsAvailableUntransacted`).
    pub fn sync_host_version(&mut self, version: u32, now: Time) -> Vec<Ipv4Addr> {
        if self.host_version >= Some(version) {
            return Vec::new();
        }
        self.host_version = Some(version);
        let waiting: Vec<Ipv4Addr> = self.find(|state| *state == IpState::PendingProgramming).collect();
        let ready = |address: &Ipv4Addr| self.ip(*address).is_some_and(|ip| ip.nc_version <= version);
        let ready: Vec<Ipv4Addr> = waiting.into_iter().filter(ready).collect();
        for address in &ready {
            self.ips.insert(*address, Ip { state: IpState::Available, since: now, nc_version: version });
        }
        ready
    }

    /// Marks up to `n` free addresses as pending release, those that are not programmed yet first; returns them.
    /// Source: Azure/azure-container-networking `cns/restserver/ipam.go` (`MarkIPAsPendingRelease`).
    ///
    /// Simplified: the highest addresses of a state first; the component takes them in random order.
    pub fn mark_pending_release(&mut self, n: u32, now: Time) -> Vec<Ipv4Addr> {
        let unprogrammed = self.find(|state| *state == IpState::PendingProgramming).rev();
        let available = self.find(|state| *state == IpState::Available).rev();
        let marked: Vec<Ipv4Addr> =
            unprogrammed.chain(available).take(usize::try_from(n).unwrap_or(usize::MAX)).collect();
        for address in &marked {
            self.set_state(*address, IpState::PendingRelease, now);
        }
        marked
    }

    /// Addresses whose state fits, in address order.
    fn find(&self, fits: impl Fn(&IpState) -> bool) -> impl DoubleEndedIterator<Item = Ipv4Addr> {
        self.ips().filter(move |(_, ip)| fits(&ip.state)).map(|(address, _)| address)
    }

    fn set_state(&mut self, address: Ipv4Addr, state: IpState, since: Time) {
        if let Some(ip) = self.ips.get_mut(&address) {
            ip.state = state;
            ip.since = since;
        }
    }
}
