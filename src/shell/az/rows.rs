//! Rows of `az aks`, `az vm`, `az group`, and of what has no effect on the network.

use super::flags::{
    DATAPLANES, GROUP, IN_GROUP, LOCATION, MAX_PODS, NAME, NO_WAIT, NODE_COUNT, NODE_SUBNET, NSG, OUTBOUND, PLUGINS,
    POD_SUBNET, TAGS, VM_SIZE, YES,
};
use super::network_rows::{az, az_after};
use super::scaling::{DISABLE, ENABLE, MAX, MIN, UPDATE};
use super::{aks, group, no_effect, nodepool, vm};
use crate::shell::catalog::{At, Command, Example, Flag};

const fn needs(line: &'static str, what: &'static str) -> Example {
    Example::on(At::Workstation, line).needs(what)
}

const CLUSTER: Flag = Flag::one("--cluster-name", "", "sh-flag-cluster-name").needed();
const POOL: Flag = Flag::one("--name", "-n", "sh-flag-nodepool-name").needed().also(&["nodepool-name"]);
const NAMED: &[Flag] = &[NAME, IN_GROUP];
const OF_CLUSTER: &[Flag] = &[CLUSTER, IN_GROUP, POOL];
const GROUP_NAME: Flag = Flag::one("--name", "-n", "sh-flag-resource-group").needed().also(&["resource-group"]);

const CREATE: &[Flag] = &[
    NAME,
    IN_GROUP,
    LOCATION,
    NODE_COUNT,
    MAX_PODS,
    NODE_SUBNET,
    POD_SUBNET,
    Flag::one("--network-plugin", "", "sh-flag-network-plugin").among(PLUGINS),
    Flag::one("--network-plugin-mode", "", "sh-flag-network-plugin-mode").among(&["overlay"]),
    Flag::one("--pod-cidr", "", "sh-flag-pod-cidr"),
    Flag::one("--service-cidr", "", "sh-flag-service-cidr"),
    Flag::one("--dns-service-ip", "", "sh-flag-dns-service-ip"),
    Flag::one("--kubernetes-version", "-k", "sh-flag-kubernetes-version"),
    Flag::one("--nodepool-name", "", "sh-flag-nodepool-name"),
    NO_WAIT,
    YES,
    TAGS,
    VM_SIZE,
    NODE_LABELS,
    ENABLE,
    MIN,
    MAX,
    no_effect("--docker-bridge-address"),
    no_effect("--service-principal"),
    // The article takes it from a variable, which may be empty.
    Flag::many("--client-secret", "", "sh-flag-no-effect"),
    no_effect("--network-policy"),
    no_effect("--network-dataplane").among(DATAPLANES),
    no_effect("--outbound-type").among(OUTBOUND),
    no_effect("--load-balancer-sku"),
    no_effect("--ssh-key-value"),
    no_effect("--dns-name-prefix"),
    no_effect("--zones"),
    Flag::on("--generate-ssh-keys", "", "sh-flag-no-effect"),
    Flag::on("--no-ssh-key", "-x", "sh-flag-no-effect"),
    Flag::on("--enable-managed-identity", "", "sh-flag-no-effect"),
];

/// Of a cluster that is there. What is not here can not be changed, or is not simulated.
const CHANGED: &[Flag] = &[
    NAME,
    IN_GROUP,
    NODE_LABELS,
    ENABLE,
    DISABLE,
    UPDATE,
    MIN,
    MAX,
    NO_WAIT,
    YES,
    TAGS,
    no_effect("--network-policy"),
    no_effect("--outbound-type").among(OUTBOUND),
    no_effect("--api-server-authorized-ip-ranges"),
    no_effect("--attach-acr"),
    no_effect("--detach-acr"),
    no_effect("--auto-upgrade-channel"),
    no_effect("--load-balancer-managed-outbound-ip-count"),
    no_effect("--tier"),
    Flag::on("--enable-managed-identity", "", "sh-flag-no-effect"),
];
const ADD: &[Flag] = &[
    CLUSTER,
    IN_GROUP,
    POOL,
    NODE_COUNT,
    MAX_PODS,
    NODE_SUBNET,
    POD_SUBNET,
    NO_WAIT,
    TAGS,
    VM_SIZE,
    LABELS,
    TAINTS,
    SURGE,
    MODE,
    ENABLE,
    MIN,
    MAX,
    no_effect("--zones"),
];
const POOL_CHANGED: &[Flag] =
    &[CLUSTER, IN_GROUP, POOL, LABELS, TAINTS, SURGE, MODE, ENABLE, DISABLE, UPDATE, MIN, MAX, TAGS, NO_WAIT];
const MODE: Flag = no_effect("--mode").among(&["Gateway", "System", "User"]);
const SURGE: Flag = no_effect("--max-surge");
const TAINTS: Flag = Flag::many("--node-taints", "", "sh-flag-taints");
const LABELS: Flag = Flag::many("--labels", "", "sh-flag-node-labels");
const NODE_LABELS: Flag = Flag::many("--nodepool-labels", "", "sh-flag-node-labels");
const SCALED: Flag = Flag::one("--node-count", "-c", "sh-flag-node-count").needed();

/// Rows beside `az network`.
pub(in crate::shell) const COMMANDS: &[Command] = &[
    az_after(
        "az aks create",
        CREATE,
        needs(
            "az aks create -g cni -n akscni --node-count 2 --network-plugin azure --vnet-subnet-id $nodevlan --pod-subnet-id $podvlan --service-cidr 10.2.0.0/24 --dns-service-ip 10.2.0.10",
            "sh-needs-subnets",
        ),
        aks::create,
    ),
    az("az aks list", &[GROUP], "az aks list -o table", aks::list),
    az("az aks show", NAMED, "az aks show -g whhk -n aks01 --query networkProfile", aks::show),
    az(
        "az aks scale",
        &[NAME, IN_GROUP, SCALED, Flag::one("--nodepool-name", "", "sh-flag-nodepool-name"), NO_WAIT],
        "az aks scale -g whhk -n aks01 --node-count 3 -o none",
        aks::scale,
    ),
    az(
        "az aks update",
        CHANGED,
        "az aks update -g whhk -n aks01 --nodepool-labels tier=web --query 'agentPoolProfiles[].nodeLabels'",
        aks::update,
    ),
    az("az aks delete", &[NAME, IN_GROUP, YES, NO_WAIT], "az aks delete -g whhk -n aks01 --yes", aks::delete),
    az(
        "az aks get-credentials",
        &[
            NAME,
            IN_GROUP,
            Flag::on("--overwrite-existing", "", "sh-flag-no-effect"),
            Flag::on("--admin", "-a", "sh-flag-no-effect"),
            Flag::one("--file", "-f", "sh-flag-no-effect"),
        ],
        "az aks get-credentials -g whhk -n aks01",
        aks::credentials,
    ),
    az(
        "az aks nodepool add",
        ADD,
        "az aks nodepool add -g whhk --cluster-name aks01 -n pool2 --node-count 1 -o none",
        nodepool::add,
    ),
    az(
        "az aks nodepool list",
        &[CLUSTER, IN_GROUP],
        "az aks nodepool list -g whhk --cluster-name aks01 -o table",
        nodepool::list,
    ),
    az(
        "az aks nodepool show",
        OF_CLUSTER,
        "az aks nodepool show -g whhk --cluster-name aks01 -n nodepool1",
        nodepool::show,
    ),
    az(
        "az aks nodepool scale",
        &[CLUSTER, IN_GROUP, POOL, SCALED, NO_WAIT],
        "az aks nodepool scale -g whhk --cluster-name aks01 -n nodepool1 --node-count 3 -o none",
        nodepool::scale,
    ),
    az(
        "az aks nodepool update",
        POOL_CHANGED,
        "az aks nodepool update -g whhk --cluster-name aks01 -n nodepool1 --labels tier=web --max-surge 33% -o none",
        nodepool::update,
    ),
    az_after(
        "az aks nodepool delete",
        &[CLUSTER, IN_GROUP, POOL, NO_WAIT, YES],
        needs("az aks nodepool delete -g whhk --cluster-name aks01 -n pool2", "sh-needs-pool2"),
        nodepool::delete,
    ),
    az(
        "az vm create",
        &[
            NAME,
            IN_GROUP,
            LOCATION,
            Flag::one("--subnet", "", "sh-flag-subnet").needed(),
            Flag::one("--vnet-name", "", "sh-flag-vnet-name"),
            Flag::one("--private-ip-address", "", "sh-flag-private-ip"),
            NSG,
            TAGS,
            no_effect("--image"),
            no_effect("--size"),
            no_effect("--admin-username"),
            no_effect("--admin-password"),
            Flag::many("--public-ip-address", "", "sh-flag-no-effect"),
            Flag::on("--generate-ssh-keys", "", "sh-flag-no-effect"),
        ],
        "az vm create -g whhk -n vm1 --vnet-name vnet01 --subnet vlan01 --image Ubuntu2204",
        vm::create,
    ),
    az("az vm list", &[GROUP, DETAILS], "az vm list -o table", vm::list),
    az_after("az vm show", &[NAME, IN_GROUP, DETAILS], needs("az vm show -g whhk -n vm1", "sh-needs-vm1"), vm::show),
    az_after(
        "az vm update",
        &[NAME, IN_GROUP, NO_WAIT, Flag::many("--set", "", "sh-flag-no-effect")],
        needs("az vm update -g whhk -n vm1 --set tags.owner=me", "sh-needs-vm1"),
        vm::show,
    ),
    az_after(
        "az vm list-ip-addresses",
        &[GROUP, Flag::one("--name", "-n", "sh-flag-name")],
        needs("az vm list-ip-addresses -g whhk -n vm1", "sh-needs-vm1"),
        vm::addresses,
    ),
    az_after(
        "az vm delete",
        &[NAME, IN_GROUP, YES],
        needs("az vm delete -g whhk -n vm1 --yes", "sh-needs-vm1"),
        vm::delete,
    ),
    az("az group create", &[GROUP_NAME, LOCATION.needed(), TAGS], "az group create -n cni -l eastus", group::create),
    az("az group list", &[TAGS], "az group list -o table", group::list),
    az("az group show", &[GROUP_NAME], "az group show -n whhk", group::show),
    az("az group exists", &[GROUP_NAME], "az group exists -n whhk", group::exists),
    az("az group update", &[GROUP_NAME, TAGS], "az group update -n whhk --tags owner=me", group::show),
    az("az group delete", &[GROUP_NAME, YES, NO_WAIT], "az group delete -n whhk --yes", group::delete),
    az("az account show", &[], "az account show --query id -o tsv", group::account),
    az("az account list", &[], "az account list -o table", group::accounts),
    az(
        "az ad sp create-for-rbac",
        &[Flag::one("--name", "-n", "sh-flag-name"), Flag::on("--skip-assignment", "", "sh-flag-no-effect")],
        "az ad sp create-for-rbac -n whforaks --skip-assignment",
        group::sp_create,
    ),
    az(
        "az ad sp list",
        &[Flag::one("--display-name", "", "sh-flag-display-name"), Flag::on("--all", "", "sh-flag-no-effect")],
        "az ad sp list --display-name whforaks",
        group::sp_list,
    ),
    az_after(
        "az ad sp show",
        &[Flag::one("--id", "", "sh-flag-id").needed()],
        needs("az ad sp show --id $appid", "sh-needs-sp"),
        group::sp_show,
    ),
    az(
        "az role assignment create",
        &[
            Flag::one("--assignee", "", "sh-flag-assignee").needed(),
            Flag::one("--role", "", "sh-flag-role").needed(),
            Flag::one("--scope", "", "sh-flag-scope").needed(),
        ],
        "az role assignment create --assignee whforaks --role 'Network Contributor' --scope /subscriptions",
        group::role,
    ),
    az("az extension add", &[EXTENSION, YES], "az extension add --name aks-preview", group::extension),
    az("az extension update", &[EXTENSION], "az extension update --name aks-preview", group::extension),
    az(
        "az feature register",
        &[NAMESPACE, FEATURE],
        "az feature register --namespace Microsoft.ContainerService --name PodSubnetPreview",
        group::feature_register,
    ),
    az(
        "az feature list",
        &[Flag::one("--namespace", "", "sh-flag-provider")],
        "az feature list -o table",
        group::feature_list,
    ),
    az(
        "az feature show",
        &[NAMESPACE, FEATURE],
        "az feature show --namespace Microsoft.ContainerService --name PodSubnetPreview",
        group::feature_show,
    ),
    az(
        "az provider register",
        &[NAMESPACE.also(&["name"])],
        "az provider register --namespace Microsoft.ContainerService",
        group::provider,
    ),
];

const DETAILS: Flag = Flag::on("--show-details", "-d", "sh-flag-show-details");
const EXTENSION: Flag = Flag::one("--name", "-n", "sh-flag-extension").needed();
const NAMESPACE: Flag = Flag { short: "-n", ..Flag::one("--namespace", "", "sh-flag-provider") }.needed();
const FEATURE: Flag = Flag::one("--name", "", "sh-flag-feature").needed();
