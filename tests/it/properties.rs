//! Properties that hold whatever a person does, over random sequences of actions.

use crate::fixture::*;
use podhop::session::Session;
use podhop::sim::action::{self, Action, NewPool, SubnetName, SysctlName};
use podhop::sim::addr::address_count;
use podhop::sim::cluster::Ipam;
use podhop::sim::engine::Engine;
use podhop::sim::fabric::nic::{AddressOwner, Nic};
use podhop::sim::ids::{HostId, NicId};
use podhop::sim::ipam::subnet_pool::LeaseState;
use podhop::sim::mode::Network;
use podhop::sim::mode::azure_bridge::AzureBridge;
use podhop::sim::mode::azure_transparent::AzureTransparent;
use podhop::sim::mode::pod_subnet::PodSubnet;
use podhop::sim::record::trace::{Disposition, Outcome};
use podhop::sim::record::{Keep, Record};
use podhop::sim::rng::Rng;
use podhop::sim::world::World;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

fn pick<T: Clone>(rng: &mut Rng, all: &[T]) -> Option<T> {
    let n = u64::try_from(all.len()).unwrap();
    (n > 0).then(|| all[usize::try_from(rng.below(n)).unwrap()].clone())
}

/// Some action that could make sense in a world; it may be refused.
fn random_action(rng: &mut Rng, world: &World, mode: Mode) -> Action {
    let nodes: Vec<String> = world.nodes.values().map(|n| n.name.to_string()).collect();
    let pods: Vec<String> = world.pods.values().map(podhop::sim::cluster::Pod::key).collect();
    let vms: Vec<String> =
        world.hosts.values().filter(|h| h.name.starts_with("vm")).map(|h| h.name.to_string()).collect();
    let nics: Vec<String> = world.nics.values().map(|n| n.name.to_string()).collect();
    let count = u32::try_from(rng.between(1, 5)).unwrap();
    let number = rng.below(6);
    let or_none = |found: Option<String>| found.unwrap_or_else(|| "none".into());
    match rng.below(18) {
        0 => mode.cluster(count),
        1 | 2 => Action::ScalePool { cluster: "aks01".into(), pool: "nodepool1".into(), count },
        3 => Action::DeleteNode { name: or_none(pick(rng, &nodes)) },
        4 => deployment("web", count * 2),
        5 | 6 => scale("web", u32::try_from(rng.below(12)).unwrap()),
        7 => Action::DeletePod { name: or_none(pick(rng, &pods)) },
        8 => Action::CreateVm {
            name: format!("vm{number}"),
            vnet: "vnet01".into(),
            subnet: "vlan01".into(),
            address: None,
            resource_group: None,
        },
        9 => Action::DeleteVm { name: or_none(pick(rng, &vms)) },
        10 => subnet("vnet01", &format!("s{number}"), &format!("10.0.{}.0/24", 4 + number)),
        11 => Action::DeleteSubnet { vnet: "vnet01".into(), name: format!("s{number}") },
        12 => Action::SetIpForwarding { nic: or_none(pick(rng, &nics)), on: number.is_multiple_of(2) },
        13 => Action::DeleteDeployment { cluster: "aks01".into(), name: "web".into() },
        14 => Action::Settle,
        15 => mode.pool(number, count),
        16 => Action::DeletePool { cluster: "aks01".into(), pool: format!("pool{number}") },
        _ => Action::Wait { ms: number * 20_000 },
    }
}

/// Every address has one owner, and every pool's counts add up.
fn check_addresses(world: &World) {
    let mut owners: BTreeMap<Ipv4Addr, HostId> = BTreeMap::new();
    for (id, host) in world.hosts.iter() {
        for address in host.local.keys().filter(|a| !a.is_loopback()) {
            assert_eq!(owners.insert(*address, id), None, "{address} twice");
            assert_eq!(world.host_at(*address), Some(id), "{address} is found");
        }
    }
    assert_eq!(world.hosts.addresses(), owners.len(), "none is found that nobody has");
    for subnet in world.subnets.values() {
        let counts = subnet.pool.counts();
        assert_eq!(counts.total(), address_count(subnet.pool.prefix()));
        assert_eq!(counts.leased(), u64::try_from(subnet.pool.leases().count()).unwrap());
        for (address, lease) in subnet.pool.leases() {
            let AddressOwner::Nic(nic) = lease.owner;
            assert!(world.nics.get(nic).is_some_and(|n| n.owns(address)), "{address} leased, but no NIC has it");
            let in_use = matches!(lease.state, LeaseState::Node | LeaseState::Vm | LeaseState::Assigned);
            assert_eq!(owners.contains_key(&address), in_use, "{address} is {:?}", lease.state);
        }
    }
    for vnet in world.vnets.values() {
        for (address, nic) in vnet.mappings.iter() {
            assert!(world.nics.get(*nic).is_some_and(|n| n.owns(*address)), "mapping of {address}");
        }
    }
    for nic in world.nics.values() {
        for config in nic.configs.iter() {
            let subnet = world.subnets.get(config.subnet).unwrap();
            assert!(subnet.pool.lease(config.address).is_some(), "{} of {}", config.address, nic.name);
            assert_eq!(world.nic_at(subnet.vnet, config.address), Some(subnet_nic(world, nic)));
        }
    }
    check_blocks(world, &owners);
    check_plugins(world);
}

fn subnet_nic(world: &World, nic: &Nic) -> NicId {
    world.nics.iter().find(|(_, n)| n.name == nic.name).unwrap().0
}

/// What the plugins of a node have given is what its pods have.
fn check_plugins(world: &World) {
    for (id, node) in world.nodes.iter() {
        let pods = world.pods.values().filter(|p| p.node == Some(id) && !p.host_network);
        let mut have: Vec<Ipv4Addr> = pods.filter_map(|p| p.address).collect();
        have.sort();
        let mut given: Vec<Ipv4Addr> = match &node.ipam {
            Ipam::AzureVnet(pool) => pool.records().filter(|(_, holder)| holder.is_some()).map(|(a, _)| a).collect(),
            Ipam::Cns(cns) => cns.ips().filter(|(_, ip)| ip.state.pod().is_some()).map(|(a, _)| a).collect(),
            Ipam::HostLocal(_) | Ipam::None => continue,
        };
        given.sort();
        assert_eq!(given, have, "{}", node.name);
        if let Ipam::Cns(cns) = &node.ipam {
            let held = world.nics.get(node.nic).unwrap().configs.iter().filter(|c| !c.primary).count();
            assert_eq!(cns.ips().count(), held, "{}: azure-cns knows what the NIC has", node.name);
        }
    }
}

fn check_blocks(world: &World, owners: &BTreeMap<Ipv4Addr, HostId>) {
    let mut blocks: Vec<_> = world.nodes.values().filter_map(|n| n.pod_cidr).collect();
    let all = blocks.len();
    blocks.sort();
    blocks.dedup();
    assert_eq!(blocks.len(), all, "a block twice");
    for cluster in world.clusters.values() {
        let Some(set) = &cluster.node_cidrs else { continue };
        assert_eq!(set.used() + set.free(), set.blocks());
        assert_eq!(usize::try_from(set.used()).unwrap(), all);
    }
    for node in world.nodes.values() {
        let Some(store) = node.host_local() else { continue };
        for (address, _) in store.reservations() {
            let IpAddr::V4(v4) = address else { panic!("{address}") };
            assert!(owners.contains_key(&v4), "{v4} reserved, but no pod has it");
        }
        let pods = world.pods.values().filter(|p| p.host.is_some() && !p.host_network);
        let on_node = pods.filter(|p| p.node.and_then(|n| world.nodes.get(n)).is_some_and(|n| n.name == node.name));
        assert_eq!(store.len(), on_node.count(), "{}", node.name);
    }
}

/// A mode that the sequences are run in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Kubenet,
    Bridge,
    Transparent,
    PodSubnet,
}

impl Mode {
    fn cluster(self, count: u32) -> Action {
        let Action::CreateCluster(mut new) = kubenet_cluster("10.244.0.0/22", count) else { unreachable!() };
        match self {
            Mode::Kubenet => {}
            Mode::Bridge => new.network = Network::AzureBridge(AzureBridge::default()),
            Mode::Transparent => new.network = Network::AzureTransparent(AzureTransparent::default()),
            Mode::PodSubnet => {
                new.network = Network::PodSubnet(PodSubnet::default());
                new.pod_subnet = Some(Self::pods());
            }
        }
        new.max_pods = 30;
        Action::CreateCluster(new)
    }

    fn pods() -> SubnetName {
        SubnetName { vnet: "vnet01".into(), subnet: "pods".into() }
    }

    fn pool(self, number: u64, node_count: u32) -> Action {
        let pod_subnet = (self == Mode::PodSubnet).then(Self::pods);
        let subnet = SubnetName { vnet: "vnet01".into(), subnet: "vlan01".into() };
        let name = format!("pool{number}");
        Action::AddPool(Box::new(NewPool {
            cluster: "aks01".into(),
            name,
            subnet,
            pod_subnet,
            node_count,
            max_pods: 30,
        }))
    }

    /// Small enough that it runs full.
    const fn subnet(self) -> &'static str {
        match self {
            Mode::Kubenet => "10.0.0.0/27",
            Mode::Bridge | Mode::Transparent => "10.0.0.0/25",
            Mode::PodSubnet => "10.0.0.0/28",
        }
    }
}

/// 10,000 sequences of building and deleting in kubenet, and 3,000 in each other mode.
#[test]
fn addresses_are_conserved() {
    for (mode, sequences) in
        [(Mode::Kubenet, 10_000), (Mode::Bridge, 3_000), (Mode::Transparent, 3_000), (Mode::PodSubnet, 3_000)]
    {
        for seed in 0..sequences {
            let mut rng = Rng::new(seed);
            let mut world = World::new(seed);
            let first = [
                vnet("vnet01", "10.0.0.0/16"),
                subnet("vnet01", "vlan01", mode.subnet()),
                subnet("vnet01", "pods", "10.0.1.0/26"),
                mode.cluster(2),
            ];
            for action in first {
                world = applied(&world, &action).unwrap();
            }
            for _ in 0..8 {
                let action = random_action(&mut rng, &world, mode);
                if let Some(next) = applied(&world, &action) {
                    world = next;
                }
            }
            check_addresses(&world);
        }
    }
}

fn applied(world: &World, action: &Action) -> Option<World> {
    let mut engine = Engine::new(world.clone(), Keep::Count);
    action::apply(&mut engine, action).ok().map(|()| engine.world)
}

/// A settled cluster with something broken at random.
fn broken(seed: u64) -> Session {
    let mut rng = Rng::new(seed);
    let mut session = session(seed, article_actions());
    session.act(subnet("vnet01", "vms", "10.0.4.0/24")).unwrap();
    session
        .act(Action::CreateVm {
            name: "vm1".into(),
            vnet: "vnet01".into(),
            subnet: "vms".into(),
            address: None,
            resource_group: None,
        })
        .unwrap();
    let table = session.world().route_tables.values().next().unwrap().name.to_string();
    for _ in 0..3 {
        let action = random_fault(&mut rng, &session, &table);
        let _ = session.act(action);
    }
    session
}

fn random_fault(rng: &mut Rng, session: &Session, table: &str) -> Action {
    let world = session.world();
    let nics: Vec<String> = world.nics.values().map(|n| n.name.to_string()).collect();
    let node = ["10.0.0.4", "10.0.0.5"][usize::try_from(rng.below(2)).unwrap()];
    let hop = Ipv4Addr::new(10, 0, 0, 4 + u8::try_from(rng.below(2)).unwrap());
    match rng.below(8) {
        0 => Action::AttachRouteTable { vnet: "vnet01".into(), subnet: "vlan01".into(), table: None },
        1 => Action::SetIpForwarding { nic: pick(rng, &nics).unwrap(), on: false },
        2 => Action::SetSysctl { host: node.into(), name: SysctlName::IpForward, on: false },
        // Both routes to one node: packets for the other's block go round and round.
        3 | 4 => Action::PutRoute {
            table: table.into(),
            route: podhop::sim::fabric::route_table::UserRoute {
                name: format!("loop{}", rng.below(2)).into(),
                prefix: ["10.244.0.0/25", "10.244.7.0/24"][usize::try_from(rng.below(2)).unwrap()].parse().unwrap(),
                next_hop: podhop::sim::fabric::next_hop::UserNextHop::VirtualAppliance(hop),
            },
        },
        5 => Action::DeleteHostRoute {
            host: node.into(),
            dst: ["0.0.0.0/0", "10.244.1.0/24", "10.244.0.0/24"][usize::try_from(rng.below(3)).unwrap()]
                .parse()
                .unwrap(),
            metric: None,
        },
        6 => Action::SetMasquerade { cluster: "aks01".into(), keep: vec![] },
        _ => Action::SetLink {
            host: node.into(),
            dev: ["eth0", "cbr0"][usize::try_from(rng.below(2)).unwrap()].into(),
            up: false,
        },
    }
}

/// Every trace ends, and its hops are well formed.
#[test]
fn every_trace_ends() {
    let targets = [
        "10.244.1.2",
        "10.244.0.6",
        "10.244.0.99",
        "10.244.7.7",
        "10.0.0.5",
        "vm/vm1",
        "10.0.4.77",
        "8.8.8.8",
        "172.16.1.10",
        "10.0.0.1",
    ];
    let sources = ["10.244.1.3", "10.0.0.4", "vm/vm1", "10.244.0.6"];
    for seed in 0..60 {
        let base = broken(seed);
        for (i, to) in targets.iter().enumerate() {
            let mut session = base.clone();
            session.act(ping(sources[i % sources.len()], to)).unwrap();
            let record = &session.turns().last().unwrap().record;
            check_record(record, &format!("seed {seed}, to {to}"));
        }
    }
}

fn check_record(record: &Record, what: &str) {
    let probe = record.probes().next().unwrap();
    assert_ne!(record.outcome(probe), Outcome::Nothing, "{what}");
    for lineage in &record.lineages {
        let trace = record.trace(lineage.id);
        assert_ne!(trace.disposition, Disposition::Unfinished, "{what}: {lineage:?}");
        for pair in trace.hops.windows(2) {
            assert_ne!(pair[0].at, pair[1].at, "{what}: a hop is one place");
            assert!(!pair[0].steps.is_empty() && pair[0].steps.last() < pair[1].steps.first(), "{what}");
        }
        let first = &record.steps[trace.hops[0].steps[0]];
        assert!(
            matches!(first.decision.code(), "originate" | "answer" | "arp-request" | "arp-reply" | "icmp-error"),
            "{what}: {}",
            first.decision.code()
        );
    }
    assert!(record.steps.windows(2).all(|pair| pair[0].time <= pair[1].time), "{what}: time runs forward");
}

/// Two routes that point at each other's nodes: the TTL ends it.
#[test]
fn a_route_loop_ends_by_ttl() {
    let mut session = article();
    let table = session.world().route_tables.values().next().unwrap().name.to_string();
    let hop = podhop::sim::fabric::next_hop::UserNextHop::VirtualAppliance(Ipv4Addr::new(10, 0, 0, 5));
    let route = podhop::sim::fabric::route_table::UserRoute {
        name: "loop".into(),
        prefix: "10.244.7.0/24".parse().unwrap(),
        next_hop: hop,
    };
    session.act(Action::PutRoute { table, route }).unwrap();
    session.act(ping("10.244.1.3", "10.244.7.7")).unwrap();
    assert!(matches!(
        outcome(&session),
        Outcome::Error { kind: podhop::sim::record::trace::ErrorKind::TimeExceeded, .. }
    ));
}

/// Undo then redo, and save then load, over random histories.
#[test]
fn undo_redo_save_load() {
    for seed in 0..150 {
        let mut rng = Rng::new(seed);
        let mut session = session(seed, article_actions().into_iter().take(4));
        for _ in 0..6 {
            let action = random_action(&mut rng, session.world(), Mode::Kubenet);
            let _ = session.act(action);
        }
        let text = |s: &Session| {
            let world = s.world();
            let hosts: Vec<_> = world.hosts.iter().collect();
            format!("{:?} {hosts:?} {:?} {:?}", world.now, world.pods.iter().collect::<Vec<_>>(), world.queue)
        };
        let end = text(&session);
        let mut again = session.clone();
        let back = rng.below(5);
        let undone = (0..back).filter(|_| again.undo()).count();
        let redone = (0..undone).filter(|_| again.redo()).count();
        assert_eq!((redone, text(&again)), (undone, end.clone()), "seed {seed}");
        let loaded = Session::load(&session.scenario()).unwrap();
        assert_eq!(text(&loaded), end, "seed {seed}");
    }
}
