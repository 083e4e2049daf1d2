//! Network security groups.

use super::Words;
use super::netfilter::address_port;
use crate::sim::fabric::nsg::{Decision, NsgVerdict, ServiceTag, SideMatch, TagMember};
use crate::sim::packet::{Protocol, Tuple};
use crate::sim::record::decision::{NsgOutcome, NsgScope, NsgStep};
use crate::text::args::{Arg, Args};
use crate::text::scene::{self, Scene};
use crate::view::target::Target;
use std::net::Ipv4Addr;

pub(super) fn nsg(scene: &Scene<'_>, step: &NsgStep) -> Words {
    let (scope, at) = match step.scope {
        _ if matches!(step.outcome, NsgOutcome::KnownFlow { .. }) => ("flow", None),
        NsgScope::Nic(nic) => ("nic", Some(Target::Nic(nic))),
        NsgScope::Subnet(subnet) => ("subnet", Some(Target::Subnet(subnet))),
    };
    let args = scene.args().text("scope", scope).text("way", if step.outbound { "out" } else { "in" });
    let args = at.map_or(args.clone(), |at| args.with("at", scene.target(at)));
    let container = container(scene, step);
    let disputed = container.is_some();
    match &step.outcome {
        NsgOutcome::NoGroup => {
            Words::new("nsg.no-group", args).facts(container).also_if(disputed, "nsg.container-disputed")
        }
        NsgOutcome::KnownFlow { first } => Words::new("nsg.known-flow", args.code("first", flow(first))),
        NsgOutcome::Evaluated { nsg, verdict } => {
            evaluated(scene, args.with("nsg", scene.target(Target::Nsg(*nsg))), verdict)
                .also("nsg.order")
                .facts(container)
                .also_if(disputed, "nsg.container-disputed")
        }
    }
}

/// Why another subnet's rules count than those of the NIC's own.
/// Whether a subnet decides that is not the NIC's own.
pub(in crate::text) fn is_of_container(scene: &Scene<'_>, step: &NsgStep) -> bool {
    container(scene, step).is_some()
}

fn container(scene: &Scene<'_>, step: &NsgStep) -> Option<(&'static str, Args)> {
    let NsgScope::Subnet(subnet) = step.scope else { return None };
    let own = scene.world.nics.get(scene.nic()?)?.subnet;
    let packet = scene.packet().filter(|_| own != subnet)?;
    let address = if step.outbound { packet.src } else { packet.dst };
    let args = Args::new().code("address", address).with("subnet", scene.target(Target::Subnet(subnet)));
    Some(("nsg.container", args.with("own", scene.target(Target::Subnet(own)))))
}

fn evaluated(scene: &Scene<'_>, args: Args, verdict: &NsgVerdict) -> Words {
    let args = args.text("access", verdict.access.code());
    let Decision::Rule { rule, source, destination } = &verdict.decided_by else {
        return Words::new("nsg.platform", args);
    };
    let words = Words::new("nsg", args.code("rule", &rule.name).with("priority", Arg::Text(rule.priority.to_string())));
    let packet = scene.packet();
    let source = packet.and_then(|p| tag(source, p.src));
    let destination = packet.and_then(|p| tag(destination, p.dst));
    let before = verdict.considered.len();
    let before = (before > 0).then(|| ("nsg.before", Args::new().count("n", before)));
    words.facts(source.into_iter().chain(destination)).facts(before).also_if(rule.is_default(), "nsg.default")
}

/// Why an address counts as the tag of a rule.
fn tag(side: &SideMatch, address: Ipv4Addr) -> Option<(&'static str, Args)> {
    let SideMatch::Tag(tag, member) = side else { return None };
    let args = Args::new().code("address", address).code("tag", ServiceTag::code(*tag));
    let args = match member {
        TagMember::VnetSpace(net) => args.text("why", "vnet").code("net", net),
        TagMember::PeeredSpace(net) => args.text("why", "peer").code("net", net),
        TagMember::OnPremises(net) => args.text("why", "gateway").code("net", net),
        TagMember::UserRoute { route, prefix } => {
            args.text("why", "user-route").code("route", route).code("net", prefix)
        }
        TagMember::Platform(_) => args.text("why", "platform"),
        TagMember::Public => args.text("why", "public"),
    };
    Some(("nsg.tag", args))
}

pub(super) fn flow(tuple: &Tuple) -> String {
    let ports = tuple.protocol != Protocol::Icmp;
    let from = address_port(tuple.src, ports.then_some(tuple.src_port));
    let to = address_port(tuple.dst, ports.then_some(tuple.dst_port));
    format!("{} {from} > {to}", scene::protocol(tuple.protocol))
}
