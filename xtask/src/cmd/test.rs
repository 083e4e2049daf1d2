//! `cargo xtask test`

use super::checks::{CHECKS, Check};
use super::{Args, Task};
use crate::paths;
use crate::run::{Failure, Outcome, Output, fail};
use std::io::{self, Write};
use std::time::Instant;

pub(crate) const TASK: Task = Task {
    name: "test",
    usage: "[--fast] [WORD]",
    about: "Runs every check, --fast those that need neither wasm nor a browser, WORD those whose name holds it.",
    run,
};

fn run(mut args: Args) -> Outcome {
    let fast = args.flag("--fast");
    let words = args.rest();
    let word = words.first().map_or("", String::as_str);
    let chosen: Vec<&Check> =
        CHECKS.iter().filter(|check| (check.fast || !fast) && check.name.contains(word)).collect();
    if words.len() > 1 || chosen.is_empty() {
        return fail(format!("no check has the name {}", words.join(" ")));
    }
    let started = Instant::now();
    let mut tally = Tally::default();
    for (check, number) in chosen.iter().zip(1..) {
        println!("[{number:>2}/{}] {}", chosen.len(), check.name);
        tally.add(check);
    }
    tally.close(started)
}

#[derive(Default)]
struct Tally {
    passed: usize,
    failed: Vec<(&'static str, Failure)>,
}

impl Tally {
    fn add(&mut self, check: &Check) {
        let started = Instant::now();
        let name: String = check.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let log = Output::fresh_log(paths::in_root("target/checks").join(format!("{name}.log")));
        let verdict = log.and_then(|log| (check.run)(&log));
        let seconds = started.elapsed().as_secs_f64();
        match verdict {
            Ok(()) => {
                self.passed += 1;
                println!("        ok, {seconds:.1} s");
            }
            Err(failure) => {
                println!("        FAILED, {seconds:.1} s\n{failure}");
                self.failed.push((check.name, failure));
            }
        }
        // Shown while it happens, also where output goes to a file.
        let _ = io::stdout().flush();
    }

    fn close(self, started: Instant) -> Outcome {
        println!("\n{:.0} s in all", started.elapsed().as_secs_f64());
        for (name, failure) in &self.failed {
            println!("FAILED: {name}: {}", failure.0.lines().next().unwrap_or_default());
        }
        println!("{} passed, {} failed", self.passed, self.failed.len());
        if self.failed.is_empty() { Ok(()) } else { fail("some checks failed") }
    }
}
