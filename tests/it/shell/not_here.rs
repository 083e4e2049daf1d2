//! Commands that are real and not simulated: each says so by its name, with one that is simulated. Source: `az --help`,
//! `kubectl --help`, `crictl --help`, ip(8), bridge(8), brctl(8), the manuals of the Linux tools.

use super::{in_node, typed};
use podhop::shell::catalog::commands;

/// Typed on the workstation, by the words before each.
const WORKSTATION: &[(&str, &[&str])] = &[
    (
        "az",
        &[
            "login",
            "logout",
            "acr",
            "appservice",
            "backup",
            "cloud",
            "config",
            "deployment",
            "disk",
            "functionapp",
            "identity",
            "image",
            "keyvault",
            "lock",
            "monitor",
            "policy",
            "resource",
            "rest",
            "sql",
            "storage",
            "tag",
            "upgrade",
            "version",
            "vmss",
            "webapp",
        ],
    ),
    (
        "az network",
        &[
            "application-gateway",
            "asg",
            "bastion",
            "dns",
            "express-route",
            "firewall",
            "lb",
            "local-gateway",
            "nat",
            "private-dns",
            "private-endpoint",
            "public-ip",
            "vnet-gateway",
            "vpn-connection",
            "vwan",
        ],
    ),
    ("az network vnet", &["peering", "list-endpoint-services", "wait"]),
    ("az network nic", &["create", "delete"]),
    ("az network nsg", &["wait"]),
    ("az network watcher", &["flow-log", "packet-capture", "show-topology", "test-connectivity"]),
    ("az group", &["export", "lock", "wait"]),
    ("az account", &["set", "list-locations", "get-access-token"]),
    (
        "az aks",
        &[
            "browse",
            "check-acr",
            "command",
            "enable-addons",
            "get-upgrades",
            "get-versions",
            "install-cli",
            "rotate-certs",
            "start",
            "stop",
            "operation-abort",
            "upgrade",
            "wait",
        ],
    ),
    ("az aks nodepool", &["get-upgrades", "start", "stop", "operation-abort", "upgrade"]),
    ("az vm", &["deallocate", "start", "stop", "restart", "resize", "run-command", "open-port"]),
    (
        "kubectl",
        &[
            "annotate",
            "api-versions",
            "apply",
            "attach",
            "auth",
            "autoscale",
            "cluster-info",
            "cp",
            "diff",
            "edit",
            "explain",
            "expose",
            "kustomize",
            "patch",
            "port-forward",
            "proxy",
            "replace",
            "rollout",
            "set",
            "taint",
            "top",
            "wait",
        ],
    ),
    ("kubectl create", &["configmap", "job", "namespace", "secret", "service", "serviceaccount"]),
    ("kubectl config", &["view", "set-context", "get-clusters"]),
    (
        "",
        &[
            "arping",
            "calicoctl",
            "dig",
            "docker",
            "ethtool",
            "helm",
            "ipset",
            "ipvsadm",
            "journalctl",
            "k9s",
            "mtr",
            "netstat",
            "nft",
            "nmap",
            "nslookup",
            "nsenter",
            "ss",
            "ssh",
            "sudo",
            "systemctl",
            "tc",
            "telnet",
            "tshark",
            "terraform",
            "vim",
            "wget",
            "xargs",
            "yq",
        ],
    ),
];

/// Typed on a node.
const NODE: &[(&str, &[&str])] = &[
    ("crictl", &["attach", "create", "info", "logs", "pull", "rmi", "rm", "run", "stats", "stop", "update"]),
    ("ip", &["maddress", "monitor", "netns", "nexthop", "tunnel", "tuntap", "vrf", "xfrm"]),
    ("bridge", &["mdb", "monitor", "vlan"]),
    ("brctl", &["addbr", "delbr", "addif", "delif", "showstp", "stp"]),
    ("", &["ctr", "ipset", "iptables-restore", "nft", "ss", "tc", "wget"]),
];

fn check(lists: &[(&str, &[&str])], typed: impl Fn(&str) -> String) -> usize {
    let mut count = 0;
    for (before, words) in lists {
        for word in *words {
            let line = format!("{before} {word}");
            let line = line.trim();
            let said = typed(line);
            let here = if before.is_empty() { " here" } else { "" };
            let head = format!("podhop: {line} is not simulated{here}; nearest: ");
            let near = said.lines().find_map(|l| l.strip_prefix(&head)).unwrap_or_else(|| panic!("{line}: {said}"));
            // What is named is there.
            let family = near.split(' ').next().unwrap();
            assert!(commands().any(|c| c.family() == family) || family == "fg", "{line}: {near}");
            let there = |c: &podhop::shell::catalog::Command| c.path.starts_with(near) || near.starts_with(c.path);
            assert!(!matches!(family, "az" | "kubectl") || commands().any(there), "{line}: {near}");
            count += 1;
        }
    }
    count
}

#[test]
fn what_is_not_simulated_says_so() {
    assert!(check(WORKSTATION, typed) + check(NODE, in_node) >= 150);
}

/// What is near does what the other would be for, and is not only alike in name.
#[test]
fn what_is_near_does_alike() {
    for (line, near) in [
        ("kubectl apply -f x.yaml", "kubectl create deployment"),
        ("kubectl top node", "kubectl describe"),
        ("kubectl explain pod", "kubectl api-resources"),
        ("az vm stop -g g -n m", "az vm delete"),
        ("az aks upgrade -g g -n c", "az aks nodepool add"),
    ] {
        let said = typed(line);
        assert!(said.ends_with(&format!(" is not simulated; nearest: {near}\n")), "{line}: {said}");
    }
}

/// What there is nowhere fails as bash has it; a name that is like one of a tool's is offered.
#[test]
fn what_is_nowhere_fails() {
    for (line, said) in [
        ("nosuch", "bash: nosuch: command not found\n"),
        ("kubctl get pod", "bash: kubctl: command not found\n"),
        (
            "az netwrk",
            "ERROR: 'netwrk' is misspelled or not recognized by the system.\n\nDid you mean this?\n\taz network\n",
        ),
        ("kubectl gett pod", "error: unknown command \"gett\" for \"kubectl\"\n\nDid you mean this?\n\tkubectl get\n"),
    ] {
        assert_eq!(typed(line), said, "{line}");
    }
    assert_eq!(typed("nosuch; echo $?"), "127\nbash: nosuch: command not found\n");
}
