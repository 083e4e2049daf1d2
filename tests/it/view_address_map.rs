//! The address map of subnets and of nodes' pod ranges.

use crate::fixture::*;
use podhop::session::Cursor;
use podhop::sim::record::decision::Decision;
use podhop::view::address_map::{CellState, Space, address_map, history, page_of, space_of_step, spaces};
use podhop::view::target::Target;

/// Cells as one sign each: reserved, node, pod, VM, gateway, outside, free.
fn signs(cells: &[podhop::view::address_map::Cell]) -> String {
    let sign = |state| match state {
        CellState::Reserved => 'R',
        CellState::Node => 'N',
        CellState::Pod => 'P',
        CellState::Vm => 'V',
        CellState::Gateway => 'G',
        CellState::Outside => '-',
        CellState::Free => '.',
        _ => '?',
    };
    cells.iter().map(|c| sign(c.state)).collect()
}

#[test]
fn a_subnet_of_the_article() {
    let session = article();
    let world = session.world();
    let (space, name, prefix) = spaces(world, 10).into_iter().next().unwrap();
    assert_eq!((name.as_str(), prefix.to_string().as_str()), ("vlan01", "10.0.0.0/22"));
    let map = address_map(world, space, 0).unwrap();
    assert_eq!((map.used, map.usable, map.pages), (2, 1019, 4));
    assert!(signs(&map.cells).starts_with("RRRRNN...."), "{}", signs(&map.cells));
    assert_eq!(map.cells.len(), 256);
    assert_eq!(map.tally, [(CellState::Reserved, 5), (CellState::Node, 2), (CellState::Free, 1017)]);
    let node = map.cells[4].owner.as_ref().unwrap();
    assert!(matches!(node.target, Target::Node(_)) && node.name.starts_with("aks-nodepool1-"));
    let last = address_map(world, space, 99).unwrap();
    assert_eq!((last.page, signs(&last.cells).strip_suffix(".R").is_some()), (3, true));
}

#[test]
fn the_pod_range_of_a_node() {
    let session = article();
    let world = session.world();
    for (id, node) in world.nodes.iter() {
        let map = address_map(world, Space::Block(id), 0).unwrap();
        let pods = world.pods.values().filter(|p| p.node == Some(id) && !p.host_network).count() as u64;
        assert_eq!((map.used, map.usable, map.pages), (pods, 253, 1), "{}", node.name);
        let signs = signs(&map.cells);
        assert!(signs.starts_with("-G") && signs.ends_with('-'), "{signs}");
        for cell in map.cells.iter().filter(|c| c.state == CellState::Pod) {
            let owner = cell.owner.as_ref().unwrap();
            let Target::Pod(pod) = owner.target else { panic!("{owner:?}") };
            assert_eq!(world.pods.get(pod).unwrap().address, Some(cell.address));
        }
    }
}

#[test]
fn a_large_range_costs_one_page() {
    let session = session(1, [vnet("big", "10.0.0.0/8"), subnet("big", "all", "10.0.0.0/8")]);
    let space = spaces(session.world(), 1)[0].0;
    let map = address_map(session.world(), space, 65_535).unwrap();
    assert_eq!((map.cells.len(), map.parts.len(), map.pages), (256, 256, 65_536));
    assert_eq!(map.usable, (1 << 24) - 5);
    assert_eq!(map.cells[255].address.to_string(), "10.255.255.255");
    assert_eq!(map.parts[1].page, 256);
    assert_eq!(page_of(map.prefix, "10.1.0.9".parse().unwrap()), Some(256));
    assert_eq!(page_of(map.prefix, "11.1.0.9".parse().unwrap()), None);
}

#[test]
fn a_small_subnet_is_one_page_without_parts() {
    let session = session(1, [vnet("v", "10.0.0.0/16"), subnet("v", "s", "10.0.0.0/29")]);
    let map = address_map(session.world(), spaces(session.world(), 1)[0].0, 0).unwrap();
    assert_eq!((signs(&map.cells).as_str(), map.parts.len()), ("RRRR...R", 0));
}

#[test]
fn history_of_an_address() {
    let mut session = article();
    session.act(scale("nginx", 1)).unwrap();
    session.act(podhop::sim::action::Action::Settle).unwrap();
    let world = session.world();
    let (space, address) = session
        .turns()
        .iter()
        .flat_map(|t| t.world.pods.values())
        .find(|p| p.name.starts_with("nginx") && world.pod_named(&p.name).is_none())
        .map(|p| (Space::Block(p.node.unwrap()), p.address.unwrap()))
        .unwrap();
    let all = history(&session, space, address, session.end());
    let states: Vec<_> = all.iter().map(|c| (c.state, c.owner.is_some())).collect();
    assert_eq!(states, [(CellState::Free, false), (CellState::Pod, true), (CellState::Free, false)]);
    assert!(all.windows(2).all(|w| w[0].time <= w[1].time), "{all:?}");
    let before = history(&session, space, address, Cursor { turn: 3, step: usize::MAX });
    assert_eq!(before.len(), 1, "{before:?}");
}

/// The map that opens by itself is that of the range in which the step gave or missed addresses.
#[test]
fn a_step_about_addresses_names_its_range() {
    let session = crate::azure::part_c();
    let world = session.world();
    let named = |space: Space| spaces(world, 9).into_iter().find(|(s, ..)| *s == space).unwrap().1;
    let steps = session.turns().iter().flat_map(|t| &t.record.steps);
    let mut seen = std::collections::BTreeSet::new();
    for step in steps {
        let Decision::Control(control) = &step.decision else { continue };
        let Some(space) = space_of_step(world, step) else { continue };
        seen.insert((control.code(), named(space)));
    }
    for (code, name) in [("vm-created", "nodevlan"), ("pool-changed", "podvlan"), ("pod-network", "podvlan")] {
        let ranges: Vec<_> = seen.iter().filter(|(c, _)| *c == code).map(|(_, n)| n.as_str()).collect();
        assert_eq!(ranges, [name], "{code}");
    }
    let kubenet = article();
    let blocks = kubenet.turns().iter().flat_map(|t| &t.record.steps);
    let mut blocks = blocks.filter(|s| matches!(&s.decision, Decision::Control(c) if c.code() == "pod-network"));
    assert!(blocks.all(|s| matches!(space_of_step(kubenet.world(), s), Some(Space::Block(_)))));
}
