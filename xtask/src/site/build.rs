//! Builds the app with Trunk.

use super::{loader, minify, split};
use crate::paths;
use crate::run::{Outcome, Output, at, fail, run};
use crate::tools::wasm_rust::{TARGET, WasmRust};
use crate::tools::{cargo_tool, npm, take_turn};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Profile {
    /// Quick to build, large.
    Dev,
    /// Small: what is published.
    Release,
}

impl Profile {
    /// Folder that the files go to. Release builds have `dist` to themselves, so that it is always fit to publish.
    pub(crate) fn dist(self) -> PathBuf {
        paths::in_root(if self == Self::Release { "dist" } else { "target/dist-dev" })
    }
}

/// Builds the app and gives the folder of its files.
pub(crate) fn build(profile: Profile, output: &Output) -> Outcome<PathBuf> {
    let rust = WasmRust::ensure()?;
    fetch(&rust, output)?;
    let mut front = vec![cargo_tool::trunk()?, cargo_tool::wasm_bindgen()?, npm::node_modules()?.join(".bin")];
    check_page(&paths::in_root("static/index.html"))?;
    let _turn = take_turn(&paths::in_root("target"), "site")?;
    let dist = profile.dist();
    at(&dist, fs::create_dir_all(&dist))?;
    let npm = front[2].clone();
    let mut trunk = Command::new(front[0].join("trunk"));
    if profile == Profile::Release {
        front.insert(0, split::stand_in(&mut trunk)?);
    }
    rust.prepare(&mut trunk, &front);
    // Offline, Trunk takes the tools found in PATH and never looks for others. It cannot read NO_COLOR=1.
    trunk.args(["build", "--offline", "--color", "never", "--dist"]).arg(&dist).env_remove("NO_COLOR");
    if profile == Profile::Release {
        trunk.args(["--release", "--features", "split"]);
    }
    run(&mut trunk, output, Duration::from_mins(20))?;
    loader::move_out(&dist)?;
    if profile == Profile::Release {
        split::add(&dist, &rust.target_dir, &npm, output)?;
        minify::minify(&dist, &npm, output)?;
    }
    Ok(dist)
}

/// Brings the sources of all dependencies, which the offline build then finds.
fn fetch(rust: &WasmRust, output: &Output) -> Outcome {
    run(rust.cargo().args(["fetch", "--target", TARGET]), output, Duration::from_mins(10))
}

/// The page must ask for the smallest wasm: Trunk takes that from the page alone.
fn check_page(page: &Path) -> Outcome {
    let html = at(page, fs::read_to_string(page))?;
    let asked = html.contains("data-wasm-opt=\"z\"");
    if asked { Ok(()) } else { fail(format!("{}: its rust link lacks data-wasm-opt=\"z\"", page.display())) }
}
