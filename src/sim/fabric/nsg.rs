//! Network security groups: ordered rules that let a new flow pass or drop it.
//! Source: MicrosoftDocs/azure-docs, articles/virtual-network/network-security-groups-overview.md and
//! articles/virtual-network/network-security-group-how-it-works.md.

mod port;
mod rule;
mod tags;
mod verdict;

pub use port::{NsgLevel, PortNsgs, PortVerdict};
pub use rule::{Access, AddressMatch, Direction, PortMatch, PortRange, RuleProtocol, SecurityRule};
pub use tags::{HOST_ADDRESS, METADATA_ADDRESS, PlatformService, ServiceTag, TagMember, Tags, is_platform, is_public};
pub use verdict::{Decision, Fate, Miss, NsgVerdict, SideMatch};

use super::nsg_check::{RuleProblem, check_rule};
use crate::sim::ordered::Ordered;
use std::rc::Rc;

/// An NSG: its own rules and the six default rules. A copy shares the rules. Rules stand by direction and priority,
/// so the order in which they were added leaves no trace.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Nsg {
    pub name: Rc<str>,
    rules: Ordered<(Direction, u16), Rc<SecurityRule>>,
    by_name: Ordered<Rc<str>, (Direction, u16)>,
}

impl Nsg {
    /// An NSG with the default rules alone.
    pub fn new(name: &str) -> Self {
        let mut nsg = Self { name: name.into(), rules: Ordered::default(), by_name: Ordered::default() };
        for rule in SecurityRule::defaults() {
            nsg.insert(rule);
        }
        nsg
    }

    /// Creates the rule, or changes the one that has its name; returns that one. Refuses a rule with any problem.
    pub fn put(&mut self, rule: SecurityRule) -> Result<Option<Rc<SecurityRule>>, Vec<RuleProblem>> {
        let problems = check_rule(self, &rule);
        if !problems.is_empty() {
            return Err(problems);
        }
        let old = self.remove(&rule.name);
        self.insert(rule);
        Ok(old)
    }

    /// Deletes a rule that is not a default rule.
    pub fn remove(&mut self, name: &str) -> Option<Rc<SecurityRule>> {
        let old = self.get(name).filter(|rule| !rule.is_default())?.clone();
        self.rules.remove(&(old.direction, old.priority));
        self.by_name.remove(name);
        Some(old)
    }

    pub fn get(&self, name: &str) -> Option<&Rc<SecurityRule>> {
        self.rules.get(self.by_name.get(name)?)
    }

    /// The rule of one direction with a priority.
    pub fn at(&self, direction: Direction, priority: u16) -> Option<&Rc<SecurityRule>> {
        self.rules.get(&(direction, priority))
    }

    /// Rules of one direction in the order in which they are tried; the default rules are last.
    pub fn rules(&self, direction: Direction) -> impl Iterator<Item = &Rc<SecurityRule>> {
        self.rules.from(&(direction, 0)).take_while(move |(key, _)| key.0 == direction).map(|(_, rule)| rule)
    }

    /// Number of rules without the default rules.
    pub fn own_rules(&self) -> usize {
        self.rules.len() - SecurityRule::defaults().len()
    }

    fn insert(&mut self, rule: SecurityRule) {
        let key = (rule.direction, rule.priority);
        self.by_name.insert(rule.name.clone(), key);
        self.rules.insert(key, Rc::new(rule));
    }
}
