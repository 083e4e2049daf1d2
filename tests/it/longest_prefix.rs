//! Longest prefix match, held to a crate that others wrote.

use ipnet::Ipv4Net;
use podhop::sim::fabric::prefix_map::PrefixMap;
use podhop::sim::host::fib::{Fib, Route};
use podhop::sim::ids::IfIndex;
use podhop::sim::rng::Rng;
use prefix_trie::PrefixMap as Trie;
use std::net::Ipv4Addr;

/// An address of few, so that prefixes nest and are asked for.
fn address(rng: &mut Rng) -> Ipv4Addr {
    Ipv4Addr::from(u32::try_from(rng.bits() >> 32).unwrap() & 0x0b03_0303)
}

fn prefix(rng: &mut Rng) -> Ipv4Net {
    let length = u8::try_from(rng.below(33)).unwrap();
    Ipv4Net::new(address(rng), length).unwrap().trunc()
}

/// The routing table of a host and the map by prefix of Azure's network find what the crate finds, whatever was put in
/// and taken out before.
#[test]
fn longest_prefix_match_agrees_with_another_crate() {
    for seed in 0..40 {
        let mut rng = Rng::new(seed);
        let (mut fib, mut map, mut trie) = (Fib::default(), PrefixMap::default(), Trie::<Ipv4Net, u32>::new());
        for step in 0..400u32 {
            let net = prefix(&mut rng);
            if rng.below(4) == 0 {
                let gone = trie.remove(&net);
                assert_eq!(map.remove(net), gone);
                assert_eq!(fib.remove(net, None).is_some(), gone.is_some());
            } else if trie.get(&net).is_none() {
                trie.insert(net, step);
                map.insert(net, step);
                fib.add(Route::to(net, IfIndex(step), None)).unwrap();
            }
            let asked = address(&mut rng);
            let wanted = trie.get_lpm(&Ipv4Net::from(asked)).map(|(_, step)| *step);
            assert_eq!(map.longest(asked).map(|(_, step)| *step), wanted, "seed {seed} step {step}: {asked}");
            let best = |route: &Route| route.dev().map(|dev| dev.0);
            assert_eq!(fib.best(asked).and_then(best), wanted, "seed {seed} step {step}: {asked}");
            assert_eq!(fib.choose(asked).won.as_ref().and_then(best), wanted, "seed {seed} step {step}: {asked}");
        }
    }
}
