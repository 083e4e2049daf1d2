//! What an NSG decides on a new flow, and by which rule.

use super::{Access, AddressMatch, Direction, Nsg, PlatformService, SecurityRule, ServiceTag, TagMember, Tags};
use crate::sim::packet::Tuple;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// The decision with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NsgVerdict {
    pub direction: Direction,
    pub access: Access,
    pub decided_by: Decision,
    /// Rules that were tried before and did not match, in their order.
    pub considered: Vec<(Rc<SecurityRule>, Miss)>,
}

/// What decided.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// The first rule that matched, with the entries of its address fields that did.
    Rule { rule: Rc<SecurityRule>, source: SideMatch, destination: SideMatch },
    /// A service of the platform that no rule names by its tag: outside the rules, and allowed.
    PlatformExempt(PlatformService),
}

/// What in an address field of a rule held the address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SideMatch {
    Any,
    Prefix(Ipv4Net),
    Tag(ServiceTag, TagMember),
}

/// Why a rule did not match: the first of its fields that does not fit, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Miss {
    /// The flow goes to a service of the platform, and the rule does not name that service's tag.
    PlatformService,
    Protocol,
    Source,
    SourcePort,
    Destination,
    DestinationPort,
}

/// What became of one rule in a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// A rule for the other direction.
    OtherDirection,
    Missed(Miss),
    Decided,
    /// A rule before it decided.
    NeverReached,
}

impl NsgVerdict {
    pub const fn allows(&self) -> bool {
        matches!(self.access, Access::Allow)
    }

    /// The rule that decided; `None` for a service of the platform.
    pub fn rule(&self) -> Option<&Rc<SecurityRule>> {
        match &self.decided_by {
            Decision::Rule { rule, .. } => Some(rule),
            Decision::PlatformExempt(_) => None,
        }
    }

    /// What became of a rule of the same NSG.
    pub fn fate(&self, rule: &SecurityRule) -> Fate {
        if rule.direction != self.direction {
            return Fate::OtherDirection;
        }
        match self.considered.binary_search_by_key(&rule.priority, |(tried, _)| tried.priority) {
            Ok(at) => Fate::Missed(self.considered[at].1),
            Err(_) if self.rule().is_some_and(|winner| winner.priority == rule.priority) => Fate::Decided,
            Err(_) => Fate::NeverReached,
        }
    }
}

impl Nsg {
    /// Decides on a new flow: the first rule in order of priority that matches. Services of the platform are outside
    /// the outbound rules unless a rule names their tag; towards the NIC all rules count.
    /// Source: MicrosoftDocs/azure-docs, articles/virtual-network/network-security-groups-overview.md, "Azure
    /// platform considerations".
    pub fn evaluate(&self, direction: Direction, flow: &Tuple, tags: Tags<'_>) -> NsgVerdict {
        let service = PlatformService::of(flow).filter(|_| direction == Direction::Outbound);
        let mut considered = Vec::new();
        for rule in self.rules(direction) {
            match matches(rule, flow, service, tags) {
                Ok((source, destination)) => {
                    let decided_by = Decision::Rule { rule: rule.clone(), source, destination };
                    return NsgVerdict { direction, access: rule.access, decided_by, considered };
                }
                Err(miss) => considered.push((rule.clone(), miss)),
            }
        }
        // The last default rule matches everything else, so only a service of the platform comes here.
        let decided_by = Decision::PlatformExempt(service.unwrap_or(PlatformService::Host));
        NsgVerdict { direction, access: Access::Allow, decided_by, considered }
    }
}

/// Whether a rule matches, field by field.
fn matches(
    rule: &SecurityRule,
    flow: &Tuple,
    service: Option<PlatformService>,
    tags: Tags<'_>,
) -> Result<(SideMatch, SideMatch), Miss> {
    if service.is_some_and(|service| !names(rule, service)) {
        return Err(Miss::PlatformService);
    }
    if !rule.protocol.matches(flow.protocol) {
        return Err(Miss::Protocol);
    }
    let source = side(&rule.source, flow.src, tags).ok_or(Miss::Source)?;
    if !rule.source_port_fits(flow.protocol, flow.src_port) {
        return Err(Miss::SourcePort);
    }
    let destination = side(&rule.destination, flow.dst, tags).ok_or(Miss::Destination)?;
    if !rule.destination_port_fits(flow.protocol, flow.dst_port) {
        return Err(Miss::DestinationPort);
    }
    Ok((source, destination))
}

fn names(rule: &SecurityRule, service: PlatformService) -> bool {
    service.tag().is_some_and(|tag| rule.destination == AddressMatch::Tag(tag))
}

fn side(field: &AddressMatch, address: Ipv4Addr, tags: Tags<'_>) -> Option<SideMatch> {
    match field {
        AddressMatch::Any => Some(SideMatch::Any),
        AddressMatch::Prefixes(nets) => nets.iter().find(|n| n.contains(&address)).map(|n| SideMatch::Prefix(*n)),
        AddressMatch::Tag(tag) => tags.member(*tag, address).map(|member| SideMatch::Tag(*tag, member)),
    }
}
