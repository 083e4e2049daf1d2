//! The NIC behind a next hop, which may be asked to pass on what is not its own.

use super::port::AtPort;
use super::{Row, RowState, Tab, Table, Why};
use crate::sim::fabric::nic::Nic;
use crate::sim::ids::NicId;
use crate::sim::record::decision::{Decision, DropReason};
use crate::sim::world::World;
use crate::view::target::Target;

/// What a step asks of the NIC behind the next hop.
struct Asked {
    nic: NicId,
    /// Whether it is to pass on what is not its own.
    appliance: bool,
}

/// The NIC that a step found behind the next hop, or by which it drops the packet, with what is asked of it.
pub(super) fn table(world: &World, from: &Nic, at: AtPort<'_>) -> Option<Table> {
    let asked = asked(world, from, at)?;
    let to = world.nics.get(asked.nic)?;
    let address = to.configs.first().map_or_else(String::new, |config| config.address.to_string());
    let (state, said) = match (asked.appliance, to.ip_forwarding) {
        (false, _) => (RowState::Won, "lab-hop-owns"),
        (true, true) => (RowState::Won, "lab-hop-forwards"),
        (true, false) => (RowState::Lost, "lab-hop-does-not"),
    };
    let cells = vec![to.name.to_string(), address, to.ip_forwarding.to_string()];
    let row = Row { target: Some(Target::Nic(asked.nic)), ..Row::new(cells).mark(state, Some(Why::Said(said))) };
    let columns = &["name", "col-address", "lab-col-forwarding"];
    Some(Table::in_order(Tab::Port, "lab-table-next-hop", &*to.name, columns, vec![row]).deciding(true))
}

fn asked(world: &World, from: &Nic, at: AtPort<'_>) -> Option<Asked> {
    match at.decision {
        Decision::NextHop { nic, appliance, .. } => Some(Asked { nic: *nic, appliance: *appliance }),
        Decision::Drop(DropReason::ApplianceNotForwarding) => {
            Some(Asked { nic: world.appliance(at.subnet(from), at.packet.dst)?, appliance: true })
        }
        _ => None,
    }
}
