//! `cargo xtask bench`

use super::checks::Verdict;
use super::{Args, Task};
use crate::run::{Outcome, Output, fail};

pub(crate) const TASK: Task = Task {
    name: "bench",
    usage: "[--quick]",
    about: "Measures the engine; --quick only shows that every measurement runs.",
    run,
};

fn run(mut args: Args) -> Outcome {
    let _quick = args.flag("--quick");
    args.end()?;
    fail("there is no benchmark yet")
}

/// What `cargo xtask test` does of it.
#[allow(clippy::unnecessary_wraps, reason = "the form of every check; it can fail once there is a benchmark")]
pub(crate) fn quick(_log: &Output) -> Outcome<Verdict> {
    Ok(Verdict::Skipped("there is no benchmark yet"))
}
