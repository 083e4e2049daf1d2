//! The project's tasks. `cargo xtask help` lists them; each is one file in `cmd`.

mod cmd;
mod paths;
mod run;
mod site;
mod tools;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let outcome = if site::split::is_stand_in() { site::split::bind(&words) } else { cmd::dispatch(&words) };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}
