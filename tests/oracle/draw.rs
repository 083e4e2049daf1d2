//! A scenario by chance: a cluster, VMs, what is wrong with them, and the packets to send. It is an ordinary scenario
//! of the simulator; every action of it can be done.

mod fault;
mod traffic;

use podhop::sim::action::{self, Action, NewCluster};
use podhop::sim::engine::Engine;
use podhop::sim::mode::Network;
use podhop::sim::mode::kubenet::{Kubenet, MasqueradeRange};
use podhop::sim::record::Keep;
use podhop::sim::rng::Rng;
use podhop::sim::scenario::Scenario;
use podhop::sim::world::World;

/// A scenario while it is drawn: the actions so far and the world that they made.
struct Draft {
    rng: Rng,
    world: World,
    actions: Vec<Action>,
}

/// The scenario of a seed, with that many packets.
pub(crate) fn scenario(seed: u64, packets: u64) -> Scenario {
    let mut draft = Draft { rng: Rng::new(seed), world: World::new(seed), actions: Vec::new() };
    draft.build();
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

    fn build(&mut self) {
        let prefixes = vec!["10.0.0.0/16".parse().unwrap()];
        self.try_do(Action::CreateVnet { name: "vnet01".into(), prefixes, resource_group: None });
        for (name, prefix) in [("vlan01", "10.0.0.0/22"), ("vms", "10.0.4.0/24"), ("more", "10.0.5.0/28")] {
            let prefix = prefix.parse().unwrap();
            self.try_do(Action::CreateSubnet { vnet: "vnet01".into(), name: name.into(), prefix });
        }
        let nodes = self.rng.between(1, 4);
        let cluster = self.cluster(nodes);
        self.try_do(cluster);
        self.try_do(Action::Settle);
        let replicas = u32::try_from(nodes * self.rng.below(5)).unwrap();
        let (cluster, name, image) = ("aks01".to_owned(), "web".to_owned(), "nginx".to_owned());
        self.try_do(Action::CreateDeployment { cluster, name, image, replicas });
        self.try_do(Action::Settle);
        for number in 0..self.rng.below(4) {
            let subnet = self.pick(&["vlan01", "vms", "vms", "more"]).unwrap().to_owned();
            let name = format!("vm{number}");
            self.try_do(Action::CreateVm { name, vnet: "vnet01".into(), subnet, address: None, resource_group: None });
        }
    }

    fn cluster(&mut self, nodes: u64) -> Action {
        let pod_cidr = self.pick(&["10.244.0.0/16", "10.100.0.0/20", "192.168.0.0/18", "100.64.0.0/16"]).unwrap();
        let masquerade = self.pick(&[MasqueradeRange::PodCidrAndSubnet, MasqueradeRange::PodCidr]).unwrap();
        let kubenet = Kubenet { pod_cidr: pod_cidr.parse().unwrap(), masquerade };
        Action::CreateCluster(Box::new(NewCluster {
            name: "aks01".into(),
            resource_group: "rg".into(),
            location: "eastus".into(),
            version: "1.20.9".into(),
            network: Network::Kubenet(kubenet),
            vnet: "vnet01".into(),
            subnet: "vlan01".into(),
            pod_subnet: None,
            pool: "nodepool1".into(),
            node_count: u32::try_from(nodes).unwrap(),
            max_pods: 110,
            service_cidr: "172.16.1.0/24".parse().unwrap(),
            dns_service_ip: "172.16.1.10".parse().unwrap(),
        }))
    }
}
