//! `az` on the simulated subscription: each command that changes something is one of the simulation's actions.
//! Source: Azure/azure-cli `src/azure-cli/azure/cli/command_modules/{network,acs,resource,role}`.

#![expect(clippy::unnecessary_wraps, reason = "every command gives an answer or its end, some never the second")]

mod aks;
mod flags;
mod group;
mod network_rows;
mod nic;
mod nodepool;
mod nsg;
mod own_table;
mod route_table;
mod rows;
mod scaling;
mod vm;
mod vnet;

use super::catalog::{Command, Flag};
use super::line::Line;
use super::{Output, Shell, json};
use crate::sim::action::Action;
use crate::sim::action::error::{ActionError, Kind};
use crate::sim::fabric::nsg_check::RuleProblem;
use crate::sim::fabric::vnet_check::VnetProblem;
pub(super) use flags::GLOBAL;
pub(super) use network_rows::COMMANDS;
pub(super) use rows::COMMANDS as MORE_COMMANDS;
use serde_json::Value;
use std::fmt::Write;

/// Subscription of everything.
const SUBSCRIPTION: &str = "00000000-0000-0000-0000-000000000000";
/// Where things are whose place nobody said: that of the article.
const LOCATION: &str = "eastus";

/// An option of the real command that changes nothing of what is simulated.
const fn no_effect(name: &'static str) -> Flag {
    Flag::one(name, "", "sh-flag-no-effect")
}

/// What a command gives: a value to print, or its end.
pub(super) type Answer = Result<Value, Output>;

impl Line {
    /// A value that the command cannot do without. Its row asks for it before the command runs.
    fn need(&self, name: &str) -> Result<&str, Output> {
        self.option(name).ok_or_else(|| Output::fail(2, format!("ERROR: the following arguments are required: {name}")))
    }

    fn number<T: std::str::FromStr>(&self, name: &str, default: T) -> Result<T, Output> {
        self.value(name, default)
            .map_err(|text| Output::fail(2, format!("ERROR: argument {name}: invalid int value: '{text}'")))
    }

    fn parsed<T: std::str::FromStr>(&self, name: &str) -> Result<T, Output> {
        let text = self.need(name)?;
        text.parse().map_err(|_| Output::fail(1, format!("ERROR: argument {name}: invalid value: '{text}'")))
    }
}

/// One of a few values, in whatever case it is typed. Source: Azure/azure-cli-core, `CaseInsensitiveList`.
fn choice(name: &str, typed: &str, choices: &[&'static str]) -> Result<&'static str, Output> {
    let found = choices.iter().copied().find(|c| c.eq_ignore_ascii_case(typed));
    found.ok_or_else(|| {
        let listed: Vec<String> = choices.iter().map(|c| format!("'{c}'")).collect();
        let listed = listed.join(", ");
        Output::fail(2, format!("ERROR: argument {name}: invalid choice: '{typed}' (choose from {listed})"))
    })
}

/// Runs a command and prints what it gives.
pub(super) fn answer(shell: &mut Shell, row: &Command, line: &Line, run: fn(&mut Shell, &Line) -> Answer) -> Output {
    if let Some(word) = line.words.first() {
        return Output::fail(2, format!("ERROR: unrecognized arguments: {word}"));
    }
    match run(shell, line) {
        Ok(value) => shown(row, line, &value),
        Err(output) => output,
    }
}

/// Applies `--query` and `-o`.
fn shown(row: &Command, line: &Line, value: &Value) -> Output {
    let mut value = value.clone();
    if let Some(query) = line.option("--query") {
        match search(query, &value) {
            Ok(found) => value = found,
            Err(why) => {
                return Output::fail(
                    2,
                    format!("ERROR: argument --query: invalid jmespath_type value: '{query}'\n{why}"),
                );
            }
        }
    }
    let format = match choice("--output/-o", line.option("--output").unwrap_or("json"), flags::FORMATS) {
        Ok(format) => format,
        Err(output) => return output,
    };
    if value.is_null() {
        return Output::default();
    }
    if let ("table", false, Some(table)) = (format, line.has("--query"), own_table::own_table(row.path, &value)) {
        return Output::ok(table);
    }
    let (value, order) = (json::in_key_order(value), named_fields(line.option("--query").unwrap_or_default()));
    Output::ok(json::print_in_order(&value, format, &order).unwrap_or_default())
}

/// Names of the fields in the order of a query that ends with an object of them, `{A: a, B: b}`.
fn named_fields(query: &str) -> Vec<&str> {
    let inside = query.trim_end().strip_suffix('}').and_then(|q| q.rsplit_once('{')).map_or("", |(_, fields)| fields);
    inside.split(',').filter_map(|field| Some(field.split_once(':')?.0.trim().trim_matches('"'))).collect()
}

/// Longest query in bytes and its deepest nesting: the library reads and answers it by recursion.
const MAX_QUERY: usize = 1024;
const MAX_NESTING: usize = 32;

/// How deep a query's brackets and signs before an expression nest, at most.
fn nesting(query: &str) -> usize {
    let (mut open, mut signs, mut most) = (0_usize, 0, 0);
    for c in query.chars() {
        match c {
            '[' | '{' | '(' => open += 1,
            ']' | '}' | ')' => open = open.saturating_sub(1),
            '!' | '&' => signs += 1,
            _ => signs = 0,
        }
        most = most.max(open + signs);
    }
    most
}

/// `JMESPath` by its library.
fn search(query: &str, value: &Value) -> Result<Value, String> {
    if query.len() > MAX_QUERY || nesting(query) > MAX_NESTING {
        return Err("the query is too long or nests too deeply".to_owned());
    }
    let expression = jmespath::compile(query).map_err(|error| error.to_string())?;
    let found = expression.search(value).map_err(|error| error.to_string())?;
    serde_json::to_value(&*found).map_err(|error| error.to_string())
}

impl Shell {
    /// Does an action for `az`; its error is in Azure's words.
    fn azure(&mut self, action: Action) -> Result<(), Output> {
        match self.act(action) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.refused(&error)),
        }
    }

    /// What is said of an action that cannot be done.
    fn refused(&self, error: &ActionError) -> Output {
        let words = self.words(error);
        // Words that are Azure's own have the code before them; of others no code is known.
        match words.strip_prefix(code(error)).and_then(|rest| rest.strip_prefix(": ")) {
            Some(said) => refusal(1, code(error), said),
            None => Output::fail(1, format!("ERROR: {words}")),
        }
    }

    /// The resource group of a thing; that of the first cluster where nobody said.
    fn group_of(&self, kind: Kind, name: &str) -> String {
        let world = self.session.world();
        let cluster = || world.clusters.values().next().map_or("rg", |c| &c.resource_group);
        world.groups.of(kind, name).unwrap_or_else(cluster).to_owned()
    }

    /// Where a resource group is, and all that is made in it.
    fn location_of(&self, group: &str) -> String {
        let world = self.session.world();
        let cluster = || world.clusters.values().next().map_or_else(|| LOCATION.to_owned(), |c| c.location.to_string());
        world.groups.get(group).map_or_else(cluster, |g| g.location.to_string())
    }

    /// A group must be there before something is put into it; the article creates some without saying so.
    fn ensure_group(&mut self, line: &Line) -> Result<String, Output> {
        let name = line.need("--resource-group")?.to_owned();
        if self.session.world().groups.get(&name).is_none() {
            let location = line.option("--location").unwrap_or(LOCATION).to_owned();
            self.azure(Action::CreateGroup { name: name.clone(), location })?;
        }
        Ok(name)
    }
}

/// Bytes of what is said of a refusal, at most: no name of Azure is so long.
const MAX_SAID: usize = 4096;

/// How `az` says that Azure refuses something. Source: Azure/azure-sdk-for-python
/// `azure-core/azure/core/exceptions.py` (`ODataV4Format.message_details`).
fn refusal(status: u8, code: &str, said: &str) -> Output {
    let said = &said[..said.floor_char_boundary(MAX_SAID)];
    Output::fail(status, format!("ERROR: ({code}) {said}\nCode: {code}\nMessage: {said}"))
}

/// Azure's code of an error; of several problems that of the first.
fn code(error: &ActionError) -> &'static str {
    match error {
        ActionError::Vnet(problems) => problems.first().map_or("InvalidRequest", VnetProblem::code),
        ActionError::Rule(problems) => problems.first().map_or("InvalidRequest", RuleProblem::code),
        ActionError::InUse { kind: Kind::Subnet, .. } => "InUseSubnetCannotBeDeleted",
        ActionError::InUse { kind: Kind::Nsg, .. } => "InUseNetworkSecurityGroupCannotBeDeleted",
        ActionError::InUse { kind: Kind::RouteTable, .. } => "InUseRouteTableCannotBeDeleted",
        other => other.code(),
    }
}

/// `/subscriptions/...` of a thing of a provider.
fn id(group: &str, kind: &str, name: &str) -> String {
    format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/{kind}/{name}")
}

fn not_found(kind: &str, name: &str, group: &str) -> Output {
    let said = format!(
        "The Resource '{kind}/{name}' under resource group '{group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix"
    );
    refusal(3, "ResourceNotFound", &said)
}

/// Virtual network and subnet out of a subnet's id.
fn subnet_of_id(id: &str) -> Option<(String, String)> {
    let (_, rest) = id.split_once("/virtualNetworks/")?;
    let (vnet, subnet) = rest.split_once("/subnets/")?;
    (!vnet.is_empty() && !subnet.is_empty()).then(|| (vnet.to_owned(), subnet.to_owned()))
}

/// Whether a thing's group is the one that `-g` names, if it names one. Groups have no case.
fn in_group(line: &Line, group: &str) -> bool {
    line.option("--resource-group").is_none_or(|wanted| wanted.eq_ignore_ascii_case(group))
}

/// An id that follows from a name, in the form of a UUID. Source: RFC 9562, version 5.
fn uuid(name: &str) -> String {
    let hash = sha1_smol::Sha1::from(name).digest().bytes();
    let mut text = String::new();
    for (at, byte) in hash.iter().take(16).enumerate() {
        let byte = match at {
            6 => byte & 0x0f | 0x50,
            8 => byte & 0x3f | 0x80,
            _ => *byte,
        };
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
    text
}
