//! The namespace that plays Azure's network: one port for each NIC, a routing table for each subnet, the groups as
//! iptables rules. The kernel's own longest prefix match and conntrack decide here, none of the simulator's code.

use super::guest::{neighbor_timers, quiet};
use super::netns::Netns;
use super::nsg;
use podhop::sim::addr::Mac;
use podhop::sim::fabric::effective_routes::{EffectiveRoute, NextHop, RouteSource};
use podhop::sim::fabric::nic::Nic;
use podhop::sim::ids::{HostId, NicId, SubnetId, VnetId};
use podhop::sim::world::World;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::Ipv4Addr;

/// Where everything goes that Azure drops: a link, since a route that drops would not answer ARP either.
const SINK: &str = "sink";

#[derive(Debug)]
pub(crate) struct Fabric {
    netns: Netns,
}

pub(crate) fn port(nic: NicId) -> String {
    format!("f{}", nic.0)
}

const fn subnet_table(subnet: SubnetId) -> u32 {
    100 + subnet.0
}

const fn vnet_table(vnet: VnetId) -> u32 {
    1000 + vnet.0
}

impl Fabric {
    /// Builds the network and plugs the NIC of every host into it.
    pub(crate) fn build(world: &World, hosts: &BTreeMap<HostId, Netns>) -> Self {
        let netns = Netns::new();
        let forwarding = [
            ("ipv4/ip_forward", "1"),
            ("ipv4/conf/all/send_redirects", "0"),
            ("ipv4/conf/default/send_redirects", "0"),
            ("ipv4/conf/default/proxy_arp", "1"),
            ("ipv4/conf/default/proxy_arp_pvlan", "1"),
        ];
        let settings = quiet().into_iter().chain(forwarding);
        netns.sysctl(settings.map(|(n, v)| (n.to_owned(), v.to_owned())).collect());
        let mut batch = vec![
            // Without table `local`, which comes with it, the kernel takes no gateway.
            "link set lo up".to_owned(),
            format!("link add {SINK} type veth peer name {SINK}2"),
            format!("link set {SINK} arp off"),
            format!("link set {SINK} up"),
            format!("link set {SINK}2 up"),
        ];
        for (id, nic) in world.nics.iter() {
            plug(&mut batch, world, hosts, id, nic);
        }
        netns.ip(&batch);
        netns.sysctl(world.nics.iter().flat_map(|(id, _)| neighbor_timers(&port(id))).collect());
        let fabric = Self { netns };
        fabric.set(world, Vec::new());
        fabric
    }

    /// Makes routes and groups say what the world says now. Flows stay.
    pub(crate) fn sync(&self, world: &World) {
        let subnets = world.subnets.iter().map(|(id, _)| subnet_table(id));
        let mut batch: Vec<String> = subnets.map(|table| format!("route flush table {table}")).collect();
        batch.push("rule flush".to_owned());
        batch.push("rule add pref 32766 lookup main".to_owned());
        self.set(world, batch);
    }

    fn set(&self, world: &World, mut batch: Vec<String>) {
        batch.push(format!("route replace default dev {SINK}"));
        for (id, vnet) in world.vnets.iter() {
            for (address, nic) in vnet.mappings.iter() {
                batch.push(format!("route replace {address}/32 dev {} table {}", port(*nic), vnet_table(id)));
            }
        }
        for (id, _) in world.subnets.iter() {
            subnet_routes(&mut batch, world, id);
        }
        for (id, nic) in world.nics.iter() {
            port_rules(&mut batch, world, id, nic);
        }
        self.netns.ip(&batch);
        self.netns.feed("arptables-restore", &[], own_arp(world));
        self.netns.feed("iptables-restore", &["-w"], filter(world));
    }
}

fn plug(batch: &mut Vec<String>, world: &World, hosts: &BTreeMap<HostId, Netns>, id: NicId, nic: &Nic) {
    let (port, guest) = (port(id), hosts[&nic.host].id);
    let interface = world.hosts.get(nic.host).and_then(|h| h.interface(nic.dev)).unwrap();
    let (azure, name) = (Mac::AZURE, &interface.name);
    batch.push(format!(
        "link add {port} address {azure} type veth peer name {name} address {} netns {guest}",
        interface.mac
    ));
    batch.push(format!("link set {port} up"));
    for config in nic.configs.iter() {
        batch.push(format!("neigh replace {} lladdr {} dev {port} nud permanent", config.address, nic.mac));
    }
}

/// The tables by which a port's packets are routed: those of the NIC's own subnet, and for the addresses that it has of
/// another subnet those of that one.
fn port_rules(batch: &mut Vec<String>, world: &World, id: NicId, nic: &Nic) {
    let (port, vnet) = (port(id), world.subnets.get(nic.subnet).unwrap().vnet);
    for config in nic.configs.iter().filter(|c| c.subnet != nic.subnet) {
        let from = format!("rule add iif {port} from {}", config.address);
        batch.push(format!("{from} pref 5 lookup {}", subnet_table(config.subnet)));
        batch.push(format!("{from} pref 6 lookup {}", vnet_table(vnet)));
        batch.push(format!("{from} pref 7 lookup main"));
    }
    batch.push(format!("rule add iif {port} pref 10 lookup {}", subnet_table(nic.subnet)));
    batch.push(format!("rule add iif {port} pref 20 lookup {}", vnet_table(vnet)));
}

/// A guest that asks for its own primary address hears nothing.
/// Source: Azure/azure-container-networking `network/bridge_networkclient_linux.go` (`addBridgeRules`).
fn own_arp(world: &World) -> String {
    let mut text = "*filter\n:INPUT ACCEPT\n".to_owned();
    for (id, nic) in world.nics.iter() {
        if let Some(own) = nic.primary() {
            writeln!(text, "-A INPUT -i {} --opcode 1 -d {own} -j DROP", port(id)).unwrap();
        }
    }
    text + "COMMIT\n"
}

/// Every row of the effective routes, with its source as metric: among equal prefixes the kernel takes the lowest.
fn subnet_routes(batch: &mut Vec<String>, world: &World, subnet: SubnetId) {
    let Some(routes) = world.effective_routes(subnet) else { return };
    let vnet = world.subnets.get(subnet).unwrap().vnet;
    for row in routes.rows() {
        batch.push(format!("route replace {} table {}", target(world, vnet, &row), subnet_table(subnet)));
    }
}

fn target(world: &World, vnet: VnetId, row: &EffectiveRoute) -> String {
    let metric = match row.source {
        RouteSource::User => 1,
        RouteSource::VirtualNetworkGateway => 2,
        RouteSource::Default => 3,
    };
    let prefix = row.prefix;
    match row.next_hop {
        // On to the next table, which has the address of every NIC.
        NextHop::VnetLocal | NextHop::VnetPeering => format!("throw {prefix} metric {metric}"),
        NextHop::VirtualAppliance(address) => match world.nic_at(vnet, address) {
            Some(nic) => format!("{prefix} via {address} dev {} onlink metric {metric}", port(nic)),
            None => format!("{prefix} dev {SINK} metric {metric}"),
        },
        NextHop::Internet | NextHop::VirtualNetworkGateway(_) | NextHop::None => {
            format!("{prefix} dev {SINK} metric {metric}")
        }
    }
}

/// The TTL is set up by one before the kernel takes one off; sources and appliances are checked; then the groups.
fn filter(world: &World) -> String {
    let mut text = "*mangle\n-A PREROUTING -j TTL --ttl-inc 1\nCOMMIT\n*filter\n".to_owned();
    for (id, nic) in world.nics.iter() {
        writeln!(text, "-A FORWARD -i {} -m mac ! --mac-source {} -j DROP", port(id), nic.mac).unwrap();
    }
    writeln!(text, "-A FORWARD -o {SINK} -j DROP").unwrap();
    for (id, nic) in world.nics.iter().filter(|(_, nic)| !nic.ip_forwarding) {
        let own: Vec<Ipv4Addr> = nic.configs.iter().map(|c| c.address).collect();
        for (chain, side, flag) in [("SRC", "-i", "-s"), ("DST", "-o", "-d")] {
            writeln!(text, ":{chain}{} -\n-A FORWARD {side} {} -j {chain}{}", id.0, port(id), id.0).unwrap();
            for address in &own {
                writeln!(text, "-A {chain}{} {flag} {address} -j RETURN", id.0).unwrap();
            }
            writeln!(text, "-A {chain}{} -j DROP", id.0).unwrap();
        }
    }
    nsg::append(&mut text, world);
    text.push_str("COMMIT\n");
    text
}
