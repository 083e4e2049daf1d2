//! What a run counted and what it found.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

/// A run whose table is kept.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) command: String,
    pub(crate) counts: BTreeMap<String, u64>,
}

impl Run {
    fn file() -> PathBuf {
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/runs.json").into()
    }

    /// The runs that were kept, one for each command.
    pub(crate) fn kept() -> Vec<Self> {
        fs::read_to_string(Self::file()).map_or_else(|_| Vec::new(), |text| serde_json::from_str(&text).unwrap())
    }
}

#[derive(Debug)]
pub(crate) struct Report {
    started: Instant,
    counts: BTreeMap<String, u64>,
    differences: Vec<String>,
}

impl Report {
    pub(crate) fn new() -> Self {
        Self { started: Instant::now(), counts: BTreeMap::new(), differences: Vec::new() }
    }

    pub(crate) fn count(&mut self, what: &str, n: u64) {
        *self.counts.entry(what.to_owned()).or_default() += n;
    }

    /// Notes a difference and prints it at once, so that a run that is stopped has shown it.
    pub(crate) fn difference(&mut self, kind: &str, text: &str) {
        println!("DIFFERENCE in {kind}\n{text}\n");
        self.differences.push(kind.to_owned());
    }

    pub(crate) const fn differences(&self) -> usize {
        self.differences.len()
    }

    /// Takes over what another report counted and found.
    pub(crate) fn merge(&mut self, other: Self) {
        for (what, n) in other.counts {
            self.count(&what, n);
        }
        self.differences.extend(other.differences);
    }

    /// Keeps the table in the place of an earlier one of the same command.
    pub(crate) fn keep(&self, command: &str) {
        let mut runs: Vec<Run> = Run::kept().into_iter().filter(|run| run.command != command).collect();
        let mut counts = self.counts.clone();
        counts.insert("unexplained differences".to_owned(), self.differences.len() as u64);
        runs.push(Run { command: command.to_owned(), counts });
        fs::write(Run::file(), serde_json::to_string_pretty(&runs).unwrap() + "\n").unwrap();
    }

    /// Prints the table; `true` when nothing differed.
    pub(crate) fn close(&self) -> bool {
        for (what, n) in &self.counts {
            println!("{what:<44} {n:>9}");
        }
        println!("{:<44} {:>9.1}", "seconds", self.started.elapsed().as_secs_f64());
        println!("{:<44} {:>9}", "unexplained differences", self.differences.len());
        self.differences.is_empty()
    }
}
