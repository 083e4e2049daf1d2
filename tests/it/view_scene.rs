//! The drawing: everything in its place, the packet on its wires.

use crate::azure::{part_c, second_pool};
use crate::fixture::{ARTICLE_SEED, article, article_actions, kubenet_cluster, outcome, ping, scale, session};
use podhop::session::{Session, Turn};
use podhop::sim::action::Action;
use podhop::view::breaks::{BreakKind, breaks, likely_node};
use podhop::view::hops::legs;
use podhop::view::line::{Detail, line};
use podhop::view::scene::geometry::{Point, Rect};
use podhop::view::scene::overlay::{At, MarkerState, Overlay, overlay};
use podhop::view::scene::shape::{Kind, Shape, short_name, width};
use podhop::view::scene::way::{Way, focus_of, way};
use podhop::view::scene::{Scene, scene};
use podhop::view::target::Target;
use std::rc::Rc;

/// The last turn of a session, drawn for so many columns.
struct Drawn {
    turn: Rc<Turn>,
    line: Vec<usize>,
    scene: Scene,
    way: Way,
}

fn draw(session: &Session, detail: Detail, columns: usize, selected: Option<Target>) -> Drawn {
    let turn = Rc::clone(session.turns().last().unwrap());
    let focus = focus_of(&turn, &line(&turn, Detail::Decisions), selected, columns);
    let scene = scene(&turn.world, &focus);
    let line = line(&turn, detail);
    let way = way(&scene.net, &turn, &line);
    Drawn { turn, line, scene, way }
}

fn pinged(from: &str, to: &str) -> Session {
    let mut session = article();
    session.act(ping(from, to)).unwrap();
    session
}

fn cluster(nodes: u32, pods: u32) -> Session {
    let actions = article_actions().into_iter().map(|action| match action {
        Action::CreateCluster(_) => kubenet_cluster("10.244.0.0/16", nodes),
        Action::ScaleDeployment { .. } => scale("nginx", pods),
        other => other,
    });
    let mut session = session(ARTICLE_SEED, actions);
    session.act(ping("deploy/nginx/1", "deploy/nginx/2")).unwrap();
    session
}

impl Drawn {
    fn at(&self, position: usize, before: usize) -> Overlay {
        let at = At { position, before, detail: Detail::Decisions };
        overlay(&self.scene, &self.way, &self.turn, &self.line, at)
    }

    fn of_kind(&self, wanted: impl Fn(Kind) -> bool) -> Vec<&Shape> {
        self.scene.shapes.iter().filter(|s| wanted(s.kind)).collect()
    }

    /// Whether a straight piece lies on some wire.
    fn on_wire(&self, a: Point, b: Point) -> bool {
        let holds = |from: Point, to: Point| {
            let rect = Rect::new(from.x.min(to.x), from.y.min(to.y), (from.x - to.x).abs(), (from.y - to.y).abs());
            rect.holds(a) && rect.holds(b)
        };
        let pieces = || self.scene.net.wires().iter().flat_map(|w| w.way.windows(2));
        // A piece may run over several wires in one line.
        pieces().any(|p| holds(p[0], p[1])) || self.covered(a, b)
    }

    fn covered(&self, a: Point, b: Point) -> bool {
        let steps = (a.x - b.x).abs().max((a.y - b.y).abs());
        (0..=steps).all(|n| {
            let p = Point::new(a.x + (b.x - a.x).signum() * n, a.y + (b.y - a.y).signum() * n);
            self.scene.net.wires().iter().flat_map(|w| w.way.windows(2)).any(|w| {
                Rect::new(w[0].x.min(w[1].x), w[0].y.min(w[1].y), (w[0].x - w[1].x).abs(), (w[0].y - w[1].y).abs())
                    .holds(p)
            })
        })
    }
}

/// Every step has a place, every way runs along wires, and nothing jumps.
#[track_caller]
fn check_way(drawn: &Drawn, name: &str) {
    let mut last = std::collections::BTreeMap::<_, Point>::new();
    for (n, stop) in drawn.way.stops.iter().enumerate() {
        let spot = stop.spot.unwrap_or_else(|| panic!("{name}: step {n} is nowhere"));
        for piece in stop.leg.windows(2) {
            let straight = piece[0].x == piece[1].x || piece[0].y == piece[1].y;
            assert!(straight, "{name}: step {n} goes aslant {:?}", stop.leg);
            assert!(drawn.on_wire(piece[0], piece[1]), "{name}: step {n} leaves the wires {:?}", stop.leg);
        }
        if let (Some(before), Some(frame)) = (last.get(&stop.frame), stop.frame) {
            let from = stop.leg.first().copied().unwrap_or(spot.at);
            assert_eq!(*before, from, "{name}: frame {frame:?} jumps at step {n}");
            assert_eq!(stop.leg.last().copied().unwrap_or(spot.at), spot.at, "{name}: step {n} ends elsewhere");
        }
        last.insert(stop.frame, spot.at);
    }
}

#[test]
fn packets_stay_on_wires() {
    for (from, to) in [
        ("deploy/nginx/1", "deploy/nginx/2"),
        ("deploy/nginx/1", "deploy/nginx/3"),
        ("deploy/nginx/1", "10.0.0.5"),
        ("deploy/nginx/1", "10.244.77.1"),
        ("deploy/nginx/1", "8.8.8.8"),
    ] {
        let session = pinged(from, to);
        for detail in [Detail::Decisions, Detail::Every] {
            for columns in [1, 2] {
                check_way(&draw(&session, detail, columns, None), &format!("{from} to {to}, {detail:?}, {columns}"));
            }
        }
    }
}

#[test]
fn boxes_keep_within_the_drawing() {
    for (nodes, pods) in [(1, 3), (2, 8), (3, 6), (50, 100)] {
        let session = cluster(nodes, pods);
        for columns in [1, 2] {
            let drawn = draw(&session, Detail::Decisions, columns, None);
            let page = Rect::new(0, 0, drawn.scene.width, drawn.scene.height);
            for shape in &drawn.scene.shapes {
                let inside = page.holds(Point::new(shape.rect.x, shape.rect.y))
                    && page.holds(Point::new(shape.rect.right(), shape.rect.bottom()));
                assert!(inside, "{nodes} nodes, {columns} columns: {shape:?} of {page:?}");
            }
        }
    }
}

#[test]
fn pods_do_not_overlap() {
    let drawn = draw(&cluster(2, 60), Detail::Decisions, 2, None);
    let pods = drawn.of_kind(|k| matches!(k, Kind::Pod { .. } | Kind::MorePods { .. }));
    for (n, a) in pods.iter().enumerate() {
        for b in &pods[n + 1..] {
            let apart = a.rect.right() <= b.rect.x || b.rect.right() <= a.rect.x || a.rect.bottom() <= b.rect.y;
            assert!(apart, "{} and {}", a.full, b.full);
        }
    }
}

#[test]
fn far_nodes_are_cells_and_those_on_the_way_open() {
    //          nodes  cards  cells
    for (nodes, cards, cells) in [(1, 1, 0), (2, 2, 0), (3, 2, 1), (50, 2, 48)] {
        let drawn = draw(&cluster(nodes, 4.max(nodes)), Detail::Decisions, 2, None);
        let found = (
            drawn.of_kind(|k| matches!(k, Kind::Node { .. })).len(),
            drawn.of_kind(|k| matches!(k, Kind::Cell { .. })).len(),
        );
        assert_eq!(found, (cards, cells), "{nodes} nodes");
        check_way(&drawn, &format!("{nodes} nodes"));
    }
}

#[test]
fn a_picked_cell_opens() {
    let session = cluster(5, 10);
    let drawn = draw(&session, Detail::Decisions, 2, None);
    let cell = drawn.of_kind(|k| matches!(k, Kind::Cell { .. }))[0].target;
    let opened = draw(&session, Detail::Decisions, 2, cell);
    assert!(opened.of_kind(|k| matches!(k, Kind::Node { .. })).iter().any(|s| s.target == cell));
}

#[test]
fn pods_on_the_way_are_always_shown() {
    let session = cluster(2, 80);
    let drawn = draw(&session, Detail::Decisions, 2, None);
    for stop in drawn.way.stops.iter().filter(|s| s.spot.is_some()) {
        let frame = stop.spot.unwrap().frame;
        let more = drawn.of_kind(|k| matches!(k, Kind::MorePods { .. }));
        assert!(more.iter().all(|m| m.rect != frame), "a step of the packet is in the box of hidden pods");
    }
}

#[test]
fn a_lost_packet_stands_where_it_was_lost() {
    let mut session = article();
    let detach = Action::AttachRouteTable { vnet: "vnet01".into(), subnet: "vlan01".into(), table: None };
    session.act(detach).unwrap();
    session.act(ping("deploy/nginx/1", "deploy/nginx/2")).unwrap();
    assert!(!outcome(&session).is_success());
    let drawn = draw(&session, Detail::Decisions, 2, None);
    let end = drawn.line.len();
    let marker = drawn.at(end, end - 1).packets.pop().expect("the packet is still there");
    assert_eq!(marker.state, MarkerState::Lost("route-none"));
    let table = drawn.of_kind(|k| matches!(k, Kind::SystemRoutes))[0].rect;
    assert!(table.holds(marker.at));
}

#[test]
fn forward_and_back_run_along_one_way() {
    let drawn = draw(&pinged("deploy/nginx/1", "deploy/nginx/2"), Detail::Decisions, 2, None);
    for position in 2..=drawn.line.len() {
        let came = |position, before| drawn.at(position, before).packets.pop().map(|m| m.came).unwrap_or_default();
        let forward = came(position, position - 1);
        let mut back = came(position - 1, position);
        back.reverse();
        let same_frame = drawn.way.stops[position - 1].frame == drawn.way.stops[position - 2].frame;
        assert!(!same_frame || forward == back, "position {position}: {forward:?} and {back:?}");
    }
}

#[test]
fn before_the_first_step_the_packet_stands_ready() {
    let drawn = draw(&pinged("deploy/nginx/1", "deploy/nginx/2"), Detail::Decisions, 2, None);
    let overlay = drawn.at(0, 0);
    assert_eq!(overlay.packets.len(), 1);
    assert!(overlay.trails.is_empty());
}

#[test]
fn names_are_shortened_in_the_middle() {
    for (name, letters, short) in [
        ("nginx", 8, "nginx"),
        ("nginx-djs5g6zj8z-rhv2k", 12, "nginx…rhv2k"),
        ("coredns-lm6mdxqk7v-t4g5r", 9, "cor…t4g5r"),
        ("coredns-lm6mdxqk7v-t4g5r", 7, "c…t4g5r"),
        ("aks-nodepool1-54425118-vmss000001", 20, "aks-nodepool1…000001"),
        ("aks-nodepool1-54425118-vmss000000", 12, "aks-n…000000"),
        ("vethe583b674", 9, "ve…83b674"),
    ] {
        assert_eq!(&*short_name(name, letters), short, "{name} in {letters}");
    }
}

/// Names of pods keep within their boxes, and each still tells its pod from the others of its node.
#[test]
fn names_keep_within_their_boxes() {
    for (nodes, pods) in [(2, 8), (2, 60), (3, 12)] {
        for columns in [1, 2] {
            let drawn = draw(&cluster(nodes, pods), Detail::Decisions, columns, None);
            for pod in drawn.of_kind(|k| matches!(k, Kind::Pod { .. })) {
                assert!(width(&pod.name, 108) <= pod.rect.w - 14, "{} in {:?}", pod.name, pod.rect);
                assert!(pod.full.ends_with(&pod.name[pod.name.len() - 4..]), "{} of {}", pod.name, pod.full);
            }
            let cards = drawn.of_kind(|k| matches!(k, Kind::Node { .. }));
            for label in &drawn.scene.labels {
                let end = label.at.x + i32::try_from(label.text.chars().count()).unwrap() * 11 / 2;
                let within = cards.iter().any(|c| c.rect.holds(label.at) && end <= c.rect.right());
                assert!(within, "{} ends at {end}", label.text);
            }
        }
    }
}

/// Nodes of a pool number themselves anew: in a drawing of two pools the cells say of which they are.
#[test]
fn cells_of_another_pool_have_its_name() {
    let mut session = part_c();
    for action in second_pool() {
        session.act(action).unwrap();
    }
    let drawn = draw(&session, Detail::Decisions, 2, None);
    let cells = drawn.of_kind(|k| matches!(k, Kind::Cell { .. }));
    assert!(cells.iter().all(|c| c.full.contains("newnodepool")) && !cells.is_empty(), "{cells:?}");
    let label = drawn.scene.labels.iter().find(|l| &*l.text == "newnodepool").expect("the pool's name");
    assert!(cells.iter().all(|c| c.rect.y > label.at.y));
}

/// A link that is down shows as such, at its own wire and name, and nothing else does.
#[test]
fn what_is_down_is_drawn_so() {
    let mut session = pinged("deploy/nginx/1", "deploy/nginx/3");
    let down = |drawn: &Drawn| {
        let wires = drawn.scene.net.wires().iter().filter(|w| w.down).count();
        let names: Vec<String> =
            drawn.scene.labels.iter().filter(|l| l.down).map(|l| l.text.chars().take(2).collect()).collect();
        let nics = drawn.of_kind(|k| matches!(k, Kind::Nic { up: false })).len();
        (wires, names, nics)
    };
    assert_eq!(down(&draw(&session, Detail::Decisions, 2, None)), (0, vec![], 0));
    let node = likely_node(&session).unwrap();
    let press = |session: &mut Session, kind| {
        let fault = breaks(session, node).into_iter().find(|b| b.kind == kind).unwrap();
        fault.actions.into_iter().for_each(|action| session.act(action).unwrap());
    };
    press(&mut session, BreakKind::VethDown);
    assert_eq!(down(&draw(&session, Detail::Decisions, 2, None)), (1, vec!["ve".to_owned()], 0));
    press(&mut session, BreakKind::Eth0Down);
    assert_eq!(down(&draw(&session, Detail::Decisions, 2, None)), (2, vec!["ve".to_owned()], 1));
}

/// What leaves for the outside is not shown as lost.
#[test]
fn what_left_is_not_lost() {
    let drawn = draw(&pinged("deploy/nginx/1", "168.63.129.16"), Detail::Decisions, 2, None);
    let end = drawn.line.len();
    assert_eq!(drawn.at(end, end - 1).packets.pop().map(|m| m.state), Some(MarkerState::Left));
    let hops = legs(&drawn.turn, &drawn.line, |s| s.decision.code().to_owned());
    assert!(hops.iter().flat_map(|leg| &leg.hops).all(|hop| !hop.lost));
}
