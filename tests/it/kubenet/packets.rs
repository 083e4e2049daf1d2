//! Errors, drops, masquerade, security groups: who says what, and why.

use super::*;
use crate::fixture::*;
use podhop::sim::action::{Action, HostRoute, HostRouteTarget, NsgTarget, SysctlName};
use podhop::sim::engine::probe::{Probe, ProbeProtocol};
use podhop::sim::fabric::next_hop::UserNextHop;
use podhop::sim::fabric::route_table::UserRoute;
use podhop::sim::packet::Unreachable;
use podhop::sim::record::decision::{Decision, Exit, NsgOutcome};

/// components.md 4.3 and the recorded oracle: who reports what, and from which address.
#[test]
fn icmp_errors() {
    let session = article();
    let probe = |to: &str, probe| Action::Send { from: "10.244.1.3".into(), to: to.into(), probe, count: 1 };
    let ttl = |ttl| Probe { ttl, ..Probe::ping() };
    let udp = Probe { protocol: ProbeProtocol::Udp { port: 9 }, ..Probe::ping() };
    let rows = [
        ("ttl 1", probe("10.244.0.6", ttl(1)), ErrorKind::TimeExceeded, "10.244.1.1"),
        ("ttl 2", probe("10.244.0.6", ttl(2)), ErrorKind::TimeExceeded, "10.0.0.5"),
        ("nobody, same node", probe("10.244.1.99", ttl(64)), ErrorKind::Unreachable(Unreachable::Host), "10.244.1.3"),
        ("nobody, other node", probe("10.244.0.99", ttl(64)), ErrorKind::Unreachable(Unreachable::Host), "10.0.0.5"),
        ("closed UDP port", probe("10.244.0.6", udp), ErrorKind::Unreachable(Unreachable::Port), "10.244.0.6"),
    ];
    for (what, action, kind, from) in rows {
        assert_eq!(error(&after(&session, action)), (kind, from.to_owned()), "{what}");
    }
    assert_eq!(ttl_seen(&after(&session, probe("10.244.0.6", ttl(3)))), Some(62), "ttl 3 arrives");
}

/// components.md 4.3: unreachable and blackhole routes, no route, `ip_forward` off.
#[test]
fn routes_that_refuse() {
    let session = article();
    let add = |target| Action::AddHostRoute {
        host: "10.0.0.4".into(),
        route: HostRoute::new("10.244.0.0/24".parse().unwrap(), target),
    };
    let unreachable = after(&after(&session, add(HostRouteTarget::Unreachable)), ping("10.244.1.3", "10.244.0.6"));
    assert_eq!(error(&unreachable), (ErrorKind::Unreachable(Unreachable::Host), "10.244.1.1".to_owned()));
    let blackhole = after(&after(&session, add(HostRouteTarget::Blackhole)), ping("10.244.1.3", "10.244.0.6"));
    assert_eq!(lost(&blackhole), (DropReason::RouteBlackhole, false));
    let no_default =
        Action::DeleteHostRoute { host: "10.0.0.4".into(), dst: "0.0.0.0/0".parse().unwrap(), metric: None };
    let no_route = after(&after(&session, no_default), ping("10.244.1.3", "10.244.0.6"));
    assert_eq!(error(&no_route), (ErrorKind::Unreachable(Unreachable::Net), "10.244.1.1".to_owned()));
    let off = Action::SetSysctl { host: "10.0.0.5".into(), name: SysctlName::IpForward, on: false };
    let silent = after(&after(&session, off), ping("10.244.1.3", "10.244.0.6"));
    assert_eq!(lost(&silent), (DropReason::ForwardingOff, false));
}

/// T41 to T44, T35, T36 on a built cluster, and what an NSG or a missing route does to it.
#[test]
fn azure_drops() {
    let session = article();
    let nic = |n: &str| session.world().nics.values().find(|x| x.name.contains(n)).unwrap().name.to_string();
    let detach = Action::AttachRouteTable { vnet: "vnet01".into(), subnet: "vlan01".into(), table: None };
    let forwarding_off = Action::SetIpForwarding { nic: nic("vmss000001"), on: false };
    let source_off = Action::SetIpForwarding { nic: nic("vmss000000"), on: false };
    let rows = [
        ("T42 table detached", vec![detach], "10.244.0.6", (DropReason::RouteNone, false)),
        (
            "T43 forwarding off at the next hop",
            vec![forwarding_off],
            "10.244.0.6",
            (DropReason::ApplianceNotForwarding, false),
        ),
        ("forwarding off at the source", vec![source_off], "10.244.0.6", (DropReason::SourceNotOwned, false)),
        ("T35 private address outside", vec![], "172.31.0.100", (DropReason::RouteNone, false)),
        ("T71 ping to the internet", vec![], "8.8.8.8", (DropReason::IcmpNotTranslated, false)),
        ("no such address in the VNet", vec![], "10.0.200.9", (DropReason::NoSuchAddress, false)),
    ];
    for (what, actions, to, expected) in rows {
        let mut broken = session.clone();
        for action in actions {
            broken.act(action).unwrap();
        }
        assert_eq!(lost(&after(&broken, ping("10.244.1.3", to))), expected, "{what}");
    }
}

/// Azure's own services are on the host: no route touches the way to them.
/// Source: MicrosoftDocs/azure-docs, what-is-ip-address-168-63-129-16.md.
#[test]
fn platform_services() {
    let session = article();
    let table = session.world().route_tables.values().next().unwrap().name.to_string();
    let appliance = UserNextHop::VirtualAppliance("10.0.0.5".parse().unwrap());
    for next_hop in [None, Some(UserNextHop::None), Some(appliance)] {
        let mut session = session.clone();
        if let Some(next_hop) = next_hop {
            let route = UserRoute { name: "all".into(), prefix: "0.0.0.0/0".parse().unwrap(), next_hop };
            session.act(Action::PutRoute { table: table.clone(), route }).unwrap();
        }
        for to in ["168.63.129.16", "169.254.169.254"] {
            let done = after(&session, ping("10.244.1.3", to));
            let platform = |d: &Decision| matches!(d, Decision::LeavesAzure { via: Exit::Platform });
            assert!(record(&done).steps.iter().any(|s| platform(&s.decision)), "{to} with {next_hop:?}");
        }
    }
}

/// A subnet's own route table gets the nodes' routes, and keeps its own when the cluster goes.
/// Source: MicrosoftDocs/azure-aks-docs, configure-kubenet.md, "Bring your own subnet and route table".
#[test]
fn a_route_table_that_was_there_before() {
    let own = UserRoute { name: "own".into(), prefix: "10.9.0.0/16".parse().unwrap(), next_hop: UserNextHop::None };
    let mut actions = article_actions();
    let table = || "mine".to_owned();
    actions.splice(
        2..2,
        [
            Action::CreateRouteTable { name: table(), resource_group: None },
            Action::PutRoute { table: table(), route: own },
            Action::AttachRouteTable { vnet: "vnet01".into(), subnet: "vlan01".into(), table: Some(table()) },
        ],
    );
    let mut session = session(ARTICLE_SEED, actions);
    let names = |session: &Session| -> Vec<String> {
        assert_eq!(session.world().route_tables.values().count(), 1);
        let table = session.world().route_tables.values().next().unwrap();
        table.routes().map(|r| r.name.chars().take(4).collect()).collect()
    };
    assert_eq!(names(&session), ["own", "aks-", "aks-"]);
    assert_eq!(ttl_seen(&after(&session, ping("10.244.1.3", "10.244.0.6"))), Some(62));
    session.act(Action::DeleteCluster { name: "aks01".into() }).unwrap();
    assert_eq!(names(&session), ["own"]);
    assert!(session.world().subnets.values().all(|s| s.route_table.is_some()));
}

/// T44, T67: VMs in a subnet without and with the route table; VM to VM keeps its TTL.
#[test]
fn vms() {
    let mut session = article();
    let table = session.world().route_tables.values().next().unwrap().name.to_string();
    for action in [
        subnet("vnet01", "vms", "10.0.4.0/24"),
        subnet("vnet01", "more", "10.0.5.0/24"),
        Action::CreateVm {
            name: "vm1".into(),
            vnet: "vnet01".into(),
            subnet: "vms".into(),
            address: None,
            resource_group: None,
        },
        Action::CreateVm {
            name: "vm2".into(),
            vnet: "vnet01".into(),
            subnet: "more".into(),
            address: None,
            resource_group: None,
        },
    ] {
        session.act(action).unwrap();
    }
    assert_eq!(lost(&after(&session, ping("vm/vm1", "10.244.1.3"))).0, DropReason::RouteNone, "T44 without the table");
    let attach = Action::AttachRouteTable { vnet: "vnet01".into(), subnet: "vms".into(), table: Some(table) };
    let attached = after(&session, attach);
    assert_eq!(ttl_seen(&after(&attached, ping("vm/vm1", "10.244.1.3"))), Some(63), "T44 with the table");
    assert_eq!(ttl_seen(&after(&session, ping("vm/vm1", "vm/vm2"))), Some(64), "T67");
    assert_eq!(lost(&after(&session, ping("vm/vm1", "10.0.4.1"))).0, DropReason::GatewayIsNoHost, "T67 gateway");
}

/// T68 and azure.md 4.9: whose source address a target sees, for both readings of the disputed exemptions.
#[test]
fn masquerade() {
    let mut session = article();
    session.act(subnet("vnet01", "vms", "10.0.4.0/24")).unwrap();
    session
        .act(Action::CreateVm {
            name: "vm1".into(),
            vnet: "vnet01".into(),
            subnet: "vms".into(),
            address: None,
            resource_group: None,
        })
        .unwrap();
    let narrow = Action::SetMasquerade { cluster: "aks01".into(), keep: vec!["10.244.0.0/16".parse().unwrap()] };
    let other = after(&session, narrow);
    let rows = [
        (&session, "vm/vm1", "10.0.0.4", "pod -> VM in another subnet: node"),
        (&session, "10.0.0.5", "10.244.1.3", "pod -> other node, AKS-2031: pod"),
        (&session, "10.244.0.6", "10.244.1.3", "pod -> pod: pod"),
        (&other, "10.0.0.5", "10.0.0.4", "pod -> other node, Microsoft's page: node"),
        (&other, "10.244.0.6", "10.244.1.3", "pod -> pod: pod"),
    ];
    for (session, to, source, what) in rows {
        let done = after(session, ping("10.244.1.3", to));
        let record = record(&done);
        let probe = record.probes().next().unwrap();
        let last = *record.path(probe).last().unwrap();
        assert_eq!(record.steps[last].after.as_ref().unwrap().body.packet().unwrap().src.to_string(), source, "{what}");
        assert!(outcome(&done).is_success(), "{what}: the answer finds its way back");
    }
}

/// TCP: an open port answers, a closed one refuses.
#[test]
fn tcp() {
    let session = article();
    let tcp = |port| Action::Send {
        from: "10.244.1.3".into(),
        to: "10.244.0.6".into(),
        probe: Probe { protocol: ProbeProtocol::Tcp { port }, ..Probe::ping() },
        count: 1,
    };
    assert!(matches!(outcome(&after(&session, tcp(80))), Outcome::Answered { .. }));
    assert!(matches!(outcome(&after(&session, tcp(81))), Outcome::Refused { .. }));
}

/// The rules that let the probe of the last turn pass, in order.
fn rules_passed(session: &Session) -> Vec<String> {
    let record = record(session);
    let steps = record.path(record.probes().next().unwrap());
    let names = steps.iter().filter_map(|i| match &record.steps[*i].decision {
        Decision::Nsg(step) => match &step.outcome {
            NsgOutcome::Evaluated { verdict, .. } => {
                Some(verdict.rule().map_or("bypass".into(), |r| r.name.to_string()))
            }
            NsgOutcome::NoGroup | NsgOutcome::KnownFlow { .. } => None,
        },
        _ => None,
    });
    names.collect()
}

/// T58: a default NSG on the nodes' NICs lets pods talk, since the prefixes of user-defined routes are in
/// `VirtualNetwork`. Without the table they are not, and the packet does not even reach the choice of a route.
#[test]
fn default_nsg_on_the_nics() {
    let mut session = article();
    session.act(Action::CreateNsg { name: "nsg".into(), resource_group: None }).unwrap();
    let nics: Vec<String> = session.world().nics.values().map(|n| n.name.to_string()).collect();
    for nic in nics {
        session.act(Action::AttachNsg { to: NsgTarget::Nic(nic), nsg: Some("nsg".into()) }).unwrap();
    }
    let done = after(&session, ping("10.244.1.3", "10.244.0.6"));
    assert!(outcome(&done).is_success());
    assert_eq!(rules_passed(&done), ["AllowVnetOutBound", "AllowVnetInBound"]);
    let detach = Action::AttachRouteTable { vnet: "vnet01".into(), subnet: "vlan01".into(), table: None };
    let detached = after(&after(&session, detach), ping("10.244.1.3", "10.244.0.6"));
    assert_eq!(lost(&detached), (DropReason::NsgDenied, false));
    assert_eq!(rules_passed(&detached), ["DenyAllOutBound"]);
}

/// An ICMP error about a masqueraded packet finds its way back to the pod, with the pod's own packet quoted.
#[test]
fn errors_come_back_through_masquerade() {
    let mut session = article();
    session.act(subnet("vnet01", "vms", "10.0.4.0/24")).unwrap();
    session
        .act(Action::CreateVm {
            name: "vm1".into(),
            vnet: "vnet01".into(),
            subnet: "vms".into(),
            address: None,
            resource_group: None,
        })
        .unwrap();
    let probe = Probe { protocol: ProbeProtocol::Udp { port: 9 }, ..Probe::ping() };
    let send = Action::Send { from: "10.244.1.3".into(), to: "vm/vm1".into(), probe, count: 1 };
    let done = after(&session, send);
    assert_eq!(error(&done), (ErrorKind::Unreachable(Unreachable::Port), "10.0.4.4".to_owned()));
    let Outcome::Error { error, .. } = outcome(&done) else { unreachable!("checked above") };
    let record = record(&done);
    let last = &record.steps[*record.path(error).last().unwrap()];
    let packet = last.after.as_ref().unwrap().body.packet().unwrap();
    assert_eq!(packet.dst.to_string(), "10.244.1.3");
    assert_eq!(packet.quoted().unwrap().tuple.src.to_string(), "10.244.1.3", "the quote is translated too");
}
