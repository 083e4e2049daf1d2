//! Rows of the commands on nodes and in pods.

use super::{
    bridge, connect, conntrack, date, ebtables, ip, iptables, neigh, net, ping, route, system, tcpdump, traceroute,
    watch,
};
use crate::shell::catalog::{At, Command, Example, Flag, Place, Run};
use crate::shell::line::Line;
use crate::shell::{Output, Shell};

const fn at(
    place: At,
    path: &'static str,
    operands: &'static str,
    flags: &'static [Flag],
    example: &'static str,
    run: fn(&mut Shell, &Line) -> Output,
) -> Command {
    Command::new(path, Place::Machine, flags, Example::on(place, example), Run::Tool(run)).with(operands)
}

/// A row whose example is typed on a node.
const fn node(
    path: &'static str,
    operands: &'static str,
    flags: &'static [Flag],
    example: &'static str,
    run: fn(&mut Shell, &Line) -> Output,
) -> Command {
    at(At::Node, path, operands, flags, example, run)
}

/// A row whose example is typed in a pod.
const fn pod(
    path: &'static str,
    operands: &'static str,
    flags: &'static [Flag],
    example: &'static str,
    run: fn(&mut Shell, &Line) -> Output,
) -> Command {
    at(At::Pod, path, operands, flags, example, run)
}

/// Options of every `ip` command. Those that only say how much is shown have one form here.
pub(in crate::shell) const IP_GLOBAL: &[Flag] = &[
    Flag::on("-4", "", "sh-flag-ipv4"),
    Flag::on("-brief", "-br", "sh-flag-brief"),
    Flag::on("-details", "-d", "sh-flag-details"),
    Flag::on("-statistics", "-s", "sh-flag-statistics"),
    Flag::on("-oneline", "-o", "sh-flag-oneline"),
    Flag::on("-json", "-j", "sh-flag-json"),
    Flag::on("-color", "-c", "sh-flag-no-effect"),
];

/// Options of every `bridge` command.
pub(in crate::shell) const BRIDGE_GLOBAL: &[Flag] =
    &[Flag::on("-statistics", "-s", "sh-flag-no-effect"), Flag::on("-details", "-d", "sh-flag-details")];

const TABLE: Flag = Flag::one("--table", "-t", "sh-flag-table");
const NUMERIC: Flag = Flag::on("--numeric", "-n", "sh-flag-numeric");

/// Rows of iproute2 and of the tools for bridges.
pub(in crate::shell) const COMMANDS: &[Command] = &[
    node("ip address", "[show [dev DEV] [up] [master DEV] [type TYPE]]", &[], "ip address show cbr0", ip::addresses),
    node("ip address add", "PREFIX dev DEV", &[], "ip address add 10.99.0.1/24 dev cbr0", ip::add_address),
    node(
        "ip address del",
        "PREFIX dev DEV",
        &[],
        "ip address add 10.99.0.1/24 dev cbr0; ip address del 10.99.0.1/24 dev cbr0",
        ip::del_address,
    ),
    node("ip route", "[show]", &[], "ip route", route::routes),
    node("ip route get", "ADDRESS", &[], "ip route get {other}", route::get),
    node("ip route add", "PREFIX [via ADDRESS] [dev DEV]", &[], "ip route add 10.99.0.0/24 via 10.0.0.1", route::add),
    node(
        "ip route replace",
        "PREFIX [via ADDRESS] [dev DEV]",
        &[],
        "ip route replace 10.99.0.0/24 via 10.0.0.1",
        route::replace,
    ),
    node(
        "ip route change",
        "PREFIX [via ADDRESS] [dev DEV]",
        &[],
        "ip route add 10.99.0.0/24 via 10.0.0.1; ip route change 10.99.0.0/24 dev cbr0",
        route::change,
    ),
    node(
        "ip route append",
        "PREFIX [via ADDRESS] [dev DEV] [metric N]",
        &[],
        "ip route add 10.99.0.0/24 via 10.0.0.1; ip route append 10.99.0.0/24 dev cbr0 metric 5",
        route::append,
    ),
    node(
        "ip route del",
        "PREFIX",
        &[],
        "ip route add 10.99.0.0/24 via 10.0.0.1; ip route del 10.99.0.0/24",
        route::del,
    ),
    node("ip rule", "[show]", &[], "ip rule", route::rules),
    node("ip neigh", "[show [dev DEV]]", &[], "ip neigh", neigh::neighbors),
    node(
        "ip neigh add",
        "ADDRESS lladdr MAC dev DEV",
        &[],
        "ip neigh add 10.0.0.9 lladdr 00:0d:3a:00:00:09 dev eth0",
        neigh::add,
    ),
    node(
        "ip neigh replace",
        "ADDRESS lladdr MAC dev DEV",
        &[],
        "ip neigh replace 10.0.0.9 lladdr 00:0d:3a:00:00:09 dev eth0",
        neigh::replace,
    ),
    node(
        "ip neigh del",
        "ADDRESS dev DEV",
        &[],
        "ip neigh add 10.0.0.9 lladdr 00:0d:3a:00:00:09 dev eth0; ip neigh del 10.0.0.9 dev eth0",
        neigh::del,
    ),
    node(
        "ip neigh change",
        "ADDRESS lladdr MAC dev DEV",
        &[],
        "ip neigh replace 10.0.0.9 lladdr 00:0d:3a:00:00:09 dev eth0; ip neigh change 10.0.0.9 lladdr 00:0d:3a:00:00:19 dev eth0",
        neigh::change,
    ),
    node(
        "ip neigh get",
        "ADDRESS dev DEV",
        &[],
        "ip neigh add 10.0.0.9 lladdr 00:0d:3a:00:00:09 dev eth0; ip neigh get 10.0.0.9 dev eth0",
        neigh::get,
    ),
    node("ip neigh flush", "all|dev DEV|ADDRESS", &[], "ip neigh flush all", neigh::flush),
    node("ip link", "[show [dev DEV] [up] [master DEV] [type TYPE]]", &[], "ip link show master cbr0", ip::links),
    node("ip link set", "DEV up|down", &[], "ip link set cbr0 up", ip::set_link),
    node("bridge fdb", "[show [br BRIDGE]]", &[], "bridge fdb show br cbr0", bridge::fdb_show),
    node("bridge link", "[show]", &[], "bridge link", bridge::links),
    node("brctl show", "[BRIDGE]", &[], "brctl show", bridge::show),
    node("brctl showmacs", "BRIDGE", &[], "brctl showmacs cbr0", bridge::macs),
    node(
        "iptables-save",
        "",
        &[TABLE, Flag::on("--counters", "-c", "sh-flag-counters")],
        "iptables-save -t nat",
        iptables::iptables_save,
    ),
    Command::new(
        "iptables",
        Place::Node,
        IPTABLES,
        Example::on(At::Node, "iptables -t nat -nvL IP-MASQ-AGENT"),
        Run::Words(iptables::iptables),
    )
    .with("[CHAIN [NUMBER]] [RULE]"),
    node(
        "ebtables",
        "[CHAIN]",
        &[
            TABLE,
            Flag::on("-L", "", "sh-flag-list"),
            Flag::one("-D", "", "sh-flag-delete-rule"),
            Flag::on("--Ln", "", "sh-flag-line-numbers"),
        ],
        "ebtables -t nat -L",
        ebtables::ebtables,
    ),
    node(
        "conntrack",
        "",
        &[
            Flag::on("--dump", "-L", "sh-flag-list"),
            Flag::on("--flush", "-F", "sh-flag-flush"),
            Flag::on("--count", "-C", "sh-flag-count-flows"),
            Flag::on("--event", "-E", "sh-flag-events"),
            Flag::one("--event-mask", "-e", "sh-flag-event-mask"),
            Flag::one("--proto", "-p", "sh-flag-proto"),
            Flag::one("--src", "-s", "sh-flag-src").also(&["orig-src"]),
            Flag::one("--dst", "-d", "sh-flag-dst").also(&["orig-dst"]),
        ],
        "conntrack -L",
        conntrack::conntrack,
    ),
];

/// Rows of the older tools, of those that send packets, and of what a machine says of itself.
pub(in crate::shell) const MORE_COMMANDS: &[Command] = &[
    pod("ifconfig", "[DEV]", &[Flag::on("-a", "", "sh-flag-all")], "ifconfig eth0", net::ifconfig),
    node("route", "", &[NUMERIC, Flag::on("--extend", "-e", "sh-flag-no-effect")], "route -n", net::route),
    node(
        "arp",
        "",
        &[
            NUMERIC,
            Flag::on("--all", "-a", "sh-flag-all"),
            Flag::on("--delete", "-d", "sh-flag-forget"),
            Flag::one("--device", "-i", "sh-flag-dev"),
        ],
        "arp -n",
        net::arp,
    ),
    node(
        "sysctl",
        "NAME[=VALUE]",
        &[
            Flag::on("--write", "-w", "sh-flag-write"),
            Flag::on("--all", "-a", "sh-flag-all"),
            Flag::on("--values", "-n", "sh-flag-values-only"),
        ],
        "sysctl net.ipv4.ip_forward",
        net::sysctl,
    ),
    pod(
        "ping",
        "ADDRESS",
        &[
            Flag::one("-c", "", "sh-flag-count"),
            Flag::one("-i", "", "sh-flag-interval"),
            Flag::one("-W", "", "sh-flag-timeout"),
            Flag::one("-w", "", "sh-flag-deadline"),
            Flag::one("-t", "", "sh-flag-ttl"),
            Flag::one("-s", "", "sh-flag-size"),
            Flag::one("-M", "", "sh-flag-pmtu").among(&["do", "dont", "want", "probe"]),
            Flag::one("-I", "", "sh-flag-source"),
            Flag::on("-n", "", "sh-flag-numeric"),
            Flag::on("-q", "", "sh-flag-quiet"),
            Flag::on("-4", "", "sh-flag-ipv4"),
        ],
        "ping -c 2 {other}",
        ping::run,
    ),
    pod(
        "traceroute",
        "ADDRESS",
        &[
            NUMERIC_ONLY,
            Flag::one("--max-hops", "-m", "sh-flag-max-hops"),
            Flag::one("--queries", "-q", "sh-flag-queries"),
            Flag::one("--first", "-f", "sh-flag-first-hop"),
            Flag::one("--port", "-p", "sh-flag-port"),
            Flag::one("--wait", "-w", "sh-flag-timeout"),
            Flag::on("--icmp", "-I", "sh-flag-icmp"),
            Flag::on("--tcp", "-T", "sh-flag-tcp"),
            Flag::on("--udp", "-U", "sh-flag-udp"),
        ],
        "traceroute -n {other}",
        traceroute::run,
    ),
    Command::new(
        "tcpdump",
        Place::Machine,
        TCPDUMP,
        Example::on(At::Node, "tcpdump -c 2 -ni eth0 icmp & ping -c 1 {other}; fg"),
        Run::Words(tcpdump::run),
    )
    .with("[FILTER]"),
    pod(
        "nc",
        "ADDRESS PORT",
        &[
            Flag::on("-z", "", "sh-flag-scan"),
            Flag::on("-v", "", "sh-flag-no-effect"),
            Flag::on("-u", "", "sh-flag-udp"),
            Flag::on("-n", "", "sh-flag-numeric"),
            Flag::one("-w", "", "sh-flag-timeout"),
        ],
        "nc -zv {other} 80",
        connect::nc,
    ),
    pod(
        "curl",
        "URL",
        &[
            Flag::on("--silent", "-s", "sh-flag-no-effect"),
            Flag::on("--head", "-I", "sh-flag-no-effect"),
            Flag::on("--verbose", "-v", "sh-flag-no-effect"),
            Flag::on("--location", "-L", "sh-flag-no-effect"),
            Flag::one("--max-time", "-m", "sh-flag-timeout"),
            Flag::one("--connect-timeout", "", "sh-flag-timeout"),
            Flag::one("--output", "-o", "sh-flag-no-effect"),
            Flag::on("--insecure", "-k", "sh-flag-no-effect"),
            Flag::on("--show-error", "-S", "sh-flag-no-effect"),
            Flag::on("--fail", "-f", "sh-flag-no-effect"),
            Flag::one("--header", "-H", "sh-flag-no-effect"),
            Flag::one("--request", "-X", "sh-flag-no-effect"),
            Flag::one("--write-out", "-w", "sh-flag-no-effect"),
        ],
        "curl http://{other}",
        connect::curl,
    ),
    Command::new(
        "hostname",
        Place::Anywhere,
        &[
            Flag::on("--all-ip-addresses", "-I", "sh-flag-addresses"),
            Flag::on("--ip-address", "-i", "sh-flag-addresses"),
        ],
        Example::on(At::Node, "hostname"),
        Run::Tool(system::hostname),
    ),
    Command::new(
        "uname",
        Place::Anywhere,
        &[
            Flag::on("--kernel-release", "-r", "sh-flag-release"),
            Flag::on("--all", "-a", "sh-flag-all"),
            Flag::on("--nodename", "-n", "sh-flag-nodename"),
            Flag::on("--kernel-name", "-s", "sh-flag-kernel-name"),
            Flag::on("--machine", "-m", "sh-flag-machine"),
        ],
        Example::on(At::Node, "uname -r"),
        Run::Tool(system::uname),
    ),
    Command::new("which", Place::Anywhere, &[], Example::on(At::Node, "which ip"), Run::Tool(system::which))
        .with("NAME..."),
    Command::new("whoami", Place::Anywhere, &[], Example::on(At::Node, "whoami"), Run::Tool(system::whoami)),
    Command::new(
        "date",
        Place::Anywhere,
        &[
            Flag::on("--utc", "-u", "sh-flag-utc").also(&["universal"]),
            Flag::on("--iso-8601", "-I", "sh-flag-iso-date"),
            Flag::on("-Iseconds", "", "sh-flag-iso-date"),
            Flag::on("-Iminutes", "", "sh-flag-iso-date"),
            Flag::on("-Ins", "", "sh-flag-iso-date"),
            Flag::on("--rfc-email", "-R", "sh-flag-mail-date"),
        ],
        Example::on(At::Workstation, "date -u +%H:%M:%S"),
        Run::Tool(date::run),
    )
    .with("[+FORMAT]"),
    Command::new("sleep", Place::Anywhere, &[], Example::on(At::Workstation, "sleep 1"), Run::Tool(system::sleep))
        .with("SECONDS"),
    Command::new(
        "time",
        Place::Anywhere,
        &[],
        Example::on(At::Workstation, "time kubectl get node"),
        Run::Words(system::time),
    )
    .with("COMMAND"),
    Command::new(
        "watch",
        Place::Anywhere,
        &[],
        Example::on(At::Workstation, "watch -n 1 kubectl get node"),
        Run::Words(watch::run),
    )
    .with("COMMAND"),
    Command::new(
        "timeout",
        Place::Anywhere,
        &[],
        Example::on(At::Node, "timeout 10 ping -c 1 {other}"),
        Run::Words(system::timeout),
    )
    .with("SECONDS COMMAND"),
];

const NUMERIC_ONLY: Flag = Flag::on("-n", "", "sh-flag-numeric");

/// `iptables` reads these itself, since the specification of a rule stands among them.
const IPTABLES: &[Flag] = &[
    TABLE,
    Flag::on("--list", "-L", "sh-flag-list"),
    Flag::on("--list-rules", "-S", "sh-flag-list-rules"),
    Flag::one("--append", "-A", "sh-flag-append-rule"),
    Flag::one("--insert", "-I", "sh-flag-insert-rule"),
    Flag::one("--replace", "-R", "sh-flag-replace-rule"),
    Flag::one("--delete", "-D", "sh-flag-delete-rule"),
    Flag::one("--check", "-C", "sh-flag-check-rule"),
    Flag::on("--flush", "-F", "sh-flag-flush-rules"),
    Flag::on("--zero", "-Z", "sh-flag-zero-rules"),
    Flag::one("--new-chain", "-N", "sh-flag-new-chain"),
    Flag::on("--delete-chain", "-X", "sh-flag-delete-chain"),
    Flag::one("--policy", "-P", "sh-flag-policy"),
    NUMERIC,
    Flag::on("--verbose", "-v", "sh-flag-counters"),
    Flag::on("--exact", "-x", "sh-flag-exact"),
    Flag::on("--line-numbers", "", "sh-flag-line-numbers"),
    Flag::on("--wait", "-w", "sh-flag-wait-lock"),
    Flag::on("--version", "-V", "sh-flag-version"),
    Flag::one("--source", "-s", "sh-flag-rule-source"),
    Flag::one("--destination", "-d", "sh-flag-rule-destination"),
    Flag::one("--in-interface", "-i", "sh-flag-rule-in"),
    Flag::one("--out-interface", "-o", "sh-flag-rule-out"),
    Flag::one("--protocol", "-p", "sh-flag-rule-protocol").among(&["icmp", "tcp", "udp"]),
    Flag::one("--sport", "", "sh-flag-rule-sport"),
    Flag::one("--dport", "", "sh-flag-rule-dport"),
    Flag::one("--icmp-type", "", "sh-flag-rule-icmp").among(&["echo-request", "echo-reply"]),
    Flag::one("--match", "-m", "sh-flag-rule-match").among(&["addrtype", "comment", "conntrack", "state"]),
    Flag::one("--dst-type", "", "sh-flag-rule-dst-type").among(&["LOCAL"]),
    Flag::one("--ctstate", "", "sh-flag-rule-state"),
    Flag::one("--comment", "", "sh-flag-rule-comment"),
    Flag::one("--jump", "-j", "sh-flag-rule-target").among(&[
        "ACCEPT",
        "DROP",
        "RETURN",
        "REJECT",
        "MASQUERADE",
        "SNAT",
        "DNAT",
    ]),
    Flag::one("--reject-with", "", "sh-flag-rule-reject"),
    Flag::one("--to-source", "", "sh-flag-rule-snat"),
    Flag::one("--to-destination", "", "sh-flag-rule-dnat"),
];

/// `tcpdump` reads these itself, since its filter follows them.
const TCPDUMP: &[Flag] = &[
    Flag::one("-i", "", "sh-flag-dev"),
    Flag::one("-c", "", "sh-flag-count"),
    Flag::on("-n", "", "sh-flag-numeric"),
    Flag::on("-e", "", "sh-flag-ethernet"),
    Flag::on("-v", "", "sh-flag-tcpdump-verbose"),
    Flag::on("-l", "", "sh-flag-no-effect"),
    Flag::on("-t", "", "sh-flag-no-time"),
    Flag::on("-q", "", "sh-flag-terse"),
    Flag::one("-s", "", "sh-flag-no-effect"),
    Flag::on("-S", "", "sh-flag-absolute"),
];
