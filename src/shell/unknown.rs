//! Commands that are not here.

use super::{Context, Output};

/// Commands that are real and not simulated, with the nearest that is.
const NOT_SIMULATED: &[(&str, &str)] = &[
    ("nmap", "nc"),
    ("helm", "kubectl"),
    ("docker", "crictl"),
    ("ctr", "crictl"),
    ("nsenter", "kubectl debug"),
    ("nslookup", "ping"),
    ("dig", "ping"),
    ("host", "ping"),
    ("mtr", "traceroute"),
    ("tracepath", "traceroute"),
    ("netstat", "conntrack"),
    ("ss", "conntrack"),
    ("ssh", "kubectl debug"),
    ("terraform", "az"),
    ("vim", "cat"),
    ("vi", "cat"),
    ("nano", "cat"),
    ("nft", "iptables-save"),
    ("systemctl", "crictl ps"),
    ("apt", "which"),
    ("apt-get", "which"),
    ("arping", "ping"),
    ("bpftool", "tcpdump"),
    ("busctl", "crictl ps"),
    ("calicoctl", "kubectl"),
    ("cilium", "kubectl"),
    ("chmod", "ls"),
    ("column", "cut"),
    ("cnitool", "crictl"),
    ("dhclient", "ip address"),
    ("diff", "cat"),
    ("dmesg", "kubectl logs"),
    ("ethtool", "ip link"),
    ("find", "ls"),
    ("fping", "ping"),
    ("ftp", "curl"),
    ("git", "cat"),
    ("hubble", "tcpdump"),
    ("id", "whoami"),
    ("ifdown", "ip link set"),
    ("ifup", "ip link set"),
    ("ip6tables", "iptables"),
    ("iperf3", "nc"),
    ("ipset", "iptables-save"),
    ("iptables-restore", "iptables"),
    ("ipvsadm", "iptables-save"),
    ("journalctl", "kubectl logs"),
    ("k9s", "kubectl get pod"),
    ("kubectx", "kubectl config use-context"),
    ("lsmod", "sysctl"),
    ("lsof", "conntrack"),
    ("mkdir", "ls"),
    ("modprobe", "sysctl"),
    ("mv", "cp"),
    ("nerdctl", "crictl"),
    ("ngrep", "tcpdump"),
    ("openssl", "curl"),
    ("ping6", "ping"),
    ("podman", "crictl"),
    ("ps", "crictl ps"),
    ("python3", "jq"),
    ("resolvectl", "cat /etc/resolv.conf"),
    ("rm", "ls"),
    ("scp", "cp"),
    ("service", "crictl ps"),
    ("socat", "nc"),
    ("stern", "kubectl logs"),
    ("su", "whoami"),
    ("sudo", "whoami"),
    ("tc", "ip link"),
    ("tcpflow", "tcpdump"),
    ("tee", "cat"),
    ("telnet", "nc"),
    ("top", "crictl ps"),
    ("touch", "ls"),
    ("traceroute6", "traceroute"),
    ("tshark", "tcpdump"),
    ("wget", "curl"),
    ("wireshark", "tcpdump"),
    ("xargs", "awk"),
    ("yq", "jq"),
];

/// Bytes of a name that are shown of a command that there is not: no path is longer. Source: limits.h, `PATH_MAX`.
pub(super) const MAX_NAME: usize = 4096;

/// What bash says of a command that it does not find, and what is nearest to one that is real.
pub(super) fn unknown(name: &str, context: Context) -> Output {
    let elsewhere = match (name, context) {
        ("az" | "kubectl", Context::Node(_) | Context::Pod(_)) => Some("exit"),
        // One's own machine is outside of the cluster's network.
        ("ping" | "traceroute" | "curl" | "nc", Context::Workstation) => Some("kubectl exec -it POD -- sh"),
        ("ip" | "brctl" | "bridge" | "iptables" | "tcpdump" | "conntrack" | "crictl", Context::Workstation) => {
            Some("kubectl debug node/NODE -it --image=IMAGE")
        }
        _ => NOT_SIMULATED.iter().find(|(n, _)| *n == name).map(|(_, near)| *near),
    };
    let shown = &name[..name.floor_char_boundary(MAX_NAME)];
    let text = format!("bash: {shown}: command not found");
    match elsewhere {
        Some(near) => Output::fail(127, format!("{text}\npodhop: {name} is not simulated here; nearest: {near}")),
        None => Output::fail(127, text),
    }
}
