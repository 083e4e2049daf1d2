//! What Tab makes of a line, on the article's cluster.

use podhop::session::Session;
use podhop::shell::complete::complete;
use podhop::shell::{Shell, Terminal};

fn on(lines: &[&str]) -> (Terminal, Session) {
    let mut shell = Shell::new(crate::fixture::article());
    for line in lines {
        shell.run(line);
    }
    shell.off()
}

const NODE: &str = "kubectl debug node/$(kubectl get node -o name | head -1 | cut -d/ -f2) -it --image=x";

/// A line, and how it reads after Tab; where several words are possible, they stand behind.
fn check(place: &(Terminal, Session), cases: &[(&str, &str, &[&str])]) {
    for (line, grown, among) in cases {
        let found = complete(&place.0, &place.1, line);
        assert_eq!(found.grown(line), *grown, "{line}: {:?}", found.words);
        for word in *among {
            assert!(found.words.iter().any(|w| w == word), "{line}: no {word} in {:?}", found.words);
        }
        assert!(found.words.is_sorted(), "{line}");
    }
}

#[test]
fn on_the_workstation() {
    check(
        &on(&["vnet=vnet01"]),
        &[
            ("kube", "kubectl ", &[]),
            ("az net", "az network ", &[]),
            ("az network ", "az network ", &["vnet", "nsg", "route-table", "nic"]),
            ("az network vnet subnet li", "az network vnet subnet list", &["list", "list-available-ips"]),
            ("az network vnet show --na", "az network vnet show --name ", &[]),
            ("az network vnet show -n ", "az network vnet show -n vnet01 ", &[]),
            (
                "az network vnet show -n vnet01 --resource-group=",
                "az network vnet show -n vnet01 --resource-group=whhk ",
                &[],
            ),
            (
                "az network vnet subnet show --vnet-name vnet01 -n v",
                "az network vnet subnet show --vnet-name vnet01 -n vlan01 ",
                &[],
            ),
            ("az network vnet create -n v", "az network vnet create -n v", &[]),
            ("az aks list -o t", "az aks list -o t", &["table", "tsv"]),
            ("az aks show -g whhk -n a", "az aks show -g whhk -n aks01 ", &[]),
            ("kubectl get ", "kubectl get ", &["pods", "nodes", "deployments"]),
            ("kubectl get nodes aks-", "kubectl get nodes aks-nodepool1-54425118-vmss00000", &[]),
            (
                "kubectl -n kube-system describe pods kon",
                "kubectl -n kube-system describe pods konnectivity-agent-gnhvl9wxn9-",
                &[],
            ),
            ("kubectl scale deploy ", "kubectl scale deploy nginx ", &[]),
            ("kubectl get -n kube-s", "kubectl get -n kube-system ", &[]),
            ("kubectl debug node/aks", "kubectl debug node/aks-nodepool1-54425118-vmss00000", &[]),
            ("kubectl get pod | gre", "kubectl get pod | grep ", &[]),
            ("x=$(kubectl get no", "x=$(kubectl get nodes ", &["nodes"]),
            ("echo $vn", "echo $vnet ", &[]),
            ("nosuch ", "nosuch ", &[]),
            ("", "", &["az", "kubectl", "grep"]),
        ],
    );
}

#[test]
fn in_a_pod_from_outside() {
    let place = on(&[]);
    let pod = place.1.world().pods.values().find(|p| p.name.starts_with("nginx")).unwrap().name.to_string();
    let line = format!("kubectl exec {pod} -- ip ro");
    assert_eq!(complete(&place.0, &place.1, &line).grown(&line), format!("kubectl exec {pod} -- ip route "));
}

#[test]
fn on_a_node() {
    check(
        &on(&[NODE]),
        &[
            ("brctl sh", "brctl show", &["show", "showmacs"]),
            ("brctl showmacs ", "brctl showmacs cbr0 ", &[]),
            ("ip link set cb", "ip link set cbr0 ", &[]),
            ("tcpdump -i et", "tcpdump -i eth0 ", &[]),
            ("ping 10.244.0.", "ping 10.244.0.", &["10.244.0.6"]),
            ("cat /ho", "cat /host/", &[]),
            ("cat /host/etc/cni/net.d/1", "cat /host/etc/cni/net.d/10-containerd-net.conflist ", &[]),
            ("kube", "kube", &[]),
        ],
    );
}

/// Whatever stands on the line is completed or left alone.
#[test]
fn bad_lines() {
    let place = on(&[]);
    for line in [
        "'",
        "\"a b",
        "$(",
        "`",
        "|",
        "--",
        "-",
        "=",
        "a=",
        "--x=",
        "kubectl --",
        "kubectl exec -- ",
        "é ",
        "kubectl é",
        "cat '/é",
    ] {
        let found = complete(&place.0, &place.1, line);
        assert!(found.grown(line).len() >= line.len() || !found.words.is_empty(), "{line}");
    }
}
