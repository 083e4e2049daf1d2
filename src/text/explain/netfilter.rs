//! Connection tracking, rules and NAT.

use super::Words;
use crate::sim::control::kubelet::MASQ_CHAIN;
use crate::sim::host::conntrack::{CtState, Direction, End};
use crate::sim::host::netfilter::{Hook, Match, Rule, RuleTried, TableName, Target, Verdict};
use crate::sim::packet::{Protocol, Tuple};
use crate::sim::record::decision::{ControlStep, Decision};
use crate::text::args::{Arg, Args};
use crate::text::scene::Scene;
use std::net::Ipv4Addr;

pub(super) fn track(scene: &Scene<'_>, state: CtState, direction: Direction) -> Words {
    let dir = if direction == Direction::Reply { "reply" } else { "original" };
    let args = scene.args().text("dir", dir);
    match state {
        CtState::New => Words::new("conntrack", args),
        CtState::Established => Words::new("conntrack.established", args),
        CtState::Related => Words::new("conntrack.related", args),
        CtState::Invalid => Words::new("conntrack.invalid", args),
    }
}

pub(super) fn rules(scene: &Scene<'_>, table: TableName, hook: Hook, verdict: Verdict, tried: &[RuleTried]) -> Words {
    let last = tried.iter().rev().find(|t| t.missed.is_none());
    let chain = last.map_or_else(|| hook.chain(), |t| &t.chain);
    let args = scene.args().code("chain", chain).text("number", last.map_or(0, |t| t.number));
    let message = match table {
        TableName::Nat => "nat-rules",
        TableName::Filter => "filter-rules",
    };
    let (case, args) = rules_case(scene, table, verdict, last, args);
    let words = Words::new(format!("{message}{case}"), args);
    if table == TableName::Filter {
        return words;
    }
    words.also("nat-rules.first-only").also_if(is_disputed(scene), "nat-rules.disputed")
}

/// Whether public sources disagree on the rules that decide: they do for pods that have a range of their own, outside
/// the virtual network, not for pods with addresses of it.
pub(in crate::text) fn is_disputed(scene: &Scene<'_>) -> bool {
    let node = match &scene.step.decision {
        Decision::Rules { tried, .. } if is_masquerade(tried) => scene.node(),
        Decision::Control(step) => match **step {
            ControlStep::MasqueradeRules { node, .. } => Some(node),
            _ => None,
        },
        _ => None,
    };
    node.is_some_and(|node| scene.has_node_blocks(node))
}

/// Attribute of the message that tells the verdict, and what it needs.
fn rules_case(
    scene: &Scene<'_>,
    table: TableName,
    verdict: Verdict,
    last: Option<&RuleTried>,
    args: Args,
) -> (&'static str, Args) {
    match verdict {
        Verdict::Policy => match last.and_then(|t| kept_range(scene, table, t)) {
            Some(net) => (".returned", args.code("net", net)),
            None => ("", args.code("chain", hook_chain(scene))),
        },
        Verdict::PolicyDrop => (".policy", args.code("chain", hook_chain(scene))),
        Verdict::Accept => (".accept", args),
        Verdict::Drop => (".drop", args),
        Verdict::Reject(_) => (".reject", args),
        Verdict::Masquerade { .. } => {
            // A packet that is only bridged leaves by its bridge.
            let bridge = |dev| scene.host()?.interface(dev)?.master;
            let out = scene.step.dev.map_or(Arg::Word("gone"), |dev| scene.dev(bridge(dev).unwrap_or(dev)));
            let agent = last.is_some_and(is_agents);
            (if agent { ".not-kept" } else { ".masquerade" }, args.with("out", out))
        }
        Verdict::Snat(to) => (".snat", args.code("to", to)),
        Verdict::Dnat { to, port } => (".dnat", args.code("to", address_port(to, port))),
    }
}

fn hook_chain(scene: &Scene<'_>) -> &'static str {
    match &scene.step.decision {
        Decision::Rules { hook, .. } => hook.chain(),
        _ => "",
    }
}

/// The destination range of a rule that returned.
fn kept_range(scene: &Scene<'_>, table: TableName, tried: &RuleTried) -> Option<String> {
    let rule = find_rule(scene, table, tried)?;
    let Target::Return = rule.target else { return None };
    rule.matches.iter().find_map(|m| match m {
        Match::Dst { net, negated: false } => Some(net.to_string()),
        _ => None,
    })
}

fn find_rule<'a>(scene: &Scene<'a>, table: TableName, tried: &RuleTried) -> Option<&'a Rule> {
    scene.host()?.netfilter.table(table).chain(&tried.chain).get(usize::from(tried.number).checked_sub(1)?)
}

/// Whether the chain of the ip-masq-agent was walked.
pub(in crate::text) fn is_masquerade(tried: &[RuleTried]) -> bool {
    tried.iter().any(is_agents)
}

fn is_agents(tried: &RuleTried) -> bool {
    tried.chain.as_ref() == MASQ_CHAIN
}

pub(super) fn translate(scene: &Scene<'_>, end: End, from: &Tuple, to: &Tuple) -> Words {
    let id = match end {
        End::Source => "nat-translate",
        End::Destination => "nat-translate.destination",
    };
    let args = scene.args().code("from", end_of(from, end)).code("to", end_of(to, end));
    Words::new(id, args).also("nat-translate.reply")
}

/// Address and port of one end; the identifier of an echo request is no port.
fn end_of(tuple: &Tuple, end: End) -> String {
    let (address, port) = match end {
        End::Source => (tuple.src, tuple.src_port),
        End::Destination => (tuple.dst, tuple.dst_port),
    };
    address_port(address, (tuple.protocol != Protocol::Icmp).then_some(port))
}

pub(super) fn address_port(address: Ipv4Addr, port: Option<u16>) -> String {
    port.map_or_else(|| address.to_string(), |port| format!("{address}:{port}"))
}
