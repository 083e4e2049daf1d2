//! Tables of Azure's side: effective routes, security rules, flows, address mappings.

use super::host::tuple;
use super::port::{self, AtPort};
use super::{Row, RowState, Tab, Table, Why};
use crate::sim::fabric::effective_routes::{EffectiveRoute, RouteChoice, RouteState};
use crate::sim::fabric::next_hop::{NextHop, RouteSource};
use crate::sim::fabric::nic::Nic;
use crate::sim::fabric::nsg::{Access, Direction, Nsg, NsgVerdict, Tags};
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
    let mut tables = vec![port::layers(world, nic, at), port::containers(world, nic, at)];
    for subnet in nic.subnets() {
        let choice = chosen.as_ref().filter(|(of, _)| *of == subnet).map(|(_, choice)| choice);
        tables.extend(effective(world, subnet, choice));
    }
    let denied = at.and_then(|at| denied(world, id, nic, at));
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
fn denied(world: &World, id: NicId, nic: &Nic, at: AtPort<'_>) -> Option<Decision> {
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
        let outcome = NsgOutcome::Evaluated { nsg: nsg?, verdict: verdict.clone() };
        (!verdict.allows()).then(|| Decision::Nsg(Rc::new(NsgStep { outbound: at.outbound, scope, outcome })))
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

const NSG_COLUMNS: &[&str] = &["col-priority", "col-rule", "col-access"];

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
        let row = Row::new(vec![rule.priority.to_string(), rule.name.to_string(), access.to_owned()]);
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
    Table::new(Tab::Nsg, title, &*nsg.name, NSG_COLUMNS, rows.collect())
}
