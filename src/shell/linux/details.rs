//! What `-d` and `-s` add to `ip link`, and the counters of `ifconfig`.
//! Source: iproute2 6.1 `ip/iplink_bridge.c`, `iplink_bridge_slave.c`, `ipaddress.c`; the kernel's defaults as the real
//! command printed them.

use crate::shell::Shell;
use crate::sim::capture::ETHERNET_HEADER_BYTES;
use crate::sim::host::Host;
use crate::sim::host::bridge::AGEING_TIME;
use crate::sim::host::interface::{Interface, InterfaceKind};
use crate::sim::ids::InterfaceId;
use crate::sim::packet::Body;

/// Length of an ARP message.
const ARP_BYTES: usize = 28;

/// What passed an interface, as far as the record has it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Passed {
    pub(super) packets: usize,
    pub(super) bytes: usize,
}

/// In and out.
pub(super) fn passed(shell: &Shell, host: &Host, interface: &Interface) -> (Passed, Passed) {
    let (mut taken, mut sent) = (Passed::default(), Passed::default());
    let world = shell.session().world();
    let Some((id, _)) = world.hosts.iter().find(|(_, h)| h.name == host.name && h.role == host.role) else {
        return (taken, sent);
    };
    let at = InterfaceId { host: id, index: interface.index };
    for turn in shell.session().turns() {
        for seen in turn.record.seen_at(at) {
            let payload = match &seen.frame.body {
                Body::Arp(_) => ARP_BYTES,
                Body::Ip(packet) => usize::from(packet.total_len()),
            };
            // A bridge counts what it takes up without its header. Source: Linux `net/bridge/br_input.c`.
            let bare = interface.kind == InterfaceKind::Bridge && !seen.outgoing;
            let side = if seen.outgoing { &mut sent } else { &mut taken };
            side.packets += 1;
            side.bytes += payload + if bare { 0 } else { ETHERNET_HEADER_BYTES };
        }
    }
    (taken, sent)
}

/// `-s`: as wide as the longest number.
pub(super) fn counters(shell: &Shell, host: &Host, interface: &Interface) -> String {
    let (taken, sent) = passed(shell, host, interface);
    let wide = taken.bytes.max(sent.bytes).to_string().len().max(6);
    let long = taken.packets.max(sent.packets).to_string().len().max(7);
    let side = |name: &str, of: Passed, columns: &str| {
        let (bytes, packets) = (of.bytes, of.packets);
        format!(
            "    {name}: {:>wide$} {:>long$} {columns}           \n    {bytes:>at$} {packets:>long$}      0       0       0       0 \n",
            "bytes",
            "packets",
            at = wide + 4,
        )
    };
    side("RX", taken, "errors dropped  missed   mcast") + &side("TX", sent, "errors dropped carrier collsns")
}

/// `-d`: behind the line with the hardware address.
pub(super) fn of_link(host: &Host, interface: &Interface) -> String {
    const QUEUES: &str =
        "gso_max_size 65536 gso_max_segs 65535 tso_max_size 524280 tso_max_segs 65535 gro_max_size 65536 ";
    let port = interface.master.is_some();
    let loopback = interface.kind == InterfaceKind::Loopback;
    let promiscuous = u8::from(interface.promiscuous) + u8::from(port);
    let mtus = if loopback { "minmtu 0 maxmtu 0" } else { "minmtu 68 maxmtu 65535" };
    let mut text = format!(" promiscuity {promiscuous}  allmulti {} {mtus} ", u8::from(port));
    match interface.kind {
        InterfaceKind::Bridge => text += &of_bridge(interface),
        InterfaceKind::Veth { .. } => text += "\n    veth ",
        InterfaceKind::Loopback | InterfaceKind::Nic(_) => {}
    }
    if port {
        text += &of_port(host, interface);
    }
    let queues = if matches!(interface.kind, InterfaceKind::Veth { .. }) { 2 } else { 1 };
    text + &format!("addrgenmode eui64 numtxqueues {queues} numrxqueues {queues} {QUEUES}")
}

/// The identifier of a bridge, with colons.
fn id(interface: &Interface) -> String {
    format!("8000.{}", interface.mac)
}

fn of_bridge(bridge: &Interface) -> String {
    let ageing = AGEING_TIME.as_millis() / 10;
    let id = id(bridge);
    format!(
        "\n    bridge forward_delay 1500 hello_time 200 max_age 2000 ageing_time {ageing} stp_state 0 priority 32768 vlan_filtering 0 bridge_id {id} designated_root {id} root_port 0 root_path_cost 0 topology_change 0 topology_change_detected 0 hello_timer    0.00 tcn_timer    0.00 topology_change_timer    0.00 gc_timer    0.00 group_fwd_mask 0 group_address 01:80:c2:00:00:00 mcast_snooping 1 no_linklocal_learn 0 mcast_vlan_snooping 0 mcast_router 1 mcast_query_use_ifaddr 0 mcast_querier 0 mcast_hash_elasticity 16 mcast_hash_max 4096 mcast_last_member_count 2 mcast_startup_query_count 2 mcast_last_member_interval 100 mcast_membership_interval 26000 mcast_querier_interval 25500 mcast_query_interval 12500 mcast_query_response_interval 1000 mcast_startup_query_interval 3124 mcast_stats_enabled 0 mcast_igmp_version 2 mcast_mld_version 1 nf_call_iptables 0 nf_call_ip6tables 0 nf_call_arptables 0 "
    )
}

/// Number of a port: the order in which it joined.
pub(super) fn port_number(host: &Host, port: &Interface) -> usize {
    let Some(bridge) = port.master else { return 0 };
    host.ports(bridge).position(|p| p.index == port.index).map_or(0, |at| at + 1)
}

fn of_port(host: &Host, port: &Interface) -> String {
    let number = port_number(host, port);
    let bridge = port.master.and_then(|m| host.interface(m)).map_or_else(String::new, id);
    let on = if port.hairpin { "on" } else { "off" };
    format!(
        "\n    bridge_slave state forwarding priority 32 cost 2 hairpin {on} guard off root_block off fastleave off learning on flood on port_id {:#06x} port_no {number:#x} designated_port {} designated_cost 0 designated_bridge {bridge} designated_root {bridge} hold_timer    0.00 message_age_timer    0.00 forward_delay_timer    0.00 topology_change_ack 0 config_pending 0 proxy_arp off proxy_arp_wifi off mcast_router 1 mcast_fast_leave off mcast_flood on bcast_flood on mcast_to_unicast off neigh_suppress off group_fwd_mask 0 group_fwd_mask_str 0x0 vlan_tunnel off isolated off locked off ",
        0x8000 + number,
        0x8000 + number
    )
}

/// `bridge -d link`: a second line.
pub(super) fn of_bridge_link(port: &Interface) -> String {
    let on = if port.hairpin { "on" } else { "off" };
    format!(
        "    hairpin {on} guard off root_block off fastleave off learning on flood on mcast_flood on bcast_flood on mcast_router 1 mcast_to_unicast off neigh_suppress off vlan_tunnel off isolated off locked off \n"
    )
}

/// Bytes for people. Source: net-tools 2.10 `lib/interface.c` (`ife_print_long`).
pub(super) fn for_people(bytes: usize) -> String {
    const UNITS: [(usize, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match UNITS.iter().find(|(size, _)| bytes >= *size) {
        Some((size, unit)) => format!("{}.{} {unit}", bytes / size, bytes % size * 10 / size),
        None => format!("{bytes}.0 B"),
    }
}
