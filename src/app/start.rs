//! What the app opens on: a working cluster, with a ping between its nodes recorded and still to be stepped through.

use crate::session::Session;
use crate::sim::scenario::Scenario;

/// The cluster of the article, as `az aks create --network-plugin kubenet` makes it.
const FIRST: &str = include_str!("../../lessons/examples/article-kubenet.json");

/// The first session. The cursor stands before the first step of the ping.
pub fn session() -> Session {
    // A scenario that cannot be read or done leaves an empty world, in which everything can still be built.
    let scenario = Scenario::parse(FIRST).ok();
    scenario.and_then(|s| Session::load(&s).ok()).unwrap_or_else(|| Session::new(1))
}
