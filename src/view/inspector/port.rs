//! The port of a NIC in Azure's virtual switch: its layers in the order of a packet, its network containers, and its
//! flow table.

use super::host::tuple;
use super::{Row, RowState, Tab, Table, Why};
use crate::sim::fabric::nic::{Nic, Unified};
use crate::sim::fabric::nsg::Direction;
use crate::sim::ids::{NsgId, SubnetId};
use crate::sim::packet::Packet;
use crate::sim::record::Step;
use crate::sim::record::decision::{Decision, DropReason, Link, NsgOutcome, NsgScope};
use crate::sim::world::World;
use std::net::Ipv4Addr;

/// Layers of a port, in the order of a packet out of the guest. Into it they are met the other way round, after the
/// flow table; the source is checked on the way out only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    Flows,
    Source,
    NicRules,
    SubnetRules,
    Routes,
}

const OUT: [Layer; 5] = [Layer::Flows, Layer::Source, Layer::NicRules, Layer::SubnetRules, Layer::Routes];
const IN: [Layer; 4] = [Layer::Flows, Layer::Routes, Layer::SubnetRules, Layer::NicRules];

/// Where a packet at a port is, and of which container.
#[derive(Clone, Copy, Debug)]
pub(super) struct AtPort<'a> {
    pub(super) decision: &'a Decision,
    pub(super) packet: &'a Packet,
    pub(super) outbound: bool,
}

impl<'a> AtPort<'a> {
    /// The packet of a step at the port of this NIC.
    pub(super) fn of(nic: &Nic, step: &'a Step) -> Option<Self> {
        let frame = step.after.as_ref().or(step.before.as_ref())?;
        let packet = frame.body.packet()?;
        let outbound = match &step.decision {
            Decision::UnifiedFlow { outbound, .. } => *outbound,
            Decision::Nsg(nsg) => nsg.outbound,
            Decision::Transmit { link: Link::Guest { .. } } => false,
            Decision::Drop(DropReason::NsgDenied) => nic.mac == frame.src,
            _ => true,
        };
        Some(Self { decision: &step.decision, packet, outbound })
    }

    /// The subnet whose rules and routes count for it.
    pub(super) fn subnet(&self, nic: &Nic) -> SubnetId {
        nic.container(self.inside()).subnet
    }

    /// The address on the guest's side.
    pub(super) fn inside(&self) -> Ipv4Addr {
        if self.outbound { self.packet.src } else { self.packet.dst }
    }

    fn layer(&self) -> Option<Layer> {
        Some(match self.decision {
            Decision::UnifiedFlow { .. } => Layer::Flows,
            Decision::SourceCheck { .. }
            | Decision::Drop(DropReason::SourceNotOwned | DropReason::SourceMacNotOwned) => Layer::Source,
            Decision::Nsg(step) => match (&step.outcome, step.scope) {
                (NsgOutcome::KnownFlow { .. }, _) | (_, NsgScope::Nic(_)) => Layer::NicRules,
                (_, NsgScope::Subnet(_)) => Layer::SubnetRules,
            },
            Decision::Drop(DropReason::NsgDenied) => Layer::SubnetRules,
            Decision::EffectiveRoute { .. }
            | Decision::NextHop { .. }
            | Decision::LeavesAzure { .. }
            | Decision::Drop(_) => Layer::Routes,
            _ => return None,
        })
    }
}

/// The layers, with what each works by; the one that has the packet is marked.
pub(super) fn layers(world: &World, nic: &Nic, at: Option<AtPort<'_>>) -> Table {
    let outbound = at.is_none_or(|at| at.outbound);
    let order: &[Layer] = if outbound { &OUT } else { &IN };
    let here = at.and_then(|at| at.layer()).and_then(|layer| order.iter().position(|l| *l == layer));
    let subnet = at.map_or(nic.subnet, |at| at.subnet(nic));
    let is_loss = |reason: DropReason| reason != DropReason::OutsideSimulation;
    let refused = at.is_some_and(|at| matches!(at.decision, Decision::Drop(reason) if is_loss(*reason)));
    let rows = order.iter().enumerate().map(|(n, layer)| {
        let (name, said) = words(*layer);
        let row = Row::new(vec![(n + 1).to_string(), name.to_owned(), works_by(world, nic, subnet, *layer)]);
        let state = match here {
            None => RowState::Plain,
            Some(here) if here == n && refused => RowState::Lost,
            Some(here) if here == n => RowState::Won,
            Some(here) if here > n => RowState::Plain,
            Some(_) => RowState::Dim,
        };
        row.mark(state, Some(Why::Said(said)))
    });
    let title = if outbound { "lab-table-layers-out" } else { "lab-table-layers-in" };
    Table::in_order(Tab::Port, title, &*nic.name, &["lab-col-number", "lab-col-layer", "lab-col-by"], rows.collect())
        .deciding(at.is_some_and(|at| at.layer() == Some(Layer::Source)))
}

/// The name that the switch's designers use, and the id of what the layer does.
const fn words(layer: Layer) -> (&'static str, &'static str) {
    match layer {
        Layer::Flows => ("UFT", "lab-layer-flows"),
        Layer::Source => ("Anti-spoofing", "lab-layer-source"),
        Layer::NicRules => ("ACL", "lab-layer-nic"),
        Layer::SubnetRules => ("ACL", "lab-layer-subnet"),
        Layer::Routes => ("VNET", "lab-layer-routes"),
    }
}

fn works_by(world: &World, nic: &Nic, subnet: SubnetId, layer: Layer) -> String {
    let group =
        |id: Option<NsgId>| id.and_then(|id| world.nsgs.get(id)).map_or("—".to_owned(), |g| g.name.to_string());
    let found = world.subnets.get(subnet);
    match layer {
        Layer::Flows => unified(nic, world).count().to_string(),
        Layer::Source => format!("enableIPForwarding {}", nic.ip_forwarding),
        Layer::NicRules => group(nic.nsg.filter(|_| subnet == nic.subnet)),
        Layer::SubnetRules => group(found.and_then(|s| s.nsg)),
        Layer::Routes => found.map_or_else(String::new, |s| s.name.to_string()),
    }
}

/// The addresses of the NIC by subnet: the switch treats each as a network container with rules and routes of its own.
pub(super) fn containers(world: &World, nic: &Nic, at: Option<AtPort<'_>>) -> Table {
    let asked = at.map(|at| at.subnet(nic));
    let rows = nic.subnets().into_iter().map(|subnet| {
        let own = nic.configs.iter().filter(|c| c.subnet == subnet);
        let (first, count) = (own.clone().map(|c| c.address).min(), own.count());
        let found = world.subnets.get(subnet);
        let groups = [nic.nsg.filter(|_| subnet == nic.subnet), found.and_then(|s| s.nsg)];
        let groups: Vec<&str> =
            groups.into_iter().flatten().filter_map(|id| world.nsgs.get(id)).map(|g| g.name.as_ref()).collect();
        let name = found.map_or_else(String::new, |s| s.name.to_string());
        let more = if count > 1 { format!(" +{}", count - 1) } else { String::new() };
        let addresses = first.map_or_else(String::new, |first| format!("{first}{more}"));
        let row = Row::new(vec![name, addresses, if groups.is_empty() { "—".to_owned() } else { groups.join(" ") }]);
        if asked == Some(subnet) { row.mark(RowState::Won, Some(Why::Said("lab-container-of"))) } else { row }
    });
    let columns = &["subnet", "lab-col-addresses", "lab-col-nsg"];
    Table::in_order(Tab::Port, "lab-table-containers", &*nic.name, columns, rows.collect()).deciding(false)
}

/// Entries of the unified flow table with their direction.
fn unified<'a>(nic: &'a Nic, world: &World) -> impl Iterator<Item = (bool, Unified)> + 'a {
    let entries = nic.flows.iter(world.now).flat_map(|(_, flow)| {
        let [out, inward] = flow.unified;
        [(true, out), (false, inward)]
    });
    entries.filter_map(|(outbound, entry)| Some((outbound, entry?)))
}

/// The unified flow table: by which policy each entry was made, and how many packets it has carried.
pub(super) fn flow_table(world: &World, nic: &Nic, at: Option<AtPort<'_>>) -> Table {
    let asked = at.and_then(|at| match at.decision {
        Decision::UnifiedFlow { outbound, entry, .. } => Some((*outbound, entry.tuple)),
        _ => None,
    });
    let rows = unified(nic, world).map(|(outbound, entry)| {
        let direction = if outbound { Direction::Outbound } else { Direction::Inbound };
        let row = Row::new(vec![
            tuple(&entry.tuple),
            direction.code().to_owned(),
            entry.generation.to_string(),
            entry.packets.to_string(),
        ]);
        let live = entry.generation == world.policy_generation;
        match asked == Some((outbound, entry.tuple)) {
            true if live => row.mark(RowState::Won, None),
            true => row.mark(RowState::Lost, Some(Why::Said("lab-unified-stale"))),
            false if live => row,
            false => row.mark(RowState::Dim, Some(Why::Said("lab-unified-stale"))),
        }
    });
    let columns = &["lab-col-original", "lab-col-direction", "lab-col-policy", "lab-col-packets"];
    let subject = world.policy_generation.to_string();
    Table::new(Tab::Port, "lab-table-unified", subject, columns, rows.collect()).deciding(asked.is_some())
}
