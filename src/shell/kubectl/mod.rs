//! `kubectl` on the simulated clusters. Source: kubernetes/kubectl `pkg/cmd`, kubernetes/kubernetes
//! `pkg/printers/internalversion/printers.go`.

mod change;
mod debug;
mod describe;
mod events;
mod get;
mod kinds;
mod list;
mod logs;
mod objects;
mod print;
mod rows;
mod run;
mod selector;
mod target;
mod watch;

use super::catalog::is_resource;
use super::line::Line;
use super::{Output, Shell};
use crate::sim::cluster::Cluster;
use crate::sim::ids::{ClusterId, PodId};
use crate::sim::world::World;
pub(super) use debug::{enter_or_run, run_here};

pub(super) use kinds::Kind;
pub(super) use objects::{Facts, timestamp};
pub(super) use rows::{COMMANDS, GLOBAL};
pub(super) use run::Attached;
pub(super) use watch::Rows;

impl Line {
    fn namespace(&self) -> &str {
        self.option("--namespace").unwrap_or("default")
    }

    /// The namespace that the command is about; `None` for all of them.
    fn within(&self) -> Option<&str> {
        if self.has("--all-namespaces") { None } else { Some(self.namespace()) }
    }
}

/// Runs a command on the current cluster.
pub(super) fn answer(shell: &mut Shell, line: &Line, run: fn(&mut Shell, &Line, ClusterId) -> Output) -> Output {
    let named = line.option("--context").map(|name| shell.session().world().cluster_named(name));
    if let (Some(None), Some(name)) = (named, line.option("--context")) {
        return Output::fail(1, format!("error: context \"{name}\" does not exist"));
    }
    let Some(cluster) = named.flatten().or_else(|| current(shell)) else {
        return Output::fail(
            1,
            "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
        );
    };
    run(shell, line, cluster)
}

/// The cluster whose credentials were taken last.
fn current(shell: &Shell) -> Option<ClusterId> {
    let world = shell.session().world();
    let named = world.cluster_named(&shell.variable("PODHOP_CLUSTER"));
    named.or_else(|| world.clusters.iter().last().map(|(id, _)| id))
}

fn cluster_name(world: &World, id: ClusterId) -> String {
    world.clusters.get(id).map_or_else(String::new, |c: &Cluster| c.name.to_string())
}

fn no_such_resource(word: &str) -> Output {
    if is_resource(word) {
        return Output::fail(1, format!("podhop: {word} is not simulated; nearest: kubectl api-resources"));
    }
    Output::fail(1, format!("error: the server doesn't have a resource type \"{word}\""))
}

fn not_found(kind: Kind, name: &str) -> Output {
    Output::fail(1, format!("Error from server (NotFound): {} \"{name}\" not found", kind.group_plural()))
}

/// The resource that words name: `pod NAME...`, `pod/NAME`, or several `TYPE/NAME`.
fn targets<'a>(words: &[&'a str]) -> Result<Vec<(Kind, &'a str)>, Output> {
    let Some((first, rest)) = words.split_first() else {
        return Err(Output::fail(1, "error: You must specify the type of resource"));
    };
    if first.contains('/') {
        let one = |word: &&'a str| {
            let (what, name) = word.split_once('/').ok_or_else(|| {
                Output::fail(1, "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form")
            })?;
            Kind::named(what).map(|kind| (kind, name)).ok_or_else(|| no_such_resource(what))
        };
        return words.iter().map(one).collect();
    }
    let kind = Kind::named(first).ok_or_else(|| no_such_resource(first))?;
    Ok(rest.iter().map(|name| (kind, *name)).collect())
}

fn find_pod(world: &World, cluster: ClusterId, namespace: &str, name: &str) -> Option<PodId> {
    let mut own = world.pods.iter().filter(|(_, p)| p.cluster == cluster && p.namespace.as_ref() == namespace);
    own.find(|(_, p)| p.name.as_ref() == name).map(|(id, _)| id)
}
