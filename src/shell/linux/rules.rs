//! `iptables`, `iptables-save`, `ebtables`, `conntrack`. Source: iptables 1.8.9, ebtables 2.0.11, conntrack-tools 1.4.7.

use super::{dev_name, here, name_here};
use crate::shell::line::Line;
use crate::shell::{Output, Shell};
use crate::sim::action::{Action, FlushTable};
use crate::sim::host::Host;
use crate::sim::host::conntrack::{Flow, TcpState};
use crate::sim::host::ebtables::{EbChain, EbMatch, EbRule, EbTarget};
use crate::sim::host::netfilter::{Match, Rule, Table, TableName, Target};
use crate::sim::packet::{ArpOp, Protocol, Tuple, Unreachable};
use ipnet::Ipv4Net;

const fn built_in(table: TableName) -> &'static [&'static str] {
    match table {
        TableName::Nat => &["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
        TableName::Filter => &["INPUT", "FORWARD", "OUTPUT"],
    }
}

fn table_named(name: Option<&str>) -> Option<TableName> {
    match name {
        None | Some("filter") => Some(TableName::Filter),
        Some("nat") => Some(TableName::Nat),
        Some(_) => None,
    }
}

/// Chains in the order of `iptables-save`: the built-in ones as they are passed, then the others by name.
fn chains(table: &Table, which: TableName) -> Vec<&str> {
    let own = table.chains().map(|(name, _)| name.as_ref()).filter(|name| !built_in(which).contains(name));
    built_in(which).iter().copied().chain(own).collect()
}

pub(super) fn iptables_save(shell: &mut Shell, line: &Line) -> Output {
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    let tables: Vec<TableName> = match line.option("--table") {
        None => vec![TableName::Filter, TableName::Nat],
        name => match table_named(name) {
            Some(table) => vec![table],
            None => return Output::fail(1, "iptables-save: The table is not simulated; nearest: -t nat"),
        },
    };
    Output::ok(tables.into_iter().map(|t| saved(host, t)).collect::<String>())
}

fn saved(host: &Host, which: TableName) -> String {
    let table = host.netfilter.table(which);
    let name = if which == TableName::Nat { "nat" } else { "filter" };
    let mut text = format!("*{name}\n");
    for chain in chains(table, which) {
        let policy = if built_in(which).contains(&chain) { "ACCEPT" } else { "-" };
        text += &format!(":{chain} {policy} [0:0]\n");
    }
    for chain in chains(table, which) {
        text += &table.chain(chain).iter().map(|rule| format!("-A {chain}{}\n", written(rule))).collect::<String>();
    }
    text + "COMMIT\n"
}

/// A prefix as iptables writes it: always with its length.
fn net(net: Ipv4Net) -> String {
    net.to_string()
}

const fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Icmp => "icmp",
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
    }
}

/// The conditions and the target of a rule in the order of `iptables-save`.
fn written(rule: &Rule) -> String {
    let not = |negated: bool| if negated { " !" } else { "" };
    let mut parts = [String::new(), String::new(), String::new(), String::new(), String::new()];
    let mut transport = "tcp";
    for condition in &rule.matches {
        match condition {
            Match::Src { net: n, negated } => parts[0] += &format!("{} -s {}", not(*negated), net(*n)),
            Match::Dst { net: n, negated } => parts[1] += &format!("{} -d {}", not(*negated), net(*n)),
            Match::OutInterface(name) => parts[2] += &format!(" -o {name}"),
            Match::Protocol(p) => {
                transport = protocol(*p);
                parts[3] += &format!(" -p {transport}");
            }
            Match::DstPort(port) => parts[4] += &format!(" -m {transport} --dport {port}"),
            Match::DstLocal { negated } => parts[4] += &format!(" -m addrtype{} --dst-type LOCAL", not(*negated)),
        }
    }
    let comment = rule.comment.as_ref().map_or_else(String::new, |c| format!(" -m comment --comment \"{c}\""));
    format!("{}{comment}{}{}", parts[..4].concat(), parts[4], target(&rule.target))
}

fn target(target: &Target) -> String {
    match target {
        Target::Accept => " -j ACCEPT".to_owned(),
        Target::Drop => " -j DROP".to_owned(),
        Target::Return => " -j RETURN".to_owned(),
        Target::Jump(chain) => format!(" -j {chain}"),
        Target::Reject(code) => format!(" -j REJECT --reject-with {}", reject(*code)),
        Target::Masquerade { random_fully: true } => " -j MASQUERADE --random-fully".to_owned(),
        Target::Masquerade { random_fully: false } => " -j MASQUERADE".to_owned(),
        Target::Snat(to) => format!(" -j SNAT --to-source {to}"),
        Target::Dnat { to, port: Some(port) } => format!(" -j DNAT --to-destination {to}:{port}"),
        Target::Dnat { to, port: None } => format!(" -j DNAT --to-destination {to}"),
    }
}

const fn reject(code: Unreachable) -> &'static str {
    match code {
        Unreachable::Net => "icmp-net-unreachable",
        Unreachable::Host => "icmp-host-unreachable",
        _ => "icmp-port-unreachable",
    }
}

/// `iptables -t TABLE -L|-S [CHAIN]`, `iptables -t nat -D CHAIN NUMBER`.
pub(super) fn iptables(shell: &mut Shell, line: &Line) -> Output {
    let Some(which) = table_named(line.option("--table")) else {
        return no_table(line.option("--table").unwrap_or_default());
    };
    if let Some(chain) = line.option("--delete") {
        return delete(shell, which, chain, line.word(0));
    }
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    let table = host.netfilter.table(which);
    let (list, specs) = (line.has("--list"), line.has("--list-rules"));
    if !list && !specs {
        return Output::fail(
            2,
            "podhop: of iptables, -L, -S and -D CHAIN NUMBER are simulated; nearest: iptables -t nat -nL",
        );
    }
    let named = line.word(0);
    if let Some(name) = named
        && !chains(table, which).contains(&name)
    {
        let said = format!(
            "{VERSION}: chain `{name}' in table `{}' is incompatible, use 'nft' tool.",
            if which == TableName::Nat { "nat" } else { "filter" }
        );
        return Output::fail(1, said);
    }
    let shown: Vec<&str> = chains(table, which).into_iter().filter(|chain| named.is_none_or(|n| n == *chain)).collect();
    if specs {
        let head = |chain: &&str| {
            if built_in(which).contains(chain) { format!("-P {chain} ACCEPT\n") } else { format!("-N {chain}\n") }
        };
        let rules = shown
            .iter()
            .flat_map(|chain| table.chain(chain).iter().map(move |r| format!("-A {chain}{}\n", written(r))));
        return Output::ok(shown.iter().map(head).chain(rules).collect::<String>());
    }
    let form = Form { numbers: line.has("--line-numbers"), numeric: line.has("--numeric") };
    let blocks: Vec<String> = shown.into_iter().map(|chain| listed(table, which, chain, form)).collect();
    Output::ok(blocks.join("\n"))
}

const VERSION: &str = "iptables v1.8.9 (nf_tables)";

/// A table that is not simulated, or that there is not.
fn no_table(name: &str) -> Output {
    match name {
        "mangle" | "raw" | "security" => {
            Output::fail(3, format!("podhop: the table {name} is not simulated; nearest: iptables -t nat -S"))
        }
        name => Output::fail(
            3,
            format!("{VERSION}: table '{name}' does not exist\nPerhaps iptables or your kernel needs to be upgraded."),
        ),
    }
}

fn delete(shell: &mut Shell, which: TableName, chain: &str, number: Option<&str>) -> Output {
    let Some(number) = number.and_then(|n| n.parse::<usize>().ok()).filter(|_| which == TableName::Nat) else {
        return Output::fail(2, "podhop: of iptables -D, only -t nat -D CHAIN NUMBER is simulated");
    };
    match shell.act(Action::DeleteNatRule { host: name_here(shell), chain: chain.to_owned(), number }) {
        Ok(()) => Output::default(),
        Err(_) => Output::fail(1, "iptables: Index of deletion too big."),
    }
}

/// How a list is written: with the numbers of rules, and with numbers for names.
#[derive(Clone, Copy)]
struct Form {
    numbers: bool,
    numeric: bool,
}

fn listed(table: &Table, which: TableName, chain: &str, form: Form) -> String {
    let head = if built_in(which).contains(&chain) {
        format!("Chain {chain} (policy ACCEPT)\n")
    } else {
        let uses = table.chains().flat_map(|(_, rules)| rules);
        let uses = uses.filter(|r| matches!(&r.target, Target::Jump(to) if to.as_ref() == chain)).count();
        format!("Chain {chain} ({uses} references)\n")
    };
    let columns = "target     prot opt source               destination         \n";
    let number = |at: usize| if form.numbers { format!("{at:<4} ") } else { String::new() };
    let first = if form.numbers { "num  " } else { "" };
    let rows = table.chain(chain).iter().zip(1..).map(|(rule, at)| number(at) + &row(rule, form.numeric));
    head + first + columns + &rows.collect::<String>()
}

/// One rule of a list. Source: iptables 1.8.9 `nft-shared.c` (`print_rule_details`), `xshared.c`
/// (`print_ipv4_addresses`); what the real tool printed.
fn row(rule: &Rule, numeric: bool) -> String {
    let anywhere = || if numeric { "0.0.0.0/0" } else { "anywhere" }.to_owned();
    let (mut source, mut destination) = (anywhere(), anywhere());
    let mut transport = if numeric { "0" } else { "all" };
    let mut rest = String::new();
    let shown = |negated: bool, n: Ipv4Net| {
        let text = if n.prefix_len() == 32 { n.addr().to_string() } else { n.to_string() };
        format!("{}{text}", if negated { "!" } else { "" })
    };
    for condition in &rule.matches {
        match condition {
            Match::Src { net, negated } => source = shown(*negated, *net),
            Match::Dst { net, negated } => destination = shown(*negated, *net),
            Match::Protocol(p) => transport = if numeric { number(*p) } else { protocol(*p) },
            Match::DstPort(port) => rest += &format!(" dpt:{port}"),
            Match::DstLocal { negated } => {
                rest += &format!(" ADDRTYPE match dst-type {}LOCAL", if *negated { "!" } else { "" });
            }
            Match::OutInterface(_) => {}
        }
    }
    if let Some(comment) = &rule.comment {
        rest = format!(" /* {comment} */{rest}");
    }
    let written = target(&rule.target);
    let name = written.split_whitespace().nth(1).unwrap_or("");
    format!("{name:<9}  {transport:<4} --  {source:<20} {destination:<20}{rest}\n")
}

/// Source: IANA, "Protocol Numbers".
const fn number(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Icmp => "1",
        Protocol::Tcp => "6",
        Protocol::Udp => "17",
    }
}

/// `ebtables -t nat -L`.
pub(super) fn ebtables(shell: &mut Shell, line: &Line) -> Output {
    let table = line.option("--table").unwrap_or("filter");
    if let Some(chain) = line.option("-D") {
        return delete_bridge(shell, table, chain, line.word(0));
    }
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    if !line.has("-L") {
        return Output::fail(
            255,
            "podhop: of ebtables, -L and -D CHAIN NUMBER are simulated; nearest: ebtables -t nat -L",
        );
    }
    let names: &[&str] = match table {
        "nat" => &["PREROUTING", "OUTPUT", "POSTROUTING"],
        "filter" => &["INPUT", "FORWARD", "OUTPUT"],
        "broute" => &["BROUTING"],
        other => return Output::fail(255, format!("podhop: the table {other} is not simulated; nearest: -t nat")),
    };
    if let Some(name) = line.word(0).filter(|name| !names.contains(name)) {
        return Output::fail(255, format!("Chain '{name}' doesn't exist."));
    }
    let numbers = line.has("--Ln");
    let block = |name: &&str| {
        // Nothing that is simulated writes a rule into the other chains.
        let chain = EbChain::ALL.into_iter().find(|c| c.table() == table && c.name() == *name);
        let rules = chain.map_or(&[][..], |chain| host.ebtables.chain(chain));
        let number = |at: usize| if numbers { format!("{at}. ") } else { String::new() };
        let lines: String = rules.iter().zip(1..).map(|(rule, at)| number(at) + &bridge_rule(host, rule)).collect();
        format!("Bridge chain: {name}, entries: {}, policy: ACCEPT\n{lines}", rules.len())
    };
    let shown = names.iter().filter(|name| line.word(0).is_none_or(|n| n == **name));
    Output::ok(format!("Bridge table: {table}\n\n") + &shown.map(block).collect::<Vec<_>>().join("\n"))
}

fn delete_bridge(shell: &mut Shell, table: &str, chain: &str, number: Option<&str>) -> Output {
    let found = EbChain::ALL.into_iter().find(|c| c.table() == table && c.name() == chain);
    let Some((chain, number)) = found.zip(number.and_then(|n| n.parse::<usize>().ok())) else {
        return Output::fail(255, "podhop: of ebtables -D, only -t TABLE -D CHAIN NUMBER is simulated");
    };
    match shell.act(Action::DeleteBridgeRule { host: name_here(shell), chain, number }) {
        Ok(()) => Output::default(),
        Err(_) => Output::fail(255, "Sorry, rule does not exist."),
    }
}

/// Protocol, addresses, interfaces, then what is asked of the protocol: the order of the real tool, whatever that of the
/// conditions. Source: iptables 1.8.9 `nft-bridge.c` (`nft_bridge_print_rule`).
fn bridge_rule(host: &Host, rule: &EbRule) -> String {
    let (mut head, mut sender, mut ports, mut rest) = (String::new(), String::new(), String::new(), String::new());
    for condition in &rule.matches {
        match condition {
            EbMatch::In(port) => ports += &format!("-i {} ", dev_name(host, *port)),
            EbMatch::Out(port) => ports += &format!("-o {} ", dev_name(host, *port)),
            EbMatch::UnicastSource => sender += "-s Unicast ",
            EbMatch::Arp { op, target } => {
                let op = if *op == ArpOp::Request { "Request" } else { "Reply" };
                head += "-p ARP ";
                rest += &format!("--arp-op {op} ");
                if let Some(ip) = target {
                    rest += &format!("--arp-ip-dst {ip} ");
                }
            }
            EbMatch::IpTo(ip) => {
                head += "-p IPv4 ";
                rest += &format!("--ip-dst {ip} ");
            }
        }
    }
    let text = head + &sender + &ports + &rest;
    text + &match rule.target {
        EbTarget::Snat { mac, arp } => {
            format!("-j snat --to-src {mac}{} --snat-target ACCEPT\n", if arp { " --snat-arp" } else { "" })
        }
        EbTarget::Dnat(mac) => format!("-j dnat --to-dst {mac} --dnat-target ACCEPT\n"),
        EbTarget::ArpReply(mac) => format!("-j arpreply --arpreply-mac {mac}\n"),
        EbTarget::Redirect => "-j redirect\n".to_owned(),
    }
}

/// `conntrack -L [-p PROTO] [-s IP] [-d IP]`, `conntrack -F`.
pub(super) fn conntrack(shell: &mut Shell, line: &Line) -> Output {
    const NAME: &str = "conntrack v1.4.7 (conntrack-tools)";
    if line.has("--flush") {
        return match shell.act(Action::Flush { host: name_here(shell), table: FlushTable::Conntrack }) {
            Ok(()) => {
                Output { err: format!("{NAME}: connection tracking table has been emptied.\n"), ..Output::default() }
            }
            Err(error) => Output::fail(1, format!("{NAME}: {}", shell.words(&error))),
        };
    }
    if !line.has("--dump") {
        return Output::fail(
            2,
            format!("{NAME}: You need to supply exactly one command\npodhop: nearest: conntrack -L"),
        );
    }
    let host = match here(shell) {
        Ok(host) => host,
        Err(output) => return output,
    };
    let now = shell.session().world().now;
    let wanted = |flow: &&Flow| {
        line.option("--proto").is_none_or(|p| protocol(flow.original.protocol) == p)
            && line.option("--src").is_none_or(|s| flow.original.src.to_string() == s)
            && line.option("--dst").is_none_or(|d| flow.original.dst.to_string() == d)
    };
    let lines: Vec<String> = host
        .conntrack
        .flows(now)
        .filter(wanted)
        .map(|flow| tracked(flow, (flow.expires - now).as_millis() / 1000))
        .collect();
    let err = format!("{NAME}: {} flow entries have been shown.\n", lines.len());
    Output { out: lines.concat(), err, status: 0 }
}

fn tracked(flow: &Flow, seconds: u64) -> String {
    let number = number(flow.original.protocol);
    let state = match flow.tcp {
        TcpState::None => "",
        TcpState::SynSent => "SYN_SENT ",
        TcpState::SynRecv => "SYN_RECV ",
        TcpState::Established => "ESTABLISHED ",
        TcpState::Close => "CLOSE ",
    };
    let seen = if flow.seen_reply { "" } else { "[UNREPLIED] " };
    let assured = if flow.assured { "[ASSURED] " } else { "" };
    let name = protocol(flow.original.protocol);
    format!(
        "{name:<8} {number} {seconds} {state}{} {seen}{} {assured}mark=0 use=1\n",
        tuple(&flow.original, 8),
        tuple(&flow.reply, 0)
    )
}

fn tuple(tuple: &Tuple, icmp_type: u8) -> String {
    let ends = format!("src={} dst={}", tuple.src, tuple.dst);
    match tuple.protocol {
        Protocol::Icmp => format!("{ends} type={icmp_type} code=0 id={}", tuple.src_port),
        _ => format!("{ends} sport={} dport={}", tuple.src_port, tuple.dst_port),
    }
}
