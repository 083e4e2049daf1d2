//! The catalogue: every row runs, says what it does, and its example works where it says so.

use super::shell;
use podhop::shell::catalog::{At, Command, commands};
use podhop::text::Text;
use std::collections::BTreeSet;

/// What a command needs that the opening example does not have, made by other rows.
fn prepared(needs: &str) -> &'static [&'static str] {
    match needs {
        "sh-needs-vnet02" => &["az network vnet create -g whhk -n vnet02 --address-prefixes 10.9.0.0/16"],
        "sh-needs-vlan02" => {
            &["az network vnet subnet create -g whhk -n vlan02 --vnet-name vnet01 --address-prefixes 10.0.4.0/24"]
        }
        "sh-needs-nsg" => &["az network nsg create -g whhk -n aksnsg"],
        "sh-needs-rule" => &[
            "az network nsg create -g whhk -n aksnsg",
            "az network nsg rule create -g whhk --nsg-name aksnsg -n icmp_deny --priority 300 --access Deny",
        ],
        "sh-needs-routes" => &["az network route-table create -g whhk -n routes"],
        "sh-needs-nva" => &[
            "az network route-table create -g whhk -n routes",
            "az network route-table route create -g whhk --route-table-name routes -n nva --address-prefix 0.0.0.0/0 --next-hop-type Internet",
        ],
        "sh-needs-pool2" => &["az aks nodepool add -g whhk --cluster-name aks01 -n pool2 --node-count 1"],
        "sh-needs-vm1" => &["az vm create -g whhk -n vm1 --vnet-name vnet01 --subnet vlan01"],
        "sh-needs-sp" => &["appid=$(az ad sp create-for-rbac -n x --query appId -o tsv)"],
        "sh-needs-subnets" => &[
            "az network vnet create -g cni -n v --address-prefixes 10.1.0.0/16",
            "az network vnet subnet create -g cni -n p --vnet-name v --address-prefixes 10.1.0.0/22",
            "az network vnet subnet create -g cni -n n --vnet-name v --address-prefixes 10.1.4.0/24",
            "podvlan=$(az network vnet subnet show -g cni --vnet-name v -n p --query id -o tsv)",
            "nodevlan=$(az network vnet subnet show -g cni --vnet-name v -n n --query id -o tsv)",
        ],
        other => panic!("{other} is not prepared"),
    }
}

/// Runs the example of a row; what it printed, and its status.
fn example(row: &Command) -> (String, u8) {
    let mut shell = shell();
    for line in row.example.needs.map_or(&[][..], prepared) {
        let done = shell.run(line);
        assert_eq!(done.status, 0, "{line}: {}", done.err);
    }
    let lines = row.example.lines(shell.session().world()).unwrap_or_else(|| panic!("{}: no lines", row.path));
    let wanted = usize::from(row.example.at != At::Workstation);
    let mut found = None;
    for (at, line) in lines.iter().enumerate() {
        let output = shell.run(line);
        if at == wanted {
            found = Some((output.out + &output.err, output.status));
        }
    }
    found.unwrap()
}

#[test]
fn every_example_runs() {
    let mut wrong = Vec::new();
    for row in commands() {
        let (said, status) = example(row);
        // `false` is there to fail.
        if status != 0 && row.path != "false" {
            wrong.push(format!("{}: `{}` ended with {status}: {said}", row.path, row.example.line));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_row_has_its_words() {
    let text = podhop::shell::words(&Text::english());
    let mut used = BTreeSet::from(["sh-kubectl".to_owned(), "sh-crictl".to_owned()]);
    let mut paths = BTreeSet::new();
    for row in commands() {
        assert!(paths.insert(row.path), "{} twice", row.path);
        used.insert(row.summary());
        used.extend(row.example.needs.map(str::to_owned));
        let mut names = BTreeSet::new();
        for flag in row.all_flags() {
            used.insert(flag.about.to_owned());
            let own = [flag.long, flag.short].into_iter().filter(|n| !n.is_empty());
            own.for_each(|name| assert!(names.insert(name), "{}: {name} twice", row.path));
        }
    }
    for id in &used {
        assert!(text.has(id), "{id} has no words");
    }
    let idle: Vec<&str> = text.ids().filter(|id| id.starts_with("sh-") && !used.contains(*id)).collect();
    assert!(idle.is_empty(), "nobody says {idle:?}");
}

/// Help of every row names its options, and the wrong option is an error in the tool's form.
#[test]
fn every_row_helps() {
    for row in commands() {
        let mut shell = shell();
        if row.path == "exit" || !row.is_at(podhop::shell::Context::Workstation) {
            let node = shell.run("kubectl get node -o name | head -1 | cut -d/ -f2").out;
            shell.run(&format!("kubectl debug node/{} -it --image=x", node.trim()));
        }
        if row.flags.is_empty() && row.global_flags().is_empty() {
            continue;
        }
        let help = shell.run(&format!("{} --help", row.path));
        assert_eq!(help.status, 0, "{}: {}", row.path, help.err);
        for flag in row.flags {
            assert!(help.out.contains(flag.long), "{}: help lacks {}", row.path, flag.long);
        }
    }
}

/// Error texts of options, as the tools print them.
#[test]
fn wrong_options() {
    for (line, said) in [
        ("az network vnet create -n x", "ERROR: the following arguments are required: --resource-group/-g\n"),
        ("az network vnet show -g", "ERROR: argument --resource-group/-g: expected one argument\n"),
        ("az network vnet list --nope", "ERROR: unrecognized arguments: --nope\n"),
        (
            "az aks list -o xml",
            "ERROR: argument --output/-o: invalid choice: 'xml' (choose from 'json', 'jsonc', 'yaml', 'yamlc', 'table', 'tsv', 'none')\n",
        ),
        ("az aks scale -g whhk -n aks01 -c many", "ERROR: argument --node-count: invalid int value: 'many'\n"),
        ("kubectl get pod --nope", "error: unknown flag: --nope\nSee 'kubectl get --help' for usage.\n"),
        ("kubectl get pod -Z", "error: unknown shorthand flag: 'Z' in -Z\nSee 'kubectl get --help' for usage.\n"),
        ("kubectl get pod -o", "error: flag needs an argument: --output\nSee 'kubectl get --help' for usage.\n"),
        ("kubectl create deployment x", "error: required flag(s) \"image\" not set\n"),
        ("kubectl scale deployment nginx", "error: required flag(s) \"replicas\" not set\n"),
        ("echo a | grep -Q a", "grep: invalid option -- 'Q'\n"),
        ("echo a | grep -P a", "podhop: grep -P is not simulated; nearest: grep --help\n"),
        ("echo a | sort --stable", "podhop: sort --stable is not simulated; nearest: sort --help\n"),
        ("echo a | head -n", "head: option '--lines' requires an argument\n"),
        ("echo a | head --nope", "head: unrecognized option '--nope'\n"),
    ] {
        assert_eq!(super::typed(line), said, "{line}");
    }
}

/// Long options may be joined to their values, and switches to each other, as each tool allows.
#[test]
fn ways_to_write_options() {
    for (line, same) in [
        ("kubectl get pod -n=kube-system", "kubectl get pod --namespace kube-system"),
        ("kubectl -n kube-system get pod", "kubectl get pod --namespace kube-system"),
        ("kubectl get pod -nkube-system -owide", "kubectl get pods -n kube-system -o wide"),
        ("kubectl get deploy/nginx", "kubectl get deployment nginx"),
        ("az aks list --out=tsv", "az aks list --output tsv"),
        ("az aks list -otsv", "az aks list -o tsv"),
        ("echo 'a\nb\nc' | head -2", "echo 'a\nb\nc' | head --lines=2"),
        ("echo 'aAb' | grep -oi a", "echo 'aAb' | grep -i -o a"),
    ] {
        let (one, other) = (super::typed(line), super::typed(same));
        assert!(!one.is_empty() && one == other, "{line}: {one}\n{same}: {other}");
    }
}

/// What there is in reality and not here says so by name, with the nearest; what there is not fails as the tool does.
#[test]
fn commands_that_are_not_there() {
    for (line, said) in [
        ("nosuch", "bash: nosuch: command not found\n"),
        ("az nope", "ERROR: 'nope' is misspelled or not recognized by the system."),
        ("az network vnet crate -g x", "Did you mean this?\n\taz network vnet create\n"),
        ("az network lb list", "podhop: az network lb is not simulated; nearest: az network "),
        ("kubectl apply -f x", "podhop: kubectl apply is not simulated; nearest: kubectl "),
        ("kubectl gt pod", "error: unknown command \"gt\" for \"kubectl\""),
        ("kubectl gt pod", "Did you mean this?\n\tkubectl get\n"),
        ("kubectl get nope", "error: the server doesn't have a resource type \"nope\""),
        ("ip a", "podhop: ip is not simulated here; nearest: kubectl debug node/NODE"),
        ("helm list", "podhop: helm is not simulated here; nearest: kubectl"),
    ] {
        let found = super::typed(line);
        assert!(found.contains(said), "{line}: {found}");
    }
}
