//! Pods attached by the real `bridge`, `host-local` and `portmap` plugins, with the file that the recipe writes for a
//! node. What the plugins made is held against the simulated tables; only names and hardware addresses, which they draw
//! by chance, are then set to the simulated ones.

use super::netns::Netns;
use super::tables::Also;
use super::{guest, tables};
use podhop::sim::host::Host;
use podhop::sim::host::interface::InterfaceKind;
use podhop::sim::ids::{HostId, IfIndex, NodeId};
use podhop::sim::world::World;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

const PLUGINS: &str = "/usr/lib/cni";

/// One pod that a plugin attaches.
#[derive(Debug)]
struct Pod {
    host: HostId,
    address: Ipv4Addr,
}

/// What the plugins make: on which nodes, and in which order.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    nodes: BTreeMap<HostId, (Vec<Value>, Vec<Pod>)>,
}

/// Every node whose recipe writes a file for the `bridge` plugin.
pub(crate) fn plan(world: &World) -> Plan {
    let nodes = world.nodes.iter().filter_map(|(id, node)| Some((node.host, (chain(world, id)?, pods(world, id)))));
    Plan { nodes: nodes.filter(|(_, (_, pods))| !pods.is_empty()).collect() }
}

/// The plugins of a node's file, as a runtime hands each over, where `bridge` is the first.
fn chain(world: &World, id: NodeId) -> Option<Vec<Value>> {
    let node = world.nodes.get(id)?;
    let cluster = world.clusters.get(node.cluster)?;
    let file = cluster.recipe.cni_file(cluster, node)?;
    let list: Value = serde_json::from_str(&file.text()).expect("the recipe writes JSON");
    let mut plugins = list["plugins"].as_array()?.clone();
    if plugins.first()?["type"] != "bridge" {
        return None;
    }
    for plugin in &mut plugins {
        for field in ["cniVersion", "name"] {
            plugin[field] = list[field].clone();
        }
        // A runtime answers what a plugin is capable of with what the pod wants of it: these have no host ports.
        if plugin.as_object_mut()?.remove("capabilities").is_some() {
            plugin["runtimeConfig"] = json!({ "portMappings": [] });
        }
    }
    Some(plugins)
}

/// The pods of a node in the order of their addresses: host-local gave them in that order.
fn pods(world: &World, node: NodeId) -> Vec<Pod> {
    let on_node = world.pods.values().filter(|p| p.node == Some(node) && !p.host_network);
    let mut pods: Vec<Pod> = on_node.filter_map(|p| Some(Pod { host: p.host?, address: p.address? })).collect();
    pods.sort_by_key(|p| p.address);
    pods
}

impl Plan {
    /// Whether a host is a pod that the plugins attach.
    pub(crate) fn covers(&self, host: HostId) -> bool {
        self.nodes.values().any(|(_, pods)| pods.iter().any(|p| p.host == host))
    }

    /// The interfaces of a node that the plugins make: the bridge and its ports.
    pub(crate) fn made(&self, id: HostId, host: &Host) -> Vec<IfIndex> {
        if !self.nodes.contains_key(&id) {
            return Vec::new();
        }
        let own = |i: &&podhop::sim::host::interface::Interface| {
            matches!(i.kind, InterfaceKind::Bridge) || i.master.is_some()
        };
        host.interfaces.values().filter(own).map(|i| i.index).collect()
    }

    /// Attaches all pods. Gives what differs from the simulated tables.
    pub(crate) fn run(&self, world: &World, netns: &BTreeMap<HostId, Netns>) -> Vec<String> {
        let mut differences = Vec::new();
        for (id, (chain, pods)) in &self.nodes {
            let folder = std::env::temp_dir().join(format!("podhop-cni-{}", netns[id].id));
            netns[id].sysctl(vec![("ipv4/ip_forward".to_owned(), "0".to_owned())]);
            for pod in pods {
                let result = add(&netns[id], &netns[&pod.host], chain, &folder);
                differences.extend(adopt(world, netns, *id, pod, &result));
            }
            let _ = std::fs::remove_dir_all(folder);
            differences.extend(tables::differences(world, *id, &netns[id], &Also::default()));
            finish(world, netns, *id);
            for pod in pods {
                differences.extend(tables::differences(world, pod.host, &netns[&pod.host], &Also::default()));
                finish(world, netns, pod.host);
            }
        }
        differences
    }
}

/// CNI ADD of each plugin of a chain; `bridge` calls `host-local`. Gives the last one's result.
fn add(node: &Netns, pod: &Netns, chain: &[Value], folder: &Path) -> Value {
    chain.iter().fold(Value::Null, |result, plugin| {
        let mut config = plugin.clone();
        if result.is_null() {
            config["ipam"]["dataDir"] = json!(folder);
        } else {
            config["prevResult"] = result;
        }
        let name = plugin["type"].as_str().expect("every plugin has a type");
        let environment = [
            "CNI_COMMAND=ADD".to_owned(),
            format!("CNI_CONTAINERID=c{}", pod.id),
            format!("CNI_NETNS={}", pod.path()),
            "CNI_IFNAME=eth0".to_owned(),
            format!("CNI_PATH={PLUGINS}"),
            PathBuf::from(PLUGINS).join(name).to_string_lossy().into_owned(),
        ];
        let words: Vec<&str> = environment.iter().map(String::as_str).collect();
        serde_json::from_str(&node.feed("env", &words, config.to_string())).expect("the plugin prints JSON")
    })
}

/// Gives the new interfaces the simulated names and hardware addresses.
fn adopt(world: &World, netns: &BTreeMap<HostId, Netns>, node: HostId, pod: &Pod, result: &Value) -> Option<String> {
    let host = world.hosts.get(pod.host)?;
    let eth0 = host.interface_named("eth0")?;
    let InterfaceKind::Veth { peer } = eth0.kind else { return Some("eth0 is not one end of a pair".to_owned()) };
    let port = world.hosts.get(node)?.interface(peer.index)?;
    let bridge = world.hosts.get(node)?.interface(port.master?)?;
    let veth = result["interfaces"][1]["name"].as_str()?;
    netns[&node].ip(&[
        format!("link set {veth} down"),
        format!("link set {veth} name {}", port.name),
        format!("link set {} address {}", port.name, port.mac),
        format!("link set {} up", port.name),
        format!("link set {} address {}", bridge.name, bridge.mac),
    ]);
    netns[&pod.host].ip(&[format!("link set eth0 address {}", eth0.mac)]);
    let given = result["ips"][0]["address"].as_str().unwrap_or_default();
    let wanted = format!("{}/{}", pod.address, eth0.addresses.first()?.net.prefix_len());
    (given != wanted).then(|| format!("{}: the plugins gave {given}, simulated {wanted}", host.name))
}

/// Settings and faults that are none of the plugins' work.
fn finish(world: &World, netns: &BTreeMap<HostId, Netns>, id: HostId) {
    let host = world.hosts.get(id).unwrap();
    let netns = &netns[&id];
    let on = u8::from(host.sysctl.ip_forward).to_string();
    netns.sysctl(vec![("ipv4/ip_forward".to_owned(), on)]);
    netns.sysctl(host.interfaces.values().skip(1).flat_map(guest::neighbor_settings).collect());
    let down = host.interfaces.values().filter(|i| !i.up);
    netns.ip(&down.map(|i| format!("link set {} down", i.name)).collect::<Vec<_>>());
    guest::set_routes(netns, host);
}
