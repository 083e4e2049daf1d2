//! Many scenarios, on several threads; a difference is made as small as it can be and shown with both sides.

use crate::linux::args::Args;
use crate::linux::draw;
use crate::linux::judge::{Look, judge};
use crate::linux::report::Report;
use crate::linux::shrink::shrink;
use podhop::sim::rng::Rng;
use podhop::sim::scenario::Scenario;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// Seed of a scenario of a run: of the first the run's own, so that one scenario can be asked for. Those of the others
/// lie apart by no step of the generator, which would draw the same again, moved by one.
pub(crate) fn seed_of(seed: u64, number: u64) -> u64 {
    if number == 0 { seed } else { Rng::new(seed ^ number.rotate_right(16)).bits() }
}

pub(crate) fn run(args: &Args, report: &mut Report) {
    let next = AtomicU64::new(0);
    let shared = Mutex::new(Report::new());
    thread::scope(|scope| {
        for _ in 0..args.threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= args.count || shared.lock().unwrap().differences() >= args.stop_after {
                        return;
                    }
                    one(args, seed_of(args.seed, number), &shared);
                }
            });
        }
    });
    report.merge(shared.into_inner().unwrap());
}

fn one(args: &Args, seed: u64, shared: &Mutex<Report>) {
    let scenario = draw::scenario(seed, args.probes, args.mode.as_deref());
    let look = Look { plugins: args.plugins, tables: args.tables, patient: false };
    let shown = judge(&scenario, look);
    let difference = match &shown.difference {
        Some((at, text)) if args.brief => {
            again(&scenario, *at, look).map(|_| format!("action {at} of seed {seed}\n{text}"))
        }
        Some((at, _)) => confirm(&scenario, *at, look),
        None => None,
    };
    let mut report = shared.lock().unwrap();
    let mode = draw::mode_of(&scenario);
    report.count("scenarios", 1);
    report.count(&format!("scenarios of {mode}"), 1);
    report.count(&format!("probes of {mode}"), shown.probes);
    report.count("probes", shown.probes);
    report.count("frames compared", shown.frames);
    report.count("hosts whose tables were compared", shown.tables);
    match difference {
        Some(text) => report.difference("scenario", &text),
        None if shown.difference.is_some() => report.count("not seen again on a second look", 1),
        None => {}
    }
}

/// A second, more patient look at a scenario up to where it differed: the scenario, if it differs again.
fn again(scenario: &Scenario, at: usize, look: Look) -> Option<Scenario> {
    let short = Scenario::new(scenario.seed, scenario.actions[..=at].to_vec());
    judge(&short, Look { patient: true, ..look }).difference.map(|_| short)
}

/// The smallest scenario that still shows it.
fn confirm(scenario: &Scenario, at: usize, look: Look) -> Option<String> {
    let short = again(scenario, at, look)?;
    let look = Look { patient: true, ..look };
    let smallest = shrink(short, look);
    let (at, text) = judge(&smallest, look).difference?;
    Some(format!("{}\naction {at}\n{text}", smallest.to_compact()))
}

/// Plays one scenario file.
pub(crate) fn play(path: &str, look: Look, report: &mut Report) {
    let scenario = Scenario::parse(&std::fs::read_to_string(path).unwrap()).unwrap();
    let seen = judge(&scenario, look);
    report.count("probes", seen.probes);
    if let Some((at, text)) = seen.difference {
        report.difference("scenario", &format!("action {at}\n{text}"));
    }
}
