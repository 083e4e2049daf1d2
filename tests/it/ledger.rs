//! Every address once, and counts that add up.

use crate::fixture::{article, article_actions, scale, session, subnet, vnet};
use podhop::session::Session;
use podhop::sim::action::Action;
use podhop::view::address_map::CellState;
use podhop::view::ledger::{Pool, ledger};
use std::collections::BTreeMap;

/// The entries follow one another without gap, cover the range, and sum up to the counts.
fn check(session: &Session) -> Vec<Pool> {
    let pools = ledger(session);
    for pool in &pools {
        let name = &pool.name;
        let mut next = u64::from(u32::from(pool.prefix.network()));
        let mut counts: BTreeMap<CellState, u64> = BTreeMap::new();
        for entry in &pool.entries {
            assert_eq!(u64::from(u32::from(entry.first)), next, "{name}: {entry:?}");
            next += entry.count();
            *counts.entry(entry.state).or_default() += entry.count();
            let single = entry.count() == 1;
            assert!(single || entry.state == CellState::Free, "{name}: {entry:?}");
        }
        assert_eq!(next, u64::from(u32::from(pool.prefix.broadcast())) + 1, "{name}");
        assert_eq!(counts.into_iter().collect::<Vec<_>>(), pool.counts, "{name}");
        assert_eq!(pool.counts.iter().map(|(_, n)| n).sum::<u64>(), pool.size, "{name}");
    }
    pools
}

/// Lines of one pool: first address, state, owner's end, since in whole seconds.
fn lines(pool: &Pool) -> Vec<String> {
    let line = |e: &podhop::view::ledger::Entry| {
        let owner = e.owner.as_deref().map_or("-", |o| o.rsplit_once("vmss").map_or(o, |(_, end)| end));
        let since = e.since.map_or_else(|| "-".to_owned(), |t| (t.0 / 1_000_000_000).to_string());
        format!("{} {} {owner} {since}", e.first, e.state.code())
    };
    pool.entries.iter().map(line).collect()
}

#[test]
fn the_article_has_these_addresses() {
    let session = article();
    let pools = check(&session);
    let heads: Vec<String> = pools.iter().map(|p| format!("{} {}", p.prefix, p.size)).collect();
    assert_eq!(heads, ["10.0.0.0/22 1024", "10.244.1.0/24 256", "10.244.0.0/24 256"]);
    let subnet = [
        "10.0.0.0 reserved - -",
        "10.0.0.1 reserved - -",
        "10.0.0.2 reserved - -",
        "10.0.0.3 reserved - -",
        "10.0.0.4 node 000000 0",
        "10.0.0.5 node 000001 0",
        "10.0.0.6 free - -",
        "10.0.3.255 reserved - -",
    ];
    assert_eq!(lines(&pools[0]), subnet);
    let block = lines(&pools[1]);
    assert!(block[1].starts_with("10.244.1.1 gateway 000000:cbr0 "), "{block:?}");
    assert!(block[2].starts_with("10.244.1.2 pod nginx-"), "{block:?}");
}

/// The time of a pod's address is that of the plugin's work, not of the pod's making.
#[test]
fn addresses_are_held_since_the_plugin_gave_them() {
    let session = article();
    let pools = ledger(&session);
    for entry in pools.iter().flat_map(|p| &p.entries).filter(|e| e.state == CellState::Pod) {
        let id = session.world().pod_named(entry.owner.as_ref().unwrap()).unwrap();
        let created = session.world().pods.get(id).unwrap().created;
        assert!(entry.since.unwrap() >= created, "{entry:?}");
        assert!(entry.since.unwrap() <= session.world().now, "{entry:?}");
    }
}

#[test]
fn counts_add_up_when_addresses_come_and_go() {
    let mut actions = article_actions();
    actions.extend([
        scale("nginx", 40),
        Action::Settle,
        scale("nginx", 2),
        Action::Settle,
        scale("nginx", 9),
        Action::Settle,
    ]);
    let mut done = session(crate::fixture::ARTICLE_SEED, []);
    for action in actions {
        done.act(action).unwrap();
        check(&done);
    }
}

#[test]
fn large_and_small_ranges_are_short_lists() {
    let vm = |address: &str| Action::CreateVm {
        name: format!("vm-{}", address.replace('.', "-")),
        vnet: "big".into(),
        subnet: "all".into(),
        address: Some(address.parse().unwrap()),
        resource_group: None,
    };
    let actions = [
        vnet("big", "10.0.0.0/8"),
        subnet("big", "all", "10.0.0.0/8"),
        vnet("small", "192.168.0.0/29"),
        subnet("small", "all8", "192.168.0.0/29"),
        vm("10.200.0.0"),
        vm("10.255.255.254"),
    ];
    let pools = check(&session(1, actions));
    let big = lines(&pools[0]);
    assert_eq!(big.len(), 9, "{big:?}");
    assert_eq!(pools[0].size, 1 << 24);
    assert_eq!(pools[1].entries.len(), 6);
    assert!(check(&session(1, [])).is_empty());
}
