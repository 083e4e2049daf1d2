//! The drawing as a picture: wires go round what they do not end at, words stand clear of wires and of each other, boxes
//! stay where they are while a packet walks, and the packet is always on a wire or in the thing that decides.

use crate::azure::{bridge, cluster, network_of, part_c, part_c_actions, second_pool, transparent};
use crate::fixture::*;
use podhop::session::{Cursor, Session};
use podhop::sim::action::Action;
use podhop::sim::host::Role;
use podhop::sim::ids::HostId;
use podhop::sim::mode::azure::PluginVersion;
use podhop::sim::record::{Place, Step};
use podhop::sim::scenario::Scenario;
use podhop::sim::world::World;
use podhop::text::{Arg, Args, Text};
use podhop::view::line::{Detail, line};
use podhop::view::scene::Scene;
use podhop::view::scene::geometry::{Point, Rect};
use podhop::view::scene::net::Wire;
use podhop::view::scene::overlay::{At, Overlay, overlay};
use podhop::view::scene::shape::{Kind, Shape, width};
use podhop::view::scene::way::{shown, way};
use podhop::view::svg::{self, Caption, Theme, Value};
use podhop::view::target::Target;

const EXAMPLES: [(&str, &str); 4] = [
    ("article kubenet", include_str!("../../lessons/examples/article-kubenet.json")),
    ("article bridge", include_str!("../../lessons/examples/article-azure-cni-bridge.json")),
    ("article transparent", include_str!("../../lessons/examples/article-azure-cni.json")),
    ("article pod subnet", include_str!("../../lessons/examples/article-pod-subnet.json")),
];

fn vm(vnet: &str, subnet: &str, name: &str) -> Action {
    let (vnet, subnet) = (vnet.into(), subnet.into());
    Action::CreateVm { name: name.into(), vnet, subnet, address: None, resource_group: None }
}

/// A cluster of a mode with so many nodes, and pods on each.
fn built(mode: &str, nodes: u32) -> Vec<Action> {
    let mut actions = match mode {
        "kubenet" => {
            vec![
                vnet("vnet01", "10.0.0.0/16"),
                subnet("vnet01", "vlan01", "10.0.0.0/22"),
                kubenet_cluster("10.244.0.0/16", nodes),
            ]
        }
        "pod subnet" => {
            let mut actions = part_c_actions();
            actions.truncate(3);
            actions.push(crate::azure::pod_subnet_cluster(nodes));
            actions
        }
        _ => {
            let network = if mode == "bridge" { bridge() } else { transparent(PluginVersion::Since2022) };
            let mut actions = network_of("10.0.0.0/20");
            actions.push(cluster(network, nodes, 30));
            actions
        }
    };
    actions.extend([Action::Settle, deployment("nginx", 4 * nodes), Action::Settle]);
    actions
}

/// Worlds of every mode in several sizes, each ending with a packet.
fn worlds() -> Vec<(String, Session)> {
    let mut worlds: Vec<(String, Session)> = EXAMPLES
        .iter()
        .map(|(name, text)| ((*name).to_owned(), Session::load(&Scenario::parse(text).unwrap()).unwrap()))
        .collect();
    for (mode, network, own) in [
        ("kubenet", "vnet01", "vlan01"),
        ("bridge", "cni-vnet", "vlan01"),
        ("transparent", "cni-vnet", "vlan01"),
        ("pod subnet", "whkubenet", "nodevlan"),
    ] {
        for nodes in [1, 2, 3, 6] {
            let last = format!("deploy/nginx/{}", 4 * nodes);
            let mut world = session(1, built(mode, nodes));
            world.act(ping("deploy/nginx/1", &last)).unwrap();
            worlds.push((format!("{mode}, {nodes} nodes"), world.clone()));
            // A VM beside the nodes, and one in another subnet.
            for action in
                [vm(network, own, "near"), subnet(network, "vlan9", "10.1.200.0/24"), vm(network, "vlan9", "far")]
            {
                let action = match action {
                    Action::CreateSubnet { vnet, name, .. } if network != "whkubenet" => {
                        Action::CreateSubnet { vnet, name, prefix: "10.0.200.0/24".parse().unwrap() }
                    }
                    other => other,
                };
                world.act(action).unwrap();
            }
            world.act(ping("deploy/nginx/1", "vm/far")).unwrap();
            worlds.push((format!("{mode}, {nodes} nodes and VMs"), world));
        }
    }
    let mut pools = part_c();
    for action in second_pool() {
        pools.act(action).unwrap();
    }
    pools.act(ping("deploy/nginx/1", "deploy/nginx/12")).unwrap();
    worlds.push(("two pod subnets".into(), pools));
    worlds
}

/// Every world in the wide and in the narrow drawing.
fn each(check: impl Fn(&str, &Session, &Scene)) {
    for (name, session) in worlds() {
        for columns in [1, 2] {
            check(&format!("{name}, {columns} columns"), &session, &drawn(&session, None, columns));
        }
    }
}

fn drawn(session: &Session, selected: Option<Target>, columns: usize) -> Scene {
    shown(session.turn().map(AsRef::as_ref), session.world_at_cursor(), selected, columns)
}

/// Whether a straight piece of a wire runs through the inside of a box, touching its edge not counted.
fn runs_through(piece: &[Point], rect: Rect) -> bool {
    let (low, high) = (piece[0].min(piece[1]), piece[0].max(piece[1]));
    let (left, right) = (low.x.min(high.x), low.x.max(high.x));
    let (top, bottom) = (low.y.min(high.y), low.y.max(high.y));
    left < rect.right() && right > rect.x && top < rect.bottom() && bottom > rect.y
}

/// Whether the box is one that a wire ends at, or lies around such a one.
fn is_end(scene: &Scene, wire: &Wire, shape: &Shape) -> bool {
    wire.ends.iter().filter_map(|end| scene.net.spot(*end)).any(|spot| shape.rect.holds(spot.at))
}

#[test]
fn no_wire_runs_through_a_box_that_it_does_not_end_at() {
    each(|name, _, scene| {
        for wire in scene.net.wires() {
            for shape in scene.shapes.iter().filter(|shape| !is_end(scene, wire, shape)) {
                let through = wire.way.windows(2).any(|piece| runs_through(piece, shape.rect));
                assert!(!through, "{name}: {:?} runs through {:?} {}", wire, shape.kind, shape.full);
            }
        }
    });
}

/// A word of the picture. What it says is for the message of a test that fails.
#[derive(Debug)]
struct Word {
    #[expect(dead_code, reason = "it is printed")]
    text: String,
    rect: Rect,
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!(" {name}=\""))?.1.split_once('"').map(|(value, _)| value)
}

/// The words of a picture with the room that they take.
fn words_of(picture: &str) -> Vec<Word> {
    let word = |line: &str| {
        let tag = line.strip_prefix("<text")?;
        let (attributes, rest) = tag.split_once('>')?;
        let text = rest.split_once("</text>")?.0.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
        let number = |name| attribute(attributes, name)?.parse::<f64>().ok();
        #[expect(clippy::cast_possible_truncation, reason = "the numbers of a drawing are small")]
        let whole = |number: f64| number as i32;
        let (x, y, size) = (whole(number("x")?), whole(number("y")?), whole(number("font-size")? * 10.0));
        let mono = attribute(attributes, "font-family").is_some();
        let letters = i32::try_from(text.chars().count()).ok()?;
        let w = if mono { letters * size * 6 / 100 } else { width(&text, size) * 92 / 100 };
        let left = if attribute(attributes, "text-anchor").is_some() { x - w } else { x };
        let up = size * 72 / 1000;
        (!text.is_empty()).then(|| Word { text, rect: Rect::new(left, y - up, w, up + size * 15 / 1000) })
    };
    picture.lines().filter_map(word).collect()
}

fn picture(scene: &Scene, overlay: &Overlay) -> String {
    let text = Text::english();
    svg::svg(scene, overlay, &Caption::default(), Theme::Light, &|said| {
        let with = |args: Args, (name, value): &(&'static str, Value)| match value {
            Value::Text(text) => args.with(name, Arg::Text(text.clone())),
            Value::Number(number) => args.number(name, *number),
        };
        text.format(&said.id, &said.args.iter().fold(Args::new(), with))
    })
}

fn overlap(a: Rect, b: Rect) -> bool {
    a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom()
}

#[test]
fn no_two_words_overlap_and_none_leaves_the_drawing() {
    each(|name, _, scene| {
        let words = words_of(&picture(scene, &Overlay::default()));
        assert!(words.len() > 10, "{name}: the words are found");
        for (n, a) in words.iter().enumerate() {
            let inside =
                a.rect.x >= 0 && a.rect.y >= 0 && a.rect.right() <= scene.width && a.rect.bottom() <= scene.height;
            assert!(inside, "{name}: {a:?} is outside of {} x {}", scene.width, scene.height);
            for b in &words[n + 1..] {
                assert!(!overlap(a.rect, b.rect), "{name}: {a:?} and {b:?}");
            }
        }
    });
}

#[test]
fn no_wire_runs_through_words() {
    each(|name, _, scene| {
        let words = words_of(&picture(scene, &Overlay::default()));
        for wire in scene.net.wires() {
            for word in &words {
                let through = wire.way.windows(2).any(|piece| runs_through(piece, word.rect));
                assert!(!through, "{name}: {wire:?} runs through {word:?}");
            }
        }
    });
}

/// Every word of a box is within it.
#[test]
fn words_keep_within_their_boxes() {
    each(|name, _, scene| {
        let words = words_of(&picture(scene, &Overlay::default()));
        for word in &words {
            let begin = Point::new(word.rect.x, word.rect.mid_y());
            // The smallest box that it begins in.
            let around = scene.shapes.iter().filter(|s| s.rect.holds(begin)).min_by_key(|s| s.rect.w * s.rect.h);
            let Some(shape) = around else { panic!("{name}: {word:?} is in no box") };
            if !matches!(shape.kind, Kind::Cell { .. }) {
                assert!(word.rect.right() <= shape.rect.right(), "{name}: {word:?} in {shape:?}");
            }
        }
    });
}

#[test]
fn boxes_stay_where_they_are_while_a_packet_walks() {
    each(|name, session, scene| {
        let columns = if scene.width < 500 { 1 } else { 2 };
        let turn = session.turns().len() - 1;
        let mut session = session.clone();
        for step in 0..=session.turns()[turn].record.steps.len() {
            session.seek(Cursor { turn, step });
            assert!(drawn(&session, None, columns) == *scene, "{name}: step {step}");
        }
    });
}

/// Of a small cluster the boxes are where they are whatever packet is sent; only what the last box of a row holds may
/// change.
#[test]
fn boxes_stay_where_they_are_from_packet_to_packet() {
    for mode in ["kubenet", "bridge", "transparent", "pod subnet"] {
        let mut session = session(1, built(mode, 2));
        session.seek(session.end());
        let boxes =
            |session: &Session| -> Vec<Rect> { drawn(session, None, 2).shapes.iter().map(|s| s.rect).collect() };
        let first = boxes(&session);
        for (from, to) in [(1, 2), (3, 8), (5, 6), (7, 4)] {
            session.act(ping(&format!("deploy/nginx/{from}"), &format!("deploy/nginx/{to}"))).unwrap();
            assert!(boxes(&session) == first, "{mode}: {from} to {to}");
        }
        session.act(ping("deploy/nginx/1", "8.8.8.8")).unwrap();
        assert!(boxes(&session) == first, "{mode}: outside");
    }
}

/// The boxes of the thing at which a step happens: a pod's own, a machine's card, or Azure's side of a NIC.
fn places(world: &World, scene: &Scene, step: &Step) -> Vec<Rect> {
    let of = |target: Target| scene.shapes.iter().filter(move |s| s.target == Some(target)).map(|s| s.rect);
    match step.at {
        Place::Control => Vec::new(),
        Place::Host(host) => holders(world, host).into_iter().flat_map(of).collect(),
        Place::Port(nic) => {
            let subnet = world.nics.get(nic).and_then(|nic| world.subnets.get(nic.subnet)).unwrap();
            let mut all: Vec<Rect> = of(Target::Nic(nic)).chain(of(Target::Vnet(subnet.vnet)).skip(1)).collect();
            all.extend(scene.shapes.iter().filter(|s| s.kind == Kind::Internet).map(|s| s.rect));
            all
        }
    }
}

/// The boxes that stand for a host: a pod that has none is in that of all such pods of its node.
fn holders(world: &World, host: HostId) -> Vec<Target> {
    match world.hosts.get(host).unwrap().role {
        Role::Pod(pod) => {
            let node = world.pods.get(pod).and_then(|pod| pod.node);
            vec![Target::Pod(pod), Target::Pods(node.unwrap())]
        }
        Role::Node(node) => vec![Target::Node(node)],
        Role::Vm => vec![Target::Host(host)],
    }
}

fn on_wire(scene: &Scene, at: Point) -> bool {
    let on = |piece: &[Point]| {
        let (a, b) = (piece[0], piece[1]);
        Rect::new(a.x.min(b.x), a.y.min(b.y), (a.x - b.x).abs(), (a.y - b.y).abs()).holds(at)
    };
    scene.net.wires().iter().flat_map(|wire| wire.way.windows(2)).any(on)
}

#[test]
fn a_packet_is_always_on_its_wire_or_in_what_decides() {
    each(|name, session, scene| {
        let turn = session.turns().last().unwrap();
        for detail in [Detail::Decisions, Detail::Every] {
            let line = line(turn, detail);
            let way = way(&scene.net, turn, &line);
            for position in 1..=line.len() {
                let step = &turn.record.steps[line[position - 1]];
                let overlay = overlay(scene, &way, turn, &line, At { position, before: position - 1, detail });
                let current = overlay.packets.iter().find(|p| Some(p.frame) == step.frame);
                let Some(packet) = current else {
                    assert!(step.frame.is_none(), "{name}: no packet at step {position} {:?}", step.decision);
                    continue;
                };
                let at_home = places(&turn.world, scene, step).iter().any(|rect| rect.holds(packet.at));
                assert!(on_wire(scene, packet.at), "{name}: step {position} at {:?} is on no wire", packet.at);
                assert!(at_home, "{name}: step {position}, {:?}, at {:?}", step.decision, packet.at);
                assert!(overlay.frame.is_some_and(|frame| frame.holds(packet.at)), "{name}: step {position}");
            }
        }
    });
}

/// In the mode with subnets of their own the pods stand in the lane of theirs, and the nodes' own addresses outside.
#[test]
fn pods_stand_in_the_lane_of_their_subnet() {
    for (name, session) in worlds().into_iter().filter(|(name, _)| name.contains("pod subnet")) {
        for columns in [1, 2] {
            let scene = drawn(&session, None, columns);
            let lanes: Vec<&Shape> =
                scene.shapes.iter().filter(|s| matches!(s.kind, Kind::Subnet { lane: true, .. })).collect();
            assert!(!lanes.is_empty(), "{name}");
            for shape in &scene.shapes {
                let lane = lanes.iter().find(|lane| overlap(lane.rect, shape.rect));
                match (shape.kind, shape.target) {
                    (Kind::Pod { .. }, Some(Target::Pod(pod))) => {
                        let pod = session.world().pods.get(pod).unwrap();
                        let node = session.world().nodes.get(pod.node.unwrap()).unwrap();
                        let lane = lane.unwrap_or_else(|| panic!("{name}: {} is in no lane", shape.full));
                        assert_eq!(lane.target, node.pod_subnet.map(Target::Subnet), "{name}: {}", shape.full);
                        assert!(lane.rect.y < shape.rect.y && lane.rect.bottom() > shape.rect.bottom(), "{name}");
                    }
                    (Kind::Nic { .. } | Kind::Stack { .. } | Kind::Vfp { .. }, _) => {
                        assert!(lane.is_none(), "{name}: {shape:?} is in a lane");
                    }
                    _ => {}
                }
            }
        }
    }
}
