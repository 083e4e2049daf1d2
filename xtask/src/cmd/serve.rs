//! `cargo xtask serve`

use super::{Args, Task};
use crate::run::{Failure, Outcome, Output};
use crate::site::{self, Profile, server::Server};

const PORT: u16 = 8080;

pub(crate) const TASK: Task = Task {
    name: "serve",
    usage: "[--port N] [--release] [--no-build]",
    about: "Builds the app and serves it on this machine, at port 8080 or the next free one.",
    run,
};

fn run(mut args: Args) -> Outcome {
    let profile = if args.flag("--release") { Profile::Release } else { Profile::Dev };
    let build = !args.flag("--no-build");
    let port = match args.value("--port")? {
        Some(word) => word.parse().map_err(|_| Failure(format!("--port {word}: no port number")))?,
        None => PORT,
    };
    args.end()?;
    let dist = if build { site::build(profile, &Output::Terminal)? } else { profile.dist() };
    let server = Server::bind(&dist, port)?;
    println!("podhop: {} (Ctrl+C ends it)", server.url());
    server.run();
    Ok(())
}
