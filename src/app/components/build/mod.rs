//! The left column: what there is, what can be built and broken, packets to send, and what was done so far.

mod breaks;
mod clock;
mod combo;
mod examples;
mod field;
mod form;
mod head;
mod history;
mod notice;
mod open_file;
mod panel;
mod row;
mod send;
mod tabs;
mod things;
pub(super) mod words;

use crate::app::state::{Msg, Run, Then};
use crate::sim::action::Action;
use std::rc::Rc;

pub(crate) use head::Head;
pub use notice::{Keeper, Props as KeeperProps};
pub use panel::BuildPanel;

/// Does actions one after the other, and undo takes them back together; stops at the first that is refused, the ones
/// before stay.
fn doing(actions: Vec<Action>) -> Msg {
    let with = Rc::new(move |session: &mut crate::session::Session| {
        actions.iter().enumerate().try_for_each(|(at, action)| {
            session.act_on(action.clone(), at > 0).map_err(|error| Rc::new((action.clone(), error)))
        })
    });
    Msg::Run(Run { with, then: Then::Open })
}
