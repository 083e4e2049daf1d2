//! `kubectl` itself on the objects that podhop makes: a small server gives it what ours prints as JSON, and what it makes
//! of that on its own side, such as paths, columns and descriptions, is compared with ours.

use super::{assert_none, installed};
use crate::azure::part_c;
use crate::fixture::article;
use podhop::session::Session;
use podhop::shell::Shell;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;

/// Kinds that the server has: plural, kind, whether namespaces have them, short name, group.
const KINDS: [(&str, &str, bool, &str, &str); 8] = [
    ("pods", "Pod", true, "po", "v1"),
    ("nodes", "Node", false, "no", "v1"),
    ("namespaces", "Namespace", false, "ns", "v1"),
    ("services", "Service", true, "svc", "v1"),
    ("events", "Event", true, "ev", "v1"),
    ("deployments", "Deployment", true, "deploy", "apps/v1"),
    ("replicasets", "ReplicaSet", true, "rs", "apps/v1"),
    ("daemonsets", "DaemonSet", true, "ds", "apps/v1"),
];

/// Every object of a cluster by its kind, as ours prints it.
fn objects(shell: &mut Shell) -> Vec<(&'static str, Vec<Value>)> {
    let mut of_kind = |plural: &'static str| {
        let text = shell.run(&format!("kubectl get {plural} -A -o json")).out;
        let list: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{plural}: {error}\n{text}"));
        (plural, list["items"].as_array().cloned().unwrap_or_default())
    };
    KINDS.iter().map(|(plural, ..)| of_kind(plural)).collect()
}

/// What is asked for in the path, and the name and namespace of what an event is about.
fn answer(all: &[(&'static str, Vec<Value>)], target: &str) -> Value {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let resource = |(name, kind, namespaced, short, _): &(&str, &str, bool, &str, &str)| {
        json!({ "name": name, "singularName": kind.to_lowercase(), "namespaced": namespaced, "kind": kind,
                "shortNames": [short], "verbs": ["get", "list"] })
    };
    let list_of = |group: &str| {
        let resources: Vec<Value> = KINDS.iter().filter(|k| k.4 == group).map(resource).collect();
        json!({ "kind": "APIResourceList", "groupVersion": group, "resources": resources })
    };
    match path {
        "/api" => return json!({ "kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": [] }),
        "/apis" => {
            let version = json!({ "groupVersion": "apps/v1", "version": "v1" });
            let group = json!({ "name": "apps", "versions": [version], "preferredVersion": version });
            return json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": [group] });
        }
        "/api/v1" => return list_of("v1"),
        "/apis/apps/v1" => return list_of("apps/v1"),
        _ => {}
    }
    let parts: Vec<&str> =
        path.trim_start_matches("/apis/apps/v1/").trim_start_matches("/api/v1/").split('/').collect();
    let (namespace, rest) = match parts.as_slice() {
        ["namespaces", namespace, rest @ ..] if !rest.is_empty() => (Some(*namespace), rest),
        rest => (None, rest),
    };
    let Some(kind) = rest.first().and_then(|p| KINDS.iter().find(|k| k.0 == *p)) else { return Value::Null };
    let query = query.replace("%3D", "=").replace("%2C", ",").replace("%21", "!");
    let asked: Vec<(String, String)> = query
        .split('&')
        .filter_map(|part| part.strip_prefix("fieldSelector="))
        .flat_map(|selector| selector.split(','))
        .filter(|part| !part.contains("!="))
        .filter_map(|part| part.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned())))
        .collect();
    let at = |item: &Value, path: &str| path.split('.').fold(item.clone(), |value, key| value[key].clone());
    let items: Vec<Value> = all
        .iter()
        .filter(|(plural, _)| *plural == kind.0)
        .flat_map(|(_, items)| items.clone())
        .filter(|item| namespace.is_none_or(|n| item["metadata"]["namespace"] == n))
        .filter(|item| asked.iter().all(|(path, value)| at(item, path).as_str().unwrap_or_default() == value))
        .collect();
    match rest.get(1) {
        Some(name) => items.into_iter().find(|item| item["metadata"]["name"] == **name).unwrap_or(Value::Null),
        None => json!({ "apiVersion": kind.4, "kind": format!("{}List", kind.1),
                        "metadata": { "resourceVersion": "" }, "items": items }),
    }
}

fn serve(stream: TcpStream, all: &[(&'static str, Vec<Value>)]) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        loop {
            let mut header = String::new();
            reader.read_line(&mut header)?;
            if header.trim().is_empty() {
                break;
            }
        }
        let target = first.split_whitespace().nth(1).unwrap_or("/");
        let found = answer(all, target);
        let name = target.split('?').next().unwrap_or("").rsplit('/').next().unwrap_or("");
        let (code, body) = match found {
            Value::Null => (
                "404 Not Found",
                json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "code": 404,
                        "reason": "NotFound", "message": format!("pods \"{name}\" not found") }),
            ),
            body => ("200 OK", body),
        };
        let body = body.to_string();
        write!(
            stream,
            "HTTP/1.1 {code}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
    }
}

/// What is typed; words in capitals stand for names of the cluster.
const TYPED: &[&str] = &[
    "get pod -o name",
    "get node -o name",
    "get deploy,ds -A -o name",
    "get pod POD -o name",
    "get pod POD -o json",
    "get pod POD -o yaml",
    "get node NODE -o json",
    "get node NODE -o yaml",
    "get pod -A -o json",
    "get node -o yaml",
    "get deploy -o yaml",
    "get rs -o yaml",
    "get ds -A -o yaml",
    "get svc -A -o yaml",
    "get ns -o yaml",
    "get events -o yaml",
    "get pod -o jsonpath='{.items[*].metadata.name}'",
    "get pod -o jsonpath='{.items[0].status.podIP}'",
    "get pod -o jsonpath='{range .items[*]}{.metadata.name}{\"\\t\"}{.status.podIP}{\"\\n\"}{end}'",
    "get pod -o jsonpath='{.items[?(@.status.phase==\"Running\")].metadata.name}'",
    "get pod -o jsonpath='{.items[-1].metadata.name}'",
    "get pod -o jsonpath='{.items[0:2].status.podIP}'",
    "get pod -o jsonpath='{.items[*].metadata.labels}'",
    "get pod -o jsonpath='{.items[0].metadata.labels.pod-template-hash}'",
    "get pod -o jsonpath='{.items[0].metadata.nosuch}'",
    "get pod -o jsonpath='{.items[0].status.conditions}'",
    "get pod -o jsonpath='{.items[*].status[\"podIP\",\"hostIP\"]}'",
    "get pod POD -o jsonpath='{.status.podIP}'",
    "get pod POD -o jsonpath='{.spec.containers[*].image} x'",
    "get node -o jsonpath='{.items[*].spec.podCIDR}'",
    "get node -o jsonpath='{.items[*].status.addresses[?(@.type==\"InternalIP\")].address}'",
    "get node NODE -o jsonpath='{.metadata.labels.kubernetes\\.io/hostname}'",
    "get pod -o jsonpath='{.items['",
    "get pod -o jsonpath='{.items[*]'",
    "get pod -o jsonpath='{.items[x]}'",
    "get pod -o jsonpath='.items[0].kind'",
    "get pod -o jsonpath=",
    "get pod -o jsonpath",
    "get pod -o custom-columns=NAME:.metadata.name,IP:.status.podIP,IMAGE:.spec.containers[*].image",
    "get pod -o custom-columns=NAME:metadata.name,X:.nosuch --no-headers",
    "get node -o custom-columns='NODE:.metadata.name,PODS:{.spec.podCIDR}'",
    "get pod -o custom-columns=NAME",
    "get pod -o custom-columns=",
    "get pod -o custom-columns=NAME:.metadata.name,",
    "get pod -o xml",
    "get pod --sort-by=.status.podIP -o name",
    "get pod --sort-by='{.metadata.name}' -o name",
    "get node --sort-by=.metadata.creationTimestamp -o name",
    "describe pod POD",
    "describe pod -n kube-system",
    "describe node NODE",
    "describe node",
];

/// Lines without ages, which are counted from today, and without what only a real cluster knows.
fn kept(text: &str) -> Vec<String> {
    let age = regex_lite::Regex::new(r"\b(\d+[ydhms]){1,2}\b").unwrap();
    let blanks = regex_lite::Regex::new(r" {2,}").unwrap();
    let event = |l: &str| {
        l.starts_with("  Normal") || l.starts_with("  Warning") || l.starts_with("  Type ") || l.starts_with("  ----")
    };
    let mut resources = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        // Leases, what pods ask of processor and memory, and identifiers of machines are not simulated.
        resources = line.starts_with("Allocated resources:") || (resources && line.starts_with("  "));
        let empty =
            ["  Machine ID:", "  System UUID:", "  Boot ID:", "Lease:"].iter().any(|head| line.starts_with(head));
        if resources || empty {
            continue;
        }
        let mut line = age.replace_all(line, "AGE").into_owned();
        let cells: Vec<&str> = line.split_whitespace().collect();
        if let ["Namespace" | "---------", name, .., last] = cells.as_slice() {
            line = format!("  {} {name} {last}", cells[0]);
        } else if line.contains("(-9223372036854775808%)")
            || line.contains("(0%)")
            || (cells.len() == 3 && line.starts_with("  ") && cells[2] == "AGE")
        {
            line = format!("  {} {} AGE", cells[0], cells[1]);
        } else if event(&line) {
            // The column of ages is as wide as they are.
            line = blanks.replace_all(&line, "  ").into_owned();
        }
        lines.push(line);
    }
    lines
}

fn compare(name: &str, session: Session, found: &mut Vec<String>) {
    let mut shell = Shell::new(session);
    let all = objects(&mut shell);
    let first = |shell: &mut Shell, kind: &str| {
        shell.run(&format!("kubectl get {kind} -o name | head -1 | cut -d/ -f2")).out.trim().to_owned()
    };
    let (pod, node) = (first(&mut shell, "pod"), first(&mut shell, "node"));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let all = std::sync::Arc::new(all);
        for stream in listener.incoming().flatten() {
            let all = std::sync::Arc::clone(&all);
            std::thread::spawn(move || serve(stream, &all));
        }
    });
    let cache = std::env::temp_dir().join(format!("podhop-kubectl-{}", address.port()));
    for typed in TYPED {
        let typed = typed.replace("POD", &pod).replace("NODE", &node);
        let line =
            format!("kubectl --server http://{address} --kubeconfig /dev/null --cache-dir {} {typed}", cache.display());
        let real = Command::new("bash").args(["-c", &line]).env("TZ", "UTC").output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&real.stdout), String::from_utf8_lossy(&real.stderr));
        let ours = shell.run(&format!("kubectl {typed}"));
        let (a, b) = (kept(&out), kept(&ours.out));
        let differing = a.iter().zip(&b).find(|(a, b)| a != b).map(|(a, b)| format!("{a}\n       {b}"));
        if a != b || err != ours.err || real.status.code() != Some(i32::from(ours.status)) {
            let whole =
                if a.len() == b.len() { String::new() } else { format!("\n{}\n--\n{}", a.join("\n"), b.join("\n")) };
            found.push(format!(
                "{name}: {typed}\n  real {}{err}\n  ours {}{}{whole}",
                differing.unwrap_or_default(),
                ours.status,
                ours.err
            ));
        }
    }
    std::fs::remove_dir_all(&cache).ok();
}

#[test]
fn kubectl_prints_the_same_of_our_objects() {
    if !installed("kubectl") {
        return;
    }
    let mut found = Vec::new();
    compare("kubenet", article(), &mut found);
    compare("pod subnet", part_c(), &mut found);
    assert_none(&found);
}
