//! The tools that the app's build and its checks need: each is found, or installed, once and at one version.

pub(crate) mod apt;
pub(crate) mod cargo_tool;
pub(crate) mod chromium;
mod debian_rust;
pub(crate) mod npm;
pub(crate) mod rustup;
pub(crate) mod wasm_rust;

use crate::paths;
use crate::run::{Outcome, Output, at};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Holds other xtasks off while it lives.
#[derive(Debug)]
pub(crate) struct Turn {
    _file: File,
}

/// Waits until no other xtask holds the lock of that name in the folder.
pub(crate) fn take_turn(folder: &Path, name: &str) -> Outcome<Turn> {
    at(folder, fs::create_dir_all(folder))?;
    let path = folder.join(format!("{name}.lock"));
    let file = at(&path, File::create(&path))?;
    at(&path, file.lock())?;
    Ok(Turn { _file: file })
}

/// Log of an installation.
fn install_log(name: &str) -> Outcome<Output> {
    Output::fresh_log(paths::tools().join("logs").join(format!("{name}.log")))
}

/// Tells the person why it takes longer than usual.
fn announce(what: &str, how_long: &str, log: &Output) {
    let place = if let Output::Log(path) = log { format!("; log: {}", path.display()) } else { String::new() };
    println!("      installing {what} ({how_long}{place})");
}

/// `PATH` with these folders before all others.
pub(crate) fn path_with(front: &[PathBuf]) -> std::ffi::OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = front.iter().cloned().chain(std::env::split_paths(&path));
    std::env::join_paths(folders).unwrap_or(path)
}
