//! azure-cns against the vectors of its own tests (components.md 2.5) and of azure.md 6.1 (T28 to T32).

mod controller;
mod monitor_v1;
mod monitor_v2;
mod pool;
mod properties;

use podhop::sim::ipam::address_order::AddressOrder;
use podhop::sim::ipam::cns::controller::reconcile;
use podhop::sim::ipam::cns::{Cns, Counts, Granted, MonitorVersion, NcStatus, NetworkContainer, RequestError, Scaler};
use podhop::sim::rng::Rng;
use podhop::sim::time::Time;
use std::collections::BTreeSet;
use std::net::Ipv4Addr;

const NOW: Time = Time(0);
const BOTH: [MonitorVersion; 2] = [MonitorVersion::V1, MonitorVersion::V2];

/// Address number `n` of 10.0.0.0.
fn ip(n: u32) -> Ipv4Addr {
    Ipv4Addr::from(0x0a00_0000 + n)
}

fn ips(range: std::ops::Range<u32>) -> Vec<Ipv4Addr> {
    range.map(ip).collect()
}

fn nc(version: u32) -> NetworkContainer {
    NetworkContainer { id: "nc-1".into(), version, status: NcStatus::Success }
}

fn scaler(batch: u32, request: u32, release: u32, max: u32) -> Scaler {
    Scaler {
        batch_size: batch,
        request_threshold_percent: request,
        release_threshold_percent: release,
        max_ip_count: max,
    }
}

fn pod(n: u32) -> String {
    format!("default/p{n}")
}

fn request(cns: &mut Cns, key: &str) -> Result<Granted, RequestError> {
    cns.request(key, &mut Rng::new(1), AddressOrder::Lowest, NOW)
}

/// Adds or deletes pods p0, p1, ... until so many hold an address.
fn assign(cns: &mut Cns, pods: u32) {
    for n in cns.counts().assigned..pods {
        request(cns, &pod(n)).unwrap();
    }
    for n in pods..cns.counts().assigned {
        cns.release(&pod(n), NOW).unwrap();
    }
}

fn counts(available: u32, assigned: u32, pending_programming: u32, pending_release: u32) -> Counts {
    Counts { available, assigned, pending_programming, pending_release }
}

fn held(cns: &Cns) -> Vec<Ipv4Addr> {
    cns.ips().map(|(address, _)| address).collect()
}

/// A pod subnet: its free addresses, and whether a request could not be met.
struct Subnet {
    free: BTreeSet<Ipv4Addr>,
    unmet: bool,
}

impl Subnet {
    /// The usable addresses of 10.0.0.0 with this prefix length.
    fn new(prefix_len: u32) -> Self {
        Self { free: (4..(1 << (32 - prefix_len)) - 1).map(ip).collect(), unmet: false }
    }

    fn free(&self) -> u64 {
        u64::try_from(self.free.len()).unwrap()
    }

    /// The controller does what the node's spec asks, and the host programs it. True if anything changed.
    fn serve(&mut self, cns: &mut Cns) -> bool {
        let mut assigned = held(cns);
        let change = reconcile(cns.spec(), &assigned, self.free());
        self.unmet |= change.status == NcStatus::SubnetFull;
        let named = &cns.spec().not_in_use;
        let add = usize::try_from(change.add).unwrap();
        let new: Vec<Ipv4Addr> = self.free.iter().filter(|a| !named.contains(a)).take(add).copied().collect();
        assigned.retain(|address| !change.remove.contains(address));
        assigned.extend(&new);
        let version = cns.network_container().map_or(0, |nc| nc.version + u32::from(!new.is_empty()));
        cns.apply(NetworkContainer { status: change.status, ..nc(version) }, &assigned, NOW).unwrap();
        cns.sync_host_version(version, NOW);
        self.free.retain(|address| !new.contains(address));
        self.free.extend(&change.remove);
        !new.is_empty() || !change.remove.is_empty()
    }
}
