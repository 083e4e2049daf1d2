//! Why a step was decided as it was: a title, a sentence from its evidence, facts beside it, the public source of the
//! rule, and the real command that shows the table which decided.

mod control;
mod drop;
mod ebtables;
mod fabric;
mod grant;
mod host;
mod local;
mod netfilter;
mod nsg;
mod pods;
mod pool;
mod port;

use super::args::Args;
use super::bundle::Text;
use super::command::command;
use super::fragment::Fragment;
use super::scene::Scene;
use super::source::{Mark, Source, mark, source};
use crate::sim::ids::HostId;
use crate::sim::record::Step;
use crate::sim::record::decision::{Decision, Delivery};
use crate::sim::world::World;
pub(super) use control::has_uplink;
pub(super) use netfilter::{is_disputed, is_masquerade};
pub(super) use nsg::is_of_container;

/// All that is said about a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    pub title: String,
    pub sentence: Vec<Fragment>,
    /// Facts beside the sentence, the most important first; there may be none.
    pub detail: Vec<Vec<Fragment>>,
    pub source: Source,
    pub mark: Mark,
    /// What to type to see the table that decided.
    pub command: Option<String>,
    /// The host to type it on; on no host it is for one's own workstation.
    pub shell: Option<HostId>,
}

/// Says why a step was decided as it was.
pub fn explain(text: &Text, step: &Step, world: &World) -> Explanation {
    let scene = Scene::new(step, world);
    let words = words(&scene);
    let command = command(&scene);
    Explanation {
        title: text.format(&title_id(&step.decision), &words.args),
        sentence: text.rich(&words.sentence, &words.args),
        detail: words.details(text),
        source: source(&scene),
        mark: mark(&scene),
        shell: command.as_ref().and_then(|c| c.host),
        command: command.map(|c| c.line),
    }
}

/// Which messages say it, and with what.
#[derive(Debug)]
struct Words {
    sentence: String,
    args: Args,
    details: Vec<Fact>,
}

/// A message beside the sentence; with the sentence's values when it has none of its own.
#[derive(Debug)]
struct Fact {
    id: String,
    args: Option<Args>,
    /// Not said where there is no such message.
    optional: bool,
}

impl Words {
    fn new(sentence: impl Into<String>, args: Args) -> Self {
        Self { sentence: sentence.into(), args, details: Vec::new() }
    }

    /// Adds a fact with the values of the sentence.
    fn also(mut self, id: impl Into<String>) -> Self {
        self.details.push(Fact { id: id.into(), args: None, optional: false });
        self
    }

    /// Adds a fact with the values of the sentence, where the messages have it.
    fn also_known(mut self, id: impl Into<String>) -> Self {
        self.details.push(Fact { id: id.into(), args: None, optional: true });
        self
    }

    fn also_if(self, holds: bool, id: &str) -> Self {
        if holds { self.also(id) } else { self }
    }

    /// Adds facts with values of their own.
    fn facts(mut self, facts: impl IntoIterator<Item = (&'static str, Args)>) -> Self {
        let facts = facts.into_iter().map(|(id, args)| Fact { id: id.to_owned(), args: Some(args), optional: false });
        self.details.extend(facts);
        self
    }

    fn details(&self, text: &Text) -> Vec<Vec<Fragment>> {
        let said = self.details.iter().filter(|fact| !fact.optional || text.has(&fact.id));
        said.map(|fact| text.rich(&fact.id, fact.args.as_ref().unwrap_or(&self.args))).collect()
    }
}

fn title_id(decision: &Decision) -> String {
    match decision {
        Decision::Drop(reason) => format!("drop-{}.title", reason.code()),
        Decision::Deliver(Delivery::Error) => "deliver-error.title".to_owned(),
        Decision::Deliver(Delivery::Arp) => "deliver-arp.title".to_owned(),
        other => format!("{}.title", other.code()),
    }
}

fn words(scene: &Scene<'_>) -> Words {
    match &scene.step.decision {
        Decision::Originate(origin) => local::originate(scene, *origin),
        Decision::Receive(accept) => host::receive(scene, *accept),
        Decision::Learn { bridge, port, mac, learning } => host::learn(scene, *bridge, *port, *mac, *learning),
        Decision::BridgeForward { bridge, lookup, to, up, .. } => {
            host::bridge_forward(scene, *bridge, *lookup, to, *up)
        }
        Decision::BridgeRule { chain, hit } => ebtables::bridge_rule(scene, *chain, hit),
        Decision::Route(lookup) => host::route(scene, lookup),
        Decision::Forward { .. } => Words::new("forward", scene.args()).also("forward.who"),
        Decision::Track { state, direction, .. } => netfilter::track(scene, *state, *direction),
        Decision::Rules { table, hook, verdict, tried } => netfilter::rules(scene, *table, *hook, *verdict, tried),
        Decision::Translate { end, from, to, .. } => netfilter::translate(scene, *end, from, to),
        Decision::Resolve { dev, next_hop, resolution } => local::resolve(scene, *dev, *next_hop, *resolution),
        Decision::Neighbor { ip, mac, how } => local::arp_note(scene, *ip, *mac, *how),
        Decision::ArpAnswer(answer) => local::arp_answer(scene, answer),
        Decision::Transmit { link } => host::transmit(scene, *link),
        Decision::Deliver(delivery) => local::deliver(scene, *delivery),
        Decision::SourceCheck { own, ip_forwarding, .. } => fabric::source_check(scene, *own, *ip_forwarding),
        Decision::Nsg(step) => nsg::nsg(scene, step),
        Decision::UnifiedFlow { outbound, entry, usable } => port::unified(scene, *outbound, entry, *usable),
        Decision::EffectiveRoute { subnet, choice } => fabric::effective_route(scene, *subnet, choice),
        Decision::NextHop { address, nic, appliance, ip_forwarding } => {
            fabric::next_hop(scene, *address, *nic, *appliance, *ip_forwarding)
        }
        Decision::LeavesAzure { via } => fabric::leaves(scene, *via),
        Decision::Drop(reason) => drop::drop(scene, *reason),
        Decision::Control(step) => control::control(scene, step),
    }
}
