//! The checks of `cargo xtask test`, in order: the quick ones first.

use super::{bench, e2e, oracle};
use crate::paths;
use crate::run::{Outcome, Output, at, fail, run};
use crate::site::{self, Profile, sizes};
use crate::tools::wasm_rust::{TARGET, WasmRust};
use crate::tools::{cargo_tool, rustup};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// One check.
#[derive(Debug)]
pub(crate) struct Check {
    pub(crate) name: &'static str,
    /// Part of `--fast`.
    pub(crate) fast: bool,
    pub(crate) run: fn(&Output) -> Outcome,
}

const fn fast(name: &'static str, run: fn(&Output) -> Outcome) -> Check {
    Check { name, fast: true, run }
}

const fn slow(name: &'static str, run: fn(&Output) -> Outcome) -> Check {
    Check { name, fast: false, run }
}

/// The tests that ask the tools of this machine the same as the simulated ones.
const REAL_TOOLS: &str = "shell::real::";

pub(crate) const CHECKS: [Check; 14] = [
    fast("lock file", |log| cargo(log, &["metadata", "--quiet", "--locked", "--format-version=1"])),
    fast("rustfmt", rustfmt),
    fast("clippy, core", clippy_core),
    fast("tests, native", |log| {
        cargo(log, &["test", "--workspace", "--no-default-features", "--", "--skip", REAL_TOOLS])
    }),
    // They wait for the tools more than they compute.
    slow("tests, real tools", |log| {
        cargo(log, &["test", "--no-default-features", "--test", "it", "--", "--test-threads=8", REAL_TOOLS])
    }),
    slow("oracle", oracle::check),
    slow("core without the app", |log| cargo(log, &["check", "--lib", "--no-default-features"])),
    slow("clippy, app", clippy_app),
    slow("rustdoc", rustdoc),
    slow("tests, wasm", wasm_tests),
    slow("release build", release_build),
    slow("wire sizes", |_| sizes::check(&built()?)),
    slow("tests, browser", |log| e2e::check(&built()?, "", log)),
    slow("benchmark, smoke", bench::quick),
];

/// Runs the ambient Cargo in the work tree.
fn cargo(log: &Output, words: &[&str]) -> Outcome {
    let mut cargo = Command::new("cargo");
    run(cargo.args(words).current_dir(paths::root()), log, Duration::from_mins(20))
}

fn rustfmt(log: &Output) -> Outcome {
    rustup::component("fmt", "rustfmt")?;
    cargo(log, &["fmt", "--all", "--check"])
}

fn clippy_core(log: &Output) -> Outcome {
    rustup::component("clippy", "clippy")?;
    cargo(log, &["clippy", "--workspace", "--no-default-features", "--all-targets", "--", "-Dwarnings"])?;
    // Not among all targets, since it is no test that `cargo test` runs.
    cargo(log, &["clippy", "--no-default-features", "--test", "oracle", "--", "-Dwarnings"])
}

/// Lints the app for the target that it runs on, or for this machine where no Clippy knows that target.
fn clippy_app(log: &Output) -> Outcome {
    let rust = WasmRust::ensure()?;
    if !rust.has_clippy {
        return cargo(log, &["clippy", "--lib", "--bins", "--features", "split", "--", "-Dwarnings"]);
    }
    let words = ["clippy", "--lib", "--bin", "web", "--features", "split", "--target", TARGET, "--", "-Dwarnings"];
    run(rust.cargo().args(words), log, Duration::from_mins(20))
}

fn rustdoc(log: &Output) -> Outcome {
    let rust = WasmRust::ensure()?;
    let given = rust.env.iter().find(|(name, _)| *name == "RUSTDOCFLAGS").map(|(_, flags)| flags.clone());
    let mut flags = given.unwrap_or_default();
    flags.push(" -Dwarnings");
    let mut cargo = rust.cargo();
    cargo.args(["doc", "--no-deps", "--lib", "--target", TARGET]).env("RUSTDOCFLAGS", flags);
    run(&mut cargo, log, Duration::from_mins(20))
}

fn wasm_tests(log: &Output) -> Outcome {
    in_node(&[], &[], log)
}

/// Runs `tests/web` as wasm in Node.js, built with these words for Cargo and given these.
pub(super) fn in_node(build: &[&str], given: &[&str], log: &Output) -> Outcome {
    let rust = WasmRust::ensure()?;
    let runner = cargo_tool::wasm_bindgen()?.join("wasm-bindgen-test-runner");
    let mut cargo = rust.cargo();
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner);
    cargo.args(["test", "--no-default-features", "--test", "web", "--target", TARGET]).args(build);
    cargo.arg("--").args(given);
    run(&mut cargo, log, Duration::from_mins(20))
}

fn release_build(log: &Output) -> Outcome {
    // Gone first, so that the checks that follow never take an older build for this one.
    let page = Profile::Release.dist().join("index.html");
    if page.exists() {
        at(&page, fs::remove_file(&page))?;
    }
    site::build(Profile::Release, log).map(drop)
}

/// Folder of the release build that an earlier check made.
fn built() -> Outcome<PathBuf> {
    let dist = Profile::Release.dist();
    if dist.join("index.html").is_file() { Ok(dist) } else { fail("there is no release build") }
}
