//! What the views make of Azure CNI: address maps, tables, drawing, forms and faults.

use crate::azure::{bridge, cluster, network_of, part_b, part_c, part_c_actions, second_pool, transparent};
use crate::fixture::*;
use podhop::session::{Cursor, Session};
use podhop::sim::action::Action;
use podhop::sim::mode::azure::PluginVersion;
use podhop::sim::record::Step;
use podhop::sim::record::decision::{ControlStep, Decision, DropReason};
use podhop::text::Text;
use podhop::view::address_map::{CellState, Space, address_map, spaces};
use podhop::view::breaks::{BreakKind, breaks};
use podhop::view::form::{FieldId as F, FormKind, Problem, Values, check, offers, suggest};
use podhop::view::inspector::{RowState, Tab, Table, subject_of_step, tables};
use podhop::view::inventory::{Fact, RowKind, Shown, inventory};
use podhop::view::ledger::ledger;
use podhop::view::line::{Detail, line};
use podhop::view::scene::shape::Kind;
use podhop::view::scene::way::focus_of;
use podhop::view::scene::{Direction, Scene, scene};
use podhop::view::target::Target;

fn in_transparent() -> Session {
    part_b(transparent(PluginVersion::Since2022))
}

fn subnet_space(session: &Session, name: &str) -> Space {
    spaces(session.world(), 0).into_iter().find(|(_, n, _)| n == name).unwrap().0
}

#[test]
fn an_address_that_a_pod_holds_is_the_pods_and_the_rest_is_the_nodes() {
    let session = in_transparent();
    let map = address_map(session.world(), subnet_space(&session, "vlan01"), 0).unwrap();
    assert_eq!((map.used, map.usable), (62, 4091));
    assert!(map.facts.is_empty());
    for cell in &map.cells {
        let owner = cell.owner.as_ref().map(|o| o.target);
        match cell.state {
            CellState::Pod => {
                assert!(matches!(owner, Some(Target::Pod(_))), "{cell:?}");
                assert!(matches!(cell.node.as_ref().unwrap().target, Target::Node(_)), "{cell:?}");
            }
            CellState::HeldForPods | CellState::Node => {
                assert!(matches!(owner, Some(Target::Node(_))) && cell.node.is_none(), "{cell:?}");
            }
            _ => assert_eq!(owner, None),
        }
    }
    let runs: Vec<String> =
        map.holders.nodes.iter().flat_map(|h| &h.runs).map(|r| format!("{}-{}", r.first, r.last)).collect();
    assert_eq!(runs, ["10.0.0.4-10.0.0.34", "10.0.0.35-10.0.0.65"]);
    let held = |n: usize| map.holders.nodes[n].tally.iter().map(|(_, n)| n).sum::<u64>();
    assert_eq!((held(0), held(1), map.holders.of("10.0.0.35".parse().unwrap())), (31, 31, Some(1)));
}

#[test]
fn a_pod_subnet_says_that_it_is_one() {
    let session = part_c();
    let map = address_map(session.world(), subnet_space(&session, "podvlan"), 0).unwrap();
    assert_eq!(map.facts, ["delegated"]);
    assert_eq!(map.holders.nodes.len(), 2);
    let pools = ledger(&session);
    let pod = pools.iter().flat_map(|p| &p.entries).find(|e| e.state == CellState::Pod).unwrap();
    assert!(pod.owner.is_some() && pod.node.as_ref().unwrap().starts_with("aks-nodepool1-"), "{pod:?}");
}

/// The tables at the last turn's first step that fits.
fn at(session: &Session, wanted: impl Fn(&Step) -> bool) -> Vec<Table> {
    let turn = session.turns().last().unwrap();
    let (index, step) = turn.record.steps.iter().enumerate().find(|(_, s)| wanted(s)).unwrap();
    let mut session = session.clone();
    session.seek(Cursor { turn: session.turns().len() - 1, step: index + 1 });
    tables(session.world_at_cursor(), subject_of_step(step), Some(step))
}

fn deciding(tables: &[Table]) -> &Table {
    tables.iter().find(|t| t.decides).expect("a table decides")
}

#[test]
fn a_rule_of_the_bridge_shows_which_conditions_missed() {
    let mut session = part_b(bridge());
    session.act(ping("deploy/nginx/1", "deploy/nginx/2")).unwrap();
    let tables = at(&session, |s| matches!(&s.decision, Decision::BridgeRule { hit, .. } if hit.number > 2));
    let table = deciding(&tables);
    assert_eq!((table.tab, table.title), (Tab::Bridge, "lab-table-ebtables"));
    let won = table.rows.iter().position(|r| r.state == RowState::Won).unwrap();
    assert!(won > 1 && table.rows[..won].iter().all(|r| r.state == RowState::Lost && r.why.is_some()), "{table:?}");
    assert!(table.rows[won].cells[1].contains("-j "), "{table:?}");
}

#[test]
fn the_flow_table_says_whether_an_entry_is_stale() {
    let mut session = in_transparent();
    let pod = ledger(&session)
        .iter()
        .flat_map(|p| p.entries.clone())
        .filter(|e| e.state == CellState::Pod)
        .collect::<Vec<_>>();
    let (a, b) = (pod.first().unwrap().first.to_string(), pod.last().unwrap().first.to_string());
    let probe = Action::Send { from: a, to: b, probe: podhop::sim::engine::probe::Probe::ping(), count: 2 };
    session.act(probe).unwrap();
    let tables = at(&session, |s| matches!(s.decision, Decision::UnifiedFlow { usable: true, .. }));
    let table = deciding(&tables);
    assert_eq!((table.tab, table.title, table.rows[0].state), (Tab::Port, "lab-table-unified", RowState::Won));
    let layers = tables.iter().find(|t| t.title.starts_with("lab-table-layers")).unwrap();
    assert_eq!(layers.rows[0].cells[1], "UFT");
    assert_eq!(layers.rows[0].state, RowState::Won);
    session.act(Action::CreateNsg { name: "nsg".into(), resource_group: None }).unwrap();
    let nic = session.world().nics.iter().next().unwrap().0;
    let after = tables_of_nic(&session, nic);
    let stale = after.iter().find(|t| t.title == "lab-table-unified").unwrap();
    assert!(stale.rows.iter().all(|r| r.state == RowState::Dim), "{stale:?}");
}

fn tables_of_nic(session: &Session, nic: podhop::sim::ids::NicId) -> Vec<Table> {
    tables(session.world(), podhop::view::inspector::Subject::Nic(nic), None)
}

#[test]
fn a_port_has_a_container_for_each_subnet() {
    let session = part_c();
    let nic = session.world().nics.iter().next().unwrap().0;
    let tables = tables_of_nic(&session, nic);
    let containers = tables.iter().find(|t| t.title == "lab-table-containers").unwrap();
    let names: Vec<&str> = containers.rows.iter().map(|r| r.cells[0].as_str()).collect();
    assert_eq!(names, ["nodevlan", "podvlan"]);
    assert_eq!(tables.iter().filter(|t| t.title == "lab-table-effective").count(), 2);
}

#[test]
fn a_pass_of_the_monitor_shows_its_branch() {
    let mut session = part_c();
    session.act(scale("nginx", 30)).unwrap();
    session.act(Action::Settle).unwrap();
    let grows = |s: &Step| match &s.decision {
        Decision::Control(step) => matches!(&**step, ControlStep::PoolMonitored { .. }),
        _ => false,
    };
    let tables = at(&session, grows);
    let table = tables.iter().find(|t| t.title == "lab-table-pass").unwrap();
    assert_eq!(table.rows[0].cells[0], "expectedAvailableIPs < minFreeIPs");
    assert!(table.rows[0].cells[1].ends_with("16 → 32") && table.rows[0].state == RowState::Won, "{table:?}");
}

#[test]
fn a_drop_for_want_of_a_next_hop_marks_the_route() {
    let mut session = in_transparent();
    session.act(ping("deploy/nginx/1", "172.16.9.9")).unwrap();
    let tables = at(&session, |s| matches!(s.decision, Decision::Drop(DropReason::RouteNone)));
    let table = deciding(&tables);
    assert_eq!((table.tab, table.rows[0].state), (Tab::Routes, RowState::Won));
    assert!(table.rows[0].cells.join(" ").ends_with("None"), "{table:?}");
}

fn drawn(session: &Session) -> Scene {
    let turn = session.turns().last().unwrap();
    scene(&turn.world, &focus_of(turn, &line(turn, Detail::Decisions), None, 2))
}

#[test]
fn a_bridge_is_drawn_only_where_there_is_one() {
    let count = |scene: &Scene| scene.shapes.iter().filter(|s| s.kind == Kind::Bridge).count();
    assert_eq!(count(&drawn(&in_transparent())), 0);
    assert_eq!(count(&drawn(&part_c())), 0);
    let bridged = drawn(&part_b(bridge()));
    assert_eq!(count(&bridged), 2);
    for nic in bridged.shapes.iter().filter(|s| matches!(s.kind, Kind::Nic { .. })) {
        assert!(nic.detail.is_empty(), "the bridge has the address");
        let holds = |s: &&podhop::view::scene::shape::Shape| s.kind == Kind::Bridge && s.rect.bottom() > nic.rect.y;
        assert!(bridged.shapes.iter().any(|s| holds(&s)), "the NIC hangs at the bridge");
    }
}

#[test]
fn subnets_without_machines_are_bands_and_arrows_go_where_they_point() {
    let mut session = part_c();
    for action in second_pool() {
        session.act(action).unwrap();
    }
    // The second pool's nodes are far; the first one's are open, so that its pod subnet lies across them.
    session.act(subnet("whkubenet", "spare", "10.1.12.0/24")).unwrap();
    let scene = drawn(&session);
    let find = |name: &str| {
        scene.shapes.iter().position(|s| &*s.full == name && matches!(s.kind, Kind::Subnet { .. })).unwrap()
    };
    let (one, two, nodes) = (find("podvlan2"), find("spare"), find("nodevlan"));
    let top = |n: usize| scene.shapes[n].rect.y;
    let lane = scene.shapes[find("podvlan")].rect;
    assert!(lane.y > top(nodes) && lane.bottom() < scene.shapes[nodes].rect.bottom(), "across the nodes");
    assert!(lane.x < scene.shapes[nodes].rect.x && lane.right() > scene.shapes[nodes].rect.right(), "and out of them");
    assert!(top(one) == top(two) && top(nodes) > top(one), "side by side over the nodes");
    assert_eq!(scene.toward(one, Direction::Right), Some(two));
    assert_eq!(scene.toward(two, Direction::Left), Some(one));
    for from in 0..scene.shapes.len() {
        for to in [Direction::Up, Direction::Down].map(|d| scene.toward(from, d)).into_iter().flatten() {
            assert!(scene.shapes[to].target.is_some());
        }
    }
}

fn values(pairs: &[(F, &str)]) -> Values {
    pairs.iter().map(|(id, text)| (*id, (*text).to_owned())).collect()
}

#[test]
fn every_network_of_the_form_can_be_built() {
    let mut session = session(1, network_of("10.0.0.0/20"));
    session.act(subnet("cni-vnet", "podvlan", "10.0.16.0/22")).unwrap();
    for (network, max_pods) in
        [("kubenet", "110"), ("azure-transparent", "30"), ("azure-bridge", "30"), ("pod-subnet", "250")]
    {
        let all = suggest(FormKind::Cluster, session.world(), &values(&[(F::Network, network)]));
        assert_eq!(all.get(F::MaxPods), max_pods, "{network}");
        let found = check(&session, FormKind::Cluster, &all);
        assert_eq!(found.faults, [], "{network}: {all:?}");
        session.clone().act(found.action.unwrap()).unwrap();
    }
}

#[test]
fn too_few_addresses_lead_to_a_pod_subnet() {
    let session = session(1, network_of("10.0.0.0/26"));
    let typed =
        suggest(FormKind::Cluster, session.world(), &values(&[(F::Network, "azure-transparent"), (F::Nodes, "3")]));
    let found = check(&session, FormKind::Cluster, &typed);
    let Problem::Action(error) = &found.faults[0].problem else { panic!("{found:?}") };
    assert_eq!(error.code(), "InsufficientSubnetSize");
    let ways = offers(session.world(), Some((FormKind::Cluster, &typed)), &found.faults[0].problem);
    let [way] = ways.as_slice() else { panic!("{ways:?}") };
    assert_eq!((way.code, way.kind, way.values.get(F::Network)), ("pod-subnet", FormKind::Cluster, "pod-subnet"));
    taken(&session, way);
}

/// Takes a way out, after which the form has no fault.
fn taken(session: &Session, way: &podhop::view::form::Offer) {
    let mut session = session.clone();
    for action in &way.actions {
        session.act(action.clone()).unwrap();
    }
    let all = suggest(way.kind, session.world(), &way.values);
    let found = check(&session, way.kind, &all);
    assert_eq!(found.faults, [], "{all:?}");
    session.act(found.action.unwrap()).unwrap();
    assert!(Text::english().has(&format!("build-offer-{}", way.code)));
}

#[test]
fn a_full_subnet_leads_to_another_pool_or_a_pod_subnet() {
    let actions = network_of("10.0.0.0/26").into_iter().chain([cluster(bridge(), 1, 30), Action::Settle]);
    let session = session(1, actions);
    let full = Action::ScalePool { cluster: "aks01".into(), pool: "nodepool1".into(), count: 3 };
    let error = session.try_action(&full).unwrap_err();
    assert_eq!(error.code(), "SubnetIsFull");
    let ways = offers(session.world(), None, &Problem::Action(error));
    assert_eq!(ways.iter().map(|w| w.code).collect::<Vec<_>>(), ["add-pool", "pod-subnet"]);
    for way in &ways {
        taken(&session, way);
    }
}

/// An error is told of what was typed, not of the values that stand in for what is wrong.
#[test]
fn faults_are_of_the_values_that_were_typed() {
    for (prefix, typed, wanted) in [
        ("10.0.0.0/26", [(F::Nodes, "2"), (F::MaxPods, "10")], "pool-too-small"),
        ("10.0.0.0/26", [(F::Nodes, "2"), (F::MaxPods, "30")], "InsufficientSubnetSize"),
        ("10.0.0.0/27", [(F::Nodes, "3"), (F::MaxPods, "10")], "InsufficientSubnetSize"),
    ] {
        let session = session(1, network_of(prefix));
        let mut all = suggest(FormKind::Cluster, session.world(), &values(&[(F::Network, "azure-transparent")]));
        for (id, text) in typed {
            all.set(id, text);
        }
        let found = check(&session, FormKind::Cluster, &all);
        let codes: Vec<&str> = found
            .faults
            .iter()
            .map(|fault| match &fault.problem {
                Problem::Action(error) => error.code(),
                Problem::Field(error) => error.code(),
            })
            .collect();
        assert_eq!(codes, [wanted], "{prefix} {typed:?}");
    }
}

/// The NSG that the fault made goes with its repair; one that was there stays.
#[test]
fn a_repair_leaves_nothing_behind() {
    let mut session = in_transparent();
    let node = session.world().nodes.iter().next().unwrap().0;
    let before = session.world().nsgs.iter().count();
    for left in [before + 1, before] {
        let fault = breaks(&session, node).into_iter().find(|b| b.kind == BreakKind::DenyIcmp).unwrap();
        for action in fault.actions {
            session.act(action).unwrap();
        }
        assert_eq!(session.world().nsgs.iter().count(), left);
    }
}

#[test]
fn rows_tell_what_pools_and_subnets_are() {
    let facts = |session: &Session, kind: RowKind| -> Vec<Fact> {
        let rows = inventory(session.world(), &Shown::default()).into_iter().filter(|r| r.key.kind == kind);
        rows.flat_map(|r| r.facts).collect()
    };
    assert!(facts(&in_transparent(), RowKind::Subnet).contains(&Fact::State("shared")));
    let apart = part_c();
    assert!(facts(&apart, RowKind::Subnet).contains(&Fact::State("delegated")));
    assert!(!facts(&apart, RowKind::Subnet).contains(&Fact::State("shared")));
    assert!(facts(&apart, RowKind::Pool).contains(&Fact::Verbatim("nodevlan + podvlan".into())));
    let text = Text::english();
    for fact in ["shared", "delegated", "exhausted"] {
        assert!(text.has(&format!("build-state-{fact}")));
    }
    assert!(text.has("build-ratio-held") && text.has("build-act-add-pool") && text.has("build-act-delete-bridge-rule"));
}

#[test]
fn faults_of_azure_cni_can_be_caused_and_repaired() {
    for (mut session, kind) in [
        (in_transparent(), BreakKind::PodRoute),
        (in_transparent(), BreakKind::VethDown),
        (part_c(), BreakKind::VethDown),
        (part_b(bridge()), BreakKind::BridgeRule),
    ] {
        let node = session.world().nodes.iter().next().unwrap().0;
        let one = |session: &Session| breaks(session, node).into_iter().find(|b| b.kind == kind).unwrap();
        for wanted in [false, true] {
            let fault = one(&session);
            assert_eq!(fault.is_broken, wanted, "{fault:?}");
            for action in fault.actions {
                session.act(action).unwrap();
            }
        }
        let all = breaks(&session, node).into_iter().filter(|fault| fault.is_broken).map(|fault| fault.kind);
        assert_eq!(all.collect::<Vec<_>>(), [], "{kind:?} is repaired");
        let text = Text::english();
        assert!(text.has(&format!("build-break-{}", kind.code())));
        assert!(text.has(&format!("build-break-{}-hint", kind.code())));
    }
}

/// A packet that was flooded in vain ends where it was flooded, and not with what was done to one of its copies.
#[test]
fn a_flood_in_vain_is_the_end_of_the_line() {
    let mut session = part_b(bridge());
    session.act(ping("deploy/nginx/1", "deploy/nginx/2")).unwrap();
    let node = podhop::view::breaks::likely_node(&session).unwrap();
    let fault = breaks(&session, node).into_iter().find(|b| b.kind == BreakKind::VethDown).unwrap();
    for action in fault.actions {
        session.act(action).unwrap();
    }
    session.act(podhop::view::breaks::last_packet(&session).unwrap().clone()).unwrap();
    let turn = session.turns().last().unwrap();
    let last = *line(turn, Detail::Decisions).last().unwrap();
    let decision = &turn.record.steps[last].decision;
    assert!(matches!(decision, Decision::BridgeForward { .. }), "{decision:?}");
}

/// In a subnet of nodes not one more fits then, and one fewer makes room; in a subnet of pods a node asked in vain.
#[test]
fn subnets_can_be_exhausted_and_repaired() {
    let small = {
        let mut actions = network_of("10.0.0.0/24");
        actions.extend([cluster(transparent(PluginVersion::Since2022), 2, 30), Action::Settle]);
        session(1, actions)
    };
    let two_pools = session(1, part_c_actions().into_iter().chain(second_pool()));
    for (mut session, subnet) in [(small, "vlan01"), (part_c(), "podvlan"), (two_pools, "podvlan")] {
        let node = session.world().nodes.iter().next().unwrap().0;
        let one = |session: &Session| {
            let fault = breaks(session, node).into_iter().find(|b| b.kind == BreakKind::ExhaustSubnet).unwrap();
            assert_eq!(fault.subject, subnet);
            fault
        };
        let of_subnet = |session: &Session| {
            let subnet = session.world().subnets.values().find(|s| &*s.name == subnet).unwrap().clone();
            subnet.exhausted || subnet.pool.counts().free < 31
        };
        for wanted in [false, true] {
            assert_eq!((one(&session).is_broken, of_subnet(&session)), (wanted, wanted));
            for action in one(&session).actions {
                session.act(action).unwrap();
            }
        }
        assert!(!one(&session).is_broken && !of_subnet(&session), "{subnet} is repaired");
    }
}

#[test]
fn examples_run_to_their_end() {
    use podhop::sim::scenario::Scenario;
    for (text, expected) in [
        (include_str!("../../lessons/examples/article-azure-cni.json"), true),
        (include_str!("../../lessons/examples/article-azure-cni-bridge.json"), true),
        (include_str!("../../lessons/examples/article-pod-subnet.json"), false),
    ] {
        let scenario = Scenario::parse(text).unwrap();
        let session = Session::load(&scenario).unwrap();
        assert_eq!(outcome(&session).is_success(), expected, "{:?}", outcome(&session));
    }
}
