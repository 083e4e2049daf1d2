//! Forms as data: which fields a form has, what is typed in them, what that means as an action, and what is wrong with
//! it while it is typed. Raw text ends here: an [`crate::sim::action::Action`] holds typed values only.

mod build;
mod check;
mod choices;
mod errors;
mod field;
mod kind;
mod offer;
mod parse;
mod suggest;

pub use check::{Check, Fault, Problem, check};
pub use choices::{Choice, Found, choices, find};
pub use errors::fields_of;
pub use field::{FieldId, FieldSpec, Input, Source};
pub use kind::FormKind;
pub use offer::{Offer, offers};
pub use parse::FieldError;
pub use suggest::{free_prefix, next_name, suggest};

use crate::sim::ordered::Ordered;

/// What stands in the fields of a form, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(Ordered<FieldId, String>);

impl Values {
    /// Text of a field; empty where nothing was typed.
    pub fn get(&self, id: FieldId) -> &str {
        self.0.get(&id).map_or("", String::as_str)
    }

    /// Whether anything, be it nothing, was typed in a field.
    pub fn has(&self, id: FieldId) -> bool {
        self.0.contains_key(&id)
    }

    pub fn set(&mut self, id: FieldId, text: impl Into<String>) {
        self.0.insert(id, text.into());
    }

    /// The same values with another text in one field.
    #[must_use]
    pub fn with(mut self, id: FieldId, text: impl Into<String>) -> Self {
        self.set(id, text);
        self
    }

    /// Fields that hold anything, in order.
    pub fn iter(&self) -> impl Iterator<Item = (FieldId, &str)> {
        self.0.iter().map(|(id, text)| (*id, text.as_str()))
    }
}

impl FromIterator<(FieldId, String)> for Values {
    fn from_iter<T: IntoIterator<Item = (FieldId, String)>>(iter: T) -> Self {
        Self(iter.into_iter().collect())
    }
}
