//! What `ping` prints between the hosts of the article's cluster, which are namespaces there: the same but for times.

use super::assert_none;
use super::world::{Both, possible};
use crate::fixture::article;

/// The pod in which is typed, and another one of its node.
const POD: &str = "10.244.1.3";
const OTHER: &str = "10.244.1.2";

/// What is as the clock has it.
fn masked(text: &str) -> String {
    let masks = [
        // Nobody is there to ask for names.
        ("Temporary failure in name resolution", "Name or service not known"),
        (r"time=[0-9.]+ ms", "time=T ms"),
        (r"time \d+ms", "time Tms"),
        (r"= [0-9]+\.[0-9]{3}/[0-9]+\.[0-9]{3}/[0-9]+\.[0-9]{3}/[0-9]+\.[0-9]{3} ms", "= RTT ms"),
    ];
    let mask = |text: String, (pattern, with): (&str, &str)| {
        regex_lite::Regex::new(pattern).unwrap().replace_all(&text, with).into_owned()
    };
    let text = masks.into_iter().fold(text.to_owned(), mask);
    // What is said of the options comes first there.
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_by_key(|line| !line.starts_with("ping: ") || line.starts_with("ping: local error"));
    lines.join("\n")
}

fn differences(both: &Both, place: &str, lines: &[&str]) -> Vec<String> {
    both.differences(place, lines, masked)
}

/// In the pod, where all is as it should be.
const IN_POD: &[&str] = &[
    "ping -c 2 10.244.0.6",
    "ping -c 3 -i 0.3 10.244.1.2",
    "ping -c 1 10.244.1.3",
    "ping -c 1 127.0.0.1",
    "ping -c 1 10.244.1.1",
    "ping -c 1 10.0.0.4",
    "ping -c 1 10.0.0.5",
    "ping -c 1 10.244.0.1",
    "ping -c 2 -q 10.244.0.6",
    "ping -n -c 1 10.244.0.6",
    "ping -4 -c 1 10.244.0.6",
    "ping -c 1 -s 0 10.244.0.6",
    "ping -c 1 -s 1 10.244.0.6",
    "ping -c 1 -s 15 10.244.0.6",
    "ping -c 1 -s 16 10.244.0.6",
    "ping -c 1 -s 1000 10.244.0.6",
    "ping -c 1 -s 1472 10.244.0.6",
    "ping -c 1 -s 1473 10.244.1.2",
    "ping -c 1 -M do -s 1472 10.244.0.6",
    "ping -c 2 -M do -s 1473 10.244.0.6",
    "ping -c 1 -M dont -s 1472 10.244.0.6",
    "ping -c 1 -M want -s 100 10.244.0.6",
    "ping -c 2 -q -M do -s 1473 10.244.0.6",
    "ping -c 1 -t 1 10.244.0.6",
    "ping -c 1 -t 2 10.244.0.6",
    "ping -c 1 -t 3 10.244.0.6",
    "ping -c 2 -q -t 1 10.244.0.6",
    "ping -c 1 -t 1 10.244.1.2",
    "ping -c 2 -W 4 10.244.1.99",
    "ping -c 3 -W 4 10.244.0.99",
    "ping -c 2 -q -W 4 10.244.1.98",
    "ping -c 1 -W 4 10.244.1.97",
    "ping -c 1 -W 1 10.244.1.95",
    "ping -c 2 -W 1 10.244.0.95",
    "ping -w 2 -i 0.8 10.244.1.94",
    "ping -c 3 -w 1 -i 0.8 10.244.1.93",
    "ping -c 2 -W 1 172.16.1.20",
    "ping -c 1 -W 0.5 10.0.0.1",
    "ping -w 2 -i 0.8 10.244.0.6",
    "ping -c 5 -w 2 -i 0.8 10.244.0.6",
    "ping -c 2 -w 5 10.244.0.6",
    "ping -w 1 -i 0.7 172.16.1.20",
    "ping -c 1 -I eth0 10.244.0.6",
    "ping -c 1 -I 10.244.1.3 10.244.0.6",
    // What is wrong with what is typed.
    "ping",
    "ping -c 1 256.1.1.1",
    "ping -c 0 10.244.0.6",
    "ping -c x 10.244.0.6",
    "ping -c 1x 10.244.0.6",
    "ping -c -1 10.244.0.6",
    "ping -c 99999999999999999999 10.244.0.6",
    "ping -t 256 10.244.0.6",
    "ping -t -1 10.244.0.6",
    "ping -t x 10.244.0.6",
    "ping -c 1 -s -1 10.244.0.6",
    "ping -c 1 -s 65508 10.244.0.6",
    "ping -c 1 -s x 10.244.0.6",
    "ping -c 1 -i x 10.244.0.6",
    "ping -c 1 -i -1 10.244.0.6",
    "ping -c 1 -i 99999999999 10.244.0.6",
    "ping -c 1 -W x 10.244.0.6",
    "ping -c 1 -W -1 10.244.0.6",
    "ping -c 1 -w -1 10.244.0.6",
    "ping -c 1 -w x 10.244.0.6",
    "ping -c 1 -M foo 10.244.0.6",
    "ping -c 1 -I nodev 10.244.0.6",
    "ping -c 1 -I 9.9.9.9 10.244.0.6",
    "ping -c 1 -t 0 10.244.0.6",
    "ping -c 1 10.244",
    "ping -c 1 0.0.0.0",
    "ping -c 1 127.0.0.2",
    "ping -c 1 10.244.1.255",
    "ping -c 1 255.255.255.255",
];

/// On a node, where all is as it should be.
const ON_NODE: &[&str] = &[
    "ping -c 2 10.0.0.5",
    "ping -c 1 10.244.1.2",
    "ping -c 1 10.244.0.6",
    "ping -c 1 10.244.1.1",
    "ping -c 1 10.0.0.4",
    "ping -c 1 -t 1 10.0.0.5",
    "ping -c 1 -t 1 10.244.0.6",
    "ping -c 2 -W 4 10.244.1.96",
    "ping -c 1 -W 1 10.0.0.9",
    "ping -c 1 -W 1 8.8.8.8",
    "ping -c 1 -I cbr0 10.244.1.2",
    "ping -c 1 10.0.3.255",
];

/// In the pod, when its node has no way for some. The kernel says so to one host five times at once and then once a
/// second. Source: Linux `ip_error`.
const NO_WAY: &[&str] = &[
    "ping -c 2 10.99.0.1",
    "ping -c 2 10.98.0.1",
    "ping -c 1 -q 10.98.0.2",
    "ping -c 1 -W 1 10.97.0.1",
    "ping -c 1 -W 1 10.244.0.6",
    "ping -c 1 10.244.1.2",
];

/// On that node, and in a pod without a way out.
const NO_WAY_OUT: &[&str] = &[
    "ping -c 2 10.99.0.1",
    "ping -c 2 10.98.0.1",
    "ping -c 2 10.97.0.1",
    "ping -c 1 -W x 10.99.0.1",
    "ping -q -c 1 10.99.0.1",
    "ping -c 1 0.0.0.1",
];

#[test]
fn answers_and_errors() {
    if !possible(&["ping"]) {
        return;
    }
    let session = article();
    let node = session.world().nodes.values().map(|n| n.name.to_string()).min().unwrap();
    let mut both = Both::new(session);
    let mut found = differences(&both, POD, IN_POD);
    found.extend(differences(&both, &node, ON_NODE));
    both.set(&node, "ip route add unreachable 10.98.0.0/24");
    both.set(&node, "ip route add blackhole 10.97.0.0/24");
    both.set(&node, "ip route del default");
    both.set(OTHER, "ip route del default");
    found.extend(differences(&both, POD, NO_WAY));
    found.extend(differences(&both, &node, NO_WAY_OUT));
    found.extend(differences(&both, OTHER, NO_WAY_OUT));
    assert_none(&found);
}
