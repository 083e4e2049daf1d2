//! Examples of commands on the cluster that is there.

use super::{At, Example};
use crate::shell::crictl;
use crate::sim::cluster::{Pod, PodPhase};
use crate::sim::ids::PodId;
use crate::sim::world::World;

/// What an example is about, by its name in braces, and as it is written where no cluster is looked at.
const NAMES: [(&str, &str); 5] =
    [("{node}", "NODE"), ("{pod}", "POD"), ("{other}", "ADDRESS"), ("{container}", "CONTAINER"), ("{nic}", "NIC")];

pub(super) fn shown(line: &str) -> String {
    NAMES.iter().fold(line.to_owned(), |text, (name, word)| text.replace(name, word))
}

/// The first pod of the default namespace that runs with an address of its own, and one like it on another node.
fn pods(world: &World) -> Option<(PodId, &Pod, &Pod)> {
    let runs = |p: &Pod| p.phase == PodPhase::Running && !p.host_network && p.namespace.as_ref() == "default";
    let own = || world.pods.iter().filter(move |(_, p)| runs(p));
    let (id, first) = own().next()?;
    let (_, other) = own().find(|(_, p)| p.node != first.node)?;
    Some((id, first, other))
}

pub(super) fn lines(example: &Example, world: &World) -> Option<Vec<String>> {
    let (id, pod, other) = pods(world)?;
    let node = world.nodes.get(pod.node?)?;
    let nic = world.nics.get(node.nic)?;
    let filled = example
        .line
        .replace("{node}", &node.name)
        .replace("{pod}", &pod.name)
        .replace("{other}", &other.address?.to_string())
        .replace("{container}", &crictl::short_container(id))
        .replace("{nic}", &nic.name);
    let enter = match example.at {
        At::Workstation => return Some(vec![filled]),
        At::Node => format!("kubectl debug node/{} -it --image=busybox", node.name),
        At::Pod => format!("kubectl exec -it {} -- sh", pod.name),
    };
    Some(vec![enter, filled, "exit".to_owned()])
}
