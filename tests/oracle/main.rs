//! Judges the simulator by what is real: the Linux kernel in network namespaces, and the CNI plugins themselves.
//! `cargo xtask oracle` runs it; each subcommand is one file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says what is wrong by failing")]

#[cfg(target_os = "linux")]
mod linux;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    linux::run()
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("the oracle needs Linux");
}
