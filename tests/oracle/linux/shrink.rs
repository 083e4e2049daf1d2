//! Makes a scenario that shows a difference smaller, action by action.

use crate::linux::judge::{Look, judge};
use podhop::sim::scenario::Scenario;

/// Most looks at one scenario: each builds it anew.
const LOOKS: usize = 60;

pub(crate) fn shrink(mut scenario: Scenario, look: Look) -> Scenario {
    let mut looks = 0;
    let mut size = scenario.actions.len() / 2;
    while size > 0 {
        let mut at = scenario.actions.len().saturating_sub(1);
        while at > 0 && looks < LOOKS {
            let from = at.saturating_sub(size);
            let mut fewer = scenario.clone();
            fewer.actions.drain(from..at);
            looks += 1;
            if let Some((end, _)) = judge(&fewer, look).difference {
                fewer.actions.truncate(end + 1);
                at = from.min(fewer.actions.len() - 1);
                scenario = fewer;
            } else {
                at = from;
            }
        }
        size /= 2;
    }
    scenario
}
