//! Differences that stay, each with its reason and a scenario that shows it. One that is no longer there fails as well:
//! the list must stay true.

use crate::linux::judge::{Look, judge};
use crate::linux::report::Report;
use podhop::sim::scenario::Scenario;
use serde::Deserialize;

const LIST: &str = include_str!("../known.json");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    name: String,
    reason: String,
    #[serde(deserialize_with = "crate::linux::kept::scenario")]
    scenario: Scenario,
}

/// Names and reasons.
pub(crate) fn reasons() -> Vec<(String, String)> {
    let list: Vec<Known> = serde_json::from_str(LIST).unwrap();
    list.into_iter().map(|known| (known.name, known.reason)).collect()
}

pub(crate) fn check(report: &mut Report) {
    let list: Vec<Known> = serde_json::from_str(LIST).unwrap();
    for known in list {
        report.count("known differences", 1);
        let shown = judge(&known.scenario, Look { patient: true, tables: true, ..Look::default() });
        match shown.difference {
            Some(_) => println!("{}: {}", known.name, known.reason),
            None => report.difference("known.json", &format!("{} is no longer a difference: take it out", known.name)),
        }
    }
}
