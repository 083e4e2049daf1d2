//! `kubectl run`, `config` and `version`.

use super::{Line, change, cluster_name, current, debug};
use crate::shell::place::After;
use crate::shell::table::tabwriter;
use crate::shell::{Context, Output, Shell};
use crate::sim::action::{Action, Labeled};
use crate::sim::cluster::PodPhase;
use crate::sim::ids::ClusterId;

/// One pod; with `-it`, a shell in it or one command there, and with `--rm` its end.
pub(super) fn run(shell: &mut Shell, line: &Line, id: ClusterId) -> Output {
    let Some(name) = line.word(0).map(str::to_owned) else {
        return Output::fail(1, "error: NAME is required for run");
    };
    if line.has("--rm") && !line.has("--stdin") {
        return Output::fail(
            1,
            "error: --rm should only be used for attached containers\nSee 'kubectl run -h' for help and examples",
        );
    }
    let world = shell.session().world();
    let taken = |p: &crate::sim::cluster::Pod| p.cluster == id && p.namespace.as_ref() == "default" && *p.name == *name;
    if world.pods.values().any(taken) {
        return Output::fail(1, format!("Error from server (AlreadyExists): pods \"{name}\" already exists"));
    }
    let image = line.option("--image").unwrap_or_default().to_owned();
    let cluster = cluster_name(world, id);
    let action = Action::RunPod { cluster, name: name.clone(), image, node: None, host_network: false };
    let made = change::done(shell, action, &format!("pod/{name} created\n"));
    if made.status != 0 {
        return made;
    }
    for (key, value) in line.option("--labels").into_iter().flat_map(|l| l.split(',')).filter_map(|l| l.split_once('='))
    {
        let label = Action::SetLabel {
            on: Labeled::Pod(format!("default/{name}")),
            key: key.into(),
            value: Some(value.into()),
        };
        if let Err(error) = shell.act(label) {
            return Output::fail(1, format!("error: {}", shell.words(&error)));
        }
    }
    if !line.has("--stdin") {
        return made;
    }
    let found = super::find_pod(shell.session().world(), id, "default", &name);
    let pod = found.and_then(|p| shell.session().world().pods.get(p)).filter(|p| p.phase == PodPhase::Running);
    let Some((host, key)) = pod.and_then(|p| Some((p.host?, p.key()))) else {
        return Output::fail(1, "error: timed out waiting for the condition");
    };
    let command = if line.command.is_empty() { line.words[1..].to_vec() } else { line.command.clone() };
    let attached = Attached {
        key,
        name,
        removed: line.has("--rm"),
        ends: line.option("--restart").is_some_and(|policy| policy != "Always"),
        resumes: line.has("--tty") && !line.has("--quiet"),
    };
    shell.enter_with(Context::Pod(host), After::Attached(attached));
    let depth = shell.own.places.len();
    let mut ran = debug::run_here(shell, &command);
    if shell.own.places.len() == depth {
        ran.err += "If you don't see a command prompt, try pressing enter.\n";
    }
    ran
}

/// A pod of `kubectl run` whose program one sees. Source: kubernetes/kubectl `pkg/cmd/{run/run,attach/attach}.go`.
#[derive(Clone, Debug)]
pub(in crate::shell) struct Attached {
    pub(in crate::shell) key: String,
    name: String,
    removed: bool,
    /// Whether the program is not started again.
    ends: bool,
    resumes: bool,
}

impl Attached {
    /// Its program has ended.
    pub(in crate::shell) fn left(self, shell: &mut Shell, status: u8) -> Output {
        let name = &self.name;
        let mut left = Output::default();
        if self.ends {
            // Somebody may have deleted it in the meantime.
            let _ = shell.act(Action::EndPod { name: self.key.clone(), status });
        } else if self.resumes {
            left.out = format!(
                "Session ended, resume using 'kubectl attach {name} -c {name} -i -t' command when the pod is running\n"
            );
        }
        if self.removed {
            left.then(&change::done(shell, Action::DeletePod { name: self.key }, &format!("pod \"{name}\" deleted\n")));
        }
        if self.ends && status != 0 {
            left.then(&Output::fail(status, format!("pod default/{name} terminated (Error)")));
        }
        left
    }
}

pub(super) fn current_context(shell: &mut Shell, _: &Line, _: ClusterId) -> Output {
    let name = current(shell).map(|id| cluster_name(shell.session().world(), id)).unwrap_or_default();
    Output::ok(format!("{name}\n"))
}

pub(super) fn contexts(shell: &mut Shell, _: &Line, _: ClusterId) -> Output {
    let head = ["CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE"].map(str::to_owned).to_vec();
    let now = current(shell);
    let row = |(id, cluster): (ClusterId, &crate::sim::cluster::Cluster)| {
        let mark = if now == Some(id) { "*" } else { "" };
        let user = format!("clusterUser_{}_{}", cluster.resource_group, cluster.name);
        [mark, &cluster.name, &cluster.name, &user, ""].map(str::to_owned).to_vec()
    };
    let rows: Vec<Vec<String>> =
        std::iter::once(head).chain(shell.session().world().clusters.iter().map(row)).collect();
    Output::ok(tabwriter(&rows, 6, 3))
}

pub(super) fn use_context(shell: &mut Shell, line: &Line, _: ClusterId) -> Output {
    let name = line.word(0).unwrap_or_default().to_owned();
    if shell.session().world().cluster_named(&name).is_none() {
        return Output::fail(1, format!("error: no context exists with the name: \"{name}\""));
    }
    shell.set_variable("PODHOP_CLUSTER", name.clone());
    Output::ok(format!("Switched to context \"{name}\".\n"))
}

/// The client is as old as the cluster.
pub(super) fn version(shell: &mut Shell, _: &Line, id: ClusterId) -> Output {
    let world = shell.session().world();
    let version = world.clusters.get(id).map_or("", |c| &c.version);
    Output::ok(format!("Client Version: v{version}\nServer Version: v{version}\n"))
}
