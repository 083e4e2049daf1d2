//! What the real tools printed in the transparent mode (`netns-oracle.out`), under the addresses that ours has there.

use super::linux::masked;
use crate::azure::{lowest, node_address, part_b, pods_on, transparent};
use podhop::shell::Shell;
use podhop::sim::mode::azure::PluginVersion;

/// Lines typed in the pod 10.0.0.11 on node 10.0.0.4. Its neighbour is 10.0.0.12, and 10.0.0.37 is on node 10.0.0.35.
const IN_POD: &[(&str, &str)] = &[
    ("ip route", "default via 169.254.1.1 dev eth0 proto static \n169.254.1.1 dev eth0 proto static scope link \n"),
    (
        "ping -c 3 -i 0.3 10.0.0.4",
        "PING 10.0.0.4 (10.0.0.4) 56(84) bytes of data.\n64 bytes from 10.0.0.4: icmp_seq=1 ttl=64 time=0.048 ms\n64 bytes from 10.0.0.4: icmp_seq=2 ttl=64 time=0.049 ms\n64 bytes from 10.0.0.4: icmp_seq=3 ttl=64 time=0.040 ms\n\n--- 10.0.0.4 ping statistics ---\n3 packets transmitted, 3 received, 0% packet loss, time 652ms\nrtt min/avg/max/mdev = 0.040/0.045/0.049/0.004 ms\n",
    ),
    (
        "ping -c 3 -i 0.3 10.0.0.35",
        "PING 10.0.0.35 (10.0.0.35) 56(84) bytes of data.\n64 bytes from 10.0.0.35: icmp_seq=1 ttl=63 time=0.210 ms\n64 bytes from 10.0.0.35: icmp_seq=2 ttl=63 time=0.077 ms\n64 bytes from 10.0.0.35: icmp_seq=3 ttl=63 time=0.055 ms\n\n--- 10.0.0.35 ping statistics ---\n3 packets transmitted, 3 received, 0% packet loss, time 637ms\nrtt min/avg/max/mdev = 0.055/0.114/0.210/0.068 ms\n",
    ),
    (
        "ping -c 3 -i 0.3 10.0.0.37",
        "PING 10.0.0.37 (10.0.0.37) 56(84) bytes of data.\n64 bytes from 10.0.0.37: icmp_seq=1 ttl=62 time=0.053 ms\n64 bytes from 10.0.0.37: icmp_seq=2 ttl=62 time=0.077 ms\n64 bytes from 10.0.0.37: icmp_seq=3 ttl=62 time=0.077 ms\n\n--- 10.0.0.37 ping statistics ---\n3 packets transmitted, 3 received, 0% packet loss, time 637ms\nrtt min/avg/max/mdev = 0.053/0.069/0.077/0.011 ms\n",
    ),
    (
        "ping -c 1 10.0.0.12",
        "PING 10.0.0.12 (10.0.0.12) 56(84) bytes of data.\n64 bytes from 10.0.0.12: icmp_seq=1 ttl=63 time=0.233 ms\n\n--- 10.0.0.12 ping statistics ---\n1 packets transmitted, 1 received, 0% packet loss, time 0ms\nrtt min/avg/max/mdev = 0.233/0.233/0.233/0.000 ms\n",
    ),
    (
        "ping -c 1 -W 1 10.0.0.200",
        "PING 10.0.0.200 (10.0.0.200) 56(84) bytes of data.\n\n--- 10.0.0.200 ping statistics ---\n1 packets transmitted, 0 received, 100% packet loss, time 0ms\n\n",
    ),
    (
        "ping -c 2 -W 2 10.0.0.38",
        "PING 10.0.0.38 (10.0.0.38) 56(84) bytes of data.\n\n--- 10.0.0.38 ping statistics ---\n2 packets transmitted, 0 received, 100% packet loss, time 1024ms\n\n",
    ),
    (
        "traceroute -n 10.0.0.37",
        "traceroute to 10.0.0.37 (10.0.0.37), 30 hops max, 60 byte packets\n 1  10.0.0.4  0.019 ms  0.006 ms  0.006 ms\n 2  10.0.0.35  0.015 ms  0.009 ms  0.008 ms\n 3  10.0.0.37  0.014 ms  0.010 ms  0.010 ms\n",
    ),
    (
        "traceroute -n 10.0.0.12",
        "traceroute to 10.0.0.12 (10.0.0.12), 30 hops max, 60 byte packets\n 1  10.0.0.4  0.014 ms  0.007 ms  0.005 ms\n 2  10.0.0.12  0.012 ms  0.007 ms  0.007 ms\n",
    ),
    (
        "traceroute -n 10.0.0.35",
        "traceroute to 10.0.0.35 (10.0.0.35), 30 hops max, 60 byte packets\n 1  10.0.0.4  0.014 ms  0.006 ms  0.006 ms\n 2  10.0.0.35  0.015 ms  0.010 ms  0.009 ms\n",
    ),
];

#[test]
fn formats_of_transparent_mode() {
    let session = part_b(lowest(&transparent(PluginVersion::default())));
    let (near, far) = (pods_on(&session, "vmss000000"), pods_on(&session, "vmss000001"));
    let (own, other) = (node_address(&session, "vmss000000"), node_address(&session, "vmss000001"));
    // One that the other node holds and no pod has.
    let world = session.world();
    let nic = world.nics.values().find(|nic| nic.primary().is_some_and(|ip| ip.to_string() == other)).unwrap();
    let taken = |ip: &std::net::Ipv4Addr| world.hosts.values().any(|host| host.is_local(*ip));
    let idle = nic.configs.iter().map(|config| config.address).find(|ip| !taken(ip)).unwrap().to_string();
    let names = [
        ("10.0.0.200", "10.0.9.200"),
        ("10.0.0.4", &own),
        ("10.0.0.35", &other),
        ("10.0.0.37", &far[0]),
        ("10.0.0.38", &idle),
        ("10.0.0.12", &near[1]),
    ];
    let ours = |text: &str| {
        let marked = names.iter().enumerate().fold(text.to_owned(), |t, (at, (from, _))| {
            let whole = regex_lite::Regex::new(&format!(r"\b{}\b", from.replace('.', r"\."))).unwrap();
            whole.replace_all(&t, format!("<{at}>")).into_owned()
        });
        names.iter().enumerate().fold(marked, |t, (at, (_, to))| t.replace(&format!("<{at}>"), to))
    };
    let mut shell = Shell::new(session.clone());
    shell.run(&format!("kubectl exec -it $(kubectl get pod -o wide | grep -w {} | awk '{{print $1}}') -- sh", near[0]));
    let (terminal, session) = shell.off();
    let differs = |(line, real): &(&str, &str)| {
        let output = terminal.clone().on(session.clone()).run(&ours(line));
        let (real, ours) = (masked(&ours(real)), masked(&(output.out + &output.err)));
        (ours != real).then(|| format!("{line}\n  real\n{real}  ours\n{ours}"))
    };
    let found: Vec<String> = IN_POD.iter().filter_map(differs).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
