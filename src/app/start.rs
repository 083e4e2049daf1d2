//! What the app opens on: a working cluster, with a ping between its nodes recorded and still to be stepped through.

use crate::session::{Session, example};

/// The first session. The cursor stands before the first step of the ping.
pub fn session() -> Session {
    // If an action of it cannot be done, an empty world opens, in which everything can still be built.
    example::session().unwrap_or_else(|_| Session::new(1))
}
