//! `cargo xtask build`

use super::{Args, Task};
use crate::run::{Outcome, Output};
use crate::site::{self, Profile, sizes};

pub(crate) const TASK: Task = Task {
    name: "build",
    usage: "",
    about: "Builds the app for publication into dist/ and prints what it weighs on the wire.",
    run,
};

fn run(args: Args) -> Outcome {
    args.end()?;
    let dist = site::build(Profile::Release, &Output::Terminal)?;
    sizes::report(&dist)?;
    println!("built: {}", dist.display());
    Ok(())
}
