//! The node of the article built once more in a network namespace, and the real tools asked the same there. Only where
//! the tests run as root on Linux with the tools installed; elsewhere `linux.rs` has what they printed.

use super::shell;
use podhop::sim::host::Host;
use podhop::sim::host::fib::RouteKind;
use podhop::sim::host::interface::{Interface, InterfaceKind};
use std::fmt::Write;
use std::process::Command;

/// Whether the tools are there and a namespace may be made.
fn possible() -> bool {
    let works = |line: &str| {
        let done = Command::new("unshare").args(["-n", "sh", "-c", line]).output();
        done.is_ok_and(|output| output.status.success())
    };
    works(
        "ip link set lo up && ip link add br0 type bridge && brctl show && route -n && iptables-save -t nat && bash -c true",
    )
}

/// Commands that build a host's interfaces and routes.
fn build(host: &Host) -> String {
    let mut lines = String::from("set -e\nip link set lo up\n");
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

/// Lines without what differs by nature: comments of `iptables-save`, which have the time, and numbers of interfaces.
fn kept(text: &str) -> Vec<String> {
    let number = |l: &str| l.split_once(": <").map_or_else(|| l.to_owned(), |(_, rest)| format!("N: <{rest}"));
    text.lines().filter(|l| !l.starts_with('#')).map(number).collect()
}

#[test]
fn the_tools_print_the_same() {
    if !possible() {
        return;
    }
    let mut shell = shell();
    let node = shell.run("kubectl get node -o name | head -1 | cut -d/ -f2").out.trim().to_owned();
    shell.run(&format!("kubectl debug node/{node} -it --image=x"));
    let world = shell.session().world();
    let host =
        world.node_named(&node).and_then(|id| world.nodes.get(id)).and_then(|n| world.hosts.get(n.host)).unwrap();
    let built = build(host);
    let rules = shell.run("iptables-save -t nat").out;
    for line in [
        "ip route",
        "ip route show dev cbr0",
        "ip route get 10.0.0.5",
        "ip route get 10.244.0.6",
        "ip -4 address show cbr0",
        "ip link show cbr0",
        "brctl show",
        "ip rule",
        "iptables-save -t nat",
        "iptables -t nat -S IP-MASQ-AGENT",
        "iptables -t nat -nL IP-MASQ-AGENT",
        "iptables -t nat -L POSTROUTING",
        "iptables -t nat -nL IP-MASQ-AGENT --line-numbers",
        "ip -br address show cbr0 | cut -d/ -f1",
        "route -n",
        "sysctl -n net.ipv4.conf.cbr0.proxy_arp",
    ] {
        let script = format!("{built}iptables-restore <<'X'\n{rules}X\n{line}");
        let real = Command::new("unshare").args(["-n", "bash", "-c", &script]).output().unwrap();
        assert!(real.status.success(), "{line}: {}", String::from_utf8_lossy(&real.stderr));
        let ours = shell.run(line);
        assert_eq!(kept(&ours.out), kept(&String::from_utf8_lossy(&real.stdout)), "{line}");
    }
}
