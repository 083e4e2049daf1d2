//! What iptables knows by name, simulated or not. Source: iptables 1.8.9, iptables-extensions(8).

/// Options with a value, by all their names; the first is what errors call it.
pub(super) const OPTIONS: &[&[&str]] = &[
    &["-s", "--source", "--src"],
    &["-d", "--destination", "--dst"],
    &["-i", "--in-interface"],
    &["-o", "--out-interface"],
    &["-p", "--protocol", "--proto"],
    &["-j", "--jump"],
    &["-m", "--match"],
    &["--sport", "--source-port"],
    &["--dport", "--destination-port"],
    &["--icmp-type"],
    &["--dst-type"],
    &["--ctstate"],
    &["--state"],
    &["--comment"],
    &["--reject-with"],
    &["--to-source"],
    &["--to-destination"],
];

pub(super) const OPTIONS_NOT_SIMULATED: &[&str] = &[
    "-g",
    "--goto",
    "-f",
    "--fragment",
    "-c",
    "--set-counters",
    "--src-type",
    "--limit-iface-in",
    "--limit-iface-out",
    "--tcp-flags",
    "--syn",
    "--tcp-option",
    "--ctproto",
    "--ctorigsrc",
    "--ctorigdst",
    "--ctreplsrc",
    "--ctrepldst",
    "--ctstatus",
    "--ctexpire",
    "--ctdir",
    "--persistent",
    "--random",
    "--to-ports",
    "-6",
];

pub(super) const MODULES: &[&str] = &["tcp", "udp", "icmp", "addrtype", "conntrack", "state", "comment"];

pub(super) const MODULES_NOT_SIMULATED: &[&str] = &[
    "ah",
    "bpf",
    "cgroup",
    "cluster",
    "connbytes",
    "connlabel",
    "connlimit",
    "connmark",
    "cpu",
    "dccp",
    "devgroup",
    "dscp",
    "ecn",
    "esp",
    "hashlimit",
    "helper",
    "iprange",
    "ipvs",
    "length",
    "limit",
    "mac",
    "mark",
    "multiport",
    "nfacct",
    "osf",
    "owner",
    "physdev",
    "pkttype",
    "policy",
    "quota",
    "rateest",
    "realm",
    "recent",
    "rpfilter",
    "sctp",
    "set",
    "socket",
    "statistic",
    "string",
    "tcpmss",
    "time",
    "tos",
    "ttl",
    "u32",
];

pub(super) const TARGETS: &[&str] = &["ACCEPT", "DROP", "RETURN", "REJECT", "MASQUERADE", "SNAT", "DNAT"];

pub(super) const TARGETS_NOT_SIMULATED: &[&str] = &[
    "AUDIT",
    "CHECKSUM",
    "CLASSIFY",
    "CLUSTERIP",
    "CONNMARK",
    "CONNSECMARK",
    "CT",
    "DSCP",
    "ECN",
    "HMARK",
    "IDLETIMER",
    "LED",
    "LOG",
    "MARK",
    "NETMAP",
    "NFLOG",
    "NFQUEUE",
    "NOTRACK",
    "QUEUE",
    "RATEEST",
    "REDIRECT",
    "SECMARK",
    "SET",
    "SYNPROXY",
    "TCPMSS",
    "TCPOPTSTRIP",
    "TEE",
    "TOS",
    "TPROXY",
    "TRACE",
    "TTL",
    "ULOG",
];

/// Ports by their names in `/etc/services`, those that rules here are likely to name.
pub const SERVICES: &[(&str, u16)] = &[
    ("ftp", 21),
    ("ssh", 22),
    ("telnet", 23),
    ("smtp", 25),
    ("domain", 53),
    ("http", 80),
    ("pop3", 110),
    ("ntp", 123),
    ("https", 443),
    ("syslog", 514),
    ("mysql", 3306),
    ("postgresql", 5432),
    ("http-alt", 8080),
];

/// Whether a word is an option whose value is the next word.
pub fn takes_value(word: &str) -> bool {
    OPTIONS.iter().any(|names| names.contains(&word))
}

/// Whether a chain can be called so.
pub(super) fn is_chain_name(name: &str) -> bool {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '"';
    !name.is_empty() && name.len() < 29 && !name.starts_with(['-', '!']) && name.chars().all(plain) && !is_target(name)
}

/// Whether iptables has a target of this name, simulated or not.
pub fn is_target(name: &str) -> bool {
    TARGETS.contains(&name) || TARGETS_NOT_SIMULATED.contains(&name)
}
