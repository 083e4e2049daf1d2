//! What `traceroute` prints between the hosts of the article's cluster, which are namespaces there: the same but for
//! times.

use super::assert_none;
use super::world::{Both, possible};
use crate::fixture::article;

const POD: &str = "10.244.1.3";

/// What is as the clock has it.
fn masked(text: &str) -> String {
    let time = regex_lite::Regex::new(r"\d+\.\d{3} ms").unwrap();
    // Nobody is there to ask for names.
    time.replace_all(text, "T ms").replace("Temporary failure in name resolution", "Name or service not known")
}

/// In the pod, where all is as it should be. Without `-w` the real one waits for a probe no longer than three times as
/// long as another took, which is nothing on a busy machine.
const IN_POD: &[&str] = &[
    "traceroute -w 5 -n 10.244.0.6",
    "traceroute -w 5 10.244.0.6",
    "traceroute -w 5 -I -n 10.244.0.6",
    "traceroute -w 5 -I 10.244.0.6",
    "traceroute -w 5 -U -n 10.244.0.6",
    "traceroute -w 5 -n -p 40000 10.244.0.6",
    "traceroute -w 5 -n 10.244.1.2",
    "traceroute -w 5 10.244.1.2",
    "traceroute -w 5 -n 10.0.0.5",
    "traceroute -w 5 -n 10.0.0.4",
    "traceroute -w 5 -n 10.244.1.1",
    "traceroute -w 5 -n 10.244.1.3",
    "traceroute -w 5 -n 127.0.0.1",
    "traceroute -w 5 127.0.0.1",
    "traceroute -w 5 0.0.0.0",
    "traceroute -w 5 -n -m 1 10.244.0.6",
    "traceroute -w 5 -n -m 2 10.244.0.6",
    "traceroute -w 5 -n -f 2 10.244.0.6",
    "traceroute -w 5 -n -f 3 -q 1 10.244.0.6",
    "traceroute -w 5 -n -q 1 10.244.0.6",
    "traceroute -w 5 -n -q 5 10.244.0.6",
    "traceroute -w 5 --max-hops=2 -n 10.244.0.6",
    "traceroute -n -w 1 10.244.0.6",
    "traceroute -w 5 -n 10.244.0.6 100",
    "traceroute -w 5 -n 10.244.0.6 5",
    "traceroute -w 5 -n 10.244.0.6 1400",
    "traceroute -w 5 -I -n 10.244.0.6 5",
    "traceroute -n -w 1 -m 4 172.16.1.20",
    "traceroute -n -q 2 -w 1 -m 3 172.16.1.20",
    "traceroute -I -n -w 1 -m 3 172.16.1.20",
    "traceroute -n -w 5 10.244.1.99",
    "traceroute -n -w 5 10.244.0.99",
    "traceroute -I -n -w 5 10.244.0.98",
    // What is wrong with what is typed.
    "traceroute -n",
    "traceroute 256.1.1.1",
    "traceroute -n nosuch 5",
    "traceroute -m 0 10.244.0.6",
    "traceroute -m 256 10.244.0.6",
    "traceroute -m -1 10.244.0.6",
    "traceroute -m x 10.244.0.6",
    "traceroute -mx 10.244.0.6",
    "traceroute --max-hops=x 10.244.0.6",
    "traceroute 10.244.0.6 -m x",
    "traceroute -n -q 2 -m x 10.244.0.6",
    "traceroute -q 0 10.244.0.6",
    "traceroute -q 11 10.244.0.6",
    "traceroute -f 0 10.244.0.6",
    "traceroute -f 5 -m 3 10.244.0.6",
    "traceroute -w x 10.244.0.6",
    "traceroute -w -1,2,3 10.244.0.6",
    "traceroute -p x 10.244.0.6",
    "traceroute -n 10.244.0.6 x",
    "traceroute -n 10.244.0.6 65001",
    "traceroute -n 10.244.0.6 60 70",
    "traceroute -n 10.244.1.255",
];

/// One after another, one probe a hop: the real one misses answers to segments that it sends at the same time.
const SEGMENTS: &[&str] = &[
    "traceroute -w 5 -T -n -q 1 10.244.0.6",
    "traceroute -w 5 -T -n -q 1 -p 81 10.244.0.6",
    "traceroute -w 5 -T -n -q 1 10.244.0.6 5",
];

/// In the pod, when its node has no way for some: one after another and few, since the kernel says so to one host only
/// five times at once and then once a second. Source: Linux `ip_error`.
const NO_WAY: &[&str] = &[
    "sleep 3; traceroute -n -q 2 -m 1 10.99.0.1",
    "sleep 3; traceroute -n -q 2 -m 1 10.98.0.1",
    "traceroute -n -m 3 -w 1 10.97.0.1",
];

/// On that node.
const NO_WAY_OUT: &[&str] = &[
    "traceroute -n 10.99.0.1",
    "traceroute -n 10.98.0.1",
    "traceroute -n 10.97.0.1",
    "traceroute -I -n 10.99.0.1",
    "traceroute -T -n 10.98.0.1",
    "traceroute -U -n 10.99.0.1",
    "traceroute -m 3 -w 1 10.99",
];

#[test]
fn hops_and_errors() {
    if !possible(&["traceroute"]) {
        return;
    }
    let session = article();
    let node = session.world().nodes.values().map(|n| n.name.to_string()).min().unwrap();
    let mut both = Both::new(session);
    let mut found = both.differences(POD, IN_POD, masked);
    found.extend(both.in_turn(POD, SEGMENTS, masked));
    both.set(&node, "ip route add unreachable 10.98.0.0/24");
    both.set(&node, "ip route add blackhole 10.97.0.0/24");
    both.set(&node, "ip route del default");
    found.extend(both.in_turn(POD, NO_WAY, masked));
    found.extend(both.differences(&node, NO_WAY_OUT, masked));
    assert_none(&found);
}
