//! The NSGs of one NIC together: that of its subnet and its own.
//! Source: MicrosoftDocs/azure-docs, articles/virtual-network/network-security-group-how-it-works.md.

use super::{Access, Direction, Nsg, NsgVerdict, Tags};
use crate::sim::packet::Tuple;

/// Where an NSG is attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NsgLevel {
    Subnet,
    Nic,
}

/// The NSGs that a NIC's packets pass. A view: it owns nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct PortNsgs<'a> {
    pub subnet: Option<&'a Nsg>,
    pub nic: Option<&'a Nsg>,
}

/// What they decide together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PortVerdict {
    pub access: Access,
    /// Verdicts in the order of the packet's way. A denial ends the way, so it is always the last.
    pub stages: Vec<(NsgLevel, NsgVerdict)>,
}

impl PortVerdict {
    pub const fn allows(&self) -> bool {
        matches!(self.access, Access::Allow)
    }

    /// The verdict that denies.
    pub fn denied_by(&self) -> Option<&(NsgLevel, NsgVerdict)> {
        self.stages.last().filter(|(_, verdict)| !verdict.allows())
    }
}

impl PortNsgs<'_> {
    /// Inbound first the subnet's NSG, then the NIC's; outbound the other way round. Every one that there is must
    /// allow; with none everything may pass.
    pub fn evaluate(&self, direction: Direction, flow: &Tuple, tags: Tags<'_>) -> PortVerdict {
        let (subnet, nic) = ((NsgLevel::Subnet, self.subnet), (NsgLevel::Nic, self.nic));
        let order = match direction {
            Direction::Inbound => [subnet, nic],
            Direction::Outbound => [nic, subnet],
        };
        let mut stages = Vec::new();
        for (level, nsg) in order {
            let Some(nsg) = nsg else { continue };
            let verdict = nsg.evaluate(direction, flow, tags);
            let access = verdict.access;
            stages.push((level, verdict));
            if access == Access::Deny {
                return PortVerdict { access, stages };
            }
        }
        PortVerdict { access: Access::Allow, stages }
    }
}
