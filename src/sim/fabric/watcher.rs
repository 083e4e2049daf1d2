//! What Azure's own tools say of a NIC: IP flow verify, next hop, effective routes and rules, with their limits.
//! Source: MicrosoftDocs/azure-docs, articles/network-watcher/ip-flow-verify-overview.md,
//! articles/network-watcher/next-hop-overview.md, articles/virtual-network/diagnose-network-routing-problem.md.

use super::effective_routes::{EffectiveRoute, NextHopAnswer};
use super::nic::Container;
use super::nsg::{Access, Direction, Nsg, NsgLevel, PortNsgs, PortVerdict, Tags};
use crate::sim::host::Role;
use crate::sim::ids::{NicId, SubnetId};
use crate::sim::packet::{Protocol, Tuple};
use crate::sim::world::World;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// Why a tool gives no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    NoSuchNic,
    /// IP flow verify knows TCP and UDP alone.
    OnlyTcpAndUdp,
    /// IP flow verify does not look at the machines of a scale set, which nodes are.
    ScaleSet,
    /// The local address is none of the NIC's.
    NotOfTheNic {
        address: Ipv4Addr,
    },
}

/// Answer of `az network watcher test-ip-flow`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FlowAnswer {
    pub access: Access,
    /// Name of the rule that decides, as the tool prints it; `None` where no NSG is.
    pub rule: Option<String>,
    /// The evaluation behind it.
    pub verdict: PortVerdict,
}

/// Whether a flow from (outbound) or to (inbound) an address of a NIC would pass its rules. The flow is written from
/// its sender.
pub fn test_ip_flow(world: &World, id: NicId, direction: Direction, flow: &Tuple) -> Result<FlowAnswer, Refusal> {
    let nic = world.nics.get(id).ok_or(Refusal::NoSuchNic)?;
    if flow.protocol == Protocol::Icmp {
        return Err(Refusal::OnlyTcpAndUdp);
    }
    if matches!(world.hosts.get(nic.host).map(|h| h.role), Some(Role::Node(_))) {
        return Err(Refusal::ScaleSet);
    }
    let local = if direction == Direction::Outbound { flow.src } else { flow.dst };
    if !nic.owns(local) {
        return Err(Refusal::NotOfTheNic { address: local });
    }
    Ok(answer(evaluate(world, nic.container(local), direction, flow)))
}

/// All NSGs of a network container together, for a new flow.
pub fn evaluate(world: &World, of: Container, direction: Direction, flow: &Tuple) -> PortVerdict {
    let nothing = PortVerdict { access: Access::Allow, stages: Vec::new() };
    let nsgs = port_nsgs(world, of);
    world.effective_routes(of.subnet).map_or(nothing, |routes| nsgs.evaluate(direction, flow, Tags::of(&routes)))
}

fn port_nsgs(world: &World, of: Container) -> PortNsgs<'_> {
    let subnet = world.subnets.get(of.subnet).and_then(|s| s.nsg);
    PortNsgs { subnet: subnet.and_then(|id| world.nsgs.get(id)), nic: of.nic_nsg.and_then(|id| world.nsgs.get(id)) }
}

/// The tool names the rule of the group that denies, else of the last that allows.
fn answer(verdict: PortVerdict) -> FlowAnswer {
    let rule = verdict.stages.last().and_then(|(_, stage)| stage.rule()).map(|rule| {
        let kind = if rule.is_default() { "defaultSecurityRules" } else { "securityRules" };
        format!("{kind}/{}", rule.name)
    });
    FlowAnswer { access: verdict.access, rule, verdict }
}

/// Where a packet from an address of a NIC would go (`az network watcher show-next-hop`).
pub fn next_hop(world: &World, id: NicId, src: Ipv4Addr, dst: Ipv4Addr) -> Result<NextHopAnswer, Refusal> {
    let nic = world.nics.get(id).ok_or(Refusal::NoSuchNic)?;
    let routes = world.effective_routes(nic.container(src).subnet).ok_or(Refusal::NoSuchNic)?;
    Ok(routes.next_hop_answer(dst))
}

/// The effective routes of a NIC, for each subnet that it has addresses of.
pub fn effective_routes(world: &World, id: NicId) -> Result<Vec<(SubnetId, Vec<EffectiveRoute>)>, Refusal> {
    let nic = world.nics.get(id).ok_or(Refusal::NoSuchNic)?;
    let rows = |subnet| Some((subnet, world.effective_routes(subnet)?.rows()));
    Ok(nic.subnets().into_iter().filter_map(rows).collect())
}

/// The NSGs that count for a NIC (`az network nic list-effective-nsg`), by subnet: that of the subnet and that of the
/// NIC.
pub fn effective_nsgs(world: &World, id: NicId) -> Result<Vec<(SubnetId, NsgLevel, Rc<str>)>, Refusal> {
    let nic = world.nics.get(id).ok_or(Refusal::NoSuchNic)?;
    let named = |nsg: Option<&Nsg>| nsg.map(|n| Rc::clone(&n.name));
    let of = |subnet| {
        let nic_nsg = nic.nsg.filter(|_| subnet == nic.subnet);
        let nsgs = port_nsgs(world, Container { subnet, nic_nsg });
        let levels = [(NsgLevel::Subnet, named(nsgs.subnet)), (NsgLevel::Nic, named(nsgs.nic))];
        levels.into_iter().filter_map(move |(level, name)| Some((subnet, level, name?)))
    };
    Ok(nic.subnets().into_iter().flat_map(of).collect())
}
