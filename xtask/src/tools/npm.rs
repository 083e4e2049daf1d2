//! Tools from npm: wasm-opt and esbuild for the build, the browser's driver and the accessibility rules for the tests.

use super::{announce, install_log, take_turn};
use crate::paths;
use crate::run::{Outcome, at, fail, run};
use crate::site::content_hash;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

const PACKAGES: [&str; 4] = ["axe-core@4.14.1", "binaryen@132.0.0", "esbuild@0.28.2", "playwright-core@1.65.1"];

/// The `node_modules` folder that holds the packages. Its name carries a hash of the versions, so a change of
/// one version makes a new folder and leaves the old one to whoever still runs it.
pub(crate) fn node_modules() -> Outcome<PathBuf> {
    let name = format!("npm-{}", content_hash(PACKAGES.join(" ").as_bytes()));
    let folder = paths::tools().join(&name);
    let modules = folder.join("node_modules");
    if modules.is_dir() {
        return Ok(modules);
    }
    if paths::program("npm").is_none() {
        return fail("no npm here: install Node.js 20 or later with npm, then try again");
    }
    let _turn = take_turn(&paths::tools(), "npm")?;
    if !modules.is_dir() {
        install(&name, &folder)?;
    }
    Ok(modules)
}

fn install(name: &str, folder: &PathBuf) -> Outcome {
    // Installed beside, then renamed: a folder of the final name is always whole.
    let part = folder.with_extension("part");
    if part.exists() {
        at(&part, fs::remove_dir_all(&part))?;
    }
    at(&part, fs::create_dir_all(&part))?;
    let manifest = part.join("package.json");
    at(&manifest, fs::write(&manifest, "{ \"private\": true }\n"))?;
    let log = install_log(name)?;
    announce(&PACKAGES.join(" "), "npm packages, half a minute", &log);
    let mut npm = Command::new("npm");
    npm.args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact"]).args(PACKAGES);
    run(npm.current_dir(&part), &log, Duration::from_mins(10))?;
    at(folder, fs::rename(&part, folder))
}
