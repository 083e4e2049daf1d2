//! Why rules match or not: fields, tags, services of the platform.

use super::build::{flow, group, ip, net, nets, rule, subnet, verdict};
use podhop::sim::fabric::effective_routes::{EffectiveRoutes, GatewayRoute, SystemRoutes};
use podhop::sim::fabric::nsg::Direction::{Inbound, Outbound};
use podhop::sim::fabric::nsg::ServiceTag::{
    AzureLoadBalancer, AzurePlatformDns, AzurePlatformImds, Internet, VirtualNetwork,
};
use podhop::sim::fabric::nsg::{
    Decision, Fate, Miss, Nsg, PlatformService, PortMatch, SecurityRule, SideMatch, TagMember, Tags,
};
use std::slice;

#[test]
fn each_rule_says_why_it_did_not_match() {
    let routes = subnet("10.0.0.0/16", "");
    let from_5000 = SecurityRule { source_ports: PortMatch::one(5000), ..rule("p3 120 In Deny Tcp", "*", "*", "*") };
    let nsg = group(&[
        rule("p1 100 In Deny Udp", "*", "*", "*"),
        rule("p2 110 In Deny *", "10.7.0.0/16 10.8.0.0/16", "*", "*"),
        from_5000,
        rule("p4 130 In Deny *", "*", "10.7.0.0/16", "*"),
        rule("p5 140 In Deny Tcp", "*", "*", "79 81-90"),
        rule("p6 150 In Allow Tcp", "10.9.0.0/16 10.0.0.0/16", "VirtualNetwork", "79 80-90"),
        rule("p7 160 In Deny *", "*", "*", "*"),
        rule("out 100 Out Deny *", "*", "*", "*"),
    ]);
    let verdict = nsg.evaluate(Inbound, &flow("tcp 10.0.1.4:6000 10.0.0.4:80"), Tags::of(&routes));
    let fate = |name| verdict.fate(nsg.get(name).unwrap());
    for (name, expected) in [
        ("p1", Fate::Missed(Miss::Protocol)),
        ("p2", Fate::Missed(Miss::Source)),
        ("p3", Fate::Missed(Miss::SourcePort)),
        ("p4", Fate::Missed(Miss::Destination)),
        ("p5", Fate::Missed(Miss::DestinationPort)),
        ("p6", Fate::Decided),
        ("p7", Fate::NeverReached),
        ("DenyAllInBound", Fate::NeverReached),
        ("out", Fate::OtherDirection),
    ] {
        assert_eq!(fate(name), expected, "{name}");
    }
    let order: Vec<_> = verdict.considered.iter().map(|(rule, _)| rule.name.to_string()).collect();
    assert_eq!(order, ["p1", "p2", "p3", "p4", "p5"]);
    let from_5000 = nsg.evaluate(Inbound, &flow("tcp 10.0.1.4:5000 10.0.0.4:80"), Tags::of(&routes));
    assert_eq!(from_5000.fate(nsg.get("p3").unwrap()), Fate::Decided);
    let Decision::Rule { source, destination, .. } = verdict.decided_by else { panic!() };
    assert_eq!(source, SideMatch::Prefix(net("10.0.0.0/16")));
    let space = TagMember::VnetSpace(net("10.0.0.0/16"));
    assert_eq!(destination, SideMatch::Tag(VirtualNetwork, space));
}

#[test]
fn the_order_of_adding_leaves_no_trace() {
    let rules = [
        rule("c 300 In Deny *", "*", "*", "*"),
        rule("a 100 In Deny Tcp", "*", "*", "22"),
        rule("b 200 In Allow *", "10.0.0.0/8", "*", "*"),
        rule("d 200 Out Deny *", "*", "*", "*"),
    ];
    let first = group(&rules);
    for turn in 1..rules.len() {
        let mut turned = rules.clone();
        turned.rotate_left(turn);
        assert_eq!(group(&turned), first);
        turned.reverse();
        assert_eq!(group(&turned), first);
    }
}

#[test]
fn tags_and_their_members() {
    let gateway = GatewayRoute { prefix: net("192.168.0.0/16"), next_hop: None };
    let system = SystemRoutes::new(&nets("10.0.0.0/16 20.0.0.0/24"), &nets("10.5.0.0/16"), &[gateway]);
    let routes = EffectiveRoutes { system, ..subnet("10.0.0.0/16", "10.244.1.0/24") };
    let check = |tag, address, expected: Option<TagMember>| {
        assert_eq!(Tags::of(&routes).member(tag, ip(address)), expected, "{} {address}", tag.code());
    };
    let platform = |address| Some(TagMember::Platform(ip(address)));
    let user =
        |prefix: &str| Some(TagMember::UserRoute { route: prefix.replace('/', "-").into(), prefix: net(prefix) });
    check(VirtualNetwork, "10.0.7.7", Some(TagMember::VnetSpace(net("10.0.0.0/16"))));
    check(VirtualNetwork, "10.5.7.7", Some(TagMember::PeeredSpace(net("10.5.0.0/16"))));
    check(VirtualNetwork, "192.168.7.7", Some(TagMember::OnPremises(net("192.168.0.0/16"))));
    check(VirtualNetwork, "10.244.1.3", user("10.244.1.0/24"));
    check(VirtualNetwork, "168.63.129.16", platform("168.63.129.16"));
    check(VirtualNetwork, "10.244.2.3", None);
    check(VirtualNetwork, "8.8.8.8", None);
    check(Internet, "8.8.8.8", Some(TagMember::Public));
    check(Internet, "13.107.21.200", Some(TagMember::Public));
    for private in ["10.244.1.3", "172.31.0.1", "100.64.0.1", "169.254.169.254", "168.63.129.16", "224.0.0.1"] {
        check(Internet, private, None);
    }
    check(Internet, "20.0.0.9", None);
    check(AzureLoadBalancer, "168.63.129.16", platform("168.63.129.16"));
    check(AzureLoadBalancer, "10.0.0.4", None);
    check(AzurePlatformDns, "168.63.129.16", platform("168.63.129.16"));
    check(AzurePlatformImds, "169.254.169.254", platform("169.254.169.254"));

    let forced = subnet("10.0.0.0/16", "0.0.0.0/0");
    let all = Tags::of(&forced).member(VirtualNetwork, ip("8.8.8.8"));
    assert_eq!(all, user("0.0.0.0/0"), "3.6: a default route puts every address into VirtualNetwork");
    let stranger = verdict(&Nsg::new("nsg"), &forced, Inbound, "tcp 8.8.8.8:5000 10.0.0.4:22");
    assert_eq!(stranger, "Allow AllowVnetInBound");
}

#[test]
fn platform_services_are_outside_the_rules_unless_named() {
    let routes = subnet("10.0.0.0/16", "");
    let closed = rule("deny_all 200 Out Deny *", "*", "*", "*");
    let check = |named: &[SecurityRule], text, expected: &str| {
        let nsg = group(&[slice::from_ref(&closed), named].concat());
        assert_eq!(verdict(&nsg, &routes, Outbound, text), expected, "{text}");
    };
    let dns = "udp 10.0.0.4:5000 168.63.129.16:53";
    let metadata = "tcp 10.0.0.4:5000 169.254.169.254:80";
    let agent = "tcp 10.0.0.4:5000 168.63.129.16:32526";
    check(&[], dns, "Allow platform");
    check(&[], metadata, "Allow platform");
    check(&[], agent, "Allow platform");
    check(&[], "tcp 10.0.0.4:5000 8.8.8.8:53", "Deny deny_all");
    let no_dns = [rule("no_dns 300 Out Deny *", "*", "AzurePlatformDNS", "*")];
    check(&no_dns, dns, "Deny no_dns");
    check(&no_dns, metadata, "Allow platform");
    check(&no_dns, agent, "Allow platform");
    let no_metadata = [rule("no_imds 300 Out Deny Tcp", "*", "AzurePlatformIMDS", "80")];
    check(&no_metadata, metadata, "Deny no_imds");
    check(&no_metadata, "tcp 10.0.0.4:5000 169.254.169.254:443", "Allow platform");

    let inbound = group(&[rule("deny_in 200 In Deny *", "*", "*", "*")]);
    let towards = verdict(&inbound, &routes, Inbound, "tcp 168.63.129.16:53 168.63.129.16:53");
    assert_eq!(towards, "Deny deny_in", "towards the NIC all rules count");
    let verdict = group(slice::from_ref(&closed)).evaluate(Outbound, &flow(dns), Tags::of(&routes));
    assert_eq!(verdict.decided_by, Decision::PlatformExempt(PlatformService::Dns));
    assert_eq!(verdict.fate(&closed), Fate::Missed(Miss::PlatformService));
}

#[test]
fn ports_of_protocols_that_have_none() {
    let routes = subnet("10.0.0.0/16", "");
    let check = |head, to_ports, text, expected: &str| {
        let nsg = group(&[rule(head, "*", "*", to_ports)]);
        assert_eq!(verdict(&nsg, &routes, Inbound, text), expected, "{head} {to_ports}");
    };
    // An echo request has its identifier in the place of both ports.
    let ping = "icmp 10.0.1.4:80 10.0.0.4:80";
    check("r 100 In Deny Icmp", "80", ping, "Deny r");
    check("r 100 In Deny *", "*", ping, "Deny r");
    check("r 100 In Deny *", "80", ping, "Allow AllowVnetInBound");
    check("r 100 In Deny *", "0-65535", ping, "Deny r");
    check("r 100 In Deny *", "80", "udp 10.0.1.4:1 10.0.0.4:80", "Deny r");
    check("r 100 In Deny Esp", "*", ping, "Allow AllowVnetInBound");
}
