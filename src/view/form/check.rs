//! Everything that is wrong with a form, and the action once nothing is.

use super::build::action;
use super::errors::fields_of;
use super::field::FieldId;
use super::parse::FieldError;
use super::{FormKind, Values, suggest};
use crate::session::Session;
use crate::sim::action::Action;
use crate::sim::action::error::ActionError;

/// A form, judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What the form asks for; `None` while anything is wrong.
    pub action: Option<Action>,
    pub faults: Vec<Fault>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The fields it concerns; none when it concerns the form as a whole.
    pub fields: Vec<FieldId>,
    pub problem: Problem,
    /// A value of the first of the fields that would do.
    pub fix: Option<(FieldId, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    Field(FieldError),
    Action(ActionError),
}

impl Check {
    /// Faults that concern a field.
    pub fn of(&self, field: FieldId) -> impl Iterator<Item = &Fault> {
        self.faults.iter().filter(move |fault| fault.fields.contains(&field))
    }

    /// Faults of the form as a whole.
    pub fn general(&self) -> impl Iterator<Item = &Fault> {
        self.faults.iter().filter(|fault| fault.fields.is_empty())
    }
}

/// Judges a form. An action tells only the first fault that it meets, so a field with a fault is given a value that
/// would do, and the rest is tried again, until nothing more is found.
pub fn check(session: &Session, kind: FormKind, values: &Values) -> Check {
    let mut faults: Vec<Fault> = Vec::new();
    let mut trial = values.clone();
    for _ in 0..=kind.fields().len() {
        let found = match action(kind, &trial) {
            Err(errors) => errors.into_iter().map(|(id, error)| (vec![id], Problem::Field(error))).collect(),
            Ok(action) => match refused(session, &action) {
                None if faults.is_empty() => return Check { action: Some(action), faults },
                None => break,
                Some(error) => vec![(concerned(kind, values, &error), Problem::Action(error))],
            },
        };
        let bad: Vec<FieldId> = found.iter().flat_map(|(fields, _)| fields.clone()).collect();
        let is_known = |id: &FieldId| faults.iter().any(|fault| fault.fields.contains(id));
        let stands_in = |id: &FieldId| trial.get(*id) != values.get(*id);
        let rests = found.iter().flat_map(|(_, problem)| rests_on(problem));
        if rests.clone().any(|id| stands_in(&id)) || (!bad.is_empty() && bad.iter().all(is_known)) {
            // It speaks of a value that stands in for a bad one.
            break;
        }
        let fixed = repaired(session, kind, &trial, &bad);
        for (fields, problem) in found {
            let fix = fix(&fields, values, &fixed);
            faults.push(Fault { fields, problem, fix });
        }
        if bad.is_empty() || fixed == trial {
            break;
        }
        trial = fixed;
    }
    Check { action: None, faults }
}

/// The fields whose values an action's error speaks of, also where it is shown at others.
fn rests_on(problem: &Problem) -> Vec<FieldId> {
    match problem {
        Problem::Action(error @ ActionError::InsufficientSubnetSize { .. }) => {
            let pods = [FieldId::MaxPods, FieldId::Nodes];
            fields_of(error).into_iter().chain(pods).collect()
        }
        Problem::Action(error) => fields_of(error),
        Problem::Field(_) => Vec::new(),
    }
}

/// Waiting is never refused once its length is in bounds, and trying it would cost the whole wait.
fn refused(session: &Session, action: &Action) -> Option<ActionError> {
    match action {
        Action::Wait { .. } | Action::Settle => None,
        other => session.try_action(other).err(),
    }
}

/// The fields of this form that an error concerns. Of several fields that name a place, only those that hold the name.
fn concerned(kind: FormKind, values: &Values, error: &ActionError) -> Vec<FieldId> {
    let fields: Vec<FieldId> = fields_of(error).into_iter().filter(|id| kind.has(*id)).collect();
    let (ActionError::NotFound { name, .. } | ActionError::NotRunning { name }) = error else { return fields };
    // `pod/NAME`, `deploy/NAME/1`, `NAME`.
    let holds = |id: &FieldId| format!("/{}/", values.get(*id)).contains(&format!("/{name}/"));
    let holding: Vec<FieldId> = fields.iter().copied().filter(holds).collect();
    if holding.is_empty() { fields } else { holding }
}

/// The values with suggested ones in the bad fields, and in those that depend on a bad one.
fn repaired(session: &Session, kind: FormKind, values: &Values, bad: &[FieldId]) -> Values {
    let is_bad = |id: FieldId| bad.contains(&id) || id.depends_on().is_some_and(|other| bad.contains(&other));
    let good = values.iter().filter(|(id, _)| !is_bad(*id)).map(|(id, text)| (id, text.to_owned())).collect();
    suggest(kind, session.world(), &good)
}

/// The suggestion to show: only for one field alone, and only if it says something else than what stands there.
fn fix(fields: &[FieldId], values: &Values, fixed: &Values) -> Option<(FieldId, String)> {
    let [field] = fields else { return None };
    let text = fixed.get(*field);
    (!text.is_empty() && text != values.get(*field)).then(|| (*field, text.to_owned()))
}
