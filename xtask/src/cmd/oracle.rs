//! `cargo xtask oracle`

use super::{Args, Task};
use crate::run::{Outcome, fail};

pub(crate) const TASK: Task = Task {
    name: "oracle",
    usage: "",
    about: "Compares the simulation with a real Linux network stack (root on Linux only).",
    run,
};

fn run(args: Args) -> Outcome {
    args.end()?;
    fail("there is no oracle yet")
}
