//! The native command line.

use std::io;
use std::process::ExitCode;

fn main() -> ExitCode {
    let (mut out, mut err) = (io::stdout().lock(), io::stderr().lock());
    podhop::cli::run(std::env::args_os().skip(1), &mut out, &mut err).into()
}
