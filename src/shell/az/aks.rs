//! `az aks`. Source: Azure/azure-cli `acs/{_validators,custom,managed_cluster_decorator}.py`.

use super::{Answer, Line, flags, id, in_group, not_found, scaling, subnet_of_id, vnet};
use crate::shell::{Output, Shell, Spinner};
use crate::sim::action::{Action, NewCluster, SubnetName};
use crate::sim::cluster::{Cluster, Node, NodePhase, Pool};
use crate::sim::ids::ClusterId;
use crate::sim::mode::Network;
use crate::sim::mode::azure_transparent::AzureTransparent;
use crate::sim::mode::kubenet::{Kubenet, MasqueradeRange};
use crate::sim::mode::pod_subnet::PodSubnet;
use ipnet::Ipv4Net;
use serde_json::{Value, json};
use std::net::Ipv4Addr;

const AKS: &str = "Microsoft.ContainerService/managedClusters";
/// Kubernetes where `--kubernetes-version` names no other: that of the article.
const VERSION: &str = "1.20.9";

pub(super) fn list(shell: &mut Shell, line: &Line) -> Answer {
    let clusters = shell.session().world().clusters.values();
    let names: Vec<String> =
        clusters.filter(|c| in_group(line, &c.resource_group)).map(|c| c.name.to_string()).collect();
    Ok(names.iter().filter_map(|name| shown(shell, name)).collect())
}

pub(super) fn show(shell: &mut Shell, line: &Line) -> Answer {
    let name = line.need("--name")?;
    find(shell, line, name)?;
    shown(shell, name).ok_or_else(|| missing(line, name))
}

pub(super) fn credentials(shell: &mut Shell, line: &Line) -> Answer {
    let name = line.need("--name")?.to_owned();
    find(shell, line, &name)?;
    shell.set_variable("PODHOP_CLUSTER", name.clone());
    // Not an error: `az` says it on standard error.
    let err = format!("Merged \"{name}\" as current context in /root/.kube/config\n");
    Err(Output { err, ..Output::default() })
}

pub(super) fn scale(shell: &mut Shell, line: &Line) -> Answer {
    let (cluster, count) = (line.need("--name")?.to_owned(), line.number("--node-count", 0)?);
    find(shell, line, &cluster)?;
    let pool = line.option("--nodepool-name").map(str::to_owned).or_else(|| first_pool(shell, &cluster));
    let Some(pool) = pool else { return Err(missing(line, &cluster)) };
    changed(shell, line, vec![Action::ScalePool { cluster: cluster.clone(), pool, count }])?;
    waited(line, || shown(shell, &cluster).ok_or_else(|| missing(line, &cluster)))
}

/// What can be changed of a cluster that is there; only labels matter here.
pub(super) fn update(shell: &mut Shell, line: &Line) -> Answer {
    let name = line.need("--name")?.to_owned();
    let id = find(shell, line, &name)?;
    other_options(line)?;
    scaling::check(line)?;
    let found = shell.session().world().clusters.get(id);
    let pools: Vec<String> = found.into_iter().flat_map(|c| c.pools.iter()).map(|pool| pool.name.to_string()).collect();
    let actions = scaling::labelling(shell, line, "--nodepool-labels", &name, &pools)?;
    scaling::all(shell, actions)?;
    waited(line, || shown(shell, &name).ok_or_else(|| missing(line, &name)))
}

pub(super) fn delete(shell: &mut Shell, line: &Line) -> Answer {
    let name = line.need("--name")?.to_owned();
    find(shell, line, &name)?;
    shell.azure(Action::DeleteCluster { name }).map(|()| Value::Null)
}

/// The cluster of a name, if it is in the group that is named.
pub(super) fn find(shell: &Shell, line: &Line, name: &str) -> Result<ClusterId, Output> {
    let world = shell.session().world();
    let id = world.cluster_named(name);
    let here = id.and_then(|id| world.clusters.get(id)).is_some_and(|c| in_group(line, &c.resource_group));
    id.filter(|_| here).ok_or_else(|| missing(line, name))
}

/// Nothing where nobody waits for the end of a long operation.
pub(super) fn waited(line: &Line, value: impl FnOnce() -> Answer) -> Answer {
    if line.has("--no-wait") { Ok(Value::Null) } else { value() }
}

pub(super) fn missing(line: &Line, name: &str) -> Output {
    not_found(AKS, name, line.option("--resource-group").unwrap_or_default())
}

fn first_pool(shell: &Shell, cluster: &str) -> Option<String> {
    let world = shell.session().world();
    let cluster = world.cluster_named(cluster).and_then(|id| world.clusters.get(id))?;
    cluster.pools.first().map(|pool| pool.name.to_string())
}

/// A long operation: done when the control loops are, unless nobody waits for it.
pub(super) fn changed(shell: &mut Shell, line: &Line, actions: Vec<Action>) -> Result<(), Output> {
    scaling::all(shell, actions)?;
    if line.has("--no-wait") {
        return Ok(());
    }
    let settled = shell.azure(Action::Settle);
    shell.mark_end(Some(Spinner));
    settled
}

fn prefix(line: &Line, name: &str, default: Ipv4Net) -> Result<Ipv4Net, Output> {
    if line.has(name) { line.parsed(name) } else { Ok(default) }
}

fn network(line: &Line) -> Result<Network, Output> {
    let pod_cidr = line.has("--pod-cidr");
    match line.option("--network-plugin") {
        Some("kubenet") => {
            let pod_cidr = prefix(line, "--pod-cidr", Ipv4Net::new_assert(Ipv4Addr::new(10, 244, 0, 0), 16))?;
            Ok(Kubenet { pod_cidr, masquerade: MasqueradeRange::default() }.into())
        }
        Some("azure") if pod_cidr => {
            Err(Output::fail(1, "ERROR: Please use kubenet as the network plugin type when pod_cidr is specified"))
        }
        Some("azure") if line.option("--network-plugin-mode") == Some("overlay") => Err(Output::fail(
            1,
            "podhop: overlay is not simulated yet; nearest: --network-plugin azure --pod-subnet-id ID",
        )),
        Some("azure") if line.has("--pod-subnet-id") => Ok(PodSubnet::default().into()),
        Some("azure") => Ok(AzureTransparent::default().into()),
        None if pod_cidr || line.has("--service-cidr") => {
            Err(Output::fail(1, "ERROR: Please explicitly specify the network plugin type"))
        }
        None => Err(Output::fail(
            1,
            "podhop: overlay, the default today, is not simulated yet; nearest: --network-plugin azure",
        )),
        Some(other) => {
            super::choice("--network-plugin", other, flags::PLUGINS)?;
            Err(Output::fail(
                1,
                "podhop: a cluster without a plugin is not simulated; nearest: --network-plugin kubenet",
            ))
        }
    }
}

/// `az` makes a virtual network where none is named; here the learner does.
fn no_subnet(option: &str) -> Output {
    Output::fail(1, format!("podhop: a cluster in a VNet of its own making is not simulated; nearest: {option} ID"))
}

pub(super) fn subnet(line: &Line, option: &str) -> Result<SubnetName, Output> {
    let typed = line.option(option).ok_or_else(|| no_subnet(option))?;
    let found = subnet_of_id(typed).map(|(vnet, subnet)| SubnetName { vnet, subnet });
    found.ok_or_else(|| Output::fail(1, format!("ERROR: {option} is not a valid Azure resource ID.")))
}

/// A name of a pool, as the command takes it before it asks Azure. Source: Azure/azure-cli `acs/_validators.py`.
pub(super) fn pool_name(name: &str) -> Result<(), Output> {
    const LONGEST: usize = 12;
    if name.chars().count() > LONGEST {
        return Err(Output::fail(1, "ERROR: --nodepool-name can contain at most 12 characters"));
    }
    if !name.chars().all(char::is_alphanumeric) {
        return Err(Output::fail(1, "ERROR: --nodepool-name should contain only alphanumeric characters"));
    }
    Ok(())
}

/// Options that change nothing of what is simulated, and are still wrong where the real command finds them so.
fn other_options(line: &Line) -> Result<(), Output> {
    if line.option("--network-policy").is_some_and(|p| p.chars().any(char::is_uppercase)) {
        return Err(Output::fail(1, "ERROR: --network-policy should be provided in lowercase"));
    }
    for (name, choices) in [("--outbound-type", flags::OUTBOUND), ("--network-dataplane", flags::DATAPLANES)] {
        if let Some(typed) = line.option(name) {
            super::choice(name, typed, choices)?;
        }
    }
    line.option("--nodepool-name").map_or(Ok(()), pool_name)
}

pub(super) fn create(shell: &mut Shell, line: &Line) -> Answer {
    other_options(line)?;
    scaling::check(line)?;
    let network = network(line)?;
    let max_pods = network.recipe().max_pods();
    let group = shell.ensure_group(line)?;
    let location = shell.location_of(&group);
    let nodes = subnet(line, "--vnet-subnet-id")?;
    let pod_subnet = if line.has("--pod-subnet-id") { Some(subnet(line, "--pod-subnet-id")?) } else { None };
    let name = line.need("--name")?.to_owned();
    let dns = if line.has("--dns-service-ip") { line.parsed("--dns-service-ip")? } else { Ipv4Addr::new(10, 0, 0, 10) };
    let new = NewCluster {
        name: name.clone(),
        resource_group: group,
        location: line.option("--location").map_or_else(|| location, str::to_owned),
        version: line.option("--kubernetes-version").unwrap_or(VERSION).to_owned(),
        network,
        vnet: nodes.vnet,
        subnet: nodes.subnet,
        pod_subnet,
        pool: line.option("--nodepool-name").unwrap_or("nodepool1").to_owned(),
        node_count: line.number("--node-count", 3)?,
        max_pods: line.number("--max-pods", max_pods)?,
        service_cidr: prefix(line, "--service-cidr", Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), 16))?,
        dns_service_ip: dns,
    };
    let labelled = scaling::labelling(shell, line, "--nodepool-labels", &name, std::slice::from_ref(&new.pool))?;
    changed(shell, line, [vec![Action::CreateCluster(Box::new(new))], labelled].concat())?;
    waited(line, || shown(shell, &name).ok_or_else(|| missing(line, &name)))
}

/// Succeeded when every node of the cluster has registered. Source: Azure REST, `ManagedCluster.provisioningState`.
fn state(shell: &Shell, of: impl Fn(&Node) -> bool) -> &'static str {
    let mut own = shell.session().world().nodes.values().filter(|n| of(n));
    if own.any(|n| n.phase == NodePhase::Booting) { "Creating" } else { "Succeeded" }
}

fn shown(shell: &Shell, name: &str) -> Option<Value> {
    let world = shell.session().world();
    let cluster_id = world.cluster_named(name)?;
    let cluster = world.clusters.get(cluster_id)?;
    let plugin = cluster.recipe.plugin();
    let pod_cidr = cluster.node_cidrs.as_ref().map(crate::sim::ipam::node_cidr::NodeCidrSet::cluster);
    let pools: Vec<Value> = cluster.pools.iter().map(|pool| pool_shown(shell, cluster_id, cluster, pool)).collect();
    Some(json!({
        "agentPoolProfiles": pools,
        "id": id(&cluster.resource_group, AKS, name),
        "kubernetesVersion": cluster.version,
        "location": cluster.location,
        "name": name,
        "networkProfile": {
            "dnsServiceIp": cluster.dns_service_ip,
            "networkPlugin": plugin,
            "podCidr": pod_cidr,
            "serviceCidr": cluster.service_cidr,
        },
        "nodeResourceGroup": format!("MC_{}_{name}_{}", cluster.resource_group, cluster.location),
        "provisioningState": state(shell, |n| n.cluster == cluster_id),
        "resourceGroup": cluster.resource_group,
        "type": AKS,
    }))
}

fn labels_shown(pool: &Pool) -> Value {
    let labels: serde_json::Map<String, Value> =
        pool.labels.iter().map(|(key, value)| (key.to_string(), json!(value))).collect();
    if labels.is_empty() { Value::Null } else { Value::Object(labels) }
}

pub(super) fn pool_shown(shell: &Shell, cluster_id: ClusterId, cluster: &Cluster, pool: &Pool) -> Value {
    let world = shell.session().world();
    let count = world.nodes.values().filter(|n| n.cluster == cluster_id && n.pool == pool.name).count();
    let subnet = |subnet| vnet::subnet_id(shell, subnet);
    json!({
        "count": count,
        "maxPods": pool.max_pods,
        "name": pool.name,
        "nodeLabels": labels_shown(pool),
        "orchestratorVersion": cluster.version,
        "osType": "Linux",
        "provisioningState": state(shell, |n| n.cluster == cluster_id && n.pool == pool.name),
        "podSubnetId": pool.pod_subnet.and_then(subnet),
        "vnetSubnetId": subnet(pool.subnet),
    })
}
