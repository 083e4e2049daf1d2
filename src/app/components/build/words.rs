//! Words for what the views of this panel say in ids.

use crate::sim::world::World;
use crate::text::{Args, Text, error};
use crate::view::form::FieldError;
use crate::view::form::{Choice, FieldId, FormKind, Problem};
use crate::view::history::Said;
use crate::view::inventory::{Deed, Fact};

/// The label of a field.
pub(super) fn label(text: &Text, field: FieldId) -> String {
    text.get(&format!("build-field-{}", field.code()))
}

/// The title of a form, which is also the word on its button.
pub(super) fn title(text: &Text, kind: FormKind) -> String {
    text.get(&format!("build-form-{}", kind.code()))
}

/// What is wrong, as a sentence.
pub(super) fn problem(text: &Text, problem: &Problem, world: &World) -> String {
    match problem {
        Problem::Action(reason) => error(text, reason, world),
        Problem::Field(FieldError::OutOfRange { min, max }) => {
            text.format("build-error-out-of-range", &Args::new().number("min", *min).number("max", *max))
        }
        Problem::Field(reason) => text.get(&format!("build-error-{}", reason.code())),
    }
}

/// One choice of a list.
pub(super) fn choice(text: &Text, choice: &Choice) -> String {
    choice.word.map_or_else(|| choice.value.clone(), |word| text.get(&format!("build-choice-{word}")))
}

/// A remark of a row.
pub(super) fn fact(text: &Text, fact: &Fact) -> String {
    match fact {
        Fact::Verbatim(what) => what.clone(),
        Fact::Count(code, n) => text.format(&format!("build-count-{code}"), &Args::new().number("n", *n)),
        Fact::Ratio(code, n, all) => {
            text.format(&format!("build-ratio-{code}"), &Args::new().number("n", *n).number("all", *all))
        }
        Fact::State(code) => text.get(&format!("build-state-{code}")),
    }
}

/// The word on the button of a deed.
pub(super) fn deed(text: &Text, deed: &Deed) -> String {
    match deed {
        Deed::Form(FormKind::Send, preset) if preset.has(FieldId::From) => text.get("build-deed-send-from"),
        Deed::Form(FormKind::Send, _) => text.get("build-deed-send-to"),
        Deed::Form(kind @ (FormKind::Route | FormKind::Rule), preset) if preset.has(FieldId::Name) => {
            text.get(&format!("build-deed-edit-{}", kind.code()))
        }
        Deed::Form(FormKind::Cluster, preset) if preset.has(FieldId::Network) => text.get("build-deed-pods-apart"),
        Deed::Form(kind, _) => title(text, *kind),
        Deed::Now(code, _) => text.get(&format!("build-deed-{code}")),
    }
}

/// A line of the history.
pub(in crate::app::components) fn said(text: &Text, said: &Said) -> String {
    let args = said.args.iter().fold(Args::new(), |args, (name, value)| match value.parse::<u64>() {
        Ok(number) if matches!(*name, "count" | "seconds" | "number") => args.number(name, number),
        _ => args.text(name, value),
    });
    text.format(said.id, &args)
}
