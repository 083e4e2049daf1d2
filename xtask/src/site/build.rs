//! Builds the app with Trunk.

use super::{loader, minify, split};
use crate::paths;
use crate::run::{Outcome, Output, at, fail, run};
use crate::tools::wasm_rust::{TARGET, WasmRust};
use crate::tools::{cargo_tool, npm, take_turn};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Flags of the compiler for the app alone.
const RUSTFLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

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
        let given = rust.env.iter().find(|(name, _)| *name == RUSTFLAGS).and_then(|(_, value)| value.to_str());
        trunk.env(RUSTFLAGS, given.into_iter().map(str::to_owned).chain(short_paths()).collect::<Vec<_>>().join(" "));
    }
    run(&mut trunk, output, Duration::from_mins(20))?;
    loader::move_out(&dist)?;
    if profile == Profile::Release {
        split::add(&dist, &rust.target_dir, &npm, output)?;
        minify::minify(&dist, &npm, output)?;
    }
    Ok(dist)
}

/// What panics say of where they are names files of packages without the folder that they were unpacked to: the same size on
/// every machine, and a smaller one.
fn short_paths() -> Vec<String> {
    let home = env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo"));
    let Some(cargo) = env::var_os("CARGO_HOME").map(PathBuf::from).or(home) else { return Vec::new() };
    let Ok(indexes) = fs::read_dir(cargo.join("registry/src")) else { return Vec::new() };
    let names = indexes.filter_map(|index| Some(index.ok()?.path().to_str()?.to_owned()));
    // Flags are set apart by blanks.
    names.filter(|path| !path.contains(' ')).map(|path| format!("--remap-path-prefix={path}/=")).collect()
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
