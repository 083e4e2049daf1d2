//! The simulated netfilter tables in the words of `iptables-save`, loaded by `iptables-restore`.

use super::netns::Netns;
use podhop::sim::host::netfilter::{Netfilter, Rule, Table, TableName};
use std::fmt::Write;

/// Loads both tables; an empty one is not made, so that its hooks do not exist.
pub(crate) fn load(netns: &Netns, netfilter: &Netfilter) {
    let tables = [TableName::Nat, TableName::Filter];
    let text: String = tables.into_iter().filter_map(|name| save(netfilter, name)).collect();
    if !text.is_empty() {
        netns.feed("iptables-restore", &["-w", "--counters"], text);
    }
}

const fn built_in(table: TableName) -> &'static [&'static str] {
    match table {
        TableName::Nat => &["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
        TableName::Filter => &["INPUT", "FORWARD", "OUTPUT"],
    }
}

/// The table as `iptables-save -t` prints it, with counters and without comments.
pub(crate) fn save(netfilter: &Netfilter, name: TableName) -> Option<String> {
    let table = netfilter.table(name);
    if table.is_empty() {
        return None;
    }
    let mut text = format!("*{}\n", if name == TableName::Nat { "nat" } else { "filter" });
    for hook in name.hooks() {
        let policy = if table.drops_by_policy(*hook) { "DROP" } else { "ACCEPT" };
        writeln!(text, ":{} {policy} {}", hook.chain(), counted(table, hook.chain(), 0)).unwrap();
    }
    let own = |chain: &&str| !built_in(name).contains(chain);
    for chain in table.chains().map(|(name, _)| name.as_ref()).filter(own) {
        writeln!(text, ":{chain} - [0:0]").unwrap();
    }
    append_rules(&mut text, table, name);
    text.push_str("COMMIT\n");
    Some(text)
}

fn counted(table: &Table, chain: &str, number: u16) -> String {
    let counter = table.counter(chain, number);
    format!("[{}:{}]", counter.packets, counter.bytes)
}

/// A line without its bytes: segments have no options in the simulator, so theirs differ.
pub(crate) fn without_bytes(line: &str) -> String {
    let rule = || Some((line.strip_prefix('[')?.split_once(':')?.0, line.split_once(']')?.1));
    if let Some((packets, rule)) = rule() {
        return format!("[{packets}]{rule}");
    }
    match line.rsplit_once(':') {
        Some((chain, _)) if line.starts_with(':') => format!("{chain}]"),
        _ => line.to_owned(),
    }
}

/// Rules of the built-in chains come first.
fn append_rules(text: &mut String, table: &Table, name: TableName) {
    let own = table.chains().map(|(chain, _)| chain.as_ref()).filter(|c| !built_in(name).contains(c));
    for chain in built_in(name).iter().copied().chain(own) {
        for (rule, number) in table.chain(chain).iter().zip(1..) {
            writeln!(text, "{} -A {chain}{}", counted(table, chain, number), spec(rule)).unwrap();
        }
    }
}

/// Behind the name of the chain.
fn spec(rule: &Rule) -> String {
    let words = rule.to_string();
    if words.is_empty() { words } else { format!(" {words}") }
}
