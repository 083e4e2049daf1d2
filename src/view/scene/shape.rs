//! What is drawn: boxes with names out of the world. Words come from `text`, by the kind of the box.

use super::geometry::{Point, Rect};
use crate::sim::cluster::{NodePhase, PodPhase};
use crate::view::target::Target;
use std::rc::Rc;

/// One box of the drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    pub kind: Kind,
    pub rect: Rect,
    /// What opens when it is picked.
    pub target: Option<Target>,
    /// Its own name, shortened to what fits.
    pub name: Rc<str>,
    /// Its own name in full.
    pub full: Rc<str>,
    /// An address, a prefix or another fact beside the name.
    pub detail: Rc<str>,
}

/// What a box stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Vnet,
    /// A subnet with how many of its addresses are used, of how many that can be.
    Subnet {
        used: u64,
        of: u64,
    },
    Node {
        phase: NodePhase,
        cordoned: bool,
    },
    Vm,
    /// A pod in the network namespace of its node: a label only.
    HostPod,
    Pod {
        phase: PodPhase,
    },
    /// The interface of a pod.
    PodPort,
    /// Pods that do not fit.
    MorePods {
        count: usize,
    },
    Bridge,
    /// IP forwarding and routes of a machine.
    Stack {
        forwards: bool,
    },
    Nic,
    /// Azure's port of the virtual switch; whether an NSG guards it.
    Vfp {
        guarded: bool,
    },
    Fabric,
    RouteTable {
        routes: usize,
    },
    /// A subnet without a route table.
    SystemRoutes,
    Internet,
    /// A node far away, with how much of its room for pods is used.
    Cell {
        used: u32,
        of: u32,
        phase: NodePhase,
    },
}

/// A small name at a wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireLabel {
    pub at: Point,
    pub text: Rc<str>,
}

/// A name that fits a number of letters: the end, which tells pods of one workload apart, stays.
pub fn short_name(name: &str, letters: usize) -> Rc<str> {
    if name.chars().count() <= letters {
        return name.into();
    }
    let tail = name.rsplit('-').next().filter(|t| t.len() <= 5 && t.len() + 4 <= letters).unwrap_or_default();
    let head: String = name.chars().take(letters.saturating_sub(tail.chars().count() + 1)).collect();
    format!("{}…{tail}", head.trim_end_matches('-')).into()
}
