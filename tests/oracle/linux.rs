//! The subcommands.

mod args;
mod captures;
mod draw;
mod host_local;
mod judge;
mod kept;
mod kernel;
mod known;
mod page;
mod recorded;
mod report;
mod scenarios;
mod shrink;

use std::process::ExitCode;

/// Does what the command line says.
pub(crate) fn run() -> ExitCode {
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
    if report.close() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
