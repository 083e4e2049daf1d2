//! Breaks the simulator on purpose, one fault at a time in a copy of the source, and has the oracle look for it.

use super::oracle::build_in;
use crate::paths;
use crate::run::{Outcome, Output, at, fail, run as run_program};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Scenarios within which a fault must be found.
const SCENARIOS: &str = "50";

/// Each program runs once.
const FAST_TO_BUILD: [(&str, &str); 2] = [("CARGO_PROFILE_DEV_OPT_LEVEL", "0"), ("CARGO_PROFILE_DEV_DEBUG", "0")];

/// Runs all faults, or those whose name holds the word.
pub(crate) fn run(words: &[String]) -> Outcome {
    let word = words.first().map_or("", String::as_str);
    let patches = patches(word)?;
    if patches.is_empty() {
        return fail(format!("no fault tests/oracle/faults/*{word}*.patch"));
    }
    let mut missed = Vec::new();
    for patch in &patches {
        let name = patch.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let started = Instant::now();
        let found = look_for(patch)?;
        println!(
            "{name:<32} {:<48} {:>5.0} s",
            found.as_deref().unwrap_or("NOT FOUND"),
            started.elapsed().as_secs_f64()
        );
        if found.is_none() {
            missed.push(name);
        }
    }
    println!("{} faults, {} found", patches.len(), patches.len() - missed.len());
    if missed.is_empty() { Ok(()) } else { fail(format!("not found: {}", missed.join(", "))) }
}

fn patches(word: &str) -> Outcome<Vec<PathBuf>> {
    let folder = paths::in_root("tests/oracle/faults");
    let mut all = Vec::new();
    for entry in at(&folder, fs::read_dir(&folder))? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "patch") && path.to_string_lossy().contains(word) {
            all.push(path);
        }
    }
    all.sort();
    Ok(all)
}

/// What found a fault, if anything did.
fn look_for(patch: &Path) -> Outcome<Option<String>> {
    let tree = paths::in_root("target/faults/tree");
    let log = Output::fresh_log(paths::in_root("target/faults/log"))?;
    copy_source(&tree)?;
    let mut command = Command::new("patch");
    run_program(command.args(["-p1", "-i"]).arg(patch).current_dir(&tree), &log, Duration::from_mins(1))?;
    let oracle = build_in(&tree, &paths::in_root("target/faults/target"), &FAST_TO_BUILD, &log)?;
    let host_local = ["host-local", "--seed", "1", "--count", SCENARIOS];
    let scenarios = ["scenarios", "--seed", "1", "--count", SCENARIOS, "--brief", "--stop-after", "1", "--tables"];
    for words in [host_local.as_slice(), scenarios.as_slice()] {
        let output = paths::in_root("target/faults/out");
        let result = Output::fresh_log(output.clone())?;
        let mut command = Command::new(&oracle);
        if run_program(command.args(words), &result, Duration::from_mins(20)).is_err() {
            return Ok(Some(format!("found by {}", evidence(&output)?)));
        }
    }
    Ok(None)
}

/// The lines of a run that say where it ended.
fn evidence(output: &Path) -> Outcome<String> {
    let text = at(output, fs::read_to_string(output))?;
    let counted = |word: &str| text.lines().find(|line| line.starts_with(word)).map(squeeze);
    let lines: Vec<String> = ["scenarios", "probes", "host-local scripts"].iter().filter_map(|w| counted(w)).collect();
    if lines.is_empty() { fail(format!("the oracle broke: {}", output.display())) } else { Ok(lines.join(", ")) }
}

fn squeeze(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A fresh copy of what the oracle is built from. Files that are the same keep their times, so Cargo builds little.
fn copy_source(tree: &Path) -> Outcome {
    for name in ["src", "static", "tests", "lessons", "xtask", ".cargo"] {
        copy_folder(&paths::in_root(name), &tree.join(name))?;
    }
    for name in ["Cargo.toml", "Cargo.lock", "README.md"] {
        copy_file(&paths::in_root(name), &tree.join(name))?;
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Outcome {
    at(to, fs::create_dir_all(to))?;
    for entry in at(from, fs::read_dir(from))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            copy_file(&entry.path(), &target)?;
        }
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> Outcome {
    let bytes = at(from, fs::read(from))?;
    if fs::read(to).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    at(to, fs::write(to, bytes))
}
