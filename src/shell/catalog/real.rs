//! Commands of the tools that are real and not simulated, so that nobody is told that they are misspelled.
//! Source: `az --help`, `kubectl --help`, `crictl --help`, ip(8), bridge(8), brctl(8).

const AZ: &[&str] = &[
    "login",
    "logout",
    "acr",
    "advisor",
    "appservice",
    "backup",
    "cloud",
    "config",
    "configure",
    "deployment",
    "disk",
    "find",
    "functionapp",
    "identity",
    "image",
    "interactive",
    "keyvault",
    "lock",
    "monitor",
    "mysql",
    "policy",
    "postgres",
    "redis",
    "resource",
    "rest",
    "security",
    "sql",
    "storage",
    "tag",
    "upgrade",
    "version",
    "vmss",
    "webapp",
];
const AZ_NETWORK: &[&str] = &[
    "application-gateway",
    "asg",
    "bastion",
    "dns",
    "express-route",
    "firewall",
    "front-door",
    "lb",
    "local-gateway",
    "nat",
    "private-dns",
    "private-endpoint",
    "public-ip",
    "vnet-gateway",
    "vpn-connection",
    "vwan",
    "list-usages",
];
const AZ_NIC: &[&str] = &["create", "delete", "wait", "vtap-config"];
const AZ_NSG: &[&str] = &["wait"];
const AZ_ROUTE_TABLE: &[&str] = &["wait"];
const AZ_WATCHER: &[&str] = &[
    "configure",
    "connection-monitor",
    "flow-log",
    "list",
    "packet-capture",
    "run-configuration-diagnostic",
    "show-security-group-view",
    "show-topology",
    "test-connectivity",
    "troubleshooting",
];
const AZ_GROUP: &[&str] = &["export", "lock", "wait"];
const AZ_ACCOUNT: &[&str] =
    &["clear", "get-access-token", "list-locations", "lock", "management-group", "set", "tenant"];
const AZ_VNET: &[&str] = &["peering", "list-endpoint-services", "subscription", "wait"];
const AZ_AKS: &[&str] = &[
    "browse",
    "check-acr",
    "check-network",
    "command",
    "disable-addons",
    "enable-addons",
    "get-upgrades",
    "get-versions",
    "install-cli",
    "maintenanceconfiguration",
    "operation-abort",
    "rotate-certs",
    "snapshot",
    "start",
    "stop",
    "update-credentials",
    "upgrade",
    "wait",
];
const AZ_NODEPOOL: &[&str] = &["get-upgrades", "operation-abort", "snapshot", "start", "stop", "upgrade", "wait"];
const AZ_VM: &[&str] = &["deallocate", "start", "stop", "restart", "resize", "run-command", "nic", "disk", "open-port"];
const KUBECTL: &[&str] = &[
    "annotate",
    "api-versions",
    "apply",
    "attach",
    "auth",
    "autoscale",
    "certificate",
    "cluster-info",
    "completion",
    "cp",
    "diff",
    "edit",
    "explain",
    "expose",
    "kustomize",
    "patch",
    "plugin",
    "port-forward",
    "proxy",
    "replace",
    "rollout",
    "set",
    "taint",
    "top",
    "wait",
    "options",
];
const KUBECTL_CONFIG: &[&str] = &[
    "delete-cluster",
    "delete-context",
    "delete-user",
    "get-clusters",
    "get-users",
    "rename-context",
    "set",
    "set-cluster",
    "set-context",
    "set-credentials",
    "unset",
    "view",
];
const KUBECTL_CREATE: &[&str] = &[
    "clusterrole",
    "configmap",
    "cronjob",
    "ingress",
    "job",
    "namespace",
    "quota",
    "role",
    "secret",
    "service",
    "serviceaccount",
    "-f",
];
const CRICTL: &[&str] = &[
    "attach",
    "create",
    "completion",
    "info",
    "inspecti",
    "imagefsinfo",
    "logs",
    "port-forward",
    "pull",
    "rmp",
    "rmi",
    "rm",
    "run",
    "runp",
    "start",
    "stats",
    "stop",
    "stopp",
    "update",
    "config",
];
const IP: &[&str] = &[
    "addrlabel",
    "l2tp",
    "link",
    "macsec",
    "maddress",
    "monitor",
    "mroute",
    "netns",
    "nexthop",
    "ntable",
    "tunnel",
    "tuntap",
    "vrf",
    "xfrm",
];
const BRIDGE: &[&str] = &["mdb", "monitor", "vlan", "mst"];
const BRCTL: &[&str] = &["addbr", "delbr", "addif", "delif", "hairpin", "setageing", "setfd", "showstp", "stp"];

/// Options of the tools behind a pipe that are real and not simulated: letters, and long names. Source: their `--help`.
const OPTIONS: &[(&str, &str, &str)] = &[
    ("awk", "fW", "file version"),
    ("cat", "AbeEstTuv", "show-all number-nonblank show-ends squeeze-blank show-tabs show-nonprinting"),
    (
        "conntrack",
        "GDIUESngjmcezolfuwbtsdrqp",
        "src-nat dst-nat any-nat mark secmark event-mask zero output label src orig-src dst orig-dst reply-src reply-dst protonum \
         family timeout status zone orig-zone reply-zone buffer-size mask-src mask-dst",
    ),
    ("cut", "nz", "zero-terminated"),
    ("date", "dfr", "date file reference rfc-3339 set debug resolution"),
    ("ebtables", "ANDIPEFXZhVM", "Lc Ln Lx Lmac2 concurrent init-table set-counters change-counters modprobe version"),
    (
        "grep",
        "PLlrRHabTUVZzyuDdfI",
        "perl-regexp recursive dereference-recursive files-with-matches files-without-match with-filename text byte-offset \
         null null-data file include exclude exclude-dir label line-buffered binary-files basic-regexp version",
    ),
    ("head", "qvz", "quiet silent verbose zero-terminated"),
    (
        "jq",
        "nsSRjaCMfL",
        "null-input slurp sort-keys raw-input join-output ascii-output arg argjson tab indent from-file",
    ),
    (
        "nl",
        "dfhilnpsvw",
        "section-delimiter footer-numbering header-numbering line-increment number-format starting-line-number number-separator number-width",
    ),
    ("paste", "z", "zero-terminated"),
    ("ping", "aABbCDdefhILlmOpQRrSTUVv46", ""),
    ("sed", "isuzlf", "in-place separate null-data unbuffered posix debug file line-length sandbox follow-symlinks"),
    (
        "sort",
        "cCdghimMoRsSTz",
        "check dictionary-order general-numeric-sort human-numeric-sort ignore-nonprinting merge month-sort output \
         random-sort stable buffer-size zero-terminated parallel debug sort",
    ),
    ("tail", "fFqsvz", "follow retry pid quiet silent sleep-interval verbose zero-terminated"),
    ("tr", "tC", "truncate-set1"),
    (
        "traceroute",
        "46dFgiNtlrszeAMODPV",
        "debug dont-fragment gateway interface sim-queries tos flowlabel source sendwait extensions as-path-lookups module \
         options sport fwmark dccp protocol mtu back version",
    ),
    ("uniq", "fswDz", "skip-fields skip-chars check-chars all-repeated group zero-terminated"),
    ("wc", "mL", "chars max-line-length files0-from total"),
];

/// Resources that every cluster has and that are not simulated, with their short names.
const RESOURCES: &[&str] = &[
    "configmap",
    "cm",
    "secret",
    "endpoint",
    "ep",
    "endpointslice",
    "ingress",
    "ing",
    "ingressclass",
    "networkpolicy",
    "netpol",
    "statefulset",
    "sts",
    "job",
    "cronjob",
    "cj",
    "persistentvolume",
    "pv",
    "persistentvolumeclaim",
    "pvc",
    "serviceaccount",
    "sa",
    "role",
    "rolebinding",
    "clusterrole",
    "clusterrolebinding",
    "storageclass",
    "sc",
    "resourcequota",
    "quota",
    "limitrange",
    "limits",
    "poddisruptionbudget",
    "pdb",
    "horizontalpodautoscaler",
    "hpa",
    "customresourcedefinition",
    "crd",
    "componentstatus",
    "cs",
    "lease",
    "priorityclass",
    "pc",
    "csr",
];

/// Whether a cluster has a resource of this name, in the singular or the plural.
pub(in crate::shell) fn is_resource(word: &str) -> bool {
    let bare = word.split('.').next().unwrap_or(word).to_lowercase();
    let one = [bare.strip_suffix('s'), bare.strip_suffix("es"), bare.strip_suffix("ies").map(|_| "networkpolicy")];
    one.into_iter().flatten().chain([bare.as_str()]).any(|name| RESOURCES.contains(&name))
}

/// Whether the real tool has an option of this letter or name.
pub(in crate::shell) fn has_real_option(tool: &str, name: &str) -> bool {
    let mut found = OPTIONS.iter().filter(|(own, _, _)| *own == tool || (*own == "grep" && tool == "egrep"));
    found.any(|(_, letters, names)| {
        names.split(' ').any(|own| own == name) || (name.chars().count() == 1 && letters.contains(name))
    })
}

/// What does most of what a command is for, where that is not the one whose name is most alike.
const NEAREST: &[(&str, &str)] = &[
    ("az aks start", "az aks scale"),
    ("az aks stop", "az aks scale"),
    ("az aks upgrade", "az aks nodepool add"),
    ("az aks nodepool start", "az aks nodepool scale"),
    ("az aks nodepool stop", "az aks nodepool scale"),
    ("az aks nodepool upgrade", "az aks nodepool add"),
    ("az network vnet peering", "az network route-table route create"),
    ("az vm deallocate", "az vm delete"),
    ("az vm open-port", "az network nsg rule create"),
    ("az vm restart", "az vm create"),
    ("az vm start", "az vm create"),
    ("az vm stop", "az vm delete"),
    ("kubectl annotate", "kubectl label"),
    ("kubectl api-versions", "kubectl api-resources"),
    ("kubectl apply", "kubectl create deployment"),
    ("kubectl attach", "kubectl exec"),
    ("kubectl auth", "kubectl config get-contexts"),
    ("kubectl autoscale", "kubectl scale"),
    ("kubectl cluster-info", "kubectl get node"),
    ("kubectl cp", "kubectl exec"),
    ("kubectl diff", "kubectl get"),
    ("kubectl edit", "kubectl scale"),
    ("kubectl explain", "kubectl api-resources"),
    ("kubectl expose", "kubectl get service"),
    ("kubectl patch", "kubectl label"),
    ("kubectl port-forward", "kubectl exec"),
    ("kubectl proxy", "kubectl exec"),
    ("kubectl replace", "kubectl create deployment"),
    ("kubectl rollout", "kubectl scale"),
    ("kubectl set", "kubectl scale"),
    ("kubectl taint", "kubectl cordon"),
    ("kubectl top", "kubectl describe"),
    ("kubectl wait", "kubectl get"),
];

/// What is nearest to a real command by what it does.
pub(super) fn nearest(typed: &str) -> Option<&'static str> {
    NEAREST.iter().find(|(name, _)| *name == typed).map(|(_, near)| *near)
}

/// Whether the real tool has this word at this place.
pub(super) fn is_real(path: &[&str], word: &str) -> bool {
    let words = match path {
        ["az"] => AZ,
        ["az", "network"] => AZ_NETWORK,
        ["az", "network", "nic"] => AZ_NIC,
        ["az", "network", "nsg"] => AZ_NSG,
        ["az", "network", "route-table"] => AZ_ROUTE_TABLE,
        ["az", "network", "watcher"] => AZ_WATCHER,
        ["az", "group"] => AZ_GROUP,
        ["az", "account"] => AZ_ACCOUNT,
        ["az", "network", "vnet"] => AZ_VNET,
        ["az", "aks"] => AZ_AKS,
        ["az", "aks", "nodepool"] => AZ_NODEPOOL,
        ["az", "vm"] => AZ_VM,
        ["kubectl"] => KUBECTL,
        ["kubectl", "config"] => KUBECTL_CONFIG,
        ["kubectl", "create"] => KUBECTL_CREATE,
        ["crictl"] => CRICTL,
        ["ip"] => IP,
        ["bridge"] => BRIDGE,
        ["brctl"] => BRCTL,
        _ => &[],
    };
    words.contains(&word)
}
