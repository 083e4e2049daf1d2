//! What is measured, on every target: the clock is handed in.

use podhop::sim::action::{self, Action, NewCluster, SubnetName};
use podhop::sim::engine::Engine;
use podhop::sim::engine::probe::Probe;
use podhop::sim::mode::Network;
use podhop::sim::mode::azure_bridge::AzureBridge;
use podhop::sim::mode::azure_transparent::AzureTransparent;
use podhop::sim::mode::kubenet::{Kubenet, MasqueradeRange};
use podhop::sim::mode::pod_subnet::PodSubnet;
use podhop::sim::record::Keep;
use podhop::sim::world::World;

/// Milliseconds since some moment.
pub(crate) type Clock = fn() -> f64;

/// Pods of the measured deployment on each node.
const PODS_PER_NODE: u32 = 30;

/// A mode to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Kubenet,
    Bridge,
    Transparent,
    PodSubnet,
}

impl Mode {
    pub(crate) const ALL: [Mode; 4] = [Mode::Kubenet, Mode::Bridge, Mode::Transparent, Mode::PodSubnet];

    fn network(self) -> Network {
        let pod_cidr = "10.128.0.0/13".parse().unwrap();
        match self {
            Mode::Kubenet => Kubenet { pod_cidr, masquerade: MasqueradeRange::default() }.into(),
            Mode::Bridge => AzureBridge::default().into(),
            Mode::Transparent => AzureTransparent::default().into(),
            Mode::PodSubnet => PodSubnet::default().into(),
        }
    }
}

fn cluster(mode: Mode, nodes: u32) -> [Action; 7] {
    let pods = SubnetName { vnet: "vnet".into(), subnet: "pods".into() };
    let new = NewCluster {
        name: "aks".into(),
        resource_group: "rg".into(),
        location: "eastus".into(),
        version: "1.20.9".into(),
        network: mode.network(),
        vnet: "vnet".into(),
        subnet: "nodes".into(),
        pod_subnet: (mode == Mode::PodSubnet).then_some(pods),
        pool: "nodepool1".into(),
        node_count: nodes,
        max_pods: if mode == Mode::Kubenet { 110 } else { 40 },
        service_cidr: "172.16.0.0/16".parse().unwrap(),
        dns_service_ip: "172.16.0.10".parse().unwrap(),
    };
    let subnet = |name: &str, prefix: &str| Action::CreateSubnet {
        vnet: "vnet".into(),
        name: name.into(),
        prefix: prefix.parse().unwrap(),
    };
    [
        Action::CreateVnet {
            name: "vnet".into(),
            prefixes: vec!["10.0.0.0/16".parse().unwrap()],
            resource_group: None,
        },
        subnet("nodes", "10.0.0.0/17"),
        subnet("pods", "10.0.128.0/17"),
        Action::CreateCluster(Box::new(new)),
        Action::Settle,
        Action::CreateDeployment {
            cluster: "aks".into(),
            name: "web".into(),
            image: "nginx".into(),
            replicas: nodes * PODS_PER_NODE,
        },
        Action::Settle,
    ]
}

/// A settled cluster of so many nodes with 30 pods each.
pub(crate) fn built(mode: Mode, nodes: u32) -> World {
    let mut engine = Engine::new(World::new(7), Keep::Count);
    for action in cluster(mode, nodes) {
        action::apply(&mut engine, &action).unwrap();
    }
    engine.world
}

/// Addresses of the deployment's pods.
pub(crate) fn pods(world: &World) -> Vec<String> {
    let pods = world.pods.values().filter(|p| p.name.starts_with("web-"));
    pods.map(|p| p.address.unwrap().to_string()).collect()
}

pub(crate) fn ping(from: &str, to: &str) -> Action {
    Action::Send { from: from.into(), to: to.into(), probe: Probe::ping(), count: 1 }
}

/// A ping between pods of two nodes.
pub(crate) fn across(world: &World) -> Action {
    let all: Vec<_> = world.pods.values().filter(|p| p.name.starts_with("web-")).collect();
    let far = all.iter().find(|p| p.node != all[0].node).unwrap();
    ping(&all[0].address.unwrap().to_string(), &far.address.unwrap().to_string())
}

/// Milliseconds of the fastest of so many runs.
pub(crate) fn fastest(clock: Clock, runs: u32, mut run: impl FnMut()) -> f64 {
    let times = (0..runs).map(|_| {
        let start = clock();
        run();
        clock() - start
    });
    times.fold(f64::INFINITY, f64::min)
}

/// Forwarding steps in a second, with every step kept.
pub(crate) fn steps_per_second(clock: Clock, mode: Mode, pings: u32) -> f64 {
    let world = built(mode, 2);
    let action = across(&world);
    let mut steps = 0;
    let ms = fastest(clock, 5, || {
        let mut engine = Engine::new(world.clone(), Keep::Steps);
        for _ in 0..pings {
            action::apply(&mut engine, &action).unwrap();
        }
        steps = engine.record.count();
    });
    steps as f64 / ms * 1000.0
}

/// Milliseconds from the action to the finished record of one ping across nodes, every world kept; the mean of a
/// batch, since one is too short for a clock.
pub(crate) fn ping_ms(clock: Clock, world: &World, runs: u32) -> f64 {
    const BATCH: u32 = 20;
    let action = across(world);
    let ms = fastest(clock, runs, || {
        for _ in 0..BATCH {
            let mut engine = Engine::new(world.clone(), Keep::Worlds);
            action::apply(&mut engine, &action).unwrap();
        }
    });
    ms / f64::from(BATCH)
}

/// Milliseconds to ping every pair of 30 pods on one bridge, and the number of pings.
pub(crate) fn all_pairs_ms(clock: Clock) -> (f64, usize) {
    let world = built(Mode::Kubenet, 1);
    let pods = pods(&world);
    let pairs: Vec<Action> =
        pods.iter().flat_map(|a| pods.iter().filter(move |b| a != *b).map(move |b| ping(a, b))).collect();
    let ms = fastest(clock, 5, || {
        let mut engine = Engine::new(world.clone(), Keep::Count);
        for action in &pairs {
            action::apply(&mut engine, action).unwrap();
        }
    });
    (ms, pairs.len())
}

/// Records at least so many steps of pings on a world, every world kept.
pub(crate) fn recorded(world: &World, steps: usize) -> Engine {
    let action = across(world);
    let mut engine = Engine::new(world.clone(), Keep::Worlds);
    while engine.record.steps.len() < steps {
        action::apply(&mut engine, &action).unwrap();
    }
    engine
}
