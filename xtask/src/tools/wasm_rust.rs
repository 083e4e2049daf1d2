//! The compiler for wasm32: the rustup toolchain where its wasm target is there or can be had, or else Debian's.

use super::{debian_rust, path_with, rustup};
use crate::paths;
use crate::run::{Outcome, ask};
use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// A Rust toolchain that compiles for wasm32.
#[derive(Debug)]
pub(crate) struct WasmRust {
    /// Folder to put first in `PATH`, if the toolchain is not the ambient one.
    pub(crate) bin: Option<PathBuf>,
    pub(crate) env: Vec<(&'static str, OsString)>,
    /// A target folder for each compiler, so that they do not undo each other's work.
    pub(crate) target_dir: PathBuf,
    /// Whether its Clippy knows the target.
    pub(crate) has_clippy: bool,
}

impl WasmRust {
    /// Finds the toolchain or installs it. `PODHOP_WASM_RUST=debian` passes the rustup one over.
    pub(crate) fn ensure() -> Outcome<Self> {
        let debian_only = env::var("PODHOP_WASM_RUST").is_ok_and(|choice| choice == "debian");
        if !debian_only && ambient_has_target() {
            return Ok(Self::ambient());
        }
        if let Some(ready) = debian_rust::ready() {
            return Ok(ready);
        }
        if !debian_only && rustup::add(&["target", "add", TARGET])? && ambient_has_target() {
            return Ok(Self::ambient());
        }
        debian_rust::install()
    }

    fn ambient() -> Self {
        Self { bin: None, env: Vec::new(), target_dir: paths::in_root("target/web"), has_clippy: true }
    }

    /// Cargo of this toolchain, in the work tree.
    pub(crate) fn cargo(&self) -> Command {
        let cargo = self.bin.as_ref().map_or_else(|| PathBuf::from("cargo"), |bin| bin.join("cargo"));
        let mut command = Command::new(cargo);
        self.prepare(&mut command, &[]);
        command
    }

    /// Makes a program that runs Cargo run this one; `front` comes first in its `PATH`.
    pub(crate) fn prepare(&self, command: &mut Command, front: &[PathBuf]) {
        let folders: Vec<PathBuf> = self.bin.iter().chain(front).cloned().collect();
        command.current_dir(paths::root()).env("PATH", path_with(&folders)).env_remove("CARGO");
        command.env("CARGO_TARGET_DIR", &self.target_dir).envs(self.env.iter().cloned());
    }
}

/// Whether the ambient toolchain has the standard library for wasm32.
fn ambient_has_target() -> bool {
    let Some(sysroot) = ask(Command::new("rustc").args(["--print", "sysroot"])) else { return false };
    PathBuf::from(sysroot).join("lib/rustlib").join(TARGET).join("lib").is_dir()
}
