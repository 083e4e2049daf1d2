//! The ledger for programs. Its shape is a promise, as that of [`crate::cli::report`].

use super::{kind, role};
use crate::sim::time::Time;
use crate::view::ledger::{Entry, Pool};
use serde::Serialize;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

const FORMAT: &str = "podhop.ledger";
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Ledger<'a> {
    /// [`FORMAT`]
    format: &'static str,
    /// [`VERSION`]
    version: u32,
    /// Virtual time at which this holds, in nanoseconds since the world began.
    now_ns: u64,
    pools: Vec<PoolRow<'a>>,
}

#[derive(Serialize)]
struct PoolRow<'a> {
    /// `subnet` or `pod-range`.
    kind: &'static str,
    name: &'a str,
    prefix: String,
    /// The sum of the counts.
    size: u64,
    /// Number of addresses by state.
    counts: BTreeMap<&'static str, u64>,
    addresses: Vec<EntryRow<'a>>,
}

/// One address, or a run of free ones.
#[derive(Serialize)]
struct EntryRow<'a> {
    first: Ipv4Addr,
    last: Ipv4Addr,
    count: u64,
    state: &'static str,
    /// For what Azure keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    /// The node that has the address, where its owner is a pod.
    #[serde(skip_serializing_if = "Option::is_none")]
    node: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since_ns: Option<u64>,
}

pub(super) fn json(pools: &[Pool], now: Time) -> String {
    let ledger =
        Ledger { format: FORMAT, version: VERSION, now_ns: now.0, pools: pools.iter().map(pool_row).collect() };
    // Maps with keys that are not strings are the one thing that serde_json refuses; there are none.
    let mut json = serde_json::to_string_pretty(&ledger).unwrap_or_default();
    json.push('\n');
    json
}

fn pool_row(pool: &Pool) -> PoolRow<'_> {
    PoolRow {
        kind: kind(pool.space),
        name: &pool.name,
        prefix: pool.prefix.to_string(),
        size: pool.size,
        counts: pool.counts.iter().map(|(state, n)| (state.code(), *n)).collect(),
        addresses: pool.entries.iter().map(entry_row).collect(),
    }
}

fn entry_row(entry: &Entry) -> EntryRow<'_> {
    EntryRow {
        first: entry.first,
        last: entry.last,
        count: entry.count(),
        state: entry.state.code(),
        role: role(entry),
        owner: entry.owner.as_deref(),
        node: entry.node.as_deref(),
        since_ns: entry.since.map(|t| t.0),
    }
}
