//! Decisions of Azure's network.

use super::host::tuple;
use super::net;
use crate::text::samples::Spots;
use podhop::sim::fabric::effective_routes::{EffectiveRoute, Lost, NextHop, RouteChoice, RouteSource, RouteState};
use podhop::sim::fabric::nic::{FlowHop, Unified};
use podhop::sim::fabric::nsg::{
    self, Access, Direction, NsgVerdict, PlatformService, SecurityRule, ServiceTag, SideMatch, TagMember,
};
use podhop::sim::ids::{NsgId, SubnetId};
use podhop::sim::packet::Protocol;
use podhop::sim::record::decision::{Decision, Exit, NsgOutcome, NsgScope, NsgStep};
use podhop::sim::time::Time;
use std::net::Ipv4Addr;
use std::rc::Rc;

pub(super) fn fabric_decisions(spots: Spots) -> Vec<Decision> {
    let nic = spots.nic;
    let mut all = Vec::new();
    for (own, ip_forwarding) in [(true, false), (false, true), (false, false)] {
        all.push(Decision::SourceCheck { nic, own, ip_forwarding });
        let address = Ipv4Addr::new(10, 0, 0, 5);
        all.push(Decision::NextHop { address, nic, appliance: !own, ip_forwarding });
    }
    all.extend([Exit::Internet, Exit::Platform, Exit::Gateway].map(|via| Decision::LeavesAzure { via }));
    all.extend(choices());
    all.extend(unified(spots));
    for scope in [NsgScope::Nic(nic), NsgScope::Subnet(SubnetId(0))] {
        for outbound in [true, false] {
            all.extend(
                nsg_outcomes().into_iter().map(|outcome| Decision::Nsg(Rc::new(NsgStep { outbound, scope, outcome }))),
            );
        }
    }
    all
}

/// Of the policy in force, of an older one, and with a next hop that is there no more.
fn unified(spots: Spots) -> Vec<Decision> {
    let hop = |address| FlowHop { address, nic: spots.nic, appliance: false };
    let entry = |generation, hop| Unified { tuple: tuple(Protocol::Icmp), generation, since: Time(0), packets: 3, hop };
    let there = Some(hop(Ipv4Addr::new(10, 0, 0, 5)));
    let flow = |outbound, entry, usable| Decision::UnifiedFlow { outbound, entry, usable };
    let now = spots.policy;
    vec![
        flow(true, entry(now, there), true),
        flow(false, entry(now, None), true),
        flow(true, entry(now - 1, there), false),
        flow(true, entry(now, there), false),
    ]
}

fn choices() -> Vec<Decision> {
    let row = |source, prefix: &str, next_hop| EffectiveRoute {
        source,
        state: RouteState::Active,
        prefix: net(prefix),
        next_hop,
        name: None,
    };
    let appliance = NextHop::VirtualAppliance(Ipv4Addr::new(10, 0, 0, 5));
    let shorter = Lost::ShorterPrefix { winner: 24 };
    let hops = [
        NextHop::VnetLocal,
        NextHop::VnetPeering,
        NextHop::Internet,
        appliance,
        NextHop::VirtualNetworkGateway(None),
        NextHop::None,
    ];
    let default = |lost| (row(RouteSource::Default, "10.0.0.0/8", NextHop::None), lost);
    let mut all: Vec<RouteChoice> = hops
        .map(|hop| RouteChoice { won: Some(row(RouteSource::Default, "10.0.0.0/8", hop)), lost: vec![] })
        .into_iter()
        .collect();
    all.push(RouteChoice { won: None, lost: vec![] });
    all.push(RouteChoice {
        won: Some(row(RouteSource::User, "10.244.0.0/24", appliance)),
        lost: vec![default(shorter)],
    });
    let user = Lost::OverriddenBy(RouteSource::User);
    all.push(RouteChoice { won: Some(row(RouteSource::User, "10.0.0.0/8", appliance)), lost: vec![default(user)] });
    let gateway = (
        row(RouteSource::VirtualNetworkGateway, "10.244.0.0/25", NextHop::VirtualNetworkGateway(None)),
        Lost::SystemPreferred(net("10.244.0.0/16")),
    );
    let peer = row(RouteSource::Default, "10.244.0.0/16", NextHop::VnetPeering);
    all.push(RouteChoice { won: Some(peer), lost: vec![gateway.clone(), default(shorter)] });
    all.push(RouteChoice { won: Some(gateway.0), lost: vec![default(shorter)] });
    // Of a subnet with a route table and of one without.
    [SubnetId(0), SubnetId(1)]
        .into_iter()
        .flat_map(|subnet| all.iter().map(move |c| Decision::EffectiveRoute { subnet, choice: Rc::new(c.clone()) }))
        .collect()
}

fn nsg_outcomes() -> Vec<NsgOutcome> {
    let rule = Rc::new(SecurityRule::new("icmp_permit", 200, Direction::Inbound, Access::Allow));
    let [vnet_in, ..] = SecurityRule::defaults();
    let members = [
        TagMember::VnetSpace(net("10.0.0.0/16")),
        TagMember::PeeredSpace(net("10.1.0.0/16")),
        TagMember::OnPremises(net("10.2.0.0/16")),
        TagMember::UserRoute { route: "r".into(), prefix: net("10.244.0.0/24") },
        TagMember::Platform(Ipv4Addr::new(168, 63, 129, 16)),
        TagMember::Public,
    ];
    let evaluated = |access, considered, decided_by| NsgOutcome::Evaluated {
        nsg: NsgId(0),
        verdict: NsgVerdict { direction: Direction::Inbound, access, decided_by, considered },
    };
    let by = |rule: &Rc<SecurityRule>, source| nsg::Decision::Rule {
        rule: rule.clone(),
        source,
        destination: SideMatch::Any,
    };
    let missed = vec![(rule.clone(), nsg::Miss::Protocol)];
    let mut all: Vec<NsgOutcome> = members
        .map(|m| {
            evaluated(
                Access::Allow,
                missed.clone(),
                by(&Rc::new(vnet_in.clone()), SideMatch::Tag(ServiceTag::VirtualNetwork, m)),
            )
        })
        .into_iter()
        .collect();
    all.push(evaluated(Access::Deny, vec![], by(&rule, SideMatch::Prefix(net("10.0.0.0/8")))));
    all.push(evaluated(Access::Allow, vec![], nsg::Decision::PlatformExempt(PlatformService::Dns)));
    all.extend([
        NsgOutcome::NoGroup,
        NsgOutcome::KnownFlow { first: tuple(Protocol::Icmp) },
        NsgOutcome::KnownFlow { first: tuple(Protocol::Tcp) },
    ]);
    all
}
