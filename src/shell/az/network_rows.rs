//! Rows of `az network`.

use super::flags::{
    ACCESS, BOOLEANS, DIRECTIONS, FLOW_PROTOCOLS, GROUP, IN_GROUP, LOCATION, NAME, NEXT_HOPS, NSG, PREFIXES, PROTOCOLS,
    TAGS, VNET,
};
use super::{Answer, nic, no_effect, nsg, route_table, vnet};
use crate::shell::Shell;
use crate::shell::catalog::{At, Command, Example, Flag, Place, Run};
use crate::shell::line::Line;

/// A row: its path, its options, a line that shows it, and what runs it.
pub(super) const fn az(
    path: &'static str,
    flags: &'static [Flag],
    example: &'static str,
    run: fn(&mut Shell, &Line) -> Answer,
) -> Command {
    Command::new(path, Place::Workstation, flags, Example::on(At::Workstation, example), Run::Az(run))
}

/// A row whose line needs something that the opening example does not have.
pub(super) const fn az_after(
    path: &'static str,
    flags: &'static [Flag],
    example: Example,
    run: fn(&mut Shell, &Line) -> Answer,
) -> Command {
    Command::new(path, Place::Workstation, flags, example, Run::Az(run))
}

const fn needs(line: &'static str, what: &'static str) -> Example {
    Example::on(At::Workstation, line).needs(what)
}

const NAMED: &[Flag] = &[NAME, IN_GROUP];
const LISTED: &[Flag] = &[GROUP];
const CREATED: &[Flag] = &[NAME, IN_GROUP, LOCATION, TAGS];
const OF_VNET: &[Flag] = &[NAME, IN_GROUP, VNET];
const TABLE: Flag = Flag::one("--route-table", "", "sh-flag-route-table");
const TABLE_NAME: Flag = Flag::one("--route-table-name", "", "sh-flag-route-table-name").needed();
const NSG_NAME: Flag = Flag::one("--nsg-name", "", "sh-flag-nsg-name").needed();
const IGNORED_SUBNET: Flag = Flag::many("--delegations", "", "sh-flag-no-effect");
const SUBNET: &[Flag] = &[NAME, IN_GROUP, VNET, PREFIXES, NSG, TABLE, IGNORED_SUBNET];
const SUBNET_CHANGED: &[Flag] = &[
    NAME,
    IN_GROUP,
    VNET,
    NSG,
    TABLE,
    Flag::one("--remove", "", "sh-flag-remove").among(&["networkSecurityGroup", "routeTable"]),
];
const RULE: &[Flag] = &[
    NAME,
    IN_GROUP,
    NSG_NAME,
    Flag::one("--priority", "", "sh-flag-priority").needed(),
    Flag::one("--direction", "", "sh-flag-direction").among(DIRECTIONS),
    Flag::one("--access", "", "sh-flag-access").among(ACCESS),
    Flag::one("--protocol", "", "sh-flag-protocol").among(PROTOCOLS),
    SOURCE,
    DESTINATION,
    SOURCE_PORTS,
    DESTINATION_PORTS,
    DESCRIPTION,
];
const RULE_CHANGED: &[Flag] = &[
    NAME,
    IN_GROUP,
    NSG_NAME,
    Flag::one("--priority", "", "sh-flag-priority"),
    Flag::one("--direction", "", "sh-flag-direction").among(DIRECTIONS),
    Flag::one("--access", "", "sh-flag-access").among(ACCESS),
    Flag::one("--protocol", "", "sh-flag-protocol").among(PROTOCOLS),
    SOURCE,
    DESTINATION,
    SOURCE_PORTS,
    DESTINATION_PORTS,
    DESCRIPTION,
];
const SOURCE: Flag =
    Flag::many("--source-address-prefixes", "", "sh-flag-source-prefixes").also(&["source-address-prefix"]);
const DESTINATION: Flag = Flag::many("--destination-address-prefixes", "", "sh-flag-destination-prefixes")
    .also(&["destination-address-prefix"]);
const SOURCE_PORTS: Flag = Flag::many("--source-port-ranges", "", "sh-flag-source-ports").also(&["source-port-range"]);
const DESTINATION_PORTS: Flag =
    Flag::many("--destination-port-ranges", "", "sh-flag-destination-ports").also(&["destination-port-range"]);
const DESCRIPTION: Flag = Flag::one("--description", "", "sh-flag-no-effect");
const OF_NSG: &[Flag] = &[NAME, IN_GROUP, NSG_NAME];
const ROUTE: &[Flag] = &[
    NAME,
    IN_GROUP,
    TABLE_NAME,
    Flag::one("--address-prefix", "", "sh-flag-route-prefix").needed(),
    Flag::one("--next-hop-type", "", "sh-flag-next-hop-type").needed().among(NEXT_HOPS),
    HOP_IP,
];
const ROUTE_CHANGED: &[Flag] = &[
    NAME,
    IN_GROUP,
    TABLE_NAME,
    Flag::one("--address-prefix", "", "sh-flag-route-prefix"),
    Flag::one("--next-hop-type", "", "sh-flag-next-hop-type").among(NEXT_HOPS),
    HOP_IP,
];
const HOP_IP: Flag = Flag::one("--next-hop-ip-address", "", "sh-flag-next-hop-ip");
const OF_TABLE: &[Flag] = &[NAME, IN_GROUP, TABLE_NAME];
const FORWARDING: Flag = Flag::one("--ip-forwarding", "", "sh-flag-ip-forwarding").among(BOOLEANS);
/// Routes of a gateway come by BGP, and no gateway is simulated.
const BGP: Flag = no_effect("--disable-bgp-route-propagation").among(BOOLEANS);
const VM: Flag = Flag::one("--vm", "", "sh-flag-vm").needed();

/// Rows of `az network`.
pub(in crate::shell) const COMMANDS: &[Command] = &[
    az(
        "az network vnet create",
        &[NAME, IN_GROUP, PREFIXES, LOCATION, SUBNET_NAME, SUBNET_PREFIXES, TAGS],
        "az network vnet create -g whhk -n vnet02 --address-prefixes 10.9.0.0/16 -l eastus",
        vnet::create,
    ),
    az("az network vnet list", LISTED, "az network vnet list -o table", vnet::list),
    az("az network vnet show", NAMED, "az network vnet show -g whhk -n vnet01", vnet::show),
    az(
        "az network vnet update",
        &[NAME, IN_GROUP, PREFIXES, TAGS, Flag::many("--dns-servers", "", "sh-flag-no-effect")],
        "az network vnet update -g whhk -n vnet01 --address-prefixes 10.0.0.0/16 10.9.0.0/16",
        vnet::update,
    ),
    az_after(
        "az network vnet delete",
        NAMED,
        needs("az network vnet delete -g whhk -n vnet02", "sh-needs-vnet02"),
        vnet::delete,
    ),
    az(
        "az network vnet list-available-ips",
        NAMED,
        "az network vnet list-available-ips -g whhk -n vnet01",
        vnet::available,
    ),
    az(
        "az network vnet check-ip-address",
        &[NAME, IN_GROUP, Flag::one("--ip-address", "", "sh-flag-ip-address").needed()],
        "az network vnet check-ip-address -g whhk -n vnet01 --ip-address 10.0.0.4",
        vnet::check_address,
    ),
    az(
        "az network vnet subnet create",
        SUBNET,
        "az network vnet subnet create -g whhk -n vlan02 --vnet-name vnet01 --address-prefixes 10.0.4.0/24",
        vnet::subnet_create,
    ),
    az(
        "az network vnet subnet list",
        &[IN_GROUP, VNET],
        "az network vnet subnet list -g whhk --vnet-name vnet01 -o table",
        vnet::subnet_list,
    ),
    az(
        "az network vnet subnet show",
        OF_VNET,
        "az network vnet subnet show -g whhk --vnet-name vnet01 -n vlan01",
        vnet::subnet_show,
    ),
    az(
        "az network vnet subnet update",
        SUBNET_CHANGED,
        "az network vnet subnet update -g whhk --vnet-name vnet01 -n vlan01 --remove routeTable",
        vnet::subnet_update,
    ),
    az_after(
        "az network vnet subnet delete",
        OF_VNET,
        needs("az network vnet subnet delete -g whhk --vnet-name vnet01 -n vlan02", "sh-needs-vlan02"),
        vnet::subnet_delete,
    ),
    az(
        "az network vnet subnet list-available-ips",
        OF_VNET,
        "az network vnet subnet list-available-ips -g whhk --vnet-name vnet01 -n vlan01",
        vnet::subnet_available,
    ),
    az("az network nsg create", CREATED, "az network nsg create -g whhk -n aksnsg -l eastus", nsg::create),
    az("az network nsg list", LISTED, "az network nsg list -o table", nsg::list),
    az_after("az network nsg show", NAMED, needs("az network nsg show -g whhk -n aksnsg", "sh-needs-nsg"), nsg::show),
    az_after(
        "az network nsg update",
        &[NAME, IN_GROUP, TAGS],
        needs("az network nsg update -g whhk -n aksnsg --tags owner=me", "sh-needs-nsg"),
        nsg::show,
    ),
    az_after(
        "az network nsg delete",
        NAMED,
        needs("az network nsg delete -g whhk -n aksnsg", "sh-needs-nsg"),
        nsg::delete,
    ),
    az_after(
        "az network nsg rule create",
        RULE,
        needs(
            "az network nsg rule create -g whhk --nsg-name aksnsg -n icmp_deny --priority 300 --access Deny --protocol Icmp --source-address-prefixes 10.244.0.0/24 --destination-address-prefixes '*' --destination-port-ranges '*'",
            "sh-needs-nsg",
        ),
        nsg::rule_create,
    ),
    az_after(
        "az network nsg rule list",
        &[IN_GROUP, NSG_NAME, Flag::on("--include-default", "", "sh-flag-include-default")],
        needs("az network nsg rule list -g whhk --nsg-name aksnsg --include-default -o table", "sh-needs-nsg"),
        nsg::rule_list,
    ),
    az_after(
        "az network nsg rule show",
        OF_NSG,
        needs("az network nsg rule show -g whhk --nsg-name aksnsg -n icmp_deny", "sh-needs-rule"),
        nsg::rule_show,
    ),
    az_after(
        "az network nsg rule update",
        RULE_CHANGED,
        needs("az network nsg rule update -g whhk --nsg-name aksnsg -n icmp_deny --access Allow", "sh-needs-rule"),
        nsg::rule_update,
    ),
    az_after(
        "az network nsg rule delete",
        OF_NSG,
        needs("az network nsg rule delete -g whhk --nsg-name aksnsg -n icmp_deny", "sh-needs-rule"),
        nsg::rule_delete,
    ),
    az(
        "az network route-table create",
        &[NAME, IN_GROUP, LOCATION, TAGS, BGP],
        "az network route-table create -g whhk -n routes -l eastus",
        route_table::create,
    ),
    az(
        "az network route-table list",
        LISTED,
        "az network route-table list -g mc_whhk_aks01_eastus --query '[].routes[].addressPrefix'",
        route_table::list,
    ),
    az_after(
        "az network route-table show",
        NAMED,
        needs("az network route-table show -g whhk -n routes", "sh-needs-routes"),
        route_table::show,
    ),
    az_after(
        "az network route-table update",
        &[NAME, IN_GROUP, BGP, TAGS],
        needs(
            "az network route-table update -g whhk -n routes --disable-bgp-route-propagation true",
            "sh-needs-routes",
        ),
        route_table::update,
    ),
    az_after(
        "az network route-table delete",
        NAMED,
        needs("az network route-table delete -g whhk -n routes", "sh-needs-routes"),
        route_table::delete,
    ),
    az_after(
        "az network route-table route create",
        ROUTE,
        needs(
            "az network route-table route create -g whhk --route-table-name routes -n nva --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.0.4",
            "sh-needs-routes",
        ),
        route_table::route_create,
    ),
    az_after(
        "az network route-table route list",
        &[IN_GROUP, TABLE_NAME],
        needs("az network route-table route list -g whhk --route-table-name routes -o table", "sh-needs-routes"),
        route_table::route_list,
    ),
    az_after(
        "az network route-table route show",
        OF_TABLE,
        needs("az network route-table route show -g whhk --route-table-name routes -n nva", "sh-needs-nva"),
        route_table::route_show,
    ),
    az_after(
        "az network route-table route update",
        ROUTE_CHANGED,
        needs(
            "az network route-table route update -g whhk --route-table-name routes -n nva --next-hop-type None",
            "sh-needs-nva",
        ),
        route_table::route_update,
    ),
    az_after(
        "az network route-table route delete",
        OF_TABLE,
        needs("az network route-table route delete -g whhk --route-table-name routes -n nva", "sh-needs-nva"),
        route_table::route_delete,
    ),
    az("az network nic list", LISTED, "az network nic list -o table", nic::list),
    az("az network nic show", NAMED, "az network nic show -g mc_whhk_aks01_eastus -n {nic}", nic::show),
    az(
        "az network nic update",
        &[NAME, IN_GROUP, FORWARDING, NSG],
        "az network nic update -g mc_whhk_aks01_eastus -n {nic} --ip-forwarding true",
        nic::update,
    ),
    az(
        "az network nic ip-config list",
        &[IN_GROUP, Flag::one("--nic-name", "", "sh-flag-nic-name").needed()],
        "az network nic ip-config list -g mc_whhk_aks01_eastus --nic-name {nic} -o table",
        nic::configs,
    ),
    az(
        "az network nic show-effective-route-table",
        NAMED,
        "az network nic show-effective-route-table -g mc_whhk_aks01_eastus -n {nic} -o table",
        nic::effective_routes,
    ),
    az(
        "az network nic list-effective-nsg",
        NAMED,
        "az network nic list-effective-nsg -g mc_whhk_aks01_eastus -n {nic}",
        nic::effective_nsg,
    ),
    az_after(
        "az network watcher test-ip-flow",
        &[
            IN_GROUP,
            VM,
            Flag::one("--direction", "", "sh-flag-direction").needed().among(DIRECTIONS),
            Flag::one("--protocol", "", "sh-flag-protocol").needed().among(FLOW_PROTOCOLS),
            Flag::one("--local", "", "sh-flag-local").needed(),
            Flag::one("--remote", "", "sh-flag-remote").needed(),
            Flag::one("--nic", "", "sh-flag-no-effect"),
        ],
        needs(
            "az network watcher test-ip-flow -g whhk --vm vm1 --direction Outbound --protocol TCP --local 10.0.0.6:60000 --remote 8.8.8.8:80",
            "sh-needs-vm1",
        ),
        nic::ip_flow,
    ),
    az_after(
        "az network watcher show-next-hop",
        &[
            IN_GROUP,
            VM,
            Flag::one("--source-ip", "", "sh-flag-source-ip").needed(),
            Flag::one("--dest-ip", "", "sh-flag-dest-ip").needed(),
            Flag::one("--nic", "", "sh-flag-no-effect"),
        ],
        needs(
            "az network watcher show-next-hop -g whhk --vm vm1 --source-ip 10.0.0.6 --dest-ip 10.244.0.6",
            "sh-needs-vm1",
        ),
        nic::next_hop,
    ),
];

const SUBNET_NAME: Flag = Flag::one("--subnet-name", "", "sh-flag-subnet-name");
const SUBNET_PREFIXES: Flag = Flag::many("--subnet-prefixes", "", "sh-flag-subnet-prefixes").also(&["subnet-prefix"]);
