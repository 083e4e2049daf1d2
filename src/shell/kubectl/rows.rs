//! Rows of `kubectl`.

use super::{change, debug, describe, events, get, logs, run};
use crate::shell::catalog::{At, Command, Example, Flag, Place, Run};
use crate::shell::line::Line;
use crate::shell::{Output, Shell};
use crate::sim::ids::ClusterId;

/// Options of every `kubectl` command.
pub(in crate::shell) const GLOBAL: &[Flag] = &[
    Flag::one("--namespace", "-n", "sh-flag-kube-namespace"),
    Flag::one("--context", "", "sh-flag-kube-context"),
    Flag::one("--kubeconfig", "", "sh-flag-no-effect"),
    Flag::one("--request-timeout", "", "sh-flag-no-effect"),
    Flag::on("--help", "-h", "sh-flag-help"),
];

const fn kubectl(
    path: &'static str,
    operands: &'static str,
    flags: &'static [Flag],
    example: &'static str,
    run: fn(&mut Shell, &Line, ClusterId) -> Output,
) -> Command {
    let example = Example::on(At::Workstation, example);
    Command::new(path, Place::Workstation, flags, example, Run::Kubectl(run)).with(operands)
}

const ALL: Flag = Flag::on("--all-namespaces", "-A", "sh-flag-all-namespaces");
const SELECTOR: Flag = Flag::one("--selector", "-l", "sh-flag-selector");
const OUTPUT: Flag = Flag::one("--output", "-o", "sh-flag-kube-output");
const WATCH: Flag = Flag::on("--watch", "-w", "sh-flag-watch");
const REPLICAS: Flag = Flag::one("--replicas", "", "sh-flag-replicas");
const IMAGE: Flag = Flag::one("--image", "", "sh-flag-image").needed();
const STDIN: Flag = Flag::on("--stdin", "-i", "sh-flag-stdin");
const TTY: Flag = Flag::on("--tty", "-t", "sh-flag-tty");
const QUIET: Flag = Flag::on("--quiet", "-q", "sh-flag-no-effect");
const CONTAINER: Flag = Flag::one("--container", "-c", "sh-flag-container");
const FORCE: Flag = Flag::on("--force", "", "sh-flag-no-effect");
const GRACE: Flag = Flag::one("--grace-period", "", "sh-flag-no-effect");
const DRY_RUN: Flag = Flag::one("--dry-run", "", "sh-flag-no-effect");
const ALL_OF: Flag = Flag::on("--all", "", "sh-flag-all");
const TIMEOUT: Flag = Flag::one("--timeout", "", "sh-flag-no-effect");

/// Rows of `kubectl`.
pub(in crate::shell) const COMMANDS: &[Command] = &[
    kubectl(
        "kubectl get",
        "TYPE [NAME]",
        &[
            OUTPUT,
            ALL,
            SELECTOR,
            WATCH,
            Flag::on("--watch-only", "", "sh-flag-watch-only"),
            Flag::one("--field-selector", "", "sh-flag-field-selector"),
            Flag::one("--sort-by", "", "sh-flag-sort-by"),
            Flag::one("--label-columns", "-L", "sh-flag-label-columns"),
            Flag::on("--no-headers", "", "sh-flag-no-headers"),
            Flag::on("--show-labels", "", "sh-flag-show-labels"),
        ],
        "kubectl get pod -o wide",
        get::run,
    ),
    kubectl("kubectl describe", "TYPE NAME", &[ALL, SELECTOR], "kubectl describe node {node}", describe::run),
    kubectl(
        "kubectl create deployment",
        "NAME",
        &[IMAGE, Flag { short: "-r", ..REPLICAS }, Flag::one("--port", "", "sh-flag-no-effect"), DRY_RUN],
        "kubectl create deployment web --image nginx --replicas 2",
        change::create_deployment,
    ),
    kubectl(
        "kubectl scale",
        "TYPE NAME",
        &[REPLICAS.needed(), TIMEOUT],
        "kubectl scale deployment nginx --replicas=5",
        change::scale,
    ),
    kubectl(
        "kubectl run",
        "NAME",
        &[
            IMAGE,
            STDIN,
            TTY,
            QUIET,
            Flag::on("--rm", "", "sh-flag-rm"),
            Flag::one("--restart", "", "sh-flag-restart").among(&["Always", "Never", "OnFailure"]),
            Flag::one("--labels", "", "sh-flag-labels"),
            Flag::on("--command", "", "sh-flag-no-effect"),
            Flag::one("--port", "", "sh-flag-no-effect"),
        ],
        "kubectl run box --image busybox",
        run::run,
    ),
    kubectl(
        "kubectl delete",
        "TYPE NAME",
        &[ALL_OF, SELECTOR, FORCE, GRACE, Flag::one("--wait", "", "sh-flag-no-effect")],
        "kubectl delete pod {pod}",
        change::delete,
    ),
    kubectl(
        "kubectl label",
        "TYPE NAME KEY=VALUE|KEY-",
        &[ALL_OF, Flag::on("--overwrite", "", "sh-flag-overwrite")],
        "kubectl label node {node} rack=a",
        change::label,
    ),
    kubectl("kubectl cordon", "NODE", &[], "kubectl cordon {node}", change::cordon),
    kubectl("kubectl uncordon", "NODE", &[], "kubectl uncordon {node}", change::uncordon),
    kubectl(
        "kubectl drain",
        "NODE",
        &[
            Flag::on("--ignore-daemonsets", "", "sh-flag-ignore-daemonsets"),
            Flag::on("--delete-emptydir-data", "", "sh-flag-no-effect"),
            FORCE,
            GRACE,
            TIMEOUT,
        ],
        "kubectl drain {node} --ignore-daemonsets --force",
        change::drain,
    ),
    kubectl(
        "kubectl exec",
        "POD -- COMMAND",
        &[STDIN, TTY, CONTAINER, QUIET],
        "kubectl exec {pod} -- ip route",
        debug::exec,
    ),
    kubectl(
        "kubectl debug",
        "node/NODE",
        &[
            Flag { required: false, ..IMAGE },
            STDIN,
            TTY,
            QUIET,
            CONTAINER,
            Flag::one("--profile", "", "sh-flag-no-effect"),
            Flag::on("--attach", "", "sh-flag-no-effect"),
        ],
        "kubectl debug node/{node} -it --image=busybox -- ip route",
        debug::debug,
    ),
    kubectl(
        "kubectl logs",
        "POD",
        &[
            CONTAINER,
            SELECTOR,
            Flag::one("--tail", "", "sh-flag-tail"),
            Flag::on("--follow", "-f", "sh-flag-no-effect"),
            Flag::on("--previous", "-p", "sh-flag-no-effect"),
        ],
        "kubectl logs {pod}",
        logs::run,
    ),
    kubectl("kubectl events", "", &[ALL, Flag::one("--for", "", "sh-flag-for")], "kubectl events -A", events::run),
    kubectl("kubectl config current-context", "", &[], "kubectl config current-context", run::current_context),
    kubectl("kubectl config get-contexts", "", &[], "kubectl config get-contexts", run::contexts),
    kubectl("kubectl config use-context", "NAME", &[], "kubectl config use-context aks01", run::use_context),
    kubectl(
        "kubectl version",
        "",
        &[Flag::on("--client", "", "sh-flag-no-effect"), Flag::on("--short", "", "sh-flag-no-effect")],
        "kubectl version",
        run::version,
    ),
    kubectl("kubectl api-resources", "", &[], "kubectl api-resources", get::resources),
];
