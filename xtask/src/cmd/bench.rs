//! `cargo xtask bench`

use super::checks::in_node;
use super::{Args, Task};
use crate::paths;
use crate::run::{Outcome, Output, run as run_program};
use std::process::Command;
use std::time::Duration;

pub(crate) const TASK: Task = Task {
    name: "bench",
    usage: "[--quick] [WORD]...",
    about: "Measures the engine in all modes and in wasm, or natively in those modes that a word names; --quick only shows that \
            every measurement runs.",
    run,
};

fn run(args: Args) -> Outcome {
    let words = args.rest();
    measure(&words, &Output::Terminal)?;
    if !words.is_empty() {
        return Ok(());
    }
    println!("Kubenet in wasm, in Node.js");
    in_node(&["--release"], &["--nocapture", "bench"], &Output::Terminal)
}

/// What `cargo xtask test` does of it.
pub(crate) fn quick(log: &Output) -> Outcome {
    measure(&["--quick".to_owned()], log)
}

fn measure(words: &[String], output: &Output) -> Outcome {
    let mut cargo = Command::new("cargo");
    cargo.args(["bench", "--no-default-features", "--profile", "native", "--bench", "bench", "--"]).args(words);
    run_program(cargo.current_dir(paths::root()), output, Duration::from_mins(20))
}
