//! What a run counted and what it found.

use std::collections::BTreeMap;
use std::time::Instant;

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
