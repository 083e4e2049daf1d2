//! `cargo xtask fuzz`

use super::{Args, Task};
use crate::paths;
use crate::run::{Failure, Outcome, Output, at, fail, run as run_program};
use std::fs;
use std::process::Command;
use std::thread;
use std::time::Duration;

pub(crate) const TASK: Task = Task {
    name: "fuzz",
    usage: "[--runs N] [--jobs N] [TARGET]",
    about: "Fuzzes every reader of foreign text and the engine, guided by coverage; --runs says how often each, --jobs in how \
            many processes that share the runs.",
    run,
};

const TARGETS: [&str; 5] = ["scenario", "form", "address", "engine", "shell"];
const RUNS: u64 = 1_000_000;
/// What libFuzzer reads, compiled in by the stable compiler.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=3 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Ccodegen-units=1 --cfg fuzzing";

fn run(mut args: Args) -> Outcome {
    let mut number = |name: &str, standard: u64| match args.value(name)? {
        None => Ok(standard),
        Some(word) => word.parse().map_err(|_| Failure(format!("{name} {word}: no number"))),
    };
    let (runs, jobs) = (number("--runs", RUNS)?, number("--jobs", 1)?.max(1));
    let words = args.rest();
    let word = words.first().map_or("", String::as_str);
    let chosen: Vec<&str> = TARGETS.into_iter().filter(|target| target.contains(word)).collect();
    if chosen.is_empty() {
        return fail(format!("no target {word}; there are {}", TARGETS.join(", ")));
    }
    build()?;
    for target in chosen {
        println!("{target}: {runs} executions");
        let each = runs.div_ceil(jobs);
        let results: Vec<Outcome> = thread::scope(|scope| {
            let started: Vec<_> = (0..jobs).map(|_| scope.spawn(move || fuzz(target, each))).collect();
            started.into_iter().map(|job| job.join().unwrap_or_else(|_| fail("a job did not end well"))).collect()
        });
        results.into_iter().collect::<Outcome>()?;
    }
    Ok(())
}

/// With a target named, the flags are for the programs alone and not for what builds them.
fn build() -> Outcome {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--release", "--target", &host()?]).current_dir(paths::in_root("tests/fuzz"));
    cargo.env("CARGO_TARGET_DIR", paths::in_root("target/fuzz")).env("RUSTFLAGS", FLAGS);
    run_program(&mut cargo, &Output::Terminal, Duration::from_mins(20))
}

fn host() -> Outcome<String> {
    let answer = crate::run::ask(Command::new("rustc").arg("-vV")).unwrap_or_default();
    match answer.lines().find_map(|line| line.strip_prefix("host: ")) {
        Some(host) => Ok(host.to_owned()),
        None => fail("rustc -vV names no host"),
    }
}

/// New inputs go to the target folder; the kept ones are read only.
fn fuzz(target: &str, runs: u64) -> Outcome {
    let found = paths::in_root("target/fuzz/corpus").join(target);
    at(&found, fs::create_dir_all(&found))?;
    let program = paths::in_root("target/fuzz").join(host()?).join("release").join(target);
    let mut fuzzer = Command::new(program);
    fuzzer.arg(&found).arg(paths::in_root("tests/fuzz/corpus").join(target));
    fuzzer.args([&format!("-runs={runs}"), "-max_len=4096", "-timeout=20", "-print_final_stats=1", "-verbosity=0"]);
    // What others have found meanwhile is not looked for: that costs more than it gives.
    fuzzer.arg("-reload=0");
    run_program(fuzzer.current_dir(paths::in_root("target/fuzz")), &Output::Terminal, Duration::from_hours(12))
}
