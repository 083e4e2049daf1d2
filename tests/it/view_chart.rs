//! Addresses by state over virtual time.

use crate::fixture::*;
use podhop::sim::time::Time;
use podhop::view::address_map::{CellState, Space};
use podhop::view::chart::{Series, chart, cursor_at};

#[test]
fn lines_of_the_article() {
    let session = article();
    let world = session.world();
    let subnet = world.subnets.iter().next().unwrap().0;
    let picture = chart(&session, Space::Subnet(subnet), false);
    let last: Vec<_> = picture.lines.iter().map(|l| (l.series, l.points.last().unwrap().1)).collect();
    let pods = world.pods.values().filter(|p| !p.host_network).count() as u64;
    assert_eq!(last, [(Series::State(CellState::Node), 2), (Series::PodsElsewhere, pods)]);
    assert_eq!((picture.end, picture.highest), (world.now, pods));
    let with_free = chart(&session, Space::Subnet(subnet), true);
    assert_eq!(with_free.lines.last().unwrap().points.last().unwrap().1, 1017);
}

#[test]
fn points_stand_where_the_value_changes() {
    let session = article();
    let node = session.world().nodes.iter().next().unwrap().0;
    for line in chart(&session, Space::Block(node), true).lines {
        for pair in line.points.windows(2) {
            assert!(pair[0].0 < pair[1].0 && pair[0].1 != pair[1].1, "{:?}", line.points);
        }
    }
}

#[test]
fn the_cursor_at_a_time_shows_the_world_of_that_time() {
    let mut session = article();
    let end = session.world().now;
    for second in 0..=end.0 / 1_000_000_000 + 1 {
        let time = Time(second * 1_000_000_000);
        session.seek(cursor_at(&session, time));
        assert!(session.world_at_cursor().now <= time, "{second} s: {:?}", session.cursor());
    }
    assert_eq!(session.cursor(), session.end());
}
