//! The addresses of an Azure subnet (azure.md 1.1, 1.4, 5.4; T01 to T04, T08, T19).

use ipnet::Ipv4Net;
use podhop::sim::ipam::subnet_pool::{LeaseState, PoolError, Reserved, Slot, SubnetPool};
use podhop::sim::time::{Span, Time};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

const NOW: Time = Time(7);

fn ip(text: &str) -> Ipv4Addr {
    text.parse().unwrap()
}

fn pool(prefix: &str) -> SubnetPool<&'static str> {
    SubnetPool::new(prefix.parse().unwrap()).unwrap()
}

/// Leases all that is free; first and last address and their number.
fn fill(pool: &mut SubnetPool<&'static str>) -> (Ipv4Addr, Ipv4Addr, usize) {
    let all: Vec<Ipv4Addr> = std::iter::from_fn(|| pool.allocate("n", LeaseState::Node, NOW).ok()).collect();
    (all[0], all[all.len() - 1], all.len())
}

#[test]
fn t01_to_t03_five_addresses_are_reserved() {
    let check = |prefix, first: &str, last: &str, usable: u64| {
        let mut pool = pool(prefix);
        assert_eq!(pool.counts().usable(), usable, "{prefix}");
        assert_eq!(fill(&mut pool), (ip(first), ip(last), usize::try_from(usable).unwrap()), "{prefix}");
        assert_eq!(pool.counts().total(), 1 << (32 - prefix.parse::<Ipv4Net>().unwrap().prefix_len()));
    };
    check("10.0.0.0/22", "10.0.0.4", "10.0.3.254", 1019);
    check("10.0.1.0/29", "10.0.1.4", "10.0.1.6", 3);
    check("10.0.0.0/24", "10.0.0.4", "10.0.0.254", 251);
    check("10.0.0.64/26", "10.0.0.68", "10.0.0.126", 59);
    check("10.0.0.0/27", "10.0.0.4", "10.0.0.30", 27);
    check("10.0.0.0/28", "10.0.0.4", "10.0.0.14", 11);
    check("10.0.0.0/20", "10.0.0.4", "10.0.15.254", 4091);
}

#[test]
fn t01_each_reserved_address_has_its_role() {
    let pool = pool("10.0.0.0/22");
    let roles = ["10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.3.255"].map(|a| pool.role(ip(a)).unwrap());
    assert_eq!(roles, Reserved::ALL);
    assert_eq!(pool.slot(ip("10.0.0.1")), Slot::Reserved(Reserved::Gateway));
    assert_eq!(pool.slot(ip("10.0.0.4")), Slot::Free);
    assert_eq!(pool.slot(ip("10.0.4.0")), Slot::Outside);
    assert_eq!(pool.role(ip("10.0.0.255")), None, "only the last of the subnet is its broadcast address");
}

#[test]
fn t02_a_30_is_no_subnet() {
    let refused = SubnetPool::<&str>::new("10.0.1.0/30".parse().unwrap()).unwrap_err();
    assert_eq!(refused, PoolError::TooSmall { prefix: "10.0.1.0/30".parse().unwrap() });
}

#[test]
fn t04_static_requests() {
    let check = |address, expected: Result<(), &str>| {
        let mut pool = pool("10.30.30.0/24");
        pool.request(ip("10.30.30.9"), "vm0", LeaseState::Vm, NOW).unwrap();
        let found = pool.request(ip(address), "vm1", LeaseState::Vm, NOW);
        assert_eq!(found.as_ref().map_err(PoolError::code).copied(), expected, "{address}");
        assert_eq!(pool.counts().of(LeaseState::Vm), 1 + u64::from(expected.is_ok()));
    };
    check("10.30.30.1", Err("PrivateIPAddressInReservedRange"));
    check("10.30.30.0", Err("PrivateIPAddressInReservedRange"));
    check("10.30.30.255", Err("PrivateIPAddressInReservedRange"));
    check("10.30.30.9", Err("PrivateIPAddressIsAllocated"));
    check("10.30.31.9", Err("PrivateIPAddressNotInSubnet"));
    check("10.30.30.4", Ok(()));
    check("10.30.30.254", Ok(()));
}

#[test]
fn t08_two_nodes_in_a_fresh_subnet() {
    let mut pool = pool("10.0.0.0/20");
    let mut node = |name: &'static str| {
        let primary = pool.allocate(name, LeaseState::Node, NOW).unwrap();
        let held = pool.allocate_block(30, &name, LeaseState::HeldForPods, NOW).unwrap();
        (primary, held[0], held[29], held.len())
    };
    assert_eq!(node("node0"), (ip("10.0.0.4"), ip("10.0.0.5"), ip("10.0.0.34"), 30));
    assert_eq!(node("node1"), (ip("10.0.0.35"), ip("10.0.0.36"), ip("10.0.0.65"), 30));
    let counts = pool.counts();
    assert_eq!((counts.of(LeaseState::Node), counts.of(LeaseState::HeldForPods)), (2, 60));
    assert_eq!((counts.reserved, counts.leased(), counts.free, counts.total()), (5, 62, 4029, 4096));
}

#[test]
fn t19_a_24_holds_251_nodes_and_then_is_full() {
    let mut pool = pool("10.0.0.0/24");
    assert_eq!(fill(&mut pool).2, 251);
    let full = pool.allocate("late", LeaseState::Node, NOW).unwrap_err();
    assert_eq!(
        (full.code(), &full),
        ("SubnetIsFull", &PoolError::SubnetIsFull { prefix: pool.prefix(), wanted: 1, free: 0 })
    );
}

#[test]
fn a_block_is_all_or_nothing() {
    let mut pool = pool("10.0.0.0/28");
    let before = pool.clone();
    let full = pool.allocate_block(12, &"n", LeaseState::HeldInBatch, NOW).unwrap_err();
    assert_eq!(full, PoolError::SubnetIsFull { prefix: pool.prefix(), wanted: 12, free: 11 });
    assert_eq!(pool, before);
    assert_eq!(pool.allocate_block(11, &"n", LeaseState::HeldInBatch, NOW).unwrap().len(), 11);
}

#[test]
fn holes_are_filled_lowest_first() {
    let mut pool = pool("10.0.0.0/24");
    pool.allocate_block(20, &"a", LeaseState::Vm, NOW).unwrap();
    pool.request(ip("10.0.0.30"), "b", LeaseState::Vm, NOW).unwrap();
    for gone in ["10.0.0.9", "10.0.0.6", "10.0.0.23"] {
        assert_eq!(pool.release(ip(gone)).unwrap().owner, "a");
    }
    assert_eq!(pool.release(ip("10.0.0.9")), None);
    let next: Vec<_> = (0..9).map(|_| pool.allocate("c", LeaseState::Vm, NOW).unwrap().octets()[3]).collect();
    assert_eq!(next, [6, 9, 23, 24, 25, 26, 27, 28, 29]);
    assert_eq!(pool.lowest_free(), Some(ip("10.0.0.31")), ".30 was asked for");
    assert_eq!(pool.release_owner(&"b"), [ip("10.0.0.30")]);
    assert_eq!(pool.lowest_free(), Some(ip("10.0.0.30")));
}

#[test]
fn a_lease_goes_through_its_states() {
    let mut pool = pool("10.0.0.0/28");
    let address = pool.allocate("node", LeaseState::HeldInBatch, NOW).unwrap();
    let later = NOW + Span::secs(1);
    for (state, before) in [
        (LeaseState::Assigned, LeaseState::HeldInBatch),
        (LeaseState::HeldInBatch, LeaseState::Assigned),
        (LeaseState::PendingRelease, LeaseState::HeldInBatch),
    ] {
        assert_eq!(pool.set_state(address, state, later).unwrap().state, before);
        assert_eq!((pool.counts().of(state), pool.counts().of(before), pool.counts().leased()), (1, 0, 1));
    }
    assert_eq!(pool.lease(address).map(|l| (l.owner, l.since)), Some(("node", later)));
    assert_eq!(pool.set_state(ip("10.0.0.9"), LeaseState::Assigned, later), None);
}

/// The pool against a plain list of addresses, over many operations in an order that looks random.
#[test]
fn agrees_with_a_plain_list() {
    let mut pool = SubnetPool::new("10.0.0.0/26".parse().unwrap()).unwrap();
    let mut list: BTreeMap<Ipv4Addr, u32> = BTreeMap::new();
    let usable: Vec<Ipv4Addr> = (4..63).map(|n| Ipv4Addr::new(10, 0, 0, n)).collect();
    let mut seed = 1u64;
    for step in 0..4000u32 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let address = usable[usize::try_from(seed >> 40).unwrap() % usable.len()];
        match (seed >> 33) % 4 {
            0 | 1 => {
                let lowest = usable.iter().find(|a| !list.contains_key(a)).copied();
                assert_eq!(pool.allocate(step, LeaseState::Vm, NOW).ok(), lowest);
                list.extend(lowest.map(|a| (a, step)));
            }
            2 => {
                let free = !list.contains_key(&address);
                assert_eq!(pool.request(address, step, LeaseState::Node, NOW).is_ok(), free);
                list.entry(address).or_insert(step);
            }
            _ => assert_eq!(pool.release(address).map(|l| l.owner), list.remove(&address)),
        }
        assert_eq!(pool.counts().leased(), list.len() as u64);
        assert_eq!((pool.counts().total(), pool.counts().reserved), (64, 5));
    }
    let leases: BTreeMap<_, _> = pool.leases().map(|(address, lease)| (address, lease.owner)).collect();
    assert_eq!(leases, list);
    for address in list.keys() {
        pool.release(*address);
    }
    assert_eq!(pool, SubnetPool::new(pool.prefix()).unwrap(), "nothing is left of what has gone");
}
