//! Judges the simulator by what is real: the Linux kernel in network namespaces, and the CNI plugins themselves.
//! `cargo xtask oracle` runs it; each subcommand is one file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says what is wrong by failing")]

#[cfg(target_os = "linux")]
mod args;
#[cfg(target_os = "linux")]
mod captures;
#[cfg(target_os = "linux")]
mod draw;
#[cfg(target_os = "linux")]
mod host_local;
#[cfg(target_os = "linux")]
mod judge;
#[cfg(target_os = "linux")]
mod kept;
#[cfg(target_os = "linux")]
mod kernel;
#[cfg(target_os = "linux")]
mod known;
#[cfg(target_os = "linux")]
mod page;
#[cfg(target_os = "linux")]
mod recorded;
#[cfg(target_os = "linux")]
mod report;
#[cfg(target_os = "linux")]
mod scenarios;
#[cfg(target_os = "linux")]
mod shrink;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    let args = args::Args::read();
    let mut report = report::Report::new();
    match args.command.as_str() {
        "host-local" => {
            assert!(host_local::found(), "no host-local plugin: install containernetworking-plugins");
            host_local::run(args.seed, args.count, &mut report);
        }
        "page" => page::write(),
        "known" => known::check(&mut report),
        "captures" => captures::run(&args, &mut report),
        "record" => recorded::record(&args, &mut report),
        "replay" => {
            recorded::replay(&args, &mut report);
            page::check(&mut report);
        }
        "scenarios" => scenarios::run(&args, &mut report),
        "play" => {
            let look = judge::Look { plugins: args.plugins, tables: args.tables, patient: true };
            scenarios::play(args.file.as_deref().expect("--file"), look, &mut report);
        }
        other => panic!("no command {other}"),
    }
    if let Some(words) = &args.keep {
        report.keep(&format!("cargo xtask oracle {words}"));
    }
    if report.close() { std::process::ExitCode::SUCCESS } else { std::process::ExitCode::FAILURE }
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("the oracle needs Linux");
}
