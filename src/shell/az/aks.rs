//! `az aks` and its node pools. Source: Azure/azure-cli `acs/{_validators,custom,managed_cluster_decorator}.py`.

use super::{Answer, Line, id, not_found, subnet_of_id, unknown};
use crate::shell::{Output, Shell};
use crate::sim::action::error::Kind;
use crate::sim::action::{Action, NewCluster, NewPool, SubnetName};
use crate::sim::cluster::{Cluster, Pool};
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

pub(super) fn aks(shell: &mut Shell, line: &Line, verb: &str) -> Answer {
    match verb {
        "create" => create(shell, line),
        "list" => {
            let names: Vec<String> = shell.session().world().clusters.values().map(|c| c.name.to_string()).collect();
            Ok(names.iter().filter_map(|name| shown(shell, name)).collect())
        }
        "show" => {
            let name = line.need("--name")?;
            shown(shell, name).ok_or_else(|| missing(line, name))
        }
        "get-credentials" => {
            let name = line.need("--name")?.to_owned();
            if shell.session().world().cluster_named(&name).is_none() {
                return Err(missing(line, &name));
            }
            shell.set_variable("PODHOP_CLUSTER", name.clone());
            Err(Output {
                err: format!("Merged \"{name}\" as current context in /root/.kube/config\n"),
                ..Output::default()
            })
        }
        "scale" => {
            let (cluster, count) = (line.need("--name")?.to_owned(), line.parsed("--node-count")?);
            let pool = line.option("--nodepool-name").map(str::to_owned).or_else(|| first_pool(shell, &cluster));
            let Some(pool) = pool else { return Err(missing(line, &cluster)) };
            changed(shell, line, Action::ScalePool { cluster: cluster.clone(), pool, count })?;
            shown(shell, &cluster).ok_or_else(|| missing(line, &cluster))
        }
        "delete" => {
            let name = line.need("--name")?.to_owned();
            shell.azure(Action::DeleteCluster { name }).map(|()| Value::Null)
        }
        _ => Err(unknown(&line.words)),
    }
}

fn missing(line: &Line, name: &str) -> Output {
    not_found(AKS, name, line.option("--resource-group").unwrap_or("rg"))
}

fn first_pool(shell: &Shell, cluster: &str) -> Option<String> {
    let world = shell.session().world();
    let cluster = world.cluster_named(cluster).and_then(|id| world.clusters.get(id))?;
    cluster.pools.first().map(|pool| pool.name.to_string())
}

/// A long operation: done when the control loops are, unless nobody waits for it.
fn changed(shell: &mut Shell, line: &Line, action: Action) -> Result<(), Output> {
    shell.azure(action)?;
    if line.has("--no-wait") { Ok(()) } else { shell.azure(Action::Settle) }
}

fn prefix(line: &Line, name: &str, default: Ipv4Net) -> Result<Ipv4Net, Output> {
    if line.has(name) { line.parsed(name) } else { Ok(default) }
}

/// Kubenet 110, node subnet 30, pod subnet 250.
/// Source: MicrosoftDocs/azure-aks-docs, articles/aks/concepts-network-ip-address-planning.md.
fn network(line: &Line) -> Result<(Network, u16), Output> {
    let pod_cidr = line.has("--pod-cidr");
    match line.option("--network-plugin") {
        Some("kubenet") => {
            let pod_cidr = prefix(line, "--pod-cidr", Ipv4Net::new_assert(Ipv4Addr::new(10, 244, 0, 0), 16))?;
            Ok((Kubenet { pod_cidr, masquerade: MasqueradeRange::default() }.into(), 110))
        }
        Some("azure") if pod_cidr => {
            Err(Output::fail(1, "ERROR: Please use kubenet as the network plugin type when pod_cidr is specified"))
        }
        Some("azure") if line.option("--network-plugin-mode") == Some("overlay") => Err(Output::fail(
            1,
            "podhop: overlay is not simulated yet; nearest: --network-plugin azure --pod-subnet-id ID",
        )),
        Some("azure") if line.has("--pod-subnet-id") => Ok((PodSubnet::default().into(), 250)),
        Some("azure") => Ok((AzureTransparent::default().into(), 30)),
        None if pod_cidr || line.has("--service-cidr") => {
            Err(Output::fail(1, "ERROR: Please explicitly specify the network plugin type"))
        }
        None => Err(Output::fail(
            1,
            "podhop: overlay, the default today, is not simulated yet; nearest: --network-plugin azure",
        )),
        Some(other) => Err(Output::fail(
            2,
            format!(
                "ERROR: argument --network-plugin: invalid choice: '{other}' (choose from 'azure', 'kubenet', 'none')"
            ),
        )),
    }
}

fn subnet(line: &Line, option: &str) -> Result<SubnetName, Output> {
    let found = subnet_of_id(line.need(option)?).map(|(vnet, subnet)| SubnetName { vnet, subnet });
    found.ok_or_else(|| Output::fail(1, format!("ERROR: {option} is not a valid Azure resource ID.")))
}

fn create(shell: &mut Shell, line: &Line) -> Answer {
    let group = shell.ensure_group(line)?;
    let (network, max_pods) = network(line)?;
    let nodes = subnet(line, "--vnet-subnet-id")?;
    let pod_subnet = if line.has("--pod-subnet-id") { Some(subnet(line, "--pod-subnet-id")?) } else { None };
    let name = line.need("--name")?.to_owned();
    let dns = if line.has("--dns-service-ip") { line.parsed("--dns-service-ip")? } else { Ipv4Addr::new(10, 0, 0, 10) };
    let new = NewCluster {
        name: name.clone(),
        resource_group: group,
        location: line.option("--location").unwrap_or("eastus").to_owned(),
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
    changed(shell, line, Action::CreateCluster(Box::new(new)))?;
    if line.has("--no-wait") {
        return Ok(Value::Null);
    }
    shown(shell, &name).ok_or_else(|| missing(line, &name))
}

fn shown(shell: &Shell, name: &str) -> Option<Value> {
    let world = shell.session().world();
    let cluster_id = world.cluster_named(name)?;
    let cluster = world.clusters.get(cluster_id)?;
    let plugin = cluster.network.recipe().plugin();
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
        "provisioningState": "Succeeded",
        "resourceGroup": cluster.resource_group,
        "type": AKS,
    }))
}

fn pool_shown(shell: &Shell, cluster_id: ClusterId, cluster: &Cluster, pool: &Pool) -> Value {
    let world = shell.session().world();
    let count = world.nodes.values().filter(|n| n.cluster == cluster_id && n.pool == pool.name).count();
    let subnet = |subnet| {
        let subnet = world.subnets.get(subnet)?;
        let vnet = &world.vnets.get(subnet.vnet)?.name;
        let group = shell.group_of(Kind::Vnet, vnet);
        Some(format!("{}/subnets/{}", id(&group, "Microsoft.Network/virtualNetworks", vnet), subnet.name))
    };
    json!({
        "count": count,
        "maxPods": pool.max_pods,
        "name": pool.name,
        "orchestratorVersion": cluster.version,
        "podSubnetId": pool.pod_subnet.and_then(subnet),
        "vnetSubnetId": subnet(pool.subnet),
    })
}

pub(super) fn nodepool(shell: &mut Shell, line: &Line, verb: &str) -> Answer {
    let cluster = line.need("--cluster-name")?.to_owned();
    let world = shell.session().world();
    let Some(cluster_id) = world.cluster_named(&cluster) else { return Err(missing(line, &cluster)) };
    let all = |shell: &Shell| -> Vec<Value> {
        let found = shell.session().world().clusters.get(cluster_id);
        let pools = found.into_iter().flat_map(|c| c.pools.iter().map(move |pool| (c, pool)));
        pools.map(|(c, pool)| pool_shown(shell, cluster_id, c, pool)).collect()
    };
    if verb == "list" {
        return Ok(Value::Array(all(shell)));
    }
    let name = line.need("--name").or_else(|_| line.need("--nodepool-name"))?.to_owned();
    match verb {
        "add" => {
            let default = if line.has("--pod-subnet-id") { 250 } else { 30 };
            let new = NewPool {
                cluster,
                name: name.clone(),
                subnet: subnet(line, "--vnet-subnet-id")?,
                pod_subnet: if line.has("--pod-subnet-id") { Some(subnet(line, "--pod-subnet-id")?) } else { None },
                node_count: line.number("--node-count", 3)?,
                max_pods: line.number("--max-pods", default)?,
            };
            changed(shell, line, Action::AddPool(Box::new(new)))?;
        }
        "scale" => changed(
            shell,
            line,
            Action::ScalePool { cluster, pool: name.clone(), count: line.parsed("--node-count")? },
        )?,
        "delete" => return changed(shell, line, Action::DeletePool { cluster, pool: name }).map(|()| Value::Null),
        "show" => {}
        _ => return Err(unknown(&line.words)),
    }
    if line.has("--no-wait") {
        return Ok(Value::Null);
    }
    let found = all(shell).into_iter().find(|pool| pool["name"] == name.as_str());
    found.ok_or_else(|| not_found("agentPools", &name, line.option("--resource-group").unwrap_or("rg")))
}
