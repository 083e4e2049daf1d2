//! Steps of control loops.

use super::net;
use crate::text::samples::{POD_A, Spots};
use ipnet::IpNet;
use podhop::sim::ids::{NodeId, PodId, RouteTableId};
use podhop::sim::ipam::host_local::{Allocation, GetError, HostLocal, RangeConfig, Skip, Start};
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
        ControlStep::PodDeleted { name: "nginx".into(), address: None },
        ControlStep::PodDeleted { name: "nginx".into(), address: Some(POD_A) },
        ControlStep::NodeDeleted { name: "node".into(), block: Some(block), address },
    ];
    all.extend(allocations().into_iter().map(|allocation| ControlStep::PodNetwork {
        pod,
        node,
        host: spots.host,
        allocation,
    }));
    all.extend(cni_errors().into_iter().map(|error| ControlStep::PodNetworkFailed { pod, node, error }));
    all
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
    ipam.map(CniError::Ipam).into_iter().chain([CniError::NoPodCidr, CniError::NodeGone]).collect()
}
