//! Where the simulator once differed from the Linux kernel, found by the oracle: each row says what the kernel does.

use crate::fixture::*;
use crate::kubenet::{after, dev, error, host, lost, pod_host, record};
use podhop::sim::action::{Action, HostRoute, HostRouteTarget};
use podhop::sim::capture::{encode, points};
use podhop::sim::engine::probe::{Probe, ProbeProtocol};
use podhop::sim::fabric::next_hop::UserNextHop;
use podhop::sim::fabric::route_table::UserRoute;
use podhop::sim::packet::{Packet, Payload, Protocol, TcpFlags, Unreachable};
use podhop::sim::record::decision::{Decision, DropReason};
use podhop::sim::record::trace::{ErrorKind, Outcome};

fn send(from: &str, to: &str, protocol: ProbeProtocol, ttl: u8) -> Action {
    Action::Send { from: from.into(), to: to.into(), probe: Probe { protocol, ttl, ..Probe::ping() }, count: 1 }
}

/// Packets of the last turn as their senders made them.
fn originated(session: &podhop::session::Session) -> Vec<Packet> {
    let steps = record(session).steps.iter().filter(|s| matches!(s.decision, Decision::Originate(_)));
    steps.filter_map(|s| s.after.as_ref()?.body.packet().cloned()).collect()
}

/// `IP_TTL` belongs to the socket: the ACK of a handshake has it as the SYN had.
#[test]
fn every_segment_of_a_socket_has_its_ttl() {
    let done = after(&article(), send("10.244.1.3", "10.244.0.6", ProbeProtocol::Tcp { port: 80 }, 5));
    let ack = |p: &&Packet| matches!(p.payload, Payload::Tcp { flags: TcpFlags::Ack, .. });
    assert_eq!(originated(&done).iter().find(ack).unwrap().ttl, 5);
}

/// UDP sockets discover the path MTU unless told otherwise, so their datagrams have DF; echo replies have not.
#[test]
fn answers_of_sockets_have_df() {
    let session = article();
    let dns = session.world().pods.values().find(|p| p.name.starts_with("coredns-")).unwrap().address.unwrap();
    let udp = after(&session, send("10.244.1.3", &dns.to_string(), ProbeProtocol::Udp { port: 53 }, 64));
    assert!(originated(&udp).iter().all(|p| p.protocol() == Protocol::Udp && p.dont_fragment));
    let ping = after(&session, ping("10.244.1.3", "10.244.0.6"));
    let df: Vec<bool> = originated(&ping).iter().map(|p| p.dont_fragment).collect();
    assert_eq!(df, [true, false]);
}

/// An error about an echo reply quotes a reply.
#[test]
fn a_quote_says_whether_it_is_of_a_reply() {
    let route = HostRoute { dst: "10.244.1.3/32".parse().unwrap(), target: HostRouteTarget::Unreachable };
    let session = after(&article(), Action::AddHostRoute { host: "10.0.0.5".into(), route });
    let done = after(&session, ping("10.244.1.3", "10.244.0.6"));
    let mut frames = record(&done).steps.iter().filter_map(|s| s.after.as_ref());
    let error = frames.rfind(|f| f.body.packet().is_some_and(|p| p.quoted().is_some())).unwrap();
    // Ethernet, IPv4, ICMP, the quoted IPv4 header; then the quoted type.
    assert_eq!(encode(error)[14 + 20 + 8 + 20], 0);
}

/// A program whose packet meets a route that refuses is told by that route, not that there is none.
#[test]
fn own_packets_are_refused_by_the_route_that_won() {
    for (target, reason) in [
        (HostRouteTarget::Blackhole, DropReason::RouteBlackhole),
        (HostRouteTarget::Unreachable, DropReason::RouteUnreachable),
    ] {
        let route = HostRoute { dst: "10.0.0.99/32".parse().unwrap(), target };
        let session = after(&article(), Action::AddHostRoute { host: "10.0.0.4".into(), route });
        assert_eq!(lost(&after(&session, ping("10.0.0.4", "10.0.0.99"))), (reason, false));
    }
}

/// A pair carries frames only while both of its ends are up; the bridge above forgets what it had learned there.
#[test]
fn a_link_needs_both_ends() {
    let session = after(&article(), ping("10.244.1.3", "10.244.1.2"));
    let pod = pod_host(&session, "10.244.1.2");
    let mac = session.world().hosts.get(pod).unwrap().interface_named("eth0").unwrap().mac;
    let down = after(&session, Action::SetLink { host: "10.244.1.2".into(), dev: "eth0".into(), up: false });
    let cbr0 = dev(&down, "vmss000000", "cbr0");
    let node = down.world().hosts.get(host(&down, "vmss000000")).unwrap();
    assert_eq!(node.bridges.get(&cbr0.index).unwrap().fdb.get(&mac), None);
    let flushed =
        after(&down, Action::Flush { host: "10.244.1.3".into(), table: podhop::sim::action::FlushTable::Neighbors });
    let done = after(&flushed, ping("10.244.1.3", "10.244.1.2"));
    assert_eq!(error(&done), (ErrorKind::Unreachable(Unreachable::Host), "10.244.1.3".to_owned()));
    let seen = points::everywhere(record(&done), done.world());
    assert!(seen.iter().all(|(at, _)| at.host != pod), "nothing gets to the pod");
    let pod_down = after(&down, ping("10.244.1.2", "10.244.1.3"));
    assert!(matches!(outcome(&pod_down), Outcome::Lost { .. } | Outcome::Error { .. }));
}

fn looped() -> podhop::session::Session {
    let session = article();
    let table = session.world().route_tables.values().next().unwrap().name.to_string();
    let next_hop = UserNextHop::VirtualAppliance("10.0.0.5".parse().unwrap());
    let route = UserRoute { name: "loop".into(), prefix: "10.244.7.0/24".parse().unwrap(), next_hop };
    after(&session, Action::PutRoute { table, route })
}

/// A packet that comes back to the host whose address it has as source is dropped there.
#[test]
fn a_martian_source_is_dropped() {
    assert_eq!(lost(&after(&looped(), ping("10.0.0.5", "10.244.7.7"))), (DropReason::MartianSource, false));
}

/// A capture shows a packet that goes round each time it passes.
#[test]
fn a_capture_shows_every_pass() {
    let done = after(&looped(), ping("10.244.1.3", "10.244.7.7"));
    let eth0 = dev(&done, "vmss000001", "eth0");
    let seen = points::everywhere(record(&done), done.world());
    let out = seen.iter().filter(|(at, seen)| *at == eth0 && seen.outgoing && seen.frame.body.packet().is_some());
    assert_eq!(out.count(), 63, "62 times on, and the error");
}

/// An echo reply whose request was not seen begins no flow, so no rule translates it.
#[test]
fn an_answer_without_its_question_begins_no_flow() {
    let session = article();
    let table = session.world().route_tables.values().next().unwrap().name.to_string();
    let next_hop = UserNextHop::VirtualAppliance("10.0.0.4".parse().unwrap());
    let route = UserRoute { name: "detour".into(), prefix: "10.0.4.0/24".parse().unwrap(), next_hop };
    let mut session = after(&session, Action::PutRoute { table, route });
    session.act(subnet("vnet01", "vms", "10.0.4.0/24")).unwrap();
    let (name, vnet, subnet) = ("vm1".to_owned(), "vnet01".to_owned(), "vms".to_owned());
    session.act(Action::CreateVm { name, vnet, subnet, address: None, resource_group: None }).unwrap();
    let done = after(&session, ping("vm/vm1", "10.0.0.5"));
    // The reply goes to 10.0.0.4, which saw no request, and there round and round.
    let translated = |d: &Decision| matches!(d, Decision::Translate { .. });
    assert!(record(&done).steps.iter().all(|s| !translated(&s.decision)), "no rule gives it another source");
}

/// The error about a masqueraded packet that found no neighbour goes straight to the pod: translated on its way out of
/// the host, it is routed again and not sent to the host itself first.
#[test]
fn a_translated_packet_of_the_host_is_routed_again() {
    let route = HostRoute {
        dst: "10.0.9.9/32".parse().unwrap(),
        target: HostRouteTarget::Dev { dev: "cbr0".into(), via: None },
    };
    let session = after(&article(), Action::AddHostRoute { host: "10.0.0.4".into(), route });
    let narrow = Action::SetMasquerade { cluster: "aks01".into(), keep: vec!["10.244.0.0/16".parse().unwrap()] };
    let done = after(&after(&session, narrow), ping("10.244.1.3", "10.0.9.9"));
    assert_eq!(error(&done), (ErrorKind::Unreachable(Unreachable::Host), "10.244.1.1".to_owned()));
    let pod = pod_host(&done, "10.244.1.3");
    let arrived = points::everywhere(record(&done), done.world()).into_iter().rfind(|(at, seen)| {
        at.host == pod && !seen.outgoing && seen.frame.body.packet().is_some_and(|p| p.quoted().is_some())
    });
    assert_eq!(arrived.unwrap().1.frame.body.packet().unwrap().ttl, 64, "nothing has forwarded it");
}

/// A pod whose link comes up again announces itself (`arp_notify`), so the bridge knows its port at once.
#[test]
fn a_link_that_comes_up_is_announced() {
    let link = |up| Action::SetLink { host: "10.244.1.2".into(), dev: "eth0".into(), up };
    let session = article();
    let pod = pod_host(&session, "10.244.1.2");
    let mac = session.world().hosts.get(pod).unwrap().interface_named("eth0").unwrap().mac;
    let up = after(&after(&after(&session, link(false)), link(true)), Action::Wait { ms: 1 });
    let cbr0 = dev(&up, "vmss000000", "cbr0");
    let node = up.world().hosts.get(host(&up, "vmss000000")).unwrap();
    assert!(node.bridges.get(&cbr0.index).unwrap().fdb.get(&mac).is_some());
}

/// `ip route` prints by network address, and of one address the longest prefix first.
#[test]
fn routes_stand_in_the_order_of_the_kernel() {
    let route = HostRoute { dst: "10.0.0.0/25".parse().unwrap(), target: HostRouteTarget::Blackhole };
    let session = after(&article(), Action::AddHostRoute { host: "10.0.0.5".into(), route });
    let fib = &session.world().hosts.get(host(&session, "vmss000001")).unwrap().fib;
    let shown: Vec<String> = fib.routes().iter().map(|r| r.dst.to_string()).collect();
    assert_eq!(shown[..3], ["0.0.0.0/0", "10.0.0.0/25", "10.0.0.0/22"]);
}

/// A reset that is the first answer to a SYN ends its flow at once: no host on the way keeps one. An answered one stays.
#[test]
fn a_refused_connection_leaves_no_flow() {
    for (port, kept) in [(81, 0), (80, 1)] {
        let done = after(&article(), send("10.244.1.3", "10.244.0.6", ProbeProtocol::Tcp { port }, 64));
        let world = done.world();
        let of = |node: &str| {
            let flows = world.hosts.get(host(&done, node)).unwrap().conntrack.flows(world.now);
            flows.filter(|f| f.original.dst_port == port).count()
        };
        assert_eq!([of("vmss000000"), of("vmss000001")], [kept, kept], "port {port}");
    }
}
