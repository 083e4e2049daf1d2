//! What `kubectl get` prints of what it found: tables, objects, paths and columns.
//! Source: kubernetes/cli-runtime `pkg/printers`, kubernetes/kubectl `pkg/cmd/get`; what the real one printed.

use super::Line;
use super::get::{COLUMNS, Found, Item};
use super::objects::{Facts, listed};
use crate::shell::json::{kube_yaml, pretty};
use crate::shell::table::tabwriter;
use crate::shell::{Output, Shell, jsonpath};
use serde_json::Value;

impl Found {
    pub(super) fn print(self, shell: &Shell, line: &Line, single: bool, several: bool) -> Output {
        let format = line.option("--output").unwrap_or("");
        let prefix = self.kind.group_singular();
        let values = || {
            let facts = Facts::of(shell);
            self.items.iter().map(|item| item.object.value(&facts)).collect::<Vec<Value>>()
        };
        let objects = || listed(values(), single);
        match format {
            "" | "wide" => self.table(line, several),
            "name" => Output::ok(self.items.iter().map(|item| format!("{prefix}/{}\n", item.name)).collect::<String>()),
            "json" => Output::ok(indented(&objects())),
            "yaml" => Output::ok(kube_yaml(&objects())),
            other => match other.split_once('=') {
                Some(("jsonpath", "")) => Output::fail(1, NO_TEMPLATE),
                Some(("jsonpath", template)) => match jsonpath::render(template, &objects()) {
                    Ok(text) => Output::ok(text),
                    Err(wrong) if wrong.parsing => {
                        Output::fail(1, format!("error: error parsing jsonpath {template}, {}", wrong.why))
                    }
                    // The real one also prints the whole object in the words of Go.
                    Err(wrong) => Output {
                        out: wrong.before,
                        err: format!(
                            "error: error executing jsonpath {template:?}: Error executing template: {}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t{template}\n",
                            wrong.why
                        ),
                        status: 1,
                    },
                },
                Some(("custom-columns", spec)) => custom(values().iter(), spec, !line.has("--no-headers")),
                Some((
                    known @ ("go-template"
                    | "template"
                    | "go-template-file"
                    | "templatefile"
                    | "jsonpath-as-json"
                    | "jsonpath-file"
                    | "custom-columns-file"),
                    _,
                )) => Output::fail(1, format!("podhop: -o {known} is not simulated; nearest: -o jsonpath")),
                None if other == "jsonpath" => Output::fail(1, NO_TEMPLATE),
                None if other == "custom-columns" => Output::fail(1, NO_COLUMNS),
                _ => Output::fail(
                    1,
                    format!(
                        "error: unable to match a printer suitable for the output format \"{other}\", allowed formats are: custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,wide,yaml"
                    ),
                ),
            },
        }
    }

    fn table(self, line: &Line, several: bool) -> Output {
        if self.items.is_empty() {
            let place = match line.within() {
                Some(namespace) if self.kind.is_namespaced() => format!(" in {namespace} namespace"),
                _ => String::new(),
            };
            return Output { err: format!("No resources found{place}.\n"), ..Output::default() };
        }
        let head = self.head(line);
        let first = usize::from(self.captions.first() == Some(&"NAMESPACE"));
        let prefix = self.kind.group_singular();
        let row = |mut item: Item| {
            if several && let Some(name) = item.row.get_mut(first) {
                *name = format!("{prefix}/{name}");
            }
            item.cells(line)
        };
        let rows: Vec<Vec<String>> = head.into_iter().chain(self.items.into_iter().map(row)).collect();
        Output::ok(tabwriter(&rows, COLUMNS.0, COLUMNS.1))
    }
}

/// Four blanks a level, as `kubectl` writes JSON.
fn indented(value: &Value) -> String {
    let lines = pretty(value);
    let deeper = |line: &str| {
        let blanks = line.len() - line.trim_start().len();
        format!("{}{}\n", " ".repeat(blanks), line)
    };
    lines.lines().map(deeper).collect()
}

const NO_TEMPLATE: &str = "error: template format specified but no template given";
const NO_COLUMNS: &str = "error: custom-columns format specified but no custom columns given";

/// Source: kubernetes/kubectl `pkg/cmd/get/customcolumn.go`.
fn custom<'a>(objects: impl Iterator<Item = &'a Value>, spec: &str, headers: bool) -> Output {
    if spec.is_empty() {
        return Output::fail(1, NO_COLUMNS);
    }
    let mut columns: Vec<(&str, String)> = Vec::new();
    for part in spec.split(',') {
        let Some((name, path)) = part.split_once(':') else {
            let said = format!("error: unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>");
            return Output::fail(1, said);
        };
        columns.push((name, format!("{{.{}}}", path.trim_matches(['{', '}']).trim_start_matches('.'))));
    }
    let mut rows = Vec::new();
    if headers {
        rows.push(columns.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>());
    }
    for object in objects {
        let mut row = Vec::new();
        for (_, path) in &columns {
            match jsonpath::cells(path, object) {
                Ok(cells) if cells.is_empty() => row.push("<none>".to_owned()),
                Ok(cells) => row.push(cells.join(",")),
                Err(wrong) => {
                    let out = tabwriter(&rows, COLUMNS.0, COLUMNS.1);
                    return Output { out, err: format!("error: {}\n", wrong.why), status: 1 };
                }
            }
        }
        rows.push(row);
    }
    Output::ok(tabwriter(&rows, COLUMNS.0, COLUMNS.1))
}
