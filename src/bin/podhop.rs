//! The native command line.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    use std::io::{stderr, stdout};
    podhop::cli::run(std::env::args_os().skip(1), &mut stdout().lock(), &mut stderr().lock()).into()
}

/// Cargo makes every program when it makes tests; a browser has no command line.
#[cfg(target_arch = "wasm32")]
fn main() {}
