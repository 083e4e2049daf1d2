//! States of addresses and requests of pods (`cns/restserver/{ipam,util,internalapi}.go`).

use super::*;
use podhop::sim::ipam::cns::{InconsistentIpConfigState, IpState, NncDelta, NncSpec};

fn empty() -> Cns {
    Cns::new(Scaler::default(), MonitorVersion::V1, NncSpec::default())
}

/// A node with addresses 0.. of version 0, which the host has programmed.
fn programmed(addresses: u32) -> Cns {
    let mut cns = empty();
    cns.sync_host_version(0, NOW);
    cns.apply(nc(0), &ips(0..addresses), NOW).unwrap();
    cns
}

fn codes(cns: &Cns) -> Vec<&str> {
    cns.ips().map(|(_, ip)| ip.state.code()).collect()
}

#[test]
fn new_addresses_wait_until_the_host_has_programmed_their_version() {
    let check = |host: Option<u32>, version, expected| {
        let mut cns = empty();
        host.map(|version| cns.sync_host_version(version, NOW));
        cns.apply(nc(version), &ips(0..1), Time(5)).unwrap();
        let found = cns.ip(ip(0)).unwrap();
        assert_eq!((found.state.code(), found.since, found.nc_version), (expected, Time(5), version));
    };
    check(None, 0, "PendingProgramming");
    check(Some(0), 0, "Available");
    check(Some(0), 1, "PendingProgramming");
    check(Some(2), 1, "Available");
}

#[test]
fn programming_makes_available_what_came_with_this_version_or_an_older_one() {
    let mut cns = programmed(1);
    cns.apply(nc(1), &ips(0..2), Time(1)).unwrap();
    cns.apply(nc(2), &ips(0..3), Time(2)).unwrap();
    cns.apply(nc(3), &ips(0..4), Time(3)).unwrap();
    let version = |cns: &Cns, n| cns.ip(ip(n)).unwrap().nc_version;
    assert_eq!([0, 1, 2, 3].map(|n| version(&cns, n)), [0, 1, 2, 3], "what is there keeps its version");
    assert_eq!(codes(&cns), ["Available", "PendingProgramming", "PendingProgramming", "PendingProgramming"]);

    assert!(cns.sync_host_version(0, Time(4)).is_empty(), "nothing new");
    assert_eq!(cns.sync_host_version(2, Time(5)), [ip(1), ip(2)]);
    assert_eq!(codes(&cns), ["Available", "Available", "Available", "PendingProgramming"]);
    assert_eq!([0, 1, 2, 3].map(|n| version(&cns, n)), [0, 2, 2, 3]);
    assert_eq!([0, 1, 2, 3].map(|n| cns.ip(ip(n)).unwrap().since.0), [0, 5, 5, 3]);
    assert!(cns.sync_host_version(1, Time(6)).is_empty(), "a version never goes back");
    assert_eq!(cns.host_version(), Some(2));
}

#[test]
fn an_address_through_its_states() {
    let mut cns = empty();
    let mut states = Vec::new();
    let mut note = |cns: &Cns| states.push(cns.ip(ip(0)).map_or(("-", 0), |ip| (ip.state.code(), ip.since.0)));
    cns.apply(nc(0), &ips(0..1), Time(1)).unwrap();
    note(&cns);
    cns.sync_host_version(0, Time(2));
    note(&cns);
    cns.request("default/a", &mut Rng::new(1), AddressOrder::Random, Time(3)).unwrap();
    note(&cns);
    cns.release("default/a", Time(4));
    note(&cns);
    assert_eq!(cns.mark_pending_release(1, Time(5)), [ip(0)]);
    note(&cns);
    cns.sync_host_version(1, Time(6));
    note(&cns);
    cns.apply(nc(1), &[], Time(7)).unwrap();
    note(&cns);
    let expected = [
        ("PendingProgramming", 1),
        ("Available", 2),
        ("Assigned", 3),
        ("Available", 4),
        ("PendingRelease", 5),
        ("PendingRelease", 5),
        ("-", 0),
    ];
    assert_eq!(states, expected);
}

#[test]
fn a_repeated_request_gives_the_same_address() {
    let mut cns = programmed(16);
    let first = request(&mut cns, "default/a").unwrap();
    assert_eq!(first, Granted { address: ip(0), again: false, available_before: 16 });
    let before = cns.clone();
    let again = request(&mut cns, "default/a").unwrap();
    assert_eq!(again, Granted { address: ip(0), again: true, available_before: 15 });
    assert_eq!(cns, before);
    assert_eq!(request(&mut cns, "other/a").unwrap().address, ip(1), "the key has the namespace");
    assert_eq!(cns.address_of("other/a"), Some(ip(1)));
    assert_eq!(cns.ip(ip(1)).unwrap().state, IpState::Assigned { pod: "other/a".into() });
}

#[test]
fn a_released_address_is_available_at_once() {
    let mut cns = programmed(1);
    request(&mut cns, "default/a").unwrap();
    assert_eq!(cns.release("default/a", NOW), Some(ip(0)));
    assert_eq!(cns.release("default/a", NOW), None, "again is no error");
    assert_eq!(request(&mut cns, "default/b").unwrap().address, ip(0));
}

#[test]
fn refusals_in_the_components_words() {
    let text = |cns: &mut Cns| request(cns, "default/late").unwrap_err().text();
    assert_eq!(text(&mut empty()), "no NCs found in the CNS internal state");

    let waiting =
        "not enough IPs available of type ipv4 for nc-1, waiting on Azure CNS to allocate more with NC Status: ";
    let mut full = programmed(2);
    assign(&mut full, 2);
    assert_eq!(text(&mut full), format!("{waiting}NCUpdateSuccess"));
    let subnet_full = NetworkContainer { status: NcStatus::SubnetFull, ..nc(0) };
    full.apply(subnet_full, &ips(0..2), NOW).unwrap();
    assert_eq!(text(&mut full), format!("{waiting}NCUpdateSubnetFullError"));

    let mut unprogrammed = empty();
    unprogrammed.apply(nc(0), &ips(0..2), NOW).unwrap();
    assert_eq!(text(&mut unprogrammed), format!("{waiting}NCUpdateSuccess"));
    let mut leaving = programmed(2);
    leaving.mark_pending_release(2, NOW);
    assert_eq!(text(&mut leaving), format!("{waiting}NCUpdateSuccess"));
}

#[test]
fn unprogrammed_addresses_are_marked_first_and_fewer_than_asked_if_there_are_no_more() {
    let mut cns = programmed(4);
    cns.apply(nc(1), &ips(0..6), NOW).unwrap();
    assign(&mut cns, 1);
    assert!(cns.mark_pending_release(0, NOW).is_empty());
    assert_eq!(cns.mark_pending_release(3, NOW), [ip(5), ip(4), ip(3)]);
    assert_eq!(cns.counts(), counts(2, 1, 0, 3));
    assert_eq!(cns.mark_pending_release(3, NOW), [ip(2), ip(1)]);
    assert_eq!(cns.counts(), counts(0, 1, 0, 5));
    assert_eq!(
        codes(&cns),
        ["Assigned", "PendingRelease", "PendingRelease", "PendingRelease", "PendingRelease", "PendingRelease"]
    );
}

#[test]
fn an_update_says_what_came_and_what_went() {
    let mut cns = programmed(4);
    let delta = cns.apply(nc(1), &[ip(9), ip(1), ip(2), ip(7)], NOW).unwrap();
    assert_eq!(delta, NncDelta { added: vec![ip(7), ip(9)], removed: vec![ip(0), ip(3)] });
    assert_eq!(held(&cns), [ip(1), ip(2), ip(7), ip(9)]);
    assert_eq!(cns.network_container(), Some(&nc(1)));
    assert_eq!(cns.apply(nc(1), &held(&cns.clone()), NOW), Ok(NncDelta::default()));
}

#[test]
fn an_update_without_the_address_of_a_pod_is_refused_whole() {
    let mut cns = programmed(4);
    assign(&mut cns, 2);
    let before = cns.clone();
    let refused = cns.apply(nc(1), &[ip(0), ip(9)], NOW).unwrap_err();
    assert_eq!(refused, InconsistentIpConfigState { address: ip(1), pod: "default/p1".into() });
    assert_eq!(cns, before);
    cns.release("default/p1", NOW);
    assert!(cns.apply(nc(1), &[ip(0), ip(9)], NOW).is_ok());
}

#[test]
fn which_available_address_a_pod_gets() {
    let drain = |order, seed| {
        let (mut cns, mut rng) = (programmed(16), Rng::new(seed));
        let get = |n: u32| cns.request(&pod(n), &mut rng, order, NOW).unwrap().address;
        (0..16).map(get).collect::<Vec<_>>()
    };
    assert_eq!(drain(AddressOrder::Lowest, 1), ips(0..16));
    let random = drain(AddressOrder::Random, 1);
    assert_ne!(random, ips(0..16));
    assert_eq!(random, drain(AddressOrder::Random, 1), "the same seed, the same addresses");
    assert_ne!(random, drain(AddressOrder::Random, 2));
    assert_eq!(random.iter().copied().collect::<BTreeSet<_>>(), ips(0..16).into_iter().collect());
}

#[test]
fn an_order_picks_one_of_n() {
    let mut rng = Rng::new(1);
    let untouched = rng;
    for order in [AddressOrder::Random, AddressOrder::Lowest] {
        assert_eq!(order.pick(0, &mut rng), None);
    }
    assert_eq!(AddressOrder::Lowest.pick(3, &mut rng), Some(0));
    assert_eq!(rng, untouched);
    let picked: BTreeSet<_> = (0..100).map(|_| AddressOrder::Random.pick(3, &mut rng)).collect();
    assert_eq!(picked, [Some(0), Some(1), Some(2)].into());
    assert_eq!(AddressOrder::default(), AddressOrder::Random);
}
