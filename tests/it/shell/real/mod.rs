//! The node of the article built once more in a network namespace, and the real tools asked the same there. Only where
//! the tests run as root on Linux with the tools installed; elsewhere `linux.rs` has what they printed.

mod filters;
mod iptables;
#[cfg(target_os = "linux")]
mod kernel;
mod kubectl;
#[cfg(target_os = "linux")]
mod learned;
#[cfg(target_os = "linux")]
mod ping;
mod tcpdump;
#[cfg(target_os = "linux")]
mod traceroute;
#[cfg(target_os = "linux")]
mod world;

use super::shell;
use podhop::sim::host::Host;
use podhop::sim::host::fib::RouteKind;
use podhop::sim::host::interface::{Interface, InterfaceKind};
use std::fmt::Write;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

/// Whether a tool is there; where it is not, the tests say so.
fn installed(tool: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {tool}")]).output();
    let found = found.is_ok_and(|output| output.status.success());
    if !found {
        eprintln!("{tool} is not installed: what podhop prints in its place is not compared with it here");
    }
    found
}

/// Runs a program with its standard input.
fn piped(program: &str, args: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(program);
    command.args(args).env("TZ", "UTC").env("LC_ALL", "C.UTF-8");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{program}: {error}"));
    let mut stdin = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        // A program that stops reading, such as `head`, breaks the pipe.
        scope.spawn(move || stdin.write_all(input).ok());
        child.wait_with_output().unwrap()
    })
}

/// Differences, one of each kind: those that differ in numbers alone are of a kind.
fn assert_none(differences: &[String]) {
    let kind = |text: &String| text.replace(|c: char| c.is_ascii_hexdigit(), "");
    let kinds: std::collections::BTreeMap<String, &String> = differences.iter().map(|d| (kind(d), d)).collect();
    let shown: Vec<&str> = kinds.values().take(100).map(|text| text.as_str()).collect();
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), shown.join("\n"));
}

/// Whether the tools are there and a namespace may be made.
fn possible() -> bool {
    let works = |line: &str| {
        let done = Command::new("unshare").args(["-nm", "sh", "-c", line]).output();
        done.is_ok_and(|output| output.status.success())
    };
    works(
        "ip link set lo up && ip link add br0 type bridge && brctl show && route -n && iptables-save -t nat && bash -c true",
    )
}

/// Commands that build a host's interfaces and routes.
fn build(host: &Host) -> String {
    // A bridge tells others of the groups that it listens to, and the rules count that.
    let quiet = "echo 0 >/proc/sys/net/ipv4/igmp_link_local_mcast_reports";
    // A list without -n asks for names, and nobody answers here: without a server it does not wait for that.
    let nameless = "mount --bind /dev/null /etc/resolv.conf";
    let mut lines = format!("set -e\nmount -t sysfs sysfs /sys\n{quiet}\n{nameless}\nip link set lo up\n");
    let name = |i: &Interface| i.name.to_string();
    for interface in host.interfaces.values() {
        let kind = match interface.kind {
            InterfaceKind::Loopback => continue,
            InterfaceKind::Bridge => "type bridge".to_owned(),
            // The kernel of CI has no other kind that stands alone.
            InterfaceKind::Nic(_) | InterfaceKind::Veth { .. } => format!("type veth peer name p{}", interface.index.0),
        };
        writeln!(lines, "ip link add {} address {} {kind}", name(interface), interface.mac).unwrap();
        if interface.promiscuous {
            writeln!(lines, "ip link set {} promisc on", name(interface)).unwrap();
        }
    }
    for interface in host.interfaces.values().filter(|i| i.kind != InterfaceKind::Loopback) {
        if let Some(master) = interface.master.and_then(|m| host.interface(m)) {
            writeln!(lines, "ip link set {} master {}", name(interface), master.name).unwrap();
        }
        for address in &interface.addresses {
            let broadcast = if address.broadcast { " brd +" } else { "" };
            writeln!(lines, "ip addr add {}{broadcast} dev {}", address.net, name(interface)).unwrap();
        }
        writeln!(lines, "ip link set {} up", name(interface)).unwrap();
        if matches!(interface.kind, InterfaceKind::Nic(_) | InterfaceKind::Veth { .. }) {
            writeln!(lines, "ip link set p{} up", interface.index.0).unwrap();
        }
    }
    for route in host.fib.routes() {
        if let RouteKind::Unicast { dev, via: Some(via) } = route.kind {
            let dev = host.interface(dev).unwrap();
            writeln!(lines, "ip route add {} via {via} dev {}", route.dst, dev.name).unwrap();
        }
    }
    lines
}

/// Lines without what differs by nature: the time in comments of `iptables-save`; numbers of interfaces and what
/// is at the other end of a pair, which is in the same namespace there; counters; addresses of IPv6 and what is only the
/// kernel's, such as groups of multicast.
fn kept(text: &str, line: &str) -> Vec<String> {
    let masks = [
        (r"^(# (Generated by .*|Completed) on) .*", "$1 TIME"),
        (r"^\d+: ", "N: "),
        (r"@[a-z0-9]+", "@PEER"),
        (r" link-netnsid \d+", ""),
        (r#""ifindex":\d+"#, "IFINDEX"),
        (r#""link(_index)?":("\w+"|\d+)"#, "LINK"),
        (r#","link_netnsid":\d+"#, ""),
        (r"gc_timer +[0-9.]+", "GC"),
        (r"dropped \d+", "dropped N"),
        (r"\[\d+:\d+\]", "[COUNT]"),
        (r"(policy \w+) \d+ packets, \d+ bytes", "$1 COUNT"),
        (r"forward_delay_timer +[0-9.]+", "TIMER"),
        (r"([RT]X) packets \d+  bytes \d+ \([^)]*\)", "$1 COUNT"),
        (r"^ +\d+( +\d+){5} $", "COUNT"),
        (r"^(    [RT]X:) +bytes +packets", "$1 COUNT"),
    ];
    let masks = masks.map(|(pattern, with)| (regex_lite::Regex::new(pattern).unwrap(), with));
    let only_there = |l: &&str| {
        let multicast = l.starts_with("33:33:") || l.starts_with("01:00:5e:");
        !l.contains("inet6") && !multicast
    };
    let masked = |l: &str| masks.iter().fold(l.to_owned(), |l, (mask, with)| mask.replace_all(&l, *with).into_owned());
    let mut after_inet6 = false;
    let of_inet6 = |l: &&str| {
        let own = after_inet6 && l.contains("valid_lft");
        after_inet6 = l.contains("inet6");
        !own
    };
    let mut lines: Vec<String> = text.lines().filter(of_inet6).filter(only_there).map(masked).collect();
    // The kernel has these in tables by hash.
    if line.starts_with("bridge fdb") || line.starts_with("ip neigh") || line.starts_with("arp") {
        lines.sort();
    }
    lines
}

/// What is asked of both, on the node of the article.
const ASKED: &[&str] = &[
    "ip route",
    "ip route show dev cbr0",
    "ip route show proto kernel",
    "ip route show 10.244.1.0/24",
    "ip route show via 10.0.0.1",
    "ip -d route",
    "ip -j route",
    "ip -j route show dev cbr0",
    "ip route get 10.0.0.5",
    "ip route get 10.244.0.6",
    "ip route get 10.0.0.4",
    "ip route get 127.0.0.1",
    "ip -j route get 10.244.1.2",
    "ip route get 10.0.0.9 from 10.0.0.4",
    "ip route get 1.2.3.4 from 9.9.9.9",
    "ip route get x",
    "ip -4 address show cbr0",
    "ip address show cbr0",
    "ip -4 -br address show cbr0",
    "ip -o -4 address show cbr0",
    "ip -o link show cbr0",
    "ip link show cbr0",
    "ip link show lo",
    "ip -d link show cbr0",
    "ip -d link show lo",
    "ip -s link show cbr0",
    "ip -br link show cbr0",
    "ip -j link show cbr0",
    "ip -j -4 address show cbr0",
    "ip link show nosuch",
    "ip address show nosuch",
    "ip link show type bridge",
    "ip link show type nosuch",
    "ip link show type",
    "ip link show up dev cbr0",
    "ip -o link show master cbr0 | cut -d@ -f1 | cut -d: -f2",
    "ip -o link show master nosuch",
    "ip link show cbr0 eth0",
    "ip address show type bridge up",
    "brctl show",
    "brctl show nosuch",
    "bridge link",
    "bridge -d link",
    "bridge link show dev nosuch",
    "bridge fdb show dev nosuch",
    "ip route show table local",
    "ip route show table local dev cbr0",
    "ip route show table local type broadcast",
    "ip -4 route show table all",
    "ip -j route show table local",
    "ip route show table 77",
    "ip route get 10.244.1.255",
    "ip -j route get 10.244.1.255",
    "ip route get 10.0.0.4 from 10.244.1.7 iif cbr0",
    "ip route get 10.244.1.255 from 10.0.0.9 iif eth0",
    "ip route get 8.8.8.8 from 10.244.1.7 iif nosuch",
    "ip rule",
    "ip -j rule",
    "iptables-save -t nat",
    "iptables -t nat -S",
    "iptables -t nat -S IP-MASQ-AGENT",
    "iptables -t nat -S NOSUCH",
    "iptables -t nat -nL",
    "iptables -t nat -nL IP-MASQ-AGENT",
    "iptables -t nat -L POSTROUTING",
    "iptables -t nat -nL IP-MASQ-AGENT --line-numbers",
    "iptables-save -c -t nat",
    "iptables -t nat -nvL",
    "iptables -t nat -nvxL",
    "iptables -t nat -vL IP-MASQ-AGENT",
    "iptables -t nat -nvL POSTROUTING --line-numbers",
    "iptables -t nat -vS",
    "iptables -S",
    "iptables -nL",
    "iptables -vnL",
    "ip -br address show cbr0 | cut -d/ -f1",
    "route -n",
    "route",
    "arp -n 10.9.9.9",
    "ifconfig cbr0",
    "ifconfig lo",
    "ifconfig nosuch",
    "sysctl -n net.ipv4.conf.cbr0.proxy_arp",
    "sysctl net.ipv4.nosuch",
    "ebtables -t nat -L",
    "ebtables -L",
];

/// Changes and what comes of them, each in a namespace of its own.
const CHANGES: &[&str] = &[
    // What looks names up asks for the gateway, which is then in this table.
    "arp -n",
    "ip neigh add 10.244.1.77 lladdr 02:00:00:00:00:77 dev cbr0; ip neigh; ip -j neigh; arp -n; arp -an; ip neigh show dev cbr0; \
     ip neigh show 10.244.1.77; ip neigh show nud permanent; ip neigh get 10.244.1.77 dev cbr0",
    "ip neigh add 10.244.1.77 lladdr 02:00:00:00:00:77 dev cbr0; ip neigh add 10.244.1.77 lladdr 02:00:00:00:00:78 dev cbr0; \
     ip neigh replace 10.244.1.77 lladdr 02:00:00:00:00:79 dev cbr0; ip neigh; ip neigh del 10.244.1.77 dev cbr0; ip neigh",
    "ip neigh change 10.244.1.77 lladdr 02:00:00:00:00:77 dev cbr0",
    "ip neigh get 10.244.1.78 dev cbr0",
    "ip neigh add 10.244.1.77 dev cbr0",
    "ip neigh add 10.244.1.77 lladdr zz dev cbr0",
    "ip neigh add x lladdr 02:00:00:00:00:77 dev cbr0",
    "ip neigh add 10.244.1.77 lladdr 02:00:00:00:00:77",
    "ip neigh del 10.244.1.77 dev cbr0",
    "ip neigh flush",
    "ip neigh show dev nosuch",
    "ip route add 10.99.0.0/24 via 10.0.0.1; ip route add 10.99.0.0/24 dev cbr0 metric 5; ip route; route -n",
    "ip route add 10.99.0.0/24 via 10.0.0.1; ip route add 10.99.0.0/24 via 10.0.0.1",
    "ip route add 10.99.0.0/24 via 10.0.0.1; ip route append 10.99.0.0/24 dev cbr0 metric 5; ip route del 10.99.0.0/24 metric 5; ip route",
    "ip route replace 10.99.0.0/24 via 10.0.0.1; ip route replace 10.99.0.0/24 dev cbr0; ip route show 10.99.0.0/24",
    "ip route change 10.99.0.0/24 dev cbr0",
    "ip route add 10.99.0.0/24 via 10.0.0.1; ip route change 10.99.0.0/24 dev cbr0; ip route",
    "ip route add 10.99.0.0/24 via 10.9.9.9",
    "ip route add 10.99.0.0/24 via 10.9.9.9 dev eth0",
    "ip route add 10.99.0.0/24",
    "ip route add 10.99.0.0/24 dev cbr0 src 10.244.1.1; ip route get 10.99.0.7; ip route show 10.99.0.0/24",
    "ip route add 10.99.0.0/24 dev cbr0 src 9.9.9.9",
    "ip route add 10.99.0.1/24 dev cbr0",
    "ip route add 10.99.0.0/24 dev nosuch",
    "ip route add 10.99.0.0/24 via x",
    "ip route add 10.99.0.0/24 nosuch",
    "ip route add 10.99.0.0/24 via",
    "ip route add unreachable 10.98.0.0/24; ip route get 10.98.0.1; ip route; route -n",
    "ip route add blackhole 10.97.0.0/24; ip route get 10.97.0.1; ip -j route show 10.97.0.0/24; ip -d route; route -n",
    "ip route del 10.99.0.0/24",
    "ip route del 10.244.1.0/24 dev eth0",
    "ip route del default via 10.0.0.9",
    "ip route del default via 10.0.0.1; ip route; ip route get 1.1.1.1",
    "ip addr add 10.77.0.1/24 dev cbr0; ip route show 10.77.0.0/24; ip -4 addr show cbr0; ip addr del 10.77.0.1/24 dev cbr0; ip route",
    "ip addr add 10.244.1.1/24 dev cbr0",
    "sysctl -w net.ipv4.ip_forward=1 >/dev/null; ip route get 8.8.8.8 from 10.244.1.7 iif cbr0; ip route get 10.244.1.7 from 8.8.8.8 iif eth0; \
     ip route get 10.244.1.9 from 10.244.1.7 iif cbr0",
    "sysctl -w net.ipv4.ip_forward=1 >/dev/null; ip route get 8.8.8.8 from 10.244.1.1 iif cbr0",
    "sysctl -w net.ipv4.ip_forward=0 >/dev/null; ip route get 8.8.8.8 from 10.244.1.7 iif cbr0",
    "ip addr add 10.244.1.200/24 dev cbr0; ip addr show cbr0; ip -o addr show cbr0; ip route show table local dev cbr0",
    "ip addr del 10.77.0.1/24 dev cbr0",
    "ip addr add 10.77.0.1/24",
    "ip addr add x dev cbr0",
    "ip addr add 10.77.0.1/24 dev nosuch",
    "ip link set cbr0 down; ip link show cbr0; ip -br link show cbr0; ip route; ifconfig cbr0; ip route add 10.99.0.0/24 dev cbr0",
    "ip link set dev cbr0 down; ip link set dev cbr0 up; ip route; ip link show cbr0",
    "ip link set nosuch up",
    "ip link set",
    "ip nosuch",
    "ip route nosuch",
    "ip link nosuch",
    "ip neigh nosuch",
    "ip addr nosuch",
    "bridge nosuch",
];

#[test]
fn the_tools_print_the_same() {
    if !possible() {
        eprintln!("no root or no tools: nothing is compared with them here");
        return;
    }
    let mut shell = shell();
    let node = shell.run("kubectl get node -o name | head -1 | cut -d/ -f2").out.trim().to_owned();
    shell.run(&format!("kubectl debug node/{node} -it --image=x"));
    let world = shell.session().world();
    let host =
        world.node_named(&node).and_then(|id| world.nodes.get(id)).and_then(|n| world.hosts.get(n.host)).unwrap();
    let built = build(host);
    // Something for the rules to count, in both senses of large.
    shell.run("ping -c 1 8.8.8.8; ping -c 1 10.0.0.5; ip neigh flush all");
    let rules = shell.run("iptables-save -c -t nat").out;
    let (terminal, session) = shell.off();
    let namespace = |lines: &str| {
        let script = format!("{built}set +e\niptables-restore -c <<'X'\n{rules}X\n{lines}");
        let real = Command::new("unshare").args(["-nm", "bash", "-c", &script]).output().unwrap();
        String::from_utf8_lossy(&real.stdout).into_owned()
    };
    // What only reads is asked in one namespace, one after another.
    let mark = "status=";
    let mut asked = String::new();
    for line in ASKED {
        writeln!(asked, "{{ {line}; }} 2>&1; echo {mark}$?").unwrap();
    }
    let mut real: Vec<String> = Vec::new();
    let mut block = String::new();
    for line in namespace(&asked).lines() {
        block.push_str(line);
        block.push('\n');
        if line.starts_with(mark) {
            real.push(std::mem::take(&mut block));
        }
    }
    assert_eq!(real.len(), ASKED.len());
    let alone = |line: &str| namespace(&format!("{{ {line}; }} 2>&1; echo {mark}$?"));
    let rules = iptables::lines();
    let changes = || CHANGES.iter().copied().chain(rules.iter().map(String::as_str));
    real.extend(changes().map(&alone));
    let differs = |line: &str, real: &str| {
        let ours = terminal.clone().on(session.clone()).run(line);
        // The kernel of a node is older than these words of its own.
        let real = real.replace("Error: ipv4: Address already assigned.", "RTNETLINK answers: File exists");
        let real =
            real.replace("Error: ipv4: Address not found.", "RTNETLINK answers: Cannot assign requested address");
        let ours = format!("{}{}{mark}{}\n", ours.out, ours.err, ours.status);
        let said = |text: &str| {
            let mut lines = kept(text, line);
            lines.retain(|l| !l.starts_with("podhop: "));
            // Errors stand before or after what else is printed.
            lines.sort_by_key(|l| l.starts_with("Error: ") || l.starts_with("RTNETLINK "));
            lines
        };
        let (real, ours) = (said(&real), said(&ours));
        (real != ours).then(|| format!("{line}\n  real\n{}\n  ours\n{}", real.join("\n"), ours.join("\n")))
    };
    // What the tools themselves send, such as questions for names, may leave a mark: such a line is asked once more,
    // alone.
    let found: Vec<String> = ASKED
        .iter()
        .copied()
        .chain(changes())
        .zip(real)
        .filter_map(|(line, real)| differs(line, &real).and_then(|_| differs(line, &alone(line))))
        .collect();
    assert_none(&found);
}
