//! `az`: defaults, checks and error texts. Source: Azure/azure-cli command modules; facts, azure.md 9.

use super::{shell, typed};
use podhop::session::Session;
use podhop::shell::Shell;

/// Lines one after another on an empty subscription; what the last printed.
fn fresh(lines: &[&str]) -> String {
    let mut shell = Shell::new(Session::new(1));
    let mut said = String::new();
    for line in lines {
        let output = shell.run(line);
        said = output.out + &output.err;
    }
    said
}

const NETWORK: &str = "az network vnet create -g g -n v --address-prefixes 10.1.0.0/16 -o none
az network vnet subnet create -g g --vnet-name v -n nodes --address-prefixes 10.1.4.0/24 -o none
az network vnet subnet create -g g --vnet-name v -n pods --address-prefixes 10.1.0.0/22 -o none
nodes=$(az network vnet subnet show -g g --vnet-name v -n nodes --query id -o tsv)
pods=$(az network vnet subnet show -g g --vnet-name v -n pods --query id -o tsv)";

/// Pods a node may run and the plugin, by mode. Source: azure.md 9.1.
#[test]
fn defaults_of_each_mode() {
    for (flags, plugin, max) in [
        ("--network-plugin kubenet", "kubenet", "110"),
        ("--network-plugin azure", "azure", "30"),
        ("--network-plugin azure --pod-subnet-id $pods", "azure", "250"),
    ] {
        let create = format!("az aks create -g g -n c --vnet-subnet-id $nodes --node-count 1 {flags} -o none");
        let query = "az aks show -g g -n c --query '[networkProfile.networkPlugin, to_string(agentPoolProfiles[0].maxPods), networkProfile.serviceCidr, networkProfile.dnsServiceIp]' -o tsv";
        assert_eq!(fresh(&[NETWORK, &create, query]), format!("{plugin}\n{max}\n10.0.0.0/16\n10.0.0.10\n"), "{flags}");
        let pods = if flags.contains("pods") { "--pod-subnet-id $pods" } else { "" };
        let add =
            format!("az aks nodepool add -g g --cluster-name c -n two --node-count 1 {pods} --query maxPods -o tsv");
        assert_eq!(fresh(&[NETWORK, &create, &add]), format!("{max}\n"), "a pool, {flags}");
    }
}

#[test]
fn checks_of_a_cluster() {
    for (flags, said) in [
        ("--pod-cidr 10.244.0.0/16", "ERROR: Please explicitly specify the network plugin type"),
        (
            "--network-plugin azure --pod-cidr 10.244.0.0/16",
            "ERROR: Please use kubenet as the network plugin type when pod_cidr is specified",
        ),
        (
            "--network-plugin nope",
            "ERROR: argument --network-plugin: invalid choice: 'nope' (choose from 'azure', 'kubenet', 'none')",
        ),
        ("--network-plugin azure --network-plugin-mode overlay", "podhop: overlay is not simulated yet"),
        ("--network-plugin kubenet --max-pods 9", "10 to 250"),
        ("--network-plugin kubenet --dns-service-ip 10.0.0.1", "10.0.0.1"),
        ("--network-plugin kubenet --service-cidr 10.200.0.0/16", "(DnsServiceIpOutOfServiceCidr)"),
        ("--network-plugin azure --pod-subnet-id $nodes", "nodes"),
        ("--network-plugin azure --network-policy Calico", "ERROR: --network-policy should be provided in lowercase"),
        ("--network-plugin azure --outbound-type nat", "ERROR: argument --outbound-type: invalid choice: 'nat'"),
        ("--network-plugin azure --network-dataplane ebpf", "(choose from 'azure', 'cilium')"),
        ("--network-plugin azure --nodepool-name averylongname", "ERROR: --nodepool-name can contain at most 12 char"),
        ("--network-plugin azure --nodepool-name a-b", "ERROR: --nodepool-name should contain only alphanumeric"),
        ("--network-plugin kubenet --node-count x", "ERROR: argument --node-count: invalid int value: 'x'"),
    ] {
        let create = format!("az aks create -g g -n c --vnet-subnet-id $nodes {flags}");
        let found = fresh(&[NETWORK, &create]);
        assert!(found.contains(said), "{flags}: {found}");
    }
    let found = fresh(&["az aks create -g g -n c --network-plugin kubenet --vnet-subnet-id nope"]);
    assert_eq!(found, "ERROR: --vnet-subnet-id is not a valid Azure resource ID.\n");
}

/// A long operation that nobody waits for goes on while virtual time passes.
#[test]
fn no_wait() {
    let create = "az aks create -g g -n c --network-plugin kubenet --vnet-subnet-id $nodes --node-count 2 --no-wait";
    assert_eq!(fresh(&[NETWORK, create]), "");
    let state = "az aks show -g g -n c --query provisioningState -o tsv";
    assert_eq!(fresh(&[NETWORK, create, state]), "Creating\n");
    assert_eq!(fresh(&[NETWORK, create, "sleep 10m", state]), "Succeeded\n");
}

const NSG: &str = "az network nsg create -g g -n s -o none";
const RULE: &str =
    "az network nsg rule create -g g --nsg-name s -n r --priority 200 --protocol icmp --access deny -o none";
const TABLE: &str = "az network route-table create -g g -n t -o none";
const ROUTE: &str = "az network route-table route create -g g --route-table-name t -n r --address-prefix 10.9.0.0/16 \
     --next-hop-type virtualappliance --next-hop-ip-address 10.1.4.4 -o none";
const VM: &str = "az vm create -g g -n m --vnet-name v --subnet nodes -o none";

fn check(table: &[(&[&str], &str)]) {
    for (lines, said) in table {
        let found = fresh(lines);
        assert!(found.starts_with(said), "{}: {found}", lines.last().unwrap());
    }
}

/// Each kind is made, shown, listed, changed and deleted; what is gone is not found.
#[test]
fn life_of_rules_and_routes() {
    let show = "az network nsg rule show -g g --nsg-name s -n r";
    let delete = "az network nsg rule delete -g g --nsg-name s -n r";
    let gone = "ERROR: (ResourceNotFound) The Resource 'Microsoft.Network/networkSecurityGroups/s/securityRules/r' under resource group 'g' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix\nCode: ResourceNotFound\nMessage: The Resource 'Microsoft.Network/networkSecurityGroups/s/securityRules/r' under resource group 'g' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix\n";
    let fields = &format!("{show} --query '[access, protocol, direction, destinationPortRange]' -o tsv");
    let allow = "az network nsg rule update -g g --nsg-name s -n r --access Allow --query access -o tsv";
    let create = |rest: &str| format!("az network nsg rule create -g g --nsg-name s -n q {rest}");
    let hops = "az network route-table route list -g g --route-table-name t --query '[].[name, nextHopType, nextHopIpAddress]' -o tsv";
    let none = "az network route-table route update -g g --route-table-name t -n r --next-hop-type None --query nextHopType -o tsv";
    check(&[
        (&[NSG, RULE, fields], "Deny\nIcmp\nInbound\n80\n"),
        (&[NSG, RULE, allow], "Allow\n"),
        (&[NSG, RULE, delete, show], gone),
        (&[NSG, RULE, &create("--priority 200")], "ERROR: (SecurityRuleConflict)"),
        (&[NSG, &create("--priority 99")], "ERROR: (SecurityRuleInvalidPriority)"),
        (&[NSG, &create("--priority 200 --protocol nope")], "ERROR: argument --protocol: invalid choice: 'nope'"),
        (&[TABLE, ROUTE, hops], "r\tVirtualAppliance\t10.1.4.4\n"),
        (&[TABLE, ROUTE, none], "None\n"),
        (&[TABLE, "az network route-table delete -g g -n t", "az network route-table list -g g"], "[]\n"),
    ]);
}

#[test]
fn life_of_groups_subnets_and_machines() {
    let west = "az group create -n g -l westeurope -o none";
    let available = "az network vnet subnet list-available-ips -g g --vnet-name v -n nodes -o tsv";
    let fixed = "az vm create -g g -n m --vnet-name v --subnet nodes --private-ip-address 10.1.4.3";
    let addresses = "az vm list-ip-addresses -g g -n m --query '[].virtualMachine.network.privateIpAddresses[]' -o tsv";
    check(&[
        (
            &[NETWORK, "az vm create -g g -n m --vnet-name v --subnet nodes --query 'keys(@)' -o tsv | tr '\\n' ' '"],
            "fqdns id location macAddress powerState privateIpAddress publicIpAddress resourceGroup zones ",
        ),
        (&[west, NSG, "az network nsg show -g g -n s --query location -o tsv"], "westeurope\n"),
        (
            &[NETWORK, VM, NSG, "az group delete -n g --yes", "az network vnet list -o tsv; az group exists -n g"],
            "false\n",
        ),
        (
            &["az group show -n nope"],
            "ERROR: (ResourceGroupNotFound) Resource group 'nope' could not be found.\nCode: ResourceGroupNotFound\nMessage: Resource group 'nope' could not be found.\n",
        ),
        (&[NETWORK, available], "10.1.4.4\n10.1.4.5\n10.1.4.6\n10.1.4.7\n10.1.4.8\n"),
        (&[NETWORK, fixed], "ERROR: (PrivateIPAddressInReservedRange)"),
        (&[NETWORK, VM, addresses], "10.1.4.4\n"),
        (
            &[NETWORK, VM, "az network vnet subnet delete -g g --vnet-name v -n nodes"],
            "ERROR: (InUseSubnetCannotBeDeleted)",
        ),
        (&[NETWORK, VM, "az network vnet delete -g g -n v"], "ERROR: (InUseSubnetCannotBeDeleted)"),
        (&[NETWORK, "az network vnet delete -g g -n v", "az network vnet list"], "[]\n"),
    ]);
}

/// A virtual network gets other ranges, as long as every subnet stays within one; routes follow.
#[test]
fn an_address_space_is_changed() {
    let update = |space: &str| format!("az network vnet update -g g -n v --address-prefixes {space}");
    let space = "az network vnet show -g g -n v --query addressSpace.addressPrefixes -o tsv";
    let local = "az network nic show-effective-route-table -g g -n m-nic -o json --query \"value[?nextHopType=='VnetLocal'].addressPrefix[]\" -o tsv";
    let wider = update("10.1.0.0/16 10.9.0.0/16 -o none");
    check(&[
        (&[NETWORK, &wider, space], "10.1.0.0/16\n10.9.0.0/16\n"),
        (
            &[
                NETWORK,
                &wider,
                "az network vnet subnet create -g g --vnet-name v -n s --address-prefixes 10.9.1.0/24 --query name",
            ],
            "\"s\"\n",
        ),
        (&[NETWORK, VM, &wider, local], "10.1.0.0/16\n10.9.0.0/16\n"),
        (&[NETWORK, VM, &wider, &update("10.1.0.0/16 -o none"), local], "10.1.0.0/16\n"),
        (&[NETWORK, &update("10.1.0.0/22")], "ERROR: (NetcfgSubnetRangeOutsideVnet)"),
        (&[NETWORK, &update("10.1.0.0/22"), space], "10.1.0.0/16\n"),
        (&[NETWORK, &update("10.1.0.0/16 10.1.0.0/17")], "ERROR: The prefixes 10.1.0.0/16 and 10.1.0.0/17"),
        (
            &[NETWORK, &update("nope")],
            "ERROR: (InvalidAddressPrefixFormat) Address prefix nope of resource /subscriptions/",
        ),
        (&["az network vnet update -g g -n no"], "ERROR: (ResourceNotFound)"),
    ]);
}

/// What can be changed of a pool: its labels reach the nodes, those to come too; the autoscaler is checked and does
/// nothing. Source: Azure/azure-cli `acs/agentpool_decorator.py`.
#[test]
fn pools_and_clusters_are_changed() {
    let create = "az aks create -g g -n c --network-plugin kubenet --vnet-subnet-id $nodes --node-count 2 -o none";
    let update = |flags: &str| format!("az aks nodepool update -g g --cluster-name c -n nodepool1 {flags}");
    let labels = "az aks nodepool show -g g --cluster-name c -n nodepool1 --query nodeLabels -o json";
    let web = update("--labels tier=web a/b= --max-surge 33% --node-taints k=v:NoSchedule -o none");
    let more = "az aks scale -g g -n c --node-count 3 -o none";
    let nodes = "kubectl get node -l tier=web --no-headers | wc -l";
    let add = "az aks nodepool add -g g --cluster-name c -n two --node-count 1 --max-pods 30 --labels tier=web -o none";
    check(&[
        (&[NETWORK, create, labels], ""),
        (&[NETWORK, create, &web, labels], "{\n  \"a/b\": \"\",\n  \"tier\": \"web\"\n}\n"),
        (&[NETWORK, create, &web, more, nodes], "3\n"),
        (&[NETWORK, create, &web, &update("--labels tier=db -o none"), nodes], "0\n"),
        (&[NETWORK, create, &web, &update("--labels -o none"), labels], ""),
        (&[NETWORK, create, add, nodes], "1\n"),
        // What has a label that there cannot be is not made without it.
        (
            &[
                NETWORK,
                create,
                &add.replace("tier=web", "_a=b"),
                "az aks nodepool list -g g --cluster-name c --query 'length(@)'",
            ],
            "1\n",
        ),
        (&[NETWORK, &format!("{create} --nodepool-labels _a=b"), "az aks show -g g -n c"], "ERROR: (ResourceNotFound)"),
        (&[NETWORK, create, add, "az aks update -g g -n c --nodepool-labels tier=web -o none", nodes], "3\n"),
        (&[NETWORK, &format!("{create} --nodepool-labels tier=web"), nodes], "2\n"),
        (&[NETWORK, create, &update("--labels web")], "ERROR: Invalid label: web. Label definition must be of format"),
        (&[NETWORK, create, &update("--labels -a=b --query nodeLabels")], "ERROR: unrecognized arguments: -a=b"),
        (&[NETWORK, create, &update("--labels .a=b")], "ERROR: .a is not a valid"),
        (&[NETWORK, create, &update("-e --min-count 1 --max-count 5 --query name")], "\"nodepool1\"\n"),
        (&[NETWORK, create, &update("-e --min-count 1")], "ERROR: Please specify both min-count and max-count"),
        (&[NETWORK, create, &update("-e --min-count 6 --max-count 5")], "ERROR: Value of min-count should be less"),
        (&[NETWORK, create, &update("--max-count 5")], "ERROR: min-count and max-count are required for"),
        (&[NETWORK, create, &update("-e -d --min-count 1 --max-count 5")], "ERROR: Can only specify one of"),
        (
            &[NETWORK, create, &update("-u --min-count 1 --max-count 1001")],
            "ERROR: --max-count must be in the range [0,1000]",
        ),
        (&[NETWORK, create, "az aks update -g g -n c --outbound-type nat"], "ERROR: argument --outbound-type: invalid"),
        (&[NETWORK, create, "az aks nodepool update -g g --cluster-name c -n no"], "ERROR: (ResourceNotFound)"),
        (&["az aks update -g g -n no"], "ERROR: (ResourceNotFound)"),
    ]);
}

/// What can be changed of the others has no effect here, and is shown as it is.
#[test]
fn what_is_changed_without_effect() {
    let west = "az group create -n g -l westeurope -o none";
    let bgp = "az network route-table update -g g -n t --disable-bgp-route-propagation";
    check(&[
        (&[west, NSG, "az network nsg update -g g -n s --tags a=b --query name -o tsv"], "s\n"),
        (&["az network nsg update -g g -n s --tags a=b"], "ERROR: (ResourceNotFound)"),
        (&[TABLE, &format!("{bgp} true --query name -o tsv")], "t\n"),
        (&[TABLE, &format!("{bgp} yes")], "ERROR: argument --disable-bgp-route-propagation: invalid choice: 'yes'"),
        (&[west, "az group update -n g --tags a=b --query location -o tsv"], "westeurope\n"),
        (&["az group update -n g --tags a=b"], "ERROR: (ResourceGroupNotFound)"),
        (&[NETWORK, VM, "az vm update -g g -n m --set tags.a=b --query name -o tsv"], "m\n"),
    ]);
}

/// Source: Microsoft/knack `knack/output.py`.
#[test]
fn formats() {
    for (line, said) in [
        (
            "az aks list --query '[].{name: name, ok: `true`, none: powerState, list: agentPoolProfiles}' -o tsv",
            "aks01\tTrue\tNone\t1\n",
        ),
        ("az aks show -g whhk -n aks01 --query '{a: name, b: `30`, c: `null`}' -o yaml", "a: aks01\nb: 30\nc: null\n"),
        ("az aks list --query '[].name' -o table", "Result\n--------\naks01\n"),
        (
            "az aks list --query '[].{Name: name, Version: kubernetesVersion}' -o table",
            "Name    Version\n------  ---------\naks01   1.20.9\n",
        ),
        (
            "az aks list --query '[].{Version: kubernetesVersion, Name: name}' -o table",
            "Version    Name\n---------  ------\n1.20.9     aks01\n",
        ),
        ("az aks list --query 'length([])' -o json", "1\n"),
        ("az aks show -g whhk -n aks01 -o none", ""),
        ("az aks show -g other -n aks01", "ERROR: (ResourceNotFound)"),
        ("az network nic list -g MC_WHHK_aks01_eastus --query 'length([])'", "2\n"),
    ] {
        let found = typed(line);
        assert!(found.starts_with(said) && said.is_empty() == found.is_empty(), "{line}: {found}");
    }
    let mut shell = shell();
    let vm = "az vm create -g whhk -n vm1 --vnet-name vnet01 --subnet vlan01 -o none";
    shell.run(vm);
    let flow = |protocol: &str| {
        format!(
            "az network watcher test-ip-flow -g whhk --vm vm1 --direction outbound --protocol {protocol} --local 10.0.0.6:60000 --remote 10.0.0.4:80 --query access -o tsv"
        )
    };
    assert_eq!(shell.run(&flow("tcp")).out, "Allow\n");
    assert!(shell.run(&flow("ICMP")).err.contains("invalid choice: 'ICMP' (choose from 'TCP', 'UDP')"));
}

/// Tables of what has no fixed columns: as knack and tabulate 0.8.9 print them, which were run on the same values.
/// Source: Microsoft/knack `knack/output.py`.
#[test]
fn tables_of_any_value() {
    check(&[
        (&["az network nsg list -o table"], "\n"),
        (&["az network vnet list -o table"], "\n"),
        (&["az network vnet create -g g -n v -o table"], "\n"),
        (&["az network vnet list -o tsv"], ""),
        (
            &[NETWORK, "az network vnet list --query '[].[name, location]' -o table"],
            "Column1    Column2\n---------  ---------\nv          eastus\n",
        ),
        (&["az group exists -n no -o table"], "Result\n--------\nFalse\n"),
        (&["az group exists -n no -o tsv"], "false\n"),
        (&["az account list --query '[].[name, nope]' -o table"], "Column1    Column2\n---------  ---------\npodhop\n"),
        (
            &[NETWORK, "az network vnet subnet list -g g --vnet-name v -o table"],
            "AddressPrefix    Name    ProvisioningState    ResourceGroup\n---------------  ------  -------------------  ---------------\n10.1.4.0/24      nodes   Succeeded            g\n10.1.0.0/22      pods    Succeeded            g\n",
        ),
    ]);
}

/// Commands with columns of their own. Source: Azure/azure-cli `command_modules/*/_format.py`.
#[test]
fn tables_of_commands() {
    let create = "az aks create -g g -n c --network-plugin kubenet --vnet-subnet-id $nodes --node-count 2 -o none";
    let nic = "az network nic update -g g -n m-nic --network-security-group s -o none";
    check(&[
        (
            &[NETWORK, "az network vnet list -o table"],
            "Name    ResourceGroup    Location    NumSubnets    Prefixes     DnsServers    DDOSProtection    VMProtection\n------  ---------------  ----------  ------------  -----------  ------------  ----------------  --------------\nv       g                eastus      2             10.1.0.0/16                False             False\n",
        ),
        (
            &[NSG, RULE, "az network nsg rule list -g g --nsg-name s -o table"],
            "Name    ResourceGroup    Priority    SourcePortRanges    SourceAddressPrefixes    SourceASG    Access    Protocol    Direction    DestinationPortRanges    DestinationAddressPrefixes    DestinationASG\n",
        ),
        (
            &[NETWORK, create, "az aks list -o table"],
            "Name    Location    ResourceGroup    KubernetesVersion    ProvisioningState\n------  ----------  ---------------  -------------------  -------------------\nc       eastus      g                1.20.9               Succeeded\n",
        ),
        (
            &[NETWORK, create, "az aks nodepool list -g g --cluster-name c -o table"],
            "Name       OsType    KubernetesVersion    Count    MaxPods    ProvisioningState\n---------  --------  -------------------  -------  ---------  -------------------\nnodepool1  Linux     1.20.9               2        110        Succeeded\n",
        ),
        (
            &[NETWORK, VM, "az vm list-ip-addresses -o table"],
            "VirtualMachine    PrivateIPAddresses\n----------------  --------------------\nm                 10.1.4.4\n",
        ),
        (
            &[NETWORK, VM, "az vm list -o table"],
            "Name    ResourceGroup    Location    Zones\n------  ---------------  ----------  -------\nm       g                eastus\n",
        ),
        (
            &[NETWORK, VM, "az vm list -d -o table"],
            "Name    ResourceGroup    PowerState    PublicIps    Fqdns    Location    Zones\n------  ---------------  ------------  -----------  -------  ----------  -------\nm       g                VM running                          eastus\n",
        ),
        (
            &[NETWORK, "az group list -o table"],
            "Name    Location    Status\n------  ----------  ---------\ng       eastus      Succeeded\n",
        ),
        (&["az account list -o table"], "Name    CloudName    SubscriptionId                        TenantId "),
        (&["az feature list -o table"], "Name                                         RegistrationState\n-----"),
        (
            &[NETWORK, VM, "az network nic show-effective-route-table -g g -n m-nic -o table"],
            "Source    State    Address Prefix    Next Hop Type    Next Hop IP\n--------  -------  ----------------  ---------------  -------------\nDefault   Active   10.1.0.0/16       VnetLocal\n",
        ),
        (
            &[
                NETWORK,
                VM,
                NSG,
                nic,
                "az network nic list-effective-nsg -g g -n m-nic -o table | sed -n '1p;3,4p' | sed 's/  */ /g'",
            ],
            "NIC Subnet NSG Rule Name Protocol Direction Access\nm-nic - s defaultSecurityRules/AllowVnetInBound * Inbound Allow\n defaultSecurityRules/AllowAzureLoadBalancerInBound * Inbound Allow\n",
        ),
    ]);
}

/// To put a virtual network that is there changes nothing; another of its name is refused.
#[test]
fn a_network_that_is_there_is_made_again() {
    let again = "az network vnet create -g g -n v --address-prefixes 10.1.0.0/16 --query 'newVNet.length(subnets)'";
    let other = "az network vnet create -g other -n v --address-prefixes 10.1.0.0/16";
    check(&[(&[NETWORK, again], "2\n"), (&[NETWORK, other], "ERROR: The VNet v exists already.")]);
}
