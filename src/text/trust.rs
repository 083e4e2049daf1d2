//! How far to trust what is shown: part by part, who judged it, and what is simplified or disputed. The page
//! `tests/oracle/TRUST.md` is made of the same rows.

use super::Text;

/// What a part was held to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Judge {
    /// The Linux kernel, frame by frame, in random scenarios.
    Kernel,
    /// The CNI plugin itself.
    Plugin,
    /// Test vectors that the component's authors publish.
    Vectors,
    /// The output that the source article prints.
    Article,
    /// Documentation and published source, read by people.
    Document,
    /// Wireshark.
    Wireshark,
    /// A crate for the same purpose by other hands.
    Crate,
}

impl Judge {
    pub const ALL: [Judge; 7] =
        [Judge::Kernel, Judge::Plugin, Judge::Vectors, Judge::Article, Judge::Document, Judge::Wireshark, Judge::Crate];

    const fn id(self) -> &'static str {
        match self {
            Judge::Kernel => "trust-judge-kernel",
            Judge::Plugin => "trust-judge-plugin",
            Judge::Vectors => "trust-judge-vectors",
            Judge::Article => "trust-judge-article",
            Judge::Document => "trust-judge-document",
            Judge::Wireshark => "trust-judge-wireshark",
            Judge::Crate => "trust-judge-crate",
        }
    }
}

/// One part of the simulation, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustRow {
    pub part: String,
    pub judged_by: Vec<String>,
    /// What is simplified, disputed or was not judged.
    pub limit: Option<String>,
}

/// The parts of one mode, or those that all modes share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustGroup {
    pub title: String,
    pub rows: Vec<TrustRow>,
}

type Part = (&'static str, &'static [Judge]);

use Judge::{Article, Crate, Document, Kernel, Plugin, Vectors, Wireshark};

/// The limit of a part is the attribute `.limit` of its message.
const GROUPS: [(&str, &[Part]); 5] = [
    (
        "trust-everywhere",
        &[
            ("trust-forwarding", &[Kernel, Article]),
            ("trust-routes", &[Kernel, Crate]),
            ("trust-neighbors", &[Kernel]),
            ("trust-netfilter", &[Kernel]),
            ("trust-captures", &[Kernel, Wireshark]),
            ("trust-azure-routes", &[Kernel, Document]),
            ("trust-nsg", &[Kernel, Document]),
            ("trust-azure-ports", &[Document]),
            ("trust-services", &[]),
            ("trust-time", &[]),
        ],
    ),
    (
        "trust-kubenet",
        &[
            ("trust-kubenet-attach", &[Plugin, Kernel]),
            ("trust-kubenet-addresses", &[Plugin, Article]),
            ("trust-kubenet-blocks", &[Vectors, Article]),
            ("trust-kubenet-masquerade", &[Kernel, Document]),
        ],
    ),
    (
        "trust-azure-bridge",
        &[
            ("trust-bridge-rules", &[Kernel, Document]),
            ("trust-bridge-broute", &[Document]),
            ("trust-vnet-ipam", &[Document, Article]),
        ],
    ),
    (
        "trust-azure-transparent",
        &[("trust-transparent-attach", &[Kernel, Document, Article]), ("trust-transparent-probe", &[Document])],
    ),
    (
        "trust-pod-subnet",
        &[
            ("trust-pool-monitor", &[Vectors, Document]),
            ("trust-pod-container", &[Kernel, Article]),
            ("trust-swift", &[Kernel, Document]),
            ("trust-controller", &[Document]),
        ],
    ),
];

/// All groups, in the words of `trust.ftl`.
pub fn groups(text: &Text) -> Vec<TrustGroup> {
    let row = |(id, judges): &Part| TrustRow {
        part: text.get(id),
        judged_by: judges.iter().map(|judge| text.get(judge.id())).collect(),
        limit: Some(format!("{id}.limit")).filter(|id| text.has(id)).map(|id| text.get(&id)),
    };
    let group =
        |(id, parts): &(&str, &[Part])| TrustGroup { title: text.get(id), rows: parts.iter().map(row).collect() };
    GROUPS.iter().map(group).collect()
}

/// The English words. They are apart from those of the app, so that who does not show them does not load them.
pub const WORDS: &str = include_str!("../../static/i18n/en/trust.ftl");
