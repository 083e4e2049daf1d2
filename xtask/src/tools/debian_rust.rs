//! Debian's newest compiler, and the standard library for wasm32 built from its source: for machines where rustup
//! can download nothing.

use super::wasm_rust::{TARGET, WasmRust};
use super::{announce, apt, install_log, take_turn};
use crate::paths;
use crate::run::{Failure, Outcome, ask, at, fail, run};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "gcc"];
const BIN: &str = "/usr/bin";

/// The toolchain, if it is complete already.
pub(crate) fn ready() -> Option<WasmRust> {
    let folder = folder(&version()?);
    folder.join("ready").is_file().then(|| toolchain(&folder)).and_then(Result::ok)
}

/// Installs what is missing of it.
pub(crate) fn install() -> Outcome<WasmRust> {
    if version().is_none() || source().is_none() {
        apt::install(&PACKAGES)?;
    }
    let Some(version) = version() else {
        return fail(format!("no {BIN}/rustc and {BIN}/cargo that are new enough after `apt-get install`"));
    };
    let folder = folder(&version);
    let _turn = take_turn(&paths::tools(), "wasm-std")?;
    if !folder.join("ready").is_file() {
        build_std(&version, &folder)?;
    }
    toolchain(&folder)
}

/// Version of Debian's compiler, if there is one that is new enough.
fn version() -> Option<String> {
    let answer = ask(Command::new(format!("{BIN}/rustc")).arg("--version"))?;
    let version = answer.split_whitespace().nth(1)?.to_owned();
    (minor(&version)? >= minor(env!("CARGO_PKG_RUST_VERSION"))?).then_some(version)
}

/// The second number of a version of Rust, the only one that counts.
fn minor(version: &str) -> Option<u32> {
    version.split('.').nth(1)?.parse().ok()
}

fn folder(version: &str) -> PathBuf {
    paths::tools().join(format!("wasm-std-{version}"))
}

/// Root of Debian's toolchain, if the source of its library is there.
fn source() -> Option<PathBuf> {
    let root = PathBuf::from(ask(Command::new(format!("{BIN}/rustc")).args(["--print", "sysroot"]))?);
    root.join("lib/rustlib/src/rust/library/std/Cargo.toml").is_file().then_some(root)
}

/// Builds the standard library into a sysroot in the cache, so that nothing is written below /usr.
fn build_std(version: &str, folder: &Path) -> Outcome {
    let log = install_log(&format!("wasm-std-{version}"))?;
    announce(&format!("the standard library {version} for {TARGET}"), "about a minute", &log);
    let work = folder.join("build");
    at(&work, fs::create_dir_all(work.join("src")))?;
    let manifest = "[package]\nname = \"empty\"\nedition = \"2024\"\n[workspace]\n";
    at(&work, fs::write(work.join("Cargo.toml"), manifest))?;
    at(&work, fs::write(work.join("src/lib.rs"), "#![no_std]\n"))?;
    let mut cargo = Command::new(format!("{BIN}/cargo"));
    cargo.args(["build", "--release", "-Zbuild-std=std,panic_abort,test", "--target", TARGET]).current_dir(&work);
    // A released compiler takes -Z only so; without its bitcode the library could not take part in LTO.
    cargo.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", "-Cembed-bitcode=yes").env_remove("CARGO_TARGET_DIR");
    cargo.env("RUSTC", format!("{BIN}/rustc")).env_remove("RUSTUP_TOOLCHAIN");
    run(&mut cargo, &log, Duration::from_mins(15))?;
    copy_rlibs(&work.join("target").join(TARGET).join("release/deps"), &sysroot_lib(folder))?;
    at(&work, fs::remove_dir_all(&work))?;
    at(folder, fs::write(folder.join("ready"), version))
}

fn sysroot_lib(folder: &Path) -> PathBuf {
    folder.join("lib/rustlib").join(TARGET).join("lib")
}

fn copy_rlibs(from: &Path, to: &Path) -> Outcome {
    at(to, fs::create_dir_all(to))?;
    for entry in at(from, fs::read_dir(from))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.extension().is_some_and(|end| end == "rlib") && !name.starts_with("libempty-") {
            at(&path, fs::copy(&path, to.join(name)))?;
        }
    }
    Ok(())
}

fn toolchain(folder: &Path) -> Outcome<WasmRust> {
    let bin = folder.join("bin");
    link_programs(&bin)?;
    let sysroot = format!("--sysroot={}", folder.display());
    Ok(WasmRust {
        env: vec![
            ("RUSTC", bin.join("rustc").into()),
            ("RUSTDOC", bin.join("rustdoc").into()),
            ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", sysroot.clone().into()),
            ("RUSTDOCFLAGS", sysroot.into()),
            ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker()?.into()),
        ],
        bin: Some(bin),
        target_dir: paths::in_root("target/web-debian"),
        has_clippy: false,
    })
}

/// Names for the three programs in a folder of their own: /usr/bin itself, put first in `PATH`, would hide more.
fn link_programs(bin: &Path) -> Outcome {
    at(bin, fs::create_dir_all(bin))?;
    for program in ["cargo", "rustc", "rustdoc"] {
        let link = bin.join(program);
        if !link.exists() {
            symlink(&Path::new(BIN).join(program), &link)?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn symlink(original: &Path, link: &Path) -> Outcome {
    at(link, std::os::unix::fs::symlink(original, link))
}

#[cfg(not(unix))]
fn symlink(_: &Path, link: &Path) -> Outcome {
    fail(format!("{}: Debian's compiler needs Debian", link.display()))
}

/// A linker for wasm: the one of the ambient toolchain, or one of Debian's.
fn linker() -> Outcome<PathBuf> {
    let ambient = ask(Command::new("rustc").args(["--print", "target-libdir"]));
    let beside = ambient.map(|lib| PathBuf::from(lib).with_file_name("bin").join("rust-lld"));
    let others = ["rust-lld", "wasm-ld"].into_iter().filter_map(paths::program);
    let all = beside.into_iter().chain(others);
    all.into_iter().find(|path| path.is_file()).ok_or_else(|| Failure("no rust-lld: run `apt-get install lld`".into()))
}
