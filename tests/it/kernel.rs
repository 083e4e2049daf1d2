//! Where the simulator once differed from the Linux kernel, found by the oracle: each row says what the kernel does.

mod links;

use crate::azure::{bridge, node_address, part_b, pods_on, transparent};
use crate::fixture::*;
use crate::kubenet::{after, dev, error, host, lost, pod_host, record, ttl_seen};
use podhop::sim::action::{Action, FlushTable, HostRoute, HostRouteTarget, NsgTarget};
use podhop::sim::addr::Mac;
use podhop::sim::capture::{encode, points};
use podhop::sim::engine::probe::{Probe, ProbeProtocol};
use podhop::sim::fabric::next_hop::UserNextHop;
use podhop::sim::fabric::route_table::UserRoute;
use podhop::sim::host::bridge::FdbEntry;
use podhop::sim::host::neighbor::{Neighbors, Resolution, TimerOutcome};
use podhop::sim::host::netfilter::TableName;
use podhop::sim::host::netfilter::edit::ChainEdit;
use podhop::sim::ids::IfIndex;
use podhop::sim::mode::azure::PluginVersion;
use podhop::sim::packet::{Frame, Packet, Payload, Protocol, TcpFlags, Unreachable};
use podhop::sim::record::decision::{Decision, DropReason};
use podhop::sim::record::trace::ErrorKind;
use podhop::sim::time::{Span, Time};

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
    let route = HostRoute::new("10.244.1.3/32".parse().unwrap(), HostRouteTarget::Unreachable);
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
        let route = HostRoute::new("10.0.0.99/32".parse().unwrap(), target);
        let session = after(&article(), Action::AddHostRoute { host: "10.0.0.4".into(), route });
        assert_eq!(lost(&after(&session, ping("10.0.0.4", "10.0.0.99"))), (reason, false));
    }
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
    let target = HostRouteTarget::Dev { dev: "cbr0".into(), via: None };
    let route = HostRoute::new("10.0.9.9/32".parse().unwrap(), target);
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

/// `ip route` prints by network address, and of one address the longest prefix first.
#[test]
fn routes_stand_in_the_order_of_the_kernel() {
    let route = HostRoute::new("10.0.0.0/25".parse().unwrap(), HostRouteTarget::Blackhole);
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

/// An entry that is flushed takes its timers along: one that is made anew lives as long as any.
/// Source: Linux `net/core/neighbour.c` (`neigh_destroy`, `neigh_del_timer`).
#[test]
fn a_neighbor_made_anew_has_timers_of_its_own() {
    let (dev, ip, mac) = (IfIndex(2), "10.0.0.9".parse().unwrap(), Mac([2, 0, 0, 0, 0, 9]));
    let mut table = Neighbors::default();
    let learn = |table: &mut Neighbors| {
        table.observe(dev, ip, mac, Time::default(), true);
        assert!(matches!(table.resolve(dev, ip, Time::default()), Resolution::Known { check_later: true, .. }));
        table.generation(dev, ip)
    };
    let before = learn(&mut table);
    table.flush();
    let now = learn(&mut table);
    assert_eq!(table.timer(dev, ip, before, Time::default()), TimerOutcome::Nothing);
    assert_eq!(table.timer(dev, ip, now, Time::default()), TimerOutcome::Probe(mac));
}

/// A node with a bridge to Azure's network whose addresses are forgotten, and two of its pods that know each other.
fn flooding_bridge() -> (podhop::session::Session, [String; 2]) {
    let session = part_b(bridge());
    let node = session.world().nodes.values().next().unwrap().name.to_string();
    let pods: Vec<String> = pods_on(&session, &node).into_iter().take(2).collect();
    let pods: [String; 2] = pods.try_into().unwrap();
    let session = after(&session, ping(&pods[0], &pods[1]));
    let flush = Action::Flush { host: node_address(&session, &node), table: FlushTable::Fdb };
    (after(&session, flush), pods)
}

/// What a bridge floods goes out of its uplink too, where it is for nobody: it does not come back.
/// Source: Linux net/ethernet/eth.c (`eth_type_trans`: `PACKET_OTHERHOST`).
#[test]
fn a_flooded_frame_does_not_come_back_from_azure() {
    let (session, [from, to]) = flooding_bridge();
    let done = after(&session, ping(&from, &to));
    let pod = done.world().host_at(to.parse().unwrap()).unwrap();
    let seen = points::everywhere(record(&done), done.world());
    let requests = seen.iter().filter(|(at, seen)| {
        at.host == pod && !seen.outgoing && seen.frame.body.packet().is_some_and(|p| p.dst.to_string() == to)
    });
    assert_eq!(requests.count(), 1);
}

/// An error about a packet of this host is of that packet's flow, which is in no table yet: RELATED, not INVALID.
/// Source: Linux `net/ipv4/icmp.c` (`icmp_glue_bits`), `net/netfilter/nf_conntrack_core.c` (`nf_conntrack_attach`).
#[test]
fn an_error_is_of_the_flow_that_it_is_about() {
    let session = article();
    for (states, errors) in [("NEW", 1), ("NEW,RELATED", 0), ("NEW,INVALID", 1)] {
        let rule = format!("-m conntrack --ctstate {states} -j REJECT --reject-with icmp-port-unreachable");
        let edit = ChainEdit::Insert { number: None, rule: rule.parse().unwrap() };
        let (host, chain) = ("10.0.0.4".to_owned(), "OUTPUT".to_owned());
        let rejects = after(&session, Action::EditChain { host, table: TableName::Filter, chain, edit });
        let done = after(&rejects, send("10.0.0.4", "8.8.8.8", ProbeProtocol::Icmp, 64));
        let lo = dev(&done, "vmss000000", "lo");
        let seen = points::everywhere(record(&done), done.world());
        let is_error = |frame: &Frame| frame.body.packet().is_some_and(|p| p.quoted().is_some());
        let sent = seen.iter().filter(|(at, seen)| *at == lo && seen.outgoing && is_error(&seen.frame));
        assert_eq!(sent.count(), errors, "{states}");
    }
}

/// A table of iptables begins to count when somebody makes it, whatever passed its hooks before.
#[test]
fn a_table_counts_from_when_it_is_made() {
    let edit =
        |table, chain: &str, edit| Action::EditChain { host: "10.244.1.2".into(), table, chain: chain.into(), edit };
    // From here on the pod tracks its flows.
    let rule = "-m state --state ESTABLISHED -j DROP".parse().unwrap();
    let tracks = after(&article(), edit(TableName::Filter, "FORWARD", ChainEdit::Insert { number: None, rule }));
    let ping = send("10.244.1.2", "10.244.1.3", ProbeProtocol::Icmp, 64);
    let made = edit(TableName::Nat, "POSTROUTING", ChainEdit::Policy { accept: true });
    let done = after(&after(&after(&tracks, ping.clone()), made), ping);
    let pod = done.world().hosts.get(pod_host(&done, "10.244.1.2")).unwrap();
    assert_eq!(["OUTPUT", "POSTROUTING"].map(|chain| pod.netfilter.nat.counter(chain, 0).packets), [1, 1]);
}

/// The copies of a flooded packet belong to one flow, so the reset that answers it ends them all.
/// Source: Linux net/core/skbuff.c (`skb_clone` shares the conntrack entry), `nf_conntrack_core.c`.
#[test]
fn copies_of_a_packet_share_its_flow() {
    for (port, kept) in [(81, 0), (80, 1)] {
        let (session, [from, to]) = flooding_bridge();
        let done = after(&session, send(&from, &to, ProbeProtocol::Tcp { port }, 64));
        let world = done.world();
        let node = world.nodes.values().next().unwrap().host;
        let flows = world.hosts.get(node).unwrap().conntrack.flows(world.now);
        assert_eq!(flows.filter(|f| f.original.dst_port == port).count(), kept, "port {port}");
    }
}

/// Seconds that a flow is kept, and whether it is `ASSURED`: a handshake that was completed is, one datagram and its
/// answer are no stream. Source: Linux `net/netfilter/nf_conntrack_proto_udp.c`, `nf_conntrack_proto_tcp.c`.
#[test]
fn flows_are_kept_as_long_as_the_kernel_keeps_them() {
    let session = article();
    let dns = session.world().pods.values().find(|p| p.name.starts_with("coredns-")).unwrap().address.unwrap();
    for (to, protocol, kept, assured) in [
        ("10.244.0.6".to_owned(), ProbeProtocol::Icmp, 30, false),
        (dns.to_string(), ProbeProtocol::Udp { port: 53 }, 30, false),
        ("10.244.0.6".to_owned(), ProbeProtocol::Tcp { port: 80 }, 432_000, true),
    ] {
        let done = after(&session, send("10.0.0.4", &to, protocol, 64));
        let world = done.world();
        let node = world.hosts.get(host(&done, "vmss000000")).unwrap();
        let flow = node.conntrack.flows(world.now).find(|f| f.original.dst.to_string() == to).unwrap();
        // All of the exchange is over in some milliseconds.
        let for_seconds = (flow.expires - flow.since).as_millis() / 1000;
        assert_eq!((for_seconds, flow.assured, flow.seen_reply), (kept, assured, true), "{protocol:?}");
    }
}

/// An ICMP error about a flow that Azure never saw is judged by its own addresses, as conntrack has no flow for it either.
/// Source: Linux `net/netfilter/nf_conntrack_proto_icmp.c` (`nf_conntrack_inet_error`: invalid).
#[test]
fn an_error_about_an_unknown_flow_has_its_own_addresses() {
    let mut session = article();
    session.act(Action::CreateNsg { name: "nsg1".into(), resource_group: None }).unwrap();
    let to = NsgTarget::Subnet { vnet: "vnet01".into(), subnet: "vlan01".into() };
    session.act(Action::AttachNsg { to, nsg: Some("nsg1".into()) }).unwrap();
    // The node has lost the way to its own pods, so its error goes to Azure, whose route leads back to it.
    session
        .act(Action::DeleteHostRoute { host: "10.0.0.4".into(), dst: "10.244.1.0/24".parse().unwrap(), metric: None })
        .unwrap();
    let done = after(&session, send("10.244.1.3", "10.250.0.1", ProbeProtocol::Tcp { port: 22 }, 1));
    let eth0 = dev(&done, "vmss000000", "eth0");
    let seen = points::everywhere(record(&done), done.world());
    let errors = seen.iter().filter(|(at, seen)| {
        *at == eth0 && !seen.outgoing && seen.frame.body.packet().is_some_and(|p| p.quoted().is_some())
    });
    assert_eq!(errors.count(), 1);
}

/// The reply to a masqueraded packet of a bridged pod is translated back in the bridge and bridged on to the pod, whose
/// neighbour entry is there: no router takes one off its TTL.
/// Source: Linux `net/bridge/br_netfilter_hooks.c` (`br_nf_pre_routing_finish`, `bridged_dnat`).
#[test]
fn a_reply_that_is_translated_back_in_a_bridge_stays_at_layer_2() {
    let mut session = part_b(bridge());
    let (name, vnet, subnet) = ("vm1".to_owned(), "cni-vnet".to_owned(), "vlan01".to_owned());
    session.act(Action::CreateVm { name, vnet, subnet, address: None, resource_group: None }).unwrap();
    session.act(Action::SetMasquerade { cluster: "aks01".into(), keep: Vec::new() }).unwrap();
    let node = session.world().nodes.values().next().unwrap().name.to_string();
    let done = after(&session, ping(&pods_on(&session, &node)[0], "vm/vm1"));
    assert!(record(&done).steps.iter().any(|s| matches!(s.decision, Decision::Translate { .. })));
    assert_eq!(ttl_seen(&done), Some(64));
}

/// Flows are tracked as long as a rule translates; a table without one needs no conntrack.
/// Source: Linux `net/netfilter/xt_MASQUERADE.c` (`masquerade_tg_check`: `nf_ct_netns_get`).
#[test]
fn flows_are_tracked_for_rules_that_translate() {
    let session = part_b(transparent(PluginVersion::Since2022));
    let node = session.world().nodes.values().next().unwrap().name.to_string();
    let (at, pod) = (node_address(&session, &node), pods_on(&session, &node)[0].clone());
    let rules = session.world().hosts.get(host(&session, &node)).unwrap().netfilter.nat.chain("IP-MASQ-AGENT").len();
    let delete = Action::DeleteNatRule { host: at.clone(), chain: "IP-MASQ-AGENT".into(), number: rules };
    for (session, flows) in [(session.clone(), 1), (after(&session, delete), 0)] {
        let done = after(&session, ping(&at, &pod));
        let world = done.world();
        let node = world.hosts.get(host(&done, &node)).unwrap();
        assert_eq!(node.conntrack.flows(world.now).count(), flows);
    }
}

/// Of several answers that come at once the first counts. Source: Linux net/ipv4/arp.c (`arp_process`: `LOCKTIME`).
#[test]
fn the_first_of_two_answers_counts() {
    let (dev, ip) = (IfIndex(2), "10.0.0.9".parse().unwrap());
    let [first, second] = [Mac([2, 0, 0, 0, 0, 1]), Mac([2, 0, 0, 0, 0, 2])];
    for (later, wins) in [(Span::millis(1), first), (Span::millis(1_001), second)] {
        let mut table = Neighbors::default();
        assert_eq!(table.resolve(dev, ip, Time::default()), Resolution::Ask);
        table.confirm(dev, ip, first, Time::default(), Span::secs(30));
        table.confirm(dev, ip, second, Time::default() + later, Span::secs(30));
        assert_eq!(table.get(dev, ip).unwrap().mac, Some(wins), "{later:?}");
    }
}

/// conntrack has seen a packet as soon as it comes in, also where its host then has no way on for it.
/// Source: Linux `net/netfilter/nf_conntrack_core.c` (`nf_conntrack_in`).
#[test]
fn a_reply_that_is_refused_on_its_way_was_seen() {
    let mut session = part_b(transparent(PluginVersion::Since2022));
    let node = session.world().nodes.values().next().unwrap().name.to_string();
    let pods = pods_on(&session, &node);
    let far = session.world().nodes.values().nth(1).unwrap().name.to_string();
    let from = pods_on(&session, &far)[0].clone();
    let dst = format!("{from}/32").parse().unwrap();
    let route = HostRoute::new(dst, HostRouteTarget::Unreachable);
    session.act(Action::AddHostRoute { host: format!("node/{node}"), route }).unwrap();
    let done = after(&session, ping(&from, &pods[0]));
    let flows = &done.world().hosts.get(host(&done, &node)).unwrap().conntrack;
    assert!(flows.flows(done.world().now).any(|f| f.original.protocol == Protocol::Icmp && f.seen_reply));
}

/// A link that goes down takes the flows that were masqueraded by it, and a bridge what it learned. What leaves by a port
/// was masqueraded by its bridge.
/// Source: Linux `net/netfilter/nf_nat_masquerade.c` (`masq_device_event`), `net/bridge/br_netfilter_hooks.c`
/// (`br_nf_post_routing`), `net/bridge/br_stp_if.c` (`br_stp_disable_bridge`).
#[test]
fn a_link_that_goes_down_takes_its_masqueraded_flows() {
    for (session, dev, kept) in [
        (article(), "eth0", 0),
        (article(), "cbr0", 1),
        (part_b(bridge()), "azure0", 0),
        (part_b(bridge()), "eth0", 1),
        (part_b(transparent(PluginVersion::Since2022)), "eth0", 0),
    ] {
        let node = session.world().nodes.values().next().unwrap().name.to_string();
        let at = node_address(&session, &node);
        let pod = pods_on(&session, &node).into_iter().find(|p| *p != at).unwrap();
        let sent = after(&session, send(&pod, "8.8.8.8", ProbeProtocol::Udp { port: 53 }, 64));
        let down = after(&sent, Action::SetLink { host: at, dev: dev.into(), up: false });
        let world = down.world();
        let node = world.hosts.get(host(&down, &node)).unwrap();
        let flows = node.conntrack.flows(world.now).filter(|f| f.original.dst_port == 53);
        assert_eq!(flows.count(), kept, "{dev}");
        let index = node.interface_named(dev).unwrap().index;
        let learned = node.bridges.get(&index).map(|b| b.fdb.values().any(|e| matches!(e, FdbEntry::Learned { .. })));
        assert_ne!(learned, Some(true), "{dev}");
    }
}

/// A masqueraded flow whose packets would leave by another interface is forgotten with the packet; the next one begins
/// a new flow. Source: Linux `net/netfilter/nf_nat_core.c` (`nf_nat_oif_changed`).
#[test]
fn a_masqueraded_flow_does_not_change_its_interface() {
    let session = part_b(transparent(PluginVersion::Since2022));
    let node = session.world().nodes.values().next().unwrap().name.to_string();
    let (at, pods) = (node_address(&session, &node), pods_on(&session, &node));
    let again = || {
        let protocol = ProbeProtocol::Udp { port: 53 };
        let probe = Probe { protocol, from_port: Some(40_000), ..Probe::ping() };
        Action::Send { from: pods[0].clone(), to: "8.8.8.8".into(), probe, count: 1 }
    };
    let flow = |session: &podhop::session::Session| {
        let world = session.world();
        let flows: Vec<_> =
            world.hosts.get(host(session, &node)).unwrap().conntrack.flows(world.now).copied().collect();
        flows.into_iter().find(|f| f.original.src_port == 40_000)
    };
    let first = after(&session, again());
    assert!(flow(&first).unwrap().source_translated());
    let other = session.world().hosts.get(host(&session, &node)).unwrap();
    let veth = other.interfaces.values().find(|i| i.name.starts_with("azv")).unwrap().name.to_string();
    let target = HostRouteTarget::Dev { dev: veth, via: None };
    let route = HostRoute::new("8.8.8.8/32".parse().unwrap(), target);
    let turned = after(&after(&first, Action::AddHostRoute { host: at, route }), again());
    assert_eq!(lost(&turned).0, DropReason::MasqueradedElsewhere);
    assert_eq!(flow(&turned), None);
    assert_eq!(error(&after(&turned, again())).0, ErrorKind::Unreachable(Unreachable::Host));
}

/// Rules count what they decide: the packets that begin flows, with the whole of their length. A packet that is too big
/// for its own link is refused before it meets a rule. Counters move with their rules.
/// Source: Linux `net/netfilter/nf_nat_core.c` (`nf_nat_inet_fn`), `net/ipv4/ip_output.c` (`__ip_append_data`).
#[test]
fn rules_count_what_they_decide() {
    let session = part_b(transparent(PluginVersion::Since2022));
    let node = session.world().nodes.values().next().unwrap().name.to_string();
    let at = node_address(&session, &node);
    let pod = pods_on(&session, &node)[0].clone();
    let far = node_address(&session, session.world().nodes.values().nth(1).unwrap().name.as_ref());
    let counted = |session: &podhop::session::Session, chain: &str, number: usize| {
        let table = &session.world().hosts.get(host(session, &node)).unwrap().netfilter.nat;
        let counter = table.counter(chain, u16::try_from(number).unwrap());
        (counter.packets, counter.bytes)
    };
    let rules = session.world().hosts.get(host(&session, &node)).unwrap().netfilter.nat.chain("IP-MASQ-AGENT").len();
    let ping = |len, count| Action::Send {
        from: pod.clone(),
        to: "8.8.8.8".into(),
        probe: Probe { len, ..Probe::ping() },
        count,
    };
    let own =
        Action::Send { from: at.clone(), to: "8.8.8.8".into(), probe: Probe { len: 2_000, ..Probe::ping() }, count: 1 };
    for (action, last_rule, policy) in [
        // Three requests of one flow.
        (ping(56, 3), (1, 84), (0, 0)),
        (send(&pod, "8.8.8.8", ProbeProtocol::Udp { port: 53 }, 64), (1, 84), (0, 0)),
        // Within the network: the rule before the last one returns, and the policy accepts.
        (send(&pod, &far, ProbeProtocol::Icmp, 64), (0, 0), (1, 84)),
        (own, (0, 0), (0, 0)),
    ] {
        let before = (counted(&session, "IP-MASQ-AGENT", rules), counted(&session, "POSTROUTING", 0));
        let done = after(&session, action.clone());
        let now = (counted(&done, "IP-MASQ-AGENT", rules), counted(&done, "POSTROUTING", 0));
        let more = |now: (u64, u64), before: (u64, u64)| (now.0 - before.0, now.1 - before.1);
        assert_eq!((more(now.0, before.0), more(now.1, before.1)), (last_rule, policy), "{action:?}");
    }
    let sent = after(&session, ping(56, 1));
    let delete = Action::DeleteNatRule { host: at, chain: "IP-MASQ-AGENT".into(), number: 1 };
    assert_eq!(counted(&after(&sent, delete), "IP-MASQ-AGENT", rules - 1), counted(&sent, "IP-MASQ-AGENT", rules));
}
