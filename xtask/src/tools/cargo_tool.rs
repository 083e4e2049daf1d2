//! Tools that Cargo builds from source: Trunk, the command line of wasm-bindgen, and what cuts a wasm file in two.

use super::{announce, install_log, take_turn};
use crate::paths;
use crate::run::{Failure, Outcome, ask, at, fail, run};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// Newest Trunk that the project's oldest compiler builds.
const TRUNK: &str = "0.21.14";

/// Newest that reads what `wasm_split_helpers` of Cargo.lock marks.
const WASM_SPLIT: &str = "0.2.4";

struct Tool<'a> {
    program: &'a str,
    package: &'a str,
    version: &'a str,
    options: &'a [&'a str],
    how_long: &'a str,
}

/// Folder that holds `trunk`.
pub(crate) fn trunk() -> Outcome<PathBuf> {
    ensure(&Tool {
        program: "trunk",
        package: "trunk",
        version: TRUNK,
        options: &["--locked"],
        how_long: "about 9 minutes on two cores",
    })
}

/// Folder that holds `wasm-bindgen` and `wasm-bindgen-test-runner`, of the version that Cargo.lock names: the two
/// halves of wasm-bindgen speak a format that changes with every release.
pub(crate) fn wasm_bindgen() -> Outcome<PathBuf> {
    let version = locked_version("wasm-bindgen")?;
    ensure(&Tool {
        program: "wasm-bindgen",
        package: "wasm-bindgen-cli",
        version: &version,
        // Default features fetch from the network; `--locked` asks for a crate that has been withdrawn.
        options: &["--no-default-features"],
        how_long: "about 3 minutes on two cores",
    })
}

/// Folder that holds `wasm-split-cli`.
pub(crate) fn wasm_split() -> Outcome<PathBuf> {
    ensure(&Tool {
        program: "wasm-split-cli",
        package: "wasm_split_cli_support",
        version: WASM_SPLIT,
        options: &["--locked", "--features", "build-binary"],
        how_long: "about 3 minutes on two cores",
    })
}

fn ensure(tool: &Tool<'_>) -> Outcome<PathBuf> {
    let Tool { program, package, version, .. } = tool;
    if let Some(folder) = in_path(program, version) {
        return Ok(folder);
    }
    let name = format!("{program}-{version}");
    let folder = paths::tools().join(&name);
    let binary = folder.join("bin").join(format!("{program}{}", std::env::consts::EXE_SUFFIX));
    if !binary.is_file() {
        let _turn = take_turn(&paths::tools(), &name)?;
        let log = install_log(&name)?;
        announce(&format!("{package} {version}"), tool.how_long, &log);
        let mut cargo = Command::new("cargo");
        cargo.args(["install", package, "--version", version]).args(tool.options).arg("--root").arg(&folder);
        // Without this a dependency's newest release may ask for a compiler newer than the one at hand.
        cargo.env("CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS", "fallback").current_dir(std::env::temp_dir());
        run(&mut cargo, &log, Duration::from_mins(45))?;
    }
    if binary.is_file() { Ok(folder.join("bin")) } else { fail(format!("no {} after its install", binary.display())) }
}

/// Folder of a program of that version that the person has already.
fn in_path(program: &str, version: &str) -> Option<PathBuf> {
    let path = paths::program(program)?;
    let answer = ask(Command::new(&path).arg("--version"))?;
    (answer.split_whitespace().nth(1) == Some(version)).then(|| path.parent().map(Into::into)).flatten()
}

/// Version of a package in Cargo.lock.
fn locked_version(package: &str) -> Outcome<String> {
    let path = paths::in_root("Cargo.lock");
    let lock = at(&path, fs::read_to_string(&path))?;
    find_locked(&lock, package).ok_or_else(|| Failure(format!("{}: no package {package}", path.display())))
}

fn find_locked(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?.strip_prefix("version = \"")?;
    version.strip_suffix('"').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::find_locked;

    #[test]
    fn reads_the_lock_file() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"9\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(find_locked(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(find_locked(lock, "yew"), None);
    }
}
