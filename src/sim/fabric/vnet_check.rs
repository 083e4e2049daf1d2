//! What is wrong with the address plan of a VNet: every problem, never only the first.
//! Source: MicrosoftDocs/azure-docs, articles/virtual-network/virtual-networks-faq.md and
//! articles/virtual-network/virtual-network-manage-subnet.md.

use crate::sim::addr::overlaps;
use crate::sim::ipam::subnet_pool::LONGEST_SUBNET_PREFIX;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// Ranges that no VNet may hold.
/// Source: MicrosoftDocs/azure-docs, articles/virtual-network/virtual-networks-faq.md.
pub const FORBIDDEN: [Ipv4Net; 5] = [
    Ipv4Net::new_assert(Ipv4Addr::new(224, 0, 0, 0), 4),
    Ipv4Net::new_assert(Ipv4Addr::BROADCAST, 32),
    Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8),
    Ipv4Net::new_assert(Ipv4Addr::new(169, 254, 0, 0), 16),
    Ipv4Net::new_assert(Ipv4Addr::new(168, 63, 129, 16), 32),
];

/// Shortest prefix of a VNet or subnet.
/// Source: MicrosoftDocs/azure-docs, articles/virtual-network/virtual-networks-faq.md (2019).
pub const SHORTEST_PREFIX: u8 = 8;

/// The addresses of a VNet as somebody wants them.
#[derive(Clone, Copy, Debug)]
pub struct VnetPlan<'a> {
    pub address_space: &'a [Ipv4Net],
    /// Subnets by name. Each must have its own name and addresses.
    pub subnets: &'a [(Rc<str>, Ipv4Net)],
}

/// One problem of an address plan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VnetProblem {
    /// The VNet has no prefix.
    NoAddressSpace,
    /// Host bits are set; `aligned` is the prefix without them.
    Unaligned {
        owner: PrefixOwner,
        prefix: Ipv4Net,
        aligned: Ipv4Net,
    },
    Forbidden {
        prefix: Ipv4Net,
        range: Ipv4Net,
    },
    TooLarge {
        owner: PrefixOwner,
        prefix: Ipv4Net,
    },
    /// Fewer than eight addresses.
    TooSmall {
        owner: PrefixOwner,
        prefix: Ipv4Net,
    },
    /// Two prefixes of the address space share addresses.
    SpaceOverlaps {
        first: Ipv4Net,
        second: Ipv4Net,
    },
    /// No prefix of the address space holds the subnet.
    OutsideVnet {
        subnet: Rc<str>,
        prefix: Ipv4Net,
    },
    SubnetsOverlap {
        first: Rc<str>,
        second: Rc<str>,
        first_prefix: Ipv4Net,
        second_prefix: Ipv4Net,
    },
    /// Two subnets have one name.
    NameTwice {
        subnet: Rc<str>,
    },
}

/// Whose prefix it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrefixOwner {
    Vnet,
    Subnet(Rc<str>),
}

/// Two address spaces that cannot be peered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeeringOverlap {
    pub local: Ipv4Net,
    pub remote: Ipv4Net,
}

impl PeeringOverlap {
    /// Azure's code (public error reports of `az network vnet peering create`).
    pub const CODE: &str = "VnetAddressSpacesOverlap";
}

impl VnetProblem {
    /// `InvalidCIDRNotation` and the `Netcfg` codes are Azure's (public error reports, for one
    /// MicrosoftDocs/azure-docs pull request #123869); the others are ours.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoAddressSpace => "VnetNoAddressSpace",
            Self::Unaligned { .. } => "InvalidCIDRNotation",
            Self::Forbidden { .. } => "VnetForbiddenRange",
            Self::TooLarge { .. } => "VnetPrefixTooLarge",
            Self::TooSmall { owner: PrefixOwner::Vnet, .. } => "VnetPrefixTooSmall",
            Self::TooSmall { owner: PrefixOwner::Subnet(_), .. } => "NetcfgInvalidSubnet",
            Self::SpaceOverlaps { .. } => "VnetSpaceOverlaps",
            Self::OutsideVnet { .. } => "NetcfgSubnetRangeOutsideVnet",
            Self::SubnetsOverlap { .. } => "NetcfgSubnetRangesOverlap",
            Self::NameTwice { .. } => "SubnetNameTwice",
        }
    }
}

/// Every problem of a plan: of its address space, of each subnet, of each pair of subnets.
pub fn check_vnet(plan: VnetPlan<'_>) -> Vec<VnetProblem> {
    let mut problems = check_space(plan.address_space);
    for (name, prefix) in plan.subnets {
        problems.extend(check_prefix(&PrefixOwner::Subnet(name.clone()), *prefix));
        if !plan.address_space.iter().any(|space| space.contains(prefix)) {
            problems.push(VnetProblem::OutsideVnet { subnet: name.clone(), prefix: *prefix });
        }
    }
    for (first, second) in pairs(plan.subnets) {
        problems.extend(check_subnet_pair(first, second));
    }
    problems
}

/// Every pair of prefixes in which two address spaces overlap; VNets with any cannot be peered.
/// Source: MicrosoftDocs/azure-docs, articles/virtual-network/virtual-networks-faq.md.
pub fn check_peering(local: &[Ipv4Net], remote: &[Ipv4Net]) -> Vec<PeeringOverlap> {
    let all = local.iter().flat_map(|l| remote.iter().map(|r| PeeringOverlap { local: *l, remote: *r }));
    all.filter(|pair| overlaps(pair.local, pair.remote)).collect()
}

fn check_space(space: &[Ipv4Net]) -> Vec<VnetProblem> {
    let mut problems = Vec::new();
    if space.is_empty() {
        problems.push(VnetProblem::NoAddressSpace);
    }
    for prefix in space {
        problems.extend(check_prefix(&PrefixOwner::Vnet, *prefix));
        let hit = FORBIDDEN.into_iter().filter(|range| overlaps(*range, *prefix));
        problems.extend(hit.map(|range| VnetProblem::Forbidden { prefix: *prefix, range }));
    }
    let overlap = pairs(space).filter(|(a, b)| overlaps(**a, **b));
    problems.extend(overlap.map(|(a, b)| VnetProblem::SpaceOverlaps { first: *a, second: *b }));
    problems
}

/// Alignment and size.
fn check_prefix(owner: &PrefixOwner, prefix: Ipv4Net) -> Vec<VnetProblem> {
    let mut problems = Vec::new();
    let aligned = prefix.trunc();
    if aligned != prefix {
        problems.push(VnetProblem::Unaligned { owner: owner.clone(), prefix, aligned });
    }
    if prefix.prefix_len() < SHORTEST_PREFIX {
        problems.push(VnetProblem::TooLarge { owner: owner.clone(), prefix });
    }
    if prefix.prefix_len() > LONGEST_SUBNET_PREFIX {
        problems.push(VnetProblem::TooSmall { owner: owner.clone(), prefix });
    }
    problems
}

fn check_subnet_pair(first: &(Rc<str>, Ipv4Net), second: &(Rc<str>, Ipv4Net)) -> Vec<VnetProblem> {
    let mut problems = Vec::new();
    if first.0 == second.0 {
        problems.push(VnetProblem::NameTwice { subnet: first.0.clone() });
    }
    if overlaps(first.1, second.1) {
        problems.push(VnetProblem::SubnetsOverlap {
            first: first.0.clone(),
            second: second.0.clone(),
            first_prefix: first.1,
            second_prefix: second.1,
        });
    }
    problems
}

fn pairs<T>(items: &[T]) -> impl Iterator<Item = (&T, &T)> {
    items.iter().enumerate().flat_map(|(i, a)| items[i + 1..].iter().map(move |b| (a, b)))
}
