//! The same commands in the other modes. Source: what the real tools printed (`netns-oracle.out`, "transparent" and
//! "azbridge"); facts, components 2.2 and 2.3.

use crate::azure::{bridge, lowest, part_b, transparent};
use podhop::shell::Shell;
use podhop::sim::mode::azure::PluginVersion;

/// Output of a line on the node vmss000000, or in its first pod.
fn typed(network: &podhop::sim::mode::Network, node: bool, line: &str) -> String {
    let mut shell = Shell::new(part_b(lowest(network)));
    let first = "kubectl get node -o name | sort | head -1 | cut -d/ -f2";
    if node {
        shell.run(&format!("kubectl debug node/$({first}) -it --image=x"));
    } else {
        shell.run(&format!(
            "kubectl exec -it $(kubectl get pod -o wide | grep $({first}) | head -1 | awk '{{print $1}}') -- sh"
        ));
    }
    let output = shell.run(line);
    output.out + &output.err
}

/// Veth names and hardware addresses of pods, which have others in the recording.
fn masked(text: &str) -> String {
    let name = regex_lite::Regex::new("azv[0-9a-f]{11}").unwrap();
    let pod = regex_lite::Regex::new(r"10\.0\.0\.\d+ ").unwrap();
    pod.replace_all(&name.replace_all(text, "azvX"), "POD ").into_owned()
}

#[test]
fn transparent_mode() {
    let on = |node: bool, line: &str| typed(&transparent(PluginVersion::default()), node, line);
    let routes = on(true, "ip route");
    let lines: Vec<&str> = routes.lines().collect();
    assert_eq!(
        lines[..2],
        ["default via 10.0.0.1 dev eth0 ", "10.0.0.0/20 dev eth0 proto kernel scope link src 10.0.0.4 "]
    );
    assert!(lines.len() > 3 && lines[2..].iter().all(|l| masked(l) == "POD dev azvX proto static "), "{routes}");
    assert_eq!(on(true, "brctl show"), "");
    assert_eq!(
        on(false, "ip route"),
        "default via 169.254.1.1 dev eth0 proto static \n169.254.1.1 dev eth0 proto static scope link \n"
    );
    let link = on(true, "ip link | grep -A1 azv | head -2");
    assert!(
        link.contains("state UP mode DEFAULT group default") && link.contains("    link/ether aa:aa:aa:aa:aa:aa brd"),
        "{link}"
    );
    assert_eq!(
        on(false, "ifconfig eth0 | grep inet").trim_start(),
        on(false, "ifconfig eth0 | grep 'broadcast 0.0.0.0'").trim_start()
    );
    assert!(on(true, "cat /host/var/log/azure-vnet-ipam.log").contains("10.0.0.10:{ID:"));
    assert!(on(true, "sysctl -a | grep azv | head -1").ends_with(".proxy_arp = 1\n"));
}

#[test]
fn bridge_mode() {
    let on = |line: &str| typed(&bridge(), true, line);
    assert_eq!(
        on("ip route"),
        "default via 10.0.0.1 dev azure0 \n10.0.0.0/20 dev azure0 proto kernel scope link src 10.0.0.4 \n"
    );
    let show = on("brctl show");
    assert!(
        show.lines().nth(1).is_some_and(|l| l.starts_with("azure0\t\t8000.") && l.contains("\tno\t\taz")),
        "{show}"
    );
    assert!(show.ends_with("\t\t\t\t\t\t\teth0\n"), "{show}");
    let rules = on("ebtables -t nat -L");
    let mac = on("cat /sys/class/net/eth0/address");
    let mac = mac.trim();
    assert!(rules.starts_with("Bridge table: nat\n\nBridge chain: PREROUTING, entries: "), "{rules}");
    for line in [
        format!("-p ARP --arp-op Request --arp-ip-dst 10.0.0.4 -j arpreply --arpreply-mac {mac}\n"),
        "-p ARP -i eth0 --arp-op Reply -j dnat --to-dst ff:ff:ff:ff:ff:ff --dnat-target ACCEPT\n".to_owned(),
        "-p IPv4 -i eth0 --ip-dst 10.0.0.".to_owned(),
        "\nBridge chain: OUTPUT, entries: 0, policy: ACCEPT\n".to_owned(),
        format!(
            "\nBridge chain: POSTROUTING, entries: 1, policy: ACCEPT\n-s Unicast -o eth0 -j snat --to-src {mac} --snat-arp --snat-target ACCEPT\n"
        ),
    ] {
        assert!(rules.contains(&line), "{line}\n{rules}");
    }
    assert!(on("ip neigh").contains(" dev azure0 lladdr ") && on("ip neigh").contains(" PERMANENT \n"));
    assert_eq!(on("cat /sys/class/net/eth0/brport/hairpin_mode"), "1\n");
}
