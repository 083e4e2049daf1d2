//! `iptables`, `iptables-save`. Source: iptables 1.8.9.

mod change;
mod options;

use super::here;
use crate::shell::line::Line;
use crate::shell::{Output, Shell};
use crate::sim::host::netfilter::{Counter, Match, Rule, SERVICES, SpecError, Table, TableName, Target, behind};
use crate::sim::packet::Protocol;
use change::change;
use ipnet::Ipv4Net;
use options::Options;

fn table_named(name: Option<&str>) -> Option<TableName> {
    match name {
        None | Some("filter") => Some(TableName::Filter),
        Some("nat") => Some(TableName::Nat),
        Some(_) => None,
    }
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
    let counters = line.has("--counters");
    Output::ok(tables.into_iter().map(|which| host.netfilter.table(which).saved(which, counters)).collect::<String>())
}

/// `iptables [-t TABLE] COMMAND`.
pub(super) fn iptables(shell: &mut Shell, args: &[String]) -> Output {
    let options = match Options::read(args) {
        Ok(options) => options,
        Err(output) => return output,
    };
    if options.has('V') {
        return Output::ok(format!("{VERSION}\n"));
    }
    let Some(which) = table_named(options.table.as_deref()) else {
        return no_table(options.table.as_deref().unwrap_or_default());
    };
    match options.command {
        Some('L' | 'S') => list(shell, which, &options).unwrap_or_else(|output| output),
        Some(_) => change(shell, which, &options),
        None => match options.rule() {
            Ok(_) => usage(&format!("{VERSION}: no command specified")),
            Err(output) => output,
        },
    }
}

fn list(shell: &Shell, which: TableName, options: &Options) -> Result<Output, Output> {
    options.rule()?;
    let table = here(shell)?.netfilter.table(which);
    let named = options.chain.as_deref();
    if let Some(name) = named.filter(|name| !table.in_order(which).contains(name)) {
        let name = format!("{VERSION}: chain `{name}' in table `{}' is incompatible, use 'nft' tool.", which.name());
        return Err(Output::fail(1, name));
    }
    let shown: Vec<&str> =
        table.in_order(which).into_iter().filter(|chain| named.is_none_or(|n| n == *chain)).collect();
    let counts = if options.has('x') { Counts::Exact } else { Counts::Rounded };
    let form = Form {
        numbers: options.has('#'),
        numeric: options.has('n'),
        counters: options.has('v').then_some(counts),
        only: options.number,
    };
    if options.command == Some('S') {
        let heads = shown.iter().filter(|_| form.only.is_none()).map(|chain| head_spec(table, which, chain, form));
        let rules = shown.iter().flat_map(|chain| specified(table, chain, form));
        return Ok(Output::ok(heads.chain(rules).collect::<String>()));
    }
    let blocks: Vec<String> = shown.into_iter().map(|chain| listed(table, which, chain, form)).collect();
    Ok(Output::ok(blocks.join("\n")))
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

/// What is wrong with the words of a command.
fn usage(why: &str) -> Output {
    Output::fail(2, format!("{why}\nTry `iptables -h' or 'iptables --help' for more information."))
}

fn refused(error: &SpecError) -> Output {
    match error {
        SpecError::Refused(text) => usage(&format!("{VERSION}: {text}")),
        SpecError::Argument(_) => usage(&error.to_string()),
        SpecError::NotSimulated(what) => not_simulated(what),
    }
}

fn not_simulated(what: &str) -> Output {
    Output::fail(2, format!("podhop: of iptables, {what} is not simulated; nearest: iptables --help"))
}

/// How a list is written: with the numbers of rules, with numbers for names, with what they counted.
#[derive(Clone, Copy)]
struct Form {
    numbers: bool,
    numeric: bool,
    counters: Option<Counts>,
    /// The one rule that is shown.
    only: Option<usize>,
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
    match table.policy(which, chain) {
        Some(policy) => format!("-P {chain} {policy}{}\n", counter_spec(table, chain, 0, form)),
        None => format!("-N {chain}\n"),
    }
}

fn specified(table: &Table, chain: &str, form: Form) -> Vec<String> {
    let line = |(rule, number): (&Rule, u16)| {
        let counter = counter_spec(table, chain, number, form);
        let conditions = Rule { target: Target::Nothing, ..rule.clone() };
        format!("-A {chain}{}{counter}{}\n", behind(&conditions.to_string()), behind(&rule.target.to_string()))
    };
    rules(table, chain, form).map(line).collect()
}

/// The rules that are shown, with their numbers.
fn rules<'a>(table: &'a Table, chain: &str, form: Form) -> impl Iterator<Item = (&'a Rule, u16)> + use<'a> {
    let shown = move |number: u16| form.only.is_none_or(|only| only == usize::from(number));
    table.chain(chain).iter().zip(1..).filter(move |(_, number)| shown(*number))
}

fn counter_spec(table: &Table, chain: &str, number: u16, form: Form) -> String {
    let Counter { packets, bytes } = table.counter(chain, number);
    if form.counters.is_some() { format!(" -c {packets} {bytes}") } else { String::new() }
}

fn listed(table: &Table, which: TableName, chain: &str, form: Form) -> String {
    let head = match (table.policy(which, chain), form.counters) {
        (None, _) => format!("Chain {chain} ({} references)\n", table.references(chain)),
        (Some(policy), None) => format!("Chain {chain} (policy {policy})\n"),
        (Some(policy), Some(counts)) => {
            let Counter { packets, bytes } = table.counter(chain, 0);
            let (packets, bytes) = (counts.written(packets, 0), counts.written(bytes, 0));
            format!("Chain {chain} (policy {policy} {packets}packets, {bytes}bytes)\n")
        }
    };
    let number = |at: u16| if form.numbers { format!("{at:<4} ") } else { String::new() };
    let first = if form.numbers { "num  " } else { "" };
    let rows = rules(table, chain, form).map(|(rule, at)| number(at) + &row(rule, table.counter(chain, at), form));
    if form.only.is_some() {
        return rows.collect();
    }
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
    let (mut source, mut destination) = (format!(" {anywhere}"), format!(" {anywhere}"));
    let (mut came, mut out) = (any.to_owned(), any.to_owned());
    let word = |p: Protocol| if form.numeric { p.number().to_string() } else { p.name().to_owned() };
    let transport = rule.protocol().map_or_else(|| all.to_owned(), word);
    let not = |negated: bool| if negated { "!" } else { "" };
    let shown = |negated: bool, n: Ipv4Net| {
        let text = if n.prefix_len() == 32 { n.addr().to_string() } else { n.to_string() };
        format!("{}{text}", if negated { '!' } else { ' ' })
    };
    for condition in &rule.matches {
        match condition {
            Match::Src { net, negated } => source = shown(*negated, *net),
            Match::Dst { net, negated } => destination = shown(*negated, *net),
            Match::InInterface { dev, negated } => came = format!("{}{dev}", not(*negated)),
            Match::OutInterface { dev, negated } => out = format!("{}{dev}", not(*negated)),
            _ => {}
        }
    }
    let rest = conditions_rest(rule, form.numeric) + &target_rest(&rule.target);
    let written = rule.target.to_string();
    let name = written.split_whitespace().nth(1).unwrap_or("");
    let (counts, ways) = form.counters.map_or_else(Default::default, |counts| {
        let number = |n| counts.written(n, counts.width());
        (number(counter.packets) + &number(counter.bytes), format!(" {came:<6} {out:<6} "))
    });
    format!("{counts}{name:<9}  {transport:<4} -- {ways}{source:<21}{destination:<21}{rest}\n")
}

/// What the modules say, in their order; the options of a protocol's module behind its name.
fn conditions_rest(rule: &Rule, numeric: bool) -> String {
    let transport = rule.protocol().map_or("tcp", Protocol::name);
    let (mut text, mut in_module) = (String::new(), false);
    for condition in &rule.matches {
        let of_module = matches!(condition, Match::SrcPort(_) | Match::DstPort(_));
        if of_module && !in_module {
            text += &format!(" {transport}");
        }
        in_module = of_module;
        text += &match condition {
            Match::SrcPort(port) => format!(" spt:{}", port_name(*port, numeric)),
            Match::DstPort(port) => format!(" dpt:{}", port_name(*port, numeric)),
            Match::DstLocal { negated } => format!(" ADDRTYPE match dst-type {}LOCAL", if *negated { "!" } else { "" }),
            Match::IcmpType(kind) if numeric => format!(" icmptype {kind}"),
            Match::IcmpType(kind) => format!(" icmp {}", icmp_name(*kind)),
            Match::State(states) => format!(" {} {states}", if states.old { "state" } else { "ctstate" }),
            Match::Comment(comment) => format!(" /* {comment} */"),
            _ => String::new(),
        };
    }
    text
}

/// Source: iptables 1.8.9 `extensions/libxt_icmp.h`.
fn icmp_name(kind: u8) -> String {
    match kind {
        0 => "echo-reply".to_owned(),
        3 => "destination-unreachable".to_owned(),
        4 => "source-quench".to_owned(),
        5 => "redirect".to_owned(),
        8 => "echo-request".to_owned(),
        11 => "time-exceeded".to_owned(),
        12 => "parameter-problem".to_owned(),
        kind => format!("type {kind}"),
    }
}

/// What a list says of a target behind its name.
fn target_rest(target: &Target) -> String {
    match target {
        Target::Masquerade { random_fully: true } => " random-fully".to_owned(),
        Target::Snat(to) | Target::Dnat { to, port: None } => format!(" to:{to}"),
        Target::Dnat { to, port: Some(port) } => format!(" to:{to}:{port}"),
        Target::Reject(_) => target.to_string().replace("-j REJECT --", " "),
        Target::Accept
        | Target::Drop
        | Target::Return
        | Target::Jump(_)
        | Target::Nothing
        | Target::Masquerade { random_fully: false } => String::new(),
    }
}

/// The name of a port in `/etc/services`, for those that rules are likely to name.
fn port_name(port: u16, numeric: bool) -> String {
    let known = SERVICES.iter().find(|(_, number)| *number == port && !numeric);
    known.map_or_else(|| port.to_string(), |(name, _)| (*name).to_owned())
}
