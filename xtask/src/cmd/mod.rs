//! The subcommands, one a file.

mod args;
mod bench;
mod build;
mod checks;
mod e2e;
mod faults;
mod fuzz;
mod oracle;
mod serve;
mod test;

pub(crate) use args::Args;

use crate::run::{Outcome, fail};

/// One subcommand.
#[derive(Debug)]
pub(crate) struct Task {
    name: &'static str,
    usage: &'static str,
    about: &'static str,
    run: fn(Args) -> Outcome,
}

const TASKS: [&Task; 7] =
    [&serve::TASK, &build::TASK, &test::TASK, &e2e::TASK, &bench::TASK, &oracle::TASK, &fuzz::TASK];

/// Runs the subcommand that the words name.
pub(crate) fn dispatch(words: &[String]) -> Outcome {
    let Some((name, rest)) = words.split_first().filter(|(name, _)| !["help", "--help", "-h"].contains(&name.as_str()))
    else {
        help();
        return Ok(());
    };
    match TASKS.iter().find(|task| task.name == name) {
        Some(task) if rest.iter().any(|word| word == "--help") => {
            println!("cargo xtask {} {}\n    {}", task.name, task.usage, task.about);
            Ok(())
        }
        Some(task) => (task.run)(Args::new(rest)),
        None => fail(format!("no task {name}; `cargo xtask help` lists them")),
    }
}

fn help() {
    println!("The tasks of podhop. Each installs what it needs and asks nothing.\n");
    for Task { name, usage, about, .. } in TASKS {
        println!("cargo xtask {name} {usage}\n    {about}");
    }
}
