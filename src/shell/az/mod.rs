//! `az` on the simulated subscription: each command that changes something is one of the simulation's actions.
//! Source: Azure/azure-cli `src/azure-cli/azure/cli/command_modules/{network,acs,resource,role}`.

mod aks;
mod group;
mod nic;
mod nsg;
mod vm;
mod vnet;

use super::{Output, Shell, json};
use crate::sim::action::Action;
use crate::sim::action::error::{ActionError, Kind};
use crate::sim::fabric::nsg_check::RuleProblem;
use crate::sim::fabric::vnet_check::VnetProblem;
use serde_json::Value;

/// Subscription of everything.
const SUBSCRIPTION: &str = "00000000-0000-0000-0000-000000000000";

/// Command line of one `az`: the words of the command, and its options.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    words: Vec<String>,
    options: Vec<(String, Vec<String>)>,
}

/// Short forms with their long ones.
const SHORT: &[(&str, &str)] = &[
    ("-g", "--resource-group"),
    ("-n", "--name"),
    ("-l", "--location"),
    ("-o", "--output"),
    ("-c", "--node-count"),
    ("--query", "--query"),
];

impl Line {
    fn read(args: &[String]) -> Self {
        let mut line = Self::default();
        for arg in args {
            if let Some(option) = arg.strip_prefix("--").filter(|o| !o.is_empty()) {
                let (name, value) = option.split_once('=').map_or((option, None), |(n, v)| (n, Some(v)));
                line.options.push((format!("--{name}"), value.map(str::to_owned).into_iter().collect()));
            } else if let Some((_, long)) = SHORT.iter().find(|(short, _)| *short == arg.as_str()) {
                line.options.push(((*long).to_owned(), Vec::new()));
            } else if let Some((_, values)) = line.options.last_mut() {
                values.push(arg.clone());
            } else {
                line.words.push(arg.clone());
            }
        }
        line
    }

    fn option(&self, name: &str) -> Option<&str> {
        self.values(name).first().map(String::as_str)
    }

    fn values(&self, name: &str) -> &[String] {
        self.options.iter().rev().find(|(n, _)| n == name).map_or(&[], |(_, values)| values.as_slice())
    }

    fn has(&self, name: &str) -> bool {
        self.options.iter().any(|(n, _)| n == name)
    }

    /// A value that the command cannot do without.
    fn need(&self, name: &str) -> Result<&str, Output> {
        let short = SHORT.iter().find(|(_, long)| *long == name).map_or_else(String::new, |(s, _)| format!("/{s}"));
        self.option(name)
            .ok_or_else(|| Output::fail(2, format!("ERROR: the following arguments are required: {name}{short}")))
    }

    fn number<T: std::str::FromStr>(&self, name: &str, default: T) -> Result<T, Output> {
        match self.option(name) {
            None => Ok(default),
            Some(text) => text
                .parse()
                .map_err(|_| Output::fail(2, format!("ERROR: argument {name}: invalid int value: '{text}'"))),
        }
    }

    fn parsed<T: std::str::FromStr>(&self, name: &str) -> Result<T, Output> {
        let text = self.need(name)?;
        text.parse()
            .map_err(|_| Output::fail(1, format!("ERROR: (InvalidRequestFormat) {name}: '{text}' is not valid.")))
    }
}

/// What a command gives: a value to print, or its end.
type Answer = Result<Value, Output>;

pub(super) fn run(shell: &mut Shell, args: &[String]) -> Output {
    let line = Line::read(args);
    let answer = dispatch(shell, &line);
    match answer {
        Ok(value) => shown(&line, &value),
        Err(output) => output,
    }
}

fn dispatch(shell: &mut Shell, line: &Line) -> Answer {
    let words: Vec<&str> = line.words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["network", "vnet", "subnet", verb, ..] => vnet::subnet(shell, line, verb),
        ["network", "vnet", verb, ..] => vnet::vnet(shell, line, verb),
        ["network", "nsg", "rule", verb, ..] => nsg::rule(shell, line, verb),
        ["network", "nsg", verb, ..] => nsg::nsg(shell, line, verb),
        ["network", "route-table", "route", verb, ..] => vnet::route(shell, line, verb),
        ["network", "route-table", verb, ..] => vnet::route_table(shell, line, verb),
        ["network", "nic", verb, ..] => nic::nic(shell, line, verb),
        ["network", "watcher", verb, ..] => nic::watcher(shell, line, verb),
        ["vm", verb, ..] => vm::vm(shell, line, verb),
        ["aks", "nodepool", verb, ..] => aks::nodepool(shell, line, verb),
        ["aks", verb, ..] => aks::aks(shell, line, verb),
        ["group", verb, ..] => group::group(shell, line, verb),
        ["ad" | "role" | "extension" | "feature" | "provider" | "account", ..] => group::directory(line, &words),
        _ => Err(unknown(&line.words)),
    }
}

fn unknown(words: &[String]) -> Output {
    let typed = words.join(" ");
    Output::fail(
        2,
        format!(
            "ERROR: '{typed}' is misspelled or not recognized by the system.\npodhop: nearest: az network, az vm, az aks, az group"
        ),
    )
}

/// Applies `--query` and `-o`.
fn shown(line: &Line, value: &Value) -> Output {
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
    if value.is_null() {
        return Output::default();
    }
    let format = line.option("--output").unwrap_or("json");
    if format == "table" && !line.has("--query") && line.words.iter().any(|w| w == "show-effective-route-table") {
        return Output::ok(nic::route_table(&value));
    }
    match json::print(&value, format) {
        Some(text) => Output::ok(text),
        None => Output::fail(
            2,
            format!(
                "ERROR: argument --output/-o: invalid choice: '{format}' (choose from 'json', 'jsonc', 'yaml', 'yamlc', 'table', 'tsv', 'none')"
            ),
        ),
    }
}

/// `JMESPath` by its library.
fn search(query: &str, value: &Value) -> Result<Value, String> {
    let expression = jmespath::compile(query).map_err(|error| error.to_string())?;
    let found = expression.search(value).map_err(|error| error.to_string())?;
    serde_json::to_value(&*found).map_err(|error| error.to_string())
}

impl Shell {
    /// Does an action for `az`; its error is in Azure's words.
    fn azure(&mut self, action: Action) -> Result<(), Output> {
        match self.act(action) {
            Ok(()) => Ok(()),
            Err(error) => Err(Output::fail(1, format!("ERROR: ({}) {}", code(&error), self.words(&error)))),
        }
    }

    /// The resource group of a thing; that of the first cluster where nobody said.
    fn group_of(&self, kind: Kind, name: &str) -> String {
        let world = self.session.world();
        let cluster = || world.clusters.values().next().map_or("rg", |c| &c.resource_group);
        world.groups.of(kind, name).unwrap_or_else(cluster).to_owned()
    }

    /// A group must be there before something is put into it; the article creates some without saying so.
    fn ensure_group(&mut self, line: &Line) -> Result<String, Output> {
        let name = line.need("--resource-group")?.to_owned();
        if self.session.world().groups.get(&name).is_none() {
            let location = line.option("--location").unwrap_or("eastus").to_owned();
            self.azure(Action::CreateGroup { name: name.clone(), location })?;
        }
        Ok(name)
    }
}

/// Azure's code of an error; of several problems that of the first.
fn code(error: &ActionError) -> &'static str {
    match error {
        ActionError::Vnet(problems) => problems.first().map_or("InvalidRequest", VnetProblem::code),
        ActionError::Rule(problems) => problems.first().map_or("InvalidRequest", RuleProblem::code),
        other => other.code(),
    }
}

/// `/subscriptions/...` of a thing of a provider.
fn id(group: &str, kind: &str, name: &str) -> String {
    format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/{kind}/{name}")
}

fn not_found(kind: &str, name: &str, group: &str) -> Output {
    Output::fail(
        3,
        format!("ERROR: (ResourceNotFound) The Resource '{kind}/{name}' under resource group '{group}' was not found."),
    )
}

/// Virtual network and subnet out of a subnet's id.
fn subnet_of_id(id: &str) -> Option<(String, String)> {
    let (_, rest) = id.split_once("/virtualNetworks/")?;
    let (vnet, subnet) = rest.split_once("/subnets/")?;
    (!vnet.is_empty() && !subnet.is_empty()).then(|| (vnet.to_owned(), subnet.to_owned()))
}
