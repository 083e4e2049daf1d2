//! Steps of every kind: what real runs record, and made-up ones for the rest.

use crate::fixture::*;
use podhop::session::Session;
use podhop::sim::action::{Action, NsgTarget, SysctlName};
use podhop::sim::addr::Mac;
use podhop::sim::engine::probe::{Probe, ProbeProtocol};
use podhop::sim::fabric::nsg::{Access, AddressMatch, Direction, RuleProtocol, SecurityRule};
use podhop::sim::ids::{FrameId, HostId, IfIndex, LineageId, NicId};
use podhop::sim::packet::{Arp, ArpOp, Body, Frame, Icmp, Packet, Payload, TcpFlags, Unreachable};
use podhop::sim::record::decision::Decision;
use podhop::sim::record::{Place, Step};
use podhop::sim::world::World;
use std::net::Ipv4Addr;

pub(super) const POD_A: Ipv4Addr = Ipv4Addr::new(10, 244, 1, 3);
pub(super) const POD_B: Ipv4Addr = Ipv4Addr::new(10, 244, 0, 6);

/// The article's cluster with an NSG on the subnet and a VM beside it.
pub(super) fn lab() -> Session {
    let mut rule = SecurityRule::new("icmp_permit", 200, Direction::Inbound, Access::Allow);
    rule.protocol = RuleProtocol::Icmp;
    rule.source = AddressMatch::prefix("10.244.0.0/16".parse().unwrap());
    let nsg = || "aksnsg".to_owned();
    let to = NsgTarget::Subnet { vnet: "vnet01".into(), subnet: "vlan01".into() };
    let more = [
        Action::CreateNsg { name: nsg(), resource_group: None },
        Action::PutNsgRule { nsg: nsg(), rule },
        Action::AttachNsg { to, nsg: Some(nsg()) },
        subnet("vnet01", "vlan02", "10.0.4.0/24"),
        Action::CreateVm {
            name: "vm1".into(),
            vnet: "vnet01".into(),
            subnet: "vlan02".into(),
            address: None,
            resource_group: None,
        },
    ];
    session(ARTICLE_SEED, article_actions().into_iter().chain(more))
}

pub(super) fn probe(from: &str, to: &str, protocol: ProbeProtocol, ttl: u8) -> Action {
    Action::Send { from: from.into(), to: to.into(), probe: Probe { protocol, ttl, ..Probe::ping() }, count: 1 }
}

/// Sessions in which much happens and much goes wrong.
pub(super) fn runs() -> Vec<Session> {
    let node = |session: &Session| session.world().nodes.values().next().unwrap().name.to_string();
    let run = |actions: Vec<Action>| {
        let mut session = lab();
        for action in actions {
            session.act(action).unwrap();
        }
        session
    };
    let first = format!("node/{}", node(&lab()));
    let detach = Action::AttachRouteTable { vnet: "vnet01".into(), subnet: "vlan01".into(), table: None };
    let tcp = |port| ProbeProtocol::Tcp { port };
    let across = || ping("deploy/nginx/1", "deploy/nginx/2");
    vec![
        run(vec![
            across(),
            ping("deploy/nginx/1", "deploy/nginx/3"),
            across(),
            across(),
            Action::Wait { ms: 400_000 },
            across(),
        ]),
        run(vec![
            probe("deploy/nginx/1", "deploy/nginx/2", tcp(80), 64),
            probe("deploy/nginx/1", "vm/vm1", tcp(22), 64),
        ]),
        run(vec![
            probe("deploy/nginx/1", &first, ProbeProtocol::Udp { port: 9 }, 64),
            ping("deploy/nginx/1", "10.0.0.1"),
        ]),
        run(vec![probe("deploy/nginx/1", "deploy/nginx/2", ProbeProtocol::Icmp, 1), ping("deploy/nginx/1", "8.8.8.8")]),
        run(vec![
            detach,
            across(),
            ping("vm/vm1", "10.0.9.9"),
            ping("vm/vm1", "168.63.129.16"),
            ping("vm/vm1", "vm/vm1"),
        ]),
        run(vec![
            Action::SetSysctl { host: first.clone(), name: SysctlName::IpForward, on: false },
            across(),
            ping("deploy/nginx/1", "deploy/nginx/3"),
        ]),
        run(vec![
            Action::DeletePod { name: lab().world().pods.values().last().unwrap().name.to_string() },
            Action::Settle,
        ]),
        run(vec![Action::DeleteNode { name: node(&lab()) }, Action::Settle]),
    ]
}

pub(super) fn mac(last: u8) -> Mac {
    Mac([0x02, 0, 0, 0, 0, last])
}

pub(super) fn frame(body: Body) -> Frame {
    Frame { id: FrameId(0), lineage: LineageId(0), src: mac(1), dst: mac(2), body }
}

pub(super) fn packet(payload: Payload) -> Frame {
    frame(Body::Ip(Packet::new(POD_A, POD_B, payload)))
}

pub(super) fn echo() -> Frame {
    packet(Payload::Icmp(Icmp::EchoRequest { ident: 488, seq: 1, len: 56 }))
}

pub(super) fn arp() -> Frame {
    let (sender_ip, target_ip) = (POD_A, Ipv4Addr::new(10, 244, 1, 1));
    frame(Body::Arp(Arp { op: ArpOp::Request, sender_mac: mac(1), sender_ip, target_mac: Mac::ZERO, target_ip }))
}

/// One frame of each kind of packet.
pub(super) fn frames() -> Vec<Frame> {
    let quote =
        Packet::new(POD_A, POD_B, Payload::Icmp(Icmp::EchoRequest { ident: 1, seq: 1, len: 56 })).quote().unwrap();
    let tcp = |flags| Payload::Tcp { src_port: 32768, dst_port: 80, flags, seq: 0, ack: 0 };
    let flags = [TcpFlags::Syn, TcpFlags::SynAck, TcpFlags::Ack, TcpFlags::Rst, TcpFlags::RstAck];
    let icmp = [
        Icmp::EchoRequest { ident: 1, seq: 1, len: 56 },
        Icmp::EchoReply { ident: 1, seq: 1, len: 56 },
        Icmp::TimeExceeded { quote: quote.clone() },
        Icmp::Unreachable { code: Unreachable::Host, quote },
    ];
    let mut all: Vec<Frame> = flags.into_iter().map(|f| packet(tcp(f))).collect();
    all.extend(icmp.into_iter().map(|i| packet(Payload::Icmp(i))));
    all.push(packet(Payload::Udp { src_port: 32768, dst_port: 53, len: 20 }));
    all
}

/// Places in the lab: the first node with its bridge, a port of it and its NIC.
#[derive(Clone, Copy)]
pub(super) struct Spots {
    pub(in crate::text) host: HostId,
    pub(in crate::text) bridge: IfIndex,
    pub(in crate::text) port: IfIndex,
    pub(in crate::text) eth0: IfIndex,
    pub(in crate::text) nic: NicId,
    /// Number of the policy in force.
    pub(in crate::text) policy: u32,
}

impl Spots {
    pub(in crate::text) fn of(world: &World) -> Self {
        let node = world.nodes.values().next().unwrap();
        let host = world.hosts.get(node.host).unwrap();
        let bridge = host.interface_named("cbr0").unwrap().index;
        let port = host.ports(bridge).next().unwrap().index;
        let eth0 = host.interface_named("eth0").unwrap().index;
        Self { host: node.host, bridge, port, eth0, nic: node.nic, policy: world.policy_generation }
    }

    pub(in crate::text) fn at_host(self, decision: Decision) -> Step {
        step(Place::Host(self.host), Some(self.port), decision, Some(echo()))
    }

    pub(in crate::text) fn at_port(self, decision: Decision) -> Step {
        step(Place::Port(self.nic), None, decision, Some(echo()))
    }
}

pub(super) fn step(at: Place, dev: Option<IfIndex>, decision: Decision, frame: Option<Frame>) -> Step {
    Step {
        time: podhop::sim::time::Time(0),
        at,
        dev,
        frame: frame.as_ref().map(|f| f.id),
        decision,
        before: frame.clone(),
        after: frame,
        world: None,
    }
}
