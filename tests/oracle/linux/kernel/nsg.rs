//! Network security groups as iptables rules. A port's flows are bits of the connection's mark: the bit of a port is
//! set when its groups let the first packet of the flow pass, in either direction.

use super::fabric::port;
use ipnet::Ipv4Net;
use podhop::sim::fabric::nic::Nic;
use podhop::sim::fabric::nsg::{
    Access, AddressMatch, Direction, HOST_ADDRESS, METADATA_ADDRESS, Nsg, PortMatch, PortRange, RuleProtocol,
    SecurityRule, ServiceTag,
};
use podhop::sim::ids::{NsgId, SubnetId};
use podhop::sim::world::World;
use std::fmt::Write;

/// Space that the internet does not route. Source: RFC 6890, without its documentation prefixes.
const NOT_PUBLIC: [&str; 9] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "224.0.0.0/4",
    "240.0.0.0/4",
];

/// What opens a flow at a port. An answer whose question went another way opens none, as in the simulator: no source says
/// what Azure does with it.
const BEGINS: [&str; 4] = [
    "-p tcp --tcp-flags SYN,RST,ACK SYN",
    "-p tcp --tcp-flags SYN,RST,ACK ACK",
    "-p icmp --icmp-type echo-request",
    "-p udp",
];

/// Rules for every port, also where no group is attached: a group that comes later finds the flows that there are.
pub(super) fn append(text: &mut String, world: &World) {
    // Azure remembers a flow by its five values. The kernel tracks the handshake as well, and has no flow for the ACK of
    // one whose SYN-ACK went another way.
    writeln!(text, "-A FORWARD -p tcp --tcp-flags SYN,RST,ACK ACK -m conntrack --ctstate INVALID -j ACCEPT").unwrap();
    for direction in [Direction::Outbound, Direction::Inbound] {
        for (bit, (id, nic)) in world.nics.iter().enumerate() {
            let side = if direction == Direction::Outbound { "-i" } else { "-o" };
            let (name, mark) = (format!("{}{}", direction.code(), id.0), 1u32 << bit);
            writeln!(text, ":{name} -\n-A FORWARD {side} {} -j {name}", port(id)).unwrap();
            writeln!(text, "-A {name} -m connmark --mark {mark:#x}/{mark:#x} -j RETURN").unwrap();
            for subnet in nic.subnets().into_iter().skip(1) {
                let chain = format!("{name}c{}", subnet.0);
                writeln!(text, ":{chain} -\n-A {name}{} -g {chain}", container(nic, subnet, direction)).unwrap();
                stages(text, &chain, mark, world, (None, subnet), direction);
            }
            stages(text, &name, mark, world, (nic.nsg, nic.subnet), direction);
        }
    }
}

/// The guest's addresses that are of another subnet than its NIC.
fn container(nic: &Nic, subnet: SubnetId, direction: Direction) -> String {
    let own = nic.configs.iter().filter(|c| c.subnet == subnet).map(|c| Ipv4Net::from(c.address));
    side(if direction == Direction::Outbound { "-s" } else { "-d" }, &own.collect::<Vec<_>>())
}

/// The groups of a NIC and of a subnet, one after the other; a packet that passes both opens a flow.
fn stages(
    text: &mut String,
    name: &str,
    mark: u32,
    world: &World,
    (of_nic, subnet): (Option<NsgId>, SubnetId),
    direction: Direction,
) {
    let mut groups = vec![of_nic, world.subnets.get(subnet).unwrap().nsg];
    if direction == Direction::Inbound {
        groups.reverse();
    }
    for (stage, group) in groups.into_iter().flatten().enumerate() {
        let chain = format!("{name}s{stage}");
        writeln!(text, ":{chain} -\n-A {name} -j {chain}").unwrap();
        group_rules(text, &chain, world, subnet, world.nsgs.get(group).unwrap(), direction);
    }
    for begins in BEGINS {
        writeln!(text, "-A {name} {begins} -j CONNMARK --or-mark {mark:#x}").unwrap();
    }
}

fn group_rules(text: &mut String, chain: &str, world: &World, subnet: SubnetId, group: &Nsg, direction: Direction) {
    // In the order that Azure's documentation gives, whatever order the simulator keeps them in.
    let mut rules: Vec<_> = group.rules(direction).collect();
    rules.sort_by_key(|rule| rule.priority);
    for rule in rules {
        // The platform's services are outside the groups, and no packet reaches them here.
        let target = if rule.access == Access::Allow { "RETURN" } else { "DROP" };
        let sides = [addresses(world, subnet, &rule.source), addresses(world, subnet, &rule.destination)];
        let [Some(sources), Some(destinations)] = sides else { continue };
        for transport in transports(rule) {
            writeln!(text, "-A {chain}{}{}{transport} -j {target}", side("-s", &sources), side("-d", &destinations))
                .unwrap();
        }
    }
}

fn side(flag: &str, prefixes: &[Ipv4Net]) -> String {
    if prefixes.contains(&Ipv4Net::default()) {
        return String::new();
    }
    let list: Vec<String> = prefixes.iter().map(Ipv4Net::to_string).collect();
    format!(" {flag} {}", list.join(","))
}

/// The prefixes of one side; `None` where there are none and the rule can never match.
fn addresses(world: &World, subnet: SubnetId, side: &AddressMatch) -> Option<Vec<Ipv4Net>> {
    let list = match side {
        AddressMatch::Any => vec![Ipv4Net::default()],
        AddressMatch::Prefixes(list) => list.to_vec(),
        AddressMatch::Tag(tag) => tag_prefixes(world, subnet, *tag),
    };
    (!list.is_empty()).then_some(list)
}

fn tag_prefixes(world: &World, subnet: SubnetId, tag: ServiceTag) -> Vec<Ipv4Net> {
    let subnet = world.subnets.get(subnet).unwrap();
    let own = world.vnets.get(subnet.vnet).unwrap().prefixes.to_vec();
    match tag {
        ServiceTag::VirtualNetwork => {
            let table = subnet.route_table.and_then(|id| world.route_tables.get(id));
            let routes = table.iter().flat_map(|t| t.routes()).map(|r| r.prefix);
            own.into_iter().chain(routes).chain([Ipv4Net::from(HOST_ADDRESS)]).collect()
        }
        ServiceTag::Internet => {
            let closed = NOT_PUBLIC.iter().map(|n| n.parse().unwrap()).chain([Ipv4Net::from(HOST_ADDRESS)]);
            outside(&closed.chain(own).collect::<Vec<_>>(), Ipv4Net::default())
        }
        ServiceTag::AzureLoadBalancer | ServiceTag::AzurePlatformDns => vec![HOST_ADDRESS.into()],
        ServiceTag::AzurePlatformImds => vec![METADATA_ADDRESS.into()],
    }
}

/// The part of `space` that none of the prefixes holds, as prefixes.
fn outside(closed: &[Ipv4Net], space: Ipv4Net) -> Vec<Ipv4Net> {
    if closed.iter().any(|c| c.contains(&space)) {
        return Vec::new();
    }
    if !closed.iter().any(|c| space.contains(c)) {
        return vec![space];
    }
    space.subnets(space.prefix_len() + 1).unwrap().flat_map(|half| outside(closed, half)).collect()
}

/// Protocol and ports, once for each combination.
fn transports(rule: &SecurityRule) -> Vec<String> {
    let protocols: &[&str] = match rule.protocol {
        RuleProtocol::Tcp => &["tcp"],
        RuleProtocol::Udp => &["udp"],
        RuleProtocol::Icmp => return vec![" -p icmp".to_owned()],
        RuleProtocol::Esp => return vec![" -p esp".to_owned()],
        RuleProtocol::Ah => return vec![" -p ah".to_owned()],
        RuleProtocol::Any if all(&rule.source_ports) && all(&rule.destination_ports) => return vec![String::new()],
        // A packet without ports fits no rule that names some.
        RuleProtocol::Any => &["tcp", "udp"],
    };
    let (sources, destinations) = (ports(&rule.source_ports), ports(&rule.destination_ports));
    let mut words = Vec::new();
    for protocol in protocols {
        for source in &sources {
            for destination in &destinations {
                words.push(format!(
                    " -p {protocol} -m {protocol} --sport {}:{} --dport {}:{}",
                    source.first, source.last, destination.first, destination.last
                ));
            }
        }
    }
    words
}

fn all(ports: &PortMatch) -> bool {
    match ports {
        PortMatch::Any => true,
        PortMatch::Ranges(ranges) => ranges.contains(&PortRange::ALL),
    }
}

fn ports(ports: &PortMatch) -> Vec<PortRange> {
    match ports {
        PortMatch::Any => vec![PortRange::ALL],
        PortMatch::Ranges(ranges) => ranges.to_vec(),
    }
}
