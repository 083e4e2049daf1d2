//! What the packets of the article's cluster leave behind: flows that are tracked, addresses behind ports, neighbours.
//! The same packets go through namespaces of the same cluster, and the same tools are asked there.

use super::assert_none;
use super::world::{Both, possible};
use crate::fixture::article;

const POD: &str = "10.244.1.3";
const OTHER: &str = "10.244.1.2";

/// What is drawn by chance or runs down: numbers of echo requests, ports of clients, times. The kernel has its tables by
/// hash, and groups of multicast; on kernels with VLAN filtering an own address is listed twice.
fn masked(text: &str) -> String {
    let masks = [
        (r"id=\d+", "id=ID"),
        (r"port=\d{5}", "port=PORT"),
        (r"^(\w+ +\d+) \d+ ", "$1 LEFT "),
        (r"[ \d]{4}\.\d{2}$", "AGE"),
        // None is asked again there, and the other side's clock runs on while nobody answers.
        (r"REACHABLE|STALE|DELAY", "KNOWN"),
    ];
    let masks = masks.map(|(pattern, with)| (regex_lite::Regex::new(pattern).unwrap(), with));
    let masked = |line: &str| masks.iter().fold(line.to_owned(), |l, (mask, with)| mask.replace_all(&l, *with).into());
    let group = |line: &&str| !line.starts_with("33:33:") && !line.starts_with("01:00:5e:");
    let mut lines: Vec<String> = text.lines().filter(group).map(masked).collect();
    lines.sort();
    lines.dedup();
    lines.join("\n")
}

/// What is sent, and what nobody looks at.
const SENT: &[&str] = &[
    "ping -c 1 10.244.1.2 >/dev/null",
    "ping -c 1 10.244.0.6 >/dev/null",
    "ping -c 1 -W 1 8.8.8.8 >/dev/null; true",
    "ping -c 1 10.0.0.5 >/dev/null",
    "curl http://10.244.0.6:81 >/dev/null 2>&1; true",
    "curl http://10.0.0.5:81 >/dev/null 2>&1; true",
    "traceroute -U -n -q 1 -f 5 -m 5 10.244.0.6 >/dev/null",
    "timeout 1 curl http://8.8.8.8 >/dev/null 2>&1; true",
];

const ON_NODE: &[&str] = &[
    "conntrack -L",
    "conntrack -L conntrack",
    "conntrack -L expect",
    "conntrack -L -p icmp",
    "conntrack -L -p ICMP",
    "conntrack -L -p 6",
    "conntrack -L -p udp",
    "conntrack -L -p sctp",
    "conntrack -L -s 10.244.1.3",
    "conntrack -L --src 10.244.1.3 --proto tcp",
    "conntrack -L -d 8.8.8.8",
    "conntrack -L -d 10.244.0.0/24",
    "conntrack -L -s 10.9.9.9",
    "conntrack -L -p nosuch",
    "conntrack -L -s x",
    "conntrack -L nosuch",
    "conntrack -L -F",
    "brctl showmacs cbr0",
    "brctl show",
    "bridge fdb",
    "bridge fdb show br cbr0",
    "bridge fdb show dev cbr0",
    "bridge fdb show dev eth0",
    "ip neigh show dev cbr0",
    "ip neigh show dev eth0",
    "arp -n 10.244.1.3",
];

const IN_POD: &[&str] = &["ip neigh", "arp -n", "arp -an", "ip route get 10.244.0.6"];

#[test]
fn what_packets_leave_behind() {
    if !possible(&["conntrack", "ping", "traceroute", "curl", "brctl", "bridge", "arp"]) {
        return;
    }
    let session = article();
    let mut nodes: Vec<String> = session.world().nodes.values().map(|n| n.name.to_string()).collect();
    nodes.sort();
    let mut both = Both::new(session);
    for pod in both.pods() {
        let (net, _) = pod.rsplit_once('.').unwrap();
        both.set(&pod, &format!("ping -c 1 {net}.1 >/dev/null"));
    }
    for line in SENT {
        both.set(POD, line);
    }
    both.set(&nodes[0], "ping -c 1 10.244.0.6 >/dev/null");
    both.set(&nodes[0], "ping -c 1 -W 1 8.8.8.8 >/dev/null; true");
    let mut found = Vec::new();
    for node in &nodes {
        found.extend(both.differences(node, ON_NODE, masked));
    }
    for pod in [POD, OTHER] {
        found.extend(both.differences(pod, IN_POD, masked));
    }
    found.extend(both.in_turn(&nodes[0], &["conntrack -F", "conntrack -L"], masked));
    assert_none(&found);
}
