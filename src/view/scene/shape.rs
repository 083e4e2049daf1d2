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
    /// A subnet with how many of its addresses are used, of how many that can be: around its machines, or a lane over
    /// the pods that have its addresses.
    Subnet {
        used: u64,
        of: u64,
        lane: bool,
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
    PodPort {
        up: bool,
    },
    /// Pods that do not fit.
    MorePods {
        count: usize,
    },
    Bridge,
    /// IP forwarding and routes of a machine.
    Stack {
        forwards: bool,
    },
    Nic {
        up: bool,
    },
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

/// Where the words of a lane begin: within the first card.
pub const LANE_LEFT: i32 = 32;

/// A small name at a wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireLabel {
    pub at: Point,
    pub text: Rc<str>,
    /// Whether the interface that has this name is down.
    pub down: bool,
}

/// Most letters of the end of a name that stay where it is cut.
const TAIL: usize = 6;

/// A name in a number of letters, cut in the middle: the end tells pods of one workload, nodes of one pool and pairs of
/// one node apart.
pub fn short_name(name: &str, letters: usize) -> Rc<str> {
    let all = name.chars().count();
    if all <= letters {
        return name.into();
    }
    // Of a pod's name the five random letters, of a node's the digits.
    let last = name.rsplit('-').next().map_or(all, |last| last.chars().count());
    let tail = if last <= 5 { last } else { TAIL }.min(letters.saturating_sub(2));
    let head: String = name.chars().take(letters.saturating_sub(tail + 1)).collect();
    let tail: String = name.chars().skip(all - tail).collect();
    format!("{}…{tail}", head.trim_end_matches('-')).into()
}

/// A name cut so that it fits into so much room, in bold letters of a size in tenths of a pixel.
pub fn fitting_name(name: &str, room: i32, size: i32) -> Rc<str> {
    let all = name.chars().count();
    let short = (4..=all).rev().map(|letters| short_name(name, letters)).find(|short| width(short, size) <= room);
    short.unwrap_or_else(|| short_name(name, 4))
}

/// About how wide bold text is, rather too wide than too narrow: what is drawn knows no fonts.
pub fn width(text: &str, size: i32) -> i32 {
    let hundredths: i32 = text.chars().map(letter).sum();
    (hundredths * size + 999) / 1000
}

/// Width of a letter in hundredths of the size, by Noto Sans and Segoe UI in semibold.
const fn letter(c: char) -> i32 {
    match c {
        'i' | 'l' | 'j' | 'I' | '.' | ',' | ':' | '|' => 32,
        'f' | 'r' | 't' | '-' | '/' => 45,
        'm' | 'w' | 'M' | 'W' | '…' => 96,
        'A'..='Z' => 72,
        '0'..='9' => 60,
        _ => 64,
    }
}
