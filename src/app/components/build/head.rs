//! The end of the history as something to compare.

use crate::session::{Session, Turn};
use std::rc::Rc;

/// The last turn. As long as it is the same, so is the world at the end of the history, wherever one looks.
#[derive(Clone, Debug)]
pub(crate) struct Head(Option<Rc<Turn>>);

impl Head {
    pub(crate) fn of(session: &Session) -> Self {
        Self(session.turns().last().cloned())
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (None, None) => true,
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }
}
