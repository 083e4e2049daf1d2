//! Every id that the views of the side panels give has its words.

use crate::fixture::*;
use podhop::text::Text;
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
    let codes = breaks(&session, node).into_iter().map(|b| b.kind.code());
    known(codes.flat_map(|code| [format!("build-break-{code}"), format!("build-break-{code}-hint")]));
    known(CellState::ALL.map(|state| format!("addr-state-{}", state.code())));
    known(session.turns().iter().map(|turn| said(&turn.action).id.to_owned()));
}
