//! `iptables` that changes rules and chains, and what it says where that cannot be. Source: iptables 1.8.9.

use super::options::Options;
use super::{VERSION, usage};
use crate::shell::linux::{here, name_here};
use crate::shell::{Output, Shell};
use crate::sim::action::Action;
use crate::sim::action::error::ActionError;
use crate::sim::host::netfilter::edit::{ChainEdit, ChainProblem};
use crate::sim::host::netfilter::{Counter, Match, Rule, Table, TableName, is_target};

type Done = Result<(), Output>;

pub(super) fn change(shell: &mut Shell, which: TableName, options: &Options) -> Output {
    done(shell, which, options).err().unwrap_or_default()
}

fn done(shell: &mut Shell, which: TableName, options: &Options) -> Done {
    let rule = options.rule()?;
    let table = here(shell)?.netfilter.table(which).clone();
    let Some(chain) = options.chain.as_deref() else { return to_all(shell, which, &table, options.command) };
    let mut act = |edit| act(shell, which, chain, edit, options.command);
    match (options.command, options.number) {
        (Some('A' | 'I' | 'R' | 'C' | 'D'), _) if misused(chain, &rule).is_some() => {
            let option = misused(chain, &rule).unwrap_or_default();
            Err(usage(&format!("{VERSION}: Can't use {option} with {chain}\n")))
        }
        (Some('A'), _) => act(ChainEdit::Insert { number: None, rule }),
        (Some('I'), number) => act(ChainEdit::Insert { number: number.or(Some(1)), rule }),
        (Some('R'), Some(number)) => {
            known(&table, which, chain)?;
            if number > table.chain(chain).len() {
                return Err(Output::fail(1, "iptables: Index of replacement too big."));
            }
            act(ChainEdit::Insert { number: Some(number), rule })?;
            act(ChainEdit::Delete { number: number + 1 })
        }
        (Some('D'), Some(number)) => act(ChainEdit::Delete { number }),
        (Some('D'), None) => act(ChainEdit::Delete { number: found(&table, chain, &rule)? }),
        (Some('C'), _) => found(&table, chain, &rule).map(|_| ()),
        (Some('F'), _) => act(ChainEdit::Flush),
        (Some('N'), _) => act(ChainEdit::Create),
        (Some('X'), _) => act(ChainEdit::Remove),
        (Some('Z'), None) => act(ChainEdit::Zero),
        (Some('P'), _) => match options.policy.as_deref() {
            Some("ACCEPT") => act(ChainEdit::Policy { accept: true }),
            Some("DROP") => act(ChainEdit::Policy { accept: false }),
            _ if which.hooks().iter().all(|hook| hook.chain() != chain) => {
                Err(said(ChainProblem::NotBuiltIn, chain, options.command, ""))
            }
            _ => Err(Output::fail(1, "iptables: Bad policy name. Run `dmesg' for more information.")),
        },
        (Some('E'), _) => Err(super::not_simulated("-E")),
        (Some('Z'), Some(_)) => Err(super::not_simulated("-Z CHAIN NUMBER")),
        _ => Err(usage(&format!("{VERSION}: no command specified"))),
    }
}

fn act(shell: &mut Shell, table: TableName, chain: &str, edit: ChainEdit, command: Option<char>) -> Done {
    let target = match &edit {
        ChainEdit::Insert { rule, .. } => rule.target.to_string().trim_start_matches("-j ").to_owned(),
        _ => String::new(),
    };
    let action = Action::EditChain { host: name_here(shell), table, chain: chain.to_owned(), edit };
    match shell.act(action) {
        Ok(()) => Ok(()),
        Err(ActionError::Chain { problem, .. }) => Err(said(problem, chain, command, &target)),
        Err(error) => Err(Output::fail(4, format!("{VERSION}: {}", shell.words(&error)))),
    }
}

/// A command without a chain is about all of the table. Chains that it would not change are passed over.
fn to_all(shell: &mut Shell, which: TableName, table: &Table, command: Option<char>) -> Done {
    let own = |chain: &str| which.hooks().iter().all(|hook| hook.chain() != chain);
    let counted = |chain: &str| {
        (0..=table.chain(chain).len())
            .any(|at| u16::try_from(at).is_ok_and(|number| table.counter(chain, number) != Counter::default()))
    };
    for chain in table.in_order(which) {
        let (edit, needed) = match command {
            Some('F') => (ChainEdit::Flush, !table.chain(chain).is_empty()),
            Some('X') => (ChainEdit::Remove, own(chain)),
            _ => (ChainEdit::Zero, counted(chain)),
        };
        if needed {
            act(shell, which, chain, edit, command)?;
        }
    }
    Ok(())
}

fn known(table: &Table, which: TableName, chain: &str) -> Done {
    if table.has_chain(which, chain) { Ok(()) } else { Err(said(ChainProblem::NoChain, chain, None, "")) }
}

/// The number of the rule that says the same.
fn found(table: &Table, chain: &str, rule: &Rule) -> Result<usize, Output> {
    let wanted = rule.to_string();
    let at = table.chain(chain).iter().position(|rule| rule.to_string() == wanted);
    at.map(|at| at + 1)
        .ok_or_else(|| Output::fail(1, "iptables: Bad rule (does a matching rule exist in that chain?)."))
}

/// Source: iptables 1.8.9 `xshared.c` (`do_parse`).
fn misused(chain: &str, rule: &Rule) -> Option<&'static str> {
    let has = |wanted: fn(&Match) -> bool| rule.matches.iter().any(wanted);
    match chain {
        "PREROUTING" | "INPUT" => has(|m| matches!(m, Match::OutInterface { .. })).then_some("-o"),
        "POSTROUTING" | "OUTPUT" => has(|m| matches!(m, Match::InInterface { .. })).then_some("-i"),
        _ => None,
    }
}

/// A problem in the words of iptables.
fn said(problem: ChainProblem, chain: &str, command: Option<char>, target: &str) -> Output {
    let (what, index) = match command {
        Some('I') => ("RULE_INSERT", "insertion"),
        Some('R') => ("RULE_REPLACE", "replacement"),
        Some('D') => ("RULE_DELETE", "deletion"),
        _ => ("RULE_APPEND", "insertion"),
    };
    let kernel = |why: &str| Output::fail(4, format!("{VERSION}:  {what} failed ({why}): rule in chain {chain}"));
    let short = |text: &str| Output::fail(1, format!("iptables: {text}"));
    match problem {
        ChainProblem::NoChain => short("No chain/target/match by that name."),
        ChainProblem::Exists => short("Chain already exists."),
        ChainProblem::NotBuiltIn => short("Bad built-in chain name."),
        ChainProblem::NoSuchNumber => short(&format!("Index of {index} too big.")),
        ChainProblem::Full => short("Memory allocation problem."),
        ChainProblem::NoTarget if is_built_in(target) => kernel("No such file or directory"),
        ChainProblem::NoTarget => usage(&format!("{VERSION}: Chain '{target}' does not exist")),
        ChainProblem::NotHere => kernel("Invalid argument"),
        ChainProblem::TooManyLinks => kernel("Too many links"),
        ChainProblem::Busy => {
            Output::fail(4, format!("{VERSION}:  CHAIN_DEL failed (Device or resource busy): chain {chain}"))
        }
        ChainProblem::NotForFiltering => usage(&format!(
            "{VERSION}: \nThe \"nat\" table is not intended for filtering, the use of DROP is therefore inhibited.\n\n"
        )),
        ChainProblem::BadName => usage(&format!("{VERSION}: {}", bad_name(chain))),
    }
}

fn is_built_in(chain: &str) -> bool {
    [TableName::Nat, TableName::Filter].iter().any(|t| t.hooks().iter().any(|hook| hook.chain() == chain))
}

/// Source: iptables 1.8.9 `xshared.c` (`parse_chain`), `xtables_init_all`.
fn bad_name(chain: &str) -> String {
    match chain.chars().next() {
        Some(first @ ('-' | '!')) => format!("chain name not allowed to start with `{first}'"),
        _ if is_target(chain) => "chain name may not clash with target name".to_owned(),
        _ if chain.len() > 28 => format!("chain name `{chain}' too long (must be under 29 chars)"),
        _ => format!("Invalid chain name `{chain}'"),
    }
}
