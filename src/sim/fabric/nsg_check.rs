//! What is wrong with a security rule before it is part of an NSG: every problem, never only the first.
//! Source: MicrosoftDocs/azure-docs, articles/virtual-network/network-security-groups-overview.md and
//! includes/azure-virtual-network-limits.md.

use super::nsg::{AddressMatch, Direction, Nsg, PortMatch, PortRange, SecurityRule};
use std::ops::RangeInclusive;
use std::rc::Rc;

/// Priorities of rules that are not default rules.
/// Source: MicrosoftDocs/azure-docs, articles/virtual-network/network-security-groups-overview.md.
pub const PRIORITIES: RangeInclusive<u16> = 100..=4096;
/// Longest name in characters. Source: as [`PRIORITIES`].
pub const MAX_NAME_CHARS: usize = 80;
/// Most rules of one NSG without the default rules.
/// Source: MicrosoftDocs/azure-docs, includes/azure-virtual-network-limits.md.
pub const MAX_RULES: usize = 1000;
/// Most prefixes or port ranges in one field. Source: as [`MAX_RULES`].
pub const MAX_FIELD_ENTRIES: usize = 4000;

/// One problem of one rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleProblem {
    NameEmpty,
    NameTooLong {
        chars: usize,
    },
    /// The first character is not a letter, digit or underscore.
    NameStart {
        found: char,
    },
    /// The last character is not a letter, digit or underscore.
    NameEnd {
        found: char,
    },
    /// A character that is not a letter, digit, underscore, full stop or hyphen.
    NameCharacter {
        found: char,
    },
    /// A default rule has the name.
    NameOfDefaultRule {
        name: Rc<str>,
    },
    PriorityOutOfRange {
        priority: u16,
    },
    /// Another rule of the same direction has the priority. Azure names the rule that is there first.
    Conflict {
        existing: Rc<str>,
        rule: Rc<str>,
        priority: u16,
        direction: Direction,
    },
    TooManyRules {
        limit: usize,
    },
    EmptyField {
        field: Field,
    },
    TooManyEntries {
        field: Field,
        count: usize,
        limit: usize,
    },
    PortsReversed {
        field: Field,
        first: u16,
        last: u16,
    },
}

/// A field of a rule that can hold a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    Source,
    SourcePorts,
    Destination,
    DestinationPorts,
}

impl RuleProblem {
    /// `SecurityRuleConflict` and `SecurityRuleInvalidPriority` are Azure's (public error reports, for one
    /// Azure/aks-engine issue #2106); the others are ours.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NameEmpty => "RuleNameEmpty",
            Self::NameTooLong { .. } => "RuleNameTooLong",
            Self::NameStart { .. } => "RuleNameStart",
            Self::NameEnd { .. } => "RuleNameEnd",
            Self::NameCharacter { .. } => "RuleNameCharacter",
            Self::NameOfDefaultRule { .. } => "RuleNameOfDefaultRule",
            Self::PriorityOutOfRange { .. } => "SecurityRuleInvalidPriority",
            Self::Conflict { .. } => "SecurityRuleConflict",
            Self::TooManyRules { .. } => "NsgTooManyRules",
            Self::EmptyField { .. } => "RuleFieldEmpty",
            Self::TooManyEntries { .. } => "RuleFieldTooLong",
            Self::PortsReversed { .. } => "RulePortsReversed",
        }
    }
}

/// Every problem of a rule that should be put into an NSG, in the order of the rule's fields. A rule of the same name
/// is the one it replaces, and no conflict.
pub fn check_rule(nsg: &Nsg, rule: &SecurityRule) -> Vec<RuleProblem> {
    let mut problems = check_name(&rule.name);
    problems.extend(check_place(nsg, rule));
    problems.extend(check_addresses(Field::Source, &rule.source));
    problems.extend(check_ports(Field::SourcePorts, &rule.source_ports));
    problems.extend(check_addresses(Field::Destination, &rule.destination));
    problems.extend(check_ports(Field::DestinationPorts, &rule.destination_ports));
    problems
}

/// Name, priority and number of rules, against the rules that are there.
fn check_place(nsg: &Nsg, rule: &SecurityRule) -> Vec<RuleProblem> {
    let mut problems = Vec::new();
    let replaced = nsg.get(&rule.name);
    if replaced.is_some_and(|old| old.is_default()) {
        problems.push(RuleProblem::NameOfDefaultRule { name: rule.name.clone() });
    }
    if !PRIORITIES.contains(&rule.priority) {
        problems.push(RuleProblem::PriorityOutOfRange { priority: rule.priority });
    }
    if let Some(existing) = nsg.at(rule.direction, rule.priority).filter(|other| other.name != rule.name) {
        problems.push(RuleProblem::Conflict {
            existing: existing.name.clone(),
            rule: rule.name.clone(),
            priority: rule.priority,
            direction: rule.direction,
        });
    }
    if replaced.is_none() && nsg.own_rules() >= MAX_RULES {
        problems.push(RuleProblem::TooManyRules { limit: MAX_RULES });
    }
    problems
}

fn check_name(name: &str) -> Vec<RuleProblem> {
    let word = |c: &char| c.is_alphanumeric() || *c == '_';
    let (Some(first), Some(last)) = (name.chars().next(), name.chars().next_back()) else {
        return vec![RuleProblem::NameEmpty];
    };
    let chars = name.chars().count();
    let too_long = (chars > MAX_NAME_CHARS).then_some(RuleProblem::NameTooLong { chars });
    let start = (!word(&first)).then_some(RuleProblem::NameStart { found: first });
    let inside = name.chars().find(|c| !word(c) && !matches!(c, '.' | '-'));
    let inside = inside.map(|found| RuleProblem::NameCharacter { found });
    let end = (!word(&last)).then_some(RuleProblem::NameEnd { found: last });
    [too_long, start, inside, end].into_iter().flatten().collect()
}

fn check_addresses(field: Field, addresses: &AddressMatch) -> Option<RuleProblem> {
    match addresses {
        AddressMatch::Prefixes(nets) => check_count(field, nets.len()),
        AddressMatch::Any | AddressMatch::Tag(_) => None,
    }
}

fn check_ports(field: Field, ports: &PortMatch) -> Vec<RuleProblem> {
    let PortMatch::Ranges(ranges) = ports else { return Vec::new() };
    let reversed = ranges.iter().filter(|range| range.first > range.last);
    let reversed = reversed.map(|&PortRange { first, last }| RuleProblem::PortsReversed { field, first, last });
    check_count(field, ranges.len()).into_iter().chain(reversed).collect()
}

fn check_count(field: Field, count: usize) -> Option<RuleProblem> {
    match count {
        0 => Some(RuleProblem::EmptyField { field }),
        1..=MAX_FIELD_ENTRIES => None,
        _ => Some(RuleProblem::TooManyEntries { field, count, limit: MAX_FIELD_ENTRIES }),
    }
}
