//! Kinds of resources that `kubectl` knows, with all their names. Source: `kubectl api-resources` of Kubernetes 1.20;
//! Azure/azure-container-networking `crd/nodenetworkconfig`.

/// A kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::shell) enum Kind {
    Pod,
    Node,
    Namespace,
    Event,
    Deployment,
    ReplicaSet,
    DaemonSet,
    Service,
    NetworkConfig,
}

impl Kind {
    pub(in crate::shell) const ALL: [Self; 9] = [
        Self::Event,
        Self::Namespace,
        Self::Node,
        Self::Pod,
        Self::Service,
        Self::DaemonSet,
        Self::Deployment,
        Self::ReplicaSet,
        Self::NetworkConfig,
    ];

    /// Singular, plural, short names, API version, kind.
    const fn names(self) -> (&'static str, &'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::Pod => ("pod", "pods", "po", "v1", "Pod"),
            Self::Node => ("node", "nodes", "no", "v1", "Node"),
            Self::Namespace => ("namespace", "namespaces", "ns", "v1", "Namespace"),
            Self::Event => ("event", "events", "ev", "v1", "Event"),
            Self::Service => ("service", "services", "svc", "v1", "Service"),
            Self::Deployment => ("deployment", "deployments", "deploy", "apps/v1", "Deployment"),
            Self::ReplicaSet => ("replicaset", "replicasets", "rs", "apps/v1", "ReplicaSet"),
            Self::DaemonSet => ("daemonset", "daemonsets", "ds", "apps/v1", "DaemonSet"),
            Self::NetworkConfig => {
                ("nodenetworkconfig", "nodenetworkconfigs", "nnc", "acn.azure.com/v1alpha", "NodeNetworkConfig")
            }
        }
    }

    /// By any of its names, with or without its group.
    pub(in crate::shell) fn named(word: &str) -> Option<Self> {
        let bare = word.split('.').next().unwrap_or(word).to_lowercase();
        Self::ALL.into_iter().find(|kind| {
            let (one, many, short, ..) = kind.names();
            [one, many, short].contains(&bare.as_str())
        })
    }

    pub(in crate::shell) const fn plural(self) -> &'static str {
        self.names().1
    }

    pub(super) const fn short(self) -> &'static str {
        self.names().2
    }

    pub(super) const fn version(self) -> &'static str {
        self.names().3
    }

    pub(super) const fn kind(self) -> &'static str {
        self.names().4
    }

    fn group(self) -> &'static str {
        self.version().split_once('/').map_or("", |(group, _)| group)
    }

    /// Singular with its group, as in `deployment.apps/nginx`.
    pub(super) fn group_singular(self) -> String {
        let dot = if self.group().is_empty() { "" } else { "." };
        format!("{}{dot}{}", self.names().0, self.group())
    }

    /// Plural with its group.
    pub(super) fn group_plural(self) -> String {
        let dot = if self.group().is_empty() { "" } else { "." };
        format!("{}{dot}{}", self.plural(), self.group())
    }

    /// Whether there is one of a name for each namespace.
    pub(super) const fn is_namespaced(self) -> bool {
        !matches!(self, Self::Node | Self::Namespace)
    }
}
