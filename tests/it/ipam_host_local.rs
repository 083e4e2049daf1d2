//! The host-local plugin against the vectors of its own tests (components.md 1.1) and against
//! what was measured with the real plugin.

use podhop::sim::ipam::host_local::{Allocation, GetError, HostLocal, Owner, RangeConfig, Skip, Start};
use std::net::IpAddr;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn ranges(subnets: &str) -> Vec<RangeConfig> {
    subnets.split_whitespace().map(|s| RangeConfig::from(s.parse::<ipnet::IpNet>().unwrap())).collect()
}

/// One range set of these subnets.
fn store(subnets: &str) -> HostLocal {
    HostLocal::new(&[ranges(subnets)]).unwrap()
}

fn prepared(subnets: &str, taken: &str, last: &str) -> HostLocal {
    let mut store = store(subnets);
    for address in taken.split_whitespace() {
        assert!(store.put_file(ip(address), Owner::new("other", "eth0")));
    }
    if !last.is_empty() {
        store.put_last_reserved(0, ip(last));
    }
    store
}

fn outcome(result: Result<Allocation, GetError>) -> String {
    match result {
        Ok(allocation) => allocation.address.to_string(),
        Err(error) => error.text(),
    }
}

fn get(store: &mut HostLocal, id: &str) -> String {
    outcome(store.get(0, id, "eth0", None))
}

fn request(store: &mut HostLocal, id: &str, address: &str) -> String {
    outcome(store.get(0, id, "eth0", Some(ip(address))))
}

/// Addresses until the store says no, and what it says.
fn drain(store: &mut HostLocal) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        all.push(get(store, &format!("c{}", all.len())));
        if all[all.len() - 1].starts_with("no IP") {
            return all;
        }
    }
}

#[test]
fn vectors_1_to_14_next_address() {
    let check = |vector: u32, subnets, taken, last, expected: &str| {
        assert_eq!(get(&mut prepared(subnets, taken, last), "id"), expected, "vector {vector}");
    };
    let full = |ranges: &str| format!("no IP addresses available in range set: {ranges}");
    check(1, "10.0.0.0/29", "", "", "10.0.0.2/29");
    check(2, "10.0.0.0/30", "", "", "10.0.0.2/30");
    check(3, "2001:db8:1::/64", "", "", "2001:db8:1::2/64");
    check(4, "10.0.0.0/29", "10.0.0.2", "", "10.0.0.3/29");
    check(5, "10.0.0.0/29", "", "10.0.0.5", "10.0.0.6/29");
    check(6, "10.0.0.0/29", "10.0.0.4 10.0.0.5", "10.0.0.3", "10.0.0.6/29");
    check(7, "10.0.0.0/29", "10.0.0.6", "10.0.0.5", "10.0.0.2/29");
    check(8, "10.0.0.0/29", "10.0.0.2", "10.0.0.128", "10.0.0.3/29");
    check(9, "10.0.0.0/29", "10.0.0.2 10.0.0.4 10.0.0.5 10.0.0.6", "10.0.0.3", "10.0.0.3/29");
    check(10, "10.0.0.0/30 10.0.1.0/30", "", "", "10.0.0.2/30");
    check(11, "10.0.0.0/30 10.0.1.0/30", "", "10.0.0.2", "10.0.1.2/30");
    check(12, "10.0.0.0/30 10.0.1.0/30 10.0.2.0/30", "", "10.0.2.2", "10.0.0.2/30");
    check(13, "10.0.0.0/30", "10.0.0.2", "", &full("10.0.0.1-10.0.0.2"));
    check(14, "10.0.0.0/29", "10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 10.0.0.6", "", &full("10.0.0.1-10.0.0.6"));
}

#[test]
fn vectors_15_to_19_release_round_and_request() {
    let check = |vector: u32, found: Vec<String>, expected: &[&str]| assert_eq!(found, expected, "vector {vector}");

    let mut again = store("192.168.1.0/29");
    let first = get(&mut again, "id");
    again.release("id", "eth0");
    check(15, vec![first, get(&mut again, "id")], &["192.168.1.2/29", "192.168.1.3/29"]);

    let full = "no IP addresses available in range set: 192.168.1.1-192.168.1.6";
    let [two, three, four, five, six] =
        ["192.168.1.2/29", "192.168.1.3/29", "192.168.1.4/29", "192.168.1.5/29", "192.168.1.6/29"];
    let round = |last| drain(&mut prepared("192.168.1.0/29", "", last));
    check(16, round(""), &[two, three, four, five, six, full]);
    check(17, round("192.168.1.3"), &[four, five, six, two, three, full]);
    check(18, round("192.168.1.6"), &[two, three, four, five, six, full]);

    let mut asked = store("192.168.1.0/29");
    let found = ["a", "b"].map(|id| request(&mut asked, id, "192.168.1.5")).to_vec();
    let taken = "requested IP address 192.168.1.5 is not available in range set 192.168.1.1-192.168.1.6";
    check(19, found, &[five, taken]);
}

#[test]
fn measured_full_store_reuses_the_freed_address() {
    let mut store = store("192.168.1.0/29");
    for n in 2..=6 {
        let given = store.add(&format!("c{n}"), "eth0", &[]).unwrap();
        assert_eq!(given[0].address.addr(), ip(&format!("192.168.1.{n}")));
    }
    let refused = store.add("c7", "eth0", &[]).unwrap_err();
    assert_eq!(
        refused.text(),
        "failed to allocate for range 0: no IP addresses available in range set: 192.168.1.1-192.168.1.6"
    );
    assert_eq!(store.release("c4", "eth0"), [ip("192.168.1.4")]);
    assert_eq!(get(&mut store, "c7"), "192.168.1.4/29");
}

#[test]
fn t23_first_pods_of_a_node_and_capacity_of_its_block() {
    let mut store = store("10.244.1.0/24");
    let all = drain(&mut store);
    assert_eq!(all[..2], ["10.244.1.2/24", "10.244.1.3/24"]);
    assert_eq!(all[252], "10.244.1.254/24");
    assert_eq!((all.len() - 1, store.len()), (253, 253));
    let first = HostLocal::new(&[ranges("10.244.1.0/24")]).unwrap().get(0, "c", "eth0", None).unwrap();
    assert_eq!(first.gateway, ip("10.244.1.1"));
}

#[test]
fn evidence_says_where_the_cursor_began_and_what_it_passed() {
    let check = |subnets, taken, last, started, walked: &[(&str, Skip)]| {
        let given = prepared(subnets, taken, last).get(0, "id", "eth0", None).unwrap();
        let walked: Vec<_> = walked.iter().map(|(address, skip)| (ip(address), *skip)).collect();
        assert_eq!((given.started, given.walked), (started, walked), "{subnets} taken {taken} last {last}");
    };
    let gateway = ("10.0.0.1", Skip::Gateway);
    let taken = |address| (address, Skip::Taken);
    check("10.0.0.0/29", "", "", Start::RangeStart, &[gateway]);
    check("10.0.0.0/29", "", "10.0.0.5", Start::AfterLast(ip("10.0.0.5")), &[]);
    check("10.0.0.0/29", "10.0.0.6", "10.0.0.5", Start::AfterLast(ip("10.0.0.5")), &[taken("10.0.0.6"), gateway]);
    check("10.0.0.0/29", "10.0.0.2", "10.0.0.128", Start::LastOutside(ip("10.0.0.128")), &[gateway, taken("10.0.0.2")]);
    check("10.0.0.0/30 10.0.1.0/30", "", "10.0.0.2", Start::AfterLast(ip("10.0.0.2")), &[("10.0.1.1", Skip::Gateway)]);
}

#[test]
fn requests_that_are_refused() {
    let check = |address, expected: &str| {
        let mut store = prepared("192.168.1.0/29", "192.168.1.4", "");
        assert_eq!(request(&mut store, "id", address), expected);
        assert_eq!(store.last_reserved(0), None, "{address}: the cursor moves on success alone");
    };
    check("192.168.1.1", "requested ip 192.168.1.1 is subnet's gateway");
    check("192.168.1.4", "requested IP address 192.168.1.4 is not available in range set 192.168.1.1-192.168.1.6");
    check("192.168.1.7", "192.168.1.7 not in range set 192.168.1.1-192.168.1.6");
    check("10.0.0.1", "10.0.0.1 not in range set 192.168.1.1-192.168.1.6");
}

#[test]
fn one_container_one_address() {
    let mut store = store("10.244.1.0/24");
    assert_eq!(get(&mut store, "abc"), "10.244.1.2/24");
    assert_eq!(get(&mut store, "abc"), "10.244.1.2 has been allocated to abc, duplicate allocation is not allowed");
    assert_eq!(store.get(0, "abc", "net1", None).unwrap().address.to_string(), "10.244.1.3/24", "another interface");
    assert!(store.put_file(ip("10.244.1.9"), Owner::old_format("old")));
    assert_eq!(get(&mut store, "old"), "10.244.1.9 has been allocated to old, duplicate allocation is not allowed");
}

#[test]
fn release_takes_old_files_only_if_there_is_no_new_one() {
    let mut store = store("10.244.1.0/24");
    store.put_file(ip("10.244.1.5"), Owner::new("c", "eth0"));
    store.put_file(ip("10.244.1.6"), Owner::new("c", "net1"));
    store.put_file(ip("10.244.1.7"), Owner::old_format("c"));
    store.put_last_reserved(0, ip("10.244.1.7"));
    let mut release = |ifname| store.release("c", ifname).iter().map(IpAddr::to_string).collect::<Vec<_>>();
    assert_eq!(release("eth0"), ["10.244.1.5"]);
    assert_eq!(release("eth0"), ["10.244.1.7"]);
    assert_eq!(release("eth0"), Vec::<String>::new(), "nothing left is no error");
    assert_eq!(release("net1"), ["10.244.1.6"]);
    assert_eq!(store.last_reserved(0), Some(ip("10.244.1.7")), "release leaves the cursor alone");
    assert!(store.is_empty());
}

/// Found by the oracle: the plugin releases once for each range set.
#[test]
fn with_two_sets_a_release_takes_old_files_too() {
    let mut store = HostLocal::new(&[ranges("10.0.0.0/29"), ranges("10.0.1.0/29")]).unwrap();
    store.put_file(ip("10.0.0.6"), Owner::old_format("c"));
    assert!(store.put_file(ip("10.0.1.2"), Owner::new("c", "eth0")));
    assert_eq!(store.release("c", "eth0"), [ip("10.0.1.2"), ip("10.0.0.6")]);
    assert!(store.is_empty());
}

#[test]
fn dual_stack_gives_one_address_of_each_set_or_none() {
    let sets = [ranges("10.0.0.0/30"), ranges("fd00::/64")];
    let mut store = HostLocal::new(&sets).unwrap();
    let both = |store: &mut HostLocal, id: &str, requested: &[IpAddr]| match store.add(id, "eth0", requested) {
        Ok(all) => all.iter().map(|a| a.address.to_string()).collect::<Vec<_>>().join(" "),
        Err(error) => error.text(),
    };
    assert_eq!(both(&mut store, "a", &[ip("fd00::9")]), "10.0.0.2/30 fd00::9/64");
    assert_eq!(
        both(&mut store, "b", &[]),
        "failed to allocate for range 0: no IP addresses available in range set: 10.0.0.1-10.0.0.2"
    );
    store.release("a", "eth0");
    assert_eq!(
        both(&mut store, "c", &[ip("fd00::1")]),
        "failed to allocate for range 1: requested ip fd00::1 is subnet's gateway"
    );
    assert_eq!(both(&mut store, "d", &[ip("10.9.9.9")]), "failed to allocate all requested IPs: 10.9.9.9");
    assert!(store.is_empty(), "what the first set gave is given back");
    assert_eq!(both(&mut store, "e", &[]), "10.0.0.2/30 fd00::b/64", "but the cursors have moved");
}

#[test]
fn range_errors_in_the_plugins_words() {
    let check = |sets: &[&[(&str, &str, &str)]], expected: &str| {
        let option = |text: &str| (!text.is_empty()).then(|| ip(text));
        let config = |&(subnet, start, end): &(&str, &str, &str)| RangeConfig {
            range_start: option(start),
            range_end: option(end),
            ..RangeConfig::from(subnet.parse::<ipnet::IpNet>().unwrap())
        };
        let sets: Vec<Vec<RangeConfig>> = sets.iter().map(|set| set.iter().map(config).collect()).collect();
        assert_eq!(HostLocal::new(&sets).unwrap_err().text(), expected);
    };
    let one = |subnet, expected: &str| check(&[&[(subnet, "", "")]], &format!("invalid range set 0: {expected}"));
    one("10.0.0.0/31", "Network 10.0.0.0/31 too small to allocate from");
    one("10.0.0.0/32", "Network 10.0.0.0/32 too small to allocate from");
    one("fd00::/127", "Network fd00::/127 too small to allocate from");
    one("10.0.0.5/24", "Network has host bits set. For a subnet mask of length 24 the network address is 10.0.0.0");
    let set = |range, expected: &str| check(&[&[range]], &format!("invalid range set 0: {expected}"));
    set(("10.0.0.0/24", "10.0.1.5", ""), "RangeStart 10.0.1.5 not in network 10.0.0.0/24");
    set(("10.0.0.0/24", "", "10.0.1.5"), "RangeEnd 10.0.1.5 not in network 10.0.0.0/24");
    set(("10.0.0.0/24", "10.0.0.9", "10.0.0.5"), "RangeStart 10.0.0.9 not in network 10.0.0.0/24");
    check(&[], "no IP ranges specified");
    check(&[&[]], "invalid range set 0: empty range set");
    check(&[&[("10.0.0.0/24", "", ""), ("fd00::/64", "", "")]], "invalid range set 0: mixed address families");
    check(
        &[&[("10.0.0.0/24", "", ""), ("10.0.0.128/25", "", "")]],
        "invalid range set 0: subnets 10.0.0.1-10.0.0.254 and 10.0.0.129-10.0.0.254 overlap",
    );
    check(&[&[("10.0.0.0/24", "", "")], &[("10.0.0.0/16", "", "")]], "range set 0 overlaps with 1");
}

#[test]
fn ranges_keep_to_their_bounds_and_their_own_gateway() {
    let config = RangeConfig {
        range_start: Some(ip("10.0.0.10")),
        range_end: Some(ip("10.0.0.12")),
        gateway: Some(ip("10.0.0.11")),
        ..RangeConfig::from("10.0.0.0/24".parse::<ipnet::IpNet>().unwrap())
    };
    let mut store = HostLocal::new(&[vec![config]]).unwrap();
    let full = "no IP addresses available in range set: 10.0.0.10-10.0.0.12";
    assert_eq!(drain(&mut store), ["10.0.0.10/24", "10.0.0.12/24", full]);
}

#[test]
fn a_copy_is_a_world_of_its_own() {
    let mut now = store("10.244.1.0/24");
    get(&mut now, "a");
    let before = now.clone();
    get(&mut now, "b");
    assert_eq!((before.len(), now.len()), (1, 2));
    now.release("b", "eth0");
    assert_ne!(before, now, "the cursor has moved on");
}
