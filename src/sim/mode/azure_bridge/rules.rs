//! The rules of `ebtables` that the plugin writes.
//! Source: Azure/azure-container-networking `network/bridge_networkclient_linux.go` (`addBridgeRules`),
//! `network/bridge_endpointclient_linux.go` (`AddEndpointRules`), `ebtables/ebtables.go`.

use super::super::azure::NODE_LOCAL_DNS;
use crate::sim::addr::Mac;
use crate::sim::host::ebtables::{EbChain, EbMatch, EbRule, EbTarget};
use crate::sim::ids::IfIndex;
use crate::sim::packet::ArpOp;
use std::net::Ipv4Addr;

/// Those of the bridge, whose uplink has the NIC's hardware address and whose node has this primary address.
pub(super) fn of_bridge(uplink: IfIndex, mac: Mac, node: Ipv4Addr) -> [(EbChain, EbRule); 4] {
    [
        // Azure's network takes only frames with the NIC's own address.
        rule(EbChain::Postrouting, &[EbMatch::UnicastSource, EbMatch::Out(uplink)], EbTarget::Snat { mac, arp: true }),
        // It does not answer a guest's request for the guest's own address.
        rule(EbChain::Prerouting, &[arp(ArpOp::Request, Some(node))], EbTarget::ArpReply(mac)),
        // It answers to the NIC, not to the pod that asked: so everybody gets the answer.
        rule(EbChain::Prerouting, &[arp(ArpOp::Reply, None), EbMatch::In(uplink)], EbTarget::Dnat(Mac::BROADCAST)),
        rule(EbChain::Brouting, &[EbMatch::IpTo(NODE_LOCAL_DNS)], EbTarget::Redirect),
    ]
}

/// Those of one pod.
pub(super) fn of_pod(uplink: IfIndex, address: Ipv4Addr, mac: Mac) -> [(EbChain, EbRule); 2] {
    [
        rule(EbChain::Prerouting, &[arp(ArpOp::Request, Some(address))], EbTarget::ArpReply(mac)),
        rule(EbChain::Prerouting, &[EbMatch::IpTo(address), EbMatch::In(uplink)], EbTarget::Dnat(mac)),
    ]
}

const fn arp(op: ArpOp, target: Option<Ipv4Addr>) -> EbMatch {
    EbMatch::Arp { op, target }
}

fn rule(chain: EbChain, matches: &[EbMatch], target: EbTarget) -> (EbChain, EbRule) {
    (chain, EbRule { matches: matches.to_vec(), target })
}
