//! What is wrong with an address plan or a security rule.

use crate::sim::fabric::nsg_check::{Field, RuleProblem};
use crate::sim::fabric::vnet_check::{PeeringOverlap, PrefixOwner, VnetProblem};
use crate::text::args::Args;
use crate::text::bundle::Text;

/// One problem of an address plan.
pub fn vnet_problem(text: &Text, problem: &VnetProblem) -> String {
    text.format(problem.code(), &vnet_args(problem))
}

fn vnet_args(problem: &VnetProblem) -> Args {
    match problem {
        VnetProblem::NoAddressSpace => Args::new(),
        VnetProblem::Unaligned { owner: whose, prefix, aligned } => {
            owner(whose).code("prefix", prefix).code("aligned", aligned)
        }
        VnetProblem::Forbidden { prefix, range } => Args::new().code("prefix", prefix).code("range", range),
        VnetProblem::TooLarge { owner: whose, prefix } | VnetProblem::TooSmall { owner: whose, prefix } => {
            owner(whose).code("prefix", prefix)
        }
        VnetProblem::SpaceOverlaps { first, second } => Args::new().code("first", first).code("second", second),
        VnetProblem::OutsideVnet { subnet, prefix } => Args::new().text("subnet", subnet).code("prefix", prefix),
        VnetProblem::SubnetsOverlap { first, second, first_prefix, second_prefix } => {
            let args = Args::new().text("first", first).text("second", second);
            args.code("first-prefix", first_prefix).code("second-prefix", second_prefix)
        }
        VnetProblem::NameTwice { subnet } => Args::new().text("subnet", subnet),
    }
}

fn owner(owner: &PrefixOwner) -> Args {
    match owner {
        PrefixOwner::Vnet => Args::new().text("owner", "vnet"),
        PrefixOwner::Subnet(name) => Args::new().text("owner", "subnet").text("subnet", name),
    }
}

/// Why two VNets cannot be peered.
pub fn peering_problem(text: &Text, problem: &PeeringOverlap) -> String {
    let args = Args::new().code("local", problem.local).code("remote", problem.remote);
    text.format(PeeringOverlap::CODE, &args)
}

/// One problem of a security rule.
pub fn rule_problem(text: &Text, problem: &RuleProblem) -> String {
    text.format(problem.code(), &rule_args(problem))
}

fn rule_args(problem: &RuleProblem) -> Args {
    match problem {
        RuleProblem::NameEmpty => Args::new(),
        RuleProblem::NameTooLong { chars } => Args::new().count("chars", *chars),
        RuleProblem::NameStart { found } | RuleProblem::NameEnd { found } | RuleProblem::NameCharacter { found } => {
            Args::new().code("found", found)
        }
        RuleProblem::NameOfDefaultRule { name } => Args::new().text("name", name),
        RuleProblem::PriorityOutOfRange { priority } => Args::new().text("priority", priority),
        RuleProblem::Conflict { existing, rule, .. } => Args::new().text("existing", existing).text("rule", rule),
        RuleProblem::TooManyRules { limit } => Args::new().count("limit", *limit),
        RuleProblem::EmptyField { field: which } => field(*which),
        RuleProblem::TooManyEntries { field: which, count, limit } => {
            field(*which).count("count", *count).count("limit", *limit)
        }
        RuleProblem::PortsReversed { field: which, first, last } => {
            field(*which).text("first", first).text("last", last)
        }
    }
}

fn field(field: Field) -> Args {
    Args::new().text(
        "field",
        match field {
            Field::Source => "source",
            Field::SourcePorts => "source-ports",
            Field::Destination => "destination",
            Field::DestinationPorts => "destination-ports",
        },
    )
}
