//! `az aks nodepool`. Source: Azure/azure-cli `acs/agentpool_decorator.py`.

use super::aks::{changed, find, missing, pool_name, pool_shown, subnet, waited};
use super::{Answer, Line, not_found, scaling};
use crate::shell::{Output, Shell};
use crate::sim::action::{Action, NewPool, SubnetName};
use crate::sim::ids::ClusterId;
use serde_json::Value;

fn all(shell: &Shell, cluster: ClusterId) -> Vec<Value> {
    let found = shell.session().world().clusters.get(cluster);
    let pools = found.into_iter().flat_map(|c| c.pools.iter().map(move |pool| (c, pool)));
    pools.map(|(c, pool)| pool_shown(shell, cluster, c, pool)).collect()
}

fn cluster(shell: &Shell, line: &Line) -> Result<(String, ClusterId), Output> {
    let name = line.need("--cluster-name")?;
    find(shell, line, name).map(|id| (name.to_owned(), id))
}

fn one(shell: &Shell, line: &Line, cluster: ClusterId) -> Answer {
    let name = line.need("--name")?;
    let found = all(shell, cluster).into_iter().find(|pool| pool["name"] == name);
    let kind = format!("Microsoft.ContainerService/managedClusters/{}/agentPools", line.need("--cluster-name")?);
    found.ok_or_else(|| not_found(&kind, name, line.option("--resource-group").unwrap_or_default()))
}

pub(super) fn list(shell: &mut Shell, line: &Line) -> Answer {
    let (_, id) = cluster(shell, line)?;
    Ok(Value::Array(all(shell, id)))
}

pub(super) fn show(shell: &mut Shell, line: &Line) -> Answer {
    let (_, id) = cluster(shell, line)?;
    one(shell, line, id)
}

pub(super) fn add(shell: &mut Shell, line: &Line) -> Answer {
    pool_name(line.need("--name")?)?;
    scaling::check(line)?;
    let (name, id) = cluster(shell, line)?;
    let pods = if line.has("--pod-subnet-id") { Some(subnet(line, "--pod-subnet-id")?) } else { None };
    let nodes =
        if line.has("--vnet-subnet-id") { subnet(line, "--vnet-subnet-id")? } else { first_subnet(shell, line, id)? };
    let found = shell.session().world().clusters.get(id).map(|c| c.recipe.max_pods());
    let Some(max_pods) = found else { return Err(missing(line, &name)) };
    let labelled = scaling::labelling(shell, line, "--labels", &name, &[line.need("--name")?.to_owned()])?;
    let new = NewPool {
        cluster: name,
        name: line.need("--name")?.to_owned(),
        subnet: nodes,
        node_count: line.number("--node-count", 3)?,
        max_pods: line.number("--max-pods", max_pods)?,
        pod_subnet: pods,
    };
    changed(shell, line, [vec![Action::AddPool(Box::new(new))], labelled].concat())?;
    waited(line, || one(shell, line, id))
}

/// Without a subnet, that of the first pool. Source: MicrosoftDocs/azure-aks-docs, articles/aks/node-pool-unique-subnet.md.
fn first_subnet(shell: &Shell, line: &Line, cluster: ClusterId) -> Result<SubnetName, Output> {
    let world = shell.session().world();
    let of = || {
        let subnet = world.subnets.get(world.clusters.get(cluster)?.pools.first()?.subnet)?;
        Some(SubnetName { vnet: world.vnets.get(subnet.vnet)?.name.to_string(), subnet: subnet.name.to_string() })
    };
    of().ok_or_else(|| missing(line, line.option("--cluster-name").unwrap_or_default()))
}

pub(super) fn scale(shell: &mut Shell, line: &Line) -> Answer {
    let (cluster, id) = cluster(shell, line)?;
    one(shell, line, id)?;
    let (pool, count) = (line.need("--name")?.to_owned(), line.number("--node-count", 0)?);
    changed(shell, line, vec![Action::ScalePool { cluster, pool, count }])?;
    waited(line, || one(shell, line, id))
}

/// Labels are the only thing of a pool that can be changed and that anything here asks for.
pub(super) fn update(shell: &mut Shell, line: &Line) -> Answer {
    let (cluster, id) = cluster(shell, line)?;
    one(shell, line, id)?;
    scaling::check(line)?;
    let actions = scaling::labelling(shell, line, "--labels", &cluster, &[line.need("--name")?.to_owned()])?;
    scaling::all(shell, actions)?;
    waited(line, || one(shell, line, id))
}

pub(super) fn delete(shell: &mut Shell, line: &Line) -> Answer {
    let (cluster, id) = cluster(shell, line)?;
    one(shell, line, id)?;
    let pool = line.need("--name")?.to_owned();
    changed(shell, line, vec![Action::DeletePool { cluster, pool }]).map(|()| Value::Null)
}
