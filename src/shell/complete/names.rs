//! Names of what is there, by the place of the command line where they stand.

use super::Asked;
use crate::shell::catalog::Flag;
use crate::shell::files;
use crate::shell::kubectl::Kind;
use crate::sim::cluster::{Pod, WorkloadKind};
use crate::sim::fabric::nsg::{Direction, Nsg};
use crate::sim::fabric::route_table::RouteTable;
use crate::sim::host::Role;
use crate::sim::host::interface::InterfaceKind;
use crate::sim::world::World;

/// Values of an option, by its name and the command.
pub(super) fn of_flag(asked: &Asked<'_>, path: &str, flag: &Flag) -> Vec<String> {
    let world = asked.shell.session.world();
    match flag.long {
        "--resource-group" => groups(world),
        "--vnet-name" => vnets(world),
        "--subnet" | "--subnet-name" => subnets(asked, world),
        "--nsg-name" | "--network-security-group" => nsgs(world),
        "--route-table" | "--route-table-name" => tables(world),
        "--cluster-name" => clusters(world),
        "--nodepool-name" => pools(asked, world),
        "--nic" | "--nic-name" => nics(world),
        "--vm" => machines(world),
        "--namespace" => all(world.pods.values().map(|p| &*p.namespace)),
        "--interface" | "-i" | "-I" => devices(asked, false),
        "--name" => named(asked, path, world),
        _ => Vec::new(),
    }
}

/// What a `--name` of `az` is of. A thing that is created has a name of its own.
fn named(asked: &Asked<'_>, path: &str, world: &World) -> Vec<String> {
    if path.ends_with(" create") || path.ends_with(" add") {
        return Vec::new();
    }
    match path.rsplit_once(' ').map_or("", |(things, _)| things) {
        "az network vnet subnet" => subnets(asked, world),
        "az network vnet" => vnets(world),
        "az network nsg rule" => {
            let of = |n: &&Nsg| asked.given("--nsg-name", "").is_none_or(|g| g == &*n.name);
            all(world
                .nsgs
                .values()
                .filter(of)
                .flat_map(|n| [Direction::Inbound, Direction::Outbound].into_iter().flat_map(|d| n.rules(d)))
                .map(|rule| &*rule.name))
        }
        "az network nsg" => nsgs(world),
        "az network route-table route" => {
            let table = asked.given("--route-table-name", "");
            let own = world.route_tables.values().filter(|t| table.is_none_or(|name| name == &*t.name));
            all(own.flat_map(RouteTable::routes).map(|route| &*route.name))
        }
        "az network route-table" => tables(world),
        "az network nic" => nics(world),
        "az vm" => machines(world),
        "az aks nodepool" => pools(asked, world),
        "az aks" => clusters(world),
        "az group" => groups(world),
        _ => Vec::new(),
    }
}

/// What may stand at the next place of a usage line such as `TYPE [NAME]`.
pub(super) fn of_operand(asked: &Asked<'_>, usage: &str, before: &[&str]) -> Vec<String> {
    let tokens: Vec<&str> = usage.split_whitespace().map(|t| t.trim_matches(['[', ']', '.'])).collect();
    let Some(token) = tokens.get(before.len()).or(tokens.last()) else { return Vec::new() };
    // Behind a word that stands there as it is comes what follows it.
    let after = before.last().and_then(|word| tokens.iter().position(|t| t == word)).and_then(|at| tokens.get(at + 1));
    let token = after.unwrap_or(token);
    if token.chars().all(|c| c.is_ascii_lowercase() || c == '|') {
        let words = tokens.iter().filter(|t| t.chars().all(|c| c.is_ascii_lowercase() || c == '|'));
        let open = words.flat_map(|t| t.split('|')).filter(|t| !before.contains(t));
        return open.map(str::to_owned).collect();
    }
    of_token(asked, token, before)
}

fn of_token(asked: &Asked<'_>, token: &str, before: &[&str]) -> Vec<String> {
    let world = asked.shell.session.world();
    match token {
        "TYPE" => kinds(asked, world),
        "NAME" => before.first().map_or_else(Vec::new, |kind| of_kind(asked, world, kind)),
        "POD" => pods(asked, world),
        "NODE" => all(world.nodes.values().map(|n| &*n.name)),
        "node/NODE" => world.nodes.values().map(|n| format!("node/{}", n.name)).collect(),
        "DEV" => devices(asked, false),
        "BRIDGE" => devices(asked, true),
        "ADDRESS" => addresses(world),
        "URL" => addresses(world).into_iter().map(|address| format!("http://{address}")).collect(),
        "FILE" | "DIR" | "SOURCE" | "TARGET" => paths(asked),
        _ => Vec::new(),
    }
}

/// `pods`, and with a slash `pod/NAME`.
fn kinds(asked: &Asked<'_>, world: &World) -> Vec<String> {
    match asked.word.split_once('/') {
        Some((kind, _)) => of_kind(asked, world, kind).iter().map(|name| format!("{kind}/{name}")).collect(),
        None => Kind::ALL.iter().map(|kind| kind.plural().to_owned()).collect(),
    }
}

fn of_kind(asked: &Asked<'_>, world: &World, kind: &str) -> Vec<String> {
    let namespace = asked.given("--namespace", "-n").unwrap_or("default");
    let workloads = |deployment: bool| {
        let own = world.workloads.values().filter(|w| &*w.namespace == namespace);
        let own = own.filter(|w| matches!(w.kind, WorkloadKind::Deployment { .. }) == deployment);
        all(own.map(|w| &*w.name))
    };
    match Kind::named(kind).map(Kind::plural) {
        Some("pods") => pods(asked, world),
        Some("nodes" | "nodenetworkconfigs") => all(world.nodes.values().map(|n| &*n.name)),
        Some("deployments") => workloads(true),
        Some("daemonsets") => workloads(false),
        Some("namespaces") => all(world.pods.values().map(|p| &*p.namespace)),
        _ => Vec::new(),
    }
}

fn pods(asked: &Asked<'_>, world: &World) -> Vec<String> {
    let namespace = asked.given("--namespace", "-n").unwrap_or("default");
    all(world.pods.values().filter(|p: &&Pod| &*p.namespace == namespace).map(|p| &*p.name))
}

fn all<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    names.map(str::to_owned).collect()
}

fn groups(world: &World) -> Vec<String> {
    all(world.groups.iter().map(|g| &*g.name))
}

fn vnets(world: &World) -> Vec<String> {
    all(world.vnets.values().map(|v| &*v.name))
}

fn subnets(asked: &Asked<'_>, world: &World) -> Vec<String> {
    let vnet = asked.given("--vnet-name", "").and_then(|name| world.vnet_named(name));
    all(world.subnets.values().filter(|s| vnet.is_none_or(|id| s.vnet == id)).map(|s| &*s.name))
}

fn nsgs(world: &World) -> Vec<String> {
    all(world.nsgs.values().map(|n| &*n.name))
}

fn tables(world: &World) -> Vec<String> {
    all(world.route_tables.values().map(|t| &*t.name))
}

fn nics(world: &World) -> Vec<String> {
    all(world.nics.values().map(|n| &*n.name))
}

fn machines(world: &World) -> Vec<String> {
    all(world.hosts.values().filter(|h| !matches!(h.role, Role::Pod(_))).map(|h| &*h.name))
}

fn clusters(world: &World) -> Vec<String> {
    all(world.clusters.values().map(|c| &*c.name))
}

fn pools(asked: &Asked<'_>, world: &World) -> Vec<String> {
    let cluster = asked.given("--cluster-name", "");
    let own = world.clusters.values().filter(|c| cluster.is_none_or(|name| name == &*c.name));
    all(own.flat_map(|c| c.pools.iter()).map(|p| &*p.name))
}

fn addresses(world: &World) -> Vec<String> {
    world.hosts.values().filter_map(crate::sim::host::Host::first_address).map(|a| a.to_string()).collect()
}

fn devices(asked: &Asked<'_>, bridges: bool) -> Vec<String> {
    let host = asked.context.host().and_then(|id| asked.shell.session.world().hosts.get(id));
    let own = host.into_iter().flat_map(|h| h.interfaces.values());
    let own = own.filter(|i| !bridges || i.kind == InterfaceKind::Bridge);
    all(own.map(|i| &*i.name))
}

/// Files below the directory that is typed, a name further; directories end with a slash.
fn paths(asked: &Asked<'_>) -> Vec<String> {
    let typed = asked.word.rfind('/').map_or("", |slash| &asked.word[..=slash]);
    let folder = files::absolute(asked.shell.dir(), typed);
    let below = format!("{}/", folder.trim_end_matches('/'));
    let there = files::all(asked.shell);
    let names = there.iter().filter_map(|(path, _)| path.strip_prefix(&below));
    names
        .map(|rest| match rest.split_once('/') {
            Some((name, _)) => format!("{typed}{name}/"),
            None => format!("{typed}{rest}"),
        })
        .collect()
}
