//! Options that `az` commands share.

use crate::shell::catalog::Flag;

pub(super) const FORMATS: &[&str] = &["json", "jsonc", "yaml", "yamlc", "table", "tsv", "none"];
pub(super) const DIRECTIONS: &[&str] = &["Inbound", "Outbound"];
pub(super) const ACCESS: &[&str] = &["Allow", "Deny"];
pub(super) const PROTOCOLS: &[&str] = &["*", "Ah", "Esp", "Icmp", "Tcp", "Udp"];
pub(super) const FLOW_PROTOCOLS: &[&str] = &["TCP", "UDP"];
pub(super) const BOOLEANS: &[&str] = &["false", "true"];
pub(super) const NEXT_HOPS: &[&str] = &["Internet", "None", "VirtualAppliance", "VirtualNetworkGateway", "VnetLocal"];
pub(super) const OUTBOUND: &[&str] =
    &["block", "loadBalancer", "managedNATGateway", "none", "userAssignedNATGateway", "userDefinedRouting"];
pub(super) const DATAPLANES: &[&str] = &["azure", "cilium"];
pub(super) const PLUGINS: &[&str] = &["azure", "kubenet", "none"];

/// Options of every `az` command.
pub(in crate::shell) const GLOBAL: &[Flag] = &[
    Flag::on("--debug", "", "sh-flag-debug"),
    Flag::on("--help", "-h", "sh-flag-help"),
    Flag::on("--only-show-errors", "", "sh-flag-only-errors"),
    Flag::one("--output", "-o", "sh-flag-output").among(FORMATS),
    Flag::one("--query", "", "sh-flag-query"),
    Flag::one("--subscription", "", "sh-flag-subscription"),
    Flag::on("--verbose", "", "sh-flag-verbose"),
];

pub(super) const GROUP: Flag = Flag::one("--resource-group", "-g", "sh-flag-resource-group");
pub(super) const IN_GROUP: Flag = GROUP.needed();
pub(super) const NAME: Flag = Flag::one("--name", "-n", "sh-flag-name").needed();
pub(super) const LOCATION: Flag = Flag::one("--location", "-l", "sh-flag-location");
pub(super) const NO_WAIT: Flag = Flag::on("--no-wait", "", "sh-flag-no-wait");
pub(super) const YES: Flag = Flag::on("--yes", "-y", "sh-flag-yes");
pub(super) const TAGS: Flag = Flag::many("--tags", "", "sh-flag-tags");
pub(super) const VNET: Flag = Flag::one("--vnet-name", "", "sh-flag-vnet-name").needed();
pub(super) const PREFIXES: Flag =
    Flag::many("--address-prefixes", "", "sh-flag-address-prefixes").also(&["address-prefix"]);
pub(super) const NSG: Flag = Flag::one("--network-security-group", "", "sh-flag-nsg").also(&["nsg"]);
pub(super) const NODE_COUNT: Flag = Flag::one("--node-count", "-c", "sh-flag-node-count");
pub(super) const MAX_PODS: Flag = Flag::one("--max-pods", "-m", "sh-flag-max-pods");
pub(super) const NODE_SUBNET: Flag = Flag::one("--vnet-subnet-id", "", "sh-flag-vnet-subnet-id");
pub(super) const POD_SUBNET: Flag = Flag::one("--pod-subnet-id", "", "sh-flag-pod-subnet-id");
/// Accepted, since what people paste has it; it changes nothing of the network.
pub(super) const VM_SIZE: Flag = Flag::one("--node-vm-size", "-s", "sh-flag-no-effect");
