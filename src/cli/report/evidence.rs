//! The table that decided: the row that won, and the rows that lost with their reasons.

use super::rows;
use crate::sim::fabric::effective_routes::{Lost, RouteChoice};
use crate::sim::fabric::nsg::{Fate, Miss, NsgVerdict};
use crate::sim::host::Host;
use crate::sim::host::bridge::FdbLookup;
use crate::sim::host::conntrack::Flow;
use crate::sim::host::ebtables::{EbChain, EbHit};
use crate::sim::host::fib::RouteLost;
use crate::sim::host::neighbor::Resolution;
use crate::sim::host::netfilter::{RuleTried, TableName};
use crate::sim::ids::{IfIndex, NsgId, SubnetId};
use crate::sim::record::decision::{Decision, NsgOutcome, RouteLookup};
use crate::sim::record::{Place, Step};
use crate::sim::world::World;
use crate::text::{self, Text};
use serde::Serialize;
use std::collections::BTreeMap;

/// What was consulted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// `fib-local`, `fib-main`, `effective-routes`, `nsg`, `nat`, `filter`, `ebtables`, `unified-flows`, `fdb`, `neighbors` or `conntrack`.
    pub table: &'static str,
    /// Whose table, where its place does not say: a subnet, an NSG, a bridge, a chain.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// `null` where nothing fits.
    pub won: Option<Row>,
    pub lost: Vec<Row>,
}

/// One row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Row {
    /// As the command that lists the table prints it, or nearly so.
    pub row: String,
    /// The same by column.
    pub columns: BTreeMap<&'static str, String>,
    /// Why it lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
}

/// Why a row did not decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Why {
    pub code: &'static str,
    pub words: String,
}

impl Row {
    pub(super) fn because(self, code: &'static str, words: String) -> Self {
        Self { why: Some(Why { code, words }), ..self }
    }
}

/// The evidence of a step, in the world as it was then.
pub(super) fn evidence(text: &Text, step: &Step, world: &World) -> Option<Evidence> {
    let host = match step.at {
        Place::Host(id) => world.hosts.get(id),
        Place::Port(_) | Place::Control => None,
    };
    match &step.decision {
        Decision::Route(lookup) => Some(fib(text, host?, lookup)),
        Decision::EffectiveRoute { subnet, choice } => Some(effective_routes(text, world, *subnet, choice)),
        Decision::Nsg(step) => match &step.outcome {
            NsgOutcome::Evaluated { nsg, verdict } => Some(security_rules(text, world, *nsg, verdict)),
            NsgOutcome::NoGroup | NsgOutcome::KnownFlow { .. } => None,
        },
        Decision::Rules { table, hook, tried, .. } => Some(rules(text, host?, *table, hook.chain(), tried)),
        Decision::BridgeForward { bridge, lookup, .. } => Some(fdb(host?, *bridge, step, *lookup)),
        Decision::BridgeRule { chain, hit } => Some(bridge_rules(text, host?, *chain, hit)),
        Decision::UnifiedFlow { entry, usable, .. } => {
            let row = rows::unified(entry);
            let stale = || row.clone().because("stale", text.get("lab-unified-stale"));
            let (won, lost) = if *usable { (Some(row), Vec::new()) } else { (None, vec![stale()]) };
            Some(Evidence { table: "unified-flows", won, lost, ..Evidence::default() })
        }
        Decision::Resolve { dev, next_hop, resolution } => {
            let won = match resolution {
                Resolution::Known { mac, state, .. } => Some(rows::neighbor(host?, *dev, *next_hop, *mac, *state)),
                Resolution::Ask | Resolution::Wait => None,
            };
            Some(Evidence { table: "neighbors", won, ..Evidence::default() })
        }
        Decision::Track { flow, .. } => Some(conntrack(flow)),
        _ => None,
    }
}

fn fib(text: &Text, host: &Host, lookup: &RouteLookup) -> Evidence {
    if let Some(dev) = lookup.local {
        return Evidence { table: "fib-local", won: Some(rows::local(host, lookup.dst, dev)), ..Evidence::default() };
    }
    let lost = lookup.choice.lost.iter().map(|(route, why)| {
        let code = match why {
            RouteLost::ShorterPrefix { .. } => "shorter-prefix",
            RouteLost::HigherMetric { .. } => "higher-metric",
        };
        rows::route(host, route).because(code, text::lost_route(text, why))
    });
    let won = lookup.choice.won.as_ref().map(|route| rows::route(host, route));
    Evidence { table: "fib-main", won, lost: lost.collect(), ..Evidence::default() }
}

fn effective_routes(text: &Text, world: &World, subnet: SubnetId, choice: &RouteChoice) -> Evidence {
    let lost = choice.lost.iter().map(|(route, why)| {
        let code = match why {
            Lost::ShorterPrefix { .. } => "shorter-prefix",
            Lost::OverriddenBy(_) => "overridden",
            Lost::SystemPreferred(_) => "system-preferred",
        };
        rows::effective_route(route).because(code, text::lost_effective_route(text, why))
    });
    let name = world.subnets.get(subnet).map_or_else(String::new, |s| s.name.to_string());
    let won = choice.won.as_ref().map(rows::effective_route);
    Evidence { table: "effective-routes", name, won, lost: lost.collect() }
}

/// All rules of the direction: those that were tried, the one that decided and those that it kept from being read.
fn security_rules(text: &Text, world: &World, nsg: NsgId, verdict: &NsgVerdict) -> Evidence {
    let mut evidence = Evidence { table: "nsg", ..Evidence::default() };
    let Some(nsg) = world.nsgs.get(nsg) else { return evidence };
    evidence.name = nsg.name.to_string();
    for rule in nsg.rules(verdict.direction) {
        let row = rows::security_rule(rule);
        match verdict.fate(rule) {
            Fate::Decided => evidence.won = Some(row),
            fate => evidence.lost.push(row.because(fate_code(fate), text::nsg_fate(text, fate))),
        }
    }
    evidence
}

const fn fate_code(fate: Fate) -> &'static str {
    match fate {
        Fate::OtherDirection => "other-direction",
        Fate::Decided => "decided",
        Fate::NeverReached => "never-reached",
        Fate::Missed(Miss::PlatformService) => "platform-service",
        Fate::Missed(Miss::Protocol) => "protocol",
        Fate::Missed(Miss::Source) => "source",
        Fate::Missed(Miss::SourcePort) => "source-port",
        Fate::Missed(Miss::Destination) => "destination",
        Fate::Missed(Miss::DestinationPort) => "destination-port",
    }
}

/// The rule that applied last won; one that jumped to a chain before it is not among those that lost.
fn rules(text: &Text, host: &Host, table: TableName, chain: &str, tried: &[RuleTried]) -> Evidence {
    let missed = tried.iter().filter(|t| t.missed.is_some());
    let lost = missed.map(|t| rows::rule(host, table, t).because("missed", text::rule_miss(text, t.missed.as_ref())));
    let won = tried.iter().rev().find(|t| t.missed.is_none()).map(|t| rows::rule(host, table, t));
    let code = match table {
        TableName::Nat => "nat",
        TableName::Filter => "filter",
    };
    Evidence { table: code, name: chain.to_owned(), won, lost: lost.collect() }
}

/// The rule that applied, and those before it with the first condition that did not hold.
fn bridge_rules(text: &Text, host: &Host, chain: EbChain, hit: &EbHit) -> Evidence {
    let name = |dev: IfIndex| host.interface(dev).map_or("", |i| i.name.as_ref());
    let before = host.ebtables.chain(chain).iter().zip(&hit.missed).zip(1u16..);
    let lost = before.map(|((rule, missed), number)| {
        rows::bridge_rule(host, rule, number).because("missed", text::bridge_miss(text, Some(*missed), name))
    });
    let won = Some(rows::bridge_rule(host, &hit.rule, hit.number));
    Evidence { table: "ebtables", name: format!("{} {}", chain.table(), chain.name()), won, lost: lost.collect() }
}

fn fdb(host: &Host, bridge: IfIndex, step: &Step, lookup: FdbLookup) -> Evidence {
    let mac = step.before.as_ref().map(|f| f.dst).unwrap_or_default();
    let won = match lookup {
        FdbLookup::Port(port) => Some(rows::fdb(host, mac, port, false)),
        FdbLookup::Local => Some(rows::fdb(host, mac, bridge, true)),
        FdbLookup::Group | FdbLookup::Unknown { .. } => None,
    };
    let name = host.interface(bridge).map_or_else(String::new, |i| i.name.to_string());
    Evidence { table: "fdb", name, won, lost: Vec::new() }
}

fn conntrack(flow: &Flow) -> Evidence {
    Evidence { table: "conntrack", won: Some(rows::flow(flow)), ..Evidence::default() }
}
