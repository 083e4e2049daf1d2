//! What the kernel did with the scenarios of fixed seeds, kept in a file: where no namespaces can be made, the simulator
//! is held to that.

use crate::linux::args::Args;
use crate::linux::draw;
use crate::linux::judge::{Look, judge, simulate};
use crate::linux::report::Report;
use podhop::sim::scenario::Scenario;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::PathBuf;

/// One scenario with the kernel's outcome of each packet.
#[derive(Debug, Serialize, Deserialize)]
struct Recorded {
    #[serde(deserialize_with = "crate::linux::kept::scenario")]
    scenario: Scenario,
    outcomes: Vec<String>,
}

/// Where the file is, unless another is named.
fn file(args: &Args) -> PathBuf {
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/recorded.json");
    args.file.as_ref().map_or_else(|| kept.into(), PathBuf::from)
}

/// Plays scenarios in namespaces and writes down what the kernel did.
pub(crate) fn record(args: &Args, report: &mut Report) {
    let mut all = Vec::new();
    for number in 0..args.count {
        let scenario = draw::scenario(args.seed + number, args.probes, args.mode.as_deref());
        let seen = judge(&scenario, Look { plugins: true, ..Look::default() });
        report.count("probes", seen.probes);
        if let Some((at, text)) = seen.difference {
            report.difference("scenario", &format!("action {at} of seed {}\n{text}", scenario.seed));
        }
        all.push(Recorded { scenario, outcomes: seen.outcomes });
    }
    let lines: Vec<String> = all.iter().map(|r| serde_json::to_string(r).unwrap()).collect();
    fs::write(file(args), format!("[\n{}\n]\n", lines.join(",\n"))).unwrap();
}

/// Holds the simulator to the file. Needs no rights.
pub(crate) fn replay(args: &Args, report: &mut Report) {
    let all: Vec<Recorded> = serde_json::from_str(&fs::read_to_string(file(args)).unwrap()).unwrap();
    for Recorded { scenario, outcomes } in all {
        let ours = simulate(&scenario);
        report.count("recorded scenarios", 1);
        report.count("recorded outcomes of packets", outcomes.len() as u64);
        let first = outcomes.iter().zip(&ours).position(|(real, ours)| real != ours);
        if ours.len() != outcomes.len() || first.is_some() {
            let what = first.map(|at| format!("packet {at}: recorded {}, now {}", outcomes[at], ours[at]));
            let counts = format!("{} packets recorded, now {}", outcomes.len(), ours.len());
            let text = format!("seed {}\n{}\n{}", scenario.seed, what.unwrap_or_default(), counts);
            report.difference("recorded outcome; `cargo xtask oracle record` asks the kernel again", &text);
        }
    }
}
