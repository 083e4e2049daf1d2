//! The actions that the first screen's cluster is made of. [`super::apply`] does them and all others. What opens the app
//! names these alone, so that the others come over the wire after the first screen.

use super::error::ActionError;
use super::{Action, cluster, network, send, workload};
use crate::sim::engine::{Engine, Until};
use crate::sim::mode::{Network, Recipe};
use std::rc::Rc;

/// Does one of them; there is no answer for any other action. `recipe` says what makes a cluster's network.
pub fn apply(
    engine: &mut Engine,
    action: &Action,
    recipe: fn(&Network) -> Rc<dyn Recipe>,
) -> Option<Result<(), ActionError>> {
    Some(match action {
        Action::CreateVnet { name, prefixes, resource_group } => {
            network::create_vnet(&mut engine.world, name, prefixes, resource_group.as_deref())
        }
        Action::CreateSubnet { vnet, name, prefix } => network::create_subnet(&mut engine.world, vnet, name, *prefix),
        Action::CreateCluster(new) => cluster::create(engine, new, &recipe(&new.network)),
        Action::CreateDeployment { cluster, name, image, replicas } => {
            workload::create(engine, cluster, name, image, *replicas)
        }
        Action::ScaleDeployment { cluster, name, replicas } => workload::scale(engine, cluster, name, *replicas),
        Action::Settle => settle(engine),
        Action::Send { from, to, probe, count } => send::send(engine, from, to, *probe, *count),
        _ => return None,
    })
}

fn settle(engine: &mut Engine) -> Result<(), ActionError> {
    if engine.run(Until::Settled) { Ok(()) } else { Err(ActionError::NeverSettles) }
}
