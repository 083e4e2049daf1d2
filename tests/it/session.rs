//! Time travel, undo, save and load.

use crate::fixture::*;
use podhop::session::kept::Kept;
use podhop::session::{Cursor, Session};
use podhop::sim::action::Action;
use podhop::sim::engine::probe::Probe;
use podhop::sim::scenario::{Scenario, ScenarioError};
use podhop::sim::world::World;

/// Everything that a table on the screen could show.
fn tables(world: &World) -> String {
    let hosts: Vec<_> = world.hosts.iter().collect();
    let azure = (
        world.nics.iter().collect::<Vec<_>>(),
        world.subnets.iter().collect::<Vec<_>>(),
        world.route_tables.iter().collect::<Vec<_>>(),
    );
    let cluster = (
        world.nodes.iter().collect::<Vec<_>>(),
        world.pods.iter().collect::<Vec<_>>(),
        world.clusters.iter().collect::<Vec<_>>(),
    );
    format!("{:?} {hosts:?} {azure:?} {cluster:?} {:?}", world.now, world.queue)
}

/// What a file built is seen built; what it sends is there to be stepped.
#[test]
fn a_loaded_scenario_is_seen_where_it_matters() {
    let send = Action::Send { from: "10.0.0.4".into(), to: "10.0.0.5".into(), probe: Probe::ping(), count: 1 };
    let ping = crate::kubenet::after(&article(), send);
    for (session, step) in [(article(), article().end().step), (ping, 0)] {
        let loaded = Session::load(&session.scenario()).unwrap();
        assert_eq!(loaded.cursor(), Cursor { turn: session.end().turn, step });
    }
}

#[test]
fn every_step_forward_then_back_restores_every_table() {
    let mut session = article();
    session.act(ping("10.244.1.3", "10.244.0.6")).unwrap();
    let turn = session.turns().len() - 1;
    let steps = session.turns()[turn].record.steps.len();
    let look = |session: &mut Session, step| {
        session.seek(Cursor { turn, step });
        tables(session.world_at_cursor())
    };
    let forward: Vec<String> = (0..=steps).map(|step| look(&mut session, step)).collect();
    let mut back: Vec<String> = (0..=steps).rev().map(|step| look(&mut session, step)).collect();
    back.reverse();
    assert_eq!(forward, back);
    assert_ne!(forward.first(), forward.last());
    assert_eq!(forward.last(), Some(&tables(session.world())));
}

#[test]
fn undo_then_redo_is_the_identity() {
    let mut session = article();
    session.act(ping("10.244.1.3", "10.244.0.6")).unwrap();
    let end = tables(session.world());
    let turns = session.turns().len();
    while session.undo() {}
    assert_eq!(session.world().hosts.len(), 0);
    while session.redo() {}
    assert_eq!((session.turns().len(), tables(session.world())), (turns, end));
}

#[test]
fn save_then_load_is_the_identity() {
    let mut session = article();
    session.act(ping("10.244.1.3", "10.244.0.6")).unwrap();
    let text = session.scenario().to_text();
    let scenario = Scenario::parse(&text).unwrap();
    assert_eq!(scenario, session.scenario());
    let loaded = Session::load(&scenario).unwrap();
    assert_eq!(tables(loaded.world()), tables(session.world()));
    assert_eq!(Scenario::parse(&session.scenario().to_compact()).unwrap(), scenario);
}

#[test]
fn a_refused_action_changes_nothing() {
    let mut session = article();
    let before = tables(session.world());
    assert!(session.act(ping("10.244.1.3", "pod/nobody")).is_err());
    assert!(session.act(subnet("vnet01", "again", "10.0.0.0/24")).is_err());
    assert_eq!(tables(session.world()), before);
}

#[test]
fn the_example_is_the_article() {
    let scenario = Scenario::parse(include_str!("../../lessons/examples/article-kubenet.json")).unwrap();
    let mut expected = article_actions();
    expected.push(ping("10.244.1.3", "10.244.0.6"));
    assert_eq!(scenario, Scenario::new(ARTICLE_SEED, expected));
    let (opened, loaded) = (podhop::session::example::session().unwrap(), Session::load(&scenario).unwrap());
    assert_eq!(opened.scenario(), scenario);
    let digests = |session: &Session| session.turns().iter().map(|t| t.record.digest()).collect::<Vec<_>>();
    assert_eq!((digests(&opened), tables(opened.world())), (digests(&loaded), tables(loaded.world())));
    assert_eq!(opened.cursor(), loaded.cursor());
}

#[test]
fn bad_scenarios_say_where() {
    let error = |text: &str| Scenario::parse(text).unwrap_err();
    assert!(matches!(error("{"), ScenarioError::Malformed { line: 1, .. }));
    assert_eq!(error(r#"{"schema":99,"seed":1,"actions":[]}"#), ScenarioError::UnknownSchema { found: 99 });
    assert!(matches!(
        error("{\"schema\":1,\"seed\":1,\n\"actions\":[{\"fly\":{}}]}"),
        ScenarioError::Malformed { line: 2, .. }
    ));
    assert!(matches!(error(r#"{"schema":1,"seed":1,"actions":[],"more":1}"#), ScenarioError::Malformed { .. }));
}

/// The same on every machine: `tests/web` proves it of wasm by the same figure.
#[test]
fn the_record_has_its_fingerprint() {
    let mut session = article();
    session.act(ping("10.244.1.3", "10.244.0.6")).unwrap();
    let digests: Vec<u64> = session.turns().iter().map(|t| t.record.digest()).collect();
    assert_eq!(digests.last(), Some(&crate::fixture::ARTICLE_PING_DIGEST), "{digests:?}");
}

#[test]
fn act_drops_what_was_undone() {
    let mut session = article();
    session.undo();
    assert!(session.can_redo());
    session.act(Action::Wait { ms: 1 }).unwrap();
    assert!(!session.can_redo());
}

/// An action in the place of the last one that is refused changes nothing.
#[test]
fn a_refused_replacement_changes_nothing() {
    let mut session = article();
    let before: Vec<Action> = session.turns().iter().map(|t| t.action.clone()).collect();
    assert!(session.replace_last(Action::DeleteVm { name: "nobody".into() }).is_err());
    let after: Vec<Action> = session.turns().iter().map(|t| t.action.clone()).collect();
    assert_eq!(after, before);
}

/// What one command did is one step of undo, also after the page was loaded again; and what was kept before that was
/// written is still read.
#[test]
fn a_kept_sitting_keeps_what_is_undone_together() {
    let mut session = article();
    let before = session.turns().len();
    let wait = |ms| Action::Wait { ms };
    for (action, joined) in [(wait(1), false), (wait(2), true), (wait(3), true), (wait(4), false)] {
        session.act_on(action, joined).unwrap();
    }
    session.seek(Cursor { turn: before + 1, step: 0 });
    let text = Kept::of(&session, true).to_text();
    let opened = |text: &str| {
        let kept = Kept::parse(text).unwrap();
        assert!(kept.every_step);
        let mut session = Session::load(&Scenario::parse(&kept.scenario).unwrap()).unwrap();
        kept.restore(&mut session);
        assert_eq!(session.cursor(), Cursor { turn: before + 1, step: 0 });
        session
    };
    let mut again = opened(&text);
    assert!(again.undo() && again.undo());
    assert_eq!(again.turns().len(), before);
    assert!(again.redo());
    assert_eq!(again.turns().len(), before + 3);

    let numbers = format!(",\"joined\":[{},{}]", before + 1, before + 2);
    assert!(text.contains(&numbers), "{numbers}");
    let mut old = opened(&text.replace(&numbers, ""));
    assert!(old.undo() && old.undo());
    assert_eq!(old.turns().len(), before + 2, "each turn by itself");
    for odd in [",\"joined\":[0]", ",\"joined\":[9999]"] {
        assert!(opened(&text.replace(&numbers, odd)).undo());
    }
}
