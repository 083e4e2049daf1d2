//! The terminal: what bash users type, what tools print, and what nothing typed may do.

mod az;
mod bash;
mod catalog;
mod complete;
mod console;
mod kubectl;
mod linux;
mod modes;
mod not_here;
mod real;
mod recorded;

use podhop::session::Session;
use podhop::shell::Shell;
use podhop::shell::parse::{MAX_BYTES, parse};

fn shell() -> Shell {
    Shell::new(crate::fixture::article())
}

/// Output of one line typed on the workstation of the article's cluster.
fn typed(line: &str) -> String {
    let output = shell().run(line);
    output.out + &output.err
}

/// What one line printed, with its status.
fn typed_with_status(line: &str) -> podhop::shell::Output {
    shell().run(line)
}

/// Output of one line typed on the node vmss000000.
fn in_node(line: &str) -> String {
    let mut shell = shell();
    shell.run("kubectl debug node/$(kubectl get node -o name | head -1 | cut -d/ -f2) -it --image=x");
    let output = shell.run(line);
    output.out + &output.err
}

#[test]
fn words_and_lists() {
    for (line, expected) in [
        ("echo a  b", "a b\n"),
        ("echo 'a  b' \"c $x d\"", "a  b c  d\n"),
        ("x='1 2'; echo $x \"$x\" '$x'", "1 2 1 2 $x\n"),
        ("x=5 y=\"$x-6\"; echo ${y}7", "5-67\n"),
        ("echo $(echo one; echo two) \"$(echo a; echo b)\"", "one two a\nb\n"),
        ("echo `echo back`", "back\n"),
        ("echo a\\ b \\$x", "a b $x\n"),
        ("echo a \\\n b", "a b\n"),
        ("false && echo no; true && echo yes", "yes\n"),
        ("false || echo else", "else\n"),
        ("false; echo $?", "1\n"),
        ("echo a # comment", "a\n"),
        ("echo a | tr a b", "b\n"),
        ("printf 2>/dev/null; echo done", "done\n"),
        ("nosuch; echo $?", "127\nbash: nosuch: command not found\n"),
    ] {
        assert_eq!(typed(line), expected, "{line}");
    }
}

#[test]
fn filters() {
    let text = "echo 'b 2\na 1\nb 3' |";
    for (filter, expected) in [
        ("sort", "a 1\nb 2\nb 3\n"),
        ("sort -r -k 2", "b 3\nb 2\na 1\n"),
        ("head -1", "b 2\n"),
        ("tail -n 1", "b 3\n"),
        ("wc -l", "3\n"),
        ("grep b", "b 2\nb 3\n"),
        ("grep -v b", "a 1\n"),
        ("grep -c b", "2\n"),
        ("grep -E '^(a|b) [12]$'", "b 2\na 1\n"),
        ("grep -o '[0-9]'", "2\n1\n3\n"),
        ("cut -d' ' -f1 | sort | uniq -c", "      1 a\n      2 b\n"),
        ("awk '{print $2, $1}'", "2 b\n1 a\n3 b\n"),
        ("awk 'NR>1 {print $2}'", "1\n3\n"),
        ("tr b c", "c 2\na 1\nc 3\n"),
    ] {
        assert_eq!(typed(&format!("{text} {filter}")), expected, "{filter}");
    }
}

#[test]
fn tables_of_a_node() {
    assert_eq!(
        in_node("ip route"),
        "default via 10.0.0.1 dev eth0 \n10.0.0.0/22 dev eth0 proto kernel scope link src 10.0.0.4 \n\
         10.244.1.0/24 dev cbr0 proto kernel scope link src 10.244.1.1 \n"
    );
    assert_eq!(
        in_node("ip route get 10.244.0.6"),
        "10.244.0.6 via 10.0.0.1 dev eth0 src 10.0.0.4 uid 0 \n    cache \n"
    );
    assert_eq!(in_node("sysctl net.ipv4.ip_forward"), "net.ipv4.ip_forward = 1\n");
    assert_eq!(in_node("cat /host/proc/sys/net/ipv4/ip_forward"), "1\n");
    let saved = in_node("iptables-save -t nat");
    assert!(saved.starts_with("*nat\n:PREROUTING ACCEPT [0:0]\n") && saved.ends_with("COMMIT\n"));
    assert!(saved.contains(
        "-A IP-MASQ-AGENT -d 10.244.0.0/16 -m comment --comment \"ip-masq-agent: local traffic is not subject to MASQUERADE\" -j RETURN\n"
    ));
    assert!(in_node("ls /host/var/lib/cni/networks/kubenet").contains("last_reserved_ip.0\n"));
    assert_eq!(in_node("cat /host/var/lib/cni/networks/kubenet/last_reserved_ip.0"), "10.244.1.3");
}

/// Every change is an action of the session: undone as any other.
#[test]
fn changes_are_actions() {
    let mut shell = shell();
    let turns = shell.session().turns().len();
    shell.run("kubectl scale deployment nginx --replicas=5");
    assert_eq!(shell.session().turns().len(), turns + 2);
    assert_eq!(shell.run("kubectl get pod --no-headers | wc -l").out, "5\n");
    let vm =
        shell.run("az vm create -g whhk -n vm1 --vnet-name vnet01 --subnet vlan01 --query privateIpAddress -o tsv");
    assert_eq!(vm.out, "10.0.0.6\n");
    let refused =
        shell.run("az network vnet subnet create -g whhk -n x --vnet-name vnet01 --address-prefixes 10.0.0.0/24");
    assert!(refused.err.contains("NetcfgSubnetRangesOverlap") && refused.status == 1, "{}", refused.err);
}

#[test]
fn formats_of_az() {
    let table = typed(
        "az network nic show-effective-route-table -g x -n $(az network nic list --query '[0].name' -o tsv) -o table",
    );
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("Source") && lines[0].contains("Address Prefix") && lines[1].starts_with("---"));
    assert!(lines.iter().any(|l| l.starts_with("User") && l.contains("VirtualAppliance")));
    assert_eq!(typed("az aks list --query '[].name' -o tsv"), "aks01\n");
    assert!(typed("az aks show -g whhk -n aks01 -o yaml").contains("networkPlugin: kubenet\n"));
    assert!(typed("az aks show -g whhk -n nope").contains("(ResourceNotFound)"));
    assert!(typed("az aks list -o xml").contains("invalid choice: 'xml'"));
    assert!(typed("az aks list --query '[['").contains("invalid jmespath_type value"));
}

/// Whatever is typed or pasted is an answer or an error.
#[test]
fn bad_input() {
    for line in
        ["'", "\"", "$(", "`", "|", "&&", "a |", ";;", "(a)", "a <b", "${", "echo )", "\\", "$((((((((((((((((((((("]
    {
        let _ = parse(line);
        let _ = shell().run(line);
    }
    assert!(parse(&"a".repeat(MAX_BYTES + 1)).is_err());
    let deep = format!("{}echo{}", "$(".repeat(100), ")".repeat(100));
    assert!(parse(&deep).is_err());
    let mut empty = Shell::new(Session::new(0));
    for line in [
        "kubectl get pod",
        "az aks show",
        "crictl ps",
        "ip a",
        "cat x",
        "exit",
        "\u{0}\u{7f}\u{1f600}",
        "grep",
        "ping",
        "tcpdump",
    ] {
        let _ = empty.run(line);
    }
}

/// A resource group and what is in it are of the session: undone and saved with it.
#[test]
fn groups_are_of_the_session() {
    let mut shell = Shell::new(Session::new(0));
    shell.run("az group create -n lab -l westeurope");
    shell.run("az network vnet create -g lab -n v --address-prefixes 10.0.0.0/16");
    let group = "az network vnet show -g lab -n v --query resourceGroup -o tsv";
    assert_eq!(shell.run(group).out, "lab\n");
    let (terminal, mut session) = shell.off();
    let scenario = session.scenario();
    let mut again = Shell::new(Session::load(&scenario).unwrap());
    assert_eq!(again.run(group).out, "lab\n");
    assert_eq!(again.run("az group list --query '[].[name, location]' -o tsv").out, "lab\twesteurope\n");
    assert!(session.undo() && session.undo());
    let mut shell = terminal.on(session);
    assert_eq!(shell.run("az group list -o tsv").out, "");
    let refused = shell.run("az group create -n bad. -l westeurope");
    assert!(refused.status != 0 && refused.err.contains("resource group"), "{refused:?}");
}
