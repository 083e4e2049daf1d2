//! Rules of netfilter, written as `iptables -S` prints them, and what a walk made of each.

use super::{Row, RowState, Tab, Table, Why};
use crate::sim::host::Host;
use crate::sim::host::netfilter::{Hook, Match, Rule, RuleTried, TableName};
use crate::sim::record::decision::Decision;

const COLUMNS: &[&str] = &["lab-col-number", "col-rule"];

/// Both tables, chain by chain. A walk comes first, in the order in which rules were tried.
pub(super) fn netfilter(host: &Host, decision: Option<&Decision>) -> Vec<Table> {
    let mut tables = Vec::new();
    for (name, which) in [("nat", TableName::Nat), ("filter", TableName::Filter)] {
        if let Some(Decision::Rules { table, hook, tried, .. }) = decision
            && *table == which
        {
            tables.push(walk(host, name, which, *hook, tried));
            continue;
        }
        for (chain, rules) in host.netfilter.table(which).chains() {
            let rows =
                (1..).zip(rules).map(|(n, rule): (usize, _)| Row::new(vec![n.to_string(), text(rule)])).collect();
            tables.push(Table::new(Tab::Filter, "lab-table-rules", format!("{name} {chain}"), COLUMNS, rows));
        }
    }
    tables
}

fn walk(host: &Host, name: &str, which: TableName, hook: Hook, tried: &[RuleTried]) -> Table {
    let table = host.netfilter.table(which);
    let last = tried.len().saturating_sub(1);
    let mut rows: Vec<Row> = Vec::new();
    for (n, one) in tried.iter().enumerate() {
        let rule = table.chain(&one.chain).get(usize::from(one.number).saturating_sub(1));
        let row = Row::new(vec![format!("{} {}", one.chain, one.number), rule.map_or_else(String::new, text)]);
        let applied = one.missed.is_none();
        let state = match applied {
            true if n == last => RowState::Won,
            true => RowState::Plain,
            false => RowState::Lost,
        };
        rows.push(row.mark(state, Some(Why::Rule(one.missed.clone()))));
        let next_chain = tried.get(n + 1).map(|t| &t.chain);
        if next_chain.is_none_or(|next| next != &one.chain) && applied {
            rows.extend(never_reached(table.chain(&one.chain), &one.chain, usize::from(one.number), tried));
        }
    }
    Table::new(Tab::Filter, "lab-table-walk", format!("{name} {}", hook.chain()), COLUMNS, rows).deciding(true)
}

/// The rules behind one that ended the walk of its chain.
fn never_reached<'a>(
    rules: &'a [Rule],
    chain: &'a str,
    number: usize,
    tried: &'a [RuleTried],
) -> impl Iterator<Item = Row> + 'a {
    let came_back = move |n: usize| tried.iter().any(|t| t.chain.as_ref() == chain && usize::from(t.number) == n);
    (1..).zip(rules).skip(number).filter(move |(n, _)| !came_back(*n)).map(move |(n, rule)| {
        Row::new(vec![format!("{chain} {n}"), text(rule)]).mark(RowState::Dim, Some(Why::Said("fate-never-reached")))
    })
}

/// A rule in the words of iptables, without its comment.
pub fn text(rule: &Rule) -> String {
    let said = rule.matches.iter().filter(|m| !matches!(m, Match::Comment(_)));
    let mut words: Vec<String> = said.map(ToString::to_string).collect();
    words.push(rule.target.to_string());
    words.join(" ")
}
