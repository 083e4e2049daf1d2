//! `az group`, and what has no effect on the network: directory, roles, extensions, features.

use super::{Answer, Line, SUBSCRIPTION, unknown};
use crate::shell::{Output, Shell};
use crate::sim::action::Action;
use serde_json::{Value, json};

pub(super) fn group(shell: &mut Shell, line: &Line, verb: &str) -> Answer {
    let shown = |name: &str, location: &str| {
        json!({
            "id": format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/{name}"),
            "location": location,
            "name": name,
            "properties": { "provisioningState": "Succeeded" },
            "type": "Microsoft.Resources/resourceGroups",
        })
    };
    match verb {
        "create" => {
            let name = line.need("--name").or_else(|_| line.need("--resource-group"))?.to_owned();
            let location = line.need("--location")?.to_owned();
            shell.azure(Action::CreateGroup { name: name.clone(), location: location.clone() })?;
            Ok(shown(&name, &location))
        }
        "list" => {
            Ok(Value::Array(shell.session().world().groups.iter().map(|g| shown(&g.name, &g.location)).collect()))
        }
        "show" => {
            let name = line.need("--name").or_else(|_| line.need("--resource-group"))?;
            let found = shell.session().world().groups.get(name);
            found.map(|g| shown(&g.name, &g.location)).ok_or_else(|| {
                Output::fail(3, format!("ERROR: (ResourceGroupNotFound) Resource group '{name}' could not be found."))
            })
        }
        _ => Err(unknown(&line.words)),
    }
}

/// Commands that the article types and that change nothing here. What a service principal is for: the route controller
/// writes the route table with its rights.
pub(super) fn directory(line: &Line, words: &[&str]) -> Answer {
    let app = "11111111-1111-1111-1111-111111111111";
    let name = line.option("--name").or(line.option("--display-name")).unwrap_or("app");
    Ok(match words {
        ["ad", "sp", "create-for-rbac"] => json!({
            "appId": app,
            "displayName": name,
            "password": "simulated",
            "tenant": SUBSCRIPTION,
        }),
        ["ad", "sp", "list"] => json!([{ "appId": app, "displayName": name }]),
        ["ad", "sp", "show"] => json!({ "appId": app }),
        ["role", "assignment", "create"] => json!({
            "principalId": line.need("--assignee")?,
            "roleDefinitionName": line.need("--role")?,
            "scope": line.need("--scope")?,
        }),
        ["extension", "add" | "update"] => {
            line.need("--name")?;
            Value::Null
        }
        ["feature", "register"] => feature(line.need("--namespace")?, line.need("--name")?, "Registering"),
        ["feature", "list"] => json!([feature("Microsoft.ContainerService", "PodSubnetPreview", "Registered")]),
        ["feature", "show"] => feature(line.need("--namespace")?, line.need("--name")?, "Registered"),
        ["provider", "register"] => Value::Null,
        ["account", "show"] => json!({ "id": SUBSCRIPTION, "name": "podhop", "state": "Enabled" }),
        _ => return Err(unknown(&line.words)),
    })
}

fn feature(namespace: &str, name: &str, state: &str) -> Value {
    json!({
        "id": format!("/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Features/providers/{namespace}/features/{name}"),
        "name": format!("{namespace}/{name}"),
        "properties": { "state": state },
        "type": "Microsoft.Features/providers/features",
    })
}
