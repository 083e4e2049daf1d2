//! `kubectl` and `crictl`: what they print, from the state of the simulation.
//! Source of the texts: kubernetes/kubectl, kubernetes/kubernetes `pkg/printers`.

use super::{in_node, shell, typed};
use podhop::session::Session;

/// Lines of a shell, one after another; what the last printed.
fn last(lines: &[&str]) -> String {
    let mut shell = shell();
    let mut said = String::new();
    for line in lines {
        let output = shell.run(line);
        said = output.out + &output.err;
    }
    said
}

fn rows(text: &str) -> Vec<Vec<&str>> {
    text.lines().map(|l| l.split_whitespace().collect()).collect()
}

/// What nodes and the scheduler say of themselves.
#[test]
fn only_what_has_registered_is_a_node_and_it_is_heard_of() {
    for (line, said) in [
        (
            "kubectl get events -n kube-system | grep FailedSch | grep -o '0/.*'",
            "0/1 nodes are available: 1 node(s) didn't match pod affinity/anti-affinity rules.\n",
        ),
        (
            "sleep 650; kubectl get node -o jsonpath='{range .items[*].status.conditions[0]}{.lastTransitionTime} {.lastHeartbeatTime}{\"\\n\"}{end}'",
            "2021-11-01T00:01:58Z 2021-11-01T00:11:58Z\n2021-11-01T00:01:12Z 2021-11-01T00:11:12Z\n",
        ),
    ] {
        assert_eq!(typed(line), said, "{line}");
    }
}

#[test]
fn errors_as_the_tool_prints_them() {
    for (line, said) in [
        ("kubectl get pod nope", "Error from server (NotFound): pods \"nope\" not found\n"),
        ("kubectl get deploy nope", "Error from server (NotFound): deployments.apps \"nope\" not found\n"),
        ("kubectl describe node nope", "Error from server (NotFound): nodes \"nope\" not found\n"),
        ("kubectl delete pod nope", "Error from server (NotFound): pods \"nope\" not found\n"),
        ("kubectl cordon nope", "Error from server (NotFound): nodes \"nope\" not found\n"),
        ("kubectl exec nope -- ls", "Error from server (NotFound): pods \"nope\" not found\n"),
        (
            "kubectl logs -n kube-system cloud-controller-manager",
            "Error from server (NotFound): pods \"cloud-controller-manager\" not found\npodhop: cloud-controller-manager runs in AKS's control plane, which is not in the cluster; nearest: kubectl get events\n",
        ),
        ("kubectl exec deploy/nope -- ls", "Error from server (NotFound): deployments.apps \"nope\" not found\n"),
        ("kubectl exec x/nope -- ls", "error: the server doesn't have a resource type \"x\"\n"),
        (
            "kubectl exec svc/kubernetes -- ls",
            "error: cannot attach to *v1.Service: selector for *v1.Service not implemented\n",
        ),
        ("kubectl exec ds/nginx -- ls", "Error from server (NotFound): daemonsets.apps \"nginx\" not found\n"),
        (
            "kubectl run x --rm --image=x",
            "error: --rm should only be used for attached containers\nSee 'kubectl run -h' for help and examples\n",
        ),
        ("kubectl get pod -n nope", "No resources found in nope namespace.\n"),
        ("kubectl get nnc -A", "error: the server doesn't have a resource type \"nodenetworkconfigs\"\n"),
        (
            "kubectl create deployment nginx --image nginx",
            "error: failed to create deployment: deployments.apps \"nginx\" already exists\n",
        ),
        ("kubectl get pod -o jsonpath='{.items['", "error: error parsing jsonpath {.items[, unterminated array\n"),
        (
            "kubectl get pod -o jsonpath='{.items....x}'",
            "error: error parsing jsonpath {.items....x}, invalid multiple recursive descent\n",
        ),
    ] {
        assert_eq!(typed(line), said, "{line}");
    }
}

/// A node's debug pod is a pod like others: seen by both tools, in the node's network, deleted like any.
#[test]
fn a_debug_pod_is_a_pod() {
    let mut shell = shell();
    let node = shell.run("kubectl get node -o name | head -1 | cut -d/ -f2").out.trim().to_owned();
    let said = shell.run(&format!("kubectl debug node/{node} -it --image=busybox")).out;
    let name = said.split_whitespace().nth(3).unwrap().to_owned();
    assert!(said.starts_with(&format!("Creating debugging pod node-debugger-{node}-")), "{said}");
    let ps = shell.run("crictl ps").out;
    let first = rows(&ps)[1].join(" ");
    let image = shell.run("crictl images | grep busybox | awk '{print $3}'").out;
    assert!(first.contains(&format!(" {} ", image.trim())) && first.contains(" Running debugger 0 "), "{ps}");
    let ids: Vec<String> = shell.run("crictl ps -q").out.lines().map(str::to_owned).collect();
    assert!(ids[0].starts_with(rows(&ps)[1][0]) && ids.iter().all(|id| id.len() == 64), "{ids:?}");
    shell.run("exit");
    let pods = shell.run("kubectl get pod -o wide").out;
    let row = pods.lines().find(|l| l.starts_with(&name)).unwrap_or_else(|| panic!("{pods}"));
    assert!(row.contains(" 10.0.0.4 ") && row.contains(&node), "{row}");
    assert_eq!(shell.run(&format!("kubectl delete pod {name}")).out, format!("pod \"{name}\" deleted\n"));
    assert!(!shell.run("kubectl get pod").out.contains(&name));
}

#[test]
fn a_single_pod_and_labels() {
    assert_eq!(last(&["kubectl run box --image busybox"]), "pod/box created\n");
    let wide = last(&["kubectl run box --image busybox", "kubectl get pod box -o wide --show-labels"]);
    assert!(wide.contains(" Running ") && wide.contains("10.244.") && wide.trim_end().ends_with("run=box"), "{wide}");
    let twice = last(&["kubectl run box --image x", "kubectl run box --image x"]);
    assert_eq!(twice, "Error from server (AlreadyExists): pods \"box\" already exists\n");
    let label = "kubectl run box --image x; kubectl label pod box tier=web";
    assert_eq!(last(&["kubectl run box --image x", "kubectl label pod box tier=web"]), "pod/box labeled\n");
    assert_eq!(last(&[label, "kubectl get pod -l tier=web -o name"]), "pod/box\n");
    assert_eq!(
        last(&[label, "kubectl label pod box tier=db"]),
        "error: 'tier' already has a value (web), and --overwrite is false\n"
    );
    assert_eq!(
        last(&[label, "kubectl label pod box tier=db --overwrite", "kubectl get pod -l 'tier in (db)' -o name"]),
        "pod/box\n"
    );
    assert_eq!(last(&[label, "kubectl label pod box tier-"]), "pod/box unlabeled\n");
    assert_eq!(last(&[label, "kubectl label pod box tier-", "kubectl get pod -l tier -o name"]), "");
    assert!(last(&["kubectl label pod x 'a b=c'"]).contains("NotFound"));
}

#[test]
fn selectors_and_formats() {
    for (line, said) in [
        ("kubectl get pod -l app=nginx -o name | wc -l", "3\n"),
        ("kubectl get pod -l app!=nginx -o name", ""),
        ("kubectl get pod -A -l 'k8s-app in (kube-dns,metrics-server)' --no-headers | wc -l", "3\n"),
        ("kubectl get pod -A --field-selector status.phase!=Running --no-headers", "No resources found.\n"),
        ("kubectl get pod -o jsonpath='{.items[*].status.phase}'", "Running Running Running"),
        (
            "kubectl get pod -o custom-columns=IP:.status.podIP --sort-by .status.podIP",
            "IP\n10.244.0.6\n10.244.1.2\n10.244.1.3\n",
        ),
        (
            "kubectl get deploy",
            "NAME    READY   UP-TO-DATE   AVAILABLE   AGE\nnginx   3/3     3            3           8s\n",
        ),
        (
            "kubectl get svc",
            "NAME         TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE\nkubernetes   ClusterIP   172.16.1.1   <none>        443/TCP   ",
        ),
        (
            "kubectl get ns | cut -c 1-24",
            "NAME              STATUS\ndefault           Active\nkube-node-lease   Active\nkube-public       Active\nkube-system       Active\n",
        ),
        ("kubectl get ns kube-system", "NAME          STATUS   AGE\nkube-system   Active   "),
        ("kubectl get pod -n kube-system -l k8s-app=kube-dns --no-headers | wc -l", "2\n"),
        ("kubectl get pod -n kube-system -l component=kube-proxy --no-headers | wc -l", "2\n"),
        ("kubectl get pod -n kube-system -l app --no-headers | awk '{print $3}' | uniq", "Running\n"),
        (
            "kubectl get deploy -L app,kubernetes.io/none --show-labels | sed 's/  */ /g'",
            "NAME READY UP-TO-DATE AVAILABLE AGE APP NONE LABELS\nnginx 3/3 3 3 8s nginx app=nginx\n",
        ),
        ("kubectl config current-context", "aks01\n"),
    ] {
        let found = typed(line);
        assert!(found.starts_with(said) && (said.is_empty() == found.is_empty()), "{line}: {found}");
    }
}

/// Source: kubernetes.io/docs/reference/kubectl/jsonpath.
#[test]
fn jsonpath_templates() {
    for (template, said) in [
        ("{.items[0].status.podIP}", "10.244."),
        ("{.items[-1].kind}", "Pod"),
        ("{.items[0:2].kind}", "Pod Pod"),
        ("{.items[0,2].kind}", "Pod Pod"),
        ("{.items[?(@.status.podIP==\"10.244.1.3\")].status.hostIP}", "10.0.0.4"),
        ("{.items[?(@.status.podIP!=\"10.244.1.3\")].kind}", "Pod Pod"),
        ("{.items[*]['kind','apiVersion']}", "Pod v1 Pod v1 Pod v1"),
        ("{range .items[*]}{.kind}{\"-\"}{end}", "Pod-Pod-Pod-"),
        ("{..hostIP}", "10.0.0."),
        ("{.nope}", ""),
    ] {
        let quote = if template.contains('\'') { '"' } else { '\'' };
        let found = typed(&format!("kubectl get pod -o jsonpath={quote}{template}{quote}"));
        assert!(found.starts_with(said) && said.is_empty() == found.is_empty(), "{template}: {found}");
    }
}

#[test]
fn a_drained_node_is_empty() {
    let mut shell = shell();
    let node = shell.run("kubectl get node -o name | head -1 | cut -d/ -f2").out.trim().to_owned();
    let refused = shell.run(&format!("kubectl drain {node}"));
    assert!(refused.status == 1 && refused.err.contains("cannot delete DaemonSet-managed Pods"), "{}", refused.err);
    let done = shell.run(&format!("kubectl drain {node} --ignore-daemonsets"));
    assert!(
        done.out.ends_with(&format!("node/{node} evicted\n"))
            && done.out.find("pod/") > done.out.rfind("evicting pod")
            && done.err.starts_with("WARNING: ignoring"),
        "{done:?}"
    );
    let left = shell
        .run(&format!("kubectl get pod -A -o wide | grep {node} | awk '{{print $2}}' | cut -d- -f1-2 | sort -u"))
        .out;
    assert_eq!(left, "azure-ip\nkube-proxy\n", "only the pods of daemon sets stay");
    assert_eq!(shell.run("kubectl get pod --no-headers | wc -l").out, "3\n");
    assert!(shell.run("kubectl get node").out.contains("Ready,SchedulingDisabled"));
    assert_eq!(shell.run(&format!("kubectl uncordon {node}")).out, format!("node/{node} uncordoned\n"));
    assert_eq!(shell.run(&format!("kubectl uncordon {node}")).out, format!("node/{node} already uncordoned\n"));
}

#[test]
fn events_tell_what_happened() {
    let mut shell = shell();
    shell.run("kubectl scale deployment nginx --replicas=400");
    let events = shell.run("kubectl get events").out;
    assert!(events.contains(" Scheduled ") && events.contains("Successfully assigned default/nginx-"), "{events}");
    let pending = shell.run("kubectl get pod --field-selector status.phase=Pending -o name | head -1").out;
    let about = shell.run(&format!("kubectl describe {}", pending.trim())).out;
    assert!(
        about.contains("FailedScheduling") && about.contains("0/2 nodes are available: 2 Too many pods."),
        "{about}"
    );
    assert!(
        typed(
            "kubectl logs -n kube-system $(kubectl get pod -n kube-system -l k8s-app=azure-ip-masq-agent -o name | head -1)"
        )
        .contains("nonMasqueradeCIDRs: [")
    );
}

#[test]
fn container_runtime() {
    let one = |line: &str| in_node(line);
    assert_eq!(one("crictl version").lines().nth(1), Some("RuntimeName:  containerd"));
    assert!(
        one("crictl inspect $(crictl ps -q --name nginx | head -1) | jq -r .status.metadata.name").contains("nginx")
    );
    assert_eq!(
        one("crictl inspectp $(crictl pods -q --name nginx | head -1) | jq -r .status.network.ip"),
        "10.244.1.3\n"
    );
    assert!(one("crictl exec nope ls").starts_with("FATA[0000] execing command in container"));
    assert!(one("crictl images").starts_with("IMAGE "));
    assert_eq!(one("crictl exec $(crictl ps -q --name nginx | head -1) hostname -I"), "10.244.1.3 \n");
}

/// The pod of `kubectl debug` ends when its shell is left, with the status of the shell. Source: kubernetes/kubernetes
/// `pkg/kubelet/kubelet_pods.go` (`getPhase`), kubernetes `pkg/printers/internalversion/printers.go`.
#[test]
fn a_debug_pod_ends_with_its_shell() {
    const POD: &str = "kubectl get pod -o name | grep debugger | tail -1 | cut -d/ -f2";
    let debug = "kubectl debug node/$(kubectl get node -o name | head -1 | cut -d/ -f2) --image=busybox";
    let phase = format!("kubectl get pod $({POD}) -o jsonpath='{{.status.phase}} {{.spec.restartPolicy}}'");
    let state = format!(
        "kubectl get pod $({POD}) -o jsonpath='{{.status.containerStatuses[0].state.terminated.exitCode}} {{.status.containerStatuses[0].state.terminated.reason}}'"
    );
    let row = format!("kubectl get pod $({POD}) --no-headers | awk '{{print $2, $3, $4}}'");
    for (lines, ended, status, shown) in [
        (vec!["exit"], "Succeeded", "0 Completed", "0/1 Completed 0\n"),
        (vec!["false", "exit"], "Failed", "1 Error", "0/1 Error 0\n"),
        (vec!["exit 3"], "Failed", "3 Error", "0/1 Error 0\n"),
        (vec!["for i in 1 2; do exit; done"], "Succeeded", "0 Completed", "0/1 Completed 0\n"),
    ] {
        let mut shell = shell();
        shell.run(&format!("{debug} -it"));
        let node = shell.prompt();
        assert!(node.starts_with("root@aks-"), "{node}");
        for line in &lines {
            shell.run(line);
        }
        assert_eq!(shell.prompt(), "$ ", "{lines:?}");
        assert_eq!(shell.run(&phase).out, format!("{ended} Never"), "{lines:?}");
        assert_eq!(shell.run(&state).out, status, "{lines:?}");
        assert_eq!(shell.run(&row).out, shown, "{lines:?}");
        let exec = shell.run(&format!("kubectl exec $({POD}) -- true"));
        let said = format!("error: cannot exec into a container in a completed pod; current phase is {ended}\n");
        assert_eq!((exec.status, exec.err), (1, said));
        let about = shell.run(&format!("kubectl describe pod $({POD})")).out;
        assert!(about.contains("State:") && about.contains("Terminated") && about.contains(ended), "{about}");
    }
}

/// One command in a debug pod, and one whose shell reads nothing, end too. Who leaves does one step of undo.
#[test]
fn debug_pods_of_one_command() {
    let node = "$(kubectl get node -o name | head -1 | cut -d/ -f2)";
    let count = |shell: &mut podhop::shell::Shell, what: &str| {
        shell.run(&format!("kubectl get pod --no-headers | grep debugger | grep -c {what}")).out
    };
    let mut shell = shell();
    assert_eq!(shell.run(&format!("kubectl debug node/{node} -it --image=x -- hostname")).status, 0);
    shell.run(&format!("kubectl debug node/{node} --image=x"));
    assert_eq!(shell.prompt(), "$ ");
    assert_eq!(count(&mut shell, "Completed"), "2\n");
    shell.run(&format!("kubectl debug node/{node} -it --image=x -- sh -c 'exit 2'"));
    assert_eq!(count(&mut shell, "Error"), "1\n");
    shell.run(&format!("kubectl debug node/{node} -it --image=x"));
    assert_eq!(shell.run("crictl pods | grep debugger | grep -c NotReady").out, "3\n");
    assert_eq!(shell.run("crictl pods | grep debugger | grep -c ' Ready'").out, "1\n");
    assert_eq!(shell.run("crictl ps | grep -c debugger").out, "1\n");
    assert_eq!(shell.run("crictl ps -a | grep -c Exited").out, "3\n");
    shell.run("exit");
    assert_eq!(count(&mut shell, "Completed"), "3\n");
    let (terminal, mut session) = shell.off();
    assert!(session.undo());
    let mut shell = terminal.on(session);
    assert_eq!(count(&mut shell, "Running"), "1\n");
    shell.run("kubectl delete pod --all");
    assert_eq!(count(&mut shell, "debugger"), "0\n");
}

/// Who is in a debug pod that somebody deletes is thrown out.
#[test]
fn a_deleted_debug_pod_is_left() {
    let mut shell = shell();
    let node = shell.run("kubectl get node -o name | head -1 | cut -d/ -f2").out;
    shell.run(&format!("kubectl debug node/{} -it --image=x", node.trim()));
    let (terminal, mut session) = shell.off();
    let name = session.world().pods.values().last().unwrap().name.to_string();
    session.act(podhop::sim::action::Action::DeletePod { name }).unwrap();
    let mut shell = terminal.on(session);
    assert_eq!(shell.close_lost(), "command terminated with exit code 137\n");
    assert_eq!(shell.prompt(), "$ ");
}

/// A pod that ends gives its address back, takes no room of its node, and is not ended twice.
#[test]
fn a_pod_of_its_own_network_ends() {
    use podhop::sim::action::Action;
    let mut shell = shell();
    shell.run("kubectl run box --image=busybox");
    let (_, mut session) = shell.off();
    let end = |name: &str| Action::EndPod { name: name.to_owned(), status: 0 };
    let hosts = session.world().hosts.values().count();
    let pod = |session: &Session| session.world().pods.values().find(|p| p.name.as_ref() == "box").cloned().unwrap();
    assert!(pod(&session).address.is_some());
    session.act(end("default/box")).unwrap();
    assert_eq!(session.world().hosts.values().count(), hosts - 1);
    assert!(session.world().queue.has_control(), "the scheduler is told of the room");
    assert!(pod(&session).has_ended() && pod(&session).address.is_none() && pod(&session).host.is_none());
    for name in ["default/box", "deploy/nginx/1"] {
        assert!(session.act(end(name)).is_err(), "{name}");
    }
    let nginx = session.world().pods.values().find(|p| p.name.starts_with("nginx")).unwrap().key();
    let refused = session.try_action(&end(&nginx)).unwrap_err();
    assert_eq!(refused.code(), "pod-cannot-end");
    session.act(Action::DeletePod { name: "default/box".into() }).unwrap();
    assert_eq!(session.world().hosts.values().count(), hosts - 1);
}

/// What a program of the system logs is told only where it follows from what is simulated.
#[test]
fn logs_that_are_not_simulated_say_so() {
    let pod = "$(kubectl get pod -n kube-system -o name | grep kube-proxy | head -1)";
    let said = typed(&format!("kubectl logs -n kube-system {pod}"));
    assert_eq!(said, "podhop: what kube-proxy logs is not simulated; nearest: kubectl get events\n");
}

/// A pod that has ended holds no drain up and is none of those that a node runs. Source: kubernetes/kubectl
/// `pkg/drain/filters.go` (`unreplicatedFilter`), `pkg/describe/describe.go` (`describeNode`).
#[test]
fn a_drain_takes_what_has_ended() {
    let mut shell = shell();
    let node = shell.run("kubectl get node -o name | head -1 | cut -d/ -f2").out.trim().to_owned();
    let (drain, describe) =
        (format!("kubectl drain {node} --ignore-daemonsets"), format!("kubectl describe node {node}"));
    shell.run(&format!("kubectl debug node/{node} -it --image=x"));
    let (terminal, session) = shell.off();
    let mut other = podhop::shell::Shell::new(session.clone());
    assert!(other.run(&drain).err.contains("cannot delete Pods not managed by"));
    let listed = |text: &str| text.lines().any(|l| l.trim().starts_with("default ") && l.contains("node-debugger"));
    assert!(listed(&other.run(&describe).out));
    let mut shell = terminal.on(session);
    shell.run("exit");
    assert!(!listed(&shell.run(&describe).out));
    let done = shell.run(&drain);
    assert!(done.status == 0 && done.out.contains("pod/node-debugger"), "{done:?}");
}

/// A command in a container that fails, is not there, or has nobody to run it. Source: kubernetes/kubectl
/// `pkg/cmd/exec/exec.go`, opencontainers/runc 1.0 `libcontainer/container_linux.go`.
#[test]
fn what_fails_in_a_container() {
    let missing = |exec: &str, why: &str| {
        let (said, id) = (typed(exec), r"[0-9a-f]{64}");
        let form = format!(
            "^error: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec \"{id}\": OCI runtime exec failed: exec failed: container_linux.go:380: starting container process caused: exec: {}: unknown\n",
            regex_lite::escape(why)
        );
        assert!(regex_lite::Regex::new(&form).unwrap().is_match(&said), "{said}");
    };
    missing("kubectl exec deploy/nginx -- nope -l", "\"nope\": executable file not found in $PATH");
    missing("kubectl exec deploy/nginx -- /bin/nope", "\"/bin/nope\": stat /bin/nope: no such file or directory");
    missing("kubectl exec deploy/nginx -- cd /", "\"cd\": executable file not found in $PATH");
    let said = "command terminated with exit code";
    for (line, end, status) in [
        ("kubectl exec deploy/nginx -- false", format!("{said} 1\n"), "1"),
        ("kubectl exec deploy/nginx -- sh -c 'exit 3'", format!("{said} 3\n"), "3"),
        ("kubectl exec deploy/nginx -- sh -c nope", format!("bash: nope: command not found\n{said} 127\n"), "127"),
        ("kubectl exec deploy/nginx -- true", String::new(), "0"),
        ("kubectl exec deploy/nginx -- nope | cat; false", String::new(), "1"),
    ] {
        let mut shell = shell();
        let output = shell.run(line);
        assert!(output.err.ends_with(&end), "{line}: {output:?}");
        assert_eq!((shell.run("echo $?").out.trim(), shell.prompt().as_str()), (status, "$ "), "{line}");
    }
    let old = typed("kubectl exec deploy/nginx true");
    let instead = "Use kubectl exec [POD] -- [COMMAND] instead.\n";
    assert_eq!(
        old,
        format!("kubectl exec [POD] [COMMAND] is DEPRECATED and will be removed in a future version. {instead}")
    );
    let bad = typed("kubectl exec deploy/nginx -c bad -- true");
    assert!(bad.starts_with("Error from server (BadRequest): container bad is not valid for pod nginx-"), "{bad}");
    let mut shell = shell();
    shell.run("kubectl exec -it deploy/nginx -c nginx -- bash -l");
    assert!(shell.prompt().starts_with("root@nginx-"), "{}", shell.prompt());
    assert_eq!(shell.run("exit 4").err, format!("{said} 4\n"));
    let in_crictl = in_node("crictl exec $(crictl ps -q --name nginx | head -1) false");
    assert_eq!(in_crictl, "FATA[0000] execing command in container: command terminated with exit code 1\n");
}

/// Of several pods one is taken, and logs say which.
#[test]
fn a_workload_stands_for_one_pod() {
    let mut shell = shell();
    let name = shell.run("kubectl exec deployment/nginx -- hostname").out;
    let logs = shell.run("kubectl logs deploy/nginx");
    assert_eq!(logs.err, format!("Found 3 pods, using pod/{name}"));
    let set = shell.run("kubectl get rs -o name | head -1").out;
    assert_eq!(shell.run(&format!("kubectl exec {} -- hostname", set.trim())).out, name);
    assert_eq!(shell.run(&format!("kubectl exec pod/{} -- hostname", name.trim())).out, name);
    let proxy = shell.run("kubectl exec -n kube-system ds/kube-proxy -- hostname").out;
    assert!(proxy.starts_with("aks-nodepool1-"), "{proxy}");
}

/// The shell of a pod of one's own. Source: kubernetes/kubectl `pkg/cmd/run/run.go`, `pkg/cmd/attach/attach.go`.
#[test]
fn a_shell_in_a_pod_of_its_own() {
    let resume = "Session ended, resume using 'kubectl attach box -c box -i -t' command when the pod is running\n";
    let gone = "pod \"box\" deleted\n";
    let failed = "pod default/box terminated (Error)\n";
    for (flags, exit, out, err, phase) in [
        ("-it --rm", "exit", format!("{resume}{gone}"), "", ""),
        ("-it", "exit 2", resume.to_owned(), "", "Running\n"),
        ("-i", "exit", String::new(), "", "Running\n"),
        ("-it --rm --restart=Never", "exit", gone.to_owned(), "", ""),
        ("-it --rm --restart=Never", "exit 2", gone.to_owned(), failed, ""),
        ("-it --restart=Never", "exit 2", String::new(), failed, "Error\n"),
    ] {
        let mut shell = shell();
        let begun = shell.run(&format!("kubectl run box {flags} --image=busybox -- sh"));
        assert_eq!(begun.err, "If you don't see a command prompt, try pressing enter.\n");
        assert_eq!(shell.prompt(), "root@box:/# ");
        let left = shell.run(exit);
        assert_eq!((left.out, left.err.as_str()), (out, err), "{flags}, {exit}");
        assert_eq!(left.status, if err.is_empty() { 0 } else { 2 });
        assert_eq!(shell.run("kubectl get pod --no-headers | awk '/^box/ {print $3}'").out, phase, "{flags}, {exit}");
    }
    let mut shell = shell();
    let said = shell.run("kubectl run box -it --rm --image=busybox -- hostname");
    assert_eq!(said.out, format!("box\n{resume}{gone}"));
}

/// In the debug container of a node, the node itself. Source: GNU coreutils 9.1 `src/chroot.c`.
#[test]
fn a_node_as_it_is_itself() {
    let mut shell = shell();
    let node = shell.run("kubectl get node -o name | head -1 | cut -d/ -f2").out.trim().to_owned();
    let debug = format!("kubectl debug node/{node} -it --image=busybox");
    shell.run(&debug);
    let conf = shell.run("cat /host/etc/cni/net.d/10-containerd-net.conflist").out;
    assert!(conf.contains("kubenet"), "{conf}");
    assert_eq!(shell.run("chroot /host cat /etc/cni/net.d/10-containerd-net.conflist").out, conf);
    shell.run("cd /host; chroot .");
    assert_eq!(shell.prompt(), format!("root@{node}:/# "));
    assert_eq!(shell.run("cat /etc/cni/net.d/10-containerd-net.conflist").out, conf);
    shell.run("echo one > /tmp/note");
    assert_eq!(shell.run("cat /tmp/note; ip route | grep -c default").out, "one\n1\n");
    assert_eq!(shell.run("ls /host").err, "ls: cannot access '/host': No such file or directory\n");
    let again = shell.run("chroot /host");
    let why = "chroot: cannot change root directory to '/host': No such file or directory\n";
    assert_eq!((again.status, again.err.as_str()), (125, why));
    shell.run("exit");
    assert_eq!(shell.prompt(), format!("root@{node}:/host# "));
    assert_eq!(shell.run("cat /host/tmp/note").out, "one\n");
    assert_eq!(shell.run("chroot /host sh -c 'exit 3'; echo $?").out, "3\n");
    shell.run("exit");
    assert_eq!(shell.prompt(), "$ ");
    shell.run(&format!("{debug} -- chroot /host"));
    assert_eq!(shell.run("cat /etc/cni/net.d/10-containerd-net.conflist").out, conf);
    shell.run("exit");
    assert_eq!(shell.prompt(), "$ ");
    let at_once = shell.run(&format!("{debug} -- chroot /host ls /etc/cni/net.d")).out;
    assert!(at_once.ends_with("\n10-containerd-net.conflist\n"), "{at_once}");
    assert_eq!(shell.run("kubectl get pod --no-headers | grep debugger | grep -vc Completed").out, "0\n");
}
