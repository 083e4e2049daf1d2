//! `iptables`, `iptables-save`. Source: iptables 1.8.9.

use super::{here, name_here};
use crate::shell::line::Line;
use crate::shell::{Output, Shell};
use crate::sim::action::Action;
use crate::sim::host::Host;
use crate::sim::host::netfilter::{Counter, Match, Rule, Table, TableName, Target};
use crate::sim::packet::{Protocol, Unreachable};
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
    Output::ok(tables.into_iter().map(|t| saved(host, t, line.has("--counters"))).collect::<String>())
}

fn saved(host: &Host, which: TableName, counters: bool) -> String {
    let table = host.netfilter.table(which);
    let name = if which == TableName::Nat { "nat" } else { "filter" };
    let counted = |chain: &str, number| {
        let Counter { packets, bytes } = table.counter(chain, number);
        format!("[{packets}:{bytes}]")
    };
    let mut text = format!("*{name}\n");
    for chain in chains(table, which) {
        let policy = if built_in(which).contains(&chain) { "ACCEPT" } else { "-" };
        text += &format!(":{chain} {policy} {}\n", counted(chain, 0));
    }
    for chain in chains(table, which) {
        for (rule, number) in table.chain(chain).iter().zip(1..) {
            let counted = if counters { counted(chain, number) + " " } else { String::new() };
            text += &format!("{counted}-A {chain}{}{}\n", conditions(rule), target(&rule.target));
        }
    }
    text + "COMMIT\n"
}

/// A prefix as iptables writes it: always with its length.
fn net(net: Ipv4Net) -> String {
    net.to_string()
}

pub(super) const fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Icmp => "icmp",
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
    }
}

/// The conditions of a rule in the order of `iptables-save`.
fn conditions(rule: &Rule) -> String {
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
    format!("{}{comment}{}", parts[..4].concat(), parts[4])
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
    let form = Form {
        numbers: line.has("--line-numbers"),
        numeric: line.has("--numeric"),
        counters: line.has("--verbose").then(|| if line.has("--exact") { Counts::Exact } else { Counts::Rounded }),
    };
    if specs {
        let heads = shown.iter().map(|chain| head_spec(table, which, chain, form));
        let rules = shown.iter().flat_map(|chain| specified(table, chain, form));
        return Output::ok(heads.chain(rules).collect::<String>());
    }
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

/// How a list is written: with the numbers of rules, with numbers for names, with what they counted.
#[derive(Clone, Copy)]
struct Form {
    numbers: bool,
    numeric: bool,
    counters: Option<Counts>,
}

/// How a count is written.
#[derive(Clone, Copy)]
enum Counts {
    /// Large ones in thousands, millions and so on.
    Rounded,
    /// To the last digit.
    Exact,
}

fn head_spec(table: &Table, which: TableName, chain: &str, form: Form) -> String {
    if built_in(which).contains(&chain) {
        format!("-P {chain} ACCEPT{}\n", counter_spec(table, chain, 0, form))
    } else {
        format!("-N {chain}\n")
    }
}

fn specified(table: &Table, chain: &str, form: Form) -> Vec<String> {
    let line = |(rule, number): (&Rule, u16)| {
        let counter = counter_spec(table, chain, number, form);
        format!("-A {chain}{}{counter}{}\n", conditions(rule), target(&rule.target))
    };
    table.chain(chain).iter().zip(1..).map(line).collect()
}

fn counter_spec(table: &Table, chain: &str, number: u16, form: Form) -> String {
    let Counter { packets, bytes } = table.counter(chain, number);
    if form.counters.is_some() { format!(" -c {packets} {bytes}") } else { String::new() }
}

fn listed(table: &Table, which: TableName, chain: &str, form: Form) -> String {
    let head = if !built_in(which).contains(&chain) {
        let uses = table.chains().flat_map(|(_, rules)| rules);
        let uses = uses.filter(|r| matches!(&r.target, Target::Jump(to) if to.as_ref() == chain)).count();
        format!("Chain {chain} ({uses} references)\n")
    } else if let Some(counts) = form.counters {
        let Counter { packets, bytes } = table.counter(chain, 0);
        let (packets, bytes) = (counts.written(packets, 0), counts.written(bytes, 0));
        format!("Chain {chain} (policy ACCEPT {packets}packets, {bytes}bytes)\n")
    } else {
        format!("Chain {chain} (policy ACCEPT)\n")
    };
    let number = |at: u16| if form.numbers { format!("{at:<4} ") } else { String::new() };
    let first = if form.numbers { "num  " } else { "" };
    let rows =
        table.chain(chain).iter().zip(1..).map(|(rule, at)| number(at) + &row(rule, table.counter(chain, at), form));
    head + first + columns(form.counters) + &rows.collect::<String>()
}

/// Source: iptables 1.8.9 `xshared.c` (`print_header`).
const fn columns(counters: Option<Counts>) -> &'static str {
    match counters {
        None => "target     prot opt source               destination         \n",
        Some(Counts::Rounded) => {
            " pkts bytes target     prot opt in     out     source               destination         \n"
        }
        Some(Counts::Exact) => {
            "    pkts      bytes target     prot opt in     out     source               destination         \n"
        }
    }
}

impl Counts {
    /// Digits that the columns of a list have room for.
    const fn width(self) -> usize {
        match self {
            Self::Rounded => 5,
            Self::Exact => 8,
        }
    }

    /// A count with a space behind it, at least `width` digits wide; large ones in thousands, millions and so on.
    /// Source: iptables 1.8.9 `libxtables/xtables.c` (`xtables_print_num`).
    fn written(self, number: u64, width: usize) -> String {
        if matches!(self, Self::Exact) || number <= 99_999 {
            return format!("{number:>width$} ");
        }
        let (mut shown, mut unit) = (number, "");
        for next in ["K", "M", "G", "T"] {
            shown = (shown + 500) / 1000;
            unit = next;
            if shown <= 9_999 {
                break;
            }
        }
        let width = width.saturating_sub(1);
        format!("{shown:>width$}{unit} ")
    }
}

/// One rule of a list. Source: iptables 1.8.9 `nft-shared.c` (`print_rule_details`), `xshared.c`
/// (`print_ipv4_addresses`); what the real tool printed.
fn row(rule: &Rule, counter: Counter, form: Form) -> String {
    let [anywhere, any, all] = if form.numeric { ["0.0.0.0/0", "*", "0"] } else { ["anywhere", "any", "all"] };
    let (mut source, mut destination) = (anywhere.to_owned(), anywhere.to_owned());
    let (mut transport, mut out, mut rest) = (all, any, String::new());
    let mut named = "tcp";
    let shown = |negated: bool, n: Ipv4Net| {
        let text = if n.prefix_len() == 32 { n.addr().to_string() } else { n.to_string() };
        format!("{}{text}", if negated { "!" } else { "" })
    };
    for condition in &rule.matches {
        match condition {
            Match::Src { net, negated } => source = shown(*negated, *net),
            Match::Dst { net, negated } => destination = shown(*negated, *net),
            Match::Protocol(p) => {
                named = protocol(*p);
                transport = if form.numeric { number(*p) } else { named };
            }
            Match::DstPort(port) => rest += &format!(" {named} dpt:{}", port_name(*port, form.numeric)),
            Match::DstLocal { negated } => {
                rest += &format!(" ADDRTYPE match dst-type {}LOCAL", if *negated { "!" } else { "" });
            }
            Match::OutInterface(name) => out = name,
        }
    }
    if let Some(comment) = &rule.comment {
        rest = format!(" /* {comment} */{rest}");
    }
    rest += &target_rest(&rule.target);
    let written = target(&rule.target);
    let name = written.split_whitespace().nth(1).unwrap_or("");
    let (counts, ways) = form.counters.map_or_else(Default::default, |counts| {
        let number = |n| counts.written(n, counts.width());
        (number(counter.packets) + &number(counter.bytes), format!(" {any:<6} {out:<6} "))
    });
    format!("{counts}{name:<9}  {transport:<4} -- {ways} {source:<20} {destination:<20}{rest}\n")
}

/// What a list says of a target behind its name.
fn target_rest(target: &Target) -> String {
    match target {
        Target::Masquerade { random_fully: true } => " random-fully".to_owned(),
        Target::Snat(to) | Target::Dnat { to, port: None } => format!(" to:{to}"),
        Target::Dnat { to, port: Some(port) } => format!(" to:{to}:{port}"),
        Target::Reject(code) => format!(" reject-with {}", reject(*code)),
        Target::Accept
        | Target::Drop
        | Target::Return
        | Target::Jump(_)
        | Target::Masquerade { random_fully: false } => String::new(),
    }
}

/// The name of a port in `/etc/services`, for those that rules here name.
fn port_name(port: u16, numeric: bool) -> String {
    match port {
        53 if !numeric => "domain".to_owned(),
        80 if !numeric => "http".to_owned(),
        port => port.to_string(),
    }
}

/// Source: IANA, "Protocol Numbers".
pub(super) const fn number(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Icmp => "1",
        Protocol::Tcp => "6",
        Protocol::Udp => "17",
    }
}
