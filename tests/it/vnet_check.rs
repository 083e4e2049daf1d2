//! Address plans that Azure refuses (azure.md 1.2 to 1.4; T02, T05 to T07).

use ipnet::Ipv4Net;
use podhop::sim::fabric::vnet_check::{PeeringOverlap, VnetPlan, VnetProblem, check_peering, check_vnet};
use std::rc::Rc;

fn nets(text: &str) -> Vec<Ipv4Net> {
    text.split_whitespace().map(|n| n.parse().unwrap()).collect()
}

/// Problems of a VNet; subnets are written `NAME=PREFIX`.
fn problems(space: &str, subnets: &str) -> Vec<VnetProblem> {
    let subnet = |entry: &str| {
        let (name, prefix) = entry.split_once('=').unwrap();
        (Rc::from(name), prefix.parse().unwrap())
    };
    let subnets: Vec<(Rc<str>, Ipv4Net)> = subnets.split_whitespace().map(subnet).collect();
    check_vnet(VnetPlan { address_space: &nets(space), subnets: &subnets })
}

#[test]
fn plans() {
    let check = |name, space, subnets, codes: &[&str]| {
        let found: Vec<_> = problems(space, subnets).iter().map(VnetProblem::code).collect();
        assert_eq!(found, codes, "{name}");
    };
    check("good", "10.0.0.0/16 10.1.0.0/16", "nodes=10.0.0.0/22 pods=10.1.0.0/16 small=10.0.4.0/29", &[]);
    check("T02 /29 is the smallest", "10.0.0.0/16", "a=10.0.1.0/29", &[]);
    check("T02 /30", "10.0.0.0/16", "a=10.0.1.0/30", &["NetcfgInvalidSubnet"]);
    check("T05", "10.0.0.0/16", "a=10.0.0.0/26 b=10.0.0.32/27", &["NetcfgSubnetRangesOverlap"]);
    check("T05 side by side", "10.0.0.0/16", "a=10.0.0.0/27 b=10.0.0.32/27", &[]);
    check("T06", "10.0.0.0/16", "a=10.9.0.0/24", &["NetcfgSubnetRangeOutsideVnet"]);
    check("T06 larger than the VNet", "10.0.0.0/16", "a=10.0.0.0/15", &["NetcfgSubnetRangeOutsideVnet"]);
    check("T07 link-local", "169.254.0.0/16", "", &["VnetForbiddenRange"]);
    check("T07 loopback", "127.0.0.0/8", "", &["VnetForbiddenRange"]);
    check("part of multicast", "230.0.0.0/16", "", &["VnetForbiddenRange"]);
    check("around the host's address", "168.63.0.0/16", "", &["VnetForbiddenRange"]);
    check(
        "multicast to broadcast",
        "224.0.0.0/3",
        "",
        &["VnetPrefixTooLarge", "VnetForbiddenRange", "VnetForbiddenRange"],
    );
    check("not aligned", "10.0.0.0/16", "a=10.0.1.5/24", &["InvalidCIDRNotation"]);
    check("VNet not aligned", "10.0.1.0/16", "", &["InvalidCIDRNotation"]);
    check("VNet too small", "10.0.0.0/30", "", &["VnetPrefixTooSmall"]);
    check("no space", "", "a=10.0.0.0/24", &["VnetNoAddressSpace", "NetcfgSubnetRangeOutsideVnet"]);
    check("space overlaps itself", "10.0.0.0/16 10.0.1.0/24", "", &["VnetSpaceOverlaps"]);
    check("one name twice", "10.0.0.0/16", "a=10.0.0.0/24 a=10.0.1.0/24", &["SubnetNameTwice"]);
    check(
        "every problem at once",
        "10.0.0.0/16 169.254.1.0/24",
        "a=10.0.0.0/24 b=10.0.0.129/25 c=10.9.0.0/30 a=10.0.5.0/24",
        &[
            "VnetForbiddenRange",
            "InvalidCIDRNotation",
            "NetcfgInvalidSubnet",
            "NetcfgSubnetRangeOutsideVnet",
            "NetcfgSubnetRangesOverlap",
            "SubnetNameTwice",
        ],
    );
}

#[test]
fn problems_name_what_they_are_about() {
    let prefix = |text: &str| text.parse::<Ipv4Net>().unwrap();
    let overlap = VnetProblem::SubnetsOverlap {
        first: "a".into(),
        second: "b".into(),
        first_prefix: prefix("10.0.0.0/26"),
        second_prefix: prefix("10.0.0.32/27"),
    };
    assert_eq!(problems("10.0.0.0/16", "a=10.0.0.0/26 b=10.0.0.32/27"), [overlap]);
    let forbidden = VnetProblem::Forbidden { prefix: prefix("127.0.0.0/8"), range: prefix("127.0.0.0/8") };
    assert_eq!(problems("127.0.0.0/8", ""), [forbidden]);
}

#[test]
fn vnets_that_overlap_cannot_be_peered() {
    let check = |local, remote, expected: &[(&str, &str)]| {
        let pair = |(l, r): &(&str, &str)| PeeringOverlap { local: l.parse().unwrap(), remote: r.parse().unwrap() };
        assert_eq!(check_peering(&nets(local), &nets(remote)), expected.iter().map(pair).collect::<Vec<_>>());
    };
    check("10.0.0.0/16", "10.1.0.0/16", &[]);
    check("10.0.0.0/16", "10.0.1.0/24", &[("10.0.0.0/16", "10.0.1.0/24")]);
    check("10.0.0.0/16 10.2.0.0/16", "10.1.0.0/16 10.2.0.0/15", &[("10.2.0.0/16", "10.2.0.0/15")]);
    assert_eq!(PeeringOverlap::CODE, "VnetAddressSpacesOverlap");
}
