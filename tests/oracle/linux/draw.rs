//! A scenario by chance: a cluster, VMs, what is wrong with them, and the packets to send. It is an ordinary scenario
//! of the simulator; every action of it can be done.

mod chain;
mod fault;
mod network;
mod traffic;

pub(crate) use network::{MODES, mode_of};
use podhop::sim::action::{self, Action};
use podhop::sim::engine::Engine;
use podhop::sim::record::Keep;
use podhop::sim::rng::Rng;
use podhop::sim::scenario::Scenario;
use podhop::sim::time::Time;
use podhop::sim::world::World;

/// A scenario while it is drawn: the actions so far and the world that they made.
struct Draft {
    rng: Rng,
    world: World,
    actions: Vec<Action>,
    /// Packets with a port of their own, by when they were sent: others of the same flow may follow.
    flows: Vec<(Time, Action)>,
}

/// The scenario of a seed, with that many packets; in a mode by chance, unless one is asked for.
pub(crate) fn scenario(seed: u64, packets: u64, mode: Option<&str>) -> Scenario {
    let mut draft = Draft { rng: Rng::new(seed), world: World::new(seed), actions: Vec::new(), flows: Vec::new() };
    let drawn = draft.pick(&MODES).unwrap();
    draft.build(mode.unwrap_or(drawn));
    for _ in 0..draft.rng.below(5) {
        fault::add(&mut draft);
    }
    for _ in 0..packets {
        if draft.rng.below(8) == 0 {
            fault::add(&mut draft);
        }
        traffic::add(&mut draft);
    }
    Scenario::new(seed, draft.actions)
}

impl Draft {
    /// Does an action; one that is refused leaves no trace.
    fn try_do(&mut self, action: Action) -> bool {
        let mut engine = Engine::new(self.world.clone(), Keep::Count);
        let done = action::apply(&mut engine, &action).is_ok();
        if done {
            self.world = engine.world;
            self.actions.push(action);
        }
        done
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        let at = usize::try_from(self.rng.below(from.len() as u64)).unwrap();
        from.get(at).cloned()
    }

    fn chance(&mut self, one_in: u64) -> bool {
        self.rng.below(one_in) == 0
    }

    fn build(&mut self, mode: &str) {
        let prefixes = vec!["10.0.0.0/16".parse().unwrap()];
        self.try_do(Action::CreateVnet { name: "vnet01".into(), prefixes, resource_group: None });
        let subnets =
            [("vlan01", "10.0.0.0/22"), ("vms", "10.0.4.0/24"), ("more", "10.0.5.0/28"), ("pool2", "10.0.6.0/24")];
        for (name, prefix) in subnets {
            let prefix = prefix.parse().unwrap();
            self.try_do(Action::CreateSubnet { vnet: "vnet01".into(), name: name.into(), prefix });
        }
        let nodes = self.rng.between(1, 4);
        network::build(self, mode, nodes);
        let replicas = u32::try_from(nodes * self.rng.below(5)).unwrap();
        let (cluster, name, image) = ("aks01".to_owned(), "web".to_owned(), "nginx".to_owned());
        self.try_do(Action::CreateDeployment { cluster, name, image, replicas });
        self.try_do(Action::Settle);
        for number in 0..self.rng.below(4) {
            let subnet = self.pick(&["vlan01", "vms", "vms", "more"]).unwrap().to_owned();
            let name = format!("vm{number}");
            self.try_do(Action::CreateVm { name, vnet: "vnet01".into(), subnet, address: None, resource_group: None });
        }
        self.route_table();
    }

    /// Kubenet has a route table of its own; where there is none, somebody may have made one.
    fn route_table(&mut self) {
        if self.world.route_tables.values().next().is_none() && self.chance(2) {
            self.try_do(Action::CreateRouteTable { name: "rt01".into(), resource_group: None });
        }
    }
}
