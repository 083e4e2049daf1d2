//! Which fields of a form an error speaks of.

use super::field::FieldId as F;
use crate::sim::action::error::{ActionError, Kind, RangeField, SubnetTarget};
use crate::sim::fabric::nsg_check::{Field, RuleProblem};
use crate::sim::fabric::route_table::RouteTableError;
use crate::sim::fabric::vnet_check::VnetProblem;
use crate::sim::ipam::subnet_pool::PoolError;
use crate::sim::order::sort_dedup;

/// Every field that an error can concern, in any form; a form shows it beside those that it has, and as a whole where
/// it has none.
pub fn fields_of(error: &ActionError) -> Vec<F> {
    match error {
        ActionError::NotFound { kind, .. } => of_missing(*kind).to_vec(),
        ActionError::Exists { .. } | ActionError::BadName { .. } => vec![F::Name],
        ActionError::InUse { .. } | ActionError::NeverSettles => Vec::new(),
        ActionError::Vnet(problems) => of_each(problems, of_vnet_problem),
        ActionError::Rule(problems) => of_each(problems, of_rule_problem),
        ActionError::Route(RouteTableError::Full { .. }) => vec![F::Table],
        ActionError::Route(RouteTableError::RouteConflict { .. } | RouteTableError::Unaligned { .. })
        | ActionError::RouteExists { .. } => vec![F::Prefix],
        ActionError::Address(problem) => vec![match problem {
            PoolError::TooSmall { .. } => F::Prefix,
            PoolError::SubnetIsFull { .. } => F::Subnet,
            _ => F::Address,
        }],
        ActionError::NotRunning { .. } => vec![F::From, F::To, F::Host],
        other => of_number_or_range(other),
    }
}

fn of_number_or_range(error: &ActionError) -> Vec<F> {
    match error {
        ActionError::MaxPods { .. } => vec![F::MaxPods],
        ActionError::PoolTooSmall { .. } => vec![F::Nodes, F::MaxPods],
        ActionError::NodeCount { .. } => vec![F::Nodes],
        ActionError::PodCidrUnaligned { .. } | ActionError::PodCidrTooSmall { .. } => vec![F::PodCidr],
        ActionError::RangeReserved { field, .. } => vec![of_range(*field)],
        ActionError::RangesOverlap { field, other, .. } => vec![of_range(*field), of_range(*other)],
        ActionError::ServiceCidrOverlapsSubnet { .. } | ActionError::ServiceCidrTooLarge { .. } => vec![F::ServiceCidr],
        ActionError::DnsServiceIpOutside { .. } | ActionError::DnsServiceIpIsFirst { .. } => vec![F::DnsIp],
        ActionError::InsufficientSubnetSize { target: SubnetTarget::Nodes, .. } => vec![F::Subnet, F::Nodes],
        ActionError::InsufficientSubnetSize { target: SubnetTarget::Pods, .. } => vec![F::PodSubnet, F::Nodes],
        ActionError::ScaleSubnetIsFull { .. } => vec![F::Pool, F::Nodes],
        ActionError::PodSubnetMissing
        | ActionError::PodSubnetUnused
        | ActionError::PodSubnetIsNodeSubnet { .. }
        | ActionError::PodSubnetInUse { .. } => vec![F::PodSubnet],
        ActionError::SubnetOfOtherVnet { .. } => vec![F::PodSubnet, F::Subnet],
        ActionError::LastPool { .. } => vec![F::Pool],
        ActionError::SubnetHasCluster { .. }
        | ActionError::SubnetForPods { .. }
        | ActionError::SubnetIsDelegated { .. } => vec![F::Subnet],
        ActionError::Replicas { .. } => vec![F::Replicas],
        ActionError::Count { .. } => vec![F::Count],
        ActionError::Ttl => vec![F::Ttl],
        ActionError::ProbeLength { .. } => vec![F::Len],
        ActionError::WaitTooLong { .. } => vec![F::Seconds],
        _ => Vec::new(),
    }
}

const fn of_missing(kind: Kind) -> &'static [F] {
    match kind {
        Kind::Vnet => &[F::Vnet, F::Subnet],
        Kind::Subnet => &[F::Subnet, F::PodSubnet, F::Attach],
        Kind::Nsg => &[F::Nsg],
        Kind::RouteTable => &[F::Table],
        Kind::Nic => &[F::Nic, F::Attach],
        Kind::Cluster => &[F::Cluster, F::Pool, F::Deployment],
        Kind::Pool => &[F::Pool],
        // A deployment is also an endpoint (`deploy/NAME`).
        Kind::Deployment => &[F::Deployment, F::From, F::To, F::Host],
        Kind::Route => &[F::Prefix],
        Kind::Interface => &[F::Dev],
        Kind::Pod | Kind::Node | Kind::Vm | Kind::Host | Kind::Endpoint => &[F::From, F::To, F::Host],
        Kind::NsgRule => &[F::Name],
        Kind::Chain | Kind::Label | Kind::Neighbor | Kind::Address | Kind::Group => &[],
    }
}

const fn of_range(field: RangeField) -> F {
    match field {
        RangeField::Pod => F::PodCidr,
        RangeField::Service => F::ServiceCidr,
        RangeField::Subnet => F::Subnet,
    }
}

fn of_each<P>(problems: &[P], of: impl Fn(&P) -> &'static [F]) -> Vec<F> {
    let mut fields: Vec<F> = problems.iter().flat_map(|p| of(p).iter().copied()).collect();
    sort_dedup(&mut fields);
    fields
}

const fn of_vnet_problem(problem: &VnetProblem) -> &'static [F] {
    match problem {
        VnetProblem::NameTwice { .. } => &[F::Name],
        _ => &[F::Prefix, F::Prefixes],
    }
}

const fn of_rule_problem(problem: &RuleProblem) -> &'static [F] {
    match problem {
        RuleProblem::NameEmpty
        | RuleProblem::NameTooLong { .. }
        | RuleProblem::NameStart { .. }
        | RuleProblem::NameEnd { .. }
        | RuleProblem::NameCharacter { .. }
        | RuleProblem::NameOfDefaultRule { .. } => &[F::Name],
        RuleProblem::PriorityOutOfRange { .. } | RuleProblem::Conflict { .. } => &[F::Priority],
        RuleProblem::TooManyRules { .. } => &[F::Nsg],
        RuleProblem::EmptyField { field }
        | RuleProblem::TooManyEntries { field, .. }
        | RuleProblem::PortsReversed { field, .. } => match field {
            Field::Source => &[F::Source],
            Field::Destination => &[F::Destination],
            Field::SourcePorts | Field::DestinationPorts => &[F::Ports],
        },
    }
}
