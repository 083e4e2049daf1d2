//! `cargo xtask fuzz`

use super::{Args, Task};
use crate::paths;
use crate::run::{Outcome, Output, at, fail, run as run_program};
use std::fs;
use std::process::Command;
use std::time::Duration;

pub(crate) const TASK: Task = Task {
    name: "fuzz",
    usage: "[--runs N] [TARGET]",
    about: "Fuzzes every reader of foreign text and the engine, guided by coverage; --runs says how often each.",
    run,
};

const TARGETS: [&str; 5] = ["scenario", "form", "address", "engine", "shell"];
const RUNS: &str = "1000000";
/// What libFuzzer reads, compiled in by the stable compiler.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=3 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Ccodegen-units=1 --cfg fuzzing";

fn run(mut args: Args) -> Outcome {
    let runs = args.value("--runs")?.unwrap_or_else(|| RUNS.to_owned());
    let words = args.rest();
    let word = words.first().map_or("", String::as_str);
    let chosen: Vec<&str> = TARGETS.into_iter().filter(|target| target.contains(word)).collect();
    if chosen.is_empty() {
        return fail(format!("no target {word}; there are {}", TARGETS.join(", ")));
    }
    build()?;
    for target in chosen {
        fuzz(target, &runs)?;
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
fn fuzz(target: &str, runs: &str) -> Outcome {
    let found = paths::in_root("target/fuzz/corpus").join(target);
    at(&found, fs::create_dir_all(&found))?;
    let program = paths::in_root("target/fuzz").join(host()?).join("release").join(target);
    let mut fuzzer = Command::new(program);
    fuzzer.arg(&found).arg(paths::in_root("tests/fuzz/corpus").join(target));
    fuzzer.args([&format!("-runs={runs}"), "-max_len=4096", "-timeout=20", "-print_final_stats=1", "-verbosity=0"]);
    println!("{target}: {runs} executions");
    run_program(fuzzer.current_dir(paths::in_root("target/fuzz")), &Output::Terminal, Duration::from_hours(12))
}
