//! Tables of Azure's side: effective routes, security rules, flows, address mappings.

use super::host::tuple;
use super::next_hop;
use super::port::{self, AtPort};
use super::{Row, RowState, Tab, Table, Why};
use crate::sim::fabric::effective_routes::{EffectiveRoute, RouteChoice, RouteState};
use crate::sim::fabric::next_hop::{NextHop, RouteSource};
use crate::sim::fabric::nic::Nic;
use crate::sim::fabric::nsg::{Access, AddressMatch, Direction, Nsg, NsgVerdict, PortMatch, PortRange, Tags};
use crate::sim::ids::{NicId, NsgId, SubnetId};
use crate::sim::record::decision::{Decision, DropReason, NsgOutcome, NsgScope, NsgStep};
use crate::sim::record::{Place, Step};
use crate::sim::world::World;
use crate::view::target::Target;
use std::rc::Rc;

pub(super) fn of_nic(world: &World, id: NicId, step: Option<&Step>) -> Vec<Table> {
    let Some(nic) = world.nics.get(id) else { return Vec::new() };
    let step = step.filter(|s| s.at == Place::Port(id));
    let decision = step.map(|s| &s.decision);
    let at = step.and_then(|step| AtPort::of(nic, step));
    let chosen = at.and_then(|at| chosen(world, nic, at));
    let mut tables: Vec<Table> = at.and_then(|at| next_hop::table(world, nic, at)).into_iter().collect();
    tables.extend([port::layers(world, nic, at), port::containers(world, nic, at)]);
    for subnet in nic.subnets() {
        let choice = chosen.as_ref().filter(|(of, _)| *of == subnet).map(|(_, choice)| choice);
        tables.extend(effective(world, subnet, choice));
    }
    let denied = step.and_then(|step| denied(world, id, step));
    let decision = denied.as_ref().or(decision);
    tables.extend(nsg_tables(world, NsgScope::Nic(id), nic.nsg, decision));
    for subnet in nic.subnets() {
        let nsg = world.subnets.get(subnet).and_then(|s| s.nsg);
        tables.extend(nsg_tables(world, NsgScope::Subnet(subnet), nsg, decision));
    }
    tables.push(port::flow_table(world, nic, at));
    tables.push(let_through(world, nic, decision));
    tables.push(configs(world, nic));
    tables
}

/// The choice among effective routes that the step made, or by which it drops the packet.
fn chosen(world: &World, nic: &Nic, at: AtPort<'_>) -> Option<(SubnetId, RouteChoice)> {
    match at.decision {
        Decision::EffectiveRoute { subnet, choice } => Some((*subnet, choice.as_ref().clone())),
        Decision::Drop(DropReason::RouteNone | DropReason::NoEffectiveRoute) => {
            let subnet = at.subnet(nic);
            Some((subnet, world.effective_routes(subnet)?.select(at.packet.dst)))
        }
        _ => None,
    }
}

/// The walk through the rules by which the step drops the packet, as the step before it made it.
fn denied(world: &World, id: NicId, step: &Step) -> Option<Decision> {
    let (scope, nsg, verdict) = denial(world, id, step)?;
    let outbound = verdict.direction == Direction::Outbound;
    let outcome = NsgOutcome::Evaluated { nsg, verdict };
    Some(Decision::Nsg(Rc::new(NsgStep { outbound, scope, outcome })))
}

/// The group that denies the packet of a step, where it is attached, and its verdict.
pub(super) fn denial(world: &World, id: NicId, step: &Step) -> Option<(NsgScope, NsgId, NsgVerdict)> {
    let nic = world.nics.get(id)?;
    let at = AtPort::of(nic, step)?;
    let Decision::Drop(DropReason::NsgDenied) = at.decision else { return None };
    let (subnet, tuple) = (at.subnet(nic), at.packet.tuple()?);
    let routes = world.effective_routes(subnet)?;
    let direction = if at.outbound { Direction::Outbound } else { Direction::Inbound };
    let groups = [
        (NsgScope::Nic(id), nic.container(at.inside()).nic_nsg),
        (NsgScope::Subnet(subnet), world.subnets.get(subnet)?.nsg),
    ];
    groups.into_iter().find_map(|(scope, nsg)| {
        let verdict = world.nsgs.get(nsg?)?.evaluate(direction, &tuple, Tags::of(&routes));
        (!verdict.allows()).then_some((scope, nsg?, verdict))
    })
}

/// What the rules remember: flows that they let through.
fn let_through(world: &World, nic: &Nic, decision: Option<&Decision>) -> Table {
    let known = match decision {
        Some(Decision::Nsg(step)) => match step.outcome {
            NsgOutcome::KnownFlow { first } => Some(first),
            _ => None,
        },
        _ => None,
    };
    let rows = nic.flows.iter(world.now).map(|(first, flow)| {
        let direction = if flow.outbound { Direction::Outbound } else { Direction::Inbound };
        let row = Row::new(vec![tuple(&first), direction.code().to_owned()]);
        if known == Some(first) { row.mark(RowState::Won, None) } else { row }
    });
    let columns = &["lab-col-original", "lab-col-direction"];
    Table::new(Tab::Nsg, "lab-table-flows", &*nic.name, columns, rows.collect())
}

fn configs(world: &World, nic: &Nic) -> Table {
    let rows = nic.configs.iter().map(|config| {
        let subnet = world.subnets.get(config.subnet).map_or_else(String::new, |s| s.name.to_string());
        Row::new(vec![config.name.to_string(), config.address.to_string(), subnet])
    });
    let columns = &["name", "col-address", "subnet"];
    Table::new(Tab::Addresses, "lab-table-configs", &*nic.name, columns, rows.collect())
}

pub(super) fn of_thing(world: &World, target: Target) -> Vec<Table> {
    match target {
        Target::Subnet(id) => {
            let mut tables: Vec<Table> = effective(world, id, None).into_iter().collect();
            let nsg = world.subnets.get(id).and_then(|s| s.nsg);
            tables.extend(nsg_tables(world, NsgScope::Subnet(id), nsg, None));
            tables
        }
        Target::RouteTable(id) => user_routes(world, id).into_iter().collect(),
        Target::Pods(id) => vec![super::control::pods(world, id)],
        Target::Nsg(id) => world.nsgs.get(id).map_or_else(Vec::new, both_directions),
        Target::Vnet(id) => vnet(world, id).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn vnet(world: &World, id: crate::sim::ids::VnetId) -> Option<Table> {
    let vnet = world.vnets.get(id)?;
    let rows = vnet.mappings.iter().map(|(address, nic)| {
        let name = world.nics.get(*nic).map_or_else(String::new, |n| n.name.to_string());
        Row::new(vec![address.to_string(), name])
    });
    Some(Table::new(Tab::Routes, "lab-table-mappings", &*vnet.name, &["col-address", "lab-col-nic"], rows.collect()))
}

fn user_routes(world: &World, id: crate::sim::ids::RouteTableId) -> Option<Table> {
    let table = world.route_tables.get(id)?;
    let rows = table.routes().map(|r| {
        let hop = NextHop::from(r.next_hop);
        Row::new(vec![r.name.to_string(), r.prefix.to_string(), hop_text(hop)])
    });
    let columns = &["name", "col-prefix", "col-next-hop"];
    Some(Table::new(Tab::Routes, "lab-table-user-routes", &*table.name, columns, rows.collect()))
}

fn hop_text(hop: NextHop) -> String {
    hop.ip().map_or_else(|| hop.code().to_owned(), |ip| ip.to_string())
}

fn effective(world: &World, subnet: SubnetId, choice: Option<&RouteChoice>) -> Option<Table> {
    let routes = world.effective_routes(subnet)?;
    let rows = routes.rows().iter().map(|route| effective_row(route, choice)).collect();
    let columns = &["col-source", "col-prefix", "col-next-hop"];
    let name = world.subnets.get(subnet).map_or_else(String::new, |s| s.name.to_string());
    Some(Table::new(Tab::Routes, "lab-table-effective", name, columns, rows).deciding(choice.is_some()))
}

fn effective_row(route: &EffectiveRoute, choice: Option<&RouteChoice>) -> Row {
    let source = match route.source {
        RouteSource::VirtualNetworkGateway => "Gateway",
        other => other.code(),
    };
    let row = Row::new(vec![source.to_owned(), route.prefix.to_string(), hop_text(route.next_hop)]);
    let Some(choice) = choice else {
        let invalid = route.state == RouteState::Invalid;
        return if invalid { row.mark(RowState::Dim, Some(Why::Said("lab-invalid"))) } else { row };
    };
    if choice.won.as_ref() == Some(route) {
        return row.mark(RowState::Won, None);
    }
    match choice.lost.iter().find(|(lost, _)| lost == route) {
        Some((_, why)) => row.mark(RowState::Lost, Some(Why::Effective(*why))),
        None => row.mark(RowState::Dim, Some(Why::Said("lab-not-held"))),
    }
}

const NSG_COLUMNS: &[&str] =
    &["col-priority", "col-rule", "col-access", "col-protocol", "col-source", "col-destination", "lab-col-ports"];
/// Of these so many are on the first line of a rule.
const NSG_FIRST_LINE: usize = 3;

fn nsg_tables(world: &World, scope: NsgScope, nsg: Option<NsgId>, decision: Option<&Decision>) -> Vec<Table> {
    let decided = match decision {
        Some(Decision::Nsg(step)) if step.scope == scope => Some(step),
        _ => None,
    };
    let Some(nsg) = nsg.and_then(|id| world.nsgs.get(id)) else {
        let title = match scope {
            NsgScope::Nic(_) => "lab-nsg-none-nic",
            NsgScope::Subnet(_) => "lab-nsg-none-subnet",
        };
        let none = Table::new(Tab::Nsg, title, "", NSG_COLUMNS, Vec::new()).deciding(decided.is_some());
        return vec![Table { counts: false, ..none }];
    };
    match decided.map(|s| (&s.outcome, s.outbound)) {
        Some((NsgOutcome::Evaluated { verdict, .. }, outbound)) => {
            let direction = if outbound { Direction::Outbound } else { Direction::Inbound };
            vec![rules(nsg, direction, Some(verdict)).deciding(true)]
        }
        _ => both_directions(nsg),
    }
}

fn both_directions(nsg: &Nsg) -> Vec<Table> {
    [Direction::Inbound, Direction::Outbound].map(|direction| rules(nsg, direction, None)).into()
}

fn rules(nsg: &Nsg, direction: Direction, verdict: Option<&NsgVerdict>) -> Table {
    use crate::sim::fabric::nsg::Fate;
    let rows = nsg.rules(direction).map(|rule| {
        let access = if rule.access == Access::Allow { "✓\u{a0}Allow" } else { "✕\u{a0}Deny" };
        let row = Row::new(vec![
            rule.priority.to_string(),
            rule.name.to_string(),
            access.to_owned(),
            rule.protocol.code().to_owned(),
            with_ports(addresses(&rule.source), &rule.source_ports),
            addresses(&rule.destination),
            ports(&rule.destination_ports),
        ]);
        let Some(verdict) = verdict else { return row };
        let fate = verdict.fate(rule);
        let state = match fate {
            Fate::Decided => RowState::Won,
            Fate::Missed(_) => RowState::Lost,
            Fate::NeverReached | Fate::OtherDirection => RowState::Dim,
        };
        row.mark(state, Some(Why::Nsg(fate)))
    });
    let title = match direction {
        Direction::Inbound => "lab-table-inbound",
        Direction::Outbound => "lab-table-outbound",
    };
    let table = Table::new(Tab::Nsg, title, &*nsg.name, NSG_COLUMNS, rows.collect());
    Table { first_line: NSG_FIRST_LINE, ..table }
}

/// Addresses of one side of a rule, as Azure writes them.
fn addresses(side: &AddressMatch) -> String {
    match side {
        AddressMatch::Any => "*".to_owned(),
        AddressMatch::Tag(tag) => tag.code().to_owned(),
        AddressMatch::Prefixes(nets) => nets.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    }
}

/// Ports of one side of a rule, as Azure writes them.
fn ports(side: &PortMatch) -> String {
    let PortMatch::Ranges(ranges) = side else { return "*".to_owned() };
    let range = |r: &PortRange| if r.first == r.last { r.first.to_string() } else { format!("{}-{}", r.first, r.last) };
    ranges.iter().map(range).collect::<Vec<_>>().join(", ")
}

/// Addresses with the ports of the same side, where the rule names some.
fn with_ports(addresses: String, side: &PortMatch) -> String {
    match side {
        PortMatch::Any => addresses,
        PortMatch::Ranges(_) => format!("{addresses} :{}", ports(side)),
    }
}
