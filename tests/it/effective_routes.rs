//! Azure's choice of a route (azure.md section 2; T22, T35 to T42, T44).

mod prefix_map;

use ipnet::Ipv4Net;
use podhop::sim::fabric::effective_routes::{
    EffectiveRoute, EffectiveRoutes, GatewayRoute, Lost, RouteSource, RouteTable, RouteTableError, SystemRoutes,
    UserNextHop, UserRoute,
};
use podhop::sim::fabric::route_table::MAX_ROUTES;
use std::net::Ipv4Addr;

fn ip(text: &str) -> Ipv4Addr {
    text.parse().unwrap()
}

fn net(text: &str) -> Ipv4Net {
    text.parse().unwrap()
}

fn nets(text: &str) -> Vec<Ipv4Net> {
    text.split_whitespace().map(net).collect()
}

/// `PREFIX HOP`, where a hop is an address of an appliance or a type as Azure spells it.
fn route(line: &str) -> UserRoute {
    let (prefix, hop) = line.split_once(' ').unwrap();
    let next_hop = match hop {
        "VnetLocal" => UserNextHop::VnetLocal,
        "Internet" => UserNextHop::Internet,
        "VirtualNetworkGateway" => UserNextHop::VirtualNetworkGateway,
        "None" => UserNextHop::None,
        appliance => UserNextHop::VirtualAppliance(ip(appliance)),
    };
    UserRoute { name: prefix.replace('/', "-").as_str().into(), prefix: net(prefix), next_hop }
}

fn table(lines: &[&str]) -> Option<RouteTable> {
    let mut table = RouteTable::new("rt");
    for line in lines {
        table.put(route(line)).unwrap();
    }
    (!lines.is_empty()).then_some(table)
}

/// Routes of a subnet: address space, peers' prefixes, prefixes known to the gateway, user routes.
fn routes(vnet: &str, peered: &str, bgp: &str, user: &[&str]) -> EffectiveRoutes {
    let gateway = |prefix| GatewayRoute { prefix, next_hop: Some(ip("10.0.255.4")) };
    let gateway: Vec<_> = nets(bgp).into_iter().map(gateway).collect();
    EffectiveRoutes { system: SystemRoutes::new(&nets(vnet), &nets(peered), &gateway), table: table(user) }
}

fn row(route: &EffectiveRoute) -> String {
    let hop_ip = route.next_hop.ip().map_or(String::new(), |ip| format!(" {ip}"));
    format!("{} {} {} {}{hop_ip}", route.source.code(), route.state.code(), route.prefix, route.next_hop.code())
}

const V: &str = "10.0.0.0/16";

#[test]
fn t35_t36_next_hop_as_network_watcher_answers() {
    let check = |user: &[&str], dst, kind, hop_ip: Option<&str>, table| {
        let answer = routes(V, "10.9.0.0/16", "", user).next_hop_answer(ip(dst));
        let found = (answer.next_hop_type(), answer.next_hop_ip(), answer.route_table_id());
        assert_eq!(found, (kind, hop_ip.map(ip), table), "{dst}");
    };
    check(&[], "172.31.0.100", "None", None, "System Route");
    check(&[], "13.107.21.200", "Internet", None, "System Route");
    check(&[], "10.0.1.4", "VirtualNetwork", None, "System Route");
    check(&[], "10.9.0.4", "VirtualNetworkPeering", None, "System Route");
    check(&["10.244.0.0/24 10.0.0.5"], "10.244.0.6", "VirtualAppliance", Some("10.0.0.5"), "rt");
    check(&["10.244.0.0/24 10.0.0.5"], "10.0.1.4", "VirtualNetwork", None, "System Route");
}

/// Which route wins, and why each other that holds the destination does not.
fn check_choice(name: &str, routes: &EffectiveRoutes, dst: &str, won: &str, lost: &[(&str, Lost)]) {
    let choice = routes.select(ip(dst));
    assert_eq!(choice.won.as_ref().map(row).unwrap(), won, "{name}: {dst}");
    let found: Vec<_> = choice.lost.iter().map(|(route, why)| (row(route), *why)).collect();
    let expected: Vec<_> = lost.iter().map(|(route, why)| ((*route).to_owned(), *why)).collect();
    assert_eq!(found, expected, "{name}: {dst}");
}

const TEN: &str = "Default Active 10.0.0.0/8 None";
const INTERNET: &str = "Default Active 0.0.0.0/0 Internet";

fn shorter(winner: u8) -> Lost {
    Lost::ShorterPrefix { winner }
}

#[test]
fn t37_to_t39_the_longest_active_prefix_wins() {
    let by_user = Lost::OverriddenBy(RouteSource::User);
    let t37 = routes("10.9.0.0/16", "", "", &["10.0.0.0/24 10.9.0.10", "10.0.0.0/16 10.9.0.11"]);
    let (a, b) =
        ("User Active 10.0.0.0/24 VirtualAppliance 10.9.0.10", "User Active 10.0.0.0/16 VirtualAppliance 10.9.0.11");
    check_choice("T37", &t37, "10.0.0.5", a, &[(b, shorter(24)), (TEN, shorter(24)), (INTERNET, shorter(24))]);
    check_choice("T37", &t37, "10.0.1.5", b, &[(TEN, shorter(16)), (INTERNET, shorter(16))]);

    let t38 = routes(V, "", "", &["0.0.0.0/0 VirtualNetworkGateway"]);
    let invalid = ("Default Invalid 0.0.0.0/0 Internet", by_user);
    check_choice("T38", &t38, "8.8.8.8", "User Active 0.0.0.0/0 VirtualNetworkGateway", &[invalid]);

    let t39 = routes(V, "", "", &["10.0.0.0/16 10.0.100.4", "10.0.0.0/24 VnetLocal"]);
    let nva = "User Active 10.0.0.0/16 VirtualAppliance 10.0.100.4";
    let within = "User Active 10.0.0.0/24 VnetLocal";
    let local = ("Default Invalid 10.0.0.0/16 VnetLocal", by_user);
    let rest = |winner| [local, (TEN, shorter(winner)), (INTERNET, shorter(winner))];
    check_choice("T39", &t39, "10.0.0.9", within, &[&[(nva, shorter(24))], &rest(24)[..]].concat());
    check_choice("T39", &t39, "10.0.1.9", nva, &rest(16));
}

#[test]
fn t41_t42_pods_of_kubenet_need_the_table() {
    let attached = routes(V, "", "", &["10.244.0.0/24 10.0.0.5", "10.244.1.0/24 10.0.0.4"]);
    let won = "User Active 10.244.0.0/24 VirtualAppliance 10.0.0.5";
    check_choice("T41", &attached, "10.244.0.6", won, &[(TEN, shorter(24)), (INTERNET, shorter(24))]);
    let detached = routes(V, "", "", &[]);
    check_choice("T42", &detached, "10.244.0.6", TEN, &[(INTERNET, shorter(8))]);
}

#[test]
fn t40_routes_of_a_gateway() {
    let by_user = Lost::OverriddenBy(RouteSource::User);
    let by_gateway = Lost::OverriddenBy(RouteSource::VirtualNetworkGateway);

    let t40 = routes(V, "10.1.0.0/16", "10.1.0.128/25", &[]);
    let won = "Default Active 10.1.0.0/16 VNetPeering";
    let learned = "VirtualNetworkGateway Invalid 10.1.0.128/25 VirtualNetworkGateway 10.0.255.4";
    let preferred = (learned, Lost::SystemPreferred(net("10.1.0.0/16")));
    check_choice("T40", &t40, "10.1.0.130", won, &[preferred, (TEN, shorter(16)), (INTERNET, shorter(16))]);

    let equal = routes(V, "", V, &[]);
    let won = "Default Active 10.0.0.0/16 VnetLocal";
    let learned = "VirtualNetworkGateway Invalid 10.0.0.0/16 VirtualNetworkGateway 10.0.255.4";
    let preferred = (learned, Lost::SystemPreferred(net(V)));
    check_choice("T40, one prefix", &equal, "10.0.1.4", won, &[preferred, (TEN, shorter(16)), (INTERNET, shorter(16))]);

    let on_premises = routes(V, "", "192.168.0.0/16 0.0.0.0/0", &[]);
    let won = "VirtualNetworkGateway Active 192.168.0.0/16 VirtualNetworkGateway 10.0.255.4";
    let lost = [
        ("Default Invalid 192.168.0.0/16 None", by_gateway),
        ("VirtualNetworkGateway Active 0.0.0.0/0 VirtualNetworkGateway 10.0.255.4", shorter(16)),
        ("Default Invalid 0.0.0.0/0 Internet", by_gateway),
    ];
    check_choice("2.3 BGP before system", &on_premises, "192.168.7.7", won, &lost);

    let user_first = routes(V, "", "192.168.7.0/24", &["192.168.7.0/24 None"]);
    let won = "User Active 192.168.7.0/24 None";
    let lost = [
        ("VirtualNetworkGateway Invalid 192.168.7.0/24 VirtualNetworkGateway 10.0.255.4", by_user),
        ("Default Active 192.168.0.0/16 None", shorter(24)),
        (INTERNET, shorter(24)),
    ];
    check_choice("2.3 user before BGP", &user_first, "192.168.7.7", won, &lost);
}

#[test]
fn t44_only_subnets_with_the_table_reach_pods() {
    let hop = |user: &[&str]| routes(V, "", "", user).select(ip("10.244.1.3")).won.unwrap().next_hop;
    assert_eq!(hop(&[]).code(), "None");
    assert_eq!(hop(&["10.244.1.0/24 10.0.0.4"]).ip(), Some(ip("10.0.0.4")));
}

#[test]
fn a_gateways_route_is_free_again_where_a_user_overrides_the_preferred_one() {
    let kept = routes(V, "10.1.0.0/16", "10.1.0.128/25", &["10.1.0.0/16 None"]);
    assert_eq!(kept.select(ip("10.1.0.130")).won.unwrap().prefix, net("10.1.0.128/25"));
    let mut closed = kept;
    closed.table.as_mut().unwrap().disable_bgp_propagation = true;
    assert_eq!(closed.select(ip("10.1.0.130")).won.unwrap().prefix, net("10.1.0.0/16"));
    assert!(closed.rows().iter().all(|row| row.source.code() != "VirtualNetworkGateway"));
}

/// The list of `az network nic show-effective-route-table`.
#[test]
fn rows() {
    let check = |name, routes: EffectiveRoutes, expected: &[&str]| {
        let found: Vec<String> = routes.rows().iter().map(row).collect();
        assert_eq!(found, expected, "{name}");
    };
    check(
        "2.1: a VNet alone",
        routes(V, "", "", &[]),
        &[
            "Default Active 10.0.0.0/16 VnetLocal",
            "Default Active 0.0.0.0/0 Internet",
            "Default Active 10.0.0.0/8 None",
            "Default Active 100.64.0.0/10 None",
            "Default Active 172.16.0.0/12 None",
            "Default Active 192.168.0.0/16 None",
        ],
    );
    check(
        "2.1: equal to one None prefix, around another",
        routes("10.0.0.0/8 192.160.0.0/11", "", "", &[]),
        &[
            "Default Active 10.0.0.0/8 VnetLocal",
            "Default Active 192.160.0.0/11 VnetLocal",
            "Default Active 0.0.0.0/0 Internet",
            "Default Active 100.64.0.0/10 None",
            "Default Active 172.16.0.0/12 None",
        ],
    );
    check(
        "the documentation's example, Subnet1",
        routes(
            V,
            "10.1.0.0/16 10.2.0.0/16",
            "10.10.0.0/16",
            &[
                "10.0.0.0/16 10.0.100.4",
                "10.0.0.0/24 VnetLocal",
                "10.1.0.0/16 None",
                "10.2.0.0/16 None",
                "10.10.0.0/16 10.0.100.4",
                "0.0.0.0/0 10.0.100.4",
            ],
        ),
        &[
            "Default Invalid 10.0.0.0/16 VnetLocal",
            "Default Invalid 10.1.0.0/16 VNetPeering",
            "Default Invalid 10.2.0.0/16 VNetPeering",
            "Default Invalid 0.0.0.0/0 Internet",
            "Default Active 10.0.0.0/8 None",
            "Default Active 100.64.0.0/10 None",
            "Default Active 172.16.0.0/12 None",
            "Default Active 192.168.0.0/16 None",
            "VirtualNetworkGateway Invalid 10.10.0.0/16 VirtualNetworkGateway 10.0.255.4",
            "User Active 10.0.0.0/16 VirtualAppliance 10.0.100.4",
            "User Active 10.0.0.0/24 VnetLocal",
            "User Active 10.1.0.0/16 None",
            "User Active 10.2.0.0/16 None",
            "User Active 10.10.0.0/16 VirtualAppliance 10.0.100.4",
            "User Active 0.0.0.0/0 VirtualAppliance 10.0.100.4",
        ],
    );
}

#[test]
fn t22_a_table_takes_400_routes() {
    let mut table = RouteTable::new("aks-agentpool-12345678-routetable");
    let node = |n: usize| route(&format!("10.{}.{}.0/24 10.0.0.4", 244 + n / 256, n % 256));
    for n in 0..MAX_ROUTES {
        assert_eq!(table.put(node(n)), Ok(None));
    }
    assert_eq!(table.put(node(MAX_ROUTES)), Err(RouteTableError::Full { limit: 400 }));
    assert_eq!(table.put(node(7)), Ok(Some(node(7))), "changing one needs no room");
    table.remove("10.244.3.0-24").unwrap();
    assert_eq!((table.put(node(MAX_ROUTES)), table.len()), (Ok(None), 400));
}

#[test]
fn route_table_changes() {
    let mut table = table(&["10.244.0.0/24 10.0.0.5", "10.244.1.0/24 10.0.0.4", "10.244.2.0/24 10.0.0.6"]).unwrap();
    let names = |table: &RouteTable| table.routes().map(|r| r.name.to_string()).collect::<Vec<_>>().join(" ");
    let before = table.clone();

    let moved = UserRoute { name: "10.244.0.0-24".into(), ..route("10.244.9.0/24 10.0.0.7") };
    assert_eq!(table.put(moved.clone()), Ok(Some(route("10.244.0.0/24 10.0.0.5"))));
    assert_eq!(names(&table), "10.244.0.0-24 10.244.1.0-24 10.244.2.0-24", "it keeps its place");
    assert_eq!(table.with_prefix(net("10.244.0.0/24")), None);
    assert_eq!(table.with_prefix(net("10.244.9.0/24")), Some(&moved));

    let twin = UserRoute { name: "twin".into(), ..route("10.244.1.0/24 10.0.0.9") };
    let conflict = table.put(twin).unwrap_err();
    assert_eq!(conflict.code(), "RouteConflict");
    let (route_name, existing) = ("twin".into(), "10.244.1.0-24".into());
    assert_eq!(conflict, RouteTableError::RouteConflict { route: route_name, existing, prefix: net("10.244.1.0/24") });
    let crooked = table.put(route("10.244.7.5/24 10.0.0.4")).unwrap_err();
    let (prefix, aligned) = (net("10.244.7.5/24"), net("10.244.7.0/24"));
    assert_eq!(crooked, RouteTableError::Unaligned { prefix, aligned });

    assert_eq!(table.remove("10.244.1.0-24").map(|r| r.prefix), Some(net("10.244.1.0/24")));
    assert_eq!(table.remove("10.244.1.0-24"), None);
    assert_eq!(table.put(route("10.244.1.0/24 10.0.0.8")), Ok(None));
    assert_eq!(names(&table), "10.244.0.0-24 10.244.2.0-24 10.244.1.0-24", "a new one comes last");
    assert_eq!(names(&before), "10.244.0.0-24 10.244.1.0-24 10.244.2.0-24", "a copy stays as it was");
}
