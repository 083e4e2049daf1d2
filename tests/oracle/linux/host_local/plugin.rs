//! The real plugin, run as a container runtime runs it.

use super::{Answer, Script, Step, Store, Transcript, config, last_name, store_folder};
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::net::IpAddr;
use std::path::Path;
use std::process::{Command, Stdio};

const PLUGIN: &str = "/usr/lib/cni/host-local";

/// Whether the plugin is on this machine.
pub(crate) fn found() -> bool {
    Path::new(PLUGIN).is_file()
}

pub(super) fn run(script: &Script, folder: &Path) -> Transcript {
    if folder.exists() {
        fs::remove_dir_all(folder).unwrap();
    }
    let store = store_folder(folder);
    fs::create_dir_all(&store).unwrap();
    let mut answers = Vec::new();
    for step in &script.steps {
        match step {
            Step::Add { id, ifname, requested } => answers.push(call("ADD", script, folder, id, ifname, requested)),
            Step::Del { id, ifname } => answers.push(call("DEL", script, folder, id, ifname, &[])),
            Step::OldFile { address, id } => {
                let file = store.join(address.to_string());
                if !file.exists() {
                    fs::write(file, id).unwrap();
                }
            }
            Step::RemoveFile { address } => {
                let _ = fs::remove_file(store.join(address.to_string()));
            }
            Step::LastReserved { set, address } => {
                fs::write(store.join(last_name(*set)), address.to_string()).unwrap();
            }
        }
    }
    Transcript { answers, store: read(&store) }
}

fn call(verb: &str, script: &Script, folder: &Path, id: &str, ifname: &str, requested: &[IpAddr]) -> Answer {
    let mut plugin = Command::new(PLUGIN);
    plugin.env("CNI_COMMAND", verb).env("CNI_CONTAINERID", id).env("CNI_IFNAME", ifname);
    plugin.env("CNI_NETNS", "/proc/self/ns/net").env("CNI_PATH", "/usr/lib/cni");
    plugin.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = plugin.spawn().unwrap();
    let text = config(script, folder, requested).to_string();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let result: Value = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    if !output.status.success() {
        return Err(result["msg"].as_str().unwrap_or("no message").to_owned());
    }
    let ips = result["ips"].as_array().cloned().unwrap_or_default();
    let text = |ip: &Value, field: &str| ip[field].as_str().unwrap().to_owned();
    Ok(ips.iter().map(|ip| (text(ip, "address").parse().unwrap(), text(ip, "gateway").parse().unwrap())).collect())
}

fn read(store: &Path) -> Store {
    let entries = fs::read_dir(store).unwrap().map(|entry| entry.unwrap());
    let named = entries.map(|e| (e.file_name().into_string().unwrap(), e.path()));
    named.filter(|(name, _)| name != "lock").map(|(name, path)| (name, fs::read_to_string(path).unwrap())).collect()
}
