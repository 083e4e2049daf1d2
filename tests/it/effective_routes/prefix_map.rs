//! The map by prefix that routes and tags are looked up in.

use ipnet::Ipv4Net;
use podhop::sim::fabric::prefix_map::PrefixMap;
use std::net::Ipv4Addr;

/// The map against a plain list of prefixes, over many prefixes and addresses in an order that looks random.
#[test]
fn prefix_map_agrees_with_a_plain_list() {
    let mut map = PrefixMap::default();
    let mut list: Vec<(Ipv4Net, u32)> = Vec::new();
    let mut seed = 7u64;
    let mut next = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(seed >> 32).unwrap()
    };
    for step in 0..3000 {
        // Few distinct addresses, so that prefixes nest and repeat.
        let address = Ipv4Addr::from(next() & 0x0303_0303);
        let prefix = Ipv4Net::new(address, u8::try_from(next() % 33).unwrap()).unwrap();
        let at = list.iter().position(|(net, _)| *net == prefix.trunc());
        if next() % 3 == 0 {
            assert_eq!(map.remove(prefix), at.map(|at| list.remove(at).1));
        } else {
            let before = at.map(|at| list.remove(at).1);
            assert_eq!(map.insert(prefix, step), before);
            list.push((prefix.trunc(), step));
        }
        let asked = Ipv4Addr::from(next() & 0x0303_0303);
        let mut holding: Vec<_> = list.iter().filter(|(net, _)| net.contains(&asked)).copied().collect();
        holding.sort_by_key(|(net, _)| std::cmp::Reverse(net.prefix_len()));
        assert_eq!(map.candidates(asked).map(|(net, v)| (net, *v)).collect::<Vec<_>>(), holding);
        assert_eq!(map.longest(asked).map(|(net, v)| (net, *v)), holding.first().copied());
    }
    list.sort_by_key(|(net, _)| (net.network(), net.prefix_len()));
    assert_eq!(map.iter().map(|(net, v)| (net, *v)).collect::<Vec<_>>(), list);
    assert_eq!(map.len(), list.len());
}
