//! Tables by which control loops decide: blocks of addresses, the scores of nodes, what a plugin gives.

use super::{Row, RowState, Subject, Tab, Table, Why, pool};
use crate::sim::ids::NodeId;
use crate::sim::record::decision::{ControlStep, NodeScore};
use crate::sim::world::World;
use crate::view::target::Target;

/// What a control step is about.
pub(super) fn subject(step: &ControlStep) -> Subject {
    let target = match step {
        ControlStep::RouteWritten { table, .. }
        | ControlStep::RouteRemoved { table, .. }
        | ControlStep::RouteLimit { table, .. } => Target::RouteTable(*table),
        ControlStep::BridgeCreated { host, .. } | ControlStep::PodNetwork { host, .. } => return Subject::Host(*host),
        ControlStep::VmCreated { node, .. }
        | ControlStep::NodeRegistered { node }
        | ControlStep::NodeCidr { node, .. }
        | ControlStep::NodeCidrExhausted { node }
        | ControlStep::NodeReady { node }
        | ControlStep::MasqueradeRules { node, .. }
        | ControlStep::PodHostNetwork { node, .. }
        | ControlStep::PoolMonitored { node, .. }
        | ControlStep::PoolChanged { node, .. }
        | ControlStep::PoolRefused { node, .. }
        | ControlStep::PoolProgrammed { node, .. }
        | ControlStep::PodNetworkFailed { node, .. } => Target::Node(*node),
        ControlStep::PodScheduled { pod, .. }
        | ControlStep::PodPending { pod, .. }
        | ControlStep::PodRunning { pod }
        | ControlStep::PodEnded { pod, .. } => Target::Pod(*pod),
        ControlStep::SubnetExhausted { subnet, .. } => Target::Subnet(*subnet),
        ControlStep::PodDeleted { .. } | ControlStep::NodeDeleted { .. } => {
            return Subject::Host(crate::sim::ids::HostId(u32::MAX));
        }
    };
    Subject::Thing(target)
}

pub(super) fn of_step(world: &World, step: &ControlStep) -> Vec<Table> {
    match step {
        ControlStep::PodScheduled { scores, node, .. } => vec![scores_table(world, scores, Some(*node))],
        ControlStep::PodPending { scores, .. } => vec![scores_table(world, scores, None)],
        ControlStep::PodNetwork { node, grant, .. } => pool::given(world, *node, grant),
        ControlStep::PoolMonitored { pass, .. } => pool::pass(pass),
        ControlStep::NodeCidr { node, index, .. } => blocks(world, *node, Some(*index)).into_iter().collect(),
        ControlStep::NodeCidrExhausted { node } => blocks(world, *node, None).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The pods of a node, and the addresses that it has for them.
pub(super) fn of_node(world: &World, node: NodeId) -> Vec<Table> {
    [pods(world, node)].into_iter().chain(pool::of_node(world, node)).collect()
}

/// The pods of a node, with their addresses.
pub(super) fn pods(world: &World, node: NodeId) -> Table {
    let pods = world.pods.iter().filter(|(_, p)| p.node == Some(node)).map(|(id, p)| {
        let address = p.address.map_or_else(|| "—".to_owned(), |a| a.to_string());
        Row { target: Some(Target::Pod(id)), ..Row::new(vec![p.name.to_string(), address]) }
    });
    let name = world.nodes.get(node).map_or_else(String::new, |n| n.name.to_string());
    Table::new(Tab::Pods, "lab-table-pods", name, &["pod", "col-address"], pods.collect())
}

fn scores_table(world: &World, scores: &[NodeScore], won: Option<NodeId>) -> Table {
    let rows = scores.iter().map(|score| {
        let name = world.nodes.get(score.node).map_or_else(String::new, |n| n.name.to_string());
        let row = Row::new(vec![name, score.same.to_string(), score.pods.to_string()]);
        let state = if won == Some(score.node) { RowState::Won } else { RowState::Lost };
        row.mark(state, Some(Why::Fit(score.fit)))
    });
    let columns = &["node", "lab-col-same", "lab-col-pods"];
    Table::new(Tab::Control, "lab-table-scores", "", columns, rows.collect()).deciding(true)
}

/// Blocks up to the cursor.
fn blocks(world: &World, node: NodeId, won: Option<u32>) -> Option<Table> {
    let cluster = world.clusters.get(world.nodes.get(node)?.cluster)?;
    let set = cluster.node_cidrs.as_ref()?;
    let owner = |net| {
        world.nodes.values().find(|n| n.pod_cidr == Some(net)).map_or_else(|| "—".to_owned(), |n| n.name.to_string())
    };
    let last = won.unwrap_or(0).saturating_add(4).max(set.cursor()).min(set.blocks());
    let rows = (0..last).filter_map(|index| {
        let net = set.net(index)?;
        let row = Row::new(vec![net.to_string(), owner(net)]);
        Some(match won {
            Some(won) if won == index => row.mark(RowState::Won, None),
            _ if set.is_used(index) => row.mark(RowState::Lost, Some(Why::Said("lab-block-used"))),
            _ => row.mark(RowState::Dim, Some(Why::Said("lab-block-free"))),
        })
    });
    let columns = &["col-prefix", "node"];
    Some(
        Table::new(Tab::Control, "lab-table-blocks", set.cluster().to_string(), columns, rows.collect()).deciding(true),
    )
}
