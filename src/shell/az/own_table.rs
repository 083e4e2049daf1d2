//! Tables of commands that have columns of their own, and not one for each simple field.
//! Source: Azure/azure-cli `command_modules/{acs,network,resource,profile,vm}` (`_format.py`, `commands.py`).

use super::search;
use crate::shell::json::plain;
use crate::shell::table::az_table;
use serde_json::Value;

/// Columns: a caption, and what is in the cells in `JMESPath`.
type Columns = &'static [(&'static str, &'static str)];

const CLUSTER: Columns = &[
    ("Name", "name"),
    ("Location", "location"),
    ("ResourceGroup", "resourceGroup"),
    ("KubernetesVersion", "kubernetesVersion"),
    ("ProvisioningState", "provisioningState"),
];
const POOL: Columns = &[
    ("Name", "name"),
    ("OsType", "osType"),
    ("KubernetesVersion", "orchestratorVersion"),
    ("Count", "count"),
    ("MaxPods", "maxPods"),
    ("ProvisioningState", "provisioningState"),
];
const FEATURE: Columns = &[("Name", "name"), ("RegistrationState", "properties.state")];
const VM: Columns = &[
    ("Name", "name"),
    ("ResourceGroup", "resourceGroup"),
    ("PowerState", "powerState"),
    ("PublicIps", "publicIps"),
    ("Fqdns", "fqdns"),
    ("Location", "location"),
    ("Zones", "''"),
];
const RULE: Columns = &[
    ("Name", "name"),
    ("ResourceGroup", "resourceGroup"),
    ("Priority", "priority"),
    ("SourcePortRanges", "sourcePortRange"),
    ("SourceAddressPrefixes", "sourceAddressPrefix"),
    ("SourceASG", "'None'"),
    ("Access", "access"),
    ("Protocol", "protocol"),
    ("Direction", "direction"),
    ("DestinationPortRanges", "destinationPortRange"),
    ("DestinationAddressPrefixes", "destinationAddressPrefix"),
    ("DestinationASG", "'None'"),
];

/// The columns of a command that has its own, by its path.
fn columns(path: &str) -> Option<Columns> {
    Some(match path {
        "az aks list" | "az aks show" => CLUSTER,
        "az aks nodepool list" | "az aks nodepool show" => POOL,
        "az feature list" | "az feature show" => FEATURE,
        "az vm list" | "az vm show" => VM,
        "az network nsg rule list" | "az network nsg rule show" => RULE,
        "az group list" => &[("Name", "name"), ("Location", "location"), ("Status", "properties.provisioningState")],
        "az account list" => &[
            ("Name", "name"),
            ("CloudName", "cloudName"),
            ("SubscriptionId", "id"),
            ("TenantId", "tenantId"),
            ("State", "state"),
            ("IsDefault", "isDefault"),
        ],
        "az vm list-ip-addresses" => &[
            ("VirtualMachine", "virtualMachine.name"),
            ("PrivateIPAddresses", "join(',', virtualMachine.network.privateIpAddresses)"),
        ],
        "az network vnet list" => &[
            ("Name", "name"),
            ("ResourceGroup", "resourceGroup"),
            ("Location", "location"),
            ("NumSubnets", "length(subnets)"),
            ("Prefixes", "join(', ', addressSpace.addressPrefixes)"),
            ("DnsServers", "''"),
            ("DDOSProtection", "enableDdosProtection"),
            ("VMProtection", "enableVmProtection"),
        ],
        "az network nic show-effective-route-table" => &[
            ("Source", "source"),
            ("State", "state"),
            ("Address Prefix", "join(' ', addressPrefix)"),
            ("Next Hop Type", "nextHopType"),
            ("Next Hop IP", "join(' ', nextHopIpAddress)"),
        ],
        "az network nic list-effective-nsg" => &[
            ("NIC", "nic"),
            ("Subnet", "subnet"),
            ("NSG", "nsg"),
            ("Rule Name", "name"),
            ("Protocol", "protocol"),
            ("Direction", "direction"),
            ("Access", "access"),
        ],
        _ => return None,
    })
}

/// The table of a command that has columns of its own; a column in which there is nothing at all is left out.
pub(super) fn own_table(path: &str, value: &Value) -> Option<String> {
    let columns = columns(path)?;
    let rows = match value.get("value").unwrap_or(value) {
        Value::Array(items) => Value::Array(items.iter().flat_map(rules).collect()),
        one => Value::Array(vec![one.clone()]),
    };
    let cells: Vec<&str> = columns.iter().map(|(_, cell)| *cell).collect();
    let rows = search(&format!("[].[{}]", cells.join(", ")), &rows).ok()?;
    let rows = rows.as_array().filter(|rows| !rows.is_empty());
    let Some(rows) = rows else { return Some("\n".to_owned()) };
    let shown: Vec<usize> = (0..columns.len()).filter(|at| rows.iter().any(|row| !row[*at].is_null())).collect();
    let captions: Vec<String> = shown.iter().map(|at| columns[*at].0.to_owned()).collect();
    let rows: Vec<Vec<String>> = rows.iter().map(|row| shown.iter().map(|at| plain(&row[*at])).collect()).collect();
    Some(az_table(&captions, &rows))
}

/// The rules of an NSG that counts for a NIC, of which the first says where it is attached; anything else is itself.
fn rules(item: &Value) -> Vec<Value> {
    let Some(rules) = item["effectiveSecurityRules"].as_array() else { return vec![item.clone()] };
    let one = |(at, rule): (usize, &Value)| {
        let named = |value: &Value| match value["id"].as_str() {
            _ if at > 0 => Value::from(""),
            Some(id) => Value::from(id.rsplit('/').next()),
            None => Value::from("-"),
        };
        let mut row = rule.clone();
        row["nic"] = named(&item["association"]["networkInterface"]);
        row["subnet"] = named(&item["association"]["subnet"]);
        row["nsg"] = named(&item["networkSecurityGroup"]);
        row
    };
    rules.iter().enumerate().map(one).collect()
}
