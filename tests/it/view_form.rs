//! Forms: what is typed, what it means, and what is said about it while it is typed.

use crate::fixture::*;
use podhop::session::Session;
use podhop::sim::action::Action;
use podhop::sim::action::error::ActionError;
use podhop::view::form::{FieldError, FieldId, FormKind, Input, Problem, Values, check, find, free_prefix, suggest};

fn values(pairs: &[(FieldId, &str)]) -> Values {
    pairs.iter().map(|(id, text)| (*id, (*text).to_owned())).collect()
}

/// Codes of the faults of a form, each with its fields, when these values stand among the suggested ones.
fn faults(session: &Session, kind: FormKind, typed: &[(FieldId, &str)]) -> Vec<String> {
    let mut all = suggest(kind, session.world(), &values(typed));
    for (id, text) in typed {
        all.set(*id, *text);
    }
    let result = check(session, kind, &all);
    assert_eq!(result.action.is_none(), !result.faults.is_empty(), "{kind:?} {typed:?}");
    let code = |p: &Problem| match p {
        Problem::Field(error) => error.code(),
        Problem::Action(error) => error.code(),
    };
    let line = |fields: &[FieldId]| fields.iter().map(|f| f.code()).collect::<Vec<_>>().join("+");
    result.faults.iter().map(|f| format!("{}: {}", line(&f.fields), code(&f.problem))).collect()
}

fn vnet_only() -> Session {
    session(1, article_actions().into_iter().take(2))
}

#[test]
fn suggestions_of_every_form_can_be_done() {
    let mut session = article();
    session.act(Action::CreateRouteTable { name: "rt".into(), resource_group: None }).unwrap();
    session.act(Action::CreateNsg { name: "nsg".into(), resource_group: None }).unwrap();
    // A second cluster needs a subnet of its own.
    session.act(subnet("vnet01", "vlan02", "10.0.4.0/22")).unwrap();
    for kind in FormKind::ALL {
        let suggested = suggest(kind, session.world(), &Values::default());
        assert_eq!(check(&session, kind, &suggested).faults, [], "{kind:?} {suggested:?}");
    }
}

#[test]
fn suggestions_follow_from_what_is_there() {
    let session = article();
    let value =
        |kind, preset: &[(FieldId, &str)], id| suggest(kind, session.world(), &values(preset)).get(id).to_owned();
    for (kind, preset, id, wanted) in [
        (FormKind::Vnet, &[][..], FieldId::Name, "vnet02"),
        (FormKind::Vnet, &[], FieldId::Prefixes, "10.1.0.0/16"),
        (FormKind::Subnet, &[], FieldId::Vnet, "vnet01"),
        (FormKind::Subnet, &[], FieldId::Name, "vlan02"),
        (FormKind::Subnet, &[], FieldId::Prefix, "10.0.4.0/22"),
        (FormKind::Cluster, &[], FieldId::PodCidr, "10.245.0.0/16"),
        (FormKind::Cluster, &[(FieldId::ServiceCidr, "172.20.0.0/16")], FieldId::DnsIp, "172.20.0.10"),
        (FormKind::Deployment, &[], FieldId::Name, "web01"),
        (FormKind::ScaleDeployment, &[], FieldId::Replicas, "3"),
        (FormKind::ScalePool, &[], FieldId::Nodes, "2"),
        (FormKind::Masquerade, &[], FieldId::Keep, "10.244.0.0/16, 10.0.0.0/22"),
        (FormKind::Link, &[], FieldId::Dev, "eth0"),
    ] {
        assert_eq!(value(kind, preset, id), wanted, "{kind:?} {id:?}");
    }
}

#[test]
fn faults_stand_at_their_fields() {
    use FieldId as F;
    let before = vnet_only();
    let article = article();
    for (session, kind, typed, wanted) in [
        (&before, FormKind::Vnet, &[(F::Name, "")][..], &["name: empty"][..]),
        (&before, FormKind::Vnet, &[(F::Name, "a b")], &["name: bad-name"]),
        (&before, FormKind::Vnet, &[(F::Name, "vnet01")], &["name: exists"]),
        (&before, FormKind::Vnet, &[(F::Prefixes, "10.1.0.0")], &["prefixes: no-length"]),
        (&before, FormKind::Vnet, &[(F::Prefixes, "10.1.0.0/33")], &["prefixes: prefix-length"]),
        (&before, FormKind::Vnet, &[(F::Prefixes, "10.1.2.3/16")], &["prefixes: vnet"]),
        (&before, FormKind::Subnet, &[(F::Prefix, "10.0.0.0/24")], &["prefix: vnet"]),
        (&before, FormKind::Subnet, &[(F::Prefix, "10.9.0.0/24")], &["prefix: vnet"]),
        (&before, FormKind::Subnet, &[(F::Prefix, "10.0.8.0/30")], &["prefix: vnet"]),
        (&before, FormKind::Subnet, &[(F::Prefix, "ten")], &["prefix: not-prefix"]),
        (&before, FormKind::Vm, &[(F::Address, "10.0.0.1")], &["address: PrivateIPAddressInReservedRange"]),
        (&before, FormKind::Vm, &[(F::Address, "10.0.9.9")], &["address: PrivateIPAddressNotInSubnet"]),
        (&before, FormKind::Cluster, &[(F::PodCidr, "10.244.0.0/25")], &["pod-cidr: pod-cidr-too-small"]),
        (&before, FormKind::Cluster, &[(F::PodCidr, "10.244.1.0/16")], &["pod-cidr: pod-cidr-unaligned"]),
        (&before, FormKind::Cluster, &[(F::PodCidr, "172.30.0.0/16")], &["pod-cidr: range-reserved"]),
        (&before, FormKind::Cluster, &[(F::PodCidr, "10.0.0.0/16")], &["pod-cidr+subnet: ranges-overlap"]),
        (&before, FormKind::Cluster, &[(F::MaxPods, "9")], &["max-pods: out-of-range"]),
        (&before, FormKind::Cluster, &[(F::Nodes, "1"), (F::MaxPods, "20")], &["nodes+max-pods: pool-too-small"]),
        (&before, FormKind::Cluster, &[(F::DnsIp, "172.16.1.1")], &["dns-ip: dns-service-ip-first"]),
        (&article, FormKind::Cluster, &[(F::Subnet, "vnet01/vlan01")], &["subnet: subnet-has-cluster"]),
        (&article, FormKind::ScalePool, &[(F::Nodes, "0")], &["nodes: out-of-range"]),
        (&article, FormKind::Deployment, &[(F::Name, "Nginx")], &["name: bad-name"]),
        (&article, FormKind::Send, &[(F::From, "pod/none")], &["from: not-found"]),
        (&article, FormKind::Send, &[(F::To, "pod/none")], &["to: not-found"]),
        // A name may be part of another one, which is not to blame for it.
        (&article, FormKind::Send, &[(F::To, "node/n")], &["to: not-found"]),
        (&article, FormKind::Send, &[(F::Ttl, "0")], &["ttl: out-of-range"]),
        (&article, FormKind::Send, &[(F::Transport, "tcp"), (F::Port, "")], &["port: empty"]),
        (&article, FormKind::Link, &[(F::Dev, "eth9")], &["dev: not-found"]),
        (&article, FormKind::DeleteHostRoute, &[(F::Prefix, "198.51.100.0/24")], &["prefix: not-found"]),
        (&article, FormKind::Rule, &[], &["nsg: not-chosen"]),
        (&article, FormKind::Wait, &[(F::Seconds, "86401")], &["seconds: out-of-range"]),
    ] {
        assert_eq!(faults(session, kind, typed), wanted, "{kind:?} {typed:?}");
    }
}

#[test]
fn every_fault_is_found_at_once() {
    use FieldId as F;
    let typed = [(F::Name, "my cluster"), (F::PodCidr, "10.0.0.0/16"), (F::ServiceCidr, "10.0.0.0/8"), (F::Nodes, "0")];
    assert_eq!(
        faults(&vnet_only(), FormKind::Cluster, &typed),
        [
            "nodes: out-of-range",
            "name: bad-name",
            "service-cidr: service-cidr-too-large",
            "pod-cidr+subnet: ranges-overlap",
        ]
    );
}

#[test]
fn a_fault_has_a_value_that_would_do() {
    use FieldId as F;
    let session = vnet_only();
    let typed = suggest(FormKind::Subnet, session.world(), &Values::default()).with(F::Prefix, "10.0.1.0/24");
    let result = check(&session, FormKind::Subnet, &typed);
    let [fault] = result.faults.as_slice() else { panic!("{result:?}") };
    assert_eq!(fault.fix, Some((F::Prefix, "10.0.4.0/22".to_owned())));
    assert!(matches!(fault.problem, Problem::Action(ActionError::Vnet(_))));
}

#[test]
fn a_field_that_is_not_shown_is_not_judged() {
    let session = article();
    let mut typed = suggest(FormKind::Send, session.world(), &Values::default()).with(FieldId::Port, "nonsense");
    assert_eq!(check(&session, FormKind::Send, &typed).faults, []);
    typed.set(FieldId::Transport, "udp");
    let result = check(&session, FormKind::Send, &typed);
    assert_eq!(result.faults[0].problem, Problem::Field(FieldError::NotNumber));
}

#[test]
fn the_first_packet_goes_from_node_to_node() {
    let session = article();
    let typed = suggest(FormKind::Send, session.world(), &Values::default());
    let (all, count) = find(Input::Endpoint, session.world(), "", 100);
    assert_eq!(count, all.len());
    let node = |id| all.iter().find(|c| c.value == typed.get(id)).map(|c| c.node.clone()).unwrap();
    assert_ne!(node(FieldId::From), node(FieldId::To));
    assert!(all.iter().take(3).all(|c| c.value.starts_with("pod/nginx-")), "{all:?}");
    let (found, count) = find(Input::Endpoint, session.world(), "nginx", 2);
    assert_eq!((found.len(), count), (2, 3));
}

/// What a rule can name is found by its value as by what it stands for.
#[test]
fn addresses_for_a_rule() {
    let session = article();
    for (typed, value, about) in [
        ("", "*", ""),
        ("virtualn", "VirtualNetwork", ""),
        ("vlan01", "10.0.0.0/22", "vlan01"),
        ("10.244.1.0", "10.244.1.0/24", "vmss000000"),
        ("node/", "10.0.0.4", "vmss000000"),
    ] {
        let (found, _) = find(Input::RuleAddresses, session.world(), typed, 1);
        assert!(found[0].value.ends_with(value) && found[0].about.ends_with(about), "{typed}: {found:?}");
    }
    assert_eq!(find(Input::Prefix, session.world(), "", 10), (Vec::new(), 0));
}

#[test]
fn free_prefixes() {
    let net = |text: &str| text.parse().unwrap();
    for (space, taken, length, wanted) in [
        ("10.0.0.0/16", &[][..], 24, Some("10.0.0.0/24")),
        ("10.0.0.0/16", &["10.0.0.0/22"], 24, Some("10.0.4.0/24")),
        ("10.0.0.0/16", &["10.0.0.0/29"], 22, Some("10.0.4.0/22")),
        ("10.0.0.0/24", &["10.0.0.0/25", "10.0.0.128/25"], 29, None),
        ("255.255.255.0/24", &["255.255.255.0/25"], 25, Some("255.255.255.128/25")),
        ("10.0.0.0/24", &[], 16, None),
    ] {
        let taken: Vec<_> = taken.iter().map(|t| net(t)).collect();
        assert_eq!(free_prefix(net(space), &taken, length), wanted.map(net), "{space} /{length}");
    }
}

/// A form offers the recipe's own default. Source: azure.md 9.1.
#[test]
fn pods_of_a_node_by_network() {
    for (network, pods) in
        [("kubenet", "110"), ("azure-transparent", "30"), ("azure-bridge", "30"), ("pod-subnet", "250")]
    {
        let values = suggest(FormKind::Cluster, article().world(), &values(&[(FieldId::Network, network)]));
        assert_eq!(values.get(FieldId::MaxPods), pods, "{network}");
    }
}
