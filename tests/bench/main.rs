//! Benchmarks. Times are noisy, so what is judged is ratios within one run and counts; `cargo xtask bench` runs it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a bench says what is wrong by failing")]

use podhop::session::Session;
use podhop::sim::action::{self, Action, NewCluster};
use podhop::sim::engine::probe::Probe;
use podhop::sim::engine::{Engine, Until};
use podhop::sim::mode::Network;
use podhop::sim::mode::kubenet::{Kubenet, MasqueradeRange};
use podhop::sim::record::Keep;
use podhop::sim::world::World;
use std::time::{Duration, Instant};

fn actions(nodes: u32, pods_per_node: u32) -> Vec<Action> {
    let kubenet = Kubenet { pod_cidr: "10.128.0.0/13".parse().unwrap(), masquerade: MasqueradeRange::default() };
    let cluster = NewCluster {
        name: "aks".into(),
        resource_group: "rg".into(),
        location: "eastus".into(),
        version: "1.20.9".into(),
        network: Network::Kubenet(kubenet),
        vnet: "vnet".into(),
        subnet: "nodes".into(),
        pool: "nodepool1".into(),
        node_count: nodes,
        max_pods: 110,
        service_cidr: "172.16.0.0/16".parse().unwrap(),
        dns_service_ip: "172.16.0.10".parse().unwrap(),
    };
    vec![
        Action::CreateVnet { name: "vnet".into(), prefixes: vec!["10.0.0.0/16".parse().unwrap()] },
        Action::CreateSubnet { vnet: "vnet".into(), name: "nodes".into(), prefix: "10.0.0.0/20".parse().unwrap() },
        Action::CreateCluster(Box::new(cluster)),
        Action::Settle,
        Action::CreateDeployment { cluster: "aks".into(), name: "web".into(), image: "nginx".into(), replicas: nodes * pods_per_node },
        Action::Settle,
    ]
}

fn build(nodes: u32, pods_per_node: u32, keep: Keep) -> Engine {
    let mut engine = Engine::new(World::new(7), keep);
    for action in actions(nodes, pods_per_node) {
        action::apply(&mut engine, &action).unwrap();
    }
    engine
}

/// Pods of the deployment on two different nodes.
fn two_pods(world: &World) -> (String, String) {
    let pods: Vec<_> = world.pods.values().filter(|p| p.name.starts_with("web-")).collect();
    let a = pods[0];
    let b = pods.iter().find(|p| p.node != a.node).unwrap();
    (a.address.unwrap().to_string(), b.address.unwrap().to_string())
}

fn ping(a: &str, b: &str) -> Action {
    Action::Send { from: a.into(), to: b.into(), probe: Probe::ping(), count: 1 }
}

fn best(times: usize, mut f: impl FnMut() -> Duration) -> Duration {
    (0..times).map(|_| f()).min().unwrap()
}

fn main() {
    if std::env::args().any(|a| a == "only-build") {
        let big = build(400, 30, Keep::Count);
        println!("{}", big.record.count());
        std::process::exit(0);
    }
    if std::env::args().any(|a| a == "only-ping") {
        let engine = build(2, 30, Keep::Count);
        let (a, b) = two_pods(&engine.world);
        let mut e = Engine::new(engine.world.clone(), Keep::Steps);
        for _ in 0..2000 {
            action::apply(&mut e, &ping(&a, &b)).unwrap();
        }
        println!("{}", e.record.count());
        std::process::exit(0);
    }
    let start = Instant::now();
    let big = build(400, 30, Keep::Count);
    println!("build 400 nodes x 30 pods: {:?} ({} steps, {} pods)", start.elapsed(), big.record.count(), big.world.pods.len());
    let t = best(3, || { let s = Instant::now(); let _ = build(400, 30, Keep::Count); s.elapsed() });
    println!("  best of 3: {t:?}");

    for nodes in [2, 100, 400] {
        let engine = build(nodes, 30, Keep::Count);
        let (a, b) = two_pods(&engine.world);
        let world = engine.world.clone();
        let one = |keep| {
            best(200, || {
                let world = world.clone();
                let s = Instant::now();
                let mut e = Engine::new(world, keep);
                action::apply(&mut e, &ping(&a, &b)).unwrap();
                let d = s.elapsed();
                drop(e);
                d
            })
        };
        println!("ping at {nodes} nodes: with worlds {:?}, steps {:?}, count {:?}", one(Keep::Worlds), one(Keep::Steps), one(Keep::Count));
    }

    // Forwarding steps a second.
    let engine = build(2, 30, Keep::Count);
    let (a, b) = two_pods(&engine.world);
    for keep in [Keep::Count, Keep::Steps, Keep::Worlds] {
        let mut e = Engine::new(engine.world.clone(), keep);
        let s = Instant::now();
        let n = 2000;
        for _ in 0..n {
            action::apply(&mut e, &ping(&a, &b)).unwrap();
        }
        let d = s.elapsed();
        println!("{keep:?}: {} steps in {d:?}: {:.0} steps/s", e.record.count(), e.record.count() as f64 / d.as_secs_f64());
    }
    // All pairs of 30 pods on one bridge.
    let mut e = build(1, 30, Keep::Count);
    let addrs: Vec<String> = e.world.pods.values().filter(|p| p.name.starts_with("web-")).map(|p| p.address.unwrap().to_string()).collect();
    let s = Instant::now();
    let before = e.record.count();
    for a in &addrs {
        for b in &addrs {
            if a != b { action::apply(&mut e, &ping(a, b)).unwrap(); }
        }
    }
    println!("all pairs of {}: {:?} {} steps", addrs.len(), s.elapsed(), e.record.count() - before);
    let _ = Until::Quiet;
    let _ = Session::new(1);
}
