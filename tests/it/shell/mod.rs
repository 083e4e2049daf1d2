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

/// A shell elsewhere has variables of its own; what is exported is seen by another here.
#[test]
fn variables_are_of_a_place() {
    let mut shell = shell();
    shell.run("x=1; export y=2; a=(p q); f() { echo f; }");
    let pod = "kubectl exec $(kubectl get pod -o name | head -1) --";
    let inside = shell.run(&format!("{pod} sh -c 'echo [$x$y${{a[1]}}]; x=5; f'"));
    let err = "bash: f: command not found\ncommand terminated with exit code 127\n";
    assert_eq!((inside.out.as_str(), inside.err.as_str()), ("[]\n", err));
    assert_eq!(shell.run("echo $x$y${a[1]}").out, "12q\n");
    shell.run("kubectl debug node/$(kubectl get node -o name | head -1 | cut -d/ -f2) -it --image=x");
    assert_eq!(shell.run("echo [$x$y]; x=7; env").out, "[]\nHOME=/root\nUSER=root\n");
    shell.run("exit");
    assert_eq!(shell.run("echo $x; f; env").out, "1\nf\nHOME=/root\nUSER=root\ny=2\n");
}

#[test]
fn jobs_are_listed_as_by_bash() {
    let jobs = in_node("for d in eth0 cbr0 lo; do tcpdump -ni $d & done 2>/dev/null; jobs");
    let expected = "[1]   Running                 tcpdump -ni eth0 &\n\
                    [2]-  Running                 tcpdump -ni cbr0 &\n\
                    [3]+  Running                 tcpdump -ni lo &\n";
    assert!(jobs.ends_with(expected), "{jobs}");
}

#[test]
fn names_of_hosts_are_known() {
    assert!(
        in_node("ping -c1 localhost").starts_with("PING localhost (127.0.0.1) 56(84) bytes of data.\n64 bytes from ")
    );
    assert!(in_node("ping -c1 nosuch").contains("Name or service not known"));
}

#[test]
fn dates() {
    for (line, expected) in [
        ("date", "Mon Nov  1 "),
        ("date +%F", "2021-11-01\n"),
        (
            "date -u '+%Y %m %d %e %a %A %b %B %j %u %w %y %% %Z %z %q'",
            "2021 11 01  1 Mon Monday Nov November 305 1 1 21 % UTC +0000 %q\n",
        ),
        ("date -d yesterday", "podhop: date -d is not simulated; nearest: date --help\n"),
        ("date x", "date: invalid date \u{2018}x\u{2019}\n"),
    ] {
        let found = typed(line);
        assert!(found.starts_with(expected), "{line}: {found}");
    }
    assert!(typed("date").ends_with(" UTC 2021\n"));
    assert_eq!(typed("date -Iseconds"), typed("date +%Y-%m-%dT%H:%M:%S%:z"));
    assert_eq!(typed("echo $(($(date +%s) / 86400))"), "18932\n");
}

/// What of awk is not simulated says so, and what would go on for ever ends.
#[test]
fn awk_is_bounded() {
    for program in [
        "{print $1 > \"x\"}",
        "{print | \"sort\"}",
        "{getline; print}",
        "{print strftime(\"%F\")}",
        "function f(x) { return x } {print f(1)}",
        "BEGIN {RS = \"\"} {print}",
        "{print systime()}",
        "BEGIN {while (1) x++}",
        "BEGIN {for (;;) x = x \"aaaa\"}",
        "BEGIN {while (1) a[i++] = i}",
        "BEGIN {while (1) print \"x\"}",
        "BEGIN {printf \"%999999999d\", 1; while (1) printf \"%1000s\", 1}",
        "BEGIN {$999999999 = 1}",
        "BEGIN {NF = 1e300}",
        "BEGIN {print 1/0}",
        "{print $(-1)}",
        "BEGIN {while (1) gsub(/x*/, \"xx\", y)}",
        "{print",
        "print $1",
        "{print $1}}",
        &"(".repeat(1 << 12),
        &"{".repeat(1 << 12),
        &"!".repeat(1 << 12),
        &"$".repeat(1 << 12),
        &format!("BEGIN {{x = {}1}}", "1+".repeat(1 << 12)),
        &format!("BEGIN {{x = {}1}}", "x=".repeat(1 << 12)),
        &format!("BEGIN {{{}}}", "if (1) ".repeat(1 << 10)),
        &format!("BEGIN {{x = {}1}}", "1?1:".repeat(1 << 10)),
        &format!("BEGIN {{x = {}1}}", "2^".repeat(1 << 10)),
    ] {
        let output = typed_with_status(&format!("echo 'a b' | awk '{program}'"));
        assert!(output.err.starts_with("podhop: of awk, "), "{program}: {output:?}");
        assert!(output.out.len() <= 1 << 20, "{program}");
    }
    for program in [
        "BEGIN {print substr(\"abc\", -1e300, 1e301), substr(\"abc\", 0/1, 2), int(\"x\"), 1e300, -1e300, 2^1024}",
        "",
        "{}",
        "#",
        ";;",
    ] {
        let output = typed_with_status(&format!("echo 'a b' | awk '{program}'"));
        assert_eq!(output.status, 0, "{program}: {output:?}");
    }
}
