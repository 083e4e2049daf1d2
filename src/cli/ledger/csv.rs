//! The ledger as a table for spreadsheets. Source: RFC 4180, with line feeds alone.

use super::{kind, role};
use crate::view::ledger::{Entry, Pool};

const HEAD: &str = "pool,kind,prefix,first,last,count,state,role,owner,since_ns,node\n";

pub(super) fn csv(pools: &[Pool]) -> String {
    let rows = pools.iter().flat_map(|pool| pool.entries.iter().map(move |entry| row(pool, entry)));
    std::iter::once(HEAD.to_owned()).chain(rows).collect()
}

fn row(pool: &Pool, entry: &Entry) -> String {
    let fields = [
        quoted(&pool.name),
        kind(pool.space).to_owned(),
        pool.prefix.to_string(),
        entry.first.to_string(),
        entry.last.to_string(),
        entry.count().to_string(),
        entry.state.code().to_owned(),
        role(entry).unwrap_or_default().to_owned(),
        quoted(entry.owner.as_deref().unwrap_or_default()),
        entry.since.map_or_else(String::new, |t| t.0.to_string()),
        quoted(entry.node.as_deref().unwrap_or_default()),
    ];
    format!("{}\n", fields.join(","))
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
