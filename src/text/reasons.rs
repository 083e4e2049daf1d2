//! Why a row of a table did not decide.

use super::args::Args;
use super::bundle::Text;
use super::scene::protocol;
use crate::sim::fabric::effective_routes::Lost;
use crate::sim::fabric::nsg::{Fate, Miss};
use crate::sim::host::ebtables::EbMatch;
use crate::sim::host::fib::RouteLost;
use crate::sim::host::netfilter::Match;
use crate::sim::ids::IfIndex;
use crate::sim::ipam::host_local::Skip;
use crate::sim::packet::ArpOp;
use crate::sim::record::decision::Fit;

/// Why a route of a host lost.
pub fn lost_route(text: &Text, why: &RouteLost) -> String {
    match why {
        RouteLost::ShorterPrefix { winner } => text.format("lost-shorter-prefix", &Args::new().text("winner", winner)),
        RouteLost::HigherMetric { winner } => text.format("lost-higher-metric", &Args::new().text("winner", winner)),
    }
}

/// Why an effective route of Azure lost.
pub fn lost_effective_route(text: &Text, why: &Lost) -> String {
    match why {
        Lost::ShorterPrefix { winner } => text.format("lost-shorter-prefix", &Args::new().text("winner", winner)),
        Lost::OverriddenBy(source) => text.format("lost-overridden", &Args::new().text("source", source.code())),
        Lost::SystemPreferred(prefix) => text.format("lost-system-preferred", &Args::new().code("prefix", prefix)),
    }
}

/// Why a security rule does not fit a flow.
pub fn nsg_miss(text: &Text, miss: Miss) -> String {
    text.get(match miss {
        Miss::PlatformService => "miss-platform-service",
        Miss::Protocol => "miss-protocol",
        Miss::Source => "miss-source",
        Miss::SourcePort => "miss-source-port",
        Miss::Destination => "miss-destination",
        Miss::DestinationPort => "miss-destination-port",
    })
}

/// What became of a security rule.
pub fn nsg_fate(text: &Text, fate: Fate) -> String {
    match fate {
        Fate::OtherDirection => text.get("fate-other-direction"),
        Fate::Missed(miss) => nsg_miss(text, miss),
        Fate::Decided => text.get("fate-decided"),
        Fate::NeverReached => text.get("fate-never-reached"),
    }
}

/// Which condition of a netfilter rule did not hold; without one the rule applied.
pub fn rule_miss(text: &Text, missed: Option<&Match>) -> String {
    let negated = |args: Args, negated: bool| args.text("not", if negated { "yes" } else { "no" });
    let (id, args) = match missed {
        None | Some(Match::Comment(_)) => ("rule-applied", Args::new()),
        Some(Match::Src { net, negated: not }) => ("rule-src", negated(Args::new().code("net", net), *not)),
        Some(Match::Dst { net, negated: not }) => ("rule-dst", negated(Args::new().code("net", net), *not)),
        Some(Match::Protocol(wanted)) => ("rule-protocol", Args::new().text("protocol", protocol(*wanted))),
        Some(Match::DstPort(port)) => ("rule-dst-port", Args::new().text("port", port)),
        Some(Match::DstLocal { negated: not }) => ("rule-dst-local", negated(Args::new(), *not)),
        Some(Match::SrcPort(port)) => ("rule-src-port", Args::new().text("port", port)),
        Some(Match::InInterface { dev, negated: not }) => {
            ("rule-in-interface", negated(Args::new().code("dev", dev), *not))
        }
        Some(Match::OutInterface { dev, negated: not }) => {
            ("rule-out-interface", negated(Args::new().code("dev", dev), *not))
        }
        Some(Match::IcmpType(kind)) => ("rule-icmp-type", Args::new().text("type", kind)),
        Some(Match::State(states)) => ("rule-state", Args::new().code("states", states)),
    };
    text.format(id, &args)
}

/// Which condition of a rule of a bridge did not hold; without one the rule applied. `dev` names an interface.
pub fn bridge_miss<'a>(text: &Text, missed: Option<EbMatch>, dev: impl Fn(IfIndex) -> &'a str) -> String {
    let Some(missed) = missed else { return text.get("rule-applied") };
    let (id, args) = bridge_miss_words(missed, dev);
    text.format(id, &args)
}

pub(super) fn bridge_miss_words<'a>(missed: EbMatch, dev: impl Fn(IfIndex) -> &'a str) -> (&'static str, Args) {
    let op = |op: ArpOp| Args::new().text("op", if op == ArpOp::Request { "request" } else { "reply" });
    match missed {
        EbMatch::In(index) => ("bridge-in", Args::new().code("dev", dev(index))),
        EbMatch::Out(index) => ("bridge-out", Args::new().code("dev", dev(index))),
        EbMatch::UnicastSource => ("bridge-unicast-source", Args::new()),
        EbMatch::Arp { op: wanted, target: None } => ("bridge-arp", op(wanted)),
        EbMatch::Arp { op: wanted, target: Some(ip) } => ("bridge-arp-target", op(wanted).code("ip", ip)),
        EbMatch::IpTo(ip) => ("bridge-ip-to", Args::new().code("ip", ip)),
    }
}

pub(super) const fn skip_id(why: Skip) -> &'static str {
    match why {
        Skip::Gateway => "skip-gateway",
        Skip::Taken => "skip-taken",
    }
}

/// Why host-local passed an address.
pub fn skip(text: &Text, why: Skip) -> String {
    text.get(skip_id(why))
}

pub(super) fn fit_words(fit: Fit) -> (&'static str, Args) {
    match fit {
        Fit::Fits => ("fit-fits", Args::new()),
        Fit::NotReady => ("fit-not-ready", Args::new()),
        Fit::TooManyPods { max } => ("fit-too-many-pods", Args::new().number("max", max)),
        Fit::AlreadyOne => ("fit-already-one", Args::new()),
        Fit::Cordoned => ("fit-cordoned", Args::new()),
    }
}

/// How a node stood when a pod was placed.
pub fn fit(text: &Text, fit: Fit) -> String {
    let (id, args) = fit_words(fit);
    text.format(id, &args)
}
