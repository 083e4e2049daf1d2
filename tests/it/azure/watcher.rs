//! Network Watcher and the tables of a NIC: T35, T36, T41, T42, T55 to T57, and which subnet's rules and routes count.

use super::*;
use crate::kubenet::after;
use podhop::sim::action::NsgTarget;
use podhop::sim::fabric::nsg::Direction;
use podhop::sim::fabric::watcher::{Refusal, effective_nsgs, effective_routes, next_hop, test_ip_flow};
use podhop::sim::ids::NicId;
use podhop::sim::packet::{Protocol, Tuple};

fn nic(session: &Session, name: &str) -> NicId {
    session.world().nics.iter().find(|(_, n)| n.name.contains(name)).unwrap().0
}

fn tuple(protocol: Protocol, from: (&str, u16), to: (&str, u16)) -> Tuple {
    Tuple { protocol, src: from.0.parse().unwrap(), src_port: from.1, dst: to.0.parse().unwrap(), dst_port: to.1 }
}

/// A VM at 10.0.0.4 whose subnet has an NSG with the default rules alone.
fn one_vm() -> Session {
    let mut actions = network_of("10.0.0.0/24");
    actions.extend([
        Action::CreateVm {
            name: "vm1".into(),
            vnet: "cni-vnet".into(),
            subnet: "vlan01".into(),
            address: None,
            resource_group: None,
        },
        Action::CreateNsg { name: "nsg".into(), resource_group: None },
        Action::AttachNsg {
            to: NsgTarget::Subnet { vnet: "cni-vnet".into(), subnet: "vlan01".into() },
            nsg: Some("nsg".into()),
        },
    ]);
    session(1, actions)
}

#[test]
fn t55_to_t57_ip_flow_verify() {
    let session = one_vm();
    let vm = nic(&session, "vm1");
    let ask = |direction, flow: Tuple| {
        test_ip_flow(session.world(), vm, direction, &flow).map(|a| format!("{} {}", a.access.code(), a.rule.unwrap()))
    };
    let tcp = |from, to| tuple(Protocol::Tcp, from, to);
    let rows = [
        (
            "T55",
            Direction::Outbound,
            tcp(("10.0.0.4", 5000), ("172.31.0.100", 80)),
            Ok("Deny defaultSecurityRules/DenyAllOutBound"),
        ),
        (
            "T55",
            Direction::Outbound,
            tcp(("10.0.0.4", 5000), ("13.107.21.200", 80)),
            Ok("Allow defaultSecurityRules/AllowInternetOutBound"),
        ),
        (
            "T56",
            Direction::Inbound,
            tcp(("172.31.0.100", 60000), ("10.0.0.4", 80)),
            Ok("Deny defaultSecurityRules/DenyAllInBound"),
        ),
        (
            "T57",
            Direction::Inbound,
            tuple(Protocol::Icmp, ("10.0.0.5", 0), ("10.0.0.4", 0)),
            Err(Refusal::OnlyTcpAndUdp),
        ),
        (
            "not its own",
            Direction::Inbound,
            tcp(("10.0.0.5", 1), ("10.0.0.9", 80)),
            Err(Refusal::NotOfTheNic { address: "10.0.0.9".parse().unwrap() }),
        ),
    ];
    for (what, direction, flow, expected) in rows {
        assert_eq!(ask(direction, flow), expected.map(str::to_owned), "{what}");
    }
    let cluster = part_b(transparent(PluginVersion::Since2022));
    let flow = tcp(("10.0.0.35", 5000), ("10.0.0.4", 80));
    let refused = test_ip_flow(cluster.world(), nic(&cluster, "vmss000000"), Direction::Inbound, &flow);
    assert_eq!(refused.unwrap_err(), Refusal::ScaleSet, "T57");
}

#[test]
fn t35_t36_t41_t42_next_hop() {
    let vm = one_vm();
    let kubenet = article();
    let detach = Action::AttachRouteTable { vnet: "vnet01".into(), subnet: "vlan01".into(), table: None };
    let detached = after(&kubenet, detach);
    let rows = [
        ("T35", &vm, "vm1", "172.31.0.100", "None System Route"),
        ("T36", &vm, "vm1", "13.107.21.200", "Internet System Route"),
        ("T41", &kubenet, "vmss000000", "10.244.0.6", "VirtualAppliance routetable"),
        ("T42", &detached, "vmss000000", "10.244.0.6", "None System Route"),
    ];
    for (what, session, name, dst, expected) in rows {
        let answer = next_hop(session.world(), nic(session, name), "10.0.0.4".parse().unwrap(), dst.parse().unwrap());
        let answer = answer.unwrap();
        let table = answer.route_table.map_or("System Route".to_owned(), |t| t.rsplit('-').next().unwrap().to_owned());
        assert_eq!(format!("{} {table}", answer.next_hop.code()), expected, "{what}");
    }
}

/// A NIC with addresses of two subnets has the routes and rules of both.
#[test]
fn two_subnets_of_one_nic() {
    let mut session = part_c();
    session.act(Action::CreateNsg { name: "pods".into(), resource_group: None }).unwrap();
    let to = NsgTarget::Subnet { vnet: "whkubenet".into(), subnet: "podvlan".into() };
    session.act(Action::AttachNsg { to, nsg: Some("pods".into()) }).unwrap();
    let node = nic(&session, "vmss000000");
    let routes = effective_routes(session.world(), node).unwrap();
    assert_eq!(routes.len(), 2);
    let nsgs = effective_nsgs(session.world(), node).unwrap();
    assert_eq!(nsgs.len(), 1);
    assert_eq!(nsgs[0].2.as_ref(), "pods");
}
