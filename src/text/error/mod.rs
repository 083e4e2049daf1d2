//! Why something cannot be done, with Azure's own code and words where they are known.

mod file;
mod network;

pub use file::file_error;
pub use network::{peering_problem, rule_problem, vnet_problem};

use super::args::{Arg, Args};
use super::bundle::Text;
use super::names::nic_host_link;
use crate::session::ReplayError;
use crate::sim::action::error::{ActionError, Kind};
use crate::sim::fabric::nic::AddressOwner;
use crate::sim::fabric::route_table::RouteTableError;
use crate::sim::ipam::subnet_pool::{PoolError, Reserved};
use crate::sim::scenario::ScenarioError;
use crate::sim::world::World;
use ipnet::Ipv4Net;

/// Why an action cannot be done. The world is the one in which it was tried.
pub fn error(text: &Text, error: &ActionError, world: &World) -> String {
    match error {
        ActionError::Vnet(problems) => list(problems.iter().map(|p| vnet_problem(text, p))),
        ActionError::Rule(problems) => list(problems.iter().map(|p| rule_problem(text, p))),
        ActionError::Route(problem) => route_problem(text, problem),
        ActionError::Address(problem) => address_problem(text, problem, world),
        ActionError::InUse { kind, .. } => text.format(in_use(*kind), &args(error)),
        // Azure has one code for two messages.
        ActionError::ScaleSubnetIsFull { .. } => text.format("SubnetIsFull.scale", &args(error)),
        other => text.format(other.code(), &args(other)),
    }
}

/// Azure has a code for each kind of its own.
const fn in_use(kind: Kind) -> &'static str {
    match kind {
        Kind::Subnet => "in-use.subnet",
        Kind::Nsg => "in-use.nsg",
        Kind::RouteTable => "in-use.route-table",
        _ => "in-use",
    }
}

/// Several sentences, one to a line.
fn list(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

fn args(error: &ActionError) -> Args {
    match error {
        ActionError::NotFound { kind, name } | ActionError::Exists { kind, name } => named(*kind, name),
        ActionError::BadName { kind, name } => named(*kind, name).text("rule", name_rule(*kind)),
        ActionError::InUse { kind, name, by } => named(*kind, name).text("by", by),
        ActionError::MaxPods { found } => Args::new().number("found", *found),
        ActionError::PoolTooSmall { nodes, max_pods } => {
            Args::new().number("nodes", *nodes).number("max-pods", *max_pods)
        }
        ActionError::NodeCount { found, limit } | ActionError::Replicas { found, limit } => {
            Args::new().number("found", *found).number("limit", *limit)
        }
        ActionError::SubnetHasCluster { subnet, cluster } => {
            Args::new().text("subnet", subnet).text("cluster", cluster)
        }
        ActionError::ScaleSubnetIsFull { pool, cluster, subnet, prefix } => {
            let args = Args::new().text("pool", pool).text("cluster", cluster);
            args.text("subnet", subnet).code("prefix", prefix)
        }
        ActionError::SubnetForPods { subnet }
        | ActionError::SubnetIsDelegated { subnet }
        | ActionError::PodSubnetIsNodeSubnet { subnet }
        | ActionError::PodSubnetInUse { subnet } => Args::new().text("subnet", subnet),
        ActionError::SubnetOfOtherVnet { subnet, vnet } => Args::new().text("subnet", subnet).text("vnet", vnet),
        ActionError::LastPool { pool } => Args::new().text("pool", pool),
        ActionError::Chain { chain, .. } => Args::new().code("chain", chain),
        ActionError::RouteExists { dst } => Args::new().code("dst", dst),
        ActionError::NotRunning { name } | ActionError::PodCannotEnd { name } => Args::new().text("name", name),
        ActionError::Count { found, limit } | ActionError::ProbeLength { found, limit } => {
            Args::new().number("found", *found).number("limit", *limit)
        }
        ActionError::WaitTooLong { ms, limit } => Args::new().number("ms", *ms).number("limit", *limit),
        other => range_args(other),
    }
}

fn range_args(error: &ActionError) -> Args {
    match error {
        ActionError::PodCidrUnaligned { prefix, aligned } => {
            Args::new().code("prefix", prefix).code("aligned", aligned)
        }
        ActionError::PodCidrTooSmall { prefix, block } => Args::new().code("prefix", prefix).text("block", block),
        ActionError::RangeReserved { field, prefix, reserved } => {
            Args::new().text("field", field.code()).code("prefix", prefix).code("reserved", reserved)
        }
        ActionError::RangesOverlap { field, prefix, other, with } => {
            let args = Args::new().text("field", field.code()).code("prefix", prefix);
            args.text("other", other.code()).code("with", with)
        }
        ActionError::ServiceCidrOverlapsSubnet { service, subnet } => {
            Args::new().code("service", service).code("subnet", subnet)
        }
        ActionError::ServiceCidrTooLarge { service } => Args::new().code("service", service),
        ActionError::DnsServiceIpOutside { address, service } => {
            Args::new().code("address", address).code("service", service)
        }
        ActionError::DnsServiceIpIsFirst { address } => Args::new().code("address", address),
        // Azure writes these numbers without groups.
        ActionError::InsufficientSubnetSize { wanted, available, subnet, prefix, target } => Args::new()
            .text("target", target.code())
            .text("wanted", wanted)
            .text("available", available)
            .text("subnet", subnet)
            .code("prefix", prefix),
        _ => Args::new(),
    }
}

fn named(kind: Kind, name: &str) -> Args {
    Args::new().with("kind", Arg::Word(kind_word(kind))).text("name", name)
}

/// Which rule names of a kind follow.
const fn name_rule(kind: Kind) -> &'static str {
    match kind {
        Kind::Group => "group",
        Kind::Pool => "pool",
        Kind::Deployment | Kind::Pod => "label",
        Kind::Label => "key",
        _ => "azure",
    }
}

const fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Group => "kind-group",
        Kind::Vnet => "kind-vnet",
        Kind::Subnet => "kind-subnet",
        Kind::Vm => "kind-vm",
        Kind::Nsg => "kind-nsg",
        Kind::NsgRule => "kind-nsg-rule",
        Kind::RouteTable => "kind-route-table",
        Kind::Route => "kind-route",
        Kind::Nic => "kind-nic",
        Kind::Cluster => "kind-cluster",
        Kind::Pool => "kind-pool",
        Kind::Node => "kind-node",
        Kind::Deployment => "kind-deployment",
        Kind::Pod => "kind-pod",
        Kind::Host => "kind-host",
        Kind::Interface => "kind-interface",
        Kind::Endpoint => "kind-endpoint",
        Kind::Chain => "kind-chain",
        Kind::Label => "kind-label",
        Kind::Neighbor => "kind-neighbor",
        Kind::Address => "kind-address",
    }
}

fn route_problem(text: &Text, problem: &RouteTableError) -> String {
    let args = match problem {
        RouteTableError::Full { limit } => Args::new().count("limit", *limit),
        RouteTableError::RouteConflict { route, existing, prefix } => {
            Args::new().text("route", route).text("existing", existing).code("prefix", prefix)
        }
        RouteTableError::Unaligned { prefix, aligned } => Args::new().code("prefix", prefix).code("aligned", aligned),
    };
    text.format(problem.code(), &args)
}

fn address_problem(text: &Text, problem: &PoolError<AddressOwner>, world: &World) -> String {
    let args = match problem {
        PoolError::TooSmall { prefix } => Args::new().text("owner", "vnet").code("prefix", prefix),
        PoolError::NotInSubnet { address, prefix } => Args::new().code("address", address).code("prefix", prefix),
        PoolError::InReservedRange { address, role } => {
            Args::new().code("address", address).text("role", reserved(*role))
        }
        PoolError::IsAllocated { address, owner: AddressOwner::Nic(nic) } => {
            let owner = match world.nics.get(*nic) {
                Some(_) => nic_host_link(world, *nic),
                None => Arg::Word("PrivateIPAddressIsAllocated.other"),
            };
            Args::new().code("address", address).with("owner", owner)
        }
        PoolError::SubnetIsFull { prefix, wanted, .. } => {
            let args = Args::new().code("prefix", prefix).text("wanted", wanted);
            args.text("subnet", subnet_name(world, *prefix))
        }
    };
    text.format(problem.code(), &args)
}

/// How messages choose by the role of a reserved address; they have one form for both of Azure DNS's.
const fn reserved(role: Reserved) -> &'static str {
    match role {
        Reserved::Network => "network",
        Reserved::Gateway => "gateway",
        Reserved::Dns1 | Reserved::Dns2 => "dns",
        Reserved::Broadcast => "broadcast",
    }
}

fn subnet_name(world: &World, prefix: Ipv4Net) -> String {
    world.subnets.values().find(|s| s.pool.prefix() == prefix).map_or_else(String::new, |s| s.name.to_string())
}

/// Why a text is no scenario.
pub fn scenario_error(text: &Text, error: &ScenarioError) -> String {
    match error {
        ScenarioError::Malformed { line, column, detail } => {
            let args = Args::new().count("line", *line).count("column", *column).text("detail", detail);
            text.format("scenario-malformed", &args)
        }
        ScenarioError::UnknownSchema { found } => {
            text.format("scenario-unknown-schema", &Args::new().text("found", found))
        }
        ScenarioError::TooLong { bytes, limit } => {
            text.format("scenario-too-long", &Args::new().count("bytes", *bytes).count("limit", *limit))
        }
    }
}

/// Which action of a scenario cannot be done, and why.
pub fn replay_error(text: &Text, problem: &ReplayError) -> String {
    let why = error(text, &problem.error, &World::new(0));
    text.format("replay", &Args::new().count("n", problem.at + 1).text("why", why))
}
