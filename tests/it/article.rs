//! The article's three parts as scripts (`tests/article`), typed into the terminal: every observation of its steps.

use podhop::session::Session;
use podhop::shell::Shell;

/// Runs a script; what each command printed, by the command's first words.
fn run(script: &str, seed: u64) -> Vec<String> {
    let mut shell = Shell::new(Session::new(seed));
    let commands = Shell::commands(script).unwrap();
    let mut printed = Vec::new();
    for (number, item) in commands.0.iter().enumerate() {
        let output = shell.run_item(item);
        let last = number + 1 == commands.0.len();
        assert!(output.status == 0 || last, "command {number} of the script: {}{}", output.out, output.err);
        printed.push(output.out + &output.err);
    }
    printed
}

/// What the commands printed that begin so, in order.
fn of<'a>(script: &str, printed: &'a [String], begins: &str) -> Vec<&'a str> {
    let joined = script.replace("\\\n", " ");
    let lines = joined.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty());
    lines.zip(printed).filter(|(line, _)| line.starts_with(begins)).map(|(_, out)| out.as_str()).collect()
}

fn ttl(text: &str) -> Option<&str> {
    text.split("ttl=").nth(1)?.split_whitespace().next()
}

/// `[A-Za-z0-9]` by `a`, runs of them by one: the shape of a line with values that vary.
fn shape(line: &str) -> String {
    let mut out = String::new();
    for c in line.chars() {
        let c = if c.is_ascii_alphanumeric() { 'a' } else { c };
        if !(c == 'a' && out.ends_with('a')) {
            out.push(c);
        }
    }
    out
}

const A: &str = include_str!("../article/a-kubenet.sh");
const B: &str = include_str!("../article/b-azure-cni.sh");
const C: &str = include_str!("../article/c-pod-subnet.sh");

#[test]
fn part_a_kubenet() {
    let printed = run(A, crate::fixture::ARTICLE_SEED);
    let of = |begins| of(A, &printed, begins);
    let nodes = of("kubectl get node")[0];
    let rows: Vec<Vec<&str>> = nodes.lines().map(|l| l.split_whitespace().collect()).collect();
    assert_eq!(rows[0], ["NAME", "STATUS", "ROLES", "AGE", "VERSION"], "step 7");
    assert!(rows[1][0].ends_with("vmss000000") && rows[2][0].ends_with("vmss000001"));
    assert_eq!((rows[1][1], rows[1][2], rows[1][4]), ("Ready", "agent", "v1.20.9"));
    assert_eq!((rows[1][3], rows[2][3]), ("30s", "76s"), "vmss000001 is 46 s older");
    let file: serde_json::Value = serde_json::from_str(of("cat 10-containerd")[0]).unwrap();
    let bridge = &file["plugins"][0];
    assert_eq!((file["cniVersion"].as_str(), file["name"].as_str()), (Some("0.3.1"), Some("kubenet")), "step 10");
    assert_eq!((bridge["bridge"].as_str(), bridge["ipam"]["subnet"].as_str()), (Some("cbr0"), Some("10.244.1.0/24")));
    let names = |text: &str, column: usize| -> Vec<String> {
        text.lines()
            .skip(1)
            .map(|l| l.split("   ").filter(|c| !c.is_empty()).nth(column).unwrap().trim().to_owned())
            .collect()
    };
    let crictl = of("crictl -r");
    assert_eq!(
        names(crictl[0], 4),
        ["debugger", "nginx", "nginx", "kube-proxy", "azure-ip-masq-agent", "konnectivity-agent"],
        "step 11"
    );
    let address = of("ip a")[0];
    assert!(address.contains("eth0@if") && address.contains("inet 10.244.1.3/24 scope global eth0"), "step 12");
    let mac = address.split("link/ether ").nth(1).unwrap().split(' ').next().unwrap();
    let show = of("brctl show");
    assert_eq!(show[0].lines().count(), 3, "step 13: two ports");
    assert_eq!(shape(show[0].lines().nth(1).unwrap()), "a\t\ta.a\ta\t\ta");
    let macs = of("brctl showmacs cbr0")[0];
    assert_eq!(macs.matches("yes").count(), 4, "each port's own address twice");
    assert!(macs.lines().any(|l| l.contains(mac) && l.contains("no")), "step 13: the pod's, learned");
    let pods = of("kubectl get pod -o wide")[0];
    for (address, node) in [("10.244.0.6", "vmss000001"), ("10.244.1.3", "vmss000000"), ("10.244.1.2", "vmss000000")] {
        assert!(pods.lines().any(|l| l.contains(address) && l.contains(node)), "step 14: {address}");
    }
    let pings = of("ping");
    assert_eq!((ttl(pings[0]), ttl(pings[1])), (Some("64"), Some("62")), "step 15");
    let capture = of("fg")[0];
    assert_eq!(capture.matches("IP 10.244.1.3 > 10.244.0.6: ICMP echo request").count(), 2, "step 16");
    assert!(!capture.contains("10.244.1.2"), "step 16: nothing of the ping within the node");
    let table: serde_json::Value = serde_json::from_str(of("az network route-table list")[0]).unwrap();
    assert_eq!(table[0]["address"], serde_json::json!(["10.244.0.0/24", "10.244.1.0/24"]), "step 17");
    assert_eq!(table[0]["nextHop"], serde_json::json!(["10.0.0.5", "10.0.0.4"]));
}

#[test]
fn part_b_azure_cni() {
    let printed = run(B, 1);
    let of = |begins| of(B, &printed, begins);
    assert_eq!(of("kubectl get node")[0].matches("v1.20.9").count(), 2, "step 19");
    let file: serde_json::Value = serde_json::from_str(of("cat /host")[0]).unwrap();
    let plugin = &file["plugins"][0];
    assert_eq!((file["cniVersion"].as_str(), file["name"].as_str()), (Some("0.3.0"), Some("azure")), "step 21");
    assert_eq!((plugin["type"].as_str(), plugin["mode"].as_str()), (Some("azure-vnet"), Some("transparent")));
    assert_eq!(plugin["ipsToRouteViaHost"], serde_json::json!(["169.254.20.10"]));
    assert_eq!(plugin["ipam"]["type"], "azure-vnet-ipam");
    assert_eq!(
        (&file["plugins"][1]["snat"], &file["plugins"][1]["capabilities"]["portMappings"]),
        (&true.into(), &true.into())
    );
    let log = of("more")[0];
    assert!(log.contains("10.0.0.0/20") && log.contains("Gateway:10.0.0.1"), "step 22");
    assert_eq!(log.matches("Addr:").count(), 30);
    assert!(log.contains("Addr:10.0.0.5 ") && log.contains("Addr:10.0.0.34 ") && !log.contains("Addr:10.0.0.35 "));
    let pods = of("kubectl get pod -o wide")[0];
    // The debug pod is in its node's network.
    for line in pods.lines().filter(|l| l.starts_with("nginx-") && l.contains("vmss000000")) {
        let last: u8 = line.split_whitespace().nth(5).unwrap().rsplit('.').next().unwrap().parse().unwrap();
        assert!((5..=34).contains(&last), "step 23: {line}");
    }
    let inet = of("ifconfig")[0];
    assert_eq!(shape(inet.trim()), "a a.a.a.a  a a.a.a.a  a a.a.a.a", "step 24");
    assert!(inet.contains("netmask 255.255.240.0  broadcast 0.0.0.0"));
    let pings = of("ping");
    // The shell in the pod does not know the variables of the one around it.
    let far = of("kubectl exec $near -- ping")[0];
    assert_eq!([ttl(pings[0]), ttl(pings[1]), ttl(far)], [Some("64"), Some("63"), Some("62")], "step 25");
}

#[test]
fn part_c_pod_subnet() {
    let printed = run(C, 1);
    let of = |begins| of(C, &printed, begins);
    assert!(of("az feature list")[0].contains("Microsoft.ContainerService/PodSubnetPreview  Registered"), "step 28");
    let pods = of("kubectl get pod -o wide")[0];
    assert!(pods.lines().skip(1).all(|l| l.split_whitespace().nth(5).unwrap().starts_with("10.1.0.")), "step 30");
    let nodes = of("kubectl get node -o wide")[0];
    assert!(nodes.lines().skip(1).all(|l| l.split_whitespace().nth(5).unwrap().starts_with("10.1.4.")), "step 30");
    assert!(of("cat /host/etc")[0].contains("azure-cns"), "step 31");
    let log = of("cat /host/var")[0];
    let routes = of("ip route")[0];
    let single = routes.lines().filter(|l| l.contains(" dev azv")).count();
    assert_eq!((log.matches("ADD command completed").count(), log.matches("Adding route").count()), (single, single));
    let configs = of("kubectl get nodenetworkconfigs")[0];
    assert_eq!(configs.matches("podvlan2").count(), 2, "step 33");
    let pings = of("kubectl exec");
    assert_eq!(ttl(pings[0]), Some("63"), "step 35: pool 1");
    assert!(pings[1].contains("2 packets transmitted, 0 received, 100% packet loss"), "step 35: pool 2");
}
