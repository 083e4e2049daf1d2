//! Every error, and every way in which a probe ends.

use super::samples;
use ipnet::Ipv4Net;
use podhop::session::ReplayError;
use podhop::sim::action::error::{ActionError, Kind, RangeField, SubnetTarget};
use podhop::sim::fabric::nic::AddressOwner;
use podhop::sim::fabric::nsg::Direction;
use podhop::sim::fabric::nsg_check::{Field, RuleProblem};
use podhop::sim::fabric::route_table::RouteTableError;
use podhop::sim::fabric::vnet_check::{PeeringOverlap, PrefixOwner, VnetProblem};
use podhop::sim::host::netfilter::edit::ChainProblem;
use podhop::sim::ids::{LineageId, NicId};
use podhop::sim::ipam::subnet_pool::{PoolError, Reserved};
use podhop::sim::packet::Unreachable;
use podhop::sim::record::Keep;
use podhop::sim::record::Record;
use podhop::sim::record::decision::DropReason;
use podhop::sim::record::trace::{ErrorKind, Outcome};
use podhop::sim::scenario::{Scenario, ScenarioError};
use podhop::text::{Text, error, file_error, outcome, peering_problem, plain, replay_error, scenario_error};
use std::net::Ipv4Addr;

fn net(text: &str) -> Ipv4Net {
    text.parse().unwrap()
}

fn ip(text: &str) -> Ipv4Addr {
    text.parse().unwrap()
}

const KINDS: [Kind; 21] = [
    Kind::Group,
    Kind::Vnet,
    Kind::Subnet,
    Kind::Vm,
    Kind::Nsg,
    Kind::NsgRule,
    Kind::RouteTable,
    Kind::Route,
    Kind::Nic,
    Kind::Cluster,
    Kind::Pool,
    Kind::Node,
    Kind::Deployment,
    Kind::Pod,
    Kind::Host,
    Kind::Interface,
    Kind::Endpoint,
    Kind::Chain,
    Kind::Label,
    Kind::Neighbor,
    Kind::Address,
];

const CHAIN_PROBLEMS: [ChainProblem; 11] = [
    ChainProblem::NoChain,
    ChainProblem::Exists,
    ChainProblem::BadName,
    ChainProblem::NoTarget,
    ChainProblem::NotHere,
    ChainProblem::TooManyLinks,
    ChainProblem::Busy,
    ChainProblem::NoSuchNumber,
    ChainProblem::NotBuiltIn,
    ChainProblem::NotForFiltering,
    ChainProblem::Full,
];

pub(super) fn action_errors() -> Vec<ActionError> {
    let mut all = cluster_errors();
    let name = || "x".to_owned();
    for kind in KINDS {
        all.push(ActionError::NotFound { kind, name: name() });
        all.push(ActionError::Exists { kind, name: name() });
        all.push(ActionError::BadName { kind, name: name() });
        all.push(ActionError::InUse { kind, name: name(), by: "y".into() });
    }
    all.extend([
        ActionError::Vnet(vnet_problems()),
        ActionError::Rule(rule_problems()),
        ActionError::Replicas { found: 30_000, limit: 20_000 },
        ActionError::RouteExists { dst: net("10.0.0.0/8") },
        ActionError::NotRunning { name: name() },
        ActionError::PodCannotEnd { name: name() },
        ActionError::Count { found: 0, limit: 100 },
        ActionError::Ttl,
        ActionError::ProbeLength { found: 65_535, limit: 65_507 },
        ActionError::WaitTooLong { ms: 90_000_000, limit: 86_400_000 },
        ActionError::NeverSettles,
    ]);
    all.extend(CHAIN_PROBLEMS.map(|problem| ActionError::Chain { chain: name(), problem }));
    let aligned = net("10.0.0.0/8");
    all.extend(
        [
            RouteTableError::Full { limit: 400 },
            RouteTableError::RouteConflict { route: "a".into(), existing: "b".into(), prefix: aligned },
            RouteTableError::Unaligned { prefix: net("10.0.0.1/8"), aligned },
        ]
        .map(ActionError::Route),
    );
    all.extend(pool_errors().into_iter().map(ActionError::Address));
    all
}

fn cluster_errors() -> Vec<ActionError> {
    let (prefix, service) = (net("10.244.0.0/16"), net("10.200.0.0/16"));
    let fields = [RangeField::Pod, RangeField::Service, RangeField::Subnet];
    let mut all = vec![
        ActionError::MaxPods { found: 9 },
        ActionError::PoolTooSmall { nodes: 1, max_pods: 10 },
        ActionError::PoolTooSmall { nodes: 2, max_pods: 10 },
        ActionError::NodeCount { found: 0, limit: 1000 },
        ActionError::PodCidrUnaligned { prefix: net("10.244.0.1/16"), aligned: prefix },
        ActionError::PodCidrTooSmall { prefix: net("10.244.0.0/25"), block: 24 },
        ActionError::ServiceCidrOverlapsSubnet { service, subnet: net("10.200.1.0/24") },
        ActionError::ServiceCidrTooLarge { service: net("10.0.0.0/8") },
        ActionError::DnsServiceIpOutside { address: ip("10.0.0.10"), service },
        ActionError::DnsServiceIpIsFirst { address: ip("10.200.0.1") },
        ActionError::InsufficientSubnetSize {
            wanted: 1280,
            available: 251,
            subnet: "vlan01".into(),
            prefix: net("10.0.0.0/24"),
            target: SubnetTarget::Nodes,
        },
        ActionError::SubnetHasCluster { subnet: "vlan01".into(), cluster: "aks01".into() },
    ];
    let name = || "vlan01".to_owned();
    all.extend([
        ActionError::ScaleSubnetIsFull {
            pool: "nodepool1".into(),
            cluster: "aks01".into(),
            subnet: name(),
            prefix: net("10.0.0.0/24"),
        },
        ActionError::SubnetForPods { subnet: name() },
        ActionError::SubnetIsDelegated { subnet: name() },
        ActionError::PodSubnetMissing,
        ActionError::PodSubnetUnused,
        ActionError::PodSubnetIsNodeSubnet { subnet: name() },
        ActionError::SubnetOfOtherVnet { subnet: name(), vnet: "vnet02".into() },
        ActionError::PodSubnetInUse { subnet: name() },
        ActionError::LastPool { pool: "nodepool1".into() },
    ]);
    for field in fields {
        all.push(ActionError::RangeReserved { field, prefix, reserved: net("172.30.0.0/16") });
        all.extend(fields.map(|other| ActionError::RangesOverlap { field, prefix, other, with: service }));
    }
    all
}

fn pool_errors() -> Vec<PoolError<AddressOwner>> {
    let (address, prefix) = (ip("10.0.0.4"), net("10.0.0.0/22"));
    let mut all = vec![
        PoolError::TooSmall { prefix: net("10.0.0.0/30") },
        PoolError::NotInSubnet { address, prefix },
        PoolError::IsAllocated { address, owner: AddressOwner::Nic(NicId(0)) },
        PoolError::IsAllocated { address, owner: AddressOwner::Nic(NicId(999)) },
        PoolError::SubnetIsFull { prefix, wanted: 1, free: 0 },
    ];
    all.extend(Reserved::ALL.map(|role| PoolError::InReservedRange { address, role }));
    all
}

fn vnet_problems() -> Vec<VnetProblem> {
    let (prefix, aligned) = (net("10.0.0.1/16"), net("10.0.0.0/16"));
    let owners = [PrefixOwner::Vnet, PrefixOwner::Subnet("vlan01".into())];
    let mut all = vec![
        VnetProblem::NoAddressSpace,
        VnetProblem::Forbidden { prefix, range: net("127.0.0.0/8") },
        VnetProblem::SpaceOverlaps { first: prefix, second: aligned },
        VnetProblem::OutsideVnet { subnet: "vlan01".into(), prefix },
        VnetProblem::SubnetsOverlap {
            first: "a".into(),
            second: "b".into(),
            first_prefix: prefix,
            second_prefix: aligned,
        },
        VnetProblem::NameTwice { subnet: "a".into() },
    ];
    for owner in owners {
        all.push(VnetProblem::Unaligned { owner: owner.clone(), prefix, aligned });
        all.push(VnetProblem::TooLarge { owner: owner.clone(), prefix });
        all.push(VnetProblem::TooSmall { owner, prefix });
    }
    all
}

fn rule_problems() -> Vec<RuleProblem> {
    let mut all = vec![
        RuleProblem::NameEmpty,
        RuleProblem::NameTooLong { chars: 81 },
        RuleProblem::NameStart { found: '-' },
        RuleProblem::NameEnd { found: '.' },
        RuleProblem::NameCharacter { found: '*' },
        RuleProblem::NameOfDefaultRule { name: "DenyAllInBound".into() },
        RuleProblem::PriorityOutOfRange { priority: 99 },
        RuleProblem::Conflict { existing: "a".into(), rule: "b".into(), priority: 200, direction: Direction::Inbound },
        RuleProblem::TooManyRules { limit: 1000 },
    ];
    for field in [Field::Source, Field::SourcePorts, Field::Destination, Field::DestinationPorts] {
        all.push(RuleProblem::EmptyField { field });
        all.push(RuleProblem::TooManyEntries { field, count: 4001, limit: 4000 });
        all.push(RuleProblem::PortsReversed { field, first: 9, last: 8 });
    }
    all
}

/// Every error in words.
pub(super) fn all(text: &Text) -> Vec<String> {
    let lab = samples::lab();
    let mut all: Vec<String> = action_errors().iter().map(|e| error(text, e, lab.world())).collect();
    let scenario = [
        ScenarioError::Malformed { line: 1, column: 2, detail: "expected value".into() },
        ScenarioError::UnknownSchema { found: 9 },
        ScenarioError::TooLong { bytes: 5_000_000, limit: 4_194_304 },
    ];
    all.extend(scenario.iter().map(|e| scenario_error(text, e)));
    all.extend(bad_files().map(|(source, _)| bad_file(text, source)));
    all.push(replay_error(text, &ReplayError { at: 2, error: ActionError::Ttl }));
    all.push(peering_problem(text, &PeeringOverlap { local: net("10.0.0.0/16"), remote: net("10.0.0.0/8") }));
    all
}

/// Ends of probes that the sessions do not come to.
pub(super) fn outcomes(text: &Text) -> Vec<String> {
    let lab = samples::lab();
    let record = Record::new(Keep::Steps);
    let lineage = LineageId(0);
    let unreachable = [
        Unreachable::Net,
        Unreachable::Host,
        Unreachable::Port,
        Unreachable::FragmentationNeeded { mtu: 1400 },
        Unreachable::Prohibited,
    ];
    let kinds = unreachable.map(ErrorKind::Unreachable).into_iter().chain([ErrorKind::TimeExceeded]);
    let mut all: Vec<Outcome> =
        kinds.map(|kind| Outcome::Error { error: lineage, from: ip("10.244.1.1"), kind }).collect();
    all.extend([
        Outcome::Answered { reply: lineage },
        Outcome::Refused { reply: lineage },
        Outcome::Lost { lineage, step: 0, reason: DropReason::NoRoute },
        Outcome::Left { step: 0 },
        Outcome::Nothing,
    ]);
    all.iter().map(|end| plain(&outcome(text, end, &record, lab.world()))).collect()
}

#[test]
fn every_error_says_what_is_wrong() {
    for words in all(&Text::english()) {
        assert!(words.contains(' ') && !words.contains("{$"), "{words}");
    }
}

/// Codes of Azure stand before its words.
#[test]
fn azures_codes_lead() {
    let text = Text::english();
    let azure = |code: &str| code.starts_with(char::is_uppercase) && text.get(code).starts_with(&format!("{code}:"));
    for code in [
        "ServiceCidrOverlapExistingSubnetsCidr",
        "DnsServiceIpOutOfServiceCidr",
        "InsufficientSubnetSize",
        "InvalidCIDRNotation",
        "NetcfgInvalidSubnet",
        "NetcfgSubnetRangeOutsideVnet",
        "NetcfgSubnetRangesOverlap",
        "VnetAddressSpacesOverlap",
        "PrivateIPAddressNotInSubnet",
        "PrivateIPAddressInReservedRange",
        "PrivateIPAddressIsAllocated",
        "SubnetIsFull",
        "SubnetIsDelegated",
        "RouteConflict",
        "SecurityRuleInvalidPriority",
        "SecurityRuleConflict",
    ] {
        assert!(azure(code), "{code}");
    }
}

/// Files that are no scenario, and what is said of each.
fn bad_files() -> impl Iterator<Item = (&'static str, &'static str)> {
    let all = [
        ("{", "Line 1, column 1: The text ends too early"),
        (r#"{ "schema": 1, "seed": 1 "actions": [] }"#, "Line 1, column 26: One of these signs is missing here"),
        ("{ schema: 1 }", "A name of a field must stand in quotation marks."),
        (r#"{ "schema": , "seed": 1 }"#, "A value is missing here"),
        (r#"{ "schema": 1, "seed": 1, "actions": [] } more"#, "the text goes on."),
        (r#"{ "schema": 1, "seed": 1, "actions": [{ "settle": null },] }"#, "A comma stands before the end"),
        (r#"{ "schema": 1, "seed": 01, "actions": [] }"#, "This is not JSON: invalid number."),
        (r#"{ "schema": 1, "actions": [] }"#, "The field seed is missing."),
        (r#"{ "schema": 1, "seed": 1, "sead": 1, "actions": [] }"#, "There is no field sead here. Is seed meant?"),
        (r#"{ "schema": 1, "seed": 1, "zzzzzz": 1, "actions": [] }"#, "The fields are: schema, seed, actions."),
        (r#"{ "schema": 1, "seed": 1, "seed": 1, "actions": [] }"#, "The field seed is there twice."),
        (
            r#"{ "schema": 1, "seed": 1, "actions": ["settle", { "fly": {} }] }"#,
            "Line 1, column 55, in action 2 (fly): fly is not known here.",
        ),
        (
            r#"{ "schema": 1, "seed": 1, "actions": [{ "create_vnett": {} }] }"#,
            "in action 1 (create_vnett): create_vnett is not known here. Is create_vnet meant?",
        ),
        (
            r#"{ "schema": 1, "seed": 1, "actions": [{ "wait": { "mss": 5 } }] }"#,
            "of action 1 (wait): There is no field mss here. Is ms meant?",
        ),
        (
            r#"{ "schema": 1, "seed": 1, "actions": [{ "wait": { "seconds": 5 } }] }"#,
            "in field seconds of action 1 (wait): There is no field seconds here. The fields are: ms.",
        ),
        (
            r#"{ "schema": 1, "seed": 1, "actions": [{ "wait": { "ms": "long" } }] }"#,
            "in field ms of action 1 (wait): A text (long) stands where a whole number is needed.",
        ),
        (r#"{ "schema": 1, "seed": 1, "actions": [{ "wait": {} }] }"#, "in action 1 (wait): The field ms is missing."),
        (
            r#"{ "schema": 1, "seed": 1, "actions": [{ "create_cluster": { "zzzzzz": 5 } }] }"#,
            "There is no field zzzzzz here.",
        ),
        (
            r#"{ "schema": 1, "seed": 1, "actions": [{ "flush": { "host": "h", "table": "everything" } }] }"#,
            "everything is not known here. What can stand here: neighbors, fdb, conntrack.",
        ),
        (r#"{ "schema": 1, "seed": 1, "actions": {} }"#, "An object in braces stands where a list in brackets"),
        (
            r#"{ "schema": 1, "seed": 1, "actions": [{ "delete_vnet": { "name": 5 } }] }"#,
            "in field name of action 1 (delete_vnet): A number (5) stands where a text in quotes is needed.",
        ),
    ];
    all.into_iter()
}

fn bad_file(text: &Text, source: &str) -> String {
    file_error(text, &Scenario::parse(source).unwrap_err(), source)
}

#[test]
fn a_bad_file_says_what_is_wrong_and_where() {
    let text = Text::english();
    for (source, words) in bad_files() {
        let said = bad_file(&text, source);
        assert!(said.starts_with("Line ") && said.contains(words), "{source}\n{said}");
        for raw in ["expected", "variant", "EOF", "struct", "`"] {
            assert!(!said.contains(raw), "{said}");
        }
    }
}
