//! `kubectl get -w`: a row for each change. Source: kubernetes/kubectl `pkg/cmd/get/get.go` (`watch`),
//! kubernetes/cli-runtime `pkg/printers/tableprinter.go`.

use super::Line;
use super::get::{Found, Query};
use crate::shell::follow::{Follow, Happened, Part, Told};
use crate::shell::{Output, Shell};
use crate::sim::ids::ClusterId;
use crate::sim::record::Place;
use std::collections::BTreeMap;

/// Most rows that are looked at for one turn; where there are more, not every step of its control loops is.
const MAX_LOOKS: usize = 1_000_000;

/// What was printed of each object, and how.
#[derive(Clone, Debug)]
pub(in crate::shell) struct Rows {
    line: Line,
    query: Query,
    cluster: ClusterId,
    /// Objects as they were seen last.
    last: BTreeMap<String, Vec<String>>,
    /// The widest cells so far: columns do not get narrower again.
    widest: Option<Vec<String>>,
}

pub(super) fn begin(shell: &mut Shell, line: &Line, cluster: ClusterId, query: Query) -> Output {
    let mut rows = Rows { line: line.clone(), query, cluster, last: BTreeMap::new(), widest: None };
    let found = match rows.query.found(shell, line, cluster) {
        Ok(found) => found,
        Err(output) => return output,
    };
    let head = rows.changed(shell, found);
    if line.has("--watch-only") {
        return shell.follow(String::new(), String::new(), Follow::Rows(Box::new(rows)));
    }
    shell.follow(String::new(), head, Follow::Rows(Box::new(rows)))
}

impl Rows {
    /// Prints what is new or no longer as it was, and keeps it.
    fn changed(&mut self, shell: &Shell, mut found: Found) -> String {
        let now = found.states();
        let gone: Vec<String> = self.last.keys().filter(|key| !now.contains_key(*key)).cloned().collect();
        let gone: Vec<Vec<String>> = gone.iter().filter_map(|key| self.last.remove(key)).collect();
        found.retain_changed(&self.last);
        self.last = now;
        let mut text = String::new();
        if let Some(ended) = found.ended(&gone, &self.line) {
            text += &self.aligned(&found, ended);
        }
        if found.is_empty() {
            return text;
        }
        if Found::is_table(&self.line) {
            let rows = found.rows(&self.line);
            return text + &self.aligned(&found, rows);
        }
        text + &found.print(shell, &self.line, true, false).out
    }

    fn aligned(&mut self, found: &Found, rows: Vec<Vec<String>>) -> String {
        let (text, widest) = found.aligned(self.widest.take(), rows, &self.line);
        self.widest = Some(widest);
        text
    }

    pub(in crate::shell) fn told(&mut self, happened: Happened<'_>) -> Told {
        let all = &happened.turn.record.steps;
        let control = all.iter().enumerate().filter(|(_, step)| step.at == Place::Control).map(|(at, _)| at + 1);
        let stride = (control.clone().count() * self.last.len() / MAX_LOOKS).max(1);
        let mut looks: Vec<usize> = control.step_by(stride).collect();
        if looks.last() != Some(&all.len()) {
            looks.push(all.len());
        }
        let mut told = Told::default();
        let heard = self.query.is_of_events();
        for steps in looks {
            let time = match steps.checked_sub(1).and_then(|last| all.get(last)) {
                Some(step) if steps < all.len() => step.time,
                _ => happened.turn.world.now,
            };
            let shell = happened.as_of(steps, time, heard);
            // An object that was asked for by name may be gone.
            let found = self.query.found(&shell, &self.line, self.cluster);
            let found = found.unwrap_or_else(|_| self.query.nothing(&shell, &self.line, self.cluster));
            let text = self.changed(&shell, found);
            if !text.is_empty() {
                told.parts.push(Part { steps, text, ..Part::default() });
            }
        }
        told
    }
}
