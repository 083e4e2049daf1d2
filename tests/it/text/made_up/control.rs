//! Steps of control loops.

use super::net;
use crate::text::samples::{POD_A, Spots};
use ipnet::IpNet;
use podhop::sim::ids::{NodeId, PodId, RouteTableId, SubnetId};
use podhop::sim::ipam::address_order::AddressOrder;
use podhop::sim::ipam::azure_vnet_ipam::{VnetGrant, VnetIpamError};
use podhop::sim::ipam::cns::{
    Basis, Counts, NcStatus, Pass, PassAction, Pool, Publish, RequestError, Target, Thresholds,
};
use podhop::sim::ipam::host_local::{Allocation, GetError, HostLocal, RangeConfig, Skip, Start};
use podhop::sim::ipam::{CnsGrant, Grant};
use podhop::sim::record::decision::{CniError, ControlStep, Fit, NodeScore};
use std::net::{IpAddr, Ipv4Addr};

pub(super) fn control_steps(spots: Spots) -> Vec<ControlStep> {
    let (node, pod, table) = (NodeId(0), PodId(0), RouteTableId(0));
    let address = Ipv4Addr::new(10, 0, 0, 4);
    let block = net("10.244.1.0/24");
    let score = |fit| NodeScore { node, same: 1, pods: 2, fit };
    let fits = [Fit::Fits, Fit::Fits, Fit::NotReady, Fit::TooManyPods { max: 110 }, Fit::AlreadyOne, Fit::Cordoned]
        .map(score)
        .to_vec();
    let mut all = vec![
        ControlStep::VmCreated { node, address },
        ControlStep::NodeRegistered { node },
        ControlStep::NodeCidr { node, block, index: 1, passed: 1 },
        ControlStep::NodeCidrExhausted { node },
        ControlStep::NodeReady { node },
        ControlStep::RouteWritten { table, node, prefix: block, next_hop: address },
        ControlStep::RouteRemoved { table, name: "aks-x-vmss000009".into() },
        ControlStep::RouteLimit { table, node },
        ControlStep::PodScheduled { pod, node, scores: fits.clone() },
        ControlStep::PodScheduled { pod, node, scores: vec![score(Fit::Fits)] },
        ControlStep::PodPending { pod, scores: fits },
        ControlStep::PodHostNetwork { pod, node },
        ControlStep::BridgeCreated { node, host: spots.host, dev: spots.bridge, address: block },
        ControlStep::MasqueradeRules { node, kept: vec![block] },
        ControlStep::PodRunning { pod },
        ControlStep::PodEnded { pod, status: 1 },
        ControlStep::PodDeleted { name: "nginx".into(), address: None },
        ControlStep::PodDeleted { name: "nginx".into(), address: Some(POD_A) },
        ControlStep::NodeDeleted { name: "node".into(), block: Some(block), address },
    ];
    all.extend(allocations().into_iter().map(|allocation| ControlStep::PodNetwork {
        pod,
        node,
        host: spots.host,
        grant: Grant::HostLocal(allocation),
    }));
    all.extend(grants().into_iter().map(|grant| ControlStep::PodNetwork { pod, node, host: spots.host, grant }));
    all.extend(cni_errors().into_iter().map(|error| ControlStep::PodNetworkFailed { pod, node, error }));
    all.extend(pool_steps());
    all
}

fn grants() -> Vec<Grant> {
    let address = net("10.0.0.11/20");
    let of = |order| {
        let gateway = Ipv4Addr::new(10, 0, 0, 1);
        let held = VnetGrant { address, gateway, order, free: 30, records: 30 };
        [Grant::AzureVnet(held), Grant::Cns(CnsGrant { address, available: 16, order })]
    };
    [AddressOrder::Random, AddressOrder::Lowest].into_iter().flat_map(of).collect()
}

fn pool_steps() -> Vec<ControlStep> {
    let (node, subnet) = (NodeId(0), SubnetId(0));
    let some = || vec![Ipv4Addr::new(10, 1, 0, 4), Ipv4Addr::new(10, 1, 0, 5)];
    let changed = |added, removed| ControlStep::PoolChanged { node, subnet, added, removed };
    let mut all = vec![
        changed(some(), vec![]),
        changed(vec![], some()),
        changed(some(), some()),
        ControlStep::PoolRefused { node, subnet, wanted: 32, free: 3 },
        ControlStep::PoolProgrammed { node, addresses: 16 },
        ControlStep::SubnetExhausted { subnet, exhausted: true },
        ControlStep::SubnetExhausted { subnet, exhausted: false },
    ];
    all.extend(passes().into_iter().map(|pass| ControlStep::PoolMonitored { node, pass }));
    all
}

/// Every branch by both monitors, and every end of a publication.
fn passes() -> Vec<Pass> {
    let counts = Counts { available: 7, assigned: 9, pending_programming: 0, pending_release: 0 };
    let pool = Pool { counts, requested: 16 };
    let thresholds = |batch, min_free, max_free| Basis::Thresholds(Thresholds { batch, min_free, max_free, max: 250 });
    let target = Target { demand: 9, batch: 16, buffer_percent: 50, max: 250, size: 32 };
    let bases = [thresholds(16, 8, 24), thresholds(1, 1, 2), Basis::Target(target)];
    let actions = [
        PassAction::AtMax,
        PassAction::Grow { from: 16, to: 32 },
        PassAction::Shrink { from: 32, to: 16, marked: vec![POD_A] },
        PassAction::CannotRelease { wanted: 16 },
        PassAction::CleanUp,
        PassAction::Nothing,
    ];
    let ends = [Publish::NotNeeded, Publish::Done, Publish::Failed, Publish::Crashed { tries: 5 }];
    let of = |basis: Basis| {
        let ends = ends.into_iter().cycle();
        actions.clone().into_iter().zip(ends).map(move |(action, publish)| Pass { pool, basis, action, publish })
    };
    bases.into_iter().flat_map(of).collect()
}

fn allocations() -> Vec<Allocation> {
    let last = IpAddr::V4(POD_A);
    let walked = [(last, Skip::Gateway), (last, Skip::Taken)].repeat(5);
    [Start::Requested, Start::RangeStart, Start::AfterLast(last), Start::LastOutside(last)]
        .map(|started| Allocation { address: IpNet::from(last), gateway: last, started, walked: walked.clone() })
        .to_vec()
}

fn cni_errors() -> Vec<CniError> {
    let address = IpAddr::V4(POD_A);
    let store = HostLocal::new(&[vec![RangeConfig::from(IpNet::V4(net("10.244.1.0/24")))]]).unwrap();
    let ranges = store.sets()[0].clone();
    let ipam = [
        GetError::NoSuchSet { set: 1 },
        GetError::NotInSet { address, ranges: ranges.clone() },
        GetError::IsGateway { address },
        GetError::NotAvailable { address, ranges: ranges.clone() },
        GetError::Duplicate { address, container: "abc".into() },
        GetError::Exhausted { ranges },
    ];
    ipam.map(CniError::Ipam).into_iter().chain(azure_errors()).collect()
}

fn azure_errors() -> Vec<CniError> {
    let held = [
        VnetIpamError::NoAvailableAddresses { records: 30 },
        VnetIpamError::AddressNotFound { address: POD_A },
        VnetIpamError::AddressInUse { address: POD_A },
    ];
    let batch =
        [RequestError::NotEnough { nc: "nc-0".into(), status: NcStatus::SubnetFull }, RequestError::NoNetworkContainer];
    let both = held.map(CniError::VnetIpam).into_iter().chain(batch.map(CniError::Cns));
    both.chain([CniError::NoPodCidr, CniError::NodeGone]).collect()
}
