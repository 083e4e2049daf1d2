//! Faults that one press causes, computed from the world as it is, each with its repair. Whether a fault is there is
//! read from the world's own tables, so a fault that somebody made by hand shows as well.

mod exhaust;

use super::target::Target;
use crate::session::Session;
use crate::sim::action::endpoint::resolve;
use crate::sim::action::{Action, HostRoute, HostRouteTarget, NsgTarget, SysctlName};
use crate::sim::cluster::{Cluster, Node};
use crate::sim::control::kubelet::MASQ_CHAIN;
use crate::sim::fabric::network::Subnet;
use crate::sim::fabric::next_hop::UserNextHop;
use crate::sim::fabric::nic::Nic;
use crate::sim::fabric::nsg::{Access, Direction, RuleProtocol, SecurityRule};
use crate::sim::fabric::route_table::UserRoute;
use crate::sim::host::Host;
use crate::sim::host::ebtables::{EbChain, EbMatch, EbRule, EbTarget};
use crate::sim::host::interface::{Interface, InterfaceKind};
use crate::sim::host::netfilter::{Match, Rule, Target as RuleTarget};
use crate::sim::ids::{HostId, IfIndex, NodeId};
use crate::sim::ipam::subnet_pool::Reserved;
use crate::sim::world::World;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// Name of the rule, and of the NSG where the subnet has none, that the fault "deny ICMP" makes.
pub const DENY_RULE: &str = "DenyIcmp";
const DENY_NSG: &str = "nsg-break";

/// Kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BreakKind {
    DetachTable,
    DeleteRoute,
    NicForwarding,
    NodeForwarding,
    DenyIcmp,
    VethDown,
    Eth0Down,
    Masquerade,
    /// The route by which a node reaches one pod.
    PodRoute,
    /// The rule by which frames for one pod find it.
    BridgeRule,
    /// No address is left for the next node, or pod.
    ExhaustSubnet,
    LoseNode,
}

impl BreakKind {
    /// Stable name, by which texts find theirs (`build-break-CODE`, `build-break-CODE-hint`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::DetachTable => "detach-table",
            Self::DeleteRoute => "delete-route",
            Self::NicForwarding => "nic-forwarding",
            Self::NodeForwarding => "node-forwarding",
            Self::DenyIcmp => "deny-icmp",
            Self::VethDown => "veth-down",
            Self::Eth0Down => "eth0-down",
            Self::Masquerade => "masquerade",
            Self::PodRoute => "pod-route",
            Self::BridgeRule => "bridge-rule",
            Self::ExhaustSubnet => "exhaust-subnet",
            Self::LoseNode => "lose-node",
        }
    }
}

/// One fault that can be caused, or repaired if it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    pub kind: BreakKind,
    /// What it breaks, by name.
    pub subject: String,
    pub target: Option<Target>,
    pub is_broken: bool,
    /// Breaks it, or repairs it.
    pub actions: Vec<Action>,
    pub hint: Hint,
}

/// What to look at: which words say it, and the values in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Attribute of the kind's message `build-break-CODE-hint`; empty for the message itself.
    pub case: &'static str,
    pub values: Vec<(&'static str, String)>,
}

impl Hint {
    const PLAIN: Self = Self { case: "", values: Vec::new() };

    const fn case(case: &'static str) -> Self {
        Self { case, values: Vec::new() }
    }

    /// Id of its words.
    pub fn id(&self, kind: BreakKind) -> String {
        format!("build-break-{}-hint{}", kind.code(), self.case)
    }
}

/// The faults of one node and what it depends on. None where there is no such node.
pub fn breaks(session: &Session, node: NodeId) -> Vec<Break> {
    let world = session.world();
    let Some(site) = Site::new(world, node, ends(session)) else { return Vec::new() };
    let all = [
        site.detach_table(),
        site.delete_route(),
        site.nic_forwarding(),
        site.node_forwarding(),
        site.deny_icmp(),
        site.veth_down(),
        site.eth0_down(),
        site.masquerade(),
        site.pod_route(),
        site.bridge_rule(),
        site.exhaust_subnet(),
        Some(site.lose_node(replacement(session))),
    ];
    all.into_iter().flatten().collect()
}

/// The node at which a person would break something: that of the last packet's destination, else the first.
pub fn likely_node(session: &Session) -> Option<NodeId> {
    let world = session.world();
    let by_packet = ends(session)[0];
    let of_host = |host| {
        let pod = world.pods.values().find(|p| p.host == Some(host)).and_then(|p| p.node);
        pod.or_else(|| world.nodes.iter().find(|(_, n)| n.host == host).map(|(id, _)| id))
    };
    by_packet.and_then(of_host).or_else(|| world.nodes.iter().next().map(|(id, _)| id))
}

/// Where the last packet goes, and where it comes from.
fn ends(session: &Session) -> [Option<HostId>; 2] {
    let Some(Action::Send { from, to, .. }) = last_packet(session) else { return [None, None] };
    [to, from].map(|end| resolve(session.world(), end).ok()?.host)
}

/// The packet that was sent last.
pub fn last_packet(session: &Session) -> Option<&Action> {
    session.turns().iter().rev().map(|t| &t.action).find(|a| matches!(a, Action::Send { .. }))
}

/// A node and what is around it.
struct Site<'a> {
    world: &'a World,
    id: NodeId,
    node: &'a Node,
    host: &'a Host,
    nic: &'a Nic,
    cluster: &'a Cluster,
    subnet: &'a Subnet,
    vnet: &'a str,
    /// Where the last packet goes and comes from.
    ends: [Option<HostId>; 2],
}

impl<'a> Site<'a> {
    fn new(world: &'a World, id: NodeId, ends: [Option<HostId>; 2]) -> Option<Self> {
        let node = world.nodes.get(id)?;
        let nic = world.nics.get(node.nic)?;
        let subnet = world.subnets.get(nic.subnet)?;
        let (host, cluster) = (world.hosts.get(node.host)?, world.clusters.get(node.cluster)?);
        Some(Self { world, id, node, host, nic, cluster, subnet, vnet: &world.vnets.get(subnet.vnet)?.name, ends })
    }

    fn endpoint(&self) -> String {
        format!("node/{}", self.node.name)
    }

    fn of_node(&self, kind: BreakKind, is_broken: bool, actions: Vec<Action>) -> Break {
        let (subject, target) = (self.node.name.to_string(), Some(Target::Node(self.id)));
        Break { kind, subject, target, is_broken, actions, hint: Hint::PLAIN }
    }

    fn detach_table(&self) -> Option<Break> {
        let id = self.cluster.route_table?;
        let table = self.world.route_tables.get(id)?;
        let is_broken = self.subnet.route_table != Some(id);
        let action = Action::AttachRouteTable {
            vnet: self.vnet.to_owned(),
            subnet: self.subnet.name.to_string(),
            table: is_broken.then(|| table.name.to_string()),
        };
        let (subject, target) = (table.name.to_string(), Some(Target::RouteTable(id)));
        Some(Break { subject, target, ..self.of_node(BreakKind::DetachTable, is_broken, vec![action]) })
    }

    fn delete_route(&self) -> Option<Break> {
        let table = self.world.route_tables.get(self.cluster.route_table?)?;
        let (prefix, name) = (self.node.pod_cidr?, &self.node.name);
        let existing = table.with_prefix(prefix);
        let action = if let Some(route) = existing {
            Action::DeleteRoute { table: table.name.to_string(), name: route.name.to_string() }
        } else {
            let next_hop = UserNextHop::VirtualAppliance(self.nic.primary()?);
            let route = UserRoute { name: name.clone(), prefix, next_hop };
            Action::PutRoute { table: table.name.to_string(), route }
        };
        let broken = self.of_node(BreakKind::DeleteRoute, existing.is_none(), vec![action]);
        Some(Break { subject: prefix.to_string(), ..broken })
    }

    /// Where packets of addresses that are not the NIC's own have to pass.
    fn nic_forwarding(&self) -> Option<Break> {
        self.cluster.node_cidrs.as_ref()?;
        let on = self.nic.ip_forwarding;
        let action = Action::SetIpForwarding { nic: self.nic.name.to_string(), on: !on };
        let broken = self.of_node(BreakKind::NicForwarding, !on, vec![action]);
        Some(Break { subject: self.nic.name.to_string(), target: Some(Target::Nic(self.node.nic)), ..broken })
    }

    /// Only where the node routes between its pods and the network.
    fn node_forwarding(&self) -> Option<Break> {
        let on = self.host.sysctl.ip_forward;
        let action = Action::SetSysctl { host: self.endpoint(), name: SysctlName::IpForward, on: !on };
        let has_uplink = |bridge: IfIndex| self.host.ports(bridge).any(|p| matches!(p.kind, InterfaceKind::Nic(_)));
        let routed = self.routed_veths().next().is_some();
        let hint = if routed { Hint::case(".routed") } else { Hint::PLAIN };
        let forwards = routed || self.host.bridges.keys().any(|b| !has_uplink(*b));
        forwards.then(|| Break { hint, ..self.of_node(BreakKind::NodeForwarding, !on, vec![action]) })
    }

    fn deny_icmp(&self) -> Option<Break> {
        let attached = self.subnet.nsg.and_then(|id| Some((id, self.world.nsgs.get(id)?)));
        let subject = self.subnet.name.to_string();
        let target = attached.map(|(id, _)| Target::Nsg(id));
        let denied = attached.filter(|(_, nsg)| nsg.get(DENY_RULE).is_some());
        let actions = match (denied, attached) {
            (Some((_, nsg)), _) if *nsg.name == *DENY_NSG && nsg.own_rules() == 1 => self.without_own_nsg(),
            (Some((_, nsg)), _) => {
                vec![Action::DeleteNsgRule { nsg: nsg.name.to_string(), name: DENY_RULE.to_owned() }]
            }
            (None, Some((_, nsg))) => {
                let free = (100..=4096).find(|p| nsg.at(Direction::Inbound, *p).is_none())?;
                vec![Action::PutNsgRule { nsg: nsg.name.to_string(), rule: deny_rule(free) }]
            }
            (None, None) => self.deny_with_new_nsg(),
        };
        Some(Break { subject, target, ..self.of_node(BreakKind::DenyIcmp, denied.is_some(), actions) })
    }

    /// The NSG that the fault made goes with its rule, also where it was attached elsewhere since.
    fn without_own_nsg(&self) -> Vec<Action> {
        let own = self.world.nsg_named(DENY_NSG);
        let of = self.world.subnets.values().filter(|subnet| subnet.nsg == own);
        let place = |subnet: &Subnet| {
            let vnet = self.world.vnets.get(subnet.vnet)?.name.to_string();
            Some(NsgTarget::Subnet { vnet, subnet: subnet.name.to_string() })
        };
        let subnets = of.filter_map(place);
        let nics =
            self.world.nics.values().filter(|nic| nic.nsg == own).map(|nic| NsgTarget::Nic(nic.name.to_string()));
        let detached = subnets.chain(nics).map(|to| Action::AttachNsg { to, nsg: None });
        detached.chain([Action::DeleteNsg { name: DENY_NSG.to_owned() }]).collect()
    }

    fn deny_with_new_nsg(&self) -> Vec<Action> {
        let nsg = DENY_NSG.to_owned();
        let existing = self.world.nsg_named(DENY_NSG).and_then(|id| self.world.nsgs.get(id));
        let mut actions = Vec::new();
        if existing.is_none() {
            actions.push(Action::CreateNsg { name: nsg.clone(), resource_group: None });
        }
        if existing.is_none_or(|n| n.get(DENY_RULE).is_none()) {
            actions.push(Action::PutNsgRule { nsg: nsg.clone(), rule: deny_rule(100) });
        }
        let to = NsgTarget::Subnet { vnet: self.vnet.to_owned(), subnet: self.subnet.name.to_string() };
        actions.push(Action::AttachNsg { to, nsg: Some(nsg) });
        actions
    }

    /// The end of a pair that the last packet takes, to where it goes rather than from where it comes; else the last.
    fn preferred(&self, ends: &[&'a Interface]) -> Option<&'a Interface> {
        let leads_to =
            |end: &Interface, to: HostId| matches!(end.kind, InterfaceKind::Veth { peer } if peer.host == to);
        let on_way = self.ends.iter().flatten().find_map(|to| ends.iter().find(|end| leads_to(end, *to)));
        on_way.or(ends.last()).copied()
    }

    /// Ends of pairs whose other end is of a pod.
    fn to_pods(&self) -> impl Iterator<Item = &'a Interface> {
        self.host.interfaces.values().filter(|i| self.pod_behind(i).is_some())
    }

    /// The node's end of a pod's pair; one that is down comes first.
    fn veth_down(&self) -> Option<Break> {
        let veths: Vec<&Interface> = self.to_pods().collect();
        let down = veths.iter().find(|i| !i.up).copied();
        let veth = down.or_else(|| self.preferred(&veths))?;
        let link = Action::SetLink { host: self.endpoint(), dev: veth.name.to_string(), up: down.is_some() };
        let mut actions = vec![link];
        if down.is_some() && veth.master.is_none() {
            actions.extend(self.route_to_pod(veth));
        }
        let broken = self.of_node(BreakKind::VethDown, down.is_some(), actions);
        let pod = match veth.kind {
            InterfaceKind::Veth { peer } => self.world.hosts.get(peer.host).map(|h| h.name.to_string()),
            _ => None,
        };
        let subject = pod.map_or_else(|| veth.name.to_string(), |pod| format!("{} ({pod})", veth.name));
        let hint = if veth.master.is_some() { Hint::PLAIN } else { Hint::case(".routed") };
        Some(Break { subject, hint, ..broken })
    }

    /// The default route goes with the interface that has it and, as on any Linux, does not come back with it.
    fn eth0_down(&self) -> Option<Break> {
        let eth0 = self.host.interface_named("eth0")?;
        let up = eth0.up;
        let hint = if eth0.master.is_some() { Hint::case(".port") } else { Hint::PLAIN };
        let link = |up| Action::SetLink { host: self.endpoint(), dev: "eth0".to_owned(), up };
        let has_default = self.host.fib.routes().iter().any(|r| r.dst == Ipv4Net::default());
        if up && has_default {
            return Some(Break { hint, ..self.of_node(BreakKind::Eth0Down, false, vec![link(false)]) });
        }
        let gateway = self.subnet.pool.reserved(Reserved::Gateway);
        let target = HostRouteTarget::Dev { dev: "eth0".to_owned(), via: Some(gateway) };
        let route = HostRoute::new(Ipv4Net::default(), target);
        let mut repair = Vec::new();
        repair.extend((!up).then(|| link(true)));
        repair.extend((!has_default).then(|| Action::AddHostRoute { host: self.endpoint(), route }));
        Some(Break { hint, ..self.of_node(BreakKind::Eth0Down, true, repair) })
    }

    /// The rule by which packets to other pods keep their source.
    fn masquerade(&self) -> Option<Break> {
        let kept = self.cluster.non_masquerade.as_ref()?;
        let pods = self.cluster.node_cidrs.as_ref()?.cluster();
        let chain = self.host.netfilter.nat.chain(MASQ_CHAIN);
        if chain.is_empty() {
            return None;
        }
        let exempt = chain.iter().position(|rule| exempts(rule, pods));
        let action = match exempt {
            Some(at) => Action::DeleteNatRule { host: self.endpoint(), chain: MASQ_CHAIN.to_owned(), number: at + 1 },
            None => Action::SetMasquerade { cluster: self.cluster.name.to_string(), keep: with(kept, pods) },
        };
        Some(Break {
            hint: self.masquerade_hint(),
            ..self.of_node(BreakKind::Masquerade, exempt.is_none(), vec![action])
        })
    }

    /// A masqueraded packet gets the address of the interface by which it leaves.
    fn masquerade_hint(&self) -> Hint {
        let address = |dev: IfIndex| Some(self.host.interface(dev)?.addresses.first()?.net.addr().to_string());
        let inside = self.host.bridges.keys().find_map(|bridge| address(*bridge));
        let outside = self.nic.primary().map(|address| address.to_string());
        match inside.zip(outside) {
            Some((inside, outside)) => Hint { case: "", values: vec![("inside", inside), ("outside", outside)] },
            None => Hint::case(".no-bridge"),
        }
    }

    /// Ends of pods' pairs that are ports of no bridge.
    fn routed_veths(&self) -> impl Iterator<Item = &'a Interface> {
        let veths = self.host.interfaces.values().filter(|i| matches!(i.kind, InterfaceKind::Veth { .. }));
        veths.filter(|i| i.master.is_none())
    }

    /// The pod behind an end of a pair: its name and its address.
    fn pod_behind(&self, end: &Interface) -> Option<(&'a str, Ipv4Addr)> {
        let InterfaceKind::Veth { peer } = end.kind else { return None };
        let pod = self.world.hosts.get(peer.host)?;
        Some((&pod.name, pod.first_address()?))
    }

    /// Adds the route to the pod behind an end of a pair, where it is missing: it goes with the link, and does not come back
    /// with it.
    fn route_to_pod(&self, veth: &Interface) -> Option<Action> {
        let (_, address) = self.pod_behind(veth)?;
        let dst = Ipv4Net::from(address);
        if self.host.fib.routes().iter().any(|r| r.dst == dst) {
            return None;
        }
        let target = HostRouteTarget::Dev { dev: veth.name.to_string(), via: None };
        Some(Action::AddHostRoute { host: self.endpoint(), route: HostRoute::new(dst, target) })
    }

    /// The route to a pod; one that is missing comes first.
    fn pod_route(&self) -> Option<Break> {
        let veths: Vec<&Interface> = self.to_pods().filter(|i| i.master.is_none()).collect();
        let lacks = |veth: &&&Interface| self.route_to_pod(veth).is_some();
        let missing = veths.iter().find(lacks).copied();
        let is_broken = missing.is_some();
        let veth = missing.or_else(|| self.preferred(&veths))?;
        let (pod, address) = self.pod_behind(veth)?;
        let dst = Ipv4Net::from(address);
        let delete = || Action::DeleteHostRoute { host: self.endpoint(), dst, metric: None };
        let action = self.route_to_pod(veth).unwrap_or_else(delete);
        let broken = self.of_node(BreakKind::PodRoute, is_broken, vec![action]);
        Some(Break { subject: format!("{dst} ({pod})"), ..broken })
    }

    /// The rule that leads frames from outside to a pod. A pod in its place brings a new rule.
    fn bridge_rule(&self) -> Option<Break> {
        let rules = self.host.ebtables.chain(EbChain::Prerouting);
        let leads_to = |rule: &EbRule, to: Ipv4Addr| {
            matches!(rule.target, EbTarget::Dnat(_)) && rule.matches.contains(&EbMatch::IpTo(to))
        };
        let number = |to: Ipv4Addr| rules.iter().position(|rule| leads_to(rule, to));
        let ports: Vec<&Interface> = self.to_pods().filter(|i| i.master.is_some() && !rules.is_empty()).collect();
        let lacks = |port: &&&Interface| self.pod_behind(port).is_some_and(|(_, address)| number(address).is_none());
        let missing = ports.iter().find(lacks).copied();
        let (pod, address) = self.pod_behind(missing.or_else(|| self.preferred(&ports))?)?;
        let actions = match number(address) {
            Some(at) => {
                let (host, chain) = (self.endpoint(), EbChain::Prerouting);
                vec![Action::DeleteBridgeRule { host, chain, number: at + 1 }]
            }
            None => vec![Action::DeletePod { name: pod.to_owned() }, Action::Settle],
        };
        let broken = self.of_node(BreakKind::BridgeRule, missing.is_some(), actions);
        // The frame comes up to the node itself, which may route it on.
        let hint = if self.host.sysctl.ip_forward { Hint::PLAIN } else { Hint::case(".lost") };
        Some(Break { subject: format!("{address} ({pod})"), hint, ..broken })
    }

    /// A lost node does not come back; another one can take its place.
    fn lose_node(&self, replacement: Option<Replacement>) -> Break {
        let Some(Replacement { lost, action }) = replacement else {
            let action = Action::DeleteNode { name: self.node.name.to_string() };
            return self.of_node(BreakKind::LoseNode, false, vec![action]);
        };
        let broken = self.of_node(BreakKind::LoseNode, true, vec![action, Action::Settle]);
        Break { subject: lost, target: None, hint: Hint::case(".lost"), ..broken }
    }
}

/// What takes the place of a node that was lost.
struct Replacement {
    lost: String,
    action: Action,
}

/// After a node was lost: one more node in its pool, unless the pool was scaled since.
fn replacement(session: &Session) -> Option<Replacement> {
    let turns = session.turns();
    let lost = turns.iter().rposition(|t| matches!(t.action, Action::DeleteNode { .. }))?;
    if turns.iter().skip(lost).any(|t| matches!(t.action, Action::ScalePool { .. } | Action::DeleteCluster { .. })) {
        return None;
    }
    let Some(Action::DeleteNode { name }) = turns.get(lost).map(|t| &t.action) else { return None };
    let before = turns.get(lost.checked_sub(1)?)?;
    let node = before.world.nodes.get(before.world.node_named(name)?)?;
    let world = session.world();
    let cluster = world.clusters.get(node.cluster)?;
    let left = world.nodes.values().filter(|n| n.cluster == node.cluster && n.pool == node.pool).count();
    let count = u32::try_from(left).ok()?.checked_add(1)?;
    let action = Action::ScalePool { cluster: cluster.name.to_string(), pool: node.pool.to_string(), count };
    Some(Replacement { lost: name.clone(), action })
}

fn deny_rule(priority: u16) -> SecurityRule {
    let mut rule = SecurityRule::new(DENY_RULE, priority, Direction::Inbound, Access::Deny);
    rule.protocol = RuleProtocol::Icmp;
    rule
}

fn exempts(rule: &Rule, pods: Ipv4Net) -> bool {
    let holds = |m: &Match| matches!(m, Match::Dst { net, negated: false } if net.contains(&pods));
    rule.target == RuleTarget::Return && rule.matches.iter().any(holds)
}

fn with(kept: &[Ipv4Net], pods: Ipv4Net) -> Vec<Ipv4Net> {
    let mut keep = kept.to_vec();
    if !keep.contains(&pods) {
        keep.insert(0, pods);
    }
    keep
}
