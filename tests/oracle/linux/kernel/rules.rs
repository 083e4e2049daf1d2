//! The simulated netfilter tables in the words of `iptables-save`, loaded by `iptables-restore`.

use super::netns::Netns;
use podhop::sim::host::netfilter::{Netfilter, TableName};

/// Loads both tables; an empty one is not made, so that its hooks do not exist.
pub(crate) fn load(netns: &Netns, netfilter: &Netfilter) {
    let tables = [TableName::Nat, TableName::Filter];
    let text: String = tables.into_iter().filter_map(|name| save(netfilter, name)).collect();
    if !text.is_empty() {
        netns.feed("iptables-restore", &["-w", "--counters"], text);
    }
}

/// The table as `iptables-save -t` prints it, with counters and without comments.
pub(crate) fn save(netfilter: &Netfilter, name: TableName) -> Option<String> {
    let table = netfilter.table(name);
    (!table.is_empty()).then(|| table.saved(name, true))
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
