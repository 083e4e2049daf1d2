//! Parts of the ambient toolchain that rustup adds, where it is there and reaches its server.

use super::{install_log, take_turn};
use crate::paths;
use crate::run::{Failure, Outcome, ask, run};
use std::process::Command;
use std::time::Duration;

/// Makes sure that Cargo has the subcommand (`fmt` or `clippy`), which a minimal toolchain lacks.
pub(crate) fn component(subcommand: &str, component: &str) -> Outcome {
    let works = || ask(Command::new("cargo").args([subcommand, "--version"])).is_some();
    if works() || (add(&["component", "add", component])? && works()) {
        return Ok(());
    }
    Err(Failure(format!("no cargo {subcommand}: run `rustup component add {component}`")))
}

/// Runs rustup; false where it is not there or cannot reach its server.
pub(crate) fn add(words: &[&str]) -> Outcome<bool> {
    if paths::program("rustup").is_none() {
        return Ok(false);
    }
    let _turn = take_turn(&paths::tools(), "rustup")?;
    let log = install_log("rustup")?;
    println!("      rustup {}", words.join(" "));
    // A slow line still gets it within this; a server that cannot be reached says no at once, or never.
    let limit = Duration::from_mins(3);
    Ok(run(Command::new("rustup").args(words).env("RUSTUP_MAX_RETRIES", "1"), &log, limit).is_ok())
}
