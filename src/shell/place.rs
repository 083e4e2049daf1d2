//! The shells that one has entered, each in the one before it, and what follows when one is left.

use super::variables::{BEGUN_WITH, Kept};
use super::{Context, Output, Shell, Terminal, kubectl};
use crate::sim::action::Action;
use std::rc::Rc;

/// One place of the stack of shells, with its directory.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) context: Context,
    /// The host's name, by which another that has taken its number is told apart.
    pub(super) name: String,
    pub(super) dir: String,
    /// Whether the node's own root is the root of the files here.
    pub(super) in_root: bool,
    pub(super) after: After,
    /// What the shell around it has, which is there again behind it.
    pub(super) outer: Option<Rc<Kept>>,
}

/// What follows when a shell elsewhere is left.
#[derive(Clone, Debug, Default)]
pub(super) enum After {
    #[default]
    Nothing,
    /// Who ran it says how it ended, behind these words.
    Exec(&'static str),
    /// The pod whose only program it is ends with it.
    End(String),
    /// The pod of `kubectl run` that one has seen from within.
    Attached(kubectl::Attached),
}

impl After {
    /// The pod that must run for the shell to be there.
    fn pod(&self) -> Option<&String> {
        match self {
            Self::End(key) => Some(key),
            Self::Attached(pod) => Some(&pod.key),
            Self::Nothing | Self::Exec(_) => None,
        }
    }
}

impl Terminal {
    /// Goes back to the shell that is so far in, and what it has; the shells further in.
    pub(super) fn back_to(&mut self, depth: usize) -> Vec<Place> {
        let left = self.places.split_off(depth.min(self.places.len()));
        if let Some(outer) = left.first().and_then(|place| place.outer.as_ref()) {
            self.restore(outer);
        }
        left
    }
}

impl Shell {
    /// Leaves the shells whose node or pod is no longer there, as they end when their container does. What is printed
    /// of it. Source: kubernetes/kubectl `pkg/cmd/exec/exec.go`; 137 is 128 and SIGKILL.
    pub fn close_lost(&mut self) -> String {
        let world = self.session.world();
        let host_is_there = |place: &Place| match place.context.host() {
            Some(id) => world.hosts.get(id).is_some_and(|h| h.name.as_ref() == place.name),
            None => true,
        };
        let runs =
            |key: &String| world.pod_named(key).and_then(|id| world.pods.get(id)).is_some_and(|p| !p.has_ended());
        let is_there = |place: &Place| host_is_there(place) && place.after.pod().is_none_or(runs);
        let keep = self.own.places.iter().position(|place| !is_there(place)).unwrap_or(self.own.places.len());
        let lost = self.own.back_to(keep);
        if !lost.is_empty() {
            self.own.status = 137;
        }
        let of_kubectl = |place: &&Place| !(place.in_root && matches!(place.after, After::Nothing));
        lost.iter().filter(of_kubectl).map(|_| "command terminated with exit code 137\n").collect()
    }

    /// Begins a shell elsewhere, with what follows when it is left.
    pub(super) fn enter_with(&mut self, context: Context, after: After) {
        let name = context.host().and_then(|id| self.host(id)).map_or_else(String::new, |host| host.name.to_string());
        let outer = self.own.begin(BEGUN_WITH.map(|(n, v)| (n.to_owned(), v.to_owned())).into());
        let outer = Some(Rc::new(outer));
        self.own.places.push(Place { context, name, dir: "/".into(), in_root: false, after, outer });
    }

    /// Makes the node's own root the root of the files here.
    pub(super) fn enter_root(&mut self) {
        if let Some(place) = self.own.places.last_mut() {
            (place.in_root, place.dir) = (true, "/".to_owned());
        }
    }

    /// Leaves a shell, and what is printed then; the first one stays. A pod that ran nothing else ends with its status.
    pub(crate) fn leave(&mut self) -> Output {
        let status = self.own.status;
        let left = self.own.back_to(self.own.places.len().saturating_sub(1).max(1)).pop();
        match left.map(|place| place.after).unwrap_or_default() {
            After::Nothing => {}
            After::Exec(_) if status == 0 => {}
            After::Exec(who) => {
                return Output::fail(status, format!("{who}command terminated with exit code {status}"));
            }
            After::End(name) => {
                // Somebody may have deleted it in the meantime.
                let _ = self.act(Action::EndPod { name, status });
            }
            After::Attached(pod) => return pod.left(self, status),
        }
        Output { status, ..Output::default() }
    }

    /// Whether the node's own files are the root, and not below `/host`.
    pub(super) fn is_in_root(&self) -> bool {
        self.own.places.last().is_some_and(|place| place.in_root)
    }
}
