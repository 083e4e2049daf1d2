//! Linux commands: their formats against what the real tools printed (`netns-oracle.out`; facts, components 4.6).

use super::{in_node, shell};

/// Output of a line in the pod 10.244.1.3.
fn in_pod(line: &str) -> String {
    let mut shell = shell();
    shell.run("kubectl exec -it $(kubectl get pod -o wide | grep 10.244.1.3 | awk '{print $1}') -- sh");
    let output = shell.run(line);
    output.out + &output.err
}

/// Hardware addresses, times, ids and made-up names replaced, as both texts have others.
pub(super) fn masked(text: &str) -> String {
    let mac = regex_lite::Regex::new(r"([0-9a-f]{2}:){5}[0-9a-f]{2}").unwrap();
    let name = regex_lite::Regex::new(r"(veth[0-9a-f]{8}|azv[0-9a-f]{11})").unwrap();
    let bridge = regex_lite::Regex::new(r"8000\.[0-9a-f]{12}").unwrap();
    let time = regex_lite::Regex::new(r"\d+\.\d+ ms|time \d+ms|\d+\.\d{2}$").unwrap();
    let rtt = regex_lite::Regex::new(r"= [0-9./]+ ms").unwrap();
    let broadcast = regex_lite::Regex::new(r"brd \d+\.\d+\.\d+\.\d+ ").unwrap();
    let peer = regex_lite::Regex::new(r"@if\d+|^\d+: ").unwrap();
    let mut out = String::new();
    for line in text.lines() {
        let line = mac.replace_all(line, "MAC");
        let line = name.replace_all(&line, "NAME");
        let line = bridge.replace_all(&line, "BRIDGE");
        let line = rtt.replace_all(&line, "= RTT");
        let line = time.replace_all(&line, "TIME");
        let line = peer.replace_all(&line, "");
        // The plugin of the recording writes broadcast addresses, that of the article does not.
        let line = broadcast.replace_all(&line, "");
        out += &line;
        out.push('\n');
    }
    out
}

/// What the real tools printed in the same cluster, and what is typed for it here: on the node, or in a pod of it.
const RECORDED: &[(bool, &str, &str)] = &[
    (
        true,
        "brctl show",
        "bridge name\tbridge id\t\tSTP enabled\tinterfaces\ncbr0\t\t8000.fac973dd7886\tno\t\tveth5f842724\n\t\t\t\t\t\t\tveth8bc7efd2\n",
    ),
    (
        true,
        "ip route",
        "default via 10.0.0.1 dev eth0 \n10.0.0.0/22 dev eth0 proto kernel scope link src 10.0.0.4 \n10.244.1.0/24 dev cbr0 proto kernel scope link src 10.244.1.1 \n",
    ),
    (true, "sysctl net.ipv4.ip_forward", "net.ipv4.ip_forward = 1\n"),
    (
        true,
        "ip link show cbr0",
        "3: cbr0: <BROADCAST,MULTICAST,PROMISC,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default qlen 1000\n    link/ether fa:c9:73:dd:78:86 brd ff:ff:ff:ff:ff:ff\n",
    ),
    (
        true,
        "bridge link",
        "4: veth5f842724@eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master cbr0 state forwarding priority 32 cost 2 \n5: veth8bc7efd2@eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master cbr0 state forwarding priority 32 cost 2 \n",
    ),
    (
        false,
        "ip route",
        "default via 10.244.1.1 dev eth0 \n10.244.1.0/24 dev eth0 proto kernel scope link src 10.244.1.3 \n",
    ),
    (
        false,
        "ping -c 2 10.244.0.6",
        "PING 10.244.0.6 (10.244.0.6) 56(84) bytes of data.\n64 bytes from 10.244.0.6: icmp_seq=1 ttl=62 time=0.353 ms\n64 bytes from 10.244.0.6: icmp_seq=2 ttl=62 time=0.105 ms\n\n--- 10.244.0.6 ping statistics ---\n2 packets transmitted, 2 received, 0% packet loss, time 503ms\nrtt min/avg/max/mdev = 0.105/0.229/0.353/0.124 ms\n",
    ),
    (
        false,
        "ping -c 1 -t 1 10.244.0.6",
        "PING 10.244.0.6 (10.244.0.6) 56(84) bytes of data.\nFrom 10.244.1.1 icmp_seq=1 Time to live exceeded\n\n--- 10.244.0.6 ping statistics ---\n1 packets transmitted, 0 received, +1 errors, 100% packet loss, time 0ms\n\n",
    ),
    (
        false,
        "ping -c 2 -W 4 10.244.1.99",
        "PING 10.244.1.99 (10.244.1.99) 56(84) bytes of data.\nFrom 10.244.1.3 icmp_seq=1 Destination Host Unreachable\nFrom 10.244.1.3 icmp_seq=2 Destination Host Unreachable\n\n--- 10.244.1.99 ping statistics ---\n2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 1028ms\npipe 2\n",
    ),
    (
        false,
        "traceroute -n 10.244.0.6",
        "traceroute to 10.244.0.6 (10.244.0.6), 30 hops max, 60 byte packets\n 1  10.244.1.1  0.025 ms  0.007 ms  0.007 ms\n 2  10.0.0.5  0.018 ms  0.010 ms  0.010 ms\n 3  10.244.0.6  0.019 ms  0.013 ms  0.013 ms\n",
    ),
    (
        true,
        "ip -d link show cbr0 | sed 's/gc_timer.*/gc_timer /'",
        "3: cbr0: <BROADCAST,MULTICAST,PROMISC,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default qlen 1000\n    link/ether fa:c9:73:dd:78:86 brd ff:ff:ff:ff:ff:ff promiscuity 1  allmulti 0 minmtu 68 maxmtu 65535 \n    bridge forward_delay 1500 hello_time 200 max_age 2000 ageing_time 30000 stp_state 0 priority 32768 vlan_filtering 0 bridge_id 8000.fa:c9:73:dd:78:86 designated_root 8000.fa:c9:73:dd:78:86 root_port 0 root_path_cost 0 topology_change 0 topology_change_detected 0 hello_timer    0.00 tcn_timer    0.00 topology_change_timer    0.00 gc_timer \n",
    ),
    (
        true,
        "ip a show cbr0",
        "3: cbr0: <BROADCAST,MULTICAST,PROMISC,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000\n    link/ether fa:c9:73:dd:78:86 brd ff:ff:ff:ff:ff:ff\n    inet 10.244.1.1/24 brd 10.244.1.255 scope global cbr0\n       valid_lft forever preferred_lft forever\n",
    ),
    (
        false,
        "ip a",
        "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n2: eth0@if5: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default \n    link/ether 02:f1:9c:56:7f:a7 brd ff:ff:ff:ff:ff:ff link-netnsid 0\n    inet 10.244.1.3/24 brd 10.244.1.255 scope global eth0\n       valid_lft forever preferred_lft forever\n",
    ),
    (
        false,
        "ping -c 3 -i 0.3 10.244.1.2",
        "PING 10.244.1.2 (10.244.1.2) 56(84) bytes of data.\n64 bytes from 10.244.1.2: icmp_seq=1 ttl=64 time=0.202 ms\n64 bytes from 10.244.1.2: icmp_seq=2 ttl=64 time=0.079 ms\n64 bytes from 10.244.1.2: icmp_seq=3 ttl=64 time=0.067 ms\n\n--- 10.244.1.2 ping statistics ---\n3 packets transmitted, 3 received, 0% packet loss, time 630ms\nrtt min/avg/max/mdev = 0.067/0.116/0.202/0.061 ms\n",
    ),
    (
        false,
        "ping -c 1 10.244.1.2 >/dev/null; ping -c 1 10.244.0.6 >/dev/null; ip neigh",
        "10.244.1.1 dev eth0 lladdr fa:c9:73:dd:78:86 REACHABLE \n10.244.1.2 dev eth0 lladdr 4e:35:06:df:91:fe REACHABLE \n",
    ),
    (
        false,
        "ping -c 1 -t 2 10.244.0.6",
        "PING 10.244.0.6 (10.244.0.6) 56(84) bytes of data.\nFrom 10.0.0.5 icmp_seq=1 Time to live exceeded\n\n--- 10.244.0.6 ping statistics ---\n1 packets transmitted, 0 received, +1 errors, 100% packet loss, time 0ms\n\n",
    ),
    (
        false,
        "ping -c 1 -t 3 10.244.0.6",
        "PING 10.244.0.6 (10.244.0.6) 56(84) bytes of data.\n64 bytes from 10.244.0.6: icmp_seq=1 ttl=62 time=0.036 ms\n\n--- 10.244.0.6 ping statistics ---\n1 packets transmitted, 1 received, 0% packet loss, time 0ms\nrtt min/avg/max/mdev = 0.036/0.036/0.036/0.000 ms\n",
    ),
    (
        false,
        "ping -c 3 -W 4 10.244.0.99",
        "PING 10.244.0.99 (10.244.0.99) 56(84) bytes of data.\nFrom 10.0.0.5 icmp_seq=1 Destination Host Unreachable\nFrom 10.0.0.5 icmp_seq=2 Destination Host Unreachable\nFrom 10.0.0.5 icmp_seq=3 Destination Host Unreachable\n\n--- 10.244.0.99 ping statistics ---\n3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 2041ms\npipe 3\n",
    ),
    (
        false,
        "ping -c 1 -W 1 172.16.1.20",
        "PING 172.16.1.20 (172.16.1.20) 56(84) bytes of data.\n\n--- 172.16.1.20 ping statistics ---\n1 packets transmitted, 0 received, 100% packet loss, time 0ms\n\n",
    ),
    (
        false,
        "traceroute -n -I 10.244.0.6",
        "traceroute to 10.244.0.6 (10.244.0.6), 30 hops max, 60 byte packets\n 1  10.244.1.1  0.020 ms  0.007 ms  0.006 ms\n 2  10.0.0.5  0.014 ms  0.009 ms  0.010 ms\n 3  10.244.0.6  0.015 ms  0.011 ms  0.011 ms\n",
    ),
    (
        false,
        "traceroute -n 10.244.1.2",
        "traceroute to 10.244.1.2 (10.244.1.2), 30 hops max, 60 byte packets\n 1  10.244.1.2  0.028 ms  0.011 ms  0.010 ms\n",
    ),
];

#[test]
fn formats_of_the_real_tools() {
    for (node, line, real) in RECORDED.iter().copied() {
        let ours = if node { in_node(line) } else { in_pod(line) };
        assert_eq!(masked(&ours).replace("@eth0", ""), masked(real).replace("@eth0", ""), "{line}");
    }
}

#[test]
fn objects_may_be_cut_short() {
    for (short, long) in [
        ("ip a", "ip address show"),
        ("ip -4 r", "ip route show"),
        ("ip n", "ip neighbour"),
        ("ip l", "ip link show"),
        ("ip ru", "ip rule list"),
        ("ip r g 10.0.0.5", "ip route get 10.0.0.5"),
    ] {
        let after = |line: &str| in_node(&format!("ping -c 1 10.0.0.5 >/dev/null; {line}"));
        let (one, other) = (after(short), after(long));
        assert!(!one.is_empty() && one == other, "{short}: {one}\n{long}: {other}");
    }
    assert!(in_node("ip nope").starts_with("Object \"nope\" is unknown, try \"ip help\".\n"));
    assert!(in_node("ip route nope").starts_with("Command \"nope\" is unknown, try \"ip route help\".\n"));
}

/// Routes, neighbours and links: each change is seen by the table and by the packets.
#[test]
fn changes_of_tables() {
    let route = "10.99.0.0/24 via 10.0.0.1";
    for (lines, said) in [
        (format!("ip route add {route}; ip route show 10.99.0.0/24"), "10.99.0.0/24 via 10.0.0.1 dev eth0 \n"),
        (format!("ip route add {route}; ip route add {route}"), "RTNETLINK answers: File exists\n"),
        (
            format!("ip route add {route}; ip route replace 10.99.0.0/24 dev cbr0; ip route show 10.99.0.0/24"),
            "10.99.0.0/24 dev cbr0 scope link \n",
        ),
        ("ip route del 10.99.0.0/24".to_owned(), "RTNETLINK answers: No such process\n"),
        ("ip route add 10.99.0.1/24 dev cbr0".to_owned(), "Error: Invalid prefix for given prefix length.\n"),
        ("ip route add 10.99.0.0/24 dev nope".to_owned(), "Cannot find device \"nope\"\n"),
        (
            "ip neigh add 10.0.0.9 lladdr 00:0d:3a:00:00:09 dev eth0; ip neigh show dev eth0 | grep 10.0.0.9"
                .to_owned(),
            "10.0.0.9 lladdr 00:0d:3a:00:00:09 PERMANENT \n",
        ),
        ("ip neigh del 10.0.0.9 dev eth0".to_owned(), "RTNETLINK answers: No such file or directory\n"),
        ("ip neigh add 10.0.0.9 lladdr zz dev eth0".to_owned(), "\"zz\" is invalid lladdr.\n"),
        ("ip link set cbr0 down; ip -br link show cbr0 | cut -d' ' -f1-14".to_owned(), "cbr0             DOWN"),
        ("ip addr add 10.99.0.1/24 dev cbr0; ip route show 10.99.0.0/24".to_owned(), "10.99.0.0/24 dev cbr0 proto kernel scope link src 10.99.0.1 \n"),
        ("ip a add 10.99.0.1/24 dev cbr0; ip a del 10.99.0.1/24 dev cbr0; ip route | grep -c 10.99; ip -4 a | grep -c 10.99".to_owned(), "0\n0\n"),
        ("ip a add 10.244.1.1/24 dev cbr0".to_owned(), "RTNETLINK answers: File exists\n"),
        ("ip a del 10.99.0.1/24 dev cbr0".to_owned(), "RTNETLINK answers: Cannot assign requested address\n"),
        ("ip a add 10.0.0.5/24 dev cbr0".to_owned(), "podhop: 10.0.0.5 is another machine's"),
        ("ip link set nope up".to_owned(), "Cannot find device \"nope\"\n"),
        (
            "sysctl -w net.ipv4.ip_forward=0; cat /proc/sys/net/ipv4/ip_forward".to_owned(),
            "net.ipv4.ip_forward = 0\n0\n",
        ),
        ("iptables -t nat -D IP-MASQ-AGENT 1; iptables -t nat -S IP-MASQ-AGENT | wc -l".to_owned(), "3\n"),
    ] {
        let found = in_node(&lines);
        assert!(found.starts_with(said), "{lines}: {found}");
    }
}

#[test]
fn older_tools_and_filters() {
    for (line, said) in [
        ("ifconfig eth0 | grep inet", "        inet 10.0.0.4  netmask 255.255.252.0  broadcast 10.0.3.255\n"),
        ("route -n | head -1", "Kernel IP routing table\n"),
        ("head -1 /host/etc/os-release", "NAME=\"Ubuntu\"\n"),
        ("cat /sys/class/net/cbr0/bridge/ageing_time", "30000\n"),
        ("head -1 /proc/net/arp", "IP address       HW type     Flags       HW address            Mask     Device\n"),
        ("ls /host/etc | grep -c cni", "1\n"),
        ("cat /nope", "cat: /nope: No such file or directory\n"),
        ("uname -r", "5.4.0-1059-azure\n"),
        ("uname", "Linux\n"),
        ("hostname -I", "10.0.0.4 10.244.1.1 \n"),
        ("which ip nope", "/usr/bin/ip\n"),
        ("time sleep 2", "\nreal\t0m2.000s\nuser\t0m0.000s\nsys\t0m0.000s\n"),
        ("ping -c 0 10.0.0.5", "ping: invalid argument: '0': out of range: 1 <= value <= 9223372036854775807\n"),
        ("ping -t 300 10.0.0.5", "ping: invalid argument: '300': out of range: 0 <= value <= 255\n"),
        ("arp -n", ""),
        (
            "ping -c 1 10.0.0.5 >/dev/null; arp -n | head -1",
            "Address                  HWtype  HWaddress           Flags Mask            Iface\n",
        ),
        (
            "ip neigh add 10.0.0.9 lladdr 00:0d:3a:00:00:09 dev eth0; arp -n 10.0.0.9 | tail -1",
            "10.0.0.9                 ether   00:0d:3a:00:00:09   CM                    eth0\n",
        ),
        (
            "iptables -t nat -nL IP-MASQ-AGENT | tail -1",
            "MASQUERADE  0    --  0.0.0.0/0            0.0.0.0/0            /* ip-masq-agent: outbound",
        ),
        (
            "iptables -t nat -L POSTROUTING | tail -1",
            "IP-MASQ-AGENT  all  --  anywhere             anywhere             /* ip-masq-agent: ensure",
        ),
        ("bridge -s fdb show br nope", "Cannot find bridge device \"nope\"\n"),
        ("ping nosuch", "ping: nosuch: Name or service not known\n"),
        ("traceroute -n -m 1 10.244.0.6", "traceroute to 10.244.0.6 (10.244.0.6), 1 hops max, 60 byte packets\n"),
        ("curl http://nosuch", "curl: (6) Could not resolve host: nosuch\n"),
        ("nc -zv 10.244.0.6 80", "Connection to 10.244.0.6 80 port [tcp/*] succeeded!\n"),
        ("nc -zv 10.244.0.6 81", "nc: connect to 10.244.0.6 port 81 (tcp) failed: Connection refused\n"),
        ("cat /host/etc/cni/net.d/10-containerd-net.conflist | jq -r '.plugins[0].ipam.subnet'", "10.244.1.0/24\n"),
        (
            "cat /host/etc/cni/net.d/10-containerd-net.conflist | jq -c '[.plugins[] | select(.type == \"portmap\") | .type]'",
            "[\"portmap\"]\n",
        ),
        ("echo '{\"a\":[1,2]}' | jq '.a | length'", "2\n"),
        ("echo '{\"a\":[1,2]}' | jq -c '{b: .a[1], a}'", "{\"b\":2,\"a\":[1,2]}\n"),
        ("echo x | jq .", "parse error: expected value at line 1 column 1\n"),
        ("echo 'a b' | awk '{print $2 \"/\" $1}'", "b/a\n"),
        ("echo 'a 5\nb 50' | awk '$2 > 9 {print $1}'", "b\n"),
        ("echo '10.0.0.10\n10.0.0.9' | sort -V", "10.0.0.9\n10.0.0.10\n"),
        ("echo 'a\nb\nc' | grep -A1 -n a", "1:a\n2-b\n"),
        ("echo abc | tr a-c x-z", "xyz\n"),
        ("echo 'a\nb' | tail -n +2", "b\n"),
    ] {
        let found = in_node(line);
        assert!(found.starts_with(said), "{line}: {found}");
    }
}

/// As ping of iputils 20221126 ends and complains, beside a machine with the same routes.
#[test]
fn ping_reads_its_options() {
    let mut shell = shell();
    shell.run("kubectl debug node/$(kubectl get node -o name | head -1 | cut -d/ -f2) -it --image=x");
    for (line, status, out, err) in [
        ("ping -i 0.2 -c 3 10.0.0.5", 0, "3 packets transmitted, 3 received, 0% packet loss, time 400ms", ""),
        ("ping -w 2 10.0.0.5", 0, "2 packets transmitted, 2 received", ""),
        ("ping -c 5 -w 2 10.0.0.5", 1, "2 packets transmitted, 2 received", ""),
        ("ping -W 0.5 -c 1 10.0.0.5", 0, "1 packets transmitted, 1 received", ""),
        ("ping -M do -s 1472 -c 1 10.0.0.5", 0, "1 received", ""),
        ("ping -M do -s 1473 -c 2 10.0.0.5", 1, "2 packets transmitted, 0 received, +2 errors, 100% packet loss", ""),
        ("ping -M do -s 1473 -c 1 10.0.0.5", 1, "ping: local error: message too long, mtu=1500\n", ""),
        ("ping -M dont -s 1473 -c 1 10.0.0.5", 0, "1 received", ""),
        ("ping -s 1473 -c 1 10.0.0.5", 0, "1 received", ""),
        ("ping -M foo 10.0.0.5", 2, "", "ping: invalid -M argument: foo\n"),
        ("ping -c x 10.0.0.5", 1, "", "ping: invalid argument: 'x'\n"),
        ("ping -c 0 10.0.0.5", 1, "", "ping: invalid argument: '0': out of range: 1 <= value <= 9223372036854775807\n"),
        ("ping -w -1 10.0.0.5", 1, "", "ping: invalid argument: '-1': out of range: 0 <= value <= 2147483647\n"),
        ("ping -W -1 10.0.0.5", 2, "", "ping: bad linger time: -1\n"),
        ("ping -i 99999999999 10.0.0.5", 2, "", "ping: bad timing interval: 99999999999\n"),
        ("ping -I nodev 10.0.0.5", 2, "", "ping: SO_BINDTODEVICE nodev: No such device\n"),
    ] {
        let printed = shell.run(line);
        assert_eq!((printed.status, printed.err.as_str()), (status, err), "{line}: {}", printed.out);
        assert!(printed.out.contains(out), "{line}: {}", printed.out);
    }
    for (route, err) in [
        ("unreachable 10.2.0.0/16", "ping: connect: No route to host\n"),
        ("blackhole 10.2.0.0/16", "ping: connect: Invalid argument\n"),
    ] {
        shell.run(&format!("ip route add {route}"));
        let printed = shell.run("ping -c 1 10.2.0.1");
        assert_eq!((printed.status, printed.err.as_str(), printed.out.as_str()), (2, err, ""), "{route}");
        shell.run("ip route del 10.2.0.0/16");
    }
    shell.run("ip route del default");
    assert_eq!(shell.run("ping -c 1 10.9.0.1").err, "ping: connect: Network is unreachable\n");
}

/// What iptables changes; the real tool is asked the same in `real/iptables.rs`.
#[test]
fn rules_are_changed_and_followed() {
    const DROP: &str = "iptables -I FORWARD -p icmp -j DROP; ";
    for (lines, said) in [
        (
            "iptables -A FORWARD -s 10.1.2.3 -p tcp --dport 80 -j DROP; iptables -S FORWARD",
            "-P FORWARD ACCEPT\n-A FORWARD -s 10.1.2.3/32 -p tcp -m tcp --dport 80 -j DROP\n",
        ),
        ("iptables -P FORWARD DROP; iptables -S FORWARD", "-P FORWARD DROP\n"),
        (
            "iptables -P OUTPUT ACCEPT; ping -c 1 10.0.0.5 >/dev/null; iptables-save -t filter | grep :OUTPUT; \
             iptables -P INPUT DROP; iptables -P OUTPUT ACCEPT; iptables-save -t filter | grep :OUTPUT",
            ":OUTPUT ACCEPT [1:84]\n:OUTPUT ACCEPT [0:0]\n",
        ),
        ("iptables -A NOPE -j ACCEPT", "iptables: No chain/target/match by that name.\n"),
        ("iptables -A INPUT -j NOPE", "iptables v1.8.9 (nf_tables): Chain 'NOPE' does not exist\n"),
        (
            "iptables -A INPUT -j MASQUERADE",
            "iptables v1.8.9 (nf_tables):  RULE_APPEND failed (Invalid argument): rule in chain INPUT\n",
        ),
        ("iptables -A INPUT -m limit --limit 5/s -j ACCEPT", "podhop: of iptables, -m limit is not simulated"),
        ("iptables -A INPUT -j LOG", "podhop: of iptables, -j LOG is not simulated"),
        ("iptables -t mangle -A INPUT -j ACCEPT", "podhop: the table mangle is not simulated"),
        ("conntrack -E -L", "conntrack v1.4.7 (conntrack-tools): Invalid commands combination\n"),
        ("conntrack -E -e NEW,FOO", "conntrack v1.4.7 (conntrack-tools): Bad parameter `FOO'\n"),
        ("conntrack -F 2>/dev/null; conntrack -C; ping -c 1 10.0.0.5 >/dev/null; conntrack -C", "0\n1\n"),
        (
            "sysctl net.ipv4.conf.all.forwarding net.ipv4.conf.eth0.forwarding",
            "net.ipv4.conf.all.forwarding = 1\nnet.ipv4.conf.eth0.forwarding = 1\n",
        ),
        (
            "ip neigh add 10.0.0.77 lladdr 02:00:00:00:00:01 dev eth0; arp -d 10.0.0.77; arp -an 10.0.0.77; arp -d 10.0.0.77",
            "10.0.0.77 (10.0.0.77) -- no entry\nNo ARP entry for 10.0.0.77\n",
        ),
        ("ip addr add 10.244.1.200/24 dev cbr0; ip addr show cbr0 | grep -c secondary", "1\n"),
        (
            "ip route get 8.8.8.8 from 10.244.1.7 iif cbr0",
            "8.8.8.8 from 10.244.1.7 via 10.0.0.1 dev eth0 \n    cache iif cbr0 \n",
        ),
        ("ip route show table local dev cbr0 | head -1", "local 10.244.1.1 proto kernel scope host src 10.244.1.1 \n"),
        ("iptables --version", "iptables v1.8.9 (nf_tables)\n"),
        ("iptables -A INPUT -p udp -j DROP; iptables -Z; iptables -F; iptables -S INPUT", "-P INPUT ACCEPT\n"),
        ("iptables -E A B", "podhop: of iptables, -E is not simulated"),
        ("iptables --help | head -1", "Usage: iptables"),
        (&format!("{DROP}ping -c 1 -W 1 10.244.0.6 | grep -c 'bytes from'"), "1\n"),
        (&format!("{DROP}iptables -D FORWARD 1; iptables -S FORWARD"), "-P FORWARD ACCEPT\n"),
        ("iptables -P OUTPUT DROP; ping -c 1 10.244.0.6", ""),
        (
            "iptables -A OUTPUT -p tcp --dport 80 -j REJECT; nc -zv 10.244.0.6 80",
            "nc: connect to 10.244.0.6 port 80 (tcp) failed: Connection refused\n",
        ),
        (
            "iptables -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT; iptables -P INPUT DROP; ping -c 1 10.244.0.6 | grep -c 'bytes from'; iptables -vnL INPUT | grep -c '    1    84 ACCEPT'",
            "1\n1\n",
        ),
    ] {
        let found = in_node(lines);
        assert!(found.starts_with(said), "{lines}: {found}");
    }
}

/// What is waited for, and what does not leave or is not simulated.
#[test]
fn tools_wait_and_say_why_not() {
    for (lines, said) in [
        ("exit; kubectl exec deploy/nginx -- traceroute -n 10.244.0.6 | tail -1 | cut -c1-14", " 3  10.244.0.6\n"),
        ("a=$(date +%s); ping -c 1 10.0.0.3 >/dev/null; echo $(($(date +%s) - a))", "10\n"),
        ("a=$(date +%s); ping -c 2 -W 3 10.0.0.3 >/dev/null; echo $(($(date +%s) - a))", "4\n"),
        ("a=$(date +%s); ping -c 2 10.0.0.5 >/dev/null; echo $(($(date +%s) - a))", "1\n"),
        ("timeout 2 ping 10.0.0.5 | grep -c 'bytes from\\|statistics'", "2\n"),
        ("timeout 2 ping 10.0.0.5 >/dev/null; echo rc $?", "rc 124\n"),
        ("timeout 2 ping -c 1 10.0.0.3 >/dev/null; echo rc $?", "rc 124\n"),
        ("timeout 9 ping -c 1 10.0.0.5 >/dev/null; echo rc $?", "rc 0\n"),
        (
            "ping -c 1 -I 10.0.0.4 10.0.0.5 | head -1",
            "PING 10.0.0.5 (10.0.0.5) from 10.0.0.4 : 56(84) bytes of data.\n",
        ),
        ("ping -c 1 -I cbr0 10.0.0.5", "podhop: ping -I cbr0 is not simulated, since the route gives eth0"),
        (
            "ping -c 1 10.0.0.3 >/dev/null; a=$(date +%s%3N); traceroute -n 10.0.0.3 >/dev/null; echo $((($(date +%s%3N) - a) / 1000))",
            "30\n",
        ),
        (
            "iptables -A OUTPUT -d 10.0.0.5 -j DROP; traceroute -n 10.0.0.5; echo rc $?",
            "traceroute to 10.0.0.5 (10.0.0.5), 30 hops max, 60 byte packets\nsend: Operation not permitted\nrc 1\n",
        ),
        (
            "iptables -A OUTPUT -d 10.0.0.5 -j REJECT; ping -c 1 10.0.0.5 | grep ^ping",
            "ping: sendmsg: Operation not permitted\n",
        ),
        (
            "iptables -A OUTPUT -p tcp --dport 443 -j ACCEPT; nc -z -w 20 8.8.8.8 443; iptables-save -c | grep 443",
            "[5:200] -A OUTPUT -p tcp",
        ),
        ("iptables -A OUTPUT -p udp --dport 53 -j ACCEPT; nc -zu 8.8.8.8 53; iptables-save -c | grep udp", "[5:145]"),
        (
            "iptables -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to 10.1.1.1:80; iptables -t nat -S PREROUTING | tail -1",
            "-A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.1.1.1:80\n",
        ),
        ("ip link add x type dummy", "podhop: ip link add is not simulated"),
        ("ip route flush 10.9.0.0/16", "podhop: ip route flush is not simulated"),
        ("ip route list match 10.244.1.3", "podhop: match of ip route show is not simulated"),
    ] {
        let found = in_node(lines);
        assert!(found.starts_with(said), "{lines}: {found}");
    }
}

/// Attempts to connect end as those of the real programs do, and take as long.
#[test]
fn attempts_take_their_time() {
    const DROP: &str = "iptables -A OUTPUT -p tcp -j DROP; iptables -A OUTPUT -p udp -j DROP; ";
    const REJECT: &str = "iptables -A OUTPUT -p tcp -j REJECT --reject-with icmp-host-unreachable; ";
    for (line, said) in [
        (
            "time nc -w 2 -zv 10.244.0.6 80",
            "nc: connect to 10.244.0.6 port 80 (tcp) timed out: Operation now in progress\n|0m2.0",
        ),
        ("time nc -zv 10.244.0.6 80", "nc: connect to 10.244.0.6 port 80 (tcp) failed: Connection timed out\n|2m7.0"),
        ("time nc -zvu 10.244.0.6 53", "Connection to 10.244.0.6 53 port [udp/*] succeeded!\n|0m3.0"),
        ("time curl -m 3 http://10.244.0.6", "curl: (28) Connection timed out after 3000 milliseconds\n|0m3.0"),
        (
            "time curl --connect-timeout 1.5 http://10.244.0.6",
            "curl: (28) Failed to connect to 10.244.0.6 port 80 after 1500 ms: Timeout was reached\n|0m1.5",
        ),
        ("time timeout 1 curl http://10.244.0.6; echo =$?", "0m1.0|=124"),
        ("time curl http://10.244.0.6", "port 80 after 127000 ms: Couldn't connect to server\n|2m7.0"),
    ] {
        let found = in_node(&format!("{DROP}{line}"));
        assert!(said.split('|').all(|part| found.contains(part)), "{line}: {found}");
    }
    for (line, said) in [
        ("nc -zv 10.244.0.6 80", "nc: connect to 10.244.0.6 port 80 (tcp) failed: No route to host\n"),
        (
            "curl 10.244.0.6",
            "curl: (7) Failed to connect to 10.244.0.6 port 80 after 0 ms: Couldn't connect to server\n",
        ),
        ("nc -zvu 10.244.0.6 9; echo $?", "1\n"),
        ("ip route add unreachable 10.9.0.0/16; nc -zv 10.9.0.1 80", "(tcp) failed: No route to host\n"),
        ("curl -sk -H 'Host: a' -w '%{http_code}' -o /dev/null https://10.244.0.6:81", "port 81 after"),
    ] {
        let found = in_node(&format!("{REJECT}{line}"));
        assert!(found.contains(said), "{line}: {found}");
    }
}

/// A scenario holds a rule as iptables writes it, and reads it again.
#[test]
fn rules_are_read_from_files() {
    let action = |rule: &str| {
        format!(
            r#"{{"schema":1,"seed":1,"actions":[{{"edit_chain":{{"host":"h","table":"filter","chain":"FORWARD","edit":{{"insert":{{"rule":"{rule}"}}}}}}}}]}}"#
        )
    };
    for (rule, written) in [
        ("-j DROP", "-j DROP"),
        ("", ""),
        ("-p tcp --dport 80 -s 10.0.0.1 -j ACCEPT", "-s 10.0.0.1/32 -p tcp -m tcp --dport 80 -j ACCEPT"),
        (r#"-m comment --comment \"a b\" -j RETURN"#, r#"-m comment --comment \"a b\" -j RETURN"#),
    ] {
        let scenario = podhop::sim::scenario::Scenario::parse(&action(rule)).unwrap();
        let text = scenario.to_compact();
        assert!(text.contains(&format!("\"rule\":\"{written}\"")), "{text}");
        assert_eq!(podhop::sim::scenario::Scenario::parse(&text).unwrap(), scenario);
    }
    for rule in ["-j", "foo", "-p foo", "-m limit", "-j LOG", "-s 1.2.3.4.5", "!", "-m comment"] {
        let read = podhop::sim::scenario::Scenario::parse(&action(rule));
        assert!(read.is_err() || rule == "!", "{rule}");
    }
}
