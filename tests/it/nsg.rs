//! Security rules (azure.md section 3; T45 to T56, T58, T61, T62).

mod build;
mod evidence;

use build::{flow, group, net, rule, subnet, verdict};
use podhop::sim::fabric::nsg::Direction::{Inbound, Outbound};
use podhop::sim::fabric::nsg::NsgLevel::{Nic, Subnet};
use podhop::sim::fabric::nsg::{AddressMatch, Nsg, NsgLevel, NsgVerdict, PortNsgs, SecurityRule, Tags};
use podhop::sim::fabric::nsg_check::{MAX_FIELD_ENTRIES, RuleProblem, check_rule};

/// The article's NSG on nodevlan, with the priority of its second rule.
fn nodevlan(deny_priority: u16) -> Nsg {
    group(&[
        rule("icmp_permit 200 In Allow Icmp", "10.1.0.0/22", "10.1.4.0/24", "*"),
        rule(&format!("icmp_deny {deny_priority} In Deny Icmp"), "10.1.8.0/22", "10.1.4.0/24", "*"),
    ])
}

#[test]
fn t45_to_t49_the_articles_rules() {
    let routes = subnet("10.1.0.0/16", "");
    let check = |vector, deny_priority, direction, text, expected: &str| {
        assert_eq!(verdict(&nodevlan(deny_priority), &routes, direction, text), expected, "{vector}");
    };
    check("T45", 300, Inbound, "icmp 10.1.0.5 10.1.4.4", "Allow icmp_permit");
    check("T46", 300, Inbound, "icmp 10.1.8.5 10.1.4.4", "Deny icmp_deny");
    check("T47", 300, Inbound, "tcp 10.1.8.5:5000 10.1.4.4:80", "Allow AllowVnetInBound");
    check("T48", 300, Outbound, "icmp 10.1.4.4 10.1.8.5", "Allow AllowVnetOutBound");
    check("T49", 100, Inbound, "icmp 10.1.8.5 10.1.4.4", "Deny icmp_deny");
    check("T49", 100, Inbound, "icmp 10.1.0.5 10.1.4.4", "Allow icmp_permit");
}

#[test]
fn t52_t55_t56_t58_t61_the_default_rules() {
    let routes = subnet("10.0.0.0/16", "10.244.0.0/24 10.244.1.0/24");
    let none = Nsg::new("nsg");
    let check = |vector, nsg: &Nsg, direction, text, expected: &str| {
        assert_eq!(verdict(nsg, &routes, direction, text), expected, "{vector}: {text}");
    };
    check("T52", &none, Inbound, "tcp 10.0.9.4:5000 10.0.0.4:80", "Allow AllowVnetInBound");
    check("T52", &none, Inbound, "tcp 203.0.113.9:5000 10.0.0.4:80", "Deny DenyAllInBound");
    check("T55", &none, Outbound, "tcp 10.0.0.4:5000 172.31.0.100:80", "Deny DenyAllOutBound");
    check("T55", &none, Outbound, "tcp 10.0.0.4:5000 13.107.21.200:80", "Allow AllowInternetOutBound");
    check("T56", &none, Inbound, "tcp 172.31.0.100:60000 10.0.0.4:80", "Deny DenyAllInBound");
    check("T58", &none, Inbound, "tcp 10.244.1.3:5000 10.244.0.6:80", "Allow AllowVnetInBound");
    check("T58", &none, Outbound, "icmp 10.244.1.3 10.244.0.6", "Allow AllowVnetOutBound");
    check("T58 without a route", &none, Inbound, "icmp 10.244.7.3 10.244.0.6", "Deny DenyAllInBound");
    let probe = "tcp 168.63.129.16:5000 10.0.0.4:30080";
    check("T61", &none, Inbound, probe, "Allow AllowVnetInBound");
    let closed = group(&[rule("no_vnet 100 In Deny *", "VirtualNetwork", "*", "*")]);
    check("T61", &closed, Inbound, probe, "Deny no_vnet");
    let outside = group(&[rule("no_vnet 100 In Deny *", "VirtualNetwork", "VirtualNetwork", "*")]);
    check(
        "T61 a probe to an address outside",
        &outside,
        Inbound,
        "tcp 168.63.129.16:5000 192.0.2.4:80",
        "Allow AllowAzureLoadBalancerInBound",
    );
}

#[test]
fn t50_t51_rules_that_are_refused() {
    let check = |name, nsg: &Nsg, new: SecurityRule, codes: &[&str]| {
        let found: Vec<_> = check_rule(nsg, &new).iter().map(RuleProblem::code).collect();
        assert_eq!(found, codes, "{name}");
        assert_eq!(nsg.clone().put(new).is_ok(), codes.is_empty(), "{name}");
    };
    let any = |head: &str| rule(head, "*", "*", "*");
    let article = nodevlan(300);
    check("T50", &article, any("new 200 In Allow *"), &["SecurityRuleConflict"]);
    check("T50", &article, any("new 200 Out Allow *"), &[]);
    check("T51", &article, any("new 99 In Allow *"), &["SecurityRuleInvalidPriority"]);
    check("T51", &article, any("new 4097 In Allow *"), &["SecurityRuleInvalidPriority"]);
    check("limits of priority", &article, any("new 100 In Allow *"), &[]);
    check("limits of priority", &article, any("new 4096 In Allow *"), &[]);
    check("a rule may replace itself", &article, any("icmp_permit 200 In Deny *"), &[]);
    check("a rule may move", &article, any("icmp_permit 250 In Deny *"), &[]);
    check("but not onto another", &article, any("icmp_permit 300 In Deny *"), &["SecurityRuleConflict"]);
    check("name of a default rule", &article, any("DenyAllInBound 400 In Deny *"), &["RuleNameOfDefaultRule"]);
    check(
        "priority of a default rule",
        &article,
        any("new 65500 In Deny *"),
        &["SecurityRuleInvalidPriority", "SecurityRuleConflict"],
    );
    check("names", &article, any("_a.b-c_ 400 In Deny *"), &[]);
    check("names", &article, any("-a 400 In Deny *"), &["RuleNameStart"]);
    check("names", &article, any("a. 400 In Deny *"), &["RuleNameEnd"]);
    check("names", &article, any("a/b 400 In Deny *"), &["RuleNameCharacter"]);
    check("names", &article, any(" 400 In Deny *"), &["RuleNameEmpty"]);
    check("names", &article, any(&format!("{} 400 In Deny *", "a".repeat(80))), &[]);
    check("names", &article, any(&format!("{} 400 In Deny *", "a".repeat(81))), &["RuleNameTooLong"]);
    check("ports", &article, rule("new 400 In Deny Tcp", "*", "*", "90-80"), &["RulePortsReversed"]);
    let empty = SecurityRule { source: AddressMatch::Prefixes([].into()), ..any("new 400 In Deny *") };
    check("lists", &article, empty, &["RuleFieldEmpty"]);
    let list = |n| AddressMatch::Prefixes(vec![net("10.0.0.0/24"); n].into());
    let full = SecurityRule { source: list(MAX_FIELD_ENTRIES), ..any("new 400 In Deny *") };
    check("lists", &article, full.clone(), &[]);
    check("lists", &article, SecurityRule { source: list(MAX_FIELD_ENTRIES + 1), ..full }, &["RuleFieldTooLong"]);
    check(
        "every problem at once",
        &article,
        rule("-x 99 In Deny Tcp", "*", "*", "2-1"),
        &["RuleNameStart", "SecurityRuleInvalidPriority", "RulePortsReversed"],
    );
    let mut moved = article.clone();
    moved.put(any("icmp_permit 250 In Deny *")).unwrap();
    assert!(moved.at(Inbound, 200).is_none(), "a rule that moved leaves its place");
    assert_eq!(moved.own_rules(), 2);
    let conflict = check_rule(&article, &any("new 200 In Allow *"));
    let (existing, rule) = ("icmp_permit".into(), "new".into());
    assert_eq!(conflict, [RuleProblem::Conflict { existing, rule, priority: 200, direction: Inbound }]);
}

#[test]
fn an_nsg_holds_a_thousand_rules() {
    let mut nsg = Nsg::new("nsg");
    for n in 0..1000 {
        nsg.put(rule(&format!("r{n} {} In Allow Tcp", 100 + n), "*", "*", "80")).unwrap();
    }
    let one_more = rule("r1000 1100 In Allow Tcp", "*", "*", "80");
    assert_eq!(nsg.put(one_more), Err(vec![RuleProblem::TooManyRules { limit: 1000 }]));
    assert_eq!((nsg.own_rules(), nsg.rules(Inbound).count(), nsg.rules(Outbound).count()), (1000, 1003, 3));
    assert_eq!(nsg.remove("DenyAllInBound"), None, "default rules stay");
    assert!(nsg.remove("r7").is_some() && nsg.get("r7").is_none());
}

#[test]
fn t53_t54_t62_both_groups_must_allow() {
    let routes = subnet("10.0.0.0/16", "");
    let check = |vector, nsgs: PortNsgs<'_>, direction, text, expected: &[(NsgLevel, &str)]| {
        let verdict = nsgs.evaluate(direction, &flow(text), Tags::of(&routes));
        let stage =
            |(level, v): &(NsgLevel, NsgVerdict)| (*level, format!("{} {}", v.access.code(), v.rule().unwrap().name));
        let found: Vec<_> = verdict.stages.iter().map(stage).collect();
        let expected: Vec<_> = expected.iter().map(|(level, text)| (*level, (*text).to_owned())).collect();
        assert_eq!(found, expected, "{vector}");
        assert_eq!(verdict.allows(), found.iter().all(|(_, text)| text.starts_with("Allow")), "{vector}");
        assert_eq!(verdict.denied_by().is_some(), !verdict.allows(), "{vector}");
    };
    let defaults = Nsg::new("defaults");
    let closed = group(&[rule("deny_all 100 In Deny *", "*", "*", "*")]);
    let web = group(&[rule("web 500 In Allow Tcp", "Internet", "*", "80")]);
    let no_web = group(&[rule("no_web 100 Out Deny Tcp", "*", "*", "80")]);
    let inside = "tcp 10.0.1.4:5000 10.0.0.4:80";
    let outside = "tcp 203.0.113.9:5000 10.0.0.4:80";
    let both = |subnet, nic| PortNsgs { subnet: Some(subnet), nic: Some(nic) };
    check("T52 no NSG", PortNsgs::default(), Inbound, outside, &[]);
    check("T53", both(&closed, &web), Inbound, outside, &[(Subnet, "Deny deny_all")]);
    check("T54", both(&defaults, &no_web), Outbound, inside, &[(Nic, "Deny no_web")]);
    check("T62", both(&defaults, &web), Inbound, outside, &[(Subnet, "Deny DenyAllInBound")]);
    check("inbound order", both(&web, &closed), Inbound, outside, &[(Subnet, "Allow web"), (Nic, "Deny deny_all")]);
    check(
        "outbound order",
        both(&no_web, &defaults),
        Outbound,
        inside,
        &[(Nic, "Allow AllowVnetOutBound"), (Subnet, "Deny no_web")],
    );
    check("subnet alone", PortNsgs { nic: None, ..both(&web, &web) }, Inbound, outside, &[(Subnet, "Allow web")]);
}
