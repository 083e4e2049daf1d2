//! `cargo xtask e2e`

use super::{Args, Task};
use crate::paths;
use crate::run::{Outcome, Output, at, fail, run as run_program};
use crate::site::{self, Profile, server::Server};
use crate::tools::{chromium, npm};
use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

pub(crate) const TASK: Task = Task {
    name: "e2e",
    usage: "[--release] [--no-build] [WORD]",
    about: "Runs the tests in a browser, or those whose file name holds the word.",
    run,
};

fn run(mut args: Args) -> Outcome {
    let profile = if args.flag("--release") { Profile::Release } else { Profile::Dev };
    let build = !args.flag("--no-build");
    let words = args.rest();
    let dist = if build { site::build(profile, &Output::Terminal)? } else { profile.dist() };
    check(&dist, words.first().map_or("", String::as_str), &Output::Terminal)
}

/// Runs the test files whose name holds the word against the app in that folder.
pub(crate) fn check(dist: &Path, word: &str, output: &Output) -> Outcome {
    let files = test_files(word)?;
    if files.is_empty() {
        return fail(format!("no file tests/e2e/*{word}*.test.mjs"));
    }
    let server = Server::bind(dist, 0)?;
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec"]).args(files).current_dir(paths::root());
    node.env("PODHOP_URL", server.url()).env("PODHOP_CHROMIUM", chromium::chromium()?);
    node.env("PODHOP_NODE_MODULES", npm::node_modules()?).env("PODHOP_SHOTS", paths::in_root("target/e2e"));
    node.env("PODHOP_SH", command_line(output)?);
    if site::split::is_split(dist)? {
        node.env("PODHOP_SPLIT", "1");
    }
    thread::spawn(|| server.run());
    run_program(&mut node, output, Duration::from_mins(20))
}

/// The native program, whose terminal the app's is compared with.
fn command_line(output: &Output) -> Outcome<PathBuf> {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--no-default-features", "--bin", "podhop"]).current_dir(paths::root());
    run_program(&mut cargo, output, Duration::from_mins(20))?;
    Ok(paths::in_root("target/debug").join(format!("podhop{EXE_SUFFIX}")))
}

fn test_files(word: &str) -> Outcome<Vec<PathBuf>> {
    let folder = paths::in_root("tests/e2e");
    let mut files = Vec::new();
    for entry in at(&folder, fs::read_dir(&folder))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.ends_with(".test.mjs") && name.contains(word) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
