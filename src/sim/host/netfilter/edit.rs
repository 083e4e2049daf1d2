//! Changes of a chain, with what the kernel and iptables refuse.
//! Source: Linux `net/netfilter/nf_tables_api.c` (`nft_chain_validate`), iptables 1.8.9.

use super::known::is_chain_name;
use super::{Hook, Rule, Table, TableName, Target};
use serde::{Deserialize, Serialize};

/// One change of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ChainEdit {
    Insert {
        /// The number that it gets, from 1; without one it goes to the end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<usize>,
        rule: Rule,
    },
    Delete {
        number: usize,
    },
    /// Deletes all rules.
    Flush,
    /// Sets what was counted to 0.
    Zero,
    Create,
    Remove,
    /// Of a built-in chain: what becomes of a packet for which no rule decides.
    Policy {
        accept: bool,
    },
}

/// Why a chain cannot be changed so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChainProblem {
    NoChain,
    Exists,
    BadName,
    /// The chain that the rule jumps to is not there.
    NoTarget,
    /// The target is of another table, or of other hooks.
    NotHere,
    /// Chains jump in a circle, or through too many rules.
    TooManyLinks,
    /// It has rules, or a rule jumps to it.
    Busy,
    NoSuchNumber,
    NotBuiltIn,
    /// The nat table drops nothing.
    NotForFiltering,
    Full,
}

impl ChainProblem {
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoChain => "chain-missing",
            Self::Exists => "chain-exists",
            Self::BadName => "chain-name",
            Self::NoTarget => "chain-no-target",
            Self::NotHere => "chain-not-here",
            Self::TooManyLinks => "chain-links",
            Self::Busy => "chain-busy",
            Self::NoSuchNumber => "chain-number",
            Self::NotBuiltIn => "chain-not-built-in",
            Self::NotForFiltering => "chain-not-for-filtering",
            Self::Full => "chain-full",
        }
    }
}

/// Rules of a chain, chains of a table. The kernel has no such bound; nobody reads longer tables.
const MAX_RULES: usize = 256;
const MAX_CHAINS: usize = 64;
/// Rules on all ways from one built-in chain: bounds what one packet can cost.
const MAX_WALK: u32 = 1024;
/// Source: Linux `include/net/netfilter/nf_tables.h` (`NFT_JUMP_STACK_SIZE`).
const MAX_JUMPS: u8 = 16;

impl TableName {
    /// The hooks at which it has chains of its own, in the order of `iptables-save`.
    pub const fn hooks(self) -> &'static [Hook] {
        match self {
            TableName::Nat => &[Hook::Prerouting, Hook::Input, Hook::Output, Hook::Postrouting],
            TableName::Filter => &[Hook::Input, Hook::Forward, Hook::Output],
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            TableName::Nat => "nat",
            TableName::Filter => "filter",
        }
    }

    pub(super) fn built_in(self, chain: &str) -> Option<Hook> {
        self.hooks().iter().copied().find(|hook| hook.chain() == chain)
    }
}

impl Table {
    /// Whether there is such a chain; built-in ones are there without rules too.
    pub fn has_chain(&self, which: TableName, chain: &str) -> bool {
        which.built_in(chain).is_some() || self.chains.contains_key(&chain.into())
    }

    /// Changes a chain. On an error the table must be thrown away.
    pub fn edit(&mut self, which: TableName, chain: &str, edit: &ChainEdit) -> Result<(), ChainProblem> {
        let known = self.has_chain(which, chain);
        if *edit == ChainEdit::Create {
            return if known { Err(ChainProblem::Exists) } else { self.create(chain) };
        }
        if let ChainEdit::Policy { accept } = edit {
            return self.set_policy(which, chain, *accept);
        }
        if !known {
            return Err(ChainProblem::NoChain);
        }
        match edit {
            ChainEdit::Insert { number, rule } => {
                self.insert(chain, *number, rule)?;
                self.check_target(which, &rule.target)?;
                self.check_walks(which)
            }
            ChainEdit::Delete { number } => self.delete(chain, *number).map(|_| ()).ok_or(ChainProblem::NoSuchNumber),
            ChainEdit::Flush => {
                if !self.chain(chain).is_empty() {
                    self.set_chain(chain, Vec::new());
                }
                Ok(())
            }
            ChainEdit::Zero => {
                self.zero(chain);
                Ok(())
            }
            ChainEdit::Remove => self.remove(which, chain),
            ChainEdit::Create | ChainEdit::Policy { .. } => Ok(()),
        }
    }

    fn create(&mut self, chain: &str) -> Result<(), ChainProblem> {
        if !is_chain_name(chain) {
            return Err(ChainProblem::BadName);
        }
        if self.chains.len() >= MAX_CHAINS {
            return Err(ChainProblem::Full);
        }
        self.put_chain(chain, Vec::new());
        Ok(())
    }

    fn set_policy(&mut self, which: TableName, chain: &str, accept: bool) -> Result<(), ChainProblem> {
        let hook = which.built_in(chain).ok_or(ChainProblem::NotBuiltIn)?;
        if which == TableName::Nat && !accept {
            return Err(ChainProblem::NotForFiltering);
        }
        self.drops = if accept { self.drops & !(1 << hook as u8) } else { self.drops | 1 << hook as u8 };
        // A policy that is set, the same one too, begins to count at 0; the rules go on.
        self.counters.remove(&(chain.into(), 0));
        // From now on the table has a chain, so packets pass it.
        self.put_chain(chain, self.chain(chain).to_vec());
        Ok(())
    }

    /// The rules from there on move down, and what they have counted with them.
    fn insert(&mut self, chain: &str, number: Option<usize>, rule: &Rule) -> Result<(), ChainProblem> {
        let mut rules = self.chain(chain).to_vec();
        if rules.len() >= MAX_RULES {
            return Err(ChainProblem::Full);
        }
        let at = number.unwrap_or(rules.len() + 1);
        if !(1..=rules.len() + 1).contains(&at) {
            return Err(ChainProblem::NoSuchNumber);
        }
        rules.insert(at - 1, rule.clone());
        let counted = self.counters_of(chain);
        self.set_chain(chain, rules);
        for (before, counter) in counted.into_iter().filter(|(before, _)| *before > 0) {
            let now_at = before + u16::from(usize::from(before) >= at);
            self.counters.insert((chain.into(), now_at), counter);
        }
        Ok(())
    }

    fn zero(&mut self, chain: &str) {
        for (number, _) in self.counters_of(chain) {
            self.counters.remove(&(chain.into(), number));
        }
    }

    fn remove(&mut self, which: TableName, chain: &str) -> Result<(), ChainProblem> {
        if !self.chain(chain).is_empty() || self.references(chain) > 0 {
            return Err(ChainProblem::Busy);
        }
        if which.built_in(chain).is_none() {
            self.chains.remove(&chain.into());
            self.zero(chain);
        }
        Ok(())
    }

    /// How many rules jump to a chain.
    pub fn references(&self, chain: &str) -> usize {
        let jumps = |rule: &&Rule| matches!(&rule.target, Target::Jump(to) if to.as_ref() == chain);
        self.chains().flat_map(|(_, rules)| rules).filter(jumps).count()
    }

    /// What is refused wherever the rule is.
    fn check_target(&self, which: TableName, target: &Target) -> Result<(), ChainProblem> {
        match (which, target) {
            (TableName::Nat, Target::Drop) => Err(ChainProblem::NotForFiltering),
            (TableName::Nat, Target::Reject(_))
            | (TableName::Filter, Target::Masquerade { .. } | Target::Snat(_) | Target::Dnat { .. }) => {
                Err(ChainProblem::NotHere)
            }
            (_, Target::Jump(to)) if which.built_in(to).is_some() || !self.chains.contains_key(to) => {
                Err(ChainProblem::NoTarget)
            }
            _ => Ok(()),
        }
    }

    /// The kernel looks at all that packets can reach from its hooks; a circle that none can reach stays.
    fn check_walks(&self, which: TableName) -> Result<(), ChainProblem> {
        which.hooks().iter().try_for_each(|hook| self.check_walk(*hook, hook.chain(), 1, &mut MAX_WALK.clone()))
    }

    fn check_walk(&self, hook: Hook, chain: &str, depth: u8, left: &mut u32) -> Result<(), ChainProblem> {
        for rule in self.chain(chain) {
            *left = left.checked_sub(1).ok_or(ChainProblem::TooManyLinks)?;
            if !is_of_hook(&rule.target, hook) {
                return Err(ChainProblem::NotHere);
            }
            if let Target::Jump(to) = &rule.target {
                if depth == MAX_JUMPS {
                    return Err(ChainProblem::TooManyLinks);
                }
                self.check_walk(hook, to, depth + 1, left)?;
            }
        }
        Ok(())
    }
}

/// Source: Linux `net/netfilter/xt_nat.c`, `xt_MASQUERADE.c` (`.hooks`).
const fn is_of_hook(target: &Target, hook: Hook) -> bool {
    match target {
        Target::Masquerade { .. } => matches!(hook, Hook::Postrouting),
        Target::Snat(_) => matches!(hook, Hook::Postrouting | Hook::Input),
        Target::Dnat { .. } => matches!(hook, Hook::Prerouting | Hook::Output),
        _ => true,
    }
}
