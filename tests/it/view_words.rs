//! Every id that the views of the side panels give has its words.

use crate::fixture::*;
use podhop::sim::action::{Action, Label};
use podhop::text::{Text, hop_gloss, hop_name};
use podhop::view::address_map::CellState;
use podhop::view::breaks::breaks;
use podhop::view::form::{FormKind, Input, Source};
use podhop::view::history::said;
use podhop::view::inventory::{Deed, Fact, Shown, inventory};

fn known(ids: impl IntoIterator<Item = String>) {
    let text = Text::english();
    let missing: Vec<String> = ids.into_iter().filter(|id| !text.has(id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn forms_and_fields() {
    known(FormKind::ALL.iter().map(|kind| format!("build-form-{}", kind.code())));
    let fields = || FormKind::ALL.iter().flat_map(|kind| kind.fields());
    known(fields().map(|spec| format!("build-field-{}", spec.id.code())));
    known(fields().filter(|s| s.id.has_note()).map(|spec| format!("build-note-{}", spec.id.code())));
    let session = article();
    let choices = fields().filter_map(|spec| match spec.input {
        Input::Choice(source) => Some(source),
        _ => None,
    });
    let words = choices.chain([Source::TablesOrNone]).flat_map(|source| {
        podhop::view::form::choices(source, session.world(), &podhop::view::form::Values::default())
    });
    known(words.filter_map(|c| c.word).map(|word| format!("build-choice-{word}")));
}

#[test]
fn rows_and_deeds() {
    let session = article();
    let keys =
        inventory(session.world(), &Shown::default()).into_iter().filter(|r| r.open == Some(false)).map(|r| r.key);
    for row in inventory(session.world(), &Shown { turned: keys.collect(), ..Shown::default() }) {
        known([format!("build-row-{}", row.key.kind.code())]);
        known(row.facts.iter().filter_map(|fact| match fact {
            Fact::Verbatim(_) => None,
            Fact::Count(code, _) => Some(format!("build-count-{code}")),
            Fact::Ratio(code, ..) => Some(format!("build-ratio-{code}")),
            Fact::State(code) => Some(format!("build-state-{code}")),
        }));
        known(row.deeds.iter().filter_map(|deed| match deed {
            Deed::Form(..) => None,
            Deed::Now(code, _) => Some(format!("build-deed-{code}")),
        }));
    }
}

#[test]
fn breaks_states_and_history() {
    let session = article();
    let node = session.world().nodes.iter().next().unwrap().0;
    let all = breaks(&session, node).into_iter();
    known(all.flat_map(|b| [format!("build-break-{}", b.kind.code()), b.hint.id(b.kind)]));
    known(CellState::ALL.map(|state| format!("addr-state-{}", state.code())));
    known(session.turns().iter().map(|turn| said(&turn.action).id.to_owned()));
    let (name, label) = (|| "x".to_owned(), Label { key: "tier".into(), value: "web".into() });
    let others = [
        Action::SetAddressSpace { vnet: name(), prefixes: vec!["10.0.0.0/16".parse().unwrap()] },
        Action::SetPoolLabels { cluster: name(), pool: name(), labels: vec![label] },
        Action::EndPod { name: name(), status: 1 },
    ];
    let ids = others.iter().map(|action| said(action).id);
    assert!(ids.clone().all(|id| id != "build-act-settle"));
    known(ids.map(str::to_owned));
}

/// What AKS says of kubenet's end stands where the mode is chosen and in the note that explains it.
/// Source: MicrosoftDocs/azure-aks-docs, articles/aks/includes/kubenet-retirement.md.
#[test]
fn kubenets_end_is_told_where_it_is_chosen() {
    let text = Text::english();
    for id in ["build-choice-kubenet", "build-note-network"] {
        assert!(text.get(id).contains("31 March 2028"), "{id}");
    }
    let (name, url) = podhop::view::form::FieldId::Network.source().unwrap();
    assert!(name.contains("kubenet-retirement") && url.starts_with("https://"));
}

/// Every label of a hop says what it stands for.
#[test]
fn hops_are_glossed() {
    let text = Text::english();
    let mut session = article();
    session.act(ping("deploy/nginx/1", "deploy/nginx/2")).unwrap();
    session.act(ping("deploy/nginx/1", "8.8.8.8")).unwrap();
    for turn in session.turns() {
        for step in &turn.record.steps {
            let (name, gloss) = (hop_name(&text, step, &turn.world), hop_gloss(&text, step, &turn.world));
            assert!(gloss.is_some_and(|g| g.contains(' ')) || name == "internet", "{name}: {:?}", step.decision);
        }
    }
    let gloss = |wanted: &str| {
        let turn = &session.turns()[session.turns().len() - 2];
        let steps = turn.record.steps.iter().filter(|s| hop_name(&text, s, &turn.world) == wanted);
        steps.filter_map(|s| hop_gloss(&text, s, &turn.world)).collect::<Vec<_>>().join(" ")
    };
    for (name, words) in [
        ("FIB", "forwarding information base"),
        ("cbr0", "a bridge"),
        ("eth0", "network card"),
        ("eth0", "pod’s end of a veth pair"),
        ("VFP", "Virtual Filtering Platform"),
        ("masq", "masquerade"),
    ] {
        assert!(gloss(name).contains(words), "{name}: {}", gloss(name));
    }
}
